"""Relevance, retrieval figures against ir-measures and trec_eval on the written files, and our own measures by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.evaluation import evidence, gold, trec
from navo_qa.evaluation.evidence import Question, Stretch
from navo_qa.evaluation.experiment import ask
from navo_qa.evaluation.measures import TREC, retrieval, score
from navo_qa.evaluation.relevance import characters_to_read, judge
from navo_qa.types import Document, Passage

THEIRS = ["nDCG@10", "RR@10", "R@1", "R@5", "R@10", "Success@1"]


def question(evidence: list[tuple[str, int, int]]) -> Question:
    stretches = tuple(Stretch(name, start, end, n) for n, (name, start, end) in enumerate(evidence))
    return Question("q", "nl", "q", "dev", "?", "date", ("x",), stretches, True, ())


def passage(name: str, start: int, end: int) -> Passage:
    return Passage(f"{name}:{start}-{end}", name, start, end, "x" * (end - start), 1)


@pytest.mark.parametrize(
    ("start", "end", "grade"),
    [
        (0, 200, 2),
        (100, 150, 2),
        (100, 149, 1),
        (125, 300, 1),
        (126, 300, 0),
        (110, 120, 1),
        (150, 300, 0),
        (0, 100, 0),
    ],
)
def test_grades(start: int, end: int, grade: int) -> None:
    """The whole stretch is 2; half of it, or a passage half inside it, is 1; the rest is nothing."""
    rest = [passage("d", 90, 160), passage("e", start, end)]
    assert (
        judge([question([("d", 100, 150)])], [passage("d", start, end), *rest])["q"].get(f"d:{start}-{end}", 0) == grade
    )


def test_evidence_cut_in_three_still_has_a_passage() -> None:
    """Where no passage holds half of the evidence, the one that holds most of it counts."""
    pieces = [passage("d", 0, 110), passage("d", 110, 130), passage("d", 130, 400)]
    assert judge([question([("d", 93, 150)])], pieces) == {"q": {"d:110-130": 1, "d:130-400": 1}}
    pieces = [passage("d", 0, 120), passage("d", 120, 141), passage("d", 141, 400)]
    assert judge([question([("d", 100, 160)])], pieces) == {"q": {"d:120-141": 1}}


def test_two_documents_both_count() -> None:
    """Evidence in two documents makes passages of both relevant; a neighbour in a third is not."""
    shelf = [passage("a", 0, 50), passage("b", 0, 50), passage("c", 0, 50)]
    assert judge([question([("a", 10, 20), ("b", 10, 20)])], shelf) == {"q": {"a:0-50": 2, "b:0-50": 2}}


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.data())
def test_every_stretch_has_a_relevant_passage(lengths: list[int], data: st.DataObject) -> None:
    """However a document is cut, each evidence stretch makes at least one passage relevant."""
    cuts = np.cumsum([0, *lengths])
    shelf = [passage("d", int(a), int(b)) for a, b in zip(cuts, cuts[1:], strict=False)]
    start = data.draw(st.integers(0, int(cuts[-1]) - 1))
    end = data.draw(st.integers(start + 1, int(cuts[-1])))
    grades = judge([question([("d", start, end)])], shelf)["q"]
    assert grades
    for found in shelf:
        if found.start <= start and end <= found.end:
            assert grades[found.id] == 2


@pytest.mark.parametrize("seed", range(5))
def test_figures_equal_ir_measures_on_the_files(seed: int, tmp_path: Path) -> None:
    """Every figure equals ir-measures' and trec_eval's own on the written run and qrels, to 1e-9."""
    rng = random.Random(seed)
    ids = [f"doc {n}/é%{n}" for n in range(60)]
    qrels = {f"q {n}": {p: rng.choice((1, 2)) for p in rng.sample(ids, rng.randint(1, 6))} for n in range(40)}
    rankings = {name: rng.sample(ids, rng.randint(0, 15)) for name in qrels}
    trec.write_run(tmp_path / "a.run", rankings, "hybrid, k=1")
    trec.write_qrels(tmp_path / "a.qrels", qrels)
    assert trec.read_qrels(tmp_path / "a.qrels") == qrels
    assert trec.read_run(tmp_path / "a.run") == {name: ranked for name, ranked in rankings.items() if ranked}
    ours = retrieval(qrels, rankings)
    means = {measure: float(np.mean([row[measure] for row in ours.values()])) for measure in TREC}
    measures = [ir_measures.parse_measure(name) for name in THEIRS]
    files = (
        list(ir_measures.read_trec_qrels(str(tmp_path / "a.qrels"))),
        list(ir_measures.read_trec_run(str(tmp_path / "a.run"))),
    )
    theirs = ir_measures.calc_aggregate(measures, *files)
    for measure, name in zip(measures, TREC, strict=True):
        assert means[name] == pytest.approx(theirs[measure], abs=1e-9)
    with (tmp_path / "a.qrels").open() as q, (tmp_path / "a.run").open() as r:
        judged, run = pytrec_eval.parse_qrel(q), pytrec_eval.parse_run(r)
    outcome = pytrec_eval.RelevanceEvaluator(judged, {"ndcg_cut.10", "recall.5", "success.1"}).evaluate(run)
    for name, figure in (("ndcg_cut_10", "nDCG@10"), ("recall_5", "R@5"), ("success_1", "Success@1")):
        total = sum(row[name] for row in outcome.values()) / len(qrels)
        assert means[figure] == pytest.approx(total, abs=1e-9)


def test_characters_to_read(documents: dict[str, Document]) -> None:
    """Reading stops where the last character of a stretch is seen; white space between passages need not be."""
    text = documents["oslo"].text
    start, end = text.index("31 mei"), text.index("diner") + 5
    stretch = [Stretch("oslo", start, end, 0)]
    assert characters_to_read(stretch, [("oslo", 0, len(text))], documents) == end
    assert characters_to_read(stretch, [("brussel", 0, 90), ("oslo", 20, len(text))], documents) == 90 + end - 20
    middle = text.index(" Anniken")
    halves = [("oslo", middle + 1, len(text)), ("oslo", 0, middle)]
    assert characters_to_read(stretch, halves, documents) == len(text) - middle - 1 + middle
    assert characters_to_read(stretch, [("oslo", 0, start + 3)], documents) is None
    assert characters_to_read(stretch, [], documents) is None
    either = [*stretch, Stretch("brussel", 5, 10, 1)]
    assert characters_to_read(either, [("brussel", 0, 90), ("oslo", 0, 300)], documents) == 10


def test_scores_of_a_real_run(
    system: Any, documents: dict[str, Document], rows: list[dict[str, Any]], gold_file: Callable[..., Path]
) -> None:
    """Each measure speaks of the questions that it is about, and of no other."""
    asked = evidence.questions(gold.read(gold_file(rows)), documents)
    qrels = judge(asked, system.passages)
    outcomes = {q.id: ask(system, q, system) for q in asked}
    scores = score(asked, outcomes, qrels, documents)
    answerable = np.array([q.answerable for q in asked])
    given = np.array([outcomes[q.id].text is not None for q in asked])
    for measure in ("nDCG@10", "evidence@1000", "EM", "right", "answered"):
        assert (~np.isnan(scores.column(measure)) == answerable).all()
    assert (~np.isnan(scores.column("silent")) == ~answerable).all()
    assert (~np.isnan(scores.column("grounded")) == (answerable & given)).all()
    assert (~np.isnan(scores.column("precision")) == given).all()
    assert (scores.column("verbatim") == 1).all()
    host = [q.id for q in asked].index("host-nl")
    assert [scores.column(m)[host] for m in ("Success@1", "document@1", "right", "grounded")] == [1, 1, 1, 1]
    assert not np.isnan(scores.correct).any(), "the system tells what it withheld"


def test_what_is_not_verbatim_is_noticed(
    system: Any, documents: dict[str, Document], rows: list[dict[str, Any]], gold_file: Callable[..., Path]
) -> None:
    """A quote, a passage, a hash or an answer that is not the document's own is not verbatim."""
    asked = evidence.questions(gold.read(gold_file(rows[:1])), documents)

    def verbatim(change: Callable[[Any], Any]) -> float:
        class Changed:
            def ask(self, query: Any) -> Any:
                return change(system.ask(query))

        outcome = ask(Changed(), asked[0], system)
        return float(score(asked, {asked[0].id: outcome}, {}, documents).column("verbatim")[0])

    def cited(**changes: Any) -> Callable[[Any], Any]:
        return lambda answer: replace(answer, citations=(replace(answer.citations[0], **changes),))

    def hit(**changes: Any) -> Callable[[Any], Any]:
        return lambda a: replace(a, hits=(replace(a.hits[0], passage=replace(a.hits[0].passage, **changes)),))

    assert verbatim(lambda answer: answer) == 1
    assert verbatim(cited(quote="Anniken Huitfeldt")) == 0
    assert verbatim(cited(sha256="0" * 64)) == 0
    assert verbatim(hit(text="Een andere tekst.")) == 0
    assert verbatim(hit(start=-5)) == 0
    assert verbatim(lambda answer: replace(answer, text="Het was Hakan Fidan.")) == 0
    assert verbatim(lambda answer: replace(answer, citations=())) == 0
