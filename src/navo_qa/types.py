"""The nouns that travel the path of the data, frozen, from file to answer.

    file -> Document -> Passage -> Hit -> Span -> Citation => Answer

Every offset is a Python `str` index into `Document.text`; `end` is exclusive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What sort of document it is."""

    REPORT = "report"  # verslag
    AGENDA = "agenda"  # geannoteerde agenda
    LETTER = "letter"  # brief
    OTHER = "other"


class Mode(StrEnum):
    """Which legs of retrieval answer a query."""

    DENSE = "dense"
    LEXICAL = "lexical"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of normalised text and the stretch of the raw file that it came from.

    Where both have one length the map is character by character, else the whole maps to the whole.
    """

    start: int
    end: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where each character of the normalised text stood in the decoded raw file; runs in order of `start`.

    Raw offsets need not increase: a footnote is moved to the paragraph that cites it.
    """

    runs: tuple[Run, ...] = ()

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest raw stretch [start, end) that holds the text stretch [start, end)."""
        first: int | None = None
        last = 0
        for run in self.runs:
            if run.end <= start or run.start >= end:
                continue
            if run.end - run.start == run.raw_end - run.raw_start:
                low = run.raw_start + max(start, run.start) - run.start
                high = run.raw_start + min(end, run.end) - run.start
            else:
                low, high = run.raw_start, run.raw_end
            first = low if first is None else min(first, low)
            last = max(last, high)
        return (first, last) if first is not None else (0, 0)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's stretch of the text; level 1 is the document's title."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: `anchor` is the offset just after the word that bears the mark, [start, end) the note's text."""

    label: str
    anchor: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page's number as printed or counted, and its stretch of the text."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paper:
    """What a parliamentary paper is called: "Tweede Kamer, 2024-2025, 28676, nr. 493", and who signed it."""

    chamber: str | None = None
    session: str | None = None
    dossier: str | None = None
    number: str | None = None
    minister: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A report: its normalised text, in which every offset counts, and what is known about it.

    `meeting_start`/`meeting_end`, `letter_date` and the time of ingest are three different things;
    only the first two are kept here. `found`: where each thing known was found: ("letter_date", "text");
    "catalogue", "file" for the file's own metadata, "text" or "name". `unread`: pages that are pictures which could
    not be read when the file was; known only to whoever read it.
    """

    id: str
    title: str
    kind: Kind
    language: str
    text: str
    sha256: str
    source: str
    file: str
    file_sha256: str
    meeting: str | None = None
    meeting_start: date | None = None
    meeting_end: date | None = None
    place: str | None = None
    letter_date: date | None = None
    references: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    pages: tuple[Page, ...] = ()
    paper: Paper = Paper()
    found: tuple[tuple[str, str], ...] = ()
    alignment: Alignment = field(default_factory=Alignment, repr=False)
    unread: tuple[int, ...] = field(default=(), compare=False)

    @property
    def date(self) -> date | None:
        """The date to sort and filter by: the meeting's first day, else the letter's."""
        return self.meeting_start or self.letter_date

    def page_of(self, offset: int) -> int | None:
        """Return the number of the page that the character stands on; None where the document has no pages."""
        return next((page.number for page in reversed(self.pages) if page.start <= offset), None)

    def paragraph_of(self, offset: int) -> int:
        """Return how many paragraphs begin up to the character, headings and footnotes left out, as chunk.py counts."""
        others = {heading.start for heading in self.headings} | {note.start for note in self.footnotes}
        number = start = 0
        for block in self.text[: offset + 1].split("\n\n"):
            number += bool(block.strip()) and start not in others
            start += len(block) + 2
        return number


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: `text == document.text[start:end]`, always.

    `id` is stable: same document text and chunking, same id. `paragraph` counts from 1; `page` is None where
    the format has none; `heading` is the nearest heading above.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    paragraph: int
    page: int | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer. Dates are inclusive and compare with the meeting, else the letter.

    `as_of` leaves out what was not yet written on that day.
    """

    date_from: date | None = None
    date_to: date | None = None
    kinds: tuple[Kind, ...] = ()
    document_ids: tuple[str, ...] = ()
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question and how to look for its passages. `per_document` caps the passages of one document."""

    text: str
    k: int = 10
    mode: Mode = Mode.HYBRID
    filters: Filters = field(default_factory=Filters)
    per_document: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; rank counts from 1; `scores` holds each leg's own score, where that leg found it."""

    passage: Passage
    score: float
    rank: int
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim stretch of a document that may answer, with the reader's score in [0, 1]."""

    document_id: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """What a memo needs to cite a quote, and anyone to check it: `document.text[start:end] == quote`."""

    document_id: str
    title: str
    passage_id: str
    page: int | None
    paragraph: int
    start: int
    end: int
    quote: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another answer than the one given: that of an earlier report, or the one that was too unsure to give.

    date: of the document that it stands in, where that has one. sentence: the one that the first citation stands in.
    head: where that is a table's row, what stands over its columns, [start, end) in its document.
    """

    text: str
    confidence: float
    date: date | None
    citations: tuple[Citation, ...]
    sentence: Citation | None = None
    head: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a question. `text` is None where the corpus does not hold the answer: a value, not an error.

    citations: where it stands, the best first; several where several documents say the same.
    sentence: the sentence that the first citation stands in, whole; several where the answer crosses them.
    head: where that is a table's row, what stands over its columns, [start, end) in the first citation's document.
    parts: the members of an answer that is a list, [start, end) in the first citation's document.
    also: differing answers of other documents, latest first.
    nearest: what came nearest, where there is no answer.
    """

    question: str
    language: str
    text: str | None
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    sentence: Citation | None = None
    head: tuple[int, int] | None = None
    parts: tuple[tuple[int, int], ...] = ()
    also: tuple[Alternative, ...] = ()
    nearest: Alternative | None = None

    def withheld(self, day: date | None) -> Answer:
        """Return the answer unsaid, kept as what came nearest; day: the date of its document."""
        if self.text is None:
            return self
        nearest = Alternative(self.text, self.confidence, day, self.citations, self.sentence, self.head)
        return replace(self, text=None, citations=(), sentence=None, head=None, parts=(), also=(), nearest=nearest)


def sha256(text: str) -> str:
    """Return the hex SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
