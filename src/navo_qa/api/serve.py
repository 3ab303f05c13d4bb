"""Runs the service, or another application of ours, in a uvicorn server."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from navo_qa.api.app import create_app
from navo_qa.errors import AddressInUse
from navo_qa.settings import Settings

KEEP_ALIVE = 30  # seconds that an idle connection stays open
GRACE = 10  # seconds that requests under way get when the service is stopped


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted; `announce` hears the address once it is taken. Raises AddressInUse, InvalidSetting."""
    run(create_app(settings), settings, announce)


def run(app: ASGIApp, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve an application where the settings say. Raises AddressInUse."""
    logging.basicConfig(level=settings.log.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with _listening(settings.host, settings.port) as listener:
        host, port = listener.getsockname()[:2]
        announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_keep_alive=KEEP_ALIVE, timeout_graceful_shutdown=GRACE
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()  # before anyone hears the address: who calls at once waits, and is not refused
    except OSError as error:
        raise AddressInUse(host, port, error.strerror or str(error)) from error
    return listener
