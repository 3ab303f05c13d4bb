"""Which columns of a table does each of its cells take, where some span several columns or rows?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Cell = TypeVar("Cell")

WIDEST = 64  # columns of a cell, for a hostile file may claim millions
HIGHEST = 1000


class Columns(Generic[Cell]):
    """A table's columns, of which cells of earlier rows may still take some."""

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}  # columns that are taken, for how many rows more

    def row(self, cells: Iterable[tuple[Cell, int, int]]) -> Iterator[Cell | None]:
        """Yield a row's cells, None for each column that a cell beside or above it takes.

        cells: each with how many columns and how many rows it takes.
        """
        taken = self._taken
        self._taken = {column: rows - 1 for column, rows in taken.items() if rows > 1}
        column = 0
        for cell, wide, high in cells:
            while column in taken:
                yield None
                column += 1
            wide = max(1, min(wide, WIDEST))
            if high > 1:
                self._taken |= dict.fromkeys(range(column, column + wide), min(high, HIGHEST) - 1)
            yield cell
            yield from [None] * (wide - 1)
            column += wide
        while column in taken:
            yield None
            column += 1


def count(written: str | None) -> int:
    """Return a number of columns or rows as a file writes it, 1 where it is none."""
    return int(written) if written and written.isascii() and written.isdigit() and 0 < len(written) < 7 else 1
