"""The HTTP service: `/v1/…` for programs, `/` for people, `/healthz`, `/readyz` and `/metrics` for operators."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.concurrency import run_in_threadpool

from navo_qa import __version__
from navo_qa.api import about, citations, problems
from navo_qa.api.about import MAX_BODY
from navo_qa.api.models import (
    DocumentOut,
    DocumentsOut,
    DocumentTextOut,
    Health,
    PassageOut,
    Problem,
    QueryBody,
    QueryOut,
)
from navo_qa.api.service import Service
from navo_qa.errors import NavoError
from navo_qa.settings import Settings

WEB = Path(__file__).parents[1] / "web"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {problems.MEDIA_TYPE: {}}, "description": HTTPStatus(status).phrase}
    for status in (404, 413, 422, 503)
}

log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application over the index that the settings name; it starts also where there is none yet."""
    service = Service(settings or Settings())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(service.pipeline)
        except NavoError as error:
            log.warning("not ready: %s", error)
        yield

    app = FastAPI(
        title="navo-qa",
        version=__version__,
        summary="Question answering over official reports, in Dutch and English; every answer is a verbatim span.",
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        docs_url=None,  # Swagger's page loads from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    problems.install(app)
    _guard(app)
    _operators(app, service)
    about.install(app, service)
    _answers(app, service)
    _documents(app, service)
    citations.install(app, service, PROBLEMS)
    _page(app)
    return app


def _answers(app: FastAPI, service: Service) -> None:
    registry = CollectorRegistry()
    asked = Counter("navo_qa_questions", "Questions asked.", ["language", "answered"], registry=registry)
    seconds = Histogram("navo_qa_question_seconds", "Time from question to answer.", registry=registry)

    @app.post("/v1/query", response_model=QueryOut, responses=PROBLEMS, tags=["answers"])
    def query(body: QueryBody) -> QueryOut:
        """Answer a question: ranked passages with their sources, and a verbatim answer or null."""
        pipeline = service.pipeline()
        with seconds.time():
            answer = pipeline.ask(body.query())
        asked.labels(answer.language, str(answer.text is not None).lower()).inc()
        return QueryOut.of(answer, pipeline)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _documents(app: FastAPI, service: Service) -> None:
    @app.get("/v1/documents", response_model=DocumentsOut, responses=PROBLEMS, tags=["documents"])
    def documents(
        after: Annotated[str | None, Query(description="The `next` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> DocumentsOut:
        """List the documents, in the corpus's order."""
        found = service.pipeline().snapshot.collection.listings(after, limit + 1)
        page = [DocumentOut.of(listing) for listing in found[:limit]]
        return DocumentsOut(documents=page, next=page[-1].document_id if len(found) > limit else None)

    @app.get("/v1/documents/{document_id:path}", response_model=DocumentTextOut, responses=PROBLEMS, tags=["documents"])
    def document(document_id: str) -> DocumentTextOut:
        """Return a document's metadata and the whole text that every offset counts in."""
        return DocumentTextOut.whole(service.pipeline().document(document_id))

    @app.get("/v1/passages/{passage_id:path}", response_model=PassageOut, responses=PROBLEMS, tags=["documents"])
    def passage(passage_id: str) -> PassageOut:
        """Return a passage with its citation."""
        pipeline = service.pipeline()
        found = pipeline.passage(passage_id)
        return PassageOut.of(found, pipeline.document(found.document_id))


def _operators(app: FastAPI, service: Service) -> None:
    @app.get("/healthz", response_model=Health, tags=["operators"])
    def healthz() -> Health:
        """Say that the service runs."""
        return Health()

    @app.get("/readyz", response_model=Health, responses={503: PROBLEMS[503]}, tags=["operators"])
    def readyz() -> Health:
        """Say that the service can answer; 503 while there is no index."""
        service.pipeline()
        return Health()


def _page(app: FastAPI) -> None:
    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(WEB / "index.html", headers={"Cache-Control": "no-cache"})

    app.mount("/static", StaticFiles(directory=WEB), name="static")


def _guard(app: FastAPI) -> None:
    """Refuse bodies that no question needs, and send the headers that keep a page from loading anything else."""

    @app.middleware("http")
    async def guard(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        length = request.headers.get("content-length", "0")
        if (length.isdigit() and int(length) > MAX_BODY) or "chunked" in request.headers.get("transfer-encoding", ""):
            detail = f"the body must state its length, at most {MAX_BODY:,} bytes"
            response: Response = problems.problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        else:
            response = await call(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
