"""What is a cell of a table said of? Of its row and of what stands over it, not of the other rows and columns."""

from __future__ import annotations

from collections.abc import Sequence

from navo_qa.text.tables import cell_at, head_cell

Spans = Sequence[tuple[int, int]]


class Rows:
    """The rows of the tables in a passage that have a head.

    text: the passage's. sentences: its spans. heads: for each of these the head over it, None where there is none.
    """

    def __init__(self, text: str, sentences: Spans, heads: Sequence[str | None]) -> None:
        self._text, self._spans = text, sentences
        self._heads = {i: head for i, head in enumerate(heads) if head is not None}

    def at(self, start: int) -> int | None:
        """Return the number of the sentence that holds the character, if it is a row with a head."""
        return next((i for i in self._heads if self._spans[i][0] <= start < self._spans[i][1]), None)

    def said(self, number: int, start: int) -> str:
        """Return the sentence of this number; a row after what stands over the character."""
        row = self._row(number)
        head = self._heads.get(number)
        if head is None or self.at(start) != number:
            return row
        return f"{head_cell(head, row, cell_at(row, start - self._spans[number][0]))}: {row}"

    def alone(self, start: int, context: str) -> str:
        """Return context and passage; around a cell without other rows and the heads of other columns."""
        if (number := self.at(start)) is None:
            return f"{context}\n{self._text}"
        head = self._heads[number]
        rest = [self._row(i) for i in range(len(self._spans)) if i not in self._heads]
        return "\n".join(
            [context.replace(head, ""), *(part for part in rest if part != head), self.said(number, start)]
        )

    def _row(self, number: int) -> str:
        return self._text[slice(*self._spans[number])]
