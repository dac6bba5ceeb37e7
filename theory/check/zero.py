"""Is a formula exactly 0 at an exact point? Its terms there are rational numbers, and variables for what is not rational."""

from __future__ import annotations

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.frame import LARGEST, RING, Ratio, Refused, constant
from ascentcheck.theory.expression import W0, Point, Wm1, ball, rational_function
from ascentcheck.theory.identical import Terms

BITS = 192


def vanishes(expression: sp.Expr, point: Point) -> bool:
    """Whether an expression that has a value at a point is certainly 0 there; False where that is not seen.

    Equal functions of equal arguments are equal, e^{W(z)} is z/W(z), and of maxima the largest part is taken. A function with a
    rule `closed` is what that returns for its arguments.
    """
    try:
        return bool(_There(point).value(expression).top == 0)
    except (ArithmeticError, IndexError, Refused):
        return False


def _number(ratio: Ratio) -> fmpq | None:
    """Return the rational number that a ratio is, None where it has variables."""
    if not (ratio.top.is_constant() and ratio.bottom.is_constant()):
        return None
    return ratio.top.leading_coefficient() if ratio.top != 0 else fmpq(0)


class _There(Terms):
    """Quotients in the terms of formulas at one point."""

    def __init__(self, point: Point) -> None:
        super().__init__()
        self.point = point
        self.lambert: dict[tuple[int, ...], tuple[Ratio, Ratio]] = {}

    def value(self, of: sp.Expr) -> Ratio:
        exact = rational_function(of)
        if exact is not None:
            return constant(exact(self.point))
        if isinstance(of, sp.Max | sp.Min | sp.Abs):
            return self.chosen(of)
        if hasattr(of.func, "closed"):
            arguments = [_number(self.value(part)) for part in of.args]
            closed = of.func.closed(*arguments) if None not in arguments else None
            if closed is not None:
                return self.value(closed)
        if isinstance(of, W0 | Wm1 | sp.log):
            argument = self.value(of.args[0])
            if argument == constant(0 if isinstance(of, W0) else 1) and not isinstance(of, Wm1):
                return constant(0)
            variable = self.variable(of.func, argument)
            if not isinstance(of, sp.log):
                self.lambert[next(iter(variable.top.to_dict()))] = argument, variable
            return variable
        if of.is_Pow and of.exp == sp.S.Half:
            root = _root(_number(self.value(of.base)))
            if root is not None:
                return constant(root)
        return super().value(of)

    def chosen(self, of: sp.Expr) -> Ratio:
        """Return the part of a maximum, minimum or |…| that is its value."""
        parts = (of.args[0], -of.args[0]) if isinstance(of, sp.Abs) else of.args
        sign = -1 if isinstance(of, sp.Min) else 1
        best, *others = parts
        for part in others:
            gap = sign * ball(part - best, self.point, BITS)
            if gap > 0:
                best = part
            elif not gap < 0 and not vanishes(part - best, self.point):
                raise Refused("it is not known which part is the largest")
        return self.value(best)

    def exponential(self, exponent: Ratio) -> Ratio:
        """Return e^exponent as a product over the terms of the exponent; of W(z) it is z/W(z)."""
        result = constant(1)
        for powers, coefficient in exponent.top.to_dict().items():
            term = Ratio(RING.from_dict({powers: fmpq(1, int(coefficient.q))}), exponent.bottom)
            times = int(coefficient.p)
            whole = coefficient.q == 1 and exponent.bottom == 1
            if abs(times) > LARGEST:
                term, times, whole = term * constant(abs(times)), 1 if times > 0 else -1, False
            known = self.lambert.get(powers) if whole else None
            factor = self.variable(sp.exp, term) if known is None else known[0] * known[1] ** -1
            result = result * factor**times
        return result


def _root(value: fmpq | None) -> fmpq | None:
    """Return the rational square root of a number, None where there is none."""
    if value is None or value < 0:
        return None
    top, bottom = value.p.isqrt(), value.q.isqrt()
    return fmpq(top, bottom) if top**2 == value.p and bottom**2 == value.q else None
