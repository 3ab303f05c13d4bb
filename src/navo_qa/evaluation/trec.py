"""Runs and qrels in TREC form, so that trec_eval or ir-measures can confirm every retrieval figure.

    run:    question Q0 passage rank score system        qrels:  question 0 passage grade

The score written is 1 / rank: trec_eval sorts by score in single precision and breaks ties by name, and so would rank
two near scores otherwise than the system did. The system's own scores are in the outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from navo_qa.evaluation.files import write_atomic
from navo_qa.evaluation.relevance import Qrels

Rankings = Mapping[str, Sequence[str]]


def write_run(path: Path, rankings: Rankings, system: str) -> None:
    """Write the passages found for each question, best first."""
    write_atomic(path, _run_lines(rankings, _name(system)))


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Write the grade of each relevant passage."""
    write_atomic(
        path, (f"{_name(q)} 0 {_name(p)} {grade}\n" for q, grades in qrels.items() for p, grade in grades.items())
    )


def read_run(path: Path) -> dict[str, list[str]]:
    """Return the passages found for each question, best first, as `write_run` was given them."""
    found: dict[str, list[tuple[float, str]]] = {}
    for question, _, passage, _, score, _ in _fields(path):
        found.setdefault(_unname(question), []).append((-float(score), _unname(passage)))
    return {question: [passage for _, passage in sorted(ranked)] for question, ranked in found.items()}


def read_qrels(path: Path) -> Qrels:
    """Return the grades as `write_qrels` was given them; a question without relevant passages leaves no trace."""
    qrels: Qrels = {}
    for question, _, passage, grade in _fields(path):
        qrels.setdefault(_unname(question), {})[_unname(passage)] = int(grade)
    return qrels


def _run_lines(rankings: Rankings, system: str) -> Iterator[str]:
    for question, passages in rankings.items():
        for rank, passage in enumerate(passages, 1):
            yield f"{_name(question)} Q0 {_name(passage)} {rank} {1 / rank:.9f} {system}\n"


def _fields(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.split()


def _name(text: str) -> str:
    """Return the id without white space: "nota 3" -> "nota%203"."""
    return quote(text, safe="/:#@+,;=()[]*!$&'~") if any(c.isspace() or c == "%" for c in text) else text


def _unname(text: str) -> str:
    return unquote(text) if "%" in text else text
