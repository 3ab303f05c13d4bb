"""`navo-qa build`, `catalogue`, `watch`: from documents to an index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from navo_qa import errors
from navo_qa.cli.given import (
    LEFT_OUT,
    EncoderOption,
    IndexOption,
    JsonOption,
    ReplaceOption,
    encoder_choice,
    print_json,
    say,
    settings_of,
)
from navo_qa.text.printable import printable


def build(
    corpus: Annotated[list[Path], typer.Argument(help="Folders and files; docs/formats.md lists the formats.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    originals: Annotated[
        bool, typer.Option("--originals/--no-originals", help="Keep copies of PDF files, to show their pages.")
    ] = True,
    replace: ReplaceOption = None,
    forget: Annotated[bool, typer.Option("--forget", help="Drop earlier versions whose files are gone.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another build of the same index.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read a corpus and write its index; the index that was there answers until the new one is whole."""
    from navo_qa import terminal
    from navo_qa.build import Wanted
    from navo_qa.build import build as build_index
    from navo_qa.encode import load_encoder

    settings = settings_of(index)
    loaded = load_encoder(encoder_choice(settings, encoder))
    wanted = Wanted(replace=replace, forget=forget)
    with terminal.progress(quiet=as_json) as progress:
        summary = build_index(
            corpus, settings.index, loaded, originals=originals, wanted=wanted, wait=wait, progress=progress
        )
    if as_json:
        print_json(terminal.summary_fields(summary, settings.index))
    else:
        terminal.show_summary(summary, settings.index)
    if summary.problems:
        raise typer.Exit(LEFT_OUT)


def catalogue(
    folder: Annotated[Path, typer.Argument(help="A folder of documents.")],
    update: Annotated[bool, typer.Option("--update", help="Keep the rows that stand, add what they lack.")] = False,
) -> None:
    """Write a catalogue.csv of what was found of each document, to be corrected by hand."""
    from navo_qa.ingest.listing import write_catalogues

    if not folder.is_dir():
        raise errors.UnreadableFile(folder, "it is no folder")
    left_out = False
    for found in write_catalogues(folder, update=update):
        left_out = left_out or isinstance(found, errors.FileProblem)
        say(str(found), err=isinstance(found, errors.FileProblem))
    if left_out:
        raise typer.Exit(LEFT_OUT)


def watch(
    corpus: Annotated[list[Path], typer.Argument(help="Folders to watch.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    replace: ReplaceOption = None,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 2.0,
) -> None:
    """Build whenever files in the folders were added, changed or removed, until Ctrl-C."""
    import threading

    from navo_qa import terminal
    from navo_qa.build import Wanted
    from navo_qa.build import build as build_index
    from navo_qa.encode import load_encoder
    from navo_qa.watch import watch as watch_folders

    for folder in corpus:
        if not folder.exists():
            raise errors.UnreadableFile(folder, "there is no such folder")
    settings = settings_of(index)
    loaded = load_encoder(encoder_choice(settings, encoder))

    def rebuild() -> None:
        try:
            summary = build_index(corpus, settings.index, loaded, wanted=Wanted(replace=replace), wait=True)
            terminal.show_summary(summary, settings.index)
        except errors.InputError as error:
            typer.secho(printable(f"navo-qa: {error}"), err=True)

    watch_folders(corpus, rebuild, lambda: not threading.Event().wait(interval))
