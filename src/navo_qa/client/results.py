"""What the service answers, frozen, under the names of its JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["report", "agenda", "letter", "other"]
Language = Literal["nl", "en"]
Mode = Literal["hybrid", "dense", "lexical"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer; dates are inclusive and compare with the meeting's, else the letter's."""

    date_from: date | None = None
    date_to: date | None = None
    kinds: tuple[Kind, ...] = ()
    document_ids: tuple[str, ...] = ()
    as_of: date | None = None

    def body(self) -> dict[str, Any]:
        """Return what goes into a request."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document."""

    document_id: str
    title: str
    kind: str
    language: str
    meeting: str | None
    meeting_start: date | None
    meeting_end: date | None
    place: str | None
    letter_date: date | None
    references: tuple[str, ...]
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PageSpan:
    """A page's number, from 1, and its stretch of the text."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HeadingSpan:
    """A heading's stretch of the text; level 1 is the document's title."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Where the text names a parliamentary paper, and which other documents are that paper."""

    start: int
    end: int
    reference: str
    document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentText(Document):
    """A document with the whole text that every offset counts in; `found`: where each thing known was found.

    heads: where in the text rows begin that stand over a table's columns.
    """

    chamber: str | None
    session: str | None
    dossier: str | None
    number: str | None
    minister: str | None
    found: dict[str, str]
    text: str
    pages: tuple[PageSpan, ...]
    headings: tuple[HeadingSpan, ...]
    heads: tuple[int, ...]
    mentions: tuple[Mention, ...]
    page_images: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands: `document.text[start_char_index:end_char_index] == cited_text`."""

    type: str
    cited_text: str
    document_id: str
    document_title: str
    language: str
    start_char_index: int
    end_char_index: int
    page: int | None
    paragraph: int
    sha256: str
    formatted: dict[str, str]
    url: str

    def stands_in(self, document: DocumentText) -> bool:
        """Return whether the quote is word for word in the document, at its place, in the same text."""
        stretch = document.text[self.start_char_index : self.end_char_index]
        return stretch == self.cited_text and self.sha256 == document.sha256


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document. head: of a table that it begins in the middle of, the row over the columns.

    heads: where in the text rows begin that stand over a table's columns.
    """

    passage_id: str
    document_id: str
    title: str
    language: str
    text: str
    start: int
    end: int
    page: int | None
    page_end: int | None
    paragraph: int
    heading: str | None
    head: str | None
    heads: tuple[int, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Hit(Passage):
    """A passage found: its rank from 1, the fused score and each leg's.

    matches: the question's words, [start, end) in the passage's text.
    """

    rank: int
    score: float
    scores: dict[str, float]
    matches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the document that the answer is of."""

    text: str
    start_char_index: int
    end_char_index: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another answer: that of an earlier document, or the one that was too unsure to give.

    head: where the sentence is a table's row, the row over its columns.
    """

    text: str
    confidence: float
    date: date | None
    citations: tuple[Citation, ...]
    sentence: Stretch | None
    head: Stretch | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A verbatim span, how sure the service is of it, and where it stands.

    head: where the sentence is a table's row, the row over its columns.
    """

    text: str
    confidence: float
    citations: tuple[Citation, ...]
    sentence: Stretch | None
    head: Stretch | None
    parts: tuple[Stretch, ...]
    also: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Which index answered."""

    snapshot: str
    encoder: str
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Query:
    """The answer, or None where the corpus does not hold it, and the ranked passages."""

    question: str
    language: str
    answer: Answer | None
    nearest: Alternative | None
    passages: tuple[Hit, ...]
    index: Index
    timings_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Search:
    """The ranked passages."""

    question: str
    language: str
    passages: tuple[Hit, ...]
    index: Index


@dataclass(frozen=True, slots=True)
class Point:
    """What a year or a document says: its answer or None, and the passage nearest to the question."""

    year: int | None
    date: date | None
    document_id: str | None
    title: str | None
    documents: int
    answer: Answer | None
    nearest: Hit | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The same question over time, in the order of dates."""

    question: str
    language: str
    by: str
    points: tuple[Point, ...]
    truncated: bool
    index: Index
    timings_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as fractions of a page's picture, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a PDF, its size in points, and a rectangle for each line of the stretch asked for."""

    document_id: str
    page: int
    pages: int
    width: float
    height: float
    image: str
    boxes: tuple[Box, ...]
