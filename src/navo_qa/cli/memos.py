"""`navo-qa cite`, `memo`, `verify`: citations, and memos that hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from navo_qa import errors
from navo_qa.cli.given import (
    NOT_SOUND,
    IndexOption,
    JsonOption,
    LanguageOption,
    collection_of,
    markdown_of,
    print_json,
    read_file,
    say,
    spoken,
    write_file,
)


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
    text = cite_passages(collection_of(index), passage_ids, style, spoken(language))
    if as_json:
        print_json({"style": style, "language": language, "text": text})
    else:
        say(text)


def memo(
    file: Annotated[Path, typer.Argument(help=r"Markdown with marks: \[@passage-id, p. 2]; - reads stdin.")],
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
    markdown = markdown_of(*_read(file))
    wanted = Wanted(form, Style(style), spoken(language), "mark" if missing == "mark" else "stop")
    collection = collection_of(index)
    content = export_memo(markdown, collection.passage, collection.document, wanted)
    write_file(output, content)
    say(f"{output}: {len(content):,} bytes")


def verify(
    file: Annotated[Path, typer.Argument(help="A memo: Markdown, text, DOCX or PDF; - reads stdin.")],
    report: Annotated[Path | None, typer.Option("--html", help="Also write a report to this file.")] = None,
    language: LanguageOption = "nl",
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check every quotation and citation of a memo; exit code 8 where one is not sound."""
    from navo_qa.cite import findings as shown
    from navo_qa.cite.citing import verifier
    from navo_qa.cite.manuscript import read_memo

    told_in = spoken(language)
    content, name = _read(file)
    paragraphs = read_memo(content, name)
    found = verifier(collection_of(index)).verify(paragraphs)
    if report:
        write_file(report, shown.page(found, name, told_in).encode())
    if as_json:
        print_json({"file": name, "findings": [shown.fields(finding) for finding in found]})
    else:
        say("\n".join(shown.lines(found, told_in)))
    if not all(finding.sound for finding in found):
        raise typer.Exit(NOT_SOUND)


def _read(file: Path) -> tuple[bytes, str]:
    """Return what is in a memo and its name; "-" is standard input. Raises InvalidMemo."""
    if str(file) != "-":
        return read_file(file), file.name
    name = "standard input"
    try:
        with open(0, "rb", closefd=False) as stdin:  # sys.stdin is None where it was closed
            return stdin.read(), name
    except OSError as error:
        raise errors.InvalidMemo(name, f"cannot be read ({error.strerror})") from error
