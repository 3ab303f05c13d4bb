"""Tests of cite/exports.py: other people's parsers read back what we wrote, also from hostile titles."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from navo_qa.cite.exports import Export, export
from navo_qa.cite.papers import parse
from navo_qa.cite.works import Locator, Sender, Work
from navo_qa.types import Kind

LETTER = Work(
    "brief-2025",
    "Verslag van Antalya",
    Kind.LETTER,
    paper=parse("Kamerstukken II 2024/25, 28676, nr. 499"),
    sender=Sender("minister van Buitenlandse Zaken", "C.C.J.", "Veldkamp"),
    letter_date=date(2025, 5, 23),
    sha256="ab" * 32,
)
BARE = Work("kaal", "Een titel")
HEARING = Work("h", "Debat", paper=parse("Handelingen II 2010/11, nr. 108, item 5, p. 25-36"), language="nl")
SOURCES = [(LETTER, Locator("2")), (BARE, Locator(None, 4)), (HEARING, Locator())]
HOSTILE = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "a\r\nER  - \r\nTY  - BOOK\r\nTI  - b", "x},\n@book{y",
           "50% & $1_000 # {a} ~ ^ \\input{/etc/passwd}", "\u2028TI  - z", "een \"titel\" <script>"]  # fmt: skip


def ris(text: str) -> list[dict[str, Any]]:
    """What rispy reads."""
    return list(pytest.importorskip("rispy").loads(text))


def test_ris() -> None:
    """Rispy finds every field that is known and no other."""
    letter, bare, hearing = ris(export(SOURCES, Export.RIS))
    assert letter["type_of_reference"] == "BILL" and letter["title"] == "Verslag van Antalya"
    assert letter["authors"] == ["Veldkamp, C.C.J."] and (letter["year"], letter["date"]) == ("2025", "2025/05/23")
    assert letter["secondary_title"] == "Kamerstukken II" and letter["volume"] == "2024/25"
    assert letter["start_page"] == "2" and letter["notes"] == [f"sha256:{'ab' * 32}"]
    assert {"28676, nr. 499"} <= {str(value) for value in letter.values()}
    assert set(bare) == {"type_of_reference", "id", "title", "language"}
    assert (hearing["start_page"], hearing["end_page"], hearing["type_of_reference"]) == ("25", "36", "HEAR")


def test_bibtex() -> None:
    """Bibtexparser finds the same."""
    bibtexparser = pytest.importorskip("bibtexparser")
    library = bibtexparser.parse_string(export(SOURCES, Export.BIBTEX))
    assert not library.failed_blocks and [entry.key for entry in library.entries] == ["brief-2025", "kaal", "h"]
    letter = {field.key: field.value.strip("{}") for field in library.entries[0].fields}
    assert letter["title"] == "Verslag van Antalya" and letter["author"] == "Veldkamp, C.C.J."
    assert letter["howpublished"] == "Kamerstukken II 2024/25, 28676, nr. 499"
    assert (letter["year"], letter["month"], letter["day"], letter["pages"]) == ("2025", "may", "23", "2")
    assert {field.key for field in library.entries[1].fields} == {"title", "langid"}
    assert {field.key: field.value for field in library.entries[2].fields}["pages"].strip("{}") == "25--36"


def test_csl_json() -> None:
    """Valid CSL-JSON with the fields that are known, which citeproc-py renders."""
    letter, bare, hearing = json.loads(export(SOURCES, Export.CSL_JSON))
    assert letter["author"] == [{"family": "Veldkamp", "given": "C.C.J."}]
    assert letter["issued"] == {"date-parts": [[2025, 5, 23]]} and letter["page"] == "2"
    assert (letter["type"], letter["container-title"], letter["number"]) == (
        "bill",
        "Kamerstukken II",
        "28676, nr. 499",
    )
    assert set(bare) == {"id", "type", "title", "language"} and hearing["page"] == "25-36"
    source = pytest.importorskip("citeproc.source.json")
    read = source.CiteProcJSON([letter, bare])
    assert str(read["brief-2025"]["title"]) == "Verslag van Antalya" and read["brief-2025"]["issued"]["year"] == 2025


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_stay_in_their_field(title: str) -> None:
    """One entry, one title, no formula at the head of a field, in every format."""
    source = [(replace(BARE, title=title), Locator())]
    [entry] = ris(export(source, Export.RIS))
    assert entry["type_of_reference"] == "RPRT" and entry["title"][0] not in "=+-@"
    library = pytest.importorskip("bibtexparser").parse_string(export(source, Export.BIBTEX))
    assert not library.failed_blocks and len(library.entries) == 1
    [made] = json.loads(export(source, Export.CSL_JSON))
    assert made["title"][0] not in "=+-@" and "\n" not in made["title"]


def test_a_source_stands_there_once() -> None:
    """However often it was cited."""
    assert len(ris(export([(BARE, Locator()), (BARE, Locator(None, 2))], Export.RIS))) == 1
