"""`navo-qa ask`, `search`: questions over an index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from navo_qa import errors
from navo_qa.cli.given import (
    AsOfOption,
    DocumentOption,
    EncoderOption,
    FromOption,
    IndexOption,
    JsonOption,
    KindOption,
    KOption,
    ModeOption,
    PerDocumentOption,
    ReaderOption,
    ThresholdOption,
    ToOption,
    filters_of,
    markdown_of,
    pipeline_of,
    print_json,
    read_file,
    say,
    settings_of,
    write_file,
)
from navo_qa.types import Mode, Query


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
    threshold: ThresholdOption = None,
    memo: Annotated[
        Path | None, typer.Option("--memo", help="Append the answer's sentence and its mark to this Markdown file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question: a verbatim answer, where the corpus holds one, and the passages it was looked for in."""
    from navo_qa.terminal_answers import show_answer

    if memo:
        _held(memo)  # whether it can be appended to, before anyone waits for an answer
    filters = filters_of(date_from, date_to, as_of, kind, document)
    pipeline = pipeline_of(index, encoder, threshold, reader)
    answer = pipeline.ask(Query(question, top_k, mode, filters, per_document))
    if memo and answer.citations:  # first, so that a file that cannot be written is all that --json prints
        kept = answer.sentence or answer.citations[0]
        _append(memo, kept.quote, kept.passage_id)
    if as_json:
        from navo_qa.api.models import QueryOut

        print_json(QueryOut.of(answer, pipeline).model_dump(mode="json"))
    else:
        show_answer(answer, pipeline, settings_of(index).site)
    if memo and not answer.citations:
        say(f"nothing appended to {memo}: there is no answer", err=True)


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

    filters = filters_of(date_from, date_to, as_of, kind, document)
    pipeline = pipeline_of(index, encoder, reader="sentences")
    hits = pipeline.search(Query(question, top_k, mode, filters, per_document))
    if as_json:
        from navo_qa.api.models import SearchOut

        print_json(SearchOut.of(question, hits, pipeline).model_dump(mode="json"))
    else:
        show_hits(question, hits, pipeline, settings_of(index).site)


def _held(memo: Path) -> str:
    """Return what stands in the memo that an answer is to be appended to. Raises InvalidMemo."""
    from navo_qa.memo import FORMS

    if memo.suffix.lower() in {f".{form}" for form in FORMS} - {".md"}:
        raise errors.InvalidMemo(memo, "is no Markdown; append to a file ending in .md, then: navo-qa memo")
    return markdown_of(read_file(memo), memo).rstrip("\r\n") if memo.exists() else ""


def _append(memo: Path, quote: str, passage_id: str) -> None:
    from navo_qa.memo import quote_and_mark

    before = _held(memo)
    write_file(memo, f"{before}{chr(10) * 2 if before else ''}{quote_and_mark(quote, passage_id)}".encode())
