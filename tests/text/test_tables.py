"""Tests of text/tables.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.text.sentences import sentences
from navo_qa.text.tables import (
    FURTHEST,
    LONGEST_ROW,
    cell_at,
    cells,
    head_above,
    head_cell,
    heads,
    is_head,
    is_row,
    spelled,
)

HEAD, FIRST, SECOND = "Fonds | 2026 | 2027", "Luchtverdediging | 12,5 | 14,0", "Mijnenruiming | – | 3,2"
TABLE = f"{HEAD}\n\n{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    ("row", "made"),
    [
        ("Naam | Rol", ["Naam", "Rol"]),
        ("| | Demo | 27 okt", ["", "", "Demo", "27 okt"]),
        ("Plan | | Aangepast", ["Plan", "", "Aangepast"]),
        ("Azure |", ["Azure", ""]),
    ],
)
def test_cells(row: str, made: list[str]) -> None:
    """Empty cells keep their place."""
    assert [row[a:b] for a, b in cells(row)] == made


@given(st.text("ab |", max_size=20))
def test_cells_are_slices(row: str) -> None:
    """Every cell is a slice without space at its ends, in order, and each of its characters is in that cell."""
    found = cells(row)
    assert len(found) == row.count("|") + 1
    for number, (start, end) in enumerate(found):
        assert 0 <= start <= end <= len(row) and row[start:end] == row[start:end].strip()
        assert all(cell_at(row, at) == number for at in range(start, end))


def test_a_row_says_what_its_cells_stand_for() -> None:
    """An empty cell says nothing; a head that lacks its first cell ends with the row."""
    assert spelled(HEAD, FIRST) == "Fonds: Luchtverdediging; 2026: 12,5; 2027: 14,0"
    assert spelled("2026 | 2027", FIRST) == "Luchtverdediging; 2026: 12,5; 2027: 14,0"
    assert spelled("| Deel | Datum", "| | 27 okt") == "Datum: 27 okt"
    assert head_cell("2026 | 2027", FIRST, 0) == "" and head_cell(HEAD, "a | b | c | d", 3) == "2027"


def test_a_head_holds_no_figures_but_years() -> None:
    """A first row of figures is a row like the others."""
    assert is_head(HEAD) and is_head("Grond | Meldingen in 2021") and not is_head(FIRST)
    assert is_row("a | b") and is_row("| Azure |") and not is_row("Zie: a|b")


def test_heads_of_sentences() -> None:
    """Prose ends a table; what comes after it has a head of its own."""
    said = ["Stand van zaken.", HEAD, FIRST, SECOND, "Daarna:", "a | 1", "b | 2"]
    assert heads(said) == [None, None, HEAD, HEAD, None, None, None]
    assert heads([FIRST, SECOND], HEAD) == [HEAD, HEAD]
    assert heads([FIRST, SECOND], "") == [None, None]


def test_the_head_above_a_row() -> None:
    """Of a row in the middle; the first row, prose, and a table without a head have none."""
    text = f"Inleiding.\n\n{TABLE}\n\nSlot."
    assert head_above(text, text.index(SECOND)) == HEAD
    assert head_above(text, text.index(HEAD)) is None and head_above(text, text.index("Slot")) is None
    assert head_above(text, text.index("14,0")) is None
    assert head_above(f"{FIRST}\n\n{SECOND}", len(FIRST) + 2) == ""
    long = "\n\n".join([HEAD, *["a | b"] * (FURTHEST + 5), FIRST])
    assert head_above(long, long.index(FIRST)) is None


def test_a_row_is_one_sentence() -> None:
    """Stops in its cells end nothing, unless it is very long; prose around it is cut as ever."""
    row = "2. Proef | Er is een begin gemaakt. Er volgt meer. | | In uitvoering"
    text = f"Eerst dit. Dan dat.\n\n{row}\n\nTot slot. Klaar."
    assert [text[a:b] for a, b in sentences(text)] == ["Eerst dit.", "Dan dat.", row, "Tot slot.", "Klaar."]
    long = "Kop | " + "Dit is een zin. " * (LONGEST_ROW // 16 + 1)
    assert len(sentences(long)) > 10
