"""Runs that stop half-way, files that are never half, and arms that do not mix."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from navo_qa.evaluation import evidence, gold
from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.experiment import Arm, Journal, fingerprint, run
from navo_qa.evaluation.files import write_atomic
from navo_qa.types import Document


@pytest.fixture
def asked(rows: list[dict[str, Any]], documents: dict[str, Document], gold_file: Callable[..., Path]) -> list[Question]:
    return evidence.questions(gold.read(gold_file(rows)), documents)


def untimed(outcomes: dict[str, Any]) -> list[Any]:
    return [replace(outcome, ms=0.0) for outcome in outcomes.values()]


class Stops:
    """A system that is interrupted at its nth question."""

    def __init__(self, inner: Any, after: int) -> None:
        self.inner, self.left = inner, after

    def ask(self, query: Any) -> Any:
        """The inner system's answer, until it stops."""
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.inner.ask(query)

    def candidate(self, query: Any) -> Any:
        """The inner system's candidate."""
        return self.inner.candidate(query)


def test_interrupted_run_resumes(system: Any, asked: list[Question], tmp_path: Path) -> None:
    """What was asked before the interruption is not asked again, and the outcome is as if nothing had happened."""
    whole = run(system, asked, system, Journal(tmp_path / "whole.jsonl", "f"))
    path = tmp_path / "half.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(Stops(system, 5), asked, system, Journal(path, "f"))
    assert len(path.read_text().splitlines()) == 1 + 4, "header and four outcomes; the warm-up is none"
    before = system.asked
    resumed = run(system, asked, system, Journal(path, "f", resume=True))
    assert system.asked - before == len(asked) - 4 + 1
    assert untimed(resumed) == untimed(whole)
    assert path.read_text().count("\n") == 1 + len(asked)
    before = system.asked
    assert run(system, asked, system, Journal(path, "f", resume=True)) == resumed
    assert system.asked == before, "a finished run asks nothing"


def test_half_a_line_is_asked_again(system: Any, asked: list[Question], tmp_path: Path) -> None:
    """A run that died while writing goes on after its last whole line."""
    path = tmp_path / "a.jsonl"
    whole = run(system, asked, system, Journal(path, "f"))
    path.write_bytes(path.read_bytes()[:-40])
    journal = Journal(path, "f", resume=True)
    assert len(journal.outcomes) == len(asked) - 1
    assert untimed(run(system, asked, system, journal)) == untimed(whole)


@pytest.mark.parametrize(("resume", "mark"), [(False, "f"), (True, "other")])
def test_otherwise_it_starts_again(system: Any, asked: list[Question], tmp_path: Path, resume: bool, mark: str) -> None:
    """Without --resume, or when gold, index, settings or code changed, nothing old is kept."""
    path = tmp_path / "a.jsonl"
    run(system, asked[:4], system, Journal(path, "f"))
    journal = Journal(path, mark, resume=resume)
    assert journal.outcomes == {}
    run(system, asked[4:], system, journal)
    assert [o.question_id for o in Journal(path, mark, resume=True).outcomes.values()] == [q.id for q in asked[4:]]


def test_fingerprint_changes_with_what_decides() -> None:
    """The same input has the same fingerprint, other input another."""
    assert fingerprint(index="a", k=10) == fingerprint(k=10, index="a") != fingerprint(index="b", k=10)


def test_arms_have_names_and_files_of_their_own() -> None:
    """Arms that differ in anything differ in their file, even where their names look alike."""
    arms = [Arm("hybrid"), Arm("Hybrid"), Arm("hybrid", "typos"), Arm("hybrid typos"), Arm("hybrid", distractors=5)]
    assert len({arm.slug for arm in arms}) == len(arms)
    assert arms[2].name == "hybrid, typos" and arms[4].name == "hybrid, 5 distractors"
    assert "/" not in Arm("name: ../../etc").slug


def test_atomic_write_keeps_the_old_where_it_fails(tmp_path: Path) -> None:
    """An error in the middle leaves what was there and nothing beside it."""
    path = tmp_path / "report.html"
    write_atomic(path, "old")

    def broken() -> Any:
        yield "new, but"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_atomic(path, broken())
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_atomic_write_keeps_the_old_where_it_is_killed(tmp_path: Path) -> None:
    """A process killed in the middle leaves what was there."""
    path = tmp_path / "report.html"
    write_atomic(path, "old")
    code = (
        "import os, pathlib, signal, sys\n"
        "from navo_qa.evaluation.files import write_atomic\n"
        "def text():\n"
        "    yield 'new' * 100_000\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "    yield 'end'\n"
        "write_atomic(pathlib.Path(sys.argv[1]), text())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    write_atomic(path, "newer")
    assert path.read_text() == "newer"
