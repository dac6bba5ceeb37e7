"""Corollary 1 at a point: the oracle's distances from the pretrained model and from descent-ascent."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.corollary_1 import distance_da
from ascentcheck.theory.claims.lemma_2 import DOMAIN, z_pretrained, z_retrained
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.margins import signed
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha, n_forget, n_retain


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return both distances and the two lower bounds; the conclusion is Δ_{R,DA} > Δ_{R,D}."""
    values = on_coordinate.solutions(point)
    hypotheses = on_coordinate.hypotheses(point)
    if values["w_da"] is None:
        return Evaluation(
            hypotheses, {**values, "distance_pretrained": None, "distance_da": None}, None, None
        )
    same = sign_at(z_pretrained - z_retrained, point) == 0
    pretrained = fmpq(0) if same else abs(enclose(W0(z_pretrained) - W0(z_retrained), point))
    da = fmpq(0) if point[alpha] == 0 else enclose(distance_da, point)
    side = 1 if bool(point[alpha] * point[n_retain] >= point[n_forget]) else -1
    sign, margin = signed(distance_da - side * (W0(z_pretrained) - W0(z_retrained)), point)
    values |= {"distance_pretrained": pretrained, "distance_da": da}
    return Evaluation(hypotheses, values, None if sign is None else sign > 0, margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_coordinate.SOLUTIONS,
        Prints("distance_pretrained", on_coordinate.APART, "α ≤ α₂"),
        Prints("distance_da", "w^R − w^DA", "α ≤ α₂"),
        Prints("holds", f"w^R − w^DA > {on_coordinate.APART}", "α ≤ α₂"),
        Prints("margin", f"w^R − w^DA − {on_coordinate.APART}", "α ≤ α₂"),
    ),
    simulate=on_coordinate.simulate,
)
