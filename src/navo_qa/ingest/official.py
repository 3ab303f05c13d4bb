"""Reads official publications in XML: Kamerstukken, Handelingen and Aanhangsels, with the metadata beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from navo_qa.errors import UnreadableFile
from navo_qa.ingest.columns import Columns, count
from navo_qa.ingest.flow import Flow
from navo_qa.ingest.reading import Reading
from navo_qa.ingest.xml import local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = frozenset("al titel tussenkop item-titel vergadering-nummer vergaderdatum vergadertijd".split())
_BLOCKS |= frozenset("dossiernr ondernr stuknr functie ondertekening-naam datum plaats toelichting-titel".split())
_HEADINGS = {"item-titel": 1, "titel": 2, "tussenkop": 3, "spreker": 4}
_INLINE = frozenset("nadruk extref intref sup inf naam voornaam achternaam voorvoegsels politiek url".split())
_LEFT_OUT = frozenset("metadata meta plaatje illustratie noot.nr noot.lijst".split())
_STOP = re.compile(r"[.,;:)\]»?!]")
_DEEPEST = 200

# What the metadata record of a publication calls the fields of a document.
FIELDS: Mapping[str, str] = {
    "dcterms.title": "title",
    "dc.title": "title",
    "overheidop.dossiernummer": "dossier",
    "overheidop.ondernummer": "number",
    "overheidop.vergaderjaar": "session",
    "overheidop.datumvergadering": "meeting_start",
    "overheidop.datumbrief": "letter_date",
    "overheidop.datumondertekening": "letter_date",
    "dcterms.creator": "chamber",
    "dc.creator": "chamber",
}


def read_official(content: bytes, path: Path) -> Reading:
    """Return the text of an official publication, or of any XML file as its paragraphs. Raises UnreadableFile."""
    root = parse_xml(content, path)
    walk = _Walk()
    walk.block(root, 0)
    properties = dict(_named(root))
    if walk.links:
        properties["linked"] = ";".join(dict.fromkeys(walk.links))
    beside = path.parent / f"{path.stem}.metadata.xml"
    other = path.parent / "metadata.xml"
    for record in (beside, other) if path.name not in (beside.name, other.name) else ():
        if record.is_file():
            properties = {**_read_record(record), **properties}
            break
    return Reading(walk.flow.normalised(), properties)


def _read_record(path: Path) -> dict[str, str]:
    """Return the fields of a metadata.xml."""
    try:
        with path.open("rb") as file:
            content = file.read(5_000_000)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    return dict(_named(parse_xml(content, path)))


def _named(root: _Element) -> Iterator[tuple[str, str]]:
    """Yield the fields that a file's metadata elements name, the first of each."""
    seen: set[str] = set()
    for element in root.iter("{*}metadata", "{*}meta"):
        if local(element) != "meta":
            continue
        ours = FIELDS.get((element.get("name") or "").lower())
        value = " ".join((element.get("content") or "").split())
        if ours and value and ours not in seen:
            seen.add(ours)
            yield ours, value


class _Walk:
    """Walks a publication's elements and gives their text to a flow."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.links: list[str] = []
        self._notes = 0
        self._pending = ""
        self._opens = False
        self._tables: dict[_Element | None, Columns[_Element]] = {}

    def block(self, element: _Element, depth: int) -> None:
        """Read an element: a paragraph, a heading, a speaker, a row, or what holds others."""
        name = local(element)
        if not name or name in _LEFT_OUT or depth > _DEEPEST:
            return
        if name == "li":
            self._list(element, depth)
        elif name == "row":
            self._row(element, depth)
        elif name == "kop":
            self._heading(element, depth)
        elif name in _BLOCKS or name == "spreker" or _is_mixed(element):
            self.flow.close()
            self._inline(element, depth)
            self.flow.close(_HEADINGS.get(name, 0))
        else:
            if (element.text or "").strip():
                self.flow.close()
                self._text(element.text)
                self.flow.close()
            for child in element:
                self.block(child, depth + 1)

    def _heading(self, heading: _Element, depth: int) -> None:
        """Read a heading: its label, number and title on one line."""
        self.flow.close()
        for child in heading:
            self._inline(child, depth + 1)
            self.flow.add_between(" ")
        self.flow.close(2)

    def _list(self, entry: _Element, depth: int) -> None:
        """Read a list's entry: its number goes with its first paragraph."""
        self.flow.close()
        for child in entry:
            if local(child) == "li.nr":
                self._inline(child, depth + 1)
                self.flow.add_between(" ")
            elif local(child) == "al":
                self._inline(child, depth + 1)
                self.flow.close()
            else:
                self.block(child, depth + 1)
        self.flow.close()

    def _row(self, row: _Element, depth: int) -> None:
        self.flow.close()
        group = next((above for above in row.iterancestors() if local(above) == "tgroup"), None)
        columns = self._tables.setdefault(group, Columns())
        names = [child.get("colname") for child in group if local(child) == "colspec"] if group is not None else []
        cells = [child for child in row if local(child) == "entry"]
        heights = (count(cell.get("morerows")) + 1 if "morerows" in cell.attrib else 1 for cell in cells)
        spans = zip(cells, (_width(cell, names) for cell in cells), heights, strict=True)
        for i, cell in enumerate(columns.row(spans)):
            if i:
                self.flow.add_between(" | ")
            if cell is not None:
                self._inline(cell, depth + 1)
        self.flow.close()

    def _inline(self, element: _Element, depth: int) -> None:
        """Read text with what stands in it."""
        if local(element) == "extref" and element.get("doc"):
            self.links.append(element.get("doc") or "")
        self._text(element.text)
        for child in element if depth < _DEEPEST else ():
            name = local(child)
            if name == "noot":
                self._note(child)
            elif name and name not in _LEFT_OUT:
                self._inline(child, depth + 1)
                if name == "al":
                    self.flow.add_between(" ")
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        """Add text; white space that only lays out the XML is dropped after a bracket and before a stop."""
        shown = (text or "").strip()
        before = (text or "")[: len(text or "") - len((text or "").lstrip())]
        self._pending += before
        if not shown:
            return
        laid_out = "\n" in self._pending and (_STOP.match(shown) or self._opens)
        if self._pending and not laid_out:
            self.flow.add(" ")
        self.flow.add(_flat(shown))
        self._pending = (text or "")[len((text or "").rstrip()) :]
        self._opens = shown[-1] in "([«"

    def _note(self, note: _Element) -> None:
        self._notes += 1
        number = next((child for child in note if local(child) == "noot.nr"), None)
        label = "".join(number.itertext()).strip() if number is not None else str(self._notes)
        texts = (_flat("".join(child.itertext())).strip() for child in note if local(child) != "noot.nr")
        self.flow.add_note(label, " ".join(filter(None, texts)))


def _is_mixed(element: _Element) -> bool:
    """Return whether an element holds text beside its children, or nothing but inline elements."""
    if len(element) == 0:
        return True
    return any((child.tail or "").strip() for child in element) or all(local(child) in _INLINE for child in element)


def _width(cell: _Element, names: list[str | None]) -> int:
    """Return how many columns an entry takes, by the names of the first and the last."""
    first, last = cell.get("namest"), cell.get("nameend")
    if first is None or first not in names or last not in names:
        return 1
    return names.index(last) - names.index(first) + 1


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
