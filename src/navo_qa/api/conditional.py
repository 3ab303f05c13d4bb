"""Conditional requests: has what a client keeps changed since? `ETag` out, `If-None-Match` in, 304 where it has not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Header, Request, Response

from navo_qa import __version__
from navo_qa.api.problems import Responses
from navo_qa.api.service import Service

NOT_MODIFIED: Responses = {304: {"description": "Nothing has changed since the ETag that was sent.", "model": None}}
IfNoneMatch = Annotated[
    str | None, Header(description="An ETag, or several: where one is still right, 304 and no body.", max_length=4_000)
]


class Unchanged(Exception):  # noqa: N818 - no error, but the way out of a route
    """What the client keeps is still right."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


def install(app: FastAPI) -> None:
    """Let the application answer 304."""

    @app.exception_handler(Unchanged)
    async def unchanged(request: Request, found: Unchanged) -> Response:
        return Response(status_code=304, headers=found.headers)


def unless_kept(service: Service) -> Callable[..., dict[str, str]]:
    """Return a dependency for what a snapshot decides: it sets the ETag and leaves the route where a client keeps it.

    A response has another tag for every snapshot, version, path and query. It returns the headers that it set.
    """

    def check(request: Request, response: Response, if_none_match: IfNoneMatch = None) -> dict[str, str]:
        tag = etag(service.pipeline().snapshot.name, request.url.path, request.url.query)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        response.headers.update(headers)
        if if_none_match and tag in (kept.strip() for kept in if_none_match.split(",")):
            raise Unchanged(headers)
        return headers

    return check


def etag(*parts: str) -> str:
    """Return a weak tag: the same response may be sent gzipped or plain."""
    digest = hashlib.sha256("\0".join((__version__, *parts)).encode("utf-8", "replace")).hexdigest()
    return f'W/"{digest[:32]}"'
