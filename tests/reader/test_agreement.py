"""How much stretches say of each other: overlap, the same words elsewhere, and against counting words by hand."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.reader.agreement import agreement
from navo_qa.reader.candidates import Candidate


def stretch(text: str, quote: str, passage: int = 0) -> Candidate:
    """The stretch of the passage that says this."""
    start = text.index(quote)
    return Candidate(passage, start, start + len(quote), 0.0)


def test_what_overlaps_and_what_says_the_same() -> None:
    """Three of four words shared; the same amount in another passage, in other case; another amount."""
    first, second = "Nederland trekt EUR 35 miljoen uit", "In 2023 was dat eur 35 miljoen, nu EUR 40 miljoen"
    found = [
        stretch(first, "EUR 35 miljoen"), stretch(first, "trekt EUR 35 miljoen"), stretch(second, "eur 35 miljoen", 1),
        stretch(second, "EUR 40 miljoen", 1),
    ]  # fmt: skip
    assert np.allclose(
        agreement(found, [first, second]), [[1, 6 / 7, 1, 0], [6 / 7, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]
    )


def test_signs_without_words_agree_with_themselves_alone() -> None:
    """No word is shared, and no answer is left without any agreement; a letter that grows in lower case moves none."""
    text = "İİİ – … Straße"
    found = [stretch(text, "–"), stretch(text, "…"), stretch(text, "Straße")]
    assert np.allclose(agreement(found, [text]), np.eye(3))
    assert agreement([], [text]).shape == (0, 0)


@given(st.permutations(list("abcdefgh")), st.lists(st.tuples(st.integers(0, 7), st.integers(1, 8)), max_size=8))
def test_it_is_the_token_f1_of_overlapping_stretches(letters: list[str], places: list[tuple[int, int]]) -> None:
    """Where no word stands twice, agreement is the F1 of the words of both."""
    text = " ".join(letters)
    found = [Candidate(0, 2 * first, 2 * min(8, first + n) - 1, 0.0) for first, n in places]
    made = agreement(found, [text])
    for i, one in enumerate(found):
        for j, other in enumerate(found):
            a, b = (Counter(re.findall(r"\w+", text[c.start : c.end])) for c in (one, other))
            assert np.isclose(made[i, j], 2 * (a & b).total() / (a.total() + b.total()))
