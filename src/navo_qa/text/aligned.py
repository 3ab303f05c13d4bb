"""Text that remembers, for each of its characters, where that character stood in the raw file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from navo_qa.types import Alignment, Run

Offsets: TypeAlias = NDArray[np.int64]
Piece: TypeAlias = tuple[int, int] | str
"""A stretch [start, end) of a text, or characters that stand in no file."""

Edit: TypeAlias = tuple[int, int, str]
"""Replace [start, end) by the string."""

_NOWHERE = -1
# Everything below U+0300 starts a character of its own in NFC; the rest is looked at, with the character before it.
_COMPOSING = re.compile(
    r"[\s\S]?[\u0300-\u1fff\u2000\u2001\u20d0-\u20ff\u2126\u212a\u212b\u2329\u232a\u2adc-\U0010ffff]+"
)
# Canonical ordering takes the square of the marks on one character: past these the marks are left in the order found.
_MOST_MARKS = 64


@dataclass(frozen=True, slots=True, eq=False)
class AlignedText:
    """A string with the raw stretch [starts[i], ends[i]) of each character; -1 where it stands in no file.

    starts, ends: int64 (len(text),).
    """

    text: str
    starts: Offsets
    ends: Offsets

    @classmethod
    def of(cls, raw: str) -> AlignedText:
        """Return the raw text itself, each character standing where it stands."""
        starts = np.arange(len(raw), dtype=np.int64)
        return cls(raw, starts, starts + 1)

    def assemble(self, pieces: Sequence[Piece]) -> AlignedText:
        """Return the pieces one after the other; a string piece stands in no file."""
        texts: list[str] = []
        starts: list[Offsets] = []
        ends: list[Offsets] = []
        for piece in pieces:
            if isinstance(piece, str):
                nowhere = np.full(len(piece), _NOWHERE, dtype=np.int64)
                texts.append(piece)
                starts.append(nowhere)
                ends.append(nowhere)
            else:
                stretch = slice(*piece)
                texts.append(self.text[stretch])
                starts.append(self.starts[stretch])
                ends.append(self.ends[stretch])
        return _joined(texts, starts, ends)

    def edit(self, edits: Iterable[Edit]) -> AlignedText:
        """Return the text with each stretch replaced; edits are in order and do not overlap.

        A replacement of the same length maps character by character, another as a whole to the whole.
        """
        edits = list(edits)
        if not edits:
            return self
        texts: list[str] = []
        done = 0
        for start, end, replacement in edits:
            texts += (self.text[done:start], replacement)
            done = end
        texts.append(self.text[done:])
        return AlignedText("".join(texts), *self._edited_offsets(edits))

    def compose(self) -> AlignedText:
        """Return the text in NFC: "e" and U+0301 become one character that maps to both."""
        edits: list[Edit] = []
        for match in _COMPOSING.finditer(self.text):
            edits += _composed(match[0], match.start())
        return self.edit(edits) if edits else self

    def alignment(self) -> Alignment:
        """Return the map to the raw file as runs; characters that stand in no file are in none."""
        n = len(self.text)
        if n == 0:
            return Alignment()
        single = self.ends - self.starts == 1
        step = np.zeros(n, dtype=bool)
        step[1:] = single[1:] & single[:-1] & (self.starts[1:] == self.starts[:-1] + 1)
        same = np.zeros(n, dtype=bool)
        same[1:] = (self.starts[1:] == self.starts[:-1]) & (self.ends[1:] == self.ends[:-1])
        goes_on = step | same
        goes_on[1:] &= ~(goes_on[:-1] & (step[1:] != step[:-1]))
        firsts = np.flatnonzero(~goes_on)
        lasts = np.append(firsts[1:], n) - 1
        runs = zip(
            firsts.tolist(), (lasts + 1).tolist(), self.starts[firsts].tolist(), self.ends[lasts].tolist(), strict=True
        )
        return Alignment(tuple(Run(*run) for run in runs if run[2] != _NOWHERE))

    def _edited_offsets(self, edits: Sequence[Edit]) -> tuple[Offsets, Offsets]:
        """Return the offsets after the edits: kept and replaced stretches take turns."""
        left = np.fromiter((edit[0] for edit in edits), np.int64, len(edits))
        right = np.fromiter((edit[1] for edit in edits), np.int64, len(edits))
        length = np.fromiter((len(edit[2]) for edit in edits), np.int64, len(edits))
        low, high = self._raw_stretches(left, right)
        first = np.zeros(2 * len(edits) + 1, dtype=np.int64)
        first[1::2], first[2::2] = left, right
        count = np.empty_like(first)
        count[1::2] = length
        count[0::2] = np.append(left, len(self.text)) - np.append([0], right)
        source = np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count)
        whole = np.zeros(len(first), dtype=bool)
        whole[1::2] = length != right - left
        by_whole = np.repeat(whole, count)
        number = np.repeat(np.arange(len(first)) // 2, count)[by_whole]
        source[by_whole] = 0
        starts, ends = (np.append(offsets, _NOWHERE)[source] for offsets in (self.starts, self.ends))
        starts[by_whole], ends[by_whole] = low[number], high[number]
        return starts, ends

    def _raw_stretches(self, left: Offsets, right: Offsets) -> tuple[Offsets, Offsets]:
        """Return the raw stretch that each stretch [left, right) came from, -1 where it came from none."""
        pairs = np.column_stack([left, right]).ravel()
        far = np.iinfo(np.int64).max
        starts = np.append(np.where(self.starts == _NOWHERE, far, self.starts), far)
        low = np.minimum.reduceat(starts, pairs)[::2]
        high = np.maximum.reduceat(np.append(self.ends, _NOWHERE), pairs)[::2]
        nowhere = (left == right) | (low == far)
        return np.where(nowhere, _NOWHERE, low), np.where(nowhere, _NOWHERE, high)


def _joined(texts: list[str], starts: list[Offsets], ends: list[Offsets]) -> AlignedText:
    empty = np.empty(0, dtype=np.int64)
    return AlignedText("".join(texts), np.concatenate([empty, *starts]), np.concatenate([empty, *ends]))


def _composed(segment: str, offset: int) -> Iterable[Edit]:
    """Yield the edits that bring one segment to NFC, cluster by cluster."""
    start = 0
    for end in [*_cluster_starts(segment), len(segment)]:
        cluster = segment[start:end]
        normal = unicodedata.normalize("NFC", cluster)
        if normal != cluster:
            yield offset + start, offset + end, normal
        start = end


def _cluster_starts(segment: str) -> Iterable[int]:
    """Yield where a new character starts that nothing before it composes with."""
    start = 0
    for i in range(1, len(segment)):
        if unicodedata.combining(segment[i]) == 0:
            if _composes(segment[start:i], segment[i]):
                continue
        elif i - start < _MOST_MARKS:
            continue
        yield i
        start = i


def _composes(cluster: str, character: str) -> bool:
    normalize = unicodedata.normalize
    return normalize("NFC", cluster + character) != normalize("NFC", cluster) + normalize("NFC", character)
