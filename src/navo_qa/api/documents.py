"""Documents and passages over HTTP: the texts that every offset counts in."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Query, Request, Response

from navo_qa.api import problems
from navo_qa.api.conditional import NOT_MODIFIED, unless_kept
from navo_qa.api.models import DocumentOut, DocumentsOut, DocumentTextOut, PassageOut
from navo_qa.api.service import Service
from navo_qa.index.originals import is_kept

NEXT: problems.Responses = {
    200: {"headers": {"Link": {"description": 'The next page, rel="next".', "schema": {"type": "string"}}}}
}


def install(app: FastAPI, service: Service) -> None:
    """Add the routes; those of pages come before, a document's id may hold slashes."""
    kept = Depends(unless_kept(service))
    one = problems.responses(404, 422, 503) | NOT_MODIFIED

    @app.get(
        "/v1/documents", response_model=DocumentsOut, responses=one | NEXT, dependencies=[kept], tags=["documents"]
    )
    def documents(
        request: Request,
        response: Response,
        after: Annotated[str | None, Query(description="The `next` of the page before.", max_length=1_000)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> DocumentsOut:
        """List the documents, in the corpus's order."""
        collection = service.pipeline().snapshot.collection
        found = collection.listings(after, limit + 1)
        page = [DocumentOut.of(listing) for listing in found[:limit]]
        following = page[-1].document_id if len(found) > limit else None
        if following is not None:
            query = urlencode({"after": following, "limit": limit})
            response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
        return DocumentsOut(documents=page, next=following)

    @app.get(
        "/v1/documents/{document_id:path}",
        response_model=DocumentTextOut,
        responses=one,
        dependencies=[kept],
        tags=["documents"],
    )
    def document(document_id: str) -> DocumentTextOut:
        """Return a document's metadata and the whole text that every offset counts in."""
        pipeline = service.pipeline()
        found = pipeline.document(document_id)
        collection = pipeline.snapshot.collection
        return DocumentTextOut.whole(found, collection, page_images=is_kept(service.settings.index, found))

    @app.get(
        "/v1/passages/{passage_id:path}",
        response_model=PassageOut,
        responses=one,
        dependencies=[kept],
        tags=["documents"],
    )
    def passage(passage_id: str) -> PassageOut:
        """Return a passage with its citation."""
        pipeline = service.pipeline()
        found = pipeline.passage(passage_id)
        return PassageOut.of(found, pipeline.document(found.document_id))
