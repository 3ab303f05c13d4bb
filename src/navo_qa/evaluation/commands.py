"""The commands: `eval` runs an evaluation, `eval check` and `eval anchor` look after gold files, `eval bench` times.

What a command needs is imported inside it, so that `navo-qa ask` does not wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from navo_qa.evaluation.evaluate import Told
    from navo_qa.evaluation.study import Study
    from navo_qa.types import Document

FAILED = 7  # a measure under its floor, or a gold file with faults; see `cli/__init__.py`

app = typer.Typer(help="Measure retrieval, answers and silence on gold questions.")

GoldOption = Annotated[Path, typer.Option("--gold", help="Gold questions, one JSON object a line.")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="The index folder; NAVO_QA_INDEX otherwise.")]
CorpusOption = Annotated[list[Path] | None, typer.Option("--corpus", help="Files or folders of the documents.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    gold_file: Annotated[Path | None, typer.Option("--gold", help="Gold questions, one JSON object a line.")] = None,
    index: Annotated[
        list[str] | None,
        typer.Option(help="Index folder, or name=folder; several are compared; NAVO_QA_INDEX otherwise."),
    ] = None,
    config: Annotated[
        list[str] | None, typer.Option(help="dense, lexical, hybrid, or hybrid,preference=0…; the first one ships.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="dev or test; by default all questions.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where outcomes, runs and reports go.")] = None,
    report: Annotated[Path | None, typer.Option(help="A Markdown report to refresh too: eval/report.md.")] = None,
    gate_file: Annotated[Path | None, typer.Option("--gate", help="Floors; exit code 7 where one is missed.")] = None,
    perturb: Annotated[bool, typer.Option("--perturb", help="Ask bent questions too.")] = False,
    distractors: Annotated[Path | None, typer.Option(help="A folder of documents that hold no answer.")] = None,
    size: Annotated[
        list[int] | None, typer.Option(min=0, help="How many of them; 5, 20 and 0 (all) by default.")
    ] = None,
    corpus_path: CorpusOption = None,
    baseline: Annotated[Path | None, typer.Option(help="An earlier --out to compare the first one with.")] = None,
    k: Annotated[int, typer.Option("--top-k", "-k", min=1, max=100, help="Passages to find for each question.")] = 10,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask gold questions of an index and measure passages, answers, silence and speed."""
    if context.invoked_subcommand is not None:
        _refuse_given(context, context.invoked_subcommand)
        return
    if gold_file is None:
        raise typer.BadParameter("give --gold FILE", context)
    from navo_qa.evaluation import gate
    from navo_qa.evaluation.configure import SHIPPED
    from navo_qa.evaluation.evaluate import Plan, evaluate, write

    plan = Plan(
        gold=gold_file,
        indexes=index or [str(_index())],
        out=out or Path("eval", "runs", gold_file.stem),
        configurations=config or SHIPPED,
        split=split,
        k=k,
        resume=resume,
        perturb=perturb,
        distractors=distractors,
        sizes=size or (),
        corpus=corpus_path or (),
        baseline=baseline,
    )
    floors = gate.read(gate_file) if gate_file is not None else None
    with _progress() as told:
        study = evaluate(plan, told)
    write(study, plan.out, report)
    missed = gate.failures(floors or {}, study.main.scores)
    _show(study, missed, plan.out, as_json)
    for line in missed:
        typer.echo(f"gate: {line}", err=True)
    if missed:
        raise typer.Exit(FAILED)
    if floors is not None:
        typer.echo("gate: open, every floor holds", err=True)


@app.command("check")
def check_gold(
    gold_file: GoldOption,
    index: IndexOption = None,
    corpus_path: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong with a gold file, line by line; exit code 7 where it has faults."""
    from navo_qa.evaluation import gold
    from navo_qa.evaluation.check import check
    from navo_qa.text.printable import printable, printable_json

    read = gold.read(gold_file)
    findings = check(read, _documents(index, corpus_path or []))
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        rows = [{"line": f.line, "severity": f.severity, "message": f.message} for f in findings]
        typer.echo(printable_json({"questions": len(read.rows), "findings": rows}))
    else:
        for finding in findings:
            typer.echo(printable(str(finding)))
        typer.echo(f"{gold_file}: {len(read.rows)} questions, {errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(FAILED)


@app.command("anchor")
def anchor_gold(
    quotes: Annotated[Path, typer.Argument(help="A gold file whose evidence is quoted.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The gold file to write.")],
    corpus_path: Annotated[list[Path], typer.Option("--corpus", help="Files or folders of the documents.")],
) -> None:
    """Replace quoted evidence by offsets and hashes, for texts that may not be copied."""
    from navo_qa.evaluation import evidence, gold
    from navo_qa.evaluation.configure import corpus
    from navo_qa.evaluation.files import write_atomic

    if output.resolve() == quotes.resolve():
        raise gold.GoldError(quotes, "would lose its quotes to its anchors; give another --output")
    lines = evidence.anchored_lines(gold.read(quotes), corpus(corpus_path))
    write_atomic(output, lines)
    typer.echo(f"{len(lines)} questions anchored in {output}")


@app.command("bench")
def bench_index(
    gold_file: GoldOption,
    index: IndexOption = None,
    corpus_path: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure cold start, warm questions, size, and with --corpus the build, on this machine."""
    from navo_qa.evaluation import bench, gold
    from navo_qa.evaluation.check import askable

    figures = bench.bench(index or _index(), askable(gold.read(gold_file)), corpus_path or ())
    if as_json:
        plain = [{"name": f.name, "value": f.value, "unit": f.unit, "note": f.note} for f in figures]
        typer.echo(json.dumps({"machine": bench.machine(), "figures": plain}, indent=2))
        return
    typer.echo(", ".join(f"{name} {value}" for name, value in bench.machine().items()))
    for figure in figures:
        typer.echo(f"{figure.name:<18} {figure.value:>9,.4g} {figure.unit:<10} {figure.note}")


def _refuse_given(context: typer.Context, command: str) -> None:
    """Refuse options that stand before the command of their own that follows: nobody would hear of them."""
    sources = {option.opts[0]: context.get_parameter_source(option.name or "") for option in context.command.params}
    if given := [option for option, source in sources.items() if source and source.name == "COMMANDLINE"]:
        raise typer.BadParameter(f'give what "{command}" takes after it', context, param_hint=", ".join(given))


def _documents(index: Path | None, paths: list[Path]) -> dict[str, Document]:
    from navo_qa.evaluation.configure import corpus
    from navo_qa.index.snapshot import open_snapshot

    if paths and index:
        raise typer.BadParameter("they name the documents twice; give one", param_hint="--index, --corpus")
    if paths:
        return corpus(paths)
    library = open_snapshot(index or _index()).collection
    return {listing.id: library.document(listing.id) for listing in library.listings()}


def _index() -> Path:
    """Return the index that every command opens when none is named."""
    from navo_qa.settings import settings_now

    return settings_now().index


@contextmanager
def _progress() -> Iterator[Told]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def told(arm: str, done: int, total: int) -> None:
            if arm not in tasks:
                tasks[arm] = progress.add_task(arm, total=total)
            progress.update(tasks[arm], completed=done)

        try:
            yield told
        except KeyboardInterrupt:
            progress.stop()
            typer.echo("interrupted; the same command with --resume goes on where it stopped", err=True)
            raise


def _show(study: Study, missed: list[str], out: Path, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from navo_qa.evaluation import study as studies
    from navo_qa.evaluation.report import GROUPS, figure

    if as_json:
        typer.echo(json.dumps(studies.as_json(study) | {"gate": missed}))
        return
    table = Table(title=Text(study.title), caption="95% intervals over facts", caption_justify="left")
    table.add_column("measure", no_wrap=True)
    for result in study.configurations:
        table.add_column(Text(result.arm.name), justify="right", overflow="fold")
    for _, measures in GROUPS:
        for measure in measures:
            cells = [figure(result.summary.tables["all"].get(measure), measure) for result in study.configurations]
            if set(cells) != {"–"}:
                table.add_row(measure, *cells)
        table.add_section()
    Console().print(table)
    typer.echo(f"report: {out / 'report.html'}")
