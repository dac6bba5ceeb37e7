"""Numbers that can be had before unlearning: how much forget and retain data pull on the same weights.

For a linear head a sample's gradient is ℓ'(m)·y·x; C_F and C_R are the second moments of these gradients, H_F and H_R the mean
Hessians of the losses, all at the pretrained solution. Where they need the solution of L_R, they say so: the rest needs none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import linalg
from sklearn.neighbors import NearestNeighbors

from ascentcheck.empirics.dependence.streamed import Streamed, weighted
from ascentcheck.theory.linear.first_step import first_step
from ascentcheck.theory.linear.problem import LinearProblem

Vector = Float[np.ndarray, " d"]

NEIGHBOURS = 10
MOST_FORGET, MOST_RETAIN = 500, 20_000
"""Neighbours are looked for among random samples of at most these sizes."""


@dataclass(frozen=True)
class Predictors:
    """What is known before unlearning; nan where it is not defined.

    - `gradient_cka`: tr(C_F C_R)/(‖C_F‖‖C_R‖), 0 (orthogonal) to 1 (the same shape).
    - `gradient_cosine`: of the mean gradients of F and R.
    - `forget_gradient`: length of F's mean gradient.
    - `curvature_ratio`: the largest eigenvalue of H_F against H_R + λ.
    - `neighbour_agreement`: of a forget point's 10 nearest retained points, the share that has its label.
    - `class_concentration`: the largest share of one label in F.
    - `entanglement`: 4(V_R + V_F)/‖μ_R − μ_F‖², V the mean squared distance of the features from their mean μ.
    - `forget_loss`: mean loss on F.
    - `memorisation`: mean over F of how far a sample's own margin falls where it alone is left out (Feldman and Zhang's
      memorisation, in margins), by influence: without retraining.
    - `effective_alpha`: on the direction on which F's gradients are largest, the sum of squares of F's over that of R's.
    - `effective_epsilon`: ε ≤ 1 of the paper's pair, (1, ε) and (ε, 1), with the angle between the directions on which the
      gradients of F and of R are largest.
    - `first_step_speed`: d/dt ½‖w − w^R‖² at the start of descent-ascent with β = 1, by w^R itself.
    - `first_step_speed_by_influence`: the same with w^R − w^D ≈ −(∇²L_R)⁻¹∇L_R(w^D), which needs no retraining.
    """

    gradient_cka: float
    gradient_cosine: float
    forget_gradient: float
    curvature_ratio: float
    neighbour_agreement: float
    class_concentration: float
    entanglement: float
    forget_loss: float
    memorisation: float
    effective_alpha: float
    effective_epsilon: float
    first_step_speed: float
    first_step_speed_by_influence: float


def predictors(problem: LinearProblem, pretrained: Vector, retrained: Vector, seed: int = 0) -> Predictors:
    """Return every predictor at the pretrained solution; `seed` draws the samples in which neighbours are looked for."""
    forget = problem.forget
    slopes = problem.loss.slope(problem.margins(pretrained))
    second = [_second_moment(problem, slopes**2, which) for which in (forget, ~forget)]
    means = [_mean_gradient(problem, weights, pretrained) for weights in ((0.0, 1.0), (1.0, 0.0))]
    ridge = problem.ridge * np.eye(len(pretrained))
    hessian_f = weighted(problem, 0.0, 1.0).hessian(pretrained) - ridge
    hessian_r = problem.retrained().hessian(pretrained)
    last = len(pretrained) - 1
    losses = problem.loss.value(problem.margins(pretrained))
    leading = [linalg.eigh(c, subset_by_index=(last, last))[1][:, 0] for c in second]
    ratio = problem.n_forget / problem.n_retain
    influence = pretrained - np.linalg.solve(hessian_r, problem.retrained().gradient(pretrained))
    return Predictors(
        gradient_cka=_ratio(
            float(np.sum(second[0] * second[1])), float(linalg.norm(second[0]) * linalg.norm(second[1]))
        ),
        gradient_cosine=_ratio(float(means[0] @ means[1]), linalg.norm(means[0]) * linalg.norm(means[1])),
        forget_gradient=float(linalg.norm(means[0])),
        curvature_ratio=float(
            linalg.eigh(hessian_f, hessian_r, eigvals_only=True, subset_by_index=(last, last))[0]
        ),
        neighbour_agreement=_neighbour_agreement(problem, seed),
        class_concentration=float(max(np.mean(problem.signs[forget] == sign) for sign in (-1.0, 1.0))),
        entanglement=_entanglement(problem),
        forget_loss=float(losses[forget].mean()),
        memorisation=_memorisation(problem, pretrained),
        effective_alpha=_ratio(
            ratio * float(leading[0] @ second[0] @ leading[0]), float(leading[0] @ second[1] @ leading[0])
        ),
        effective_epsilon=pair_epsilon(abs(float(leading[0] @ leading[1]))),
        first_step_speed=first_step(problem, 1.0, pretrained, retrained).speed,
        first_step_speed_by_influence=first_step(problem, 1.0, pretrained, influence).speed,
    )


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom > 0 else float("nan")


def _second_moment(
    problem: LinearProblem, weights: np.ndarray, which: np.ndarray
) -> Float[np.ndarray, "d d"]:
    if isinstance(problem, Streamed):
        return problem.squares([np.where(which, weights, 0.0)])[0] * (problem.n_total / which.sum())
    total = np.zeros((problem.features.shape[1],) * 2)
    for place, rows in problem.blocks():
        chosen = rows[which[place]]
        total += (chosen.T * weights[place][which[place]]) @ chosen
    return total / which.sum()


def pair_epsilon(cosine: float) -> float:
    """Return ε ≤ 1 with 2ε/(1 + ε²) = cosine."""
    c = min(cosine, 1.0)
    return c / (1 + float(np.sqrt(1 - c * c)))


def _memorisation(problem: LinearProblem, w: Vector) -> float:
    """Return F's mean fall of a sample's margin where it alone is left out: one Newton step each, the sample's curvature out."""
    factor = linalg.cho_factor(problem.pretrained().hessian(w))
    margins, n, total = problem.margins(w), problem.n_total, 0.0
    for place, rows in problem.blocks():
        which = problem.forget[place]
        x, m = rows[which], margins[place][which]
        leverage = np.einsum("nd,dn->n", x, linalg.cho_solve(factor, x.T)) / n
        own = problem.loss.curvature(m) * leverage
        total += float(np.sum(-problem.loss.slope(m) * leverage / (1 - own)))
    return total / problem.n_forget


def _mean_gradient(problem: LinearProblem, weights: tuple[float, float], w: Vector) -> Vector:
    """The gradient of the losses of R and F, weighted, without the ridge."""
    return weighted(problem, *weights).gradient(w) - problem.ridge * w


def neighbours_among(problem: LinearProblem) -> tuple[int, int]:
    """Return among how many samples of F and of R neighbours are looked for."""
    return min(problem.n_forget, MOST_FORGET), min(problem.n_retain, MOST_RETAIN)


def _neighbour_agreement(problem: LinearProblem, seed: int) -> float:
    draw = np.random.default_rng(seed)
    forget, retain = np.flatnonzero(problem.forget), np.flatnonzero(~problem.forget)
    some_forget, some_retain = neighbours_among(problem)
    if len(forget) > some_forget:
        forget = draw.choice(forget, some_forget, replace=False)
    if len(retain) > some_retain:
        retain = draw.choice(retain, some_retain, replace=False)
    k = min(NEIGHBOURS, len(retain))
    index = NearestNeighbors(n_neighbors=k).fit(problem.features[retain].astype(np.float64))
    near = index.kneighbors(problem.features[forget].astype(np.float64), return_distance=False)
    return float(np.mean(problem.signs[retain][near] == problem.signs[forget][:, None]))


def _entanglement(problem: LinearProblem) -> float:
    forget, d = problem.forget, problem.features.shape[1]
    sums, squares = np.zeros((2, d)), np.zeros(2)
    for place, rows in problem.blocks():
        for side, which in enumerate((forget[place], ~forget[place])):
            chosen = rows[which]
            sums[side] += chosen.sum(axis=0)
            squares[side] += float(np.sum(chosen**2))
    counts = np.array([problem.n_forget, problem.n_retain])
    means = sums / counts[:, None]
    spread = squares / counts - np.sum(means**2, axis=1)
    return _ratio(4 * float(spread.sum()), float(np.sum((means[0] - means[1]) ** 2)))
