"""What a diagnosis of many samples takes: how long about, how much memory, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ascentcheck.empirics.dependence.streamed import COLUMN, FOR_MATRICES, LOSS, SQUARE, Streamed
from ascentcheck.empirics.progress import Show
from ascentcheck.theory.linear.problem import LinearProblem

LARGE = 10**7
"""Entries of the features up to which they are held in float64 and every flow is followed in all directions."""
SAMPLE = 1 << 22
"""Entries with which a gradient is timed."""
MATRICES, GRADIENTS, ROUNDS, DIRECTIONS, LOOKS = 20, 35, 4, 25, 48
"""What diagnoses took: matrices [d, d], gradients, rounds of both flows together, directions in each, and looks at a path."""
STEPS = {"logistic": 1400, "exponential": 3200}
"""Gradients within the directions, all rounds together."""


@dataclass(frozen=True)
class Expected:
    """About how long a diagnosis takes on this machine as busy as it is now, and its memory at the peak."""

    seconds: float
    bytes: int


def expected(problem: LinearProblem) -> Expected | None:
    """Return what a diagnosis is expected to take, from the time of one gradient; None for one that takes seconds."""
    features = problem.features
    if features.size <= LARGE:
        return None
    n, d = features.shape
    rows = slice(0, max(1, SAMPLE // d))
    forget = problem.forget[rows].copy()
    forget[0], forget[-1] = True, False
    part = Streamed(features[rows], problem.signs[rows], forget, problem.loss, problem.ridge)
    part.gradients(np.zeros(d))  # the first time it waits for memory
    start = time.perf_counter()
    part.gradients(np.ones(d))
    each = (time.perf_counter() - start) / (len(forget) * (2 * d + LOSS))
    held = n * (DIRECTIONS * 2 * 8 + 10 * 8) + 4 * 8 * FOR_MATRICES + 40 * 8 * d * d
    return Expected(each * n * _cost(d, features.dtype.itemsize, problem.loss.name), features.nbytes + held)


def _cost(d: int, itemsize: int, loss: str) -> float:
    """Return what all passes cost for a sample."""
    square = SQUARE * d * d * (2 if itemsize > 4 else 1)
    look = COLUMN * d * DIRECTIONS + LOOKS * (2 * COLUMN * d + LOSS)
    return MATRICES * square + GRADIENTS * 2 * d + ROUNDS * look + STEPS[loss] * (2 * DIRECTIONS + LOSS)


def streamed(problem: LinearProblem, show: Show) -> Streamed:
    """Return the problem with its features as they are; `show` is told the share of the expected cost after each pass."""
    d = problem.features.shape[1]
    return Streamed(
        problem.features, problem.signs, problem.forget, problem.loss, problem.ridge,
        _counted(show, _cost(d, problem.features.dtype.itemsize, problem.loss.name)),
    )  # fmt: skip


def _counted(show: Show, whole: float) -> Callable[[float], None]:
    spent = 0.0

    def passed(cost: float) -> None:
        nonlocal spent
        spent += cost
        show("solving", min(spent / whole, 0.99))

    return passed
