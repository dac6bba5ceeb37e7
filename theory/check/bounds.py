r"""Two more sufficient conditions for a sign: exponentials measured from one of them, and bounds of W0.

Exponentials: Σ P_k·e^{G_k} has the sign of Σ P_k·e^{G_k − G_0} for any pivot G_0. Where the sign of
D = G_k − G_0 is proved, e^D is put as 1 + D + q or 1 + q with a fresh q ≥ 0 (its inverse, where D ≤ 0).

W0: a ≥ L·e^L alone gives 'W0(a) is real and ≥ L', for every real L, because x·e^x ≥ −1/e. So a sum of
W0 terms is bounded below when each is replaced by such a level; for an argument of the form L·e^G the
level L is tried (it is right when G ≥ L). Upper levels need L ≥ −1 and a real W0 as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import sympy as sp

from theory.check.exact import sign_by_coefficients, sign_proved
from theory.domain import Domain, Range
from theory.expression import W0, Wm1

MOST_TERMS = 4


def sign_by_pivot(expression: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether an expression with exponentials is proved ≥ 0 (> 0) by measuring them from one of them."""
    terms = _by_exponent(expression)
    if not terms:
        return not strict
    if len(terms) > MOST_TERMS:
        return False
    return any(
        sign_by_coefficients(form, extended, strict)
        for pivot in terms
        for form, extended in _measured(terms, pivot, domain)
    )


def _by_exponent(expression: sp.Expr) -> dict[sp.Expr, sp.Expr]:
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


def proved_by_levels(difference: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether a sum with W0 terms is proved ≥ 0 (> 0) by replacing each W0 by a level it does not cross."""
    difference = sp.expand(difference, power_exp=False).xreplace({W0(sp.S.Zero): sp.S.Zero})
    atoms = sorted(difference.atoms(W0), key=sp.default_sort_key)
    if not atoms or difference.has(Wm1, sp.log) or any(a.args[0].has(W0) for a in atoms):
        return False
    parts = sp.collect(difference, atoms, evaluate=False)
    coefficients = [parts.get(atom, sp.Integer(0)) for atom in atoms]
    rest = sp.expand(
        difference - sum(c * a for c, a in zip(coefficients, atoms, strict=True)), power_exp=False
    )
    if rest.has(W0) or any(c.has(W0) or c == 0 for c in coefficients):
        return False
    choices = [_levels(atom) for atom in atoms]
    if len(atoms) == 1:
        choices[0].insert(0, sp.factor(-rest / coefficients[0]))
    for levels in product(*choices):
        total = rest + sum(c * level for c, level in zip(coefficients, levels, strict=True))
        exact = sp.cancel(total) == 0
        if not exact and not sign_proved(total, domain, False):
            continue
        needed = strict and (exact or not sign_proved(total, domain, True))
        if all(
            _on_the_right_side(c, atom.args[0], level, domain, needed)
            for c, atom, level in zip(coefficients, atoms, levels, strict=True)
        ):
            return True
    return False


def _levels(atom: sp.Expr) -> list[sp.Expr]:
    """Return L for an argument of the form L·e^G."""
    factors = sp.Mul.make_args(sp.factor(sp.powsimp(atom.args[0])))
    plain = [part for part in factors if not isinstance(part, sp.exp)]
    level = sp.Mul(*plain)
    return [] if level.has(sp.exp) or len(plain) == len(factors) else [level]


def _on_the_right_side(
    coefficient: sp.Expr, argument: sp.Expr, level: sp.Expr, domain: Domain, strict: bool
) -> bool:
    at_level = level * sp.exp(level)
    if sign_proved(coefficient, domain, strict):
        return sign_proved(argument - at_level, domain, strict)
    if not (sign_proved(-coefficient, domain, strict) and sign_proved(level + 1, domain, False)):
        return False
    if not _by_exponent(at_level - argument):
        return not strict
    return sign_proved(at_level - argument, domain, strict) and (
        sign_proved(argument, domain, False) or sign_proved(sp.E * argument + 1, domain, False)
    )
