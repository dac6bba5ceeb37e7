"""Lemma 10 at a point: (6) and (7), the exact thresholds, and how far the oracle lies above."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import sympy as sp
from flint import fmpq

from ascentcheck.theory import lambert
from ascentcheck.theory.check.floats import broadcast
from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.lemma_10 import EXACT_X, EXACT_Y, alpha_exact_x, alpha_exact_y
from ascentcheck.theory.claims.pair import (
    DOMAIN,
    alpha_max_x,
    alpha_max_y,
    strength,
    x_retrained,
    y_pretrained,
    y_retrained,
)
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.lambert import Array
from ascentcheck.theory.margins import at_least, conclusion
from ascentcheck.theory.values import lemma_6, on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_retain


@broadcast
def x_margin(retain: Array, forget: Array, ridge_: Array, group: Array, eps: Array, alpha_: Array) -> Array:
    """Return (6), shape of the broadcast inputs. W − V = V(e^s − 1) with s + V(e^s − 1) = log(|D|/|R|)."""
    p, q = 1 + eps * eps, 2 * eps
    strength_ = group / (retain + forget) / ridge_
    alone = lambert.lambert_w0(p * strength_)
    target = np.log1p(forget / retain)
    log_ratio = np.minimum(target, np.log1p(target / alone))
    for _ in range(12):
        grown = alone * np.expm1(log_ratio)
        log_ratio = log_ratio - (log_ratio + grown - target) / (1 + alone + grown)
    fallen = alone * np.expm1(log_ratio)
    return np.asarray(fallen * np.exp(p * fallen / q) / (q * strength_))


def y_margin(retain: Array, forget: Array, ridge_: Array, group: Array, eps: Array, alpha_: Array) -> Array:
    """Return (7), shape of the broadcast inputs: 2ε/(1+ε²)·(|D|/|R|·e^{−(1−ε)²/(1+ε²)·x^R} − 1)."""
    p = 1 + eps * eps
    x = lemma_6.x_float(retain, forget, ridge_, group, eps, alpha_)
    return np.asarray(2 * eps / p * np.expm1(np.log1p(forget / retain) - (1 - eps) ** 2 / p * x))


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair at one exact point; the conclusion is x^R ≥ x^D and y^R ≥ y^D.

    `alpha_exact_x` and `alpha_exact_y` are the α at which the two sides are equal, from lemma-10's text. The margin is
    y^R − y^D, the lesser of the two gaps (`claims/pair_gaps`).
    """
    hypotheses, values = on_pair.hypotheses(point), on_pair.values(point)
    balanced = on_pair.exact(alpha * n_retain - n_forget, point) == 0
    flat, uncorrelated = point[epsilon] == 1, point[epsilon] == 0
    values["alpha_exact_x"] = "inf" if uncorrelated else enclose(alpha_exact_x(x_retrained, strength), point)
    values["alpha_exact_y"] = (
        fmpq(0)
        if uncorrelated
        else on_pair.exact(n_forget / n_retain, point)
        if flat
        else enclose(alpha_exact_y(y_retrained, strength), point)
    )
    hypotheses |= {
        "alpha_at_most_alpha_max_x": uncorrelated or at_least(alpha_max_x, alpha, point),
        "alpha_at_most_alpha_max_y": bool(point[alpha] * point[n_retain] <= point[n_forget])
        if flat
        else at_least(alpha_max_y, alpha, point),
    }
    margin = on_pair.gap(y_retrained, y_pretrained, point, equal=flat and balanced)
    return Evaluation(hypotheses, values, conclusion(margin), margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_pair.PRINTS,
        Prints("alpha_at_most_alpha_max_x", f"α ≤ {pair.BOUND_TEXTS['alpha_max_x']}", "ε > 0"),
        Prints("alpha_at_most_alpha_max_x", "ε = 0"),
        Prints("alpha_at_most_alpha_max_y", "α ≤ |F|/|R|", "ε = 1"),
        Prints("alpha_at_most_alpha_max_y", f"α ≤ {pair.BOUND_TEXTS['alpha_max_y']}"),
        Prints("alpha_exact_x", EXACT_X, "ε > 0"),
        Prints("alpha_exact_y", "0", "ε = 0"),
        Prints("alpha_exact_y", "|F|/|R|", "ε = 1"),
        Prints("alpha_exact_y", EXACT_Y),
        Prints("holds", "x^R ≥ x^D and y^R ≥ y^D"),
        Prints("margin", "y^R − y^D"),
    ),
    equations=on_pair.EQUATIONS,
    float_forms=(
        FloatForm("alpha_max_x", x_margin, alpha_max_x, DOMAIN.restrict(epsilon, low_open=True), ulps=64),
        FloatForm("alpha_max_y", y_margin, alpha_max_y, DOMAIN, ulps=16),
    ),
    simulate=partial(on_pair.simulate, "lemma-10"),
)
