"""How sure are the figures? Intervals and tests that resample facts, not questions.

The Dutch and the English question of one fact stand or fall together, so they are one cluster: a bootstrap draws
clusters, a randomisation test flips the sign of a whole cluster.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from navo_qa.evaluation.measures import Floats

SEED = 20260101
RESAMPLES = 2000
FLIPS = 50_000


def draws(clusters: Sequence[str], resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """Return how often each sample holds each question, float64 (resamples, questions); whole clusters move."""
    _, member = np.unique(np.asarray(clusters, dtype=object).astype(str), return_inverse=True)
    n = int(member.max()) + 1 if len(member) else 0
    if n == 0:
        return np.zeros((resamples, 0))
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
    return np.asarray(counts[:, member], float)


def weighted_means(values: Floats, weights: Floats) -> Floats:
    """Return the mean of each column in each sample, float64 (samples, columns), over the questions that it speaks of.

    values: (questions, columns), NaN where a measure says nothing. weights: (samples, questions).
    """
    known = ~np.isnan(values)
    total = weights @ np.where(known, values, 0.0)
    count = weights @ known.astype(float)
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def interval(samples: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the percentile interval of each column over the samples; NaN where no sample has a value."""
    low, high = np.full(samples.shape[1], np.nan), np.full(samples.shape[1], np.nan)
    for column in range(samples.shape[1]):
        known = samples[:, column][~np.isnan(samples[:, column])]
        if len(known):
            low[column], high[column] = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return low, high


def centred(samples: Floats) -> Floats:
    """Return the samples of a measure that is never under 0, moved so that their mean is the first, the data's own.

    Drawn with repeats, bins are less even, so that an ECE of samples lies above that of the data (Efron and
    Tibshirani, 1993, on the bootstrap's estimate of bias).
    """
    moved = samples - (np.nanmean(samples[1:]) - samples[0]) if not np.isnan(samples[1:]).all() else samples
    return np.append(samples[:1], np.clip(moved[1:], 0, None))


def randomisation_test(differences: Floats, clusters: Sequence[str], flips: int = FLIPS, seed: int = SEED) -> float:
    """Return the two-sided p of a paired randomisation test: how often do random signs give as large a sum?

    differences: (questions,), NaN where one of the two says nothing. Exact where 2^clusters <= flips, else sampled with
    p = (1 + extreme) / (1 + flips). Fisher 1935; Smucker et al., CIKM 2007.
    """
    known = ~np.isnan(differences)
    _, member = np.unique(np.asarray(clusters, dtype=object).astype(str)[known], return_inverse=True)
    sums = np.bincount(member, weights=differences[known]) if known.any() else np.zeros(0)
    sums = sums[np.abs(sums) > 1e-12]
    if not len(sums):
        return 1.0
    observed = abs(sums.sum()) - 1e-9
    if 2 ** len(sums) <= flips:
        signs = 1.0 - 2.0 * ((np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums))) & 1)
        return float(np.mean(np.abs(signs @ sums) >= observed))
    rng = np.random.default_rng(seed)
    extreme = 0
    for _ in range(0, flips, 5000):
        signs = rng.integers(0, 2, (min(5000, flips), len(sums)), dtype=np.int8).astype(float) * 2 - 1
        extreme += int(np.sum(np.abs(signs @ sums) >= observed))
    return (1 + extreme) / (1 + -(-flips // 5000) * min(5000, flips))


def holm(p: Sequence[float]) -> list[float]:
    """Return p adjusted for having looked at all of them: max over smaller ones of (m - rank) * p. Holm 1979."""
    order = np.argsort(np.asarray(p, float), kind="stable")
    steps = (len(p) - np.arange(len(p))) * np.asarray(p, float)[order]
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps)) if len(p) else []
    return [float(value) for value in adjusted]


def percentile_samples(ms: Floats, at: float, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """Return the percentile of each bootstrap sample of the times, float64 (resamples,)."""
    rows: NDArray[np.int64] = np.random.default_rng(seed).integers(0, len(ms), (resamples, len(ms)))
    return np.asarray(np.percentile(ms[rows], at, axis=1), float)
