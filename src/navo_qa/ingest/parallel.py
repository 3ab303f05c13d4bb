"""Reads many files at once, in other processes, in their order: a reader that dies takes one file with it."""

from __future__ import annotations

import os
import resource
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol, TypeAlias

from navo_qa.errors import FileProblem, UnreadableFile
from navo_qa.ingest.catalogue import CatalogueRow
from navo_qa.types import Document

Task: TypeAlias = tuple[Path, CatalogueRow | None]
Read: TypeAlias = Callable[[Path, CatalogueRow | None], Document | FileProblem]

AHEAD = 4  # files a process that are read or wait to be fetched
AHEAD_BYTES = 200_000_000  # of such files together: what bounds the memory here
MEMORY = 4_000_000_000  # bytes that a process that reads may take: what bounds it there
_SLOW = frozenset((".pdf", ".docx", ".xml", ".eml", ".png", ".jpg", ".jpeg", ".tif", ".tiff"))
_WORTH = 20_000_000  # bytes of slow formats that pay for starting processes
_MOST = 8


class Cache(Protocol):
    """What was read before."""

    def find(self, path: Path, row: CatalogueRow | None) -> tuple[str | None, Document | None]:
        """Return the file's key, None where it is not to be kept, and what it held."""
        ...

    def put(self, key: str, document: Document) -> bool:
        """Keep what a file held and return whether that could be."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file held, and the key that the cache has it under; None where it is not kept."""

    path: Path
    what: Document | FileProblem
    key: str | None = None


def read_all(
    read: Read, tasks: Sequence[Task | FileProblem], workers: int | None = None, cache: Cache | None = None
) -> Iterator[Outcome]:
    """Yield each task's file with what was read of it, in the order of the tasks; problems pass through.

    workers: how many processes read; 1 reads here; None decides by how much there is to read.
    cache: asked before a file is read, and told after.
    """
    workers = _workers(tasks) if workers is None else workers
    pool = _Pool(read, workers) if workers > 1 else None
    try:
        yield from _Reading(read, pool, cache).read(tasks, workers * AHEAD if pool else 1)
    finally:
        if pool:
            pool.close()


@dataclass(slots=True)
class _Waiting:
    """A file on its way: known already, being read in another process, or (neither) to be read here."""

    path: Path
    task: Task | None
    size: int = 0
    key: str | None = None
    known: Document | FileProblem | None = None
    future: Future[Document | FileProblem] | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads a few files ahead."""

    _read: Read
    _pool: _Pool | None
    _cache: Cache | None

    def read(self, tasks: Sequence[Task | FileProblem], ahead: int) -> Iterator[Outcome]:
        """Yield what was read, in order; as many files ahead, and no more bytes than the memory has room for."""
        waiting: deque[_Waiting] = deque()
        left = iter(tasks)
        held = 0
        while True:
            while len(waiting) < ahead and (not waiting or held < AHEAD_BYTES) and (task := next(left, None)):
                waiting.append(self._begun(task))
                held += waiting[-1].size
            if not waiting:
                return
            first = waiting.popleft()
            held -= first.size
            found = first.known or self._finished(first, waiting)
            kept = first.known is not None
            if first.key and not kept and self._cache and isinstance(found, Document) and not found.unread:
                kept = self._cache.put(first.key, found)
            yield Outcome(first.path, found, first.key if kept else None)

    def _begun(self, task: Task | FileProblem) -> _Waiting:
        if isinstance(task, FileProblem):
            return _Waiting(task.path, None, known=task)
        key, known = self._cache.find(*task) if self._cache else (None, None)
        future = self._pool.submit(task) if self._pool and known is None else None
        return _Waiting(task[0], task, _size(task[0]), key, known, future)

    def _finished(self, waiting: _Waiting, others: deque[_Waiting]) -> Document | FileProblem:
        assert waiting.task is not None  # noqa: S101
        if self._pool is None:
            return self._read(*waiting.task)
        try:
            return waiting.future.result() if waiting.future else self._pool.alone(waiting.task)
        except MemoryError:
            return _too_much(waiting.path)
        except BrokenProcessPool:
            found = self._pool.alone(waiting.task)
            self._pool.restart()
            for other in others:
                if other.future is not None and other.task:
                    other.future = self._pool.submit(other.task)
            return found


class _Pool:
    """Processes that read, started anew where one of them dies."""

    def __init__(self, read: Read, workers: int) -> None:
        self._read = read
        self._workers = workers
        self._executor = _started(workers)

    def submit(self, task: Task) -> Future[Document | FileProblem]:
        """Let a process read a file."""
        try:
            return self._executor.submit(self._read, *task)
        except BrokenProcessPool:
            self.restart()
            return self._executor.submit(self._read, *task)

    def alone(self, task: Task) -> Document | FileProblem:
        """Read one file in a process of its own: does it kill its reader, or did another?"""
        with Apart(self._read) as apart:
            return apart.read(*task)

    def restart(self) -> None:
        """Start the processes anew."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = _started(self._workers)

    def close(self) -> None:
        """Stop the processes; what they still read is thrown away."""
        self._executor.shutdown(wait=True, cancel_futures=True)


class Apart:
    """A process of its own that reads one file at a time, which that may kill or keep busy; a context manager."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def read(self, path: Path, row: CatalogueRow | None, seconds: float | None = None) -> Document | FileProblem:
        """Return what a file holds, or that its reader died on it or was not done after so many seconds."""
        self._executor = self._executor or _started(1)
        try:
            return self._executor.submit(self._read, path, row).result(seconds)
        except BrokenProcessPool:
            self.close()
            return UnreadableFile(path, "its reader died on it: a hostile file, or too little memory")
        except MemoryError:
            return _too_much(path)
        except TimeoutError:
            for process in (self._executor._processes or {}).values():
                process.kill()
            self.close()
            return UnreadableFile(path, f"its reader was not done after {seconds:.0f} seconds")

    def close(self) -> None:
        """Stop the process."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _too_much(path: Path) -> UnreadableFile:
    return UnreadableFile(path, f"reading it takes over {MEMORY / 1e9:.0f} GB of memory")


def _started(workers: int) -> ProcessPoolExecutor:
    # Not fork: the caller may hold threads and locks of onnxruntime and tokenizers.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_bounded)


def _bounded() -> None:
    """Let this process take so much memory and no more."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY if most < 0 else min(MEMORY, most), most))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _workers(tasks: Sequence[Task | FileProblem]) -> int:
    slow = sum(
        _size(task[0]) for task in tasks if not isinstance(task, FileProblem) and task[0].suffix.lower() in _SLOW
    )
    return min(os.cpu_count() or 1, _MOST) if slow > _WORTH else 1
