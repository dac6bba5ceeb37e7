"""A split with each class in proportion: that of scikit-learn's `train_test_split`, whose import takes a second.

It is part of what the embedded data are, so that it must stay as it is; a test holds it to scikit-learn's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int64


def stratified(
    labels: Int64[np.ndarray, " n"], n_train: int, n_validation: int, seed: int
) -> tuple[Int64[np.ndarray, " n_train"], Int64[np.ndarray, " n_validation"]]:
    """Return the places of the training and of the validation points, drawn by numpy's legacy generator."""
    draw = np.random.RandomState(seed)
    counts = np.unique(labels, return_counts=True)[1]
    of_class = np.split(np.argsort(labels, kind="stable"), np.cumsum(counts)[:-1])
    trained = _shared_out(counts, n_train, draw)
    validated = _shared_out(counts - trained, n_validation, draw)
    parts: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for places, first, second in zip(of_class, trained, validated, strict=True):
        mixed = places[draw.permutation(len(places))]
        parts[0].append(mixed[:first])
        parts[1].append(mixed[first : first + second])
    train, validation = (draw.permutation(np.concatenate(part)) for part in parts)
    return train, validation


def _shared_out(counts: np.ndarray, total: int, draw: np.random.RandomState) -> np.ndarray:
    """Return how many of each class, in proportion; the points left over by rounding go to the largest remainders, ties drawn."""
    exact = counts / counts.sum() * total
    found = np.floor(exact)
    left = int(total - found.sum())
    for remainder in np.unique(exact - found)[::-1]:
        tied = np.flatnonzero(exact - np.floor(exact) == remainder)
        chosen = draw.choice(tied, size=min(len(tied), left), replace=False) if left else []
        found[chosen] += 1
        left -= len(chosen)
    return found.astype(int)
