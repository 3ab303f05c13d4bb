"""What an index answers: the best rows for a vector, the best rows for words."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from navo_qa.errors import DamagedIndex, DimensionMismatch
from navo_qa.index.words import save_array
from navo_qa.vectors import Vectors

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


class VectorIndex(Protocol):
    """Vectors by row, searched by inner product."""

    dim: int

    def __len__(self) -> int:
        """Return the number of rows."""
        ...

    def search(self, queries: Vectors, k: int, rows: Rows | None = None) -> tuple[Scores, Rows]:
        """Return the k best rows for each query, best first.

        queries: float32 (q, dim), L2-normalised. rows: the rows allowed, None for all.
        Returns scores float32 (q, k), inner product in [-1, 1], and rows int64 (q, k); -inf and -1 where fewer exist.
        Raises DimensionMismatch if dim differs from the index's.
        """
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows, float32 (len(rows), dim), as they were added."""
        ...


class LexicalIndex(Protocol):
    """Words by row, searched by BM25; the question is plain text, the index knows its own analysis."""

    def __len__(self) -> int:
        """Return the number of rows."""
        ...

    def search(self, text: str, k: int, rows: Rows | None = None) -> tuple[Scores, Rows]:
        """Return the k best rows for the question, score descending, then row ascending.

        rows: the rows allowed, None for all.
        Returns scores float32 (m,), greater than 0, and rows int64 (m,), m <= k: only rows that hold some word.
        """
        ...


class ExactIndex:
    """Every inner product by numpy: the reference in tests, and enough for a small corpus."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = np.ascontiguousarray(vectors, np.float32)
        self.dim = int(vectors.shape[1])

    @classmethod
    def open(cls, path: Path) -> ExactIndex:
        """Return the index that was saved at `path`. Raises DamagedIndex."""
        try:
            return cls(np.load(path, mmap_mode="r", allow_pickle=False))
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndex(path.parent, f"{path.name} cannot be read ({error})") from error

    def save(self, path: Path) -> None:
        """Write the vectors as one .npy file."""
        save_array(path, self._vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows, as they were added."""
        return np.asarray(self._vectors[rows], np.float32)

    def search(self, queries: Vectors, k: int, rows: Rows | None = None) -> tuple[Scores, Rows]:
        """Return the k best rows for each query, score descending, then row ascending; see VectorIndex."""
        if queries.shape[1] != self.dim:
            raise DimensionMismatch(self.dim, queries.shape[1])
        allowed = np.arange(len(self), dtype=np.int64) if rows is None else np.unique(rows)
        return best(queries @ self._vectors[allowed].T, allowed, k)


def best(products: Scores, rows: Rows, k: int) -> tuple[Scores, Rows]:
    """Return the k best of products (q, n), whose column j is row rows[j], padded with -inf and -1."""
    order = np.argsort(-products, axis=1, kind="stable")[:, :k]
    scores = np.full((len(products), k), -np.inf, np.float32)
    found = np.full((len(products), k), -1, np.int64)
    scores[:, : order.shape[1]] = np.take_along_axis(products, order, axis=1)
    found[:, : order.shape[1]] = rows[order]
    return scores, found
