"""Whether two formulas are identically equal: the same quotient of polynomials once equal arguments make equal terms.

Symbols, exponentials, roots, W, ln and other functions of given arguments are variables, independent of one another;
powers of e are products of the powers of the terms of their exponents. So what is found equal is equal wherever both are
defined. Formulas that differ at one exact point, in ball arithmetic, are told apart without this.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.frame import RING, Ratio, Refused, constant
from ascentcheck.theory.expression import ball

BITS = 96


def identical(first: sp.Expr, second: sp.Expr) -> bool:
    """Whether two expressions are identically equal; False where they are too large to tell."""
    if first == second:
        return True
    if not _somewhere(first).overlaps(_somewhere(second)):
        return False
    terms = Terms()
    try:
        return terms.value(first) == terms.value(second)
    except (IndexError, Refused):
        return False


@lru_cache(maxsize=4096)
def _somewhere(expression: sp.Expr) -> arb:
    """Return the value at one exact point, the same for all expressions; everything where there is none."""
    point = {s: fmpq(2**16 + crc32(s.name.encode()) % 2**16, 2**17) for s in expression.free_symbols}
    try:
        value = ball(expression, point, BITS)
    except (ArithmeticError, TypeError):
        return arb("nan")
    return value if value.is_finite() else arb("nan")


class Terms:
    """Quotients in the terms of formulas, each with a variable of its own."""

    def __init__(self) -> None:
        self.known: list[tuple[object, tuple[Ratio, ...], Ratio]] = []

    def variable(self, kind: object, *arguments: Ratio) -> Ratio:
        """Return the variable for a function of given arguments, the same for equal ones."""
        for other, others, variable in self.known:
            if other == kind and others == arguments:
                return variable
        self.known.append((kind, arguments, Ratio(RING.gen(len(self.known)))))
        return self.known[-1][2]

    def value(self, of: sp.Expr) -> Ratio:
        """Return a formula as a quotient. Raises Refused, or IndexError, for one that is too large."""
        if of.is_Rational:
            return constant(fmpq(int(of.p), int(of.q)))
        if of.is_Atom and of is not sp.E:
            return self.variable(of)
        if isinstance(of, sp.exp) or of is sp.E:
            return self.exponential(self.value(of.exp) if of is not sp.E else constant(1))
        if of.is_Pow and of.exp.is_Rational:
            root = self.value(of.base)
            if of.exp.q != 1:
                root = self.variable(("root", int(of.exp.q)), root)
            return root ** int(of.exp.p)
        parts = [self.value(part) for part in of.args]
        if of.is_Add or of.is_Mul:
            result = constant(int(of.is_Mul))
            for part in parts:
                result = result * part if of.is_Mul else result + part
            return result
        if isinstance(of, sp.Max | sp.Min):
            for kind, others, variable in self.known:
                if kind == of.func and all(p in others for p in parts) and all(p in parts for p in others):
                    return variable
        return self.variable(of.func, *parts)

    def exponential(self, exponent: Ratio) -> Ratio:
        """Return e^exponent as a product over the terms of the exponent."""
        result = constant(1)
        for powers, coefficient in exponent.top.to_dict().items():
            term = Ratio(RING.from_dict({powers: fmpq(1, int(coefficient.q))}), exponent.bottom)
            result = result * self.variable(sp.exp, term) ** int(coefficient.p)
        return result
