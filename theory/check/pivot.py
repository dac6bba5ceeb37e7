r"""Signs of sums with exponentials, measured from one of them.

Σ P_k·e^{G_k} has the sign of Σ P_k·e^{G_k − G_0} for any pivot G_0. Where the sign of D = G_k − G_0 is proved, e^D is put
as 1 + D + q or 1 + q with a fresh q ≥ 0 (its inverse, where D ≤ 0).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import sympy as sp

from ascentcheck.theory.check.coefficients import sign_by_coefficients
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1

MOST_TERMS = 4


@lru_cache(maxsize=2048)
def sign_proved(expression: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether a rational expression (e allowed) is proved ≥ 0, or > 0 when `strict`, on the domain."""
    expression = sp.sympify(expression)
    if expression.has(W0, Wm1, sp.log, sp.Abs) or not expression.free_symbols <= set(domain.symbols):
        return False
    if expression.has(sp.exp) and sign_by_pivot(expression, domain, strict):
        return True
    return sign_by_coefficients(expression, domain, strict)


def sign_by_pivot(expression: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether an expression with exponentials is proved ≥ 0 (> 0) by measuring them from one of them."""
    terms = by_exponent(expression)
    if not terms:
        return not strict
    if len(terms) > MOST_TERMS:
        return False
    return any(
        sign_by_coefficients(form, extended, strict)
        for pivot in terms
        for form, extended in _measured(terms, pivot, domain)
    )


def by_exponent(expression: sp.Expr) -> dict[sp.Expr, sp.Expr]:
    """Return the coefficients of the exponentials of an expanded sum, by exponent."""
    terms: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(sp.expand(expression, power_exp=False)):
        exponent, coefficient = sp.Integer(0), sp.Integer(1)
        for factor in sp.Mul.make_args(term):
            base, power = factor.as_base_exp()
            if isinstance(factor, sp.exp):
                exponent += factor.exp
            elif isinstance(base, sp.exp) and power.is_Integer:
                exponent += base.exp * power
            else:
                coefficient *= factor
        exponent = sp.expand(exponent)
        terms[exponent] = terms.get(exponent, sp.Integer(0)) + coefficient
    return {exponent: sp.factor(c) for exponent, c in terms.items() if sp.cancel(c) != 0}


def _measured(
    terms: dict[sp.Expr, sp.Expr], pivot: sp.Expr, domain: Domain
) -> Iterator[tuple[sp.Expr, Domain]]:
    values: list[list[sp.Expr]] = []
    fresh: list[Range] = []
    for exponent in terms:
        difference = sp.factor(exponent - pivot)
        if difference == 0:
            values.append([sp.Integer(1)])
            continue
        q = sp.Dummy("q", real=True)
        if sign_by_coefficients(difference, domain, False):
            fresh.append(Range(q))
            values.append([1 + difference + q, 1 + q])
        elif sign_by_coefficients(-difference, domain, False):
            fresh.append(Range(q))
            values.append([1 / (1 - difference + q), 1 / (1 + q)])
        else:
            fresh.append(Range(q, low_open=True))
            values.append([q])
    extended = domain.extend(*fresh)
    for chosen in product(*values):
        yield sum((c * v for c, v in zip(terms.values(), chosen, strict=True)), sp.Integer(0)), extended
