"""A network of one hidden layer with weight decay, trained until it rests: where the first step is not that of a linear model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import optimize
from scipy.special import expit

Vector = Float[np.ndarray, " p"]
SHIFT = 1e-5
"""Between which gradients are taken for the second derivatives."""


@dataclass(frozen=True)
class Network:
    """⟨v, tanh(Ux + b)⟩ with the logistic loss on samples [n, d], signs folded in by `signs` = ±1, weight decay on all weights.

    A place is one vector: U [hidden, d], then b [hidden], then v [hidden].
    """

    features: Float[np.ndarray, "n d"]
    signs: Float[np.ndarray, " n"]
    ridge: float
    hidden: int

    @property
    def size(self) -> int:
        """How many weights there are."""
        return self.hidden * (int(self.features.shape[1]) + 2)

    def gradient(self, w: Vector, which: Bool[np.ndarray, " n"]) -> tuple[float, Vector]:
        """Return the mean loss of the samples `which`, without the decay, and its gradient."""
        d, k = self.features.shape[1], self.hidden
        rows, signs = self.features[which], self.signs[which]
        inner, shift, outer = w[: k * d].reshape(k, d), w[k * d : k * d + k], w[k * d + k :]
        lit = np.tanh(rows @ inner.T + shift)
        margins = signs * (lit @ outer)
        pull = -signs * expit(-margins) / len(rows)
        back = pull[:, None] * outer * (1 - lit**2)
        value = float(np.logaddexp(0.0, -margins).mean())
        return value, np.concatenate([(back.T @ rows).ravel(), back.sum(axis=0), pull @ lit])

    def trained(self, start: Vector) -> Vector:
        """Return where descent on all samples with weight decay comes to rest from `start`."""
        every = np.ones(len(self.signs), dtype=bool)

        def whole(w: Vector) -> tuple[float, Vector]:
            value, gradient = self.gradient(w, every)
            return value + self.ridge / 2 * float(w @ w), gradient + self.ridge * w

        options = {"gtol": 1e-9, "ftol": 0.0, "maxiter": 20_000, "maxfun": 40_000, "maxcor": 50}
        at = np.asarray(optimize.minimize(whole, start, jac=True, method="L-BFGS-B", options=options).x)
        shifts = SHIFT * np.eye(len(at))
        for _ in range(2):  # Newton's steps: the digits that differences lack are made up by the next
            bent = np.array([whole(at + shift)[1] - whole(at - shift)[1] for shift in shifts]) / (2 * SHIFT)
            at = at - np.linalg.solve(bent, whole(at)[1])
        return at
