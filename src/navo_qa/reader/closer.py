"""A second look: the sentences that hold the likeliest stretches, each read by itself with the question.

In a whole passage the network may be drawn to another sentence; alone, a sentence answers the question or does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from navo_qa.reader.candidates import LONGEST, Candidate, inside
from navo_qa.reader.network import Look, Network

SENTENCES = 8  # read again; twelve or all of them brought no better answers on dev questions
UNSEEN = -20.0

Floats = NDArray[np.float64]
Home = tuple[int, int, int]  # the number of a passage, and where a sentence of it starts and ends


@dataclass(frozen=True, slots=True)
class Read:
    """A passage that was read: what stands above it, its text, its sentences as spans of the text, its document."""

    context: str
    text: str
    sentences: Sequence[tuple[int, int]]
    document: str


@dataclass(frozen=True, slots=True)
class Closer:
    """What the second look says of a stretch, UNSEEN where its sentence was not looked at or is not the whole of it.

    span: start plus end logit in its sentence alone. best: that of the sentence's likeliest stretch. relevance: the
    sentence's.
    """

    span: float = UNSEEN
    best: float = UNSEEN
    relevance: float = UNSEEN


def homes(passages: Sequence[Read], found: Sequence[Candidate]) -> list[Home]:
    """Return where each stretch is at home: the first sentence that it shares a character with."""
    return [(c.passage, *_home(passages[c.passage].sentences, c)) for c in found]


def shortlist(
    passages: Sequence[Read], found: Sequence[Candidate], at: Sequence[Home], scores: Floats, most: int
) -> list[Home]:
    """Return the `most` sentences with the highest scores, the best of each document, and those of exact stretches.

    scores: float64 (n,), one a stretch. at: its home.
    """
    best = list(dict.fromkeys(at[i] for i in np.argsort(-scores, kind="stable")))
    leading = {passages[home[0]].document: home for home in reversed(best)}
    exact = [home for c, home in zip(found, at, strict=True) if c.exact]
    return list(dict.fromkeys([*best[:most], *leading.values(), *exact]))


def look_closer(
    network: Network, question: str, passages: Sequence[Read], chosen: Sequence[Home]
) -> Callable[[Candidate, Home], Closer]:
    """Read the chosen sentences, each under its passage's context; return what tells of a stretch at home in one."""
    read = [home for home in chosen if home[1:] in passages[home[0]].sentences]
    asked = [(passages[i].context, passages[i].text[start:end]) for i, start, end in read]
    seen = dict(zip(read, network.look(question, asked), strict=True))
    return lambda candidate, home: _closer(seen[home], candidate, home[1]) if home in seen else Closer()


def _home(sentences: Sequence[tuple[int, int]], candidate: Candidate) -> tuple[int, int]:
    """Return the stretch itself where no sentence shares a character with it."""
    overlapping = (s for s in sentences if s[0] < candidate.end and s[1] > candidate.start)
    return next(overlapping, (candidate.start, candidate.end))


def _closer(look: Look, candidate: Candidate, shift: int) -> Closer:
    if not len(look.start):
        return Closer(relevance=look.relevance)
    tokens = inside(look, candidate.start - shift, candidate.end - shift)
    span = float(look.start[tokens[0]] + look.end[tokens[1]]) if tokens else UNSEEN
    pairs = np.triu(np.ones((len(look.start),) * 2)) - np.triu(np.ones((len(look.start),) * 2), LONGEST)
    best = np.where(pairs > 0, look.start[:, None] + look.end[None], UNSEEN).max()
    return Closer(span, float(best), look.relevance)
