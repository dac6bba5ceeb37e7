r"""ε of each forgotten example and the forgetting quality F of the NeurIPS 2023 unlearning competition.

Triantafillou et al., "Are we making progress in unlearning?", arXiv 2406.09073; evaluated there by
google-deepmind/unlearning_evaluation, `metric.py`, at commit ffae0ff. An attack on an example tells unlearned models from
retrained ones by its margin. With FPR the share of retrained models taken for unlearned ones and FNR that of unlearned models
taken for retrained ones it shows

    ε = max{ln(1 − δ − FPR) − ln FNR, ln(1 − δ − FNR) − ln FPR},

infinite where both rates are 0; it is dropped where exactly one is. The ε of the example is the greatest over attacks, 0 at
least. Bins of 0.5 up to ⌈ln(N − 1)⌉ give H = 2/2^bin, from 1 down, and 0 beyond; F is the mean of H over examples, and the
score of the competition F·(RA_U/RA_R)·(TA_U/TA_R), with retain and test accuracies of unlearned and retrained models.

The attacks here are all intervals of margins, half-lines among them, either way round: the competition's are a grid of those as
wide as the narrower sample, and of half-lines. So ε is never below its, and the greatest over many attacks is far from 0 for
oracles against oracles too: their value belongs beside every other.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.scores.diverged import check_samples

if TYPE_CHECKING:
    from jaxtyping import Float

DELTA = 1e-5
BIN = 0.5


def epsilons(
    oracle: Float[np.ndarray, "n_oracle points"], unlearned: Float[np.ndarray, "n_unlearned points"]
) -> Float[np.ndarray, " points"]:
    """Return ε at each point, at best 0 and at worst infinite; nan counts as the least margin of all.

    O(N²) a point. Raises ValueError for arrays that are not two-dimensional with equal numbers of points, fewer than two
    models, or no points.
    """
    check_samples(oracle, unlearned)
    n, m = len(oracle), len(unlearned)
    table = _by_counts(n, m)
    start, stop = np.triu_indices(n + m + 1, 1)
    pooled = np.concatenate([oracle, unlearned]).astype(np.float64)
    pooled[np.isnan(pooled)] = -math.inf
    found = np.empty(pooled.shape[1])
    for point, values in enumerate(pooled.T):
        order = np.argsort(values)
        between = np.ones(n + m + 1, dtype=bool)  # a cut between equal margins is no attack
        between[1:-1] = values[order[1:]] > values[order[:-1]]
        oracles = np.concatenate([[0], np.cumsum(order < n)])
        others = np.arange(n + m + 1) - oracles
        some = between[start] & between[stop]
        first, last = start[some], stop[some]
        found[point] = table[oracles[last] - oracles[first], others[last] - others[first]].max()
    return found


@lru_cache(maxsize=16)
def _by_counts(n: int, m: int) -> np.ndarray:
    """Return ε [n + 1, m + 1] of an attack by an interval that holds so many of n oracles and of m unlearned models."""
    inside, taken = np.arange(n + 1)[:, None] / n, np.arange(m + 1)[None] / m
    return np.maximum(_epsilon(inside, 1 - taken), _epsilon(1 - inside, taken))


def _epsilon(fpr: np.ndarray, fnr: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.maximum(
            np.log(np.maximum(1 - DELTA - fpr, 0)) - np.log(fnr),
            np.log(np.maximum(1 - DELTA - fnr, 0)) - np.log(fpr),
        )
    found = np.where((fpr == 0) ^ (fnr == 0), 0.0, found)
    return np.asarray(np.where((fpr == 0) & (fnr == 0), math.inf, np.maximum(found, 0.0)))


def forgetting_quality(epsilon: Float[np.ndarray, " points"], n_models: int) -> float:
    """Return F, in [0, 1], of the ε of the forgotten examples with so many models of each kind."""
    bins = math.ceil(math.log(n_models - 1)) / BIN
    index = np.floor(np.minimum(epsilon, 1e9) / BIN)
    return float(np.where(index < bins, 0.5**index, 0.0).mean())


def competition_score(
    quality: float, unlearned: tuple[float, float], retrained: tuple[float, float]
) -> float:
    """Return F·(RA_U/RA_R)·(TA_U/TA_R) from the accuracies on retain and test points of both kinds of models.

    nan where a retrained one is 0, as at few steps or points: there is no score.
    """
    if 0 in retrained:
        return math.nan
    return quality * (unlearned[0] / retrained[0]) * (unlearned[1] / retrained[1])
