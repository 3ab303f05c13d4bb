"""The sentences of the passages: which sentence of a row is nearest to a question?

A passage's vector blurs a fact that one of its sentences states; the nearest sentence does not. Vectors are kept as
float16 in one array, read through a memory map; sentence j is [start, end) of the passage of its row.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from navo_qa.errors import DamagedIndex
from navo_qa.index.base import Rows, Scores
from navo_qa.vectors import Vectors, inner

Spans = NDArray[np.int32]

VECTORS = "sentences.npy"
PLACES = "sentences.places.npy"
WIDENED = 16_384  # sentences up to which a float32 copy is kept, 25 MB; float16 takes five times as long or more


class SentenceIndex:
    """Every row's sentences with their vectors; each row has at least one."""

    def __init__(self, vectors: NDArray[np.float16], places: Spans) -> None:
        """Take vectors float16 (m, dim) and places int32 (m, 3): row, start, end; rows ascending from 0."""
        self._vectors = vectors
        self._places = places
        rows = int(places[-1, 0]) + 1 if len(places) else 0
        self._first = np.searchsorted(places[:, 0], np.arange(rows + 1))

    @classmethod
    def of(cls, vectors: NDArray[np.floating], spans: Sequence[Sequence[tuple[int, int]]]) -> SentenceIndex:
        """Return the index of each row's spans and their vectors, (m, dim), in order."""
        places = [(row, start, end) for row, found in enumerate(spans) for start, end in found]
        return cls(vectors.astype(np.float16), np.array(places, np.int32).reshape(-1, 3))

    @classmethod
    def open(cls, folder: Path) -> SentenceIndex:
        """Return the index that was saved in the folder. Raises DamagedIndex."""
        try:
            vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
            places = np.load(folder / PLACES, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndex(folder, f"{VECTORS} or {PLACES} cannot be read ({error})") from error
        if vectors.ndim != 2 or places.shape != (len(vectors), 3):
            raise DamagedIndex(folder, f"{VECTORS} and {PLACES} hold different numbers of sentences")
        return cls(vectors, places)

    def save(self, folder: Path) -> None:
        """Write the two arrays. Raises OSError."""
        for name, array in ((VECTORS, self._vectors), (PLACES, self._places)):
            with (folder / name).open("wb") as file:
                np.save(file, array, allow_pickle=False)
                file.flush()

    def __len__(self) -> int:
        return len(self._places)

    @functools.cached_property
    def _wide(self) -> Vectors:
        return np.asarray(self._vectors, np.float32)

    @property
    def rows(self) -> int:
        """The number of rows that the sentences are of."""
        return len(self._first) - 1

    def sentences(self, row: int) -> tuple[list[tuple[int, int]], Vectors]:
        """Return the row's spans in its passage's text, in order, and their vectors float32 (n, dim)."""
        chosen = slice(self._first[row], self._first[row + 1])
        return [(int(s), int(e)) for _, s, e in self._places[chosen]], np.asarray(self._vectors[chosen], np.float32)

    def nearest(self, query: Vectors, rows: Rows) -> Scores:
        """Return each row's highest inner product of a sentence with the query.

        query: float32 (dim,). rows: int64 (n,). Returns float32 (n,).
        """
        if not len(rows):
            return np.empty(0, np.float32)
        counts = self._first[rows + 1] - self._first[rows]
        if len(self) <= WIDENED and 4 * counts.sum() > len(self):
            best = np.maximum.reduceat(inner(self._wide, query), self._first[:-1])
            return np.asarray(best[rows], np.float32)
        starts = np.cumsum(counts) - counts
        chosen = np.arange(counts.sum()) - np.repeat(starts, counts) + np.repeat(self._first[rows], counts)
        vectors = self._wide if len(self) <= WIDENED else self._vectors
        products = inner(np.asarray(vectors[chosen], np.float32), query)
        return np.asarray(np.maximum.reduceat(products, starts), np.float32)
