"""Questions over HTTP: an answer with its passages, the passages alone, and the same question over time."""

from __future__ import annotations

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from navo_qa.api import problems
from navo_qa.api.models import QueryBody, QueryOut, SearchOut
from navo_qa.api.service import Service
from navo_qa.api.timeline import TimelineBody, TimelineOut, timeline

ERRORS = problems.responses(400, 408, 413, 422, 503)


def install(app: FastAPI, service: Service) -> None:
    """Add the routes, and `/metrics`, which counts what they are asked."""
    registry = CollectorRegistry()
    asked = Counter("navo_qa_questions", "Questions asked.", ["language", "answered"], registry=registry)
    seconds = Histogram("navo_qa_question_seconds", "Time from question to answer.", registry=registry)

    @app.post("/v1/query", response_model=QueryOut, responses=ERRORS, tags=["answers"])
    def query(body: QueryBody) -> QueryOut:
        """Answer a question: ranked passages with their sources, and a verbatim answer or null."""
        pipeline = service.pipeline()
        with seconds.time():
            answer = pipeline.ask(body.query())
        asked.labels(answer.language, str(answer.text is not None).lower()).inc()
        return QueryOut.of(answer, pipeline)

    @app.post("/v1/search", response_model=SearchOut, responses=ERRORS, tags=["answers"])
    def search(body: QueryBody) -> SearchOut:
        """Find the passages for a question or for keywords, without reading them for an answer."""
        pipeline = service.pipeline()
        return SearchOut.of(body.question, pipeline.search(body.query()), pipeline)

    @app.post("/v1/timeline", response_model=TimelineOut, responses=ERRORS, tags=["answers"])
    def over_time(body: TimelineBody) -> TimelineOut:
        """Ask the same question of every year, or of every document, in the order of their dates."""
        return timeline(service.pipeline(), body)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
