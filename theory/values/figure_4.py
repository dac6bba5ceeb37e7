"""The window of figure 4 at a point, and whether the order that it promises is there."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import DOMAIN
from ascentcheck.theory.values import lemma_9, lemma_10, on_pair

IN_WINDOW = " and ".join(
    (
        "ε > 0",
        *(f"α ≥ {pair.BOUND_TEXTS[f'alpha_min_{n}']}" for n in "xy"),
        *(f"α ≤ {pair.BOUND_TEXTS[f'alpha_max_{n}']}" for n in "xy"),
        "α ≤ 1",
    )
)
"""Where the two lemmas promise the order, as text."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair, the window and the truth at one exact point.

    The conclusion is the order that the figure promises, (x^R, y^R) ≥ (x^D, y^D) ≥ (x^DA, y^DA); the hypothesis
    `in_window` says whether the two lemmas promise it here.
    """
    lower, upper = lemma_9.evaluate(point), lemma_10.evaluate(point)
    hypotheses = {**lower.hypotheses, **upper.hypotheses}
    promised = [
        f"alpha_at_{end}_{name}" for end in ("least_alpha_min", "most_alpha_max") for name in ("x", "y")
    ]
    hypotheses["in_window"] = all(hypotheses[name] for name in (*promised, "alpha_at_most_one"))
    if lower.holds is None or upper.margin is None or lower.margin is None:
        return Evaluation(hypotheses, upper.values, None, None)
    holds, margin = on_pair.smallest([lower.margin, upper.margin])
    return Evaluation(hypotheses, upper.values, holds, margin)


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *(
            part
            for other in (lemma_9.VALUES.prints, lemma_10.VALUES.prints[len(on_pair.PRINTS) :])
            for part in other
            if part.name not in ("holds", "margin")
        ),
        Prints("in_window", IN_WINDOW),
        Prints("holds", "x^R ≥ x^D and y^R ≥ y^D and x^D ≥ x^DA and y^D ≥ y^DA", "real x^DA"),
        Prints("margin", "min{y^R − y^D, x^D − x^DA}", "real x^DA"),
    ),
)
