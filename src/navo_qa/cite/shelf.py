"""Where in the collection does a quote stand? Every run of three words is a fingerprint; a quote asks for its own.

documents -> words -> ids (n,) -> hash of ids i, i+1, i+2 -> sorted, with the place of each
quote     -> the places of its fingerprints -> where most agree -> compared letter by letter
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from navo_qa.cite.wording import ENDS, Ids, Offsets, clean, find, hashed_words, shown_words, spaced
from navo_qa.types import Document

_PRIMES = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_COMMON = 400  # a fingerprint in more places says little of where a quote is from
_REGIONS = 24  # how many places are compared letter by letter
_SLACK = 12  # words on either side of a region
_STOP = re.compile(r"[.!?]\W*\s")
_APART = 24  # words between two places that a quote is joined from
_JOINED = 4  # words that a part of a joined quote has at least


Votes: TypeAlias = NDArray[np.int64]
"""(v, 2): position in the collection and position in the quote, for each fingerprint that they share."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words that stand there."""
        return self.document.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        """The page that the stretch starts on, where the document has pages."""
        return next((page.number for page in self.document.pages if page.start <= self.start < page.end), None)


@dataclass(frozen=True, slots=True)
class Near:
    """The stretch that comes nearest to a quote, and how near: 1 is the same words. `parts`: joined from so many."""

    place: Place
    similarity: float
    parts: int = 1


@dataclass(frozen=True, slots=True)
class _Words:
    ids: Ids  # (n,) the word at each position, 0 between documents
    starts: Offsets  # (n,) its offset in its document
    ends: Offsets
    firsts: list[int]  # the first position of each document


class _Region(NamedTuple):
    """Where a quote may stand: the number of the document, and positions [low, high) of its words."""

    number: int
    low: int
    high: int


class Shelf:
    """The documents of a collection, indexed by their words; built once, asked often, from any number of threads."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(documents)
        self._words = self._read()

    def exact(self, quote: str) -> list[Place]:
        """Return every place where the quote stands word for word, in the order of the collection."""
        quote = clean(quote)
        asked = hashed_words(quote)[0]
        if not len(asked):
            return []
        found: dict[tuple[str, int, int], Place] = {}
        for region in self._regions(len(asked), self._votes(asked)):
            document, window, offset = self._window(region)
            for start, end in find(quote, window):
                found[document.id, start + offset, end + offset] = Place(document, start + offset, end + offset)
        return sorted(found.values(), key=lambda place: (place.document.id, place.start))

    def near(self, quote: str) -> Near | None:
        """Return the place that comes nearest to the quote, None where nothing does."""
        quote = clean(quote)
        asked = hashed_words(quote)[0]
        if len(asked) < 2:
            return None
        votes = self._votes(asked)
        regions = self._regions(len(asked), votes)[:4]
        aligned = (self._align(asked, region) for region in regions)
        best = max(aligned, key=lambda near: near.similarity, default=None)
        if best is None:
            return None
        if best.similarity < 0.75 and (parts := self._parts(len(asked), votes)) > 1:
            return Near(best.place, best.similarity, parts)
        return best if best.similarity >= (0.5 if len(asked) > 8 else 0.6) else None

    def _read(self) -> _Words:
        read = [hashed_words(document.text) for document in self.documents]
        firsts = np.cumsum([0, *(len(ids) + 1 for ids, _, _ in read)]).tolist()[:-1]
        none, parted = np.empty(0, np.int64), np.zeros(1, np.uint64)
        ids = [part for own, _, _ in read for part in (own, parted)]
        ends = [part for (_, _, own), d in zip(read, self.documents, strict=True) for part in (own, [len(d.text)])]
        starts = [part for (_, own, _), d in zip(read, self.documents, strict=True) for part in (own, [len(d.text)])]
        if not read:
            return _Words(np.empty(0, np.uint64), none, none, [])
        return _Words(np.concatenate(ids), np.concatenate(starts), np.concatenate(ends), firsts)

    @cached_property
    def _threes(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        return _sorted(_hashes(self._words.ids, 3))

    @cached_property
    def _twos(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        return _sorted(_hashes(self._words.ids, 2))

    def _votes(self, asked: Ids) -> Votes:
        found: list[NDArray[np.int64]] = []
        for size in (3, 2):
            if len(asked) < size or size == 2 and found and len(asked) > 8:
                continue
            hashes, order = self._threes if size == 3 else self._twos
            wanted = _hashes(asked, size)
            lows, highs = np.searchsorted(hashes, wanted, "left"), np.searchsorted(hashes, wanted, "right")
            for i, (low, high) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
                if high > low:
                    at = order[low : min(high, low + _COMMON)]
                    found.append(np.column_stack((at, np.full(len(at), i))))
        if found:
            return np.concatenate(found)
        if len(asked) == 1:
            at = np.flatnonzero(self._words.ids == asked[0])[:_COMMON]
            return np.column_stack((at, np.zeros(len(at), np.int64)))
        return np.empty((0, 2), np.int64)

    def _regions(self, size: int, votes: Votes) -> list[_Region]:
        """Return the stretches where a quote of so many words may stand, likeliest first."""
        if not len(votes):
            return []
        count = len(self.documents)
        numbers = np.searchsorted(self._words.firsts, votes[:, 0], "right") - 1
        bins, counts = np.unique((votes[:, 0] - votes[:, 1]) // 16 * count + numbers, return_counts=True)
        likeliest = [i for i in np.argsort(-counts, kind="stable")[:_REGIONS].tolist() if counts[i] * 3 >= counts.max()]
        found = (divmod(int(bins[i]), count) for i in likeliest)
        return [_Region(number, at * 16, at * 16 + 16 + size) for at, number in found]

    def _window(self, region: _Region) -> tuple[Document, str, int]:
        """Return the document of the region, the text around it, and where that starts."""
        document = self.documents[region.number]
        first, last = self._bounds(region.number)
        start = int(self._words.starts[min(max(first, region.low - _SLACK), last)])
        end = int(self._words.ends[max(min(last, region.high + _SLACK), first)])
        return document, document.text[start:end], start

    def _bounds(self, number: int) -> tuple[int, int]:
        firsts = self._words.firsts
        return firsts[number], (firsts[number + 1] if number + 1 < len(firsts) else len(self._words.ids)) - 1

    def _align(self, asked: Ids, region: _Region) -> Near:
        """Return the stretch of the region nearest to the quote, by the edit distance of words."""
        first, last = self._bounds(region.number)
        low, high = max(first, region.low - _SLACK), min(last, region.high + _SLACK)
        window = self._words.ids[low:high]
        distance, shortest, longest = _nearest_ends(asked, window)
        end = low + (shortest if self._parted(region.number, low + shortest - 1, low + longest - 1) else longest)
        _, shortest, longest = _nearest_ends(asked[::-1], window[: end - low][::-1])
        length = shortest if self._parted(region.number, end - longest, end - shortest) else longest
        if not length:
            return Near(Place(self.documents[region.number], 0, 0), 0.0)
        start = end - length
        opening, closing = int(self._words.starts[start]), int(self._words.ends[end - 1])
        place = Place(self.documents[region.number], opening, closing)
        return Near(place, 1 - distance / max(len(asked), length))

    def _parted(self, number: int, low: int, high: int) -> bool:
        """Whether a sentence ends between the words at two positions."""
        first, last = self._bounds(number)
        start, end = self._words.ends[max(low, first)], self._words.starts[min(high, last)]
        return low < high and bool(_STOP.search(self.documents[number].text, int(start), int(end)))

    def _parts(self, size: int, votes: Votes) -> int:
        """Return from how many places the quote is joined; 0 where they do not make up the most of it."""
        diagonals = votes[:, 0] - votes[:, 1]
        own_diagonals, counts = np.unique(diagonals, return_counts=True)
        likeliest = own_diagonals[np.argsort(-counts, kind="stable")[:16]].tolist()
        covered = np.zeros(size, bool)
        used: list[int] = []
        for _ in range(4):
            best: NDArray[np.bool_] | None = None
            place = 0
            for diagonal in likeliest:
                own = np.zeros(size, bool)
                at = votes[diagonals == diagonal, 1]
                for step in range(3):
                    own[np.minimum(at + step, size - 1)] = True
                own &= ~covered
                if best is None or own.sum() > best.sum():
                    best, place = own, diagonal
            if best is None or best.sum() < _JOINED:
                break
            covered |= best
            # Words left out or put in move what follows a little: it is still the same place.
            if all(abs(place - other) > _APART for other in used):
                used.append(place)
        return len(used) if covered.mean() >= 0.75 else 0


def difference(quote: str, source: str) -> list[tuple[str, str, str]]:
    """Return the quote against the source, word by word: ("equal" | "replace" | "delete" | "insert", source, quote).

    "delete": the source has words that the quote leaves out; "insert": the quote has words of its own.
    """
    theirs, ours = shown_words(source.strip(ENDS)), shown_words(clean(quote).strip(ENDS))
    opcodes = Levenshtein.opcodes([word for word, _ in theirs], [word for word, _ in ours])
    return [
        (op.tag, spaced(theirs[op.src_start : op.src_end]), spaced(ours[op.dest_start : op.dest_end])) for op in opcodes
    ]


def _nearest_ends(asked: Ids, window: Ids) -> tuple[int, int, int]:
    """Return the least edit distance of the words to any stretch of the window, where the first such ends, the last."""
    steps = np.arange(len(window) + 1)
    row = np.zeros(len(window) + 1, np.int64)
    for number, word in enumerate(asked, start=1):
        changed = row + 1
        changed[1:] = np.minimum(changed[1:], row[:-1] + (window != word))
        changed[0] = number
        row = np.minimum.accumulate(changed - steps) + steps
    first, last = int(np.argmin(row)), len(row) - 1 - int(np.argmin(row[::-1]))
    return int(row[first]), first, last


def _hashes(ids: Ids, size: int) -> NDArray[np.uint64]:
    """Return the fingerprint of each run of `size` ids, uint64 (n - size + 1,)."""
    count = max(len(ids) - size + 1, 0)
    total = np.zeros(count, np.uint64)
    for step in range(size):
        mixed = ids[step : step + count] * _PRIMES[step]
        total ^= mixed ^ (mixed >> np.uint64(29 + step))
    return total


def _sorted(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    order = np.argsort(hashes, kind="stable")
    return hashes[order], order
