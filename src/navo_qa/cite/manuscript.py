"""What does a memo say, and where? Paragraphs with their line or page and footnotes: Markdown, text, DOCX, PDF."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from navo_qa.errors import FileProblem, InvalidMemo

NoteId: TypeAlias = tuple[str, str | None]  # "footnote" or "endnote", and its number in the file

MAX_BYTES = 20_000_000
MAX_UNPACKED = 100_000_000
MAX_CHARACTERS = 5_000_000

_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_ITEM = re.compile(r"\s{0,8}(?:[-*+]|\d{1,3}[.)])\s+\S")
_NOTE = re.compile(r"^\[\^([^\]\s]{1,80})\]:\s*(.*)$")
_FOOT = re.compile(r"(\d{1,3})\s+(?=[A-Z‘“(])(.{8,})", re.DOTALL)  # "5 Brief van 23 mei 2025, …"
_ESCAPED = r"(?P<mark>\\\[(?=@))|\\(?P<sign>[^\w\s@]|_)|(?P<entity>&(?:[A-Za-z]{2,8}|#\d{2,6});)"
_PLAIN = re.compile(_ESCAPED)
_INLINE = re.compile(
    rf"{_ESCAPED}|<(?!https?:)/?[A-Za-z!][^<>]{{0,400}}>"
    r"|\^\[(?P<note>(?:[^\[\]]|\[[^\[\]]{0,1000}\]){0,3000})\]|\[\^(?P<ref>[^\]\s]{1,80})\](?!:)"
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_INDENT = 280  # twentieths of a point: half a centimetre
_QUOTE_STYLE = re.compile(r"quote|citaat|blocktext|bloktekst", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: the offset in its paragraph after which its mark stands, and its text."""

    anchor: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a memo; `quoted` where it is set as a quotation. line, page: from 1, None where not known.

    maybe_quoted: indented in Word; any of a PDF, which does not tell.
    """

    text: str
    line: int | None = None
    page: int | None = None
    quoted: bool = False
    notes: tuple[Note, ...] = ()
    maybe_quoted: bool = False

    def line_of(self, offset: int) -> int | None:
        """Return the line that the offset stands on."""
        return None if self.line is None else self.line + self.text.count("\n", 0, offset)

    def followed_by(self, other: Paragraph) -> Paragraph:
        """Return the two as one, an empty line between."""
        shift = len(self.text) + 2
        notes = tuple(Note(note.anchor + shift, note.text) for note in other.notes)
        return Paragraph(f"{self.text}\n\n{other.text}", self.line, self.page, self.quoted, (*self.notes, *notes))


def read_memo(content: bytes, name: str) -> list[Paragraph]:
    """Return the paragraphs of a file; its ending says what it is, its first bytes have the last word.

    Raises InvalidMemo.
    """
    if len(content) > MAX_BYTES:
        raise InvalidMemo(name, f"is over {MAX_BYTES / 1e6:.0f} MB; split it")
    ending = name.rsplit(".", 1)[-1].lower()
    if content.startswith(b"PK\x03\x04"):
        return _docx(content, name)
    if content.startswith(b"%PDF-"):
        return _pdf(content, name)
    if ending in ("docx", "pdf"):
        raise InvalidMemo(name, f"is no {ending.upper()} file, whatever its name says")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidMemo(name, "is neither UTF-8 text nor DOCX nor PDF; save it as one of these") from error
    if "\0" in text:
        raise InvalidMemo(name, "is not text but binary")
    return read_text(text, name) if ending == "txt" else read_markdown(text, name)


def read_text(text: str, name: str = "memo") -> list[Paragraph]:
    """Return the paragraphs of plain text, which an empty line parts."""
    return list(_blocks(_checked(text, name).splitlines(), markdown=False))


def read_markdown(text: str, name: str = "memo") -> list[Paragraph]:
    """Return the paragraphs of Markdown, each footnote with the paragraph that bears its mark; code is left out."""
    lines = _checked(text, name).splitlines()
    notes: dict[str, str] = {}
    open_note: str | None = None
    for i, line in enumerate(lines):
        if match := _NOTE.match(line):
            open_note = match[1]
            notes[open_note] = match[2]
        elif open_note is not None and line.startswith(("    ", "\t")):
            notes[open_note] += f" {line.strip()}"
        else:
            open_note = None
            continue
        lines[i] = ""
    return [_with_notes(paragraph, notes) for paragraph in _blocks(lines, markdown=True)]


def _checked(text: str, name: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise InvalidMemo(name, f"has over {MAX_CHARACTERS:,} characters; split it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(lines: list[str], *, markdown: bool) -> Iterator[Paragraph]:
    held: list[str] = []
    first, fence, quoted = 1, "", False
    for number, line in enumerate([*lines, ""], start=1):
        if markdown and (mark := _FENCE.match(line)) and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
            line = ""
        elif fence:
            line = ""
        is_quote = markdown and line.lstrip().startswith(">")
        content = re.sub(r"^\s*(?:>\s?)+", "", line) if is_quote else line
        heading = markdown and line.startswith("#")
        item = markdown and not is_quote and not quoted and bool(_ITEM.match(line))
        if held and (not content.strip() or heading or item or is_quote and not quoted):
            yield Paragraph("\n".join(held), first, quoted=quoted)
            held = []
        if content.strip():
            if not held:
                first, quoted = number, is_quote
            held.append(content)
            if heading:
                yield Paragraph(content.lstrip("# "), number)
                held = []


def _with_notes(paragraph: Paragraph, notes: dict[str, str]) -> Paragraph:
    parts: list[str] = []
    found: list[Note] = []
    at = length = 0
    for match in _INLINE.finditer(paragraph.text):
        if match["ref"] is not None or match["note"] is not None:
            written = notes.get(match["ref"], "") if match["ref"] is not None else match["note"]
            found.append(Note(length + match.start() - at, _plain(written)))
        # As many lines stay, so that an offset tells its line.
        plain = _said(match) if match.lastgroup in _PLAIN.groupindex else "\n" * match[0].count("\n")
        parts += [paragraph.text[at : match.start()], plain]
        length += match.start() - at + len(plain)
        at = match.end()
    parts.append(paragraph.text[at:])
    return Paragraph("".join(parts), paragraph.line, None, paragraph.quoted, tuple(found))


def _plain(text: str) -> str:
    return _PLAIN.sub(_said, text)


def _said(match: re.Match[str]) -> str:
    r"""Return what a Markdown escape or entity stands for: "<" for "\<"; an escaped mark is none."""
    return " " if match["mark"] else match["sign"] or html.unescape(match["entity"])


def _docx(content: bytes, name: str) -> list[Paragraph]:
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {member.filename: member.file_size for member in archive.infolist()}
            if sum(members.values()) > MAX_UNPACKED or len(members) > 5_000:
                raise InvalidMemo(name, f"unpacks to over {MAX_UNPACKED / 1e6:.0f} MB; no memo is that large")
            if "word/document.xml" not in members:
                raise InvalidMemo(name, "is a ZIP file but no Word document")
            body = _part(archive, "word/document.xml", name)
            noted = {
                kind: _part(archive, f"word/{kind}s.xml", name)
                for kind in ("footnote", "endnote")
                if f"word/{kind}s.xml" in members
            }
        parse: Callable[[bytes], Any] = lambda data: etree.fromstring(  # noqa: E731
            data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        )
        notes = {}
        for kind, part in noted.items():
            for note in parse(part).iter(f"{_W}{kind}"):
                said = " ".join(_run_text(paragraph)[0] for paragraph in note.iter(f"{_W}p"))
                notes[kind, note.get(f"{_W}id")] = said
        return list(_docx_paragraphs(parse(body), notes))
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, NotImplementedError, RuntimeError, EOFError) as error:
        raise InvalidMemo(name, f"is damaged ({str(error)[:100]})") from error


def _part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    with archive.open(part) as file:
        data = file.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise InvalidMemo(name, f"unpacks to over {MAX_UNPACKED / 1e6:.0f} MB; no memo is that large")
    return data


def _docx_paragraphs(body: Any, notes: dict[NoteId, str]) -> Iterator[Paragraph]:  # noqa: ANN401
    for element in body.iter(f"{_W}p"):
        text, anchors = _run_text(element)
        if not text.strip():
            continue
        style = element.find(f"{_W}pPr/{_W}pStyle")
        quoted = style is not None and bool(_QUOTE_STYLE.search(style.get(f"{_W}val") or ""))
        found = tuple(Note(at, notes.get(label, "")) for at, label in anchors)
        yield Paragraph(text, quoted=quoted, notes=found, maybe_quoted=_is_indented(element))


def _is_indented(paragraph: Any) -> bool:  # noqa: ANN401
    indent = paragraph.find(f"{_W}pPr/{_W}ind")
    if indent is None or paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return False
    left = indent.get(f"{_W}left") or indent.get(f"{_W}start") or ""
    return left.isdigit() and int(left) >= _INDENT


def _run_text(paragraph: Any) -> tuple[str, list[tuple[int, NoteId]]]:  # noqa: ANN401
    """Return a paragraph's text, tracked deletions left out, and where its notes' marks stand."""
    parts: list[str] = []
    anchors: list[tuple[int, NoteId]] = []
    plain = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    for element in paragraph.iter():
        tag = str(element.tag).removeprefix(_W)
        if tag == "t":
            parts.append(element.text or "")
        elif tag in plain:
            parts.append(plain[tag])
        elif tag in ("footnoteReference", "endnoteReference"):
            anchors.append((sum(map(len, parts)), (tag.removesuffix("Reference"), element.get(f"{_W}id"))))
    return "".join(parts), anchors


def _pdf(content: bytes, name: str) -> list[Paragraph]:
    from navo_qa.ingest.pdf import read_pdf

    try:
        read = read_pdf(content, Path(name)).normalised
    except FileProblem as error:
        raise InvalidMemo(name, str(error).removeprefix(f"{error.path}: ")) from error
    noted = {note.start for note in read.footnotes}
    found: list[Paragraph] = []
    at = 0
    for block in read.text.split("\n\n"):
        start, end = at, at + len(block)
        at = end + 2
        if any(start <= first <= end for first in noted):
            continue  # a footnote, which goes with the paragraph that bears its mark
        notes = (
            Note(note.anchor - start, read.text[note.start : note.end])
            for note in read.footnotes
            if start <= note.anchor <= end
        )
        page = next((page.number for page in read.pages if page.start <= start < page.end), 1)
        found.append(Paragraph(block, page=page, notes=tuple(notes), maybe_quoted=True))
    return _with_feet(found)


def _with_feet(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, each numbered note at a page's foot with the word that bears its number: "komt.”.5"."""
    kept: list[Paragraph] = []
    for number, paragraph in enumerate(paragraphs):
        foot = _FOOT.match(paragraph.text)
        last = number + 1 == len(paragraphs) or paragraphs[number + 1].page != paragraph.page
        ends = last or bool(_FOOT.match(paragraphs[number + 1].text))
        bearer = _bearer(kept, foot[1], paragraph.page) if foot and ends else None
        if foot is None or bearer is None:
            kept.append(paragraph)
            continue
        place, at = bearer
        own = kept[place]
        text = own.text[:at] + " " * len(foot[1]) + own.text[at + len(foot[1]) :]
        kept[place] = replace(own, text=text, notes=(*own.notes, Note(at, foot[2])))
    return kept


def _bearer(paragraphs: list[Paragraph], label: str, page: int | None) -> tuple[int, int] | None:
    """Return which paragraph of the page bears the note's number, and where in it."""
    mark = re.compile(rf"(?<=[^\W\d_]|[.,;:!?”“»\"')\]]){label}(?![\w%]|[.,]\d)")
    for place in range(len(paragraphs) - 1, -1, -1):
        if paragraphs[place].page != page:
            break
        if found := mark.search(paragraphs[place].text):
            return place, found.start()
    return None
