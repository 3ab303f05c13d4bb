"""What the commands share: their options, and what options and settings make."""

from __future__ import annotations

import json
import re
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from navo_qa import errors
from navo_qa.settings import Settings, settings_now
from navo_qa.text.printable import printable, printable_json
from navo_qa.types import Filters, Kind, Mode

if TYPE_CHECKING:
    from navo_qa.cite.styles import Language
    from navo_qa.collection import Collection
    from navo_qa.encode import EncoderChoice
    from navo_qa.pipeline import Pipeline

LEFT_OUT = 6
NOT_SOUND = 8

IndexOption = Annotated[Path | None, typer.Option("--index", help="The index folder; NAVO_QA_INDEX otherwise.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
EncoderOption = Annotated[
    str | None, typer.Option("--encoder", help="navo-minilm, all-minilm-l6-v2, hashing, a model folder or a hub name.")
]
ReaderOption = Annotated[
    str | None, typer.Option("--reader", help="navo-reader, sentences, a model folder or a hub name.")
]
ThresholdOption = Annotated[
    float | None, typer.Option("--threshold", min=0, max=1, help="Confidence under which to be silent.")
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


def settings_of(index: Path | None, **options: object) -> Settings:
    """Return the settings, the index and whatever else was given in their place. Raises InvalidSetting."""
    given = {name: value for name, value in {"index": index, **options}.items() if value is not None}
    return settings_now().model_copy(update=given)


def collection_of(index: Path | None) -> Collection:
    """Return the documents and passages of the index, without loading any model."""
    from navo_qa.index.snapshot import open_snapshot

    return open_snapshot(settings_of(index).index).collection


def spoken(language: str) -> Language:
    """Return the language of that name. Raises UnknownFilter."""
    if language == "nl":
        return "nl"
    if language == "en":
        return "en"
    raise errors.UnknownFilter("--language", language, ["nl", "en"])


def read_file(file: Path) -> bytes:
    """Return what a memo's file holds. Raises InvalidMemo."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise errors.InvalidMemo(file, f"cannot be read ({error.strerror})") from error


def markdown_of(content: bytes, name: Path | str) -> str:
    """Return the text of a Markdown file. Raises InvalidMemo: a letter that is guessed at would be written back."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.InvalidMemo(name, "is no text in UTF-8; save it as that") from error


def write_file(file: Path, content: bytes) -> None:
    """Write the file. Raises MemoError."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise errors.MemoError(f"{file} cannot be written ({error.strerror}); give another name or folder") from error


def encoder_choice(settings: Settings, encoder: str | None) -> EncoderChoice:
    """Return which encoder to load."""
    from navo_qa.encode import EncoderChoice

    return EncoderChoice(encoder or settings.encoder, threads=settings.threads, download=settings.download)


def pipeline_of(
    index: Path | None, encoder: str | None, threshold: float | None = None, reader: str | None = None
) -> Pipeline:
    """Return the pipeline over an index, as the options and settings have it."""
    from navo_qa.pipeline import Pipeline
    from navo_qa.reader import ReaderChoice

    settings = settings_of(index)
    wanted = settings.threshold if threshold is None else threshold
    reads = ReaderChoice(reader or settings.reader, threads=settings.threads, download=settings.download)
    return Pipeline.open(settings.index, encoder_choice(settings, encoder), reader=reads, threshold=wanted)


def filters_of(
    date_from: str | None, date_to: str | None, as_of: str | None, kinds: list[Kind] | None, ids: list[str] | None
) -> Filters:
    """Return the filters that the options name. Raises InvalidDates."""
    return Filters(
        _date("--from", date_from),
        _date("--to", date_to),
        tuple(kinds or ()),
        tuple(ids or ()),
        _date("--as-of", as_of),
    )


def _date(option: str, value: str | None) -> date | None:
    if value is None:
        return None
    with suppress(ValueError):  # a day that is not there
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):  # "2025-W20" would be its Monday
            return date.fromisoformat(value)
    raise errors.InvalidDates(f'{option} "{value}" is no date; write it as 2025-05-14')


def print_json(value: Any) -> None:  # noqa: ANN401
    """Print a value as JSON that a terminal can show; where it cannot write every letter, with escapes for all."""
    written = printable_json(value)
    try:
        written.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        written = json.dumps(value, indent=2)
    typer.echo(written)


def say(text: str, *, err: bool = False) -> None:
    """Print a line that a terminal can show."""
    typer.echo(printable(text), err=err)
