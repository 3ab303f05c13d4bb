"""Tests of ingest/ocr.py: scans are read by tesseract where it is installed, and said to need it where it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.errors import NeedsOcr, PagesNeedOcr, UnreadableFile
from navo_qa.ingest import read_file
from navo_qa.ingest.ocr import read_image
from navo_qa.ingest.pdf import boxes, read_pdf
from pdf_files import Put, joined, pdf, scan

PAGES = [
    [Put(72, 700, "De ministers spraken over de steun aan Oekraïne.", 14)],
    [Put(72, 700, "Nederland levert een bijdrage aan de vrede.", 14)],
]
FIRST = [Put(72, 700, "De minister opende de vergadering.")]
LAST = [Put(72, 700, "De voorzitter sloot de vergadering.")]
installed = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@installed
def test_a_scanned_pdf() -> None:
    """A PDF of pictures is read page by page."""
    read = read_pdf(scan(PAGES), Path("scan.pdf")).normalised
    assert (
        read.text == "De ministers spraken over de steun aan Oekraïne.\n\nNederland levert een bijdrage aan de vrede."
    )
    assert [page.number for page in read.pages] == [1, 2]


@installed
def test_an_image(tmp_path: Path) -> None:
    """A picture is read; what is none is one clear line."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(scan(PAGES[:1]))
    page = document[0]
    pixels = page.render(scale=200 / 72, grayscale=True).to_numpy()
    Image.fromarray(pixels.reshape(pixels.shape[:2])).save(tmp_path / "brief.png")
    page.close()
    document.close()
    assert read_file(tmp_path / "brief.png").text == "De ministers spraken over de steun aan Oekraïne."
    with pytest.raises(UnreadableFile, match="no picture"):
        read_image(b"geen plaatje", Path("x.png"))


def test_without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where tesseract is not installed a scan is one line that says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NeedsOcr, match="install tesseract-ocr and tesseract-ocr-nld"):
        read_pdf(scan(PAGES[:1]), Path("scan.pdf"))


@installed
def test_scanned_pages_among_others() -> None:
    """A page that is a picture is read in its place, by its number; the others keep their rectangles."""
    content = joined([pdf([FIRST]), scan(PAGES[:1]), pdf([[], LAST]), scan(PAGES[1:])])
    reading = read_pdf(content, Path("gemengd.pdf"))
    read = reading.normalised
    assert read.text.split("\n\n") == [FIRST[0].text, PAGES[0][0].text, LAST[0].text, PAGES[1][0].text]
    assert [(page.number, read.text[page.start : page.end].strip()) for page in read.pages] == [
        (1, FIRST[0].text), (2, PAGES[0][0].text), (4, LAST[0].text), (5, PAGES[1][0].text)
    ]  # fmt: skip
    assert reading.unread == ()
    start = read.text.index(LAST[0].text)
    assert [box.page for box in boxes(content, read.alignment, start, start + len(LAST[0].text))] == [4]
    assert {box.page for box in boxes(content, read.alignment, 0, len(read.text))} == {1, 4}


def test_scanned_pages_without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing reads pictures, the pages of text are read and the others are named; an empty page is no scan."""
    content = joined([pdf([FIRST, []]), scan(PAGES[:1]), pdf([LAST])])
    monkeypatch.setenv("PATH", str(tmp_path))
    reading = read_pdf(content, Path("gemengd.pdf"))
    assert reading.normalised.text == f"{FIRST[0].text}\n\n{LAST[0].text}"
    assert reading.unread == (3,)
    (tmp_path / "gemengd.pdf").write_bytes(content)
    (problem,) = build([tmp_path / "gemengd.pdf"], tmp_path / "index", HashingEncoder(32)).problems
    assert isinstance(problem, PagesNeedOcr) and "page 3 is scanned" in str(problem)
