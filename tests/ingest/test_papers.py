"""Tests of ingest/papers.py: what a parliamentary paper is called, from its text, its margins and its name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.fidelity import documents
from navo_qa.ingest import read_file
from navo_qa.ingest.papers import linked_references, paper_of_name, paper_of_text
from navo_qa.types import Kind, Paper


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kst-28676-493", {"dossier": "28676", "number": "493"}),
        ("kst-21501-02-2206", {"dossier": "21501-02", "number": "2206"}),
        ("kst-36850-X-2", {"dossier": "36850-X", "number": "2"}),
        ("kst-20252026-28676-499", {"dossier": "28676", "number": "499", "session": "2025-2026"}),
        ("ah-tk-20232024-1786", {"chamber": "Tweede Kamer", "session": "2023-2024", "number": "1786"}),
        (
            "h-ek-20172018-70-4",
            {
                "chamber": "Eerste Kamer",
                "session": "2017-2018",
                "number": "70-4",
                "kind": Kind.REPORT,
                "meeting": "70e vergadering",
            },
        ),
        ("verslag-2025", {}),
        ("akst-28676-493", {}),
    ],
)
def test_names(name: str, expected: dict[str, object]) -> None:
    """A publication's own file name says what it is."""
    assert paper_of_name(name) == expected


def test_a_letter_as_published() -> None:
    """Chamber, session, dossier and number stand in the head, the minister under the letter."""
    text = (
        "Tweede Kamer der Staten-Generaal\n\nVergaderjaar 2024–2025\n\n28 676 NAVO\n\nNr. 493 BRIEF VAN DE MINISTER"
        "\n\nNr. 493\n\nDen Haag, 26 maart 2025\n\nTekst.\n\nDe minister van Buitenlandse Zaken,\n\nC.C.J. Veldkamp"
    )
    assert paper_of_text(text, "") == {
        "chamber": "Tweede Kamer",
        "session": "2024-2025",
        "dossier": "28676",
        "number": "493",
        "minister": "minister van Buitenlandse Zaken",
    }


@pytest.mark.parametrize(
    ("opening", "dossier", "number", "title", "kind"),
    [
        ("28 676 NAVO\n\nNr. 503 BRIEF VAN DE MINISTERS VAN BUITENLANDSE ZAKEN EN VAN DEFENSIE", "28676", "503",
         "NAVO; BRIEF VAN DE MINISTERS VAN BUITENLANDSE ZAKEN EN VAN DEFENSIE", Kind.LETTER),
        ("36 850 X Begroting van Defensie 2026\n\nNr. 12 VERSLAG VAN EEN SCHRIFTELIJK OVERLEG", "36850-X", "12",
         "Begroting van Defensie 2026; VERSLAG VAN EEN SCHRIFTELIJK OVERLEG", Kind.REPORT),
        ("21 501-20 Europese Raad\n\nNr. 2206 MOTIE VAN HET LID JANSEN C.S.", "21501-20", "2206",
         "Europese Raad; MOTIE VAN HET LID JANSEN C.S.", Kind.OTHER),
        ("Tekst zonder kop.\n\nkst-28676-503", "28676", "503", "kamerstuk", Kind.OTHER),
    ],
)  # fmt: skip
def test_heads(tmp_path: Path, opening: str, dossier: str, number: str, title: str, kind: Kind) -> None:
    """A Kamerstuk's head, or the id under it, says which it is; its own number is none of its references."""
    path = tmp_path / "kamerstuk.txt"
    path.write_text(f"{opening}\n\nDen Haag, 6 juni 2025\n\nZie Kamerstuk 28 676, nr. 499. Dat is van belang.\n")
    document = read_file(path)
    assert (document.paper.dossier, document.paper.number, document.title) == (dossier, number, title)
    assert (document.kind, document.letter_date, document.meeting) == (kind, date(2025, 6, 6), None)
    assert document.references == ("28676, nr. 499",)


def test_signers() -> None:
    """Each who signed is named, with initials or a first name; whoever it is on behalf of is not."""
    signed = "De minister van Buitenlandse Zaken,\n\nAnna de Boer\n\nDe staatssecretaris van Defensie,\nB.C. van Dijk\n"
    assert paper_of_text(signed, "")["minister"] == "minister van Buitenlandse Zaken en staatssecretaris van Defensie"
    assert "minister" not in paper_of_text("de minister,\n\nik dank u zeer\n", "")
    answered = "{} van Minister Jansen (BZ) van Minister De Wit (Defensie), mede namens Minister Pot (Zorg) (ontvangen"
    for word in ("Antwoord", "Mededeling"):
        found = paper_of_text(answered.format(word), "")
        assert found["minister"] == "Minister Jansen (BZ) en Minister De Wit (Defensie)"


def test_the_subject_of_a_letter(tmp_path: Path) -> None:
    """A letter's subject is its title."""
    path = tmp_path / "brief.txt"
    path.write_text(
        "Aan de Voorzitter\n\nDatum 23 mei 2025\n\nBetreft: Verslag van de NAVO-raad van 14 mei 2025 te Praag\n\n"
        "Geachte voorzitter,\n\nHierbij bied ik u het verslag aan."
    )
    document = read_file(path)
    assert document.title == "Verslag van de NAVO-raad van 14 mei 2025 te Praag"
    assert (document.kind, document.meeting, document.place) == (Kind.REPORT, "NAVO-raad", "Praag")
    assert (document.letter_date, document.meeting_start) == (date(2025, 5, 23), date(2025, 5, 14))


def test_questions_and_answers() -> None:
    """Written questions have their own title; the day the answer was received is the letter's day."""
    text = (
        "Vragen van het lid Hirsch (GL) aan de Minister over steun (ingezonden 4 april 2024).\n\n"
        "Antwoord van Staatssecretaris Van Rij (Financiën) (ontvangen 21 mei 2024).\n\nVraag 1"
    )
    found = paper_of_text(text, "ah-tk-20232024-1786\nTweede Kamer, vergaderjaar 2023–2024, Aanhangsel 1")
    assert found["title"] == "Vragen van het lid Hirsch (GL) aan de Minister over steun"
    assert (found["letter_date"], found["minister"]) == (date(2024, 5, 21), "Staatssecretaris Van Rij (Financiën)")
    assert (found["chamber"], found["session"], found["number"]) == ("Tweede Kamer", "2023-2024", "1786")
    assert "meeting_start" not in found


COMMITTEE = "De vaste commissie voor Defensie heeft op 5 juni 2024 overleg gevoerd met de Minister, over:"


@pytest.mark.parametrize(
    ("opening", "held", "adopted", "meeting"),
    [
        ("Tweede Kamer, 14e vergadering, woensdag 25 oktober 2017\n\nAanvang: 13:00 uur", date(2017, 10, 25), None,
         "14e vergadering"),
        ("Eerste Kamer\n\n12e vergadering, 10 december 2024", date(2024, 12, 10), None, "12e vergadering"),
        ("12e vergadering\nDinsdag 10 december 2024", date(2024, 12, 10), None, "12e vergadering"),
        ("Commissiedebat NAVO\n\nWoensdag 5 juni 2024\n\nAanvang 13.30 uur.", date(2024, 6, 5), None, None),
        ("Commissie voor Defensie\n\nWoensdag 5 juni 2024, aanvang 13.30 uur", date(2024, 6, 5), None, None),
        (f"28 676 NAVO\n\nNr. 460 VERSLAG VAN EEN COMMISSIEDEBAT\n\nVastgesteld 5 juli 2024\n\n{COMMITTEE}",
         date(2024, 6, 5), date(2024, 7, 5), None),
        ("28 676 NAVO\n\nNr. 460 VERSLAG VAN EEN COMMISSIEDEBAT\n\nVastgesteld 5 juli 2024",
         None, date(2024, 7, 5), None),
        ("Verslag van een algemeen overleg, gehouden op woensdag 5 juni 2024", date(2024, 6, 5), None,
         "algemeen overleg"),
        ("Aan de orde is het debat over de NAVO-top van 24 en 25 juni 2025.", None, None, None),
        ("12e vergadering\n\nAan de orde is de brief van 10 december 2024", None, None, None),
    ],
)  # fmt: skip
def test_days_of_debates(
    tmp_path: Path, opening: str, held: date | None, adopted: date | None, meeting: str | None
) -> None:
    """The day of the debate, not one that it speaks of; the day on which its report was adopted beside it."""
    path = tmp_path / "debat.txt"
    path.write_text(f"{opening}\n\nDe voorzitter: Welkom. Het vorige overleg vond plaats op 3 april 2024.\n", "utf-8")
    document = read_file(path)
    assert (document.meeting_start, document.meeting_end) == (held, held)
    assert (document.letter_date, document.meeting) == (adopted, meeting)


def test_the_day_at_the_foot_of_an_item() -> None:
    """An item of a sitting has its day under each page, beside the number of the sitting."""
    foot = "Tweede Kamer\nHumanitas\n5 april 2018\nTK 70\n70-10-1"
    found = paper_of_text("10\n\nHumanitas\n\nAan de orde is het debat van 3 april 2018.", foot)
    assert found["meeting_start"] == found["meeting_end"] == date(2018, 4, 5) and "title" not in found
    assert "meeting_start" not in paper_of_text("Tekst.", "Versie van 5 april 2018")


def test_linked_references() -> None:
    """Links of a publication become references; what is no paper is none."""
    assert linked_references("kst-29538-253;kst-21501-02-7;h-tk-1;kst-29538-253b") == (
        "29538, nr. 253",
        "21501-02, nr. 7",
    )


def test_where_it_was_found(tmp_path: Path) -> None:
    """The catalogue goes before the file, the file before the text, the text before the name; each is recorded."""
    path = tmp_path / "kst-28676-493.md"
    path.write_text(
        "---\nplace: Praag\n---\n# Verslag van de NAVO-top van 24 en 25 juni 2025\n\nVergaderjaar 2024–2025\n"
    )
    document = read_file(path)
    assert document.paper == Paper(session="2024-2025", dossier="28676", number="493")
    found = dict(document.found)
    assert (found["place"], found["meeting_start"], found["dossier"]) == ("file", "text", "name")
    assert document.letter_date is None and "letter_date" not in found


def test_a_title_with_a_day_is_no_meeting(tmp_path: Path) -> None:
    """A day in a title that names no meeting is not a meeting's day."""
    path = tmp_path / "a.md"
    path.write_text("# Evaluatie proefproject 25-4-2024\n\nTekst.\n")
    assert read_file(path).meeting_start is None


def test_the_real_questions() -> None:
    """Each of the thirteen real answers has its title, number, session and day; none has a meeting's day."""
    for path in documents(".pdf"):
        if path.name.startswith("kamervraag"):
            document = read_file(path)
            assert document.title.startswith("Vragen van") and document.paper.session == "2023-2024", path.name
            assert document.paper.number and document.letter_date and document.meeting_start is None, path.name
