"""Eq. (1) on real data, where Assumptions 1 and 2 fail: how far the closed forms are off.

scikit-learn's bundled breast-cancer and digits data, two classes each, features scaled to unit root mean
square. The closed forms of lemma 2 are applied coordinate by coordinate as if the assumptions held: α and
|R_j| are taken from the total feature mass of F and R on the coordinate, the only reading that is defined.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn import datasets

from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.problem import OBJECTIVES, Problem, minimise

SETS = ("breast-cancer", "digits")


@dataclass(frozen=True)
class Departure:
    """How far a closed form is from the solver's minimum: ‖closed − found‖/‖found‖, nan where there is none."""

    data: str
    objective: str
    relative_error: float
    n: int


def real_samples(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return features [n, d], scaled to unit root mean square over √d, and signs ±1 [n] of two classes of bundled data.

    Raises ValueError for a name that is not in SETS.
    """
    if name == "breast-cancer":
        features, labels = datasets.load_breast_cancer(return_X_y=True)
        signs = np.where(labels == 1, 1.0, -1.0)
        features = features - features.mean(axis=0)
    elif name == "digits":
        features, labels = datasets.load_digits(return_X_y=True)
        chosen = (labels == 3) | (labels == 8)
        features, signs = features[chosen], np.where(labels[chosen] == 3, 1.0, -1.0)
        features = features - features.mean(axis=0)
    else:
        raise ValueError(f"unknown data set {name!r}; one of {', '.join(SETS)}")
    scale = np.sqrt((features**2).mean(axis=0))
    return features[:, scale > 0] / scale[scale > 0] / np.sqrt(features.shape[1]), signs


def real_problem(name: str, n_forget: int = 40, ridge: float = 0.5, seed: int = 0) -> Problem:
    """Return a two-class problem on bundled data with a random forget set.

    Raises ValueError for a name that is not in SETS.
    """
    features, signs = real_samples(name)
    forget = np.zeros(len(features), dtype=bool)
    forget[np.random.default_rng(seed).choice(len(features), n_forget, replace=False)] = True
    return Problem(signs[:, None] * features, forget, ridge)


def closed_forms(problem: Problem) -> dict[str, np.ndarray]:
    """Return lemma 2's three solutions, each of shape [d], as if every coordinate stood alone.

    Coordinate j has retain mass m_j = Σ_R y·x_j and forget mass α_j·m_j = Σ_F y·x_j. The sign of m_j is
    taken out first; where m_j and the forget mass differ in sign, α_j is 0.
    """
    retain = problem.signed[~problem.forget].sum(axis=0)
    forget = problem.signed[problem.forget].sum(axis=0)
    sign = np.where(retain < 0, -1.0, 1.0)
    group = np.abs(retain)
    alpha = np.clip(sign * forget, 0, None) / np.where(group > 0, group, 1.0)
    full = np.ones_like(group)
    inputs = (problem.n_retain * full, problem.n_forget * full, problem.ridge * full, group, alpha)
    return {
        "pretrained": sign * lemma_2.w_pretrained(*inputs),
        "retrained": sign * lemma_2.w_retrained(*inputs),
        "da": sign * lemma_2.w_da(*inputs),
    }


def departures() -> tuple[Departure, ...]:
    """Return the relative error of each closed form on each bundled data set."""
    result = []
    for name in SETS:
        problem = real_problem(name)
        closed = closed_forms(problem)
        start = minimise(problem, "pretrained")
        for objective in OBJECTIVES:
            found = minimise(problem, objective, start)
            error = np.linalg.norm(closed[objective] - found) / np.linalg.norm(found)
            result.append(Departure(name, objective, float(error), len(problem.signed)))
    return tuple(result)
