"""A linear model of several classes with the cross-entropy, as an objective that the solvers of theory.linear take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64
from scipy.special import log_softmax, softmax

from ascentcheck.theory.linear.losses import LOGISTIC, MarginLoss
from ascentcheck.theory.linear.problem import Objective

Vector = Float[np.ndarray, " kd"]


@dataclass(frozen=True, eq=False)
class SoftmaxProblem:
    """Samples [n, d] of classes 0 to k − 1, which of them are to be forgotten, and a ridge λ > 0. Weights are [k·d], by class.

    `loss` stands for its growth alone: as the logistic one, the cross-entropy grows at most linearly.
    """

    features: Float[np.ndarray, "n d"]
    classes: Int64[np.ndarray, " n"]
    forget: Bool[np.ndarray, " n"]
    ridge: float
    loss: MarginLoss = LOGISTIC

    @property
    def n_classes(self) -> int:
        """k."""
        return int(self.classes.max()) + 1

    @property
    def zero(self) -> Vector:
        """The weights 0."""
        return np.zeros(self.n_classes * self.features.shape[1])

    def objective(self, retain: float, forget: float) -> Objective:
        """Return the objective with these weights of the mean losses on R and on F."""
        return SoftmaxObjective(self, retain, forget)

    def gram(self) -> Float[np.ndarray, "kd kd"]:
        """Return the metric in which distances of weights are root mean squares of logits, over samples and classes."""
        one = self.features.T @ self.features / (len(self.features) * self.n_classes)
        return np.kron(np.eye(self.n_classes), one)


@dataclass(frozen=True)
class SoftmaxObjective(Objective):
    """One weighting of the losses of a softmax problem."""

    problem: SoftmaxProblem  # type: ignore[assignment]

    def coefficients(self) -> Float[np.ndarray, " n"]:
        """Return the weight of each sample's loss."""
        forget = self.problem.forget
        return np.where(forget, self.weight_forget / forget.sum(), self.weight_retain / (~forget).sum())

    def _logits(self, w: Vector) -> Float[np.ndarray, "n k"]:
        return self.problem.features @ np.reshape(w, (self.problem.n_classes, -1)).T

    def value(self, w: Vector) -> float:
        """Return L(w)."""
        own = log_softmax(self._logits(w), axis=1)[np.arange(len(self.problem.classes)), self.problem.classes]
        return float(-self.coefficients() @ own + self.problem.ridge / 2 * (w @ w))

    def gradient(self, w: Vector) -> Vector:
        """Return ∇L(w)."""
        pull = softmax(self._logits(w), axis=1)
        pull[np.arange(len(pull)), self.problem.classes] -= 1
        pulled = (pull * self.coefficients()[:, None]).T @ self.problem.features
        return np.asarray(pulled.ravel() + self.problem.ridge * w)

    def hessian(self, w: Vector) -> Float[np.ndarray, "kd kd"]:
        """Return ∇²L(w)."""
        x, p = self.problem.features, softmax(self._logits(w), axis=1)
        d = x.shape[1]
        total = self.problem.ridge * np.eye(len(w))
        for a in range(p.shape[1]):
            for b in range(a + 1):
                bent = self.coefficients() * p[:, a] * ((a == b) - p[:, b])
                block = (x.T * bent) @ x
                total[a * d : (a + 1) * d, b * d : (b + 1) * d] += block
                if a != b:
                    total[b * d : (b + 1) * d, a * d : (a + 1) * d] += block
        return total

    def hessian_product(self, w: Vector, v: Vector) -> Vector:
        """Return ∇²L(w)·v."""
        p, along = softmax(self._logits(w), axis=1), self._logits(v)
        pull = p * (along - np.sum(p * along, axis=1, keepdims=True)) * self.coefficients()[:, None]
        return np.asarray((pull.T @ self.problem.features).ravel() + self.problem.ridge * v)
