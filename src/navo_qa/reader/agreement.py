"""How much does one stretch say of what another says?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from navo_qa.reader.candidates import Candidate
from navo_qa.reader.judge import Floats


def agreement(found: Sequence[Candidate], texts: Sequence[str]) -> Floats:
    """Return the token F1 of each two stretches that overlap or say the same, else 0; float64 (n, n).

    texts: of the passages that were read. Overlapping ones share the words that both hold, not those that either says
    once more.
    """
    words = {i: list(re.finditer(r"\w+", texts[i])) for i in {c.passage for c in found}}
    spans = np.array([_words_within(words[c.passage], c) for c in found], int).reshape(-1, 2)
    passages = np.array([c.passage for c in found], int)
    first, last = np.maximum(spans[:, None, 0], spans[None, :, 0]), np.minimum(spans[:, None, 1], spans[None, :, 1])
    lengths = spans[:, 1] - spans[:, 0]
    both = np.where(passages[:, None] == passages[None], np.maximum(last - first, 0), 0)
    made: Floats = 2.0 * both / np.maximum(lengths[:, None] + lengths[None], 1)
    said: dict[tuple[str | int, ...], list[int]] = {}  # without words it says what no other does
    for i, (c, (start, end)) in enumerate(zip(found, spans, strict=True)):
        said.setdefault(tuple(word[0].casefold() for word in words[c.passage][start:end]) or (i,), []).append(i)
    for alike in said.values():
        made[np.ix_(alike, alike)] = 1.0
    return made


def _words_within(words: Sequence[re.Match[str]], candidate: Candidate) -> tuple[int, int]:
    """Return which words the stretch holds any character of, [first, last)."""
    return (
        bisect_right(words, candidate.start, key=lambda word: word.end()),
        bisect_left(words, candidate.end, key=lambda word: word.start()),
    )
