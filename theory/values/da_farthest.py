"""How far both solutions are from the oracle at a point, and in which direction descent-ascent has gone."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.da_farthest import w_d, w_da, w_r
from ascentcheck.theory.claims.lemma_2 import DOMAIN
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.margins import at_least, signed
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.values.lemma_3 import DIRECTION, direction
from ascentcheck.theory.vocabulary import alpha

APART_DA = "w^R − w^DA"
"""Δ_{R,DA}, as text: w^DA is never above w^R."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return both distances from the oracle; the conclusion is that the DA minimum is at least as far."""
    values = {**on_coordinate.solutions(point), "direction": direction(point)}
    hypotheses = on_coordinate.hypotheses(point) | {"alpha_at_least_turning": at_least(alpha, turning, point)}
    if values["direction"] == "none":
        return Evaluation(
            hypotheses, {**values, "distance_pretrained": None, "distance_da": None}, None, None
        )
    pretrained = fmpq(0) if sign_at(w_d - w_r, point) == 0 else abs(enclose(w_d - w_r, point))
    da = fmpq(0) if sign_at(w_da - w_r, point) == 0 else abs(enclose(w_da - w_r, point))
    side = sign_at(w_d - w_r, point)
    farther = w_d - w_da if side == -1 else 2 * w_r - w_da - w_d
    sign, margin = signed(farther, point)
    values |= {"distance_pretrained": pretrained, "distance_da": da}
    return Evaluation(hypotheses, values, None if sign is None else sign >= 0, margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_coordinate.SOLUTIONS,
        DIRECTION,
        Prints("alpha_at_least_turning", "α ≥ α₁"),
        Prints("distance_pretrained", on_coordinate.APART, "α < α₂"),
        Prints("distance_da", APART_DA, "α < α₂"),
        Prints("holds", f"{APART_DA} ≥ {on_coordinate.APART}", "α < α₂"),
        Prints("margin", f"{APART_DA} − {on_coordinate.APART}", "α < α₂"),
    ),
    simulate=on_coordinate.simulate,
)
