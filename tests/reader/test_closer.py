"""The second look: which sentences are read again, and what is seen of the stretches in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from navo_qa.reader.candidates import Candidate
from navo_qa.reader.closer import SENTENCES, UNSEEN, Closer, Read, homes, look_closer, shortlist
from navo_qa.reader.network import Look
from navo_qa.text.sentences import sentences


class Counting:
    """Scores a word by its length as a start, and by its place in what is read as an end; keeps what it read."""

    name = "counting"

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def look(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Look]:
        """Return one look a passage; its relevance is its number of words."""
        self.read.extend(passages)
        return [_look(text) for _, text in passages]


def _look(text: str) -> Look:
    words = list(re.finditer(r"\w+", text))
    places = np.array([word.span() for word in words], np.int64).reshape(-1, 2)
    start = np.array([len(word[0]) for word in words], np.float32)
    return Look(start, np.arange(len(words), dtype=np.float32), places, float(len(words)))


def passage(text: str, document: str = "a") -> Read:
    """Return a passage that was read, in its sentences."""
    return Read("Verslag", text, sentences(text), document)


def stretch(number: int, text: str, quote: str, score: float, *, exact: bool = False) -> Candidate:
    """Return a stretch of the passage that says `quote`."""
    start = text.index(quote)
    return Candidate(number, start, start + len(quote), score, exact=exact)


def looked(
    network: Counting, passages: Sequence[Read], found: Sequence[Candidate]
) -> tuple[list[Candidate], list[Closer]]:
    """Return the stretches that stay in the running by their scores, with what the second look says of them."""
    at = homes(passages, found)
    chosen = shortlist(passages, found, at, np.array([c.score for c in found]), SENTENCES)
    tell = look_closer(network, "Wie betaalt?", passages, chosen)
    kept = [(c, home) for c, home in zip(found, at, strict=True) if home in chosen]
    return [c for c, _ in kept], [tell(c, home) for c, home in kept]


TWO = "De raad besloot niets. Noorwegen betaalt 40 miljoen euro."


def test_a_sentence_is_read_after_the_one_before_it() -> None:
    """Its context stays above it; span, best and relevance are of what was read. A first sentence is read alone."""
    network = Counting()
    found = [stretch(0, TWO, "Noorwegen", 3.0), stretch(0, TWO, "40 miljoen", 2.0), stretch(0, TWO, "niets", 1.0)]
    kept, closer = looked(network, [passage(TWO)], found)
    assert network.read == [("Verslag", part) for part in (TWO, TWO[:22])]
    assert kept == found
    assert closer[:2] == [Closer(9.0 + 4, 9.0 + 8, 9.0), Closer(2.0 + 7, 9.0 + 8, 9.0)]
    assert closer[2] == Closer(5.0 + 3, 7.0 + 3, 4.0)


def test_only_the_likeliest_sentences_stay_in_the_running() -> None:
    """Of many sentences the best few are read; stretches of the others fall out."""
    text = " ".join(f"Land{i} betaalt mee." for i in range(SENTENCES + 4))
    found = [stretch(0, text, f"Land{i} betaalt", float(i)) for i in range(SENTENCES + 4)]
    network = Counting()
    kept, closer = looked(network, [passage(text)], found)
    assert len(network.read) == SENTENCES == len(closer)
    assert [c.score for c in kept] == [float(i) for i in range(4, SENTENCES + 4)]


def test_the_best_of_every_document_and_exact_stretches_stay_too() -> None:
    """What another report says can still be shown beside the answer, and what a pattern is sure of can still be it."""
    text = " ".join(f"Land{i} betaalt mee." for i in range(SENTENCES + 4))
    found = [stretch(0, text, f"Land{i} betaalt", 10.0 + i) for i in range(1, SENTENCES + 4)]
    found += [stretch(0, text, "Land0", 1.0, exact=True)]
    found += [stretch(1, TWO, "raad", 0.5), stretch(1, TWO, "Noorwegen", 0.9)]
    kept, _ = looked(Counting(), [passage(text), passage(TWO, "b")], found)
    assert found[-3] in kept and found[-1] in kept and found[-2] not in kept


def test_what_the_sentence_does_not_hold_is_unseen() -> None:
    """A stretch that runs on into the next sentence has no score there, nor has anything in a sentence of no words."""
    across = stretch(0, TWO, "niets. Noorwegen", 3.0)
    _, (closer,) = looked(Counting(), [passage(TWO)], [across])
    assert closer.span == UNSEEN and closer.relevance == 4.0
    _, (closer,) = looked(Counting(), [Read("", "… …", [(0, 3)], "a")], [Candidate(0, 0, 1, 1.0)])
    assert closer == Closer(relevance=0.0)


def test_what_stands_in_no_sentence_is_not_read_again() -> None:
    """A heading that no sentence holds stays in the running, unseen."""
    network = Counting()
    heading = stretch(0, TWO, "De raad", 3.0)
    kept, closer = looked(network, [Read("", TWO, sentences(TWO)[1:], "a")], [heading])
    assert (kept, closer, network.read) == ([heading], [Closer()], [])


def test_nothing_found_is_nothing_looked_at() -> None:
    """No stretches, no reading."""
    network = Counting()
    assert looked(network, [passage(TWO)], []) == ([], [])
    assert network.read == []


def test_a_row_is_read_with_its_table() -> None:
    """From the sentence above the table on; prose after a table comes with the last row alone."""
    text = "Stand in mei:\n\nFonds | Bedrag\n\nSLO | 12\n\nMIO | 14\n\nMeer volgt."
    network = Counting()
    looked(network, [passage(text)], [stretch(0, text, "14", 3.0), stretch(0, text, "Meer", 2.0)])
    assert [part for _, part in network.read] == [text[: text.index("\n\nMeer")], text[text.index("MIO") :]]
