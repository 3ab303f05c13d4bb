"""The command line: `navo-qa build`, `ask`, `search`, `serve`, `mcp`, `cite`, `memo`, `verify`, `index`, `eval`.

Exit codes:

    0    done; also where the corpus does not hold the answer, which is a value and no error
    1    the service cannot start, `index check` found damage, or what is printed cannot be written
    2    a wrong option, question or filter
    3    no document could be used
    4    the index cannot be used or written
    5    the encoder cannot be used
    6    built, but files were left out; they are listed
    7    `eval`: a measure fell under its floor, or the gold file has faults
    8    `verify`: a quotation or a citation is not as the memo has it
    130  interrupted
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from navo_qa import __version__, errors
from navo_qa.cli import corpora, indexes, memos, questions, services
from navo_qa.cli.given import print_json, say
from navo_qa.evaluation import commands
from navo_qa.text.printable import printable

# The first class that fits an error decides.
EXIT_CODES: tuple[tuple[type[errors.NavoError], int], ...] = (
    (errors.ServiceError, 1),
    (errors.QueryError, 2),
    (errors.InputError, 3),
    (errors.UploadProblem, 3),
    (errors.IndexProblem, 4),
    (errors.EncoderError, 5),
)

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


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code; an error is one sentence on stderr, never a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a letter that the terminal does not know is shown as "?"
    try:
        code = app(arguments, prog_name="navo-qa")
    except errors.NavoError as error:
        _tell(error, as_json="--json" in arguments)
        code = exit_code(error)
    except SystemExit as exit_:
        if not isinstance(exit_.__context__, BrokenPipeError):  # which rich and typer turn into an exit of 1
            raise
        _say_no_more()  # the reader of our output has gone (`| head`)
        code = 0
    except OSError as error:
        _say_no_more()  # a full disk, say
        _tell(error, as_json=False)
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _tell(error: Exception, *, as_json: bool) -> None:
    try:
        if as_json:
            print_json({"error": {"type": type(error).__name__, "detail": str(error)}})
        else:
            typer.secho(printable(f"navo-qa: {error}"), err=True, fg=typer.colors.RED)
    except OSError:  # nobody hears it; the exit code says it
        _say_no_more()


def _say_no_more() -> None:
    """Throw away what is yet to be printed, also when Python flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def exit_code(error: errors.NavoError) -> int:
    """Return the exit code of an error."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
