"""What the service holds and can do: the page's view of the corpus, and what a program asks before anything else."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from fastapi import FastAPI
from pydantic import Field

from navo_qa import __version__
from navo_qa.api import problems
from navo_qa.api.door import MAX_BODY
from navo_qa.api.models import Model
from navo_qa.api.service import Service
from navo_qa.collection import Listing
from navo_qa.errors import EncoderError, IndexProblem
from navo_qa.index.publish import building
from navo_qa.ingest import READERS
from navo_qa.pipeline import Pipeline
from navo_qa.settings import MAX_QUESTION, MAX_TOP_K
from navo_qa.types import Kind


class SnapshotOut(Model):
    """The index that answers, and what it was built with."""

    snapshot: str = Field(description="Changes with every build.")
    built: datetime
    navo_qa: str = Field(description="The version that built it.")
    encoder: str
    dimensions: int
    engine: str
    recall: float = Field(description="Recall@10 of the engine against exact search, on a sample.")
    documents: int
    passages: int
    sentences: int
    words: int
    bytes: int


class CorpusOut(Model):
    """What the documents are; dates are the meeting's first day, else the letter's."""

    documents: int
    passages: int
    characters: int
    date_from: date | None
    date_to: date | None
    undated: int
    kinds: dict[Kind, int]
    languages: dict[str, int]
    years: dict[str, int] = Field(description="Documents by year, ascending.")


class LimitsOut(Model):
    """What a request may be."""

    question_characters: int = MAX_QUESTION
    top_k: int = MAX_TOP_K
    body_bytes: int = MAX_BODY


class UploadsAllowed(Model):
    """Whether documents may be sent, how large together, how many, and of which endings."""

    enabled: bool
    max_bytes: int
    max_files: int
    types: list[str]


class AboutOut(Model):
    """The service, its index and its corpus; where nothing can be answered both are null, and `detail` says why.

    `features` tells what is switched on: "page_images" for pictures of PDF pages, "scans" where OCR is installed, and
    what other doors add.
    """

    name: str = "navo-qa"
    version: str = __version__
    ready: bool
    building: bool = Field(description="Whether a build of this index is under way.")
    detail: str | None
    reader: str | None
    threshold: float | None = Field(description="Confidence under which no answer is given.")
    index: SnapshotOut | None
    corpus: CorpusOut | None
    limits: LimitsOut
    features: dict[str, bool]
    upload: UploadsAllowed


def install(app: FastAPI, service: Service) -> None:
    """Add the route; whoever adds another door names it in `app.state.features`."""
    app.state.features["scans"] = shutil.which("tesseract") is not None
    app.state.features["rate_limit"] = service.settings.rate_limit is not None

    @app.get("/v1/about", response_model=AboutOut, responses=problems.responses(), operation_id="about", tags=["about"])
    def about() -> AboutOut:
        """Say what the service holds and can do; answers also while there is no index."""
        try:
            pipeline, detail = service.pipeline(), None
        except (IndexProblem, EncoderError) as error:
            pipeline, detail = None, str(error)
        return AboutOut(
            ready=pipeline is not None,
            building=building(service.settings.index),
            detail=detail,
            reader=None if pipeline is None else _reader(pipeline),
            threshold=None if pipeline is None else pipeline.threshold,
            index=None if pipeline is None else _snapshot(pipeline),
            corpus=None if pipeline is None else _corpus(pipeline.snapshot.collection.listings()),
            limits=LimitsOut(),
            features=dict(sorted(app.state.features.items())),
            upload=UploadsAllowed(
                enabled=service.settings.upload,
                max_bytes=service.settings.upload_bytes,
                max_files=service.settings.upload_files,
                types=sorted(READERS),
            ),
        )


def _snapshot(pipeline: Pipeline) -> SnapshotOut:
    manifest = pipeline.snapshot.manifest
    return SnapshotOut(
        snapshot=pipeline.snapshot.name,
        built=manifest.created,
        navo_qa=manifest.navo_qa,
        encoder=manifest.encoder.name,
        dimensions=manifest.encoder.dim,
        engine=manifest.vectors.engine,
        recall=manifest.vectors.recall,
        documents=manifest.counts.documents,
        passages=manifest.counts.passages,
        sentences=manifest.counts.sentences,
        words=manifest.counts.words,
        bytes=sum(record.size for record in manifest.files.values()),
    )


def _corpus(listings: Iterable[Listing]) -> CorpusOut:
    listings = tuple(listings)
    days = sorted(listing.date for listing in listings if listing.date)
    return CorpusOut(
        documents=len(listings),
        passages=sum(listing.passages for listing in listings),
        characters=sum(listing.characters for listing in listings),
        date_from=days[0] if days else None,
        date_to=days[-1] if days else None,
        undated=len(listings) - len(days),
        kinds=dict(Counter(listing.kind for listing in listings).most_common()),
        languages=dict(Counter(listing.language for listing in listings).most_common()),
        years=dict(Counter(str(day.year) for day in days)),
    )


def _reader(pipeline: Pipeline) -> str:
    """Return the reader's own name, or its class's where it has none."""
    return str(getattr(pipeline.reader, "name", type(pipeline.reader).__name__))
