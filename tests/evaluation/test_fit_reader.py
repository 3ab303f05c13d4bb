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
    """A question over five stretches; the span score tells the right one, where there is one."""
    signs = np.zeros((5, len(fit.SIGNS)))
    right = np.eye(5)[fact % 5] if answerable else np.zeros(5)
    signs[:, fit.SIGNS.index("bias")] = 1
    for name in ("span", "alone"):
        signs[:, fit.SIGNS.index(name)] = rng.normal(size=5) - 3 + 8 * right
    ranking = np.stack([rng.normal(size=5), right * 4, right], 1)
    return fit.Seen(
        language, f"fact{fact}", answerable, signs, ranking, right, right, right, right,
        lambda i: np.eye(5)[i], lambda scores: scores > np.sort(scores)[0],
    )  # fmt: skip


def test_each_question_is_judged_once_by_a_judge_that_did_not_see_its_fact(fit: Any, monkeypatch: Any) -> None:
    """And a judge fitted to clear signs is right about questions unseen."""
    rng = np.random.default_rng(4)
    asked = [seen(fit, fact, language, rng, fact % 4 > 0) for fact in range(30) for language in ("nl", "en")]
    fitted, fits = fit.fitted, list[set[str]]()

    def watched(name: str, others: list[Any], held: list[Any], wider: list[Any]) -> Any:
        fits.append({s.fact for s in others})
        return fitted(name, others, held, wider)

    monkeypatch.setattr(fit, "fitted", watched)
    shown, (chance, f1, exact, right) = fit.unseen("x", asked, [])
    assert sorted((s.fact, s.language) for s in shown) == sorted((s.fact, s.language) for s in asked)
    assert len(fits) == fit.FOLDS and sum(30 - len(facts) for facts in fits) == 30
    answerable = np.array([s.answerable for s in shown])
    assert right[answerable].mean() > 0.9 and (f1 == exact).all()
    assert chance[answerable].mean() > chance[~answerable].mean() + 0.5


def test_wider_questions_move_the_surety_alone(fit: Any) -> None:
    """Where other kinds of documents are read worse, chances fall; what is chosen stays."""
    rng = np.random.default_rng(5)
    asked = [seen(fit, fact, language, rng, fact % 4 > 0) for fact in range(30) for language in ("nl", "en")]
    worse = [replace(s, right=s.right * 0) for s in asked]
    plain, wide = fit.fitted("x", asked, []), fit.fitted("x", asked, [], worse)
    assert (plain.first, plain.weights, plain.ranking) == (wide.first, wide.weights, wide.ranking)
    known = np.array([s.answerable for s in asked])
    assert fit.given(wide, asked)[0][known].mean() < fit.given(plain, asked)[0][known].mean() - 0.2


def test_the_threshold_answers_enough_and_errs_seldom_if_it_can(fit: Any) -> None:
    """The lowest that keeps both promises; where none does, the highest that still answers 85%."""
    answerable = np.array([True] * 10 + [False] * 5)
    right = answerable.astype(float)
    sure = np.array([0.9] * 10 + [0.3] * 5)
    assert fit.threshold((sure, right, right, right), answerable) == pytest.approx(0.31)
    mixed = np.array([0.1, *[0.6] * 9, *[0.65] * 5])
    assert fit.threshold((mixed, right, right, right), answerable) == pytest.approx(0.6)
