"""App. I at a point: the exact and the printed solutions for two nearly parallel samples."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import lambert
from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.check.floats import broadcast
from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.parallel_da import at_one, printed_argument, w_da_printed
from ascentcheck.theory.claims.parallel_training import (
    DOMAIN,
    unit_forget,
    unit_retrained,
    w_exact,
    w_printed,
    w_retrained,
)
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.lambert import Array
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain

_DA = (unit_retrained, -unit_forget, epsilon)

_x_da, _y_da = pair.MarginX(*_DA), pair.MarginY(*_DA)

w_da = (
    unit_retrained * sp.exp(-_x_da) - epsilon * unit_forget * sp.exp(-_y_da),
    epsilon * unit_retrained * sp.exp(-_x_da) - unit_forget * sp.exp(-_y_da),
)
"""The descent-ascent minimum of eq. (1)."""

difference_printed = W0(printed_argument) / 2 - (1 + epsilon) * w_retrained
"""(15)."""


def w_float(retain: Array, forget: Array, ridge_: Array, eps: Array) -> Array:
    """Return w₁ = w₂ of (8), shape of the broadcast inputs; dimensionless."""
    return np.asarray(lambert.lambert_w0((1 + eps) ** 2 / (retain + forget) / ridge_) / (1 + eps))


@broadcast
def retrained_float(retain: Array, forget: Array, ridge_: Array, eps: Array) -> Array:
    """Return w₁ of (12), shape of the broadcast inputs; dimensionless."""
    p = 1 + eps * eps
    return np.asarray(lambert.lambert_w0(p / retain / ridge_) / p)


SUM_APART = "(1+ε)(e^{−x}/|R| − e^{−y}/|F|)/λ − (1+ε)W((ε²+1)/(|R|λ))/(ε²+1)"
"""(w₁ + w₂)^DA − (w₁ + w₂)^R, as text."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the exact and the printed solutions at one exact point; the conclusion is that DA ends below retraining.

    `difference` is (w₁ + w₂)^DA − (w₁ + w₂)^R for eq. (1), `difference_printed` is (15), `limit` and
    `limit_printed` are their values at ε = 1; None where a solution does not exist or is not real.
    """
    full = dict(point) | {n_group: fmpq(1), alpha: fmpq(1)}
    equal = point[n_retain] == point[n_forget]
    exists = on_pair.hypotheses(full)["da_stationary_point_exists"]
    real = sign_at(sp.E * printed_argument + 1, point) == 1
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "w_1_pretrained": enclose(w_exact, point),
        "w_2_pretrained": enclose(w_exact, point),
        "w_pretrained_printed": enclose(w_printed, point),
        "w_1_retrained": enclose(w_retrained, point),
        "w_2_retrained": enclose(epsilon * w_retrained, point),
        "w_1_da": None,
        "w_2_da": None,
        "w_1_da_printed": None,
        "w_2_da_printed": None,
        "difference": None,
        "difference_printed": None,
        "limit": None,
        "limit_printed": enclose(-W0(2 * unit_retrained), point),
    }
    margin: arb | fmpq | None = None
    if exists:
        values["w_1_da"], values["w_2_da"] = (enclose(part, point) for part in w_da)
        difference = enclose(w_da[0] + w_da[1] - (1 + epsilon) * w_retrained, point)
        values["difference"], margin = difference, -difference
    if real:
        for name, part in zip(("w_1_da_printed", "w_2_da_printed"), w_da_printed, strict=True):
            values[name] = enclose(part, point)
        values["difference_printed"] = enclose(difference_printed, point)
    if equal:
        values["limit"] = values["limit_printed"]
    elif sign_at(sp.E * at_one + 1, point) == 1:
        values["limit"] = enclose(W0(at_one) - W0(2 * unit_retrained), point)
    holds = None if margin is None else conclusion(margin, strict=True)
    hypotheses = {
        "da_equation_is_eq_1": bool(equal),
        "printed_solution_real": real,
        "da_stationary_point_exists": exists,
    }
    return Evaluation(hypotheses, values, holds, margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        Prints("da_equation_is_eq_1", "|R| = |F|"),
        Prints("printed_solution_real", "8(ε − 1)²/(|R|²λ²) ≤ 1/e"),
        Prints("da_stationary_point_exists", "real x"),
        Prints("w_1_pretrained", "W((1+ε)²/(λ|D|))/(1+ε)"),
        Prints("w_2_pretrained", "W((1+ε)²/(λ|D|))/(1+ε)"),
        Prints("w_pretrained_printed", "W(2(ε+1)/(λ|D|))/2"),
        Prints("w_1_retrained", "W((ε²+1)/(|R|λ))/(ε²+1)"),
        Prints("w_2_retrained", "ε·W((ε²+1)/(|R|λ))/(ε²+1)"),
        Prints("w_1_da", "(e^{−x}/|R| − ε·e^{−y}/|F|)/λ", "real x"),
        Prints("w_2_da", "(ε·e^{−x}/|R| − e^{−y}/|F|)/λ", "real x"),
        Prints("w_1_da_printed", "(V + √2·√(−V))/4", "8(ε − 1)²/(|R|²λ²) ≤ 1/e"),
        Prints("w_2_da_printed", "(V − √2·√(−V))/4", "8(ε − 1)²/(|R|²λ²) ≤ 1/e"),
        Prints("difference", SUM_APART, "real x"),
        Prints("difference_printed", "V/2 − (1+ε)W((ε²+1)/(|R|λ))/(ε²+1)", "8(ε − 1)²/(|R|²λ²) ≤ 1/e"),
        Prints("limit", "W(2(1/|R| − 1/|F|)/λ) − W(2/(λ|R|))", "2(1/|R| − 1/|F|)/λ ≥ −1/e"),
        Prints("limit_printed", "−W(2/(|R|λ))"),
        Prints("holds", f"{SUM_APART} < 0", "real x"),
        Prints("margin", f"−({SUM_APART})", "real x"),
    ),
    float_forms=(
        FloatForm("w_pretrained", w_float, w_exact, DOMAIN, ulps=8),
        FloatForm("w_1_retrained", retrained_float, w_retrained, DOMAIN, ulps=8),
    ),
    simulate=partial(on_pair.simulate, "parallel-limit"),
)
