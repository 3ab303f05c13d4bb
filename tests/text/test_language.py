"""Tests of text/language.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.text.language import language

DUTCH = """
UCAP bijdrage 2023
Hoeveel geld ging naar PURL?
Wie was gastheer in Oslo?
datum FMM Antalya
NAVO-top Den Haag data
defensie-uitgaven 2035
Wat zei Rubio?
Steun aan Oekraïne
steun oekraine miljard
Welke motie?
Waar was het diner?
Wanneer vond de iFMM plaats?
Kamerstuk 28676
Wat is UCAP?
vier Indo-Pacific partners
gesprek met Hakan Fidan
Hoe groot is de bijdrage aan PURL?
winterhulp
Wie nam deel namens Zweden?
arrestatie İmamoğlu
verslag april 2025
Was Kallas aanwezig?
doel 3,5 procent bbp
moties Piri en Paternotte
Is er overlegd met Japan?
reparatieleningen
bevroren tegoeden
toetreding Zweden
wat kost dat
hybride dreigingen
capaciteitsdoelstellingen NAVO
geef de data van de top in Ankara
""".strip().splitlines()
ENGLISH = """
UCAP contribution
Who hosted Oslo dinner?
How much money went to PURL?
date of the Antalya FMM
NATO summit The Hague dates
defence spending 2035
What did Rubio say?
Support for Ukraine
Which motion?
Where was the dinner?
When did the iFMM take place?
What is UCAP?
four Indo-Pacific partners
meeting with Hakan Fidan
How large is the PURL contribution?
winter help
Who attended for Sweden?
arrest of İmamoğlu
report April 2025
Was Kallas present?
3.5 percent GDP target
Piri and Paternotte motions
Any talks with Japan?
reparation loans
frozen assets
Swedish accession
what does it cost
hybrid threats
NATO capability targets
give the dates of the Ankara summit
last December
Dutch position on Russia
""".strip().splitlines()


@pytest.mark.parametrize("question", DUTCH)
def test_dutch(question: str) -> None:
    """A short Dutch question is Dutch."""
    assert language(question) == "nl"


@pytest.mark.parametrize("question", ENGLISH)
def test_english(question: str) -> None:
    """A short English question is English."""
    assert language(question) == "en"


def test_neither() -> None:
    """What is neither counts as Dutch."""
    assert language("") == language("2025") == language("???") == language("日本") == "nl"


@given(st.text())
def test_anything(text: str) -> None:
    """Any text has one of the two languages, whatever its case and spaces."""
    assert language(text) in ("nl", "en")
    assert language(f"  {text} \n") == language(text)
