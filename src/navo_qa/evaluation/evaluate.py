"""One evaluation from beginning to end: open, ask, score, and write everything down.

OUT/outcomes/<arm>.jsonl     what happened, a question a line, as it happened
OUT/trec/<arm>.run           with <index>.qrels: what trec_eval and ir-measures read
OUT/summary.json             every figure
OUT/report.html, report.md   what people read, with plots/ beside the second
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from navo_qa.collection import Collection
from navo_qa.evaluation import evidence, experiment, gold, html, markdown, plot, report, trec
from navo_qa.evaluation.blocks import Plot
from navo_qa.evaluation.check import refuse_faults
from navo_qa.evaluation.configure import (
    SHIPPED,
    SIZES,
    Configuration,
    ConfigurationError,
    Configured,
    diluted,
    files_in,
    naming,
    opened_indexes,
)
from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.experiment import Arm, Journal
from navo_qa.evaluation.facts import asked_of, circumstances, index_fact, reader_of
from navo_qa.evaluation.files import remove, write_atomic
from navo_qa.evaluation.measures import Scores, score
from navo_qa.evaluation.perturb import Perturbation, perturbed
from navo_qa.evaluation.relevance import judge
from navo_qa.evaluation.study import Result, Study, as_json, result
from navo_qa.pipeline import Pipeline
from navo_qa.types import Document

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate: which questions, asked of which indexes, in which configurations; the first one ships."""

    gold: Path
    indexes: Sequence[str]
    out: Path
    configurations: Sequence[str] = SHIPPED
    split: str | None = None
    k: int = 10
    resume: bool = False
    perturb: bool = False
    distractors: Path | None = None
    sizes: Sequence[int] = ()
    corpus: Sequence[Path] = field(default=())
    baseline: Path | None = None


def evaluate(plan: Plan, told: Told = lambda arm, done, total: None) -> Study:
    """Return the study that the plan describes; outcomes, runs and qrels are on disk when it returns.

    told: hears the arm's name, and how many of its questions are done. Raises InputError, ConfigurationError,
    IndexProblem, EncoderError.
    """
    read = gold.read(plan.gold)
    if plan.baseline is not None and plan.baseline.resolve() == plan.out.resolve():
        raise ConfigurationError(f"--baseline {plan.baseline} is where this run writes; name another --out")
    others = _distractors(plan)
    configurations = [Configuration.read(spec) for spec in dict.fromkeys(plan.configurations)]
    opened = opened_indexes(plan.indexes)
    stands = [_Stand(plan, read, name if len(opened) > 1 else "", pipeline, told) for name, pipeline in opened]
    first, main = stands[0], configurations[0]
    baseline = first.earlier(first.arm(main), plan.baseline) if plan.baseline is not None else None
    results = [stand.run(configuration) for stand in stands for configuration in configurations]
    if plan.perturb:
        results += [first.run(main, bend=bend) for bend in Perturbation]
    if others:
        index = plan.out / "indexes" / "distractors"
        for added, grown in diluted(plan.corpus, others, index, opened[0][1].encoder, plan.sizes or SIZES):
            results.append(_Stand(plan, read, first.name, grown, told, added).run(main))
    _remove_earlier(plan.out, {result.arm.slug for result in results})
    return Study(
        title=f"Evaluation of navo-qa on {plan.gold.stem}",
        facts=(asked_of(read, first.questions, plan.split), *map(index_fact, opened), *circumstances(plan.k)),
        questions=tuple(first.questions),
        results=tuple(results),
        library=opened[0][1].snapshot.collection,
        quotable=evidence.quotable(read),
        baseline=baseline,
    )


def _remove_earlier(out: Path, asked: set[str]) -> None:
    """Remove the runs of arms that were not asked this time; their journals stay, and tell that they are ours.

    Raises OutputError.
    """
    for run in (out / "trec").glob("*.run"):
        if run.stem not in asked and (out / "outcomes" / f"{run.stem}.jsonl").exists():
            remove(run)


def write(study: Study, out: Path, committed: Path | None = None) -> None:
    """Write the summary and both reports; committed: a Markdown file to refresh too, with plots/ beside it."""
    write_atomic(out / "summary.json", json.dumps(as_json(study), ensure_ascii=False, indent=1) + "\n")
    blocks = list(report.blocks(study))
    write_atomic(out / "report.html", html.page(blocks))
    for path in filter(None, (out / "report.md", committed)):
        for block in blocks:
            if isinstance(block, Plot):
                write_atomic(path.parent / "plots" / f"{block.slug}.svg", plot.standalone(block.svg))
        write_atomic(path, markdown.page(blocks))


class _Stand:
    """One opened index with the questions' evidence found in it."""

    def __init__(
        self, plan: Plan, read: gold.Gold, name: str, pipeline: Pipeline, told: Told, distractors: int = 0
    ) -> None:
        self.name = name
        self._plan, self._gold, self._pipeline, self._told, self._distractors = plan, read, pipeline, told, distractors
        self._library = pipeline.snapshot.collection
        self._documents = _evidence_documents(read, self._library)
        with naming(name):
            refuse_faults(read, self._documents)
        self.questions = evidence.questions(read, self._documents, plan.split)
        passages = [passage for name in self._documents for passage in self._library.passages_of(name)]
        self._qrels = judge(self.questions, passages)
        trec.write_qrels(plan.out / "trec" / f"{self._slug}.qrels", self._qrels)

    def arm(self, configuration: Configuration, bend: Perturbation | None = None) -> Arm:
        """Return under which name the configuration is asked here."""
        name = f"{self.name}: {configuration.name}" if self.name else configuration.name
        return Arm(name, bend.value if bend else "none", self._distractors)

    def run(self, configuration: Configuration, bend: Perturbation | None = None) -> Result:
        """Return what the configuration does with the questions, bent if asked."""
        arm = self.arm(configuration, bend)
        asked = self.questions
        if bend is not None:
            texts = [document.text for document in self._documents.values()]
            asked = perturbed(asked, bend, [*texts, *(question.text for question in asked)])
        path = self._plan.out / "outcomes" / f"{arm.slug}.jsonl"
        journal = Journal(path, self._fingerprint(configuration, asked), self._plan.resume)
        done = iter(range(1, len(asked) + 1))
        outcomes = experiment.run(
            Configured(self._pipeline, configuration),
            asked,
            self._library,
            journal,
            self._plan.k,
            lambda: self._told(arm.name, next(done), len(asked)),
        )
        rankings = {q.id: [found.passage_id for found in outcomes[q.id].found] for q in asked}
        trec.write_run(self._plan.out / "trec" / f"{arm.slug}.run", rankings, arm.slug)
        scores = score(asked, outcomes, self._qrels, self._documents)
        return result(arm, self._slug, outcomes, scores, self._qrels)

    def earlier(self, arm: Arm, folder: Path) -> Scores:
        """Return how the arm did when it last wrote to another folder, by the qrels that it wrote then.

        Raises ConfigurationError where the folder holds no run of it, or none of these questions.
        """
        outcomes = experiment.earlier(folder / "outcomes" / f"{arm.slug}.jsonl")
        run, qrels = folder / "trec" / f"{arm.slug}.run", folder / "trec" / f"{self._slug}.qrels"
        if not outcomes or not run.exists() or not qrels.exists():
            raise ConfigurationError(
                f'{folder} holds no finished run of "{arm.name}" to compare with; give an earlier --out'
            )
        if not outcomes.keys() & {question.id for question in self.questions}:
            raise ConfigurationError(f"{folder} answers none of these questions; give an --out of the same gold file")
        try:
            return score(self.questions, outcomes, trec.read_qrels(qrels), self._documents)
        except ValueError as error:
            raise ConfigurationError(f"{qrels} is damaged ({error}); give another --out") from error

    @property
    def _slug(self) -> str:
        return "-".join(filter(None, (self.name or "index", f"{self._distractors}" if self._distractors else "")))

    def _fingerprint(self, configuration: Configuration, asked: Sequence[Question]) -> str:
        return experiment.fingerprint(
            index=self._pipeline.snapshot.manifest.model_dump_json(),
            threshold=self._pipeline.threshold,
            reader=reader_of(self._pipeline),
            configuration=repr(configuration),
            questions=repr(asked),
            k=self._plan.k,
        )


def _distractors(plan: Plan) -> list[Path]:
    """Return the files to dilute with, none where that is not asked. Raises ConfigurationError for odd folders."""
    if plan.sizes and plan.distractors is None:
        raise ConfigurationError("--size says how many documents to add; say with --distractors where those are")
    if plan.distractors is not None and not plan.corpus:
        raise ConfigurationError("--distractors adds documents to the corpus; say with --corpus where that is")
    if missing := [str(path) for path in plan.corpus if not path.exists()]:
        raise ConfigurationError(f"--corpus {missing[0]} does not exist; give files or folders of documents")
    return files_in(plan.distractors) if plan.distractors is not None else []


def _evidence_documents(read: gold.Gold, library: Collection) -> dict[str, Document]:
    named = {piece.doc for row in read.rows.values() for piece in row.evidence}
    return {listing.id: library.document(listing.id) for listing in library.listings() if listing.id in named}
