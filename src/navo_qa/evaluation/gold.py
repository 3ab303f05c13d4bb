"""Gold questions: what is asked, what is accepted, and where in which document that stands.

One line of a gold file is one question:

    {"id": "oslo-01-nl", "lang": "nl", "pair": "oslo-01", "split": "dev", "question": "Wie nodigde uit voor het diner?",
     "kind": "person", "answers": ["Anniken Huitfeldt"], "evidence": [{"doc": "verslag-ifmm-oslo-2023",
     "quote": "de uitnodiging uitging van Anniken Huitfeldt"}], "answerable": true, "tags": ["paraphrase"]}

Evidence is a quote, or `{"doc", "start", "end", "sha256"}`: offsets into `Document.text` and the SHA-256 of that text,
for documents that may not be copied.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from navo_qa.errors import InputError
from navo_qa.types import Document


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
    """Evidence by its offsets in a text that the SHA-256 pins down."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    doc: str
    start: int
    end: int
    sha256: str


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


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where evidence stands; `piece` numbers the row's evidence that it belongs to (one quote may stand twice)."""

    document_id: str
    start: int
    end: int
    piece: int


@dataclass(frozen=True, slots=True)
class Question:
    """A gold question with its evidence found. `cluster` is the fact that it and its translation ask for."""

    id: str
    lang: str
    cluster: str
    split: str
    text: str
    kind: str
    answers: tuple[str, ...]
    evidence: tuple[Stretch, ...]
    answerable: bool
    tags: tuple[str, ...]


class EvidenceError(ValueError):
    """Evidence that does not stand where it says."""


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


def locate(row: Row, documents: Mapping[str, Document]) -> tuple[Stretch, ...]:
    """Return every stretch where the row's evidence stands, in the order of its evidence.

    A quote is sought in the normalised text, whatever white space lies between its words; all places count.
    Raises EvidenceError if a document is unknown, a quote not found, an offset out of the text, or a hash another.
    """
    stretches: list[Stretch] = []
    for piece, evidence in enumerate(row.evidence):
        document = documents.get(evidence.doc)
        if document is None:
            raise EvidenceError(f'the corpus has no document "{evidence.doc}"')
        if isinstance(evidence, Quote):
            spans = occurrences(evidence.quote, document.text)
            if not spans:
                raise EvidenceError(f'quote not in document "{evidence.doc}": "{_shortened(evidence.quote)}"')
        else:
            spans = [_anchored(evidence, document)]
        stretches += [Stretch(evidence.doc, start, end, piece) for start, end in spans]
    return tuple(stretches)


def questions(gold: Gold, documents: Mapping[str, Document], split: str | None = None) -> list[Question]:
    """Return the questions of a gold file, or of one split of it, in its order.

    Raises GoldError if a line is no row or its evidence does not stand in the documents.
    """
    problems = [str(finding) for finding in gold.findings]
    asked = []
    for number, row in gold.rows.items():
        try:
            asked.append(_question(row, locate(row, documents)))
        except EvidenceError as error:
            problems.append(f"line {number}: {error}")
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise GoldError(gold.path, f"{problems[0]}{more}; navo-qa eval check lists all that is wrong")
    asked = [question for question in asked if split in (None, "all", question.split)]
    if not asked:
        raise GoldError(gold.path, f'holds no question of split "{split}"' if split else "holds no question")
    return asked


def quotable(gold: Gold) -> frozenset[str]:
    """Return the documents that the gold file itself quotes; one that it only points into may not be copied."""
    evidence = [piece for row in gold.rows.values() for piece in row.evidence]
    quoted = {piece.doc for piece in evidence if isinstance(piece, Quote)}
    return frozenset(quoted - {piece.doc for piece in evidence if isinstance(piece, Anchor)})


def anchored(row: Row, documents: Mapping[str, Document]) -> Row:
    """Return the row with each quote replaced by the offsets of its first place and the text's SHA-256.

    Raises EvidenceError as `locate` does.
    """
    first = {stretch.piece: stretch for stretch in reversed(locate(row, documents))}
    evidence = tuple(
        Anchor(doc=s.document_id, start=s.start, end=s.end, sha256=documents[s.document_id].sha256)
        for s in (first[piece] for piece in sorted(first))
    )
    return row.model_copy(update={"evidence": evidence})


def anchored_lines(gold: Gold, documents: Mapping[str, Document]) -> list[str]:
    """Return the gold file's lines with every row anchored.

    Raises GoldError if a line is no row or its evidence does not stand in the documents.
    """
    if gold.findings:
        raise GoldError(gold.path, f"{gold.findings[0]}; mend it first: navo-qa eval check lists all that is wrong")
    lines = []
    for number, row in gold.rows.items():
        try:
            fields = anchored(row, documents).model_dump(mode="json", exclude_unset=True)
        except EvidenceError as error:
            raise GoldError(gold.path, f"line {number}: {error}") from error
        lines.append(json.dumps(fields, ensure_ascii=False) + "\n")
    return lines


def occurrences(quote: str, text: str) -> list[tuple[int, int]]:
    """Return each stretch of the text that is the quote, white space apart."""
    words = unicodedata.normalize("NFC", quote).split()
    if not words:
        return []
    pattern = r"\s+".join(re.escape(word) for word in words)
    return [found.span() for found in re.finditer(pattern, text)]


def _parse(line: bytes) -> Mapping[str, Any]:
    if b"\0" in line:
        raise ValueError("holds NUL bytes; the file is damaged or is no UTF-8 text")
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start + 1})") from error
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
        else:
            said.setdefault(name, f'"{name}" {problem["msg"][0].lower()}{problem["msg"][1:]}')
    return "; ".join(said.values())


def _anchored(anchor: Anchor, document: Document) -> tuple[int, int]:
    if anchor.sha256.lower() != document.sha256:
        raise EvidenceError(
            f'wrong hash for document "{anchor.doc}": gold {anchor.sha256[:12]}…, corpus {document.sha256[:12]}…; '
            "the text changed, so anchor the evidence again"
        )
    if not 0 <= anchor.start < anchor.end <= len(document.text):
        raise EvidenceError(
            f'offsets {anchor.start}–{anchor.end} are not in document "{anchor.doc}" of {len(document.text)} characters'
        )
    if not document.text[anchor.start : anchor.end].strip():
        raise EvidenceError(f'offsets {anchor.start}–{anchor.end} of document "{anchor.doc}" hold white space only')
    return anchor.start, anchor.end


def _question(row: Row, evidence: Iterable[Stretch]) -> Question:
    return Question(
        id=row.id,
        lang=row.lang,
        cluster=row.pair or row.id,
        split=row.split or "all",
        text=row.question,
        kind=row.kind.value,
        answers=row.answers,
        evidence=tuple(evidence),
        answerable=row.answerable,
        tags=row.tags,
    )


def _shortened(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
