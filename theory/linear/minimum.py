"""Minima by a trust-region Newton method, finished by plain Newton steps until the gradient is at rounding level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import linalg, optimize

from ascentcheck.theory.linear.problem import Objective

Vector = Float[np.ndarray, " d"]

GRADIENT = 1e-10
RESOLUTION = 64 * np.finfo(float).eps
"""How much of ‖∇²L‖·‖w‖ the gradient can be off because w is a float64."""
POLISH = 12


@dataclass(frozen=True)
class Minimum:
    """A point with a vanishing gradient and a positive Hessian: ‖∇L‖ there, and the Hessian's least eigenvalue."""

    w: Vector
    gradient: float
    curvature: float


class NoMinimumError(ArithmeticError):
    """No point with a vanishing gradient and a positive Hessian was reached."""


def minimum(objective: Objective, start: Vector | None = None) -> Minimum:
    """Return the minimum of a convex objective, or the local one that a trust region reaches from `start` (default 0).

    The gradient's norm there is at most 1e-10, or at most what float64 resolves next to w, if that is more. Raises
    NoMinimumError where none is reached.
    """
    d = objective.problem.features.shape[1]
    w = np.zeros(d) if start is None else np.asarray(start, dtype=float)
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            found = optimize.minimize(
                objective.value,
                w,
                jac=objective.gradient,
                hess=objective.hessian,
                method="trust-exact",
                options={"gtol": 1e-7, "maxiter": 1000, "max_trust_radius": 1e3},
            ).x
    except ValueError:  # from scipy, at a matrix that is no longer finite
        raise NoMinimumError("the objective falls without end") from None
    return polished(objective, found)


def polished(objective: Objective, w: Vector, most: float = np.inf) -> Minimum:
    """Return the minimum that Newton's method reaches from a point next to it.

    Raises NoMinimumError where the Hessian is not positive on the way, the gradient does not vanish, or the point that is
    reached is more than `most` away from the start.
    """
    start, w = w, np.asarray(w, dtype=float)
    gradient = objective.gradient(w)
    best, size, resolved = w, float(np.linalg.norm(gradient)), 0.0
    for _ in range(POLISH):
        try:
            hessian = objective.hessian(w)
            step = linalg.cho_solve(linalg.cho_factor(hessian), gradient)
        except (linalg.LinAlgError, ValueError):
            raise NoMinimumError("the Hessian is not positive") from None
        resolved = RESOLUTION * float(linalg.norm(hessian)) * float(np.linalg.norm(w))
        w = w - step
        gradient = objective.gradient(w)
        reached = float(np.linalg.norm(gradient))
        if not reached < size:
            break
        best, size = w, reached
        if size < 1e-14:
            break
    if not size <= max(GRADIENT, resolved) or not np.linalg.norm(best - start) <= most:
        raise NoMinimumError(f"the gradient's norm stays at {size:.2g}")
    least = float(linalg.eigvalsh(objective.hessian(best), subset_by_index=(0, 0))[0])
    if least <= 0:
        raise NoMinimumError("the Hessian is not positive")
    return Minimum(best, size, least)
