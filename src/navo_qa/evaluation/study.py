"""A whole evaluation: which systems were asked what, how they did, and where they failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import median
from typing import Any

from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.experiment import Arm, Library
from navo_qa.evaluation.measures import Scores
from navo_qa.evaluation.outcome import Outcome
from navo_qa.evaluation.relevance import Qrels
from navo_qa.evaluation.summary import Comparison, Summary, compare, summarise


@dataclass(frozen=True, slots=True)
class Result:
    """What one arm did: each outcome, each question as it was asked, every score and their summary."""

    arm: Arm
    index: str
    outcomes: Mapping[str, Outcome]
    scores: Scores
    qrels: Qrels
    summary: Summary


@dataclass(frozen=True, slots=True)
class Study:
    """All that a report shows. The first result is the system that ships; facts say what was asked of what.

    quotable: the documents whose text may stand in a report that is committed. baseline: how the first configuration
    did at an earlier time, where that is to be compared.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    results: tuple[Result, ...]
    library: Library
    quotable: frozenset[str]
    baseline: Scores | None = None

    @property
    def main(self) -> Result:
        """The first configuration, on the questions as written."""
        return self.results[0]

    @property
    def configurations(self) -> tuple[Result, ...]:
        """Each configuration on the questions as written, without distractors."""
        return tuple(r for r in self.results if r.arm.perturbation == "none" and not r.arm.distractors)

    @property
    def perturbed(self) -> tuple[Result, ...]:
        """The first configuration on the questions as written, then on each bent form of them."""
        config = self.main.arm.config
        return tuple(r for r in self.results if r.arm.config == config and not r.arm.distractors)

    @property
    def diluted(self) -> tuple[Result, ...]:
        """The first configuration among a growing number of distractors, from none up."""
        config = self.main.arm.config
        found = [r for r in self.results if r.arm.config == config and r.arm.perturbation == "none"]
        return tuple(sorted(found, key=lambda r: r.arm.distractors))

    def comparisons(self) -> list[Comparison]:
        """Return every two configurations compared."""
        return compare({result.arm.name: result.scores for result in self.configurations})


class Cause(StrEnum):
    """Where on the way from question to answer a question was lost."""

    NOT_FOUND = "no passage found holds the evidence"
    READ = "evidence found, another answer given"
    SILENT = "evidence found, no answer given"
    FORCED = "answered, though the documents do not say"


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that was lost, where, and at which rank the first relevant passage stood."""

    question: Question
    outcome: Outcome
    cause: Cause
    rank: int | None


def failures(result: Result) -> Iterator[Failure]:
    """Yield each question that got a wrong answer, none though there is one, or one though there is none."""
    right, silent = result.scores.column("right"), result.scores.column("silent")
    for i, question in enumerate(result.scores.questions):
        if right[i] == 1 or silent[i] == 1:
            continue
        outcome = result.outcomes[question.id]
        relevant = result.qrels.get(question.id, {})
        rank = next((n for n, found in enumerate(outcome.found, 1) if found.passage_id in relevant), None)
        if not question.answerable:
            cause = Cause.FORCED
        elif rank is None:
            cause = Cause.NOT_FOUND
        else:
            cause = Cause.SILENT if outcome.text is None else Cause.READ
        yield Failure(question, outcome, cause, rank)


def causes(found: Sequence[Failure]) -> Mapping[Cause, int]:
    """Return how many questions were lost at each step, all steps named."""
    counts = Counter(failure.cause for failure in found)
    return {cause: counts[cause] for cause in Cause}


def result(arm: Arm, index: str, outcomes: Mapping[str, Outcome], scores: Scores, qrels: Qrels) -> Result:
    """Return an arm's result with its summary and the median time of each step."""
    steps: dict[str, list[float]] = {}
    for outcome in outcomes.values():
        for name, ms in outcome.timings_ms.items():
            steps.setdefault(name, []).append(ms)
    stages = {name: median(times) for name, times in steps.items()}
    return Result(arm, index, outcomes, scores, qrels, summarise(arm, scores, stages))


def as_json(study: Study) -> dict[str, Any]:
    """Return every figure as plain values: what `--json` prints and `summary.json` holds; NaN becomes None."""
    plain: dict[str, Any] = _plain(
        {
            "title": study.title,
            "facts": dict(study.facts),
            "arms": [asdict(r.summary) | {"name": r.arm.name, "index": r.index} for r in study.results],
            "comparisons": [asdict(comparison) for comparison in study.comparisons()],
            "failures": [{"id": f.question.id, "cause": f.cause.value, "rank": f.rank} for f in failures(study.main)],
        }
    )
    return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is whatever it is
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and value != value else value
