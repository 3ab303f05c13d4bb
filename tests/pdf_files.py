"""Writes PDF files by hand, for tests: lines of Helvetica where they are told to stand."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842
LEADING = 1.2
# Helvetica's widths in thousandths, by width; accented letters are as wide as their letter.
_WIDTHS = {
    191: "'", 222: "ijl", 278: " !,./:;If[]t\\\\|", 333: "()-r“”", 355: '"', 389: "*", 500: "Jcksvxyz",
    556: "#$0123456789?Labdeghnopqu_«»–", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ",
    833: "Mm", 889: "%", 944: "W", 1000: "…—", 1015: "@",
}  # fmt: skip
_WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}


@dataclass(frozen=True)
class Put:
    """A line of text at a place, in points from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 11
    bold: bool = False


def width(text: str, size: float = 11) -> float:
    """Return what a text measures."""
    return sum(_WIDTH.get(unicodedata.normalize("NFD", c)[0], 556) for c in text) * size / 1000


def wrapped(text: str, room: float, size: float = 11) -> list[str]:
    """Return the lines of a paragraph that is set in a column."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def column(paragraphs: Sequence[str], x: float = 72, room: float = 440) -> list[list[Put]]:
    """Return the pages of a column of paragraphs, each kept whole on a page, an empty line between."""
    pages: list[list[Put]] = [[]]
    y = HEIGHT - 130.0
    for paragraph in paragraphs:
        lines = wrapped(paragraph, room)
        if y - len(lines) * 11 * LEADING < 130 and pages[-1]:
            pages.append([])
            y = HEIGHT - 130.0
        for line in lines:
            pages[-1].append(Put(x, y, line))
            y -= 11 * LEADING
        y -= 11 * LEADING
    return pages


def pdf(pages: Sequence[Sequence[Put]], *, declared: int | None = None, info: str = "") -> bytes:
    """Return a PDF of these pages. declared: the number of pages it says to have."""
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {declared or len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
    ]
    for i, page in enumerate(pages):
        content = "\n".join(map(_shown, page))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {7 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    return _file(objects)


def scan(pages: Sequence[Sequence[Put]]) -> bytes:
    """Return a PDF of pictures of these pages, without any text."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf(pages))
    kids = " ".join(f"{6 + 3 * i} 0 R" for i in range(len(pages)))
    nothing = "<< >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    objects += [nothing] * 3
    for i, page in enumerate(document):
        pixels = page.render(scale=200 / 72, grayscale=True).to_numpy()
        height, across = pixels.shape[:2]
        page.close()
        shown = f"{WIDTH} 0 0 {HEIGHT} 0 0 cm /Im Do"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {7 + 3 * i} 0 R "
            f"/Resources << /XObject << /Im {8 + 3 * i} 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
        objects.append(
            f"<< /Type /XObject /Subtype /Image /Width {across} /Height {height} /ColorSpace /DeviceGray "
            f"/BitsPerComponent 8 /Filter /ASCIIHexDecode /Length {pixels.size * 2} >>\nstream\n"
            f"{pixels.tobytes().hex()}\nendstream"
        )
    document.close()
    return _file(objects)


def joined(files: Sequence[bytes]) -> bytes:
    """Return the pages of several PDFs as one."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    for file in files:
        part = pypdfium2.PdfDocument(file)
        whole.import_pages(part)
        part.close()
    written = io.BytesIO()
    whole.save(written)
    whole.close()
    return written.getvalue()


def _shown(put: Put) -> str:
    text = put.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F{2 if put.bold else 1} {put.size} Tf 1 0 0 1 {put.x:.2f} {put.y:.2f} Tm ({text}) Tj ET"


def _file(objects: Sequence[str]) -> bytes:
    file = b"%PDF-1.4\n"
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\n"
    return file + f"{end}startxref\n{len(file)}\n%%EOF\n".encode()
