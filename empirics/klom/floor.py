"""The null floor: what KLoM reads when nothing is wrong.

Two samples of one distribution do not score 0 against each other, because 20 cells are filled by N values. The
floor is the 95th percentile, over points, of the score between two samples of independent standard normal
margins of the sizes at hand. The paper's estimators do not change when margins are scaled or shifted, so any normal
margins give the same; the robust one does not change under any increasing map, so any continuous margins do. The
held-out oracles of a study show the floor for its own margins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ascentcheck.empirics.klom.estimators import scores

POINTS = 20_000
SEED = 20_230_617


@dataclass(frozen=True)
class NullFloor:
    """The simulated floor in nats with a 95% interval (order statistics), from `points` points."""

    p95: float
    interval: tuple[float, float]
    mean: float
    points: int


@lru_cache(maxsize=128)
def null_floor(n_oracle: int, n_unlearned: int, estimator: str = "paper", points: int = POINTS) -> NullFloor:
    """Return the floor for these numbers of models; the same numbers always give the same floor."""
    draw = np.random.default_rng([SEED, n_oracle, n_unlearned])
    total, ordered = 0.0, []
    for start in range(0, points, 4000):
        size = min(4000, points - start)
        samples = (draw.standard_normal((n, size), dtype=np.float32) for n in (n_oracle, n_unlearned))
        part = scores(*samples, estimator, misses=True)
        total += float(part.sum())
        ordered.append(part)
    values = np.sort(np.concatenate(ordered))
    reach = 1.96 * math.sqrt(0.05 * 0.95 * points)  # of the number of values below the percentile
    low, high = math.floor(0.95 * points - reach), math.ceil(0.95 * points + reach)
    interval = float(values[low]), float(values[min(high, points - 1)])
    return NullFloor(float(np.percentile(values, 95)), interval, total / points, points)
