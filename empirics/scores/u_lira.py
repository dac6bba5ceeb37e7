"""U-LiRA: how often a likelihood ratio of two normals tells unlearned models from retrained ones, example by example.

Hayes et al., arXiv 2403.01218. For an example z, normals are fitted to the margins of models
that forgot it and of models that never saw it; a model with margin φ is taken for an unlearned one where φ_f(φ)/(φ_f(φ) + φ_n(φ))
> ½. Accuracy ½ is what a perfect method reaches. It is counted on members that the normals were not fitted to: the even members
are judged by the odd ones, and the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.empirics.scores.diverged import check_samples, diverged

if TYPE_CHECKING:
    from jaxtyping import Float

LEAST = 1e-6
"""The least standard deviation of a fitted normal, in logits."""


def u_lira(
    oracle: Float[np.ndarray, "n_oracle points"], unlearned: Float[np.ndarray, "n_unlearned points"]
) -> Float[np.ndarray, " points"]:
    """Return the mean over both kinds of models of the share of them that the attack tells right, at each point.

    A tie counts half. Diverged models are fitted by none and told right always. Raises ValueError as `epsilons` does, and
    for fewer than 4 models on either side that have not diverged.
    """
    check_samples(oracle, unlearned)
    samples, gone = [oracle, unlearned], [diverged(oracle), diverged(unlearned)]
    kept = [sample[~out].astype(np.float64) for sample, out in zip(samples, gone, strict=True)]
    if min(map(len, kept)) < 4:
        raise ValueError(
            "U-LiRA needs 4 models on either side that have not diverged: 2 to fit and 2 to judge"
        )
    told = np.zeros((2, oracle.shape[1]))
    for judged in (0, 1):
        fitted = [sample[1 - judged :: 2] for sample in kept]
        for kind in (0, 1):
            likelihoods = [_log_normal(kept[kind][judged::2], fit) for fit in fitted]
            margin = likelihoods[kind] - likelihoods[1 - kind]
            told[kind] += ((margin > 0) + 0.5 * (margin == 0)).sum(axis=0)
    shares = [
        (right + out.sum()) / len(sample) for right, out, sample in zip(told, gone, samples, strict=True)
    ]
    return np.asarray(sum(shares) / 2)


def _log_normal(values: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    sigma = np.maximum(fitted.std(axis=0, ddof=1), LEAST)
    return np.asarray(-(((values - fitted.mean(axis=0)) / sigma) ** 2) / 2 - np.log(sigma))
