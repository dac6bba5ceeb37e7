r"""Retain and forget samples with a linear model, and every weighting of their losses as one objective.

    L(w) = a·mean_R ℓ(y⟨w, x⟩) + b·mean_F ℓ(y⟨w, x⟩) + λ/2·‖w‖²

The pretrained model has a = |R|/|D|, b = |F|/|D|, the retrained one a = 1, b = 0, descent-ascent a = 1, b = −β (β = 1 is
eq. (1)), gradient ascent a = 0, b = −1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

from ascentcheck.theory.linear.losses import MarginLoss

Vector = Float[np.ndarray, " d"]

BLOCK = 1 << 22
"""Entries of the features that are turned to float64 at once: 32 MiB."""
HELD = 1 << 29
"""Entries up to which features of another type are held in float64 as well: 4 GiB."""


@dataclass(frozen=True)
class LinearProblem:
    """Samples [n, d] of any float type with signs y = ±1, which of them are to be forgotten, a loss and a ridge λ > 0.

    Raises ValueError for shapes that do not fit, signs other than ±1, a ridge that is not positive and finite, or an empty
    retain or forget set.
    """

    features: Float[np.ndarray, "n d"]
    signs: Float[np.ndarray, " n"]
    forget: Bool[np.ndarray, " n"]
    loss: MarginLoss
    ridge: float

    def __post_init__(self) -> None:
        n = len(self.features)
        if self.features.ndim != 2 or self.signs.shape != (n,) or self.forget.shape != (n,):
            raise ValueError("features must be [n, d], signs and forget [n]")
        if not np.all(np.abs(self.signs) == 1):
            raise ValueError("signs must be +1 or -1")
        if not (np.isfinite(self.ridge) and self.ridge > 0):
            raise ValueError(f"ridge must be a positive finite number, not {self.ridge}")
        if self.forget.all() or not self.forget.any():
            raise ValueError("both the retain and the forget set need at least one sample")

    @property
    def n_forget(self) -> int:
        """|F|."""
        return int(self.forget.sum())

    @property
    def n_retain(self) -> int:
        """|R|."""
        return len(self.forget) - self.n_forget

    @property
    def n_total(self) -> int:
        """|D|."""
        return len(self.forget)

    def blocks(self) -> Iterator[tuple[slice, Float[np.ndarray, "rows d"]]]:
        """Yield the features in float64 with their place: all at once where they are or can be held so, else some rows."""
        if self.features.dtype == np.float64 or self.features.size <= HELD:
            yield slice(0, len(self.features)), self._held
            return
        rows = _rows(self.features)
        for first in range(0, len(self.features), rows):
            place = slice(first, first + rows)
            yield place, self.features[place].astype(np.float64)

    @cached_property
    def _held(self) -> Float[np.ndarray, "n d"]:
        return np.asarray(self.features, dtype=np.float64)

    def gram(self) -> Float[np.ndarray, "d d"]:
        """Return Σ x·xᵀ/n, the metric in which distances of weights are root mean squares of margins."""
        total = np.zeros((self.features.shape[1],) * 2)
        for _, rows in self.blocks():
            total += rows.T @ rows
        return total / self.n_total

    def margins(self, w: Vector) -> Float[np.ndarray, " n"]:
        """Return y_i⟨w, x_i⟩."""
        found = np.empty(len(self.features))
        for place, rows in self.blocks():
            found[place] = rows @ w
        return self.signs * found

    def pretrained(self) -> Objective:
        """Return L_D."""
        return Objective(self, self.n_retain / self.n_total, self.n_forget / self.n_total)

    def retrained(self) -> Objective:
        """Return L_R."""
        return Objective(self, 1.0, 0.0)

    def descent_ascent(self, beta: float = 1.0) -> Objective:
        """Return mean_R ℓ − β·mean_F ℓ + λ/2·‖w‖²; β = 1 is eq. (1)."""
        return Objective(self, 1.0, -beta)


@dataclass(frozen=True)
class Objective:
    """One weighting of the losses of a problem; convex where both weights are ≥ 0."""

    problem: LinearProblem
    weight_retain: float
    weight_forget: float

    def coefficients(self) -> Float[np.ndarray, " n"]:
        """Return the weight of each sample's loss."""
        p = self.problem
        return np.where(p.forget, self.weight_forget / p.n_forget, self.weight_retain / p.n_retain)

    def value(self, w: Vector) -> float:
        """Return L(w)."""
        losses = self.problem.loss.value(self.problem.margins(w))
        return float(self.coefficients() @ losses + self.problem.ridge / 2 * (w @ w))

    def gradient(self, w: Vector) -> Vector:
        """Return ∇L(w)."""
        coefficients, slope, signs = self.coefficients(), self.problem.loss.slope, self.problem.signs
        total = self.problem.ridge * np.asarray(w, dtype=float)
        for place, rows in self.problem.blocks():
            sign = signs[place]
            total = total + (sign * coefficients[place] * slope(sign * (rows @ w))) @ rows
        return np.asarray(total)

    def hessian(self, w: Vector) -> Float[np.ndarray, "d d"]:
        """Return ∇²L(w)."""
        coefficients, curvature, signs = self.coefficients(), self.problem.loss.curvature, self.problem.signs
        total = self.problem.ridge * np.eye(self.problem.features.shape[1])
        for place, rows in self.problem.blocks():
            weights = coefficients[place] * curvature(signs[place] * (rows @ w))
            step = _rows(rows)
            for first in range(
                0, len(rows), step
            ):  # so that the weighted copy of the rows is a block at most
                part = rows[first : first + step]
                total += (part.T * weights[first : first + step]) @ part
        return total

    def hessian_product(self, w: Vector, v: Vector) -> Vector:
        """Return ∇²L(w)·v without forming the matrix."""
        coefficients, curvature, signs = self.coefficients(), self.problem.loss.curvature, self.problem.signs
        total = self.problem.ridge * np.asarray(v, dtype=float)
        for place, rows in self.problem.blocks():
            weights = coefficients[place] * curvature(signs[place] * (rows @ w))
            total = total + (weights * (rows @ v)) @ rows
        return np.asarray(total)


def _rows(features: Float[np.ndarray, "n d"]) -> int:
    """How many rows are a block."""
    return max(1, BLOCK // max(1, int(features.shape[1])))


def distances(problem: LinearProblem, w: Vector, other: Vector) -> tuple[float, float]:
    """Return ‖w − w'‖, and the root mean square over all samples of the difference of the margins."""
    difference = problem.margins(np.asarray(w) - np.asarray(other))
    return float(np.linalg.norm(np.asarray(w) - other)), float(np.sqrt(np.mean(difference**2)))
