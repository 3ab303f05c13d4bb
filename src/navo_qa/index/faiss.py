"""FAISS: which vectors are nearest, exactly up to some 200,000 rows, by a graph above?

Johnson et al., Billion-scale similarity search with GPUs, 2017; Malkov and Yashunin, HNSW, 2016.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np

from navo_qa.errors import DamagedIndex, DimensionMismatch
from navo_qa.index.base import ExactIndex, Rows, Scores, best
from navo_qa.vectors import Vectors

Engine = Literal["flat", "hnsw"]

FLAT_LIMIT = 200_000  # rows; a flat search of 200k x 384 takes some 20 ms on one core
LINKS = 32
EF_CONSTRUCTION = 200
EF_SEARCH = 128
EXACT_UNDER = 20_000  # rows allowed by a filter, under which a graph is not worth walking
SAMPLE = 200  # queries of the recall sample


class FaissIndex:
    """Inner products over a flat array or an HNSW graph, read through a memory map."""

    def __init__(self, index: Any, engine: Engine) -> None:  # noqa: ANN401 - faiss has no types
        self._index = index
        self.engine = engine
        self.dim = int(index.d)

    @classmethod
    def build(cls, vectors: Vectors, engine: Engine | None = None) -> FaissIndex:
        """Return an index of the vectors, float32 (n, dim); flat up to FLAT_LIMIT rows unless an engine is given."""
        import faiss

        engine = engine or ("flat" if len(vectors) <= FLAT_LIMIT else "hnsw")
        index: Any = faiss.IndexFlatIP(vectors.shape[1])
        if engine == "hnsw":
            index = faiss.IndexHNSWFlat(vectors.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = EF_CONSTRUCTION
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index, engine)

    @classmethod
    def open(cls, path: Path) -> FaissIndex:
        """Return the index that was saved at `path`, mapped into memory. Raises DamagedIndex."""
        import faiss

        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise DamagedIndex(path.parent, f"{path.name} cannot be read") from error
        return cls(index, "hnsw" if isinstance(index, faiss.IndexHNSW) else "flat")

    def save(self, path: Path) -> None:
        """Write the index as one file. Raises OSError."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
            # FAISS overlooks a disk that is full at the last block; reading notices.
            FaissIndex.open(path)
        except (RuntimeError, DamagedIndex) as error:
            raise OSError(f"{path.name} could not be written: {error}") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows, as they were added."""
        if not len(rows):
            return np.empty((0, self.dim), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64)), np.float32)

    def search(self, queries: Vectors, k: int, rows: Rows | None = None) -> tuple[Scores, Rows]:
        """Return the k best rows for each query, best first; see VectorIndex."""
        if queries.shape[1] != self.dim:
            raise DimensionMismatch(self.dim, queries.shape[1])
        queries = np.ascontiguousarray(queries, np.float32)
        if rows is not None:
            rows = np.unique(rows)
            if not len(rows) or (self.engine == "hnsw" and len(rows) < EXACT_UNDER):
                return best(queries @ self.vectors(rows).T, rows, k)
        found = min(k, len(self) if rows is None else len(rows))
        if not found:
            return best(np.empty((len(queries), 0), np.float32), np.empty(0, np.int64), k)
        scores, places = self._index.search(queries, found, params=self._parameters(k, rows))
        return _padded(scores, places, k)

    def recall(self, vectors: Vectors, k: int = 10) -> float:
        """Return recall@k against exact search, with SAMPLE of the vectors, slightly moved, as queries."""
        if self.engine == "flat" or not len(vectors):
            return 1.0
        random = np.random.default_rng(0)
        queries = vectors[random.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False)]
        queries = queries + random.normal(0, 0.3 / np.sqrt(self.dim), queries.shape).astype(np.float32)
        queries /= np.linalg.norm(queries, axis=1, keepdims=True)
        exact = ExactIndex(vectors)
        pairs = [(exact.search(query[None], k)[1][0], self.search(query[None], k)[1][0]) for query in queries]
        return float(np.mean([len(np.intersect1d(a[a >= 0], b)) / max(1, (a >= 0).sum()) for a, b in pairs]))

    def parameters(self) -> dict[str, int]:
        """Return what the engine was built with, for the manifest."""
        if self.engine == "flat":
            return {}
        return {"links": LINKS, "ef_construction": EF_CONSTRUCTION, "ef_search": EF_SEARCH}

    def _parameters(self, k: int, rows: Rows | None) -> Any:  # noqa: ANN401
        import faiss

        # The selector must outlive the search: faiss keeps a bare pointer, the SWIG object a reference.
        selector: dict[str, Any] = {} if rows is None else {"sel": faiss.IDSelectorBatch(rows)}
        if self.engine == "flat":
            return faiss.SearchParameters(**selector)
        graph: Any = faiss.SearchParametersHNSW  # type: ignore[attr-defined]
        return graph(efSearch=max(EF_SEARCH, 2 * k), **selector)


def _padded(scores: Scores, rows: Rows, k: int) -> tuple[Scores, Rows]:
    """Return (q, k) arrays, score descending, then row ascending, with -inf where FAISS pads with row -1."""
    scores = np.where(rows < 0, np.float32(-np.inf), scores)
    order = np.lexsort((rows, -scores), axis=1)
    scores, rows = np.take_along_axis(scores, order, axis=1), np.take_along_axis(rows, order, axis=1)
    if rows.shape[1] == k:
        return scores, rows
    pad = ((0, 0), (0, k - rows.shape[1]))
    return np.pad(scores, pad, constant_values=-np.inf), np.pad(rows, pad, constant_values=-1)
