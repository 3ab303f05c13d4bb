"""The client against a real service process, both ways; its errors, its patience, and what it imports."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from navo_qa import client as package
from navo_qa import memo as memos
from navo_qa.api import about, citations, models, pages, timeline, uploads
from navo_qa.cite.citing import STYLES
from navo_qa.client import AsyncClient, Client, Filters, Retry
from navo_qa.client.calls import DocumentsPage
from navo_qa.client.results import Query, Stretch
from navo_qa.client.uploads import Uploads
from navo_qa.client.wire import read
from navo_qa.errors import InvalidCharacter, NavoError, RemoteProblem, Unreachable
from navo_qa.pipeline import Pipeline
from navo_qa.types import Answer, Kind, Mode
from surrounded_answers import surrounded
from tabled_answers import HEAD, cell, tabled_index

QUESTION = "Hoeveel trok Nederland in december 2025 uit voor PURL?"
NO_WAIT = Retry(times=2, first=0.001)


@pytest.fixture(scope="module")
def navo(server: str) -> Iterator[Client]:
    """A client of the service over the shipped corpus."""
    with Client(server) as made:
        yield made


def test_an_answer_can_be_checked(navo: Client) -> None:
    """Every citation and passage stands in the document that the client gets."""
    found = navo.ask(QUESTION, top_k=3, filters=Filters(date_from=date(2025, 1, 1), kinds=("report",)))
    assert found.answer is not None and found.language == "nl" and [hit.rank for hit in found.passages] == [1, 2, 3]
    for citation in (*found.answer.citations, *(hit.citation for hit in found.passages)):
        document = navo.document(citation.document_id)
        assert citation.stands_in(document)
    assert found.answer.text == found.answer.citations[0].cited_text
    wrong = navo.document("verslag-ifmm-oslo-2023")
    assert not found.answer.citations[0].stands_in(wrong)
    around = found.answer.sentence
    assert around is None or found.answer.text in around.text


def test_nothing_of_an_answer_is_lost(hashed: Pipeline) -> None:
    """Its sentence, parts, rivals and what came nearest arrive as the pipeline gave them."""
    answer = surrounded(hashed)
    around, other = answer.sentence, answer.also[0]
    assert around is not None

    def received(given: Answer) -> Query:
        body: Query = read(Query, json.loads(models.QueryOut.of(given, hashed).model_dump_json()))
        return body

    got = received(answer).answer
    assert got is not None and got.sentence is not None
    assert got.sentence == Stretch(around.quote, around.start, around.end)
    assert [(part.start_char_index, part.end_char_index) for part in got.parts] == list(answer.parts)
    assert [(one.text, one.confidence, one.date) for one in got.also] == [(other.text, other.confidence, other.date)]
    silent = received(answer.withheld(date(2025, 5, 14)))
    assert silent.answer is None and silent.nearest is not None
    assert (silent.nearest.text, silent.nearest.date) == (answer.text, date(2025, 5, 14))
    assert [made.cited_text for made in silent.nearest.citations] == [made.quote for made in answer.citations]


def test_every_door(navo: Client) -> None:
    """Each call gives its own result."""
    assert navo.about().ready and navo.about().index is not None
    hits = navo.search("steun aan Oekraïne", top_k=2, mode="lexical").passages
    assert len(hits) == 2 and set(hits[0].scores) == {"lexical"}
    assert "Oekraïne" in {hit.text[start:end] for hit in hits for start, end in hit.matches}
    assert navo.passage(hits[0].passage_id).citation == hits[0].citation
    assert [point.year for point in navo.timeline("Wat werd besproken?").points] == [2023, 2025, None]
    listed = list(navo.documents(limit=2))
    assert len(listed) == 6 and listed[0].meeting_start == navo.document(listed[0].document_id).meeting_start
    cited = navo.cite([hits[0].passage_id], styles=["apa", "ris"])
    assert cited.citations[0].formatted["apa"]["en"] and cited.exports["ris"].startswith("TY")
    memo = f"„{hits[0].text.splitlines()[-1]} en meer” [@{hits[0].passage_id}]."
    for given in (memo, memo.encode()):
        checked = navo.verify(given)
        assert not checked.sound and checked.findings[0].difference[-1].memo
    assert b"[^1]" in navo.memo(f"Zin [@{hits[0].passage_id}].", form="md")


def test_pages(navo: Client) -> None:
    """A PDF's page, its rectangles and its picture."""
    page = navo.page("brief", 1, start=0, end=11)
    assert page.pages == 1 and 0 < page.boxes[0].left < page.boxes[0].right < 0.5
    assert navo.page_image("brief", 1, width=200).startswith(b"\x89PNG")
    assert navo.document("brief").page_images and not navo.document("verslag-ifmm-oslo-2023").page_images


def test_without_blocking(server: str) -> None:
    """The same calls at the same time, and the same results."""

    async def ask() -> None:
        async with AsyncClient(server) as navo:
            one, two, listed = await asyncio.gather(
                navo.ask(QUESTION), navo.search(QUESTION), _all(navo.documents(limit=2))
            )
            assert one.passages == two.passages and len(listed) == 6
            with pytest.raises(RemoteProblem, match="no document"):
                await navo.document("geen")

    asyncio.run(ask())


async def _all(documents: Any) -> list[Any]:
    return [document async for document in documents]


def test_a_problem_is_an_error_with_its_sentence(navo: Client) -> None:
    """Status, kind, sentence and the request's id; it is a NavoError."""
    with pytest.raises(RemoteProblem) as caught:
        navo.document("../../etc/passwd")
    assert (caught.value.status, caught.value.kind) == (404, "urn:navo-qa:not-found")
    assert str(caught.value).startswith('no document "../../etc/passwd"') and caught.value.request_id
    assert "GET /v1/documents" in str(caught.value)
    with pytest.raises(RemoteProblem) as caught:
        navo.ask("x", filters=Filters(kinds=("novel",)))  # type: ignore[arg-type]
    assert caught.value.status == 422 and isinstance(caught.value, NavoError)
    assert caught.value.errors == [{"where": "filters.kinds.0", "what": caught.value.detail.split(": ", 1)[1]}]


def test_a_question_that_cannot_be_sent(navo: Client, server: str) -> None:
    """Half a surrogate pair is a bad question, not a failing of the program; a whole character past U+FFFF is none."""
    for ask in (navo.ask, navo.search, navo.timeline):
        with pytest.raises(InvalidCharacter, match="U\\+DCE9"):
            ask("caf\udce9")
    assert navo.search("steun \U0001f600", mode="lexical").passages

    async def asked() -> None:
        async with AsyncClient(server) as other:
            with pytest.raises(InvalidCharacter):
                await other.ask("caf\udce9")

    asyncio.run(asked())


@contextmanager
def busy(*statuses: int, headers: dict[str, str] | None = None, body: bytes = b"{}") -> Iterator[tuple[str, list[str]]]:
    """Yield a server's address and the paths it was asked for; it answers with these statuses, one after the other."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(statuses[min(len(asked), len(statuses)) - 1])
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


PAGE = b'{"documents": [], "next": null, "added_later": 1}'


def test_it_asks_again_where_that_may_help() -> None:
    """429 and 503 are asked again, so often as was said; a field that is new is passed over."""
    with busy(503, 429, 200, body=PAGE) as (url, asked), Client(url, retry=NO_WAIT) as navo:
        assert list(navo.documents()) == [] and len(asked) == 3
    with busy(503, body=b"<html>") as (url, asked), Client(url, retry=NO_WAIT) as navo:
        with pytest.raises(RemoteProblem, match="answered 503"):
            list(navo.documents())
        assert len(asked) == 3
    with busy(500) as (url, asked), Client(url, retry=NO_WAIT) as navo:
        with pytest.raises(RemoteProblem):
            list(navo.documents())
        assert len(asked) == 1


def test_it_waits_as_long_as_it_is_told_to() -> None:
    """The service's seconds where they are bearable, else the problem at once; its own grow."""
    with busy(429, headers={"Retry-After": "3600"}) as (url, asked), Client(url) as navo:
        with pytest.raises(RemoteProblem):
            navo.about()
        assert len(asked) == 1
    with busy(429, 200, headers={"Retry-After": "0"}, body=PAGE) as (url, asked), Client(url) as navo:
        assert list(navo.documents()) == [] and len(asked) == 2
    waits = [Retry(times=5, first=1, longest=6).wait(done, None) for done in range(1, 7)]
    for wait, whole in zip(waits, (1, 2, 4, 6, 6), strict=False):
        assert wait is not None and whole / 2 <= wait <= whole
    assert waits[5] is None


def test_it_waits_until_the_moment_it_is_told() -> None:
    """Retry-After may be a day and time: one that is past is now, one too far off is not waited for."""
    asked = {"past": "Wed, 21 Oct 2015 07:28:00 GMT", "far": "Fri, 21 Oct 2095 07:28:00 GMT", "none": "straks"}
    waits = {name: Retry().wait(1, httpx.Response(503, headers={"Retry-After": said})) for name, said in asked.items()}
    assert waits["past"] == 0 and waits["far"] is None and waits["none"]


@pytest.mark.parametrize("body", [b"<html>log in</html>", b"{}", b"[]", b"null", b""])
def test_what_is_no_answer_of_the_service_is_a_problem(body: bytes) -> None:
    """Another program at the address, or a proxy's page, is one sentence that names the address."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    with busy(200, headers=headers, body=body) as (url, _), Client(url, retry=NO_WAIT) as navo:
        for call in (navo.about, lambda: navo.page_image("x", 1)):
            with pytest.raises(RemoteProblem, match=f"{url}/v1/.*check that a navo-qa serve") as caught:
                call()
            assert caught.value.status == 200

        async def asked() -> None:
            async with AsyncClient(url, retry=NO_WAIT) as other:
                with pytest.raises(RemoteProblem, match="check that a navo-qa serve"):
                    await other.about()

        asyncio.run(asked())


def test_what_is_no_address_or_moved() -> None:
    """An address that is none, a body that cannot be unpacked, a service that is elsewhere: all NavoErrors."""
    for kind in (Client, AsyncClient):
        with pytest.raises(Unreachable, match="Invalid port"):
            kind("http://reports.example:poort")
    with (
        busy(200, headers={"Content-Encoding": "gzip"}, body=b"nogzip") as (url, _),
        Client(url, retry=NO_WAIT) as navo,
    ):
        with pytest.raises(Unreachable):
            navo.about()
    with busy(302, headers={"Location": "https://elders.example/"}) as (url, _), Client(url, retry=NO_WAIT) as navo:
        with pytest.raises(RemoteProblem, match="answered 302, and points to https://elders.example/"):
            navo.about()


def test_a_service_that_comes_late_is_reached(hashed_index: Path) -> None:
    """A refused connection is tried again; one that never comes is one sentence."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with Client(nobody, retry=NO_WAIT) as navo, pytest.raises(Unreachable, match="navo-qa serve"):
        navo.about()

    async def late() -> None:
        async with AsyncClient(nobody, retry=NO_WAIT) as navo:
            with pytest.raises(Unreachable):
                await navo.about()

    asyncio.run(late())
    asked: list[Any] = []
    with Client(nobody, retry=Retry(times=200, first=0.05, longest=0.1)) as navo:
        thread = threading.Thread(target=lambda: asked.append(navo.about()))
        thread.start()
        with _at(hashed_index, nobody):
            thread.join(timeout=60)
    assert asked and asked[0].ready


@contextmanager
def _at(index: Path, url: str) -> Iterator[None]:
    command = [sys.executable, "-m", "navo_qa.cli", "serve", "--index", str(index), "--port", url.rsplit(":", 1)[1]]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


PAIRS = [
    (package.Query, models.QueryOut), (package.Answer, models.AnswerOut), (package.Alternative, models.AlternativeOut),
    (package.Stretch, models.StretchOut), (package.Citation, models.CitationOut), (package.Hit, models.HitOut),
    (package.Passage, models.PassageOut), (package.Index, models.IndexOut), (package.Search, models.SearchOut),
    (package.Document, models.DocumentOut), (package.DocumentText, models.DocumentTextOut),
    (package.Mention, models.MentionOut), (package.PageSpan, models.PageSpan),
    (package.HeadingSpan, models.HeadingSpan),
    (DocumentsPage, models.DocumentsOut),
    (package.Timeline, timeline.TimelineOut), (package.Point, timeline.PointOut), (package.Page, pages.PageOut),
    (package.Box, pages.BoxOut), (package.About, about.AboutOut), (package.Snapshot, about.SnapshotOut),
    (package.Corpus, about.CorpusOut), (package.Limits, about.LimitsOut),
    (package.UploadsAllowed, about.UploadsAllowed), (package.Citations, citations.CitationsOut),
    (package.Cited, citations.PassageCited), (package.Verification, citations.VerifyOut),
    (package.Finding, citations.FindingOut), (package.Place, citations.PlaceOut), (package.Change, citations.Changed),
    (package.Fact, citations.Lacking), (package.Filters, models.FilterBody),
    (package.UploadedFile, uploads.UploadedFileOut), (package.Upload, uploads.UploadOut), (Uploads, uploads.UploadsOut),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=[ours.__name__ for ours, _ in PAIRS])
def test_the_client_knows_every_field(ours: type[Any], theirs: type[Any]) -> None:
    """What the API gives, the client has, under the same name."""
    assert {field.name for field in fields(ours)} == set(theirs.model_fields)


def test_the_client_knows_every_choice() -> None:
    """What the service can be asked for, can be named to a type checker."""
    for ours, theirs in (
        (package.Kind, Kind),
        (package.Mode, Mode),
        (package.Style, STYLES),
        (package.Form, memos.FORMS),
    ):
        assert set(get_args(ours)) == {str(choice) for choice in theirs}


def test_it_imports_fast() -> None:
    """No model, no index, no server, not even numpy; every name that it offers is there."""
    code = (
        "import sys, navo_qa.client; "
        "print([m for m in ('torch','faiss','numpy','tantivy','onnxruntime','pydantic','fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert all(hasattr(package, name) for name in package.__all__)


def test_a_cell_arrives_with_its_head(tmp_path: Path) -> None:
    """The head is a stretch of the document, beside the answer and beside what came nearest."""
    pipeline, answer = cell(tabled_index(tmp_path))
    for given, name in ((answer, "answer"), (answer.withheld(None), "nearest")):
        body: Query = read(Query, json.loads(models.QueryOut.of(given, pipeline).model_dump_json()))
        got = getattr(body, name)
        assert got.head.text == HEAD
        assert (got.head.start_char_index, got.head.end_char_index) == answer.head
    pipeline.snapshot.close()
