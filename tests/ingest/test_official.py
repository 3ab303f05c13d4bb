"""Tests of ingest/official.py and ingest/xml.py: publications as they are issued, and hostile XML."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.fidelity import documents
from navo_qa.errors import UnreadableFile
from navo_qa.ingest import read_corpus, read_file
from navo_qa.ingest.catalogue import read_catalogue
from navo_qa.ingest.listing import write_catalogues
from navo_qa.ingest.official import read_official
from navo_qa.text.blocks import Normalised
from navo_qa.types import Document

HERE = Path("kst-1.xml")


def read(body: str) -> Normalised:
    return read_official(f"<officiele-publicatie>{body}</officiele-publicatie>".encode(), HERE).normalised


def test_a_debate() -> None:
    """A speaker is a heading over what he says; layout of the XML is no space before a stop or in brackets."""
    found = read(
        "<handelingen><agendapunt><item-titel>\n Wmo\n</item-titel><spreekbeurt><spreker>\n <voorvoegsels>\n  Mevrouw"
        "\n </voorvoegsels>\n <naam>\n  <achternaam>\n   Bergkamp\n  </achternaam>\n </naam>\n (\n <politiek>\n  D66\n"
        " </politiek>\n ):\n</spreker><tekst><al-groep><al>\n Ik heb <nadruk>één</nadruk> motie.\n</al><al>Dank.</al>"
        "</al-groep></tekst></spreekbeurt></agendapunt></handelingen>"
    )
    assert found.text == "Wmo\n\nMevrouw Bergkamp (D66):\n\nIk heb één motie.\n\nDank."
    assert [(found.text[h.start : h.end], h.level) for h in found.headings] == [
        ("Wmo", 1),
        ("Mevrouw Bergkamp (D66):", 4),
    ]


def test_a_paper() -> None:
    """Headings with their numbers, lists, tables and notes of a Kamerstuk."""
    found = read(
        "<kamerstuk><stuk><titel>Brief van de minister</titel><al>De steun<noot id='n1'><noot.nr>3</noot.nr>"
        "<noot.al>Kamerstuk 28 676, nr. 1</noot.al></noot> duurt.</al><kop><nr>2</nr><titel>Inzet</titel></kop>"
        "<lijst><li><li.nr>a.</li.nr><al>een</al></li></lijst><table><tgroup><tbody><row><entry><al>NL</al></entry>"
        "<entry><al>3</al></entry></row></tbody></tgroup></table></stuk></kamerstuk>"
    )
    assert found.text == (
        "Brief van de minister\n\nDe steun duurt.\n\n[3] Kamerstuk 28 676, nr. 1\n\n2 Inzet\n\na. een\n\nNL | 3"
    )
    assert [note.label for note in found.footnotes] == ["3"]


def test_entries_over_several_columns_and_rows() -> None:
    """By the names of their columns, and by how many rows more they take."""
    names = "".join(f"<colspec colname='{name}'/>" for name in "abc")
    rows = "<row><entry namest='a' nameend='b'><al>x</al></entry><entry morerows='1'><al>y</al></entry></row>"
    rows += "<row><entry><al>p</al></entry><entry><al>q</al></entry></row>"
    found = read(f"<kamerstuk><stuk><table><tgroup>{names}<tbody>{rows}</tbody></tgroup></table></stuk></kamerstuk>")
    assert found.text == "x | | y\n\np | q |"


def test_metadata_beside(tmp_path: Path) -> None:
    """The fields of the file and of the metadata.xml beside it are its properties; the file's own go first."""
    path = tmp_path / "kst-28676-493.xml"
    path.write_text(
        '<officiele-publicatie><metadata><meta name="OVERHEIDop.ondernummer" content="493"/></metadata>'
        '<al>Zie <extref doc="kst-28676-490">490</extref>.</al></officiele-publicatie>'
    )
    (tmp_path / "metadata.xml").write_text(
        '<metadata_gegevens><metadata name="DCTERMS.title" scheme="" content="Verslag"/>'
        '<meta name="DCTERMS.title" content="Verslag"/><meta name="OVERHEIDop.ondernummer" content="1"/>'
        '<meta name="OVERHEIDop.vergaderjaar" content="2024-2025"/></metadata_gegevens>'
    )
    reading = read_official(path.read_bytes(), path)
    assert reading.normalised.text == "Zie 490."
    assert reading.properties == {
        "title": "Verslag",
        "number": "493",
        "session": "2024-2025",
        "linked": "kst-28676-490",
    }


def test_a_record_is_no_document(tmp_path: Path) -> None:
    """The record beside a publication is read with it: no document, no problem, no row of a catalogue."""
    (tmp_path / "kst-1.xml").write_text("<stuk><al>De steun duurt.</al></stuk>")
    for name in ("kst-1.metadata.xml", "metadata.xml"):
        (tmp_path / name).write_text('<metadata_gegevens><meta name="DC.title" content="Verslag"/></metadata_gegevens>')
    assert [each.title for each in read_corpus([tmp_path]) if isinstance(each, Document)] == ["Verslag"]
    assert len(list(read_corpus([tmp_path]))) == 1
    assert list(write_catalogues(tmp_path)) == [tmp_path / "catalogue.csv"]
    assert len(read_catalogue(tmp_path / "catalogue.csv")) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "damaged XML"),
        (b"<a><b></a>", "damaged XML"),
        (b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "declares entities"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'.encode("utf-16"), "declares entities"),
        (b"<a>" * 100_000, "damaged XML"),
    ],
)
def test_hostile(content: bytes, says: str) -> None:
    """Damaged or hostile XML is one clear line at once."""
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match=says):
        read_official(content, HERE)
    assert time.monotonic() - started < 2


def test_nothing_is_lost() -> None:
    """Every character of the real debates is in the text, in its order."""
    from lxml import etree

    for path in documents(".xml"):
        root = etree.fromstring(path.read_bytes())
        assert "".join(read_file(path).text.split()) == "".join("".join(root.itertext()).split()), path.name
