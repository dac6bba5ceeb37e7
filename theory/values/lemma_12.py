"""Lemma 12 at a point: how far x^D is above y^D."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.pair import DOMAIN, x_pretrained, y_pretrained
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair at one exact point; the conclusion is y^D ≤ x^D."""
    margin = on_pair.gap(x_pretrained, y_pretrained, point, equal=point[epsilon] == 1 or point[alpha] == 1)
    return Evaluation(on_pair.hypotheses(point), on_pair.values(point), conclusion(margin), margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(*on_pair.PRINTS, Prints("holds", "y^D ≤ x^D"), Prints("margin", "x^D − y^D")),
    equations=on_pair.EQUATIONS,
    simulate=partial(on_pair.simulate, "lemma-12"),
)
