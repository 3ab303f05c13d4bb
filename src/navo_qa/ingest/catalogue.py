"""Reads catalogue.csv: what a person knows of the documents beside it, which goes before what their text says."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from navo_qa.cite.papers import named_papers
from navo_qa.errors import CatalogueError, FileProblem
from navo_qa.ingest.decode import decode
from navo_qa.types import Kind

CATALOGUE = "catalogue.csv"
FORMULA = re.compile(r"[=+\-@\t\r]")


def normal_references(value: object) -> object:
    """Return the references that a text names in their normal form; what is no paper stays as written."""
    if not isinstance(value, str):
        return value
    found: list[str] = []
    for part in value.replace("\n", ";").split(";"):
        found += named_papers(part) or [part.strip()]
    return tuple(dict.fromkeys(reference for reference in found if reference))


References = Annotated[tuple[str, ...], BeforeValidator(normal_references)]


class CatalogueRow(BaseModel):
    """One document; None is read from the document itself. `file`: its name, where that is not the id and an ending.

    replaces: the id of an older version, which is then kept for its citations and no longer found.
    found: where a catalogue that was written by machine has each value from; for people, and not read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: str
    title: str | None = None
    kind: Kind | None = None
    meeting: str | None = None
    meeting_start: date | None = None
    meeting_end: date | None = None
    place: str | None = None
    letter_date: date | None = None
    references: References | None = None
    language: Literal["nl", "en"] | None = None
    chamber: str | None = None
    session: str | None = None
    dossier: str | None = None
    number: str | None = None
    minister: str | None = None
    source: str | None = None
    file: str | None = None
    replaces: str | None = None
    found: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> CatalogueRow:
        if not self.id or not self.id.isprintable():
            raise ValueError("the id is empty or holds control characters")
        if self.meeting_end and (self.meeting_start is None or self.meeting_end < self.meeting_start):
            raise ValueError("meeting_end is before meeting_start, or stands without it")
        return self


def read_catalogue(path: Path) -> Mapping[str, CatalogueRow]:
    """Return the rows of a catalogue by the file's name, or by the id where the row names no file.

    UTF-8, comma or semicolon between the columns, an empty cell for what is unknown.
    Raises CatalogueError naming the line that cannot be used.
    """
    try:
        text = decode(path.read_bytes(), path)
    except (OSError, FileProblem) as error:
        raise CatalogueError(path, 1, f"cannot be read ({error})") from error
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: dict[str, CatalogueRow] = {}
    lines: dict[str, int] = {}
    columns: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if columns is None:
                    columns = _columns(path, cells)
                else:
                    _add(rows, lines, _row(path, line, columns, cells), path, line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise CatalogueError(path, reader.line_num, f"is not CSV ({error})") from error
    return rows


def _columns(path: Path, cells: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    known = list(CatalogueRow.model_fields)
    unknown = [column for column in columns if column not in known]
    if unknown or len(set(columns)) < len(columns) or "id" not in columns:
        wrong = f'column "{unknown[0]}" is unknown' if unknown else "the columns need one id and no column twice"
        raise CatalogueError(path, 1, f"{wrong}; known are {', '.join(known)}")
    return columns


def _text(cell: str) -> str:
    """Return what the cell says, without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def _row(path: Path, line: int, columns: list[str], cells: list[str]) -> CatalogueRow:
    if len(cells) > len(columns):
        raise CatalogueError(path, line, f"has {len(cells)} cells for {len(columns)} columns; quote what holds a comma")
    given = {column: _text(cell) for column, cell in zip(columns, cells, strict=False) if cell.strip()}
    try:
        return CatalogueRow.model_validate({"id": "", **given})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        value = f' "{given[where]}"' if where in given else ""
        raise CatalogueError(path, line, f"{where}{value}: {first['msg']}".lstrip(": ")) from error


def _add(rows: dict[str, CatalogueRow], lines: dict[str, int], row: CatalogueRow, path: Path, line: int) -> None:
    key = row.file or row.id
    for name in (f"id {row.id}", f"file {key}"):
        if name in lines:
            raise CatalogueError(path, line, f"{name} stands on line {lines[name]} already")
        lines[name] = line
    rows[key] = row
