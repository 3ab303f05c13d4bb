"""A build: files become a new snapshot beside the old one, and a pointer is flipped.

    gather -> collection -> vectors (reused by content hash, else encoded) -> words -> manifest -> publish

Whoever dies on the way, the index is the old one or the new one. What a dead build left is removed by the next.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from navo_qa import __version__
from navo_qa.chunk import CHUNKER_VERSION, Chunking, context, passage_sentences, spoken_texts
from navo_qa.collection import Collection, CollectionWriter
from navo_qa.encode import Encoder
from navo_qa.errors import DamagedIndex, FileProblem, IndexNotFound, IndexVersion
from navo_qa.gather import Gathered, Gatherer, Progress, Stage, Wanted, silent
from navo_qa.index import snapshot as layout
from navo_qa.index.faiss import Engine, FaissIndex
from navo_qa.index.originals import keep
from navo_qa.index.publish import publish, workplace
from navo_qa.index.sentences import SentenceIndex
from navo_qa.index.snapshot import Manifest, Snapshot, check, open_snapshot
from navo_qa.index.tantivy import Entry, TantivyIndex
from navo_qa.ingest import Copy
from navo_qa.ingest.cache import CACHE, ReadCache
from navo_qa.types import Document, Passage
from navo_qa.vectors import Vectors
from navo_qa.versions import Doubt, Version

__all__ = ["BuildSummary", "Progress", "Stage", "Wanted", "build", "check", "open_snapshot"]

T = TypeVar("T")

BATCH = 256  # passages encoded between two reports of progress
UPLOADS = "uploads"  # the folder of what came in by the API, which every build reads too


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did. `changed` is False where nothing differed and the snapshot that was there was kept.

    remembered: files that were not read again. replaced: documents that became earlier versions by this build.
    read: the id of the document that is searched of each file.
    """

    snapshot: str
    changed: bool
    documents: int
    passages: int
    encoded: int
    reused: int
    problems: tuple[FileProblem, ...]
    copies: tuple[Copy, ...]
    seconds: float
    pages: int = 0
    remembered: int = 0
    replaced: tuple[Version, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    read: Mapping[Path, str] = field(default_factory=dict)


def build(
    paths: Sequence[Path],
    index_dir: Path,
    encoder: Encoder,
    *,
    chunking: Chunking | None = None,
    engine: Engine | None = None,
    originals: bool = True,
    wanted: Wanted | None = None,
    wait: bool = False,
    progress: Progress | None = None,
) -> BuildSummary:
    """Build an index of the corpus in `index_dir`, and of what was uploaded to it, and return what was done.

    engine: the vectors' engine; by default flat, and HNSW for very many passages. originals: whether to keep copies of
    the PDF files, so that their pages can be shown. wanted: what becomes of versions. wait: for another build to end.
    Raises InputError where nothing can be read, BuildInProgress, WriteFailed; the earlier index then still stands.
    """
    started = time.monotonic()
    wanted = wanted or Wanted()
    builder = _Builder(encoder, chunking or Chunking(), engine, progress or silent)
    uploads = index_dir / UPLOADS
    everything = [*paths, uploads] if uploads.is_dir() and not wanted.add else [*paths]
    with workplace(index_dir, wait) as folder, ReadCache(index_dir / CACHE) as cache:
        known = _earlier_collection(index_dir)
        reading = builder.read(Gatherer(cache, known, wanted, builder.progress), everything, folder / layout.COLLECTION)
        before = _earlier(index_dir)
        changed = before is None or before.manifest.content != reading.content
        encoded = builder.write(folder, reading, before) if changed else 0
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.urandom(2).hex()}"
        kept = reading.originals | (before.collection.file_hashes() if before else set())
        keep(index_dir, reading.files, kept if originals else ())
        if changed:
            publish(index_dir, folder, name)
        if not wanted.add:
            cache.prune()
        for opened in (before, known):
            if opened:
                opened.close()
    return BuildSummary(
        snapshot=name if changed or not before else before.name,
        changed=changed,
        documents=reading.documents,
        passages=reading.passages,
        encoded=encoded,
        reused=reading.passages - encoded,
        problems=tuple(reading.problems),
        copies=tuple(reading.copies),
        seconds=time.monotonic() - started,
        pages=reading.pages,
        remembered=cache.hits,
        replaced=tuple(reading.replaced),
        doubts=reading.doubts,
        read=reading.read,
    )


def texts_of(document: Document, passage: Passage) -> list[str]:
    """Return all that is encoded for a passage: itself with its context, then its sentences."""
    return [encoded_text(document, passage), *spoken_texts(document, passage)]


def encoded_text(document: Document, passage: Passage) -> str:
    """Return what is encoded for a passage: its context, then its slice."""
    return f"{context(document, passage)}\n{passage.text}".lstrip()


@dataclass(frozen=True, slots=True)
class _Builder:
    encoder: Encoder
    chunking: Chunking
    engine: Engine | None
    progress: Progress

    def read(self, gatherer: Gatherer, paths: Sequence[Path], path: Path) -> Gathered:
        """Write the corpus's collection and return what was read."""
        gatherer.read(paths)
        with CollectionWriter(path) as collection:
            gatherer.write(collection, self.chunking, lambda document, passage: self._key(*texts_of(document, passage)))
        parameters = (layout.FORMAT, __version__, self.encoder.name, self.encoder.fingerprint, self.encoder.dim)
        chosen = (CHUNKER_VERSION, self.chunking, self.engine, layout.analyser_record().terms)
        whole = repr((parameters, chosen, gatherer.gathered.content))
        gatherer.gathered.content = hashlib.sha256(whole.encode()).hexdigest()
        return gatherer.gathered

    def write(self, folder: Path, reading: Gathered, before: Snapshot | None) -> int:
        """Write the vectors, the words and the manifest of a collection; return how many passages were encoded."""
        collection = Collection(folder / layout.COLLECTION)
        encoded, vectors, sentences = self._vectors(collection, before)
        sentences.save(folder)
        index = FaissIndex.build(vectors, self.engine)
        index.save(folder / layout.VECTORS)
        (folder / layout.KEYS).write_bytes(b"".join(collection.keys()))
        words = self._words(collection, folder / layout.LEXICAL)
        collection.close()
        manifest = Manifest(
            format=layout.FORMAT,
            created=datetime.now(UTC),
            navo_qa=__version__,
            content=reading.content,
            encoder=layout.EncoderRecord(
                name=self.encoder.name, fingerprint=self.encoder.fingerprint, dim=self.encoder.dim
            ),
            vectors=layout.VectorRecord(
                engine=index.engine, parameters=index.parameters(), recall=index.recall(vectors)
            ),
            chunking=layout.ChunkingRecord(version=CHUNKER_VERSION, parameters=asdict(self.chunking)),
            analyser=layout.analyser_record(),
            counts=layout.Counts(
                documents=reading.documents, passages=reading.passages, sentences=len(sentences), words=words
            ),
            files=layout.record_files(folder),
        )
        (folder / layout.MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
        return encoded

    def _vectors(self, collection: Collection, before: Snapshot | None) -> tuple[int, Vectors, SentenceIndex]:
        """Return how many passages had to be encoded, every row's vector, and every row's sentences with theirs."""
        known = {key: row for row, key in enumerate(before.collection.keys())} if before else {}
        earlier = [known.get(key) for key in collection.keys()]
        vectors = np.empty((len(earlier), self.encoder.dim), np.float32)
        spans: list[list[tuple[int, int]]] = []
        spoken: list[Vectors] = []
        missing, done = earlier.count(None), 0
        for rows in _batched(enumerate(_passages(collection)), BATCH):
            new = [(row, *found) for row, found in rows if earlier[row] is None]
            made = self._encoded([(document, passage) for _, document, passage in new])
            for row, (_, passage) in rows:
                place = earlier[row]
                if before is None or place is None:
                    vectors[row], own = next(made)
                    found = passage_sentences(passage), own
                else:
                    vectors[row] = before.vectors.vectors(np.array([place]))[0]
                    found = before.sentences.sentences(place)
                spans.append(found[0])
                spoken.append(found[1].astype(np.float16))
            done += len(new)
            if new:
                self.progress("encode", done, missing)
        sentences = np.concatenate(spoken) if spoken else np.empty((0, self.encoder.dim), np.float16)
        return missing, vectors, SentenceIndex.of(sentences, spans)

    def _encoded(self, found: Sequence[tuple[Document, Passage]]) -> Iterator[tuple[Vectors, Vectors]]:
        """Yield each passage's vector (dim,) and its sentences' (n, dim)."""
        said = [spoken_texts(document, passage) for document, passage in found]
        texts = [encoded_text(document, passage) for document, passage in found] + list(chain.from_iterable(said))
        vectors = self.encoder.encode_passages(texts)
        first = len(found)
        for i, own in enumerate(said):
            yield vectors[i], vectors[first : first + len(own)]
            first += len(own)

    def _words(self, collection: Collection, folder: Path) -> int:
        """Write the words' index and return how many different words there are."""
        folder.mkdir()
        total = len(collection)
        index = TantivyIndex.build(
            folder, lambda: _entries(collection), lambda done: self.progress("words", done, total)
        )
        return len(index.words)

    def _key(self, *texts: str) -> bytes:
        """Return the hash under which a passage's vectors are found again."""
        whole = "\0".join((self.encoder.fingerprint, str(self.encoder.dim), *texts))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).digest()


def _earlier(index_dir: Path) -> Snapshot | None:
    """Return the current snapshot, every byte of it verified, or None where there is none that can be used."""
    try:
        return open_snapshot(index_dir, verify=True)
    except (IndexNotFound, IndexVersion, DamagedIndex):
        return None


def _passages(collection: Collection) -> Iterator[tuple[Document, Passage]]:
    """Yield every passage with its document, in row order."""
    for document, passages in collection.walk():
        for passage in passages:
            yield document, passage


def _earlier_collection(index_dir: Path) -> Collection | None:
    """Return the current snapshot's documents, also where the rest of it is of another version of ours."""
    try:
        return Collection(index_dir / layout.SNAPSHOTS / layout.current(index_dir) / layout.COLLECTION)
    except (IndexNotFound, DamagedIndex):
        return None


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of `size`, the last one shorter. Python 3.12 has its own."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _entries(collection: Collection) -> Iterator[Entry]:
    for document, passage in _passages(collection):
        language: Literal["nl", "en"] = "en" if document.language == "en" else "nl"
        yield Entry(passage.text, context(document, passage), language, passage.id)
