"""What `/openapi.json` says beyond the routes themselves: tags, the shape of every error, the request's id."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from navo_qa.api.door import REQUEST_ID
from navo_qa.api.problems import Problem

TAGS = [
    {
        "name": "answers",
        "description": "Questions, and the passages and verbatim answers that the corpus has for them.",
    },
    {"name": "documents", "description": "The texts that every offset counts in, their passages, their pages."},
    {"name": "citations", "description": "Sources in official styles, memos checked and exported."},
    {"name": "about", "description": "What the service holds and can do."},
    {"name": "operators", "description": "Whether it runs and can answer."},
]
DESCRIPTION = """
Every answer is a slice of a document: `document.text[start:end] == quote`, with the SHA-256 of the text beside it. No
answer is `null` and no error. Offsets count Unicode code points, as Python's `str` does: in JavaScript take
`Array.from(text).slice(start, end).join("")`.

Errors are `application/problem+json` (RFC 9457). Every response has an `X-Request-ID`, yours where you send one.
"""
_REQUEST_ID = {
    "description": "The request's id, yours where you sent one; the service's log has it.",
    "schema": {"type": "string"},
}


def operation_id(route: APIRoute) -> str:
    """Return the name under which generated clients know the route: its function's."""
    return route.name


def install(app: FastAPI) -> None:
    """Let the application describe itself."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=DESCRIPTION.strip(),
        license_info=app.license_info,
        routes=app.routes,
        tags=TAGS,
    )
    known = schema.setdefault("components", {}).setdefault("schemas", {})
    own = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    known |= own.pop("$defs", {}) | {"Problem": own}
    for name in ("HTTPValidationError", "ValidationError"):
        known.pop(name, None)
    for operations in schema["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                response.setdefault("headers", {})[REQUEST_ID] = _REQUEST_ID
    return schema
