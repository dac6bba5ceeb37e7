"""Stationary points of descent-ascent in a linear model: the only one where a bound proves it, else those that a search finds.

With ℓ'' ≤ c the Hessian of mean_R ℓ − β·mean_F ℓ + λ/2·‖w‖² is at least λ − β·c·‖X_FᵀX_F/|F|‖ in every direction, at every w.
Where that is positive the objective is strongly convex, and has one stationary point, its minimum. The logistic loss has c = ¼,
the exponential loss has none. Elsewhere a root of the gradient is looked for from many starts, which proves no number of points.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import linalg, optimize

from ascentcheck.theory.linear.losses import LOGISTIC
from ascentcheck.theory.linear.minimum import GRADIENT, RESOLUTION
from ascentcheck.theory.linear.problem import LinearProblem, Objective

Vector = Float[np.ndarray, " d"]

STARTS = 12
"""Random starts at each scale."""
SCALES = (0.3, 1.0, 3.0, 10.0, 100.0)
"""Lengths of the random starts, beside that of the pretrained solution."""
ALIKE = 1e-6
"""Points nearer to each other than this, beside their length, are one."""
FLAT = 1e-9
"""Where the Hessian has an eigenvalue that is smaller, beside the largest, float64 tells neither a root nor its index."""
POLISH = 40


@dataclass(frozen=True, eq=False)
class Stationary:
    """A point with a vanishing gradient, and its Morse `index`: how many of the Hessian's eigenvalues are negative there."""

    w: Vector
    index: int


def least_curvature(problem: LinearProblem, beta: float) -> float:
    """Return what the curvature of descent-ascent is at least, everywhere: −inf where the loss bounds no curvature."""
    if problem.loss is not LOGISTIC:
        return -math.inf
    forget = problem.features[problem.forget].astype(float)
    largest = float(linalg.norm(forget, 2)) ** 2 / problem.n_forget
    return problem.ridge - beta * largest / 4


def found(
    problem: LinearProblem,
    beta: float,
    near: tuple[Vector, ...],
    draw: np.random.Generator,
    starts: int = STARTS,
) -> list[Stationary]:
    """Return the stationary points that a search finds, from 0, from each of `near` and from random starts, by index.

    A point where the Hessian is singular as far as float64 tells is left out.
    """
    objective = problem.descent_ascent(beta)
    points: list[Stationary] = []
    for start in _starts(near, draw, starts):
        point = root(objective, start)
        if point is not None and not any(_alike(point.w, other.w) for other in points):
            points.append(point)
    return sorted(points, key=lambda p: (p.index, float(np.linalg.norm(p.w))))


def _alike(w: Vector, other: Vector) -> bool:
    return float(np.linalg.norm(w - other)) <= ALIKE * max(1.0, float(np.linalg.norm(w)))


def _starts(near: tuple[Vector, ...], draw: np.random.Generator, starts: int) -> Iterator[Vector]:
    yield np.zeros_like(near[0])
    yield from near
    length = float(np.linalg.norm(near[0]))
    for scale in SCALES:
        for _ in range(starts):
            away = draw.normal(size=len(near[0]))
            yield away * (scale * length / float(np.linalg.norm(away)))


def root(objective: Objective, start: Vector) -> Stationary | None:
    """Return the root of the gradient that Powell's hybrid method reaches, finished by Newton's; None where it reaches none."""
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            w = optimize.root(objective.gradient, start, jac=objective.hessian, method="hybr").x
            return _finished(objective, w)
        except (ValueError, np.linalg.LinAlgError):  # at a matrix that is no longer finite, or singular
            return None


def _finished(objective: Objective, w: Vector) -> Stationary | None:
    size = float(np.linalg.norm(objective.gradient(w)))
    for _ in range(POLISH):
        step = np.linalg.solve(objective.hessian(w), objective.gradient(w))
        reached = float(np.linalg.norm(objective.gradient(w - step)))
        if not reached < size:
            break
        w, size = w - step, reached
    hessian = objective.hessian(w)
    curvatures = linalg.eigvalsh(hessian)
    largest = float(np.max(np.abs(curvatures)))
    if size > max(GRADIENT, RESOLUTION * largest * float(np.linalg.norm(w))):
        return None
    if float(np.min(np.abs(curvatures))) <= FLAT * largest:
        return None
    return Stationary(w, int(np.sum(curvatures < 0)))
