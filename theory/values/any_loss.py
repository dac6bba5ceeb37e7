"""The three solutions on one coordinate with the logistic loss, and the bounds of their distances."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import DOMAIN, balance, z_da, z_pretrained, z_retrained
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.theorems.any_loss import w_da, w_pretrained, w_retrained
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha

NOTHING, AWAY = "max{v^D − v^R, v^R − v^D}", "v^R − v^DA"


EQUATIONS = tuple(f"v^{which}(1 + e^{{v^{which}}}) = z^{which}" for which in ("D", "R", "DA"))


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the three logistic solutions; the conclusion is that descent-ascent ends at least as far as doing nothing.

    `bound_nothing` and `bound_da` are the bounds of the distance of doing nothing and of |w_da|; `exponential_has_minimum`
    tells whether the paper's loss would have a descent-ascent minimum at these sizes.
    """
    compared, balanced = sign_at(alpha - turning, point), sign_at(balance - alpha, point)
    still = balanced == 0
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "w_pretrained": enclose(w_pretrained, point),
        "w_retrained": enclose(w_retrained, point),
        "w_da": fmpq(0) if still else enclose(w_da, point),
        "distance_nothing": fmpq(0) if still else enclose(sp.Abs(w_pretrained - w_retrained), point),
        "distance_da": enclose(sp.Abs(w_da - w_retrained), point) if point[alpha] else fmpq(0),
        "bound_nothing": fmpq(0) if still else enclose(sp.Abs(sp.log(z_pretrained / z_retrained)), point),
        "bound_da": enclose(sp.Abs(z_da), point),
    }
    apart = sp.Abs(w_da - w_retrained) - sp.Abs(w_pretrained - w_retrained)
    hypotheses = on_coordinate.hypotheses(point) | {
        "alpha_at_least_turning": compared in (0, 1),
        "alpha_at_most_balance": balanced in (0, 1),
        "exponential_has_minimum": sign_at(sp.E * z_da + 1, point) == 1,
    }
    holds = None if compared is None else compared >= 0
    return Evaluation(hypotheses, values, holds, fmpq(0) if compared == 0 else enclose(apart, point))


VALUES = Values(
    inputs=DOMAIN,
    prints=(
        *on_coordinate.COUNTED,
        Prints("alpha_at_least_turning", "α ≥ α₁"),
        Prints("alpha_at_most_balance", "α ≤ α₀"),
        Prints("exponential_has_minimum", "α ≤ α₂"),
        Prints("w_pretrained", "v^D"),
        Prints("w_retrained", "v^R"),
        Prints("w_da", "v^DA"),
        Prints("distance_nothing", NOTHING),
        Prints("distance_da", AWAY),
        Prints("bound_nothing", "max{ln((1+α)|R|/|D|), −ln((1+α)|R|/|D|)}"),
        Prints("bound_da", "max{1 − α|R|/|F|, α|R|/|F| − 1}·|R_j|/(λ|R|)"),
        Prints("holds", f"{AWAY} ≥ {NOTHING}", "α < α₁ or α > α₁"),
        Prints("holds", "α ≥ α₁"),
        Prints("margin", f"{AWAY} − {NOTHING}"),
    ),
    equations=EQUATIONS,
    evaluate=evaluate,
    simulate=partial(simulated.logistic_groups, (w_pretrained, w_retrained, w_da)),
)
