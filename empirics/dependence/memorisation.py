"""Memorisation by Feldman and Zhang: how far the probability of a point's own label falls where models train without it.

Models trained with a point are the pretrained ones. Those trained without it are the oracles of forget sets that have it: of
other sets, so that a set's own oracles, which unlearning is to spare, are not needed; or of the set itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int64
from scipy.special import expit

Points = Int64[np.ndarray, " k"]


@dataclass(frozen=True)
class Memorised:
    """Means over a set: by other sets' oracles, over the `covered` share of its points that these leave out, and by its own.

    `memorisation` is nan where no point is covered.
    """

    memorisation: float
    memorisation_by_oracles: float
    memorisation_covered: float


def memorised(
    pretrained: Float[np.ndarray, "N n"], oracles: Mapping[str, tuple[Points, Float[np.ndarray, "N n"]]]
) -> dict[str, Memorised]:
    """Return the memorisation of every set, from its points and the margins of its oracles at all training points."""
    taught = expit(pretrained.astype(float)).mean(axis=0)
    total, count = np.zeros_like(taught), np.zeros(len(taught), dtype=int)
    untaught = {}
    for name, (forget, margins) in oracles.items():
        untaught[name] = expit(margins[:, forget].astype(float)).mean(axis=0)
        total[forget] += untaught[name]
        count[forget] += 1
    found = {}
    for name, (forget, _) in oracles.items():
        others = count[forget] - 1
        covered = others > 0
        mean = (total[forget] - untaught[name])[covered] / others[covered]
        by_others = float(np.mean(taught[forget][covered] - mean)) if covered.any() else float("nan")
        found[name] = Memorised(
            by_others, float(np.mean(taught[forget] - untaught[name])), float(covered.mean())
        )
    return found
