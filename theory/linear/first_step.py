r"""What the first step of an objective does to the distance from the retrained solution, at the pretrained one.

Theorem first-step: with δ = w^R − w^D, the flow of mean_R ℓ − β·mean_F ℓ + λ/2·‖w‖² starts at w^D with

    d/dt ½‖w − w^R‖² = βλ⟨w^D, δ⟩ − (1 + β|R|/|F|)·⟨−∇L_R(w^D), δ⟩.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import linalg

from ascentcheck.theory.linear.problem import LinearProblem

Vector = Float[np.ndarray, " d"]


@dataclass(frozen=True)
class FirstStep:
    """The two parts of the speed at which the distance from the retrained solution changes at the start.

    `shrinkage` is βλ⟨w^D, δ⟩, `fine_tuning` is (1 + β|R|/|F|)·⟨−∇L_R(w^D), δ⟩ ≥ 0, `speed` their difference, which is
    d/dt ½‖w − w^R‖². `residual` is ‖−∇L(w^D) − what the theorem says it is‖, for the gradient as computed.
    """

    shrinkage: float
    fine_tuning: float
    residual: float

    @property
    def speed(self) -> float:
        """d/dt ½‖w − w^R‖² at w^D: > 0 moves away."""
        return self.shrinkage - self.fine_tuning

    @property
    def direction(self) -> str:
        """Where the first step leads as seen from the retrained solution: toward, away, or neither."""
        return "away" if self.speed > 0 else "toward" if self.speed < 0 else "neither"


def first_step(problem: LinearProblem, beta: float, pretrained: Vector, retrained: Vector) -> FirstStep:
    """Return the first step of descent-ascent with weight β, from the solutions of L_D and L_R, each [d]."""
    lead = 1 + beta * problem.n_retain / problem.n_forget
    tuning = -problem.retrained().gradient(pretrained)
    said = lead * tuning - beta * problem.ridge * pretrained
    seen = -problem.descent_ascent(beta).gradient(pretrained)
    delta = retrained - pretrained
    return FirstStep(
        float(beta * problem.ridge * (pretrained @ delta)),
        float(lead * (tuning @ delta)),
        float(np.linalg.norm(seen - said)),
    )


@dataclass(frozen=True)
class OnLine:
    """The place nearest to the retrained solution on the line of the first step: its time and its distance."""

    time: float
    distance: float


def nearest_on_line(problem: LinearProblem, beta: float, pretrained: Vector, retrained: Vector) -> OnLine:
    """Return where w^D − t·∇L(w^D), t ≥ 0, is nearest to w^R: what a short path of descent-ascent can reach."""
    velocity = -problem.descent_ascent(beta).gradient(pretrained)
    delta = retrained - pretrained
    time = max(0.0, float(velocity @ delta) / float(velocity @ velocity))
    return OnLine(time, float(np.linalg.norm(delta - time * velocity)))


def end_to_first_order(problem: LinearProblem, beta: float, pretrained: Vector, retrained: Vector) -> Vector:
    """Return where descent-ascent with weight β ends, to first order in β and |F|/|R|; [d], from the solutions of L_D and L_R.

    By theorem overshoot L_R − βL_F ends at w^R − (β|R|/|F|)(w^D − w^R); the ridge that descent-ascent leaves out of L_F adds
    −βλH⁻¹w^R, H = ∇²L_R(w^R).
    """
    ratio = beta * problem.n_retain / problem.n_forget
    pulled = linalg.solve(problem.retrained().hessian(retrained), retrained, assume_a="pos")
    return np.asarray(retrained - ratio * (pretrained - retrained) - beta * problem.ridge * pulled)
