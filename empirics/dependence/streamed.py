"""A linear problem for many samples: features stay in their own type, and no pass over them is made twice.

Margins, losses and gradients are taken in float64, a block of rows that stays in the processor's cache at a time. Matrices [d, d]
are multiplied in the type of the features and added up in float64: to float32's accuracy for float32, which serves Newton's
method and eigenvalues; where a minimum is, gradients decide. Both parts of every sum, over R and over F, are kept for the last
points that were asked for, so that all weightings of the two losses share them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from ascentcheck.theory.linear.problem import LinearProblem, Objective

Vector = Float[np.ndarray, " d"]

IN_CACHE = 1 << 17
"""Entries of the features that are turned to float64 at once for a gradient: 1 MiB."""
FOR_MATRICES = 1 << 23
"""The same for a matrix [d, d], which wants many rows at once."""
KEPT = 4
"""Points whose sums are kept."""
LOSS, COLUMN, SQUARE = 80.0, 0.1, 1 / 32
"""What a sample's loss, a product in one of many columns, and one in a matrix [d, d] cost, in a gradient's products; measured."""


@dataclass(frozen=True)
class Streamed(LinearProblem):
    """As LinearProblem, for features that are not to be held in float64.

    `passed` is told after each pass over the features what it cost: for a sample, in products as a gradient makes them.
    """

    passed: Callable[[float], None] = lambda cost: None
    in_cache: int = IN_CACHE
    for_matrices: int = FOR_MATRICES
    _known: dict[tuple[str, bytes], tuple[np.ndarray, ...]] = field(default_factory=dict, repr=False)

    def blocks(self) -> Iterator[tuple[slice, Float[np.ndarray, "rows d"]]]:
        """Yield the features in float64 with their place, some rows at a time."""
        return self._blocks(self.for_matrices, np.dtype(np.float64))

    def _blocks(self, entries: int, kind: np.dtype) -> Iterator[tuple[slice, np.ndarray]]:
        n, d = self.features.shape
        rows = max(1, entries // d)
        held = np.empty((min(rows, n), d), kind)
        for first in range(0, n, rows):
            place = slice(first, min(first + rows, n))
            if self.features.dtype == kind:
                yield place, self.features[place]
            else:
                block = held[: place.stop - first]
                block[...] = self.features[place]
                yield place, block

    def margins(self, w: Vector) -> Float[np.ndarray, " n"]:
        """Return y_i⟨w, x_i⟩."""
        found = np.empty(self.n_total)
        for place, rows in self._blocks(self.in_cache, np.dtype(np.float64)):
            np.dot(rows, w, out=found[place])
        self.passed(self.features.shape[1])
        found *= self.signs
        return found

    def gram(self) -> Float[np.ndarray, "d d"]:
        """Return Σ x·xᵀ/n."""
        return self._remembered("gram", np.empty(0), lambda: (self.squares([np.ones(self.n_total)])[0],))[0]

    def losses(self, w: Vector) -> tuple[float, float]:
        """Return the mean losses on R and on F."""

        def found() -> tuple[np.ndarray, ...]:
            each = self.loss.value(self.margins(w))
            return (np.array([each[~self.forget].mean(), each[self.forget].mean()]),)

        retain, forget = self._remembered("losses", w, found)[0]
        return float(retain), float(forget)

    def gradients(self, w: Vector) -> tuple[Vector, Vector]:
        """Return the gradients of the mean losses on R and on F."""
        retain, forget = self._remembered("gradients", w, lambda: self._gradients(np.asarray(w)[:, None]))
        return retain[0], forget[0]

    def gradients_at(
        self, points: Float[np.ndarray, "k d"]
    ) -> tuple[Float[np.ndarray, "k d"], Float[np.ndarray, "k d"]]:
        """Return the gradients at several points in one pass."""
        return self._gradients(np.ascontiguousarray(points.T))

    def _gradients(self, points: Float[np.ndarray, "d k"]) -> tuple[np.ndarray, np.ndarray]:
        d, k = points.shape
        total = np.zeros((2, k, d))
        retain = np.where(self.forget, 0.0, 1.0)
        for place, rows in self._blocks(self.in_cache * (1 if k == 1 else 16), np.dtype(np.float64)):
            sign = self.signs[place]
            pull = (self.loss.slope((rows @ points).T * sign) * sign)[None]
            total[0] += (pull[0] * retain[place]) @ rows
            some = self.forget[place]
            if some.any():
                total[1] += pull[0][:, some] @ rows[some]
        self.passed(2 * d + LOSS if k == 1 else k * (2 * COLUMN * d + LOSS))
        return total[0] / self.n_retain, total[1] / self.n_forget

    def hessians(self, w: Vector) -> tuple[Float[np.ndarray, "d d"], Float[np.ndarray, "d d"]]:
        """Return the Hessians of the mean losses on R and on F."""

        def found() -> tuple[np.ndarray, ...]:
            bent = self.loss.curvature(self.margins(w))
            both = [np.where(which, bent, 0.0) for which in (~self.forget, self.forget)]
            retain, forget = self.squares(both)
            return retain * (self.n_total / self.n_retain), forget * (self.n_total / self.n_forget)

        retain, forget = self._remembered("hessians", w, found)
        return retain, forget

    def curved(self, w: Vector, v: Vector) -> tuple[Vector, Vector]:
        """Return the products of the two Hessians with a vector."""
        total = np.zeros((2, len(v)))
        both = np.column_stack([w, v])
        for place, rows in self._blocks(self.in_cache, np.dtype(np.float64)):
            along = rows @ both
            pull = self.loss.curvature(self.signs[place] * along[:, 0]) * along[:, 1]
            some = self.forget[place]
            total[0] += (pull * ~some) @ rows
            if some.any():
                total[1] += pull[some] @ rows[some]
        self.passed(3 * len(v) + LOSS)
        return total[0] / self.n_retain, total[1] / self.n_forget

    def squares(self, weights: list[Float[np.ndarray, " n"]]) -> list[Float[np.ndarray, "d d"]]:
        """Return Σ c·x·xᵀ/n for each of some weights c ≥ 0; samples of weight 0 cost nothing."""
        kind = np.dtype(np.float64 if self.features.dtype.itemsize > 4 else np.float32)
        d = self.features.shape[1]
        found = [np.zeros((d, d)) for _ in weights]
        roots = [np.sqrt(c).astype(kind) for c in weights]
        for place, rows in self._blocks(self.for_matrices, kind):
            for total, root in zip(found, roots, strict=True):
                some = root[place] != 0
                if some.any():
                    part = (rows if some.all() else rows[some]) * root[place][some][:, None]
                    total += part.T @ part
        self.passed(SQUARE * d * d * (kind.itemsize / 4))
        return [total / self.n_total for total in found]

    def _remembered(
        self, what: str, w: np.ndarray, compute: Callable[[], tuple[np.ndarray, ...]]
    ) -> tuple[np.ndarray, ...]:
        key = what, np.asarray(w, dtype=float).tobytes()
        if key not in self._known:
            kept = [one for one in self._known if one[0] == what]
            for old in kept[: max(0, len(kept) + 1 - KEPT)]:
                del self._known[old]
            self._known[key] = compute()
        return self._known[key]

    def pretrained(self) -> Objective:
        """Return L_D."""
        return StreamedObjective(self, self.n_retain / self.n_total, self.n_forget / self.n_total)

    def retrained(self) -> Objective:
        """Return L_R."""
        return StreamedObjective(self, 1.0, 0.0)

    def descent_ascent(self, beta: float = 1.0) -> Objective:
        """Return mean_R ℓ − β·mean_F ℓ + λ/2·‖w‖²."""
        return StreamedObjective(self, 1.0, -beta)


@dataclass(frozen=True)
class StreamedObjective(Objective):
    """One weighting of the losses of a Streamed problem, by the sums that it keeps."""

    problem: Streamed

    def value(self, w: Vector) -> float:
        """Return L(w)."""
        retain, forget = self.problem.losses(w)
        return (
            self.weight_retain * retain + self.weight_forget * forget + self.problem.ridge / 2 * float(w @ w)
        )

    def gradient(self, w: Vector) -> Vector:
        """Return ∇L(w)."""
        return self._mixed(*self.problem.gradients(w)) + self.problem.ridge * np.asarray(w, dtype=float)

    def hessian(self, w: Vector) -> Float[np.ndarray, "d d"]:
        """Return ∇²L(w)."""
        return self._mixed(*self.problem.hessians(w)) + self.problem.ridge * np.eye(len(w))

    def hessian_product(self, w: Vector, v: Vector) -> Vector:
        """Return ∇²L(w)·v."""
        return self._mixed(*self.problem.curved(w, v)) + self.problem.ridge * np.asarray(v, dtype=float)

    def _mixed(self, retain: np.ndarray, forget: np.ndarray) -> np.ndarray:
        return self.weight_retain * retain + self.weight_forget * forget


def weighted(problem: LinearProblem, retain: float, forget: float) -> Objective:
    """Return the objective with these weights of the mean losses on R and on F."""
    kind = StreamedObjective if isinstance(problem, Streamed) else Objective
    return kind(problem, retain, forget)  # type: ignore[arg-type]
