"""What the correlated pair of section 5.1.2 predicts for a dose: the same α, ε, |F|, |R|, loss and ridge, and nothing else.

Each forgotten point has directions of its own, as in the paper: with c near-copies it is a pair of c retained samples (1, ε)
and one forgotten sample (ε, 1), so that α = 1/c; without copies it stands alone on its coordinate. The paper's ε is the one
at which the two vectors have the dose's correlation, 2ε/(1 + ε²). All pairs of a kind are alike, so that one of each is solved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ascentcheck.empirics.dependence.doses import Dose
from ascentcheck.empirics.dependence.predictors import pair_epsilon
from ascentcheck.empirics.dependence.ratio import log_ratio
from ascentcheck.theory.linear.flow import follow
from ascentcheck.theory.linear.losses import LOSSES
from ascentcheck.theory.linear.minimum import Minimum, minimum
from ascentcheck.theory.linear.problem import LinearProblem, Objective

ACCURACY = 1e-8


@dataclass(frozen=True)
class Predicted:
    """Logarithms, in margins over the samples of the pairs: of doing nothing's distance, of the ratios nearest and at the end."""

    nothing: float
    nearest: float
    end: float


def predicted(dose: Dose, n_retain: int, n_forget: int, loss: str, ridge: float, beta: str) -> Predicted:
    """Return what the pair does at a dose. Raises ArithmeticError where its flow is not settled."""
    problem = _pairs(dose, loss, ridge)
    retain, forget = int((~problem.forget).sum()) - 1, problem.n_forget
    pairs = n_forget / forget
    weight = 1.0 if beta == "one" else n_forget / n_retain

    def objective(each_retain: float, each_forget: float) -> Objective:
        """Weights for each sample; `LinearProblem` shares a weight among the samples of a kind."""
        return Objective(problem, each_retain * (retain + 1), each_forget * forget)

    n_total = n_retain + n_forget
    start = minimum(objective(1 / n_total, 1 / n_total)).w
    oracle = minimum(objective(1 / n_retain, 0.0)).w
    x = problem.features
    gram = x.T @ x / len(x)
    path = follow(objective(1 / n_retain, -weight / n_forget), start, oracle, ACCURACY, (gram,))
    nothing = _length(start - oracle, gram)
    end = _length(path.end.w - oracle, gram) if isinstance(path.end, Minimum) else math.inf
    return Predicted(
        math.log(nothing * math.sqrt(pairs)),
        log_ratio(path.closest[1].distance, nothing),
        log_ratio(end, nothing),
    )


def _length(v: np.ndarray, gram: np.ndarray) -> float:
    return math.sqrt(max(float(v @ gram @ v), 0.0))


def _pairs(dose: Dose, loss: str, ridge: float) -> LinearProblem:
    """Return a pair with copies, beside it for half a copy a point that stands alone, and one retained sample of length 0.

    The last pulls on nothing: a problem needs a retained sample.
    """
    epsilon = pair_epsilon(dose.correlation)
    copies = math.ceil(dose.per_point)
    rows = [(1.0, epsilon, 0.0)] * copies + [(epsilon, 1.0, 0.0)]
    forget = [False] * copies + [True]
    if dose.per_point == 0.5:
        rows.append((0.0, 0.0, 1.0))
        forget.append(True)
    rows.append((0.0, 0.0, 0.0))
    forget.append(False)
    x = np.array(rows)
    return LinearProblem(x, np.ones(len(x)), np.array(forget), LOSSES[loss], ridge)
