"""Which spellings are the same words? Two texts are compared without what typesetting does to them.

quotation marks, spaces, hyphens and dashes, soft hyphens, emphasis     never count
a dash between figures, and the minus of one                            count: "2-3", "-0,5"
the bars between a table's cells, or tabs in a memo                     count between figures: "12 | 5"
raised figures, which mark footnotes                                    never count
the case of the first letter, a stop or comma at the end                do not count in a quote
every other letter, figure and mark                                     counts
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

QUOTES = "\"'“”„‟‘’‚‛«»‹›`´′″"
_RAISED = "¹²³⁰⁴⁵⁶⁷⁸⁹"
_DROPPED = dict.fromkeys(map(ord, QUOTES + _RAISED + "|*_-‐‑‒–—―−\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = re.compile(r"\s+")
_DASH = re.compile(r"(?<=\d)\s*[‐‑‒–—―−-]+\s*(?=\d)|(?<![^\s(])[–−-](?=\d)")  # "2–3", "-0,5"
_BAR = re.compile(r"(?<=\d)\s*[|\t]\s*(?=\d)")  # "12,5 | 14,0"
_KEPT, _PARTED = "\x1f", "\x1e"  # stand for such a dash, such a bar
_EMPHASIS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|~~|\\(?=\W|_|$)")
_INVISIBLE = re.compile(rf"[{_RAISED}\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
Ids: TypeAlias = NDArray[np.uint64]
Offsets: TypeAlias = NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
_KNOWN = 0x20000  # what lies beyond is no letter of a report
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_SHOWN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_INSIDE = re.compile(r"[0-9][.,][0-9]")
ENDS = ".,;:!?…()[] \n"


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text without what does not count; `places[i]` is where its i-th character stood."""

    text: str
    places: tuple[int, ...]


def clean(quote: str) -> str:
    """Return a quote from a memo without emphasis, invisible characters and ligatures, in NFC, on one line."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _BAR.sub(" | ", quote)).translate(_LIGATURES))
    return " ".join(_EMPHASIS.sub("", text).split())


def words(text: str) -> list[str]:
    """Return the words and figures in lower case: "1,6" is one."""
    return _WORD.findall(lowered(text))


def hashed_words(text: str) -> tuple[Ids, Offsets, Offsets]:
    """Return the words of `words`, each as a number of its own, and where each starts and ends.

    A word is hashed as sum(letter_i * B^i) mod 2^64, from prefix sums; B is odd and so has an inverse.
    """
    codes = np.frombuffer(lowered(text).encode("utf-32-le", "replace"), np.uint32)
    if not len(codes):
        return np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.int64)
    letter = _letters()[np.minimum(codes, _KNOWN - 1)]
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    point = np.zeros(len(codes), bool)
    point[1:-1] = ((codes == ord(".")) | (codes == ord(",")))[1:-1] & digit[:-2] & digit[2:]
    edges = np.diff(np.concatenate(([False], letter | point, [False])).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    powers, inverses = _powers(len(codes))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(codes.astype(np.uint64) * powers, dtype=np.uint64)))
    ids = (sums[ends] - sums[starts]) * inverses[starts]
    return ids ^ (ids >> np.uint64(31)), starts, ends


def lowered(text: str) -> str:
    """Return the text in lower case, as long as it was: "İ" alone would become two characters."""
    return text.replace("İ", "I").lower()


def shown_words(text: str) -> list[tuple[str, bool]]:
    """Return the words and marks that a difference is shown in, each with whether a space stands before it.

    Quotation marks are no part of it. `"top, en" -> [("top", False), (",", False), ("en", True)]`
    """
    found = [match for match in _SHOWN.finditer(text) if match[0] not in QUOTES]
    return [(match[0], text[match.start() - 1 : match.start()].isspace()) for match in found]


def spaced(words: Sequence[tuple[str, bool]]) -> str:
    """Return the words of `shown_words` as the text had them."""
    return "".join(f" {word}" if space else word for word, space in words).strip()


def squeeze(text: str) -> str:
    """Return the text without what never counts: "De ‘NAVO-top’" -> "DeNAVOtop"."""
    marked = _BAR.sub(_PARTED, _DASH.sub(_KEPT, text)).translate(_DROPPED)
    return _SPACES.sub("", marked.replace(_KEPT, "-").replace(_PARTED, "|"))


def squeezed(text: str) -> Squeezed:
    """Return the text without what never counts, and where each character stood."""
    marks = {
        match.end() - len(match[0].lstrip()): mark
        for pattern, mark in ((_DASH, "-"), (_BAR, "|"))
        for match in pattern.finditer(text)
    }
    kept = [
        (marks.get(i, c), i) for i, c in enumerate(text) if i in marks or not c.isspace() and ord(c) not in _DROPPED
    ]
    return Squeezed("".join(c for c, _ in kept), tuple(i for _, i in kept))


def find(quote: str, text: str) -> list[tuple[int, int]]:
    """Return every stretch of the text that is the quote, word for word; ends stand at the ends of words."""
    core = squeeze(quote.strip(ENDS + QUOTES)).strip(ENDS)
    if not core:
        return []
    if core[1:] not in squeeze(text):
        return []
    source = squeezed(text)
    found: list[tuple[int, int]] = []
    at = source.text.find(core[1:], 1)
    while at > 0:
        first, last = source.places[at - 1], source.places[at + len(core) - 2]
        same = source.text[at - 1] == core[0] or source.text[at - 1].lower() == core[0].lower()
        cut = core[0].isdigit() and source.text[at - 2 : at - 1] == "-"
        cut |= core[-1].isdigit() and source.text[at + len(core) - 1 : at + len(core)] == "-"  # "20-25", "-0,5"
        if same and not cut and _is_edge(text, first) and _is_edge(text, last + 1):
            found.append((first, last + 1))
        at = source.text.find(core[1:], at + 1)
    return found


def _is_edge(text: str, at: int) -> bool:
    """Whether no word or figure goes on at the offset; a hyphen joins no words, as the memo may break a word by it."""
    if 0 < at < len(text) and _is_letter(text[at - 1]) and _is_letter(text[at]):
        return False
    # "3,5" and "1.250" end at no point inside.
    return not any(_INSIDE.fullmatch(text, max(0, low), low + 3) for low in (at - 1, at - 2))


def _is_letter(character: str) -> bool:
    return character.isalnum() and character not in _RAISED


@functools.cache
def _letters() -> NDArray[np.bool_]:
    return np.fromiter((_is_letter(chr(code)) for code in range(_KNOWN)), bool, _KNOWN)


def _powers(length: int) -> tuple[Ids, Ids]:
    """Return B^i and B^-i mod 2^64 for i under the length."""
    powers, inverses = _table(1 << max(12, (length - 1).bit_length()))
    return powers[:length], inverses[:length]


@functools.lru_cache(maxsize=4)
def _table(length: int) -> tuple[Ids, Ids]:
    def raised(base: int) -> Ids:
        steps = np.full(length, base, np.uint64)
        steps[0] = 1
        return np.cumprod(steps, dtype=np.uint64)

    return raised(_BASE), raised(pow(_BASE, -1, 1 << 64))
