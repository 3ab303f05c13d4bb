"""Tests of reader/rows.py: what a cell is said of."""

from __future__ import annotations

import pytest

from navo_qa.reader.rows import Rows
from navo_qa.text.analyse import analyse

HEAD = "Fonds | 2026 | 2027"
PARTS = ("De steun in miljoenen euro.", HEAD, "PURL | 310 | 120", "Ontmijning | 12,5 | –", "Meer volgt in mei.")
TEXT = "\n\n".join(PARTS)
SPANS = [(TEXT.index(part), TEXT.index(part) + len(part)) for part in PARTS]
ROWS = Rows(TEXT, SPANS, [None, None, HEAD, HEAD, None])


def test_a_cell_is_said_of_its_row_and_head() -> None:
    """Elsewhere a sentence is said as it stands."""
    assert ROWS.at(TEXT.index("12,5")) == 3 and ROWS.at(TEXT.index("2026")) is None
    assert ROWS.said(3, TEXT.index("12,5")) == "2026: Ontmijning | 12,5 | –"
    assert ROWS.said(0, 3) == PARTS[0] and ROWS.said(3, 3) == PARTS[3]


def test_around_a_cell_no_other_row_or_column_is_heard() -> None:
    """Prose of the passage and its context stay; of the head that is put above a passage only the cell's own part."""
    alone = ROWS.alone(TEXT.index("12,5"), f"Brief | {HEAD}")
    assert "Brief" in alone and PARTS[0] in alone and PARTS[4] in alone and "2026" in alone
    assert "2027" not in alone and "PURL" not in alone
    assert ROWS.alone(3, "Brief") == f"Brief\n{TEXT}"


@pytest.mark.parametrize(
    ("cell", "question", "wrong"),
    [
        ("12,5", "Hoeveel gaat er in 2027 naar ontmijning?", True),
        ("12,5", "Hoeveel ging er in 2026 naar ontmijning?", False),
        ("12,5", "Hoeveel in 2026 en 2027?", False),
        ("12,5", "Hoeveel in 2025?", False),
        ("Ontmijning", "Waarheen gaat er in 2027 niets?", False),
        ("steun", "Wat is er in 2027?", False),
    ],
)
def test_a_cell_under_another_year_is_none_of_the_year_asked_for(cell: str, question: str, wrong: bool) -> None:
    """Only where that year stands over another cell; the rows' names and prose belong to all years."""
    assert ROWS.of_another_year(TEXT.index(cell), question) is wrong


@pytest.mark.parametrize(
    ("cell", "question", "wrong"),
    [
        ("120", "Hoeveel gaat er in 2027 naar ontmijning?", True),
        ("12,5", "Hoeveel gaat er in 2027 naar ontmijning?", False),
        ("120", "Hoeveel gaat er naar PURL en ontmijning?", False),
        ("120", "How much goes to demining?", False),
        ("PURL", "Hoeveel gaat er naar ontmijning?", False),
        ("steun", "Hoeveel gaat er naar ontmijning?", False),
    ],
)
def test_a_cell_of_another_row_is_none_of_the_row_named(cell: str, question: str, wrong: bool) -> None:
    """Where the question names neither, or both, each may be meant."""
    assert ROWS.of_another_row(TEXT.index(cell), frozenset(analyse(question))) is wrong
