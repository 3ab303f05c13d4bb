"""Tests of text/tables.py."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.ingest.md import parse_markdown
from navo_qa.text.sentences import sentences
from navo_qa.text.tables import (
    LONGEST_HEAD,
    LONGEST_ROW,
    cell_at,
    cells,
    head_cell,
    heads,
    is_head,
    is_row,
    spelled,
)
from test_chunk import document

HEAD, FIRST, SECOND = "Fonds | 2026 | 2027", "Luchtverdediging | 12,5 | 14,0", "Mijnenruiming | – | 3,2"
TABLE = f"{HEAD}\n\n{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    ("row", "made"),
    [
        ("Naam | Rol", ["Naam", "Rol"]),
        ("| | Demo | 27 okt", ["", "", "Demo", "27 okt"]),
        ("Plan | | Aangepast", ["Plan", "", "Aangepast"]),
        ("Azure |", ["Azure", ""]),
        ("F-16|F-35 | 12", ["F-16|F-35", "12"]),
        ("|", ["", ""]),
    ],
)
def test_cells(row: str, made: list[str]) -> None:
    """Empty cells keep their place."""
    assert [row[a:b] for a, b in cells(row)] == made


@given(st.text("ab |", max_size=20))
def test_cells_are_slices(row: str) -> None:
    """Every cell is a slice without space at its ends, in order, and each of its characters is in that cell."""
    found = cells(row)
    for number, (start, end) in enumerate(found):
        assert 0 <= start <= end <= len(row) and row[start:end] == row[start:end].strip()
        assert all(cell_at(row, at) == number for at in range(start, end))


def test_a_row_says_what_its_cells_stand_for() -> None:
    """An empty cell says nothing; a head that lacks its first cell ends with the row."""
    assert spelled(HEAD, FIRST) == "Fonds: Luchtverdediging; 2026: 12,5; 2027: 14,0"
    assert spelled("2026 | 2027", FIRST) == "Luchtverdediging; 2026: 12,5; 2027: 14,0"
    assert spelled("| Deel | Datum", "| | 27 okt") == "Datum: 27 okt"
    assert head_cell("2026 | 2027", FIRST, 0) == "" and head_cell(HEAD, "a | b | c | d", 3) == "2027"


@pytest.mark.parametrize(
    ("row", "head"),
    [
        (HEAD, True),
        (FIRST, False),
        ("Grond | Meldingen in 2021", True),
        ("Q1 2026 | Q2 2026 | Q3 2026", True),
        ("1e kwartaal | 2e kwartaal | 2026-2027", True),
        ("Land | F-35 | MQ-9", True),
        ("Bedragen x € 1.000 | 2026 | 2027", True),
        ("Naam | EUR 12 mln. | – 3,5", False),
        ("Kop | " + "woord " * LONGEST_HEAD + "| nog een", False),
        ("| |", False),
    ],
)
def test_a_head_holds_no_values(row: str, head: bool) -> None:
    """Its cells may be years, ordinals or names with a figure; a first row of values is a row like the others."""
    assert is_head(row, [FIRST, SECOND] if row.count("|") != 1 else ["a | 3", "b |"]) is head


def test_a_list_of_lines_with_their_names_has_no_head() -> None:
    """Two columns have one only over values: the opening block of a letter is no table with a head."""
    assert not is_head("Aan | De Voorzitter", ["Datum | 3 mei 2026", "Betreft | Verslag"])
    assert is_head("Mijlpaal | Gereed", ["Proef | 3 mei 2026", "Slot |"])


def test_what_is_a_row() -> None:
    """Bars with space around them, also at an end; a footnote is none."""
    assert is_row("a | b") and is_row("| Azure |") and is_row("Opleiding |") and is_row("|")
    assert not is_row("Zie: a|b") and not is_row("[3] Zie: Verhoorweek | Tweede Kamer")


def head_texts(markdown: str) -> dict[str, str]:
    """Of each row that has one, the head."""
    whole = document(parse_markdown(markdown).normalised)
    text = whole.text
    return {text[start:].split("\n\n")[0]: text[slice(*span)] for start, span in heads(whole).items()}


def test_heads_of_rows() -> None:
    """Prose, a heading and another table end a table; a footnote does not; a lone row is none."""
    assert head_texts(f"Inleiding.\n\n{TABLE}\n\nDaarna.\n\nSlot | lot.\n\nEinde.") == {FIRST: HEAD, SECOND: HEAD}
    assert head_texts(f"# Begroting | Defensie\n\n{FIRST}\n\n{SECOND}") == {}
    two = f"{HEAD}\n\n{FIRST}\n\nNaam | Rol | Sinds | Tot\n\nJan | Leider | mei | juni"
    assert head_texts(two) == {FIRST: HEAD, "Jan | Leider | mei | juni": "Naam | Rol | Sinds | Tot"}
    noted = (
        "| Fonds | Stand[^1] | Jaar |\n|---|---|---|\n| SLO | loopt | 2026 |\n| MIO | klaar | 2027 |\n\n[^1]: Mei.\n"
    )
    assert set(head_texts(noted)) == {"SLO | loopt | 2026", "MIO | klaar | 2027"}


def test_the_head_of_a_far_row() -> None:
    """However long the table, and in a moment; a table without a head has none far down either."""
    rows = [f"Land {i} | {i},5 | 3 mei" for i in range(8_000)]
    started = time.monotonic()
    assert head_texts("\n\n".join(["Land | Bedrag | Datum", *rows]))[rows[-1]] == "Land | Bedrag | Datum"
    assert head_texts("\n\n".join(rows)) == {}
    assert time.monotonic() - started < 20


def test_a_row_is_one_sentence() -> None:
    """Stops in its cells end nothing, unless it is very long; prose around it is cut as ever."""
    row, other = "2. Proef | Er is een begin gemaakt. Er volgt meer. | | In uitvoering", "3. Slot | Later. | | Open"
    text = f"Eerst dit. Dan dat.\n\n{row}\n\n{other}\n\nTot slot. Klaar."
    assert [text[a:b] for a, b in sentences(text)] == ["Eerst dit.", "Dan dat.", row, other, "Tot slot.", "Klaar."]
    long = "a | b\n\nKop | " + "Dit is een zin. " * (LONGEST_ROW // 16 + 1)
    assert len(sentences(long)) > 10


def test_bars_in_prose_part_nothing() -> None:
    """A lone paragraph or note with a bar is cut as prose, and so is every text in which bars mean nothing."""
    text = "De Raad kwam bijeen. Meer op defensie.nl | Navo. De minister sprak daarna."
    assert len(sentences(text)) == 3
    rows = "Oslo | 12. Meer volgt.\n\nRome | 14. Dat was het."
    assert len(sentences(rows)) == 2 and len(sentences(rows, tables=False)) == 4
    assert [rows[a:b] for a, b in sentences(rows, 0, 22)] == [rows[:22]]
