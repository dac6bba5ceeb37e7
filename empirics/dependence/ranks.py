"""Rank correlations of predictors with outcomes, partial for what is known anyway, and a model chosen on half of the sets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import rankdata, t
from sklearn.linear_model import LassoCV

Vector = Float[np.ndarray, " n"]

SEED = 20_261_126
FOLDS = 5


@dataclass(frozen=True)
class Correlation:
    """A rank correlation with its 95% interval and its p-value for none; nan where one of the two does not vary."""

    rho: float
    low: float
    high: float
    p: float
    n: int


def partial_spearman(x: Vector, y: Vector, controls: Sequence[Vector] = ()) -> Correlation:
    """Return Spearman's correlation of what is left of the ranks when those of the controls are regressed out.

    The interval is Fisher's with the variance (1 + ρ²/2)/(n − k − 3) of Bonett and Wright (Psychometrika 65, 2000), k controls.
    """
    n, k = len(x), len(controls)
    basis = np.column_stack([np.ones(n), *(rankdata(c) for c in controls)])
    left = [_residual(rankdata(v), basis) for v in (x, y)]
    sizes = [float(np.linalg.norm(v)) for v in left]
    if min(sizes) < 1e-9 * n or n - k - 3 <= 0:
        return Correlation(math.nan, math.nan, math.nan, math.nan, n)
    rho = float(np.clip(left[0] @ left[1] / (sizes[0] * sizes[1]), -1, 1))
    reach = 1.959964 * math.sqrt((1 + rho**2 / 2) / (n - k - 3))
    z = math.atanh(min(max(rho, -1 + 1e-12), 1 - 1e-12))
    freedom = n - 2 - k
    p = 2 * float(t.sf(abs(rho) * math.sqrt(freedom / max(1 - rho**2, 1e-12)), freedom))
    return Correlation(rho, math.tanh(z - reach), math.tanh(z + reach), p, n)


def clearly_apart(one: Correlation, other: Correlation) -> bool:
    """Return whether two correlations over different samples differ, by the 95% interval of the difference of their z."""
    reach = math.hypot(*(math.atanh(c.high) - math.atanh(c.rho) for c in (one, other)))
    return abs(math.atanh(one.rho) - math.atanh(other.rho)) > reach


def _residual(v: Vector, basis: Float[np.ndarray, "n k"]) -> Vector:
    return np.asarray(v - basis @ np.linalg.lstsq(basis, v, rcond=None)[0])


def halves(groups: Sequence[str]) -> Bool[np.ndarray, " n"]:
    """Return which sets are in the first half: of each group every second, so that both halves have all groups."""
    order = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    seen, first = dict.fromkeys(order, 0), []
    for group in groups:
        first.append((seen[group] + order[group]) % 2 == 0)  # odd groups give the odd one to the other half
        seen[group] += 1
    return np.array(first)


@dataclass(frozen=True)
class Judged:
    """A lasso of ranks chosen on the first half of the sets: which predictors it keeps, and how it does on the other half."""

    kept: tuple[str, ...]
    correlation: Correlation


def judged(predictors: Mapping[str, Vector], outcome: Vector, first: Bool[np.ndarray, " n"]) -> Judged:
    """Choose a sparse linear model of ranks on the first half, its penalty by cross-validation there, and judge it on the other.

    What is judged is the rank correlation of prediction and outcome on the other half, nan where nothing is kept.
    """
    names = list(predictors)
    x = np.column_stack([_uniform(predictors[name]) for name in names])
    y = _uniform(outcome)
    model = LassoCV(cv=FOLDS, random_state=SEED, max_iter=20_000)
    model.fit(x[first], y[first])
    kept = tuple(name for name, weight in zip(names, model.coef_, strict=True) if weight != 0)
    return Judged(kept, partial_spearman(model.predict(x[~first]), y[~first]))


def _uniform(v: Vector) -> Vector:
    """Return ranks, centred and of unit range."""
    return np.asarray((rankdata(v) - 0.5) / len(v) - 0.5)
