"""Lemma 5 at a point: the distance of descent-ascent from the oracle, and its bound."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import DOMAIN, z_retrained
from ascentcheck.theory.claims.lemma_5 import distance
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.margins import conclusion, signed
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha, n_forget, n_retain


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the distance |w^R − w^DA|, the bound, and the slack |w^DA|; null without a DA minimum."""
    values = on_coordinate.solutions(point)
    hypotheses = on_coordinate.hypotheses(point) | {
        "alpha_at_least_balance": bool(point[alpha] * point[n_retain] >= point[n_forget])
    }
    bound = enclose(W0(z_retrained), point)
    if values["w_da"] is None:
        return Evaluation(hypotheses, {**values, "distance": None, "bound": bound}, None, None)
    _, gap = signed(distance, point)
    slack = enclose(distance - W0(z_retrained), point)
    return Evaluation(hypotheses, {**values, "distance": gap, "bound": bound}, conclusion(slack), slack)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_coordinate.SOLUTIONS,
        Prints("alpha_at_least_balance", "α ≥ α₀"),
        Prints("distance", "w^R − w^DA", "α ≤ α₂"),
        Prints("bound", "w^R"),
        Prints("holds", "w^DA ≤ 0", "α ≤ α₂"),
        Prints("margin", "−w^DA", "α ≤ α₂"),
    ),
    simulate=on_coordinate.simulate,
)
