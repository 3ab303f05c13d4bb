"""Which text does a file hold? From raw characters to the normalised text in which every offset counts.

    clean     one kind of newline and of space, no invisible characters, NFC, no "[bookmark: _Hlk196753282]"
    extract   footnotes out of the running text
    read      lines to paragraphs and headings, words broken at line ends mended
    compose   one text, paragraphs one blank line apart, with its map to the raw characters

What no step knows stays as it is; the spelling of the source, its errors too, is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from navo_qa.text.aligned import AlignedText, Edit
from navo_qa.text.blocks import PAGE, Normalised, compose
from navo_qa.text.footnotes import extract
from navo_qa.text.lines import read_blocks

NORMALISER_VERSION = "1"

_NEWLINE = r"\r\n?|[\n\x0b\x85\u2028\u2029]"
_PAGE_BREAK = r"\f"
_SPACE = r"[ \t\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]+"
# Soft hyphens, zero-width and direction marks, byte order marks, noncharacters, control characters. A zero-width
# joiner between emoji stays: it makes them one.
_INVISIBLE = (
    r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]+"
    r"|(?<![\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d"
)
_SURROGATE = r"[\ud800-\udfff]"
_GLYPH = r"[\x80-\x84\x86-\x9f\ufb00-\ufb06\uf0a7\uf0b7]"
_UNCLEAN = re.compile(
    f"(?P<newline>{_NEWLINE})|(?P<page>{_PAGE_BREAK})|(?P<space>{_SPACE})|(?P<invisible>{_INVISIBLE})"
    f"|(?P<surrogate>{_SURROGATE})|(?P<glyph>{_GLYPH})"
)
_PLAIN = {"newline": "\n", "page": f"\n{PAGE}", "space": " ", "invisible": "", "surrogate": "\ufffd"}
_GLYPHS = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\uf0a7": "•", "\uf0b7": "•",
}  # fmt: skip
# Control characters that are Windows' letters read as Latin-1, "\x96" for "–"; "\x85" is taken for a newline.
_GLYPHS |= {chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_BOOKMARK = re.compile(r"\[bookmark: [^\[\]\n]{1,80}\]")


def normalise(raw: str) -> Normalised:
    r"""Return the normalised text of a plain text file, with its headings, footnotes, pages and alignment.

    `"als bondge-\nnoten " -> "als bondgenoten"`; takes time linear in the length of the text.
    """
    body = extract(clean(raw))
    return compose(body.text, read_blocks(body.text.text, body.end), body.notes)


def clean(raw: str) -> AlignedText:
    """Return the raw text in NFC, one kind of newline and of space, PAGE for page breaks, nothing invisible."""
    text = AlignedText.of(raw)
    text = text.edit(_cleaning(raw)).compose()
    return text.edit((match.start(), match.end(), "") for match in _BOOKMARK.finditer(text.text))


def _cleaning(raw: str) -> Iterator[Edit]:
    for match in _UNCLEAN.finditer(raw):
        kind = match.lastgroup or ""
        plain = _GLYPHS[match[0]] if kind == "glyph" else _PLAIN[kind]
        if plain != match[0]:
            yield match.start(), match.end(), plain
