"""Functions with a rule for their slope: it must be the slope of their values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.texts import relations
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.expression import ball_function, precision

AGREEING_BITS = 44
SLOPES_AT = ((fmpq(1), fmpq(1, 3), fmpq(1, 2)), (fmpq(2), fmpq(-1, 10), fmpq(1, 3)))
"""Where slopes are compared with quotients of differences: two strengths and ε, of a pretrained model and of descent-ascent."""


def unlike_slopes(claim: Claim) -> Iterator[str]:
    """Yield the functions with a rule for their slope that is not the slope of their values."""
    for function in {atom.func for relation in {*relations(claim)} for atom in relation.atoms(sp.Function)}:
        if hasattr(function, "ball_rule") and function.nargs == {len(SLOPES_AT[0])}:
            yield from _unlike_slope(function, function.fdiff, function.ball_rule.__func__)


@lru_cache(maxsize=64)
def _unlike_slope(function: type[sp.Function], *rules: object) -> tuple[str, ...]:
    """Return what is wrong with a function's slopes; the same function with the same `rules` is not asked again."""
    return tuple(_slopes(function))


def _slopes(function: type[sp.Function]) -> Iterator[str]:
    symbols = sp.symbols("first second third", real=True)
    value = function(*symbols)
    with precision(320):
        for place in SLOPES_AT:
            at, small = dict(zip(symbols, place, strict=True)), fmpq(1, 2**80)
            for symbol in symbols:
                after = ball_function(value)({**at, symbol: at[symbol] + small})
                quotient = (after - ball_function(value)(at)) / small
                slope = ball_function(value.diff(symbol))(at)
                if not abs(quotient - slope) <= abs(slope) * arb(2) ** -AGREEING_BITS:
                    shown = f"{slope.str(12)}, not {quotient.str(12)}"
                    yield f"the slope of {value} by {symbol} is {shown} at {', '.join(map(str, place))}"
