"""Writes the looks of exported memos, `src/navo_qa/memo_templates/memo.docx` and `memo.odt`, from pandoc's own.

A4, page numbers, one sans serif, footnotes smaller than the text, ruled tables. Edit either file in a word processor
instead where an office has a house style: pandoc takes nothing from it but its styles, page and footer.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

FOLDER = Path(__file__).parents[1] / "src" / "navo_qa" / "memo_templates"
FONT, BLUE = "Arial", "154273"
SIZES = {"Heading 1": 16.0, "Heading 2": 12.5, "Heading 3": 11.0}
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_WHEN = (2025, 1, 1, 0, 0, 0)


def main() -> None:
    """Write both files; the same bytes each time."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "memo.docx").write_bytes(_repacked(word(default("reference.docx")), {}))
    (FOLDER / "memo.odt").write_bytes(_repacked(default("reference.odt"), {"styles.xml": open_document}))


def default(name: str) -> bytes:
    """Return pandoc's own template."""
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", name]
    return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603


def word(template: bytes) -> bytes:
    """Return the Word template in our looks."""
    made = docx.Document(io.BytesIO(template))
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    section.footer_distance = Cm(1.25)
    number = section.footer.paragraphs[0]
    number.alignment = 2  # right
    number._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
                  "<w:t>1</w:t></w:r></w:fldSimple>")
    )  # fmt: skip
    styles = made.styles
    _font(styles["Normal"], 10.5)
    for name in ("Body Text", "First Paragraph"):
        _spaced(styles[name], before=4, after=5, line=1.15)
    _spaced(styles["Compact"], before=1, after=1, line=1.15)
    _spaced(styles["Block Text"], before=0, after=7, line=1.15)
    styles["Block Text"].paragraph_format.left_indent = styles["Block Text"].paragraph_format.right_indent = Cm(1)
    _font(styles["Footnote Text"], 8.5)
    _spaced(styles["Footnote Text"], after=2, line=1.05)
    for name, size in SIZES.items():
        _font(styles[name], size)
        styles[name].font.bold, styles[name].font.color.rgb = True, RGBColor.from_string(BLUE)
        _spaced(styles[name], before=0 if name == "Heading 1" else 12, after=5)
    _ruled(styles["Table"])
    for name in ("asciiTheme", "hAnsiTheme"):
        for fonts in styles.element.iter(qn("w:rFonts")):
            fonts.attrib.pop(qn(f"w:{name}"), None)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def open_document(styles: bytes) -> bytes:
    """Return the styles of the OpenDocument template in our looks."""
    for inches, centimetres in (("8.5in", "21cm"), ("11in", "29.7cm"), ("1in", "2.5cm")):
        styles = styles.replace(f'"{inches}"'.encode(), f'"{centimetres}"'.encode())
    tree = etree.fromstring(styles)
    default = tree.find(f".//{_STYLE}default-style[@{_STYLE}family='paragraph']/{_STYLE}text-properties")
    default.set(f"{_STYLE}font-name", FONT)
    default.set(f"{_FO}font-size", "10.5pt")
    for name, size in SIZES.items():
        own = _named(tree, name.replace(" ", "_20_"))
        text = own.find(f"{_STYLE}text-properties")
        text.attrib.pop(f"{_FO}font-style", None)
        for attribute, value in (("font-size", f"{size}pt"), ("font-weight", "bold"), ("color", f"#{BLUE}")):
            text.set(f"{_FO}{attribute}", value)
    heading = _named(tree, "Heading").find(f"{_STYLE}text-properties")
    heading.set(f"{_STYLE}font-name", FONT)
    _set(
        _named(tree, "Text_20_body"), "paragraph", {"margin-top": "4pt", "margin-bottom": "5pt", "line-height": "115%"}
    )
    _set(_named(tree, "Quotations"), "paragraph", {"margin-top": "0cm", "margin-bottom": "7pt", "line-height": "115%"})
    _set(_named(tree, "Footnote"), "paragraph", {"margin-bottom": "2pt"})
    _set(_named(tree, "Footnote"), "text", {"font-size": "8.5pt"})
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _named(tree: etree._Element, name: str) -> etree._Element:
    return tree.find(f".//{_STYLE}style[@{_STYLE}name='{name}']")


def _set(style: etree._Element, kind: str, values: dict[str, str]) -> None:
    properties = style.find(f"{_STYLE}{kind}-properties")
    if properties is None:
        properties = etree.SubElement(style, f"{_STYLE}{kind}-properties")
    for name, value in values.items():
        properties.set(f"{_FO}{name}", value)


def _font(style: docx.styles.style.CharacterStyle, size: float) -> None:
    style.font.name, style.font.size = FONT, Pt(size)


def _spaced(style: docx.styles.style.ParagraphStyle, *, before: float = 0, after: float = 0, line: float = 1.0) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = line


def _ruled(table: docx.styles.style.BaseStyle) -> None:
    """Rule a table above, below and between its rows, its first in bold."""
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A8A8A"/>' for side in ("top", "bottom", "insideH")
    )
    table.element.find(qn("w:tblStylePr")).insert(0, parse_xml(f"<w:rPr {nsdecls('w')}><w:b/></w:rPr>"))
    table.element.find(qn("w:tblPr")).insert(1, parse_xml(f"<w:tblBorders {nsdecls('w')}>{rules}</w:tblBorders>"))


def _repacked(archive: bytes, changed: dict[str, Callable[[bytes], bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = changed[name](old.read(name)) if name in changed else old.read(name)
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(name, _WHEN), data, kind)
    return out.getvalue()


if __name__ == "__main__":
    main()
