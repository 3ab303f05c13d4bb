"""Errors as application/problem+json (RFC 9457): the one table from what went wrong to an HTTP status."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from navo_qa import errors

# The first class that fits an error decides.
STATUS: tuple[tuple[type[errors.NavoError], HTTPStatus], ...] = (
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.QuestionTooLong, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.QueryError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.BuildInProgress, HTTPStatus.CONFLICT),
    (errors.WriteFailed, HTTPStatus.INSUFFICIENT_STORAGE),
    (errors.IndexProblem, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.EncoderError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.UploadOff, HTTPStatus.FORBIDDEN),
    (errors.UploadForbidden, HTTPStatus.FORBIDDEN),
    (errors.UnknownUploadType, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (errors.UploadsWaiting, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.UploadProblem, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.NavoError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
# Where pydantic's own words would not help whoever wrote the request.
WORDING = {
    "extra_forbidden": "this field is unknown; /openapi.json lists the known ones",
    "json_invalid": "this is no JSON",
    "missing": "this is required",
}
Responses: TypeAlias = dict[int | str, dict[str, Any]]
"""What OpenAPI says of a route's responses, by status."""

MEDIA_TYPE = "application/problem+json"
BODY_TOO_LARGE = f"{errors.URN}body-too-large"
# What each status means here, as OpenAPI shows it: an example of `type` and `detail`.
_EXAMPLES: dict[int, tuple[str, str]] = {
    400: ("about:blank", "POST /v1/query: There was an error parsing the body"),
    403: ("urn:navo-qa:upload-off", "this service takes no documents in; turn that on with NAVO_QA_UPLOAD=1"),
    404: (
        "urn:navo-qa:not-found",
        'no document "x" in this index; check the id, or list what there is (GET /v1/documents)',
    ),
    408: ("about:blank", "POST /v1/query: the body did not arrive within 30 seconds"),
    409: ("urn:navo-qa:build-in-progress", "the index is being built by process 7; wait for it"),
    413: ("urn:navo-qa:question-too-long", "the question has 2,001 characters, the limit is 2,000; shorten it"),
    415: ("urn:navo-qa:unknown-upload-type", "x.exe: no reader reads what it holds; known are .docx, .pdf"),
    422: ("urn:navo-qa:invalid-request", "filters.kinds.0: Input should be 'report', 'agenda', 'letter' or 'other'"),
    429: ("urn:navo-qa:too-many", "too many requests from this address; wait 3 seconds"),
    500: ("about:blank", "the service failed; its log tells more under request 1f0c"),
    503: ("urn:navo-qa:index-not-found", "no index in DIR; make one with: navo-qa build CORPUS --index DIR"),
    507: ("urn:navo-qa:write-failed", "DIR cannot be written (No space left on device); free space"),
}
_ALWAYS = (429, 500)
_SCHEMA = {"$ref": "#/components/schemas/Problem"}


class Fault(BaseModel):
    """One field of a request that is not right."""

    where: str
    what: str


class Problem(BaseModel):
    """An error (RFC 9457): `detail` is one clear sentence, `type` names the kind of problem."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = Field(None, description="As in the header X-Request-ID and in the service's log.")
    errors: list[Fault] | None = Field(None, description="Every field that is not right, where it is the request's.")


def responses(*statuses: int) -> Responses:
    """Return what OpenAPI is to say of the errors of a route, besides those of every route."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": _SCHEMA, "example": _example(status)}},
        }
        for status in sorted({*statuses, *_ALWAYS})
    }


def status_of(error: errors.NavoError) -> HTTPStatus:
    """Return the HTTP status of an error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def problem(status: int, detail: str, *, kind: str = "about:blank", **extra: Any) -> JSONResponse:  # noqa: ANN401
    """Return a problem document; `detail` is the clear sentence, `type` names the kind of problem."""
    body = {"type": kind, "title": HTTPStatus(status).phrase, "status": int(status), "detail": _line(detail), **extra}
    made = JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)
    return made


def install(app: FastAPI) -> None:
    """Let the application answer every error with a problem document."""

    @app.exception_handler(errors.NavoError)
    async def known(request: Request, error: errors.NavoError) -> JSONResponse:
        detail = f"{error} ({_listed(request)})" if type(error) is errors.NotFound else str(error)
        return problem(status_of(error), detail, kind=error.urn(), request_id=_request_id(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        found = [{"where": _where(e["loc"]), "what": WORDING.get(e["type"], e["msg"])} for e in error.errors()]
        detail = "; ".join(f"{e['where']}: {e['what']}" for e in found[:5])
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            detail,
            kind="urn:navo-qa:invalid-request",
            request_id=_request_id(request),
            errors=found,
        )

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        detail = f"{request.method} {request.url.path[:200]}: {error.detail}"
        kind = BODY_TOO_LARGE if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else "about:blank"
        response = problem(error.status_code, detail, kind=kind, request_id=_request_id(request))
        response.headers.update(error.headers or {})
        return response


def _request_id(request: Request) -> str | None:
    return getattr(request.state, "request_id", None)


def _listed(request: Request) -> str:
    """Return the request that lists what there is of the kind that was not found."""
    return "GET /v1/uploads" if request.url.path.startswith("/v1/uploads") else "GET /v1/documents"


def _line(text: str) -> str:
    """Return the text as one line of characters that a terminal and a log can show."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _example(status: int) -> dict[str, Any]:
    kind, detail = _EXAMPLES[status]
    title = HTTPStatus(status).phrase
    return {"type": kind, "title": title, "status": status, "detail": detail, "request_id": "1f0c"}


def _where(location: tuple[int | str, ...]) -> str:
    inside = location[1:] if isinstance(location[-1], str) or len(location) > 2 else ()
    return ".".join(str(part) for part in inside) or str(location[0])
