"""The first step on one coordinate: its two parts, and whether it leads away from the oracle."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import balance, z_pretrained, z_retrained
from ascentcheck.theory.expression import enclose
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.theorems.first_step_component import beta, lead
from ascentcheck.theory.theorems.first_step_scalar import (
    SCALAR,
    gap_scalar,
    pulled_scalar,
    speed_scalar,
    turning,
    w_pretrained,
    w_retrained,
    z_ascent,
)
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha, ridge

SPEED = "(w^D − w^R)·λ(z − z^D)e^{−w^D}"
"""d/dt ½(w − w^R)² at w^D, as text."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the first step on one coordinate (exponential loss); the conclusion is that it moves away from the oracle.

    `shrinkage` and `fine_tuning` are the two parts of the speed, which is the margin.
    """
    moved, wanted = sign_at(z_ascent - z_pretrained, point), sign_at(z_retrained - z_pretrained, point)
    holds = None if moved is None or wanted is None else moved * wanted < 0
    still = wanted == 0
    shrinkage = fmpq(0) if still else enclose(beta * ridge * w_pretrained * gap_scalar, point)
    fine_tuning = fmpq(0) if still else enclose(lead * pulled_scalar * gap_scalar, point)
    margin = fmpq(0) if still or moved == 0 else enclose(speed_scalar, point)
    values = {
        "w_pretrained": enclose(w_pretrained, point),
        "w_retrained": enclose(w_retrained, point),
        "shrinkage": shrinkage,
        "fine_tuning": fine_tuning,
        "direction": "neither" if margin == 0 else "away" if holds else "toward",
    }
    hypotheses = on_coordinate.hypotheses(point) | {
        "alpha_above_turning": sign_at(alpha - turning, point) == 1,
        "alpha_below_balance": sign_at(balance - alpha, point) == 1,
    }
    return Evaluation(hypotheses, values, holds, margin)


VALUES = Values(
    inputs=SCALAR,
    defaults={beta: "1"},
    prints=(
        *on_coordinate.COUNTED,
        Prints("w_pretrained", "w^D"),
        Prints("w_retrained", "w^R"),
        Prints("alpha_above_turning", "α > α₁"),
        Prints("alpha_below_balance", "α < α₀"),
        Prints("shrinkage", "βλw^D(w^R − w^D)"),
        Prints("fine_tuning", "κ(|R_j|/|R|·e^{−w^D} − λw^D)(w^R − w^D)"),
        Prints(
            "direction",
            {"away": "α > α₁ and α < α₀", "toward": "α < α₁ or α > α₀", "neither": "α = α₁ or α = α₀"},
        ),
        Prints("holds", f"{SPEED} > 0"),
        Prints("margin", SPEED),
    ),
    evaluate=evaluate,
    simulate=simulated.first_steps,
)
