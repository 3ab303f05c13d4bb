"""The HTTP service: `/v1/…` for programs, `/` for people, `/healthz`, `/readyz` and `/metrics` for operators."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from navo_qa import __version__
from navo_qa.api import about, answers, citations, conditional, contract, documents, linked, pages, problems, uploads
from navo_qa.api.door import Door
from navo_qa.api.models import Health
from navo_qa.api.service import Service
from navo_qa.errors import NavoError
from navo_qa.settings import Settings

WEB = Path(__file__).parents[1] / "web"
GZIP_FROM = 1_000  # bytes

log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application over the index that the settings name; it starts also where there is none yet.

    Raises InvalidSetting for a rate limit that is none.
    """
    service = Service(settings or Settings())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(service.pipeline)
        except NavoError as error:
            log.warning("not ready: %s", error)
        yield
        await run_in_threadpool(app.state.uploads.close)

    app = FastAPI(
        title="navo-qa",
        version=__version__,
        summary="Question answering over official reports, in Dutch and English; every answer is a verbatim span.",
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        docs_url=None,  # Swagger's page loads from elsewhere
        redoc_url=None,
        generate_unique_id_function=contract.operation_id,
        lifespan=lifespan,
    )
    app.state.service = service
    app.state.features = {}  # what is switched on, for /v1/about; whoever adds a door names it here
    app.state.body_limits = {}  # the largest body in bytes by the start of the path, where it is not the usual one
    problems.install(app)
    conditional.install(app)
    contract.install(app)
    _operators(app, service)
    about.install(app, service)
    answers.install(app, service)
    pages.install(app, service)
    documents.install(app, service)
    citations.install(app, service)
    linked.install(app, service)
    uploads.install(app, service)
    _page(app)
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM, compresslevel=6)
    app.add_middleware(Door, body_limits=app.state.body_limits, rate=service.settings.rate_limit)
    return app


def _operators(app: FastAPI, service: Service) -> None:
    @app.get("/healthz", response_model=Health, responses=problems.responses(), tags=["operators"])
    def healthz() -> Health:
        """Say that the service runs."""
        return Health()

    @app.get("/readyz", response_model=Health, responses=problems.responses(503), tags=["operators"])
    def readyz() -> Health:
        """Say that the service can answer; 503 while there is no index."""
        service.pipeline()
        return Health()


class _Files(StaticFiles):
    """Files that a browser asks after each time, so that it never runs an older script in a newer page."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        """Return the file, or that it is the one the browser has."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _page(app: FastAPI) -> None:
    files = _Files(directory=WEB)

    @app.get("/", include_in_schema=False)
    async def page(request: Request) -> Response:
        return await files.get_response("index.html", request.scope)

    app.mount("/static", files, name="static")
