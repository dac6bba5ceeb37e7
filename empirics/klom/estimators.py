"""KLoM at each point, by the name of its estimator, and what becomes of models that have diverged.

The histogram cannot be trusted with diverged models: one of them at −100 stretches the cells until everything else
shares one. So they are taken out, and each counts as a total miss: with a share f of pairs in which a model has
diverged, the score is (1 − f)·KLoM(the others) + f·WORST, where WORST is the largest value that the paper's
estimator can take. It is never below the score without them. What `robust` does with an unlearned model that has
diverged is stricter: replacing any by one never lowers the score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.klom.histogram import WORST, histogram_scores
from ascentcheck.empirics.klom.robust import robust_scores
from ascentcheck.empirics.scores.diverged import check_samples, diverged
from ascentcheck.empirics.scores.energy import energy_scores

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

OF_KLOM = ("paper", "paper-reversed", "robust")
"""Those of KLoM, in nats."""
ESTIMATORS = (*OF_KLOM, "energy")
"""All that margins can be scored by. `energy` is the one to decide with, in spreads of the oracles."""


def check_estimator(name: str) -> None:
    """Raise ValueError for a name that is no estimator."""
    if name not in ESTIMATORS:
        raise ValueError(f"estimator {name!r} is unknown; allowed are {', '.join(ESTIMATORS)}")


def scores(
    oracle: Float[np.ndarray, "n_oracle points"],
    unlearned: Float[np.ndarray, "n_unlearned points"],
    estimator: str = "paper",
    misses: bool = False,
) -> Float[np.ndarray, " points"]:
    """Return the score at each point, diverged models counted as total misses; in nats, or in spreads for `energy`.

    A point at which one sample lies wholly at the pooled maximum, which falls in no cell of the paper's, has no score:
    an error, or a total miss where `misses` is set. Raises ValueError for it, and for an unknown estimator, arrays that are
    not two-dimensional with equal numbers of points, fewer than two models, or no points.
    """
    found, empty = scores_and_gaps(oracle, unlearned, estimator)
    if empty.any() and not misses:
        raise ValueError(
            f"point {int(np.argmax(empty))}: all margins of one sample are the pooled maximum, which the "
            "estimator drops, so there is no score"
        )
    return found


def scores_and_gaps(
    oracle: Float[np.ndarray, "n_oracle points"],
    unlearned: Float[np.ndarray, "n_unlearned points"],
    estimator: str = "paper",
) -> tuple[Float[np.ndarray, " points"], Bool[np.ndarray, " points"]]:
    """Return the scores, and at which points there is none, which counts as a total miss. Raises ValueError as `scores` does."""
    check_estimator(estimator)
    check_samples(oracle, unlearned)
    none = np.zeros(oracle.shape[1], dtype=bool)
    if estimator == "energy":
        return energy_scores(oracle, unlearned), none
    out = [~diverged(sample) for sample in (oracle, unlearned)]
    healthy = [int(kept.sum()) for kept in out]
    share = (healthy[0] / len(oracle)) * (healthy[1] / len(unlearned))
    if min(healthy) == 0:
        return np.full(oracle.shape[1], WORST), none
    if estimator == "robust":
        value = robust_scores(oracle if out[0].all() else oracle[out[0]], unlearned, ~out[1], WORST)
        return value + (1 - healthy[0] / len(oracle)) * (WORST - value), none
    parts = [
        sample if kept.all() else sample[kept] for sample, kept in zip((oracle, unlearned), out, strict=True)
    ]
    value = histogram_scores(*parts, estimator)
    empty = np.isnan(value)
    value[empty] = WORST
    return value + (1 - share) * (WORST - value), empty  # in this form rounding cannot bring it below `value`
