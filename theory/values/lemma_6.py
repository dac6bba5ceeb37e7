"""Lemma 6 at a point: the retrained solution on the pair, and how far x^R is above y^R."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.floats import broadcast
from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims.pair import DOMAIN, x_retrained, y_retrained
from ascentcheck.theory.lambert import Array
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.values.on_coordinate import w_principal
from ascentcheck.theory.vocabulary import epsilon


@broadcast
def x_float(retain: Array, forget: Array, ridge_: Array, group: Array, eps: Array, alpha_: Array) -> Array:
    """Return x^R, shape of the broadcast inputs; dimensionless. Lemma 6."""
    return w_principal((1 + eps * eps) * group, retain, ridge_)


def y_float(retain: Array, forget: Array, ridge_: Array, group: Array, eps: Array, alpha_: Array) -> Array:
    """Return y^R, shape of the broadcast inputs; dimensionless. Lemma 6."""
    return np.asarray(2 * eps / (1 + eps * eps) * x_float(retain, forget, ridge_, group, eps, alpha_))


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair at one exact point; the conclusion is y^R ≤ x^R, with its gap."""
    margin = on_pair.gap(x_retrained, y_retrained, point, equal=point[epsilon] == 1)
    return Evaluation(on_pair.hypotheses(point), on_pair.values(point), conclusion(margin), margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(*on_pair.PRINTS, Prints("holds", "y^R ≤ x^R"), Prints("margin", "x^R − y^R")),
    equations=on_pair.EQUATIONS,
    float_forms=(
        FloatForm("x_retrained", x_float, x_retrained, DOMAIN, ulps=8),
        FloatForm("y_retrained", y_float, y_retrained, DOMAIN, ulps=8),
    ),
    simulate=partial(on_pair.simulate, "lemma-6"),
)
