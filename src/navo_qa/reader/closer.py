"""A second look: the sentences that hold the likeliest stretches, each after the one before it.

In a whole passage the network may be drawn to another sentence. What "this" and "they" stand for is mostly said in the
sentence before; reading each sentence without it as well brought no better answers. What a cell stands for is said in
the first row of its table, so a row comes with the rows above it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from navo_qa.reader.candidates import LONGEST, Candidate, score_of
from navo_qa.reader.network import Look, Network
from navo_qa.text.tables import is_row

SENTENCES = 8  # read again; all of them brought no better answers on dev questions
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
    """What the second look says of a stretch, UNSEEN where its sentence was not looked at or does not hold all of it.

    span: start plus end logit in what was read. best: that of the likeliest stretch in it. relevance: of what was read.
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
    """Read the chosen sentences, each after the one before it; return what tells of a stretch at home in one.

    Their passage's context stands above them.
    """
    read = [home for home in chosen if home[1:] in passages[home[0]].sentences]
    parts = {home: _with_what_precedes(passages[home[0]], home) for home in read}
    asked = [(passages[i].context, passages[i].text[start:end]) for i, start, end in parts.values()]
    seen = {home: (look, _best(look)) for home, look in zip(parts, network.look(question, asked), strict=True)}

    def tell(candidate: Candidate, home: Home) -> Closer:
        if home not in seen:
            return Closer()
        look, best = seen[home]
        first = parts[home][1]
        span = score_of(look, candidate.start - first, candidate.end - first)
        return Closer(UNSEEN if span is None else span, best, look.relevance)

    return tell


def _with_what_precedes(passage: Read, home: Home) -> Home:
    """Return the sentence with the one before it, a row with its table so far and what stands above that."""

    def in_table(i: int) -> bool:
        return is_row(passage.text[slice(*passage.sentences[i])])

    first = at = list(passage.sentences).index(home[1:])
    while first and (first == at or in_table(at) and in_table(first)):
        first -= 1
    return home[0], passage.sentences[first][0], home[2]


def _home(sentences: Sequence[tuple[int, int]], candidate: Candidate) -> tuple[int, int]:
    """Return the stretch itself where no sentence shares a character with it."""
    overlapping = (s for s in sentences if s[0] < candidate.end and s[1] > candidate.start)
    return next(overlapping, (candidate.start, candidate.end))


def _best(look: Look) -> float:
    """Return start plus end logit of the likeliest stretch of at most LONGEST tokens, UNSEEN without tokens."""
    sums = look.start[:, None] + look.end[None]
    within = np.tril(np.triu(np.ones_like(sums)), LONGEST - 1) > 0
    return float(np.where(within, sums, UNSEEN).max(initial=UNSEEN))
