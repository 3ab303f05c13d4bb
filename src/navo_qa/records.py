"""A document as a row of values and back, and as packed bytes: what the collection and the cache of reading store."""

from __future__ import annotations

import json
import zlib
from datetime import date
from typing import Any

from navo_qa.types import Alignment, Document, Footnote, Heading, Kind, Page, Paper, Run

DOCUMENT = (
    "id, title, kind, language, text, sha256, source, file, file_sha256, meeting, meeting_start, meeting_end, place, "
    "letter_date, reference_list, headings, footnotes, pages, paper, found, alignment"
)


def columns(document: Document) -> tuple[object, ...]:
    """Return the document's values in the order of DOCUMENT."""
    days = (document.meeting_start, document.meeting_end, document.letter_date)
    start, end, letter = (value.isoformat() if value else None for value in days)
    runs = [[run.start, run.end, run.raw_start, run.raw_end] for run in document.alignment.runs]
    paper = document.paper
    return (
        document.id,
        document.title,
        document.kind.value,
        document.language,
        document.text,
        document.sha256,
        document.source,
        document.file,
        document.file_sha256,
        document.meeting,
        start,
        end,
        document.place,
        letter,
        as_json(document.references),
        as_json([[heading.start, heading.end, heading.level] for heading in document.headings]),
        as_json([[note.label, note.anchor, note.start, note.end] for note in document.footnotes]),
        as_json([[page.number, page.start, page.end] for page in document.pages]),
        as_json([paper.chamber, paper.session, paper.dossier, paper.number, paper.minister]),
        as_json(document.found),
        zlib.compress(as_json(runs).encode()),
    )


def document(values: tuple[Any, ...]) -> Document:
    """Return the document of such values. Raises ValueError, TypeError, KeyError or zlib.error where they are none."""
    document_id, title, kind, language, text, digest, source, file, file_digest, meeting, *rest = values
    start, end, place, letter, references, headings, footnotes, pages, paper, found, alignment = rest
    return Document(
        id=document_id,
        title=title,
        kind=Kind(kind),
        language=language,
        text=text,
        sha256=digest,
        source=source,
        file=file,
        file_sha256=file_digest,
        meeting=meeting,
        meeting_start=day(start),
        meeting_end=day(end),
        place=place,
        letter_date=day(letter),
        references=tuple(json.loads(references)),
        headings=tuple(Heading(*heading) for heading in json.loads(headings)),
        footnotes=tuple(Footnote(*note) for note in json.loads(footnotes)),
        pages=tuple(Page(*page) for page in json.loads(pages)),
        paper=Paper(*json.loads(paper)),
        found=tuple((name, where) for name, where in json.loads(found)),
        alignment=Alignment(tuple(Run(*run) for run in json.loads(zlib.decompress(alignment)))),
    )


def pack(whole: Document) -> bytes:
    """Return the document in bytes."""
    *values, alignment = columns(whole)
    assert isinstance(alignment, bytes)  # noqa: S101
    return zlib.compress(as_json([*values, alignment.hex()]).encode("utf-8", "surrogatepass"), 1)


def unpack(packed: bytes) -> Document:
    """Return the document of such bytes. Raises ValueError, TypeError, KeyError or zlib.error where they are none."""
    *values, alignment = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    return document((*values, bytes.fromhex(alignment)))


def day(text: str | None) -> date | None:
    """Return the day that the text says, None for none."""
    return date.fromisoformat(text) if text else None


def as_json(value: object) -> str:
    """Return the value as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
