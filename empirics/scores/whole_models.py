r"""The mean energy score as an energy distance between whole models: its interval, its paired differences, its p-value.

Averaged over points, |x − y| is a distance between two models: the mean absolute difference of their margins. So the mean
energy score needs the matrix of these distances alone, points may depend on each other in any way, and what was
sampled are the models.

**Variance.** The score is (2·E|x − y| − E|x − x′| − E|y − y′|)/E|x − x′|. To first order in the unit it is a U-statistic with
the kernels 2|x − y|, −(1 + score)|x − x′| and −|y − y′|. By Hoeffding's decomposition its variance has a degenerate part, of the
pairs of models, and a linear part, of the models one by one. The first is estimated from the doubly centred distances
(U-centred: Székely and Rizzo, Ann. Stat. 42, 2014). Leaving out a model at a time (the jackknife) estimates the linear part and
twice the degenerate one (Efron and Stein, Ann. Stat. 9, 1981). Where the score is small against its error that says little;
then the linear part is taken as the score itself times the jackknife's variance over the score in which each model is also
paired with itself: both are quadratic in how far the samples are apart, so that it vanishes where the score does. The two are
weighed by the squares of score and error. How often the intervals hold the truth is simulated: `empirics coverage`.
Differences of scores subtract the kernels member by member, so that what two scores share does not count: the same members are
left out of oracles, pretrained and unlearned models.

**p-value.** Oracles and unlearned models are independent of each other, so if they are of one distribution any exchange of whole
models is as likely as what was seen (Pitman). Not for unlearned against pretrained models, which are paired, nor for unlearned
models that share a pretrained start, or seeds with oracles: what these do to it is simulated in `assumptions`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.scores.diverged import CLIP, check_samples
from ascentcheck.empirics.scores.energy import unit_of

if TYPE_CHECKING:
    from jaxtyping import Float

EXCHANGES = 9999
TAKEN_OFF = 1.5
"""So many degenerate parts of the jackknife's variance are not linear: 2 on average; 1 would err to the wide side."""
SEED = 20_261_126


@dataclass(frozen=True)
class Estimate:
    """A mean energy score, or a difference of two, in spreads of the oracles, with what its variance is made of.

    `biased` is the score with every model also paired with itself, which is never negative, and `signal` is `value`; of a
    difference both are sums over the two scores. `of_oracles` [n] and `of_unlearned` [m] are each model's own
    share in the value, `xx`, `yy` and `xy` its kernels with each model's share taken out.
    """

    value: float
    signal: float
    biased: float
    of_oracles: np.ndarray
    of_unlearned: np.ndarray
    xx: np.ndarray
    yy: np.ndarray
    xy: np.ndarray
    differs: bool = False

    def minus(self, other: Estimate) -> Estimate:
        """Return the difference from a score of as many models, paired member by member.

        Raises ValueError for other numbers of models.
        """
        if self.xy.shape != other.xy.shape:
            raise ValueError(f"scores of {self.xy.shape} and of {other.xy.shape} models cannot be paired")
        return Estimate(
            self.value - other.value,
            self.signal + other.signal,
            self.biased + other.biased,
            self.of_oracles - other.of_oracles,
            self.of_unlearned - other.of_unlearned,
            self.xx - other.xx,
            self.yy - other.yy,
            self.xy - other.xy,
            differs=True,
        )

    @property
    def shares(self) -> np.ndarray:
        """Each member's share, where there are as many unlearned models as oracles: enough for `paired_interval`."""
        return self.of_oracles + self.of_unlearned

    @property
    def of_pairs(self) -> float:
        """The degenerate part of the variance; 0 with fewer than 4 models on either side."""
        n, m = self.xy.shape
        if min(n, m) < 4:
            return 0.0
        result = 2 * mean_square(self.xx) / (n * (n - 1)) + 2 * mean_square(self.yy) / (m * (m - 1))
        return result + 4 * float((self.xy**2).sum()) / ((n - 1) * (m - 1)) / (n * m)

    @property
    def slope(self) -> float:
        """The linear part of the variance for each unit of signal."""
        n, m = self.xy.shape
        jackknife = float(self.of_oracles.var(ddof=1)) / n + float(self.of_unlearned.var(ddof=1)) / m
        if not self.biased > 0:
            return 0.0
        signal, pairs = max(self.signal, 0.0), self.of_pairs
        linear = max(jackknife - TAKEN_OFF * pairs, 0.0)
        whole = signal**2 + pairs
        if not whole > 0:
            return jackknife / self.biased
        return (signal * linear + pairs * jackknife / self.biased) / whole

    @property
    def error(self) -> float:
        """The standard error."""
        return math.sqrt(self.of_pairs + self.slope * max(self.signal, 0.0))

    @property
    def interval(self) -> tuple[float, float]:
        """A 95% interval; (nan, nan) with fewer than 4 models on either side.

        The values of a score that lie within a quantile of Student's t of standard errors, each with the error that it
        would have itself, as in Wilson's interval of a share; of a difference with the error at the value found.
        """
        from scipy.special import stdtrit  # scipy.stats takes half a second to import

        if min(self.xy.shape) < 4:
            return math.nan, math.nan
        t = float(stdtrit(min(self.xy.shape) - 1, 0.975))
        if self.differs:
            return self.value - t * self.error, self.value + t * self.error
        half = t * t * self.slope / 2
        reach = t * math.sqrt(self.of_pairs + self.slope * max(self.signal, 0.0) + half * self.slope / 2)
        return self.value + half - reach, self.value + half + reach


@dataclass(frozen=True)
class Distances:
    """Mean absolute differences of margins, in logits, between any two of n oracles and then m unlearned models."""

    matrix: Float[np.ndarray, "models models"]
    n_oracle: int

    def of(self, oracles: np.ndarray, unlearned: np.ndarray) -> Distances:
        """Return those of some oracles and some unlearned models, by their indices."""
        chosen = np.concatenate([oracles, self.n_oracle + unlearned])
        return Distances(self.matrix[np.ix_(chosen, chosen)], len(oracles))

    @property
    def estimate(self) -> Estimate:
        """The mean energy score."""
        n, m = self.n_oracle, len(self.matrix) - self.n_oracle
        xx, yy, xy = self.matrix[:n, :n], self.matrix[n:, n:], self.matrix[:n, n:]
        spread = float(xx.sum()) / (n * (n - 1))
        unit = unit_of(spread)
        value = (2 * float(xy.mean()) - spread - float(yy.sum()) / (m * (m - 1))) / unit
        weight = 1 + value
        of_oracles = 2 * (xy.mean(axis=1) - weight * xx.sum(axis=1) / (n - 1)) / unit
        of_unlearned = 2 * (xy.mean(axis=0) - yy.sum(axis=1) / (m - 1)) / unit
        across = xy - xy.mean(axis=0) - xy.mean(axis=1)[:, None] + xy.mean()
        return Estimate(
            value,
            value,
            (2 * float(xy.mean()) - float(xx.mean()) - float(yy.mean())) / unit,
            of_oracles,
            of_unlearned,
            weight * centred(xx) / unit,
            centred(yy) / unit,
            across / unit,
        )

    def p_value(self, exchanges: int = EXCHANGES) -> float:
        """Return the share of exchanges of whole models, this one among them, with an energy distance as large.

        All are counted where there are no more than that, and else so many at random.
        """
        n, total = self.n_oracle, len(self.matrix)
        draw = np.random.default_rng([SEED, n, total])
        if math.comb(total, n) <= exchanges + 1:  # the first is this one
            energies = [self._energies(_chosen(np.array(list(combinations(range(total), n))), total))]
        else:
            energies = [self._energies(np.arange(total)[None] < n)]
            for start in range(0, exchanges, 1000):
                order = draw.random((min(1000, exchanges - start), total)).argpartition(n, axis=1)
                energies.append(self._energies(_chosen(order[:, :n], total)))
        found = np.concatenate(energies)
        return float((found >= found[0] - 1e-9 * self.matrix.mean()).mean())

    def _energies(self, oracles: np.ndarray) -> np.ndarray:
        """Return the energy distance in logits for each choice [choices, models] of the oracles."""
        n, m = self.n_oracle, len(self.matrix) - self.n_oracle
        chosen = oracles.astype(np.float64)
        to_chosen = chosen @ self.matrix
        inside = (to_chosen * chosen).sum(axis=1)
        across = to_chosen.sum(axis=1) - inside
        outside = self.matrix.sum() - inside - 2 * across
        return np.asarray(2 * across / (n * m) - inside / (n * (n - 1)) - outside / (m * (m - 1)))


def _chosen(places: np.ndarray, total: int) -> np.ndarray:
    """Return masks [choices, total] of the models at those places [choices, n]."""
    chosen = np.zeros((len(places), total), dtype=bool)
    np.put_along_axis(chosen, places, True, axis=1)
    return chosen


def distances(
    oracle: Float[np.ndarray, "n_oracle points"], unlearned: Float[np.ndarray, "n_unlearned points"]
) -> Distances:
    """Return the distances between the models, margins clipped to ±CLIP and nan taken as −CLIP.

    Raises ValueError as `energy_scores` does.
    """
    from scipy.spatial.distance import pdist, squareform

    check_samples(oracle, unlearned)
    pooled = np.clip(np.concatenate([oracle, unlearned]).astype(np.float64), -CLIP, CLIP)
    pooled[np.isnan(pooled)] = -CLIP
    return Distances(squareform(pdist(pooled, "cityblock")) / pooled.shape[1], len(oracle))


def holm(p_values: Float[np.ndarray, " tests"]) -> Float[np.ndarray, " tests"]:
    """Return p-values adjusted by Holm's method (Scand. J. Stat. 6, 1979): all true nulls stay below 5% together."""
    order = np.argsort(p_values)
    factors = len(p_values) - np.arange(len(p_values))
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return adjusted


def centred(square: np.ndarray) -> np.ndarray:
    """Return a symmetric matrix of distances U-centred, with a diagonal of 0."""
    n = len(square)
    if n < 4:
        return np.zeros_like(square)
    rows = square.sum(axis=1) / (n - 2)
    result = square - rows - rows[:, None] + square.sum() / ((n - 1) * (n - 2))
    np.fill_diagonal(result, 0.0)
    return np.asarray(result)


def mean_square(centred: np.ndarray) -> float:
    """Return the mean square of a U-centred matrix, without bias."""
    n = len(centred)
    return float((centred**2).sum()) / (n * (n - 3))


def paired_interval(value: float, shares: Sequence[float]) -> tuple[float, float]:
    """Return a 95% interval of a sum of scores from each member's share in it, by leaving out a member at a time.

    Near the null, where models do not matter one by one, it is up to 1.4 times too wide. (nan, nan) with fewer than 4 members.
    """
    from scipy.special import stdtrit

    n = len(shares)
    if n < 4:
        return math.nan, math.nan
    reach = float(stdtrit(n - 1, 0.975)) * float(np.std(shares, ddof=1)) / math.sqrt(n)
    return value - reach, value + reach
