"""What the command line shows of builds and indexes; answers and passages are in `terminal_answers.py`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Column, Table
from rich.text import Text

from navo_qa.text.printable import printable

if TYPE_CHECKING:
    from navo_qa.build import BuildSummary, Stage
    from navo_qa.build import Progress as Report
    from navo_qa.collection import Listing
    from navo_qa.index.snapshot import Snapshot
    from navo_qa.versions import Version

_COLUMNS = ("id", "kind", "meeting", "place", "letter", "passages", "title")
_STAGES = {"read": ("Reading", "files"), "encode": ("Encoding", "passages"), "words": ("Indexing words", "passages")}


def show_documents(listings: Sequence[Listing]) -> None:
    """Print each document's id, what is known of it, and its title; through a pipe, a line with tabs between."""
    console, rows = _console(), [_cells(listing) for listing in listings]
    if not console.is_terminal:
        for row in (_COLUMNS, *rows):
            typer.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    for document_id, kind, days, place, letter, passages, title in rows:
        known = [kind, days, place, letter and f"letter of {letter}", f"{passages} passages"]
        below = Text(f"{', '.join(filter(None, known))}\n{title}")
        console.print(Text(document_id, style="bold"), Padding(below, (0, 0, 0, 2)), sep="\n")


def _cells(listing: Listing) -> tuple[str, ...]:
    days = " – ".join(str(day) for day in dict.fromkeys((listing.meeting_start, listing.meeting_end)) if day)
    cells = (listing.id, listing.kind.value, days, listing.place, listing.letter_date, listing.passages, listing.title)
    return tuple("" if cell is None else printable(str(cell)) for cell in cells)


def show_manifest(snapshot: Snapshot) -> None:
    """Print what the snapshot was built from and with."""
    manifest = snapshot.manifest
    table = Table(Column(), Column(overflow="fold"), show_header=False, box=None)
    for name, value in (
        ("folder", snapshot.folder),
        ("built", f"{manifest.created:%Y-%m-%d %H:%M:%S %Z} by navo-qa {manifest.navo_qa}"),
        ("documents", manifest.counts.documents),
        ("passages", manifest.counts.passages),
        ("encoder", f"{manifest.encoder.name} ({manifest.encoder.dim} dimensions)"),
        ("vectors", f"{manifest.vectors.engine}, recall@10 against exact search {manifest.vectors.recall:.3f}"),
        ("analyser", f"version {manifest.analyser.version}, Snowball {manifest.analyser.snowball}"),
        ("size", f"{sum(record.size for record in manifest.files.values()) / 1e6:.1f} MB"),
    ):
        table.add_row(Text(name, style="bold"), Text(printable(str(value))))
    _console().print(table)


def show_summary(summary: BuildSummary, index: Path) -> None:
    """Print what a build did, and one line for every file left out."""
    console = _console(stderr=True)
    for found in (*summary.copies, *summary.doubts, *summary.problems):
        console.print(Text(printable(f"  {found}"), style="yellow"), soft_wrap=True)
    for version in summary.replaced:
        replaced = f'  "{version.document_id}" was replaced by {_by(version)}; kept as "{version.id}"'
        console.print(Text(printable(replaced)), soft_wrap=True)
    done = "built" if summary.changed else "already up to date"
    line = (
        f"{index} {done}: {summary.documents} documents, {summary.passages} passages "
        f"({summary.encoded} encoded, {summary.reused} reused) in {summary.seconds:.1f} s"
        + (f"; {summary.remembered} files not read again" if summary.remembered and summary.changed else "")
    )
    console.print(Text(printable(line), style="green"), soft_wrap=True)


def _by(version: Version) -> str:
    return "its newer text" if version.replaced_by == version.document_id else f'"{version.replaced_by}"'


def summary_fields(summary: BuildSummary, index: Path) -> dict[str, Any]:
    """Return the summary as JSON has it."""
    return {
        "index": str(index),
        "snapshot": summary.snapshot,
        "changed": summary.changed,
        "documents": summary.documents,
        "passages": summary.passages,
        "encoded": summary.encoded,
        "reused": summary.reused,
        "left_out": [str(problem) for problem in summary.problems],
        "copies": [str(copy) for copy in summary.copies],
        "replaced": [asdict(version) for version in summary.replaced],
        "doubts": [str(doubt) for doubt in summary.doubts],
        "pages": summary.pages,
        "remembered": summary.remembered,
        "seconds": round(summary.seconds, 3),
    }


@contextmanager
def progress(quiet: bool = False) -> Iterator[Report]:
    """Draw a bar for every stage of a build, with its rate, on stderr."""
    columns = (
        TextColumn("{task.description:<15}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(*columns, console=_console(stderr=True), disable=quiet) as bars:
        tasks: dict[str, tuple[TaskID, float]] = {}
        last = time.monotonic()

        def report(stage: Stage, done: int, total: int | None, pages: int = 0) -> None:
            nonlocal last
            label, unit = _STAGES[stage]
            if stage not in tasks:  # the stage began when the one before last spoke
                for earlier, _ in tasks.values():
                    bars.update(earlier, total=bars.tasks[earlier].completed)
                tasks[stage] = bars.add_task(label, total=total, rate=""), last
            task, start = tasks[stage]
            last = time.monotonic()
            seconds = max(last - start, 1e-3)
            rates = [f"{done / seconds:,.0f} {unit}/s"] if done else []
            rates += [f"{pages / seconds:,.0f} pages/s"] if pages else []
            bars.update(task, completed=done, total=total, rate=", ".join(rates))

        yield report


def _console(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, soft_wrap=False)
