"""Where does the evidence stand? Gold rows to questions whose evidence is found in the documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from navo_qa.evaluation.gold import Anchor, Gold, GoldError, Quote, Row
from navo_qa.text.normalise import clean
from navo_qa.types import Document, sha256


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
    """Return the row with each quote replaced by the offsets of all its places and the SHA-256 of text and quote.

    Raises EvidenceError as `locate` does.
    """
    evidence = tuple(_anchor(documents[s.document_id], s.start, s.end) for s in locate(row, documents))
    return row.model_copy(update={"evidence": evidence})


def anchored_lines(gold: Gold, documents: Mapping[str, Document]) -> list[str]:
    """Return the gold file's lines with every row anchored.

    Raises GoldError if a line is no row or its evidence does not stand in the documents.
    """
    if gold.findings or not gold.rows:
        said = gold.findings[0] if gold.findings else "holds no question"
        raise GoldError(gold.path, f"{said}; mend it first: navo-qa eval check lists all that is wrong")
    lines = []
    for number, row in gold.rows.items():
        try:
            fields = anchored(row, documents).model_dump(mode="json", exclude_unset=True)
        except EvidenceError as error:
            raise GoldError(gold.path, f"line {number}: {error}") from error
        lines.append(json.dumps(fields, ensure_ascii=False) + "\n")
    return lines


def occurrences(quote: str, text: str) -> list[tuple[int, int]]:
    """Return each stretch of the text that is the quote, white space apart: "1 mei" is not in "31 mei".

    The quote is cleaned as the text was, of soft hyphens and ligatures that copying brings along.
    """
    words = clean(quote).text.split()
    if not words:
        return []
    pattern = r"\s+".join(re.escape(word) for word in words)
    before, after = (r"\b" if re.match(r"\w", edge) else "" for edge in (words[0][0], words[-1][-1]))
    return [found.span() for found in re.finditer(f"{before}{pattern}{after}", text)]


def _anchor(document: Document, start: int, end: int) -> Anchor:
    quoted = sha256(document.text[start:end])
    return Anchor(doc=document.id, start=start, end=end, sha256=document.sha256, quote_sha256=quoted)


def _anchored(anchor: Anchor, document: Document) -> tuple[int, int]:
    if anchor.sha256.lower() != document.sha256:
        if (start := _moved(anchor, document.text)) is not None:
            return start, start + anchor.end - anchor.start
        raise EvidenceError(
            f'wrong hash for document "{anchor.doc}": gold {anchor.sha256[:12]}…, corpus {document.sha256[:12]}…; '
            "the text changed, so anchor the evidence again"
        )
    if not 0 <= anchor.start < anchor.end <= len(document.text):
        raise EvidenceError(
            f'offsets {anchor.start}–{anchor.end} are not in document "{anchor.doc}" of {len(document.text)} characters'
        )
    if anchor.quote_sha256 and sha256(document.text[anchor.start : anchor.end]) != anchor.quote_sha256.lower():
        raise EvidenceError(
            f'offsets {anchor.start}–{anchor.end} of document "{anchor.doc}" hold another quote than its hash'
        )
    if not document.text[anchor.start : anchor.end].strip():
        raise EvidenceError(f'offsets {anchor.start}–{anchor.end} of document "{anchor.doc}" hold white space only')
    return anchor.start, anchor.end


def _moved(anchor: Anchor, text: str) -> int | None:
    """Return where the anchor's stretch now starts, the nearest place to where it did; None where it is nowhere."""
    size, sought = anchor.end - anchor.start, anchor.quote_sha256.lower()
    if not sought or size <= 0:
        return None
    starts = sorted(range(len(text) - size + 1), key=lambda start: abs(start - anchor.start))
    return next((start for start in starts if sha256(text[start : start + size]) == sought), None)


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
