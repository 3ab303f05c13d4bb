"""A snapshot: one immutable folder in which row i is the same passage everywhere.

An index folder DIR holds:

    DIR/CURRENT                     the name of the snapshot to open
    DIR/build.lock                  held by the process that builds
    DIR/originals/                  copies of PDF files, by what they hold; see originals.py
    DIR/snapshots/<name>/           manifest.json  collection.sqlite  vectors.faiss  vectors.keys  sentences.npy
                                    sentences.places.npy  lexical/

Folders in `snapshots` that start with a dot are builds under way, or dead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from navo_qa.collection import Collection
from navo_qa.errors import DamagedIndex, IndexNotFound, IndexVersion
from navo_qa.index.base import VectorIndex
from navo_qa.index.faiss import Engine, FaissIndex
from navo_qa.index.sentences import SentenceIndex
from navo_qa.index.tantivy import TantivyIndex
from navo_qa.text import analyse, lexicon

FORMAT = 3
CURRENT = "CURRENT"
SNAPSHOTS = "snapshots"
MANIFEST = "manifest.json"
COLLECTION = "collection.sqlite"
VECTORS = "vectors.faiss"
KEYS = "vectors.keys"
LEXICAL = "lexical"
KEY_BYTES = 32
TRIES = 20  # of opening an index whose current snapshot is replaced meanwhile


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileRecord(_Record):
    """A file as it was written."""

    size: int
    sha256: str


class EncoderRecord(_Record):
    """The encoder of the vectors: `name` loads it, `fingerprint` tells whether it is still the same."""

    name: str
    fingerprint: str
    dim: int
    encoded: str = "context + slice"


class VectorRecord(_Record):
    """The engine of the vectors; `recall` is recall@10 against exact search on a sample."""

    engine: Engine
    parameters: dict[str, int]
    recall: float


class ChunkingRecord(_Record):
    """How documents became passages."""

    version: str
    parameters: dict[str, int | float | str | bool]


class AnalyserRecord(_Record):
    """How text became terms; another fingerprint, and the terms of a question would not be those of the index."""

    version: int
    snowball: str
    fingerprint: str
    lexicon: str

    @property
    def terms(self) -> str:
        """What decides the terms; a Snowball version that stems alike is as good."""
        return f"{self.fingerprint}-{self.lexicon}"


class Counts(_Record):
    """How much the snapshot holds; `words` are different ones."""

    documents: int
    passages: int
    sentences: int
    words: int


class Manifest(_Record):
    """Everything that opening a snapshot needs to know; `content` is a hash of what it was built from."""

    format: int
    created: datetime
    navo_qa: str
    content: str
    encoder: EncoderRecord
    vectors: VectorRecord
    chunking: ChunkingRecord
    analyser: AnalyserRecord
    counts: Counts
    files: dict[str, FileRecord]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open snapshot. It stays whole for whoever opened it, even when later builds remove its folder."""

    folder: Path
    manifest: Manifest
    collection: Collection
    vectors: VectorIndex
    sentences: SentenceIndex
    lexical: TantivyIndex

    @property
    def name(self) -> str:
        """The snapshot's name, which changes with every build."""
        return self.folder.name

    def close(self) -> None:
        """Close the collection; the memory maps go with the object."""
        self.collection.close()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of a whole folder found; no problems, and it is what was written."""

    folder: Path
    manifest: Manifest | None
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def open_snapshot(index_dir: Path, verify: bool = False) -> Snapshot:
    """Return the current snapshot of an index folder.

    Files are checked for presence and size; with `verify` each against its hash, which reads everything.
    Raises IndexNotFound, IndexVersion, DamagedIndex.
    """
    for _ in range(TRIES):
        name = current(index_dir)
        try:
            return _open(index_dir / SNAPSHOTS / name, verify)
        except DamagedIndex:
            # A build may have flipped the pointer and pruned this snapshot while it was being opened.
            if current(index_dir) == name:
                raise
    raise DamagedIndex(index_dir, f"{CURRENT} changes faster than a snapshot can be opened")


def current(index_dir: Path) -> str:
    """Return the name of the current snapshot. Raises IndexNotFound, DamagedIndex."""
    try:
        name = (index_dir / CURRENT).read_bytes().decode("ascii").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexNotFound(index_dir) from error
    except (OSError, ValueError) as error:
        raise DamagedIndex(index_dir, f"{CURRENT} cannot be read ({error})") from error
    if not name or name != Path(name).name or name.startswith("."):
        raise DamagedIndex(index_dir, f"{CURRENT} names no snapshot")
    return name


def check(index_dir: Path) -> CheckReport:
    """Return what is wrong with the current snapshot, every byte and every row looked at.

    Raises IndexNotFound, IndexVersion.
    """
    try:
        folder = index_dir / SNAPSHOTS / current(index_dir)
        manifest = read_manifest(folder)
    except DamagedIndex as error:
        return CheckReport(index_dir, None, (str(error),))
    problems = list(_wrong_files(folder, manifest, hashes=True))
    if not problems:
        try:
            snapshot = _open(folder, verify=False)
            problems += _wrong_rows(snapshot)
            snapshot.close()
        except DamagedIndex as error:
            problems.append(str(error))
    return CheckReport(folder, manifest, tuple(problems))


def read_manifest(folder: Path) -> Manifest:
    """Return the snapshot's manifest. Raises DamagedIndex, IndexVersion."""
    try:
        raw = json.loads((folder / MANIFEST).read_bytes())
        found = raw["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(folder, f"{MANIFEST} cannot be read") from error
    if found != FORMAT:
        raise IndexVersion(folder, found, FORMAT)
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as error:
        raise DamagedIndex(folder, f"{MANIFEST} is not a manifest") from error
    expected = analyser_record()
    if manifest.analyser.terms != expected.terms:
        raise IndexVersion(folder, f"analyser {manifest.analyser.terms}", f"analyser {expected.terms}")
    return manifest


def analyser_record() -> AnalyserRecord:
    """Return the record of this version's analyser and lexicon."""
    return AnalyserRecord(
        version=analyse.ANALYSER_VERSION,
        snowball=analyse.snowball_version(),
        fingerprint=analyse.fingerprint(),
        lexicon=lexicon.fingerprint(),
    )


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Return the record of every file in the folder but the manifest and tantivy's empty locks, by path."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    paths = sorted(path for path in found if path.name != MANIFEST)
    return {
        path.relative_to(folder).as_posix(): FileRecord(size=path.stat().st_size, sha256=_sha256(path))
        for path in paths
    }


def _open(folder: Path, verify: bool) -> Snapshot:
    manifest = read_manifest(folder)
    for problem in _wrong_files(folder, manifest, hashes=verify):
        raise DamagedIndex(folder, problem)
    collection = Collection(folder / COLLECTION)
    try:
        vectors = FaissIndex.open(folder / VECTORS)
        sentences = SentenceIndex.open(folder)
        lexical = TantivyIndex(folder / LEXICAL)
        rows = {len(collection), len(vectors), sentences.rows, len(lexical), manifest.counts.passages}
        if len(rows) > 1 or vectors.dim != manifest.encoder.dim:
            raise DamagedIndex(folder, "its parts hold different numbers of rows or dimensions")
    except BaseException:
        collection.close()
        raise
    return Snapshot(folder, manifest, collection, vectors, sentences, lexical)


def _wrong_files(folder: Path, manifest: Manifest, hashes: bool) -> Iterator[str]:
    for name, record in manifest.files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            digest = _sha256(path) if hashes else record.sha256
        except OSError as error:
            yield f"{name} cannot be read ({error.strerror})"
            continue
        if size != record.size:
            yield f"{name} has {size:,} bytes instead of {record.size:,}"
        elif digest != record.sha256:
            yield f"{name} is not what was written"


def _wrong_rows(snapshot: Snapshot) -> Iterator[str]:
    """Yield what does not agree between the collection, the vectors and the words."""
    manifest, collection = snapshot.manifest, snapshot.collection
    ids: list[str] = []
    for _, passages in collection.walk():
        for passage in passages:
            spans, spoken = snapshot.sentences.sentences(len(ids))
            ids.append(passage.id)
            if not spans or not all(0 <= start < end <= len(passage.text) for start, end in spans):
                yield f'a sentence of "{passage.id}" lies outside it'
            if not np.allclose(np.linalg.norm(spoken, axis=1), 1.0, atol=1e-2):
                yield f'a sentence of "{passage.id}" has no vector of unit length'
    if len(collection.listings()) != manifest.counts.documents or len(ids) != manifest.counts.passages:
        yield "the manifest counts other documents or passages than the collection"
    if dict(snapshot.lexical.passage_ids()) != dict(enumerate(ids)):
        yield "the words' rows are not the collection's"
    if b"".join(collection.keys()) != (snapshot.folder / KEYS).read_bytes():
        yield "the vectors' rows are not the collection's"
    for first in range(0, len(ids), 10_000):
        vectors = snapshot.vectors.vectors(np.arange(first, min(len(ids), first + 10_000)))
        if not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3):  # false for NaN too
            yield f"a vector from row {first} on has no unit length"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
