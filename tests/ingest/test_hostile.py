"""A folder of hostile files: each one line, the others read, time and memory bounded, nothing written elsewhere."""

from __future__ import annotations

import io
import os
import re
import resource
import time
import zipfile
import zlib
from pathlib import Path

from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.errors import BinaryFile, EmptyFile, FileProblem, TooLarge, UnknownFormat, UnreadableFile
from navo_qa.index.snapshot import open_snapshot
from navo_qa.ingest import Copy, read_corpus
from navo_qa.types import Document
from pdf_files import Put, pdf

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OUTSIDE = "../../buiten.txt"


def word(body: str, *, head: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        package.writestr(OUTSIDE, "ontsnapt")
    return file.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def packed(megabytes: int) -> bytes:
    """Return so many megabytes of spaces, packed."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()


def hostile(folder: Path) -> None:
    """Fill a folder with what an enemy, a bug or a bad disk leaves."""
    page = [[Put(72, 700, "Tekst van de PDF.")]]
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
    files = {
        "a-goed.txt": b"De minister antwoordde.",
        "b-bom.docx": word(paragraph(" " * 70_000_000)),
        "b2-tags.docx": word("<w:p/>" * 3_000_000),
        "b3-tags.html": b"<p>" * 1_000_001,
        "b4-regels.txt": b"a\n\n" * 500_001,
        "c-lacht.xml": f"<!DOCTYPE x [{laughs}]><x>&l9;</x>".encode(),
        "d-buiten.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>',
        "e-buiten.docx": word(paragraph("&amp;e;"), head='<!DOCTYPE x SYSTEM "file:///etc/hostname">'),
        "f-miljoen.pdf": pdf(page, declared=1_000_000),
        "g-kruis.pdf": re.sub(rb"startxref\n\d+", b"startxref\n999999", pdf(page)),
        "h-half.pdf": pdf(page)[:400],
        "h2-bom.pdf": b"%PDF-1.4\n4 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + packed(300) + b"\nendstream\n",
        "i-script.html": b"<p>Goed.</p><script>fetch('http://x/')</script><img src=x onerror=alert(1)>",
        "j-zip.docx": b"PK\x03\x04 kapot",
        "k-leeg.docx": word(""),
        "l-pdf.txt": pdf(page),
        "m.exe": b"MZ",
        "n\u202e\nraar.txt": b"Een naam met een regeleinde.",
        "o-bericht.eml": b"\xff\xfe\x00",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for name, size in (("b5-lang.md", 20_000_001), ("p-reus.pdf", 2_000_000_000)):
        with (folder / name).open("wb") as file:
            file.truncate(size)
    (folder / "q-lus").symlink_to(folder, target_is_directory=True)
    (folder / "r-zelf.txt").symlink_to(folder / "r-zelf.txt")
    os.mkfifo(folder / "s-pijp.pdf")


def test_each_is_one_line(tmp_path: Path) -> None:
    """Each file that cannot be read is one problem of one line, bounded in time and memory."""
    hostile(tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    found = list(read_corpus([tmp_path]))
    assert time.monotonic() - started < 60
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 600
    problems = {
        each.path.name.split("-")[0].split(".")[0]: type(each) for each in found if isinstance(each, FileProblem)
    }
    unreadable = dict.fromkeys(["b", "b2", "b3", "b4", "c", "d", "f", "h", "h2", "j", "o", "r", "s"], UnreadableFile)
    assert problems == unreadable | {"b5": TooLarge, "k": EmptyFile, "l": BinaryFile, "m": UnknownFormat, "p": TooLarge}
    assert any("streams unpack to over 200 MB" in str(each) for each in found)
    assert all("\n" not in str(each).replace(str(tmp_path), "") for each in found if isinstance(each, FileProblem))
    texts = [each.text for each in found if isinstance(each, Document)]
    assert texts == ["De minister antwoordde.", "&e;", "Tekst van de PDF.", "Goed.", "Een naam met een regeleinde."]


def test_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    """A build of hostile files ends well, and writes in its index folder alone."""
    folder = tmp_path / "een" / "twee" / "corpus"
    folder.mkdir(parents=True)
    hostile(folder)
    before = sorted(path for path in tmp_path.rglob("*") if "q-lus" not in path.parts)
    summary = build([folder], tmp_path / "index", HashingEncoder())
    assert (summary.documents, len(summary.problems)) == (5, 18)
    after = sorted(path for path in tmp_path.rglob("*") if not {"q-lus", "index"} & set(path.parts))
    assert after == before
    assert len(open_snapshot(tmp_path / "index").collection.listings()) == 5


def test_one_text_in_many_formats(tmp_path: Path) -> None:
    """The same text as plain text, Word, PDF and a web page is indexed once; the others are reported as copies."""
    text = "De ministers spraken over de steun."
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "b.docx").write_bytes(word(paragraph(text)))
    (tmp_path / "c.pdf").write_bytes(pdf([[Put(72, 700, text)]]))
    (tmp_path / "d.html").write_text(f"<p>{text}</p>")
    assert [type(each) for each in read_corpus([tmp_path])] == [Document, Copy, Copy, Copy]
