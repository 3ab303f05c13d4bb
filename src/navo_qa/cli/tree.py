"""The tree of commands: each under its name, those of a subject under that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from navo_qa import __version__
from navo_qa.cli import corpora, indexes, memos, questions, services
from navo_qa.cli.given import say
from navo_qa.evaluation import commands

app = typer.Typer(
    name="navo-qa",
    help="Question answering over official reports, in Dutch and English. Every answer is a verbatim span.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
COMMANDS: tuple[Callable[..., None], ...] = (
    corpora.build, corpora.catalogue, corpora.watch, questions.ask, questions.search,
    memos.cite, memos.memo, memos.verify, services.serve, services.mcp,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
index_app = typer.Typer(help="Look at an index, or check it whole.", no_args_is_help=True)
for look in (indexes.check, indexes.show, indexes.documents):
    index_app.command()(look)
app.add_typer(index_app, name="index")
app.add_typer(commands.app, name="eval")


@app.callback(invoke_without_command=True)
def options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Hold what every command shares."""
    if version:
        say(f"navo-qa {__version__}")
        raise typer.Exit
