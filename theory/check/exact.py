r"""Exact decisions: W eliminated, then a polynomial identity or a sign read off coefficients.

One way to prove a relation after the other is tried: identities, levels of W0, reduction to a sign without W, and
calculus. Nothing here is numerical: a False means 'not proved', never 'refuted'.
"""

from __future__ import annotations

import sympy as sp

from ascentcheck.theory.check.calculus import proved_by_calculus
from ascentcheck.theory.check.identity import is_identity
from ascentcheck.theory.check.levels import proved_by_levels
from ascentcheck.theory.check.pivot import sign_proved
from ascentcheck.theory.check.reduction import same_sign
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import W0


def prove(relation: sp.Rel, domain: Domain) -> bool:
    """Whether the relation is proved at every point of the domain."""
    if relation in (sp.true, sp.false):
        return bool(relation == sp.true)
    implicit = next((part for part in relation.atoms(sp.Function) if hasattr(part, "eliminated")), None)
    if implicit is not None:
        stated = implicit.eliminated(relation, domain)
        return stated is not None and prove(*stated)
    difference = relation.lhs - relation.rhs
    if isinstance(relation, sp.Eq):
        fixed = {r.symbol: r.low for r in reversed(domain.ranges) if r.low == r.high}
        for symbol, value in fixed.items():
            difference = difference.xreplace({symbol: value})
        if difference.has(W0) and all(
            proved_by_levels(side, domain, False) for side in (difference, -difference)
        ):
            return True
        return is_identity(difference)
    if isinstance(relation, sp.Le | sp.Lt):
        difference = -difference
    strict = isinstance(relation, sp.Gt | sp.Lt)
    if difference.has(W0) and proved_by_levels(difference, domain, strict):
        return True
    reduced, sides = same_sign(difference)
    kinds = {True: sp.Gt, False: sp.Ge}
    if sign_proved(reduced, domain, strict) and all(
        prove(kinds[needed](side, 0, evaluate=False), domain) for side, needed in sides
    ):
        return True
    return proved_by_calculus(difference, domain, strict)
