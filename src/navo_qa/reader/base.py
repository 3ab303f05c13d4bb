"""What a reader is given and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from navo_qa.encode import Encoder
from navo_qa.types import Hit, Passage, Span
from navo_qa.vectors import Vectors

# A passage's sentences, as spans in its text, and their vectors float32 (n, dim).
Sentences = tuple[list[tuple[int, int]], Vectors]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a passage beside its text.

    sentences: its sentences with their vectors. heads: for each of them the head of the table it is a row of, if any.
    context: what stands above it, "title | place, days | heading".
    named: how surely the question names each of the passages' documents, by date or place; empty where it names none.
    """

    sentences: Callable[[Passage], Sentences]
    heads: Callable[[Passage], list[str | None]]
    context: Callable[[Passage], str]
    named: Callable[[str], dict[str, float]]
    encoder: Encoder


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading found: the passages in the reader's own order, and spans that may answer, the likeliest first.

    A span's score is its chance of being right, in [0, 1], against all others; `alone` is the same had its document
    been the only one.
    """

    hits: tuple[Hit, ...]
    spans: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A span and its chance among the spans of its own document."""

    span: Span
    alone: float


class Reader(Protocol):
    """Finds the stretches of the passages that answer the question.

    `name` is what loads it again; `threshold` the chance under which its answer is better not given.
    """

    name: str
    threshold: float

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Return the passages, best first, and the spans, surest first."""
        ...
