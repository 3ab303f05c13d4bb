"""The lexicon knows what the other language says."""

from importlib.resources import files

import pytest

from navo_qa.text.lexicon import _OFTEN, Lexicon, lexicon

LINES = [
    "defensie\tdefence|defense\tn\tmil",
    "defensie-uitgaven\tdefence spending|defense spending\tn\tmil",
    "bondgenoot\tally\tn\tmil",
    "uitgave\texpenditure|expense|edition\tn\tfin",
    "besteding\tspending|expenditure\tn\tfin",
    "hoge vertegenwoordiger\thigh representative\tn\tdipl",
    "top\tsummit|top\tn\tdipl",
]


@pytest.mark.parametrize(
    ("words", "dutch"),
    [
        (["ally"], ["bondgenoot"]),
        (["allies"], ["bondgenoot"]),
        (["defence", "spending"], ["defensie-uitgaven"]),
        (["expenditures"], ["uitgave", "besteding"]),
        (["high", "representatives"], ["hoge vertegenwoordiger"]),
        (["zebra"], []),
        ([], []),
    ],
)
def test_english_to_dutch(words: list[str], dutch: list[str]) -> None:
    """English words and phrases, inflected or not, have their Dutch, first meanings first."""
    assert Lexicon(LINES).translate(words, "en") == dutch


def test_dutch_to_english() -> None:
    """Dutch words have their English glosses, so that a Dutch question finds an English report."""
    assert Lexicon(LINES).translate(["bondgenoten"], "nl") == ["ally"]
    assert Lexicon(LINES).translate(["hoge", "vertegenwoordiger"], "nl") == ["high representative"]


def test_synonyms_share_a_gloss() -> None:
    """Dutch words with a common English meaning are synonyms; a word is none of its own."""
    assert Lexicon(LINES).synonyms(["uitgaven"]) == ["besteding"]
    assert Lexicon(LINES).synonyms(["bondgenoot"]) == []


def test_many_lookups_find_what_one_finds() -> None:
    """Once all entries are stemmed at once, every word says what it says when it is the first one looked up."""
    lines = files("navo_qa.text").joinpath("lexicon.tsv").read_text("utf-8").lower().splitlines()
    often = Lexicon(lines)
    for language, known in (("nl", often.dutch), ("en", often.english)):
        words = sorted(word for word in known if len(word) > 2)[::60]
        assert len({word[:3] for word in words}) > 2 * _OFTEN
        found = [often.translate([word], language) for word in words]
        assert found == [Lexicon(lines).translate([word], language) for word in words] and any(found[_OFTEN:])
        reach = [often.longest(word, language) for word in words]
        assert reach == [Lexicon(lines).longest(word, language) for word in words]
        if language == "nl":
            alike = [often.synonyms([word]) for word in words]
            assert alike == [Lexicon(lines).synonyms([word]) for word in words] and any(alike)


def test_the_longest_phrase_of_a_word() -> None:
    """Words that begin no phrase need not be tried with those after them; inflections begin what the word begins."""
    known = Lexicon(LINES)
    assert [known.longest(word, "nl") for word in ("hoge", "top", "zebra")] == [2, 1, 0]
    assert [known.longest(word, "en") for word in ("defences", "ally")] == [2, 1]


def test_languages_of_words() -> None:
    """A word of both languages counts as Dutch."""
    known = Lexicon(LINES)
    assert "summit" in known.english and "top" not in known.english
    assert "uitgaven" in known.dutch and "vertegenwoordiger" in known.dutch


@pytest.mark.parametrize(
    ("english", "dutch"),
    [("nato", "navo"), ("un", "vn"), ("gdp", "bbp"), ("fac", "rbz"), ("summit", "top"), ("deterrence", "afschrikking"),
     ("may", "mei"), ("united nations", "vn"), ("high representative", "hv"), ("gross domestic product", "bbp")],
)  # fmt: skip
def test_the_lexicon_that_ships(english: str, dutch: str) -> None:
    """Abbreviations and the words of the field are there, both ways."""
    assert dutch in lexicon().translate(english.split(), "en")
