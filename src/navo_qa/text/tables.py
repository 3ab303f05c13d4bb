"""Tables as documents are read: each row a paragraph, "Fonds | 2026 | 2027", and what a row's cells stand for.

A table is two rows or more with nothing between but footnotes. Its first row is its head where no cell of it begins
with a value.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from navo_qa.types import Document

BAR = " | "
LONGEST_ROW = 800  # characters of a row that is one sentence; a longer one is cut as prose is
LONGEST_HEAD = 300  # characters of a head, which is put before what is encoded and read

Span = tuple[int, int]

_BAR = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")
_GAP = re.compile(r"\n[^\S\n]*\n")
_NOTE = re.compile(r"\[[^\]\n]{1,9}\] ")
_VALUE = re.compile(r"(?:(?:€|\$|£|EUR|USD|GBP|ca\.?|[–−-])\s*)*\d")
_COUNTED = re.compile(r"(?:19|20)\d\d\b(?![.,]\d)|\d{1,2}(?:e|ste|de|st|nd|rd|th)\b")  # a year, "1e kwartaal"


def is_row(paragraph: str) -> bool:
    """Return whether bars part the paragraph into cells, as a footnote's do not."""
    return BAR in f" {paragraph} " and not _NOTE.match(paragraph)


def cells(row: str) -> list[Span]:
    """Return the span of each cell without the space around it; an empty one is where it would be.

    `"| Azure | 7 nov" -> ["", "Azure", "7 nov"]`
    """
    bounds = [0, *chain.from_iterable(bar.span() for bar in _BAR.finditer(row)), len(row)]
    found = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        inner = row[start:end].strip()
        left = start + (row[start:end].index(inner) if inner else (end - start) // 2)
        found.append((left, left + len(inner)))
    return found


def cell_at(row: str, at: int) -> int:
    """Return the number of the cell that the character is in."""
    return sum(bar.start() < at for bar in _BAR.finditer(row))


def head_cell(head: str, row: str, number: int) -> str:
    """Return what stands over a cell, "" where nothing does. A head that lacks its first cells ends with the row."""
    above, below = cells(head), cells(row)
    place = number - max(0, len(below) - len(above))
    return head[slice(*above[place])] if 0 <= place < len(above) else ""


def spelled(head: str, row: str) -> str:
    """Return the row with each cell after what stands over it: "Fonds: SLO; 2026: 12,5; 2027: 14,0"."""
    said = []
    for number, (start, end) in enumerate(cells(row)):
        name = head_cell(head, row, number)
        if cell := row[start:end]:
            said.append(f"{name}: {cell}" if name else cell)
    return "; ".join(said)


def heads(document: Document) -> Mapping[int, Span]:
    """Return for each row of a table, by where it starts in the text, the span of the head over it; none for heads."""
    if BAR.strip() not in document.text:
        return {}
    notes = frozenset(note.start for note in document.footnotes)
    return _heads(document.text, frozenset(heading.start for heading in document.headings), notes)


def row_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the spans of the paragraphs in text[start:end] that are rows of a table, but for the longest ones."""
    end = len(text) if end is None else end
    if text.find(BAR.strip(), start, end) < 0:
        return []
    parts = list(_paragraphs(text, start, end))
    rows = [is_row(text[a:b]) for a, b in parts]
    beside = [_row_before(text, start), *rows, _row_after(text, end)]
    return [
        part
        for i, part in enumerate(parts)
        if rows[i] and (beside[i] or beside[i + 2]) and part[1] - part[0] <= LONGEST_ROW
    ]


@functools.lru_cache(maxsize=32)
def _heads(text: str, headings: frozenset[int], notes: frozenset[int]) -> Mapping[int, Span]:
    found: dict[int, Span] = {}
    table: list[Span] = []
    for start, end in [*_paragraphs(text, 0, len(text)), (-1, -1)]:
        if start in notes:
            continue
        if start >= 0 and start not in headings and is_row(text[start:end]):
            table.append((start, end))
            continue
        for head, rows in _parted([text[slice(*span)] for span in table]) if table else ():
            found |= {table[row][0]: table[head] for row in rows}
        table = []
    return found


def _parted(rows: Sequence[str]) -> Iterator[tuple[int, range]]:
    """Yield the number of each head with those of the rows below it.

    A row with another number of cells than the one before it, which could be a head, begins a table of its own where
    the next has as many.
    """
    width = [len(cells(row)) for row in rows]
    firsts = [
        i
        for i, row in enumerate(rows)
        if not i or width[i] != width[i - 1] and width[i + 1 : i + 2] == [width[i]] and _names(row)
    ]
    for first, last in zip(firsts, [*firsts[1:], len(rows)], strict=True):
        if last - first > 1 and is_head(rows[first], rows[first + 1 : last]):
            yield first, range(first + 1, last)


def is_head(row: str, below: Sequence[str]) -> bool:
    """Return whether a table's first row says what its columns are.

    Of two columns it does only over values: "Aan | De Voorzitter" stands over "Betreft | Verslag" and is no head.
    """
    if len(cells(row)) == 2:
        second = [other[slice(*found[1])] for other in below if len(found := cells(other)) > 1]
        if not all(not cell or _VALUE.match(cell) for cell in second) or not any(second):
            return False
    return len(row) <= LONGEST_HEAD and _names(row)


def _names(row: str) -> bool:
    """Return whether the row says something and no cell of it begins with a value, unless that is a year."""
    said = [row[start:end] for start, end in cells(row)]
    return any(map(str.isalnum, row)) and not any(_VALUE.match(cell) and not _COUNTED.match(cell) for cell in said)


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of the paragraphs that empty lines part, without the space around them."""
    bounds = [start, *chain.from_iterable(gap.span() for gap in _GAP.finditer(text, start, end)), end]
    for left, right in zip(bounds[::2], bounds[1::2], strict=True):
        inner = text[left:right].strip()
        if inner:
            first = left + text[left:right].index(inner)
            yield first, first + len(inner)


def _row_before(text: str, start: int) -> bool:
    """Return whether the paragraph that ends right before `start` is a row."""
    before = text[max(0, start - 2 * LONGEST_ROW) : start].rstrip().rsplit("\n\n", 1)[-1]
    return start > 0 and is_row(before)


def _row_after(text: str, end: int) -> bool:
    return end < len(text) and is_row(text[end : end + 2 * LONGEST_ROW].lstrip().split("\n\n", 1)[0])
