"""Texts to vectors: how does a sentence become a point that its translation is near?"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into L2-normalised vectors, so that inner product is cosine.

    `name` is what loads it again; `fingerprint` changes whenever its vectors would.
    """

    name: str
    dim: int
    fingerprint: str

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        ...


class HashingEncoder:
    """Words and character trigrams hashed to signed dimensions: no model, no meaning, always there.

    The reference in tests, and a stand-in where no model can be loaded. Weinberger et al., Feature hashing, ICML 2009.
    """

    def __init__(self, dim: int = 256) -> None:
        self.name = f"hashing-{dim}"
        self.dim = dim
        self.fingerprint = f"{self.name}-1"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order; a text without words gets a fixed unit vector."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for feature in _features(text):
                code = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
                row[code % self.dim] += 1.0 if code & 0x80000000 else -1.0
            if not row.any():
                row[0] = 1.0
        return normalised(rows)


def normalised(rows: Vectors) -> Vectors:
    """Return the rows at unit length."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)


def _features(text: str) -> list[str]:
    words = text.casefold().split()
    padded = (f" {word} " for word in words)
    return words + [word[i : i + 3] for word in padded for i in range(len(word) - 2)]
