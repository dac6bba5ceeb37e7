"""What the claims on one coordinate print: the solutions of lemma 2 in balls and in floats, and the hypotheses."""

from collections.abc import Mapping

import numpy as np
import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import lambert, simulated
from ascentcheck.theory.check.decide import NEXT_TO_THE_END, sign_at
from ascentcheck.theory.check.floats import broadcast
from ascentcheck.theory.claim import Prints, Simulation
from ascentcheck.theory.claims.lemma_2 import balance, z_da, z_pretrained, z_retrained
from ascentcheck.theory.expression import W0, Wm1, enclose
from ascentcheck.theory.lambert import Array
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain

COUNTED = (
    Prints("group_in_retain", "|R_j| ≤ |R|"),
    Prints("group_in_forget", "α|R_j| ≤ |F|"),
    Prints("whole_counts", "whole |R|, |F|, |R_j|, α|R_j|"),
)

MINIMA = (
    Prints("w_pretrained", "w^D"),
    Prints("w_retrained", "w^R"),
    Prints("w_da", "w^DA", "α ≤ α₂"),
)

SOLUTIONS = (
    *COUNTED,
    *MINIMA,
    Prints("w_da_maximum", "w^max", "α > α₀ and α ≤ α₂"),
    Prints("case", {"1": "α ≤ α₀", "2": "α > α₀ and α ≤ α₂", "3": "α > α₂"}),
)

APART = "max{w^D − w^R, w^R − w^D}"
"""Δ_{R,D}, as text."""

SPLITTER = 2.0**27 + 1
"""Veltkamp's constant: halves a float64 number into parts whose products are exact."""


def argument(count: Array, size: Array, ridge_value: Array) -> Array:
    """Return count/(ridge·size), with inf where it overflows. Shapes broadcast."""
    with np.errstate(over="ignore"):
        return np.asarray(np.asarray(count / size) / ridge_value)


def w_principal(count: Array, size: Array, ridge_value: Array) -> Array:
    """Return W0(count/(ridge·size)), nan where it is not real, also where the argument overflows. Shapes broadcast."""
    z = argument(count, size, ridge_value)
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.log(count) - np.log(size) - np.log(ridge_value)
    return np.where(np.isinf(z), lambert.lambert_w0_exp(logarithm), lambert.lambert_w0(z))


def w_pretrained(retain: Array, forget: Array, ridge_value: Array, group: Array, alpha_value: Array) -> Array:
    """Return w^D, shape of the broadcast inputs; dimensionless. Lemma 2."""
    return w_principal((1 + alpha_value) * group, retain + forget, ridge_value)


@broadcast
def w_retrained(retain: Array, forget: Array, ridge_value: Array, group: Array, alpha_value: Array) -> Array:
    """Return w^R, shape of the broadcast inputs; dimensionless. Lemma 2."""
    return w_principal(group, retain, ridge_value)


def descent_weight(retain: Array, forget: Array, alpha_value: Array) -> Array:
    """Return 1 − α|R|/|F|, dimensionless, without cancellation: the product α|R| is carried to twice the digits."""
    product = alpha_value * retain
    high = [x * SPLITTER - (x * SPLITTER - x) for x in (alpha_value, retain)]
    low = [x - h for x, h in zip((alpha_value, retain), high, strict=True)]
    error = ((high[0] * high[1] - product) + high[0] * low[1] + low[0] * high[1]) + low[0] * low[1]
    return np.asarray(((forget - product) - error) / forget)


def w_da(retain: Array, forget: Array, ridge_value: Array, group: Array, alpha_value: Array) -> Array:
    """Return the DA minimum, nan where there is none. Shape of the broadcast inputs. Lemma 2, App. E."""
    return w_principal(descent_weight(retain, forget, alpha_value) * group, retain, ridge_value)


def w_da_maximum(retain: Array, forget: Array, ridge_value: Array, group: Array, alpha_value: Array) -> Array:
    """Return the DA maximum (lower branch), nan where there is none. Shape of the broadcast inputs."""
    weight = descent_weight(retain, forget, alpha_value)
    return np.asarray(lambert.lambert_wm1(argument(weight * group, retain, ridge_value)))


def solutions(point: Mapping[sp.Symbol, fmpq]) -> dict[str, arb | fmpq | int | None]:
    """Return the stationary points at one exact point as balls, and the case (1, 2 or 3) of App. E."""
    balanced = sign_at(balance - alpha, point)
    real = balanced != -1 or sign_at(sp.E * z_da + 1, point, NEXT_TO_THE_END) == 1
    return {
        "w_pretrained": enclose(W0(z_pretrained), point),
        "w_retrained": enclose(W0(z_retrained), point),
        "w_da": (fmpq(0) if balanced == 0 else enclose(W0(z_da), point)) if real else None,
        "w_da_maximum": enclose(Wm1(z_da), point) if real and balanced == -1 else None,
        "case": 1 if balanced != -1 else 2 if real else 3,
    }


def hypotheses(point: Mapping[sp.Symbol, fmpq]) -> dict[str, bool]:
    """Return which hypotheses hold at one exact point; counts are whole after a common scaling."""
    return {
        "group_in_retain": bool(point[n_group] <= point[n_retain]),
        "group_in_forget": bool(point[alpha] * point[n_group] <= point[n_forget]),
        "whole_counts": all(v.q == 1 for v in (point[n_retain], point[n_forget], point[n_group]))
        and (point[alpha] * point[n_group]).q == 1,
    }


def simulate() -> Simulation:
    """Minimise eq. (1) on orthogonal groups, one of them with α > |F|/|R|, and compare with the closed forms."""
    return simulated.minimised({"pretrained": w_pretrained, "retrained": w_retrained, "da": w_da})
