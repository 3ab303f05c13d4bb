"""Gold questions: what is asked, what is accepted, and where in which document that stands.

One line of a gold file is one question:

    {"id": "oslo-01-nl", "lang": "nl", "pair": "oslo-01", "split": "dev", "question": "Wie nodigde uit voor het diner?",
     "kind": "person", "answers": ["Anniken Huitfeldt"], "evidence": [{"doc": "verslag-ifmm-oslo-2023",
     "quote": "de uitnodiging uitging van Anniken Huitfeldt"}], "answerable": true, "tags": ["paraphrase"]}

Evidence is a quote, or `{"doc", "start", "end", "sha256", "quote_sha256"}`: offsets into `Document.text` and the
SHA-256 of that text and of the stretch, for documents that may not be copied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from navo_qa.errors import InputError


class QuestionKind(StrEnum):
    """What sort of thing the question asks for."""

    AMOUNT = "amount"
    DATE = "date"
    PLACE = "place"
    PERSON = "person"
    ORGANISATION = "organisation"
    NUMBER = "number"
    LIST = "list"
    REASON = "reason"
    DESCRIPTION = "description"
    POSITION = "position"
    REFERENCE = "reference"


class GoldError(InputError):
    """A gold file that cannot be used."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(f"{path}: {message}")


class Quote(BaseModel):
    """Evidence by its words; every place where they stand counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    doc: str
    quote: str


class Anchor(BaseModel):
    """Evidence by its offsets in a text that the SHA-256 pins down.

    quote_sha256: of the stretch itself, so that it is found again where the text has changed elsewhere.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    doc: str
    start: int
    end: int
    sha256: str
    quote_sha256: str = ""


class Row(BaseModel):
    """One line of a gold file, as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(min_length=1)
    lang: Literal["nl", "en"]
    pair: str | None = None
    split: Literal["dev", "test"] | None = None
    question: str
    kind: QuestionKind
    answers: tuple[str, ...] = ()
    evidence: tuple[Quote | Anchor, ...] = ()
    answerable: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one line of a gold file. A warning leaves the file usable."""

    line: int
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"line {self.line}: {'' if self.severity == 'error' else 'warning: '}{self.message}"


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold file as read: rows by line number, the raw identity of rows that failed, and what was wrong with those."""

    path: Path
    sha256: str
    rows: Mapping[int, Row]
    broken: Mapping[int, Mapping[str, Any]]
    findings: tuple[Finding, ...]


def read(path: Path) -> Gold:
    """Return the rows of a gold file; a line that is no row becomes a finding, and reading goes on.

    Raises GoldError where the file cannot be read.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise GoldError(path, f"cannot be read ({error.strerror}); check the name and its permissions") from error
    rows: dict[int, Row] = {}
    broken: dict[int, Mapping[str, Any]] = {}
    findings: list[Finding] = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            fields: Mapping[str, Any] = {}
            try:
                fields = _parse(line)
                rows[number] = Row.model_validate(fields)
            except ValidationError as error:
                broken[number] = fields
                findings.append(Finding(number, _explain(fields, error)))
            except ValueError as error:
                broken[number] = fields
                findings.append(Finding(number, str(error)))
    return Gold(path, hashlib.sha256(raw).hexdigest(), rows, broken, tuple(findings))


def _parse(line: bytes) -> Mapping[str, Any]:
    if b"\0" in line:
        raise ValueError("holds NUL bytes; the file is damaged or is no UTF-8 text")
    try:
        fields = json.loads(line.decode("utf-8"))
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start + 1})") from error
    except UnicodeEncodeError as error:
        raise ValueError(f"holds half a character (\\u{ord(error.object[error.start]):04x}); remove it") from error
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" at character {error.pos + 1}: {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(f"is not JSON{where}") from error
    if not isinstance(fields, dict):
        raise ValueError('is no JSON object {"id": …}')
    return fields


def _explain(fields: Mapping[str, Any], error: ValidationError) -> str:
    """Return one sentence for everything that pydantic found wrong with a row."""
    said: dict[str, str] = {}
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else "row"
        if problem["type"] == "missing" and len(problem["loc"]) == 1:
            said.setdefault(name, f'"{name}" is missing')
        elif name == "kind":
            said.setdefault(name, f'unknown kind "{fields["kind"]}"; known are {", ".join(QuestionKind)}')
        elif problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1:
            said.setdefault(name, f'unknown field "{name}"')
        elif name == "evidence":
            said.setdefault(name, 'evidence must be a list of {"doc", "quote"} or {"doc", "start", "end", "sha256"}')
        elif problem["type"] == "tuple_type":
            said.setdefault(name, f'"{name}" must be a list: ["…"]')
        else:
            said.setdefault(name, f'"{name}" {problem["msg"][0].lower()}{problem["msg"][1:]}')
    return "; ".join(said.values())
