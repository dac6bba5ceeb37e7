r"""Identities: W and exponentials become symbols with polynomial relations, and a Gröbner basis decides."""

from __future__ import annotations

import sympy as sp

from ascentcheck.theory.check.coefficients import base_and_power
from ascentcheck.theory.expression import W0, Wm1


def is_identity(expression: sp.Expr) -> bool:
    """Whether `expression` is 0 wherever it is defined, proved by eliminating W and reducing polynomials."""
    expression = sp.sympify(expression).doit()
    relations: list[sp.Expr] = []
    generators: list[sp.Symbol] = []
    for atom in sorted(expression.atoms(W0, Wm1), key=sp.default_sort_key):
        u, v = sp.Dummy("u"), sp.Dummy("v", positive=True)
        expression = sp.expand_power_exp(expression.xreplace({atom: u}))
        expression = expression.replace(
            lambda part, u=u: isinstance(part, sp.exp) and part.exp.has(u),
            lambda part, u=u, v=v: _split_exponential(part, u, v),
        )
        relations.append(u * v - atom.args[0])
        generators += [u, v]
    expression, *relations = _exponentials_named(sp.Tuple(expression, *relations))
    relations = [sp.numer(sp.together(relation)) for relation in relations]
    numerator = sp.expand(sp.numer(sp.together(expression)))
    if numerator == 0:
        return True
    if not relations:
        return bool(sp.cancel(expression) == 0)
    free = numerator.free_symbols.union(*[r.free_symbols for r in relations])
    others = sorted(free - set(generators), key=str)
    field = sp.QQ.frac_field(*others) if others else sp.QQ
    basis = sp.groebner(relations, *generators, order="grevlex", domain=field)
    return bool(basis.contains(numerator))


def _exponentials_named(expression: sp.Expr) -> sp.Expr:
    """Put one symbol for each e^g, and its powers for the powers of e^g; exponents are split at their sums."""
    parts = expression.atoms(sp.exp)
    common = sp.lcm_list([sp.denom(sp.together(part.exp)) for part in parts] or [sp.S.One])
    powers = {
        part: [
            base_and_power(term / common)
            for term in sp.Add.make_args(sp.expand(sp.cancel(part.exp * common)))
        ]
        for part in parts
    }
    bases = sorted({base for terms in powers.values() for base, _ in terms}, key=sp.default_sort_key)
    names = {base: sp.Dummy("e", positive=True) for base in bases}
    changed = {
        part: sp.Mul(*[names[base] ** power for base, power in terms]) for part, terms in powers.items()
    }
    return expression.xreplace(changed)


def _split_exponential(part: sp.exp, u: sp.Symbol, v: sp.Symbol) -> sp.Expr:
    power = part.exp.coeff(u)
    rest = sp.expand(part.exp - power * u)
    if not power.is_Integer or rest.has(u):
        return part
    return v**power * sp.exp(rest)
