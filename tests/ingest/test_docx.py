"""Tests of ingest/docx.py: what Word writes, what a person can do to a Word file, and what an enemy can."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from ingest.fidelity import documents, rate
from navo_qa.errors import UnreadableFile
from navo_qa.ingest import read_file
from navo_qa.ingest.docx import read_docx
from navo_qa.text.normalise import normalise
from strategies import texts

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
HERE = Path("brief.docx")


def word(body: str, **more: str) -> bytes:
    """Return a Word file; more: further parts of word/, by name without its ending."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()
        )
        for name, content in more.items():
            package.writestr(f"word/{name}.xml", content)
    return file.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{safe}</w:t></w:r></w:p>'


def read(body: str, **more: str) -> str:
    return read_docx(word(body, **more), HERE).normalised.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
def test_round_trip(text: str) -> None:
    """Any normalised text, written a paragraph a `w:p`, reads back as the same text; offsets lead to the raw text."""
    text = normalise(text).text
    expected = "\n\n".join(filter(None, (" ".join(part.split()) for part in text.split("\n\n"))))
    reading = read_docx(word("".join(map(paragraph, expected.split("\n\n")))), HERE).normalised
    assert reading.text == expected


def test_headings_by_style_outline_and_hand() -> None:
    """A heading is one by its style, by a style based on one, by its outline level, or as one bold line."""
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="Eigen"><w:name w:val="Eigen"/><w:basedOn w:val="Kop1"/></w:style></w:styles>'
    )
    body = (
        paragraph("Verslag", '<w:pPr><w:pStyle w:val="Kop1"/></w:pPr>')
        + paragraph("Eigen kop", '<w:pPr><w:pStyle w:val="Eigen"/></w:pPr>')
        + paragraph("Derde", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Vet</w:t></w:r></w:p>"
        + "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Vet</w:t></w:r><w:r><w:t> en gewoon</w:t></w:r></w:p>"
    )
    read = read_docx(word(body, styles=styles), HERE).normalised
    assert [(read.text[h.start : h.end], h.level) for h in read.headings] == [
        ("Verslag", 1), ("Eigen kop", 1), ("Derde", 3), ("Vet", 3),
    ]  # fmt: skip


def test_a_large_line_is_a_heading() -> None:
    """A short line without a stop in larger letters than most of the text is a heading, one within a sentence not."""

    def sized(text: str, size: int) -> str:
        return f'<w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'

    small = sized("De haven kreeg een nieuwe kade en een kraan.", 24)
    body = "".join(
        f"<w:p>{runs}</w:p>"
        for runs in (
            sized("Plan voor de haven", 36),
            small,
            sized("De ", 36) + sized("kade", 24),
            sized("Dit is groot.", 36),
            sized("De kraan", 28),
            small,
        )
    )
    read = read_docx(word(body), HERE).normalised
    headings = [(read.text[heading.start : heading.end], heading.level) for heading in read.headings]
    assert headings == [("Plan voor de haven", 2), ("De kraan", 2)]


def test_footnotes() -> None:
    """A footnote stands after its paragraph, with its number and the word that bears it."""
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>'
        '<w:footnote w:id="7"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> Kamerstuk 28676, nr. 1</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    body = (
        '<w:p><w:r><w:t>De steun is geleverd.</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r>'
        "<w:r><w:t> Daarna niet.</w:t></w:r></w:p>"
    )
    read = read_docx(word(body + paragraph("Slot."), footnotes=notes), HERE).normalised
    assert read.text == "De steun is geleverd. Daarna niet.\n\n[1] Kamerstuk 28676, nr. 1\n\nSlot."
    (note,) = read.footnotes
    assert (note.label, read.text[: note.anchor]) == ("1", "De steun is geleverd.")


def test_tracked_changes_are_accepted() -> None:
    """What was deleted or moved away is gone, what was inserted is there, a deleted paragraph mark joins two."""
    body = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Nederland</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>weigert</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>steunt</w:t></w:r></w:ins><w:moveFrom><w:r><w:t> weg</w:t></w:r></w:moveFrom></w:p>"
    )
    assert read(body) == "Nederland steunt"


def test_hidden_text_is_left_out() -> None:
    """Whoever opens the file does not see it, in its text or in its notes; switched off it is seen."""
    run = '<w:r><w:rPr><w:vanish{}/></w:rPr><w:t xml:space="preserve">{} </w:t></w:r>'
    hidden, shown = run.format("", "Geheim."), run.format(' w:val="0"', "Zichtbaar.")
    note = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="1"><w:p>{hidden}{shown}</w:p></w:footnote></w:footnotes>'
    body = f'<w:p>{hidden}{shown}<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    assert read(body, footnotes=note) == "Zichtbaar.\n\n[1] Zichtbaar."


def test_tables_boxes_fields_and_breaks() -> None:
    """A row is a paragraph with bars between cells; a text box follows its paragraph; field codes are not text."""
    cell = "<w:tc>{}</w:tc>".format
    table = f"<w:tbl><w:tr>{cell(paragraph('Land'))}{cell(paragraph('EUR') + paragraph('mln.'))}</w:tr></w:tbl>"
    field = "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>"
    field += "<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>"
    box = f"<w:p><w:r><w:t>Bij</w:t></w:r><w:r><w:txbxContent>{paragraph('Kader')}</w:txbxContent></w:r></w:p>"
    assert read(table + field + box) == "Land | EUR mln.\n\na b c\n\nBij\n\nKader"


def test_a_cell_over_several_columns_leaves_them_empty() -> None:
    """What stands in a later column stays under its head; a width that is none is one column."""
    cell = "<w:tc><w:tcPr><w:gridSpan w:val='{}'/></w:tcPr>{}</w:tc>".format
    cells = cell(2, paragraph("Totaal")) + cell("x", paragraph("26")) + cell(1, paragraph("28"))
    assert read(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == "Totaal | | 26 | 28"


def test_boxes_old_and_new() -> None:
    """An old text box is read; a new one, which a file holds in two forms, once, in a cell too."""
    box = f"<w:txbxContent>{paragraph('Kader')}</w:txbxContent>"
    opened = "<w:p><w:r><w:t>Een</w:t></w:r><w:r>{}</w:r></w:p>".format
    assert read(opened(f"<w:pict>{box}</w:pict>")) == "Een\n\nKader"
    forms = f"<w:Choice>{box}</w:Choice><w:Fallback>{box}</w:Fallback>"
    cells = (
        f"<w:tc>{opened(f'<w:AlternateContent>{forms}</w:AlternateContent>')}</w:tc><w:tc>{paragraph('Twee')}</w:tc>"
    )
    assert read(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == "Een Kader | Twee"


def test_strict_open_xml() -> None:
    """Its names are of another address; tables and headings are read all the same."""
    content = f"<w:tbl><w:tr><w:tc>{paragraph('Land')}</w:tc><w:tc>{paragraph('EUR')}</w:tc></w:tr></w:tbl>"
    with zipfile.ZipFile(io.BytesIO(word(content))) as package:
        document = package.read("word/document.xml").replace(W.encode(), STRICT)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", document)
    assert read_docx(file.getvalue(), HERE).normalised.text == "Land | EUR"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04" + b"\0" * 50, "damaged Word file"),
        (b"", "damaged Word file"),
        (word("")[:200], "damaged Word file"),
        (word("<w:p>"), "damaged XML"),
    ],
)
def test_damaged(content: bytes, says: str) -> None:
    """A damaged file is one clear line."""
    with pytest.raises(UnreadableFile, match=says):
        read_docx(content, HERE)


def test_zip_without_a_document() -> None:
    """Another zip is no Word file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("../../buiten.txt", "x")
    with pytest.raises(UnreadableFile, match=r"no Word file"):
        read_docx(file.getvalue(), HERE)


def test_zip_bomb(tmp_path: Path) -> None:
    """A part that unpacks to a gigabyte is refused within seconds, without being unpacked whole."""
    bomb = tmp_path / "bom.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as part:
        for _ in range(80):
            part.write(b" " * 1_000_000)
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match="unpacks to over 60 MB"):
        read_file(bomb)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY b SYSTEM "file:///etc/hostname">',
        '<!ENTITY % b SYSTEM "file:///etc/hostname">',
    ],
)
def test_entities_are_refused(declared: str) -> None:
    """Entities are neither expanded nor fetched."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        body = f'<!DOCTYPE d [{declared}]><w:document xmlns:w="{W}"><w:body>{paragraph("x")}</w:body></w:document>'
        package.writestr("word/document.xml", body)
    with pytest.raises(UnreadableFile, match="declares entities"):
        read_docx(file.getvalue(), HERE)


def test_deep_nesting_is_bounded() -> None:
    """A thousand elements in one another are no recursion without end."""
    deep = "<w:sdt>" * 200 + paragraph("diep") + "</w:sdt>" * 200
    assert read(deep + paragraph("ondiep")) == "ondiep"


def test_against_pandoc() -> None:
    """The real Word files have pandoc's text: under 2% of the characters differ in each."""
    for path in documents(".docx"):
        assert rate(path) < 0.02, path.name
