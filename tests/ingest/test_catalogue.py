"""Tests of ingest/catalogue.py."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from navo_qa.errors import CatalogueError
from navo_qa.ingest.catalogue import read_catalogue
from navo_qa.types import Kind

HEAD = "id,title,kind,meeting,meeting_start,meeting_end,place,letter_date,references,language,source"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "catalogue.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_rows(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Rows are read with either delimiter, with or without a mark; an empty cell is unknown."""
    cells = ["een", '"Verslag, Oslo; 2023"', "report", "iFMM", "2023-05-31", "2023-06-01", "Oslo", ""]
    cells += ['"Kamerstukken 22 054 en 36 045, nr. 390; Stb. 5"', "nl", ""]
    text = f"{HEAD.replace(',', delimiter)}\r\n{delimiter.join(cells)}\r\n\r\n"
    found = read_catalogue(write(tmp_path, text, encoding))["een"]
    assert found.title == "Verslag, Oslo; 2023" and found.kind is Kind.REPORT
    assert (found.meeting_start, found.meeting_end) == (date(2023, 5, 31), date(2023, 6, 1))
    assert found.references == ("22054, nr. 390", "36045, nr. 390", "Stb. 5")
    assert found.source is None and found.letter_date is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (f"{HEAD}\na,T,nieuws", 'line 2: kind "nieuws"'),
        (f"{HEAD}\na,T\n\nb,T,report,,32-13-2025", 'line 4: meeting_start "32-13-2025"'),
        (f"{HEAD}\na,T,,,2025-05-15,2025-05-14", "line 2: .*meeting_end is before"),
        (f"{HEAD}\n,T", "line 2: .*id is empty"),
        (f"{HEAD}\na,T\na,U", "line 3: id a stands on line 2"),
        ("id,titel\na,T", 'line 1: column "titel" is unknown'),
        ("title\nT", "line 1: .*need one id"),
        ("id,title\na,T,te veel", "line 2: has 3 cells for 2 columns"),
        ('id,title\na,"open', "line .*is not CSV"),
        ("id,language\na,fr", 'line 2: language "fr"'),
        ("id,file\na,x.md\nb,x.md", "line 3: file x.md stands on line 2"),
    ],
)
def test_bad_rows(tmp_path: Path, rows: str, message: str) -> None:
    """A line that cannot be used is named with what is wrong."""
    with pytest.raises(CatalogueError, match=message):
        read_catalogue(write(tmp_path, rows))


def test_many_cells_of_many_lines(tmp_path: Path) -> None:
    """The line is that of the file, also after a cell of several lines."""
    with pytest.raises(CatalogueError, match="line 4"):
        read_catalogue(write(tmp_path, 'id,title\na,"T\nU"\na,V\n'))
