"""The collection: what does a row, a passage id or a document id stand for?

One SQLite file, written once and then only read. A passage's text is stored beside the document's, so that each can
be checked against the other whenever it is served.
"""

from __future__ import annotations

import functools
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from navo_qa import records
from navo_qa.cite.works import own_paper
from navo_qa.errors import DamagedIndex, NotFound
from navo_qa.records import day
from navo_qa.types import Document, Filters, Kind, Paper, Passage, sha256
from navo_qa.versions import Version, resolve

Rows = NDArray[np.int64]

_SCHEMA = """
CREATE TABLE documents (
    ordinal INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
    language TEXT NOT NULL, text TEXT NOT NULL, sha256 TEXT NOT NULL, source TEXT NOT NULL, file TEXT NOT NULL,
    file_sha256 TEXT NOT NULL, meeting TEXT, meeting_start TEXT, meeting_end TEXT, place TEXT, letter_date TEXT,
    reference_list TEXT NOT NULL, headings TEXT NOT NULL, footnotes TEXT NOT NULL, pages TEXT NOT NULL,
    paper TEXT NOT NULL, found TEXT NOT NULL,
    alignment BLOB NOT NULL, first_row INTEGER NOT NULL, passages INTEGER NOT NULL, characters INTEGER NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, paragraph INTEGER NOT NULL, page INTEGER, heading TEXT, key BLOB NOT NULL
);
CREATE TABLE versions (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL, sha256 TEXT NOT NULL, replaced_by TEXT NOT NULL,
    file_sha256 TEXT NOT NULL, document BLOB NOT NULL
);
CREATE TABLE version_passages (
    id TEXT NOT NULL, version TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    paragraph INTEGER NOT NULL, page INTEGER, heading TEXT
);
CREATE INDEX version_passage ON version_passages (id);
"""
_LISTING = (
    "id, title, kind, language, sha256, source, meeting, meeting_start, meeting_end, place, letter_date, "
    "reference_list, first_row, passages, characters, file, paper"
)
_VERSION_PASSAGE = "id, version, start, end, text, paragraph, page, heading"
_VERSION = "SELECT document FROM versions WHERE id = ?"
_PASSAGE = "p.id, d.id, p.start, p.end, p.text, p.paragraph, p.page, p.heading"
_JOINED = f"SELECT {_PASSAGE} FROM passages p JOIN documents d ON d.ordinal = p.document"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Listing:
    """A document without its text: what a list of documents shows, and which rows are its passages.

    paper: the normal form of the parliamentary paper that it is, "28676, nr. 493".
    """

    id: str
    title: str
    kind: Kind
    language: str
    sha256: str
    source: str
    meeting: str | None
    meeting_start: date | None
    meeting_end: date | None
    place: str | None
    letter_date: date | None
    references: tuple[str, ...]
    first_row: int
    passages: int
    characters: int
    paper: str | None

    @property
    def date(self) -> date | None:
        """The date to sort and filter by: the meeting's first day, else the letter's."""
        return self.meeting_start or self.letter_date

    @property
    def rows(self) -> range:
        """The rows of the document's passages."""
        return range(self.first_row, self.first_row + self.passages)


KEPT = 4096  # passages kept once read, some 4 MB


class Collection:
    """Documents and passages, read only, from any number of threads."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises DamagedIndex."""
        self._path = path
        # One connection behind a lock: a thread's own would reopen a path that a later build may have pruned.
        self._lock = threading.Lock()
        with self._guarded():
            uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._passages = int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])
        self._listings: tuple[Listing, ...] | None = None
        self._places: tuple[Rows, Rows] | None = None
        self._lengths, self._asks = np.full(self._passages, -1, np.int32), np.zeros(self._passages, bool)
        self._versions: tuple[Version, ...] | None = None
        self._papers: dict[str, list[str]] | None = None
        self._versioned = bool(self._fetch("SELECT 1 FROM sqlite_master WHERE name = 'versions'"))
        self._cached = functools.lru_cache(maxsize=64)(self._document)
        self._read: dict[int, Passage] = {}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __len__(self) -> int:
        """Return the number of passages, which is the number of rows."""
        return self._passages

    def document(self, document_id: str) -> Document:
        """Return the document, also one that was replaced, by the id that it is kept under.

        Raises NotFound, or DamagedIndex if its text is not what was stored.
        """
        return self._cached(document_id)

    def cited(self, document_id: str, sha256: str | None) -> Document:
        """Return the document of this id with the text of this hash, an earlier version too; else the one there is now.

        Raises NotFound where no document has or had the id.
        """
        mine = [version for version in self.versions() if version.document_id == document_id]
        for version in mine:
            if version.sha256 == sha256:
                return self.document(version.id)
        try:
            return self.document(document_id)
        except NotFound:
            if not mine:
                raise
            return self.document(self.successor(mine[-1].id) or mine[-1].id)

    def versions(self) -> tuple[Version, ...]:
        """Return the documents that were replaced."""
        if self._versions is None:
            columns = "SELECT id, document_id, sha256, replaced_by FROM versions ORDER BY rowid"
            self._versions = tuple(Version(*found) for found in (self._fetch(columns) if self._versioned else ()))
        return self._versions

    def successor(self, document_id: str) -> str | None:
        """Return the id of the document that replaced an earlier version, None for what is no earlier version."""
        versions = self.versions()
        by = {version.document_id: version.replaced_by for version in versions}
        mine = next((version for version in versions if version.id == document_id), None)
        return resolve(mine.replaced_by, by, (listing.id for listing in self.listings())) if mine else None

    def earlier(self, document_id: str) -> tuple[Version, ...]:
        """Return the versions that the document replaced, directly or through others."""
        return tuple(version for version in self.versions() if self.successor(version.id) == document_id)

    def passage(self, passage_id: str) -> Passage:
        """Return the passage. Raises NotFound, or DamagedIndex if it is no slice of its document."""
        found = self._fetch(f"{_JOINED} WHERE p.id = ?", _text(passage_id))
        if not found and self._versioned:
            earlier = f"SELECT {_VERSION_PASSAGE} FROM version_passages WHERE id = ?"  # noqa: S608
            found = self._fetch(earlier, _text(passage_id))
        if not found:
            raise NotFound("passage", passage_id)
        return self._checked(found[0])

    def row(self, passage_id: str) -> int:
        """Return the passage's row. Raises NotFound."""
        found = self._fetch("SELECT row FROM passages WHERE id = ?", _text(passage_id))
        if not found:
            raise NotFound("passage", passage_id)
        return int(found[0][0])

    def passages(self, rows: Sequence[int] | Rows) -> list[Passage]:
        """Return the passages of these rows, in their order. Raises DamagedIndex."""
        wanted = [int(row) for row in rows]
        found = {row: passage for row in wanted if (passage := self._read.get(row))}
        if unread := set(wanted).difference(found):
            marks = ",".join("?" * len(unread))
            joined = _JOINED.replace("SELECT", "SELECT p.row,", 1) + f" WHERE p.row IN ({marks})"
            read = {row: self._checked(columns) for row, *columns in self._fetch(joined, *unread)}
            if missing := sorted(unread.difference(read)):
                raise DamagedIndex(self._path.parent, f"{self._path.name} has no row {missing[0]}")
            if len(self._read) + len(read) <= KEPT:
                self._read |= read
            found |= read
        return [found[row] for row in wanted]

    def shapes(self, rows: Rows) -> tuple[Rows, NDArray[np.bool_]]:
        """Return of each of these rows its number of characters, and whether it ends in a question mark.

        What was asked once is kept, at five bytes a row. Raises DamagedIndex.
        """
        if len(unknown := rows[self._lengths[rows] < 0]):
            marks = ",".join("?" * len(unknown))
            shape = f"SELECT row, end - start, substr(text, -1) = '?' FROM passages WHERE row IN ({marks})"  # noqa: S608
            found = np.array(self._fetch(shape, *unknown.tolist()), np.int64).reshape(-1, 3)
            if len(found) < len(unknown):
                raise DamagedIndex(self._path.parent, f"{self._path.name} lacks some of {len(unknown)} rows")
            self._asks[found[:, 0]] = found[:, 2] > 0
            self._lengths[found[:, 0]] = found[:, 1]  # last: another thread may look
        return self._lengths[rows].astype(np.int64), self._asks[rows]

    def places(self) -> tuple[Rows, Rows]:
        """Return each document's first row and number of passages, in the corpus's order."""
        if self._places is None:
            listings = self.listings()
            firsts, counts = [listing.first_row for listing in listings], [listing.passages for listing in listings]
            self._places = np.array(firsts, np.int64), np.array(counts, np.int64)
        return self._places

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the document's passages in the order of its text. Raises NotFound, DamagedIndex."""
        self.document(document_id)
        found = self._fetch(f"{_JOINED} WHERE d.id = ? ORDER BY p.row", document_id)
        if not found and self._versioned:
            earlier = f"SELECT {_VERSION_PASSAGE} FROM version_passages WHERE version = ? ORDER BY rowid"  # noqa: S608
            found = self._fetch(earlier, document_id)
        return [self._checked(columns) for columns in found]

    def listings(self, after: str | None = None, limit: int | None = None) -> tuple[Listing, ...]:
        """Return the documents without their texts, in the corpus's order, from the one after id `after` on.

        Raises NotFound if `after` is no document.
        """
        if self._listings is None:
            found = self._fetch(f"SELECT {_LISTING} FROM documents ORDER BY ordinal")  # noqa: S608
            self._listings = tuple(map(_listing, found))
        first = 0
        if after is not None:
            places = [place for place, listing in enumerate(self._listings) if listing.id == after]
            if not places:
                raise NotFound("document", after)
            first = places[0] + 1
        return self._listings[first : None if limit is None else first + limit]

    def printed_as(self, reference: str) -> Sequence[str]:
        """Return the ids of the documents that are the paper of this normal form."""
        if self._papers is None:
            papers: dict[str, list[str]] = {}
            for listing in self.listings():
                if listing.paper:
                    papers.setdefault(listing.paper, []).append(listing.id)
            self._papers = papers
        return self._papers.get(reference, ())

    def rows(self, filters: Filters) -> Rows | None:
        """Return the rows that the filters allow, ascending; None where they allow all.

        A document without any date passes no date filter.
        """
        if filters == Filters():
            return None
        return np.fromiter(chain.from_iterable(listing.rows for listing in self.allowed(filters)), np.int64)

    def allowed(self, filters: Filters) -> list[Listing]:
        """Return the documents that the filters allow, in the corpus's order."""
        named = set(filters.document_ids)
        return [listing for listing in self.listings() if _allows(filters, named, listing)]

    def file_hashes(self) -> set[str]:
        """Return the SHA-256 of every file that a document or an earlier version was read from."""
        tables = ("documents", "versions") if self._versioned else ("documents",)
        return {digest for table in tables for (digest,) in self._fetch(f"SELECT file_sha256 FROM {table}")}  # noqa: S608

    def keys(self) -> list[bytes]:
        """Return each row's hash of encoder and encoded text, as the vectors' own list has it."""
        return [key for (key,) in self._fetch("SELECT key FROM passages ORDER BY row")]

    def walk(self) -> Iterator[tuple[Document, list[Passage]]]:
        """Yield every document with its passages, in row order, each checked. Raises DamagedIndex."""
        for listing in self.listings():
            yield self._document(listing.id), self.passages_of(listing.id)

    def _document(self, document_id: str) -> Document:
        found = self._fetch(f"SELECT {records.DOCUMENT} FROM documents WHERE id = ?", _text(document_id))  # noqa: S608
        packed = self._fetch(_VERSION, _text(document_id)) if self._versioned and not found else []
        if not found and not packed:
            raise NotFound("document", document_id)
        with self._guarded():
            document = records.document(found[0]) if found else replace(records.unpack(packed[0][0]), id=document_id)
        if sha256(document.text) != document.sha256:
            raise DamagedIndex(self._path.parent, f'the text of "{document_id}" is not what was stored')
        return document

    def _checked(self, columns: Sequence[Any]) -> Passage:
        passage = Passage(*columns)
        if self.document(passage.document_id).text[passage.start : passage.end] != passage.text:
            raise DamagedIndex(self._path.parent, f'passage "{passage.id}" is no slice of its document')
        return passage

    def _fetch(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._guarded(), self._lock:
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError, zlib.error) as error:
            raise DamagedIndex(self._path.parent, f"{self._path.name} cannot be read ({error})") from error


class CollectionWriter:
    """Writes a collection's file once, document by document; a context manager."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        # No journal: a file that is not finished is thrown away whole.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self.documents = 0
        self.passages = 0
        self.versions = 0

    def __enter__(self) -> CollectionWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:
            self._connection.commit()
        self._connection.close()

    def add(self, document: Document, passages: Sequence[Passage], keys: Sequence[bytes]) -> None:
        """Store a document and its passages as the next rows.

        Raises ValueError if a passage is not the slice of the text that it says.
        """
        for passage in passages:
            if document.text[passage.start : passage.end] != passage.text or passage.document_id != document.id:
                raise ValueError(f"passage {passage.id} is no slice of {document.id}")
        columns = (self.documents, *records.columns(document), self.passages, len(passages), len(document.text))
        self._connection.execute(f"INSERT INTO documents VALUES ({','.join('?' * 25)})", columns)  # noqa: S608
        self._connection.executemany(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                (row, p.id, self.documents, p.start, p.end, p.text, p.paragraph, p.page, p.heading, key)
                for row, (p, key) in enumerate(zip(passages, keys, strict=True), self.passages)
            ),
        )
        self.documents += 1
        self.passages += len(passages)

    def keep(self, version: Version, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document that was replaced, and its passages, which are no rows."""
        own = (version.id, version.document_id, version.sha256, version.replaced_by)
        values = (*own, document.file_sha256, records.pack(document))
        self._connection.execute("INSERT INTO versions VALUES (?,?,?,?,?,?)", values)
        self._connection.executemany(
            "INSERT INTO version_passages VALUES (?,?,?,?,?,?,?,?)",
            ((p.id, version.id, p.start, p.end, p.text, p.paragraph, p.page, p.heading) for p in passages),
        )
        self.versions += 1


def _allows(filters: Filters, named: set[str], listing: Listing) -> bool:
    if filters.kinds and listing.kind not in filters.kinds:
        return False
    if named and listing.id not in named:
        return False
    if filters.date_from and (listing.date is None or (listing.meeting_end or listing.date) < filters.date_from):
        return False
    if filters.date_to and (listing.date is None or listing.date > filters.date_to):
        return False
    written = listing.letter_date or listing.date
    return not filters.as_of or (written is not None and written <= filters.as_of)


def _text(value: str) -> str:
    """Return the value as SQLite can take it: a lone surrogate cannot be encoded, and is no id either."""
    return value.encode("utf-8", "replace").decode()


def _listing(columns: tuple[Any, ...]) -> Listing:
    document_id, title, kind, language, digest, source, meeting, start, end, place, letter, references, *rest = columns
    first_row, passages, characters, file, known = rest
    paper = own_paper(document_id, file, source, title, Paper(*json.loads(known)))
    return Listing(
        document_id,
        title,
        Kind(kind),
        language,
        digest,
        source,
        meeting,
        day(start),
        day(end),
        place,
        day(letter),
        tuple(json.loads(references)),
        first_row,
        passages,
        characters,
        replace(paper, annex=False).normal if paper else None,
    )
