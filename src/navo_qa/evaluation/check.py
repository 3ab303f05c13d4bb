"""Is a gold file right? One clear message for each thing that is wrong, with its line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from navo_qa.evaluation.answers import holds
from navo_qa.evaluation.evidence import EvidenceError, locate
from navo_qa.evaluation.gold import Finding, Gold, Row
from navo_qa.text.canonical import tokens
from navo_qa.types import Document


def check(gold: Gold, documents: Mapping[str, Document]) -> list[Finding]:
    """Return what is wrong with a gold file, in order of line; an empty list means that it can be used as it is."""
    findings = list(gold.findings)
    faulty = set(gold.broken)
    seen: dict[str, int] = {}
    for number, row in gold.rows.items():
        problems = list(_errors(row, seen, documents))
        seen.setdefault(row.id, number)
        if problems:
            faulty.add(number)
            findings.append(Finding(number, f"{row.id}: {'; '.join(problems)}"))
        else:
            findings += [Finding(number, f"{row.id}: {said}", "warning") for said in _warnings(row, documents)]
    findings += _pairs(gold, faulty)
    return sorted(findings, key=lambda finding: (finding.line, finding.severity))


def _errors(row: Row, seen: Mapping[str, int], documents: Mapping[str, Document]) -> Iterator[str]:
    if row.id in seen:
        yield f"duplicate id, first on line {seen[row.id]}"
    if not row.question.strip():
        yield "the question is empty"
    if any("\0" in text for text in (row.question, *row.answers)):
        yield "holds NUL characters"
    if row.answerable and not row.evidence:
        yield 'answerable without evidence; give evidence, or say "answerable": false'
        return
    if row.answerable and not any(answer.strip() for answer in row.answers):
        yield "answerable without an accepted answer"
        return
    if not row.answerable and (row.evidence or row.answers):
        yield 'has evidence or answers and yet "answerable": false'
        return
    try:
        texts = [documents[s.document_id].text[s.start : s.end] for s in locate(row, documents)]
    except EvidenceError as error:
        yield str(error)
        return
    if row.answerable and not any(_holds(text, answer) for text in texts for answer in row.answers):
        yield f"answer not in evidence: none of {', '.join(repr(answer) for answer in row.answers)} stands there"


def _warnings(row: Row, documents: Mapping[str, Document]) -> Iterator[str]:
    stretches = locate(row, documents)
    for piece, evidence in enumerate(row.evidence):
        places = sum(stretch.piece == piece for stretch in stretches)
        if places > 1:
            yield f'evidence stands {places} times in "{evidence.doc}"; each place counts'
    whole = {
        document.id: document.text for document in documents.values() if document.id in {e.doc for e in row.evidence}
    }
    for answer in row.answers:
        if not any(_holds(text, answer) for text in whole.values()):
            yield f'accepted answer "{answer}" stands nowhere in the document, so no verbatim answer can be it'


def _pairs(gold: Gold, faulty: set[int]) -> Iterator[Finding]:
    """Yield a warning for each pair that lacks a language or lies in two splits, unless a line of it is faulty."""
    members: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for number, row in gold.rows.items():
        if row.pair is not None:
            members[row.pair].append((number, row))
    skipped = {gold.rows[number].pair for number in faulty if number in gold.rows}
    skipped |= {fields.get("pair") for fields in gold.broken.values()}
    for pair, rows in members.items():
        if pair in skipped:
            continue
        line = rows[-1][0]
        if len({row.lang for _, row in rows}) == 1:
            yield Finding(line, f'pair "{pair}" has a question in {rows[0][1].lang} only', "warning")
        if len({row.split for _, row in rows}) > 1:
            yield Finding(line, f'pair "{pair}" lies in more than one split; split by pair', "warning")


def _holds(text: str, answer: str) -> bool:
    return holds(tokens(text), tokens(answer))
