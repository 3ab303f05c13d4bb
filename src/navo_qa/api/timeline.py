"""The same question over time: what does each year, or each document, say to it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from navo_qa.api.models import AnswerOut, FilterBody, HitOut, IndexOut, Model, QueryOut, Question
from navo_qa.collection import Listing
from navo_qa.pipeline import Pipeline, Timings
from navo_qa.retrieve import checked
from navo_qa.text.language import language
from navo_qa.types import Filters, Mode, Query

By = Literal["year", "document"]

MOST_POINTS = 40
PASSAGES = 3  # read for each point


class TimelineBody(Model):
    """A question, which documents may answer it, and what one point in time is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "Hoeveel droeg Nederland bij aan UCAP?", "by": "year"}]}
    )

    question: Question = Field(description="At most 2,000 characters.")
    filters: FilterBody = Field(default_factory=FilterBody)
    by: By = "year"
    mode: Mode = Mode.HYBRID


class PointOut(Model):
    """What a year or a document says: its answer or null, and the passage that is nearest to the question.

    `document_id`, `title` and `date` are those of the document that the answer, else that passage, stands in.
    `documents`: how many documents of this point could answer.
    """

    year: int | None
    date: date | None
    document_id: str | None
    title: str | None
    documents: int
    answer: AnswerOut | None
    nearest: HitOut | None


class TimelineOut(Model):
    """The points in the order of their dates, undated ones last; `truncated` where there were more."""

    question: str
    language: str
    by: By
    points: list[PointOut]
    truncated: bool
    index: IndexOut
    timings_ms: dict[str, float]


def timeline(pipeline: Pipeline, body: TimelineBody) -> TimelineOut:
    """Return what each year or document says to the question. Raises QueryError."""
    query = Query(body.question, PASSAGES, body.mode, body.filters.filters())
    collection = pipeline.snapshot.collection
    checked(query, collection)
    timings = Timings()
    with timings.step("total"):
        listings = collection.allowed(query.filters)
        groups = _years(listings) if body.by == "year" else [(listing,) for listing in listings]
        kept = groups if len(groups) <= MOST_POINTS else _kept(groups, pipeline, query, body.by)
        points = [_point(pipeline, query, group) for group in kept]
    return TimelineOut(
        question=body.question,
        language=language(body.question),
        by=body.by,
        points=sorted(points, key=_order),
        truncated=len(kept) < len(groups),
        index=IndexOut.of(pipeline),
        timings_ms=timings.ms,
    )


def _years(listings: Iterable[Listing]) -> list[tuple[Listing, ...]]:
    """Return the documents year by year, the latest first; those without a date at the end."""
    years: defaultdict[int, list[Listing]] = defaultdict(list)
    for listing in listings:
        years[listing.date.year if listing.date else 0].append(listing)
    return [tuple(years[year]) for year in sorted(years, reverse=True)]


def _kept(
    groups: Sequence[tuple[Listing, ...]], pipeline: Pipeline, query: Query, by: By
) -> Sequence[tuple[Listing, ...]]:
    """Return the latest years, or the documents that are nearest to the question."""
    if by == "year":
        return groups[:MOST_POINTS]
    hits = pipeline.search(Query(query.text, MOST_POINTS, query.mode, query.filters, per_document=1))
    found = {hit.passage.document_id for hit in hits}
    return [group for group in groups if group[0].id in found]


def _point(pipeline: Pipeline, query: Query, group: Sequence[Listing]) -> PointOut:
    only = Filters(document_ids=tuple(listing.id for listing in group))
    found = QueryOut.of(pipeline.ask(Query(query.text, PASSAGES, query.mode, only), read=PASSAGES), pipeline)
    nearest = found.passages[0] if found.passages else None
    named = found.answer.citations[0].document_id if found.answer else nearest.document_id if nearest else None
    listing = next((listing for listing in group if listing.id == named), None)
    day = group[0].date
    return PointOut(
        year=day.year if day else None,
        date=listing.date if listing else None,
        document_id=named,
        title=listing.title if listing else None,
        documents=len(group),
        answer=found.answer,
        nearest=nearest,
    )


def _order(point: PointOut) -> tuple[bool, int, date]:
    return point.year is None, point.year or 0, point.date or date.min
