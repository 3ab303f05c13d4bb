"""From logits of tokens to stretches of the passage."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.reader.asked import Sort, asks_for_many
from navo_qa.reader.candidates import candidates
from navo_qa.reader.network import Look

TEXT = "Nederland trok (in mei) EUR 250 mln. uit voor munitie."


def look(text: str, start: dict[str, float], end: dict[str, float]) -> Look:
    """A look that scores these words as starts and ends, and all others low."""
    words = list(re.finditer(r"\w+|[^\w\s]", text))
    places = np.array([word.span() for word in words], np.int64).reshape(-1, 2)
    starts, ends = (np.array([side.get(w[0], -5.0) for w in words], np.float32) for side in (start, end))
    return Look(starts, ends, places, 1.0)


def test_the_best_stretch_comes_first() -> None:
    """Start and end add up; the stop of an abbreviation stays, that of the sentence goes."""
    found = candidates(0, TEXT, look(TEXT, {"EUR": 4.0}, {".": 3.0}), None)
    assert TEXT[found[0].start : found[0].end] == "EUR 250 mln."
    assert found[0].score == 7.0
    found = candidates(0, TEXT, look(TEXT, {"munitie": 4.0}, {".": 3.0}), None)
    assert TEXT[found[0].start : found[0].end] == "munitie"


def test_half_brackets_go() -> None:
    """What opens and does not close is no part of an answer."""
    found = candidates(0, TEXT, look(TEXT, {"(": 4.0}, {"mei": 3.0}), None)
    assert TEXT[found[0].start : found[0].end] == "in mei"


@pytest.mark.parametrize(
    ("text", "start", "end", "made"),
    [
        ("ruim 5.400 man ging", "400", "man", "5.400 man"),
        ("een F-16 vloog", "16", "16", "F-16"),
        ("een “sterk signaal” af", "sterk", "”", "sterk signaal"),
        ("steun aan Oslo[1].", "Oslo", ".", "Oslo"),
        ("niet 28.676. Wel", "28", ".", "28.676"),
        ("bij Smit enz. ook", "Smit", ".", "Smit enz."),
        ("steun aan Smit c.s. is er", "Smit", "s", "Smit c.s."),
        ("van Berg (Haven en Kade) en", "Berg", "Kade", "Berg (Haven en Kade)"),
        ("door wind, o.a. op zee", "wind", "a", "wind"),
    ],
)
def test_ends_are_mended(text: str, start: str, end: str, made: str) -> None:
    """Half figures are made whole; half quotations, marks of notes and the stop of the sentence go."""
    found = candidates(0, text, look(text, {start: 4.0}, {end: 3.0}), None)
    assert made in [text[c.start : c.end] for c in found]


def test_things_of_the_sort_asked_for_are_always_among_them() -> None:
    """Also where the network would not have thought of them, at the score it gives them."""
    found = candidates(0, TEXT, look(TEXT, {"munitie": 9.0}, {"munitie": 9.0}), Sort.AMOUNT)
    typed = [c for c in found if c.typed]
    assert [TEXT[c.start : c.end] for c in typed] == ["EUR 250 mln."]
    assert typed[0].score == -10.0


def test_an_answer_stays_in_its_sentence() -> None:
    """A start in one sentence and an end in the next are no answer, however sure both are."""
    text = "Er was een diner. De raad besloot niets."
    found = candidates(0, text, look(text, {"diner": 9.0}, {"niets": 9.0}), None)
    assert all("besloot" not in text[c.start : c.end] for c in found if text[c.start : c.end].startswith("diner"))


@given(
    st.text(max_size=200),
    st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=0, max_size=80),
    st.sampled_from([None, *Sort]),
)
def test_stretches_are_whole_and_inside(text: str, scores: list[tuple[float, float]], sort: Sort | None) -> None:
    """Every candidate is a stretch of the text with no space at its ends and no word cut in two."""
    words = list(re.finditer(r"\S{1,3}", text))[: len(scores)]
    places = np.array([word.span() for word in words], np.int64).reshape(-1, 2)
    start, end = (np.array([s[i] for s in scores[: len(words)]], np.float32) for i in (0, 1))
    for each in candidates(0, text, Look(start, end, places, 0.0), sort):
        quote = text[each.start : each.end]
        assert 0 <= each.start < each.end <= len(text) and quote == quote.strip()
        if not each.typed:
            assert not (each.start and text[each.start - 1].isalnum() and quote[0].isalnum())


def test_several_dates_are_one_answer_where_many_are_asked() -> None:
    """A list answers "In welke jaren?", and not "Wanneer?"."""
    text = "Er was oorlog in 2022, 2023 en 2025 aan zee."
    whole = "2022, 2023 en 2025"
    sure = look(text, {"2022": 9.0}, {"2025": 9.0})
    many, one = (candidates(0, text, sure, Sort.DATE, many=several) for several in (True, False))
    assert whole in [text[c.start : c.end] for c in many] and whole not in [text[c.start : c.end] for c in one]
    assert asks_for_many("In welke jaren?") and asks_for_many("Which amounts?") and not asks_for_many("In welk jaar?")


def test_all_days_are_one_answer_where_many_are_asked() -> None:
    """One day of two answers "Wanneer begon het?", and not "Op welke dagen?"."""
    text = "Er was op 14 mei en donderdag 15 mei 2025 een diner."
    sure = look(text, {"donderdag": 9.0}, {"2025": 9.0})
    many, one = (candidates(0, text, sure, Sort.DATE, many=several) for several in (True, False))
    assert "donderdag 15 mei 2025" in [text[c.start : c.end] for c in one]
    assert "donderdag 15 mei 2025" not in [text[c.start : c.end] for c in many]
    assert "14 mei en donderdag 15 mei 2025" in [text[c.start : c.end] for c in many]
    assert asks_for_many("What are the dates of the dinner?") and asks_for_many("Op welke dagen was het diner?")


def test_an_answer_may_go_without_what_follows_it_in_brackets() -> None:
    """The paper behind a name is seldom asked for with it; brackets that are all there is stay."""
    text = "Dat vroeg de heer Veerman (Kamerstuk 10 001, nr. 2)."
    found = candidates(0, text, look(text, {"Veerman": 4.0}, {")": 3.0}), None)
    assert {"Veerman (Kamerstuk 10 001, nr. 2)", "Veerman"} <= {text[c.start : c.end] for c in found}


def test_a_stretch_stays_in_its_cell() -> None:
    """None crosses a bar; the cells that the network's stretches stand in are candidates too."""
    text = "Mijlpaal | Ontwerpbesluit ter inzage | 14 maart"
    found = candidates(0, text, look(text, {"ter": 4.0}, {"maart": 3.0, "inzage": 2.0}), None)
    said = [text[c.start : c.end] for c in found]
    assert not any("|" in quote for quote in said)
    assert "Ontwerpbesluit ter inzage" in said and "ter inzage" in said
