"""Runs the tools for one assistant over stdin and stdout, or for many over HTTP."""

from __future__ import annotations

from collections.abc import Callable

from navo_qa.api.serve import run
from navo_qa.api.service import Service
from navo_qa.mcp_server.tools import server
from navo_qa.settings import Settings

PATH = "/mcp"


def serve_stdio(settings: Settings) -> None:
    """Serve the assistant that started this process, until it closes stdin."""
    server(Service(settings)).run("stdio")


def serve_http(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve assistants over streamable HTTP until interrupted. Raises AddressInUse.

    Nothing is kept between two calls, so that any number of processes may stand behind one address.
    """
    app = server(Service(settings)).streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, host=settings.host
    )
    run(app, settings, lambda url: announce(url.rstrip("/") + PATH))
