"""Ask every question of every system, and remember each outcome as soon as it is there.

A journal is one JSONL file an arm: a header with a fingerprint of all that decides the outcomes, then an outcome a
line. An interrupted run goes on after its last whole line when asked to resume and the fingerprint still holds, else it
starts again with an empty journal.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol, TextIO

from pydantic import TypeAdapter, ValidationError

import navo_qa
from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.files import OutputError, write_atomic
from navo_qa.evaluation.outcome import Cited, Found, Outcome, System
from navo_qa.types import Answer, Citation, Document, Hit, Passage, Query

WARM_UP = "Waarover ging deze vergadering?"

_OUTCOME = TypeAdapter(Outcome)


class Library(Protocol):
    """The documents of an index and the passages that it cut them into."""

    def document(self, document_id: str) -> Document:
        """Return a document."""
        ...

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return a document's passages, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of being asked: a configuration, how the questions were bent, and how much else lay in the index."""

    config: str
    perturbation: str = "none"
    distractors: int = 0

    @property
    def name(self) -> str:
        """A name for people: "hybrid, typos, 20 distractors"."""
        parts = [self.config]
        parts += [self.perturbation] if self.perturbation != "none" else []
        parts += [f"{self.distractors} distractors"] if self.distractors else []
        return ", ".join(parts)

    @property
    def slug(self) -> str:
        """A name for files, and another for each arm: "hybrid-typos-20-distractors-1a2b3c"."""
        mark = hashlib.sha256(repr(self).encode()).hexdigest()[:6]
        return f"{re.sub(r'[^a-z0-9]+', '-', self.name.lower()).strip('-')[:60]}-{mark}"


def run(
    system: System,
    questions: Sequence[Question],
    library: Library,
    journal: Journal,
    k: int = 10,
    told: Callable[[], None] = lambda: None,
) -> dict[str, Outcome]:
    """Return the outcome of each question, asking only those that the journal does not hold; `told` is called for each.

    Another question is asked beforehand, so that no cold start is timed.
    """
    outcomes = dict(journal.outcomes)
    if len(outcomes) < len(questions):
        system.ask(Query(WARM_UP, k=k))
    with journal.open() as record:
        for question in questions:
            if question.id not in outcomes:
                outcomes[question.id] = ask(system, question, library, k)
                record(outcomes[question.id])
            told()
    return {question.id: outcomes[question.id] for question in questions}


def ask(system: System, question: Question, library: Library, k: int = 10) -> Outcome:
    """Return what the system did with the question, every slice checked against its document.

    A silent system that has `candidate(query)` is asked, off the clock, what it would have said.
    """
    started = time.perf_counter()
    answer = system.ask(Query(question.text, k=k))
    ms = (time.perf_counter() - started) * 1000
    return Outcome(
        question_id=question.id,
        text=answer.text,
        candidate=_candidate(answer if answer.text is not None else _withheld(system, question, k), library),
        confidence=float(answer.confidence),
        cited=tuple(_cited(citation, library) for citation in answer.citations),
        found=tuple(_found(hit, library) for hit in answer.hits),
        ms=ms,
        timings_ms={name: float(spent) for name, spent in answer.timings_ms.items()},
    )


class Journal:
    """The outcomes of one arm on disk."""

    def __init__(self, path: Path, fingerprint: str, resume: bool = False) -> None:
        self.path = path
        self._header = json.dumps({"fingerprint": fingerprint})
        self.outcomes: dict[str, Outcome] = dict(self._read()) if resume else {}

    @contextmanager
    def open(self) -> Iterator[Callable[[Outcome], None]]:
        """Give a function that records an outcome; what was known is first written whole: no half line stays."""
        write_atomic(self.path, (f"{line}\n" for line in (self._header, *map(_line, self.outcomes.values()))))
        with self.path.open("a", encoding="utf-8") as file:
            yield lambda outcome: _append(self.path, file, outcome)

    def _read(self) -> Iterator[tuple[str, Outcome]]:
        lines = _lines(self.path)
        return _outcomes(lines[1:] if lines[0] == self._header else [])


def earlier(path: Path) -> dict[str, Outcome]:
    """Return the outcomes in a journal, whatever they were made with; none where there is no journal."""
    return dict(_outcomes(_lines(path)[1:]))


def fingerprint(**decisive: object) -> str:
    """Return a hash of everything given and of the package's own code: what it holds for, it holds for exactly."""
    return hashlib.sha256(json.dumps([decisive, _code()], sort_keys=True, default=str).encode()).hexdigest()


@functools.cache
def _code() -> str:
    """Return a hash of the package's code as it was when first asked: what this process runs."""
    root, state = Path(navo_qa.__file__).parent, hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        state.update(str(path.relative_to(root)).encode() + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


def _withheld(system: System, question: Question, k: int) -> Answer | None:
    tell: Callable[[Query], Answer] | None = getattr(system, "candidate", None)
    return tell(Query(question.text, k=k)) if tell is not None else None


def _candidate(answer: Answer | None, library: Library) -> Cited | None:
    if answer is None or answer.text is None or not answer.citations:
        return None
    return replace(_cited(answer.citations[0], library), quote=answer.text)


def _cited(citation: Citation, library: Library) -> Cited:
    sound = _is_slice(citation.document_id, citation.start, citation.end, citation.quote, library)
    sound = sound and library.document(citation.document_id).sha256 == citation.sha256
    return Cited(citation.document_id, citation.start, citation.end, citation.quote, sound)


def _found(hit: Hit, library: Library) -> Found:
    p = hit.passage
    sound = _is_slice(p.document_id, p.start, p.end, p.text, library)
    return Found(p.id, p.document_id, p.start, p.end, float(hit.score), sound)


def _is_slice(document_id: str, start: int, end: int, text: str, library: Library) -> bool:
    return 0 <= start < end and library.document(document_id).text[start:end] == text


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
    except (FileNotFoundError, NotADirectoryError):
        return [""]


def _outcomes(lines: Sequence[str]) -> Iterator[tuple[str, Outcome]]:
    """Yield the outcomes up to the first line that is not whole."""
    for line in lines:
        try:
            outcome = _OUTCOME.validate_json(line)
        except ValidationError:
            return
        yield outcome.question_id, outcome


def _line(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome), ensure_ascii=False)


def _append(path: Path, file: TextIO, outcome: Outcome) -> None:
    # Enough for a killed process; what a crash of the machine loses is asked again.
    try:
        file.write(_line(outcome) + "\n")
        file.flush()
    except OSError as error:
        raise OutputError(path, error) from error
