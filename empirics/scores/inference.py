"""What can be said of a mean energy score at these numbers of models: its interval, p-value and floor, and what would be seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.scores.diverged import CLIP, as_many, diverged
from ascentcheck.empirics.scores.energy import ROUNDING, energy_scores
from ascentcheck.empirics.scores.whole_models import EXCHANGES, centred, distances, holm, mean_square

if TYPE_CHECKING:
    from jaxtyping import Float

LEVEL, POWER = 0.05, 0.9
GROUPS = 10
HALVES, SEED = 499, 20_261_127
"""Random halves of the oracles, from which the floor is read."""
LEAST_EXCHANGES = 500
"""With fewer ways to exchange models a p-value is too coarse for what `detectable` works out."""
POINTS = 500
"""Points at which the detectable shift is worked out, evenly spread over those given."""


@dataclass(frozen=True)
class Together:
    """One of several tests that are judged together by Holm's method: its adjusted p-value, how many tests there are, and the
    least adjusted p-value that it could have had beside the others.
    """

    p_value: float
    tests: int
    least_p: float


@dataclass(frozen=True)
class Inference:
    """A mean energy score in spreads of the oracles: `interval` (95%), `p_value` that both samples are of one distribution, and
    `detectable`, the shift of all margins of all models, in spreads, that a single test at the 5% level would see in 90% of
    studies. `least_p` is the smallest p-value that so few models can give, and `tests` how many the p-value is made of: two where
    models have diverged.

    The p-value decides. It asks whether anything differs, and is valid at any number of models; the interval is of the size of
    the score, and approximate. So it may hold 0 where p is below 5%, as where spreads differ, or leave 0 out where p is not.
    """

    interval: tuple[float, float]
    p_value: float
    detectable: float
    least_p: float = 0.0
    tests: int = 1

    def verdict(self, mean: float, together: Together | None = None) -> str:
        """Return one line on models of that mean score: whether they can be told from oracles.

        Of one test of several the adjusted p-value decides.
        """
        low, high = self.interval
        size = f"energy {mean:.3g}" + ("" if math.isnan(low) else f", 95% interval {low:.3g} to {high:.3g}")
        alone = together is None or together.tests == 1
        p, least, others = self.p_value, self.least_p, ""
        if together is not None and not alone:
            p, least = together.p_value, together.least_p
            others = f" (Holm, {together.tests} comparisons)"
        if p < LEVEL:
            return f"differ from oracles: {size}, p = {p:.2g}{others}"
        if missing := self.missing(together):
            few = "with so few models" if alone else "with so few models for so many comparisons"
            seen = f"; {few} p is {least:.2g} at least, so that nothing can be told: {missing}"
        elif math.isnan(self.detectable):
            seen = ""
        elif self.detectable == 0:
            seen = "; any shift would be seen"
        else:
            seen = (
                f"; a shift of all models by {self.detectable:.2g} spreads would be seen with 90%"
                + ("" if alone else " in a comparison of its own")
                + ", other changes may not"
            )
        return f"cannot be told from oracles at these numbers: {size}, p = {p:.2g}{others}{seen}"

    def missing(self, together: Together | None = None) -> str:
        """Return what is needed for anything to be told; nothing where something can be."""
        least, tests = (self.least_p, 1) if together is None else (together.least_p, together.tests)
        if least < LEVEL:
            return ""
        enough = models_needed(self.tests * tests)
        if enough is None:
            most = math.ceil(LEVEL * (EXCHANGES + 1) / self.tests)
            return f"fewer than {most} comparisons at once are needed"
        healthy = "" if self.tests == 1 else " that have not diverged"
        return f"{enough} models of each kind{healthy} are needed"


def least_p_value(n: int, m: int) -> float:
    """Return the smallest p-value that exchanges of so many models can give."""
    ways = math.comb(n + m, n) // (2 if n == m else 1)  # halves that change places have the same energy
    return max(1 / ways, 1 / (EXCHANGES + 1))


def models_needed(tests: int) -> int | None:
    """Return how many models of each kind are enough that one of so many tests can be below the level; None where none are."""
    if tests >= LEVEL * (EXCHANGES + 1):
        return None
    return next(n for n in count(2) if tests * least_p_value(n, n) < LEVEL)


def judged_together(found: Sequence[Inference]) -> list[Together]:
    """Return what each test is worth beside the others."""
    p_values = np.array([one.p_value for one in found])
    result = []
    for k, (one, adjusted) in enumerate(zip(found, holm(p_values), strict=True)):
        best = p_values.copy()
        best[k] = min(one.p_value, one.least_p)
        result.append(Together(float(adjusted), len(found), float(holm(best)[k])))
    return result


def infer(
    oracle: Float[np.ndarray, "n_oracle points"], unlearned: Float[np.ndarray, "n_unlearned points"]
) -> Inference:
    """Return all of it; `detectable` is nan where a model has diverged or exchanges are few.

    Raises ValueError as `energy_scores` does.
    """
    n, m = len(oracle), len(unlearned)
    if _misses(oracle, unlearned):
        interval = _above_0(grouped_interval(oracle, unlearned))
    else:
        interval = distances(oracle, unlearned).estimate.interval
    gone = int(diverged(oracle).sum()), int(diverged(unlearned).sum())
    enough = math.comb(n + m, n) // (2 if n == m else 1) >= LEAST_EXCHANGES
    shift = detectable(oracle, m) if gone == (0, 0) and enough else math.nan
    return Inference(interval, p_value(oracle, unlearned), shift, _least_p((n, m), gone), 1 + any(gone))


def _least_p(models: tuple[int, int], gone: tuple[int, int]) -> float:
    """Return the smallest p-value where so many have diverged in all, and the others are as many as they are."""
    if gone == (0, 0):
        return least_p_value(*models)
    total, others = sum(gone), [n - out for n, out in zip(models, gone, strict=True)]
    found = [
        as_many((k, total - k), models) for k in range(max(0, total - models[1]), min(total, models[0]) + 1)
    ]
    if min(others) > 1:
        found.append(least_p_value(*others))
    return min(2 * min(found), 1.0)


def p_value(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return the p-value that unlearned models are oracles, by exchanges of whole models.

    Where models have diverged it is twice the smaller of two: whether models of both kinds diverge alike, and whether the others
    are of one distribution. A distance to a diverged model is large at random, and would drown what the others show.
    """
    gone = diverged(oracle), diverged(unlearned)
    if not (gone[0].any() or gone[1].any()):
        return distances(oracle, unlearned).p_value()
    found = [as_many((int(gone[0].sum()), int(gone[1].sum())), (len(oracle), len(unlearned)))]
    others = oracle[~gone[0]], unlearned[~gone[1]]
    if min(map(len, others)) > 1:
        found.append(distances(*others).p_value())
    return min(2 * min(found), 1.0)


def _above_0(interval: tuple[float, float]) -> tuple[float, float]:
    """Return an interval without what no energy distance can be."""
    return interval[0] if math.isnan(interval[0]) else max(interval[0], 0.0), interval[1]


def mean_interval(oracle: np.ndarray, unlearned: np.ndarray) -> tuple[float, float]:
    """Return the interval of the mean score alone; with misses from groups of models, which is wider."""
    if _misses(oracle, unlearned):
        return grouped_interval(oracle, unlearned)
    return distances(oracle, unlearned).estimate.interval


def grouped_interval(oracle: np.ndarray, unlearned: np.ndarray) -> tuple[float, float]:
    """Return a 95% interval of the mean score with misses: one of ten groups of models left out at a time, from both samples.

    (nan, nan) with fewer than 20 models on either side.
    """
    from scipy.special import stdtrit

    if min(len(oracle), len(unlearned)) < 2 * GROUPS:
        return math.nan, math.nan
    whole, parts = float(energy_scores(oracle, unlearned).mean()), []
    for group in range(GROUPS):
        kept = [sample[np.arange(len(sample)) % GROUPS != group] for sample in (oracle, unlearned)]
        parts.append(float(energy_scores(*kept).mean()))
    reach = float(stdtrit(GROUPS - 1, 0.975)) * math.sqrt((GROUPS - 1) * np.var(parts))
    return whole - reach, whole + reach


def detectable(oracle: Float[np.ndarray, "n_oracle points"], n_unlearned: int) -> float:
    """Return the shift of all margins, in spreads, that is seen with 90% at the 5% level; nan with fewer than 4 oracles.

    Works with the oracles' own distances: the score of a shift; at the null a χ² less its mean, of the variance that the
    centred distances give; and normal fluctuations about the score of the shift.
    """
    from scipy.spatial.distance import cdist
    from scipy.special import chdtri, ndtri

    healthy = oracle[~diverged(oracle)].astype(np.float64)
    if len(healthy) < 4:
        return math.nan
    some = np.clip(healthy[:, :: -(-oracle.shape[1] // POINTS)], -CLIP, CLIP)
    n, points = some.shape
    still = cdist(some, some, "cityblock") / points
    spread = float(still.sum()) / (n * (n - 1))
    if spread <= ROUNDING:
        return 0.0  # any shift is seen
    sizes = 1 / len(oracle) + 1 / n_unlearned
    of_pairs = max(mean_square(centred(still)), 1e-12 * spread**2)
    freedom = spread**2 / of_pairs
    critical = sizes * spread * (float(chdtri(freedom, LEVEL)) / freedom - 1)
    pairs = 2 * of_pairs * sizes**2

    def seen(shift: float) -> bool:
        moved = cdist(some, some + shift * spread, "cityblock") / points
        np.fill_diagonal(moved, 0.0)
        score = 2 * (float(moved.sum()) - float(still.sum())) / (n * (n - 1))
        ways = [2 * (moved.sum(axis=axis) - still.sum(axis=axis)) / (n - 1) for axis in (0, 1)]
        models = ways[0].var(ddof=1) / n_unlearned + ways[1].var(ddof=1) / len(oracle)
        return score - ndtri(POWER) * math.sqrt(pairs + models) > critical

    low, high = 0.0, 1e-3
    while not seen(high):
        low, high = high, 2 * high
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high


def floor(oracle: Float[np.ndarray, "n_oracle points"], n_unlearned: int) -> float:
    """Return the mean energy score, in spreads, below which about 95% of as many further oracles would stay: somewhat fewer
    with 5 to 10 oracles, as `assumptions` counts.

    It is read from random halves of the oracles, scored against each other, and brought to these numbers of models: the score of
    two samples of one distribution goes as 1/n + 1/m. nan with fewer than 5 oracles, and where an oracle has diverged: so would
    further ones, and how often is not known.
    """
    from scipy.spatial.distance import cdist

    n, half = len(oracle), len(oracle) // 2
    if n < 5 or diverged(oracle).any():
        return math.nan
    clipped = np.clip(oracle.astype(np.float64), -CLIP, CLIP)
    apart = cdist(clipped, clipped, "cityblock") / oracle.shape[1]
    spread = float(apart.sum()) / (n * (n - 1))
    if spread <= ROUNDING:
        return 0.0
    order = np.random.default_rng(SEED).permuted(np.tile(np.arange(n), (HALVES, 1)), axis=1)
    one, other = np.zeros((2, HALVES, n))
    np.put_along_axis(one, order[:, :half], 1, axis=1)
    np.put_along_axis(other, order[:, half : 2 * half], 1, axis=1)
    across = 2 * ((one @ apart) * other).sum(axis=1) / half**2
    within = (((one @ apart) * one) + ((other @ apart) * other)).sum(axis=1) / (half * (half - 1))
    sizes = (1 / n + 1 / n_unlearned) / (2 / half)
    return float(np.quantile((across - within) / spread, 1 - LEVEL)) * sizes


def _misses(oracle: np.ndarray, unlearned: np.ndarray) -> bool:
    return not bool((np.abs(unlearned) < CLIP).all()) or bool(diverged(oracle).any())
