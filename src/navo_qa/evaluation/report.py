"""What a report says, in order.

Headline first; then the configurations against each other, silence, slices, robustness, every failure, and what the
words mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

from navo_qa.evaluation import plot, silence
from navo_qa.evaluation.blocks import Block, Heading, Plot, Table, Text, Tiles
from navo_qa.evaluation.cases import failed
from navo_qa.evaluation.measures import ANSWERS, RETRIEVAL, SILENCE, Scores
from navo_qa.evaluation.plot import Axis, Point, Series
from navo_qa.evaluation.study import Failure, Result, Study, failures
from navo_qa.evaluation.summary import Comparison, Estimate, Figures, Summary, aligned, compare

MEANINGS = (
    ("nDCG@10", "how well the first ten passages are ordered, whole evidence counting double"),
    ("MRR@10", "one over the rank of the first relevant passage"),
    ("R@1, R@5, R@10", "share of the relevant passages among the first 1, 5, 10"),
    ("Success@1", "the first passage is relevant"),
    ("document@1", "the first passage is of the right document"),
    ("evidence@1000, @3000", "the whole evidence stands in the first 1,000 or 3,000 characters read"),
    ("EM, F1", "exact match and token overlap with an accepted answer; no answer counts as 0"),
    (
        "right",
        "a reader would accept the answer: F1 of one half and every number, or a sentence of the evidence saying it",
    ),
    (
        "right document, grounded",
        "of the answers given: cited from the right document; citation true and at the evidence",
    ),
    ("answered", "answerable questions that got an answer"),
    ("silent", "unanswerable questions that rightly got none"),
    ("precision", "of all answers given, also to unanswerable questions, those that are right"),
    ("verbatim", "passages, citations and answer are the document's own text, hash and all"),
    ("AURC", "mean risk over all coverages, lower is better: are the wrong answers the unsure ones?"),
    ("ECE", "distance between confidence and truth over ten equal bins, lower is better"),
    ("p50, p95 ms", "milliseconds from question to answer, half and 95% of the questions stay under it"),
)
GROUPS = (
    ("Retrieval", RETRIEVAL),
    ("Answers", ANSWERS),
    ("Silence", (*SILENCE, "AURC", "ECE")),
    ("Promises and speed", ("verbatim", "p50 ms", "p95 ms")),
)
TILES = (
    ("Success@1", "first passage relevant"),
    ("evidence@1000", "evidence within 1,000 characters"),
    ("right", "answered, and right"),
    ("precision", "of the answers given are right"),
    ("silent", "silent where there is no answer"),
    ("verbatim", "verbatim"),
    ("p95 ms", "95% answered within"),
)
PLOTTED = ("nDCG@10", "Success@1", "R@5", "evidence@1000", "F1", "right", "silent", "precision")
COUNTED = ("answerable", "answers", "unanswerable")
SLICED = (("lang", "language"), ("split", "split"), ("kind", "kind"), ("document", "document"), ("tag", "tag"))


def blocks(study: Study) -> Iterator[Block]:
    """Yield the report, block by block."""
    lost = list(failures(study.main))
    yield Heading(1, study.title)
    yield from _headline(study, lost)
    yield from _since(study)
    yield from _compared(study)
    yield from _silence(study)
    yield from _sliced(study.main.summary)
    yield from _bent(study)
    yield from _diluted(study)
    yield from failed(study, lost)
    yield from _meaning()
    yield from _appendix(study.main.summary)


def figure(estimate: Estimate | None, measure: str) -> str:
    """Return a figure with its interval: "0.87 (0.82–0.91)"."""
    if estimate is None or isnan(estimate.value):
        return "–"
    digits = (0 if estimate.value >= 100 else 1) if measure.endswith(" ms") else 3
    low, high = f"{estimate.low:.{digits}f}", f"{estimate.high:.{digits}f}"
    return f"{estimate.value:.{digits}f} ({low}–{high})"


def _headline(study: Study, lost: Sequence[Failure]) -> Iterator[Block]:
    tables = study.main.summary.tables
    columns = ["all", *(name for name in tables if name.startswith(("lang=", "split=")))]
    yield Text(_sentence(study, lost))
    yield Tiles(tuple(_tiles(tables["all"])))
    yield Table(
        ("measure", *(name.rpartition("=")[2] for name in columns)),
        tuple(_grouped([tables[name] for name in columns])),
        f"The configuration that ships, {study.main.arm.name}, with 95% intervals. AURC, ECE and ms: lower is better.",
    )
    yield Table(("what", "which"), study.facts, "What was asked of what.")


def _sentence(study: Study, lost: Sequence[Failure]) -> str:
    table = study.main.summary.tables["all"]
    n = sum(question.answerable for question in study.questions)
    said = f"{len(study.questions)} questions, {n} of which the documents answer. "
    if "Success@1" in table:
        said += f"The first passage is relevant for {_share(table['Success@1'].value)}, "
        said += f"the whole evidence is read within 1,000 characters for {_share(table['evidence@1000'].value)}. "
        said += f"{_share(table['answered'].value)} get an answer{'; ' if 'precision' in table else '. '}"
    if "precision" in table:
        said += f"{_share(table['precision'].value)} of the answers given are right. "
    if "silent" in table:
        said += f"Of the questions without an answer in the documents {_share(table['silent'].value)} are left "
        said += "unanswered. "
    verbatim = table["verbatim"].value if "verbatim" in table else float("nan")
    said += "Every passage, citation and answer is verbatim. " if verbatim == 1 else f"Verbatim: {_share(verbatim)}. "
    return said + f"{len(lost)} questions are lost; each is shown below."


def _grouped(tables: Sequence[Figures]) -> Iterator[tuple[str, ...]]:
    for group, measures in GROUPS:
        rows = [(measure, *(figure(table.get(measure), measure) for table in tables)) for measure in measures]
        if rows := [row for row in rows if set(row[1:]) != {"–"}]:
            yield from ((group,), *rows)


def _since(study: Study) -> Iterator[Block]:
    if study.baseline is None:
        return
    before, now = aligned(study.baseline, study.main.scores)
    yield Heading(2, "Since the baseline")
    yield Text(f"{len(now.questions)} of the {len(study.questions)} questions were asked then too, and are compared.")
    yield _differences(compare({"before": before, "now": now}), "Now against before")
    for name, old, new in (("Won", False, True), ("Lost", True, False)):
        rows = tuple(
            (question.id, question.text)
            for question, was, is_ in zip(now.questions, _fine(before), _fine(now), strict=True)
            if (was, is_) == (old, new)
        )
        yield Table((name.lower(), "question"), rows, f"{name}: {len(rows)} questions.")


def _fine(scores: Scores) -> list[bool]:
    """Return which questions were answered right, or rightly not at all."""
    return [bool(fine) for fine in (scores.column("right") == 1) | (scores.column("silent") == 1)]


def _compared(study: Study) -> Iterator[Block]:
    arms = study.configurations
    if len(arms) < 2:
        return
    tables = [result.summary.tables["all"] for result in arms]
    yield Heading(2, "The configurations compared")
    measures = [m for m in PLOTTED if any(m in table for table in tables)]
    series = [Series(r.arm.name, _points(t, measures)) for r, t in zip(arms, tables, strict=True)]
    svg = plot.intervals("Configurations compared, with 95% intervals", measures, series)
    yield Plot("configurations", svg, "Each measure for each configuration, with its 95% interval. Right is better.")
    head = ("measure", *(result.arm.name for result in arms))
    yield Table(head, tuple(_grouped(tables)), "Every measure of every configuration.")
    yield _differences(study.comparisons(), "Differences between configurations")
    yield from _steps(arms)


def _steps(arms: Sequence[Result]) -> Iterator[Block]:
    """Yield where the time goes, where the systems tell."""
    names = list(dict.fromkeys(name for result in arms for name in result.summary.stages if name != "total"))
    rows = tuple(
        (result.arm.name, *(f"{result.summary.stages.get(name, 0.0):.1f}" for name in names)) for result in arms
    )
    if names:
        yield Table(("configuration", *names), rows, "Where the time goes: the median milliseconds of each step.")


def _differences(comparisons: Sequence[Comparison], title: str) -> Table:
    order = sorted(comparisons, key=lambda c: (c.adjusted, -abs(c.difference.value)))
    rows = tuple(
        (
            f"{c.measure}: {c.second} against {c.first}",
            f"{_signed(c.difference.value)} ({_signed(c.difference.low)} to {_signed(c.difference.high)})",
            _chance(c.p),
            _chance(c.adjusted),
            "yes" if c.adjusted < 0.05 else "no",
        )
        for c in order
    )
    caption = f"{title}: paired randomisation tests over facts, p adjusted by Holm over the pairs of a measure."
    return Table(("difference", "mean (95%)", "p", "p (Holm)", "sure?"), rows, caption)


def _silence(study: Study) -> Iterator[Block]:
    arms = study.configurations[:6]
    yield Heading(2, "When it does not know")
    lines = [
        Series(r.arm.name, tuple(Point(y, x=x) for x, y in zip(c.x, c.y, strict=True)))
        for r in arms
        for c in (r.summary.risk_coverage,)
    ]
    coverage, risk = Axis("share of the questions answered"), Axis("share of those wrong")
    svg = plot.curves("Risk against coverage", coverage, risk, lines)
    said = "Risk against coverage: questions are answered from the surest down. Lower is better."
    said += f" The first {len(arms)} configurations." if len(arms) < len(study.configurations) else ""
    yield Plot("risk-coverage", svg, said)
    lines = [
        Series(r.arm.name, tuple(Point(y, x=x) for x, y in zip(c.x, c.y, strict=True)))
        for r in arms
        for c in (r.summary.reliability,)
    ]
    svg = plot.curves("Reliability", Axis("confidence"), Axis("share right"), lines, diagonal=True)
    yield Plot(
        "reliability",
        svg,
        "Reliability: ten bins of equal size. On the diagonal, confidence is the chance of being right.",
    )
    yield _thresholds(study.main)


def _thresholds(main: Result) -> Table:
    rows = tuple(
        (f"{threshold:.1f}", *("–" if isnan(share) else f"{share:.3f}" for share in shares))
        for threshold, *shares in silence.operating_points(main.scores, [n / 10 for n in range(10)])
    )
    head = ("threshold", "answered", "answered right", "precision", "silent")
    return Table(head, rows, f"What another threshold would give, {main.arm.name}: choose your own price of an error.")


def _sliced(summary: Summary) -> Iterator[Block]:
    yield Heading(2, "By language, split, kind, document and tag")
    yield Text(
        "Precision is over the answers given, silent over the unanswerable questions, the rest over the answerable."
    )
    slices = {name: [key for key in summary.tables if key.startswith(f"{field}=")] for field, name in SLICED}
    for name in ("language", "kind"):
        keys = slices[name]
        drawn = [m for m in ("nDCG@10", "right") if any(m in summary.tables[key] for key in keys)]
        series = [Series(m, tuple(_point(summary.tables[key].get(m)) for key in keys)) for m in drawn]
        svg = plot.bars(f"By {name}", [_value(key) for key in keys], series)
        if drawn:
            yield Plot(f"by-{name}", svg, f"By {name}: order of the passages, and right answers, with 95% intervals.")
    shown = ("nDCG@10", "Success@1", "evidence@1000", "right", "precision", "silent")
    for name, keys in slices.items():
        tables = {_value(key): summary.tables[key] for key in keys}
        rows = tuple(
            (value, *_counts(table), *(figure(table.get(m), m) for m in shown)) for value, table in tables.items()
        )
        if rows:
            yield Table((name, *COUNTED, *shown), rows, f"By {name}; every measure is in the appendix.")


def _appendix(summary: Summary) -> Iterator[Block]:
    yield Heading(2, "Appendix: every measure by kind, document and tag")
    for field, name in SLICED[2:]:
        keys = [key for key in summary.tables if key.startswith(f"{field}=")]
        if keys:
            head = ("measure", *(_value(key) for key in keys))
            yield Table(head, tuple(_grouped([summary.tables[key] for key in keys])), f"Every measure by {name}.")


def _bent(study: Study) -> Iterator[Block]:
    arms = study.perturbed
    if len(arms) < 2:
        return
    yield Heading(2, "Questions as people type them")
    measures = [m for m in ("nDCG@10", "Success@1", "right", "silent") if m in arms[0].summary.tables["all"]]
    names = ["as written" if r.arm.perturbation == "none" else r.arm.perturbation for r in arms]
    series = [Series(m, tuple(_point(r.summary.tables["all"].get(m)) for r in arms)) for m in measures]
    yield Plot(
        "perturbed",
        plot.intervals("Perturbed questions", names, series),
        "The same questions bent, with 95% intervals.",
    )
    rows = tuple(
        (name, f"{_changed(study, r):.0%}", *(figure(r.summary.tables["all"].get(m), m) for m in measures))
        for name, r in zip(names, arms, strict=True)
    )
    yield Table(
        ("questions", "changed", *measures),
        rows,
        "Robustness: which share of the questions a bend changes, and the figures.",
    )
    pairs = compare({name: r.scores for name, r in zip(names, arms, strict=True)}, measures, against_first=True)
    yield _differences(pairs, "Bent against as written")


def _diluted(study: Study) -> Iterator[Block]:
    arms = study.diluted
    if len(arms) < 2:
        return
    yield Heading(2, "Among other documents")
    measures = [m for m in ("nDCG@10", "Success@1", "right", "silent") if m in arms[0].summary.tables["all"]]
    counts = tuple(float(r.arm.distractors) for r in arms)
    axis = Axis("documents added that hold no answer", 0.0, max(counts), counts)
    series = [
        Series(m, tuple(_point(r.summary.tables["all"].get(m), x) for r, x in zip(arms, counts, strict=True)))
        for m in measures
    ]
    svg = plot.curves("Quality against the size of the corpus", axis, Axis("share"), series)
    yield Plot("distractors", svg, "Quality against the number of documents added, with 95% bands.")
    shown = (*measures, "p50 ms")
    rows = tuple((f"{r.arm.distractors}", *(figure(r.summary.tables["all"].get(m), m) for m in shown)) for r in arms)
    yield Table(("documents added", *shown), rows, "Quality and speed among distractors.")
    pairs = compare({f"{r.arm.distractors} added": r.scores for r in arms}, measures, against_first=True)
    yield _differences(pairs, "With distractors against without")


def _meaning() -> Iterator[Block]:
    yield Heading(2, "What the words mean")
    yield Table(("measure", "what it says"), MEANINGS, "The measures.")
    yield Text(
        "Intervals are 95% percentile bootstraps that draw facts, not questions: the Dutch and the English question of "
        "a fact move together; those of milliseconds draw questions. Drawing with repeats makes bins less even, so the "
        "interval of the ECE is moved by what its draws lie above the data. "
        "Retrieval figures are ir-measures' own on the run and qrels files that a run writes. "
        "A passage is relevant (grade 1) when it holds half of the evidence, and fully so (grade 2) when it holds all."
    )


def _value(key: str) -> str:
    return key.partition("=")[2]


def _tiles(table: Figures) -> Iterator[tuple[str, str, str]]:
    for measure, said in TILES:
        estimate = table.get(measure)
        if estimate is None or isnan(estimate.value):
            continue
        if measure.endswith(" ms"):
            yield f"{estimate.value:.0f} ms", said, f"{estimate.low:.0f}–{estimate.high:.0f}"
        else:
            yield (
                _share(estimate.value),
                said,
                f"{_share(estimate.low)}–{_share(estimate.high)}, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{estimate.n}",
            )


def _share(value: float) -> str:
    """Return a share as a percentage; only all of them are 100%: 0.997 -> "99.7%"."""
    said = (f"{value:.{digits}%}" for digits in range(5))
    return next((one for one in said if value == 1 or not one.startswith("100")), "<100%")


def _signed(value: float) -> str:
    return f"{round(value, 3) + 0.0:+.3f}"  # no "-0.000"


def _chance(p: float) -> str:
    return f"{p:.4f}" if p >= 0.0001 else "<0.0001"


def _points(table: Figures, measures: Sequence[str]) -> tuple[Point, ...]:
    return tuple(_point(table.get(measure)) for measure in measures)


def _point(estimate: Estimate | None, x: float = 0.0) -> Point:
    if estimate is None:
        return Point(float("nan"), x=x)
    return Point(estimate.value, estimate.low, estimate.high, x)


def _counts(table: Figures) -> Iterator[str]:
    """Yield over how many questions the measures of a slice are, as COUNTED has it."""
    for measure in ("answered", "precision", "silent"):
        yield str(table[measure].n if measure in table else 0)


def _changed(study: Study, result: Result) -> float:
    before = {question.id: question.text for question in study.main.scores.questions}
    after = result.scores.questions
    return sum(before.get(question.id) != question.text for question in after) / max(1, len(after))
