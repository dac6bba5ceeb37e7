"""Where L_R − βL_F ends on one coordinate, to first order and exactly, and what the theorem allows between them."""

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import z_pretrained, z_retrained
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.theorems.first_step_component import beta
from ascentcheck.theory.theorems.overshoot_scalar import (
    SCALAR,
    least_curvature,
    predicted,
    remainder_bound,
    w_end,
    w_pretrained,
    w_retrained,
    z_inside,
)
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import n_forget, n_retain


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the end of L_R − βL_F on one coordinate (its ridge inside), as predicted to first order and exactly.

    `remainder` is how far the two are apart, `remainder_bound` what the theorem allows; it is None where the bound on the
    curvature is not positive. The conclusion is that the end lies on the other side of the oracle; the margin is how far beyond.
    """
    onward, away = sign_at(z_inside - z_retrained, point), sign_at(z_retrained - z_pretrained, point)
    exists = sign_at(sp.E * z_inside + 1, point) == 1
    still = away == 0
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "w_pretrained": enclose(w_pretrained, point),
        "w_retrained": enclose(w_retrained, point),
        "ratio": enclose(beta * n_retain / n_forget, point),
        "predicted": enclose(predicted, point),
    }
    hypotheses = on_coordinate.hypotheses(point) | {"minimum_exists": exists}
    if not exists:
        absent = dict.fromkeys(("w_end", "remainder", "remainder_bound"))
        return Evaluation(hypotheses, values | absent, None, None)
    values["w_end"] = enclose(w_end, point)
    values["remainder"] = fmpq(0) if still else enclose(sp.Abs(w_end - predicted), point)
    bounded = sign_at(least_curvature, point) == 1
    values["remainder_bound"] = None if not bounded else fmpq(0) if still else enclose(remainder_bound, point)
    beyond = fmpq(0) if still else enclose(sp.Abs(w_end - w_retrained), point)
    holds = None if None in (onward, away) else onward == away
    return Evaluation(hypotheses, values, holds, beyond)


VALUES = Values(
    inputs=SCALAR,
    prints=(
        *on_coordinate.COUNTED,
        Prints("minimum_exists", "ez + 1 > 0"),
        Prints("w_pretrained", "w^D"),
        Prints("w_retrained", "w^R"),
        Prints("ratio", "β|R|/|F|"),
        Prints("predicted", "w^first"),
        Prints("w_end", "w^end", "ez + 1 > 0"),
        Prints("remainder", "max{w^end − w^first, w^first − w^end}", "ez + 1 > 0"),
        Prints("remainder_bound", "C/2·(β² + β|F|/|R|)", "μ_1 > 0"),
        Prints("holds", "(w^end − w^R)(w^R − w^D) ≥ 0", "ez + 1 > 0"),
        Prints("margin", "max{w^end − w^R, w^R − w^end}", "ez + 1 > 0"),
    ),
    evaluate=evaluate,
    simulate=simulated.best_stops,
)
