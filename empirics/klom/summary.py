"""KLoM over a set of points: its 95th percentile with an interval, and its mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.klom.estimators import diverged, scores, scores_and_gaps
from ascentcheck.empirics.klom.histogram import WORST

if TYPE_CHECKING:
    from jaxtyping import Float

GROUPS = 10
STUDENT = 2.2621571627409915
"""The 97.5% quantile of Student's t with GROUPS - 1 degrees of freedom; scipy.stats takes half a second to import."""


@dataclass(frozen=True)
class Klom:
    """A score over a set of points: `p95` and `mean` over the points; in nats, or in spreads of the oracles by `energy`.

    `interval` is a 95% interval of p95 from a delete-a-group jackknife over the models. At `undefined` of the points the
    estimator has no score, which counts as a total miss.
    """

    estimator: str
    n_oracle: int
    n_unlearned: int
    points: int
    p95: float
    interval: tuple[float, float]
    mean: float
    diverged_oracle: int
    diverged_unlearned: int
    undefined: int

    @property
    def gaps(self) -> str:
        """What is to be said of points without a score; nothing where there are none."""
        if self.undefined == 0:
            return ""
        return (
            f"at {self.undefined} of {self.points} points, counted as total misses: one sample lies wholly at the pooled "
            f"maximum, which {self.estimator} drops"
        )


def klom(
    oracle: Float[np.ndarray, "n_oracle points"],
    unlearned: Float[np.ndarray, "n_unlearned points"],
    estimator: str = "paper",
) -> Klom:
    """Return KLoM over the points, with a 95% interval of its 95th percentile.

    The interval is a jackknife that leaves out one of ten groups of models at a time, from both samples, with
    Student's t on 9 degrees of freedom: models are what was sampled, and a bootstrap over them would repeat
    models and so raise every score. In simulations of 100 against 100 models it held the expected p95 in 92 to 100 of
    100 cases, least where the points move together (`ascentcheck.empirics.scores.assumptions`). With fewer than 20
    models there is no interval (nan). Raises ValueError as `scores_and_gaps` does.
    """
    per_point, empty = scores_and_gaps(oracle, unlearned, estimator)
    p95 = float(np.percentile(per_point, 95))
    return Klom(
        estimator,
        len(oracle),
        len(unlearned),
        oracle.shape[1],
        p95,
        _jackknife(oracle, unlearned, estimator, p95),
        float(per_point.mean()),
        int(diverged(oracle).sum()),
        int(diverged(unlearned).sum()),
        int(empty.sum()),
    )


def _jackknife(oracle: np.ndarray, unlearned: np.ndarray, estimator: str, p95: float) -> tuple[float, float]:
    if min(len(oracle), len(unlearned)) < 2 * GROUPS:
        return math.nan, math.nan
    left_out = np.empty(GROUPS)
    for group in range(GROUPS):
        kept = [s[np.arange(len(s)) % GROUPS != group] for s in (oracle, unlearned)]
        left_out[group] = np.percentile(scores(*kept, estimator, misses=True), 95)
    error = math.sqrt((GROUPS - 1) / GROUPS * float(((left_out - left_out.mean()) ** 2).sum()))
    reach = STUDENT * error
    if estimator == "energy":
        return p95 - reach, p95 + reach
    return min(p95, max(p95 - reach, 0.0)), min(p95 + reach, WORST)
