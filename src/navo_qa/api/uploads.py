"""Sending documents to the service: off unless it was turned on, worked on in the background."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from navo_qa.api import problems
from navo_qa.api.models import Model
from navo_qa.api.service import Service
from navo_qa.errors import InvalidUpload, UploadForbidden, UploadOff, WriteFailed
from navo_qa.uploads import Upload, UploadedFile, Uploads

PATH = "/v1/documents"


class UploadedFileOut(Model):
    """One file: "indexed" as `document_id`, a "copy" of it, "failed", or still "waiting"; `detail` is one sentence.

    `problem` names the kind of problem where there is one, as an error's `type` does.
    """

    name: str
    bytes: int
    state: Literal["waiting", "indexed", "copy", "failed"]
    document_id: str | None
    title: str | None
    url: str | None = Field(description="The document as a page.")
    replaced: str | None = Field(description="The id under which the version that it replaced is kept.")
    detail: str | None
    problem: str | None

    @classmethod
    def of(cls, file: UploadedFile) -> UploadedFileOut:
        """Return the body."""
        url = None
        if file.document_id is not None:
            url = f"/d/{quote(file.document_id, safe='')}?sha256={file.sha256}"
        return cls(
            name=file.name,
            bytes=file.size,
            state=file.state,
            document_id=file.document_id,
            title=file.title,
            url=url,
            replaced=file.replaced,
            detail=file.detail,
            problem=file.problem,
        )


class UploadOut(Model):
    """How far an upload is: `progress` from 0 to 1; when it is "done" every file has a state of its own."""

    upload_id: str
    url: str
    state: Literal["waiting", "reading", "indexing", "done", "failed"]
    progress: float = Field(ge=0, le=1)
    detail: str | None
    problem: str | None
    created: datetime
    finished: datetime | None
    files: list[UploadedFileOut]

    @classmethod
    def of(cls, upload: Upload) -> UploadOut:
        """Return the body."""
        return cls(
            upload_id=upload.id,
            url=f"/v1/uploads/{upload.id}",
            state=upload.state,
            progress=round(min(upload.progress, 1.0), 3),
            detail=upload.detail,
            problem=upload.problem,
            created=upload.created,
            finished=upload.finished,
            files=[UploadedFileOut.of(file) for file in upload.files],
        )


class UploadsOut(Model):
    """The last uploads, the newest first."""

    uploads: list[UploadOut]


_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "replace": {
                            "type": "boolean",
                            "description": "Whether a newer version replaces the older, which stays citable.",
                        },
                    },
                }
            }
        },
    }
}


def install(app: FastAPI, service: Service) -> None:
    """Add the routes, which say that they are off where they are."""
    settings = service.settings
    uploads = Uploads(settings.index, settings.upload_files, service.building_encoder)
    app.state.uploads = uploads
    app.state.features["upload"] = settings.upload
    if settings.upload:
        app.state.body_limits[PATH] = settings.upload_bytes

    @app.post(
        PATH,
        status_code=HTTPStatus.ACCEPTED,
        response_model=UploadOut,
        responses=problems.responses(403, 408, 413, 415, 422, 429, 507),
        openapi_extra=_FORM,
        tags=["documents"],
    )
    async def upload(request: Request, response: Response) -> UploadOut:
        """Send documents; they are read and indexed in the background, and asked after at `url`."""
        if not settings.upload:
            raise UploadOff()
        if not _same_origin(request):
            raise UploadForbidden()
        sent, replace = await _form(request, settings.upload_files)
        taken = uploads.accept(sent, replace)
        response.headers["Location"] = f"/v1/uploads/{taken.id}"
        return UploadOut.of(taken)

    @app.get("/v1/uploads", response_model=UploadsOut, responses=problems.responses(), tags=["documents"])
    def recent_uploads() -> UploadsOut:
        """List the last uploads."""
        return UploadsOut(uploads=[UploadOut.of(one) for one in uploads.recent()])

    @app.get(
        "/v1/uploads/{upload_id}", response_model=UploadOut, responses=problems.responses(404, 422), tags=["documents"]
    )
    def upload_state(upload_id: str) -> UploadOut:
        """Say how far an upload is."""
        return UploadOut.of(uploads.get(upload_id))


def _same_origin(request: Request) -> bool:
    """Whether the request comes from a page of ours, or from no page: another site may not write into the corpus."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request, most: int) -> tuple[list[tuple[str, bytes]], bool]:
    """Return the files sent, and whether they replace. Raises InvalidUpload, WriteFailed, HTTPException."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise InvalidUpload("it is not multipart/form-data; send the documents as `files`")
    try:
        async with request.form(max_files=most + 1, max_fields=10) as form:
            given = [value for name, value in form.multi_items() if name == "files" and isinstance(value, UploadFile)]
            sent = [(value.filename or "document", await value.read()) for value in given]
            return sent, str(form.get("replace", "")).lower() in ("true", "1", "on", "yes")
    except HTTPException as error:
        if error.status_code != HTTPStatus.BAD_REQUEST:
            raise
        raise InvalidUpload(f"its form cannot be read ({error.detail})") from error
    except OSError as error:
        raise WriteFailed("the folder of temporary files", error.strerror or str(error)) from error
