r"""What does a build index? The files of a corpus, each text once, the newest version of each work.

files --read (or remembered)--> documents --decide--> searched: the collection's rows
                                                 \--> replaced: kept beside them, for their citations
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

from navo_qa.chunk import Chunking, chunk
from navo_qa.collection import Collection, CollectionWriter
from navo_qa.errors import DamagedIndex, DuplicateId, FileProblem, NoDocuments, NotFound, PagesNeedOcr, UnreadableFile
from navo_qa.index.originals import has_original
from navo_qa.ingest import READERS, Copy, Register, read_files, tasks_of
from navo_qa.ingest.cache import ReadCache
from navo_qa.types import Document, Passage
from navo_qa.versions import Card, Decision, Doubt, Version, decide, resolve, version_id

Stage = Literal["read", "encode", "words"]


class Progress(Protocol):
    """Hears how far a build is."""

    def __call__(self, stage: Stage, done: int, total: int | None, pages: int = 0) -> None:
        """Take note that `done` of `total` (None: unknown) files or passages of the stage are done.

        pages: that those files have, where they have pages.
        """
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a build besides its files.

    add: to what the index holds, instead of anew. replace: whether newer versions replace older ones; None where a
    catalogue says so or an earlier build did. forget: the texts of earlier versions whose files are gone.
    """

    add: bool = False
    replace: bool | None = None
    forget: bool = False


@dataclass(slots=True)
class Gathered:
    """What was gathered; `content` is the hash of all of it. files: those of the documents, by their hash.

    read: the id of the document that each file read became.
    """

    documents: int = 0
    passages: int = 0
    pages: int = 0
    content: str = ""
    originals: set[str] = field(default_factory=set)
    files: dict[str, Path] = field(default_factory=dict)
    read: dict[Path, str] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    replaced: list[Version] = field(default_factory=list)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A document that may be indexed, and where it is to be had again: its text does not wait in memory."""

    card: Card
    path: Path
    load: Callable[[], Document | None]


@dataclass(slots=True)
class Gatherer:
    """Gathers what one build indexes. earlier: the collection that is searched now, if any."""

    cache: ReadCache
    earlier: Collection | None
    wanted: Wanted
    progress: Progress
    gathered: Gathered = field(default_factory=Gathered)
    _entries: list[_Entry] = field(default_factory=list)
    _register: Register = field(default_factory=Register)

    def read(self, paths: Sequence[Path]) -> None:
        """Read the files, or remember what they held. Raises CatalogueError."""
        if self.wanted.add and self.earlier:
            for listing in self.earlier.listings():
                self._enter_earlier(self.earlier, listing.id)
        tasks = tasks_of(paths)
        for done, found in enumerate(read_files(tasks, cache=self.cache), 1):
            if isinstance(found.what, FileProblem):
                self.gathered.problems.append(found.what)
            else:
                self._enter(found.path, found.what, found.key, found.replaces)
            self.progress("read", done, len(tasks), self.gathered.pages)
        if not self._entries:
            raise NoDocuments([str(path) for path in paths], list(READERS))

    def write(self, writer: CollectionWriter, chunking: Chunking, key: Callable[[Document, Passage], bytes]) -> None:
        """Write the collection. Raises WriteFailed's causes where the disk is full."""
        decision, ghosts = self._decision()
        digest = hashlib.sha256()
        for entry in self._searched(decision):
            document = _loaded(entry)
            passages = chunk(document, chunking)
            keys = [key(document, passage) for passage in passages]
            writer.add(document, passages, keys)
            digest.update(repr((document, document.alignment, keys)).encode("utf-8", "surrogatepass"))
            if has_original(document):
                self.gathered.originals.add(document.file_sha256)
        for version, document, passages in self._kept(decision, ghosts, chunking):
            writer.keep(version, document, passages)
            digest.update(repr(version).encode("utf-8", "surrogatepass"))
            if has_original(document):
                self.gathered.originals.add(document.file_sha256)
        self.gathered.documents, self.gathered.passages = writer.documents, writer.passages
        self.gathered.content = digest.hexdigest()

    def _enter(self, path: Path, document: Document, key: str | None, replaces: str | None) -> None:
        self.gathered.pages += len({page.number for page in document.pages})
        self.gathered.files[document.file_sha256] = path
        if copy := self._register.copy(path, document):
            self.gathered.copies.append(copy)
            return
        if document.unread:
            self.gathered.problems.append(PagesNeedOcr(path, document.unread))
        cache, held = self.cache, document if key is None else None
        load = (lambda: cache.get(key)) if key is not None else (lambda: held)
        self._entries.append(_Entry(Card.of(document, replaces), path, load))
        self.gathered.read[path] = document.id

    def _enter_earlier(self, earlier: Collection, document_id: str) -> None:
        document = earlier.document(document_id)
        path = Path(document.file)
        self._register.copy(path, document)
        self._entries.append(_Entry(Card.of(document), path, lambda: earlier.document(document_id)))

    def _decision(self) -> tuple[Decision, dict[tuple[str, str], str]]:
        """Return which documents are replaced, and which of the earlier index that have no file any more."""
        entries = {entry.card.key: entry.card for entry in self._entries}
        ids = {card.id for card in entries.values()}
        known = dict(self._earlier_cards())
        ghosts = [card for key, card in known.items() if key not in entries and card.id not in ids]
        kept = self.earlier.versions() if self.earlier else ()
        among = frozenset(entry.card.key for entry in self._entries if entry.path in self.gathered.read)
        decision = decide(
            [*ghosts, *entries.values()],
            kept,
            frozenset(known),
            self.wanted.replace,
            among if self.wanted.add else None,
        )
        by_id = {document_id: by for (document_id, _), by in decision.replaced.items() if by != document_id}
        gone = {card.key: decision.replaced[card.key] for card in ghosts if card.key in decision.replaced}
        gone = {key: by for key, by in gone.items() if resolve(by, by_id, ids)}
        changed = {card.key: card.id for key, card in known.items() if key not in entries and card.id in ids}
        mine = {key: by for key, by in decision.replaced.items() if key in entries and resolve(by, by_id, ids)}
        ghostly = {card.id for card in ghosts}
        doubts = tuple(doubt for doubt in decision.doubts if not {doubt.id, doubt.other} & ghostly)
        self.gathered.doubts = doubts
        return Decision(mine, doubts), gone | changed

    def _earlier_cards(self) -> Iterator[tuple[tuple[str, str], Card]]:
        if self.earlier:
            known = {entry.card.key: entry.card for entry in self._entries}
            for listing in self.earlier.listings():
                key = (listing.id, listing.sha256)
                try:
                    yield key, known.get(key) or Card.of(self.earlier.document(listing.id))
                except DamagedIndex:
                    continue

    def _searched(self, decision: Decision) -> Iterator[_Entry]:
        """Yield the documents to be searched; of two different ones with one id the first."""
        by_id: dict[str, Path] = {}
        for entry in self._entries:
            if entry.card.key in decision.replaced:
                self.gathered.read.pop(entry.path, None)
            elif entry.card.id in by_id:
                self.gathered.read.pop(entry.path, None)
                self.gathered.problems.append(DuplicateId(entry.path, by_id[entry.card.id], entry.card.id))
            else:
                by_id[entry.card.id] = entry.path
                yield entry

    def _kept(
        self, decision: Decision, gone: dict[tuple[str, str], str], chunking: Chunking
    ) -> Iterator[tuple[Version, Document, list[Passage]]]:
        """Yield the earlier versions: replaced now, changed or gone since the earlier index, kept by that already."""
        done: set[str] = set()
        for entry in self._entries:
            if by := decision.replaced.get(entry.card.key):
                version = _version(entry.card.key, by)
                done.add(version.id)
                self.gathered.replaced.append(version)
                yield version, *self._with_passages(entry, version, chunking)
        if self.earlier is None or self.wanted.forget:
            return
        searched = {entry.card.id for entry in self._entries if entry.card.key not in decision.replaced}
        current = {entry.card.key for entry in self._entries}
        for key, by in gone.items():
            version = _version(key, by)
            if version.id not in done:
                done.add(version.id)
                self.gathered.replaced.append(version)
                yield version, *_of(self.earlier, key[0], version.id)
        before = self.earlier.versions()
        by_id = {v.document_id: v.replaced_by for v in (*before, *self.gathered.replaced)}
        for version in before:
            stays = resolve(version.replaced_by, by_id, searched)
            if stays and version.id not in done and (version.document_id, version.sha256) not in current:
                done.add(version.id)
                try:
                    yield version, *_of(self.earlier, version.id, version.id)
                except (DamagedIndex, NotFound):
                    continue

    def _with_passages(self, entry: _Entry, version: Version, chunking: Chunking) -> tuple[Document, list[Passage]]:
        """Return a document that was replaced, with the passages that it was cited by."""
        for document_id in (entry.card.id, version.id) if self.earlier else ():
            try:
                assert self.earlier is not None  # noqa: S101
                if self.earlier.document(document_id).sha256 == entry.card.sha256:
                    return _of(self.earlier, document_id, version.id)
            except (NotFound, DamagedIndex):
                continue
        document = _loaded(entry)
        return document, [replace(passage, document_id=version.id) for passage in chunk(document, chunking)]


def _of(earlier: Collection, document_id: str, version: str) -> tuple[Document, list[Passage]]:
    passages = earlier.passages_of(document_id)
    return earlier.document(document_id), [replace(passage, document_id=version) for passage in passages]


def _version(key: tuple[str, str], by: str) -> Version:
    return Version(version_id(*key), *key, by)


def _loaded(entry: _Entry) -> Document:
    document = entry.load()
    if document is None:
        raise UnreadableFile(entry.path, "what was read of it could not be kept")
    return document


def silent(stage: Stage, done: int, total: int | None, pages: int = 0) -> None:
    """Hear nothing."""
