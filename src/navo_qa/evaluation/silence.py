"""Does it know when it does not know? Risk against coverage, and confidence against the truth.

Questions are taken in order of confidence. Coverage is the share answered so far, risk the share of those that is
wrong; an answer to an unanswerable question is always wrong. AURC is the mean risk over all coverages: near 0 at best,
and the overall error rate where confidence tells nothing. El-Yaniv and Wiener, JMLR 2010; Geifman et al., ICLR 2019.

Where a system keeps silent and does not tell what it would have said, the question counts as wrong at its confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from navo_qa.evaluation.measures import Floats, Scores

BINS = 10


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve, x ascending."""

    x: tuple[float, ...]
    y: tuple[float, ...]


def risk_coverage(scores: Scores) -> Curve:
    """Return risk against coverage, one point a distinct confidence."""
    order = np.argsort(-scores.confidence, kind="stable")
    confidence = scores.confidence[order]
    wrong = _wrong(scores)[order]
    ends = np.flatnonzero(np.append(np.diff(confidence) != 0, True)) if len(order) else np.array([], int)
    coverage = (ends + 1) / max(1, len(order))
    risk = np.cumsum(wrong)[ends] / (ends + 1)
    return Curve(tuple(map(float, coverage)), tuple(map(float, risk)))


def operating_points(scores: Scores, thresholds: Sequence[float]) -> list[tuple[float, ...]]:
    """Return for each threshold what would happen if it shipped: the threshold, then four shares.

    Of the answerable questions those answered, and those answered right; of the answers given those right; of the
    unanswerable questions those left unanswered. NaN where there is nothing to take a share of.
    """
    answerable = np.array([question.answerable for question in scores.questions], bool)
    right = np.nan_to_num(scores.correct, nan=0.0)
    points = []
    for threshold in thresholds:
        given = scores.confidence >= threshold
        shares = (given[answerable], (given * right)[answerable], right[given], ~given[~answerable])
        points.append((threshold, *(float(np.mean(share)) if len(share) else float("nan") for share in shares)))
    return points


def aurc(scores: Scores, weights: Floats) -> Floats:
    """Return the area under risk–coverage in each sample, float64 (samples,); weights (samples, questions).

    Questions of one confidence share their risk, so that the file's order decides nothing.
    """
    order = np.argsort(-scores.confidence, kind="stable")
    wrong, confidence = _wrong(scores)[order], scores.confidence[order]
    weights = weights[:, order]
    last = np.searchsorted(-confidence, -confidence, side="right") - 1
    count, errors = np.cumsum(weights, axis=1)[:, last], np.cumsum(weights * wrong, axis=1)[:, last]
    risk = np.divide(errors, count, out=np.zeros_like(errors), where=count > 0)
    return np.asarray((weights * risk).sum(axis=1) / weights.sum(axis=1))


def calibration_error(scores: Scores, weights: Floats) -> Floats:
    """Return the expected calibration error in each sample, float64 (samples,): ten bins of equal mass.

    ECE = sum over bins of share * |mean confidence - share right|, over the questions whose candidate is known.
    Naeini et al., AAAI 2015; equal mass: Nguyen and O'Connor, EMNLP 2015.
    """
    confidence, right, weights = _known(scores, weights)
    total = weights.sum(axis=1, keepdims=True)
    place = (np.cumsum(weights, axis=1) - weights / 2) / np.maximum(total, 1e-12)
    bins = np.minimum((place * BINS).astype(int), BINS - 1)
    error = np.zeros(len(weights))
    for b in range(BINS):
        inside = np.where(bins == b, weights, 0.0)
        error += np.abs(inside @ confidence - inside @ right)
    return np.asarray(np.divide(error, total[:, 0], out=np.full(len(weights), np.nan), where=total[:, 0] > 0))


def reliability(scores: Scores) -> Curve:
    """Return the share right against the mean confidence of each of the ten bins."""
    confidence, right, _ = _known(scores, np.ones((1, len(scores.ms))))
    parts = [part for part in np.array_split(np.arange(len(right)), BINS) if len(part)]
    return Curve(
        tuple(float(confidence[part].mean()) for part in parts), tuple(float(right[part].mean()) for part in parts)
    )


def _wrong(scores: Scores) -> Floats:
    return np.asarray(1.0 - np.nan_to_num(scores.correct, nan=0.0))


def _known(scores: Scores, weights: Floats) -> tuple[Floats, Floats, Floats]:
    known = np.flatnonzero(~np.isnan(scores.correct))
    order = known[np.argsort(scores.confidence[known], kind="stable")]
    return scores.confidence[order], scores.correct[order], weights[:, order]
