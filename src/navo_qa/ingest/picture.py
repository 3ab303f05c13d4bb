"""A page of a PDF as a picture, and where on it a stretch of the text stands."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from navo_qa.ingest.pdf import Box, opened

HERE = Path("original.pdf")
HIGHEST = 6_000  # pixels, however narrow the page

_GRID = 100_000  # pdfium gives places in whole units of a device: one this fine loses nothing
_MARK = (255, 214, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle as fractions of the picture, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as it is shown: of how many, its size in points, and the places of the boxes asked for."""

    pages: int
    width: float
    height: float
    places: tuple[Place, ...]


def look(content: bytes, number: int, boxes: Sequence[Box]) -> Sight | None:
    """Return how the page is shown, turned and cropped as it says; None where the PDF has no such page.

    Raises UnreadableFile.
    """
    with opened(content, HERE) as document:
        if not 1 <= number <= len(document):
            return None
        page = document[number - 1]
        try:
            width, height = page.get_size()
            places = tuple(_place(page, box) for box in boxes if box.page == number)
            return Sight(len(document), width, height, places)
        finally:
            page.close()


def picture(content: bytes, number: int, width: int, places: Sequence[Place] = ()) -> bytes:
    """Return the page as a PNG of this many pixels across, with the places marked. Raises UnreadableFile."""
    from PIL import ImageChops, ImageDraw

    with opened(content, HERE) as document:
        page = document[number - 1]
        across, high = page.get_size()
        scale = min(width / max(across, 1), HIGHEST / max(high, 1))
        image = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    if places:
        marks = image.copy()
        marks.paste((255, 255, 255), (0, 0, *image.size))
        draw = ImageDraw.Draw(marks)
        for place in places:
            draw.rectangle(
                (
                    place.left * image.width,
                    place.top * image.height,
                    place.right * image.width,
                    place.bottom * image.height,
                ),
                fill=_MARK,
            )
        image = ImageChops.multiply(image, marks)  # as a marker pen: black stays black
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _place(page: Any, box: Box) -> Place:  # noqa: ANN401
    ends = (_shown(page, box.left, box.top), _shown(page, box.right, box.bottom))
    (left, right), (top, bottom) = (sorted(values) for values in zip(*ends, strict=True))
    return Place(left, top, right, bottom)


def _shown(page: Any, x: float, y: float) -> tuple[float, float]:  # noqa: ANN401
    """Return a point of the page as fractions of its picture, within it."""
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return min(max(across.value / _GRID, 0.0), 1.0), min(max(down.value / _GRID, 0.0), 1.0)
