"""What a passage's surroundings add to its score."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.pipeline import Pipeline
from navo_qa.retrieve import RetrievalSettings
from navo_qa.smooth import TYPICAL, Shares, Stand, smooth, standing
from navo_qa.types import Query

NONE = Shares(before=0.0, document=0.0, length=0.0, asks=0.0)
ROWS = np.array([0, 1, 2, 5, 6, 9])
SCORES = np.array([2.0, 0.0, 1.0, -1.0, 0.5, 0.25], np.float32)
# rows 0 to 4 are the first document, 5 to 8 the second, 9 the third
STAND = Stand(np.array([0, 0, 0, 1, 1, 2]), np.array([5, 4, 1]), np.full(6, TYPICAL), np.array([True, False] * 3, bool))


def added(shares: Shares, stand: Stand = STAND) -> list[float]:
    """Return what each row gains."""
    return [round(float(x), 4) for x in smooth(SCORES, ROWS, stand, shares) - SCORES]


def test_nothing_is_added_without_shares() -> None:
    """Without shares the scores come back."""
    assert added(NONE) == [0.0] * 6


def test_the_passage_before_counts() -> None:
    """A share of the score of the row before, in its document and in the pool; else of the worst."""
    assert added(replace(NONE, before=1.0)) == [-1.0, 2.0, 0.0, -1.0, -1.0, -1.0]


def test_a_documents_best_three_count() -> None:
    """A share of their mean; passages that are not in the pool are as the worst, and a short document has fewer."""
    first, second, third = (2.0 + 1.0 + 0.0) / 3, (0.5 - 1.0 - 1.0) / 3, 0.25
    expected = [first] * 3 + [second] * 2 + [third]
    assert added(replace(NONE, document=1.0)) == [round(x, 4) for x in expected]


def test_long_passages_gain_and_those_that_ask_lose() -> None:
    """In standard deviations of the scores: e times as long gains one share, a question loses one."""
    unit = float(SCORES.std())
    long = replace(STAND, length=np.array([TYPICAL * np.e] * 6))
    assert added(replace(NONE, length=0.5), long) == pytest.approx([0.5 * unit] * 6, abs=1e-3)
    assert added(replace(NONE, asks=0.5)) == pytest.approx([-0.5 * unit, 0.0] * 3, abs=1e-3)


@given(st.lists(st.floats(-10, 10, width=32), min_size=1, max_size=12), st.data())
def test_any_pool_has_finite_scores(scores: list[float], data: st.DataObject) -> None:
    """Whatever is found, one row or many, alike or not, empty texts too: every score is a number."""
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, 40), min_size=len(scores), max_size=len(scores)))))
    stand = Stand(rows // 10, np.full(5, 10), np.zeros(len(rows), np.int64), np.ones(len(rows), bool))
    found = smooth(np.array(scores, np.float32), rows, stand, RetrievalSettings().shares)
    assert found.dtype == np.float32 and np.isfinite(found).all() and len(found) == len(rows)


def test_where_rows_stand(tmp_path: Path) -> None:
    """Documents, lengths and questions are those of the collection."""
    (tmp_path / "een.txt").write_text("Nederland stuurt hulp. Wat doet Duitsland?", "utf-8")
    (tmp_path / "twee.txt").write_text("Geen vraag hier.", "utf-8")
    build([tmp_path], tmp_path / "index", HashingEncoder(32))
    collection = Pipeline.open(tmp_path / "index").snapshot.collection
    rows = np.arange(len(collection))
    stand = standing(rows, collection)
    passages = collection.passages(rows)
    assert stand.length.tolist() == [len(passage.text) for passage in passages]
    assert stand.asks.tolist() == [passage.text.endswith("?") for passage in passages] == [True, False]
    names = [listing.id for listing in collection.listings()]
    assert [names[number] for number in stand.document] == [passage.document_id for passage in passages]


def test_an_answer_is_found_by_the_question_before_it(tmp_path: Path) -> None:
    """Of answers in the very same words, that whose question names the subject comes first."""
    answer = "Het kabinet trekt hiervoor een bedrag uit, zoals eerder gemeld. " * 14
    for name, subject in (("a", "munitie"), ("b", "veerboten"), ("c", "zonnepanelen")):
        asked = f"Hoeveel geld gaat er naar {subject}? " + "Kunt u dat nader toelichten? " * 25
        (tmp_path / f"{name}.txt").write_text(f"Beantwoording van vragen\n\n{asked}\n\n{answer}", "utf-8")
    build([tmp_path], tmp_path / "index", HashingEncoder(64))
    pipeline = Pipeline.open(tmp_path / "index")
    bare = pipeline.with_retrieval(replace(RetrievalSettings(), before=0.0, document=0.0))
    query = Query("Welk bedrag trekt het kabinet uit voor veerboten?", 20)
    first = [
        next(hit.passage for hit in each.search(query) if hit.passage.text.startswith("Het kabinet"))
        for each in (pipeline, bare)
    ]
    assert [passage.document_id for passage in first] == ["b", "a"]
    assert first[0].text == first[1].text
