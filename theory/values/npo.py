"""Where NPO comes to rest on one coordinate, beside the three solutions."""

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import DOMAIN, balance, z_pretrained, z_retrained
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.solvers.npo_flow import NpoRest
from ascentcheck.theory.theorems.npo import ascent, descent
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha, ridge

w_npo = NpoRest(descent, ascent, ridge, z_pretrained)


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return where NPO (b = 1, exponential loss) comes to rest, beside the three solutions; does no stop help?

    `w_npo` is the first place at which its flow from w^D rests.
    """
    turned, balanced = sign_at(alpha - turning, point), sign_at(balance - alpha, point)
    path = (
        "past the oracle"
        if balanced == -1
        else "stays at the pretrained model"
        if turned == 0
        else "away from the oracle"
        if turned == 1
        else "toward the oracle"
    )
    solved = on_coordinate.solutions(point)
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "path": path,
        "w_npo": enclose(w_npo, point, most_bits=1 << 10),
    }
    values |= {name: solved[name] for name in ("w_pretrained", "w_retrained", "w_da")}
    hypotheses = on_coordinate.hypotheses(point) | {
        "alpha_at_least_turning": turned in (0, 1),
        "alpha_at_most_balance": balanced in (0, 1),
    }
    gap = fmpq(0) if balanced == 0 else enclose(W0(z_retrained) - W0(z_pretrained), point)
    holds = turned in (0, 1) and balanced in (0, 1)
    return Evaluation(hypotheses, values, holds, gap if holds else -abs(arb(gap)))


VALUES = Values(
    inputs=DOMAIN,
    prints=(
        *on_coordinate.COUNTED,
        *on_coordinate.MINIMA,
        Prints("alpha_at_least_turning", "α ≥ α₁"),
        Prints("alpha_at_most_balance", "α ≤ α₀"),
        Prints(
            "path",
            {
                "toward the oracle": "α < α₁",
                "stays at the pretrained model": "α = α₁",
                "away from the oracle": "α > α₁ and α ≤ α₀",
                "past the oracle": "α > α₀",
            },
        ),
        Prints("w_npo", "w^NPO"),
        Prints("holds", "α ≥ α₁ and α ≤ α₀"),
        Prints("margin", "w^R − w^D", "α ≥ α₁ and α ≤ α₀"),
        Prints("margin", "min{w^R − w^D, w^D − w^R}"),
    ),
    equations=("λw^NPO = (c_R − 2p^NPO/(p^NPO + p^D)·c_F)e^{−w^NPO}",),
    evaluate=evaluate,
    simulate=simulated.npo_descended,
)
