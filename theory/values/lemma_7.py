"""Lemma 7 at a point: the pretrained solution, and how far x^D is from its lower bound."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import DOMAIN, x_pretrained, y_pretrained
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair at one exact point; the conclusion is that all four bounds hold.

    The margin is the distance of x^D from its lower bound, the least of the four gaps (`claims/pair_gaps`).
    """
    equal = point[epsilon] in (0, 1) or point[alpha] in (0, 1)
    margin = on_pair.gap(x_pretrained, pair.x_lower, point, equal=equal)
    return Evaluation(on_pair.hypotheses(point), on_pair.values(point), conclusion(margin), margin)


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
        Prints("margin", f"x^D − {pair.BOUND_TEXTS['x_pretrained_lower']}"),
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
            DOMAIN,
            ulps=4,
        ),
    ),
    simulate=partial(on_pair.simulate, "lemma-7"),
)
