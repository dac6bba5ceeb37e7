r"""The flow of descent-ascent for many samples, followed in the few directions that it uses.

For an orthonormal V [d, k] the flow of the problem with features X·V is the flow of c in w = V·c with the gradient's part
within V. V begins with what the flow linearised at its start uses. Then, at points along the path, the part of the full
gradient outside of V, r, tells what is missing: to first order the error δ of the path obeys δ' = −H·δ − r. V takes that in
too, until the error is small beside the distance to the target. Each round costs two products of X with a few columns.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float
from scipy import linalg

from ascentcheck.empirics.dependence.streamed import COLUMN, Streamed
from ascentcheck.theory.linear.flow import Divergence, Nearest, Path, UnsettledError, follow
from ascentcheck.theory.linear.minimum import Minimum, NoMinimumError, polished

Vector = Float[np.ndarray, " d"]
Points = Float[np.ndarray, "k d"]

ERROR = 1e-4
"""Estimated error of the path, beside the distance to the target, at which it is taken."""
FIRST, THEN, MOST = 1e-6, 1e-5, 128
"""Directions are kept whose singular value is at least that of the largest times FIRST, or ERROR's times THEN; at most MOST."""
NEAREST = 1e-3
"""Distances below so many times the first are told no better than one of that size."""
LOOKS, ROUNDS = 48, 8
SHORTEST, LONGEST = 1e-3, 1e3
"""Times of the linearised flow, in units of one over the largest curvature and one over the ridge."""
FARTHEST = 10.0
"""Beyond so many times the first distance nothing is asked of the path but that it goes on: no figure is read there."""


def follow_reduced(
    problem: Streamed, beta: float, start: Vector, target: Vector, accuracy: float
) -> tuple[Path, float]:
    """Return the flow of descent-ascent from `start` and its estimated error beside the distance to `target`.

    As theory.linear.flow.follow, in weights and in the metric of the problem's Gram matrix. Raises UnsettledError where the
    error stays above ERROR, or where the end is not decided.
    """
    objective = problem.descent_ascent(beta)
    flat = _Linearised(objective.hessian(start))
    away = np.array([start, target, *flat.path(objective.gradient(start), problem.ridge, start)])
    basis = _basis(np.zeros((len(start), 0)), away, FIRST)
    error = np.inf
    for _ in range(ROUNDS):
        path = _within(problem, basis, beta, start, target, accuracy)
        index = np.unique(np.linspace(0, len(path.times) - 1, LOOKS).astype(int))
        times, places = path.times[index], path.weights[index]
        retain, forget = problem.gradients_at(places)
        missing = retain - beta * forget
        missing -= (missing @ basis) @ basis.T
        missed = flat.response(times, missing)
        distance = np.linalg.norm(places - target, axis=1)
        asked = distance <= FARTHEST * distance[0]
        least = np.maximum(np.minimum.accumulate(distance), max(NEAREST * distance[0], np.finfo(float).tiny))
        error = float(np.max(np.linalg.norm(missed, axis=1)[asked] / least[asked], initial=0.0))
        if error <= ERROR:
            return _ended(problem, beta, path, target), error
        scale = 1 / np.maximum(distance, distance[0])[:, None]
        basis = _basis(basis, np.vstack([missed * scale, _unit(missing)]), THEN)
    raise UnsettledError(f"the flow's directions are not found: its estimated error stays at {error:.1g}")


def _unit(rows: Points) -> Points:
    """The rows over the longest of them, so that they count beside errors of that size."""
    longest = float(np.linalg.norm(rows, axis=1).max(initial=0.0))
    return rows / longest * ERROR if longest > 0 else rows


def _basis(before: Float[np.ndarray, "d k"], rows: Points, least: float) -> Float[np.ndarray, "d m"]:
    """Return an orthonormal basis of what was there and of the leading directions of some rows."""
    rest = rows - (rows @ before) @ before.T
    _, size, directions = linalg.svd(rest, full_matrices=False)
    room = min(MOST, rows.shape[1]) - before.shape[1]
    new = directions[: min(room, int(np.sum(size > least * size[0])))]
    return np.asarray(linalg.qr(np.hstack([before, new.T]), mode="economic")[0])


def _within(
    problem: Streamed,
    basis: Float[np.ndarray, "d k"],
    beta: float,
    start: Vector,
    target: Vector,
    accuracy: float,
) -> Path:
    """Return the flow within a basis, its places as weights [d]."""
    features = np.empty((problem.n_total, basis.shape[1]))
    for place, rows in problem.blocks():
        np.dot(rows, basis, out=features[place])
    problem.passed(COLUMN * basis.size)
    small = Streamed(features, problem.signs, problem.forget, problem.loss, problem.ridge, problem.passed)
    gram = basis.T @ problem.gram() @ basis
    path = follow(small.descent_ascent(beta), start @ basis, target @ basis, accuracy, (gram,))
    end = path.end
    end = (
        replace(end, w=basis @ end.w)
        if isinstance(end, Minimum)
        else replace(end, direction=basis @ end.direction)
    )
    closest = tuple(replace(near, w=basis @ near.w) for near in path.closest)
    return Path(path.times, path.weights @ basis.T, closest, end)


def _ended(problem: Streamed, beta: float, path: Path, target: Vector) -> Path:
    """Return the path with its end as it is for all directions."""
    objective = problem.descent_ascent(beta)
    if isinstance(path.end, Divergence):
        last = path.weights[-1]
        moving = -objective.gradient(last)
        direction = moving / np.linalg.norm(moving)
        if float(direction @ objective.hessian_product(last, direction)) >= 0:
            raise UnsettledError("the flow within its directions diverges, and slows down outside of them")
        return replace(path, end=Divergence(path.end.time, direction))
    try:
        end = polished(objective, path.end.w)
    except NoMinimumError:
        raise UnsettledError(
            "the flow's end is a minimum only within the directions that were followed"
        ) from None
    at_end = [
        float(np.linalg.norm(end.w - target)),
        float(np.sqrt((end.w - target) @ problem.gram() @ (end.w - target))),
    ]
    closest = tuple(
        near if near.distance <= last and np.isfinite(near.time) else Nearest(np.inf, end.w, last)
        for near, last in zip(path.closest, at_end, strict=True)
    )
    return replace(path, end=end, closest=closest)


class _Linearised:
    """The flow w' = −g − H·(w − w₀) with a fixed symmetric H [d, d]."""

    def __init__(self, hessian: Float[np.ndarray, "d d"]) -> None:
        self.rates, self.axes = linalg.eigh(hessian)

    def path(self, gradient: Vector, ridge: float, start: Vector) -> Points:
        """Return places from the start to its end, or to where a growing part is large; times are spaced geometrically."""
        times = np.geomspace(SHORTEST / max(self.rates[-1], ridge), LONGEST / ridge, 2 * LOOKS)
        exponents = np.minimum(-np.outer(times, self.rates), 30.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            grown = np.where(self.rates == 0, times[:, None], -np.expm1(exponents) / self.rates)
        moved = -(grown * (gradient @ self.axes)) @ self.axes.T
        size = np.linalg.norm(moved, axis=1)
        moved = moved[size <= 100 * max(1.0, float(np.linalg.norm(start)))]
        return np.asarray(start + moved)

    def response(self, times: Float[np.ndarray, " k"], pull: Points) -> Points:
        """Return δ at the times, where δ' = −H·δ − r with r straight between its values `pull`, δ = 0 at first.

        What grows by H is taken as standing: H is the start's, and growth there need not last.
        """
        rates = np.maximum(self.rates, 0.0)
        r, found = pull @ self.axes, np.zeros_like(pull)
        for j, h in enumerate(np.diff(times)):
            z = rates * h
            small = z < 1e-4
            safe = np.where(small, 1.0, z)
            one = np.where(small, 1 - z / 2, -np.expm1(-z) / safe)
            two = np.where(small, 0.5 - z / 6, (1 - one) / safe)
            found[j + 1] = np.exp(-z) * found[j] - h * (one * r[j] + two * (r[j + 1] - r[j]))
        return np.asarray(found @ self.axes.T)
