"""True or false at one exact point. A counterexample counts when this module says False."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.reduction import same_sign
from ascentcheck.theory.check.zero import vanishes
from ascentcheck.theory.claim import Equivalence, Increasing, Witness
from ascentcheck.theory.domain import Domain, exact_value
from ascentcheck.theory.expression import FIRST_BITS, W0, Point, Wm1, asked_once, ball, rational

NEXT_TO_THE_END = 1 << 16
"""Bits to tell a point from the end of what exists: a branch point of W, the largest α with a minimum."""
GUARD_BITS = 4 * FIRST_BITS
"""Bits to tell whether the argument of a W, log, root or quotient is one that it has a value for."""


@asked_once
def decide(relation: sp.Rel, point: Point, most_bits: int = 1 << 11) -> bool | None:
    """Return whether the relation holds at an exact point; None where it is not decided.

    A relation asserts that both sides are real, each as it stands, whatever cancels between them: it is False where a W, log,
    root or quotient has no real value. Only strict comparisons of balls are used. A difference that is exactly 0 is recognised by
    eliminating W, where that leaves a rational number.
    """
    if relation is sp.true or relation is sp.false:
        return relation is sp.true
    if any(undefined(side, point) for side in relation.args):
        return False
    sign = sign_at(_difference(relation), point, most_bits)
    if sign is None or not all(real(side, point, most_bits) for side in relation.args):
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
    """Whether some W, log, root or quotient in the expression certainly has no real value at the point."""
    try:
        if ball(expression, point, FIRST_BITS).is_finite():
            return False
    except ZeroDivisionError:
        return True
    return any(_sign_of(part, point) not in (None, *signs) for part, signs in _guarded(expression))


def real(expression: sp.Expr, point: Point, most_bits: int) -> bool:
    """Whether it is seen that the expression has a real value at the point: its ball is finite, or all signs are right."""
    bits = FIRST_BITS
    while bits <= most_bits:
        if ball(expression, point, bits).is_finite():
            return True
        bits *= 2
    return not _ruled(expression) and all(
        _sign_of(part, point) in signs for part, signs in _guarded(expression)
    )


def _sign_of(part: sp.Expr, point: Point) -> int | None:
    try:
        return sign_at(part, point, GUARD_BITS)
    except ZeroDivisionError:
        return None


@lru_cache(maxsize=4096)
def _ruled(expression: sp.Expr) -> bool:
    """Whether an expression has a function with a rule of its own, of which no sign is known without its value."""
    return any(hasattr(part, "ball_rule") for part in expression.atoms(sp.Function))


@lru_cache(maxsize=4096)
def _difference(relation: sp.Rel) -> sp.Expr:
    return relation.lhs - relation.rhs


@lru_cache(maxsize=4096)
def _guarded(expression: sp.Expr) -> tuple[tuple[sp.Expr, tuple[int, ...]], ...]:
    """Return what must have a sign for the expression to be real, with the signs that it may have."""
    found: list[tuple[sp.Expr, tuple[int, ...]]] = []
    for atom in expression.atoms(W0, Wm1, sp.log, sp.Pow):
        if atom.is_Pow:
            whole, rises = atom.exp.is_Integer, atom.exp.is_Rational and atom.exp > 0
            if not (whole and rises):
                found.append((atom.base, (-1, 1) if whole else (0, 1) if rises else (1,)))
        elif isinstance(atom, sp.log):
            found.append((atom.args[0], (1,)))
        else:
            found.append((sp.E * atom.args[0] + 1, (0, 1)))
            if isinstance(atom, Wm1):
                found.append((atom.args[0], (-1,)))
    return tuple(found)


def _exact_sign(expression: sp.Expr, point: Point) -> int | None:
    if _ruled(expression):
        return None
    reduced, sides = same_sign(expression)
    for side, strict in sides:
        value = ball(side, point, 256)
        if not (value > 0 or (value == 0 and not strict)):
            return None
    if not real(expression, point, GUARD_BITS):
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


def refutes_equivalence(witness: Witness, assertion: Equivalence, domain: Domain) -> bool:
    """Whether one of the relations is True and the other False at a witness in the domain."""
    point = as_point(witness.point)
    outcomes = {decide(relation, point) for relation in (assertion.first, assertion.second)}
    return domain.contains(point) and outcomes == {True, False}


def refutes_increase(witness: Witness, assertion: Increasing, domain: Domain) -> bool:
    """Whether the derivative is negative at the witness."""
    slope = sp.diff(assertion.expression, assertion.symbol)
    return refutes(witness, sp.Ge(slope, 0, evaluate=False), domain)
