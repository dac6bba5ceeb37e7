r"""The energy distance between the margins of unlearned models and of oracles, in spreads of the oracles.

At a point with margins x_1 … x_n of oracles and y_1 … y_m of unlearned models the energy distance (Székely and Rizzo,
J. Stat. Plan. Inference 143, 2013) is

    2·E|x − y| − E|x − x′| − E|y − y′|,

with the means over pairs of different models: U-statistics, so that its mean is 0 whenever both samples are of one
distribution, at any n and m. Single values may be negative. It is 0 in truth for equal distributions only, and far away
it grows as twice the distance. The unit is the mean over all points of the oracles' own spread E|x − x′|, which is
1.13 standard deviations of normal margins, and which no unlearned model can stretch; where the oracles do not differ
by more than rounding (1e-12 logits) it is 1 logit. The mean over points is the energy distance between the models as
wholes, by the mean absolute difference of their margins.

A margin of an unlearned model that is missing (of a diverged model, not finite, or at or beyond ±CLIP) is a total miss, in
two ways. It is put where it makes the score largest: with k misses at z the energy distance gains k·f(z), f piecewise
linear, and misses apart from each other gain less. And the share of the misses moves the score toward that of models which
are all at the worse of ±CLIP, and beyond by as far as they are, LIMIT at most. So no miss can lower a score. A diverged
oracle is taken out, and the score rises as though it had been the worst that it could be for the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.scores.diverged import CLIP, check_samples, diverged

if TYPE_CHECKING:
    from jaxtyping import Float

LIMIT = 1e6
"""Where margins that are not finite are taken to be, either way."""
ROUNDING = 1e-12
"""Mean spread of the oracles, in logits, up to which they do not differ."""
BLOCK = 1024


@dataclass(frozen=True)
class _Part:
    """Before division by the unit, [points]: energy distance with misses, that of a total miss, and E|x − x′|."""

    energy: np.ndarray
    total_miss: np.ndarray
    spread: np.ndarray


def energy_scores(
    oracle: Float[np.ndarray, "n_oracle points"], unlearned: Float[np.ndarray, "n_unlearned points"]
) -> Float[np.ndarray, " points"]:
    """Return the score at each point, in the oracles' mean spread over all points given.

    Takes O(N log N) a point. Raises ValueError for arrays that are not two-dimensional with equal numbers of points, fewer
    than two models, or no points. With fewer than two oracles that have not diverged every score is 2·LIMIT.
    """
    check_samples(oracle, unlearned)
    healthy = ~diverged(oracle)
    if healthy.sum() < 2:
        return np.full(oracle.shape[1], 2 * LIMIT)
    kept, gone = oracle if healthy.all() else oracle[healthy], diverged(unlearned)
    blocks = (slice(start, start + BLOCK) for start in range(0, oracle.shape[1], BLOCK))
    parts = [_block(kept[:, block], unlearned[:, block], gone) for block in blocks]
    unit = unit_of(float(np.concatenate([part.spread for part in parts]).mean()))
    score = np.concatenate([part.energy for part in parts]) / unit
    if len(kept) < len(oracle):
        worst = np.maximum(np.concatenate([part.total_miss for part in parts]) / unit, score)
        score += (len(oracle) / len(kept) - 1) * (worst + 2)
    return score


def unit_of(spread: float) -> float:
    """Return the unit of scores, in logits, for a mean spread of the oracles."""
    return spread if spread > ROUNDING else 1.0


def _block(oracle: np.ndarray, unlearned: np.ndarray, gone: np.ndarray) -> _Part:
    n, m = len(oracle), len(unlearned)
    x, y = (np.ascontiguousarray(sample.T) for sample in (oracle, unlearned))  # points in rows: sorted faster
    x = np.clip(x, -CLIP, CLIP)
    lost = ~(np.abs(y) < CLIP) | gone
    within_x = _pairs(x)
    spread = within_x / (n * (n - 1) / 2)
    total_miss = 2 * (CLIP + np.abs(x.mean(axis=1, dtype=np.float64))) - spread
    if not lost.any():
        within_y = _pairs(y)
        cross = _pairs(np.concatenate([x, y], axis=1)) - within_x - within_y
        return _Part(2 * cross / (n * m) - spread - within_y / (m * (m - 1) / 2), total_miss, spread)
    some = lost.any(axis=1)
    energy = np.empty(len(x))
    if not some.all():
        energy[~some] = _block(oracle[:, ~some], unlearned[:, ~some], np.zeros_like(gone)).energy
    energy[some] = _with_misses(x[some], y[some], lost[some], spread[some], total_miss[some])
    return _Part(energy, total_miss, spread)


def _pairs(values: np.ndarray) -> np.ndarray:
    """Return the sum of |a − b| over the pairs in each row."""
    ordered = np.sort(values, axis=1).astype(np.float64)
    # equal values have the distance 0, not what rounding leaves of their sums
    ordered -= ordered[:, :1].copy()
    return np.asarray(ordered @ (2.0 * np.arange(values.shape[1]) - values.shape[1] + 1))


def _with_misses(
    x: np.ndarray, y: np.ndarray, lost: np.ndarray, spread: np.ndarray, total_miss: np.ndarray
) -> np.ndarray:
    n, m = x.shape[1], y.shape[1]
    misses = lost.sum(axis=1)
    ends = np.broadcast_to([-CLIP, CLIP], (len(x), 2))
    kept = np.where(lost, 0.0, y)
    at = np.concatenate([x, kept, ends], axis=1, dtype=np.float64)
    of_x, of_y = np.zeros(at.shape), np.zeros(at.shape)
    of_x[:, :n], of_y[:, n : n + m] = 1, ~lost
    order = np.argsort(at, axis=1)
    at, of_x, of_y = (np.take_along_axis(array, order, axis=1) for array in (at, of_x, of_y))
    to_x, to_y = _distances(at, of_x), _distances(at, of_y)  # sums over x and over the y that are there
    energy = 2 * (of_y * to_x).sum(axis=1) / (n * m) - spread - (of_y * to_y).sum(axis=1) / (m * (m - 1))
    gain = 2 * to_x / (n * m) - 2 * to_y / (m * (m - 1))
    placed = energy + misses * gain.max(axis=1)
    share = misses / m
    far = np.where(np.isfinite(y), np.minimum(np.abs(y, dtype=np.float64), LIMIT), LIMIT) - CLIP
    beyond = 2 * np.where(lost, np.maximum(far, 0), 0).sum(axis=1) / m
    return np.asarray(placed + share * np.maximum(total_miss - placed, 0) + beyond)


def _distances(at: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return, for each value of an ascending row, the sum of weight·|value − other| over the others."""
    below, sums = np.cumsum(weight, axis=1), np.cumsum(weight * at, axis=1)
    return np.asarray(at * (2 * below - below[:, -1:]) + sums[:, -1:] - 2 * sums)
