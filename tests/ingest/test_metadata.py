"""Tests of ingest/metadata.py and ingest/days.py."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from navo_qa.ingest.days import find_days
from navo_qa.ingest.metadata import read_metadata
from navo_qa.text.blocks import Normalised
from navo_qa.text.normalise import normalise
from navo_qa.types import Kind

SEEDS = Path(__file__).parents[2] / "../shared/seeds"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("14 en 15 mei 2025", (2025, 5, 14), (2025, 5, 15)),
        ("woensdag 14 en donderdag 15 mei 2025", (2025, 5, 14), (2025, 5, 15)),
        ("31 mei en 1 juni 2023", (2023, 5, 31), (2023, 6, 1)),
        ("31 MEI EN 1 JUNI 2023", (2023, 5, 31), (2023, 6, 1)),
        ("14-15 mei 2025", (2025, 5, 14), (2025, 5, 15)),
        ("14 tot en met 16 mei 2025", (2025, 5, 14), (2025, 5, 16)),
        ("14, 15 en 16 mei 2025", (2025, 5, 14), (2025, 5, 16)),
        ("30 december 2024 t/m 2 januari 2025", (2024, 12, 30), (2025, 1, 2)),
        ("3 december 2025", (2025, 12, 3), (2025, 12, 3)),
        ("14 and 15 May 2025", (2025, 5, 14), (2025, 5, 15)),
        ("14–15 May 2025", (2025, 5, 14), (2025, 5, 15)),
        ("May 14-15, 2025", (2025, 5, 14), (2025, 5, 15)),
        ("May 14, 2025", (2025, 5, 14), (2025, 5, 14)),
        ("31 May to 1 June 2023", (2023, 5, 31), (2023, 6, 1)),
        ("the 3rd of December 2025", (2025, 12, 3), (2025, 12, 3)),
        ("2025-05-14", (2025, 5, 14), (2025, 5, 14)),
        ("14-05-2025", (2025, 5, 14), (2025, 5, 14)),
        ("14/05/2025", (2025, 5, 14), (2025, 5, 14)),
        ("14.5.2025", (2025, 5, 14), (2025, 5, 14)),
    ],
)
def test_days(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    """A day or a stretch of days is read in each spelling."""
    (days,) = find_days(f"Op {text} was het.")
    assert days.dated() == (date(*first), date(*last))


def test_days_without_a_year() -> None:
    """A year that is not named can be given; what is no day gives none."""
    (days,) = find_days("op 3 december jl. in Brussel")
    assert days.dated() is None and days.dated(2025) == (date(2025, 12, 3), date(2025, 12, 3))
    assert list(find_days("in mei 2025, nr. 14, 2 mei-bloemen, 15 procent")) == []
    (days,) = find_days("31 februari 2025")
    assert days.dated() is None


BODY = "Daarna spraken de ministers verder over de toekomst van het verbond en over andere zaken van gewicht."


@pytest.mark.parametrize(
    ("sent", "held", "first"),
    [
        ("Den Haag, 12 januari 2025", "vond plaats op 15 december jl.", date(2024, 12, 15)),
        ("Den Haag, 20 december 2024", "vindt plaats op 16 januari a.s.", date(2025, 1, 16)),
        (
            "Den Haag, 12 december 2025",
            "vond plaats op 3 december jl. De bijeenkomst bereidde de top voor die op 7 en 8 juli 2026 plaatsvindt.",
            date(2025, 12, 3),
        ),
        ("'s-Gravenhage, 23 mei 2005", "vond plaats op 14 mei jl.", date(2005, 5, 14)),
    ],
)
def test_a_day_without_a_year_is_near_its_letter(sent: str, held: str, first: date) -> None:
    """Over new year too, and whatever year another meeting has."""
    read = normalise(f"{sent}\n\nGeachte Voorzitter,\n\nDe bijeenkomst {held} {BODY}")
    assert read_metadata(read, "brief").meeting_start == first


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            "Verslag van de informele Raad Defensie van 5 en 6 mei 2024\n\n"
            f"Op 5 mei vond de bijeenkomst plaats in Praag. {BODY}",
            (Kind.REPORT, "informele Raad Defensie", (2024, 5, 5), (2024, 5, 6), "Praag", None),
        ),
        (
            f"Geannoteerde agenda NAVO-top\n\nDe top vindt op 7 en 8 juli 2026 plaats in New York. {BODY}",
            (Kind.AGENDA, "NAVO-top", (2026, 7, 7), (2026, 7, 8), "New York", None),
        ),
        (
            "Den Haag, 9 maart 2024\n\nGeachte Voorzitter,\n\nHierbij bied ik u aan het stuk "
            "(Kamerstuk 28 676, nr. 5 van 1 februari 2024). "
            f"De bijeenkomst van 3 maart jl. vond plaats te Brussel. {BODY}",
            (Kind.LETTER, None, (2024, 3, 3), (2024, 3, 3), "Brussel", (2024, 3, 9)),
        ),
        (
            "Report of the Foreign Ministers Meeting\n\n"
            f"The meeting took place in Oslo on 31 May and 1 June 2023. {BODY}",
            (Kind.REPORT, "Foreign Ministers Meeting", (2023, 5, 31), (2023, 6, 1), "Oslo", None),
        ),
        (
            f"Report of the Defence Ministers Meeting, Brussels, 12-13 February 2026\n\nWhat they discussed. {BODY}",
            (Kind.REPORT, "Defence Ministers Meeting", (2026, 2, 12), (2026, 2, 13), "Brussels", None),
        ),
        (
            f"Verslag NAVO-top\n\nOp 24 en 25 juni 2025 vond in Den Haag de NAVO-top plaats. {BODY}",
            (Kind.REPORT, "NAVO-top", (2025, 6, 24), (2025, 6, 25), "Den Haag", None),
        ),
        (
            f"Verslag van de top\n\nOp 24 juni 2025 kwam de top in Rio de Janeiro bijeen. {BODY}",
            (Kind.REPORT, "top", (2025, 6, 24), (2025, 6, 24), "Rio de Janeiro", None),
        ),
        (
            "Datum | 4 juli 2025\n\nBetreft | Verslag NAVO-top van 24 en 25 juni 2025\n\n"
            f"Geachte Voorzitter,\n\n{BODY}",
            (Kind.REPORT, "NAVO-top", (2025, 6, 24), (2025, 6, 25), None, (2025, 7, 4)),
        ),
        (f"Begroting van het Ministerie\n\n{BODY}", (Kind.OTHER, None, None, None, None, None)),
        (f"Eindverslag proef 25-4-2024\n\n{BODY}", (Kind.REPORT, None, None, None, None, None)),
        (f"Iets anders\n\n{BODY}", (Kind.OTHER, None, None, None, None, None)),
        (f"Notitie kade\n\n26/03/2024\n\n{BODY}", (Kind.OTHER, None, None, None, None, (2024, 3, 26))),
        (f"Verslag kade\n\n26 maart 2024\n\n{BODY}", (Kind.REPORT, None, None, None, None, None)),
    ],
)
def test_letters(raw: str, expected: tuple[object, ...]) -> None:
    """Kind, meeting, days, place and letter's date are read from the title and the opening of any such letter."""
    known = read_metadata(normalise(raw), "naam")
    kind, meeting, first, last, place, letter_date = expected
    assert (known.kind, known.meeting, known.place) == (kind, meeting, place)
    days = tuple(day and date(*day) for day in (first, last, letter_date))  # type: ignore[misc]
    assert (known.meeting_start, known.meeting_end, known.letter_date) == days


def test_a_first_line_for_title() -> None:
    """Where a format tells no headings, a first line that names a kind of document is the title."""
    line = "Kamerbrief over de inzet bij de NAVO-top in Ankara op 7 en 8 juli 2026"
    known = read_metadata(Normalised(f"{line}\n\nGeachte voorzitter,"), "x")
    assert (known.title, known.kind, known.place) == (line, Kind.LETTER, "Ankara")
    assert read_metadata(Normalised(f"{line}.\n\nDaarover dit."), "x").title == "x"


def test_name_for_title() -> None:
    """Where the text has no title, the file's name is one."""
    assert read_metadata(normalise("gewoon wat tekst"), "mijn_verslag 2025").title == "mijn verslag 2025"


REPORTS = {
    "000": (Kind.REPORT, "2025-05-14 2025-05-15", "Antalya", date(2025, 5, 23), ""),
    "001": (Kind.AGENDA, "2025-05-14 2025-05-15", "Antalya", None, "28676, nr. 499; 28676, nr. 489; 31125, nr. 134"),
    "002": (Kind.REPORT, "2025-04-03 2025-04-04", "Brussel", None, "28676, nr. 493; 21501-20, nr. 2206"),
    "003": (Kind.REPORT, "2023-05-31 2023-06-01", "Oslo", None, "22054, nr. 390; 36045, nr. 390; 28676, nr. 434"),
    "004": (Kind.REPORT, "2025-12-03 2025-12-03", "Brussel", None, "36850, nr. X-2"),
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real reports lie beside the repository, not in it")
@pytest.mark.parametrize("number", sorted(REPORTS))
def test_real_reports(number: str) -> None:
    """All that the five real reports say of themselves is read without a catalogue."""
    path = next(SEEDS.glob(f"{number}*.txt"))
    known = read_metadata(normalise(path.read_text(encoding="utf-8")), path.stem)
    days = f"{known.meeting_start} {known.meeting_end}"
    assert (known.kind, days, known.place, known.letter_date, "; ".join(known.references)) == REPORTS[number]
    assert known.language == "nl" and known.meeting
