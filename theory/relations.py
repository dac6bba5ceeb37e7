"""Relations that stay as they are written: sympy would turn some of them round, and decide others."""

import sympy as sp

from ascentcheck.theory.claim import Equivalence, Increasing


def ge(left: object, right: object = 0) -> sp.Rel:
    """Return left ≥ right, unevaluated."""
    return sp.Ge(left, right, evaluate=False)


def gt(left: object, right: object = 0) -> sp.Rel:
    """Return left > right, unevaluated."""
    return sp.Gt(left, right, evaluate=False)


def le(left: object, right: object = 0) -> sp.Rel:
    """Return left ≤ right, unevaluated."""
    return sp.Le(left, right, evaluate=False)


def lt(left: object, right: object = 0) -> sp.Rel:
    """Return left < right, unevaluated."""
    return sp.Lt(left, right, evaluate=False)


def eq(left: object, right: object = 0) -> sp.Rel:
    """Return left = right, unevaluated."""
    return sp.Eq(left, right, evaluate=False)


def equivalent(first: sp.Rel, second: sp.Rel) -> Equivalence:
    """Return that two relations hold at the same points."""
    return Equivalence(first, second)


def increasing(expression: sp.Expr, symbol: sp.Symbol) -> Increasing:
    """Return that an expression increases with a symbol."""
    return Increasing(expression, symbol)
