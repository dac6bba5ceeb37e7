r"""Formulas as sympy objects, and their values on balls.

`W0` and `Wm1` stand for the two real branches of the Lambert function. They are functions of this
project, so that nothing is rewritten behind our back; `ball_function` turns an expression into a
function from exact rational points to python-flint balls. Every number of an expression is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from ascentcheck.theory.vocabulary import LATEX

Point = Mapping[sp.Symbol, fmpq]
WORKING_BITS = 192
"""Bits of a computation in balls that is done once; what it ends at carries its error with it."""


class W0(sp.Function):  # type: ignore[misc]
    """Principal real branch of z = w·e^w: w ≥ −1, for z ≥ −1/e."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """W' = 1/(e^W (1 + W))."""
        return sp.exp(-self) / (1 + self)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"W_0{power}\!\left({printer._print(self.args[0])}\right)"


class Wm1(sp.Function):  # type: ignore[misc]
    """Lower real branch of z = w·e^w: w ≤ −1, for −1/e ≤ z < 0."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """W' = 1/(e^W (1 + W))."""
        return sp.exp(-self) / (1 + self)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"W_{{-1}}{power}\!\left({printer._print(self.args[0])}\right)"


def latex(expression: sp.Basic) -> str:
    """Return LaTeX of an expression or relation in the paper's symbols."""
    return str(sp.latex(expression, symbol_names=LATEX, fold_short_frac=False))


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Set python-flint's global working precision within a block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def _lambert(branch: int) -> Callable[[arb], arb]:
    def value(z: arb) -> arb:
        return z.lambertw(branch)

    return value


def _heaviside(x: arb) -> arb:
    """Return 0 left of 0, 1 right of it, and else [0, 1]: the slopes that max and min may have there."""
    if x > 0:
        return arb(1)
    return arb(0) if x < 0 else arb(0).union(arb(1))


_UNARY: dict[Any, Callable[[arb], arb]] = {
    sp.exp: lambda x: x.exp(),
    sp.log: lambda x: x.log(),
    sp.Abs: abs,
    sp.tanh: lambda x: x.tanh(),
    sp.Heaviside: _heaviside,
    W0: _lambert(0),
    Wm1: _lambert(-1),
}


def _square(x: arb) -> arb:
    return x * x


def _ball_max(x: arb, y: arb) -> arb:
    return (x + y + abs(x - y)) / 2


@lru_cache(maxsize=4096)
def ball_function(expression: sp.Expr, box: bool = False) -> Callable[[Any], arb]:
    """Return a function from points to a ball that holds the value of `expression` at the point.

    A point maps every free symbol to an `fmpq`, and rational parts of the formula are computed exactly
    before any rounding; with `box` it maps them to `arb`, and the ball holds all values over the box.
    Outside the real domain of a logarithm, root or W the ball is not finite. Raises TypeError for an
    expression that holds a floating-point number or a function that has no rule here.
    """
    exact = None if box or expression.is_Atom else rational_function(expression)
    if exact is not None:
        return lambda point: arb(exact(point))
    if expression.is_Symbol:
        return lambda point: arb(point[expression])
    if isinstance(expression, sp.Float):
        raise TypeError(f"a formula holds the inexact number {expression}")
    if expression.is_Rational:
        value = fmpq(int(expression.p), int(expression.q))
        return lambda point: arb(value)
    if expression is sp.E:
        return lambda point: arb.const_e()
    if expression is sp.pi:
        return lambda point: arb.pi()
    parts = [ball_function(part, box) for part in expression.args]
    if expression.is_Add:
        return lambda point: sum((part(point) for part in parts), arb(0))
    if expression.is_Mul:

        def product(point: Point) -> arb:
            result = arb(1)
            for part in parts:
                result *= part(point)
            return result

        return product
    if isinstance(expression, sp.exp):
        inner = ball_function(expression.exp, box)
        return lambda point: inner(point).exp()
    if expression.is_Pow:
        base, power = parts
        if expression.exp.is_Integer:
            exponent = int(expression.exp)
            if exponent == 2 and not box:  # flint's power is not finite where the ball holds 0
                return lambda point: _square(base(point))
            return lambda point: base(point) ** exponent
        if expression.exp == sp.S.Half:
            return lambda point: base(point).sqrt()
        return lambda point: (power(point) * base(point).log()).exp()
    if isinstance(expression, sp.Max):

        def largest(point: Point) -> arb:
            values = [part(point) for part in parts]
            result = values[0]
            for value in values[1:]:
                result = _ball_max(result, value)
            return result

        return largest
    if isinstance(expression, sp.Min):
        flipped = ball_function(sp.Max(*[-part for part in expression.args], evaluate=False), box)
        return lambda point: -flipped(point)
    if expression.func in _UNARY:
        apply, inner = _UNARY[expression.func], parts[0]
        return lambda point: apply(inner(point))
    if hasattr(expression.func, "ball_rule") and not box:
        return expression.func.ball_rule(expression)  # type: ignore[no-any-return]
    raise TypeError(f"no ball rule for {expression.func.__name__}")


@lru_cache(maxsize=4096)
def rational_function(expression: sp.Expr) -> Callable[[Point], fmpq] | None:
    """Return a function from exact points to the exact value, or None for a formula with more than + − × ÷."""
    if expression.is_Symbol:
        return lambda point: fmpq(point[expression])
    if expression.is_Rational:
        value = fmpq(int(expression.p), int(expression.q))
        return lambda point: value
    if expression.is_Pow and expression.exp.is_Integer:
        base, exponent = rational_function(expression.base), int(expression.exp)
        return None if base is None else (lambda point: base(point) ** exponent)
    if not (expression.is_Add or expression.is_Mul):
        return None
    parts = [rational_function(part) for part in expression.args]
    if None in parts:
        return None
    whole = [part for part in parts if part is not None]
    if expression.is_Add:
        return lambda point: sum((part(point) for part in whole), fmpq(0))
    return lambda point: prod((part(point) for part in whole), start=fmpq(1))


def ball(expression: sp.Expr, point: Point, bits: int = 128) -> arb:
    """Return a ball that holds `expression` at `point`, at working precision `bits`."""
    with precision(bits):
        return ball_function(sp.sympify(expression))(point)


DIGITS, DIGITS_TO_CANCEL = 17, 40
"""Correct digits of a value, and of one from which another is to be taken."""


def enclose(expression: sp.Expr, point: Point, digits: int = DIGITS, most_bits: int = 1 << 14) -> arb:
    """Return a ball with at least `digits` correct digits, or the exact 0; nan where it is undefined.

    The precision doubles until the relative radius is below 10^-digits. A value that stays
    indistinguishable from 0 at `most_bits` bits comes back as the ball that was reached.
    """
    bits = 96
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
