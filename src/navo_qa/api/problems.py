"""Errors as application/problem+json (RFC 9457): the one table from what went wrong to an HTTP status."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from navo_qa import errors

# The first class that fits an error decides.
STATUS: tuple[tuple[type[errors.NavoError], HTTPStatus], ...] = (
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.QuestionTooLong, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.QueryError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.BuildInProgress, HTTPStatus.CONFLICT),
    (errors.IndexProblem, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.EncoderError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.NavoError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
# Where pydantic's own words would not help whoever wrote the request.
WORDING = {
    "extra_forbidden": "this field is unknown; /openapi.json lists the known ones",
    "json_invalid": "this is no JSON",
    "missing": "this is required",
}
MEDIA_TYPE = "application/problem+json"


def status_of(error: errors.NavoError) -> HTTPStatus:
    """Return the HTTP status of an error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def problem(status: int, detail: str, *, kind: str = "about:blank", **extra: Any) -> JSONResponse:  # noqa: ANN401
    """Return a problem document; `detail` is the clear sentence, `type` names the kind of problem."""
    body = {"type": kind, "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail, **extra}
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let the application answer every error with a problem document."""

    @app.exception_handler(errors.NavoError)
    async def known(request: Request, error: errors.NavoError) -> JSONResponse:
        return problem(status_of(error), str(error), kind=f"urn:navo-qa:{_slug(type(error).__name__)}")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        found = [{"where": _where(e["loc"]), "what": WORDING.get(e["type"], e["msg"])} for e in error.errors()]
        detail = "; ".join(f"{e['where']}: {e['what']}" for e in found[:5])
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="urn:navo-qa:invalid-request", errors=jsonable_encoder(found)
        )

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        response = problem(error.status_code, f"{request.method} {request.url.path}: {error.detail}")
        response.headers.update(error.headers or {})
        return response


def _where(location: tuple[int | str, ...]) -> str:
    inside = location[1:] if isinstance(location[-1], str) or len(location) > 2 else ()
    return ".".join(str(part) for part in inside) or str(location[0])


def _slug(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() and i else letter.lower() for i, letter in enumerate(name))
