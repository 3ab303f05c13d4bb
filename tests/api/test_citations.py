"""Citing over HTTP: styles, memos checked and exported, and the page that a permanent link opens."""

from __future__ import annotations

import base64
import html
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from navo_qa.api.app import create_app
from navo_qa.api.linked import read_in
from navo_qa.build import build
from navo_qa.cite.links import read_link
from navo_qa.encode import HashingEncoder
from navo_qa.pipeline import Pipeline
from navo_qa.settings import Settings
from navo_qa.types import Passage
from pdf_files import Put, pdf


@pytest.fixture(scope="module")
def client(hashed_index: Path) -> Iterator[TestClient]:
    """A client of the application over the shipped corpus."""
    with TestClient(create_app(Settings(index=hashed_index)), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def passage(hashed: Pipeline) -> Passage:
    """A passage of the report of Antalya."""
    return hashed.snapshot.collection.passages_of("verslag-ifmm-antalya-2025")[2]


def test_citations(client: TestClient, passage: Passage) -> None:
    """Passages times styles times languages, and formats for reference managers."""
    body = {"passage_ids": [passage.id], "styles": ["leidraad", "apa", "ris", "csl-json"]}
    found = client.post("/v1/citations", json=body).json()
    [cited] = found["citations"]
    assert set(cited["formatted"]) == {"leidraad", "apa"} and set(cited["formatted"]["apa"]) == {"nl", "en"}
    assert cited["formatted"]["leidraad"]["en"].startswith("Letter from the Minister of Foreign Affairs")
    assert json.loads(found["exports"]["csl-json"])[0]["id"] == passage.document_id
    assert found["exports"]["ris"].startswith("TY  - ")
    read = read_link(cited["url"])
    assert read is not None and (read.start, read.end) == (passage.start, passage.end)


def test_a_stretch_is_cited_by_its_own_pages(tmp_path: Path) -> None:
    """A passage stands on pages 1 to 4, its words on the third; stretches outside it are refused."""
    said = ["over schepen.", "over havens.", "over walvissen.", "over dijken."]
    (tmp_path / "verslag.pdf").write_bytes(pdf([[Put(72, 700, f"De minister sprak {what}")] for what in said]))
    build([tmp_path / "verslag.pdf"], tmp_path / "index", HashingEncoder())
    settings = Settings(index=tmp_path / "index", threshold=0.0)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        text = client.get("/v1/documents/verslag").json()["text"]
        found = client.post("/v1/query", json={"question": "Sprak de minister over walvissen?"}).json()
        [cited], [hit] = found["answer"]["citations"], found["passages"]
        assert (hit["page"], hit["page_end"]) == (1, 4) and "walvissen" in cited["cited_text"]
        assert (cited["page"], cited["paragraph"]) == (3, 3) and "p. 3, alinea 3" in cited["formatted"]["nl"]
        start = text.index("walvissen")
        stretches = [{"passage_id": hit["passage_id"], "start": start, "end": end} for end in (start + 9, hit["end"])]
        body = {"passage_ids": [hit["passage_id"]], "stretches": stretches, "styles": ["plain", "ris"]}
        answer = client.post("/v1/citations", json=body).json()
        shown = [one["formatted"]["plain"]["nl"] for one in answer["citations"]]
        assert [one.split(", ", 1)[1] for one in shown] == ["p. 1-4, alinea 1", "p. 3, alinea 3", "p. 3-4, alinea 3"]
        assert [(one["start"], one["end"]) for one in answer["citations"]][1] == (start, start + 9)
        assert answer["citations"][1]["url"].endswith(f"#{start}-{start + 9}")
        outside = {"passage_id": hit["passage_id"], "start": start, "end": hit["end"] + 1}
        refused = client.post("/v1/citations", json={"stretches": [outside]})
        assert refused.status_code == 422 and "no stretch of" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("citations", {"passage_ids": []}, 422),
        ("citations", {}, 422),
        ("citations", {"stretches": [{"passage_id": "geen", "start": 0, "end": 1}]}, 404),
        ("citations", {"passage_ids": ["../../etc/passwd"]}, 404),
        ("citations", {"passage_ids": ["x"] * 1000}, 422),
        ("citations", {"passage_ids": ["x"], "styles": ["bluebook"]}, 422),
        ("verify", {}, 422),
        ("verify", {"text": "a", "content_base64": "YQ=="}, 422),
        ("verify", {"content_base64": "geen base64!"}, 422),
        ("verify", {"content_base64": "AAAA", "filename": "a.docx"}, 422),
        ("memos", {"markdown": "Zin [@geen]."}, 422),
        ("memos", {"markdown": "x", "form": "exe"}, 422),
    ],
)
def test_bad_requests_are_problems(client: TestClient, path: str, body: dict[str, Any], status: int) -> None:
    """One clear sentence, never a 500."""
    response = client.post(f"/v1/{path}", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json" and response.json()["detail"]


def test_verify(client: TestClient, passage: Passage) -> None:
    """As text and as a file, the same findings."""
    quoted = passage.text.split("\n\n")[-1].split(". ")[0]
    memo = f"„{quoted}” [@{passage.id}].\n\n„{quoted} citroengeel erbij” [@{passage.id}]."
    found = client.post("/v1/verify", json={"text": memo}).json()
    assert [finding["verdict"] for finding in found["findings"]] == ["verbatim", "altered"] and not found["sound"]
    assert {"op": "insert", "source": "", "memo": "citroengeel erbij"} in found["findings"][1]["difference"]
    coded = base64.b64encode(memo.encode()).decode()
    assert client.post("/v1/verify", json={"content_base64": coded, "filename": "memo.md"}).json() == found


def test_memos(client: TestClient, passage: Passage) -> None:
    """A file with its type and name; a mark that names nothing says its line."""
    pytest.importorskip("pypandoc", reason="pandoc is not installed")
    response = client.post("/v1/memos", json={"markdown": f"Zin [@{passage.id}].", "form": "docx"})
    assert response.content[:2] == b"PK" and "memo.docx" in response.headers["content-disposition"]
    page = client.post("/v1/memos", json={"markdown": "<script>x</script>", "form": "html"})
    assert "<script" not in page.text and "unsafe" not in page.headers["content-security-policy"]
    problem = client.post("/v1/memos", json={"markdown": "a\n\nZin [@geen]."}).json()
    assert problem["type"] == "urn:navo-qa:unknown-mark" and "line 3" in problem["detail"]


def test_a_link_opens_the_document(client: TestClient, hashed: Pipeline, passage: Passage) -> None:
    """The whole text, escaped, under the strict policy, with no script in the page."""
    url = client.post("/v1/citations", json={"passage_ids": [passage.id]}).json()["citations"][0]["url"]
    page = client.get(url)
    assert page.status_code == 200 and "unsafe" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"] and 'id="changed"' not in page.text
    shown = re.search(r'<div id="text"[^>]*>(.*)</div></main>', page.text, re.DOTALL)
    assert shown is not None and html.unescape(shown[1]) == hashed.document(passage.document_id).text
    assert not re.search(r"<script(?! src)|\son\w+=|style=", page.text)
    assert client.get("/d/geen").status_code == 404 and client.head(url).status_code == 200


def test_an_old_link_says_so_and_shows_where_the_quote_is(client: TestClient, passage: Passage) -> None:
    """By the words that the link carries; the fragment's offsets are those of another text."""
    at = f"/d/{passage.document_id}?sha256={'0' * 64}&q="
    sentence = passage.text.split("\n\n")[-1].split(". ")[0]
    page = client.get(at + quote(sentence)).text
    marked = re.search(r'<mark id="now">(.*?)</mark>', page, re.DOTALL)
    assert marked is not None and html.unescape(marked[1]) == sentence.rstrip(".")
    assert "De tekst is gewijzigd" in page and 'data-changed="true"' in page
    assert "The quotation no longer stands there." in client.get(at + "iets+heel+anders&lang=en").text
    hostile = client.get(at + quote("<script>alert(1)</script>")).text
    assert "<script>alert" not in hostile


def test_a_link_to_nothing_is_a_page_that_says_so(client: TestClient, tmp_path: Path) -> None:
    """404 as a page with the words that the link was of, as text; where there is no index, 503."""
    gone = client.get("/d/geen?q=%3Cb%3EDe+top%3C/b%3E")
    assert gone.status_code == 404 and gone.headers["content-type"].startswith("text/html")
    assert "Dit document is er niet (meer)" in gone.text and "‘&lt;b&gt;De top&lt;/b&gt;’" in gone.text
    assert '<a href="/">' in gone.text and '<html lang="nl">' in gone.text
    assert "not here (any more)" in client.get("/d/geen", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    with TestClient(create_app(Settings(index=tmp_path / "none"))) as bare:
        unready = bare.get("/d/geen")
    assert unready.status_code == 503 and "kan nu niet worden geopend" in unready.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "nl"),
        ("nl-NL,nl;q=0.9,en-US;q=0.8,en;q=0.7", "nl"),
        ("en-GB, nl", "en"),
        ("de, nl;q=0.5, en;q=0.8", "en"),
        ("nl;q=0.9, en;q=0.9", "nl"),
        ("de", "en"),
        ("*", "nl"),
        ("nl;q=zes, ;;,", "nl"),
    ],
)
def test_a_permanent_link_is_read_in_the_readers_language(client: TestClient, accepted: str, language: str) -> None:
    """As the browser wishes, unless the address says; the document keeps its own."""
    assert read_in(accepted) == language
    page = client.get("/d/verslag-ifmm-oslo-2023", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in page.text and '<div id="text" lang="nl"' in page.text
    assert page.headers["vary"].startswith("Accept-Language")
    assert '<html lang="en">' in client.get(page.url, params={"lang": "en"}, headers={"Accept-Language": "nl"}).text


def test_hostile_titles_and_texts_are_escaped(tmp_path: Path) -> None:
    """Markup in a document is text on its page."""
    (tmp_path / "x.txt").write_text('</div><script>alert(1)</script>\n\n"><img src=x onerror=alert(1)> zei hij.\n')
    build([tmp_path / "x.txt"], tmp_path / "index", HashingEncoder())
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        page = client.get("/d/x").text
    assert "<img" not in page and "<script>" not in page and "&lt;img src=x" in page


def test_the_script_reads() -> None:
    """`document.js` is a module that node can parse, and writes text nodes only."""
    script = Path(__file__).parents[2] / "src" / "navo_qa" / "web" / "document.js"
    assert "innerHTML" not in script.read_text("utf-8") and "eval(" not in script.read_text("utf-8")
    try:
        subprocess.run(["node", "--input-type=module", "--check"], input=script.read_bytes(), check=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("node is not installed")
