"""Tests of verification on memos as people write them: how quotations are set, cut and marked, and sources named."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from navo_qa.cite.findings import page as report
from navo_qa.cite.manuscript import Paragraph, read_markdown
from navo_qa.cite.shelf import Shelf, difference
from navo_qa.cite.verify import Finding, Verdict, Verifier
from navo_qa.errors import NotFound
from navo_qa.types import Document, Kind, Page, Passage, sha256

FIRST = "Bondgenoten <allen> spraken af om in 2035 5% van het BBP voor veiligheid uit te trekken."
MIDDLE = "Nederland gaf EUR 1,6 miljard aan steun, wat volgens de minister (en de Kamer) nog niet genoeg is."
LAST = "Tot slot dankte de voorzitter de ministers voor hun komst naar Den Haag."
OTHER = "De staatssecretaris schreef dat de begroting van 2024 geen ruimte laat voor nieuwe schepen."
TEXT = f"{FIRST}\n\n{MIDDLE} Zie ook Kamerstuk 28 676, nr. 12 over de top.\n\n{LAST}"


def document(name: str, title: str, text: str, source: str = "", pages: tuple[Page, ...] = ()) -> Document:
    """A document with that text."""
    return Document(name, title, Kind.REPORT, "nl", text, sha256(text), source, name, "", pages=pages)


HALF = TEXT.index(LAST)
DOCUMENTS = [
    document("voor", "Een eerste brief over schepen", OTHER, "Kamerstukken II 2023/24, 21501-20, nr. 7"),
    document("verslag", "Verslag van de top in Den Haag", TEXT, "Kamerstukken II 2024/25, 28676, nr. 499",
             (Page(1, 0, HALF), Page(2, HALF, len(TEXT)))),
    document("verslag-2", "Verslag van de top in Den Haag, deel 2", "Niets dan een korte mededeling van orde."),
]  # fmt: skip


def passage(passage_id: str) -> Passage:
    """The whole of a document is its one passage."""
    for one in DOCUMENTS:
        if passage_id == f"{one.id}-0":
            return Passage(passage_id, one.id, 0, len(one.text), one.text, 1)
    raise NotFound("passage", passage_id)


def check(memo: str) -> list[Finding]:
    """The findings on a memo in Markdown, but for sentences in one's own words."""
    found = Verifier(Shelf(DOCUMENTS), passage).verify(read_markdown(memo))
    return [one for one in found if one.verdict not in (Verdict.SUPPORTED, Verdict.UNSUPPORTED)]


@pytest.mark.parametrize(
    "quote",
    [
        r"Bondgenoten \<allen\> spraken af om in 2035",
        "Bondgenoten &lt;allen&gt; spraken&nbsp;af om in 2035",
        r"Bondgenoten \[…\] spraken af om in 2035 5% van het BBP",
        r"spraken af om \[...\] 5% van het BBP voor **veiligheid** uit te trekken",
        "spraken af om in 2035 . . . voor veiligheid uit te trekken",
        "spraken af om (..) van het BBP voor veiligheid",
        "(…) spraken af om in 2035 5% van het BBP",
        "... spraken af om in 2035 5% van het BBP",
        "spraken af¹ om in 2035² 5 % van het BBP",
        "spraken af om[^9] in 2035^[in Den Haag] 5% van het BBP",
        "spraken [de ministers, red.] af om in 2035 5% van het BBP",
        "[B]ondgenoten … spraken af om in 2035 5% van het BBP [cursivering toegevoegd]",
        "wat volgens de minister (...) nog *niet* genoeg is",
        "wat volgens de mi\u00adnister (en de Ka\u00admer) nog niet\ngenoeg is",
        "Tot slot […] hun komst naar Den Haag.",
        r"van het BBP voor \_veiligheid\_ uit te trekken",
    ],
)
@pytest.mark.parametrize(("left", "right"), [("„", "”"), ("« ", " »"), ("“ ", " ”"), ("\n\n> ", "\n\n")])
def test_what_is_not_altered(quote: str, left: str, right: str) -> None:
    """However it is set, cut, marked or escaped."""
    set_in = quote.replace("\n", "\n> ") if ">" in left else quote
    verdicts = [found.verdict for found in check(f"Er staat: {left}{set_in}{right} En verder niets.")]
    assert verdicts == [Verdict.VERBATIM]


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("spraken af om in 2035 4% van het BBP voor veiligheid", Verdict.FIGURE),
        ("spraken af om in 2035 … 4% van het BBP voor veiligheid uit te trekken", Verdict.FIGURE),
        ("spraken niet af om in 2035 5% [sic] van het BBP", Verdict.ALTERED),
        ("Nimmer slot dankte de voorzitter de ministers voor hun komst", Verdict.ALTERED),
        ("Tot slot dankte de voorzitter de ministers voor hun vertrek", Verdict.ALTERED),
        ("Bondgenoten allen spraken om af in 2035 5% van het BBP", Verdict.ALTERED),
        ("De staatssecretaris schreef dat de begroting van 2024 ruimte laat voor nieuwe schepen", Verdict.ALTERED),
    ],
)
def test_what_is_altered(quote: str, verdict: Verdict) -> None:
    """Also at the edges of a document, where its neighbour on the shelf begins."""
    [found] = check(f"Er staat: „{quote}”.")
    assert found.verdict is verdict and found.place is not None


def test_a_difference_reads_as_the_text_does() -> None:
    """No space before a comma; what a quotation ends in is no difference."""
    parts = difference("gaf EUR 2,6 miljard, wat genoeg is (2024).", "gaf EUR 1,6 miljard, wat genoeg is (2024)")
    assert parts == [("equal", "gaf EUR", "gaf EUR"), ("replace", "1,6", "2,6"),
                     ("equal", "miljard, wat genoeg is (2024", "miljard, wat genoeg is (2024")]  # fmt: skip
    wrong = MIDDLE.replace("miljard", "miljoen").replace("(en", "(en ook")
    found = check(f"Er staat: „{wrong}”.")
    shown = re.sub(r"<[^>]+>", "", report(found, "memo.md", "nl"))
    assert "miljardmiljoen aan steun, wat" in shown and "(en ook de Kamer)" in shown


@pytest.mark.parametrize(
    ("memo", "expected"),
    [
        ("„{a}” en „{b}” [@verslag-0].", "verbatim verbatim"),
        ("„{o}” [@voor-0]. Daarna: „{a}” en „{b}” [@verslag-0].", "verbatim verbatim verbatim"),
        ("Kamerstuk 28 676, nr. 499 zegt „{a}” en Kamerstuk 21 501-20, nr. 7 zegt „{o}”.", "verbatim verbatim"),
        ("Kamerstuk 28 676, nr. 499 zegt „{o}” en Kamerstuk 21 501-20, nr. 7 zegt „{a}”.", "other-source other-source"),
        ("„{a}” (Kamerstuk 28 676, nr. 499, p. 1) en „{o}” (Kamerstuk 21 501-20, nr. 7).", "verbatim verbatim"),
        ("> {a}\n>\n> — Kamerstuk 28 676, nr. 499, p. 1", "verbatim"),
        ("> {a}\n>\n> — Kamerstuk 21 501-20, nr. 7", "other-source"),
        ("> Zie ook Kamerstuk 28 676, nr. 12 over de top. [@verslag-0]", "verbatim"),
        ("„{a}” (<https://navo.example/d/voor#0-20>).", "other-source"),
        ("„{a}” (<https://navo.example/d/verslag#0-200>).", "verbatim"),
        ("„{c}” (*Verslag van de top in Den Haag* (Kamerstukken II 2024/25, 28676, nr. 499), p. 1).", "other-source"),
        ("„{c}” (*Verslag van de top in Den Haag* (Kamerstukken II 2024/25, 28676, nr. 499), p. 2).", "verbatim"),
        ("Verslag van de top in Den Haag, Kamerstuk 28 676, nr. 499, p. 1: „{c}”.", "other-source"),
        ("„{a}” (Verslag van de top in Den Haag, deel 2).", "other-source"),
        (r"„{a}” \[@geen\] en \@niets.", "verbatim"),
    ],
)
def test_which_citation_goes_with_which_quotation(memo: str, expected: str) -> None:
    """One after several, one before, one below a block; a page counts whichever name of the source bears it."""
    quotes = {
        "a": "spraken af om in 2035 5% van het BBP",
        "b": "Nederland gaf EUR 1,6 miljard aan steun",
        "c": "Tot slot dankte de voorzitter de ministers",
        "o": "geen ruimte laat voor nieuwe schepen",
    }
    assert [found.verdict.value for found in check(memo.format(**quotes))] == expected.split()


def test_a_block_that_bears_no_mark_of_one() -> None:
    """Indented in Word, or in a PDF: told by its words and its citation; one's own words are left alone."""
    block = Paragraph(f"{LAST} [@verslag-0]", page=1, maybe_quoted=True)
    wrong = replace(block, text=f"{LAST.replace('komst', 'vertrek')} [@verslag-0]")
    own = replace(block, text="De voorzitter bedankte iedereen in Den Haag na afloop hartelijk. [@verslag-0]")
    verdicts = [one.verdict for one in Verifier(Shelf(DOCUMENTS), passage).verify([block, wrong, own])]
    assert verdicts == [Verdict.VERBATIM, Verdict.ALTERED, Verdict.SUPPORTED]
