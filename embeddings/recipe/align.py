"""Embeddings for new pieces without training: the mean of the English pieces they translate to (IBM Model 1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
MOST = 60  # token types of a text that take part; pairs of longer texts say little about each of their words


@dataclass(frozen=True, slots=True)
class Translations:
    """p(english piece | new piece) of the pieces that met, sorted by new piece; `start` finds a piece's rows."""

    english: Ints
    probability: NDArray[np.float64]
    start: Ints
    seen: Ints


def align(dutch: Sequence[Sequence[int]], english: Sequence[Sequence[int]], rows: int, rounds: int = 6) -> Translations:
    """Return translation probabilities from paired token types. Brown et al., Computational Linguistics 1993, Model 1.

    E step: each Dutch token shares one count among the English tokens of its pair in proportion to t(dutch | english).
    M step: recount. Rows of both sides are numbered below `rows`.
    """
    kept = [(a, b) for a, b in zip(dutch, english, strict=True) if a and b]
    left = np.concatenate([np.repeat(a, len(b)) for a, b in kept]).astype(np.int64)
    right = np.concatenate([np.tile(b, len(a)) for a, b in kept]).astype(np.int64)
    sizes = np.concatenate([np.full(len(a), len(b)) for a, b in kept])
    occurrence = np.repeat(np.arange(len(sizes)), sizes)
    key, inverse = np.unique(left * rows + right, return_inverse=True)
    dutch_piece, english_piece = key // rows, key % rows
    count: NDArray[np.float64] = np.ones(len(key))
    for _ in range(rounds):
        t = count / np.bincount(english_piece, weights=count, minlength=rows)[english_piece]
        share = t[inverse]
        share /= np.bincount(occurrence, weights=share)[occurrence]
        count = np.bincount(inverse, weights=share, minlength=len(key)).astype(np.float64)
    probability = count / np.maximum(np.bincount(dutch_piece, weights=count, minlength=rows)[dutch_piece], 1e-9)
    seen = np.bincount(np.concatenate([np.asarray(a, np.int64) for a, _ in kept]), minlength=rows)
    return Translations(english_piece, probability, np.searchsorted(dutch_piece, np.arange(rows + 1)), seen)


def types(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return each text's distinct token ids in order, special tokens left out."""
    return [list(dict.fromkeys(e.ids))[:MOST] for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def embeddings(vocabulary: dict[str, int], old: Tokenizer, published: Floats, found: Translations) -> Floats:
    """Return float32 (len(vocabulary), dim): English pieces keep their rows, new ones are composed.

    New piece: sum of p · row over its five likeliest English pieces with p > 0.05, blended with the mean of the pieces
    it used to break into when it was seen fewer than five times.
    `found.english` numbers the published pieces.
    """
    old_rows = old.get_vocab()
    out = np.zeros((len(vocabulary), published.shape[1]), np.float32)
    for piece, row in vocabulary.items():
        if piece in old_rows:
            out[row] = published[old_rows[piece]]
            continue
        broken = old.encode(piece.removeprefix("##"), add_special_tokens=False).ids or [old_rows["[UNK]"]]
        out[row] = published[broken].mean(0)
        span = slice(found.start[row], found.start[row + 1])
        best = np.argsort(-found.probability[span])[:5]
        p, english = found.probability[span][best], found.english[span][best]
        p, english = p[p > 0.05], english[p > 0.05]
        if len(p):
            trust = min(1.0, found.seen[row] / 5)
            out[row] = (1 - trust) * out[row] + trust * (p[:, None] * published[english]).sum(0) / p.sum()
    return out
