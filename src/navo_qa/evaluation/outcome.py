"""What a system did with a question, kept as it happened; every figure is computed from these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from navo_qa.types import Answer, Query


class System(Protocol):
    """Something that answers questions; `navo_qa.pipeline.Pipeline` is one."""

    def ask(self, query: Query) -> Answer:
        """Return the answer to a question, with the passages found and its citations."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A passage found: its place, and whether its text is the document's."""

    passage_id: str
    document_id: str
    start: int
    end: int
    score: float
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: its place, and whether quote and hash are the document's."""

    document_id: str
    start: int
    end: int
    quote: str
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked once. `text` is what the user saw, None where the system kept silent.

    `candidate` is what it said, or would have said if it might not keep silent, where it tells; `confidence` belongs to
    that. `ms` is the time from question to answer, on this machine's clock.
    """

    question_id: str
    text: str | None
    candidate: Cited | None
    confidence: float
    cited: tuple[Cited, ...]
    found: tuple[Found, ...]
    ms: float
    timings_ms: dict[str, float] = field(default_factory=dict)
