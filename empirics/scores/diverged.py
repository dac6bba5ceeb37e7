"""Which models have diverged: they are counted, shown, and scored as total misses by every score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

CLIP = 100.0
"""Margins at or beyond it, either way, cannot be told from infinite ones."""


def diverged(margins: Float[np.ndarray, "models points"]) -> Bool[np.ndarray, " models"]:
    """Return which models have diverged: a margin not finite, or half of them at or beyond ±CLIP."""
    beyond = ~(np.abs(margins) < CLIP)  # true of nan, too
    if not beyond.any():
        return np.zeros(len(margins), dtype=bool)
    return ~np.isfinite(margins).all(axis=1) | (2 * beyond.sum(axis=1) >= margins.shape[1])


def check_samples(oracle: np.ndarray, unlearned: np.ndarray) -> None:
    """Raise ValueError unless both are two-dimensional, of two models or more each, at equally many points, at least 1."""
    for name, sample in (("oracle", oracle), ("unlearned", unlearned)):
        if sample.ndim != 2:
            raise ValueError(f"{name} margins have shape {list(sample.shape)}, not [models, points]")
        if len(sample) < 2:
            raise ValueError(f"{name} margins are of {len(sample)} model(s); at least 2 are needed")
    if oracle.shape[1] != unlearned.shape[1]:
        raise ValueError(
            f"oracle margins are at {oracle.shape[1]} points and unlearned ones at {unlearned.shape[1]}"
        )
    if oracle.shape[1] == 0:
        raise ValueError("the margins are at no points; at least 1 is needed")
