r"""Signs of sums with W0, each term replaced by a level that it does not cross.

a ≥ L·e^L alone gives 'W0(a) is real and ≥ L', for every real L, because x·e^x ≥ −1/e. So a sum of W0 terms is bounded
below when each is replaced by such a level; for an argument of the form L·e^G the level L is tried (it is right when
G ≥ L). Upper levels need L ≥ −1 and a real W0 as well.
"""

from __future__ import annotations

from itertools import product

import sympy as sp

from ascentcheck.theory.check.pivot import by_exponent, sign_proved
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import W0, Wm1


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
    if not by_exponent(at_level - argument):
        return not strict
    return sign_proved(at_level - argument, domain, strict) and (
        sign_proved(argument, domain, False) or sign_proved(sp.E * argument + 1, domain, False)
    )
