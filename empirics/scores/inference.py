"""What can be said of a mean energy score at these numbers of models: its interval, p-value and floor, and what would be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.scores.diverged import CLIP, diverged
from ascentcheck.empirics.scores.energy import ROUNDING, energy_scores
from ascentcheck.empirics.scores.whole_models import Estimate, centred, distances, mean_square

if TYPE_CHECKING:
    from jaxtyping import Float

LEVEL, POWER = 0.05, 0.9
GROUPS = 10
HALVES, SEED = 499, 20_261_127
"""Random halves of the oracles, from which the floor is read."""
POINTS = 500
"""Points at which the detectable shift is worked out, evenly spread over those given."""


@dataclass(frozen=True)
class Inference:
    """A mean energy score in spreads of the oracles: `interval` (95%), `p_value` that both samples are of one distribution, and
    `detectable`, the shift of all margins, in spreads, that a test at the 5% level would see in 90% of studies.
    """

    interval: tuple[float, float]
    p_value: float
    detectable: float

    def verdict(self, mean: float) -> str:
        """Return one line on models of that mean score: whether they can be told from oracles."""
        low, high = self.interval
        size = f"energy {mean:.3g}" + ("" if math.isnan(low) else f", 95% interval {low:.3g} to {high:.3g}")
        if self.p_value < LEVEL:
            return f"differ from oracles: {size}, p = {self.p_value:.2g}"
        seen = (
            ""
            if math.isnan(self.detectable)
            else f"; a shift of {self.detectable:.2g} spreads would be seen with 90%"
        )
        return f"cannot be told from oracles at these numbers: {size}, p = {self.p_value:.2g}{seen}"


def infer(
    oracle: Float[np.ndarray, "n_oracle points"], unlearned: Float[np.ndarray, "n_unlearned points"]
) -> Inference:
    """Return all three. Raises ValueError as `energy_scores` does."""
    apart = distances(oracle, unlearned)
    interval = grouped_interval(oracle, unlearned) if _misses(oracle, unlearned) else apart.estimate.interval
    return Inference(interval, apart.p_value(), detectable(oracle, len(unlearned)))


def mean_interval(oracle: np.ndarray, unlearned: np.ndarray) -> tuple[float, float]:
    """Return the interval of the mean score alone; with misses from groups of models, which is wider."""
    if _misses(oracle, unlearned):
        return grouped_interval(oracle, unlearned)
    return distances(oracle, unlearned).estimate.interval


def change(oracle: np.ndarray, unlearned: np.ndarray, pretrained: np.ndarray) -> Estimate | None:
    """Return the score of unlearned models less that of the pretrained ones that they started from, paired member by member.

    None where margins are missing or the numbers of models differ.
    """
    if _misses(oracle, np.concatenate([unlearned, pretrained])) or len(unlearned) != len(pretrained):
        return None
    before = distances(oracle, pretrained).estimate
    return distances(oracle, unlearned).estimate.minus(before)


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
    """Return the mean energy score, in spreads, below which about 95% of as many further oracles would stay.

    It is read from random halves of the oracles, scored against each other, and brought to these numbers of models: the score of
    two samples of one distribution goes as 1/n + 1/m. nan with fewer than 4 oracles.
    """
    from scipy.spatial.distance import cdist

    healthy = oracle[~diverged(oracle)].astype(np.float64)
    n, half = len(healthy), len(healthy) // 2
    if half < 2:
        return math.nan
    apart = cdist(np.clip(healthy, -CLIP, CLIP), np.clip(healthy, -CLIP, CLIP), "cityblock") / oracle.shape[1]
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
