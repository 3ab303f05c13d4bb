"""What every request passes: ids, limits, HEAD, compression, conditional requests, failures."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from navo_qa.api import door
from navo_qa.api.app import create_app
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.errors import InvalidSetting
from navo_qa.settings import Settings

DOCUMENT = "/v1/documents/verslag-ifmm-antalya-2025"


@pytest.fixture(scope="module")
def client(hashed_index: Path) -> Iterator[TestClient]:
    """A client of the application over the shipped corpus."""
    with TestClient(create_app(Settings(index=hashed_index)), raise_server_exceptions=False) as made:
        yield made


def test_a_request_has_an_id(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """The caller's own where it is one, in the response, in problems and in the log."""
    with caplog.at_level(logging.INFO, "navo_qa.api.door"):
        response = client.get("/v1/documents/geen%0Aecht", headers={"X-Request-ID": "memo-7.b"})
    assert response.headers["x-request-id"] == response.json()["request_id"] == "memo-7.b"
    assert response.json()["detail"].isprintable()
    (line,) = [record.getMessage() for record in caplog.records if record.name == "navo_qa.api.door"]
    assert line.startswith("GET /v1/documents/geen%0Aecht 404 ") and line.endswith("request memo-7.b")
    for bad in ("", "a b", "x" * 129, "é", "a\tb"):
        made = client.get("/healthz", headers={"X-Request-ID": bad.encode()})
        assert len(made.headers["x-request-id"]) == 32
    assert client.post("/v1/query", json={}).json()["request_id"]


def test_a_failure_is_a_problem(hashed_index: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A bug is 500 with a sentence that names the request, no detail of the bug, and the trace in the log."""
    app = create_app(Settings(index=hashed_index))

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret")

    with TestClient(app) as client, caplog.at_level(logging.ERROR):
        response = client.get("/broken", headers={"X-Request-ID": "r1"})
    assert response.status_code == 500 and response.headers["content-type"] == "application/problem+json"
    assert response.json()["request_id"] == "r1" and "r1" in response.json()["detail"]
    assert "secret" not in response.text and "secret" in caplog.text
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/v1/about", "/v1/documents", DOCUMENT, "/static/page.js", "/openapi.json"]
)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    """The same status and headers."""
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == 200 and head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert client.head("/v1/query").status_code == 405


@pytest.mark.parametrize("path", ["/", "/v1/documents?limit=2", DOCUMENT, "/static/page.js"])
def test_what_a_client_keeps_is_not_sent_again(client: TestClient, path: str) -> None:
    """304 for the tag, alone or among others; 200 for another, and for what is not there."""
    first = client.get(path)
    tag = first.headers["etag"]
    for kept in (tag, f'"other", {tag}'):
        again = client.get(path, headers={"If-None-Match": kept})
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/v1/documents/none", headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/static/page.js", "/static/words/nl.js", "/static/page.css", "/static/icon.svg"]
)
def test_the_page_and_its_files_are_asked_for_again(client: TestClient, path: str) -> None:
    """No browser runs an older script in a newer page; what has not changed is not sent."""
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"


def test_tags_differ_by_what_they_name(client: TestClient, tmp_path: Path) -> None:
    """By path and query, and by build: a changed text is sent."""
    paths = ("/v1/documents?limit=1", "/v1/documents?limit=2", DOCUMENT)
    assert len({client.get(path).headers["etag"] for path in paths}) == 3
    file = tmp_path / "a.txt"
    file.write_text("De top is in Ankara.\n")
    build([file], tmp_path / "index", HashingEncoder())
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as own:
        tag = own.get("/v1/documents/a").headers["etag"]
        file.write_text("De top is in Den Haag.\n")
        build([file], tmp_path / "index", HashingEncoder())
        response = own.get("/v1/documents/a", headers={"If-None-Match": tag})
        assert response.status_code == 200 and "Den Haag" in response.json()["text"]


def test_large_responses_are_compressed_where_asked(client: TestClient) -> None:
    """Compressed for who takes it, and caches are told."""
    plain = client.get(DOCUMENT, headers={"Accept-Encoding": "identity"})
    packed = client.get(DOCUMENT, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json() and "Accept-Encoding" in packed.headers["vary"]
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "content-encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


def test_a_pace_is_kept_where_one_is_set(hashed_index: Path) -> None:
    """429 with the seconds to wait; health and the page are free; a rate that is none is told at the start."""
    with TestClient(create_app(Settings(index=hashed_index, rate_limit="3/hour"))) as client:
        assert [client.get("/v1/documents").status_code for _ in range(3)] == [200] * 3
        response = client.get("/v1/documents")
        assert response.status_code == 429 and 0 < int(response.headers["retry-after"]) <= 3600
        assert response.json()["type"] == "urn:navo-qa:too-many" and "wait" in response.json()["detail"]
        assert client.get("/healthz").status_code == client.get("/").status_code == 200
    app = create_app(Settings(index=hashed_index, rate_limit="vaak"))
    with pytest.raises(InvalidSetting, match="vaak"):
        TestClient(app).get("/healthz")


async def _raw(app: Any, headers: list[tuple[bytes, bytes]], parts: list[bytes]) -> list[dict[str, Any]]:
    """What the application sends to a POST whose body comes in parts; after the last part nothing comes."""
    sent: list[dict[str, Any]] = []
    left = list(parts)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/query", "raw_path": b"/v1/query", "query_string": b"",
        "headers": [(b"content-type", b"application/json"), *headers], "client": ("test", 1), "http_version": "1.1",
        "scheme": "http", "server": ("test", 80), "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)
    return sent


def test_a_body_without_end_is_cut_off(hashed_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunk after chunk over the limit: 413. A body that stops coming: 408. Neither takes the service with it."""
    app = create_app(Settings(index=hashed_index))
    sent = asyncio.run(_raw(app, [(b"transfer-encoding", b"chunked")], [b"x" * 100_000] * 50))
    assert sent[0]["status"] == 413 and b"at most 1,000,000 bytes" in sent[1]["body"]
    assert b'"urn:navo-qa:body-too-large"' in sent[1]["body"]
    monkeypatch.setattr(door, "BODY_SECONDS", 0.05)
    sent = asyncio.run(_raw(app, [(b"content-length", b"100")], [b"{"]))
    assert sent[0]["status"] == 408 and b"did not arrive" in sent[1]["body"]


def test_openapi_tells_every_error(client: TestClient) -> None:
    """Each operation has an id of its own, a tag that is described, and problems with an example."""
    schema = client.get("/openapi.json").json()
    tags = {tag["name"] for tag in schema["tags"]}
    operations = [one for path in schema["paths"].values() for one in path.values()]
    ids = [one["operationId"] for one in operations]
    assert len(ids) == len(set(ids)) and all(name.isidentifier() for name in ids)
    for one in operations:
        assert one["summary"] and set(one["tags"]) <= tags
        errors = {status: found for status, found in one["responses"].items() if status >= "400"}
        assert {"429", "500"} <= set(errors)
        for status, found in errors.items():
            example = found["content"]["application/problem+json"]["example"]
            assert example["status"] == int(status) and set(found["content"]) == {"application/problem+json"}
    assert "HTTPValidationError" not in schema["components"]["schemas"]
    assert schema["components"]["schemas"]["QueryBody"]["examples"]


def test_a_client_that_speaks_gzip_itself(client: TestClient) -> None:
    """The bytes on the wire are gzip's."""
    with client.stream("GET", DOCUMENT, headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert b"Antalya" in gzip.decompress(raw)
