"""The command line: `navo-qa build`, `ask`, `search`, `serve`, `mcp`, `cite`, `memo`, `verify`, `index`, `eval`.

Exit codes:

    0    done; also where the corpus does not hold the answer, which is a value and no error
    1    the service cannot start, or `index check` found damage
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

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from navo_qa import __version__, errors
from navo_qa.evaluation import commands
from navo_qa.settings import Settings
from navo_qa.text.printable import printable, printable_json
from navo_qa.types import Filters, Kind, Mode, Query

if TYPE_CHECKING:
    from navo_qa.cite.styles import Language
    from navo_qa.collection import Collection
    from navo_qa.encode import EncoderChoice
    from navo_qa.pipeline import Pipeline

# The first class that fits an error decides.
EXIT_CODES: tuple[tuple[type[errors.NavoError], int], ...] = (
    (errors.ServiceError, 1),
    (errors.QueryError, 2),
    (errors.InputError, 3),
    (errors.UploadProblem, 3),
    (errors.IndexProblem, 4),
    (errors.EncoderError, 5),
)
LEFT_OUT = 6
NOT_SOUND = 8

app = typer.Typer(
    name="navo-qa",
    help="Question answering over official reports, in Dutch and English. Every answer is a verbatim span.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
index_app = typer.Typer(help="Look at an index, or check it whole.", no_args_is_help=True)
app.add_typer(index_app, name="index")
app.add_typer(commands.app, name="eval")

IndexOption = Annotated[Path | None, typer.Option("--index", help="The index folder; NAVO_QA_INDEX otherwise.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
EncoderOption = Annotated[
    str | None, typer.Option("--encoder", help="navo-minilm, all-minilm-l6-v2, hashing, a model folder or a hub name.")
]
ReaderOption = Annotated[
    str | None, typer.Option("--reader", help="navo-reader, sentences, a model folder or a hub name.")
]
KOption = Annotated[int, typer.Option("--top-k", "-k", help="How many passages, 1 to 100.")]
ModeOption = Annotated[Mode, typer.Option("--mode", help="Which legs of retrieval to use.")]
FromOption = Annotated[str | None, typer.Option("--from", help="Meetings from this day on, YYYY-MM-DD.")]
ToOption = Annotated[str | None, typer.Option("--to", help="Meetings up to this day, YYYY-MM-DD.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Only what was written by this day, YYYY-MM-DD.")]
KindOption = Annotated[list[Kind] | None, typer.Option("--kind", help="Only this kind of document; may be repeated.")]
DocumentOption = Annotated[list[str] | None, typer.Option("--document", help="Only this document; may be repeated.")]
LanguageOption = Annotated[str, typer.Option("--language", help="nl or en.")]
ReplaceOption = Annotated[
    bool | None,
    typer.Option(
        "--replace/--no-replace",
        help="Newer versions replace older ones, which stay citable; by default only where catalogue.csv says so.",
    ),
]
PerDocumentOption = Annotated[int | None, typer.Option("--per-document", help="At most so many of one document.")]


@app.callback(invoke_without_command=True)
def options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Hold what every command shares."""
    if version:
        _say(f"navo-qa {__version__}")
        raise typer.Exit


@app.command()
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

    settings = _settings(index)
    loaded = load_encoder(_choice(settings, encoder))
    wanted = Wanted(replace=replace, forget=forget)
    with terminal.progress(quiet=as_json) as progress:
        summary = build_index(
            corpus, settings.index, loaded, originals=originals, wanted=wanted, wait=wait, progress=progress
        )
    if as_json:
        _print_json(terminal.summary_fields(summary, settings.index))
    else:
        terminal.show_summary(summary, settings.index)
    if summary.problems:
        raise typer.Exit(LEFT_OUT)


@app.command()
def catalogue(
    folder: Annotated[Path, typer.Argument(help="A folder of documents.")],
    update: Annotated[bool, typer.Option("--update", help="Keep the rows that stand, add what they lack.")] = False,
) -> None:
    """Write a catalogue.csv of what was found of each document, to be corrected by hand."""
    from navo_qa.ingest.listing import write_catalogues

    left_out = False
    for found in write_catalogues(folder, update=update):
        left_out = left_out or isinstance(found, errors.FileProblem)
        _say(str(found), err=isinstance(found, errors.FileProblem))
    if left_out:
        raise typer.Exit(LEFT_OUT)


@app.command()
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

    settings = _settings(index)
    loaded = load_encoder(_choice(settings, encoder))

    def rebuild() -> None:
        try:
            summary = build_index(corpus, settings.index, loaded, wanted=Wanted(replace=replace), wait=True)
            terminal.show_summary(summary, settings.index)
        except errors.InputError as error:
            typer.secho(printable(f"navo-qa: {error}"), err=True)

    watch_folders(corpus, rebuild, lambda: not threading.Event().wait(interval))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question in Dutch or English.")],
    index: IndexOption = None,
    top_k: KOption = 5,
    mode: ModeOption = Mode.HYBRID,
    date_from: FromOption = None,
    date_to: ToOption = None,
    as_of: AsOfOption = None,
    kind: KindOption = None,
    document: DocumentOption = None,
    per_document: PerDocumentOption = None,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="Confidence under which to be silent.")] = None,
    memo: Annotated[
        Path | None, typer.Option("--memo", help="Append the answer's sentence and its mark to this Markdown file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question: a verbatim answer, where the corpus holds one, and the passages it was looked for in."""
    from navo_qa.terminal_answers import show_answer

    filters = _filters(date_from, date_to, as_of, kind, document)
    pipeline = _pipeline(index, encoder, threshold, reader)
    answer = pipeline.ask(Query(question, top_k, mode, filters, per_document))
    if as_json:
        from navo_qa.api.models import QueryOut

        _print_json(QueryOut.of(answer, pipeline).model_dump(mode="json"))
    else:
        show_answer(answer, pipeline, _settings(index).site)
    if memo and answer.citations:
        kept = answer.sentence or answer.citations[0]
        _append(memo, kept.quote, kept.passage_id)
    elif memo:
        _say(f"nothing appended to {memo}: there is no answer", err=True)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="A question or keywords, in Dutch or English.")],
    index: IndexOption = None,
    top_k: KOption = 10,
    mode: ModeOption = Mode.HYBRID,
    date_from: FromOption = None,
    date_to: ToOption = None,
    as_of: AsOfOption = None,
    kind: KindOption = None,
    document: DocumentOption = None,
    per_document: PerDocumentOption = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the passages for a question, best first, with each leg's score."""
    from navo_qa.terminal_answers import show_hits

    filters = _filters(date_from, date_to, as_of, kind, document)
    pipeline = _pipeline(index, encoder, reader="sentences")
    hits = pipeline.search(Query(question, top_k, mode, filters, per_document))
    if as_json:
        from navo_qa.api.models import HitOut

        found = [HitOut.found(hit, pipeline.document(hit.passage.document_id)) for hit in hits]
        _print_json({"question": question, "passages": [hit.model_dump(mode="json") for hit in found]})
    else:
        show_hits(question, hits, pipeline, _settings(index).site)


@app.command()
def cite(
    passage_ids: Annotated[list[str], typer.Argument(help="Ids of passages, as `search --json` gives them.")],
    style: Annotated[str, typer.Option(help="leidraad, house, plain, apa, bibtex, ris or csl-json.")] = "leidraad",
    language: LanguageOption = "nl",
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cite passages in an official style, or for a reference manager."""
    from navo_qa.cite.citing import STYLES, cite_passages

    if style not in STYLES:
        raise errors.UnknownFilter("--style", style, list(STYLES))
    text = cite_passages(_collection(index), passage_ids, style, _language(language))
    if as_json:
        _print_json({"style": style, "language": language, "text": text})
    else:
        _say(text)


@app.command()
def memo(
    file: Annotated[Path, typer.Argument(help="Markdown with marks: [@passage-id, p. 2].")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Ends in .docx, .odt, .pdf, .html or .md.")],
    style: Annotated[str, typer.Option(help="leidraad, house, plain or apa.")] = "leidraad",
    language: LanguageOption = "nl",
    missing: Annotated[str, typer.Option(help="A mark that names nothing: stop, or mark it visibly.")] = "stop",
    index: IndexOption = None,
) -> None:
    """Make a memo with real footnotes and a list of sources."""
    from navo_qa.cite.styles import Style
    from navo_qa.memo import FORMS, Wanted, export_memo

    form = next((form for form in FORMS if output.suffix.lower() == f".{form}"), None)
    if form is None:
        raise errors.UnknownFilter("--output", output.name, [f".{form}" for form in FORMS])
    if style not in list(Style):
        raise errors.UnknownFilter("--style", style, list(Style))
    if missing not in ("stop", "mark"):
        raise errors.UnknownFilter("--missing", missing, ["stop", "mark"])
    if output.resolve() == file.resolve():
        raise errors.InvalidMemo(file, "would be overwritten by its own export; give another --output")
    markdown = _read(file).decode("utf-8-sig", "replace")
    wanted = Wanted(form, Style(style), _language(language), "mark" if missing == "mark" else "stop")
    collection = _collection(index)
    content = export_memo(markdown, collection.passage, collection.document, wanted)
    _write(output, content)
    _say(f"{output}: {len(content):,} bytes")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A memo: Markdown, text, DOCX or PDF.")],
    report: Annotated[Path | None, typer.Option("--html", help="Also write a report to this file.")] = None,
    language: LanguageOption = "nl",
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check every quotation and citation of a memo; exit code 8 where one is not sound."""
    from navo_qa.cite import findings as shown
    from navo_qa.cite.citing import verifier
    from navo_qa.cite.manuscript import read_memo

    spoken = _language(language)
    paragraphs = read_memo(_read(file), file.name)
    found = verifier(_collection(index)).verify(paragraphs)
    if report:
        _write(report, shown.page(found, file.name, spoken).encode())
    if as_json:
        _print_json({"file": file.name, "findings": [shown.fields(finding) for finding in found]})
    else:
        _say("\n".join(shown.lines(found, spoken)))
    if not all(finding.sound for finding in found):
        raise typer.Exit(NOT_SOUND)


@app.command()
def serve(
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")] = None,
    encoder: EncoderOption = None,
    upload: Annotated[bool | None, typer.Option("--upload/--no-upload", help="Let documents be sent to it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the page and the API; an index that is built meanwhile is taken over without a restart."""
    from navo_qa.api.serve import serve as run

    given = {"host": host, "port": port, "encoder": encoder, "upload": upload}
    settings = _settings(index).model_copy(update={name: value for name, value in given.items() if value is not None})

    def announce(url: str) -> None:
        if as_json:
            _print_json({"url": url, "index": str(settings.index)})
        else:
            _say(f"navo-qa serves {settings.index} on {url} (stop with Ctrl-C)")

    run(settings, announce)


@app.command()
def mcp(
    index: IndexOption = None,
    http: Annotated[bool, typer.Option("--http", help="Over HTTP at /mcp, instead of stdin and stdout.")] = False,
    host: Annotated[str | None, typer.Option(help="With --http: the address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="With --http: the port; 0 for a free one.")] = None,
    encoder: EncoderOption = None,
) -> None:
    """Let an assistant ask, read, cite and verify (Model Context Protocol); see docs/mcp.md."""
    from navo_qa.mcp_server.serve import serve_http, serve_stdio

    given = {"host": host, "port": port, "encoder": encoder}
    settings = _settings(index).model_copy(update={name: value for name, value in given.items() if value is not None})
    if http:
        serve_http(settings, lambda url: _say(f"navo-qa serves {settings.index} to assistants on {url}", err=True))
    else:
        serve_stdio(settings)


@index_app.command()
def check(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Verify an index whole: every file's hash, every row, every slice."""
    from navo_qa.index.snapshot import check as check_index

    report = check_index(_settings(index).index)
    if as_json:
        _print_json({"folder": str(report.folder), "ok": report.ok, "problems": list(report.problems)})
    elif report.ok and report.manifest:
        counts = report.manifest.counts
        _say(f"{report.folder} is whole: {counts.documents} documents, {counts.passages} passages")
    else:
        _say("\n".join(f"{report.folder}: {problem}" for problem in report.problems), err=True)
    if not report.ok:
        raise typer.Exit(1)


@index_app.command()
def show(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show what an index was built from and with."""
    from navo_qa import terminal
    from navo_qa.index.snapshot import open_snapshot

    snapshot = open_snapshot(_settings(index).index)
    if as_json:
        _print_json(snapshot.manifest.model_dump(mode="json"))
    else:
        terminal.show_manifest(snapshot)


@index_app.command()
def documents(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """List the documents of an index."""
    from navo_qa import terminal
    from navo_qa.index.snapshot import open_snapshot

    listings = open_snapshot(_settings(index).index).collection.listings()
    if as_json:
        from navo_qa.api.models import DocumentOut

        _print_json({"documents": [DocumentOut.of(listing).model_dump(mode="json") for listing in listings]})
    else:
        terminal.show_documents(listings)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code; an error is one sentence on stderr, never a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(arguments, prog_name="navo-qa")
    except errors.NavoError as error:
        if "--json" in arguments:
            _print_json({"error": {"type": type(error).__name__, "detail": str(error)}})
        else:
            typer.secho(printable(f"navo-qa: {error}"), err=True, fg=typer.colors.RED)
        code = exit_code(error)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); nothing is left to say, also not when Python flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def exit_code(error: errors.NavoError) -> int:
    """Return the exit code of an error."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


def _settings(index: Path | None) -> Settings:
    from pydantic import ValidationError

    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise errors.InvalidSetting(f"NAVO_QA_{str(first['loc'][0]).upper()}", str(first["msg"])) from error
    return settings.model_copy(update={"index": index}) if index else settings


def _collection(index: Path | None) -> Collection:
    """Return the documents and passages of the index, without loading any model."""
    from navo_qa.index.snapshot import open_snapshot

    return open_snapshot(_settings(index).index).collection


def _language(language: str) -> Language:
    if language == "nl":
        return "nl"
    if language == "en":
        return "en"
    raise errors.UnknownFilter("--language", language, ["nl", "en"])


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise errors.InvalidMemo(file, f"cannot be read ({error.strerror})") from error


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise errors.ConversionFailed(str(file), error.strerror or "it cannot be written") from error


def _append(memo: Path, quote: str, passage_id: str) -> None:
    from navo_qa.memo import quote_and_mark

    before = _read(memo).decode("utf-8-sig", "replace").rstrip("\n") if memo.exists() else ""
    _write(memo, f"{before}{chr(10) * 2 if before else ''}{quote_and_mark(quote, passage_id)}".encode())


def _choice(settings: Settings, encoder: str | None) -> EncoderChoice:
    from navo_qa.encode import EncoderChoice

    return EncoderChoice(encoder or settings.encoder, threads=settings.threads, download=settings.download)


def _pipeline(
    index: Path | None, encoder: str | None, threshold: float | None = None, reader: str | None = None
) -> Pipeline:
    from navo_qa.pipeline import Pipeline
    from navo_qa.reader import ReaderChoice

    settings = _settings(index)
    wanted = settings.threshold if threshold is None else threshold
    reads = ReaderChoice(reader or settings.reader, threads=settings.threads, download=settings.download)
    return Pipeline.open(settings.index, _choice(settings, encoder), reader=reads, threshold=wanted)


def _filters(
    date_from: str | None, date_to: str | None, as_of: str | None, kinds: list[Kind] | None, ids: list[str] | None
) -> Filters:
    return Filters(
        _date("--from", date_from),
        _date("--to", date_to),
        tuple(kinds or ()),
        tuple(ids or ()),
        _date("--as-of", as_of),
    )


def _date(option: str, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise errors.InvalidDates(f'{option} "{value}" is no date; write it as 2025-05-14') from error


def _print_json(value: Any) -> None:  # noqa: ANN401
    typer.echo(printable_json(value))


def _say(text: str, *, err: bool = False) -> None:
    typer.echo(printable(text), err=err)


if __name__ == "__main__":
    main()
