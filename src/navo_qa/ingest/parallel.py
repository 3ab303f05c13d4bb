"""Reads many files at once, in other processes, in their order: a reader that dies takes one file with it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from navo_qa.errors import FileProblem, UnreadableFile
from navo_qa.ingest.catalogue import CatalogueRow
from navo_qa.types import Document

Task: TypeAlias = tuple[Path, CatalogueRow | None]
Read: TypeAlias = Callable[[Path, CatalogueRow | None], Document | FileProblem]

AHEAD = 4  # files a process that are read or wait to be fetched: what bounds the memory
_SLOW = frozenset((".pdf", ".docx", ".xml", ".eml", ".png", ".jpg", ".jpeg", ".tif", ".tiff"))
_WORTH = 20_000_000  # bytes of slow formats that pay for starting processes
_MOST = 8


def read_all(
    read: Read, tasks: Sequence[Task | FileProblem], workers: int | None = None
) -> Iterator[tuple[Path, Document | FileProblem]]:
    """Yield each task's file with what was read of it, in the order of the tasks; problems pass through.

    workers: how many processes read; 1 reads here; None decides by how much there is to read.
    """
    workers = _workers(tasks) if workers is None else workers
    if workers <= 1:
        for task in tasks:
            yield (task.path, task) if isinstance(task, FileProblem) else (task[0], read(*task))
        return
    pool = _Pool(read, workers)
    try:
        yield from pool.read(tasks)
    finally:
        pool.close()


class _Pool:
    """Processes that read a few files ahead."""

    def __init__(self, read: Read, workers: int) -> None:
        self._read = read
        self._workers = workers
        self._executor = self._started(workers)

    def read(self, tasks: Sequence[Task | FileProblem]) -> Iterator[tuple[Path, Document | FileProblem]]:
        """Yield what was read, in order."""
        waiting: deque[tuple[Task | FileProblem, Future[Document | FileProblem] | None]] = deque()
        left = iter(tasks)
        while True:
            while len(waiting) < self._workers * AHEAD and (task := next(left, None)) is not None:
                waiting.append((task, None if isinstance(task, FileProblem) else self._submit(task)))
            if not waiting:
                return
            task, future = waiting.popleft()
            if isinstance(task, FileProblem):
                yield task.path, task
                continue
            try:
                found = future.result() if future else self._read(*task)
            except BrokenProcessPool:
                found = self._alone(task)
                self._restart()
                waiting = deque((t, None if isinstance(t, FileProblem) else self._submit(t)) for t, _ in waiting)
            yield task[0], found

    def close(self) -> None:
        """Stop the processes; what they still read is thrown away."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, task: Task) -> Future[Document | FileProblem] | None:
        try:
            return self._executor.submit(self._read, *task)
        except BrokenProcessPool:
            self._restart()
            return self._executor.submit(self._read, *task)

    def _alone(self, task: Task) -> Document | FileProblem:
        """Read one file in a process of its own: does it kill its reader, or did another?"""
        with self._started(1) as executor:
            try:
                return executor.submit(self._read, *task).result()
            except BrokenProcessPool:
                return UnreadableFile(task[0], "its reader died on it: a hostile file, or too little memory")

    def _restart(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._started(self._workers)

    def _started(self, workers: int) -> ProcessPoolExecutor:
        # Not fork: the caller may hold threads and locks of onnxruntime and tokenizers.
        return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _workers(tasks: Sequence[Task | FileProblem]) -> int:
    slow = 0
    for task in tasks:
        if not isinstance(task, FileProblem) and task[0].suffix.lower() in _SLOW:
            try:
                slow += task[0].stat().st_size
            except OSError:
                continue
    return min(os.cpu_count() or 1, _MOST) if slow > _WORTH else 1
