"""How does a file become a Document? One reader a format; metadata from the catalogue, else from the text."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from navo_qa.errors import (
    ChangedFile,
    DuplicateId,
    EmptyFile,
    FileProblem,
    NoDocuments,
    TooLarge,
    UnknownFormat,
    UnreadableFile,
)
from navo_qa.ingest.catalogue import CATALOGUE, CatalogueRow, read_catalogue
from navo_qa.ingest.docx import read_docx
from navo_qa.ingest.eml import read_eml
from navo_qa.ingest.html import read_html
from navo_qa.ingest.md import read_md
from navo_qa.ingest.metadata import read_metadata
from navo_qa.ingest.ocr import read_image
from navo_qa.ingest.official import read_official
from navo_qa.ingest.papers import linked_references, paper_of_name, paper_of_text
from navo_qa.ingest.parallel import read_all
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


@dataclass(frozen=True, slots=True)
class Copy:
    """A file with the text of another document, which is not indexed twice."""

    path: Path
    of: Path
    document_id: str

    def __str__(self) -> str:
        return f'{self.path}: has the text of {self.of} and is left out; it is indexed once, as "{self.document_id}"'


def read_file(path: Path, catalogue: Catalogue | None = None) -> Document:
    """Return the document that a file holds; the catalogue, then the file's own properties, go before its text.

    Raises a FileProblem: UnreadableFile, UnknownFormat, TooLarge, ChangedFile, BinaryFile, EmptyFile.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnknownFormat(path, list(READERS))
    content = _content(path)
    reading = reader(content, path)
    if not reading.normalised.text:
        raise EmptyFile(path)
    row = (catalogue or {}).get(path.name) or (catalogue or {}).get(path.stem)
    return _document(path, content, reading, row)


def read_corpus(paths: Sequence[Path], workers: int | None = None) -> Iterator[Document | FileProblem | Copy]:
    """Yield a document, or what is wrong, for each file, folder by folder in the order of names.

    Folders are read whole, with the catalogue.csv that each may hold; hidden files and READMEs are passed over.
    workers: processes that read; by default as many as pay for themselves.
    Raises CatalogueError for a catalogue that cannot be used, NoDocuments if no file became a document.
    """
    by_id: dict[str, Path] = {}
    by_text: dict[str, tuple[Path, str]] = {}
    catalogues: dict[Path, Catalogue] = {}
    tasks = [found if isinstance(found, FileProblem) else _task(found, catalogues) for found in files(paths)]
    for found, document in read_all(read_task, tasks, workers):
        if isinstance(document, FileProblem):
            yield document
        elif document.sha256 in by_text:
            yield Copy(found, *by_text[document.sha256])
        elif document.id in by_id:
            yield DuplicateId(found, by_id[document.id], document.id)
        else:
            by_id[document.id] = found
            by_text[document.sha256] = (found, document.id)
            yield document
    if not by_id:
        raise NoDocuments([str(path) for path in paths], list(READERS))


def read_task(path: Path, row: CatalogueRow | None) -> Document | FileProblem:
    """Return a file's document, or what is wrong with it."""
    try:
        return read_file(path, {path.name: row} if row else None)
    except FileProblem as problem:
        return problem


def _task(path: Path, catalogues: dict[Path, Catalogue]) -> tuple[Path, CatalogueRow | None]:
    catalogue = _catalogue(path.parent, catalogues)
    return path, catalogue.get(path.name) or catalogue.get(path.stem)


def _catalogue(folder: Path, catalogues: dict[Path, Catalogue]) -> Catalogue:
    if folder not in catalogues:
        path = folder / CATALOGUE
        catalogues[folder] = read_catalogue(path) if path.is_file() else {}
    return catalogues[folder]


def files(paths: Sequence[Path]) -> Iterator[Path | FileProblem]:
    """Yield each file of a corpus once, however often it is named or linked to."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        yield from _walk(path, seen, named=True)


def _walk(path: Path, seen: set[tuple[int, int]], *, named: bool) -> Iterator[Path | FileProblem]:
    try:
        status = path.stat()
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        children = sorted(path.iterdir()) if stat.S_ISDIR(status.st_mode) else None
    except OSError as error:
        yield UnreadableFile(path, error.strerror or str(error))
        return
    if children is None:
        yield path
        return
    for child in children:
        if not _passed_over(child):
            yield from _walk(child, seen, named=False)
    if named or (path / CATALOGUE).is_file():
        yield from _missing(path, {child.name for child in children})


def _passed_over(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name == CATALOGUE or path.stem.lower() == "readme"


def _missing(folder: Path, names: set[str]) -> Iterator[FileProblem]:
    """Yield a problem for each row of a folder's catalogue that names no file in it."""
    path = folder / CATALOGUE
    stems = {Path(name).stem for name in names}
    for key in read_catalogue(path) if path.is_file() else ():
        if key not in names and key not in stems:
            yield UnreadableFile(folder / key, f"named in {CATALOGUE}, but there is no such file")


def _content(path: Path) -> bytes:
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
        known["title"], found["title"] = re.sub(r"[\s_]+", " ", stem).strip() or stem, "name"
    known.setdefault("kind", Kind.OTHER)
    if linked := linked_references(properties.get("linked", "")):
        known["references"] = tuple(dict.fromkeys((*known.get("references", ()), *linked)))
    return known, found


def _of_text(reading: Reading, stem: str) -> dict[str, Any]:
    """Return what the text says of itself and, where it is a parliamentary paper, what such papers say."""
    read = reading.normalised
    metadata = read_metadata(read, stem)
    fields = {name: getattr(metadata, name) for name in metadata.__dataclass_fields__}
    fields = {name: value for name, value in fields.items() if value not in (None, ())}
    if fields["kind"] is Kind.OTHER:
        del fields["kind"]
    if not read.headings:
        del fields["title"]  # the name's
    if paper_of_name(stem).get("kind"):  # a debate about a meeting is not that meeting
        fields = {name: value for name, value in fields.items() if not name.startswith(("meeting", "place"))}
    return fields | paper_of_text(read.text, reading.properties.get("margins", ""))


def _given(row: CatalogueRow | None) -> dict[str, Any]:
    """Return the fields that a row gives; a meeting's days belong together."""
    if row is None:
        return {}
    fields = row.model_dump(exclude_none=True, exclude={"id", "file", "found", "meeting_end"})
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
