"""What a report is made of; `html.py` and `markdown.py` write it down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the report's title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """The few figures that people remember: figure, what it says, its interval."""

    tiles: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names its rows, a row of one cell heads a group."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as SVG, and a name for its file."""

    slug: str
    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a document in pieces; a marked piece is evidence, answer, or both."""

    label: str
    quotable: bool
    pieces: tuple[tuple[str, bool, bool], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A failed question: what was expected and what was found, side by side."""

    name: str
    question: str
    cause: str
    accepted: str
    given: str
    expected: tuple[Excerpt, ...]
    found: tuple[Excerpt, ...]
    quotable: bool  # whether the answer given may be copied


Block = Heading | Text | Tiles | Table | Plot | Case
