"""Tests of cite/reference.py."""

from __future__ import annotations

import time

import pytest

from navo_qa.cite.reference import find_references


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Kamerstuk 28676, nr. 499", ["28676, nr. 499"]),
        ("(Kamerstuk 28 676, nr. 493 van 3 maart 2020)", ["28676, nr. 493"]),
        ("Kamerstuk 21 501-20, nr. 2206", ["21501-20, nr. 2206"]),
        ("Kamerstukken 22 054 en 36 045, nr. 390", ["22054, nr. 390", "36045, nr. 390"]),
        ("Kamerstuk 36 850, nr. X-2", ["36850, nr. X-2"]),
        ("Kamerstuk 36 600 X, nr. 12 en 13", ["36600-X, nr. 12", "36600-X, nr. 13"]),
        ("36600-X, nrs. 5, 7 en 9.", ["36600-X, nr. 5", "36600-X, nr. 7", "36600-X, nr. 9"]),
        ("28-676 nr 12", ["28676, nr. 12"]),
        ("22054, nr. 390; 36045, nr. 390; 28676, nr. 4", ["22054, nr. 390", "36045, nr. 390", "28676, nr. 4"]),
        ("Kamerstuk 21 501-02, nr. 2900, Kamerstuk 28 676, nr. 4", ["21501-02, nr. 2900", "28676, nr. 4"]),
        ("tel. 070-3486486 nr. 4, in 2025 nr. 3", []),
        ("", []),
    ],
)
def test_spellings(text: str, normal: list[str]) -> None:
    """Each spelling of a Kamerstuk gives one normal form; what is none is left alone."""
    found = find_references(text)
    assert [reference.normal for reference in found] == normal
    assert all(reference.dossier[:2] in text[reference.start : reference.end] for reference in found)


@pytest.mark.parametrize("text", ["12 345 en " * 30_000, "12345, nr. 1, " * 20_000, "1" * 300_000])
def test_hostile(text: str) -> None:
    """Time is linear in the length."""
    began = time.process_time()
    find_references(text)
    assert time.process_time() - began < 4
