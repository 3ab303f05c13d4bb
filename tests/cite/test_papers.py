"""Tests of cite/papers.py: every spelling of a parliamentary paper, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.cite.papers import Paper, PaperKind, find_papers, parse
from navo_qa.cite.styles import Style, cite
from navo_qa.cite.works import Locator, Work

# A text, and the normal forms of the papers it names.
SPELLINGS: list[tuple[str, list[str]]] = [
    ("28676, nr. 499", ["28676, nr. 499"]),
    ("28 676, nr. 499", ["28676, nr. 499"]),
    ("28.676, nr. 499", ["28676, nr. 499"]),
    ("28-676, nr. 499", ["28676, nr. 499"]),
    ("28\u00a0676, nr. 499", ["28676, nr. 499"]),
    ("28676 nr. 499", ["28676, nr. 499"]),
    ("Kamerstuk 28 676,\nnr. 499", ["28676, nr. 499"]),
    ("Kamerstuk 28 676, nr.\u00a0499", ["28676, nr. 499"]),
    ("(Kamerstuk 28 676, nr. 493, 26 maart 2025)", ["28676, nr. 493"]),
    ("28 676, nr. 493, 3 en 4 april", ["28676, nr. 493"]),
    ("28 676, nr. 493, 3 en 4", ["28676, nr. 493", "28676, nr. 3", "28676, nr. 4"]),
    ("28676 nr 499", ["28676, nr. 499"]),
    ("Kamerstuk 21501-20-2206", ["21501-20, nr. 2206"]),
    ("28676, nr 499", ["28676, nr. 499"]),
    ("28676, no. 499", ["28676, nr. 499"]),
    ("Kamerstuk 28676, nr. 499", ["28676, nr. 499"]),
    ("Kamerstuk 28 676, nr. 493 van 27 maart 2024", ["28676, nr. 493"]),
    ("(Kamerstuk 28 676, nr. 493 van 3 maart 2020)", ["28676, nr. 493"]),
    ("[Kamerstuk 28676, nr. 499]", ["28676, nr. 499"]),
    ("kamerstuk 28676, nr. 499", ["28676, nr. 499"]),
    ("Kamerstukken II 2024/25, 28676, nr. 499", ["28676, nr. 499"]),
    ("*Kamerstukken II* 2024/25, 28676, nr. 499, p. 2", ["28676, nr. 499"]),
    ("_Kamerstukken II_ 2024/25, 28676, nr. 499, p. 2-3", ["28676, nr. 499"]),
    ("Kamerstukken II 2024-2025, 28676, nr. 499", ["28676, nr. 499"]),
    ("Kamerstukken II 2024–2025, 28 676, nr. 499, blz. 4", ["28676, nr. 499"]),
    ("Kamerstukken II, vergaderjaar 2024-2025, 28 676, nr. 499", ["28676, nr. 499"]),
    ("Kamerstukken TK 2024/2025, 28676, nr. 499", ["28676, nr. 499"]),
    ("Kamerstukken Tweede Kamer 2024/25, 28676, nr. 499", ["28676, nr. 499"]),
    ("Tweede Kamer, vergaderjaar 2024–2025, 28 676, nr. 499", ["28676, nr. 499"]),
    ("TK 2007–2008, 31 200 VI, nr. 131", ["31200-VI, nr. 131"]),
    ("TK 2007-2008, 31200-VI, nr. 131", ["31200-VI, nr. 131"]),
    ("Kamerstukken II 1999/2000, 26855, nr. 3, p. 5", ["26855, nr. 3"]),
    ("Kamerstukken II 1999/2000, 26855, 3, p. 5", ["26855, nr. 3"]),
    ("Kamerstukken II 1999/00, 26 855, nr. 3", ["26855, nr. 3"]),
    ("Kamerstukken II 28676, nr. 499", ["28676, nr. 499"]),
    ("Kst. 28676, nr. 499", ["28676, nr. 499"]),
    ("Kamerst. 28676, nr. 499", ["28676, nr. 499"]),
    ("Kamerstuk 28676-499", ["28676, nr. 499"]),
    ("Kamerstuk 28 676-499", ["28676, nr. 499"]),
    ("Kamerstuk 28676/499", ["28676, nr. 499"]),
    ("Kamerstuk 28676, 499", ["28676, nr. 499"]),
    ("Parliamentary Papers II 2024/25, 28676, no. 499, p. 2", ["28676, nr. 499"]),
    ("Parliamentary paper 28676, no. 499", ["28676, nr. 499"]),
    ("21501-20, nr. 2206", ["21501-20, nr. 2206"]),
    ("21 501-20, nr. 2206", ["21501-20, nr. 2206"]),
    ("Kamerstuk 21 501-20, nr. 2206 van 6 april 2024", ["21501-20, nr. 2206"]),
    ("Kamerstukken II 2009/10, 21501-02, nr. 940", ["21501-02, nr. 940"]),
    ("36 850, nr. X-2", ["36850, nr. X-2"]),
    ("Kamerstuk 36 850, nr. X-2", ["36850, nr. X-2"]),
    ("36600 X, nr. 12", ["36600-X, nr. 12"]),
    ("36 600-X, nr. 12", ["36600-X, nr. 12"]),
    ("Kamerstuk 36 600 XVII, nr. 12", ["36600-XVII, nr. 12"]),
    ("Kamerstuk 36 600 X, nr. 12 en 13", ["36600-X, nr. 12", "36600-X, nr. 13"]),
    ("36600-X, nrs. 5, 7 en 9.", ["36600-X, nr. 5", "36600-X, nr. 7", "36600-X, nr. 9"]),
    ("Kamerstukken 22 054 en 36 045, nr. 390", ["22054, nr. 390", "36045, nr. 390"]),
    ("22054, nr. 390; 36045, nr. 390; 28676, nr. 4", ["22054, nr. 390", "36045, nr. 390", "28676, nr. 4"]),
    ("Kamerstuk 21 501-02, nr. 2900, Kamerstuk 28 676, nr. 4", ["21501-02, nr. 2900", "28676, nr. 4"]),
    ("35 869 (R2156), nr. 3", ["35869, nr. 3"]),
    ("Kamerstukken II 2020/21, 35869 (R2156), nr. 3", ["35869, nr. 3"]),
    ("Kamerstukken I 2005/06, 30164, A", ["Kamerstukken I 30164, A"]),
    ("Kamerstukken I 2005/06, 30164, A, p. 3", ["Kamerstukken I 30164, A"]),
    ("Kamerstukken I 2005/2006, 30 164, nr. A", ["Kamerstukken I 30164, A"]),
    ("Eerste Kamer, vergaderjaar 2011–2012, 33 000 V, B", ["Kamerstukken I 33000-V, B"]),
    ("EK 2011-2012, 33000 V, B", ["Kamerstukken I 33000-V, B"]),
    ("Kamerstukken I 2009/10, 32123 VI, A", ["Kamerstukken I 32123-VI, A"]),
    ("Kamerstukken I 2009/10, 32123-VI, letter A", ["Kamerstukken I 32123-VI, A"]),
    ("Kamerstukken I 2019/20, 35300, AB", ["Kamerstukken I 35300, AB"]),
    ("Bijlage bij Kamerstukken II 2024/25, 28676, nr. 499", ["Bijlage bij 28676, nr. 499"]),
    ("bijlage bij Kamerstuk 28 676, nr. 499", ["Bijlage bij 28676, nr. 499"]),
    ("Bijlagen bij Kamerstuk 28676, nr. 499", ["Bijlage bij 28676, nr. 499"]),
    ("Annex to Parliamentary Papers II 2024/25, 28676, no. 499", ["Bijlage bij 28676, nr. 499"]),
    ("kst-34851-4", ["34851, nr. 4"]),
    ("kst-28676-499", ["28676, nr. 499"]),
    ("kst-21501-20-2206", ["21501-20, nr. 2206"]),
    ("kst-36600-X-12", ["36600-X, nr. 12"]),
    ("kst-32123-VI-A", ["Kamerstukken I 32123-VI, A"]),
    ("https://zoek.officielebekendmakingen.nl/kst-28676-499.html", ["28676, nr. 499"]),
    ("M-29453-469", ["29453, nr. 469"]),
    ("de motie van de leden Jansen en Pietersen (Kamerstuk 28676, nr. 489)", ["28676, nr. 489"]),
    ("motie Eerdmans c.s. (21501-20, nr. 2206)", ["21501-20, nr. 2206"]),
    ("motie-Paternotte/Piri (28 676, nr. 489)", ["28676, nr. 489"]),
    ("Handelingen II 2010/11, nr. 108, item 5, p. 25-36", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("Handelingen II 2010/11, nr. 108, item 5", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("*Handelingen II* 2010/11, nr. 108, item 5, p. 25-36", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("Handelingen TK 2010-2011, nr. 108, item 5", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("Handelingen Tweede Kamer 2010–2011, nr. 108 item 5", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("Handelingen I 2010/11, nr. 12, item 3", ["Handelingen I 2010/11, nr. 12, item 3"]),
    ("Handelingen EK 2010/11, nr. 12, item 3", ["Handelingen I 2010/11, nr. 12, item 3"]),
    ("Hand. II 1998/99, p. 4321", ["Handelingen II 1998/99, p. 4321"]),
    ("Handelingen II 2007/08, nr. 31, p. 2345-2360", ["Handelingen II 2007/08, nr. 31, p. 2345-2360"]),
    ("Proceedings II 2010/11, no. 108, item 5", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("h-tk-20102011-108-5", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("h-tk-20172018-70-10", ["Handelingen II 2017/18, nr. 70, item 10"]),
    ("h-ek-20172018-7-1", ["Handelingen I 2017/18, nr. 7, item 1"]),
    ("Aanhangsel Handelingen II 2014/15, nr. 1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    ("*Aanhangsel Handelingen II* 2014/15, nr. 1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    ("Aanh. Hand. II 2014/15, nr. 1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    ("Aanhangsel van de Handelingen II 2014/15, nr. 1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    (
        "Aanhangsel van de Handelingen TK, vergaderjaar 2014–2015, nr. 1241",
        ["Aanhangsel Handelingen II 2014/15, nr. 1241"],
    ),
    ("Aanhangsel bij de Handelingen I 2014/2015 nr. 7", ["Aanhangsel Handelingen I 2014/15, nr. 7"]),
    ("Appendix to the Proceedings II 2014/15, no. 1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    ("ah-tk-20142015-1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    ("Aanhangsel Handelingen, vergaderjaar 2014–2015, nr. 1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    ("Aanhangsel Handelingen II 2014/15, 1241", ["Aanhangsel Handelingen II 2014/15, nr. 1241"]),
    ("Handelingen II 2010/11, 108-5", ["Handelingen II 2010/11, nr. 108, item 5"]),
    ("Handelingen II 2007/08, 31-2345", ["Handelingen II 2007/08, nr. 31, p. 2345"]),
    ("Zij krijgt nr. 499 (28676).", ["28676, nr. 499"]),
    ("de motie op stuk nr. 12 (36 600-X)", ["36600-X, nr. 12"]),
    ("nr. 726, was nr. 719 (21501-08)", ["21501-08, nr. 726", "21501-08, nr. 719"]),
    ("(21501-08, nr. 726, was nr. 719)", ["21501-08, nr. 726", "21501-08, nr. 719"]),
    ("28 676, nr. 499, nr. 504 en 505", ["28676, nr. 499", "28676, nr. 504", "28676, nr. 505"]),
    ("28676, nrs. 4 t/m 6 en 9", ["28676, nr. 4", "28676, nr. 5", "28676, nr. 6", "28676, nr. 9"]),
    ("28676, nrs. 4-6", ["28676, nr. 4", "28676, nr. 5", "28676, nr. 6"]),
    ("beantwoord middels een brief (36 471-64)", ["36471, nr. 64"]),
    ("Kamerdossier 28676, stuk 499", ["28676, nr. 499"]),
    ("KAMERSTUK 28 676, NR. 499", ["28676, nr. 499"]),
    ("28676, Nr. 499", ["28676, nr. 499"]),
    ("28 676, nummer 499", ["28676, nr. 499"]),
    ("Kamerstuknr. 28 676, nr. 499", ["28676, nr. 499"]),
    ("Kamerstukken ll 2024/25, 28 676, nr. 499", ["28676, nr. 499"]),  # as typed: two small letters L
    ("Zie Kamerstuk 28676, nr. 499 en Handelingen II 2010/11, nr. 108, item 5.",
     ["28676, nr. 499", "Handelingen II 2010/11, nr. 108, item 5"]),
]  # fmt: skip
WRONG = [
    "",
    "nr. 499",
    "Kamerstuk",
    "Kamerstuk 28676",
    "Kamerstuk 21501-20",
    "Kamerstukken II 2024/25",
    "1234, nr. 5",
    "123456, nr. 1",
    "tel. 070-3486486 nr. 4, in 2025 nr. 3",
    "EUR 28.676 miljoen",
    "EUR 28 676, 499 stuks",
    "op 24 juni 2025, nr. 3 van het programma",
    "28676",
    "28676, 499",
    "28676-499",
    "30164, A",
    "2024/25, nr. 3",
    "NL28676, nr. 499",
    "1.28676, nr. 499",
    "28676,499",
    "kst-28676",
    "kst-105123",
    "kst-2867-499",
    "kst-28676-499-3",
    "xkst-28676-499",
    "h-tk-20102012-108-5",
    "h-tk-2010-108-5",
    "h-xx-20102011-108-5",
    "ah-tk-20142015-1241-3",
    "Handelingen II 2010/11",
    "Handelingen II 2010/12, nr. 108, item 5",
    "Handelingen 2010/11, nr. 108, item 5",
    "Handelingen III 2010/11, nr. 108",
    "Aanhangsel Handelingen II 2014/15",
    "Aanhangsel Handelingen II 2014/16, nr. 1241",
    "Aanhangsel Handelingen II 2014/15, p. 3",
    "Postbus 20061, A",
    "2500 EB Den Haag",
    "../../etc/passwd",
    "<script>28676</script>, nr. 499",
    "١٢٣٤٥, nr. 1"[:5],
    "nr. 28676",
    "(36471-64)",
    "(06 123-45)",
    "(20 000-30 personen)",
    "(20 000-30 000)",
    "(21 501-20)",
    "nr. 3 (28676 euro)",
    "nr. 3 (2867)",
    "motie op stuk nr. 499",
    "Handelingen 2010/11, 108-5",
    "Aanhangsel Handelingen, vergaderjaar 2023–2025, nr. 2147",
    "[2307.09288] Llama 2",
]


@pytest.mark.parametrize(("text", "normal"), SPELLINGS, ids=[text[:60] for text, _ in SPELLINGS])
def test_every_spelling_has_one_normal_form(text: str, normal: list[str]) -> None:
    """And the normal form is read back as itself, where it stands."""
    found = find_papers(text)
    assert [paper.normal for paper in found] == normal
    for paper in found:
        again = parse(paper.normal)
        assert again is not None and again.normal == paper.normal
        assert 0 <= paper.start < paper.end <= len(text)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_reference_is_left_alone(text: str) -> None:
    """Money, telephone numbers, impossible years and half references name no paper."""
    assert find_papers(text) == []


def test_the_table_is_long_enough() -> None:
    """At least 120 spellings, 40 of them hostile or wrong."""
    assert len(SPELLINGS) + len(WRONG) >= 120 and len(WRONG) >= 40


@pytest.mark.parametrize(
    ("text", "chamber", "session", "pages"),
    [
        ("Kamerstukken II 2024/25, 28676, nr. 499, p. 2-3", "II", "2024/25", "2-3"),
        ("Kamerstukken I 1999-2000, 26855, A", "I", "1999/2000", None),
        ("TK 2007–2008, 31 200 VI, nr. 131", "II", "2007/08", None),
        ("Kamerstuk 28 676, nr. 499", None, None, None),
    ],
)
def test_what_is_named_is_kept(text: str, chamber: str | None, session: str | None, pages: str | None) -> None:
    """Chamber, year and page as far as the text names them; nothing is made up."""
    paper = parse(text)
    assert paper is not None and (paper.chamber, paper.session, paper.pages) == (chamber, session, pages)


def test_an_impossible_year_names_no_year() -> None:
    """The paper is still found, without what is wrong."""
    [paper] = find_papers("Kamerstukken II 2024/26, 28676, nr. 499")
    assert (paper.normal, paper.session) == ("28676, nr. 499", None)


papers = st.one_of(
    st.builds(
        Paper,
        st.just(PaperKind.KAMERSTUK),
        st.integers(1, 9999).map(str),
        dossier=st.integers(10_000, 39_999).map(str),
        suffix=st.sampled_from([None, "VI", "X", "20", "XVII"]),
        chamber=st.just("II"),
        session=st.sampled_from(["2024/25", "1999/2000", "2007/08"]),
        pages=st.sampled_from([None, "2", "25-36"]),
        annex=st.booleans(),
    ),
    st.builds(
        Paper,
        st.just(PaperKind.HANDELINGEN),
        st.integers(1, 120).map(str),
        chamber=st.sampled_from(["I", "II"]),
        session=st.just("2010/11"),
        item=st.integers(1, 40).map(str),
        pages=st.sampled_from([None, "25-36"]),
    ),
    st.builds(
        Paper,
        st.just(PaperKind.AANHANGSEL),
        st.integers(1, 4000).map(str),
        chamber=st.just("II"),
        session=st.just("2014/15"),
    ),
)


@given(papers, st.sampled_from(["nl", "en"]))
def test_what_the_leidraad_writes_is_read_back(paper: Paper, language: str) -> None:
    """Style and parser are each other's inverse, in both languages."""
    written = cite(Work("x", "T", paper=paper), Locator(), Style.LEIDRAAD, language)  # type: ignore[arg-type]
    assert parse(written) == paper
    normal = parse(paper.normal)
    assert normal is not None and normal.normal == paper.normal


@pytest.mark.parametrize(
    "text",
    ["12 345 en " * 20_000, "Kamerstukken II 2024/25, 28676, nr. 1, " * 8_000, "1" * 200_000, "Bijlage bij " * 20_000,
     "28676, A " * 20_000, "nr. 1, nr. 2-90 " * 20_000, "(28 676-1 " * 20_000, "kst-" * 50_000,
     "Handelingen II " * 15_000],
)  # fmt: skip
def test_hostile_texts_take_linear_time(text: str) -> None:
    """No spelling makes the reader go back and forth."""
    began = time.process_time()
    find_papers(text)
    assert time.process_time() - began < 5
