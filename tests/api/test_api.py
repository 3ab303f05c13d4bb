"""The HTTP API over a real application: bodies, problems, headers, and a server process of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from navo_qa.api.app import create_app
from navo_qa.api.door import MAX_BODY
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.pipeline import Pipeline
from navo_qa.settings import Settings
from tabled_answers import HEAD, cell, tabled_index

QUESTION = "Hoeveel trok Nederland in december 2025 uit voor PURL?"


@pytest.fixture(scope="module")
def client(hashed_index: Path) -> Iterator[TestClient]:
    """A client of the application over the shipped corpus."""
    with TestClient(create_app(Settings(index=hashed_index, threshold=0.0)), raise_server_exceptions=False) as made:
        yield made


def ask(client: TestClient, **body: Any) -> httpx.Response:
    """The response to a question."""
    response: Any = client.post("/v1/query", json={"question": QUESTION} | body)
    return response


def test_an_answer_is_checkable_with_the_api_alone(client: TestClient) -> None:
    """Citation and passages are slices of the text that /v1/documents gives."""
    body = ask(client, top_k=5).json()
    assert [passage["rank"] for passage in body["passages"]] == [1, 2, 3, 4, 5]
    cited = body["answer"]["citations"]
    for citation in [*cited, *(passage["citation"] for passage in body["passages"])]:
        document = client.get(f"/v1/documents/{citation['document_id']}").json()
        slice_ = document["text"][citation["start_char_index"] : citation["end_char_index"]]
        assert slice_ == citation["cited_text"] and document["sha256"] == citation["sha256"]
        assert client.get(citation["url"]).status_code == 200
    assert body["answer"]["text"] == cited[0]["cited_text"]
    assert body["index"]["documents"] == 5 and body["language"] == "nl" and body["timings_ms"]["total"] > 0


def test_rows_over_a_table_are_told(tmp_path: Path) -> None:
    """A document and its passages say where in their texts they begin."""
    pipeline, answer = cell(tabled_index(tmp_path))
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        document = client.get("/v1/documents/voortgang").json()
        passage = client.get(f"/v1/passages/{answer.hits[0].passage.id}").json()
        for body in (document, passage):
            assert [body["text"][start:].split("\n")[0] for start in body["heads"]] == [HEAD]
    pipeline.snapshot.close()


def test_papers_are_linked_to_the_documents_that_they_are(tmp_path: Path) -> None:
    """A document tells which papers its text names, where, and which documents here those are."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "kst-28676-493.txt").write_text("De motie van de leden over de steun.\n\nNr. 493 gaat over de steun.")
    text = "De brief (Kamerstuk 28 676, nr. 493) noemt 21 501-20, nr. 2206, en wordt gevolgd door ah-tk-20142015-1241."
    (corpus / "verslag.txt").write_text(text)
    build([corpus], tmp_path / "index", HashingEncoder(32))
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        found = client.get("/v1/documents/verslag").json()
        mentions = [(text[m["start"] : m["end"]], m["reference"], m["document_ids"]) for m in found["mentions"]]
        assert mentions == [
            ("Kamerstuk 28 676, nr. 493", "28676, nr. 493", ["kst-28676-493"]),
            ("21 501-20, nr. 2206", "21501-20, nr. 2206", []),
            ("ah-tk-20142015-1241", "Aanhangsel Handelingen II 2014/15, nr. 1241", []),
        ]
        paper = client.get("/v1/documents/kst-28676-493").json()
        assert (paper["dossier"], paper["number"], paper["found"]["number"]) == ("28676", "493", "name")
        asked = {"question": "Welke stukken gaan over kst-28676-493?", "top_k": 3}
        ranked = client.post("/v1/search", json=asked).json()["passages"]
        assert {hit["document_id"] for hit in ranked} == {"kst-28676-493", "verslag"}


def test_silence_is_null(hashed_index: Path) -> None:
    """No answer is `null`, with status 200 and the passages."""
    with TestClient(create_app(Settings(index=hashed_index, threshold=1.0))) as silent:
        body = ask(silent, question="Wat kost een visvergunning?").json()
    assert body["answer"] is None and body["passages"]


def test_filters_reach_retrieval(client: TestClient) -> None:
    """Dates, kinds, documents, mode and diversity."""
    only = {"date_from": "2025-05-01", "date_to": "2025-05-31", "kinds": ["report"]}
    body = ask(client, filters=only, mode="lexical", per_document=1).json()
    assert [passage["document_id"] for passage in body["passages"]] == ["verslag-ifmm-antalya-2025"]
    assert set(body["passages"][0]["scores"]) == {"lexical"}


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"question": ""}, 422, "empty-question"),
        ({"question": "  ?"}, 422, "empty-question"),
        ({"question": "a" * 100_000}, 413, "question-too-long"),
        ({"question": "a\0b"}, 422, "invalid-character"),
        ({"top_k": 0}, 422, "invalid-top-k"),
        ({"top_k": 10_000}, 422, "invalid-top-k"),
        ({"per_document": -1}, 422, "invalid-top-k"),
        ({"filters": {"colour": "red"}}, 422, "invalid-request"),
        ({"filters": {"kinds": ["novel"]}}, 422, "invalid-request"),
        ({"filters": {"document_ids": ["nope"]}}, 422, "unknown-filter"),
        ({"filters": {"date_from": "2025-02-01", "date_to": "2024-01-01"}}, 422, "invalid-dates"),
        ({"filters": {"date_from": "gisteren"}}, 422, "invalid-request"),
        ({"mode": "psychic"}, 422, "invalid-request"),
        ({"question": None}, 422, "invalid-request"),
        ({"unknown": 1}, 422, "invalid-request"),
    ],
)
def test_bad_requests_are_problems(client: TestClient, body: dict[str, Any], status: int, kind: str) -> None:
    """problem+json with one clear sentence and a type of its own."""
    response = ask(client, **body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"urn:navo-qa:{kind}" and problem["status"] == status
    assert problem["detail"] and "\n" not in problem["detail"]


@pytest.mark.parametrize(
    "content", [b"", b"geen json", b'{"question": "\\ud800?"}', b"\xff\xfe", b"[]", b'{"question":']
)
def test_bodies_that_are_no_request(client: TestClient, content: bytes) -> None:
    """Broken JSON, half a surrogate pair, no UTF-8: 422, never a 500."""
    response = client.post("/v1/query", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.json()["detail"]


def test_a_body_over_the_limit_is_refused(client: TestClient) -> None:
    """Before it is read."""
    response = client.post("/v1/query", content=b"x" * (MAX_BODY + 1))
    assert response.status_code == 413 and "at most 1,000,000 bytes" in response.json()["detail"]
    assert response.json()["type"] == "urn:navo-qa:body-too-large"


@pytest.mark.parametrize(
    "path", ["/v1/documents/none", "/v1/passages/none", "/v1/documents/..%2f..%2fetc", "/nope", "/static/../app.py"]
)
def test_what_is_not_there(client: TestClient, path: str) -> None:
    """404 as a problem, for ids and for paths."""
    response = client.get(path)
    assert response.status_code == 404 and response.json()["status"] == 404


def test_documents_are_paged(client: TestClient) -> None:
    """`next` leads to the next page and is null on the last."""
    seen, after = [], None
    while True:
        page = client.get("/v1/documents", params={"limit": 2} | ({"after": after} if after else {})).json()
        seen += [document["document_id"] for document in page["documents"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert client.get("/v1/documents", params={"after": "none"}).status_code == 404


def test_operators_see_health_and_metrics(client: TestClient, tmp_path: Path) -> None:
    """The service runs without an index, but is not ready."""
    assert client.get("/healthz").json() == client.get("/readyz").json() == {"status": "ok"}
    ask(client)
    assert 'navo_qa_questions_total{answered="true",language="nl"}' in client.get("/metrics").text
    with TestClient(create_app(Settings(index=tmp_path / "none"))) as empty:
        assert empty.get("/healthz").status_code == 200
        response = empty.get("/readyz")
        assert response.status_code == 503 and "navo-qa build" in response.json()["detail"]
        assert ask(empty).status_code == 503


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    """A strict policy on every response, and no other host in the page's files."""
    page = client.get("/")
    assert page.status_code == 200 and "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    for name in ("page.js", "page.css", "icon.svg"):
        text = client.get(f"/static/{name}").text
        assert "//" not in text.replace("http://www.w3.org/2000/svg", "").replace("// ", "")


def test_openapi_has_examples_and_problems(client: TestClient) -> None:
    """What a developer reads first."""
    schema = client.get("/openapi.json").json()
    assert schema["components"]["schemas"]["QueryBody"]["examples"]
    assert {"413", "422", "503"} <= set(schema["paths"]["/v1/query"]["post"]["responses"])


def test_a_new_build_is_served_without_a_restart(tmp_path: Path, hashed: Pipeline) -> None:
    """The next question is answered from the new snapshot."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("De top is in Ankara.\n")
    build([corpus], tmp_path / "index", HashingEncoder())
    with TestClient(create_app(Settings(index=tmp_path / "index", threshold=0.0))) as client:
        assert ask(client, question="Waar is de top?").json()["index"]["documents"] == 1
        (corpus / "b.txt").write_text("Het diner was in Oslo.\n")
        build([corpus], tmp_path / "index", HashingEncoder())
        assert ask(client, question="Waar is het diner?").json()["index"]["documents"] == 2
        shutil.rmtree(tmp_path / "index")
        assert ask(client).status_code == 503


def test_hostile_documents_come_back_as_they_are(tmp_path: Path) -> None:
    """Markup in titles and texts is data: verbatim in JSON, and JSON says that it is JSON."""
    (tmp_path / "x.txt").write_text('<script>alert(1)</script>\n\n"><img src=x onerror=alert(1)> zei de minister.\n')
    build([tmp_path / "x.txt"], tmp_path / "index", HashingEncoder())
    with TestClient(create_app(Settings(index=tmp_path / "index", threshold=0.0))) as client:
        response = ask(client, question="Wat zei de minister?")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "onerror" in response.json()["passages"][0]["text"]


def test_a_server_process_starts_answers_and_stops(hashed_index: Path) -> None:
    """`navo-qa serve` announces its address, answers there, and ends on a signal."""
    command = [sys.executable, "-m", "navo_qa.cli", "serve", "--index", str(hashed_index), "--port", "0", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as server:
        assert server.stdout is not None
        url = json.loads("".join(server.stdout.readline() for _ in range(4)))["url"]
        for _ in range(100):
            try:
                response = httpx.post(f"{url}v1/query", json={"question": QUESTION}, timeout=10)
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        assert response.status_code == 200 and response.json()["passages"]
        busy = subprocess.run(
            [*command[:-3], "--port", url.rsplit(":")[-1].strip("/")], capture_output=True, text=True, check=False
        )
        assert busy.returncode == 1 and "cannot listen on" in busy.stderr
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) in (0, -signal.SIGINT, 130)
