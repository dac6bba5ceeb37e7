"""Membership inference by loss: how well a threshold on the loss tells forgotten points from points that no model has seen.

Yeom, Giacomelli, Fredrikson and Jha, arXiv 1709.01604, with all thresholds at once: for each model the area under the curve, the
probability that a forgotten point has the smaller loss of the two, ties half. Models that never saw the points reach ½ if both
kinds are equally hard, and otherwise what oracles reach: it is oracles, and not ½, that a method should match. The
cross-entropy is ln(1 + e^−margin), so margins order points as losses do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.scores.diverged import diverged

if TYPE_CHECKING:
    from jaxtyping import Float


def membership(
    forget: Float[np.ndarray, "models forget_points"], unseen: Float[np.ndarray, "models unseen_points"]
) -> Float[np.ndarray, " models"]:
    """Return the area under the curve for each model; 1, the most that can be told, for one that has diverged.

    Raises ValueError for other shapes than [models, points] of as many models, or no points.
    """
    if forget.ndim != 2 or unseen.ndim != 2 or len(forget) != len(unseen):
        raise ValueError(
            f"margins have shapes {list(forget.shape)} and {list(unseen.shape)}, not [models, points]"
        )
    if 0 in (forget.shape[1], unseen.shape[1]):
        raise ValueError("the margins are at no points; at least 1 is needed")
    areas = np.ones(len(forget))
    gone = diverged(np.concatenate([forget, unseen], axis=1))
    for model in np.flatnonzero(~gone):
        ordered = np.sort(unseen[model])
        below = sum(np.searchsorted(ordered, forget[model], side) for side in ("left", "right"))
        areas[model] = np.mean(below) / 2 / len(ordered)
    return areas
