"""From a PDF's lines to its paragraphs: columns in their order, running heads out, footnotes to their marks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from navo_qa.ingest.glyphs import Line
from navo_qa.ingest.margins import CLOSED, QUESTION, Sheet, take_margins
from navo_qa.text.aligned import Piece
from navo_qa.text.blocks import MARK, Block, Note
from navo_qa.text.hyphens import Hyphens, link_goes_on

# "2.900 woningen" and "(h)erkend" begin no entry of a list, "2.1 Inzet" does.
_LIST = re.compile(
    r"(?:[•·▪◦●○‣⁃■□➢✓✔–—]|[-*o](?= )|\(?\d{1,2}[.)](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}(?=\.? [A-ZÀ-Þ])"
    r"|\((?:[a-z]|[ivx]{1,4})\)(?![a-zà-ÿ])|(?:[a-z]|[ivx]{1,4})\))\s*\S"
)
_BROKEN = re.compile(r"\w[-\u2010]$")
_LABEL = re.compile(r"(\d{1,3})[.)]? +(?=[^\W\d_]|[\"'“‘„«(])")
_RAISED_LABEL = re.compile(r"(\d{1,3})[.)]? ?")
_MOST_BLOCKS = 120
_FEWEST_CELLS = 3
_LONGEST_CELL = 60  # characters
_SENTENCE = 3  # spaces in a cell of which a row has one at most


@dataclass(frozen=True, slots=True)
class Laid:
    """A document's blocks and notes, and the lines left out as running heads and page numbers."""

    blocks: list[Block]
    notes: list[Note]
    margins: list[str]


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Foot:
    """A footnote at the foot of a page."""

    label: str
    lines: list[Line]
    skipped: int


@dataclass(frozen=True, slots=True)
class _Measure:
    """What the document's running text measures: its size, its leading over its size, columns' right edges."""

    size: float
    leading: float
    rights: Mapping[int, float]

    def right(self, line: Line) -> float:
        """Return the right edge of the line's column."""
        if line.edge:
            return line.edge
        keys = range(int(line.left // 10) - 2, int(line.left // 10) + 2)
        return max([line.right, *(self.rights[key] for key in keys if key in self.rights)])


def lay_out(sheets: Sequence[Sheet]) -> Laid:
    """Return the paragraphs, headings and footnotes of a document's pages."""
    margins = take_margins(sheets)
    measure = _measured([line for sheet in sheets for line in sheet.lines])
    paragraphs: list[_Paragraph] = []
    feet: list[list[_Foot]] = []
    for sheet in sheets:
        body, foot = _feet(sheet.lines, measure)
        feet.append(foot)
        on_page = list(_paragraphs(_ordered(_with_rows(body), measure), measure))
        if paragraphs and on_page and _continues(paragraphs[-1], on_page[0], measure):
            paragraphs[-1].lines += on_page.pop(0).lines
        paragraphs += on_page
    _set_levels(paragraphs, measure)
    text = "\n".join(line.text for paragraph in paragraphs for line in paragraph.lines)
    return _Writer(Hyphens(text), feet, [sheet.number for sheet in sheets]).written(paragraphs, margins)


class _Writer:
    """Turns paragraphs of lines into blocks, and marks with a note at their page's foot into footnotes."""

    def __init__(self, hyphens: Hyphens, feet: Sequence[list[_Foot]], numbers: Sequence[int]) -> None:
        self._hyphens = hyphens
        self._feet = {
            number: {foot.label: foot for foot in reversed(on_page)}
            for number, on_page in zip(numbers, feet, strict=True)
        }
        self._all = dict(zip(numbers, feet, strict=True))
        self._notes: list[Note] = []
        self._used: set[int] = set()

    def written(self, paragraphs: Sequence[_Paragraph], margins: list[str]) -> Laid:
        """Return the blocks; a note that no mark asks for is a paragraph at the end of its page."""
        blocks: list[Block] = []
        page = paragraphs[0].lines[0].page if paragraphs else 0
        for paragraph in paragraphs:
            first = paragraph.lines[0].page
            if first != page:
                blocks += self._left_over(page, first)
                page = first
            blocks.append(Block(tuple(self._pieces(paragraph.lines, marks=True)), paragraph.level))
        blocks += self._left_over(page, max(self._all, default=0) + 1)
        return Laid(blocks, self._notes, margins)

    def _left_over(self, first: int, end: int) -> Iterator[Block]:
        for number in range(first, end):
            for foot in self._all.get(number, ()):
                if id(foot) not in self._used:
                    yield Block(tuple(self._pieces(foot.lines, marks=False)))

    def _pieces(self, lines: Sequence[Line], *, marks: bool, skipped: int = 0) -> Iterator[Piece]:
        said = ""  # the line, with those before it that a link runs through
        for i, line in enumerate(lines):
            pieces = list(self._marked(line)) if marks else list(line.pieces)
            if skipped and i == 0:
                pieces = _without(pieces, skipped)
            after = lines[i + 1].text if i + 1 < len(lines) else None
            said += line.text
            if after is None:
                yield from pieces
            elif _BROKEN.search(line.text[-2:]) and after[:1].isalnum():
                between = self._hyphens.between(said, after)
                said = said if between == "-" else ""
                yield from self._mended(pieces, between)
            else:
                between = "" if link_goes_on(said, after) else " "
                said = "" if between else said
                yield from (*pieces, between)

    def _mended(self, pieces: list[Piece], between: str) -> Iterator[Piece]:
        *rest, last = pieces
        yield from rest
        if between == "" and not isinstance(last, str):
            yield last[0], last[1] - 1
        else:
            yield last
            if between.endswith(" "):
                yield " "

    def _marked(self, line: Line) -> Iterator[Piece]:
        """Yield a line's pieces with a MARK for each raised number that has a note."""
        for piece in line.pieces:
            if isinstance(piece, str):
                yield piece
                continue
            done, end = piece
            for start, stop in line.marks:
                if done <= start and stop <= end and (foot := self._foot(line, start, stop)):
                    self._used.add(id(foot))
                    self._notes.append(
                        Note(foot.label, tuple(self._pieces(foot.lines, marks=False, skipped=foot.skipped)))
                    )
                    yield from ((done, start), MARK)
                    done = stop
            yield done, end

    def _foot(self, line: Line, start: int, stop: int) -> _Foot | None:
        foot = self._feet.get(line.page, {}).get(_digits(line, (start, stop)))
        return foot if foot is not None and id(foot) not in self._used else None


def _without(pieces: list[Piece], skipped: int) -> list[Piece]:
    """Return the pieces without their first characters."""
    left: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str):
            left.append(piece[skipped:])
            skipped = max(0, skipped - len(piece))
        else:
            cut = min(skipped, piece[1] - piece[0])
            left.append((piece[0] + cut, piece[1]))
            skipped -= cut
    return left


def _measured(lines: Sequence[Line]) -> _Measure:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    drops: Counter[float] = Counter()
    wide: Counter[float] = Counter()
    for a, b in zip(lines, lines[1:], strict=False):
        drop = (a.y - b.y) / size
        if a.page == b.page and a.size == b.size == size and 0 < drop < 2.5 and abs(a.left - b.left) < 2:
            (drops if drop < 1.8 else wide)[round(drop, 2)] += drop < 1.8 or not CLOSED.search(a.text)
    # Some fonts tell half of their size: then only the lines that end in mid-sentence show how far lines stand apart.
    drops = drops or +wide
    edges: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        edges[int(line.left // 10)].append(line.right)
    rights = {
        key: sorted(found)[max(0, len(found) - 1 - len(found) // 50)] for key, found in edges.items() if len(found) > 2
    }
    return _Measure(size, drops.most_common(1)[0][0] if drops else 1.2, rights)


def _feet(lines: list[Line], measure: _Measure) -> tuple[list[Line], list[_Foot]]:
    """Return a page's lines without its footnotes, and the footnotes: small lines at its foot that start a number."""
    lowest = min((line.y for line in lines if line.size >= 0.93 * measure.size), default=1e9)
    below = sorted((line for line in lines if line.y < lowest), key=lambda line: (-round(line.y), line.left))
    asked = {_digits(line, mark) for line in lines if line.y >= lowest for mark in line.marks if mark[0] != line.start}
    feet: list[_Foot] = []
    taken: set[int] = set()
    for line in below:
        raised = any(start == line.start for start, _ in line.marks)
        label = (_RAISED_LABEL if raised else _LABEL).match(line.text)
        if label and (raised or label[1] in asked or feet and int(label[1]) == int(feet[-1].label) + 1):
            feet.append(_Foot(label[1], [line], len(label[0])))
        elif feet and _follows(feet[-1].lines[-1], line):
            feet[-1].lines.append(line)
        else:
            continue
        taken.add(id(line))
    return [line for line in lines if id(line) not in taken], feet


def _with_rows(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with each row of a table as one line, at the place of its first: "Grond | 2021 | 2022"."""
    by_row: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_row[round(line.y)].append(line)
    rows: dict[int, Line] = {}
    for cells in by_row.values():
        cells.sort(key=lambda cell: cell.left)
        apart = all(a.right < b.left for a, b in zip(cells, cells[1:], strict=False))
        prose = sum(cell.text.count(" ") >= _SENTENCE for cell in cells) > 1  # columns set line by line
        if len(cells) >= _FEWEST_CELLS and apart and not prose and max(len(c.text) for c in cells) < _LONGEST_CELL:
            row = _row(cells)
            rows |= {id(cell): row for cell in cells}
    found: dict[int, Line] = {}
    for line in lines:
        kept = rows.get(id(line), line)
        found.setdefault(id(kept), kept)
    return list(found.values())


def _row(cells: Sequence[Line]) -> Line:
    pieces: list[Piece] = []
    for cell in cells:
        pieces += (*cell.pieces, " | ")
    first = cells[0]
    return replace(
        first, pieces=tuple(pieces[:-1]), text=" | ".join(cell.text for cell in cells), right=cells[-1].right,
        marks=[mark for cell in cells for mark in cell.marks], row=True,
    )  # fmt: skip


def _follows(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) < 0.08 * a.size and -1 < a.y - b.y < 2 * a.size


def _digits(line: Line, mark: tuple[int, int]) -> str:
    """Return the characters of a mark."""
    offset = 0
    for piece in line.pieces:
        length = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
        if not isinstance(piece, str) and piece[0] <= mark[0] < piece[1]:
            return line.text[offset + mark[0] - piece[0] : offset + mark[1] - piece[0]]
        offset += length
    return ""


def _ordered(lines: Sequence[Line], measure: _Measure) -> list[Line]:
    """Return the lines in the order of reading: down a column, then the next."""
    blocks: list[list[Line]] = []
    for line in lines:
        last = blocks[-1][-1] if blocks else None
        if last is not None and 0 < last.y - line.y < 2.5 * max(last.size, line.size) and _overlap(last, line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    if len(blocks) > _MOST_BLOCKS:
        return list(lines)
    boxes = [_box(block) for block in blocks]
    for block, box in zip(blocks, boxes, strict=True):
        if any(other[0] >= box[2] and other[1] < box[3] and box[1] < other[3] for other in boxes):
            for line in block:  # beside another column: its own lines say how wide it is
                line.edge = box[2]
    order: list[int] = []
    left = list(range(len(blocks)))
    before = {(a, b) for a in left for b in left if a != b and _before(boxes[a], boxes[b], boxes)}
    while left:
        free = [b for b in left if not any((a, b) in before for a in left if a != b)]
        chosen = free[0] if free else left[0]
        order.append(chosen)
        left.remove(chosen)
    return [line for i in order for line in blocks[i]]


_Box = tuple[float, float, float, float]  # left, bottom, right, top


def _box(lines: Sequence[Line]) -> _Box:
    return (
        min(line.left for line in lines),
        min(line.y for line in lines),
        max(line.right for line in lines),
        max(line.y + 0.7 * line.size for line in lines),
    )


def _before(a: _Box, b: _Box, boxes: Sequence[_Box]) -> bool:
    """Return whether a is read before b: above it in one column, or left of it with nothing across between.

    Source: Breuel, High performance document layout analysis, 2003.
    """
    if a[0] < b[2] and b[0] < a[2]:
        return a[1] + a[3] > b[1] + b[3]
    if a[2] > b[0]:
        return False
    low, high = min(a[1], b[1]), max(a[3], b[3])
    across = (c for c in boxes if c is not a and c is not b and low < (c[1] + c[3]) / 2 < high)
    return not any(c[0] < a[2] and c[2] > a[0] and c[0] < b[2] and c[2] > b[0] for c in across)


def _overlap(a: Line, b: Line) -> bool:
    return a.left < b.right and b.left < a.right


def _paragraphs(lines: Sequence[Line], measure: _Measure) -> Iterator[_Paragraph]:
    group: list[Line] = []
    for line in lines:
        if group and not _goes_on(group, line, measure):
            yield _Paragraph(group)
            group = []
        group.append(line)
    if group:
        yield _Paragraph(group)


def _goes_on(group: Sequence[Line], b: Line, measure: _Measure) -> bool:
    """Return whether a line goes on with the paragraph of the lines above it."""
    a = group[-1]
    if a.row or b.row:
        return False
    drop = a.y - b.y
    if abs(drop) < 1 and 0 <= b.left - a.right:  # a wide gap on one line, as between the cells of a row
        return False
    limit = 1.35 * max(measure.leading, 1.0) * max(a.size, b.size)
    if drop <= 0 or drop > limit or not _overlap(a, b) or abs(a.size - b.size) > 0.08 * max(a.size, b.size):
        return False
    if a.bold != b.bold and (a.bold or CLOSED.search(a.text)):
        return False
    return _reads_on(group, b, measure)


def _reads_on(group: Sequence[Line], b: Line, measure: _Measure) -> bool:
    a = group[-1]
    if _lists(a, b) and b.left < a.left + 3 * a.size or QUESTION.match(a.text) or QUESTION.match(b.text):
        return False
    if _BROKEN.search(a.text):
        return True
    closed = bool(CLOSED.search(a.text))
    room = measure.right(a) - a.right
    # A line that is not closed may end early, before what stays together: "Sinds" + "1 januari 2022".
    needed = b.first + 0.35 * a.size if closed else max(b.first + 0.35 * a.size, 4 * a.size)
    if room > needed and (closed or not b.text[:1].islower()):
        return False
    indented = b.left - a.left > 0.8 * a.size
    hangs = len(group) == 1 and bool(_LIST.match(a.text))
    return not (indented and not hangs and closed)


def _lists(a: Line, b: Line) -> bool:
    """Return whether the second line begins an entry of a list; a dash within brackets begins none."""
    within = b.text[:1] in "–—" and a.text.count("(") > a.text.count(")")
    return bool(_LIST.match(b.text)) and not within


def _continues(last: _Paragraph, first: _Paragraph, measure: _Measure) -> bool:
    """Return whether a paragraph goes on from one page to the next."""
    a, b = last.lines[-1], first.lines[0]
    if abs(a.size - b.size) > 0.08 * a.size or a.bold != b.bold or _lists(a, b) or CLOSED.search(a.text):
        return False
    if a.row or b.row or QUESTION.match(a.text) or QUESTION.match(b.text):
        return False
    return b.text[:1].islower() or bool(_BROKEN.search(a.text)) or measure.right(a) - a.right < b.first + 4 * a.size


def _set_levels(paragraphs: Sequence[_Paragraph], measure: _Measure) -> None:
    """Set the levels of the headings: larger or bold, short, without a stop; the largest is level 1."""
    large = sorted({p.lines[0].size for p in paragraphs if p.lines[0].size > 1.12 * measure.size}, reverse=True)
    bold_body = sum(p.lines[0].bold for p in paragraphs) * 2 > len(paragraphs)
    for paragraph in paragraphs:
        first = paragraph.lines[0]
        text = " ".join(line.text for line in paragraph.lines)
        if first.row or len(paragraph.lines) > 3 or len(text) > 200 or sum(map(str.isalpha, text)) < 3:
            continue
        if QUESTION.match(text):
            paragraph.level = 4
        elif CLOSED.search(text) and not text.endswith("?") or text[-1] in ",;" or _LIST.match(text) and not first.bold:
            continue
        elif first.size in large:
            paragraph.level = min(1 + large.index(first.size), 4)
        elif not bold_body and all(line.bold for line in paragraph.lines) and len(text) < 120:
            paragraph.level = 4
