"""What the service says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index that answers, and what it was built with."""

    snapshot: str
    built: datetime
    navo_qa: str
    encoder: str
    dimensions: int
    engine: str
    recall: float
    documents: int
    passages: int
    sentences: int
    words: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the documents are."""

    documents: int
    passages: int
    characters: int
    date_from: date | None
    date_to: date | None
    undated: int
    kinds: dict[str, int]
    languages: dict[str, int]
    years: dict[str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may be."""

    question_characters: int
    top_k: int
    body_bytes: int


@dataclass(frozen=True, slots=True)
class UploadsAllowed:
    """Whether documents may be sent, how large together, how many, and of which endings."""

    enabled: bool
    max_bytes: int
    max_files: int
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About:
    """The service, its index and its corpus; both None where nothing can be answered, and `detail` says why."""

    name: str
    version: str
    ready: bool
    building: bool
    detail: str | None
    reader: str | None
    threshold: float | None
    index: Snapshot | None
    corpus: Corpus | None
    limits: Limits
    features: dict[str, bool]
    upload: UploadsAllowed
