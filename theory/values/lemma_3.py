"""Lemma 3 at a point: the three solutions, the direction of descent-ascent, and the product of the differences."""

from collections.abc import Mapping

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import NEXT_TO_THE_END, sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Simulation, Values
from ascentcheck.theory.claims.lemma_2 import DOMAIN, balance, limit, z_da, z_pretrained, z_retrained
from ascentcheck.theory.claims.lemma_3 import product, turning
from ascentcheck.theory.margins import at_least, signed
from ascentcheck.theory.values import on_coordinate
from ascentcheck.theory.vocabulary import alpha

DIRECTION = Prints(
    "direction",
    {
        "toward": "α < α₁",
        "stays": "α = α₁",
        "away": "α > α₁ and α ≤ α₀",
        "past": "α > α₀ and α < α₂",
        "none": "α ≥ α₂",
    },
)


def direction(point: Mapping[sp.Symbol, fmpq]) -> str:
    """Return where the DA minimum lies as seen from w_pretrained: toward, past, away, stays (it is w^D) or none."""
    if sign_at(limit - alpha, point, NEXT_TO_THE_END) != 1:
        return "none"
    moved = sign_at(z_da - z_pretrained, point)
    wanted = sign_at(z_retrained - z_pretrained, point)
    beyond = sign_at(z_da - z_retrained, point)
    if moved == 0:
        return "stays"
    if wanted == 0 or moved != wanted:
        return "away"
    return "past" if beyond == wanted else "toward"


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the three solutions, the direction, and whether (w^DA − w^D)(w^D − w^R) ≥ 0."""
    where = direction(point)
    values = {**on_coordinate.solutions(point), "direction": where}
    bounds = {
        "alpha_at_least_turning": at_least(alpha, turning, point),
        "alpha_at_most_balance": at_least(balance, alpha, point),
    }
    holds, margin = None, None
    if where != "none":
        sign, margin = signed(product, point)
        holds = None if sign is None else sign >= 0
    return Evaluation(on_coordinate.hypotheses(point) | bounds, values, holds, margin)


def simulate() -> Simulation:
    """Check the three directions with a solver: one orthogonal group in each of the three ranges of α."""
    return on_coordinate.simulate()


VALUES = Values(
    inputs=DOMAIN,
    evaluate=evaluate,
    prints=(
        *on_coordinate.SOLUTIONS,
        DIRECTION,
        Prints("alpha_at_least_turning", "α ≥ α₁"),
        Prints("alpha_at_most_balance", "α ≤ α₀"),
        Prints("holds", "(w^DA − w^D)(w^D − w^R) ≥ 0", "α < α₂"),
        Prints("margin", "(w^DA − w^D)(w^D − w^R)", "α < α₂"),
    ),
    simulate=simulate,
)
