"""Lemma 8 at a point: how far the descent-ascent minimum is from its two bounds."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import CERTAIN, DOMAIN, x_da, y_da
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair at one exact point; the conclusion is that both bounds hold."""
    hypotheses, values = on_pair.hypotheses(point), on_pair.values(point)
    if values["x_da"] is None:
        return Evaluation(hypotheses, values, None, None)
    flat, uncorrelated = point[epsilon] == 1, point[epsilon] == 0
    holds, margin = on_pair.smallest(
        [
            on_pair.gap(pair.x_da_upper, x_da, point, equal=flat or uncorrelated or point[alpha] == 0),
            on_pair.gap(pair.y_da_upper, y_da, point, equal=flat or uncorrelated),
        ]
    )
    return Evaluation(hypotheses, values, holds, margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_pair.PRINTS,
        Prints("holds", "x^DA = x^DA", "real x^DA"),
        Prints(
            "margin",
            f"min{{{pair.BOUND_TEXTS['x_da_upper']} − x^DA, {pair.BOUND_TEXTS['y_da_upper']} − y^DA}}",
            "real x^DA",
        ),
    ),
    equations=on_pair.EQUATIONS,
    float_forms=(
        FloatForm("x_da", lambda *columns: on_pair.da_floats(*columns)[0], x_da, CERTAIN, ulps=4),
        FloatForm(
            "y_da",
            lambda *columns: on_pair.da_floats(*columns)[1],
            y_da,
            CERTAIN,
            ulps=4,
        ),
    ),
    simulate=partial(on_pair.simulate, "lemma-8"),
)
