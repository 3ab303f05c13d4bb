"""Sentences and their vectors: what numpy says, whatever the rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.errors import DamagedIndex
from navo_qa.index.sentences import PLACES, VECTORS, SentenceIndex


def made(counts: list[int], dim: int = 8) -> tuple[SentenceIndex, list[np.ndarray]]:
    """An index of so many sentences a row, and each row's vectors."""
    random = np.random.default_rng(sum(counts))
    rows = [random.normal(size=(count, dim)).astype(np.float16).astype(np.float32) for count in counts]
    spans = [[(10 * i, 10 * i + 5) for i in range(count)] for count in counts]
    return SentenceIndex.of(np.concatenate(rows), spans), rows


@given(st.lists(st.integers(1, 6), min_size=1, max_size=30), st.sampled_from([0, 20, 1000]), st.data())
def test_the_nearest_sentence_is_numpys(counts: list[int], widened: int, data: st.DataObject) -> None:
    """For any rows, in any order and number, with and without a float32 copy, the highest inner product of each."""
    index, rows = made(counts)
    query = np.random.default_rng(0).normal(size=8).astype(np.float32)
    wanted = data.draw(st.lists(st.integers(0, len(counts) - 1), max_size=40))
    expected = [float((rows[row] @ query).max()) for row in wanted]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("navo_qa.index.sentences.WIDENED", widened)
        found = index.nearest(query, np.array(wanted, np.int64))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_saved_and_opened_again(tmp_path: Path) -> None:
    """Spans and vectors of every row come back."""
    index, rows = made([2, 1, 3])
    index.save(tmp_path)
    again = SentenceIndex.open(tmp_path)
    assert (len(again), again.rows) == (6, 3)
    for row, vectors in enumerate(rows):
        spans, found = again.sentences(row)
        assert spans == [(10 * i, 10 * i + 5) for i in range(len(vectors))]
        np.testing.assert_array_equal(found, vectors)


@pytest.mark.parametrize("name", [VECTORS, PLACES])
@pytest.mark.parametrize("content", [None, b"", b"\x93NUMPY broken"])
def test_a_damaged_file_is_told(tmp_path: Path, name: str, content: bytes | None) -> None:
    """Missing, empty or broken: DamagedIndex."""
    made([2, 1])[0].save(tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DamagedIndex):
        SentenceIndex.open(tmp_path)


def test_arrays_that_do_not_belong_together_are_told(tmp_path: Path) -> None:
    """Places of another build."""
    made([2, 1])[0].save(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    made([4])[0].save(other)
    (tmp_path / PLACES).write_bytes((other / PLACES).read_bytes())
    with pytest.raises(DamagedIndex, match="different numbers"):
        SentenceIndex.open(tmp_path)
