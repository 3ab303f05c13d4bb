"""What is a cell of a table said of? Of its row and of what stands over it, not of the other rows and columns."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from navo_qa.text.analyse import analyse
from navo_qa.text.tables import cell_at, cells, head_cell

Spans = Sequence[tuple[int, int]]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


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

    def of_another_year(self, start: int, question: str) -> bool:
        """Return whether the cell stands under years that the question does not name, one that it names over another.

        Where the cell of the year asked for is empty, the one beside it is no answer.
        """
        if not (asked := set(_YEAR.findall(question))) or (number := self.at(start)) is None:
            return False
        row = self._row(number)
        over = [set(_YEAR.findall(head_cell(self._heads[number], row, i))) for i in range(len(cells(row)))]
        own = over[cell_at(row, start - self._spans[number][0])]
        return bool(own) and not own & asked and any(years & asked for years in over)

    def of_another_row(self, start: int, asked: AbstractSet[str]) -> bool:
        """Return whether the cell stands in a row whose name has no word of the question, all of another row's name.

        asked: the question's stems. The names, a table's first column, are of no row but their own.
        """
        if (number := self.at(start)) is None or not cell_at(self._row(number), start - self._spans[number][0]):
            return False
        own, head = self._names[number], self._heads[number]
        others = (name for i, name in self._names.items() if self._heads[i] == head)
        return bool(own) and not own & asked and any(name and name <= asked for name in others)

    @functools.cached_property
    def _names(self) -> dict[int, frozenset[str]]:
        """The stems of each row's name, its first cell."""
        return {i: frozenset(analyse(row[slice(*cells(row)[0])])) for i in self._heads if (row := self._row(i))}

    def _row(self, number: int) -> str:
        return self._text[slice(*self._spans[number])]
