"""The learned combination: chances that compete, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.errors import UnknownReader
from navo_qa.reader.hub import plain_judge
from navo_qa.reader.judge import (
    CLOSER,
    FILE,
    FIRST,
    RANKING,
    SIGNS,
    SURETY,
    UNLIKELY,
    Floats,
    Judge,
    shares,
    with_answers,
)

PLAIN = plain_judge("plain")


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=30))
def test_shares_are_of_all_and_of_none(logits: list[float]) -> None:
    """The softmax over the stretches and "no answer"."""
    weights = np.exp(np.array([0.0, *logits]) - max(0.0, *logits))
    assert np.allclose(shares(np.array(logits)), weights[1:] / weights.sum(), atol=1e-6)


def seen(*spans: float) -> Floats:
    """Signs of stretches that differ in what the network says of them."""
    signs = np.zeros((len(spans), len(SIGNS)))
    signs[:, SIGNS.index("span")] = spans
    return signs


def test_a_rival_takes_certainty_away() -> None:
    """Two equal answers are each less likely than one alone; two that agree are not, where agreement counts."""
    one, none = np.array([1.0]), np.array([1.0, 0.0])
    assert PLAIN.chance(seen(3), 0, one) > PLAIN.chance(seen(3, 3), 0, none)
    trusting = PLAIN.model_copy(update={"surety": dict.fromkeys(SURETY, 0.0) | {"mass": 1.0}})
    assert trusting.chance(seen(3, 3), 0, np.ones(2)) > trusting.chance(seen(3, 3), 0, none)
    assert trusting.chance(seen(3, 3), 0, np.ones(2)) > trusting.chance(seen(3), 0, one)
    assert len(shares(np.zeros(0))) == 0


def test_the_stretch_is_chosen_that_shares_most_with_the_answer() -> None:
    """Two cuts of one answer outweigh a rival that is likelier than either; far apart, the likeliest is chosen."""
    cuts = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
    worth = PLAIN.worth(seen(2.0, 1.9, 2.2), cuts)
    assert worth.argmax() == 0 and 0 < worth.min() and worth.max() < 1
    assert PLAIN.worth(seen(2.0, 1.9, 2.2), np.eye(3)).argmax() == 2
    assert PLAIN.worth(seen(2.0, 1.9, 2.2), np.where(cuts == 0.9, 0.4, cuts)).argmax() == 2  # half a word is no vote
    assert len(PLAIN.worth(seen(), np.zeros((0, 0)))) == 0


def test_what_was_stored_is_read(tmp_path: Path) -> None:
    """A judge comes back as it was written."""
    (tmp_path / FILE).write_text(PLAIN.model_dump_json(), "utf-8")
    assert Judge.load(tmp_path) == PLAIN


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"name": "x"}), "\x00"])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, content: str) -> None:
    """It says which file and what to do."""
    (tmp_path / FILE).write_text(content, "utf-8")
    with pytest.raises(UnknownReader, match=FILE):
        Judge.load(tmp_path)


@pytest.mark.parametrize(("weights", "names"), [("weights", SIGNS), ("first", FIRST), ("surety", SURETY)])
def test_weights_of_another_version_are_refused(tmp_path: Path, weights: str, names: tuple[str, ...]) -> None:
    """A sign that this version does not know would shift all others."""
    other = PLAIN.model_copy(update={weights: dict.fromkeys([*names, "new"], 0.0)})
    (tmp_path / FILE).write_text(other.model_dump_json(), "utf-8")
    with pytest.raises(UnknownReader, match="other signs"):
        Judge.load(tmp_path)
    assert PLAIN.order(np.ones((2, len(RANKING)))).tolist() == [2.0, 2.0]


def test_a_second_look_is_taken_only_where_it_counts() -> None:
    """A judge that weighs nothing of it spares the reading."""
    assert not PLAIN.looks_closer
    assert PLAIN.model_copy(update={"weights": PLAIN.weights | {CLOSER[0]: 0.5}}).looks_closer
    assert PLAIN.first_logits(np.eye(len(FIRST))).tolist() == [float(name == "span") for name in FIRST]


def test_a_passage_is_ranked_by_its_likeliest_answer_too() -> None:
    """The best of its stretches counts; without any, or with poor ones alone, it has what an unlikely one has."""
    signs = np.zeros((3, len(RANKING) - 1))
    whole = with_answers(signs, np.array([1.0, 4.0, -40.0]), [0, 0, 2])
    assert whole[:, RANKING.index("answer")].tolist() == [4.0, UNLIKELY, UNLIKELY]
    answers = PLAIN.model_copy(update={"ranking": dict.fromkeys(RANKING, 0.0) | {"answer": 1.0}})
    assert answers.order(whole).argmax() == 0
