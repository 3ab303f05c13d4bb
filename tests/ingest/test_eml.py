"""Tests of ingest/eml.py: the letter attached to a message, the message itself, and damaged ones."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from navo_qa.errors import UnreadableFile
from navo_qa.ingest import read_file
from navo_qa.ingest.eml import read_eml
from pdf_files import Put, pdf

HERE = Path("bericht.eml")


def message(text: str = "Bijgaand de brief.", **attached: bytes) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Brief over de NAVO"
    mail["Date"] = "Fri, 23 May 2025 10:00:00 +0200"
    mail.set_content(text)
    for name, content in attached.items():
        mail.add_attachment(content, "application", "octet-stream", filename=name.replace("_", "."))
    return mail


def test_the_letter(tmp_path: Path) -> None:
    """The letter attached is the document, with its pages; the day of sending is no letter's date."""
    path = tmp_path / "bericht.eml"
    path.write_bytes(message(b_txt=b"Bijlage.", a_pdf=pdf([[Put(72, 700, "De brief zelf.")]])).as_bytes())
    document = read_file(path)
    assert (document.text, document.title, document.letter_date) == ("De brief zelf.", "Brief over de NAVO", None)
    assert [page.number for page in document.pages] == [1]


def test_the_message() -> None:
    """Without a letter the message is the document, in its encoding; HTML where it has nothing else."""
    assert read_eml(message("Oekraïne, één café").as_bytes(), HERE).normalised.text == "Oekraïne, één café"
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("<p>Eén <b>alinea</b></p>", subtype="html")
    assert read_eml(mail.as_bytes(), HERE).normalised.text == "Eén alinea"


def test_encodings_of_messages() -> None:
    """The message's charset counts, not what the page in it announces; without one the bytes decide."""
    said = "Steun aan Oekraïne: € 100 miljoen"
    mail = EmailMessage()
    mail.set_content(f'<meta charset="windows-1252"><p>{said}</p>', subtype="html")
    assert read_eml(mail.as_bytes(), HERE).normalised.text == said
    assert read_eml(b"Subject: x\nFrom: a@b.nl\n\n" + said.encode("cp1252"), HERE).normalised.text == said


def test_a_disclaimer_is_no_letter() -> None:
    """Exchange attaches what it adds below a message under a name of its own."""
    mail = message("De brief zelf.", **{"ATT00001_txt": b"Disclaimer: vertrouwelijk."})
    assert read_eml(mail.as_bytes(), HERE).normalised.text == "De brief zelf."


def test_names_that_lead_elsewhere(tmp_path: Path) -> None:
    """An attachment's name is never a path that is written or read."""
    mail = message()
    mail.add_attachment(b"Letter.", "text", "plain", filename="../../buiten.txt")
    path = tmp_path / "map" / "bericht.eml"
    path.parent.mkdir()
    path.write_bytes(mail.as_bytes())
    assert read_file(path).text == "Letter."
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["bericht.eml", "map"]


def test_a_message_forwarded_as_a_file(tmp_path: Path) -> None:
    """It is the document where no letter is attached, with its own subject."""
    mail = EmailMessage()
    mail["Subject"] = "FW: ter info"
    mail.set_content("Zie bijlage.")
    mail.add_attachment(message("De minister sprak in Praag."))
    path = tmp_path / "door.eml"
    path.write_bytes(mail.as_bytes())
    document = read_file(path)
    assert (document.text, document.title) == ("De minister sprak in Praag.", "Brief over de NAVO")
    mail.add_attachment(b"De brief zelf.", "text", "plain", filename="brief.txt")
    path.write_bytes(mail.as_bytes())
    assert read_file(path).text == "De brief zelf."


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"geen kop"])
def test_damaged(content: bytes) -> None:
    """What is no message is one clear line."""
    with pytest.raises(UnreadableFile, match=r"e-mail"):
        read_eml(content, HERE)


def test_a_damaged_letter() -> None:
    """Where no letter attached can be read, its problem is the message's."""
    with pytest.raises(UnreadableFile, match=r"its attachment: .*damaged PDF"):
        read_eml(message(a_pdf=b"%PDF-1.4").as_bytes(), HERE)
