"""What a text holds of a question's words, in either language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.reader.terms import Terms

SENTENCES = ["De minister bezocht de vloot.", "De minister sprak over munitie.", "De minister at soep."]


@pytest.mark.parametrize("question", ["Who talked about ammunition?", "Wie sprak er over munitie?"])
def test_a_word_counts_in_either_language(question: str) -> None:
    """The sentence about it holds more of the question than any other."""
    shares = [Terms(question, SENTENCES).share(sentence) for sentence in SENTENCES]
    assert max(shares) == shares[1] > max(shares[0], shares[2])


def test_what_stands_everywhere_tells_little() -> None:
    """A word of one sentence counts more than a word of all."""
    terms = Terms("minister munitie", SENTENCES)
    assert terms.share("munitie") > terms.share("minister") > 0 == terms.share("soep")


def test_sentences_hold_what_each_of_them_holds() -> None:
    """A sentence and the one before it hold the words of both, each once."""
    terms = Terms("Wat zei de minister over munitie?", SENTENCES)
    assert terms.share("De minister at soep.", "Munitie kwam later.") == terms.share("minister munitie")
    assert terms.share("munitie", "munitie") == terms.share("munitie") and terms.share() == 0


def test_an_answer_that_repeats_the_question() -> None:
    """From nothing new to nothing but new."""
    terms = Terms("Hoe groot is het fonds voor munitie?", [])
    assert [terms.repeated(quote) for quote in ("munitie", "fonds van Polen", "Polen", "")] == [1.0, 0.5, 0.0, 0.0]


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=4))
@settings(deadline=None)
def test_shares_are_shares(question: str, sentences: list[str]) -> None:
    """Whatever is asked of whatever text."""
    terms = Terms(question, sentences)
    assert all(0 <= terms.share(text) <= 1 + 1e-9 and 0 <= terms.repeated(text) <= 1 for text in [question, *sentences])
