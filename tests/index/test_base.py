"""Every vector index gives what numpy gives: same rows, same scores, under any filter."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.errors import DamagedIndex, DimensionMismatch
from navo_qa.index.base import ExactIndex, Rows, Scores, VectorIndex
from navo_qa.index.faiss import FaissIndex
from navo_qa.vectors import Vectors

DIM = 24
MAKERS: dict[str, Callable[[Vectors], VectorIndex]] = {
    "exact": ExactIndex,
    "flat": lambda vectors: FaissIndex.build(vectors, "flat"),
    "hnsw": lambda vectors: FaissIndex.build(vectors, "hnsw"),
}


def unit(count: int, seed: int = 0) -> Vectors:
    """Return unit vectors, none of them twice."""
    rows = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def by_hand(vectors: Vectors, queries: Vectors, k: int, rows: Rows | None) -> tuple[Scores, Rows]:
    """Return what the protocol promises, in the plainest numpy."""
    scores = np.full((len(queries), k), -np.inf, np.float32)
    found = np.full((len(queries), k), -1, np.int64)
    allowed = sorted(range(len(vectors)) if rows is None else set(rows.tolist()))
    for place, query in enumerate(queries):
        ranked = sorted(((float(vectors[row] @ query), row) for row in allowed), key=lambda pair: (-pair[0], pair[1]))
        for column, (score, row) in enumerate(ranked[:k]):
            scores[place, column], found[place, column] = score, row
    return scores, found


@pytest.fixture(scope="module", params=MAKERS)
def index(request: pytest.FixtureRequest) -> VectorIndex:
    return MAKERS[request.param](unit(300))


@given(k=st.integers(1, 40), seed=st.integers(0, 99), rows=st.none() | st.lists(st.integers(0, 299), max_size=60))
@settings(max_examples=40, deadline=None)
def test_search_is_numpys(index: VectorIndex, k: int, seed: int, rows: list[int] | None) -> None:
    """Rows and scores are those of a sorted list of inner products, for any k and any rows allowed."""
    allowed = None if rows is None else np.array(rows, np.int64)
    queries = unit(3, seed + 1)
    scores, found = index.search(queries, k, allowed)
    expected_scores, expected = by_hand(unit(300), queries, k, allowed)
    assert found.dtype == np.int64 and scores.dtype == np.float32
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-5)


def test_more_than_there_is_is_padded(index: VectorIndex) -> None:
    """Asking for more rows than exist gives -1 and -inf behind them."""
    scores, found = index.search(unit(1, 5), 310)
    assert sorted(found[0, :300]) == list(range(300))
    assert (found[0, 300:] == -1).all() and np.isneginf(scores[0, 300:]).all()


def test_another_dimension_is_refused(index: VectorIndex) -> None:
    """A query of another dimension names both dimensions."""
    with pytest.raises(DimensionMismatch, match=r"24 dimensions, got 7"):
        index.search(np.ones((1, 7), np.float32), 3)


def test_vectors_come_back(index: VectorIndex) -> None:
    """The vectors of given rows are those that were added, in the order asked for."""
    np.testing.assert_allclose(index.vectors(np.array([7, 3, 7])), unit(300)[[7, 3, 7]])
    assert index.vectors(np.empty(0, np.int64)).shape == (0, DIM)
    assert len(index) == 300 and index.dim == DIM


def test_rows_of_equal_score_ascend(index: VectorIndex) -> None:
    """Among equal scores the lower row comes first."""
    same = type(index)(np.repeat(unit(1), 5, axis=0)) if isinstance(index, ExactIndex) else None
    twins = same or FaissIndex.build(np.repeat(unit(1), 5, axis=0))
    assert twins.search(unit(1), 5)[1].tolist() == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize("maker", MAKERS)
def test_a_saved_index_is_the_same(maker: str, tmp_path: Path) -> None:
    """What is opened again finds what was found before; a truncated file is damaged."""
    built = MAKERS[maker](unit(120))
    assert isinstance(built, ExactIndex | FaissIndex)
    path = tmp_path / "vectors"
    built.save(path)
    opened = type(built).open(path)
    np.testing.assert_array_equal(opened.search(unit(4, 9), 10)[1], built.search(unit(4, 9), 10)[1])
    del opened
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DamagedIndex, match="cannot be read"):
        type(built).open(path)


@pytest.mark.parametrize("maker", MAKERS)
def test_an_empty_index_finds_nothing(maker: str) -> None:
    """No rows, no hits, no error."""
    empty = MAKERS[maker](np.empty((0, DIM), np.float32))
    assert empty.search(unit(2), 3)[1].tolist() == [[-1, -1, -1]] * 2


def test_hnsw_knows_its_recall() -> None:
    """A flat index is exact; a graph measures itself against exact search."""
    vectors = unit(2000)
    assert FaissIndex.build(vectors, "flat").recall(vectors) == 1.0
    assert 0.9 < FaissIndex.build(vectors, "hnsw").recall(vectors) <= 1.0
    assert FaissIndex.build(vectors).engine == "flat"
