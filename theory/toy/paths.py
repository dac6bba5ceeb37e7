r"""Ways through the plane of the toy: gradient flow, descent and ascent in turns, and the line between two basins.

Everything here is a float computation, so what it shows is SIMULATED; where a flow ends is proved in `trapping`.
Points are arrays [..., 2] of (a, b).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from flint import fmpq
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from ascentcheck.theory.toy.problem import COUNTS, MOST_FORGOTTEN, PLACES, Reading, Toy, toy

Array = NDArray[np.float64]
Field = Callable[[Array], Array]
LONGEST = 4000.0
"""Time after which a flow is cut off, in units of 1/(rate of loss); at a ridge of 0.1 it has come to rest long before."""
TOLERANCE = 1e-9
AT_REST = 1e-9
LARGE = 40.0
"""Beyond this distance from the origin a backward flow is stopped."""

_FEATURES = np.array([[x, x * x] for x in PLACES], dtype=float)


def loss(problem: Toy, at: Array) -> Array:
    """Return L at points [..., 2], shape [...]: the float form of `Toy.loss`."""
    _, output, _ = _outputs(problem, at)
    parts = _coefficients(problem) * (output - np.array(problem.targets)) ** 2
    return np.asarray(parts.sum(-1) + _number(problem.ridge) / 2 * (at**2).sum(-1))


def gradient(problem: Toy, at: Array) -> Array:
    """Return ∇L at points [..., 2], same shape: the float form of `Toy.gradient`."""
    _, output, rise = _outputs(problem, at)
    slopes = 2 * _coefficients(problem) * (output - np.array(problem.targets)) * rise
    return np.asarray(slopes @ _FEATURES + _number(problem.ridge) * at)


def flow(problem: Toy, start: Array, until: float = LONGEST) -> Array:
    """Return gradient flow θ' = −∇L from a point [2] as points along its way [n, 2], up to rest or `until`."""

    def slowed(_: float, at: Array) -> float:
        return float(np.linalg.norm(gradient(problem, at))) - AT_REST

    slowed.terminal = True  # type: ignore[attr-defined]
    return _integrated(lambda at: -gradient(problem, at), start, until, slowed)


def in_turns(reading: Reading, ridge: fmpq, forgotten: int, start: Array, rate: float, steps: int) -> Array:
    """Return the alternating iteration: a descent step on R, then an ascent step on F, each with weight decay.

    Points [steps + 1, 2]. Both sides are divided by the same N, that of R. Raises ValueError as `toy` does.
    """
    retained = toy("retrained", reading, ridge, forgotten)
    kept = MOST_FORGOTTEN - forgotten
    divisor = len(PLACES) if reading.normaliser == "points" else sum(COUNTS) - forgotten
    unit = fmpq(1, 2 * divisor) if reading.half else fmpq(1, divisor)
    assert retained.coefficients[3] == kept * unit
    ascended = replace(retained, coefficients=(fmpq(0), fmpq(0), fmpq(0), -forgotten * unit))

    def both(at: Array) -> Array:
        half = at - rate * gradient(retained, at)
        return half - rate * gradient(ascended, half)

    return _iterated(both, start, steps)


def separatrix(problem: Toy, saddle: Array) -> Array:
    """Return the line between the basins of two minima: the two flows that end at the saddle [2], as points [n, 2].

    Raises ValueError where the Hessian at the point is not indefinite.
    """
    values, vectors = np.linalg.eigh(hessian(problem, saddle))
    if not values[0] < 0 < values[1]:
        raise ValueError("the point is not a saddle")

    def far(_: float, at: Array) -> float:
        return float(np.linalg.norm(at)) - LARGE

    far.terminal = True  # type: ignore[attr-defined]
    arms = [
        _integrated(lambda at: gradient(problem, at), saddle + sign * 1e-4 * vectors[:, 1], LONGEST, far)
        for sign in (-1, 1)
    ]
    return np.concatenate([arms[0][::-1], saddle[None], arms[1]])


def hessian(problem: Toy, at: Array, step: float = 1e-5) -> Array:
    """Return the Hessian at a point [2] by central differences of the gradient, [2, 2], symmetric."""
    rows = [
        (gradient(problem, at + step * unit) - gradient(problem, at - step * unit)) / (2 * step)
        for unit in np.eye(2)
    ]
    return (np.array(rows) + np.array(rows).T) / 2


def nearest(points: Array, at: Array) -> int:
    """Return which of `points` [n, 2] is nearest to a point [2]."""
    return int(np.linalg.norm(points - at, axis=-1).argmin())


def crossing(problem: Toy, minima: Array, path: Array) -> int | None:
    """Return the first index of a path [n, 2] from which the flow of `problem` ends at another minimum than from its start.

    None where it ends at the same one from the end of the path; a path that crosses, returns and crosses again is not told
    apart from one that crosses once.
    """

    def end(index: int) -> int:
        return nearest(minima, flow(problem, path[index])[-1])

    low, high = 0, len(path) - 1
    home = end(low)
    if end(high) == home:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if end(middle) == home else (low, middle)
    return high


def _iterated(step: Field, start: Array, steps: int) -> Array:
    way = np.empty((steps + 1, 2))
    way[0] = start
    for k in range(steps):
        way[k + 1] = step(way[k])
    return way


def _integrated(field: Field, start: Array, until: float, event: Callable[[float, Array], float]) -> Array:
    solved = solve_ivp(
        lambda _, at: field(at),
        (0, until),
        start,
        method="LSODA",
        rtol=TOLERANCE,
        atol=TOLERANCE,
        events=event,
    )
    return np.asarray(solved.y.T)


def _number(value: fmpq) -> float:
    return int(value.p) / int(value.q)


def _coefficients(problem: Toy) -> Array:
    return np.array([_number(c) for c in problem.coefficients])


def _outputs(problem: Toy, at: Array) -> tuple[Array, Array, Array]:
    """Return σ, the output and its derivative with respect to z, each [..., 4]."""
    z = np.asarray(at) @ _FEATURES.T
    argument, pace = (1 + z + math.log(2), 1.0) if problem.whole else ((1 + z) / 2, 0.5)
    unit = 1 / (1 + np.exp(-np.clip(argument, -700, 700)))
    rise = pace * unit * (1 - unit)
    return (unit, 2 * unit - 1, 2 * rise) if problem.symmetric else (unit, unit, rise)
