"""What descent-ascent will do to a linear head on features: solved exactly, step by step, before anything is unlearned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from ascentcheck.empirics.dependence import text
from ascentcheck.empirics.dependence.advice import Advice, advise
from ascentcheck.empirics.dependence.inputs import array_of, checked
from ascentcheck.empirics.dependence.large import LARGE, streamed
from ascentcheck.empirics.dependence.predictors import Predictors, neighbours_among, predictors
from ascentcheck.empirics.dependence.reduced import follow_reduced
from ascentcheck.empirics.dependence.streamed import Streamed
from ascentcheck.empirics.progress import Show
from ascentcheck.theory.console import UserError
from ascentcheck.theory.linear.first_step import end_to_first_order, first_step, nearest_on_line
from ascentcheck.theory.linear.flow import Path, UnsettledError, follow
from ascentcheck.theory.linear.minimum import Minimum, NoMinimumError, minimum
from ascentcheck.theory.linear.problem import LinearProblem, distances

ACCURACY, COARSE = 1e-7, 1e-5
"""Relative tolerance of the flow, and that for many samples; the minima are solved to a gradient of 1e-10."""


@dataclass(frozen=True)
class Distances:
    """Distances to the retrained solution: doing nothing, the best stop on the flow, and its end (None: it diverges)."""

    do_nothing: float
    best_stop: float
    end: float | None


@dataclass(frozen=True)
class FirstLine:
    """What the theorem overshoot says of a short path: the best stop on the line of the first step, in weights."""

    time: float
    best_stop: float


@dataclass(frozen=True)
class Followed:
    """What descent-ascent with one weight β does.

    `first_step` is "toward" or "away" by the theorem first-step; `first_step_margin` is d/dt ½‖w − w^R‖² there, > 0 away.
    `best_stop_time` is that of the best stop in weights, `best_stop_time_margins` in margins; None: the end is the best.
    `first_line` is what can be said without following the flow, and `end_to_first_order` how far away in weights the end is to
    first order in β and |F|/|R| (theorem overshoot): right for small ones, so hardly for β = 1. `times`, `apart` and
    `apart_margins` [k] are the flow as it was followed: the distances in weights and in margins. `path_error` is the estimated
    error of the path beside the distance, where it was followed in the directions that it uses alone; None: in all of them.
    """

    beta: float
    first_step: str
    first_step_margin: float
    end: str
    best_stop_time: float | None
    best_stop_time_margins: float | None
    weights: Distances
    margins: Distances
    first_line: FirstLine
    end_to_first_order: float
    path_error: float | None
    times: Float[np.ndarray, " k"]
    apart: Float[np.ndarray, " k"]
    apart_margins: Float[np.ndarray, " k"]


@dataclass(frozen=True, repr=False, eq=False)
class Diagnosis:
    """The courses for β = 1 and β = |F|/|R|, the predictors, and advice with its evidence.

    `neighbours_among` are the numbers of samples of F and of R, drawn at random where there are more, among which neighbours
    were looked for; everything else is of all samples.
    """

    n_retain: int
    n_forget: int
    n_features: int
    loss: str
    ridge: float
    objectives: tuple[Followed, ...]
    dependence: Predictors
    neighbours_among: tuple[int, int]
    advice: tuple[Advice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON, without the path of the flow; a number that is not defined is None."""
        courses = [
            {key: value for key, value in asdict(c).items() if key not in ("times", "apart", "apart_margins")}
            for c in self.objectives
        ]
        found = asdict(self) | {"objectives": courses}
        return {key: _plain(value) for key, value in found.items()}

    def __repr__(self) -> str:
        return "\n".join(text.page(self))

    def _repr_html_(self) -> str:
        return text.html(self)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def diagnose(
    features: Any,
    labels: Any,
    forget: Any,
    ridge: float = 1e-2,
    loss: str = "logistic",
    show: Show | None = None,
) -> Diagnosis:
    """Solve a linear head with and without F, and follow descent-ascent from the one as seen from the other.

    `features` [n, d], an array or a tensor of float16 to float64 (or integers), are used as given: no intercept and no scaling
    is added. `labels` [n] have two different values, of which the greater one is y = +1. `forget` are indices of the forget
    samples, or a mask [n] of booleans or of 0 and 1. The loss, "logistic" or "exponential", is the mean over samples of
    ℓ(y⟨w, x⟩), plus λ/2·‖w‖² with λ = `ridge` > 0.

    Up to 10⁷ entries the features are held in float64 as well. More are turned to float64 a block at a time, and the flow is
    followed in the directions that it uses, with an estimate of the error. `show` is told how far it is.

    Raises UserError for input that cannot be used, and where a solver does not reach its accuracy.
    """
    x = array_of(features, "features")
    return solve(checked(x, labels, forget, ridge, loss), x.shape[1], show)


def solve(problem: LinearProblem, n_features: int, show: Show | None = None) -> Diagnosis:
    """As `diagnose`, for a problem whose features were `n_features` before they were put in coordinates."""
    if problem.features.size > LARGE:
        problem = streamed(problem, show or (lambda what, share: None))
    try:
        start = minimum(problem.pretrained()).w
        oracle = minimum(problem.retrained(), start).w
        courses = tuple(
            _course(problem, beta, start, oracle) for beta in (1.0, problem.n_forget / problem.n_retain)
        )
    except (NoMinimumError, UnsettledError) as error:
        raise UserError(
            f"{error}; scale the features to a length of about 1, or take a larger --ridge than {problem.ridge:g}"
        ) from None
    found = predictors(problem, start, oracle)
    return Diagnosis(
        problem.n_retain,
        problem.n_forget,
        n_features,
        problem.loss.name,
        problem.ridge,
        courses,
        found,
        neighbours_among(problem),
        advise(problem, courses),
    )


def _course(problem: LinearProblem, beta: float, start: np.ndarray, oracle: np.ndarray) -> Followed:
    step = first_step(problem, beta, start, oracle)
    gram = problem.gram()
    path, error = _followed(problem, beta, start, oracle)
    weights, margins = path.closest
    nothing = distances(problem, start, oracle)
    end: tuple[float | None, float | None] = (None, None)
    if isinstance(path.end, Minimum):
        end = distances(problem, path.end.w, oracle)
    line = nearest_on_line(problem, beta, start, oracle)
    apart = path.weights - oracle
    return Followed(
        beta=beta,
        first_step="away" if step.speed > 0 else "toward",
        first_step_margin=step.speed,
        end="minimum" if isinstance(path.end, Minimum) else "diverges",
        best_stop_time=weights.time if math.isfinite(weights.time) else None,
        best_stop_time_margins=margins.time if math.isfinite(margins.time) else None,
        weights=Distances(nothing[0], weights.distance, end[0]),
        margins=Distances(nothing[1], margins.distance, end[1]),
        first_line=FirstLine(line.time, line.distance),
        end_to_first_order=float(np.linalg.norm(end_to_first_order(problem, beta, start, oracle) - oracle)),
        path_error=error,
        times=path.times,
        apart=np.linalg.norm(apart, axis=1),
        apart_margins=np.sqrt(np.maximum(np.einsum("kd,de,ke->k", apart, gram, apart), 0)),
    )


def _followed(
    problem: LinearProblem, beta: float, start: np.ndarray, oracle: np.ndarray
) -> tuple[Path, float | None]:
    """Return the flow, and its estimated error where it was followed in some directions alone."""
    if not isinstance(problem, Streamed):
        return follow(problem.descent_ascent(beta), start, oracle, ACCURACY, (problem.gram(),)), None
    try:
        return follow_reduced(problem, beta, start, oracle, COARSE)
    except UnsettledError:
        return follow(problem.descent_ascent(beta), start, oracle, COARSE, (problem.gram(),)), None
