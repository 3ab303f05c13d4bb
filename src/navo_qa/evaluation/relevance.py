"""Which passages answer a question? Judged by overlap with the evidence, so that every chunking is judged by one rule.

A passage's grade for a question:

    2   it holds a whole evidence stretch
    1   it holds half of a stretch, or lies at least half inside one, or is the passage that holds most of it
    0   otherwise

The last clause keeps a question in the game where the chunker cut its evidence in three. Every place where a quote
stands counts, and so does every document of evidence in two documents: one of them is a success, recall wants them all.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from navo_qa.evaluation.evidence import Question, Stretch
from navo_qa.types import Document, Passage

Qrels = dict[str, dict[str, int]]


def judge(questions: Iterable[Question], passages: Iterable[Passage]) -> Qrels:
    """Return for each answerable question the grade of each relevant passage, by question id and passage id."""
    shelves: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        shelves[passage.document_id].append(passage)
    index = {name: _Shelf(shelf) for name, shelf in shelves.items()}
    qrels: Qrels = {}
    for question in questions:
        if question.answerable:
            qrels[question.id] = _grades(question.evidence, index)
    return qrels


def characters_to_read(
    evidence: Sequence[Stretch], read: Iterable[tuple[str, int, int]], documents: Mapping[str, Document]
) -> int | None:
    """Return how many characters are read, passage after passage, until one whole stretch has been seen; None if never.

    read: the document, start and end of each passage in order of rank. White space between passages need not be read;
    text that two passages share is read twice and counts twice.
    """
    unseen = [(stretch.document_id, _inked(stretch, documents)) for stretch in evidence]
    spent = 0
    for document_id, start, end in read:
        last: list[int] = []
        for name, marks in unseen:
            if name == document_id:
                here = {mark for mark in marks if start <= mark < end}
                marks -= here
                if not marks:
                    last.append(max(here) + 1 - start)
        if last:
            return spent + min(last)
        spent += end - start
    return None


def overlaps(start: int, end: int, document_id: str, evidence: Iterable[Stretch]) -> bool:
    """Return whether the span shares a character with the evidence."""
    return any(s.document_id == document_id and s.start < end and start < s.end for s in evidence)


class _Shelf:
    """The passages of one document, found by place."""

    def __init__(self, passages: list[Passage]) -> None:
        self.passages = sorted(passages, key=lambda passage: passage.start)
        self.starts = [passage.start for passage in self.passages]
        self.longest = max(passage.end - passage.start for passage in passages)

    def near(self, stretch: Stretch) -> list[tuple[Passage, int]]:
        """Return each passage that shares text with the stretch, and how many characters."""
        low = bisect_left(self.starts, stretch.start - self.longest)
        high = bisect_right(self.starts, stretch.end)
        shared = [(p, min(p.end, stretch.end) - max(p.start, stretch.start)) for p in self.passages[low:high]]
        return [(passage, n) for passage, n in shared if n > 0]


def _grades(evidence: Iterable[Stretch], index: Mapping[str, _Shelf]) -> dict[str, int]:
    grades: dict[str, int] = {}
    for stretch in evidence:
        near = index[stretch.document_id].near(stretch) if stretch.document_id in index else []
        most = max((shared for _, shared in near), default=0)
        length = stretch.end - stretch.start
        for passage, shared in near:
            if shared == length:
                grade = 2
            else:
                grade = int(2 * shared >= min(length, passage.end - passage.start) or shared == most)
            if grade > grades.get(passage.id, 0):
                grades[passage.id] = grade
    return grades


def _inked(stretch: Stretch, documents: Mapping[str, Document]) -> set[int]:
    text = documents[stretch.document_id].text
    return {i for i in range(stretch.start, stretch.end) if not text[i].isspace()}
