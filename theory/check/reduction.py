r"""Signs without W, log and exp: each step puts in place of an expression one of the same sign.

The branch W0 increases on [−1/e, ∞), so W0(a) − W0(b) has the sign of a − b (and W−1 decreases). What must hold for a
step to be allowed is kept beside the result.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from ascentcheck.theory.expression import W0, Wm1

_INCREASING = (W0, sp.log, sp.exp)

Side = tuple[sp.Expr, bool]


@lru_cache(maxsize=2048)
def same_sign(expression: sp.Expr) -> tuple[sp.Expr, tuple[Side, ...]]:
    """Return an expression of the same sign in which W, log and exp are eliminated where possible.

    The second value lists what must be ≥ 0 (or > 0, where the flag is set) for the step to be allowed:
    the arguments of W and log must lie in their domains.
    """
    sides: list[Side] = []
    reduced = _reduce(sp.sympify(expression), sides)
    return reduced, tuple(sides)


def _reduce(expression: sp.Expr, sides: list[Side]) -> sp.Expr:
    if expression.is_Mul:
        return sp.Mul(*[_reduce(part, sides) for part in expression.args])
    if expression.is_Pow and expression.exp.is_Integer:
        base = _reduce(expression.base, sides)
        power = 1 if expression.exp % 2 else 2
        return base ** (power if expression.exp > 0 else -power)
    if isinstance(expression, sp.exp):
        return sp.S.One
    if not expression.has(W0, Wm1, sp.log, sp.exp):
        return expression
    if isinstance(expression, W0 | Wm1 | sp.log):
        _need_domain(expression, sides)
        argument = expression.args[0]
        if isinstance(expression, Wm1):
            return sp.S.NegativeOne
        return argument - 1 if isinstance(expression, sp.log) else argument
    if expression.is_Add:
        pair = _difference(expression, sides)
        if pair is not None:
            return pair
        factored = sp.factor(expression)
        if factored.is_Mul:
            return _reduce(factored, sides)
    return expression


def _difference(expression: sp.Add, sides: list[Side]) -> sp.Expr | None:
    """Reduce f(a) − f(b) for increasing f, and W against a level, to a difference of arguments."""
    pairs = (expression.args, expression.args[::-1]) if len(expression.args) == 2 else ()
    for first, second in pairs:
        function, other = first.func, -second
        if function in _INCREASING and other.func is function:
            _need_domain(first, sides)
            _need_domain(other, sides)
            return _reduce(first.args[0] - other.args[0], sides)
        for term, level, sign in ((first, other, 1), (-first, second, -1)):
            if term.func is Wm1 and level == -1:
                _need_domain(term, sides)
                return -sign * (sp.E * term.args[0] + 1)
    return _against_level(expression, sides)


def _against_level(expression: sp.Add, sides: list[Side]) -> sp.Expr | None:
    """Reduce ±(W0(a) − c) to ±(a − c·e^c), for a level c ≥ −1 in which no W stands."""
    terms = [part for part in expression.args if part.has(W0, Wm1, sp.log)]
    if len(terms) != 1:
        return None
    for sign in (1, -1):
        term = sign * terms[0]
        if term.func is W0:
            level = -sign * (expression - terms[0])
            _need_domain(term, sides)
            if level == -1:
                return sign * (sp.E * term.args[0] + 1)
            sides.append((level + 1, False))
            return sign * (term.args[0] - level * sp.exp(level))
    return None


def _need_domain(term: sp.Expr, sides: list[Side]) -> None:
    argument = term.args[0]
    if isinstance(term, W0 | Wm1):
        sides.append((sp.E * argument + 1, False))
    if isinstance(term, Wm1):
        sides.append((-argument, True))
    if isinstance(term, sp.log):
        sides.append((argument, True))
