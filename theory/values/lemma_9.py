"""Lemma 9 at a point: how far the pretrained solution lies above that of descent-ascent."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import (
    DOMAIN,
    alpha_min_x,
    alpha_min_y,
    strength,
    strength_da,
    strength_retrained,
    x_da,
    x_pretrained,
)
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.values import on_pair
from ascentcheck.theory.vocabulary import alpha, epsilon


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair at one exact point; the conclusion is x^D ≥ x^DA and y^D ≥ y^DA.

    The margin is x^D − x^DA, the lesser of the two gaps (`claims/pair_gaps`).
    """
    hypotheses, values = on_pair.hypotheses(point), on_pair.values(point)
    correlated = point[epsilon] > 0
    hypotheses |= {
        "alpha_at_least_alpha_min_x": correlated and _at_least(point, alpha_min_x),
        "alpha_at_least_alpha_min_y": _at_least(point, alpha_min_y),
    }
    if values["x_da"] is None:
        return Evaluation(hypotheses, values, None, None)
    equal = (
        point[epsilon] == 1
        and on_pair.exact(strength * (1 + alpha) - strength_retrained + strength_da, point) == 0
    )
    margin = on_pair.gap(x_pretrained, x_da, point, equal=equal)
    return Evaluation(hypotheses, values, conclusion(margin), margin)


def _at_least(point: Mapping[sp.Symbol, fmpq], number: sp.Expr) -> bool:
    return bool(on_pair.exact(alpha - number, point) >= 0)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_pair.PRINTS,
        Prints("alpha_at_least_alpha_min_x", f"ε > 0 and α ≥ {pair.BOUND_TEXTS['alpha_min_x']}"),
        Prints("alpha_at_least_alpha_min_y", f"α ≥ {pair.BOUND_TEXTS['alpha_min_y']}"),
        Prints("holds", "x^D ≥ x^DA and y^D ≥ y^DA", "real x^DA"),
        Prints("margin", "x^D − x^DA", "real x^DA"),
    ),
    equations=on_pair.EQUATIONS,
    float_forms=(
        FloatForm(
            "alpha_min_x",
            lambda retain, forget, ridge, group, eps, share: (
                (1 + eps * eps) / (2 * eps) * forget / retain * (forget / (retain + 2 * forget))
            ),
            alpha_min_x,
            DOMAIN.restrict(epsilon, low_open=True),
            ulps=4,
        ),
    ),
    simulate=partial(on_pair.simulate, "lemma-9"),
)
