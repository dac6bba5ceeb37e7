"""True or false at one exact point. A counterexample counts when this module says False."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.reduction import same_sign
from ascentcheck.theory.check.zero import vanishes
from ascentcheck.theory.claim import Increasing, Witness
from ascentcheck.theory.domain import Domain, exact_value
from ascentcheck.theory.expression import FIRST_BITS, W0, Point, Wm1, asked_once, ball, rational

NEXT_TO_THE_END = 1 << 16
"""Bits to tell a point from the end of what exists: a branch point of W, the largest α with a minimum."""


@asked_once
def decide(relation: sp.Rel, point: Point, most_bits: int = 1 << 11) -> bool | None:
    """Return whether the relation holds at an exact point; None where it is not decided.

    A relation asserts that both sides are real: it is False where W or log has no real value. Only
    strict comparisons of balls are used. A difference that is exactly 0 is recognised by eliminating W,
    where that leaves a rational number.
    """
    if relation is sp.true or relation is sp.false:
        return relation is sp.true
    difference = _difference(relation)
    if undefined(difference, point):
        return False
    sign = sign_at(difference, point, most_bits)
    if sign is None:
        return None
    return {
        sp.Ge: sign >= 0,
        sp.Gt: sign > 0,
        sp.Le: sign <= 0,
        sp.Lt: sign < 0,
        sp.Eq: sign == 0,
        sp.Ne: sign != 0,
    }[relation.func]


@asked_once
def sign_at(expression: sp.Expr, point: Point, most_bits: int = 1 << 11) -> int | None:
    """Return −1, 0 or +1, the sign of an expression at an exact point, or None when it is not decided."""
    bits = FIRST_BITS
    while bits <= most_bits:
        value = ball(expression, point, bits)
        if value > 0:
            return 1
        if value < 0:
            return -1
        if value.is_finite() and value == 0:
            return 0
        if bits == 2 * FIRST_BITS:
            if value.is_finite() and vanishes(expression, point):
                return 0
            exact = _exact_sign(expression, point)
            if exact is not None:
                return exact
        bits *= 2
    return None


def undefined(expression: sp.Expr, point: Point) -> bool:
    """Whether some W or log in the expression is certainly outside its real domain at the point."""
    for kind, argument, least in _guarded(expression):
        if kind is sp.log:
            outside = sign_at(argument, point, 256) in (-1, 0)
        else:
            outside = _below_zero(least, point)
            if kind is Wm1:
                outside = outside or sign_at(argument, point, 256) in (0, 1)
        if outside:
            return True
    return False


def _below_zero(expression: sp.Expr, point: Point) -> bool:
    value = ball(expression, point, FIRST_BITS)
    return bool(value < 0) or (not value > 0 and bool(ball(expression, point, 256) < 0))


@lru_cache(maxsize=4096)
def _ruled(expression: sp.Expr) -> bool:
    """Whether an expression has a function with a rule of its own, of which no sign is known without its value."""
    return any(hasattr(part, "ball_rule") for part in expression.atoms(sp.Function))


@lru_cache(maxsize=4096)
def _difference(relation: sp.Rel) -> sp.Expr:
    return relation.lhs - relation.rhs


@lru_cache(maxsize=4096)
def _guarded(expression: sp.Expr) -> tuple[tuple[type, sp.Expr, sp.Expr], ...]:
    """Return the functions in an expression that are not real everywhere, with their arguments z and e·z + 1."""
    found = expression.atoms(W0, Wm1, sp.log)
    return tuple((atom.func, atom.args[0], sp.E * atom.args[0] + 1) for atom in found)


def _exact_sign(expression: sp.Expr, point: Point) -> int | None:
    if _ruled(expression):
        return None
    reduced, sides = same_sign(expression)
    for side, strict in sides:
        value = ball(side, point, 256)
        if not (value > 0 or (value == 0 and not strict)):
            return None
    exact = exact_value(reduced, point)
    return None if exact is None else (exact > 0) - (exact < 0)


def as_point(values: Mapping[sp.Symbol, Fraction | int]) -> dict[sp.Symbol, fmpq]:
    """Return an exact point from fractions."""
    return {symbol: rational(value) for symbol, value in values.items()}


def refutes(witness: Witness, relation: sp.Rel, domain: Domain, realisable: tuple[sp.Rel, ...] = ()) -> bool:
    """Whether the witness lies in the domain, satisfies every hypothesis, and the relation is False there."""
    point = as_point(witness.point)
    return (
        domain.contains(point)
        and all(decide(condition, point) is True for condition in realisable)
        and decide(relation, point) is False
    )


def refutes_increase(witness: Witness, assertion: Increasing, domain: Domain) -> bool:
    """Whether the derivative is negative at the witness."""
    slope = sp.diff(assertion.expression, assertion.symbol)
    return refutes(witness, sp.Ge(slope, 0, evaluate=False), domain)
