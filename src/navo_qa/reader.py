"""Passages to an answer: which sentence says it, and does any?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from navo_qa.chunk import passage_sentences
from navo_qa.encode import Encoder, Vectors
from navo_qa.text.analyse import analyse
from navo_qa.text.dates import MONTHS
from navo_qa.types import Hit, Passage, Span

# A passage's sentences, as spans in its text, and their vectors float32 (n, dim).
Sentences = tuple[list[tuple[int, int]], Vectors]


class Reader(Protocol):
    """Finds the stretches of the passages that answer the question."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the spans, best first, scores in [0, 1]; the first under the threshold means: no answer."""
        ...


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence: its likeness to the question, the share of the question's words in it, one over its
    passage's rank, and whether it holds what is asked for.
    """

    similarity: float
    overlap: float
    leading: float
    expected: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic combination of the signs, fitted on the dev questions by `eval/fit_reader.py`."""

    similarity: float = 6.24
    overlap: float = 3.11
    leading: float = 3.28
    expected: float = 1.08
    bias: float = -8.7


class SentenceReader:
    """The sentence that says most nearly what was asked, whole and verbatim.

    Its score is the chance that it answers, by the signs that speak for it.
    """

    def __init__(
        self,
        encoder: Encoder,
        stored: Callable[[Passage], Sentences] | None = None,
        weights: Weights | None = None,
        *,
        passages: int = 5,
    ) -> None:
        """Read with the encoder; `stored` gives a passage's sentences where the index has their vectors already."""
        self._encoder = encoder
        self._stored = stored or self._encode
        self._weights = weights or Weights()
        self._passages = passages

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the sentences of the first passages, best first, with the chance that each is the answer."""
        found = self.signs(question, hits)
        spans = (Span(document_id, start, end, self._chance(signs)) for document_id, start, end, signs in found)
        return sorted(spans, key=lambda span: -span.score)

    def signs(self, question: str, hits: Sequence[Hit]) -> Iterator[tuple[str, int, int, Signs]]:
        """Yield document, start, end and signs of each sentence of the first passages."""
        (query,) = self._encoder.encode_queries([question])
        words = set(analyse(question))
        for hit in hits[: self._passages]:
            found, vectors = self._stored(hit.passage)
            for (start, end), likeness in zip(found, vectors @ query, strict=True):
                text = hit.passage.text[start:end]
                signs = Signs(float(likeness), _overlap(words, text), 1 / hit.rank, _expected(question, text))
                yield hit.passage.document_id, hit.passage.start + start, hit.passage.start + end, signs

    def _encode(self, passage: Passage) -> Sentences:
        found = passage_sentences(passage)
        return found, self._encoder.encode_passages([passage.text[start:end] for start, end in found])

    def _chance(self, signs: Signs) -> float:
        w = self._weights
        logit = w.bias + w.similarity * signs.similarity + w.overlap * signs.overlap
        logit += w.leading * signs.leading + w.expected * signs.expected
        return 1.0 / (1.0 + math.exp(-logit))


# Confidence under which no answer is given.
THRESHOLD = 0.1

_ASKS_NUMBER = re.compile(
    r"\b(hoeveel|welk (?:bedrag|percentage)|hoe ?groot|how (?:much|many|large)|what (?:amount|percentage|share|sum))\b",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(
    r"\b(wanneer|welke (?:datum|dag|dagen)|when|what date|which (?:date|day|days))\b", re.IGNORECASE
)
_ASKS_REFERENCE = re.compile(r"\b(kamerstuk\w*|parliamentary paper|dossier|motie|motion)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|\w+ig|\w+honderd|\w+ty|hundred|duizend|thousand)\b",
    re.IGNORECASE,
)
_DATE = re.compile(rf"\b(?:{'|'.join(MONTHS)}|(?:19|20)\d\d)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\b(?:nr|nrs|no)\.", re.IGNORECASE)
_EXPECTED = ((_ASKS_NUMBER, _NUMBER), (_ASKS_DATE, _DATE), (_ASKS_REFERENCE, _REFERENCE))


def _expected(question: str, sentence: str) -> float:
    """Return 1 where the sentence holds the sort of thing asked for, -1 where it does not, 0 where any will do."""
    for asks, holds in _EXPECTED:
        if asks.search(question):
            return 1.0 if holds.search(sentence) else -1.0
    return 0.0


def _overlap(words: set[str], sentence: str) -> float:
    """Return the share of the question's terms that the sentence holds."""
    return len(words & set(analyse(sentence))) / len(words) if words else 0.0
