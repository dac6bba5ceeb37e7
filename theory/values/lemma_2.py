"""Lemma 2 at a point: the closed forms, and up to which α there is one for descent-ascent."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims.lemma_2 import (
    DOMAIN,
    TWO_SOLUTIONS,
    WITH_SOLUTION,
    limit,
    z_da,
    z_pretrained,
    z_retrained,
)
from ascentcheck.theory.expression import W0, Wm1, enclose
from ascentcheck.theory.values.on_coordinate import (
    SOLUTIONS,
    hypotheses,
    simulate,
    solutions,
    w_da,
    w_da_maximum,
    w_pretrained,
    w_retrained,
)
from ascentcheck.theory.vocabulary import alpha


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the closed forms at one exact point; the conclusion is that the DA problem has a solution."""
    values = solutions(point)
    exists = values["w_da"] is not None
    margin = enclose(limit - alpha, point)
    return Evaluation(hypotheses(point) | {"da_stationary_point_exists": exists}, values, exists, margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *SOLUTIONS,
        Prints("da_stationary_point_exists", "α ≤ α₂"),
        Prints("holds", "α ≤ α₂"),
        Prints("margin", "α₂ − α"),
    ),
    float_forms=(
        FloatForm("w_pretrained", w_pretrained, W0(z_pretrained), DOMAIN, ulps=8),
        FloatForm("w_retrained", w_retrained, W0(z_retrained), DOMAIN, ulps=8),
        FloatForm("w_da", w_da, W0(z_da), WITH_SOLUTION, ulps=8),
        FloatForm("w_da_maximum", w_da_maximum, Wm1(z_da), TWO_SOLUTIONS, ulps=8),
    ),
    simulate=simulate,
)
