"""Linear datamodels: how a margin depends on which points a model was trained on.

Ilyas et al., 'Datamodels', arXiv 2202.00622: a margin after training on a subset is nearly linear in the subset's
mask. The coefficients come from ridge regression in closed form, for all targets in one factorisation, and the
test is the linear datamodelling score (LDS; Park et al., arXiv 2303.14186, section 2): the rank correlation
between predicted and measured margins over subsets that the regression has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Float32, Float64

CHOICE = 5
"""One model in so many is left out of the fit that chooses the ridge."""
RESAMPLES = 1000


@dataclass(frozen=True, eq=False)
class Datamodels:
    """Coefficients [targets, sources], in nats per training point added, and intercepts [targets]."""

    coefficients: Float32[np.ndarray, "targets sources"]
    intercepts: Float64[np.ndarray, " targets"]

    def predict(self, masks: Bool[np.ndarray, "m sources"]) -> Float64[np.ndarray, "m targets"]:
        """Return the margins expected of models trained on the subsets `masks`."""
        return self.intercepts + centred(masks) @ self.coefficients.T


@dataclass(frozen=True)
class Lds:
    """Mean LDS over targets with a 95% bootstrap interval over held-out subsets, of which there are `subsets`."""

    mean: float
    interval: tuple[float, float]
    subsets: int
    targets: int


def centred(masks: Bool[np.ndarray, "m n"]) -> Float32[np.ndarray, "m n"]:
    """Return masks as ½ where a point is in and -½ where it is not."""
    return masks.astype(np.float32) - np.float32(0.5)


def fit(
    masks: Bool[np.ndarray, "m sources"], margins: Float[np.ndarray, "m targets"], ridge: float
) -> Datamodels:
    """Return the minimiser of Σ_m (margin - intercept - ⟨coefficients, mask ∓ ½⟩)² + ridge·‖coefficients‖².

    Each target is a regression of its own; intercepts are free of the penalty. `ridge` must be positive. The
    system solved has as many equations as there are sources or models, whichever are fewer.
    """
    x, y, x_mean, y_mean = _deviations(masks, margins)
    few = len(x) < x.shape[1]
    solved = x.T @ _solved(x @ x.T, y, ridge) if few else _solved(x.T @ x, x.T @ y, ridge)
    return Datamodels(np.ascontiguousarray(solved.T, dtype=np.float32), y_mean - solved.T @ x_mean)


def choose_ridge(
    masks: Bool[np.ndarray, "m sources"], margins: Float[np.ndarray, "m targets"], ridges: Sequence[float]
) -> tuple[float, tuple[float, ...]]:
    """Return the ridge whose fit on most models has the highest mean LDS on the rest, and all the scores.

    Every fifth model is in the rest. The best strength does not depend on the number of models, being the
    ratio of a model's own noise to the size of the coefficients, so that it serves for all of them.
    """
    left_out = np.arange(len(masks)) % CHOICE == CHOICE - 1
    x, y, x_mean, _ = _deviations(masks[~left_out], margins[~left_out])
    probe = centred(masks[left_out]) - x_mean.astype(np.float32)
    if len(x) < x.shape[1]:
        gram, product, probe = x @ x.T, y, probe @ x.T
    else:
        gram, product = x.T @ x, x.T @ y
    from scipy.linalg import eigh  # which what only plans does without

    values, vectors = eigh(gram.astype(np.float64), overwrite_a=True, check_finite=False)
    turned, probe = vectors.T @ product, probe @ vectors
    measured = _standard_ranks(margins[left_out])
    scores = []
    for ridge in ridges:
        predicted = probe @ (turned / (values.clip(0) + ridge)[:, None])
        scores.append(float((_standard_ranks(predicted) * measured).sum(0).mean()))
    return ridges[int(np.argmax(scores))], tuple(scores)


def lds(
    predicted: Float[np.ndarray, "subsets targets"], measured: Float[np.ndarray, "subsets targets"]
) -> Float64[np.ndarray, " targets"]:
    """Return Spearman's rank correlation over the subsets for each target; 0 where one side is constant."""
    return (_standard_ranks(predicted) * _standard_ranks(measured)).sum(0)


def summary(
    predicted: Float[np.ndarray, "subsets targets"], measured: Float[np.ndarray, "subsets targets"]
) -> Lds:
    """Return the mean LDS with its interval. Subsets are drawn again, because targets share them; ranks stay."""
    count, targets = predicted.shape
    one, other = _standard_ranks(predicted), _standard_ranks(measured)
    times = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), RESAMPLES) / count
    means = [times @ value for value in (one, other, one * one, other * other, one * other)]
    covariance = means[4] - means[0] * means[1]
    spread = np.sqrt(((means[2] - means[0] ** 2) * (means[3] - means[1] ** 2)).clip(0))
    again = (covariance / np.where(spread > 0, spread, 1.0)).mean(1)
    low, high = np.percentile(again, [2.5, 97.5])
    return Lds(float(lds(predicted, measured).mean()), (float(low), float(high)), count, targets)


def _deviations(
    masks: np.ndarray, margins: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return masks and margins about their means, in single precision, and the means."""
    x_mean, y_mean = masks.mean(0) - 0.5, margins.mean(0, dtype=np.float64)
    x = centred(masks) - x_mean.astype(np.float32)
    return x, (margins - y_mean).astype(np.float32), x_mean, y_mean


def _solved(gram: np.ndarray, product: np.ndarray, ridge: float) -> np.ndarray:
    gram = gram.astype(np.float64)
    gram.flat[:: len(gram) + 1] += ridge
    from scipy.linalg import cho_factor, cho_solve

    factor = cho_factor(gram, overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(factor, product.astype(np.float64), check_finite=False), np.float32)


def _standard_ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks down each column with mean 0 and length 1, so that products are correlations; 0 if constant."""
    from scipy.stats import rankdata  # half a second to import, and only needed here

    ranks = rankdata(values, axis=0)
    ranks -= ranks.mean(0)
    length = np.sqrt((ranks * ranks).sum(0))
    return ranks / np.where(length > 0, length, 1.0)
