"""Scores that might have decided: one number for a split from two samples of margins, larger for a greater difference.

The first five look at points one by one and take the mean (or, as the paper does, the 95th percentile) over them; the last two
look at whole models. None needs more than numpy, and none takes margins that are not finite.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ascentcheck.empirics.klom.estimators import scores
from ascentcheck.empirics.scores.energy import energy_scores

Statistic = Callable[[np.ndarray, np.ndarray], float]
RIDGE = 1.0


def energy(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return the mean energy distance, in the oracles' spread."""
    return float(energy_scores(oracle, unlearned).mean())


def gaussian_kl(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return the mean of the two KL divergences of normals fitted at each point, less its mean for equal normals.

    Of variances s², t² and a difference d of means: ¼(s²/t² + t²/s² − 2 + d²/s² + d²/t²). With ν degrees of freedom
    E[s²/t²] = ν/(ν − 2), and d² is independent of both; fewer than 4 models have no such mean.
    """
    n, m = len(oracle), len(unlearned)
    s, t = oracle.var(axis=0, ddof=1), unlearned.var(axis=0, ddof=1)
    d = (oracle.mean(axis=0) - unlearned.mean(axis=0)) ** 2
    found = (s / t + t / s - 2 + d / s + d / t) / 4
    ratios = [(k - 1) / (k - 3) for k in (n, m)]
    return float(found.mean()) - (sum(ratios) - 2 + (1 / n + 1 / m) * sum(ratios)) / 4


def cramer_von_mises(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return the mean two-sample statistic of Anderson (Ann. Math. Stat. 33, 1962), less its mean for equal distributions.

    nm/(n + m)² Σ (F_n − G_m)² over all margins, so without ties nothing but ranks counts.
    """
    n, m = len(oracle), len(unlearned)
    order = np.argsort(np.concatenate([oracle, unlearned]), axis=0)
    of_oracles = np.cumsum(order < n, axis=0) / n
    of_unlearned = np.cumsum(order >= n, axis=0) / m
    found = n * m / (n + m) ** 2 * ((of_oracles - of_unlearned) ** 2).sum(axis=0)
    return float(found.mean()) - (1 + 1 / (n + m)) / 6


def robust(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return the mean of KLoM by the robust estimator."""
    return float(scores(oracle, unlearned, "robust").mean())


def paper_p95(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return the 95th percentile of KLoM by the paper's estimator."""
    return float(np.percentile(scores(oracle, unlearned, "paper", misses=True), 95))


def mmd(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return the squared maximum mean discrepancy of whole models, unbiased (Gretton et al., JMLR 13, 2012).

    Kernel exp(−‖x − y‖²/(2h²)), h the median distance, margins in standard deviations, both over all models of both kinds.
    """
    from scipy.spatial.distance import pdist, squareform

    n, m = len(oracle), len(unlearned)
    pooled = np.concatenate([oracle, unlearned])
    pooled /= pooled.std(axis=0)
    squared = pdist(pooled, "sqeuclidean")
    kernel = squareform(np.exp(-squared / (2 * np.median(squared))))
    inside = [kernel[:n, :n].sum() / (n * (n - 1)), kernel[n:, n:].sum() / (m * (m - 1))]
    return float(sum(inside) - 2 * kernel[:n, n:].mean())


def classifier(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    """Return how often a linear classifier tells unlearned models from oracles that it has not seen (Lopez-Paz and Oquab, 2017).

    Ridge regression on the kind of a whole model, margins in standard deviations of all, left out one by one in closed form.
    """
    n, m = len(oracle), len(unlearned)
    pooled = np.concatenate([oracle, unlearned])
    pooled = (pooled - pooled.mean(axis=0)) / pooled.std(axis=0)
    kinds = np.repeat([-1 / n, 1 / m], [n, m]) * (n + m) / 2
    gram = pooled @ pooled.T / pooled.shape[1] + 1  # the 1 is the constant term
    hat = np.linalg.solve(gram + RIDGE * np.eye(n + m), gram)
    left_out = (hat @ kinds - np.diag(hat) * kinds) / (1 - np.diag(hat))
    return float((left_out * kinds > 0).mean())


CANDIDATES: dict[str, Statistic] = {
    "energy": energy,
    "gaussian KL": gaussian_kl,
    "cramér–von mises": cramer_von_mises,
    "robust KLoM, mean": robust,
    "paper KLoM, p95": paper_p95,
    "MMD": mmd,
    "classifier": classifier,
}
