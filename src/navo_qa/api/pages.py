"""Pages of PDF documents over HTTP: as pictures, with the rectangles in which a stretch of the text stands."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, FastAPI, Query, Response
from fastapi import Path as PathParam
from pydantic import Field

from navo_qa.api import problems
from navo_qa.api.conditional import NOT_MODIFIED, unless_kept
from navo_qa.api.models import Model
from navo_qa.api.service import Service
from navo_qa.errors import NoPageImage
from navo_qa.index.originals import has_original, original
from navo_qa.ingest.pdf import boxes
from navo_qa.ingest.picture import Sight, look, picture
from navo_qa.types import Document

LARGEST = 1_000_000_000

Number = Annotated[int, PathParam(ge=1, le=LARGEST, description="The page, from 1.")]
Start = Annotated[int | None, Query(ge=0, le=LARGEST, description="Offset in the document's text.")]
End = Annotated[int | None, Query(ge=0, le=LARGEST, description="Offset in the document's text, exclusive.")]
Width = Annotated[int, Query(ge=100, le=2_400, description="Pixels across.")]
PNG: problems.Responses = {
    200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}, "description": "The page."}
}
PDF: problems.Responses = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "It."}
}


class BoxOut(Model):
    """A rectangle as fractions of the picture, from its top left corner."""

    left: float = Field(ge=0, le=1)
    top: float = Field(ge=0, le=1)
    right: float = Field(ge=0, le=1)
    bottom: float = Field(ge=0, le=1)


class PageOut(Model):
    """A page, its size in points, and a rectangle for each line of the stretch that was asked for."""

    document_id: str
    page: int
    pages: int
    width: float
    height: float
    image: str = Field(description="The picture, as a path of this service.")
    boxes: list[BoxOut]


def install(app: FastAPI, service: Service) -> None:
    """Add the routes, before that of a document, whose id may hold slashes."""
    app.state.features["page_images"] = True
    unkept = Depends(unless_kept(service))
    errors = problems.responses(404, 422, 503) | NOT_MODIFIED
    path = "/v1/documents/{document_id:path}"

    def found(document_id: str) -> tuple[Document, bytes]:
        document = service.pipeline().document(document_id)
        content = original(service.settings.index, document)
        if content is None:
            raise NoPageImage(document_id, "its original is no PDF" if not has_original(document) else "it is not kept")
        return document, content

    @app.get(
        path + "/pages/{number}.png",
        response_class=Response,
        responses=errors | PNG,
        operation_id="page_image",
        tags=["documents"],
    )
    def page_image(
        document_id: str,
        number: Number,
        start: Start = None,
        end: End = None,
        width: Width = 1000,
        headers: dict[str, str] = unkept,
    ) -> Response:
        """Return a page of a PDF as a picture, with a stretch of the document's text marked where one is given."""
        document, content = found(document_id)
        sight = _sight(document, content, number, start, end)
        shown = picture(content, number, width, sight.places)
        return Response(shown, media_type="image/png", headers=headers)

    @app.get(
        path + "/pages/{number}",
        response_model=PageOut,
        responses=errors,
        operation_id="page",
        dependencies=[unkept],
        tags=["documents"],
    )
    def page(document_id: str, number: Number, start: Start = None, end: End = None) -> PageOut:
        """Return a page's size and the rectangles of a stretch of the document's text on it."""
        document, content = found(document_id)
        sight = _sight(document, content, number, start, end)
        return PageOut(
            document_id=document.id,
            page=number,
            pages=sight.pages,
            width=sight.width,
            height=sight.height,
            image=f"/v1/documents/{quote(document.id, safe='')}/pages/{number}.png",
            boxes=[BoxOut.model_validate(place, from_attributes=True) for place in sight.places],
        )

    @app.get(path + "/original", response_class=Response, responses=errors | PDF, tags=["documents"])
    def original_file(document_id: str, headers: dict[str, str] = unkept) -> Response:
        """Return the PDF that the document was read from; `#page=2` opens it at a page."""
        document, content = found(document_id)
        name = f"inline; filename*=UTF-8''{quote(document.file, safe='')}"
        return Response(content, media_type="application/pdf", headers={**headers, "Content-Disposition": name})


def _sight(document: Document, content: bytes, number: int, start: int | None, end: int | None) -> Sight:
    """Return the page with the places of a stretch. Raises NoPageImage where there is no such page."""
    marked = start is not None and end is not None and 0 <= start < end <= len(document.text)
    stood = boxes(content, document.alignment, start or 0, end or 0) if marked else ()
    sight = look(content, number, stood)
    if sight is None:
        raise NoPageImage(document.id, f"it has no page {number}")
    return sight
