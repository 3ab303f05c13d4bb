"""The door that every request passes: its id, its size, its pace, and one line in the log when it leaves."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
import uuid
from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from navo_qa.api.problems import BODY_TOO_LARGE, problem
from navo_qa.errors import InvalidSetting

REQUEST_ID = "X-Request-ID"
MAX_BODY = 1_000_000  # bytes
BODY_SECONDS = 30.0  # for a body to arrive
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

log = logging.getLogger(__name__)


class Door:
    """ASGI middleware: request ids, limits, HEAD as GET without a body, security headers, the log.

    body_limits: the largest body by the start of the path, where it is not MAX_BODY.
    rate: such as "60/minute", for each address and for /v1/ only; None for no limit.
    """

    def __init__(self, app: ASGIApp, body_limits: Mapping[str, int], rate: str | None = None) -> None:
        self._app = app
        self._body_limits = body_limits
        self._pace = Pace(rate) if rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        leaving = _Leaving(scope, send, state["request_id"])
        inside = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            if refusal := self._refusal(scope):
                await refusal(inside, receive, leaving.send)
            else:
                limit = self._limit(scope["path"])
                await self._app(inside, _counted(receive, limit), leaving.send)
        except Exception:
            log.exception("%s failed, request %s", leaving.what, leaving.request_id)
            if leaving.status:
                raise
            said = f"the service failed; its log tells more under request {leaving.request_id}"
            failed = problem(HTTPStatus.INTERNAL_SERVER_ERROR, said, request_id=leaving.request_id)
            await failed(inside, receive, leaving.send)
        finally:
            leaving.log()

    def _limit(self, path: str) -> int:
        return next((size for start, size in self._body_limits.items() if path.startswith(start)), MAX_BODY)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """Return the response to a request that is too large or comes too soon."""
        request_id = scope["state"]["request_id"]
        length, limit = Headers(scope=scope).get("content-length", "0"), self._limit(scope["path"])
        if length.isdecimal() and int(length) > limit:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return problem(status, _too_large(limit), kind=BODY_TOO_LARGE, request_id=request_id)
        wait = self._pace.wait(scope) if self._pace and scope["path"].startswith("/v1/") else 0
        if not wait:
            return None
        detail = f"too many requests from this address; wait {wait} second{'s' if wait > 1 else ''}"
        refused = problem(HTTPStatus.TOO_MANY_REQUESTS, detail, kind="urn:navo-qa:too-many", request_id=request_id)
        refused.headers["Retry-After"] = str(wait)
        return refused


class Pace:
    """How often an address may ask, over a moving window. Raises InvalidSetting for a rate that is none."""

    def __init__(self, rate: str) -> None:
        try:
            self._rate: RateLimitItem = parse(rate)
        except ValueError as error:
            raise InvalidSetting("NAVO_QA_RATE_LIMIT", f'"{rate}" is no rate such as "60/minute"') from error
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, scope: Scope) -> int:
        """Return the seconds until the address may ask, 0 where it may ask now, which then counts."""
        address = scope["client"][0] if scope.get("client") else ""
        if self._limiter.hit(self._rate, address):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._rate, address).reset_time - time.time()))


class _Leaving:
    """A response on its way out."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        # The raw path is still percent-encoded: no line break of a caller's gets into the log.
        path = (scope.get("raw_path") or scope["path"].encode("ascii", "backslashreplace")).decode("latin-1")
        self.what = f"{scope['method']} {path.split('?')[0]}"
        self.request_id = request_id
        self.status = 0
        self._send = send
        self._empty = scope["method"] == "HEAD"
        self._started = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Send what the application says, with the headers of every response; the answer to HEAD has no body."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self.request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        elif self._empty:
            message = {**message, "body": b""}
        await self._send(message)

    def log(self) -> None:
        """Write the line that tells what was asked and how it went."""
        ms = (time.perf_counter() - self._started) * 1000
        log.info("%s %s %.1f ms, request %s", self.what, self.status or "-", ms, self.request_id)


def _counted(receive: Receive, limit: int) -> Receive:
    """Return a `receive` under which a body over the limit, or one that does not come, is an HTTPException."""
    size, whole = 0, False
    seconds = BODY_SECONDS * max(1.0, limit / (5 * MAX_BODY))  # an upload's body may take longer than a question's
    last = time.monotonic() + seconds

    async def counted() -> Message:
        nonlocal size, whole
        if whole:  # from here on it only waits for the client to go away
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(last - time.monotonic(), 0.0))
        except TimeoutError as error:
            raise HTTPException(408, f"the body did not arrive within {seconds:.0f} seconds") from error
        size += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if size > limit:
            raise HTTPException(413, _too_large(limit))
        return message

    return counted


def _too_large(limit: int) -> str:
    return f"the body may have at most {limit:,} bytes; send less"
