"""What the service says of sources and memos."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cited:
    """The source of a passage, or of a stretch of it, by style and language, and the permanent link to it."""

    passage_id: str
    document_id: str
    start: int
    end: int
    sha256: str
    url: str
    formatted: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Citations:
    """Each passage cited, and all of them in each format for reference managers that was asked for."""

    citations: tuple[Cited, ...]
    exports: dict[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where words of a memo stand in the collection, or what comes nearest."""

    document_id: str
    title: str
    start: int
    end: int
    page: int | None
    text: str
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a quotation against its source: "equal", "replace", "delete" or "insert"."""

    op: str
    source: str
    memo: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure, date or name that the cited passage does not hold."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One quotation, citation or cited sentence of a memo, and what the collection says of it."""

    verdict: str
    sound: bool
    text: str
    line: int | None
    page: int | None
    cited: tuple[str, ...]
    source: Place | None
    difference: tuple[Change, ...]
    missing: tuple[Fact, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The findings in the order of the memo; `sound` where nothing is wrong."""

    sound: bool
    findings: tuple[Finding, ...]
