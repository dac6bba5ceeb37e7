r"""The three objectives of eq. (1) on any data set, builders for the paper's assumptions, and a solver.

L(w) = Σ_i c_i·exp(−y_i⟨w, x_i⟩) + λ/2·‖w‖², where the coefficients c_i are 1/|D| on all samples (pretrained),
1/|R| on R (retrained), or 1/|R| on R and −1/|F| on F (descent-ascent).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

OBJECTIVES = ("pretrained", "retrained", "da")


@dataclass(frozen=True)
class Problem:
    """A data set split into retain and forget samples. `signed` holds the rows y_i·x_i."""

    signed: Float[np.ndarray, "samples d"]
    forget: Bool[np.ndarray, " samples"]
    ridge: float

    def __post_init__(self) -> None:
        if self.ridge <= 0 or not np.isfinite(self.ridge):
            raise ValueError(f"ridge must be a positive finite number, not {self.ridge}")
        if self.forget.all() or not self.forget.any():
            raise ValueError("both the retain and the forget set need at least one sample")

    @property
    def n_retain(self) -> int:
        """|R|."""
        return int((~self.forget).sum())

    @property
    def n_forget(self) -> int:
        """|F|."""
        return int(self.forget.sum())

    def coefficients(self, objective: str) -> Float[np.ndarray, " samples"]:
        """Return c_i of the named objective, one of OBJECTIVES. Raises ValueError for another name."""
        if objective == "pretrained":
            return np.full(len(self.signed), 1 / len(self.signed))
        if objective == "retrained":
            return np.where(self.forget, 0.0, 1 / self.n_retain)
        if objective == "da":
            return np.where(self.forget, -1 / self.n_forget, 1 / self.n_retain)
        raise ValueError(f"unknown objective {objective!r}; one of {', '.join(OBJECTIVES)}")

    def losses(self, w: Float[np.ndarray, " d"]) -> Float[np.ndarray, " samples"]:
        """Return exp(−y⟨w, x⟩) of every sample, held at e^700 so that runaway iterates stay finite."""
        return np.asarray(np.exp(np.minimum(-self.signed @ w, 700.0)))

    def value(self, objective: str, w: Float[np.ndarray, " d"]) -> float:
        """Return L(w), eq. (1)."""
        terms = self.coefficients(objective) * self.losses(w)
        return float(terms.sum() + self.ridge / 2 * (w @ w))

    def gradient(self, objective: str, w: Float[np.ndarray, " d"]) -> Float[np.ndarray, " d"]:
        """Return ∇L(w), App. C.2."""
        terms = self.coefficients(objective) * self.losses(w)
        return np.asarray(-terms @ self.signed + self.ridge * w)

    def hessian(self, objective: str, w: Float[np.ndarray, " d"]) -> Float[np.ndarray, "d d"]:
        """Return ∇²L(w)."""
        terms = self.coefficients(objective) * self.losses(w)
        return np.asarray((self.signed.T * terms) @ self.signed + self.ridge * np.eye(self.signed.shape[1]))


def minimise(
    problem: Problem, objective: str, start: Float[np.ndarray, " d"] | None = None, bound: float = 30.0
) -> Float[np.ndarray, " d"]:
    """Return the minimum that a trust-region Newton method reaches from `start` (default 0), or nan.

    nan means that some loss grew beyond e^bound (the DA objective can be unbounded below) or that no
    point with a vanishing gradient and a positive Hessian was reached.
    """
    from scipy import optimize  # here: verify does without it

    d = problem.signed.shape[1]
    w = np.zeros(d) if start is None else np.asarray(start, dtype=float)

    def escape(current: np.ndarray) -> None:
        if not (-problem.signed @ current).max() <= bound:
            raise StopIteration

    with np.errstate(over="ignore", invalid="ignore"):
        result = optimize.minimize(
            lambda v: problem.value(objective, v),
            w,
            jac=lambda v: problem.gradient(objective, v),
            hess=lambda v: problem.hessian(objective, v),
            method="trust-exact",
            callback=escape,
            options={"gtol": 1e-11 * problem.ridge, "maxiter": 2000, "max_trust_radius": 5.0},
        )
        reached = result.x
        for _ in range(3):
            curvature = problem.hessian(objective, reached)
            if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature)[0] <= 0:
                return np.full(d, np.nan)
            reached = reached - np.linalg.solve(curvature, problem.gradient(objective, reached))
    settled = np.linalg.norm(reached - result.x) <= 1e-3 * (1 + np.linalg.norm(reached))
    return reached if settled else np.full(d, np.nan)


def orthogonal_groups(retain: Sequence[int], forget: Sequence[int], ridge: float, seed: int = 0) -> Problem:
    """Build a data set under Assumptions 1 and 2: group j holds `retain[j]` + `forget[j]` samples on coordinate j.

    Each sample has one nonzero feature ±1 and the label of the same sign, as in the paper's example.
    """
    if len(retain) != len(forget):
        raise ValueError("retain and forget need one count per coordinate each")
    groups = np.concatenate([np.repeat(np.arange(len(retain)), c) for c in (retain, forget)])
    labels = np.random.default_rng(seed).choice((-1.0, 1.0), len(groups))
    features = np.zeros((len(groups), len(retain)))
    features[np.arange(len(groups)), groups] = labels
    return Problem(labels[:, None] * features, np.arange(len(groups)) >= sum(retain), ridge)


def correlated_pair(
    n_retain_pair: int, n_forget_pair: int, epsilon: float, ridge: float, others: Sequence[int] = ()
) -> Problem:
    """Build §5.1.2's data: rows (1, ε, 0…) in R, rows (ε, 1, 0…) in F, and `others[k]` retain rows on axis k + 2."""
    d = 2 + len(others)
    rows = [np.eye(d)[0] + epsilon * np.eye(d)[1]] * n_retain_pair
    rows += [np.eye(d)[2 + k] for k, count in enumerate(others) for _ in range(count)]
    retained = len(rows)
    rows += [epsilon * np.eye(d)[0] + np.eye(d)[1]] * n_forget_pair
    return Problem(np.array(rows), np.arange(len(rows)) >= retained, ridge)
