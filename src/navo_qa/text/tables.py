"""Tables as documents are read: each row a paragraph, "Fonds | 2026 | 2027", and what a row's cells stand for.

A table is two rows or more with nothing between. Its first row is its head where it holds no figures but years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

BAR = " | "
FURTHEST = 200  # rows up from a passage to its table's head
LONGEST_ROW = 800  # characters of a row that is one sentence; a longer one is cut as prose is

_FIGURE = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def is_row(paragraph: str) -> bool:
    """Return whether bars part the paragraph into cells."""
    return BAR in paragraph or paragraph.startswith(BAR.lstrip())


def cells(row: str) -> list[tuple[int, int]]:
    """Return the span of each cell without the space around it; an empty one is where it would be.

    `"| Azure | 7 nov" -> ["", "Azure", "7 nov"]`
    """
    found, start = [], 0
    for part in row.split("|"):
        inner = part.strip()
        left = start + (part.index(inner) if inner else len(part) // 2)
        found.append((left, left + len(inner)))
        start += len(part) + 1
    return found


def cell_at(row: str, at: int) -> int:
    """Return the number of the cell that the character is in."""
    return row.count("|", 0, at)


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


def is_head(row: str) -> bool:
    """Return whether a table's first row says what the columns are: it holds no figures but years."""
    return all(_YEAR.fullmatch(figure) for figure in _FIGURE.findall(row))


def heads(sentences: Sequence[str], above: str | None = None) -> list[str | None]:
    """Return for each sentence the head of the table that it is a row of; None for prose, for heads and without one.

    above: the head of the table that the first sentence is in the middle of, "" where that has none.
    """
    found: list[str | None] = []
    head = above
    for sentence in sentences:
        if not is_row(sentence):
            head = None
        elif head is None:
            head = sentence if is_head(sentence) else ""
            found.append(None)
            continue
        found.append(head or None)
    return found


def head_above(text: str, start: int) -> str | None:
    """Return the head of the table in whose middle the paragraph at `start` is a row, "" where that has none.

    None where the paragraph begins a table or is of none, or where the table begins further up than is looked.
    """
    top = _top(text, start)
    if top is None or top == start:
        return None
    row = _paragraph(text, top)
    return row if is_head(row) else ""


def head_of(text: str, start: int) -> tuple[int, int] | None:
    """Return the span of the head over the row that begins at `start`, None where there is none."""
    head = head_above(text, start)
    top = _top(text, start)
    return (top, top + len(head)) if head and top is not None else None


def _top(text: str, start: int) -> int | None:
    """Return where the table begins that the paragraph at `start` is a row of, if it is one."""
    if not is_row(_paragraph(text, start)):
        return None
    top = start
    for _ in range(FURTHEST):
        if top < 2 or not text.startswith("\n\n", top - 2):
            return top
        before = text.rfind("\n\n", 0, top - 2)
        before = before + 2 if before >= 0 else 0
        if not is_row(text[before : top - 2]):
            return top
        top = before
    return None


def _paragraph(text: str, start: int) -> str:
    end = text.find("\n\n", start)
    return text[start : end if end >= 0 else len(text)]
