"""Passages by what they stand beside: the one before, their document, how much they say, whether they ask.

An answer seldom repeats what its question names, nor a second paragraph what the first is about: where the passage
before, or the whole document, speaks of what is asked, a passage counts for more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from navo_qa.collection import Collection
from navo_qa.index.base import Rows, Scores

TYPICAL = 500  # characters of a passage; a longer one gains, a shorter one loses
BEST = 3  # passages that speak for their document


@dataclass(frozen=True, slots=True)
class Stand:
    """Where n rows stand: the number of each one's document (n,), and how many passages every document has.

    length: characters (n,). asks: whether a passage ends in a question mark (n,).
    """

    document: Rows
    passages: Rows
    length: Rows
    asks: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shares:
    """What of its surroundings a passage's score takes.

    before: share of the score of the passage before. document: share of the mean of the document's best three.
    length, asks: standard deviations gained by a passage e times as long as most, lost by one that ends in a question.
    """

    before: float
    document: float
    length: float
    asks: float


def smooth(scores: Scores, rows: Rows, stand: Stand, shares: Shares) -> Scores:
    """Return the scores, float32 (n,), of rows (ascending) with what their surroundings add.

    What is not in the pool scores as its worst does.
    """
    worst = float(scores.min())
    unit = float(scores.std()) or 1.0
    added = shares.before * _before(scores, rows, stand, worst) + shares.document * _document(scores, stand, worst)
    said = shares.length * np.log(np.maximum(stand.length, 1) / TYPICAL) - shares.asks * stand.asks
    return np.asarray(scores + added + unit * said, np.float32)


def standing(rows: Rows, collection: Collection) -> Stand:
    """Return where these rows, ascending, stand. Raises DamagedIndex."""
    first, passages = collection.places()
    lengths, asks = collection.shapes(rows)
    return Stand(np.searchsorted(first, rows, side="right") - 1, passages, lengths, asks)


def _before(scores: Scores, rows: Rows, stand: Stand, worst: float) -> Scores:
    found = np.full(len(rows), worst, np.float32)
    next_to = (np.diff(rows) == 1) & (np.diff(stand.document) == 0)
    found[1:][next_to] = scores[:-1][next_to]
    return found


def _document(scores: Scores, stand: Stand, worst: float) -> Scores:
    """Return for each row the mean score of the best passages of its document."""
    order = np.lexsort((-scores, stand.document))
    owner = stand.document[order]
    place = np.arange(len(order)) - np.searchsorted(owner, owner)
    best = place < BEST
    documents = len(stand.passages)
    total = np.bincount(owner[best], scores[order][best], documents)
    counted = np.minimum(BEST, stand.passages)
    missing = counted - np.bincount(owner[best], minlength=documents)
    return np.asarray(((total + missing * worst) / np.maximum(counted, 1))[stand.document], np.float32)
