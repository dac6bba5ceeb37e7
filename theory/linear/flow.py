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
UNRESOLVED = 1e-10
RETRY = 16
LONGEST = 1e12
"""In units of 1/λ: what moves on after that is rounding."""
SETTLED = 1e-4
ROUNDING = 1e-10


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
    """A flow as it was followed: times [k], weights [k, d], its end, and the place nearest to the target in each metric.

    The first metric is ‖w − w'‖, the others are those that were asked for, in order.
    """

    times: Float[np.ndarray, " k"]
    weights: Float[np.ndarray, "k d"]
    closest: tuple[Nearest, ...]
    end: Minimum | Divergence

    @property
    def nearest(self) -> Nearest:
        """The place nearest to the target in weights."""
        return self.closest[0]


class UnsettledError(ArithmeticError):
    """The flow neither settled nor diverged within the steps that were allowed."""


class _Approach:
    """The least distance to a target so far, in the metric of a matrix G: ‖v‖² = vᵀGv (None: the identity)."""

    def __init__(self, target: Vector, gram: Float[np.ndarray, "d d"] | None, start: Vector) -> None:
        self.target, self.gram, self.before = target, gram, -np.inf
        self.nearest = Nearest(0.0, start, self.distance(start))

    def _turned(self, v: Vector) -> Vector:
        return v if self.gram is None else np.asarray(self.gram @ v)

    def distance(self, w: Vector) -> float:
        v = w - self.target
        return float(np.sqrt(max(0.0, float(v @ self._turned(v)))))

    def speed(self, w: Vector, velocity: Vector) -> float:
        """Return d/dt of half the squared distance."""
        return float(self._turned(w - self.target) @ velocity)

    def offer(self, time: float, w: Vector) -> None:
        distance = self.distance(w)
        if distance < self.nearest.distance:
            self.nearest = Nearest(time, w, distance)

    def step(self, solver: integrate.BDF, clock: float, w: Vector, velocity: Vector) -> None:
        """Go on to w, a step of the solver, whose own time began at `clock`; on the way the distance may have been least."""
        after = self.speed(w, velocity)
        if self.before < 0 <= after:
            dense = solver.dense_output()
            found = optimize.minimize_scalar(
                lambda t: self.distance(dense(t)),
                bounds=(solver.t_old, solver.t),
                method="bounded",
                options={"xatol": 1e-10 * (solver.t - solver.t_old)},
            )
            self.offer(clock + float(found.x), dense(found.x))
        self.before = after


def follow(
    objective: Objective,
    start: Vector,
    target: Vector,
    accuracy: float = 1e-9,
    grams: tuple[Float[np.ndarray, "d d"], ...] = (),
) -> Path:
    """Follow the gradient flow from `start` to its end; `accuracy` is the solver's relative tolerance.

    The place nearest to `target` is found in weights and in the metric of each of `grams`. Raises UnsettledError where the
    end is not decided within MOST_STEPS steps.
    """

    def velocity(_: float, w: Vector) -> Vector:
        return -objective.gradient(w)

    def jacobian(_: float, w: Vector) -> Float[np.ndarray, "d d"]:
        return -objective.hessian(w)

    start = np.asarray(start, dtype=float)
    times, weights = [0.0], [start]
    scale = min(1.0, float(np.linalg.norm(start - target)) or 1.0)

    def solver_from(w: Vector) -> integrate.BDF:
        return integrate.BDF(
            velocity, 0.0, w, np.inf, rtol=accuracy, atol=accuracy * scale / 100, jac=jacobian
        )

    # The flow does not depend on time: the clock starts again where its steps are no longer resolved beside the time.
    solver, clock = solver_from(start), 0.0
    approaches = [_Approach(target, gram, start) for gram in (None, *grams)]
    moving, tried = velocity(0.0, start), np.inf
    for approach in approaches:
        approach.before = approach.speed(start, moving)
    for _ in range(MOST_STEPS):
        with np.errstate(over="ignore", invalid="ignore"):
            solver.step()
        time, w = clock + float(solver.t), solver.y.copy()
        if time * objective.problem.ridge > LONGEST:
            break
        times.append(time)
        weights.append(w)
        moving = velocity(time, w)
        for approach in approaches:
            approach.step(solver, clock, w, moving)
        if solver.status == "failed" or solver.step_size < UNRESOLVED * solver.t:
            if solver.t == 0:
                break
            solver, clock = solver_from(w), time
        speed = float(np.linalg.norm(moving))
        if objective.problem.loss.at_most_linear and speed > tried / 2 and len(times) % RETRY:
            continue  # it has hardly slowed down since it was last looked at, and it cannot diverge
        tried = speed
        end = _end(objective, w, time, -moving, SETTLED * scale)
        if end is not None:
            if isinstance(end, Minimum):
                for approach in approaches:
                    approach.offer(np.inf, end.w)
            return Path(np.array(times), np.array(weights), tuple(a.nearest for a in approaches), end)
    raise UnsettledError(f"the flow has neither settled nor diverged at time {times[-1]:.3g}")


def _end(
    objective: Objective, w: Vector, time: float, gradient: Vector, near: float
) -> Minimum | Divergence | None:
    """Return the end if it is decided: a minimum that is certainly within `near`, or divergence."""
    size = float(np.linalg.norm(gradient))
    near = max(near, ROUNDING * float(np.linalg.norm(w)))
    if size > 0:
        direction = -gradient / size
        bent = float(direction @ objective.hessian_product(w, direction))
        if bent < 0 and not objective.problem.loss.at_most_linear and objective.value(w) < -FALLEN:
            return Divergence(time, direction)
        if size > near * bent:  # the least eigenvalue is at most this curvature
            return None
    least = float(linalg.eigvalsh(objective.hessian(w), subset_by_index=(0, 0))[0])
    if least <= 0 or size > near * least:
        return None
    try:
        # A minimum of curvature μ has its gradient grow like μ times the distance; twice that is allowed.
        return polished(objective, w, most=2 * size / least + 1e-9)
    except NoMinimumError:
        return None
