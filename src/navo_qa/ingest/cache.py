"""What was read of files before, by what they hold: a build that was killed does not read them again.

    DIR/read.sqlite     hash of (file, its name, its catalogue row, its metadata, our readers) -> Document

Every document is on its way to the disk when the next is read. Losing the file costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import zlib
from functools import cache
from pathlib import Path

from navo_qa.errors import FileProblem
from navo_qa.ingest.catalogue import CatalogueRow
from navo_qa.ingest.document import content_of
from navo_qa.records import pack, unpack
from navo_qa.types import Document, sha256

CACHE = "read.sqlite"

_SOURCES = ("ingest", "text", "cite", "types.py", "records.py")  # what decides how a file is read


class ReadCache:
    """The cache of an index folder, for one process at a time; a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._used: set[str] = set()
        self.hits = 0
        try:
            self._connection = self._opened()
        except sqlite3.DatabaseError:  # half written when the power went: start again
            path.unlink(missing_ok=True)
            self._connection = self._opened()

    def __enter__(self) -> ReadCache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._connection.close()

    def find(self, path: Path, row: CatalogueRow | None) -> tuple[str | None, Document | None]:
        """Return the key of a file, None where it cannot be read, and the document it held when it was last read."""
        try:
            key = _key(path, row)
        except (OSError, FileProblem):
            return None, None
        document = self.get(key)
        self.hits += document is not None
        return key, document

    def get(self, key: str) -> Document | None:
        """Return the document of a key, None where there is none that is whole."""
        found = self._connection.execute("SELECT document FROM read WHERE key = ?", (key,)).fetchone()
        self._used.add(key)
        try:
            document = unpack(found[0]) if found else None
        except (ValueError, TypeError, KeyError, zlib.error):
            return None
        return document if document is None or sha256(document.text) == document.sha256 else None

    def put(self, key: str, document: Document) -> bool:
        """Keep what a file held; False where the file changed between being looked for and being read.

        Raises sqlite3.OperationalError where the disk is full.
        """
        if not key.startswith(document.file_sha256):
            return False
        self._used.add(key)
        self._connection.execute("INSERT OR REPLACE INTO read VALUES (?, ?)", (key, pack(document)))
        return True

    def prune(self) -> None:
        """Drop what this process neither asked for nor put in."""
        known = {key for (key,) in self._connection.execute("SELECT key FROM read")}
        gone = [(key,) for key in known - self._used]
        self._connection.executemany("DELETE FROM read WHERE key = ?", gone)
        if gone:
            self._connection.execute("VACUUM")

    def _opened(self) -> sqlite3.Connection:
        # Each statement is a transaction; without waiting for the disk a killed process loses nothing all the same.
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
            "CREATE TABLE IF NOT EXISTS read (key TEXT PRIMARY KEY, document BLOB NOT NULL) WITHOUT ROWID;"
        )
        return connection


@cache
def readers() -> str:
    """Return a fingerprint of our own code that reads, so that a better reader reads again."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for name in _SOURCES:
        place = root / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _key(path: Path, row: CatalogueRow | None) -> str:
    beside = [path.with_name(f"{path.stem}.metadata.xml"), path.with_name("metadata.xml")]
    records = [record.read_bytes() for record in beside if path.suffix.lower() == ".xml" and record.is_file()]
    content = hashlib.sha256(content_of(path)).hexdigest()
    parts = (
        readers(),
        path.name,
        row.model_dump_json() if row else None,
        [hashlib.sha256(record).hexdigest() for record in records],
        shutil.which("tesseract"),
    )
    return f"{content}-{hashlib.sha256(repr(parts).encode('utf-8', 'surrogatepass')).hexdigest()}"
