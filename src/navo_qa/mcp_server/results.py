"""What the tools return: short enough for a language model to read, and with all that anyone needs to check it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Day

from pydantic import BaseModel, ConfigDict, Field

from navo_qa.chunk import head_above
from navo_qa.cite.styles import Language, plain
from navo_qa.cite.verify import Finding
from navo_qa.collection import Listing
from navo_qa.pipeline import Pipeline, citation
from navo_qa.types import Alternative, Answer, Citation, Document, Hit, Kind, Passage


class Result(BaseModel):
    """A result that says its fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Quote(Result):
    """Words of a document: `quote` is its text[start:end], counted in Unicode code points."""

    quote: str
    document_id: str
    start: int
    end: int
    sha256: str = Field(description="Of the document's whole text, UTF-8.")
    passage_id: str = Field(description="For `cite`, and for a mark [@passage-id] in a memo.")
    page: int | None
    paragraph: int
    date: Day | None = Field(description="Of the meeting, else of the letter.")
    source: str = Field(description="Title, date, page and paragraph: put this beside the quote.")

    @classmethod
    def of(cls, made: Citation, document: Document, language: Language) -> Quote:
        """Return the quote of a citation."""
        return cls(
            quote=made.quote,
            document_id=made.document_id,
            start=made.start,
            end=made.end,
            sha256=made.sha256,
            passage_id=made.passage_id,
            page=made.page,
            paragraph=made.paragraph,
            date=document.date,
            source=plain(document, made, language),
        )


class Found(Quote):
    """A passage."""

    head: str | None = Field(description="Of a table that it begins in the middle of: the row over the columns.")


class Passages(Result):
    """Passages, the best first."""

    passages: list[Found]


class Differing(Result):
    """What another document says instead, or what was too unsure to be an answer."""

    text: str
    confidence: float
    sentence: str | None = Field(description="The sentence that it stands in.")
    head: str | None = Field(description="Where that is a table's row: the row over its columns.")
    quotes: list[Quote]


class Answered(Result):
    """The answer, or null where the documents do not hold it, and the passages that were read."""

    advice: str = Field(description="What to do with this result.")
    language: str
    answer: str | None = Field(description="Verbatim words of a document; null where there is no answer.")
    confidence: float = Field(description="From 0 to 1.")
    sentence: str | None = Field(description="The sentence that the answer stands in.")
    head: str | None = Field(description="Where that is a table's row: the row over its columns.")
    parts: list[str] = Field(description="The members of an answer that is a list.")
    quotes: list[Quote] = Field(description="Where the answer stands; several where documents agree.")
    differing: list[Differing] = Field(description="What other documents answer, latest first: mention it.")
    nearest: Differing | None = Field(description="Where there is no answer: what came nearest. It is no answer.")
    passages: list[Found]


class Text(Result):
    """A stretch of a document's text, [start, end) of `length` code points; `next` is where to read on."""

    document_id: str
    title: str
    source: str = Field(description="Where the document comes from; beside a quote put its title and date.")
    date: Day | None
    sha256: str
    length: int
    start: int
    end: int
    next: int | None
    text: str


class Cited(Result):
    """Sources, one for each passage, or one file for a reference manager."""

    style: str
    sources: list[str]


class Checked(Result):
    """A quotation or a cited sentence of a memo, and what the documents say of it."""

    verdict: str
    sound: bool
    text: str
    line: int | None
    stands_in: str | None = Field(description="The document in which it stands, or in which what is nearest does.")
    start: int | None
    end: int | None
    source_text: str | None = Field(description="The words as the document has them: use these.")
    sha256: str | None
    missing: list[str] = Field(description="Figures, dates and names that the cited passage does not hold.")
    note: str | None = Field(
        description="joined: of two places; earlier-version: of a text since replaced; not-in-collection: its source "
        "is not among these documents."
    )


class Verified(Result):
    """The findings in the order of the text; `sound` where nothing is wrong."""

    sound: bool
    findings: list[Checked]


class Listed(Result):
    """What is known of a document."""

    document_id: str
    title: str
    kind: Kind
    date: Day | None
    letter_date: Day | None
    place: str | None
    references: list[str]
    language: str
    length: int
    sha256: str


class Documents(Result):
    """A page of documents; `next` is the `after` of the next page."""

    total: int
    documents: list[Listed]
    next: str | None


def answered(answer: Answer, pipeline: Pipeline, advice: str) -> Answered:
    """Return what is told of an answer."""
    language = _language(answer.language)
    document = pipeline.document(answer.citations[0].document_id) if answer.citations else None
    return Answered(
        advice=advice,
        language=answer.language,
        answer=answer.text,
        confidence=round(answer.confidence, 4),
        sentence=answer.sentence.quote if answer.sentence else None,
        head=document.text[slice(*answer.head)] if document and answer.head else None,
        parts=[document.text[start:end] for start, end in answer.parts] if document else [],
        quotes=_quotes(answer.citations, pipeline, language),
        differing=[_differing(other, pipeline, language) for other in answer.also],
        nearest=_differing(answer.nearest, pipeline, language) if answer.nearest else None,
        passages=passages(answer.hits, pipeline, language),
    )


def passages(hits: Sequence[Hit], pipeline: Pipeline, language: Language) -> list[Found]:
    """Return what is told of passages found."""
    return [passage(hit.passage, pipeline.document(hit.passage.document_id), language) for hit in hits]


def passage(found: Passage, document: Document, language: Language) -> Found:
    """Return what is told of a passage."""
    quote = Quote.of(citation(document, found), document, language)
    return Found(**quote.model_dump(), head=head_above(document, found))


def checked(finding: Finding) -> Checked:
    """Return what is told of a finding."""
    place = finding.place
    return Checked(
        verdict=finding.verdict.value,
        sound=finding.sound,
        text=finding.text,
        line=finding.line,
        stands_in=place.document.id if place else None,
        start=place.start if place else None,
        end=place.end if place else None,
        source_text=place.text if place else None,
        sha256=place.document.sha256 if place else None,
        missing=[fact.text for fact in finding.missing],
        note=finding.note,
    )


def listed(listing: Listing) -> Listed:
    """Return what is told of a document in a list."""
    return Listed(
        document_id=listing.id,
        title=listing.title,
        kind=listing.kind,
        date=listing.date,
        letter_date=listing.letter_date,
        place=listing.place,
        references=list(listing.references),
        language=listing.language,
        length=listing.characters,
        sha256=listing.sha256,
    )


def _quotes(made: Sequence[Citation], pipeline: Pipeline, language: Language) -> list[Quote]:
    return [Quote.of(one, pipeline.document(one.document_id), language) for one in made]


def _differing(other: Alternative, pipeline: Pipeline, language: Language) -> Differing:
    quotes = _quotes(other.citations, pipeline, language)
    text = pipeline.document(other.citations[0].document_id).text
    return Differing(
        text=other.text,
        confidence=round(other.confidence, 4),
        sentence=other.sentence.quote if other.sentence else None,
        head=text[slice(*other.head)] if other.head else None,
        quotes=quotes,
    )


def _language(name: str) -> Language:
    return "en" if name == "en" else "nl"
