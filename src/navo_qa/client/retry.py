"""When to ask again, and after how long."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from navo_qa.errors import RemoteProblem, Unreachable

AGAIN = (429, 503)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a call is repeated where the service was not reached, was too busy, or was not ready.

    Then nothing was taken in, so that no upload happens twice. The wait before try n is `first * 2^(n-1)` seconds,
    half of it by chance, or what the service asks for; nobody is waited for longer than `longest`.
    """

    times: int = 3
    first: float = 0.25
    longest: float = 10.0

    def wait(self, done: int, response: httpx.Response | None) -> float | None:
        """Return the seconds to wait after `done` tries, None where the call is not to be repeated.

        response: the last one; None where the service was not reached.
        """
        if done > self.times or (response is not None and response.status_code not in AGAIN):
            return None
        asked = _asked(response.headers.get("retry-after", "")) if response is not None else None
        if asked is not None:
            return asked if asked <= self.longest else None
        whole: float = min(self.first * 2 ** (done - 1), self.longest)
        return whole * (0.5 + random.random() / 2)  # noqa: S311 - no secret, only not all at once


def raise_for(response: httpx.Response) -> httpx.Response:
    """Return the response where it is a good one. Raises RemoteProblem."""
    if response.is_success:
        return response
    try:
        said = response.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    moved = f", and points to {response.headers['location']}" if "location" in response.headers else ""
    detail = str(said.get("detail") or f"{response.request.url} answered {response.status_code}{moved}")
    kind = str(said.get("type") or "about:blank")
    raise RemoteProblem(response.status_code, detail, kind, response.headers.get("x-request-id"), said.get("errors"))


def unreachable(url: str, error: httpx.RequestError | httpx.InvalidURL) -> Unreachable:
    """Return the error for a service that does not answer."""
    return Unreachable(url, str(error) or type(error).__name__)


def _asked(retry_after: str) -> float | None:
    """Return the seconds that the header asks for: a number of them, or a day and time."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
