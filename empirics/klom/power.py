"""What each estimator sees point by point: its null floor, and the share of points at which a change is detected.

At each point the oracles' margins are standard normal, and so are the unlearned models' but for the change. A point is
detected when its score is above the 95th percentile of the scores without a change, that is at the 5% level. None of
these margins counts as diverged: broken members end far away, at −10 or, in `outliers`, up to ±60, and not at the clip.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ascentcheck.empirics.klom.estimators import ESTIMATORS, scores
from ascentcheck.empirics.klom.floor import null_floor
from ascentcheck.empirics.klom.histogram import WORST

N_MODELS = (20, 50, 80, 100, 200)
POINTS = 4000
SEED = 77
FAR = 10.0
"""Where broken members are, in standard deviations below the oracles."""

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def broken(share: float) -> Change:
    """Return the change in which this share of the members, at least one, is FAR below."""

    def change(margins: np.ndarray, _: np.random.Generator) -> np.ndarray:
        changed = margins.copy()
        changed[: max(round(share * len(margins)), 1)] -= FAR
        return changed

    return change


def outliers(margins: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Shift by two sigma, and move one member at each point 60 away: what stretches cells over the pooled range."""
    changed = margins - 2
    changed[draw.integers(len(margins), size=margins.shape[1]), np.arange(margins.shape[1])] -= 60
    return changed


CHANGES: dict[str, Change] = {
    "shift of 1 sigma": lambda margins, _: margins - 1,
    "shift of 2 sigma": lambda margins, _: margins - 2,
    "2 sigma, 1 outlier": outliers,
    "scale × 2": lambda margins, _: margins * 2,
    "scale × 1/2": lambda margins, _: margins / 2,
    "1% broken": broken(0.01),
    "5% broken": broken(0.05),
    "10% broken": broken(0.1),
    "20% broken": broken(0.2),
    "50% broken": broken(0.5),
    "10% diverged": lambda margins, _: np.concatenate(
        [
            np.full((max(len(margins) // 10, 1), margins.shape[1]), math.inf),
            margins[max(len(margins) // 10, 1) :],
        ]
    ),
}


@dataclass(frozen=True)
class Power:
    """One estimator at one N: `detected` is the share of `points` at which the change shows, with a 95% interval.

    `floor` is the null floor in nats (of `energy` in spreads), the 95th percentile over points without a change, and `median`
    the median score with it. The level itself is not exact: the floor comes from its own 20,000 points.
    """

    n_models: int
    estimator: str
    change: str
    points: int
    floor: float
    median: float
    detected: float
    interval: tuple[float, float]


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share."""
    from scipy.stats import binomtest  # half a second to import, and only needed here

    low, high = binomtest(count, total).proportion_ci(method="wilson")
    return float(low), float(high)


def power(
    n_models: Sequence[int] = N_MODELS, points: int = POINTS, estimators: Sequence[str] = ESTIMATORS
) -> Iterator[Power]:
    """Yield what each estimator detects of each change at each N, "none" first, which is the level itself."""
    for n in n_models:
        draw = np.random.default_rng([SEED, n])
        oracle, margins = (draw.standard_normal((n, points), dtype=np.float32) for _ in range(2))
        samples = {"none": margins, **{name: change(margins, draw) for name, change in CHANGES.items()}}
        for estimator in estimators:
            floor = null_floor(n, n, estimator).p95
            for name, sample in samples.items():
                found = scores(oracle, sample, estimator, misses=True)
                count = int((found > floor).sum())
                yield Power(
                    n,
                    estimator,
                    name,
                    points,
                    floor,
                    float(np.median(found)),
                    count / points,
                    wilson(count, points),
                )


def as_table(found: Sequence[Power]) -> str:
    """Return a Markdown table: a row for each N and estimator, a column for each change."""
    changes = list(dict.fromkeys(one.change for one in found))
    lines = ["| N | estimator | floor | " + " | ".join(changes) + " |", "|" + "---|" * (len(changes) + 3)]
    for n, estimator in dict.fromkeys((one.n_models, one.estimator) for one in found):
        row = [one for one in found if (one.n_models, one.estimator) == (n, estimator)]
        shares = " | ".join(f"{one.detected:.0%}" for one in row)
        lines.append(f"| {n} | `{estimator}` | {row[0].floor:.3f} | {shares} |")
    reach = max((one.interval[1] - one.interval[0]) / 2 for one in found)
    return (
        "\n".join(lines)
        + f"\n\nShares of {found[0].points:,} points; 95% intervals reach at most {reach:.1%} "
        f"either way. Floors are in nats, of {WORST:.2f}, "
        "and that of `energy` in spreads.\n"
    )
