"""Relations that stay as they are written: sympy would turn some of them round, and decide others."""

import sympy as sp


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
