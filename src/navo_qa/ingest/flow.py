"""Gathers the text of a file that says itself what is a paragraph, a heading or a footnote: Word, HTML, XML, PDF."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from navo_qa.text.aligned import Piece
from navo_qa.text.blocks import MARK, Block, Normalised, Note, compose
from navo_qa.text.normalise import clean


class Flow:
    """A file's characters in the order of reading, and the blocks and notes that are stretches of them.

    The characters given are the raw text that the alignment points into. What is added between two `close` is one
    block. A note is added where its mark stands.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._open: list[Piece] = []
        self._blocks: list[Block] = []
        self._notes: list[Note] = []

    def add(self, text: str) -> None:
        """Add characters to the open block."""
        self._open.append(self._stretch(text))

    def add_between(self, text: str) -> None:
        """Add characters that stand in no file: the bar between two cells of a table."""
        self._open.append(text)

    def add_note(self, label: str, text: str) -> None:
        """Add a footnote's mark to the open block, and its text to the notes."""
        self._open.append(MARK)
        self._notes.append(Note(label.strip().replace("]", "") or "*", (self._stretch(text),)))

    def close(self, level: int = 0) -> None:
        """End the open block, a heading where `level` is not 0."""
        if self._open:
            self._blocks.append(Block(tuple(self._open), level))
            self._open = []

    @property
    def is_open(self) -> bool:
        """Whether anything stands in the open block."""
        return any(piece.strip() if isinstance(piece, str) else piece[1] > piece[0] for piece in self._open)

    @property
    def length(self) -> int:
        """How many characters were given so far."""
        return self._length

    def normalised(self) -> Normalised:
        """Return all blocks as one normalised text."""
        self.close()
        return normalised("".join(self._parts), self._blocks, self._notes)

    def _stretch(self, text: str) -> tuple[int, int]:
        self._parts.append(text)
        start = self._length
        self._length += len(text)
        return start, self._length


def normalised(raw: str, blocks: Sequence[Block], notes: Sequence[Note] = ()) -> Normalised:
    """Return the blocks, whose pieces are stretches of the raw text, cleaned and composed to one text."""
    source = clean(raw)
    starts = source.starts.tolist()

    def pieces(given: Sequence[Piece]) -> tuple[Piece, ...]:
        found: list[Piece] = []
        for piece in given:
            if isinstance(piece, str):
                found.append(piece)
            else:
                found += _flat(source.text, bisect_left(starts, piece[0]), bisect_left(starts, piece[1]))
        return tuple(found)

    placed = [Block(pieces(block.pieces), block.level) for block in blocks]
    return compose(source, placed, [Note(note.label, pieces(note.pieces)) for note in notes])


def _flat(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield a stretch as pieces with a space for every newline."""
    while start < end:
        stop = text.find("\n", start, end)
        if stop < 0:
            yield start, end
            return
        yield start, stop
        yield " "
        start = stop + 1
