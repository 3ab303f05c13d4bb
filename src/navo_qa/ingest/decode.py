"""From a file's bytes to its characters, whatever wrote them; bytes that are no text are refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from navo_qa.errors import BinaryFile, TooLarge, UnreadableFile

MOST_BYTES = 20_000_000  # of a plain text
MOST_LINES = 1_000_000

_MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"SQLite format 3\x00", b"RIFF", b"OggS", b"ID3",
    b"MZ\x90", b"\xca\xfe\xba\xbe", b"{\\rtf", b"II*\x00", b"MM\x00*", b"wOFF", b"\x00asm",
)  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ["cp1252", "latin_1", "iso8859_15", "mac_roman"]
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.02
_LOST = re.compile("[\udc80-\udcff]")
_SAMPLE = 200_000
# What Windows programs mean by a byte that is no UTF-8; the five it leaves open are Latin-1's.
_WINDOWS = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or bytes([byte]).decode("latin-1")
    for byte in range(0x80, 0x100)
}


def refuse_long(content: bytes, path: Path | str) -> None:
    """Return where a plain text is no longer than can be read in bounded time and memory.

    Raises TooLarge, UnreadableFile.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge(path, len(content), MOST_BYTES)
    if content.count(b"\n") > MOST_LINES:
        raise UnreadableFile(path, f"holds over {MOST_LINES / 1e6:.0f} million lines, which no report does")


def decode(content: bytes, path: Path | str) -> str:
    """Return the text that the bytes hold; every byte that is no byte order mark yields a character.

    A byte order mark decides, then UTF-8, also where stray Windows bytes stand in it, then charset-normalizer among
    the Western encodings.
    Raises BinaryFile if the bytes are no text, UnreadableFile if they break the encoding that they announce.
    """
    if content.startswith(_MAGIC):
        raise BinaryFile(path)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _announced(content[len(bom) :], encoding, path)
    if unmarked := wide(content):
        return _announced(content, unmarked, path)
    if len(_CONTROL.findall(content)) > _MOST_CONTROL * len(content) + 2:
        raise BinaryFile(path)
    text = content.decode("utf-8", "surrogateescape")
    lost = len(_LOST.findall(text))
    if lost == 0:
        return text
    if sum(1 for character in text if character > "\x7f") - lost >= lost:
        return text.translate(_WINDOWS)
    return _guessed(content)


def _announced(content: bytes, encoding: str, path: Path | str) -> str:
    if encoding == "utf-8":
        return content.decode(encoding, "surrogateescape").translate(_WINDOWS)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
        raise UnreadableFile(path, f"announced as {name}, broken at byte {error.start:,}") from error


def wide(content: bytes) -> str | None:
    """Return UTF-16 without a mark where every second byte of a Western text is 0."""
    sample = content[:_SAMPLE]
    half = len(sample) // 2
    if half < 2 or len(content) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.8 * half and even < 0.02 * half + 1:
        return "utf-16-le"
    if even > 0.8 * half and odd < 0.02 * half + 1:
        return "utf-16-be"
    return None


def _guessed(content: bytes) -> str:
    """Return the text in the likeliest Western encoding, Windows' where none stands out."""
    sample = b"\n".join(line for line in content[:_SAMPLE].split(b"\n") if not line.isascii())[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=_CANDIDATES, preemptive_behaviour=False).best()
    encoding = best.encoding if best is not None else "cp1252"
    if encoding in ("cp1252", "latin_1", "iso8859_15"):
        windows = content.decode("latin-1").translate({code - 0xDC00: letter for code, letter in _WINDOWS.items()})
        return windows if encoding != "iso8859_15" or b"\xa4" not in content else content.decode(encoding)
    return content.decode(encoding)
