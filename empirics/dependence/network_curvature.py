"""Predictors for networks by curvature, with empirical Fisher matrices for Hessians, in kernel form.

With G_F, G_R the per-sample gradients of F and R and λ the weight decay, H_F = G_FᵀG_F/|F| and H_R + λ = G_RᵀG_R/|R| + λ. All
that is asked of them lies in the span of the gradients and of the weights w, so that K = G·Gᵀ, G·w and ‖w‖² are enough. One
inverse, P = (K + cI)⁻¹ with c = |R|λ, serves all sets of a size: by its Schur complement

    P_FF⁻¹ = K_FF + cI − K_FR(K_RR + cI)⁻¹K_RF,    (K_RR + cI)⁻¹ = P_RR − P_RF·P_FF⁻¹·P_FR.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int64
from scipy import linalg
from scipy.sparse.linalg import LinearOperator, eigsh

from ascentcheck.empirics.dependence.predictors import pair_epsilon

Vector = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Curvatures:
    """What is known before unlearning by curvature; nan where λ = 0, but for the effective α and ε.

    - `curvature_ratio`: the largest eigenvalue of H_F against H_R + λ.
    - `effective_alpha`, `effective_epsilon`: as in `predictors.Predictors`.
    - `first_step_speed_by_influence`: d/dt ½‖w − w^R‖² at the start of descent-ascent with β = 1, by theorem first-step with
      w^R − w^D ≈ (H_R + λ)⁻¹u and u = (|F|/|R|)(g_F + λw), which is −∇L_R(w^D) where w^D is stationary.
    """

    curvature_ratio: float
    effective_alpha: float
    effective_epsilon: float
    first_step_speed_by_influence: float


@dataclass(frozen=True, eq=False)
class Damped:
    """A member's `products` K [n, n], its gradients `along` the weights, G·w [n], `squared` ‖w‖², the `ridge` λ, and P [n, n]
    for sets that leave `n_retain` points; P is None where λ = 0.
    """

    products: Float64[np.ndarray, "n n"]
    along: Vector
    squared: float
    ridge: float
    n_retain: int
    inverse: Float64[np.ndarray, "n n"] | None


def damped(
    products: Float64[np.ndarray, "n n"], along: Vector, squared: float, ridge: float, n_retain: int
) -> Damped:
    """Return a member ready for sets that leave so many points."""
    inverse = None
    if ridge > 0:
        n = len(products)
        factor = linalg.cho_factor(products + n_retain * ridge * np.eye(n), overwrite_a=True)
        inverse = linalg.cho_solve(factor, np.eye(n), overwrite_b=True)
    return Damped(products, along, squared, ridge, n_retain, inverse)


def curvatures(member: Damped, forget: Int64[np.ndarray, " k"]) -> Curvatures:
    """Return the predictors of one forget set at one member."""
    inside = np.zeros(len(member.products), dtype=bool)
    inside[forget] = True
    alpha, epsilon = _leading(member.products, inside)
    if member.inverse is None:
        return Curvatures(np.nan, alpha, epsilon, np.nan)
    c, k = member.n_retain * member.ridge, int(inside.sum())
    least = float(linalg.eigvalsh(member.inverse[np.ix_(inside, inside)], subset_by_index=(0, 0))[0])
    return Curvatures((1 / least - c) / (k * member.ridge), alpha, epsilon, _speed(member, inside))


def _leading(products: Float64[np.ndarray, "n n"], inside: np.ndarray) -> tuple[float, float]:
    """Return α and ε on the leading directions a of G_F and b of G_R: α = ‖G_F·a‖²/‖G_R·a‖², and ε by the angle of a and b."""
    k = int(inside.sum())
    (of_f,), first = linalg.eigh(products[np.ix_(inside, inside)], subset_by_index=(k - 1, k - 1))
    rest, across = products[np.ix_(~inside, ~inside)], products[np.ix_(~inside, inside)]
    applied = LinearOperator(rest.shape, matvec=lambda v: rest @ v, dtype=float)
    (of_r,), second = eigsh(applied, k=1, which="LA", v0=np.ones(len(rest)))
    pulled = across @ first[:, 0] / np.sqrt(of_f)
    squares = float(pulled @ pulled)
    cosine = abs(float(second[:, 0] @ pulled)) / np.sqrt(of_r)
    return float(of_f) / squares if squares > 0 else np.inf, pair_epsilon(float(cosine))


def _speed(member: Damped, inside: np.ndarray) -> float:
    k, ridge = int(inside.sum()), member.ridge
    ratio = k / member.n_retain
    half = np.where(inside, ratio / k, 0.0)
    pulled = member.products @ half
    along_u = pulled + ratio * ridge * member.along  # G·u
    w_u = float(half @ member.along) + ratio * ridge * member.squared
    u_u = float(half @ pulled) + 2 * ratio * ridge * float(half @ member.along)
    u_u += (ratio * ridge) ** 2 * member.squared
    solved = _retained_inverse(member, inside, along_u)
    outside = ~inside
    u_delta = (u_u - float(along_u[outside] @ solved)) / ridge
    w_delta = (w_u - float(member.along[outside] @ solved)) / ridge
    return ridge * w_delta - (1 + 1 / ratio) * u_delta


def _retained_inverse(member: Damped, inside: np.ndarray, v: Vector) -> Vector:
    """Return (K_RR + cI)⁻¹·v_R."""
    p = member.inverse
    if p is None:
        raise ValueError("there is no inverse without a ridge")
    found = p @ np.where(inside, 0.0, v)
    back = linalg.solve(p[np.ix_(inside, inside)], found[inside], assume_a="pos")
    return np.asarray(found[~inside] - p[np.ix_(~inside, inside)] @ back)
