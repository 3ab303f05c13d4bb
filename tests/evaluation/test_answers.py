"""Exact match and F1 against sums made by hand, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.evaluation.answers import exact_match, is_right, token_f1
from navo_qa.text.canonical import tokens

# given, accepted, exact match, F1: each F1 is 2 * common / (tokens given + tokens accepted), counted by hand.
TABLE = [
    ("Anniken Huitfeldt", ["Anniken Huitfeldt"], 1, 1),
    ("anniken HUITFELDT.", ["Anniken Huitfeldt"], 1, 1),
    ("Huitfeldt", ["Anniken Huitfeldt"], 0, 2 / 3),
    ("de Noorse minister Anniken Huitfeldt", ["Anniken Huitfeldt"], 0, 4 / 6),
    ("Hakan Fidan", ["Anniken Huitfeldt"], 0, 0),
    (None, ["Oslo"], 0, 0),
    ("", ["Oslo"], 0, 0),
    ("het bondgenootschap", ["bondgenootschap"], 1, 1),
    ("the alliance", ["an alliance"], 1, 1),
    ("in Oslo", ["Oslo"], 0, 2 / 3),
    ("in Oslo", ["Oslo", "in Oslo"], 1, 1),
    ("ministeriële", ["ministeriele"], 1, 1),
    ("Oekraïne", ["Oekraine"], 1, 1),
    ("EUR 1,6 miljard", ["1,6 miljard euro"], 1, 1),
    ("€ 1.6 billion", ["EUR 1,6 miljard"], 1, 1),
    ("1.600.000.000 euro", ["EUR 1,6 miljard"], 1, 1),
    ("meer dan EUR 1,6 miljard", ["EUR 1,6 miljard"], 0, 4 / 6),
    ("EUR 1,6 miljoen", ["EUR 1,6 miljard"], 0, 2 / 4),
    ("5%", ["5 procent"], 1, 1),
    ("five percent", ["5%"], 1, 1),
    ("3,5% van het bbp", ["3.5 percent"], 0, 4 / 6),
    ("eenendertig", ["31"], 1, 1),
    ("thirty-two allies", ["32 bondgenoten"], 0, 2 / 4),
    ("tweeëndertig bondgenoten", ["32 bondgenoten"], 1, 1),
    ("één", ["1"], 1, 1),
    ("3 april 2025", ["April 3, 2025"], 1, 1),
    ("3 april 2025", ["2025-04-03"], 1, 1),
    ("03-04-2025", ["3 april 2025"], 1, 1),
    ("May 14th, 2025", ["14 mei 2025"], 1, 1),
    ("4 april 2025", ["3 april 2025"], 0, 4 / 6),
    ("woensdag 31 mei 2023", ["31 mei 2023"], 0, 6 / 7),
    ("14 en 15 mei 2025", ["15 mei 2025"], 0, 6 / 8),
    ("C.C.J. Veldkamp", ["CCJ Veldkamp"], 1, 1),
    ("28 676, nr. 434", ["28676, nr. 434"], 1, 1),
    ("28676 nr 435", ["28676, nr. 434"], 0, 4 / 6),
    ("21501-20, nr. 2206", ["21501-20 nr. 2206"], 1, 1),
    ("NAVO-top", ["NAVO top"], 1, 1),
    ("NATO's summit", ["NATO summit"], 1, 1),
    ("steun steun steun", ["steun"], 0, 2 / 4),
    ("nieuwe dreigingen afschrikken", ["dreigingen geloofwaardig afschrikken"], 0, 4 / 6),
]


@pytest.mark.parametrize(("said", "accepted", "em", "f1"), TABLE)
def test_table(said: str | None, accepted: list[str], em: float, f1: float) -> None:
    """EM and F1 agree with the hand sums."""
    assert exact_match(said, accepted) == em
    assert token_f1(said, accepted) == pytest.approx(f1, abs=1e-12)


@pytest.mark.parametrize(
    ("said", "accepted", "at_evidence", "right"),
    [
        ("3 april 2025", ["3 april 2025"], False, True),
        ("4 april 2025", ["3 april 2025"], True, False),
        ("EUR 1,6 miljoen", ["EUR 1,6 miljard"], True, False),
        ("Huitfeldt", ["Anniken Huitfeldt"], False, True),
        (
            "Anniken Huitfeldt nodigde als gastvrouw alle ministers uit voor het diner.",
            ["Anniken Huitfeldt"],
            True,
            True,
        ),
        (
            "Anniken Huitfeldt nodigde als gastvrouw alle ministers uit voor het diner.",
            ["Anniken Huitfeldt"],
            False,
            False,
        ),
        (" ".join(f"woord{n}" for n in range(70)) + " Oslo", ["Oslo"], True, False),
        (None, ["Oslo"], True, False),
        ("Oslo", [], True, False),
    ],
)
def test_right(said: str | None, accepted: list[str], at_evidence: bool, right: bool) -> None:
    """A number that lacks makes it wrong; a sentence that says it is right only where it is the evidence."""
    assert is_right(said, accepted, at_evidence=at_evidence) is right


@given(st.text(), st.text())
def test_f1_is_a_symmetric_share(one: str, other: str) -> None:
    """F1 lies in [0, 1], is the same both ways, and is 1 wherever the match is exact."""
    f1 = token_f1(one, [other])
    assert 0 <= f1 <= 1
    assert f1 == token_f1(other, [one])
    if exact_match(one, [other]) and tokens(one):
        assert f1 == 1


@given(st.text(alphabet=st.characters(categories=["Ll", "Nd", "Zs", "Po"], max_codepoint=0x17F)))
def test_space_and_case_do_not_matter(text: str) -> None:
    """White space around and between words, and capitals that come back, change nothing."""
    assert tokens("  ".join(text.split(" "))) == tokens(text)
    if text.upper().lower() == text:
        assert tokens(text.upper()) == tokens(text)


@given(st.integers(0, 10**12))
def test_grouping_does_not_matter(number: int) -> None:
    """A number is the same with points, commas or spaces between its thousands."""
    forms = {tokens(f"{number:,}"), tokens(f"{number:,}".replace(",", ".")), tokens(f"{number:,}".replace(",", " "))}
    assert forms == {(str(number),)}
