"""How good was each answer? One row a question, one column a measure; NaN where a measure says nothing of a question.

Retrieval, over answerable questions (ir-measures computes the first six from the runs and qrels as written):
    nDCG@10, MRR@10, R@1, R@5, R@10, Success@1
    document@1          the first passage is of a document of the evidence
    evidence@1000       a whole evidence stretch stands in the first 1,000 characters read, passage after passage
    evidence@3000       the same within 3,000
Answers, over answerable questions (no answer counts as 0):
    EM, F1              see `answers.py`
    right               a reader would accept it: see `is_right`
Answers, over those given to answerable questions:
    right document      the first citation is of a document of the evidence
    grounded            the first citation is the document's own text and overlaps the evidence
Silence:
    answered            share of answerable questions that got an answer
    silent              share of unanswerable questions that got none
    precision           share of the answers given, to whatever question, that are right
Promises, over all:
    verbatim            every passage, citation and answer is the document's own text, and the hash agrees
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from navo_qa.evaluation.answers import exact_match, is_right, token_f1
from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.outcome import Cited, Outcome
from navo_qa.evaluation.relevance import Qrels, characters_to_read, overlaps
from navo_qa.types import Document

Floats = NDArray[np.float64]

TREC = ("nDCG@10", "MRR@10", "R@1", "R@5", "R@10", "Success@1")
RETRIEVAL = (*TREC, "document@1", "evidence@1000", "evidence@3000")
ANSWERS = ("EM", "F1", "right", "right document", "grounded")
SILENCE = ("answered", "silent", "precision")
MEASURES = (*RETRIEVAL, *ANSWERS, *SILENCE, "verbatim")
LOWER_IS_BETTER = frozenset({"AURC", "ECE", "p50 ms", "p95 ms"})


@dataclass(frozen=True, slots=True)
class Scores:
    """Every measure of every question, with what the curves need beside it.

    values: float64 (questions, len(MEASURES)). correct: whether the candidate is right (False for any answer to an
    unanswerable question), NaN where the system did not tell its candidate.
    """

    questions: tuple[Question, ...]
    values: Floats
    confidence: Floats
    correct: Floats
    silent: NDArray[np.bool_]
    ms: Floats

    def column(self, measure: str) -> Floats:
        """Return one measure, float64 (questions,)."""
        return self.values[:, MEASURES.index(measure)]

    def only(self, mask: NDArray[np.bool_]) -> Scores:
        """Return the scores of some of the questions."""
        return replace(
            self,
            questions=tuple(question for question, keep in zip(self.questions, mask, strict=True) if keep),
            values=self.values[mask],
            confidence=self.confidence[mask],
            correct=self.correct[mask],
            silent=self.silent[mask],
            ms=self.ms[mask],
        )


def score(
    questions: Sequence[Question],
    outcomes: Mapping[str, Outcome],
    qrels: Qrels,
    documents: Mapping[str, Document],
) -> Scores:
    """Return every measure for the questions that were asked, in their order."""
    asked = tuple(question for question in questions if question.id in outcomes)
    ranked = retrieval(qrels, {q.id: [found.passage_id for found in outcomes[q.id].found] for q in asked})
    values = np.full((len(asked), len(MEASURES)), np.nan)
    correct = np.full(len(asked), np.nan)
    for i, question in enumerate(asked):
        outcome = outcomes[question.id]
        row = ranked.get(question.id, {}) | _own(question, outcome, documents)
        values[i] = [row.get(measure, np.nan) for measure in MEASURES]
        if outcome.candidate is not None:
            correct[i] = _is_right(question, outcome.candidate)
    kept = [outcomes[question.id] for question in asked]
    return Scores(
        questions=asked,
        values=values,
        confidence=np.array([outcome.confidence for outcome in kept], float),
        correct=correct,
        silent=np.array([outcome.text is None for outcome in kept], bool),
        ms=np.array([outcome.ms for outcome in kept], float),
    )


def retrieval(qrels: Qrels, rankings: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Return ir-measures' own figures by question with qrels and measure; 0 where nothing was found."""
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    names = dict(zip((nDCG @ 10, RR @ 10, R @ 1, R @ 5, R @ 10, Success @ 1), TREC, strict=True))
    judged = {question: grades for question, grades in qrels.items() if grades and question in rankings}
    run = {q: {p: 1 / rank for rank, p in enumerate(rankings[q], 1)} for q in judged}
    figures = {question: dict.fromkeys(TREC, 0.0) for question in qrels if question in rankings}
    for found in ir_measures.iter_calc(list(names), judged, run) if judged else ():
        figures[found.query_id][names[found.measure]] = found.value
    return figures


def _own(question: Question, outcome: Outcome, documents: Mapping[str, Document]) -> dict[str, float]:
    row = {"verbatim": float(_verbatim(outcome))}
    given = outcome.text is not None
    if not question.answerable:
        return row | {"silent": float(not given)} | ({"precision": 0.0} if given else {})
    names = {stretch.document_id for stretch in question.evidence}
    read = [(found.document_id, found.start, found.end) for found in outcome.found]
    spent = characters_to_read(question.evidence, read, documents)
    right = float(given and outcome.candidate is not None and _is_right(question, outcome.candidate))
    row |= {
        "document@1": float(bool(outcome.found) and outcome.found[0].document_id in names),
        "evidence@1000": float(spent is not None and spent <= 1000),
        "evidence@3000": float(spent is not None and spent <= 3000),
        "EM": exact_match(outcome.text, question.answers),
        "F1": token_f1(outcome.text, question.answers),
        "right": right,
        "answered": float(given),
    }
    if given:
        first = outcome.cited[0] if outcome.cited else None
        row["precision"] = right
        row["right document"] = float(first is not None and first.document_id in names)
        row["grounded"] = float(
            first is not None
            and first.verbatim
            and overlaps(first.start, first.end, first.document_id, question.evidence)
        )
    return row


def _is_right(question: Question, said: Cited) -> bool:
    here = overlaps(said.start, said.end, said.document_id, question.evidence)
    return question.answerable and is_right(said.quote, question.answers, at_evidence=here)


def _verbatim(outcome: Outcome) -> bool:
    """Return whether all that was shown is the documents' own text; an answer must stand in one of its citations."""
    if not all(found.verbatim for found in outcome.found) or not all(cited.verbatim for cited in outcome.cited):
        return False
    return outcome.text is None or any(outcome.text in cited.quote for cited in outcome.cited)
