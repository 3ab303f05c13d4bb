"""Every failed question, with what was expected and what was found side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from navo_qa.evaluation.blocks import Block, Case, Excerpt, Heading, Table, Text
from navo_qa.evaluation.outcome import Outcome
from navo_qa.evaluation.study import Cause, Failure, Study, causes

SHOWN = 3  # passages found
CONTEXT = 160  # characters around the evidence


def failed(study: Study, lost: Sequence[Failure]) -> Iterator[Block]:
    """Yield the section on what went wrong: where questions are lost, then each of them."""
    yield Heading(2, f"Every failed question ({len(lost)})")
    total = len(study.main.scores.questions)
    rows = tuple((cause.value, f"{n}", f"{n / max(1, total):.1%}") for cause, n in causes(lost).items())
    yield Table(("lost where", "questions", "of all"), rows, f"Where {study.main.arm.name} loses questions.")
    yield Text("Evidence is marked; the answer given, or withheld, is underlined.")
    order = list(Cause)
    for failure in sorted(lost, key=lambda failure: (order.index(failure.cause), failure.question.id)):
        yield _case(failure, study)


def _case(failure: Failure, study: Study) -> Case:
    question, outcome = failure.question, failure.outcome
    said = outcome.candidate
    answer = (said.document_id, said.start, said.end) if said is not None else ("", 0, 0)
    evidence = [(s.document_id, s.start, s.end) for s in question.evidence]
    rank = "" if failure.rank is None else f" (first relevant passage at rank {failure.rank})"
    return Case(
        name=f"{question.id}, {question.lang}, {question.kind}, {question.split}",
        question=question.text,
        cause=f"{failure.cause.value}{rank}",
        accepted=" / ".join(question.answers) or "none: the documents do not say",
        given=_given(outcome),
        expected=tuple(
            _excerpt(study, name, (max(0, start - CONTEXT), end + CONTEXT), name, evidence, answer)
            for name, start, end in evidence
        ),
        found=tuple(
            _excerpt(study, f.document_id, (f.start, f.end), f"{n}. {f.document_id}", evidence, answer)
            for n, f in enumerate(outcome.found[:SHOWN], 1)
        ),
        quotable=said is None or answer[0] in study.quotable,
    )


def _given(outcome: Outcome) -> str:
    if outcome.text is not None:
        return f"{outcome.text} (confidence {outcome.confidence:.2f})"
    withheld = f"; withheld: {outcome.candidate.quote}" if outcome.candidate is not None else ""
    return f"no answer (confidence {outcome.confidence:.2f}){withheld}"


def _excerpt(
    study: Study,
    document_id: str,
    span: tuple[int, int],
    label: str,
    evidence: Sequence[tuple[str, int, int]],
    answer: tuple[str, int, int],
) -> Excerpt:
    """Return the stretch in pieces, cut wherever evidence or answer starts or ends."""
    text = study.library.document(document_id).text
    start, end = _at_words(text, span[0], span[1])
    marks = [(s, e) for name, s, e in evidence if name == document_id]
    said = [(answer[1], answer[2])] if answer[0] == document_id else []
    cuts = sorted({start, end, *(min(max(cut, start), end) for mark in (*marks, *said) for cut in mark)})
    pieces = tuple(
        (text[a:b], any(s <= a and b <= e for s, e in marks), any(s <= a and b <= e for s, e in said))
        for a, b in zip(cuts, cuts[1:], strict=False)
    )
    return Excerpt(f"{label}, {start}–{end}", document_id in study.quotable, pieces)


def _at_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without the part of a word that it would start or end with."""
    start, end = max(0, start), min(len(text), end)
    while 0 < start < end and not text[start - 1].isspace():
        start += 1
    while start < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end
