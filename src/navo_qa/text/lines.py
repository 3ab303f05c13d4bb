"""From the lines of a plain text file to its paragraphs and headings.

Some files wrap their paragraphs over many lines, others give each paragraph one line; which of the two a file
does shows in how often a line goes on in the next, and each pair of lines is then judged on its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from navo_qa.text.aligned import Piece
from navo_qa.text.blocks import PAGE, PLACES, Block
from navo_qa.text.hyphens import Hyphens, link_goes_on

_PLACE = re.compile(f"[{PLACES}]")
_CLOSED = re.compile(r"[.!?:;…]['\"’”»)\]]*$")
_LIST = re.compile(r"(?:[•·▪◦●○‣⁃■□➢✓✔*–—\-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\(?[ivx]{1,4}[.)])\s+\S")
_NAME = re.compile(
    r"(?:(?:drs|mr|ir|dr|prof|ing)\.? ?)*(?:[A-Z]\. ?){1,6}(?:[a-z']+ ){0,3}[^\W\d_][\w'’\-]+(?:[ -][\w'’]+){0,3}$"
)
_DATELINE = re.compile(r"[A-Z][\w' \-]{2,30}, \d{1,2} [a-z]+ \d{4}$")
_NOTE = re.compile(r"\[[\w*]{1,8}\] ")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.? +\S")
_BROKEN = re.compile(r"\w ?[-\u2010]$")
_TITLE = re.compile(
    r"(?:feitenoverzicht|(?:beknopt |kort )?verslag|geannoteerde agenda|agenda|kamerbrief|brief|rapport|notitie|"
    r"report|annotated agenda|summary|minutes|statement|verklaring|besluitenlijst|notulen)\b",
    re.IGNORECASE,
)
_NO_HEADING = (
    "Aan ", "Geachte", "Postbus", "De minister", "De Minister", "De staatssecretaris", "De Staatssecretaris",
    "Hoogachtend", "Met vriendelijke", "Dear ", "Yours ", "To the ",
)  # fmt: skip
_NO_LAST_WORD = frozenset("aan de der een en het in met of op te ten ter uit van voor and by for the to with".split())
_WRAPPED_SHARE = 0.25
_LONGEST_HEADING = 120
_MOST_HEADINGS = 3
_LETTER = 3000  # a title stands at most so many characters below the letter that presents it


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its margins; `shown` is without held places; `gap`: blank lines or a page break before it."""

    start: int
    end: int
    shown: str
    indented: bool
    gap: bool
    page: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file breaks its lines: `width` is what a full line holds, `gaps` whether blank lines part paragraphs."""

    wrapped: bool
    width: int
    gaps: bool


def read_blocks(text: str, end: int) -> list[Block]:
    """Return the paragraphs and headings of text[:end]."""
    lines = read_lines(text, end)
    layout = read_layout(lines)
    hyphens = Hyphens(text[:end])
    groups: list[list[Line]] = []
    for i, line in enumerate(lines):
        if i and _goes_on(lines[i - 1], line, layout, len(groups[-1])):
            groups[-1].append(line)
        else:
            groups.append([line])
    levels = _levels([" ".join(line.shown for line in group) for group in groups], [len(group) for group in groups])
    return [Block(joined(group, hyphens), level) for group, level in zip(groups, levels, strict=True)]


def read_lines(text: str, end: int) -> list[Line]:
    """Return the lines of text[:end] that hold anything."""
    lines: list[Line] = []
    start, gap = 0, False
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        stretch = text[start:stop]
        inner = stretch.strip(" ")
        if inner:
            first = start + len(stretch) - len(stretch.lstrip(" "))
            shown = _PLACE.sub("", inner).strip(" ")
            lines.append(Line(first, first + len(inner), shown, stretch[0] == " ", gap, PAGE in inner))
            gap = False
        else:
            gap = True
        start = stop + 1
    return lines


def read_layout(lines: list[Line]) -> Layout:
    """Return how the lines are broken: wrapped where a quarter of them go on in a next that starts small."""
    pairs = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if not b.gap]
    full = sorted(len(a.shown) for a, b in pairs if b.shown[:1].islower() and not _CLOSED.search(a.shown[-8:]))
    width = full[len(full) * 2 // 3] if full else 0
    gaps = sum(line.gap for line in lines) * 25 > len(lines)
    return Layout(bool(full) and len(full) >= _WRAPPED_SHARE * len(pairs), width, gaps)


def _goes_on(a: Line, b: Line, layout: Layout, lines_so_far: int) -> bool:
    """Return whether line b goes on with the paragraph of line a."""
    starts_small = b.shown[:2].islower()
    closed = bool(_CLOSED.search(a.shown[-8:]))
    if not a.shown or not b.shown:
        return not b.gap
    if b.gap or b.page:
        # A page break can part a sentence; a blank line only does where a full line stands before it.
        unfinished = not closed and starts_small and not _LIST.match(b.shown)
        return unfinished and (b.page or layout.wrapped and lines_so_far > 1 and len(a.shown) > 0.6 * layout.width)
    if _is_signature(a, b) or link_goes_on(a.shown, b.shown):
        return True
    if _NAME.match(a.shown) and len(a.shown) < 60 or _DATELINE.match(a.shown) or _DATELINE.match(b.shown):
        return False
    if _BROKEN.search(a.shown[-3:]) and starts_small:
        return True
    if not layout.wrapped:
        return not closed and starts_small and not _LIST.match(b.shown) and len(a.shown) > 20
    return _goes_on_wrapped(a, b, layout, closed)


def _goes_on_wrapped(a: Line, b: Line, layout: Layout, closed: bool) -> bool:
    first_word = b.shown.split(" ", 1)[0]
    room = layout.width - len(a.shown) - 1 - len(first_word)
    if _LIST.match(b.shown):
        is_dash = b.shown[0] in "-–—" and b.shown[2:3].islower()
        return is_dash and not closed and room < 0.2 * layout.width
    if b.indented and not a.indented:
        return not closed and b.shown[:1].islower()
    if b.shown[:1].islower():
        return True
    if a.shown.isupper() and b.shown.isupper() and not closed:
        return True
    if a.shown.rsplit(" ", 1)[-1].lower() in _NO_LAST_WORD:
        return True
    if closed:
        # A line much longer than the others was never wrapped: its stop ends the paragraph.
        return -0.6 * layout.width < room < (0.5 if layout.gaps else 0.12) * layout.width
    return room < 0.3 * layout.width


def _is_signature(a: Line, b: Line) -> bool:
    """Return whether a minister's office and name follow one another: they are one paragraph."""
    return a.shown.endswith(",") and len(a.shown) < 80 and bool(_NAME.match(b.shown)) and len(b.shown) < 60


def joined(group: Sequence[Line], hyphens: Hyphens) -> tuple[Piece, ...]:
    """Return the lines as pieces with what stands between them: a space, or what mends a broken word."""
    pieces: list[Piece] = []
    said = ""  # the line, with those before it that a link runs through
    for i, line in enumerate(group):
        after = group[i + 1] if i + 1 < len(group) else None
        said += line.shown
        if after is None:
            pieces.append((line.start, line.end))
        elif _BROKEN.search(line.shown[-3:]) and line.shown[-1] in "-\u2010" and after.shown[:1].isalnum():
            between = hyphens.between(said, after.shown)
            said = said if between == "-" else ""
            pieces += _mended(line, between)
        else:
            between = "" if link_goes_on(said, after.shown) else " "
            said = "" if between else said
            pieces += ((line.start, line.end), between)
    return tuple(pieces)


def _mended(line: Line, between: str) -> tuple[Piece, ...]:
    if between == "":
        hyphen = 2 if line.shown[-2] == " " else 1
        return ((line.start, line.end - hyphen),)
    return ((line.start, line.end), " ") if between.endswith(" ") else ((line.start, line.end),)


def _is_body(paragraph: str) -> bool:
    return len(paragraph) > 150 or len(paragraph) > 60 and bool(_CLOSED.search(paragraph[-8:]))


def _may_be_heading(paragraph: str, lines: int) -> bool:
    """Return whether a paragraph looks like a heading: short, starting large, without a closing stop."""
    if len(paragraph) > _LONGEST_HEADING or lines > 3 or len(paragraph.split()) > 20:
        return False
    if paragraph.endswith((",", ".", ":", ";", "!", "…", "-")) or paragraph.endswith("?") and len(paragraph) > 80:
        return False
    if not (paragraph[:1].isupper() or paragraph[:1].isdigit()) or sum(map(str.isalpha, paragraph)) < 3:
        return False
    if _DATELINE.match(paragraph) or _NOTE.match(paragraph) or _NAME.match(paragraph.rsplit(", ", 1)[-1]):
        return False
    return not paragraph.startswith(_NO_HEADING)


def _levels(paragraphs: list[str], lines: list[int]) -> list[int]:
    """Return each paragraph's level as a heading, 0 where it is none: at most three lead to the body they head."""
    levels = [0] * len(paragraphs)
    to_body = _MOST_HEADINGS
    for i in range(len(paragraphs) - 1, -1, -1):
        paragraph = paragraphs[i]
        if to_body < _MOST_HEADINGS and _may_be_heading(paragraph, lines[i]) and not _in_list(paragraphs, i):
            levels[i] = _level(paragraph)
            to_body += 1
        else:
            to_body = 0 if _is_body(paragraph) else _MOST_HEADINGS
    title = _title(paragraphs, levels)
    if title is not None:
        levels[title] = 1
    return levels


def _in_list(paragraphs: list[str], i: int) -> bool:
    return bool(_LIST.match(paragraphs[i])) and i > 0 and bool(_LIST.match(paragraphs[i - 1]))


def _level(heading: str) -> int:
    numbered = _NUMBERED.match(heading)
    return min(6, 2 + numbered[1].count(".")) if numbered else 2


def _title(paragraphs: list[str], levels: list[int]) -> int | None:
    """Return which heading is the document's title: the first that names a kind of document, else a first line."""
    before = 0
    for i, (paragraph, level) in enumerate(zip(paragraphs, levels, strict=True)):
        if level and _TITLE.match(paragraph):
            return i
        before += len(paragraph)
        if before > _LETTER:
            break
    return 0 if levels and levels[0] else None
