"""Hard negatives from the student itself: a bank of all passages' vectors, and batches of neighbouring passages."""

import random
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from model import Encoder, device


class Bank:
    """The current vectors of every passage, (n, 384); each row belongs to the group (record) `keys[row]`."""

    def __init__(self, encoder: Encoder, passages: Sequence[str], keys: Sequence[int]) -> None:
        self.vectors = torch.from_numpy(encoder.encode(passages)).to(device())
        self.keys = torch.tensor(list(keys), device=device())

    def refresh(self, rows: Sequence[int], vectors: Tensor) -> None:
        """Replace the rows just embedded, so that no vector is older than one pass over the groups."""
        self.vectors[list(rows)] = vectors.detach()

    def neighbours(self, key: int, k: int) -> list[int]:
        """Return the k groups whose passages lie nearest to those of group `key`, best first."""
        own = self.vectors[self.keys == key].mean(0)
        order = (self.vectors @ own).argsort(descending=True)
        found = dict.fromkeys(int(self.keys[row]) for row in order[: 4 * k + 4])
        return [other for other in found if other != key][:k]


def neighbourhoods(groups: Sequence[int], bank: Bank, size: int, near: int, rng: random.Random) -> list[list[int]]:
    """Return one pass over `groups` in batches of `size`: each seed group together with `near` of its neighbours.

    A neighbour already used in this pass is skipped, so each group occurs once.
    """
    left = dict.fromkeys(rng.sample(list(groups), len(groups)))
    order: list[int] = []
    while left:
        seed = next(iter(left))
        del left[seed]
        order.append(seed)
        for other in [g for g in bank.neighbours(seed, near * 3) if g in left][:near]:
            del left[other]
            order.append(other)
    found = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(found)
    return found


def hard_negatives(queries: np.ndarray, passages: np.ndarray, gold: np.ndarray, k: int) -> np.ndarray:
    """Return int64 (q, k): for each query the k best passages that are not its own; for inspection and reranking."""
    scores = queries @ passages.T
    scores[np.arange(len(gold)), gold] = -np.inf
    return np.argsort(-scores, axis=1)[:, :k]
