"""Tests of text/normalise.py and the steps it is made of."""

from __future__ import annotations

import hashlib
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.text.aligned import AlignedText
from navo_qa.text.blocks import Normalised
from navo_qa.text.hyphens import Hyphens, link_goes_on
from navo_qa.text.normalise import normalise
from strategies import prose, texts

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
DISTRACTORS = Path(__file__).parents[2] / "../shared/data/distractors"


def paragraphs(raw: str) -> list[str]:
    return normalise(raw).text.split("\n\n")


def headings(read: Normalised) -> list[tuple[int, str]]:
    return [(heading.level, read.text[heading.start : heading.end]) for heading in read.headings]


def notes(read: Normalised) -> list[tuple[str, str, str]]:
    """Return each footnote's label, the word before its mark, and its text."""
    return [
        (note.label, read.text[: note.anchor].split()[-1], read.text[note.start : note.end]) for note in read.footnotes
    ]


@given(texts())
@settings(max_examples=200, deadline=None)
def test_shape(raw: str) -> None:
    """Any text: NFC, paragraphs exactly one blank line apart, single spaces, nothing invisible, offsets in order."""
    read = normalise(raw)
    text = read.text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert "\n\n\n" not in text and "  " not in text and "\t" not in text and "\r" not in text
    assert "\n" not in text.replace("\n\n", "")
    assert not {"\x00", "\ufeff", "\u200b", "\u00ad", "\ufdd0", "\ufdd1"} & set(text)
    for heading in read.headings:
        assert text[heading.start : heading.end] in text.split("\n\n")
    for note in read.footnotes:
        assert text[note.start : note.end].startswith(f"[{note.label}] ") and 0 <= note.anchor <= note.start
    assert all(before.end == after.start for before, after in pairwise(read.pages))


@given(texts())
@settings(max_examples=200, deadline=None)
def test_alignment(raw: str) -> None:
    """Each character maps to itself in the raw text, or to the raw characters that it was composed from."""
    read = normalise(raw)
    covered: set[int] = set()
    for run in read.alignment.runs:
        stretch = read.text[run.start : run.end]
        source = raw[run.raw_start : run.raw_end]
        assert stretch and source and not covered & set(range(run.start, run.end))
        covered |= set(range(run.start, run.end))
        if len(stretch) == len(source):
            for character, original in zip(stretch, source, strict=True):
                same = character == original or character in " \n" and original.isspace()
                assert same or unicodedata.combining(character) or character in _plain(original)
    for i, character in enumerate(read.text):
        assert i in covered or character in " \n[]-0123456789"


def _plain(original: str) -> str:
    if "\ud800" <= original <= "\udfff":
        return "\ufffd"
    if "\x80" <= original < "\xa0":
        return original.encode("latin-1").decode("cp1252")
    if "\ufb00" <= original <= "\ufb06":
        return unicodedata.normalize("NFKC", original)
    return {"\uf0b7": "•", "\uf0a7": "•", "\u180e": " "}.get(original) or unicodedata.normalize("NFC", original)


@given(texts())
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost(raw: str) -> None:
    """Every letter outside Word's own leftovers is still there, as often as before."""
    for leftover in ("[bookmark: _Hlk196753282]", "footnoteRef"):
        raw = raw.replace(leftover, "")
    before, after = (_letters(text) for text in (raw, normalise(raw).text))
    assert before == after


def _letters(text: str) -> list[str]:
    plain = "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in text)
    plain = unicodedata.normalize("NFC", plain.replace("\u200b", "").replace("\u00ad", ""))
    return sorted(character for character in plain if character.isascii() and character.isalpha())


@given(prose())
@settings(max_examples=150, deadline=None)
def test_again(raw: str) -> None:
    """A normalised text of plain prose is left as it is."""
    once = normalise(raw).text
    assert normalise(once).text == once


@given(st.text(max_size=30), st.data())
def test_edits_keep_their_place(raw: str, data: st.DataObject) -> None:
    """An edited text knows where its kept characters stood."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    edits = [
        (a, b, data.draw(st.sampled_from(["", "x", "yz", raw[a:b]])))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    edited = AlignedText.of(raw).edit(edits)
    assert len(edited.text) == len(edited.starts) == len(edited.ends)
    expected, done = "", 0
    for start, end, replacement in edits:
        expected += raw[done:start] + replacement
        done = end
    assert edited.text == expected + raw[done:]
    tail = len(raw) - done
    assert edited.starts[len(edited.text) - tail :].tolist() == list(range(done, len(raw)))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\ufeffEen\u00a0zin\tmet   spaties.\r\n\r\nTwee\u00ad de.\r", ["Een zin met spaties.", "Twee de."]),
        ("e\u0301e\u0301n", ["één"]),
        ("\u212bngstrom \ufb01nancieel", ["Ångstrom financieel"]),
        ("a\u200bb\x00c\x07d", ["abcd"]),
        ("👨\u200d👩\u200d👧 en a\u200db", ["👨\u200d👩\u200d👧 en ab"]),
        ("\uf0b7 punt\n\uf0b7 komma", ["• punt", "• komma"]),
        ("jaren \x96 een \x91woord\x92", ["jaren – een ‘woord’"]),
        ("", [""]),
        (" \n\t\n\f\x00 ", [""]),
        ("half \ud800 paar", ["half \ufffd paar"]),
    ],
)
def test_characters(raw: str, expected: list[str]) -> None:
    """Odd characters become plain ones or go; letters stay."""
    assert paragraphs(raw) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("als bondge-", "noten samen", "bondgenoten"),
        ("en niet-", "militaire steun", "niet-militaire"),
        ("de NAVO-", "Top in", "NAVO-Top"),
        ("de NAVO-", "landen en", "NAVO-landen"),
        ("de Noord-", "Atlantische Raad", "Noord-Atlantische"),
        ("hun politieke-", "en militaire", "politieke- en"),
        ("de oud-", "minister van", "oud-minister"),
        ("de ex-", "president van", "ex-president"),
        ("een ex-", "pert van", "expert"),
        ("de pro-", "vincie Utrecht", "provincie"),
        ("de jaren 2025-", "2029 en", "2025-2029"),
        ("een staakt-", "het-vuren in", "staakt-het-vuren"),
        ("BIJEENKOMST-", "EN van", "BIJEENKOMST- EN"),
        ("de BIJEEN-", "KOMST VAN", "BIJEENKOMST"),
        ("(https://www.haven.nl/de-nieuwe-", "kade)", "de-nieuwe-kade"),
    ],
)
def test_hyphens(left: str, right: str, expected: str) -> None:
    """A word broken at a line's end is mended; a word that has a hyphen keeps it."""
    assert expected in left.removesuffix("-") + Hyphens(f"{left}\n{right}").between(left, right) + right


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Zie https://", "www.haven.nl/kade voor meer", True),
        ("Zie www.haven.nl/nieuws/", "de-nieuwe-kade.html", True),
        ("Zie over de kade www.haven.nl/nieuws/2025/de%20nieuwe", "%20kade.pdf", True),
        ("Zie www.haven.nl/nieuws/", "en de brief", False),
        ("Zie www.haven.nl/kade", "voor-en nadelen", False),
        ("De aan/", "uit-knop", False),
    ],
)
def test_links_that_go_on(left: str, right: str, expected: bool) -> None:
    """A link goes on in the next line where it breaks off at one of its marks, not where a word follows it."""
    assert link_goes_on(left, right) is expected
    assert paragraphs(f"{left}\n{right}") == [left + (right if expected else f" {right}")]


def test_hyphens_by_the_rest_of_the_text() -> None:
    """What stands elsewhere in the text decides: "kern-defensie" with its hyphen, "kerndefensie" without."""
    assert "kern-defensie nu" in normalise("de kern-defensie telt\nen ook de kern-\ndefensie nu").text
    assert "kerndefensie nu" in normalise("de kerndefensie telt\nen ook de kern-\ndefensie nu").text
    assert "niet beste maar" in normalise("de beste keus\nen niet bes -\nte maar").text


WRAPPED = """Verslag van de bijeenkomst van 3 en
4 april 2025

De ministers spraken over de vele zaken
die op tafel lagen en ook over wat nog
komt. Daarna ging men uiteen en schreef
men een verslag van de dag.

De tweede alinea gaat over iets anders
en is ook afgebroken.
"""


def test_wrapped_lines() -> None:
    """Lines broken by hand are joined to paragraphs, a title of two lines too."""
    read = normalise(WRAPPED)
    assert [part[:12] for part in read.text.split("\n\n")] == ["Verslag van ", "De ministers", "De tweede al"]
    assert headings(read) == [(1, "Verslag van de bijeenkomst van 3 en 4 april 2025")]


def test_line_by_line() -> None:
    """Where each line is a paragraph, a heading between them is its own paragraph."""
    body = "De bondgenoten bespraken het belang van de afspraken die eerder zijn gemaakt in Den Haag."
    read = normalise(f"VERSLAG VAN DE TOP\n{body}\nOekraïne\n{body}\n{body}\nOverige onderwerpen\n{body}\n")
    assert headings(read) == [(1, "VERSLAG VAN DE TOP"), (2, "Oekraïne"), (2, "Overige onderwerpen")]
    assert read.text.count("\n\n") == 6


def test_letters() -> None:
    """A sender's office and name are one paragraph, apart from what follows; neither they nor the date are headings."""
    raw = (
        " Den Haag, 2 mei 2024\n\nHierbij bied ik u het verslag aan van de bijeenkomst van begin mei.\n\n"
        "De minister van Buitenlandse Zaken, \nA.B. de Vries \n VERSLAG BIJEENKOMST VAN DE \nNAVO VAN 1 MEI 2024\n\n"
        "De ministers kwamen op 1 mei bijeen in Praag en spraken daar over de toekomst van hun\nverbond.\n"
    )
    read = normalise(raw)
    parts = read.text.split("\n\n")
    assert parts[0] == "Den Haag, 2 mei 2024"
    assert parts[2] == "De minister van Buitenlandse Zaken, A.B. de Vries"
    assert headings(read) == [(1, "VERSLAG BIJEENKOMST VAN DE NAVO VAN 1 MEI 2024")]


def test_lists() -> None:
    """Each item of a list is a paragraph, and no heading."""
    read = normalise(
        "Er zijn drie punten:\n- het eerste\n- het tweede\n- het derde\n\n"
        "Daarna volgt nog een zin die wat langer is dan zestig."
    )
    assert read.text.split("\n\n")[1:4] == ["- het eerste", "- het tweede", "- het derde"]
    assert not read.headings


def test_word_footnotes() -> None:
    """Word's marks and notes, apart and interleaved, become paragraphs after the one that bears the mark."""
    raw = (
        "[bookmark: _Hlk1]De motie van A en B[footnoteRef:1], en die van C.[footnoteRef:2] "
        "[1:  Kamerstuk 28 111, nr. 93.]  [2: Kamerstuk [x] 21 501-20, nr. 5.] \n\n"
        "Na de pauze.[footnoteRef:3] Verder. [3: Derde]\n"
    )
    read = normalise(raw)
    assert read.text.split("\n\n") == [
        "De motie van A en B, en die van C.",
        "[1] Kamerstuk 28 111, nr. 93.",
        "[2] Kamerstuk [x] 21 501-20, nr. 5.",
        "Na de pauze. Verder.",
        "[3] Derde",
    ]
    assert [(label, word) for label, word, _ in notes(read)] == [("1", "B"), ("2", "C."), ("3", "pauze.")]
    first = read.footnotes[0]
    assert raw[slice(*read.alignment.to_raw(first.start + 4, first.end))] == "Kamerstuk 28 111, nr. 93."


def test_labels_that_start_again() -> None:
    """Labels that are used again pair with the notes after them; a second mark of one note is only taken out."""
    read = normalise(
        "Een.[footnoteRef:1] [1: a]\n\nTwee.[footnoteRef:1] [1: b]\n\n"
        "Drie[footnoteRef:2] en vier.[footnoteRef:2] [2: c]"
    )
    assert [note for _, _, note in notes(read)] == ["[1] a", "[1] b", "[2] c"]
    assert "Drie en vier." in read.text


@pytest.mark.parametrize(
    "raw",
    [
        "Zonder noot.[footnoteRef:7] Einde.",
        "Zonder merk. [1: Kamerstuk] Einde.",
        "Open [1: Kamerstuk [footnoteRef:1] Einde.",
        "[bookmark: ]x[bookmark",
    ],
)
def test_what_is_not_understood_stays(raw: str) -> None:
    """A mark without a note, a note without a mark, an open bracket: nothing is taken out."""
    assert normalise(raw).text == raw


PAGE = """Nederland heeft in deze periode meer dan
genoeg steun aan het land en zijn leger
geleverd.1

Ook op de andere terreinen is er met de
partners gesproken over wat er komt in de
jaren na dit jaar.

1 Kamerstukken 22 111 en 36 222, nr. 90
 Op de volgende bijeenkomst in december
spreekt men verder.2 Daarna is het klaar en
gaat men naar huis.

2 Kamerstuk 28 676, nr. 434
"""


def test_notes_at_a_pages_foot() -> None:
    """A number glued to a word is a mark where a note of that number stands at the page's foot."""
    read = normalise(PAGE)
    assert [(label, word) for label, word, _ in notes(read)] == [("1", "geleverd."), ("2", "verder.")]
    assert read.text.split("\n\n")[1] == "[1] Kamerstukken 22 111 en 36 222, nr. 90"
    assert read.text.split("\n\n")[3].startswith("Op de volgende bijeenkomst")


def test_a_number_without_a_note() -> None:
    """A glued number stays where no note bears it, and a numbered line where no mark asks for it."""
    assert "geleverd.1" in normalise("Steun is geleverd.1 Klaar.").text
    assert "1 Inleiding" in normalise("Steun is geleverd.\n\n1 Inleiding\n\nTekst.").text


def test_superscripts() -> None:
    """A superscript is a mark as well."""
    assert (
        notes(normalise("Steun is geleverd.¹ Klaar.\n\n¹ Kamerstuk 28 676, nr. 5"))[0][2]
        == "[1] Kamerstuk 28 676, nr. 5"
    )


def test_pages() -> None:
    """Form feeds are page breaks; a sentence may run over one, a paragraph's end is kept."""
    read = normalise("Eerste pagina met een zin die hier\n\fverder gaat. Klaar.\n\fDerde pagina.")
    assert read.text == "Eerste pagina met een zin die hier verder gaat. Klaar.\n\nDerde pagina."
    assert [(page.number, read.text[page.start : page.end].strip()[:6]) for page in read.pages] == [
        (1, "Eerste"),
        (2, "verder"),
        (3, "Derde "),
    ]
    assert normalise("Geen pagina's.").pages == ()


@pytest.mark.parametrize(
    "raw",
    [
        "Een zin over de NAVO. " * 20_000,
        "a" * 400_000,
        "".join(f"woord[footnoteRef:{i}] [{i}: noot] " for i in range(10_000)),
        "[" * 200_000,
        "[1: " * 60_000,
        "[bookmark: " * 40_000,
        "a-\nb" * 40_000,
        "\f\n" * 40_000,
        "e\u0301\u0323" * 60_000,
        "e" + "\u0301\u0323" * 60_000,
        "woord.1\n\n1 Noot\n\n" * 8_000,
        "KOP\n" * 40_000,
        " " * 400_000,
    ],
    ids=range(13),
)
def test_hostile(raw: str) -> None:
    """Time is linear in the length whatever the text: these took minutes if it were not."""
    began = time.process_time()
    normalise(raw)
    assert time.process_time() - began < 8


# How many headings, footnotes and paragraphs a reader counts.
READ_BY_EYE = {
    "000": (1, 0, 9),
    "001": (1, 3, 7),
    "002": (7, 4, 11),
    "003": (1, 2, 9),
    "004": (4, 1, 10),
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real reports lie beside the repository, not in it")
@pytest.mark.parametrize("number", sorted(READ_BY_EYE))
def test_real_reports(number: str) -> None:
    """The five real reports read well: their headings, footnotes and paragraphs are those a reader sees."""
    raw = next(SEEDS.glob(f"{number}*.txt")).read_text(encoding="utf-8")
    read = normalise(raw)
    blocks = read.text.split("\n\n")
    bodies = len(blocks) - len(read.headings) - len(read.footnotes)
    assert (len(read.headings), len(read.footnotes), bodies) == READ_BY_EYE[number]
    assert "[bookmark" not in read.text and "footnoteRef" not in read.text and "geleverd.1" not in read.text
    assert read.headings[0].level == 1
    assert normalise(read.text).text == read.text
    kept = raw
    for run in read.alignment.runs:
        kept = kept[: run.raw_start] + " " * (run.raw_end - run.raw_start) + kept[run.raw_end :]
    assert (
        not kept.replace("[bookmark: _Hlk", "").replace("[footnoteRef:", "").strip("0123456789[]: \n-").strip()
        or number == "003"
    )


@pytest.mark.skipif(not DISTRACTORS.is_dir(), reason="the manifestos lie beside the repository, not in it")
def test_real_noise() -> None:
    """Texts from PDF lose no letter and are left as they are the second time."""
    for path in sorted(DISTRACTORS.glob("*.txt"))[:12:4]:
        raw = path.read_text(encoding="utf-8")
        text = normalise(raw).text
        assert _digest(raw) == _digest(text), path.name
        assert normalise(text).text == text, path.name


def _digest(text: str) -> str:
    return hashlib.sha256("".join(_letters(text)).encode()).hexdigest()
