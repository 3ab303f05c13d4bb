"""Tests of reader/rows.py: what a cell is said of."""

from __future__ import annotations

from navo_qa.reader.rows import Rows

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
