"""The null floor: what KLoM reads when nothing is wrong.

Two samples of one distribution do not score 0 against each other, because 20 cells are filled by N values. The
floor is the 95th percentile, over points, of the score between two samples of independent margins of the sizes at hand,
standard normal where nothing else is said. The paper's estimators do not change when margins are scaled or shifted, so any
normal margins give the same, but other shapes do not: SHAPES shows how far. The robust one does not change under any increasing
map, so any continuous margins give the same. So a study with held-out oracles takes their score for its floor, and a simulated
one is only for margins without. It is that of many points: of ten or fewer the 95th percentile is lower on average, since it lies
between the largest of few values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ascentcheck.empirics.klom.estimators import ESTIMATORS, scores

Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]


def _outliers(share: float) -> Draw:
    """Return normal margins of which this share is 20 times as wide."""
    return lambda draw, size: np.asarray(
        draw.standard_normal(size, dtype=np.float32) * np.where(draw.random(size) < share, 20, 1), np.float32
    )


SHAPES: dict[str, Draw] = {
    "normal": lambda draw, size: draw.standard_normal(size, dtype=np.float32),
    "t2": lambda draw, size: draw.standard_t(2, size),
    "1% outliers": _outliers(0.01),
    "2% outliers": _outliers(0.02),
}
"""Laws of margins by which floors are simulated."""
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
def null_floor(
    n_oracle: int, n_unlearned: int, estimator: str = "paper", points: int = POINTS, shape: str = "normal"
) -> NullFloor:
    """Return the floor for these numbers of models; the same numbers always give the same floor."""
    draw = np.random.default_rng([SEED, n_oracle, n_unlearned])
    total, ordered = 0.0, []
    for start in range(0, points, 4000):
        size = min(4000, points - start)
        samples = (SHAPES[shape](draw, (n, size)) for n in (n_oracle, n_unlearned))
        part = scores(*samples, estimator, misses=True)
        total += float(part.sum())
        ordered.append(part)
    values = np.sort(np.concatenate(ordered))
    reach = 1.96 * math.sqrt(0.05 * 0.95 * points)  # of the number of values below the percentile
    low, high = math.floor(0.95 * points - reach), math.ceil(0.95 * points + reach)
    interval = float(values[low]), float(values[min(high, points - 1)])
    return NullFloor(float(np.percentile(values, 95)), interval, total / points, points)


def by_shape(n_models: Sequence[int], estimators: Sequence[str] = ESTIMATORS) -> str:
    """Return a Markdown table of the floor by N, estimator and shape, each 95th percentile with its interval, then the mean."""
    lines = ["| N | estimator | " + " | ".join(SHAPES) + " |", "|" + "---|" * (len(SHAPES) + 2)]
    for n in n_models:
        for estimator in estimators:
            floors = [null_floor(n, n, estimator, shape=shape) for shape in SHAPES]
            told = [f"{f.p95:.3f} ({f.interval[0]:.3f}–{f.interval[1]:.3f}), {f.mean:.3f}" for f in floors]
            lines.append(f"| {n} | `{estimator}` | " + " | ".join(told) + " |")
    return "\n".join(lines) + f"\n\nOf {POINTS:,} points each.\n"
