"""Reads scans: images, PDF files without any text and single pages, by tesseract in Dutch and English."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from navo_qa.errors import NeedsOcr, UnreadableFile
from navo_qa.ingest.reading import Reading
from navo_qa.text.normalise import normalise

LANGUAGES = ("nld", "eng")
SECONDS = 120  # for one page
MOST_PAGES = 500

_DPI = 300
_SHARE = 0.5  # of a page without text: pictures that cover more of it are its scan
_WORD = re.compile(r"[^\W\d_]{3,}")
_FEWEST_WORDS = 3  # fewer are what tesseract sees in a photograph
_LARGEST = 5_000  # pixels along a side


def read_image(content: bytes, path: Path) -> Reading:
    """Return the text on an image. Raises NeedsOcr, or UnreadableFile where it is damaged."""
    return Reading(normalise(_recognised(content, path)))


def read_scan(document: Any, path: Path) -> Reading:  # noqa: ANN401
    """Return the text of a pdfium document's pictures, page by page. Raises NeedsOcr, UnreadableFile."""
    if len(document) > MOST_PAGES:
        raise UnreadableFile(path, f"a scan of {len(document):,} pages, over the limit of {MOST_PAGES}")
    pages = [_recognised(picture, path) for picture in _pictures(document)]
    return Reading(normalise("\f".join(page.strip("\f\n") + "\n" for page in pages)))


def is_scanned(page: Any) -> bool:  # noqa: ANN401
    """Return whether pictures cover most of a pdfium page: a page that is merely empty has nothing to recognise."""
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    covered = 0.0
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)):
        west, south, east, north = picture.get_bounds()
        across, up = min(east, right) - max(west, left), min(north, top) - max(south, bottom)
        covered += float(max(across, 0) * max(up, 0))
    area: float = (right - left) * (top - bottom)
    return covered > _SHARE * area


def read_page(page: Any, path: Path) -> str:  # noqa: ANN401
    """Return the text of a pdfium page's picture, "" for a photograph. Raises NeedsOcr, UnreadableFile."""
    text = normalise(_recognised(_picture(page), path)).text
    return text if len(_WORD.findall(text)) >= _FEWEST_WORDS else ""


def _pictures(document: Any) -> Iterator[bytes]:  # noqa: ANN401
    for page in document:
        yield _picture(page)
        page.close()


def _picture(page: Any) -> bytes:  # noqa: ANN401
    """Return the page in grey, as a PGM file."""
    width, height = page.get_size()
    scale = min(_DPI / 72, _LARGEST / max(width, height, 1))
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    content: bytes = pixels.tobytes()
    return f"P5 {pixels.shape[1]} {pixels.shape[0]} 255\n".encode() + content


def _recognised(picture: bytes, path: Path) -> str:
    """Return the text of one picture; nothing is written to disk."""
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        raise NeedsOcr(path, "tesseract is not installed")
    command = [tesseract, "stdin", "stdout", "-l", "+".join(LANGUAGES), "--dpi", str(_DPI)]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(path, f"tesseract took over {SECONDS} seconds for one page") from error
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode and "language" in said.lower():
        raise NeedsOcr(path, f"tesseract lacks the language {' or '.join(LANGUAGES)}")
    if done.returncode:
        raise UnreadableFile(
            path, f"no picture that tesseract can read: {said.splitlines()[-1][:120] if said else '?'}"
        )
    return done.stdout.decode("utf-8", "replace")
