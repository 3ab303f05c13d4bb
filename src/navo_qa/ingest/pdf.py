"""Reads PDF files by pdfium: reading order, paragraphs, headings, footnotes, and the page of every character.

The raw text that the alignment points into is each page's characters as pdfium numbers them, page after page: so
`boxes` finds a passage's rectangles again from the file alone, and the index need not keep a rectangle a character.
What was recognised on scanned pages comes after the last page's characters, and has no rectangles.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from navo_qa.errors import NeedsOcr, UnreadableFile
from navo_qa.ingest.bombs import refuse_bombs
from navo_qa.ingest.flow import normalised
from navo_qa.ingest.glyphs import is_bold, read_glyphs, read_lines
from navo_qa.ingest.layout import lay_out
from navo_qa.ingest.margins import Sheet
from navo_qa.ingest.ocr import is_scanned, read_page, read_scan
from navo_qa.ingest.reading import Reading
from navo_qa.text.blocks import Block
from navo_qa.types import Alignment, Page

MOST_PAGES = 5_000
MOST_CHARACTERS = 20_000_000
MOST_SCANNED = 500  # pages among others that hold text

# pdfium is not safe to call from two threads at once, not even on two documents.
_PDFIUM = threading.RLock()


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


def read_pdf(content: bytes, path: Path) -> Reading:
    """Return the text of a PDF, by OCR where it holds none, and of its pages that are pictures.

    `unread` names such pages where they could not be recognised.
    Raises UnreadableFile where it is damaged, locked, or too long, NeedsOcr where it is a scan and none can be read.
    """
    raw: list[str] = []
    sheets: list[Sheet] = []
    starts: list[int] = []
    refuse_bombs(content, path)
    with opened(content, path) as document:
        properties = _properties(document)
        offset = 0
        for number in range(1, len(document) + 1):
            starts.append(offset)
            text, sheet = _page(document, number, offset, path)
            raw.append(text)
            sheets.append(sheet)
            offset += len(text)
            if offset > MOST_CHARACTERS:
                raise UnreadableFile(path, f"over {MOST_CHARACTERS:,} characters; split it")
        if not any(sheet.lines for sheet in sheets):
            return read_scan(document, path)
        scanned = _scanned(document, [sheet.number for sheet in sheets if not sheet.lines], path)
    laid = lay_out(sheets)
    places = [(start, sheet.number) for start, sheet in zip(starts, sheets, strict=True)]
    blocks = _with_scanned(laid.blocks, scanned, raw, places)
    read = normalised("".join(raw), blocks, laid.notes)
    read = replace(read, pages=_pages(read.alignment, places, len(read.text)))
    unread = tuple(number for number, text in scanned.items() if text is None)
    return Reading(read, {**properties, "margins": "\n".join(laid.margins)}, unread)


def boxes(content: bytes, alignment: Alignment, start: int, end: int) -> list[Box]:
    """Return the rectangles of text[start:end] on the pages of the PDF that the text was read from, line by line."""
    from pypdfium2 import raw

    found: list[Box] = []
    with opened(content, Path("document.pdf")) as document:
        *offsets, whole = _offsets(document)
        for first, last in _stretches(alignment, start, end):
            if first >= whole:
                continue
            number = bisect_right(offsets, first) - 1
            with _text_page(document, number) as page:
                count = raw.FPDFText_CountRects(page, first - offsets[number], last - first)
                for i in range(count):
                    found.append(Box(number + 1, *page.get_rect(i)))
    return found


def _stretches(alignment: Alignment, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the raw stretches of a stretch of the text, run by run."""
    for run in alignment.runs:
        if run.start < end and start < run.end:
            yield alignment.to_raw(max(start, run.start), min(end, run.end))


def _offsets(document: Any) -> Iterator[int]:  # noqa: ANN401
    """Yield where each page starts in the raw text, and where the last one ends."""
    offset = 0
    for number in range(len(document)):
        yield offset
        with _text_page(document, number) as page:
            offset += page.count_chars()
    yield offset


@contextmanager
def opened(content: bytes, path: Path) -> Iterator[Any]:
    """Yield pdfium's document of a file, to one thread at a time. Raises UnreadableFile."""
    import pypdfium2

    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            reason = "it is locked by a password" if "assword" in str(error) else f"damaged PDF: {error}"
            raise UnreadableFile(path, reason) from error
        try:
            if len(document) > MOST_PAGES:
                raise UnreadableFile(path, f"declares {len(document):,} pages, over the limit of {MOST_PAGES:,}")
            yield document
        finally:
            document.close()


@contextmanager
def _text_page(document: Any, number: int) -> Iterator[Any]:  # noqa: ANN401
    page = document[number]
    text = page.get_textpage()
    try:
        yield text
    finally:
        text.close()
        page.close()


def _page(document: Any, number: int, offset: int, path: Path) -> tuple[str, Sheet]:  # noqa: ANN401
    import pypdfium2

    try:
        with _text_page(document, number - 1) as text_page:
            _, bottom, _, top = text_page.page.get_bbox()
            raw, glyphs = read_glyphs(text_page, offset)
            lines = list(read_lines(glyphs, raw, offset, number))
            for line in lines:
                line.bold = is_bold(text_page, line.start - offset) and is_bold(text_page, line.end - 1 - offset)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(path, f"damaged PDF: page {number} of {len(document)} cannot be loaded") from error
    return raw, Sheet(number, bottom, top - bottom, lines)


def _properties(document: Any) -> dict[str, str]:  # noqa: ANN401
    found = document.get_metadata_dict(skip_empty=True)
    names = {"Title": "title", "Author": "author", "CreationDate": "created"}
    return {
        ours: found[theirs] for theirs, ours in names.items() if found.get(theirs, "None") not in ("None", "Untitled")
    }


def _scanned(document: Any, numbers: Sequence[int], path: Path) -> dict[int, str | None]:  # noqa: ANN401
    """Return the text on those of the pages that are scans, None where it could not be recognised."""
    found: dict[int, str | None] = {}
    for number in numbers:
        page = document[number - 1]
        try:
            if is_scanned(page):
                found[number] = read_page(page, path) if len(found) < MOST_SCANNED else None
        except (NeedsOcr, UnreadableFile):
            found[number] = None
        finally:
            page.close()
    return found


def _with_scanned(
    blocks: Sequence[Block], scanned: Mapping[int, str | None], raw: list[str], places: list[tuple[int, int]]
) -> list[Block]:
    """Return the blocks with those of the scanned pages before the first block of a later page.

    What was recognised is added to the end of the raw text, and to `places`, where each page's stretches start.
    """
    queue: list[tuple[int, list[Block]]] = []
    offset = sum(map(len, raw))
    offsets = [start for start, _ in places]
    for number, text in scanned.items():
        places.append((offset, number))
        ours: list[Block] = []
        for paragraph in (text or "").split("\n\n"):
            ours.append(Block(((offset, offset + len(paragraph)),)))
            raw.append(paragraph + "\n")
            offset += len(paragraph) + 1
        queue.append((number, ours if text else []))
    placed: list[Block] = []
    for block in blocks:
        start = next((piece[0] for piece in block.pieces if not isinstance(piece, str)), 0)
        while queue and queue[0][0] < bisect_right(offsets, start):
            placed += queue.pop(0)[1]
        placed.append(block)
    return placed + [block for _, ours in queue for block in ours]


def _pages(alignment: Alignment, places: Sequence[tuple[int, int]], length: int) -> tuple[Page, ...]:
    """Return the stretches of the text by page; a page has several where its footnotes stand between the next's."""
    pages: list[Page] = []
    starts = [start for start, _ in places]
    for run in alignment.runs:
        number = places[bisect_right(starts, run.raw_start) - 1][1]
        if not pages or pages[-1].number != number:
            if pages:
                pages[-1] = replace(pages[-1], end=run.start)
            pages.append(Page(number, run.start if pages else 0, length))
    return tuple(page for page in pages if page.end > page.start)
