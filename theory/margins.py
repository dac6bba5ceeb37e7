"""Margins and conclusions of `evaluate`: a difference has digits, or is exactly 0, or is told to be undecided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cmp_to_key

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.expression import enclose

MOST_BITS = 1 << 13
"""Beyond this precision a sign counts as undecided."""


def signed(expression: sp.Expr, point: Mapping[sp.Symbol, fmpq]) -> tuple[int | None, arb | fmpq]:
    """Return the sign of an expression at an exact point (None where it is not decided) and its value.

    The value is the exact 0 where the sign is 0, else a ball with 17 digits.
    """
    value = enclose(expression, point, most_bits=256)
    sign = 1 if value > 0 else -1 if value < 0 else sign_at(expression, point, MOST_BITS)
    return sign, fmpq(0) if sign == 0 else enclose(expression, point, most_bits=2 * MOST_BITS)


def at_least(larger: sp.Expr, smaller: sp.Expr, point: Mapping[sp.Symbol, fmpq]) -> bool:
    """Whether larger ≥ smaller at an exact point. Raises ArithmeticError where that is not decided."""
    sign = sign_at(larger - smaller, point, MOST_BITS)
    if sign is None:
        raise ArithmeticError(f"the two sides of a comparison agree to more than {MOST_BITS} bits")
    return sign >= 0


def conclusion(margin: arb | fmpq, strict: bool = False) -> bool | None:
    """Return whether a margin is ≥ 0 (> 0 where `strict`); None where its ball does not tell."""
    if bool(margin > 0):
        return True
    if bool(margin < 0):
        return False
    return not strict if bool(margin == 0) else None


def _compared(first: arb | fmpq, second: arb | fmpq) -> int:
    a, b = arb(first).mid(), arb(second).mid()
    return -1 if a < b else int(a > b)


def in_order(values: Sequence[arb | fmpq]) -> list[arb | fmpq]:
    """Return values from the smallest middle to the largest."""
    return sorted(values, key=cmp_to_key(_compared))
