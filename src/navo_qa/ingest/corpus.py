"""Many files become documents, each text once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from navo_qa.errors import DuplicateId, FileProblem, NoDocuments
from navo_qa.ingest.cache import ReadCache
from navo_qa.ingest.catalogue import CATALOGUE, CatalogueRow, read_catalogue
from navo_qa.ingest.document import READERS, read_task
from navo_qa.ingest.parallel import Task, read_all
from navo_qa.ingest.walk import files
from navo_qa.types import Document

Catalogue = Mapping[str, CatalogueRow]

_LAYOUT = re.compile(r"[\s\u00ad\u2010-\u2015\u2212-]+")  # where formats differ over one text: spaces and hyphens
_QUOTES = str.maketrans("‘’‚‛`´“”„‟«»", "''''''\"\"\"\"\"\"")


@dataclass(frozen=True, slots=True)
class Copy:
    """A file with the text of another document, which is not indexed twice."""

    path: Path
    of: Path
    document_id: str

    def __str__(self) -> str:
        return f'{self.path}: has the text of {self.of} and is left out; it is indexed once, as "{self.document_id}"'


@dataclass(frozen=True, slots=True)
class Found:
    """What a file held, under which key the cache has it, and which document its catalogue says that it replaces."""

    path: Path
    what: Document | FileProblem
    key: str | None = None
    replaces: str | None = None


@dataclass(slots=True)
class Register:
    """Which texts there are already, in whatever format or under whatever name."""

    _by_text: dict[str, tuple[Path, str]] = field(default_factory=dict)

    def copy(self, path: Path, document: Document) -> Copy | None:
        """Return what the document is a copy of; one that is none is remembered."""
        known = self._by_text.setdefault(wording(document.text), (path, document.id))
        return None if known == (path, document.id) else Copy(path, *known)


def wording(text: str) -> str:
    """Return a hash of the text without spaces, hyphens and the shapes of quotation marks.

    A Word file and the PDF made of it break their lines in other places and are one text.
    """
    plain = unicodedata.normalize("NFKC", _LAYOUT.sub("", text.translate(_QUOTES)))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def tasks_of(paths: Sequence[Path]) -> list[Task | FileProblem]:
    """Return every file to be read, folder by folder in the order of names, with its row of its folder's catalogue.csv.

    Hidden files and READMEs are passed over. Raises CatalogueError for a catalogue that cannot be used.
    """
    catalogues: dict[Path, Catalogue] = {}
    return [found if isinstance(found, FileProblem) else _task(found, catalogues) for found in files(paths)]


def read_files(
    tasks: Sequence[Task | FileProblem], workers: int | None = None, cache: ReadCache | None = None
) -> Iterator[Found]:
    """Yield what each file holds, in their order.

    workers: processes that read; by default as many as pay for themselves. cache: what was read before, which is not
    read again.
    """
    for task, read in zip(tasks, read_all(read_task, tasks, workers, cache), strict=True):
        row = None if isinstance(task, FileProblem) else task[1]
        yield Found(read.path, read.what, read.key, row.replaces if row else None)


def read_corpus(paths: Sequence[Path], workers: int | None = None) -> Iterator[Document | FileProblem | Copy]:
    """Yield a document, or what is wrong, for each file; each text and each id once.

    workers: processes that read; by default as many as pay for themselves.
    Raises CatalogueError for a catalogue that cannot be used, NoDocuments if no file became a document.
    """
    by_id: dict[str, Path] = {}
    register = Register()
    for found in read_files(tasks_of(paths), workers):
        if isinstance(found.what, FileProblem):
            yield found.what
        elif copy := register.copy(found.path, found.what):
            yield copy
        elif found.what.id in by_id:
            yield DuplicateId(found.path, by_id[found.what.id], found.what.id)
        else:
            by_id[found.what.id] = found.path
            yield found.what
    if not by_id:
        raise NoDocuments([str(path) for path in paths], list(READERS))


def _task(path: Path, catalogues: dict[Path, Catalogue]) -> Task:
    catalogue = _catalogue(path.parent, catalogues)
    return path, catalogue.get(path.name) or catalogue.get(path.stem)


def _catalogue(folder: Path, catalogues: dict[Path, Catalogue]) -> Catalogue:
    if folder not in catalogues:
        path = folder / CATALOGUE
        catalogues[folder] = read_catalogue(path) if path.is_file() else {}
    return catalogues[folder]
