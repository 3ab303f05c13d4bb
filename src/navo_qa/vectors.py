"""Vectors in rows, and their inner products with one vector."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def inner(rows: NDArray[np.floating], one: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the inner product of every row with one vector, (n, dim) and (dim,) -> (n,), in this thread alone.

    BLAS wakes its own threads for as few as ten thousand numbers, and they stay awake for some 20 ms on the cores that
    onnxruntime's want: on two cores encoding a question took nearly twice as long after one such product.
    """
    return np.asarray(np.einsum("ij,j->i", rows, one))
