"""Tests of ingest/pdf.py, glyphs.py and layout.py: layouts made by hand, the real files, and hostile ones."""

from __future__ import annotations

import random
import re
import statistics
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.fidelity import documents, rate, tool
from navo_qa.chunk import chunk
from navo_qa.errors import UnreadableFile
from navo_qa.ingest import read_file
from navo_qa.ingest.pdf import boxes, read_pdf
from navo_qa.text.blocks import Normalised
from pdf_files import LEADING, Put, column, pdf, width, wrapped

HERE = Path("brief.pdf")
TEXT = (
    "De ministers van de bondgenoten spraken over de steun aan Oekraïne en over de verdeling van de lasten, die "
    "volgens het kabinet nog niet in balans is. Nederland draagt bij aan de luchtverdediging en aan de opleiding."
)


def read(pages: list[list[Put]]) -> Normalised:
    return read_pdf(pdf(pages), HERE).normalised


def set_in(x: float, y: float, room: float, text: str, size: float = 11) -> list[Put]:
    return [Put(x, y - i * size * LEADING, line, size) for i, line in enumerate(wrapped(text, room, size))]


WORDS = st.sampled_from(
    "De minister bondgenoten NAVO-top steun aan Oekraïne café één 2025 (UCAP) EUR 3,5 «vrede» “hulp” nr. 676, ä".split()
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(WORDS, min_size=1, max_size=90), min_size=1, max_size=12))
def test_round_trip(paragraphs: list[list[str]]) -> None:
    """Paragraphs set in a column, over pages, read back as the same paragraphs, each on its own page."""
    texts = [f"Alinea {i} {' '.join(words)} is het slot." for i, words in enumerate(paragraphs)]
    pages = column(texts)
    found = read(pages)
    assert found.text.split("\n\n") == texts
    for page in found.pages:
        first = pages[page.number - 1][0].text
        assert found.text[page.start : page.end].lstrip("\n").startswith(first)
    assert len(found.pages) == len(pages)


def test_columns_are_read_one_after_the_other() -> None:
    """Two columns under a heading that spans both: the left one first, in whatever order the file draws them."""
    left, right = "Links. " + TEXT, "Rechts. " + TEXT
    puts = [
        *set_in(320, 600, 200, right),
        Put(72, 700, "Verslag van de bijeenkomst", 18),
        *set_in(72, 600, 200, left),
        *set_in(72, 300, 440, "Onder. " + TEXT),
    ]
    assert read([puts]).text.split("\n\n") == ["Verslag van de bijeenkomst", left, right, "Onder. " + TEXT]


def test_wide_lines_stay_together() -> None:
    """Also where every line stands far from the next for its size, as a double-spaced draft does."""
    lines = wrapped(f"{TEXT} {TEXT}", 440, 11)
    puts = [Put(72, 700 - i * 24, line) for i, line in enumerate(lines)]
    assert read([puts]).text == " ".join(lines)


def test_running_heads_and_page_numbers_are_left_out() -> None:
    """What stands at one height on most pages, numbers apart, and page numbers are no text; the rest of it is."""
    pages = [
        [Put(72, 800, "Ministerie van Buitenlandse Zaken"), *set_in(72, 700, 440, f"Pagina {i}. {TEXT}"),
         Put(280, 40, f"Pagina {i} van 4", 8), Put(72, 40, "BZ-2025-1", 8)]
        for i in range(1, 5)
    ]  # fmt: skip
    assert read(pages).text == "\n\n".join(f"Pagina {i}. {TEXT}" for i in range(1, 5))


def test_numbered_headings_at_the_top_of_a_page_are_no_running_heads() -> None:
    """A "Vraag 3" and a "Vraag 4" on two pages, or articles that skip some, are text; what counts pages is none."""
    heads = [("Vraag 3", "Artikel 1"), ("Vraag 4", "Artikel 5"), ("Vragen 5, 6 8 en 9", "Artikel 12")]
    pages = [
        [Put(72, 800, f"Verslag van het overleg {i + 6}"), Put(72, 780, question, 11, True), Put(72, 760, article),
         *set_in(72, 700, 440, TEXT)]
        for i, (question, article) in enumerate(heads)
    ]  # fmt: skip
    found = read(pages)
    assert found.text == "\n\n".join(part for question, article in heads for part in (question, article, TEXT))
    questions = [found.text[heading.start : heading.end] for heading in found.headings]
    assert questions == [question for question, _ in heads]


def test_a_figure_or_half_a_word_in_brackets_begins_no_list() -> None:
    """A line that starts so goes on with its sentence; the entries of a list, and numbered headings, do not."""
    lines = ["In de haven liggen volgens de havenmeester", "2.900 schepen, waarvan een groot deel nu wordt",
             "(h)erkend als monument, naast een kade van", "3.5 hectare."]  # fmt: skip
    entries = ["1. Een kraan voor de haven.", "b) Een loods aan de kade.", "2.1 Inzet van de haven"]
    puts = [Put(72, 700 - 13 * i, line) for i, line in enumerate([*lines, *entries])]
    assert read([puts]).text.split("\n\n") == [" ".join(lines), *entries]


def test_accents_of_their_own() -> None:
    """An accent that is drawn over a letter makes one letter with it; one beside it, as in "foto´s", stays."""
    name = "Het lid Babic"
    accent = 72 + width(name) - 4.5
    puts = [Put(72, 700, name), Put(accent, 700, "´"), Put(accent + 10, 700, "zag twee foto´s.")]
    assert read([puts]).text == "Het lid Babić zag twee foto´s."


def test_a_link_over_lines() -> None:
    """What a line's end breaks of a link is put together, with the hyphens that it has."""
    puts = [
        *set_in(72, 700, 440, TEXT),
        Put(72, 660, "Te vinden op https://"),
        Put(72, 647, "www.haven.nl/nieuws/de-nieuwe-"),
        Put(72, 634, "kade/over_de_"),
        Put(72, 621, "kraan.html?jaar=2025."),
    ]
    expected = "Te vinden op https://www.haven.nl/nieuws/de-nieuwe-kade/over_de_kraan.html?jaar=2025."
    assert read([puts]).text.split("\n\n")[-1] == expected


def test_a_year_on_a_line_of_its_own_is_no_page_number() -> None:
    """Where the line above reads on to it; a page's number stands by itself."""
    head = "Kamerbrief over de inzet van Nederland bij de NAVO-top in Ankara op 7 en 8 juli"
    puts = [Put(72, 790, head), Put(72, 777, "2026"), *set_in(72, 700, 440, TEXT), Put(290, 40, "2026")]
    assert read([puts]).text == f"{head} 2026\n\n{TEXT}"


def test_footnotes_at_the_foot() -> None:
    """A raised number with a note at the foot of its page is a footnote; one without a note stays a number."""
    puts = [
        Put(72, 700, "De steun is geleverd."),
        Put(178, 704, "1", 6),
        Put(186, 700, "Het werd m"),
        Put(239, 704, "2", 6),
        *set_in(72, 600, 440, TEXT),
        Put(72, 100, "1", 5),
        Put(78, 97, "Kamerstuk 28 676, nr. 499, over de", 8),
        Put(72, 87, "steun aan Oekraïne.", 8),
    ]
    found = read([puts])
    (note,) = found.footnotes
    assert found.text[note.start : note.end] == "[1] Kamerstuk 28 676, nr. 499, over de steun aan Oekraïne."
    assert found.text[: note.anchor] == "De steun is geleverd."
    assert "Het werd m2" in found.text


def test_hyphens_and_paragraphs_over_pages() -> None:
    """A broken word is mended, a compound keeps its hyphen, and a sentence goes on over the page."""
    lines = [
        "Ministers spraken over de bondge-",
        "noten en de NAVO-",
        "top, en ook",
        "over de bijdrage van de andere",
    ]
    first = [Put(72, 700 - 13 * i, line) for i, line in enumerate(lines)]
    second = [Put(72, 700, "landen in de regio.")]
    expected = "Ministers spraken over de bondgenoten en de NAVO-top, en ook over de bijdrage van de andere"
    found = read([first, second])
    assert found.text == f"{expected} landen in de regio."
    assert [(page.number, page.start) for page in found.pages] == [(1, 0), (2, len(expected) + 1)]


def test_headings() -> None:
    """Larger lines and bold lines are headings; a bold word at a line's start makes none."""
    puts = [Put(72, 750, "Verslag", 20), Put(72, 700, "Steun aan Oekraïne", 11, True), *set_in(72, 680, 440, TEXT)]
    found = read([puts])
    assert [(found.text[h.start : h.end], h.level) for h in found.headings] == [
        ("Verslag", 1),
        ("Steun aan Oekraïne", 4),
    ]


def test_rows_of_a_table() -> None:
    """Three cells or more beside one another are a row, however the file draws them."""
    cells = [[Put(72 + 150 * c, 650 - 14 * r, f"cel {r}{c}", 9) for c in range(3)] for r in range(2)]
    by_column = [row[c] for c in range(3) for row in cells]
    found = read([[*set_in(72, 750, 440, TEXT), *by_column]])
    assert found.text == f"{TEXT}\n\ncel 00 | cel 01 | cel 02\n\ncel 10 | cel 11 | cel 12"


def test_numbers_of_a_table_are_cells() -> None:
    """A number far from the next is a cell of its own; one near its text is the mark of a list."""
    rows = [
        [("Geslacht", 72), ("2", 240), ("14", 320), ("6", 400)],
        [("Totaal", 72), ("10", 240), ("3", 320), ("8", 400)],
    ]
    puts = [Put(x, 600 - 14 * r, text, 9) for r, row in enumerate(rows) for text, x in row]
    puts += [Put(72, 500, "1."), Put(108, 500, "Steun aan Oekraïne is van belang.")]
    assert read([[*set_in(72, 750, 440, TEXT), *puts]]).text == (
        f"{TEXT}\n\nGeslacht | 2 | 14 | 6\n\nTotaal | 10 | 3 | 8\n\n1. Steun aan Oekraïne is van belang."
    )


@pytest.mark.parametrize("top", [770, 115])
def test_a_table_at_the_edge_of_a_page_is_text(top: int) -> None:
    """Its figures are no page numbers, nor are the rows that they stand in; a number beside a running head is one."""
    rows = [("Land", "2023", "2024", "2025"), ("Polen", "3", "4", "5"), ("Estland", "12", "14", "16")]
    table = [
        Put(x, top - i * 14, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((72, 250, 330, 410), row, strict=True)
    ]
    heads = [[Put(72, 800, "Verslag van de top"), Put(500, 800, str(number))] for number in (1, 2)]
    text = read([heads[0] + set_in(72, 600, 440, TEXT), heads[1] + table + set_in(72, 600, 440, TEXT)]).text
    assert all(" | ".join(row) in text for row in rows) and "Verslag van de top" not in text


def test_three_columns_are_no_table() -> None:
    """Lines of sentences that stand side by side are read column by column."""
    columns = [
        f"{name} spraken de ministers over de steun en over het geld. " * 3 for name in ("Eerst", "Toen", "Slot")
    ]
    puts = [put for text, x in zip(columns, (50, 220, 390), strict=True) for put in set_in(x, 700, 150, text.strip())]
    assert read([puts]).text.replace("\n\n", " ") == " ".join(text.strip() for text in columns)


def test_boxes() -> None:
    """The rectangles of a slice lie where its words were set, on their page."""
    pages = column([TEXT, TEXT.replace("Nederland", "Het Koninkrijk")])
    content = pdf([[Put(72, 700, "Voorblad.")], *pages])
    found = read_pdf(content, HERE).normalised
    start = found.text.index("Koninkrijk")
    (box,) = boxes(content, found.alignment, start, start + len("Koninkrijk"))
    put = next(put for put in pages[0] if "Koninkrijk" in put.text)
    assert box.page == 2 and box.bottom - 3 <= put.y <= box.top and box.left >= 71
    lines = boxes(content, found.alignment, found.text.index(TEXT), found.text.index(TEXT) + len(TEXT))
    assert len(lines) == len(wrapped(TEXT, 440)) and {line.page for line in lines} == {2}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "damaged PDF"),
        (b"%PDF-1.4\nniets", "damaged PDF"),
        (pdf([[Put(72, 700, "x")]])[:300], "damaged PDF"),
        (pdf([[Put(72, 700, "x")]], declared=1_000_000), "declares 1,000,000 pages|cannot be loaded"),
    ],
)
def test_damaged(content: bytes, says: str) -> None:
    """A damaged file, or one of a million pages, is one clear line within seconds."""
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match=says):
        read_pdf(content, HERE)
    assert time.monotonic() - started < 5


def test_broken_cross_references_are_mended() -> None:
    """Where the table of references is wrong but the objects are there, the text is read all the same."""
    content = re.sub(rb"startxref\n\d+", b"startxref\n999999", pdf([[Put(72, 700, "Toch gelezen.")]]))
    assert read_pdf(content, HERE).normalised.text == "Toch gelezen."


def test_against_pdftotext() -> None:
    """The real files have pdftotext's characters: the median under 2% different, none over 5%."""
    rates = {path.name: rate(path) for path in documents(".pdf")}
    assert statistics.median(rates.values()) < 0.02
    assert max(rates.values()) < 0.05, rates


def test_passages_stand_on_their_page() -> None:
    """Sixty passages of the real files, by chance: each starts on the page that it claims, by pdftotext."""
    passages = [(path, passage) for path in documents(".pdf") for passage in chunk(read_file(path))]
    for path, passage in random.Random(6).sample(passages, 60):
        page = str(passage.page)
        theirs = _letters(tool("pdftotext", "-raw", "-f", page, "-l", page, str(path), "-"))
        first = re.split(r"\n\n|\. ", re.sub(r"^\[\d+\] ", "", passage.text))[0]
        assert _letters(" ".join(first.split()[:5])) in theirs, (path.name, passage)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)
