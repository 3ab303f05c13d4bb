"""The words of a corpus: which are there, how often, and which are spelt almost like this one?"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from navo_qa.errors import DamagedIndex

LONGEST = 40  # bytes; a longer word is not kept, nor corrected
_OFTEN = 2_000  # lookups after which the words are kept as a dictionary, which finds one five times as fast
_LISTED = 100_000  # words up to which they are, some 10 MB


class Words:
    """Folded words in order with their counts, as one array mapped from a file."""

    def __init__(self, table: np.ndarray) -> None:
        self._words, self._counts = np.asarray(table["word"]), np.asarray(table["count"])  # plain views are quicker
        self._lengths: np.ndarray | None = None
        self._letters: np.ndarray | None = None
        self._looked = 0
        self._listed: dict[bytes, int] | None = None

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Words:
        """Return the words of these counts."""
        codes = ((word.encode("utf-8", "replace"), count) for word, count in counts.items())
        kept = sorted((code, count) for code, count in codes if len(code) <= LONGEST)
        return cls(np.array(kept, dtype=[("word", f"S{LONGEST}"), ("count", np.int32)]))

    @classmethod
    def open(cls, path: Path) -> Words:
        """Return the words that were saved at `path`. Raises DamagedIndex."""
        try:
            table = np.load(path, mmap_mode="r", allow_pickle=False)
            return cls(table)
        except (OSError, ValueError, IndexError, EOFError) as error:
            raise DamagedIndex(path.parent, f"{path.name} cannot be read ({error})") from error

    def save(self, path: Path) -> None:
        """Write the words as one .npy file."""
        table = np.empty(len(self._words), dtype=[("word", f"S{LONGEST}"), ("count", np.int32)])
        table["word"], table["count"] = self._words, self._counts
        save_array(path, table)

    def __len__(self) -> int:
        return len(self._words)

    def count(self, word: str) -> int:
        """Return how often the word occurs; 0 where it does not."""
        code = word.encode("utf-8", "replace")
        if self._listed is not None:
            return self._listed.get(code, 0)
        self._looked += 1
        if self._looked == _OFTEN and len(self) <= _LISTED:
            self._listed = dict(zip(self._words.tolist(), self._counts.tolist(), strict=True))
        place = int(self._words.searchsorted(np.bytes_(code))) if len(code) <= LONGEST else len(self)
        return int(self._counts[place]) if place < len(self) and self._words[place] == code else 0

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.count(word) > 0

    def similar(self, word: str, distance: int, most: int = 8) -> list[tuple[str, int]]:
        """Return words within this many edits with their distance: nearest first, then most frequent.

        An edit inserts, drops or replaces a letter or swaps two neighbours: "bondgentoen" -> ("bondgenoten", 1).
        Letters outside ASCII, which folding leaves few of, count as their bytes.
        """
        from rapidfuzz.distance import OSA  # a question without unknown words starts without it

        if self._letters is None or self._lengths is None:
            self._lengths = np.char.str_len(self._words)
            self._letters = _letters(self._words)
        code = word.encode("utf-8", "replace")
        near = np.abs(self._lengths - len(code)) <= distance
        # Each edit changes at most two of the letters that occur, so few words are left to be compared in full.
        near[near] = np.bitwise_count(self._letters[near] ^ _letters(np.array([code]))[0]) <= 2 * distance
        found = []
        for place in np.flatnonzero(near):
            candidate = self._words[place].decode()
            if (edits := OSA.distance(word, candidate, score_cutoff=distance)) <= distance:
                found.append((edits, -int(self._counts[place]), candidate))
        return [(candidate, edits) for edits, _, candidate in sorted(found)[:most]]


def save_array(path: Path, array: np.ndarray) -> None:
    """Write an array as an .npy file. Raises OSError; numpy itself overlooks a disk that is full at the last block."""
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    path.write_bytes(content.getbuffer())


def _letters(words: np.ndarray) -> np.ndarray:
    """Return for each word the set of its bytes, modulo 32, as bits."""
    codes = np.ascontiguousarray(words).view(np.uint8).reshape(len(words), words.itemsize)
    bits = np.where(codes, np.left_shift(np.uint32(1), (codes % 32).astype(np.uint32)), np.uint32(0))
    return np.asarray(np.bitwise_or.reduce(bits, axis=1))
