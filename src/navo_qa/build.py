"""A build: files become a new snapshot beside the old one, and a pointer is flipped.

    read -> collection -> vectors (reused by content hash, else encoded) -> words -> manifest -> publish

Whoever dies on the way, the index is the old one or the new one. What a dead build left is removed by the next.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import numpy as np

from navo_qa import __version__
from navo_qa.chunk import CHUNKER_VERSION, Chunking, chunk, context, passage_sentences
from navo_qa.collection import Collection, CollectionWriter
from navo_qa.encode import Encoder, Vectors
from navo_qa.errors import DamagedIndex, FileProblem, IndexNotFound, IndexVersion
from navo_qa.index import snapshot as layout
from navo_qa.index.faiss import Engine, FaissIndex
from navo_qa.index.originals import has_original, keep
from navo_qa.index.publish import publish, workplace
from navo_qa.index.sentences import SentenceIndex
from navo_qa.index.snapshot import Manifest, Snapshot, check, open_snapshot
from navo_qa.index.tantivy import Entry, TantivyIndex
from navo_qa.ingest import Copy, files, read_corpus
from navo_qa.types import Document, Passage

__all__ = ["BuildSummary", "Progress", "Stage", "build", "check", "open_snapshot"]

T = TypeVar("T")

Stage = Literal["read", "encode", "words"]

BATCH = 256  # passages encoded between two reports of progress


class Progress(Protocol):
    """Hears how far a build is."""

    def __call__(self, stage: Stage, done: int, total: int | None) -> None:
        """Take note that `done` of `total` (None: unknown) files or passages of the stage are done."""
        ...


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did. `changed` is False where nothing differed and the snapshot that was there was kept."""

    snapshot: str
    changed: bool
    documents: int
    passages: int
    encoded: int
    reused: int
    problems: tuple[FileProblem, ...]
    copies: tuple[Copy, ...]
    seconds: float


@dataclass(slots=True)
class _Reading:
    """What the corpus held; `content` is the hash of all that an index of it depends on.

    originals: the hashes of the files that are kept for showing their pages.
    """

    documents: int = 0
    passages: int = 0
    content: str = ""
    originals: set[str] = field(default_factory=set)
    problems: list[FileProblem] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)


def build(
    paths: Sequence[Path],
    index_dir: Path,
    encoder: Encoder,
    *,
    chunking: Chunking | None = None,
    engine: Engine | None = None,
    originals: bool = True,
    wait: bool = False,
    progress: Progress | None = None,
) -> BuildSummary:
    """Build an index of the corpus in `index_dir` and return what was done.

    engine: the vectors' engine; by default flat, and HNSW for very many passages. originals: whether to keep copies of
    the PDF files, so that their pages can be shown. wait: for another build to end.
    Raises InputError where nothing can be read, BuildInProgress, WriteFailed; the earlier index then still stands.
    """
    started = time.monotonic()
    builder = _Builder(encoder, chunking or Chunking(), engine, progress or _silent)
    with workplace(index_dir, wait) as folder:
        reading = builder.read(paths, folder / layout.COLLECTION)
        before = _earlier(index_dir)
        changed = before is None or before.manifest.content != reading.content
        encoded = builder.write(folder, reading, before) if changed else 0
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.urandom(2).hex()}"
        wanted = reading.originals | (before.collection.file_hashes() if before else set())
        keep(index_dir, _corpus_files(paths), wanted if originals else ())
        if changed:
            publish(index_dir, folder, name)
        if before:
            before.close()
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
    )


def encoded_text(document: Document, passage: Passage) -> str:
    """Return what is encoded for a passage: its context, then its slice."""
    return f"{context(document, passage)}\n{passage.text}".lstrip()


def spoken_texts(passage: Passage) -> list[str]:
    """Return what is encoded for each sentence of a passage: its heading, then the sentence."""
    heading = f"{passage.heading}: " if passage.heading else ""
    return [heading + passage.text[start:end] for start, end in passage_sentences(passage)]


@dataclass(frozen=True, slots=True)
class _Builder:
    encoder: Encoder
    chunking: Chunking
    engine: Engine | None
    progress: Progress

    def read(self, paths: Sequence[Path], path: Path) -> _Reading:
        """Write the corpus's collection and return what was read."""
        parameters = (layout.FORMAT, __version__, self.encoder.name, self.encoder.fingerprint, self.encoder.dim)
        chosen = (CHUNKER_VERSION, self.chunking, self.engine, layout.analyser_record().terms)
        digest = hashlib.sha256(repr((parameters, chosen)).encode())
        reading = _Reading()
        with CollectionWriter(path) as collection:
            for done, found in enumerate(read_corpus(paths), 1):
                if isinstance(found, Document):
                    if has_original(found):
                        reading.originals.add(found.file_sha256)
                    passages = chunk(found, self.chunking)
                    keys = [self._key(encoded_text(found, passage)) for passage in passages]
                    collection.add(found, passages, keys)
                    digest.update(repr((found, found.alignment, keys)).encode("utf-8", "surrogatepass"))
                elif isinstance(found, FileProblem):
                    reading.problems.append(found)
                else:
                    reading.copies.append(found)
                self.progress("read", done, None)
            reading.documents, reading.passages = collection.documents, collection.passages
        reading.content = digest.hexdigest()
        return reading

    def write(self, folder: Path, reading: _Reading, before: Snapshot | None) -> int:
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
        said = [spoken_texts(passage) for _, passage in found]
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

    def _key(self, text: str) -> bytes:
        """Return the hash under which a passage's vector is found again."""
        encoder = f"{self.encoder.fingerprint}\0{self.encoder.dim}\0"
        return hashlib.sha256((encoder + text).encode("utf-8", "surrogatepass")).digest()


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


def _corpus_files(paths: Sequence[Path]) -> Iterator[Path]:
    return (path for path in files(paths) if isinstance(path, Path))


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


def _silent(stage: Stage, done: int, total: int | None) -> None:
    pass
