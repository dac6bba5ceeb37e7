r"""Gradient flow w' = −∇L(w): its path, the place on it that is nearest to a target, and where it ends.

A bounded path of an analytic gradient flow converges (Łojasiewicz), so the flow either settles or leaves every bound.
Settled: the Hessian is positive and Newton's method leads to a minimum that is closer than the convexity there allows.
Diverged: the objective has fallen below −FALLEN, where it was at most 1 at w = 0, and is speeding up: the curvature along the
motion is negative. That is decided in float64 and proves nothing; the first is impossible where losses grow at most linearly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import integrate, linalg, optimize

from ascentcheck.theory.linear.minimum import Minimum, NoMinimumError, polished
from ascentcheck.theory.linear.problem import Objective

Vector = Float[np.ndarray, " d"]

FALLEN = 1e6
MOST_STEPS = 20_000
SETTLED = 1e-4


@dataclass(frozen=True)
class Divergence:
    """The flow leaves every bound: when it was last seen, and the unit direction in which it was leaving."""

    time: float
    direction: Vector


@dataclass(frozen=True)
class Nearest:
    """The place of least distance to the target: when, where, and how far. `time` is inf at the end of the flow."""

    time: float
    w: Vector
    distance: float


@dataclass(frozen=True)
class Path:
    """A flow as it was followed: times [k], weights [k, d], the place nearest to the target, and the end."""

    times: Float[np.ndarray, " k"]
    weights: Float[np.ndarray, "k d"]
    nearest: Nearest
    end: Minimum | Divergence


class UnsettledError(ArithmeticError):
    """The flow neither settled nor diverged within the steps that were allowed."""


def follow(objective: Objective, start: Vector, target: Vector, accuracy: float = 1e-9) -> Path:
    """Follow the gradient flow from `start` to its end; `accuracy` is the solver's relative tolerance.

    Raises UnsettledError where the end is not decided within MOST_STEPS steps.
    """

    def velocity(_: float, w: Vector) -> Vector:
        return -objective.gradient(w)

    def jacobian(_: float, w: Vector) -> Float[np.ndarray, "d d"]:
        return -objective.hessian(w)

    start = np.asarray(start, dtype=float)
    times, weights = [0.0], [start]
    nearest = Nearest(0.0, start, float(np.linalg.norm(start - target)))
    solver = integrate.BDF(velocity, 0.0, start, np.inf, rtol=accuracy, atol=accuracy * 1e-2, jac=jacobian)

    def approach(time: float, w: Vector) -> float:
        """Return d/dt ½‖w − target‖²."""
        return float((w - target) @ velocity(time, w))

    before = approach(0.0, start)
    for _ in range(MOST_STEPS):
        with np.errstate(over="ignore", invalid="ignore"):
            solver.step()
        times.append(float(solver.t))
        weights.append(solver.y.copy())
        after = approach(solver.t, solver.y)
        if before < 0 <= after:
            dense = solver.dense_output()
            at = optimize.brentq(lambda t, dense=dense: approach(t, dense(t)), solver.t_old, solver.t)
            place = dense(at)
            distance = float(np.linalg.norm(place - target))
            if distance < nearest.distance:
                nearest = Nearest(float(at), place, distance)
        before = after
        end = _end(objective, solver.y, float(solver.t))
        if end is not None:
            if isinstance(end, Minimum):
                distance = float(np.linalg.norm(end.w - target))
                if distance < nearest.distance:
                    nearest = Nearest(np.inf, end.w, distance)
            return Path(np.array(times), np.array(weights), nearest, end)
        if solver.status == "failed":
            break
    raise UnsettledError(f"the flow has neither settled nor diverged at time {times[-1]:.3g}")


def _end(objective: Objective, w: Vector, time: float) -> Minimum | Divergence | None:
    gradient = objective.gradient(w)
    size = float(np.linalg.norm(gradient))
    if not objective.problem.loss.at_most_linear and objective.weight_forget < 0:
        direction = -gradient / size
        bent = float(direction @ objective.hessian_product(w, direction))
        if objective.value(w) < -FALLEN and bent < 0:
            return Divergence(time, direction)
    if size > SETTLED * objective.problem.ridge * (1 + float(np.linalg.norm(w))):
        return None
    least = float(linalg.eigvalsh(objective.hessian(w), subset_by_index=(0, 0))[0])
    if least <= 0 or size > SETTLED * least * (1 + float(np.linalg.norm(w))):
        return None
    try:
        # A minimum of curvature μ has its gradient grow like μ times the distance; twice that is allowed.
        return polished(objective, w, most=2 * size / least + 1e-9)
    except NoMinimumError:
        return None
