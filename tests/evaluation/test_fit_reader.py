"""The judge's fit: shares are those of questions unseen, and a fact's two questions stay together."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="the fit needs torch")
EVAL = Path(__file__).parents[2] / "eval"


@pytest.fixture(scope="module")
def fit() -> Iterator[Any]:
    """The script as a module."""
    sys.path.insert(0, str(EVAL))
    import fit_reader

    yield fit_reader
    sys.path.remove(str(EVAL))


def seen(fit: Any, fact: int, language: str, rng: np.random.Generator, answerable: bool) -> Any:
    """A question over five stretches; the span score tells the right one, where there is one; the worst falls out."""
    signs = np.zeros((5, len(fit.SIGNS)))
    right = np.eye(5)[fact % 5] if answerable else np.zeros(5)
    signs[:, fit.SIGNS.index("bias")] = 1
    for name in ("span", "paired"):
        signs[:, fit.SIGNS.index(name)] = rng.normal(size=5) - 3 + 8 * right
    ranking = np.stack([rng.normal(size=5), right * 4, right, right * 0], 1)

    def second_look(scores: Any) -> Any:
        kept = np.flatnonzero(scores > np.sort(scores)[0])
        return kept, signs[kept], np.eye(len(kept))

    at_first_sight, passages = signs[:, : len(fit.FIRST)], np.arange(5)
    return fit.Seen(language, f"fact{fact}", answerable, at_first_sight, ranking, passages, *[right] * 4, second_look)


def test_each_question_is_judged_once_by_a_judge_that_did_not_see_its_fact(fit: Any, monkeypatch: Any) -> None:
    """And a judge fitted to clear signs is right about questions unseen."""
    rng = np.random.default_rng(4)
    asked = [seen(fit, fact, language, rng, fact % 4 > 0) for fact in range(30) for language in ("nl", "en")]
    fitted, fits = fit.fitted, list[set[str]]()

    def watched(name: str, others: list[Any], near: list[Any]) -> Any:
        fits.append({s.fact for s in others})
        return fitted(name, others, near)

    monkeypatch.setattr(fit, "fitted", watched)
    shown, told = fit.unseen("x", asked, [])
    chance, f1, exact, right = told.T
    assert [(s.fact, s.language) for s in shown] == [(s.fact, s.language) for s in asked]
    assert all(s.signs.shape == (4, len(fit.SIGNS)) for s in shown)
    assert len(fits) == fit.FOLDS and sum(30 - len(facts) for facts in fits) == 30
    answerable = np.array([s.answerable for s in shown])
    assert right[answerable].mean() > 0.9 and (f1 == exact).all()
    assert chance[answerable].mean() > chance[~answerable].mean() + 0.5


def test_near_misses_tell_how_sure_and_nothing_else(fit: Any) -> None:
    """They choose no stretch and no passage, and what a chance means is told by the questions asked."""
    rng = np.random.default_rng(5)
    asked = [seen(fit, fact, language, rng, fact % 4 > 0) for fact in range(30) for language in ("nl", "en")]
    worse = [replace(s, right=s.right * 0) for s in asked]
    plain, near, wide = fit.fitted("x", asked, []), fit.fitted("x", asked, worse), fit.fitted("x", asked + worse, [])
    known = np.array([s.answerable for s in asked])
    means = [fit.given(judge, fit.in_the_running(judge, asked))[known, 0].mean() for judge in (plain, near, wide)]
    assert means[0] == pytest.approx(means[1], abs=0.05) and means[2] < means[0] - 0.2
    assert (near.first, near.weights, near.ranking) == (plain.first, plain.weights, plain.ranking)
    assert near.surety != plain.surety


def test_nothing_is_read_twice(fit: Any) -> None:
    """What was seen of a text is what is seen again."""
    read = []

    class Once:
        name = "once"

        def look(self, question: str, passages: Any) -> Any:
            read.extend((question, *each) for each in passages)
            return [(question, *each) for each in passages]

    network = fit.Remembering(Once())
    assert network.look("q", [("", "a"), ("", "b"), ("", "a")]) == [("q", "", "a"), ("q", "", "b"), ("q", "", "a")]
    network.look("q", [("", "b"), ("t", "b")])
    assert read == [("q", "", "a"), ("q", "", "b"), ("q", "t", "b")]


def test_the_threshold_answers_enough_and_errs_seldom_if_it_can(fit: Any) -> None:
    """The lowest that keeps both promises; where none does, the highest that still answers 85%."""
    answerable, first = np.array([True] * 10 + [False] * 5), np.ones(15, bool)
    right = answerable.astype(float)
    sure = np.array([0.9] * 10 + [0.3] * 5)
    assert fit.threshold(np.stack([sure, right, right, right], 1), answerable, first) == pytest.approx(0.31)
    mixed = np.array([0.1, *[0.6] * 9, *[0.65] * 5])
    assert fit.threshold(np.stack([mixed, right, right, right], 1), answerable, first) == pytest.approx(0.6)


def test_the_threshold_keeps_a_margin_to_answers_and_to_silence(fit: Any) -> None:
    """Where too many answers are wrong, the middle: near misses of all sets count, answers those of the first alone."""
    answerable = np.array([True] * 20 + [False] * 10)
    first = np.arange(30) < 25
    chance = np.array([*[0.2] * 2, *[0.7] * 18, *[0.45, 0.45, 0.8, 0.1, 0.1], *[0.1] * 5])
    wrong = np.zeros(30)
    told = np.stack([chance, wrong, wrong, wrong], 1)
    assert fit.threshold(told, answerable, first) == pytest.approx((0.46 + 0.7) / 2)
    assert fit.threshold(told, answerable, np.ones(30, bool)) == pytest.approx((0.46 + 0.7) / 2)
    half = np.where(np.arange(30) < 20, 0.4, chance)
    assert fit.threshold(np.stack([half, wrong, wrong, wrong], 1), answerable, first) == pytest.approx(0.4)
