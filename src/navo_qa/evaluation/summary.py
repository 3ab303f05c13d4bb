"""Every figure with its interval, by arm of the experiment and slice of the questions.

A slice is named as a gate names it: "all", "lang=nl", "kind=date", "split=dev", "document=…", "tag=…", with commas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from navo_qa.evaluation import significance, silence
from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.experiment import Arm
from navo_qa.evaluation.measures import MEASURES, Floats, Scores

HEADLINE = (
    *("nDCG@10", "MRR@10", "R@1", "R@5", "R@10", "Success@1", "evidence@1000", "evidence@3000"),
    *("EM", "F1", "right", "right document", "grounded", "verbatim", "answered", "silent", "precision"),
    *("AURC", "ECE", "p50 ms", "p95 ms"),
)
COMPARED = ("nDCG@10", "MRR@10", "R@5", "Success@1", "evidence@1000", "F1", "right", "silent")
SLICES = ("lang", "split", "kind", "document", "tag")


class SliceError(ValueError):
    """A slice that names no field of a question."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its 95% interval, and over how many questions; NaN where it says nothing of any."""

    value: float
    low: float
    high: float
    n: int


Figures = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two configurations on one measure: the second's mean minus the first's, over the same questions."""

    measure: str
    first: str
    second: str
    difference: Estimate
    p: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class Summary:
    """All that one arm measured: a table for each slice, and its curves."""

    arm: Arm
    tables: Mapping[str, Figures]
    risk_coverage: silence.Curve
    reliability: silence.Curve
    stages: Mapping[str, float]


def summarise(arm: Arm, scores: Scores, stages: Mapping[str, float] | None = None) -> Summary:
    """Return the figures of one arm over all its questions and every slice of them."""
    tables = {name: estimates(scores.only(mask)) for name, mask in slices(scores.questions)}
    return Summary(arm, tables, silence.risk_coverage(scores), silence.reliability(scores), stages or {})


def estimates(scores: Scores) -> dict[str, Estimate]:
    """Return each measure with its interval; measures that say nothing of these questions are left out."""
    n = len(scores.questions)
    weights = np.vstack([np.ones((1, n)), significance.draws([q.cluster for q in scores.questions])])
    samples = significance.weighted_means(scores.values, weights)
    counts = (~np.isnan(scores.values)).sum(axis=0)
    found = _estimates(MEASURES, samples, counts)
    if n:
        error = significance.centred(silence.calibration_error(scores, weights))
        curved = np.column_stack([silence.aurc(scores, weights), error])
        found |= _estimates(("AURC", "ECE"), curved, np.array([n, int((~np.isnan(scores.correct)).sum())]))
        for at in (50, 95):
            times = np.append(np.percentile(scores.ms, at), significance.percentile_samples(scores.ms, at))
            found |= _estimates((f"p{at} ms",), times[:, None], np.array([n]))
    return found


def compare(
    arms: Mapping[str, Scores], measures: Sequence[str] = COMPARED, *, against_first: bool = False
) -> list[Comparison]:
    """Return every two arms, or each with the first, compared on every measure.

    p is adjusted by Holm over all the pairs that are compared on one measure.
    """
    made: list[Comparison] = []
    for first, second in list(combinations(arms, 2))[: len(arms) - 1 if against_first else None]:
        one, other = aligned(arms[first], arms[second])
        clusters = [question.cluster for question in one.questions]
        weights = np.vstack([np.ones((1, len(clusters))), significance.draws(clusters)])
        for measure in measures:
            difference = other.column(measure) - one.column(measure)
            known = int((~np.isnan(difference)).sum())
            if not known:
                continue
            sample = significance.weighted_means(difference[:, None], weights)
            estimate = _estimates((measure,), sample, np.array([known]))[measure]
            p = significance.randomisation_test(difference, clusters)
            made.append(Comparison(measure, first, second, estimate, p, p))
    return [comparison for measure in measures for comparison in _adjusted([c for c in made if c.measure == measure])]


def aligned(one: Scores, other: Scores) -> tuple[Scores, Scores]:
    """Return both over the questions that both were asked, in one order."""
    shared = {question.id for question in one.questions} & {question.id for question in other.questions}
    one, other = (s.only(np.array([q.id in shared for q in s.questions], bool)) for s in (one, other))
    place = {question.id: i for i, question in enumerate(other.questions)}
    order = np.array([place[question.id] for question in one.questions], int)
    return one, _reordered(other, order)


def slices(questions: Sequence[Question]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each slice that has questions, the whole first, with which questions it holds."""
    yield "all", np.ones(len(questions), bool)
    for field in SLICES:
        values = sorted({value for question in questions for value in _values(question, field)})
        if field == "split" and len(values) == 1:
            continue
        for value in values:
            yield f"{field}={value}", _holding(questions, field, value)


def select(questions: Sequence[Question], spec: str) -> NDArray[np.bool_]:
    """Return which questions a slice holds, bool (questions,): "lang=nl,split=dev".

    Raises SliceError if the slice names an unknown field.
    """
    mask = np.ones(len(questions), bool)
    for part in filter(None, (part.strip() for part in spec.split(","))):
        field, _, value = (piece.strip() for piece in part.partition("="))
        if part == "all":
            continue
        if field not in SLICES:
            raise SliceError(f'slice "{spec}" names "{field}"; known are all, {", ".join(SLICES)}')
        mask &= _holding(questions, field, value)
    return mask


def _adjusted(family: Sequence[Comparison]) -> list[Comparison]:
    adjusted = significance.holm([comparison.p for comparison in family])
    return [replace(comparison, adjusted=p) for comparison, p in zip(family, adjusted, strict=True)]


def _holding(questions: Sequence[Question], field: str, value: str) -> NDArray[np.bool_]:
    return np.array([value in _values(question, field) for question in questions], bool)


def _values(question: Question, field: str) -> tuple[str, ...]:
    if field == "document":
        return tuple(sorted({stretch.document_id for stretch in question.evidence}))
    if field == "tag":
        return question.tags
    return (str(getattr(question, field)),)


def _estimates(names: Sequence[str], samples: Floats, counts: NDArray[np.int64]) -> dict[str, Estimate]:
    """Return an estimate a column; the first sample is the data themselves."""
    low, high = significance.interval(samples[1:])
    rows = zip(names, samples[0], low, high, counts, strict=True)
    return {name: Estimate(float(v), float(lo), float(hi), int(n)) for name, v, lo, hi, n in rows if n}


def _reordered(scores: Scores, order: NDArray[np.int64]) -> Scores:
    return Scores(
        tuple(scores.questions[i] for i in order),
        scores.values[order],
        scores.confidence[order],
        scores.correct[order],
        scores.silent[order],
        scores.ms[order],
    )
