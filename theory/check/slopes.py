"""Functions with rules of their own: the slope must be that of their values, and a closed form the value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.texts import relations
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.expression import ball, ball_function, precision

AGREEING_BITS = 44
SLOPES_AT = ((fmpq(1), fmpq(1, 3), fmpq(1, 2)), (fmpq(2), fmpq(-1, 10), fmpq(1, 3)))
"""Where slopes are compared with quotients of differences: two strengths and ε, of a pretrained model and of descent-ascent."""
FOLDS_AT = ((fmpq(2), fmpq(1, 3)), (fmpq(1, 5), fmpq(7, 10)), (fmpq(2), fmpq(1)), (fmpq(2), fmpq(0)))
"""Where the fold of descent-ascent is looked at: a retain strength and ε."""
CLOSED_AT = (
    (fmpq(1, 2), fmpq(1, 2), fmpq(1, 3)),
    (fmpq(2), fmpq(1, 3), fmpq(1)),
    (fmpq(2), fmpq(1, 3), fmpq(0)),
    (fmpq(2), fmpq(0), fmpq(1, 3)),
    (fmpq(1), fmpq(-11, 10), fmpq(1)),
)
"""Where a function of two strengths and ε may have a closed form."""


def unlike_slopes(claim: Claim) -> Iterator[str]:
    """Yield the functions with a rule for their slope that is not the slope of their values."""
    for function in {atom.func for relation in {*relations(claim)} for atom in relation.atoms(sp.Function)}:
        if hasattr(function, "ball_rule") and function.nargs == {len(SLOPES_AT[0])}:
            yield from _unlike_slope(function, function.fdiff, function.ball_rule.__func__)
            yield from _unlike_closed(function)
            yield from _unlike_scalar(function)
            yield from _unlike_fold(function)


@lru_cache(maxsize=64)
def _unlike_slope(function: type[sp.Function], *rules: object) -> tuple[str, ...]:
    """Return what is wrong with a function's slopes; the same function with the same `rules` is not asked again."""
    return tuple(_slopes(function))


def _unlike_closed(function: type[sp.Function]) -> Iterator[str]:
    """Yield where a closed form is not the value that its function has there."""
    for place in CLOSED_AT if hasattr(function, "closed") else ():
        value = ball(function(*map(_rational, place)), {})
        closed = function.closed(*place)
        if closed is None or not value.is_finite():
            continue
        found = ball(closed, {})
        if not abs(found - value) <= abs(value) * arb(2) ** -AGREEING_BITS:
            yield f"{function.__name__}({', '.join(map(str, place))}) is {value.str(12)}, not {found.str(12)}"


def _unlike_scalar(function: type[sp.Function]) -> Iterator[str]:
    """Yield where the function of one variable that is solved is not 0 at the solution, or its slope is not the one stated.

    Its variable is log |φ|, φ the pull of the second strength.
    """
    at, small = arb(1) / 4, arb(2) ** -80
    for place in SLOPES_AT if hasattr(function, "scalar") else ():
        value, slope = function.scalar(*place)
        with precision(320):
            quotient, stated = (value(at + small) - value(at)) / small, slope(at)
            solved = function.solved(*place).y
            left = value(arb(abs(place[1])).log() - solved)
        if solved.is_finite() and not abs(left) <= arb(2) ** -AGREEING_BITS:
            yield f"what is solved for {function.__name__} is {left.str(12)} at its solution for {', '.join(map(str, place))}"
        if not abs(quotient - stated) <= abs(stated) * arb(2) ** -AGREEING_BITS:
            where = ", ".join(map(str, place))
            yield f"the slope of what is solved for {function.__name__} is {stated.str(12)}, not {quotient.str(12)} at {where}"


def _unlike_fold(function: type[sp.Function]) -> Iterator[str]:
    """Yield where the end of what exists is not where it is said to be."""
    for a, e in FOLDS_AT if hasattr(function, "at_fold") else ():
        with precision(320):
            for found, stated in function.at_fold(a, e):
                if not abs(found - stated) <= (1 + abs(stated)) * arb(2) ** -AGREEING_BITS:
                    yield f"at the fold for {a}, {e} there is {found.str(12)} where {stated.str(12)} should be"


def _rational(value: fmpq) -> sp.Rational:
    return sp.Rational(int(value.p), int(value.q))


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
