"""What explains failure: the share of each group of regressors in the variance of the log ratio over sets and settings.

Coefficients are fitted on the first half of the sets, with a penalty chosen by leaving out sets there, and R² is taken on the
other, so that a group with more regressors has no advantage; one that explains nothing may come out below 0. A group's
share is its Shapley value: its mean gain in R² over all orders in which groups can enter. Properties of a set enter as ranks,
alone and times each level of the strength of a method (its rate, or time), for what they do depends on that.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import GroupKFold

Columns = Float[np.ndarray, "rows k"]

ALPHAS = (0.1, 1.0, 10.0, 100.0, 1000.0)
FOLDS = 4
RESAMPLES = 2000
SEED = 20_261_126


@dataclass(frozen=True)
class Share:
    """A group's share in the variance on the other half, with a 95% interval over its sets."""

    group: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Shares:
    """All groups' shares, `explained` by all together, and `resampled` [resamples, groups] for comparisons."""

    groups: tuple[str, ...]
    shares: tuple[Share, ...]
    explained: Share
    resampled: Float[np.ndarray, "resamples groups"]

    def of(self, group: str) -> Share:
        """Return a group's share."""
        return next(one for one in self.shares if one.group == group)

    def above(self, group: str, other: str) -> tuple[float, float]:
        """Return a 95% interval of the difference of two groups' shares."""
        a, b = (self.resampled[:, self.groups.index(name)] for name in (group, other))
        low, high = np.quantile(a - b, [0.025, 0.975])
        return float(low), float(high)

    def part(self, group: str) -> tuple[float, float, float]:
        """Return a group's part of what all explain, with a 95% interval."""
        total = self.resampled.sum(axis=1)
        low, high = np.quantile(self.resampled[:, self.groups.index(group)] / total, [0.025, 0.975])
        return self.of(group).value / self.explained.value, float(low), float(high)


def shares(
    groups: Mapping[str, Columns],
    outcome: Float[np.ndarray, " rows"],
    sets: Int64[np.ndarray, " rows"],
    first: Bool[np.ndarray, " rows"],
) -> Shares:
    """Return the shares of `groups` of regressors; `sets` are the number of each row's set, `first` the half it is in."""
    names = tuple(groups)
    errors = {
        chosen: _errors([groups[name] for name in chosen], outcome, sets, first)
        for size in range(len(names) + 1)
        for chosen in itertools.combinations(names, size)
    }
    numbers = np.unique(sets[~first])
    draw = np.random.default_rng(SEED)
    weights = np.vstack(
        [
            np.ones(len(numbers)),
            draw.multinomial(len(numbers), np.full(len(numbers), 1 / len(numbers)), RESAMPLES),
        ]
    )
    totals = {chosen: weights @ found for chosen, found in errors.items()}
    none = totals[()]
    values = np.column_stack([_shapley(name, names, totals) / none for name in names])
    found = [Share(name, *_around(values[:, k])) for k, name in enumerate(names)]
    return Shares(names, tuple(found), Share("all", *_around(values.sum(axis=1))), values[1:])


def _around(values: Float[np.ndarray, " resamples_plus_1"]) -> tuple[float, float, float]:
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return float(values[0]), float(low), float(high)


def _shapley(
    name: str, names: Sequence[str], totals: Mapping[tuple[str, ...], np.ndarray]
) -> Float[np.ndarray, " k"]:
    others = [other for other in names if other != name]
    gain = np.zeros_like(totals[()])
    for size in range(len(names)):
        weight = 1 / (len(names) * math.comb(len(others), size))
        for chosen in itertools.combinations(others, size):
            joined = tuple(one for one in names if one in chosen or one == name)
            gain += weight * (totals[chosen] - totals[joined])
    return gain


def _errors(
    parts: Sequence[Columns],
    outcome: Float[np.ndarray, " rows"],
    sets: Int64[np.ndarray, " rows"],
    first: Bool[np.ndarray, " rows"],
) -> Float[np.ndarray, " sets"]:
    """Return the sum of squared errors of each set of the second half, predicted from the first."""
    if parts:
        x = np.column_stack(parts)
        scale = np.where((deviation := x[first].std(axis=0)) > 0, deviation, 1.0)
        guess = _fitted(x[first] / scale, outcome[first], sets[first]).predict(x[~first] / scale)
    else:
        guess = np.full((~first).sum(), outcome[first].mean())
    return np.bincount(np.unique(sets[~first], return_inverse=True)[1], (outcome[~first] - guess) ** 2)


def _fitted(x: Columns, y: Float[np.ndarray, " rows"], sets: Int64[np.ndarray, " rows"]) -> Ridge:
    """Return the fit whose penalty has the largest R², on average over sets left out: rows of a set depend on each other.

    What `RidgeCV` does, with all penalties in one fit: its search by folds takes seconds where this takes tenths.
    """
    columns = np.column_stack([y] * len(ALPHAS))
    found = [
        r2_score(
            columns[out],
            Ridge(ALPHAS).fit(x[kept], columns[kept]).predict(x[out]),
            multioutput="raw_values",
        )
        for kept, out in GroupKFold(FOLDS).split(x, groups=sets)
    ]
    return Ridge(ALPHAS[int(np.mean(found, axis=0).argmax())]).fit(x, y)


def levels(values: Sequence[str]) -> Columns:
    """Return a column of zeros and ones for each level but the first."""
    names = list(dict.fromkeys(values))
    return np.column_stack(
        [[float(v == name) for v in values] for name in names[1:]] or [np.empty((len(values), 0))]
    )


def times(columns: Columns, by: Columns) -> Columns:
    """Return the columns, and their products with each of `by`."""
    return np.column_stack([columns, *(columns * one[:, None] for one in by.T)])
