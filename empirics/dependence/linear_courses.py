"""What descent-ascent does in a linear model, as ratios to doing nothing: at times fixed in advance, nearest, and at the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicHermiteSpline

from ascentcheck.empirics.dependence.ratio import log_ratio
from ascentcheck.theory.linear.first_step import nearest_on_line
from ascentcheck.theory.linear.flow import Path, follow
from ascentcheck.theory.linear.minimum import Minimum, minimum
from ascentcheck.theory.linear.problem import LinearProblem, Objective, distances

Vector = Float[np.ndarray, " d"]

ACCURACY = 1e-5
BETAS = ("one", "samples")
"""β = 1 and β = |F|/|R|."""
TIMES = {"one": (0.1, 1.0, 10.0, 100.0), "samples": (1.0, 10.0, 100.0, 1000.0)}
"""Learning rate times steps, fixed in advance: from next to nothing to beyond the nearest place."""


@dataclass(frozen=True)
class Course:
    """One course: `log_ratios` by the name of the place, in margins, and the two that theory speaks of, in weights.

    Places are `t=TIME`, `nearest` and `end`; `line` is the best stop on the line of the first step. `nothing` is the distance
    of doing nothing in margins.
    """

    beta: str
    nothing: float
    log_ratios: dict[str, float]
    nearest_in_weights: float
    line_in_weights: float


def solved(problem: LinearProblem) -> tuple[Vector, Vector]:
    """Return the pretrained and the retrained solution."""
    start = minimum(problem.pretrained()).w
    return start, minimum(problem.retrained(), start).w


def course(problem: LinearProblem, beta: str, start: Vector, oracle: Vector) -> Course:
    """Return the course of descent-ascent from the pretrained solution, as seen from the retrained one."""
    weight = 1.0 if beta == "one" else problem.n_forget / problem.n_retain
    objective = problem.descent_ascent(weight)
    path = follow(objective, start, oracle, ACCURACY, (problem.gram(),))
    in_weights, nothing = distances(problem, start, oracle)
    line = nearest_on_line(problem, weight, start, oracle).distance

    def ratio(w: Vector | None) -> float:
        return log_ratio(math.inf if w is None else distances(problem, w, oracle)[1], nothing)

    found = {f"t={time:g}": ratio(at(path, objective, time)) for time in TIMES[beta]}
    end = path.end.w if isinstance(path.end, Minimum) else None
    found |= {"nearest": log_ratio(path.closest[1].distance, nothing), "end": ratio(end)}
    return Course(
        beta,
        nothing,
        found,
        log_ratio(path.closest[0].distance, in_weights),
        log_ratio(line, in_weights),
    )


def at(path: Path, objective: Objective, time: float) -> Vector | None:
    """Return the place of a flow at a time, None where it has diverged before; cubic between the solver's steps."""
    if time >= path.times[-1]:
        return path.end.w if isinstance(path.end, Minimum) else None
    after = int(np.searchsorted(path.times, time, side="right"))
    both = slice(after - 1, after + 1)
    speeds = [-objective.gradient(w) for w in path.weights[both]]
    return np.asarray(CubicHermiteSpline(path.times[both], path.weights[both], speeds)(time))
