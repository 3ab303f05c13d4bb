"""Which lines of a PDF's pages are running heads and page numbers, and no part of its text?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from navo_qa.ingest.glyphs import Line

QUESTION = re.compile(
    r"(?:Vraag|Vragen|Antwoord(?:en)?)(?: op vra\w+)? \d{1,3}"
    r"(?:(?:, ?| ?[-–] ?| | en | t/m | tot en met )\d{1,3})*[.:]?$"
)
"""A heading of written questions: "Vraag 3", "Antwoord 7, 8 en 9", "Vragen 1 t/m 4"."""
CLOSED = re.compile(r"[.!?:;…]['\"’”»)\]]*$")
"""The end of a line that ends a sentence."""

_MARGIN = 0.14  # of the page's height: where running heads stand
_PAGE_NUMBER = re.compile(
    r"(?:pagina|page|blad|p\.)? ?[-–]? ?\d{1,4} ?[-–]?(?: ?(?:/|van|of) ?\d{1,4})?$", re.IGNORECASE
)
_OFFICIAL = re.compile(
    r"ISSN ?\d{4}|(?:ah|kst|h|blg)-(?:tk|ek|\d)|[’'`]s-Gravenhage,? \d{4}|(?:Tweede|Eerste) Kamer, vergaderjaar"
)
_NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)")

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's lines in the order of the file, and its height in points."""

    number: int
    bottom: float
    height: float
    lines: list[Line]


def take_margins(sheets: Sequence[Sheet]) -> list[str]:
    """Take running heads and page numbers out of the pages and return their texts."""
    pages: dict[_Key, set[int]] = defaultdict(set)
    for sheet in sheets:
        for line in _in_margin(sheet):
            for key in _keys(line, sheet):
                pages[key].add(sheet.number)
    taken: list[str] = []
    for sheet in sheets:
        near = _in_margin(sheet)
        out = [line for line in near if _is_running(line, sheet, pages, len(sheets)) and not _is_wrapped(line, sheet)]
        rows = [line.y for line in out]
        out += [
            line for line in near if line not in out and any(abs(line.y - y) < 2 for y in rows) and len(line.text) < 60
        ]
        taken += [line.text for line in out]
        gone = set(map(id, out))
        sheet.lines[:] = [line for line in sheet.lines if id(line) not in gone]
    return taken


def _in_margin(sheet: Sheet) -> list[Line]:
    low, high = sheet.bottom + _MARGIN * sheet.height, sheet.bottom + (1 - _MARGIN) * sheet.height
    return [line for line in sheet.lines if line.y < low or line.y > high]


def _is_running(line: Line, sheet: Sheet, pages: Mapping[_Key, set[int]], count: int) -> bool:
    beside = [other for other in sheet.lines if other is not line and abs(other.y - line.y) < 2]
    if line.text.isdigit() and beside:  # a page's number stands beside a running head, a table's beside others
        if any(other.text.isdigit() for other in beside):
            return False
        again = max(len(pages[key]) for key in _keys(line, sheet)) >= 2
        heads = any(_is_running(other, sheet, pages, count) for other in beside)
        return int(line.text) == sheet.number or again or heads
    if _PAGE_NUMBER.match(line.text) or _OFFICIAL.match(line.text):
        return True
    if QUESTION.match(line.text):
        return False
    return max(len(pages[key]) for key in _keys(line, sheet)) >= max(2, 0.3 * count)


def _keys(line: Line, sheet: Sheet) -> Iterator[_Key]:
    """Yield what a line has in common with the same running head of other pages: its words and its height.

    One number may count the pages: "Verslag 3" on page 4 and "Verslag 4" on page 5 are one head, "Artikel 3" and
    "Artikel 9" there are headings of the text.
    """
    text = line.text.casefold()
    numbers = list(_NUMBER.finditer(text))
    masked = [f"{text[: n.start()]}#{int(n[0]) - sheet.number}{text[n.end() :]}" for n in numbers]
    for height in (int(line.y) // 8, int(line.y + 4) // 8):
        yield from ((words, height) for words in (text, *masked))


def _is_wrapped(line: Line, sheet: Sheet) -> bool:
    """Return whether a number alone is the end of the sentence on the line above: "op 7 en 8 juli" + "2026"."""
    above = (a for a in sheet.lines if 0 < a.y - line.y < 2.2 * line.size and abs(a.left - line.left) < 2)
    return line.text.isdigit() and any(len(a.text) > 20 and not CLOSED.search(a.text) for a in above)
