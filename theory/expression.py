"""Values of formulas at exact points, as python-flint balls of a wanted precision, and what formulas are made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import sympy as sp
from flint import arb, ctx, fmpq

from ascentcheck.theory.compiled import Place as Place
from ascentcheck.theory.compiled import Places as Places
from ascentcheck.theory.compiled import Point as Point
from ascentcheck.theory.compiled import asked_once as asked_once
from ascentcheck.theory.compiled import ball_function as ball_function
from ascentcheck.theory.compiled import rational_function as rational_function
from ascentcheck.theory.functions import W0 as W0
from ascentcheck.theory.functions import Wm1 as Wm1
from ascentcheck.theory.functions import latex as latex

FIRST_BITS = 96
"""Bits with which a value or a sign is sought first."""
WORKING_BITS = 192
"""Bits of a computation in balls that is done once; what it ends at carries its error with it."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Set python-flint's global working precision within a block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(expression: sp.Expr, point: Point, bits: int = 128) -> arb:
    """Return a ball that holds `expression` at `point`, at working precision `bits`."""
    before, ctx.prec = ctx.prec, bits
    try:
        return ball_function(expression if isinstance(expression, sp.Basic) else sp.sympify(expression))(
            point
        )
    finally:
        ctx.prec = before


DIGITS, DIGITS_TO_CANCEL = 17, 40
"""Correct digits of a value, and of one from which another is to be taken."""


@asked_once
def enclose(expression: sp.Expr, point: Point, digits: int = DIGITS, most_bits: int = 1 << 14) -> arb:
    """Return a ball with at least `digits` correct digits, or the exact 0; nan where it is undefined.

    The precision doubles until the relative radius is below 10^-digits. A value that stays
    indistinguishable from 0 at `most_bits` bits comes back as the ball that was reached.
    """
    bits = FIRST_BITS
    while True:
        value = ball(expression, point, bits)
        if value.is_finite() and (value == 0 or value.rel_accuracy_bits() > 3.33 * digits + 2):
            return value
        bits *= 2
        if bits > most_bits:
            return value


def rational(value: object) -> fmpq:
    """Return an exact rational from an int, Fraction, sympy Rational or fmpq."""
    if isinstance(value, fmpq):
        return value
    if isinstance(value, int | Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, sp.Rational):
        return fmpq(int(value.p), int(value.q))
    raise TypeError(f"{value!r} is not an exact rational")
