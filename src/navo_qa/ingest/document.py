"""One file becomes a Document: its text by its format's reader, and what is known of it, each with where from."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from navo_qa.errors import ChangedFile, EmptyFile, FileProblem, TooLarge, UnknownFormat, UnreadableFile
from navo_qa.ingest.catalogue import CatalogueRow
from navo_qa.ingest.docx import read_docx
from navo_qa.ingest.eml import read_eml
from navo_qa.ingest.html import read_html
from navo_qa.ingest.md import read_md
from navo_qa.ingest.metadata import read_metadata, title_of_name
from navo_qa.ingest.ocr import read_image
from navo_qa.ingest.official import read_official
from navo_qa.ingest.papers import linked_references, paper_of_name, paper_of_text
from navo_qa.ingest.pdf import read_pdf
from navo_qa.ingest.reading import ReadFile, Reading
from navo_qa.ingest.txt import read_txt
from navo_qa.types import Document, Kind, Paper, sha256

READERS: Mapping[str, ReadFile] = {
    ".txt": read_txt,
    ".text": read_txt,
    ".md": read_md,
    ".markdown": read_md,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".html": read_html,
    ".htm": read_html,
    ".xml": read_official,
    ".eml": read_eml,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), read_image),
}
MAX_SIZE = 100_000_000  # bytes

Catalogue = Mapping[str, CatalogueRow]

_NO_TITLE = re.compile(
    r"^(?:microsoft word|powerpoint|untitled|naamloos|document\d*|none|tldr|titel|title)\b|\.(?:docx?|pdf|indd|odt)$",
    re.IGNORECASE,
)


def read_file(path: Path, catalogue: Catalogue | None = None) -> Document:
    """Return the document that a file holds; the catalogue, then the file's own properties, go before its text.

    Raises a FileProblem: UnreadableFile, UnknownFormat, TooLarge, ChangedFile, BinaryFile, EmptyFile.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnknownFormat(path, list(READERS))
    content = content_of(path)
    reading = reader(content, path)
    if not reading.normalised.text:
        raise EmptyFile(path)
    row = (catalogue or {}).get(path.name) or (catalogue or {}).get(path.stem)
    return _document(path, content, reading, row)


def read_task(path: Path, row: CatalogueRow | None) -> Document | FileProblem:
    """Return a file's document, or what is wrong with it."""
    try:
        return read_file(path, {path.name: row} if row else None)
    except FileProblem as problem:
        return problem


def content_of(path: Path) -> bytes:
    """Return the bytes of a regular file that did not change meanwhile."""
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            raise UnreadableFile(path, "not a regular file")
        if before.st_size > MAX_SIZE:
            raise TooLarge(path, before.st_size, MAX_SIZE)
        with path.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    unchanged = (before.st_size, before.st_mtime_ns, before.st_ino) == (after.st_size, after.st_mtime_ns, after.st_ino)
    if not unchanged or len(content) != after.st_size:
        raise ChangedFile(path)
    return content


def _document(path: Path, content: bytes, reading: Reading, row: CatalogueRow | None) -> Document:
    read = reading.normalised
    stem = _printable(path.stem)
    known, found = _known(reading, stem, row)
    return Document(
        id=row.id if row else stem,
        source=known.pop("source", None) or path.name,
        text=read.text,
        sha256=sha256(read.text),
        file=_printable(path.name),
        file_sha256=hashlib.sha256(content).hexdigest(),
        headings=read.headings,
        footnotes=read.footnotes,
        pages=read.pages,
        alignment=read.alignment,
        paper=Paper(**{name: known.pop(name, None) for name in Paper.__dataclass_fields__}),
        found=tuple(sorted(found.items())),
        unread=reading.unread,
        **known,
    )


def _known(reading: Reading, stem: str, row: CatalogueRow | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is known of a document, and where each was found.

    By its catalogue row, else by the file's own metadata, else by its text, else by its name.
    """
    properties = reading.properties
    known: dict[str, Any] = {}
    found: dict[str, str] = {}
    for where, fields in (
        ("name", paper_of_name(stem)),
        ("text", _of_text(reading, stem)),
        ("file", _given(_valid(properties))),
        ("catalogue", _given(row)),
    ):
        known |= fields
        found |= dict.fromkeys(fields, where)
    if "title" not in known:
        known["title"], found["title"] = title_of_name(stem), "name"
    known.setdefault("kind", Kind.OTHER)
    if linked := linked_references(properties.get("linked", "")):
        known["references"] = tuple(dict.fromkeys((*known.get("references", ()), *linked)))
        found.setdefault("references", "file")
    if found.get("references") in ("text", "file") and not (others := _of_others(known)):
        del known["references"], found["references"]
    elif found.get("references") in ("text", "file"):
        known["references"] = others
    return known, found


def _of_text(reading: Reading, stem: str) -> dict[str, Any]:
    """Return what the text says of itself and, where it is a parliamentary paper, what such papers say."""
    read = reading.normalised
    metadata = read_metadata(read, stem)
    fields = {name: getattr(metadata, name) for name in metadata.__dataclass_fields__}
    fields = {name: value for name, value in fields.items() if value not in (None, ())}
    if fields["kind"] is Kind.OTHER:
        del fields["kind"]
    if not read.headings and fields["title"] == title_of_name(stem):
        del fields["title"]
    if paper_of_name(stem).get("kind"):  # a debate about a meeting is not that meeting
        fields = {name: value for name, value in fields.items() if not name.startswith(("meeting", "place"))}
    return fields | paper_of_text(read.text, reading.properties.get("margins", ""))


def _of_others(known: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the references without the paper's own number."""
    own = f"{known.get('dossier')}, nr. {known.get('number')}"
    return tuple(reference for reference in known.get("references", ()) if reference != own)


def _given(row: CatalogueRow | None) -> dict[str, Any]:
    """Return the fields that a row gives; a meeting's days belong together."""
    if row is None:
        return {}
    fields = row.model_dump(exclude_none=True, exclude={"id", "file", "found", "meeting_end", "replaces"})
    if row.meeting_start:
        fields["meeting_end"] = row.meeting_end or row.meeting_start
    return fields


def _valid(properties: Mapping[str, str]) -> CatalogueRow | None:
    """Return the properties that a catalogue could hold; `date` is the letter's. A program's own title is none."""
    given = {name: value for name, value in properties.items() if name in CatalogueRow.model_fields and value}
    if _NO_TITLE.search(given.get("title", "")):
        del given["title"]
    if properties.get("date"):
        given.setdefault("letter_date", properties["date"])
    given["id"] = "-"
    try:
        return CatalogueRow.model_validate(given)
    except ValidationError as error:
        wrong = {str(part["loc"][0]) if part["loc"] else "meeting_end" for part in error.errors()}
        return _valid({name: value for name, value in given.items() if name not in wrong}) if wrong & {*given} else None


def _printable(name: str) -> str:
    """Return a file's name in NFC with "_" for what is no character of a name."""
    return "".join(c if c.isprintable() else "_" for c in unicodedata.normalize("NFC", name)) or "_"
