"""Which models have diverged: they are counted, shown, and scored as total misses by every score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

CLIP = 100.0
"""Margins at or beyond it, either way, cannot be told from infinite ones."""
CROWDED = 0.05
"""The share of oracles at or beyond ±CLIP at one point from which margins are taken to be in another unit."""


def diverged(margins: Float[np.ndarray, "models points"]) -> Bool[np.ndarray, " models"]:
    """Return which models have diverged: a margin not finite, or half of them at or beyond ±CLIP."""
    beyond = ~(np.abs(margins) < CLIP)  # true of nan, too
    if not beyond.any():
        return np.zeros(len(margins), dtype=bool)
    return ~np.isfinite(margins).all(axis=1) | (2 * beyond.sum(axis=1) >= margins.shape[1])


def as_many(gone: tuple[int, int], models: tuple[int, int]) -> float:
    """Return the p-value that models of both kinds diverge alike: Fisher's exact test of the counts, two-sided."""
    total, first = sum(models), models[0]
    ways = [math.comb(sum(gone), k) * math.comb(total - sum(gone), first - k) for k in range(first + 1)]
    return sum(way for way in ways if way <= ways[gone[0]]) / math.comb(total, first)


def check_unit(oracle: Float[np.ndarray, "n_oracle points"]) -> None:
    """Raise ValueError where so many finite margins of oracles are at or beyond ±CLIP that they must be in another unit."""
    beyond = np.isfinite(oracle) & ~(np.abs(oracle) < CLIP)
    out, healthy = 2 * beyond.sum(axis=1) >= oracle.shape[1], ~diverged(oracle)
    shares = beyond[healthy].mean(axis=0) if healthy.any() else np.zeros(1)
    if 2 * out.sum() >= len(oracle):
        what = f"{out.mean():.0%} of the oracles have half of their margins or more"
    elif shares.max() >= CROWDED:
        what = f"{shares.max():.0%} of the oracles have their margin at point {int(shares.argmax())}"
    else:
        return
    raise ValueError(
        f"oracle: {what} at or beyond ±{CLIP:g}, where margins count as lost; divide all margins, of unlearned models too, "
        "by one number: scores do not depend on the unit"
    )


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
