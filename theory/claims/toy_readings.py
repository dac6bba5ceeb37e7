"""The words of the toy's claim: its readings as points, and quantities with the letters that stand for them (§5.2, Fig. 5)."""

from collections.abc import Mapping
from fractions import Fraction

import sympy as sp

from ascentcheck.theory.claim import Level, Proposition, Statement, Verdict
from ascentcheck.theory.domain import SMALL, Domain, Range, domain
from ascentcheck.theory.relations import eq
from ascentcheck.theory.toy.problem import Name
from ascentcheck.theory.toy.quantities import (
    INPUTS,
    LITERAL,
    correct,
    end,
    exponent,
    forgotten,
    incorrect,
    labels,
    minima,
    output,
)
from ascentcheck.theory.vocabulary import ridge

SHORT: dict[str, Name] = {"D": "pretrained", "R": "retrained", "DA": "da"}
AS_TOLD = LITERAL | {output: 1}
"""Outputs in (−1, 1), so that the labels ±1 can be reached."""
AS_DRAWN = AS_TOLD | {exponent: 1}
"""And σ(z) = 1/(1 + e^{−(1+z)}/2): as the figure is, at its ridge."""
FIGURE_RIDGE, SMALLER_RIDGE, FORGOTTEN = Fraction(1, 10), Fraction(1, 100), 2


def at(reading: Mapping[sp.Symbol, int], ridge_: Fraction, forgotten_: int = FORGOTTEN) -> Domain:
    """Return the single point of a reading, a ridge and a number of forgotten points."""
    values = {ridge: sp.Rational(ridge_), forgotten: sp.Rational(forgotten_)}
    values |= {symbol: sp.sympify(value) for symbol, value in reading.items()}
    return domain(*(Range(symbol, values[symbol], values[symbol]) for symbol in INPUTS.symbols))


LITERAL_POINT, TOLD_POINT, SMALL_POINT, DRAWN_POINT, TWO_POINT = (
    at(LITERAL, FIGURE_RIDGE),
    at(AS_TOLD, FIGURE_RIDGE),
    at(AS_TOLD, SMALLER_RIDGE),
    at(AS_DRAWN, FIGURE_RIDGE),
    at(AS_TOLD | {labels: 1}, FIGURE_RIDGE, 4),
)
"""Four that the text means, and one at which descent-ascent has two minima."""

weight_a, weight_b = sp.symbols("weight_a weight_b", real=True)


def side(place: int) -> sp.Expr:
    """Return 1 + z at a place x, whose sign is the side of the boundary where the exponent is (1+z)/2: σ is 1/2 at z = −1."""
    return 1 + weight_a * place + weight_b * place**2


THREE_AND_FOUR_RIGHT = domain(
    Range(weight_b, sp.Rational(1, 12), low_open=True, scale=SMALL),
    Range(weight_a, -(1 + 16 * weight_b) / 4, -(1 + 9 * weight_b) / 3, low_open=True),
)
"""Planes with 1 + 3a + 9b ≤ 0 < 1 + 4a + 16b; b > 1/12 is needed for there to be such a."""


def equals(quantity: sp.Expr, number: int, where: Domain, says: str = "") -> Proposition:
    """Return that a quantity has a value at a point."""
    return Proposition(eq(quantity, number), where, says)


def holds(name: str, quote: str, remark: str, *propositions: Proposition) -> Statement:
    """Return a sentence that is true of the literal reading, by covers."""
    return Statement(
        name, "§5.2, Fig. 5", quote, propositions, propositions, (Verdict.AS_PRINTED, Level.CERTIFIED), remark
    )


LETTERS = {
    "a": weight_a,
    "b": weight_b,
    "#D": minima("pretrained"),
    "#R": minima("retrained"),
    "#DA": minima("da"),
    **{f"right_{short}{k}": correct(name, k) for short, name in SHORT.items() for k in (1, 2)},
    **{f"wrong_{short}{k}": incorrect(name, k) for short, name in SHORT.items() for k in (1, 2)},
    **{f"plane_{short}{k}": correct(name, k, "pretrained") for short, name in SHORT.items() for k in (1, 2)},
    "end_R": end("pretrained", 1, "retrained"),
    "end_DA": end("pretrained", 1, "da"),
    "end_after": end("da", 1, "retrained"),
}
"""Numbers of minima, weights that a minimum has right and wrong, and ends of flows. `plane_…` is the weight of all 14 samples
that it has right, which tells one plane from another here."""
