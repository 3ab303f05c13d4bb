"""Reads scans: images, and PDF files without any text, by tesseract in Dutch and English."""

from __future__ import annotations

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


def _pictures(document: Any) -> Iterator[bytes]:  # noqa: ANN401
    """Yield each page in grey, as a PGM file."""
    for page in document:
        width, height = page.get_size()
        scale = min(_DPI / 72, _LARGEST / max(width, height, 1))
        pixels = page.render(scale=scale, grayscale=True).to_numpy()
        page.close()
        yield f"P5 {pixels.shape[1]} {pixels.shape[0]} 255\n".encode() + pixels.tobytes()


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
