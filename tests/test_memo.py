"""Tests of memo.py: real footnotes, only grounded ones, and nothing that a memo smuggles in."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from navo_qa.build import build
from navo_qa.cite.manuscript import read_markdown, read_memo
from navo_qa.cite.shelf import Shelf
from navo_qa.cite.styles import Style
from navo_qa.cite.verify import Verdict, Verifier
from navo_qa.encode import HashingEncoder
from navo_qa.errors import ConversionFailed, InvalidMemo, UnknownMark
from navo_qa.memo import FORMS, MAX_MEMO, Form, Wanted, export_memo, quote_and_mark
from navo_qa.pipeline import Pipeline
from navo_qa.types import Page, Passage

pytest.importorskip("pypandoc", reason="pandoc is not installed")
W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


@pytest.fixture(scope="module")
def passages(hashed: Pipeline) -> list[Passage]:
    """Passages of the shipped corpus."""
    listings = hashed.snapshot.collection.listings()
    return [passage for one in listings for passage in hashed.snapshot.collection.passages_of(one.id)]


def made(hashed: Pipeline, memo: str, form: Form = "docx", **wanted: Any) -> bytes:
    """The memo over the shipped corpus."""
    return export_memo(memo, hashed.passage, hashed.document, Wanted(form, **wanted))


def footnotes(docx: bytes) -> list[str]:
    """The text of each footnote that the body of a Word file refers to, in order."""
    etree = pytest.importorskip("lxml.etree")
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
        notes = etree.fromstring(archive.read("word/footnotes.xml"))
    texts = {
        note.get(f"{{{W['w']}}}id"): "".join(note.xpath(".//w:t/text()", namespaces=W)).strip()
        for note in notes.findall("w:footnote", W)
    }
    return [texts[mark.get(f"{{{W['w']}}}id")] for mark in body.iter(f"{{{W['w']}}}footnoteReference")]


def test_marks_become_real_footnotes(hashed: Pipeline, passages: list[Passage]) -> None:
    """`w:footnoteReference` in the body, each with its note; several sources in one; prefix, page and suffix kept."""
    one, two = passages[0], next(p for p in passages if p.document_id == "verslag-ifmm-antalya-2025")
    memo = f"# Memo\n\nEerst [@{one.id}]. Dan [zie @{one.id}, p. 4, onderaan; en @{two.id}].\n"
    first, second = footnotes(made(hashed, memo))
    title = hashed.document(one.document_id).title
    assert first == f"‘{title}’."
    assert second.startswith(f"Zie ‘{title}’, p. 4, onderaan; en brief van de minister van Buitenlandse Zaken C.C.J.")
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    shown = [paragraph.text for paragraph in docx.Document(io.BytesIO(made(hashed, memo))).paragraphs]
    assert "Eerst. Dan." in shown and "Bronnen" in shown
    assert any(hashed.document(one.document_id).sha256[:16] in text for text in shown)


def test_a_mark_in_a_footnote_is_named_in_place(hashed: Pipeline, passages: list[Passage]) -> None:
    """The author's own note holds the source itself, since notes hold no notes; the source is listed."""
    one = passages[0]
    title = hashed.document(one.document_id).title
    memo = f"Steun[^1] en meer[^2].\n\n[^1]: Zie ook [@{one.id}] en verder.\n[^2]: [@{one.id}, p. 4]"
    first, second = footnotes(made(hashed, memo))
    assert (first, second) == (f"Zie ook ‘{title}’ en verder.", f"‘{title}’, p. 4")
    assert "Bronnen" in made(hashed, memo, "md").decode()


def test_marks_that_touch_are_two(hashed: Pipeline, passages: list[Passage]) -> None:
    """Pandoc would read the second as the address of a link."""
    one, two = passages[0], next(p for p in passages if p.document_id == "verslag-ifmm-antalya-2025")
    assert len(footnotes(made(hashed, f"Beide [@{one.id}][@{two.id}]."))) == 2
    with pytest.raises(UnknownMark):
        made(hashed, f"Geen [@bestaat-niet][@{two.id}].")
    with pytest.raises(UnknownMark):
        made(hashed, "Geen [@bestaat-niet][^1].\n\n[^1]: Noot.")


def test_an_id_with_spaces_is_a_source(tmp_path: Path) -> None:
    """A file's name is its document's id: what is appended to a memo for it can be exported, and verified."""
    file = tmp_path / "c" / "Verslag van de top.md"
    file.parent.mkdir()
    file.write_text("# Verslag van de top\n\nDe ministers kwamen in Oslo bijeen.\n", "utf-8")
    build([tmp_path / "c"], tmp_path / "index", HashingEncoder())
    pipeline = Pipeline.open(tmp_path / "index", reader="sentences")
    (hit,) = pipeline.search("Waar kwamen de ministers bijeen?")[:1]
    memo = quote_and_mark("De ministers kwamen in Oslo bijeen.", hit.passage.id)
    assert "Verslag van de top" in "".join(footnotes(made(pipeline, memo)))
    verifier = Verifier(Shelf(pipeline.documents()), pipeline.passage)
    wrong = memo.replace(hit.passage.id, "Verslag van een andere top-000000000000")
    assert [finding.verdict for finding in verifier.verify(read_markdown(memo))] == [Verdict.VERBATIM]
    assert Verdict.UNKNOWN_SOURCE in [finding.verdict for finding in verifier.verify(read_markdown(wrong))]
    with pytest.raises(UnknownMark, match="Verslag van een andere top"):
        made(pipeline, wrong)


@pytest.mark.parametrize("form", [form for form in get_args(Form) if form != "pdf"])
def test_every_form_holds_note_and_source(hashed: Pipeline, passages: list[Passage], form: Form) -> None:
    """odt, html and md as well."""
    out = made(hashed, f"Zo is het [@{passages[0].id}].", form, style=Style.PLAIN, language="en")
    text = out.decode("utf-8", "replace")
    if form in ("docx", "odt"):
        with zipfile.ZipFile(io.BytesIO(out)) as archive:
            text = "".join(
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if name.endswith("xml")
            )
    assert "Feitenoverzicht" in text and "Sources" in text and "para" in text
    assert passages[0].id not in text and len(FORMS) == 5


def test_a_mark_that_names_nothing_stops_the_export(hashed: Pipeline, passages: list[Passage]) -> None:
    """With its line; or it becomes visible, on request."""
    memo = f"Kop\n\nGoed [@{passages[0].id}].\n\nFout [@bestaat-niet] en [@../../etc/passwd].\n\n`[@code]`\n"
    with pytest.raises(UnknownMark) as raised:
        made(hashed, memo)
    assert [(line, mark) for line, mark, _ in raised.value.marks] == [(5, "bestaat-niet"), (5, "../../etc/passwd")]
    assert "line 5" in str(raised.value) and "\n" not in str(raised.value)
    shown = made(hashed, memo, "md", missing="mark").decode()
    assert shown.count("bron niet gevonden") == 2 and "passwd" not in shown and "`[@code]`" in shown
    assert len(footnotes(made(hashed, memo, missing="mark"))) == 1


def test_a_page_that_is_not_the_passages_stops_the_export(hashed: Pipeline, passages: list[Passage]) -> None:
    """Where the page is known; where it is not, the author's own stands."""
    passage = next(p for p in passages if p.end - p.start > 200)
    document = hashed.document(passage.document_id)
    edges = [0, passage.start + 100, len(document.text)]
    halves = replace(document, pages=(Page(3, edges[0], edges[1]), Page(4, edges[1], edges[2])))
    with pytest.raises(UnknownMark, match=r"line 1: .* stands on p\. 3-4, not on p\. 7"):
        export_memo(f"Zin [@{passage.id}, p. 7].", hashed.passage, lambda _: halves, Wanted())
    [whole] = footnotes(export_memo(f"Zin [@{passage.id}].", hashed.passage, lambda _: halves, Wanted()))
    [own] = footnotes(export_memo(f"Zin [@{passage.id}, p. 4].", hashed.passage, lambda _: halves, Wanted()))
    assert whole.endswith("p. 3-4.") and own.endswith("p. 4.")


def test_words_are_cited_with_their_own_page(tmp_path: Path) -> None:
    """Quoted inline, in a block, with a note of the author's; whoever quotes nothing gets all pages of the passage."""
    (tmp_path / "c").mkdir()
    said = ["De ministers spraken over steun aan Oekraïne.", "Daarna kwam de “top” in Den Haag ter sprake, en meer."]
    (tmp_path / "c" / "brief.txt").write_text("\n\n".join(said), "utf-8")
    build([tmp_path / "c"], tmp_path / "index", HashingEncoder())
    pipeline = Pipeline.open(tmp_path / "index", reader="sentences")
    passage = pipeline.search("top")[0].passage
    text = pipeline.document("brief").text
    middle = text.index("Daarna")
    paged = replace(pipeline.document("brief"), pages=(Page(3, 0, middle), Page(4, middle, len(text))))
    one, two = "„spraken over steun”", '"Daarna kwam (...) ter sprake"'
    for memo, noted in (
        (f'Zij {one} [@{passage.id}] en {two} [@{passage.id}, het "eind"].', ["p. 3", "p. 4, het “eind”"]),
        (quote_and_mark(said[1], passage.id), ["p. 4"]),
        (quote_and_mark(passage.text, passage.id), ["p. 3-4"]),
        (f"Zij {one}[^1].\n\n[^1]: [@{passage.id}]", ["p. 3"]),
        (f"Zij {one}[^1].\n\n[^1]: Elders {two} [@{passage.id}]", ["p. 4"]),
        (f"Zij „spraken over iets anders” [@{passage.id}]. Meer [@{passage.id}].", ["p. 3-4", "p. 3-4"]),
        (f"Zij {one} [@{passage.id}, p. 4].", ["p. 4"]),
    ):
        notes = footnotes(export_memo(memo, pipeline.passage, lambda _: paged, Wanted()))
        assert [note[note.index("p. ") :].rstrip(".") for note in notes] == noted, memo


def test_raw_html_and_files_stay_outside(hashed: Pipeline, tmp_path: Path) -> None:
    """Markup is text; pictures and addresses are not opened; scripts do not become links."""
    secret = tmp_path / "geheim.png"
    secret.write_text("zeer geheim")
    memo = (
        f"<script>alert(1)</script> <img src=x onerror=alert(1)> ![plaat]({secret}) ![net](http://127.0.0.1:9/x.png)\n\n"
        f"[klik](javascript:alert(1)) [a]{{onclick=alert(1)}} `x`{{=html}}\n\n```{{=html}}\n<b onclick=x>\n```\n\n"
        "$\\input{/etc/passwd}$ \\input{/etc/passwd}\n\n::: {onclick=x}\nx\n:::\n\n"
        "---\ntitle: <script>\ncss: /etc/passwd\n---\n"
    )
    html = made(hashed, memo, "html").decode()
    tags = re.findall(r"<(script|img|b|iframe)\b[^>]*>", html)
    assert not tags and "root:" not in html and "zeer geheim" not in html
    assert not re.search(r"<[^>]+\sonclick", html) and not re.search(r'href="javascript', html)
    with zipfile.ZipFile(io.BytesIO(made(hashed, memo))) as archive:
        assert not [name for name in archive.namelist() if "media" in name]


def test_many_marks_and_large_memos(hashed: Pipeline, passages: list[Passage]) -> None:
    """Ten thousand marks become ten thousand footnotes; a memo over the limit is refused."""
    memo = "\n\n".join(f"Zin {i} [@{passages[i % len(passages)].id}]." for i in range(10_000))
    assert len(footnotes(made(hashed, memo))) == 10_000
    with pytest.raises(UnknownMark, match="and 9990 more"):
        made(hashed, "[@geen] " * 10_000)
    with pytest.raises(InvalidMemo):
        made(hashed, "x" * (MAX_MEMO + 1))


@pytest.mark.parametrize(
    "memo", ["[" * 3_000, "`" * 30_001, "[@a" * 3_000, "*" * 20_000, "> " * 300 + "x", "@" * 30_000]
)
def test_hostile_markdown_ends(hashed: Pipeline, memo: str) -> None:
    """In a document or a clear error, in bounded time."""
    try:
        assert made(hashed, memo, missing="mark")[:2] == b"PK"
    except (ConversionFailed, InvalidMemo) as error:
        assert "cannot be" in str(error)


def test_without_libreoffice_a_pdf_says_what_to_do(
    hashed: Pipeline, passages: list[Passage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConversionFailed, match="install libreoffice-writer"):
        made(hashed, f"Zin [@{passages[0].id}].", "pdf")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_the_pdf_shows_its_footnotes_and_verifies(hashed: Pipeline, passages: list[Passage]) -> None:
    """Made by LibreOffice, read back by PDFium: the quotation is verbatim, by the title in its footnote."""
    passage = next(passage for passage in passages if "“" not in passage.text and '"' not in passage.text)
    sentence = passage.text.split(". ")[0]
    out = made(hashed, f"De brief zegt: „{sentence}” [@{passage.id}].\n", "pdf")
    paragraphs = read_memo(out, "memo.pdf")
    found = Verifier(Shelf(hashed.documents()), hashed.passage).verify(paragraphs)
    assert [finding.verdict for finding in found] == [Verdict.VERBATIM] and paragraphs[0].page == 1
    assert any(paragraph.notes for paragraph in paragraphs)


def test_an_exported_memo_verifies(hashed: Pipeline, passages: list[Passage]) -> None:
    """With its list of sources, which claims nothing of its own."""
    own = [passages[i] for i in (4, 9, 14)]
    memo = "# Memo\n\n" + "\n\n".join(quote_and_mark(passage.text.split("\n\n")[-1], passage.id) for passage in own)
    verifier = Verifier(Shelf(hashed.documents()), hashed.passage)
    for form in ("docx", "md"):
        found = verifier.verify(read_memo(made(hashed, memo, form), f"memo.{form}"))
        assert [finding.verdict for finding in found if finding.verdict is not Verdict.SUPPORTED] == [
            Verdict.VERBATIM
        ] * 3


def test_what_is_appended_is_grounded(hashed: Pipeline, passages: list[Passage]) -> None:
    """Quote and mark of an answer export, verify, and bring no Markdown of their own."""
    passage = passages[4]
    memo = "# Memo\n\n" + quote_and_mark(passage.text, passage.id)
    [note] = footnotes(made(hashed, memo))
    found = Verifier(Shelf(hashed.documents()), hashed.passage).verify(read_memo(memo.encode(), "memo.md"))
    assert note and [finding.verdict for finding in found] == [Verdict.VERBATIM]
    assert "<b>" not in made(hashed, quote_and_mark("<b>x</b> [y](z) *a*", passage.id), "html").decode()


def test_a_quoted_table_keeps_its_bars_and_rows(tmp_path: Path) -> None:
    """Also a row with an empty first cell, one of dashes alone, and lines that look like lists; and it verifies."""
    rows = ["a) Oslo & Rome | 14,0 | 3", "| Fonds | 2026", "- | - | –", "SLO ~x~ | 12,5 ^2^ | $a$"]
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "tabel.txt").write_text("Bedragen per fonds.\n\n" + "\n\n".join(rows) + "\n", "utf-8")
    build([tmp_path / "c"], tmp_path / "index", HashingEncoder())
    pipeline = Pipeline.open(tmp_path / "index", reader="sentences")
    passage = next(iter(pipeline.search("bedragen"))).passage
    quote = passage.text.split("\n\n", 1)[1]
    memo = quote_and_mark(quote, passage.id)
    shown = made(pipeline, memo, "html").decode().split("<blockquote>")[1].split("</blockquote>")[0]
    assert "<table" not in shown and "line-block" not in shown and "<sub" not in shown and "<ol" not in shown
    assert shown.count("<br") >= len(rows) - 1
    verifier = Verifier(Shelf(pipeline.documents()), pipeline.passage)
    for form in ("docx", "md"):
        found = verifier.verify(read_memo(made(pipeline, memo, form), f"memo.{form}"))
        assert Verdict.VERBATIM in [finding.verdict for finding in found]
        assert Verdict.ALTERED not in [finding.verdict for finding in found]


def test_a_word_memo_over_the_real_reports(seeds: Path, tmp_path: Path) -> None:
    """Twelve citations over the real reports: footnotes found again, and every quotation verbatim."""
    build([seeds], tmp_path / "index", HashingEncoder())
    pipeline = Pipeline.open(tmp_path / "index", reader="sentences")
    collection = pipeline.snapshot.collection
    found = [passage for one in collection.listings() for passage in collection.passages_of(one.id)]
    memo = ["# Memo"]
    plain = [passage for passage in found if not re.search(r"[\[\]*_<>@]", passage.text)]
    for passage in plain[:: max(1, len(plain) // 12)][:12]:
        words = " ".join(re.sub(r"[\"“”„‘’']", " ", passage.text.split("\n\n")[-1]).split()[:14])
        memo.append(f"Er staat: „{words} (…)” [@{passage.id}].")
    out = export_memo("\n\n".join(memo), pipeline.passage, pipeline.document, Wanted())
    assert len(footnotes(out)) == 12
    findings = Verifier(Shelf(pipeline.documents()), pipeline.passage).verify(read_memo(out, "memo.docx"))
    assert [finding.verdict for finding in findings].count(Verdict.VERBATIM) >= 11
    if shutil.which("soffice"):
        (tmp_path / "memo.docx").write_bytes(out)
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "txt:Text",
            "--outdir",
            tmp_path,
            tmp_path / "memo.docx",
        ]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        assert (tmp_path / "memo.txt").read_text("utf-8-sig").count("Er staat:") == 12
