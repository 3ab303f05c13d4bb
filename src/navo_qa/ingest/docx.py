"""Reads Word files: paragraphs, headings, rows of tables, real footnotes, tracked changes as if accepted."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from navo_qa.errors import UnreadableFile
from navo_qa.ingest.columns import WIDEST, count
from navo_qa.ingest.flow import Flow
from navo_qa.ingest.reading import Reading
from navo_qa.ingest.xml import local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PART = 60_000_000  # bytes of one part once unpacked
MOST_TAGS = 3_000_000  # of a part: Word writes some ten for a stretch of words
MOST_PARTS = 10_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same words, saved as "Strict Open XML"
_HEADING = re.compile(r"(?:heading|kop|überschrift|titre) ?([1-9])$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|titel)$", re.IGNORECASE)
_LITERAL = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
# What a change took away, what belongs to no text, and the older of two drawings of one thing.
_LEFT_OUT = frozenset(
    "del moveFrom instrText delText rPr pPr sectPr Fallback tblPr trPr tcPr sdtPr footnoteRef endnoteRef".split()
)
_PROPERTIES = {"title": "title", "created": "created", "creator": "author"}
_DEEPEST = 100
_LONGEST_HEADING = 100
_LOWEST = 3  # the level of a heading that is only a bold line
_LARGE = 2  # the level of one that is only a line in larger letters
_LARGER = 1.15  # of the size of the running text
_USUAL_SIZE = 22  # half points, where a file says nothing


def read_docx(content: bytes, path: Path) -> Reading:
    """Return the text of a Word file. Raises UnreadableFile for a damaged one, or one that unpacks to too much."""
    package = _Package(content, path)
    reader = _Reader(package)
    body = next((child for child in package.part("word/document.xml") if local(child) == "body"), None)
    if body is None:
        raise UnreadableFile(path, "damaged Word file: it has no body")
    reader.read(body)
    return Reading(reader.flow.normalised(), package.properties())


class _Package:
    """The parts of a Word file, unpacked with a bound."""

    def __init__(self, content: bytes, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableFile(path, f"damaged Word file: {error}") from error
        self._names = set(self._zip.namelist())
        if len(self._names) > MOST_PARTS:
            raise UnreadableFile(path, f"a Word file of {len(self._names):,} parts, which no report has")
        if "word/document.xml" not in self._names:
            raise UnreadableFile(path, "a zip without word/document.xml is no Word file")

    def part(self, name: str) -> _Element:
        """Return a part's root."""
        return parse_xml(self._bytes(name), self._path, MOST_TAGS)

    def has(self, name: str) -> bool:
        """Return whether the package has the part."""
        return name in self._names

    def properties(self) -> Mapping[str, str]:
        """Return what docProps/core.xml says: title, author, the day it was made."""
        if not self.has("docProps/core.xml"):
            return {}
        found = {local(child): (child.text or "").strip() for child in self.part("docProps/core.xml")}
        return {ours: found[theirs] for theirs, ours in _PROPERTIES.items() if found.get(theirs)}

    def _bytes(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as part:
                content = part.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise UnreadableFile(self._path, f"damaged Word file: {name} cannot be unpacked ({error})") from error
        if len(content) > MAX_PART:
            raise UnreadableFile(self._path, f"{name} unpacks to over {MAX_PART / 1e6:.0f} MB, which no report does")
        return content.replace(_STRICT, _W[1:-1].encode())


class _Reader:
    """Walks the body of a Word file."""

    def __init__(self, package: _Package) -> None:
        self.flow = Flow()
        self._levels = _levels(package)
        self._size = 0.0
        self._notes = {kind: _notes(package, kind) for kind in ("footnote", "endnote")}
        self._counts = {"footnote": 0, "endnote": 0}
        self._joins = False

    def read(self, body: _Element) -> None:
        """Read the body of the file."""
        self._size = _running_size(body)
        self.blocks(body)

    def blocks(self, parent: _Element, depth: int = 0) -> None:
        """Read paragraphs and tables."""
        for child in parent if depth < _DEEPEST else ():
            name = local(child)
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child, depth)
            elif name not in _LEFT_OUT:
                self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: _Element) -> None:
        boxes: list[_Element] = []
        self._inline(paragraph, boxes, 0)
        if _mark_deleted(paragraph):  # its paragraph mark was deleted: it goes on in the next
            self.flow.add_between(" ")
        else:
            self.flow.close(self._level(paragraph))
        for box in boxes:
            self.blocks(box)

    def _level(self, paragraph: _Element) -> int:
        return self._styled(paragraph) or _by_hand(paragraph, self._size)

    def _styled(self, paragraph: _Element) -> int:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return 0
        outline = properties.find(f"{_W}outlineLvl")
        if outline is not None and (outline.get(f"{_W}val") or "").isdigit():
            level = int(outline.get(f"{_W}val") or 9) + 1
            return min(level, 6) if level < 10 else 0
        style = properties.find(f"{_W}pStyle")
        return self._levels.get(style.get(f"{_W}val") or "", 0) if style is not None else 0

    def _inline(self, parent: _Element, boxes: list[_Element], depth: int) -> None:
        for child in parent if depth < _DEEPEST else ():
            name = local(child)
            if name == "t":
                self.flow.add(child.text or "")
            elif name in _LITERAL:
                self.flow.add(_LITERAL[name])
            elif name == "sym":
                self.flow.add(_symbol(child.get(f"{_W}char") or ""))
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(name.removesuffix("Reference"), child)
            elif name == "txbxContent":
                boxes.append(child)
            elif name not in _LEFT_OUT and not _is_hidden(child):
                self._inline(child, boxes, depth + 1)

    def _note(self, kind: str, reference: _Element) -> None:
        self._counts[kind] += 1
        text = self._notes[kind].get(reference.get(f"{_W}id") or "")
        if text is not None:
            count = self._counts[kind]
            self.flow.add_note(str(count) if kind == "footnote" else _roman(count), text)

    def _table(self, table: _Element, depth: int) -> None:
        """Read each row as a block: its cells with a bar between; a cell's paragraphs with a space."""
        for row in table.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl")) is not table or _row_deleted(row):
                continue
            first = True
            for cell in row.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr")) is not row:
                    continue
                if not first:
                    self.flow.add_between(" | ")
                first = False
                self._cell(cell)
                self.flow.add_between(" |" * (_width(cell) - 1))
            self.flow.close()

    def _cell(self, cell: _Element, depth: int = 0) -> None:
        boxes: list[_Element] = []
        for child in cell if depth < _DEEPEST else ():
            if local(child) == "p":
                self._inline(child, boxes, 0)
                self.flow.add_between(" ")
            elif local(child) not in _LEFT_OUT:
                self._cell(child, depth + 1)
        for box in boxes:
            self._cell(box, depth + 1)


def _width(cell: _Element) -> int:
    """Return how many columns a cell takes."""
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, min(count(span.get(f"{_W}val") if span is not None else None), WIDEST))


def _levels(package: _Package) -> dict[str, int]:
    """Return the heading level of each paragraph style that is one, by its own name or that of what it is based on."""
    if not package.has("word/styles.xml"):
        return {}
    based: dict[str, str] = {}
    levels: dict[str, int] = {}
    for style in package.part("word/styles.xml").iter(f"{_W}style"):
        key = style.get(f"{_W}styleId") or ""
        name = style.find(f"{_W}name")
        label = (name.get(f"{_W}val") or "") if name is not None else ""
        parent = style.find(f"{_W}basedOn")
        if heading := _HEADING.match(label):
            levels[key] = min(int(heading[1]), 6)
        elif _TITLE.match(label):
            levels[key] = 1
        elif parent is not None:
            based[key] = parent.get(f"{_W}val") or ""
    for key in based:
        above, seen = based[key], {key}
        while above in based and above not in seen:
            seen.add(above)
            above = based[above]
        if above in levels:
            levels[key] = levels[above]
    return levels


def _notes(package: _Package, kind: str) -> dict[str, str]:
    """Return the texts of the footnotes or endnotes by id."""
    name = f"word/{kind}s.xml"
    if not package.has(name):
        return {}
    return {
        note.get(f"{_W}id") or "": " ".join(filter(None, map(_plain, note.iter(f"{_W}p"))))
        for note in package.part(name).iter(f"{_W}{kind}")
        if note.get(f"{_W}type") in (None, "normal")
    }


def _plain(parent: _Element, depth: int = 0) -> str:
    parts: list[str] = []
    for child in parent if depth < _DEEPEST else ():
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _LITERAL:
            parts.append(_LITERAL[name])
        elif name not in _LEFT_OUT and not _is_hidden(child):
            parts.append(_plain(child, depth + 1))
    return "".join(parts)


def _by_hand(paragraph: _Element, size: float) -> int:
    """Return the level of a heading made by hand: a short line without a stop, all of it large or bold; 0 for none.

    size: of the running text.
    """
    runs = list(_runs(paragraph))
    text = "".join(shown for _, shown in runs).strip()
    fits = 2 < len(text) <= _LONGEST_HEADING and text[0].isalnum() and text[-1] not in ".,:;!"
    if not fits or paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return 0
    said = [run for run, shown in runs if shown.strip()]
    if all(_size(run) >= _LARGER * size for run in said):
        return _LARGE
    return _LOWEST if all(_is_bold(run) for run in said) else 0


def _running_size(body: _Element) -> float:
    """Return the size in half points that most characters have."""
    sizes: Counter[float] = Counter()
    for run, shown in _runs(body):
        sizes[_size(run)] += len(shown)
    return sizes.most_common(1)[0][0] if sizes else _USUAL_SIZE


def _runs(parent: _Element) -> Iterator[tuple[_Element, str]]:
    for run in parent.iter(f"{_W}r"):
        yield run, "".join(part.text or "" for part in run.iter(f"{_W}t"))


def _size(run: _Element) -> float:
    """Return the size of a run in half points, as far as it says one itself."""
    size = run.find(f"{_W}rPr/{_W}sz")
    value = (size.get(f"{_W}val") or "") if size is not None else ""
    return float(value) if re.fullmatch(r"\d{1,3}", value, re.ASCII) else _USUAL_SIZE


def _is_bold(run: _Element) -> bool:
    return _is_on(run, "b")


def _is_hidden(run: _Element) -> bool:
    return _is_on(run, "vanish")


def _is_on(run: _Element, name: str) -> bool:
    switch = run.find(f"{_W}rPr/{_W}{name}")
    return switch is not None and switch.get(f"{_W}val") not in ("0", "false", "off")


def _mark_deleted(paragraph: _Element) -> bool:
    return paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None


def _row_deleted(row: _Element) -> bool:
    return row.find(f"{_W}trPr/{_W}del") is not None


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16)) if code else ""
    except (ValueError, OverflowError):
        return ""


def _roman(number: int) -> str:
    written = ""
    for value, letters in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv")):
        written += letters * (number // value)
        number %= value
    return written + "i" * number
