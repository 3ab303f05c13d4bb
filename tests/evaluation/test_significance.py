"""Intervals, tests and curves against scipy, brute force and cases whose outcome is known."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from navo_qa.evaluation import significance as s
from navo_qa.evaluation import silence
from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.measures import MEASURES, Scores


def scores(confidence: list[float], correct: list[float]) -> Scores:
    n = len(confidence)
    filler = np.full((n, len(MEASURES)), np.nan)
    return Scores((), filler, np.array(confidence), np.array(correct), np.zeros(n, bool), np.ones(n))


def test_interval_is_near_scipys() -> None:
    """With one question a cluster, the interval of a mean is scipy's percentile bootstrap's, sampling error apart."""
    values = np.random.default_rng(1).random(80)
    weights = s.draws([str(n) for n in range(80)], resamples=10_000)
    low, high = s.interval(s.weighted_means(values[:, None], weights))
    theirs = stats.bootstrap((values,), np.mean, n_resamples=10_000, method="percentile", rng=2).confidence_interval
    assert [low[0], high[0]] == pytest.approx([theirs.low, theirs.high], abs=0.006)


def test_translations_do_not_narrow_the_interval() -> None:
    """A pair whose two questions fare the same is one observation: asking twice gives the same interval."""
    values = np.random.default_rng(3).random(60)
    once = s.interval(s.weighted_means(values[:, None], s.draws([f"{n}" for n in range(60)])))
    twice = s.interval(s.weighted_means(np.repeat(values, 2)[:, None], s.draws([f"{n // 2:02}" for n in range(120)])))
    assert twice[1][0] - twice[0][0] == pytest.approx(once[1][0] - once[0][0], rel=0.08)


def test_whole_clusters_are_drawn() -> None:
    """The questions of a cluster are in a sample equally often, and each sample draws as many clusters as there are."""
    weights = s.draws(["a", "b", "a", "c", "c"], resamples=200)
    assert (weights[:, 0] == weights[:, 2]).all() and (weights[:, 3] == weights[:, 4]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()


def test_what_says_nothing_is_left_out() -> None:
    """NaN is no zero: the mean is over those that speak, and a column that never speaks has no interval."""
    values = np.array([[1.0, np.nan], [np.nan, np.nan], [0.0, np.nan]])
    means = s.weighted_means(values, np.ones((1, 3)))
    assert means[0, 0] == 0.5 and np.isnan(means[0, 1])
    assert np.isnan(s.interval(means)[0][1])


def test_randomisation_is_exact_for_few() -> None:
    """The p equals the share of all sign patterns as extreme, counted one by one, and scipy's own permutation test."""
    d = np.array([0.5, 0.2, -0.1, 0.4, 0.3, 0.25, 0.1, -0.05])
    counted = np.mean([abs(np.dot(signs, d)) >= abs(d.sum()) - 1e-9 for signs in product((1, -1), repeat=len(d))])
    p = s.randomisation_test(d, [str(n) for n in range(len(d))])
    assert p == pytest.approx(counted)
    theirs = stats.permutation_test((d, np.zeros(len(d))), lambda a, b: np.mean(a - b), permutation_type="samples")
    assert p == pytest.approx(theirs.pvalue, abs=1e-9)


def test_randomisation_sampled_is_near_the_exact_one() -> None:
    """Sampled signs come near to the normal approximation for many questions, and are the same every time."""
    d = np.random.default_rng(5).normal(0.08, 0.5, 150)
    p = s.randomisation_test(d, [str(n) for n in range(150)])
    assert p == pytest.approx(2 * stats.norm.sf(abs(d.sum()) / np.sqrt((d**2).sum())), abs=0.01)
    assert p == s.randomisation_test(d, [str(n) for n in range(150)])


def test_randomisation_flips_facts_not_questions() -> None:
    """Five facts in two languages that all gained can be chance once in 2^4 ways, not in 2^9."""
    assert s.randomisation_test(np.ones(10), [str(n // 2) for n in range(10)]) == 2 / 2**5
    assert s.randomisation_test(np.zeros(10), ["a"] * 10) == 1.0
    assert s.randomisation_test(np.array([np.nan, 1.0]), ["a", "b"]) == 1.0


def test_holm_by_hand() -> None:
    """Holm 1979 on four p: 0.005*4, 0.01*3, 0.03*2, then not less than the one before."""
    assert s.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert s.holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_only_raises(p: list[float]) -> None:
    """Adjusted p are never smaller, never above 1, and keep their order."""
    adjusted = s.holm(p)
    assert all(q >= v and q <= 1 for q, v in zip(adjusted, p, strict=True))
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(adjusted)[order]) >= 0).all()


def test_risk_coverage_by_hand() -> None:
    """Four questions, the third surest wrong: risks 0, 0, 1/3, 1/4 and AURC their mean."""
    known = scores([0.9, 0.8, 0.7, 0.6], [1, 1, 0, 1])
    assert silence.risk_coverage(known) == silence.Curve((0.25, 0.5, 0.75, 1.0), (0.0, 0.0, 1 / 3, 0.25))
    assert silence.aurc(known, np.ones((1, 4)))[0] == pytest.approx((1 / 3 + 1 / 4) / 4)


def test_confidence_that_tells_nothing_has_the_error_rate() -> None:
    """One confidence for all: the area is the error rate, in whatever order the questions stand."""
    assert silence.aurc(scores([0.5] * 4, [0, 1, 1, 1]), np.ones((1, 4)))[0] == pytest.approx(0.25)
    assert silence.aurc(scores([0.5] * 4, [1, 1, 1, 0]), np.ones((1, 4)))[0] == pytest.approx(0.25)


def test_silence_that_hides_its_candidate_counts_as_wrong() -> None:
    """A system that does not tell what it withheld gains nothing by that."""
    assert silence.risk_coverage(scores([0.9, 0.2], [1, np.nan])).y == (0.0, 0.5)


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1, max_size=60))
def test_areas_and_errors_are_shares(drawn: list[tuple[float, float]]) -> None:
    """AURC and ECE lie in [0, 1], and weighting a question twice is the same as having it twice."""
    known = scores([c for c, _ in drawn], [r for _, r in drawn])
    one = np.ones((1, len(drawn)))
    area, error = silence.aurc(known, one)[0], silence.calibration_error(known, one)[0]
    assert 0 <= area <= 1 and 0 <= error <= 1
    doubled = scores([c for c, _ in drawn] * 2, [r for _, r in drawn] * 2)
    assert silence.aurc(known, 2 * one)[0] == pytest.approx(area)
    assert silence.aurc(doubled, np.ones((1, 2 * len(drawn))))[0] == pytest.approx(area)


def test_operating_points_by_hand() -> None:
    """Two of three answerable questions pass 0.5, one of them right; the unanswerable one does not."""
    known = replace(
        scores([0.9, 0.6, 0.2, 0.4], [1, 0, 1, 0]),
        questions=tuple(Question(str(n), "nl", str(n), "dev", "?", "date", (), (), n < 3, ()) for n in range(4)),
    )
    points = silence.operating_points(known, [0.5, 0.95])
    assert points[0] == pytest.approx((0.5, 2 / 3, 1 / 3, 1 / 2, 1.0))
    assert points[1][:3] == (0.95, 0.0, 0.0) and np.isnan(points[1][3]) and points[1][4] == 1.0


def test_calibration_error_by_hand() -> None:
    """Confidence 0.8 and right 6 of 10 times is an error of 0.2; where bins differ, each adds its own."""
    wrong = scores([0.8] * 100, ([1.0] * 6 + [0.0] * 4) * 10)
    assert silence.calibration_error(wrong, np.ones((1, 100)))[0] == pytest.approx(0.2)
    sorted_bins = scores([n / 100 for n in range(100)], [float(n >= 50) for n in range(100)])
    bins = np.arange(100).reshape(10, 10)
    by_hand = np.mean([abs((b / 100).mean() - (b >= 50).mean()) for b in bins])
    assert silence.calibration_error(sorted_bins, np.ones((1, 100)))[0] == pytest.approx(by_hand)
    assert silence.reliability(sorted_bins).y == (0, 0, 0, 0, 0, 1, 1, 1, 1, 1)


def test_the_interval_of_a_calibration_error_holds_it() -> None:
    """Draws with repeats lie above the data; moved, their mean is the data's own, and none is under 0."""
    random = np.random.default_rng(7)
    confidence = random.random(120)
    asked = scores(confidence.tolist(), (random.random(120) < confidence).astype(float).tolist())
    weights = np.vstack([np.ones((1, 120)), s.draws([f"{n:03}" for n in range(120)])])
    drawn = silence.calibration_error(asked, weights)
    moved = s.centred(drawn)
    low, high = s.interval(moved[1:, None])
    assert drawn[1:].mean() > drawn[0] and low[0] < drawn[0] < high[0] and low[0] >= 0 and moved[0] == drawn[0]
