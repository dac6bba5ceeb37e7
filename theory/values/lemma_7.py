"""Lemma 7 at a point: how far the pretrained solution is from its four bounds."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import DOMAIN, x_pretrained, y_pretrained
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon

GAPS = "min{{x^D − {}, {} − x^D, y^D − {}, {} − y^D}}".format(
    *(pair.BOUND_TEXTS[name] for name in pair.BOUNDS)
)
"""The distances of the solution from its four bounds, as text."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair at one exact point; the conclusion is that all four bounds hold."""
    flat = point[epsilon] in (0, 1) or point[alpha] == 1
    uncorrelated = point[epsilon] == 0
    holds, margin = on_pair.smallest(
        [
            on_pair.gap(x_pretrained, pair.x_lower, point, equal=flat or point[alpha] == 0),
            on_pair.gap(pair.x_upper, x_pretrained, point, equal=uncorrelated or point[alpha] == 0),
            on_pair.gap(y_pretrained, pair.y_lower, point, equal=uncorrelated),
            on_pair.gap(pair.y_upper, y_pretrained, point, equal=flat),
        ]
    )
    return Evaluation(on_pair.hypotheses(point), on_pair.values(point), holds, margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_pair.PRINTS,
        Prints(
            "holds",
            " and ".join(
                (
                    f"x^D {sign} {pair.BOUND_TEXTS[name]}"
                    if name[0] == "x"
                    else f"y^D {sign} {pair.BOUND_TEXTS[name]}"
                    for name, sign in zip(pair.BOUNDS, "≥≤≥≤", strict=True)
                )
            ),
        ),
        Prints("margin", GAPS),
    ),
    equations=on_pair.EQUATIONS,
    float_forms=(
        FloatForm(
            "x_pretrained",
            lambda *columns: on_pair.pretrained_floats(*columns)[0],
            x_pretrained,
            DOMAIN,
            ulps=4,
        ),
        FloatForm(
            "y_pretrained",
            lambda *columns: on_pair.pretrained_floats(*columns)[1],
            y_pretrained,
            DOMAIN.restrict(alpha, low_open=True),
            ulps=4,
        ),
    ),
    simulate=partial(on_pair.simulate, "lemma-7"),
)
