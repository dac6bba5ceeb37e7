"""The measure of the dependence study: the logarithm of a distance from the oracle over that of doing nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ascentcheck.empirics.scores.whole_models import Distances

LOWEST, HIGHEST = math.log(0.01), math.log(1e4)
"""Ratios are held between these; one that is infinite is the highest."""
LEAST = 0.01
"""Spreads below which energy scores count as this."""
CHANGE = math.log(1.1)
"""What raises or lowers a ratio beyond this is an effect."""


def log_ratio(distance: float, nothing: float) -> float:
    """Return the logarithm of the ratio, held within its bounds; the highest for a distance that is infinite or nan."""
    if not math.isfinite(distance):
        return HIGHEST
    if distance <= 0:
        return LOWEST if nothing > 0 else 0.0
    if nothing <= 0:
        return HIGHEST
    return min(max(math.log(distance / nothing), LOWEST), HIGHEST)


@dataclass(frozen=True)
class Interval:
    """A value with its 95% interval."""

    value: float
    low: float
    high: float


def t_interval(values: Float[np.ndarray, " n"]) -> Interval:
    """Return the mean of independent values with Student's interval; (nan, nan) for a single one."""
    from scipy.special import stdtrit

    mean, n = float(np.mean(values)), len(values)
    if n < 2:
        return Interval(mean, math.nan, math.nan)
    reach = float(stdtrit(n - 1, 0.975)) * float(np.std(values, ddof=1)) / math.sqrt(n)
    return Interval(mean, mean - reach, mean + reach)


def jackknife(value: float, without: Float[np.ndarray, " n"]) -> Interval:
    """Return a value with the interval from its values without each of n models."""
    from scipy.special import stdtrit

    n = len(without)
    reach = float(stdtrit(n - 1, 0.975)) * math.sqrt((n - 1) * float(np.var(without)))
    return Interval(value, value - reach, value + reach)


def with_each_left_out(apart: Distances) -> Float[np.ndarray, " n_plus_1"]:
    """Return the mean energy score of all models, and then without each pair of oracle and unlearned model.

    Raises ValueError where the two are not as many.
    """
    n = apart.n_oracle
    if len(apart.matrix) != 2 * n:
        raise ValueError("oracles and unlearned models must be as many")
    xx, yy, xy = apart.matrix[:n, :n], apart.matrix[n:, n:], apart.matrix[:n, n:]

    def within(square: np.ndarray, count: int) -> np.ndarray:
        sums = np.concatenate([[0.0], 2 * square.sum(axis=1)])
        return (square.sum() - sums) / np.concatenate([[n * (n - 1)], np.full(n, count * (count - 1))])

    crossing = np.concatenate([[0.0], xy.sum(axis=0) + xy.sum(axis=1) - np.diag(xy)])
    across = (xy.sum() - crossing) / np.concatenate([[n * n], np.full(n, (n - 1) ** 2)])
    spread = within(xx, n - 1)
    unit = np.where(spread > 0, spread, 1.0)
    return np.asarray((2 * across - spread - within(yy, n - 1)) / unit)


def merit(forget: Float[np.ndarray, " k"], validation: Float[np.ndarray, " k"]) -> Float[np.ndarray, " k"]:
    """Return the larger of the energy scores on forget and validation points, at least LEAST."""
    return np.maximum(np.maximum(forget, validation), LEAST)
