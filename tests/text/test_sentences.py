"""Tests of text/sentences.py."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.text.sentences import sentences
from strategies import texts


@pytest.mark.parametrize(
    "marked",
    [
        "Zie nr. 499.| De minister komt.| Hij gaat",
        "Zie nrs. 12 en 13 van dhr. Jansen en mevr. De Boer.| Einde.",
        "Op 3 april jl. vond dat plaats.| Klaar.",
        "Dat was op 3 april jl.| De minister sprak.",
        "Op 14 mei a.s. vindt het diner plaats.| Dan.",
        "EUR 250 mln. aan PURL en 3,5 mld. aan UCAP.| Ook dat.",
        "Het gaat om EUR 250 mln.| Nederland betaalt.",
        "De brief d.d. 3 mei 2025 m.b.t. Oekraïne.| Zo.",
        "De zgn. Trojka kwam t.b.v. Europa, i.h.k.v. Navo-overleg.| Ja.",
        "Conform art. 5 en bijv. Artikel 6 sprak men.| Ja.",
        "De motie van Piri c.s.| Deze is aangenomen.",
        "De motie van Piri c.s. is aangenomen.| Mooi.",
        "Wapens, munitie e.d.| Daarnaast geld.",
        "Wapens, munitie enz.| Daarnaast geld.",
        "De heer C.C.J. Veldkamp sprak.| W.B. Hoekstra ook.",
        "Prof. dr. ir. A. de Vries en drs. P. Jansen.| Einde.",
        "Mr. Smith met Ms. Jones and Dr. Brown.| They left.",
        "The U.S. Secretary of State came.| In the U.S.| The rest left.",
        "Allies, e.g. Poland, i.e. The east, agreed.| Done.",
        "See No. 5 vs. No. 6.| Done.",
        "Dat is plan B.| De minister wil niet.",
        "Artikel 5.| De top.",
        "1. Inleiding en doel.| Dit is het.",
        "Op 1. juni kwam men.| Klaar.",
        "Het was 3.5 procent en 2,5 daarna.| Klaar.",
        "Het was in 2025.| 32 ministers kwamen.",
        "Om 10.30 uur begon het.| Klaar.",
        "Hij zei: “Wij gaan.”| Daarna ging hij.",
        "Hij zei (in het Engels: ‘We go.’)| Daarna ging hij.",
        "(Zie Kamerstuk 28 676, nr. 493.)| Daarna.",
        "Wat nu?| Niets!| Klaar…| Goed.",
        "En toen... kwam hij.| Klaar...| Goed.",
        "‘Komt u?’ vroeg hij.| Ja.",
        "Zie www.navo.int/x.html?a=B,c.D of https://a.nl/b.C daar.",
        "Zie www.navo.int.| Daarna https://a.nl/b?c=D.| Klaar.",
        "Daar is men eigenaar.|Wij zijn er ook.",
        "Kop zonder punt\n\n|De tekst begint.\n \n|Nog een.",
        "Een zin over\ntwee regels.| Nog een.",
        "St. Petersburg ligt ver weg, resp. ca. 900 km.| Ja.",
        "Incl. btw, excl. Reiskosten, p. 5, blz. 6, vgl. Artikel 7, o.a. Oslo.| Ja.",
        "Yes!| “No.”| Maybe.",
    ],
)
def test_cases(marked: str) -> None:
    """A sentence ends at its stop, not at an abbreviation's, an initial's or a number's. "|" marks the ends."""
    text = marked.replace("|", "")
    expected = [part.strip() for part in marked.split("|")]
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(texts())
@settings(max_examples=150, deadline=None)
def test_everything_is_in_one_sentence(text: str) -> None:
    """Spans increase, hold no space at their ends, and leave out nothing but space."""
    spans = sentences(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert not "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()


@given(st.text(alphabet="ab. \n", max_size=40), st.integers(0, 20), st.integers(0, 40))
def test_a_part_of_a_text(text: str, start: int, end: int) -> None:
    """Of a part only the part's sentences are returned, with the offsets of the whole."""
    end = max(start, min(end, len(text)))
    start = min(start, len(text))
    assert all(start <= left < right <= end for left, right in sentences(text, start, end))


@pytest.mark.parametrize(
    "text", ["." * 300_000, "a. " * 100_000, "A." * 150_000, "(“" * 150_000, ". \n" * 100_000, "." + " " * 300_000]
)
def test_hostile(text: str) -> None:
    """Time is linear in the length."""
    began = time.process_time()
    sentences(text)
    assert time.process_time() - began < 4
