"""Dates named in questions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.text.dates import find_dates, latest

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wat is er in mei 2025 toegezegd?", [(2025, 5, 5, ())]),
        ("verslag van 14 en 15 mei 2025", [(2025, 5, 5, (14, 15))]),
        ("May 14-15, 2025", [(2025, 5, 5, (14, 15))]),
        ("on the 3rd of December 2025", [(2025, 12, 12, (3,))]),
        ("31 mei en 1 juni 2023", [(2023, 5, 5, (31,)), (2023, 6, 6, (1,))]),
        ("2025-12-03", [(2025, 12, 12, (3,))]),
        ("03-12-2025", [(2025, 12, 12, (3,))]),
        ("begin april", [(None, 4, 4, ())]),
        ("in april en mei 2025", [(2025, 4, 4, ()), (2025, 5, 5, ())]),
        ("van 14 tot 16 mei 2025", [(2025, 5, 5, (14, 16))]),
        ("resolutie 2023", []),
        ("spring 2025", [(2025, 3, 5, ())]),
        ("in het najaar van 2025", [(2025, 9, 11, ())]),
        ("Wie kwamen er eind 2025?", [(2025, 10, 12, ())]),
        ("mid-2026 and the first half of 2027", [(2026, 5, 8, ()), (2027, 1, 6, ())]),
        ("tweede kwartaal van 2026, Q3 2027", [(2026, 4, 6, ()), (2027, 7, 9, ())]),
        ("start 3 april 2025, eind mei 2025", [(2025, 4, 4, (3,)), (2025, 5, 5, ())]),
        ("vorig jaar", [(2025, None, None, ())]),
        ("this year", [(2026, None, None, ())]),
        ("2% in 2024", [(2024, None, None, ())]),
        ("What may allies do?", []),
        ("What happened in May?", [(None, 5, 5, ())]),
        ("EUR 2000 miljoen", []),
        ("Kamerstuk 21501-20, nr. 2206", []),
        ("Kamerstuk 28676, nr. 2025", []),
        ("2025-13-45", []),
        ("3,5% of 1.900 soldiers", []),
    ],
)
def test_dates_are_found_as_far_as_named(text: str, found: list[tuple[object, ...]]) -> None:
    """Year, months and days, each where it is named; numbers that only look like dates are none."""
    assert [(m.year, m.first, m.last, m.days) for m in find_dates(text, TODAY)] == found


@pytest.mark.parametrize("text", ["last December", "afgelopen december", "3 december jl."])
def test_relative_months_mean_the_latest_one(text: str) -> None:
    """Of the Decembers that documents know, the latest that has passed."""
    (mention,) = find_dates(text, TODAY)
    ends = [date(2023, 12, 3), date(2025, 12, 3), date(2026, 12, 3), date(2025, 5, 15)]
    assert latest(mention, ends, TODAY).year == 2025


def test_a_mention_covers_a_meeting_that_it_touches() -> None:
    """A meeting of two days is named by either, by its month and by its year."""
    start, end = date(2023, 5, 31), date(2023, 6, 1)
    for text in ("1 juni 2023", "mei 2023", "June 2023", "2023", "31 mei", "zomer 2023"):
        assert all(mention.covers(start, end) for mention in find_dates(text, TODAY)), text
    for text in ("2 juni 2023", "juli 2023", "2024", "31 juni 2023"):
        assert not any(mention.covers(start, end) for mention in find_dates(text, TODAY)), text


@given(st.text(alphabet="0123456789 -/.,enmeijuni 2025 mei december", max_size=200))
def test_any_text_is_read_without_error(text: str) -> None:
    """Mentions lie in the text, in order, and never overlap."""
    mentions = find_dates(text, TODAY)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in zip(mentions, mentions[1:], strict=False))
    for mention in mentions:
        mention.covers(date(2025, 5, 14), date(2025, 5, 15))
