"""Tests of ingest/listing.py: a catalogue that is written reads back as what was found."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from navo_qa.errors import CatalogueError, FileProblem, NoDocuments
from navo_qa.ingest import read_corpus
from navo_qa.ingest.listing import write_catalogues
from navo_qa.types import Document

REPORT = "Verslag van de NAVO-top van 24 en 25 juni 2025\n\nDen Haag, 3 juli 2025\n\nZie 28 676, nr. 5.\n"


def known(folder: Path) -> list[Document]:
    from dataclasses import replace

    return [replace(each, found=()) for each in read_corpus([folder]) if isinstance(each, Document)]


def test_it_reads_back(tmp_path: Path) -> None:
    """With the catalogue beside them the documents are what they were without; damaged files are named."""
    (tmp_path / "a.txt").write_text(REPORT)
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "kst-28676-493.md").write_text(f"# {REPORT}")
    (tmp_path / "map" / "x.pdf").write_bytes(b"%PDF")
    before = known(tmp_path)
    written = list(write_catalogues(tmp_path))
    assert [each for each in written if isinstance(each, Path)] == [
        tmp_path / "catalogue.csv",
        tmp_path / "map" / "catalogue.csv",
    ]
    assert [type(each) for each in written if isinstance(each, FileProblem)] != []
    assert known(tmp_path) == before
    assert "letter_date: text" in (tmp_path / "catalogue.csv").read_text()


def test_corrections_stay(tmp_path: Path) -> None:
    """What a person corrected is kept; a catalogue that stands is not overwritten unasked."""
    (tmp_path / "a.txt").write_text(REPORT)
    list(write_catalogues(tmp_path))
    path = tmp_path / "catalogue.csv"
    path.write_text(path.read_text().replace("2025-07-03", "2025-07-04"))
    with pytest.raises(CatalogueError, match="--update"):
        list(write_catalogues(tmp_path))
    (tmp_path / "b.txt").write_text("Tekst b.")
    list(write_catalogues(tmp_path, update=True))
    assert [str(document.letter_date) for document in known(tmp_path)] == ["2025-07-04", "None"]
    assert len(path.read_text().splitlines()) == 3


def test_nothing(tmp_path: Path) -> None:
    """A folder without documents is an error, and nothing is written."""
    with pytest.raises(NoDocuments):
        list(write_catalogues(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ["=cmd|'/c calc'!A1", "+1+1", "-2+3 procent", "@SUM(A1)", "'s Avonds in Den Haag"])
def test_no_cell_is_a_formula(tmp_path: Path, title: str) -> None:
    """A spreadsheet shows a hostile title as text, and it reads back as it was."""
    (tmp_path / "a.html").write_text(f"<title>{title}</title><h1>{title}</h1><p>{REPORT}</p>")
    before = known(tmp_path)
    list(write_catalogues(tmp_path))
    [row] = csv.DictReader((tmp_path / "catalogue.csv").read_text("utf-8").splitlines())
    assert before[0].title == title and known(tmp_path) == before
    assert not any(cell and cell[0] in "=+-@" for cell in row.values())
