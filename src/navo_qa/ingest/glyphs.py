"""Which characters stand where on a PDF's page, and which lines do they make?"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from navo_qa.text.aligned import Piece

_LABEL = re.compile(r"(?:[•·▪◦●○‣■□➢✓*–—\-o]|\(?\d{1,3}[.)]?|\(?[a-z][.)])$")
_GAP = 2.5  # of the size: a wider gap parts two columns
_INDENT = 5.0  # of the size: the widest gap between the mark of a list and its text
_RAISED = 0.12  # of the size: a digit raised more is a footnote's mark
_SMALL = 0.85  # of the line's size: a mark is smaller
_HYPHEN = 2  # pdfium's own code for a hyphen at a line's end
# Accents that some fonts draw as characters of their own, and the marks that make one letter of them.
_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c", "˘": "\u0306",
    "˙": "\u0307", "˚": "\u030a", "˝": "\u030b", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip


class Glyph(NamedTuple):
    """A visible character: its offset in the raw text, its origin, its edges and height in points, y upwards."""

    at: int
    x: float
    y: float
    right: float
    size: float
    character: str


@dataclass(slots=True)
class Line:
    """A line of one column: its pieces of the raw text, its edges, baseline and size in points.

    marks: the stretches that are raised digits. first: the width of its first word. edge: of its column, if known.
    row: whether it is a table's row, its cells parted by bars.
    """

    page: int
    pieces: tuple[Piece, ...]
    text: str
    left: float
    right: float
    y: float
    size: float
    first: float
    bold: bool = False
    marks: list[tuple[int, int]] = field(default_factory=list)
    edge: float = 0.0
    row: bool = False

    @property
    def start(self) -> int:
        """Where the line starts in the raw text."""
        return next(piece[0] for piece in self.pieces if not isinstance(piece, str))

    @property
    def end(self) -> int:
        """Where the line ends in the raw text, exclusive."""
        return next(piece[1] for piece in reversed(self.pieces) if not isinstance(piece, str))


def read_glyphs(page: Any, offset: int) -> tuple[str, list[Glyph]]:  # noqa: ANN401
    """Return the raw characters of a pdfium text page, and those that show with their places.

    offset: of the page's first character in the document's raw text.
    """
    from pypdfium2 import raw

    page = page.raw  # the handle itself: the wrapper costs as much as the call
    count = raw.FPDFText_CountChars(page)
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    by_x, by_y, by_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
    code_at, origin, loose = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin, raw.FPDFText_GetLooseCharBox
    text = "".join(_characters([code_at(page, i) for i in range(count)]))
    glyphs: list[Glyph] = []
    for i, character in enumerate(text):
        if character.isspace() or character == "\0":
            continue
        origin(page, i, by_x, by_y)
        loose(page, i, by_box)
        glyphs.append(Glyph(offset + i, x.value, y.value, box.right, box.top - box.bottom, character))
    return _with_accents(text, glyphs, offset)


def _with_accents(text: str, glyphs: list[Glyph], offset: int) -> tuple[str, list[Glyph]]:
    """Return text and glyphs with each accent that is drawn over a letter as that letter's mark: "c´" -> "ć"."""
    if not any(accent in text for accent in _ACCENTS):
        return text, glyphs
    characters = list(text)
    for i in range(1, len(glyphs)):
        first, second = glyphs[i - 1], glyphs[i]
        letter, accent = (second, first) if first.character in _ACCENTS else (first, second)
        if second.at == first.at + 1 and _drawn_over(accent, letter):
            for at, glyph, character in ((i - 1, first, letter.character), (i, second, _ACCENTS[accent.character])):
                characters[glyph.at - offset] = character
                glyphs[at] = glyph._replace(character=character)
    return "".join(characters), glyphs


def _drawn_over(accent: Glyph, letter: Glyph) -> bool:
    """Return whether an accent stands over a letter and makes one with it; beside it, as in "foto´s", it is none."""
    mark = _ACCENTS.get(accent.character)
    if mark is None or len(unicodedata.normalize("NFC", letter.character + mark)) > 1:
        return False
    middle = (accent.x + accent.right) / 2
    return letter.x < middle < letter.right and abs(accent.y - letter.y) < letter.size


def is_bold(page: Any, at: int) -> bool:  # noqa: ANN401
    """Return whether the font of a character says that it is bold."""
    from pypdfium2 import raw

    name, flags = ctypes.create_string_buffer(120), ctypes.c_int()
    raw.FPDFText_GetFontInfo(page, at, name, 120, flags)
    return b"bold" in name.value.lower() or b"black" in name.value.lower() or bool(flags.value & 0x40000)


def read_lines(glyphs: Sequence[Glyph], raw: str, offset: int, page: int) -> Iterator[Line]:
    """Yield the lines of a page in the order of the file. raw: the page's own characters."""
    group: list[Glyph] = []
    for glyph in glyphs:
        if group and _parts(group, glyph):
            yield _line(group, raw, offset, page)
            group = []
        group.append(glyph)
    if group:
        yield _line(group, raw, offset, page)


def _characters(codes: Sequence[int]) -> Iterator[str]:
    """Yield one character a code; a pair of surrogates becomes its character and a NUL, which keeps the count."""
    i = 0
    while i < len(codes):
        code = codes[i]
        if 0xD800 <= code < 0xDC00 and i + 1 < len(codes) and 0xDC00 <= codes[i + 1] < 0xE000:
            yield chr(0x10000 + ((code - 0xD800) << 10) + codes[i + 1] - 0xDC00)
            yield "\0"
            i += 2
            continue
        hyphen = code in (_HYPHEN, 0xFFFE)
        yield "-" if hyphen else chr(code) if code < 0x110000 and not 0xFDD0 <= code < 0xFDF0 else "\0"
        i += 1


def _parts(group: list[Glyph], glyph: Glyph) -> bool:
    """Return whether a glyph starts another line than the group's."""
    last = group[-1]
    size = last.size if last.size > glyph.size else glyph.size
    drop = last.y - glyph.y
    gap = glyph.x - last.right
    if -0.25 * size < drop < 0.25 * size and -2 * size <= gap <= _GAP * size:  # nearly always
        return False
    if abs(drop) > 0.7 * size or gap < -2 * size:
        return True
    if abs(drop) > 0.25 * size and gap < -size and min(last.size, glyph.size) > _SMALL * size:
        return True
    return gap > _GAP * size and (
        len(group) > 4 or gap > _INDENT * size or not _LABEL.match("".join(g.character for g in group))
    )


def _line(group: list[Glyph], raw: str, offset: int, page: int) -> Line:
    size = _commonest([glyph.size for glyph in group])
    y = _commonest([glyph.y for glyph in group])
    pieces: list[Piece] = []
    start = group[0].at
    for before, after in zip(group, group[1:], strict=False):
        between = raw[before.at + 1 - offset : after.at - offset]
        if "\n" in between:  # pdfium broke the line where none is broken: before and after a raised mark
            pieces.append((start, before.at + 1))
            pieces.append(" " if after.x - before.right > 0.12 * size else "")
            start = after.at
    pieces.append((start, group[-1].at + 1))
    text = "".join(piece if isinstance(piece, str) else raw[piece[0] - offset : piece[1] - offset] for piece in pieces)
    return Line(
        page, tuple(pieces), text, group[0].x, group[-1].right, y, size, _first_word(group), False,
        list(_marks(group, size, y)) if min(glyph.size for glyph in group) < _SMALL * size else [],
    )  # fmt: skip


def _commonest(values: list[float]) -> float:
    """Return the value that most glyphs of a line have, to a tenth of a point."""
    if max(values) - min(values) < 0.05:
        return round(values[0], 1)
    return Counter(round(value, 1) for value in values).most_common(1)[0][0]


def _first_word(group: Sequence[Glyph]) -> float:
    for before, after in zip(group, group[1:], strict=False):
        if after.at > before.at + 1 and after.x - before.right > 0.05 * before.size:
            return before.right - group[0].x
    return group[-1].right - group[0].x


def _marks(group: Sequence[Glyph], size: float, y: float) -> Iterator[tuple[int, int]]:
    """Yield the stretches of raised small digits."""
    run: list[Glyph] = []
    for glyph in (*group, None):
        raised = glyph is not None and glyph.character.isdigit() and glyph.size < _SMALL * size
        if glyph is not None and raised and glyph.y > y + _RAISED * size:
            if run and glyph.at != run[-1].at + 1:
                yield run[0].at, run[-1].at + 1
                run = []
            run.append(glyph)
        elif run:
            yield run[0].at, run[-1].at + 1
            run = []
