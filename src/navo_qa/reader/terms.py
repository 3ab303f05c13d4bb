"""Which words of a question does a text hold, in either language?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from navo_qa.text.analyse import analyse, stem, tokens
from navo_qa.text.language import language
from navo_qa.text.lexicon import LONGEST, lexicon

_MOST = 8  # translations of a word that are looked for


class Terms:
    """The content words of a question, each with what the lexicon says that it may be called in the other language.

    A word counts by how rare it is among `sentences`: what stands in all of them tells none apart.
    """

    def __init__(self, question: str, sentences: Iterable[str]) -> None:
        self._words = _words(question)
        self._held: dict[str, frozenset[str]] = {}
        found = [self._of((sentence,)) for sentence in dict.fromkeys(sentences)]
        rare = [1 + sum(row[i] >= 1 for row in found) for i in range(len(self._words))]
        self._weights = [math.log(1 + (1 + len(found)) / count) for count in rare]
        self._whole = sum(self._weights) or 1.0

    def share(self, *sentences: str) -> float:
        """Return how much of the question the sentences hold together, from 0 to 1, rare words counting more."""
        return sum(w * held for w, held in zip(self._weights, self._of(sentences), strict=True)) / self._whole

    def repeated(self, quote: str) -> float:
        """Return the share of the quote's words that the question says itself: an answer says something new."""
        terms = analyse(quote)
        asked = {term for ways in self._words for way in ways for term in way}
        return sum(term in asked for term in terms) / len(terms) if terms else 0.0

    def _of(self, sentences: Sequence[str]) -> list[float]:
        """Return for each word of the question how much of it, or of a translation, the sentences hold."""
        for sentence in sentences:
            if sentence not in self._held:
                self._held[sentence] = frozenset(analyse(sentence))
        terms = frozenset().union(*(self._held[sentence] for sentence in sentences))
        return [max(len(way & terms) / len(way) for way in ways) for ways in self._words]


def _words(question: str) -> list[list[frozenset[str]]]:
    """Return the ways to say each content word, each way as a set of stems; a phrase's belong to all of its words."""
    said = language(question)
    found = [token for token in tokens(question)]
    ways: list[list[frozenset[str]]] = [
        [frozenset((token.whole if token.number else stem(token.whole),))] for token in found
    ]
    for start in range(len(found)):
        for end in range(start + 1, min(len(found), start + LONGEST) + 1):
            phrase = [token.whole for token in found[start:end]]
            if found[start].stop or found[end - 1].stop or any(token.number for token in found[start:end]):
                continue
            for translation in lexicon().translate(phrase, said)[:_MOST]:
                if way := frozenset(analyse(translation)):
                    for i in range(start, end):
                        ways[i].append(way)
    return [each for each, token in zip(ways, found, strict=True) if not token.stop]
