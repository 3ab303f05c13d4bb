"""The sentence that says most nearly what was asked: a reader without a network of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navo_qa.reader.base import Found, Reading, Surroundings
from navo_qa.reader.typed import expected
from navo_qa.text.analyse import analyse
from navo_qa.types import Hit, Span
from navo_qa.vectors import inner


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
    """A logistic combination of the signs, fitted on the dev questions by `eval/fit_sentences.py`."""

    similarity: float = 6.94
    overlap: float = 2.28
    leading: float = 3.15
    expected: float = 1.19
    bias: float = -8.54


class SentenceReader:
    """The sentence that says most nearly what was asked, whole and verbatim.

    Its score is the chance that it answers, by the signs that speak for it.
    """

    name = "sentences"
    threshold = 0.1

    def __init__(self, around: Surroundings, weights: Weights | None = None, *, passages: int = 5) -> None:
        """Read the first `passages` passages."""
        self._around = around
        self._weights = weights or Weights()
        self._passages = passages

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Return the passages as they came, and the sentences of the first, the likeliest first."""
        found = self.signs(question, hits)
        spans = (Span(document_id, start, end, self._chance(signs)) for document_id, start, end, signs in found)
        ordered = sorted(spans, key=lambda span: -span.score)
        return Reading(tuple(hits), tuple(Found(span, span.score) for span in ordered))

    def signs(self, question: str, hits: Sequence[Hit]) -> Iterator[tuple[str, int, int, Signs]]:
        """Yield document, start, end and signs of each sentence of the first passages."""
        (query,) = self._around.encoder.encode_queries([question])
        words = set(analyse(question))
        for hit in hits[: self._passages]:
            found, vectors = self._around.sentences(hit.passage)
            for (start, end), likeness in zip(found, inner(vectors, query), strict=True):
                text = hit.passage.text[start:end]
                signs = Signs(float(likeness), overlap(words, text), 1 / hit.rank, expected(question, text))
                yield hit.passage.document_id, hit.passage.start + start, hit.passage.start + end, signs

    def _chance(self, signs: Signs) -> float:
        w = self._weights
        logit = w.bias + w.similarity * signs.similarity + w.overlap * signs.overlap
        logit += w.leading * signs.leading + w.expected * signs.expected
        return 1.0 / (1.0 + math.exp(-logit))


def overlap(words: set[str], sentence: str) -> float:
    """Return the share of the question's terms that the sentence holds."""
    return len(words & set(analyse(sentence))) / len(words) if words else 0.0
