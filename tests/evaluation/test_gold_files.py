"""The gold files that ship are right: their evidence stands where they say, over the documents they ask about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import CORPUS, ROOT, SEEDS
from navo_qa.evaluation import evidence, gold
from navo_qa.evaluation.check import check
from navo_qa.evaluation.configure import corpus
from navo_qa.evaluation.relevance import overlaps
from navo_qa.types import Document

GOLD = ROOT / "eval" / "gold"
FOLDERS = {"corpus": CORPUS, "reports": SEEDS, "documents": SEEDS.parent / "data" / "documents"}


@pytest.fixture(scope="module", params=FOLDERS)
def asked_of(request: pytest.FixtureRequest) -> tuple[str, dict[str, Document]]:
    """The name of a gold file, and the documents that it asks about."""
    name, folder = request.param, FOLDERS[request.param]
    if not folder.is_dir():
        pytest.skip(f"{folder.name} lie beside the repository, not in it")
    return name, corpus([folder])


def test_every_line_is_right(asked_of: tuple[str, dict[str, Document]]) -> None:
    """No line of any gold file over the documents has a fault; a quote that stands twice may be warned about."""
    name, documents = asked_of
    for file in files(name):
        findings = check(gold.read(file), documents)
        assert [f"{file.name} {finding}" for finding in findings if finding.severity == "error"] == []


def test_every_file_is_checked() -> None:
    """A new gold file gets the folder that it asks about before it is trusted."""
    assert sorted(file for name in FOLDERS for file in files(name)) == sorted(GOLD.glob("*.jsonl"))


def test_the_judge_is_fitted_on_no_fact_that_is_reported(asked_of: tuple[str, dict[str, Document]]) -> None:
    """Near and plain questions that are dev rest on no stretch that a test question rests on."""
    name, documents = asked_of
    near, plain, main = (
        evidence.questions(gold.read(GOLD / f"{prefix}{name}.jsonl"), documents, None)
        for prefix in ("near-", "plain-", "")
    )
    assert sum(not question.answerable for question in near) > 0.4 * len(near)
    assert {question.split for question in near} == {"dev"}
    tested = [stretch for question in main if question.split == "test" for stretch in question.evidence]
    for question in (*near, *plain):
        rests = [s for s in question.evidence if overlaps(s.start, s.end, s.document_id, tested)]
        assert question.split == "test" or not rests, question.id


@pytest.mark.parametrize(
    ("file", "name"),
    [("reports", "reports"), ("near-reports", "reports"), ("plain-reports", "reports"), ("near-documents", "documents"),
     ("plain-documents", "documents"), ("tables", "documents")],
)  # fmt: skip
def test_sentences_of_real_documents_stay_there(file: str, name: str) -> None:
    """No question or accepted answer has nine words in a row from a real document: facts carry over, wording not."""
    folder = FOLDERS[name]
    if not folder.is_dir():
        pytest.skip(f"{folder.name} lie beside the repository, not in it")
    held = {run for document in corpus([folder]).values() for run in runs(document.text)}
    for row in gold.read(GOLD / f"{file}.jsonl").rows.values():
        assert not [text for text in (row.question, *row.answers) if not held.isdisjoint(runs(text))], row.id


def files(name: str) -> list[Path]:
    """Return the gold files over the folder of that name."""
    more = [GOLD / "tables.jsonl"] if name == "documents" else []
    return [*GOLD.glob(f"*{name}.jsonl"), *more]


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every nine words in a row, in lower case."""
    words = re.findall(r"\w+", text.casefold())
    return set(zip(*(words[n:] for n in range(9)), strict=False))
