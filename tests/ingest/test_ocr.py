"""Tests of ingest/ocr.py: scans are read by tesseract where it is installed, and said to need it where it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from navo_qa.errors import NeedsOcr, UnreadableFile
from navo_qa.ingest import read_file
from navo_qa.ingest.ocr import read_image
from navo_qa.ingest.pdf import read_pdf
from pdf_files import Put, scan

PAGES = [
    [Put(72, 700, "De ministers spraken over de steun aan Oekraïne.", 14)],
    [Put(72, 700, "Nederland levert een bijdrage aan de vrede.", 14)],
]
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
