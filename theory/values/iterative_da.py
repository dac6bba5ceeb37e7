"""The fixed points of the exact two-step map at a point, beside the simultaneous minimum with ridge 2λ."""

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import iteration, simulated
from ascentcheck.theory.check.bound import PROVED_ELSEWHERE
from ascentcheck.theory.check.decide import NEXT_TO_THE_END, sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.iterative_expansion import shift, z_doubled
from ascentcheck.theory.domain import Range
from ascentcheck.theory.expression import W0, enclose, precision
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import (
    alpha,
    learning_rate,
    n_forget,
    n_group,
    n_retain,
    pull_forget,
    pull_retain,
    ridge,
    w,
)


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the fixed points of the exact map beside the simultaneous minimum with ridge 2λ.

    The conclusion is that the two agree to 1%: there is one fixed point, stable, and |w − w^DA| ≤ |w^DA|/100.
    `learning_rate_1_percent` is the rate, to first order, at which they come to differ by 1%.
    """
    rate, ridge_ = point[learning_rate], point[ridge]
    retain, forget = point[n_group] / point[n_retain], point[alpha] * point[n_group] / point[n_forget]
    here = {pull_retain: retain, pull_forget: forget, ridge: ridge_, learning_rate: rate}
    points = iteration.fixed_points(rate, ridge_, retain, forget)
    exists = sign_at(sp.E * z_doubled + 1, here, NEXT_TO_THE_END) == 1
    simultaneous = None
    if exists:
        simultaneous = fmpq(0) if retain == forget else enclose(W0(z_doubled), here)
    hypotheses = on_coordinate.hypotheses(point) | {"simultaneous_minimum_exists": exists}
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "w_da_doubled_ridge": simultaneous,
        "fixed_points": [{"w": p.w, "multiplier": p.multiplier, "kind": p.kind} for p in points],
        "learning_rate_1_percent": None,
    }
    holds, margin = None, None
    if simultaneous is not None:
        speed = sp.Abs(shift.subs(w, W0(z_doubled)))
        if retain != forget:
            values["learning_rate_1_percent"] = enclose(sp.Abs(W0(z_doubled)) / (100 * speed), here)
        with precision(iteration.BITS):
            far = abs(points[0].w - arb(simultaneous))
            margin = abs(arb(simultaneous)) / 100 - far
        holds = len(points) == 1 and points[0].kind == "stable" and conclusion(margin) is True
    return Evaluation(hypotheses, values, holds, margin)


EXISTS = "(ρ − φ)/(2λ) ≥ −1/e"

CLOSER = "max{w^s, −w^s}/100 − max{u − w^s, w^s − u}"
"""1% of w^s less the distance of the lowest fixed point from it, as text."""

VALUES = Values(
    inputs=lemma_2.DOMAIN.extend(Range(learning_rate, 0, 1 / ridge, low_open=True, high_open=True)),
    evaluate=evaluate,
    prints=(
        *on_coordinate.COUNTED,
        Prints("simultaneous_minimum_exists", EXISTS),
        Prints("w_da_doubled_ridge", "w^s", EXISTS),
        Prints("learning_rate_1_percent", "w^s/100/max{moved, −moved}", "φ < ρ"),
        Prints("learning_rate_1_percent", "−w^s/100/max{moved, −moved}", f"φ > ρ and {EXISTS}"),
        Prints("fixed_points.1.w", "u"),
        Prints("fixed_points.1.multiplier", "M"),
        Prints("fixed_points.2.kind", {"unstable": "N > 1"}, f"N > 1 and {EXISTS}"),
        Prints("fixed_points", PROVED_ELSEWHERE),
        Prints("holds", f"N = 1 and M² < 1 and {CLOSER} > 0", EXISTS),
        Prints("margin", CLOSER, EXISTS),
    ),
    equations=("u = κh − ηφ·e^{−h}", "M = (κ + ηφ·e^{−h})(κ − ηρ·e^{−u})"),
    simulate=simulated.iterated,
)
