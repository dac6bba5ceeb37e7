"""Margin losses ℓ(m) of the margin m = y⟨w, x⟩: strictly convex, decreasing, twice differentiable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import expit

Array = Float[np.ndarray, "*shape"]

LARGEST = 700.0
"""Exponents are held here, so that runaway iterates stay finite in float64."""


@dataclass(frozen=True)
class MarginLoss:
    """A loss with its first two derivatives, each elementwise on margins.

    `at_most_linear` says that ℓ grows at most linearly for m → −∞: with a ridge no ascent on it can then run to −∞.
    """

    name: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    curvature: Callable[[Array], Array]
    at_most_linear: bool


def _growth(margins: Array) -> Array:
    return np.asarray(np.exp(np.minimum(-margins, LARGEST)))


EXPONENTIAL = MarginLoss("exponential", _growth, lambda m: -_growth(m), _growth, at_most_linear=False)
"""exp(−m), the paper's."""

LOGISTIC = MarginLoss(
    "logistic",
    lambda m: np.logaddexp(0.0, -m),
    lambda m: -expit(-m),
    lambda m: expit(m) * expit(-m),
    at_most_linear=True,
)
"""log(1 + exp(−m)), the loss of logistic regression."""

LOSSES = {loss.name: loss for loss in (LOGISTIC, EXPONENTIAL)}
