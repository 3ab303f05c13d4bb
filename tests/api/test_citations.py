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
from navo_qa.build import build
from navo_qa.cite.links import read_link
from navo_qa.encode import HashingEncoder
from navo_qa.pipeline import Pipeline
from navo_qa.settings import Settings
from navo_qa.types import Passage


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


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("citations", {"passage_ids": []}, 422),
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
