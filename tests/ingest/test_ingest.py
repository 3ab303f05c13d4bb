"""Tests of ingest/__init__.py: files and folders to documents, and what can be wrong with them."""

from __future__ import annotations

import os
import socket
from datetime import date
from pathlib import Path

import pytest

from navo_qa.errors import (
    BinaryFile,
    CatalogueError,
    ChangedFile,
    DuplicateId,
    EmptyFile,
    FileProblem,
    NoDocuments,
    TooLarge,
    UnknownFormat,
    UnreadableFile,
)
from navo_qa.ingest import READERS, Copy, read_corpus, read_file
from navo_qa.ingest import document as ingest_document
from navo_qa.ingest.reading import Reading
from navo_qa.types import Document, Kind, sha256

CORPUS = Path(__file__).parents[2] / "corpus"


def files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def kinds(found: list[object]) -> list[type]:
    return [type(each) for each in found]


def test_read_file(tmp_path: Path) -> None:
    """A document carries the text, its hash, the file's name and hash, and what the text says of itself."""
    files(tmp_path, verslag_md="# Verslag van de NAVO-top van 24 en 25 juni 2025\n\nDe top vond plaats in Den Haag.\n")
    document = read_file(tmp_path / "verslag.md")
    assert (document.id, document.file, document.source) == ("verslag", "verslag.md", "verslag.md")
    assert document.sha256 == sha256(document.text) and len(document.file_sha256) == 64
    assert (document.kind, document.place, document.language) == (Kind.REPORT, "Den Haag", "nl")
    assert (document.meeting_start, document.meeting_end) == (date(2025, 6, 24), date(2025, 6, 25))
    assert document.text[slice(document.headings[0].start, document.headings[0].end)] == document.title


def test_catalogue_goes_first(tmp_path: Path) -> None:
    """The catalogue goes before the front matter, which goes before the text; the id is the catalogue's."""
    files(
        tmp_path,
        a_md="---\ntitle: Voorin\nplace: Praag\ndate: 2024-01-02\nkind: onzin\n---\n# Kop\n\nTekst van 3 mei 2020.\n",
        catalogue_csv="id;title;meeting_start;file;references\nnavo-1;Titel;2021-02-03;a.md;28 676, nr. 5\n",
    )
    (document,) = read_corpus([tmp_path])
    assert isinstance(document, Document)
    assert (document.id, document.title, document.place) == ("navo-1", "Titel", "Praag")
    assert (document.meeting_start, document.meeting_end) == (date(2021, 2, 3), date(2021, 2, 3))
    assert (document.letter_date, document.references) == (date(2024, 1, 2), ("28676, nr. 5",))
    (alone,) = read_corpus([tmp_path / "a.md"])
    assert alone == document


def test_walk(tmp_path: Path) -> None:
    """Folders are walked in the order of names; hidden files, READMEs and the catalogue are passed over."""
    files(tmp_path, b_txt="B", a__z_md="Z", a__b_txt="AB", c_MD="C", README_md="lees mij", catalogue_csv="id\nb\n")
    files(tmp_path / ".verborgen", x_txt="X")
    (tmp_path / ".x.txt").write_text("X")
    found = list(read_corpus([tmp_path]))
    names = [each.path.name if isinstance(each, DuplicateId) else each.file for each in found]  # type: ignore[union-attr]
    assert names == ["b.txt", "z.md", "b.txt", "c.MD"]
    assert kinds(found) == [Document, Document, DuplicateId, Document]


def test_copies_and_duplicates(tmp_path: Path) -> None:
    """The same text under another name is a copy, another text under the same id a problem; the first stays."""
    files(tmp_path, a_txt="Tekst een.", b_txt="Tekst  een.\r\n", map__a_txt="Tekst twee.", map__c_md="Tekst een.")
    first, copy, duplicate, other = read_corpus([tmp_path])
    assert isinstance(first, Document) and isinstance(duplicate, DuplicateId)
    assert copy == Copy(tmp_path / "b.txt", tmp_path / "a.txt", "a") and "indexed once" in str(copy)
    assert 'the id "a"' in str(duplicate)
    assert isinstance(other, Copy)


def test_named_twice(tmp_path: Path) -> None:
    """A file that is named twice, or linked to, is read once; a loop of links ends."""
    files(tmp_path, a_txt="Tekst.")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert kinds(list(read_corpus([tmp_path, tmp_path / "a.txt", tmp_path]))) == [Document]


def test_problems(tmp_path: Path) -> None:
    """Each file that cannot become a document is one problem that says what to do; the others are read."""
    files(tmp_path, goed_txt="Tekst.", leeg_txt="", wit_md=" \n\ufeff\u200b\n", vreemd_xyz="x")
    (tmp_path / "binair.txt").write_bytes(b"%PDF-1.4 ...")
    (tmp_path / "weg.txt").symlink_to(tmp_path / "nergens")
    os.mkfifo(tmp_path / "pijp.txt")
    found = list(read_corpus([tmp_path, tmp_path / "bestaat-niet"]))
    assert kinds(found) == [
        BinaryFile,
        Document,
        EmptyFile,
        UnreadableFile,
        UnknownFormat,
        UnreadableFile,
        EmptyFile,
        UnreadableFile,
    ]
    assert "known are .docx, " in str(found[4])


def test_nothing(tmp_path: Path) -> None:
    """A folder without a document is an error that names the endings."""
    with pytest.raises(NoDocuments, match=r"\.md, .*\.txt"):
        list(read_corpus([tmp_path]))


def test_a_row_without_its_file(tmp_path: Path) -> None:
    """A catalogue's row that names no file is a problem; a broken catalogue stops the reading."""
    files(tmp_path, a_txt="Tekst.", catalogue_csv="id\na\nweg\n")
    found = list(read_corpus([tmp_path]))
    assert kinds(found) == [Document, UnreadableFile] and "no such file" in str(found[1])
    files(tmp_path, catalogue_csv="id,nope\na,b\n")
    with pytest.raises(CatalogueError):
        list(read_corpus([tmp_path]))


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the limit is not read."""
    files(tmp_path, a_txt="Tekst die te lang is.")
    monkeypatch.setattr(ingest_document, "MAX_SIZE", 10)
    with pytest.raises(TooLarge):
        read_file(tmp_path / "a.txt")


def test_not_permitted(tmp_path: Path) -> None:
    """A file that may not be read, or is no file, is a problem and not a hang."""
    path = files(tmp_path, a_txt="Tekst.") / "a.txt"
    with socket.socket(socket.AF_UNIX) as door:
        os.chdir(tmp_path)
        door.bind("s.txt")
        with pytest.raises(UnreadableFile):
            read_file(tmp_path / "s.txt")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(UnreadableFile, match="[Pp]ermission"):
        read_file(path)


def test_changed_while_read(tmp_path: Path) -> None:
    """A file that grows between the look and the reading is refused."""
    path = files(tmp_path, a_txt="Tekst.") / "a.txt"

    class Growing(type(path)):  # type: ignore[misc]
        def open(self, *args: object, **kwargs: object) -> object:
            with open(self, "a") as file:
                file.write("meer")
            return super().open(*args, **kwargs)

    with pytest.raises(ChangedFile):
        read_file(Growing(path))


def test_names(tmp_path: Path) -> None:
    """An id is the name without its ending, in NFC, without control characters."""
    (tmp_path / "cafe\u0301 \n één.v2.txt").write_text("Tekst.")
    assert read_file(tmp_path / "cafe\u0301 \n één.v2.txt").id == "café _ één.v2"


def test_readers_take_bytes() -> None:
    """Each reader takes bytes and a path, and returns a text, or says what is wrong with the bytes."""
    for ending, read in READERS.items():
        try:
            reading = read(b"Tekst.", Path(f"x{ending}"))
        except FileProblem as problem:
            assert f"x{ending}" in str(problem)
        else:
            assert isinstance(reading, Reading) and reading.normalised.text == "Tekst."


def test_the_corpus_that_ships() -> None:
    """The corpus has no problem, and each document a title, a meeting, its days and a place."""
    found = list(read_corpus([CORPUS]))
    assert len(found) >= 5
    for document in found:
        assert isinstance(document, Document), str(document)
        assert document.meeting_start and document.place and document.meeting and document.title
        assert len(document.headings) > 5 and document.headings[0].level == 1
