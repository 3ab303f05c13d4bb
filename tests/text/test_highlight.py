"""Marking the question's words in a passage."""

from __future__ import annotations

from navo_qa.text.highlight import matches, translated_matches


def test_words_are_marked_by_their_stem_and_whole() -> None:
    """Inflections count, function words do not, and offsets are those of the text as it stands."""
    text = "De bondgenoten steunen Oekraïne met EUR 250 mln. en de bondgenoot Turkije."
    found = [text[start:end] for start, end in matches("Welke bondgenoot steunen de Oekraine met 250?", text)]
    assert found == ["bondgenoten", "steunen", "Oekraïne", "250", "bondgenoot"]


def test_nothing_asked_marks_nothing() -> None:
    """A question of function words alone marks no word."""
    assert matches("Wat is de?", "Wat is de vraag?") == []


def test_an_english_question_marks_dutch_words() -> None:
    """The lexicon's translations count, inflected as they are; the words themselves still do."""
    text = "De bondgenoten bespraken de steun aan Oekraïne en PURL."
    found = [text[start:end] for start, end in translated_matches("Which allies gave support through PURL?", text)]
    assert found == ["bondgenoten", "steun", "PURL"]
