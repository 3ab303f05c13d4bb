"""Spellings of one word give one term; what differs stays apart."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.text.analyse import Analyser, Compounds, Token, analyse, fold, stem, stems, tokens


def wholes(text: str) -> list[str]:
    return [token.whole for token in tokens(text) if not token.stop]


@pytest.mark.parametrize(
    "spellings",
    [
        ("28676", "28 676", "28.676", "28-676", "28\u00a0676"),
        ("21501-20", "21 501-20", "21.501-20", "21 501\u201120"),
        ("3,5%", "3.5%", "3,5 %", "3,5 procent", "3.5 percent", "3.5 per cent"),
        ("1,6 miljard", "1.6 billion", "1,6 mld", "1.6bn"),
        ("85.000", "85,000", "85 000", "85000"),
        ("24 juni", "24e juni", "24ste juni", "24th juni"),
        ("Oekraïne", "Oekraine", "OEKRAÏNE", "Oekrai\u0308ne", "Oekraïne's"),
        ("ministeriële", "ministeriéle", "ministeriele"),
        ("defensie-uitgaven", "defensieuitgaven", "defensie\u2010uitgaven", "defensie\u00aduitgaven"),
        ("V.N.", "VN", "vn"),
        ("iFMM", "IFMM"),
        ("foto's", "foto\u2019s", "foto"),
        ("Łódź", "Lodz"),
        ("ĳsland", "IJsland"),
    ],
)
def test_spellings_agree(spellings: tuple[str, ...]) -> None:
    """Each of these spellings is the same word."""
    assert {tuple(wholes(spelling)) for spelling in spellings} == {tuple(wholes(spellings[0]))}


@pytest.mark.parametrize(
    ("one", "other"),
    [("3,5%", "35%"), ("3,5%", "3,5 miljard"), ("28676", "28677"), ("21501-20", "21501-02"),
     ("1,6 miljard", "1,6 miljoen"), ("5%", "2%"), ("2025", "2026"), ("F-35", "F-16")],
)  # fmt: skip
def test_what_differs_stays_apart(one: str, other: str) -> None:
    """A number is its digits, its unit and its series."""
    assert wholes(one) != wholes(other)


def test_parts_of_what_is_joined() -> None:
    """A hyphen and a unit join; the parts are kept beside the whole."""
    assert list(tokens("NAVO-bondgenoten")) == [Token("navobondgenoten", ("navo", "bondgenoten"))]
    assert list(tokens("3,5%")) == [Token("3,5%", ("3,5",))]
    assert list(tokens("14-15 mei")) == [Token("14", ("15",)), Token("mei")]


def test_function_words_are_marked() -> None:
    """Stop words of both languages are marked; a name that is spelt like one is not."""
    assert analyse("Wat is de rol van de bondgenoten?") == analyse("rol bondgenoten")
    assert analyse("What has the US said to us?") == ["us"]
    assert wholes("May they meet in May 2025?") == ["meet", "may", "2025"]


def test_stems_conflate_inflections() -> None:
    """Singular and plural, adjective and participle share a stem, in both languages."""
    assert stem("bondgenoten") == stem("bondgenoot")
    assert stem("uitgaven") == stem("uitgave")
    assert stem("capaciteiten") == stem("capaciteit")
    assert stem("allies", "en") == stem("ally", "en")
    assert stems(["allies", "agreed"], "en") == [stem("allies", "en"), stem("agreed", "en")]


def test_a_word_is_stemmed_by_its_own_language() -> None:
    """An English word in a Dutch text gets its English stem; a Dutch one keeps its own."""
    analyser = Analyser(english={"allies"})
    assert analyser.stem("allies", "nl") == stem("ally", "en")
    assert analyser.stem("bondgenoten") == stem("bondgenoot")
    assert analyser.stem("3,5%") == "3,5%"


WORDS = dict.fromkeys(
    "defensie productie capaciteit regering leider lucht verdediging systemen belang mini ster uitgaven top".split(), 9
)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("defensieproductiecapaciteit", ("defensie", "productie", "capaciteit")),
        ("regeringsleider", ("regering", "leider")),
        ("luchtverdedigingssystemen", ("lucht", "verdediging", "systemen")),
        ("defensieuitgaven", ("defensie", "uitgaven")),
        ("minister", ()),
        ("belangrijk", ()),
        ("onbekendewoorden", ()),
        ("defensie", ()),
        ("x" * 60, ()),
    ],
)
def test_compounds_are_parted(word: str, parts: tuple[str, ...]) -> None:
    """A compound of known words is parted, linking letters dropped; what only looks like one is left whole."""
    assert Compounds(lambda part: WORDS.get(part, 0)).split(word) == parts


def test_document_terms_hold_the_parts() -> None:
    """A document's compound can be found by the whole and by its parts, hyphen or not."""
    analyser, compounds = Analyser(), Compounds(lambda part: WORDS.get(part, 0))
    terms = [analyser.terms(token, compounds.split, "nl") for token in tokens("defensie-uitgaven defensieuitgaven de")]
    assert terms[0] == terms[1] == [stem("defensieuitgaven"), stem("defensie"), stem("uitgaven")]
    assert terms[2] == []


@given(st.text(max_size=200))
def test_any_text_has_tokens(text: str) -> None:
    """No text breaks the analyser; tokens hold neither white space nor capitals, and fold to themselves."""
    for token in tokens(text):
        for word in (token.whole, *token.parts):
            assert word and not any(character.isspace() for character in word) and word == fold(word)


@given(
    st.lists(st.sampled_from(["a", "may", "who", "de", "minister", "per", "cent", "x" * 64, "x" * 65])).map(" ".join)
)
def test_plain_words_are_tokens_as_any_other(text: str) -> None:
    """Lower-case words between spaces, which are not parsed, become the tokens that parsing makes of them."""
    assert list(tokens(text)) == list(tokens(text + ","))


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(text: str) -> None:
    """Folding is idempotent."""
    assert fold(fold(text)) == fold(text)


def test_hostile_texts() -> None:
    """Query syntax, control characters and lone surrogates are no words; a monstrous word is left out."""
    assert wholes('"( AND OR NOT [a TO b] +*:^~ \0') == []
    assert wholes("x" * 100_000) == []
    assert wholes("\ud800 NAVO") == ["navo"]


def test_threads_agree() -> None:
    """Stemming from many threads at once gives what one thread gives."""
    words = "uitgaven bondgenoten verdediging afspraken capaciteiten".split() * 50
    expected, found = stems(words), []
    workers = [threading.Thread(target=lambda: found.append([stem(word) for word in words])) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [expected] * 8
