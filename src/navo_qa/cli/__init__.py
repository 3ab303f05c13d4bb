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

from navo_qa import errors

# The first class that fits an error decides.
EXIT_CODES: tuple[tuple[type[errors.NavoError], int], ...] = (
    (errors.ServiceError, 1),
    (errors.QueryError, 2),
    (errors.InputError, 3),
    (errors.UploadProblem, 3),
    (errors.IndexProblem, 4),
    (errors.EncoderError, 5),
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; an error is one sentence on stderr, never a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a letter that the terminal does not know is shown as "?"
        from navo_qa.cli.tree import app  # here, so that Ctrl-C while it is read ends quietly too

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
    except ImportError as error:
        if not isinstance(error.__cause__, KeyboardInterrupt):  # which a library in C, half loaded, turns into this
            raise
        code = 130
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _tell(error: Exception, *, as_json: bool) -> None:
    import typer

    from navo_qa.cli.given import print_json
    from navo_qa.text.printable import printable

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
