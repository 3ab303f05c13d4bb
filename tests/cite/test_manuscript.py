"""Tests of cite/manuscript.py: the same memo as Markdown, text, DOCX and PDF, and files that mean harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from navo_qa.cite.manuscript import MAX_BYTES, read_markdown, read_memo
from navo_qa.errors import InvalidMemo

HEAD = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
NOTES = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def docx(body: str, footnotes: str = "", endnotes: str = "") -> bytes:
    """A Word file with that body."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"{HEAD}{body}</w:body></w:document>")
        if footnotes:
            archive.writestr("word/footnotes.xml", f"{NOTES}{footnotes}</w:footnotes>")
        if endnotes:
            archive.writestr(
                "word/endnotes.xml", f"{NOTES}{endnotes}</w:footnotes>".replace("w:footnotes", "w:endnotes")
            )
    return held.getvalue()


def test_markdown_keeps_lines_and_brings_footnotes_home() -> None:
    """Footnotes, blocks of quotation, headings; code is left out."""
    memo = "# Kop\n\nEen zin.[^1] En^[inline *p. 2*] nog\neen.\n\n> geciteerd\n> verder\n\n```\ncode\n```\n"
    memo += "[^1]: Bron,\n    p. 3.\n"
    heading, text, quote = read_markdown(memo)
    assert heading.text == "Kop" and (text.line, quote.line, quote.quoted) == (3, 6, True)
    assert [note.text for note in text.notes] == ["Bron, p. 3.", "inline *p. 2*"]
    assert text.notes[0].anchor == len("Een zin.") and "Bron" not in text.text and "[^1]" not in text.text
    assert quote.text == "geciteerd\nverder" and text.line_of(text.text.index("een.")) == 4


def test_the_items_of_a_list_are_paragraphs() -> None:
    """Each with its line; a block of quotation stays whole."""
    found = read_markdown("Vooraf\n- een\n  door\n- twee\n\n1. drie\n2. vier\n\n> a\n> - b\n")
    assert [(one.line, one.text) for one in found] == [
        (1, "Vooraf"), (2, "- een\n  door"), (4, "- twee"), (6, "1. drie"), (7, "2. vier"), (9, "a\n- b")]  # fmt: skip


def test_docx_with_footnotes_and_tracked_changes() -> None:
    """Deletions are left out, insertions kept, a Quote style is a quotation."""
    body = (
        '<w:p><w:r><w:t>Hij zei “ja</w:t></w:r><w:del><w:r><w:delText>weg</w:delText></w:r></w:del><w:ins><w:r>'
        '<w:t> en nee”</w:t></w:r></w:ins><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        '<w:p><w:pPr><w:pStyle w:val="Quote"/></w:pPr><w:r><w:t>Blok</w:t></w:r></w:p>'
    )  # fmt: skip
    first, second = read_memo(
        docx(body, '<w:footnote w:id="2"><w:p><w:r><w:t>Bron</w:t></w:r></w:p></w:footnote>'), "a.docx"
    )
    assert first.text == "Hij zei “ja en nee”" and [(n.anchor, n.text) for n in first.notes] == [(19, "Bron")]
    assert second.quoted


def test_endnotes_are_notes_too() -> None:
    """They are numbered apart from footnotes, so the same number may be both."""
    body = (
        '<w:p><w:r><w:t>Een</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:t> twee</w:t></w:r>'
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    note = '<w:{0} w:id="2"><w:p><w:r><w:t>{1}</w:t></w:r></w:p></w:{0}>'
    file = docx(body, note.format("footnote", "Onder"), note.format("endnote", "Achter"))
    (found,) = read_memo(file, "a.docx")
    assert [(n.anchor, n.text) for n in found.notes] == [(3, "Achter"), (8, "Onder")]


def test_plain_text_and_unknown_bytes() -> None:
    """Text is text; what is none says so in one sentence."""
    [found] = read_memo("> geen Markdown “hier”\n".encode(), "a.txt")
    assert found.text.startswith(">") and not found.quoted
    for content, name in [(b"\xff\xfe\x00a", "a.md"), (b"a\0b", "a.md"), (b"geen zip", "a.docx"), (b"geen", "a.pdf"),
                          (b"PK\x03\x04stuk", "a.docx"), (b"%PDF-1.7 stuk", "a.pdf"), (b"x" * (MAX_BYTES + 1), "a.md"),
                          (docx("<w:p>"), "a.docx")]:  # fmt: skip
        with pytest.raises(InvalidMemo) as raised:
            read_memo(content, name)
        assert name in str(raised.value) and "\n" not in str(raised.value)


def test_bombs_and_entities(tmp_path: Path) -> None:
    """A file that unpacks to much more than it weighs is refused; entities and outside files are not read."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 120_000_000)
    with pytest.raises(InvalidMemo, match="unpacks to over"):
        read_memo(bomb.getvalue(), "bom.docx")
    (tmp_path / "geheim.txt").write_text("zeer geheim")
    nested = "".join(f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};">' for i in range(1, 40))
    for declared in (
        f'<!ENTITY x SYSTEM "file://{tmp_path}/geheim.txt">',
        f'<!ENTITY a0 "ha"><!ENTITY x "&a39;">{nested}',
    ):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            text = HEAD.replace("?><w:doc", f"?><!DOCTYPE d [{declared}]><w:doc")
            archive.writestr("word/document.xml", f"{text}<w:p><w:r><w:t>a&x;b</w:t></w:r></w:p></w:body></w:document>")
        try:
            found = "".join(paragraph.text for paragraph in read_memo(held.getvalue(), "x.docx"))
        except InvalidMemo:
            found = ""
        assert "geheim" not in found and len(found) < 100
