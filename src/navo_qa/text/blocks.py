"""Blocks, the paragraphs and headings a reader found, and how they become one text in which every offset counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navo_qa.text.aligned import AlignedText, Edit, Piece
from navo_qa.types import Alignment, Footnote, Heading, Page

# Noncharacters, dropped from every raw text: they hold a place until the offsets are known.
MARK = "\ufdd0"  # a footnote's mark stood here
PAGE = "\ufdd1"  # a page began here
PLACES = f"{MARK}{PAGE}"

_SPACES = re.compile(f"[ {PLACES}]{{2,}}|(?:(?<=\\n)|^) | (?=\\n|$)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading of `level` 1 to 6: stretches of a source text, and literal strings."""

    pieces: tuple[Piece, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote's text. The k-th note belongs to the k-th MARK of the body."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text whose paragraphs are one blank line apart, what stands where in it, and its map to the raw text."""

    text: str
    headings: tuple[Heading, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    pages: tuple[Page, ...] = ()
    alignment: Alignment = Alignment()


def compose(source: AlignedText, blocks: Sequence[Block], notes: Sequence[Note] = ()) -> Normalised:
    """Return the blocks as one text, each note after the block that bears its mark: "[1] Kamerstuk 28676, nr. 499"."""
    ordered = list(_with_notes(list(_shown(source.text, blocks)), source.text, notes))
    pieces: list[Piece] = []
    for block, _ in ordered:
        pieces += ("\n\n", *block.pieces)
    whole = source.assemble(pieces[1:])
    whole = whole.edit(_single_spaces(whole.text))
    anchors = _places(whole.text, MARK)
    pages = _places(whole.text, PAGE)
    whole = whole.edit((match.start(), match.end(), "") for match in re.finditer(f"[{PLACES}]", whole.text))
    return _described(whole, ordered, anchors, pages)


def _described(
    whole: AlignedText, ordered: list[tuple[Block, int | None]], anchors: list[int], breaks: list[int]
) -> Normalised:
    headings: list[Heading] = []
    footnotes: list[Footnote] = []
    start = 0
    paragraphs = whole.text.split("\n\n") if whole.text else []
    for (block, note), paragraph in zip(ordered, paragraphs, strict=True):
        end = start + len(paragraph)
        if note is not None:
            label = paragraph[1 : paragraph.index("]")]
            footnotes.append(Footnote(label, anchors[note], start, end))
        elif block.level:
            headings.append(Heading(start, end, block.level))
        start = end + 2
    pages = _pages(breaks, len(whole.text))
    return Normalised(whole.text, tuple(headings), tuple(footnotes), pages, whole.alignment())


def _shown(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks that show anything; the places held by the others go to the next, the last to the last."""
    held = ""
    last: Block | None = None
    for block in blocks:
        visible = _visible(text, block.pieces)
        if visible.strip(f" \n{PLACES}"):
            if last is not None:
                yield last
            last = Block((held, *block.pieces), block.level) if held else block
            held = ""
        else:
            held += "".join(character for character in visible if character in PLACES)
    if last is not None:
        yield Block((*last.pieces, held), last.level) if held else last


def _with_notes(blocks: list[Block], text: str, notes: Sequence[Note]) -> Iterator[tuple[Block, int | None]]:
    """Yield each block, then the notes whose marks it bears, with the note's number."""
    k = 0
    for block in blocks:
        yield block, None
        for _ in range(_visible(text, block.pieces).count(MARK)):
            yield Block((f"[{notes[k].label}] ", *notes[k].pieces)), k
            k += 1


def _visible(text: str, pieces: Sequence[Piece]) -> str:
    return "".join(piece if isinstance(piece, str) else text[piece[0] : piece[1]] for piece in pieces)


def _single_spaces(text: str) -> Iterator[Edit]:
    """Yield the edits that leave one space between words and none at a paragraph's edge."""
    for match in _SPACES.finditer(text):
        start, end = match.span()
        marks, breaks = match[0].count(MARK), match[0].count(PAGE)
        at_edge = start == 0 or end == len(text) or text[start - 1] == "\n" or text[end] == "\n"
        space = " " if " " in match[0] and not at_edge else ""
        replacement = MARK * marks + space + PAGE * breaks
        if replacement != match[0]:
            yield start, end, replacement


def _places(text: str, place: str) -> list[int]:
    """Return where each place will stand once all places are taken out."""
    places: list[int] = []
    out = 0
    for match in re.finditer(f"[{PLACES}]", text):
        if match[0] == place:
            places.append(match.start() - out)
        out += 1
    return places


def _pages(breaks: list[int], length: int) -> tuple[Page, ...]:
    """Return the pages that the breaks part the text into; none where there is no break."""
    if not breaks:
        return ()
    edges = [0, *breaks, length]
    pages = (Page(number, start, end) for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False), 1))
    return tuple(page for page in pages if page.end > page.start)
