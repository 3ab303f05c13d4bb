"""Is a gold file right? One clear message for each thing that is wrong, with its line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from navo_qa.evaluation.answers import holds
from navo_qa.evaluation.evidence import EvidenceError, locate
from navo_qa.evaluation.gold import Finding, Gold, GoldError, Row
from navo_qa.settings import MAX_QUESTION
from navo_qa.text.canonical import tokens
from navo_qa.types import Document


def check(gold: Gold, documents: Mapping[str, Document]) -> list[Finding]:
    """Return what is wrong with a gold file, in order of line; an empty list means that it can be used as it is."""
    findings = _faults(gold, documents)
    faulty = {finding.line for finding in findings}
    for number, row in gold.rows.items():
        if number not in faulty:
            findings += [Finding(number, f"{row.id}: {said}", "warning") for said in _warnings(row, documents)]
    findings += _pairs(gold, faulty)
    return sorted(findings, key=lambda finding: (finding.line, finding.severity))


def refuse_faults(gold: Gold, documents: Mapping[str, Document]) -> None:
    """Do nothing where every line can be asked. Raises GoldError with the first fault and how many there are."""
    if faults := sorted(_faults(gold, documents), key=lambda finding: finding.line):
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise GoldError(gold.path, f"{faults[0]}{more}; navo-qa eval check lists all that is wrong")


def askable(gold: Gold) -> list[str]:
    """Return the questions, whatever their evidence. Raises GoldError for none, or one that cannot be asked."""
    findings = list(gold.findings)
    for number, row in gold.rows.items():
        findings += [Finding(number, f"{row.id}: {said}") for said in _unaskable(row)]
    if findings or not gold.rows:
        raise GoldError(gold.path, str(findings[0]) if findings else "holds no question")
    return [row.question for row in gold.rows.values()]


def _faults(gold: Gold, documents: Mapping[str, Document]) -> list[Finding]:
    findings = list(gold.findings)
    seen: dict[str, int] = {}
    for number, row in gold.rows.items():
        if problems := list(_errors(row, seen, documents)):
            findings.append(Finding(number, f"{row.id}: {'; '.join(problems)}"))
        seen.setdefault(row.id, number)
    return findings or ([] if gold.rows else [Finding(1, "holds no question")])


def _errors(row: Row, seen: Mapping[str, int], documents: Mapping[str, Document]) -> Iterator[str]:
    if row.id in seen:
        yield f"duplicate id, first on line {seen[row.id]}"
    yield from _unaskable(row)
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


def _unaskable(row: Row) -> Iterator[str]:
    if not any(character.isalnum() for character in row.question):
        yield "the question is empty"
    if len(row.question) > MAX_QUESTION:
        yield f"the question has {len(row.question):,} characters, the limit is {MAX_QUESTION:,}"


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
    skipped |= {pair for fields in gold.broken.values() if isinstance(pair := fields.get("pair"), str)}
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
