"""Lemma 4 at a point: the distance of the oracle from the pretrained solution, and its bound."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import DOMAIN, z_pretrained, z_retrained
from ascentcheck.theory.claims.lemma_4 import ratio, rise
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha, n_forget, n_retain


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return both solutions, their distance, the bound, and the slack bound − distance ≥ 0."""
    same = point[alpha] * point[n_retain] == point[n_forget]
    distance = fmpq(0) if same else abs(enclose(rise, point))
    bound = fmpq(0) if same else abs(enclose(sp.log(ratio), point))
    slack = fmpq(0) if same else abs(enclose(sp.log(W0(z_pretrained)) - sp.log(W0(z_retrained)), point))
    values = {k: x for k, x in on_coordinate.solutions(point).items() if k in ("w_pretrained", "w_retrained")}
    return Evaluation(
        on_coordinate.hypotheses(point), {**values, "distance": distance, "bound": bound}, True, slack
    )


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_coordinate.COUNTED,
        *on_coordinate.MINIMA[:2],
        Prints("distance", on_coordinate.APART),
        Prints("bound", "max{ln k, −ln k}"),
        Prints("holds", f"{on_coordinate.APART} ≤ max{{ln k, −ln k}}"),
        Prints("margin", "max{ln w^D − ln w^R, ln w^R − ln w^D}"),
    ),
    simulate=on_coordinate.simulate,
)
