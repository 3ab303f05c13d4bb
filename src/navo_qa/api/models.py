"""The bodies of the API, as pydantic checks them and OpenAPI shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from navo_qa.chunk import head_above
from navo_qa.cite.papers import find_papers
from navo_qa.cite.styles import plain
from navo_qa.collection import Collection, Listing
from navo_qa.pipeline import Pipeline, citation
from navo_qa.settings import MAX_QUESTION, MAX_TOP_K
from navo_qa.text.highlight import translated_matches
from navo_qa.text.language import language
from navo_qa.text.tables import heads
from navo_qa.types import Alternative, Answer, Citation, Document, Filters, Hit, Kind, Mode, Passage, Query


def _is_text(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("half a surrogate pair is no text")
    return value


Day = date  # a field named date would hide the type


def _is_day(value: object) -> object:
    """Refuse what pydantic would take for a date besides: numbers of seconds, and days with a time."""
    if value is None or isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("write a day as 2025-05-14")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Text = Annotated[str, AfterValidator(_is_text)]
GivenDay = Annotated[date | None, BeforeValidator(_is_day)]
# The pipeline refuses what is out of range, in its own words.
Count = Annotated[int, Field(strict=True, json_schema_extra={"minimum": 1, "maximum": MAX_TOP_K})]
Question = Annotated[Text, Field(json_schema_extra={"minLength": 1, "maxLength": MAX_QUESTION})]


class Model(BaseModel):
    """A body that knows its fields: one that is misspelt is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


class FilterBody(Model):
    """Which documents may answer; dates are inclusive and compare with the meeting's, else the letter's."""

    date_from: GivenDay = None
    date_to: GivenDay = None
    kinds: list[Kind] = Field([], max_length=20)
    document_ids: list[Text] = Field([], max_length=1000)
    as_of: GivenDay = Field(None, description="Leave out what was not yet written on this day.")

    def filters(self) -> Filters:
        """Return the filters that a query takes."""
        return Filters(self.date_from, self.date_to, tuple(self.kinds), tuple(self.document_ids), self.as_of)


class QueryBody(Model):
    """A question in Dutch or English."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Hoeveel trok Nederland in december 2025 uit voor PURL?", "top_k": 5},
                {"question": "Who hosted the dinner in Antalya?", "filters": {"date_from": "2025-01-01"}},
            ]
        }
    )

    question: Question = Field(description="At most 2,000 characters.")
    top_k: Count = Field(10, description="How many passages, 1 to 100.")
    mode: Mode = Mode.HYBRID
    filters: FilterBody = Field(default_factory=FilterBody)
    per_document: Count | None = Field(None, description="At most this many passages of one document.")

    def query(self) -> Query:
        """Return the query that the pipeline takes."""
        return Query(self.question, self.top_k, self.mode, self.filters.filters(), self.per_document)


class CitationOut(Model):
    """Where a quote stands: `text[start_char_index:end_char_index]` of the document is `cited_text`."""

    type: Literal["char_location"] = "char_location"
    cited_text: str
    document_id: str
    document_title: str
    language: str = Field(description="Of the document.")
    start_char_index: int
    end_char_index: int
    page: int | None = Field(description="That its first character stands on; null where the document has no pages.")
    paragraph: int = Field(description="That its first character stands in, counted from the document's beginning.")
    sha256: str = Field(description="Of the document's text, UTF-8.")
    formatted: dict[Literal["nl", "en"], str]
    url: str = Field(description="The passage, as a path of this service.")

    @classmethod
    def of(cls, made: Citation, document: Document) -> CitationOut:
        """Return the citation with its formatted forms."""
        return cls(
            cited_text=made.quote,
            document_id=made.document_id,
            document_title=made.title,
            language=document.language,
            start_char_index=made.start,
            end_char_index=made.end,
            page=made.page,
            paragraph=made.paragraph,
            sha256=made.sha256,
            formatted={"nl": plain(document, made, "nl"), "en": plain(document, made, "en")},
            url=f"/v1/passages/{quote(made.passage_id, safe='')}",
        )


class PassageOut(Model):
    """A passage by itself."""

    passage_id: str
    document_id: str
    title: str
    language: str = Field(description="Of the document.")
    text: str
    start: int
    end: int
    page: int | None
    page_end: int | None = Field(description="The page of its last character.")
    paragraph: int
    heading: str | None
    head: str | None = Field(description="Of a table that it begins in the middle of: the row over the columns.")
    heads: list[int] = Field(description="Where in the text rows begin that stand over a table's columns.")
    citation: CitationOut

    @classmethod
    def of(cls, passage: Passage, document: Document) -> PassageOut:
        """Return the passage with its citation."""
        return cls(**_passage(passage, document))


class HitOut(PassageOut):
    """A passage found: its rank from 1, the fused score and each leg's."""

    rank: int
    score: float
    scores: dict[str, float]
    matches: list[tuple[int, int]] = Field([], description="The question's words, [start, end) in the passage's text.")

    @classmethod
    def found(cls, hit: Hit, document: Document, question: str = "") -> HitOut:
        """Return the hit with its citation, the question's words in it found."""
        own = {"rank": hit.rank, "score": hit.score, "scores": dict(hit.scores)}
        return cls(**_passage(hit.passage, document), **own, matches=translated_matches(question, hit.passage.text))


class StretchOut(Model):
    """A stretch of a document: `text` is its `text[start_char_index:end_char_index]`."""

    text: str
    start_char_index: int
    end_char_index: int

    @classmethod
    def cut(cls, document: Document, span: tuple[int, int]) -> StretchOut:
        """Return the span of the document's text."""
        start, end = span
        return cls(text=document.text[start:end], start_char_index=start, end_char_index=end)

    @classmethod
    def around(cls, sentence: Citation | None) -> StretchOut | None:
        """Return the sentence around an answer."""
        if sentence is None:
            return None
        return cls(text=sentence.quote, start_char_index=sentence.start, end_char_index=sentence.end)


class AlternativeOut(Model):
    """Another answer: that of an earlier document, or the one that was too unsure to give."""

    text: str
    confidence: float = Field(ge=0, le=1)
    date: Day | None = Field(description="Of its document.")
    citations: list[CitationOut]
    sentence: StretchOut | None = Field(None, description="The sentence of the first citation's document it stands in.")
    head: StretchOut | None = Field(
        None, description="Where the sentence is a table's row: the row over its columns, in the same document."
    )

    @classmethod
    def of(cls, made: Alternative, pipeline: Pipeline) -> AlternativeOut:
        """Return the alternative with its formatted citations."""
        cited = [CitationOut.of(each, pipeline.document(each.document_id)) for each in made.citations]
        return cls(
            text=made.text,
            confidence=round(made.confidence, 4),
            date=made.date,
            citations=cited,
            sentence=StretchOut.around(made.sentence),
            head=StretchOut.cut(pipeline.document(made.citations[0].document_id), made.head) if made.head else None,
        )


class AnswerOut(Model):
    """A verbatim span, how sure the service is of it, and where it stands."""

    text: str
    confidence: float = Field(ge=0, le=1)
    citations: list[CitationOut] = Field(description="Several where several documents say the same; the best first.")
    sentence: StretchOut | None = Field(None, description="The sentence of the first citation's document it stands in.")
    head: StretchOut | None = Field(
        None, description="Where the sentence is a table's row: the row over its columns, in the same document."
    )
    parts: list[StretchOut] = Field([], description="The members of an answer that is a list.")
    also: list[AlternativeOut] = Field([], description="Differing answers of other documents, latest first.")

    @classmethod
    def of(cls, answer: Answer, text: str, pipeline: Pipeline) -> AnswerOut:
        """Return the answer that says `text`, with its formatted citations."""
        document = pipeline.document(answer.citations[0].document_id)
        return cls(
            text=text,
            confidence=round(answer.confidence, 4),
            citations=[CitationOut.of(each, pipeline.document(each.document_id)) for each in answer.citations],
            sentence=StretchOut.around(answer.sentence),
            head=StretchOut.cut(document, answer.head) if answer.head else None,
            parts=[StretchOut.cut(document, part) for part in answer.parts],
            also=[AlternativeOut.of(each, pipeline) for each in answer.also],
        )


class IndexOut(Model):
    """Which index answered."""

    snapshot: str
    encoder: str
    documents: int
    passages: int

    @classmethod
    def of(cls, pipeline: Pipeline) -> IndexOut:
        """Return what the manifest says."""
        manifest = pipeline.snapshot.manifest
        return cls(
            snapshot=pipeline.snapshot.name,
            encoder=manifest.encoder.name,
            documents=manifest.counts.documents,
            passages=manifest.counts.passages,
        )


class QueryOut(Model):
    """The answer, or null where the corpus does not hold it, and the ranked passages."""

    question: str
    language: str
    answer: AnswerOut | None
    nearest: AlternativeOut | None = Field(None, description="What came nearest, where there is no answer.")
    passages: list[HitOut]
    index: IndexOut
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, answer: Answer, pipeline: Pipeline) -> QueryOut:
        """Return the body for an answer."""
        return cls(
            question=answer.question,
            language=answer.language,
            answer=None if answer.text is None else AnswerOut.of(answer, answer.text, pipeline),
            nearest=answer.nearest and AlternativeOut.of(answer.nearest, pipeline),
            passages=_found(answer.question, answer.hits, pipeline),
            index=IndexOut.of(pipeline),
            timings_ms=dict(answer.timings_ms),
        )


class SearchOut(Model):
    """The ranked passages."""

    question: str
    language: str
    passages: list[HitOut]
    index: IndexOut

    @classmethod
    def of(cls, question: str, hits: Sequence[Hit], pipeline: Pipeline) -> SearchOut:
        """Return the body for what was found."""
        return cls(
            question=question,
            language=language(question),
            passages=_found(question, hits, pipeline),
            index=IndexOut.of(pipeline),
        )


class DocumentOut(Model):
    """What is known of a document."""

    document_id: str
    title: str
    kind: Kind
    language: str
    meeting: str | None
    meeting_start: date | None
    meeting_end: date | None
    place: str | None
    letter_date: date | None
    references: list[str]
    source: str
    sha256: str

    @classmethod
    def of(cls, document: Document | Listing) -> DocumentOut:
        """Return the metadata."""
        return cls(**_metadata(document))


class PageSpan(Model):
    """A page's number, from 1, and its stretch of the text."""

    number: int
    start: int
    end: int


class HeadingSpan(Model):
    """A heading's stretch of the text; level 1 is the document's title."""

    start: int
    end: int
    level: int


class MentionOut(Model):
    """Where the text names a parliamentary paper, in one normal form, and which other documents here are that paper."""

    start: int
    end: int
    reference: str
    document_ids: list[str]


class DocumentTextOut(DocumentOut):
    """A document with the whole text that every offset counts in, and where in it pages and headings are.

    `found`: where each thing known was found: "catalogue", "file" for its own metadata, "text" or "name".
    `page_images`: whether `/v1/documents/{id}/pages/{n}.png` shows its pages.
    """

    chamber: str | None
    session: str | None
    dossier: str | None
    number: str | None
    minister: str | None
    found: dict[str, str]
    text: str
    pages: list[PageSpan]
    headings: list[HeadingSpan]
    heads: list[int] = Field(description="Where in the text rows begin that stand over a table's columns.")
    mentions: list[MentionOut]
    page_images: bool

    @classmethod
    def whole(cls, document: Document, collection: Collection, *, page_images: bool = False) -> DocumentTextOut:
        """Return the metadata and the text, the papers that it names linked to the collection's documents."""
        return cls(
            **_metadata(document),
            **{name: getattr(document.paper, name) for name in document.paper.__dataclass_fields__},
            found=dict(document.found),
            mentions=list(_mentions(document, collection)),
            text=document.text,
            pages=[PageSpan(number=page.number, start=page.start, end=page.end) for page in document.pages],
            headings=[HeadingSpan(start=one.start, end=one.end, level=one.level) for one in document.headings],
            heads=_heads(document),
            page_images=page_images,
        )


class DocumentsOut(Model):
    """A page of documents; `next` is the `after` of the next page, null on the last."""

    documents: list[DocumentOut]
    next: str | None


class Health(Model):
    """Whether the service runs (`/healthz`) or can answer (`/readyz`)."""

    status: Literal["ok"] = "ok"


def _found(question: str, hits: Sequence[Hit], pipeline: Pipeline) -> list[HitOut]:
    return [HitOut.found(hit, pipeline.document(hit.passage.document_id), question) for hit in hits]


def _metadata(document: Document | Listing) -> dict[str, Any]:
    names = DocumentOut.model_fields.keys() - {"document_id", "references"}
    known = {name: getattr(document, name) for name in names}
    return {**known, "document_id": document.id, "references": list(document.references)}


def _mentions(document: Document, collection: Collection) -> Iterator[MentionOut]:
    for paper in find_papers(document.text):
        reference = replace(paper, annex=False).normal
        others = [one for one in collection.printed_as(reference) if one != document.id]
        yield MentionOut(start=paper.start, end=paper.end, reference=reference, document_ids=others)


def _heads(document: Document) -> list[int]:
    return sorted({start for start, _ in heads(document).values()})


def _passage(passage: Passage, document: Document) -> dict[str, Any]:
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": document.title,
        "language": document.language,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "page_end": document.page_of(passage.end - 1),
        "paragraph": passage.paragraph,
        "heading": passage.heading,
        "head": head_above(document, passage),
        "heads": [start - passage.start for start in _heads(document) if passage.start <= start < passage.end],
        "citation": CitationOut.of(citation(document, passage), document),
    }
