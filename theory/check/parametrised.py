"""Proofs in new coordinates: take the solutions themselves as coordinates, and W is gone.

Where u = W0(z), the equation z = u·e^u turns every formula in z into one in u. A parametrisation names the
new coordinates by their values (`inverse`), writes the old symbols in them (`substitution`), and gives the
domain that they fill. Three things are proved: that substituting back is the identity, that the new
coordinates of every old point lie in the new domain, and the relation itself in the new coordinates.
"""

from __future__ import annotations

import itertools

import sympy as sp

from ascentcheck.theory.check.exact import prove
from ascentcheck.theory.check.identity import is_identity
from ascentcheck.theory.check.pivot import sign_proved
from ascentcheck.theory.claim import Parametrisation
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import W0, Wm1


def prove_parametrised(relation: sp.Rel, domain: Domain, by: Parametrisation) -> bool:
    """Whether the relation is proved at every point of `domain`, in the coordinates of `by`."""
    return _covers(domain, by) and prove(in_coordinates(relation, by), by.domain)


def _covers(domain: Domain, by: Parametrisation) -> bool:
    """Whether every point of `domain` has coordinates in `by.domain` that lead back to it."""
    back, inverse = dict(by.substitution), dict(by.inverse)
    for symbol in domain.symbols:
        returned = back.get(symbol, symbol).subs(inverse, simultaneous=True)
        if returned != symbol and not is_identity(returned - symbol):
            return False
    for part in by.domain.ranges:
        value = inverse.get(part.symbol, part.symbol)
        for end, is_open, sign in ((part.low, part.low_open, 1), (part.high, part.high_open, -1)):
            if end in (sp.oo, -sp.oo):
                continue
            gap = sign * (value - sp.sympify(end).subs(inverse, simultaneous=True))
            if gap == 0 and not is_open:
                continue
            relation = (sp.Gt if is_open else sp.Ge)(gap, 0, evaluate=False)
            if not prove(relation, domain):
                return False
    return True


def in_coordinates(relation: sp.Rel, by: Parametrisation) -> sp.Rel:
    """Return the relation in the new coordinates: W of a named argument is a coordinate; logs of products split."""
    known = {}
    for symbol, value in by.inverse:
        atoms = value.atoms(W0, Wm1)
        if len(atoms) == 1:
            atom = atoms.pop()
            if value in (atom, -atom):
                known[atom] = symbol if value == atom else -symbol
    back = dict(by.substitution)
    difference = (relation.lhs - relation.rhs).xreplace(known).subs(back, simultaneous=True)
    difference = difference.replace(
        lambda part: isinstance(part, sp.log), lambda part: _split_log(part, by.domain)
    )
    difference = difference.replace(
        lambda part: isinstance(part, W0 | Wm1),
        lambda part: _undone(part.func(sp.factor(part.args[0])), by.domain),
    )
    return relation.func(sp.expand(difference, deep=False), 0, evaluate=False)


def _undone(part: sp.Expr, domain: Domain) -> sp.Expr:
    """Return g for W0(g·e^g) where g ≥ −1 is proved; else the term as it is."""
    argument = part.args[0]
    exponent = sp.Add(*[f.exp for f in sp.Mul.make_args(argument) if isinstance(f, sp.exp)])
    terms = sp.Add.make_args(exponent)
    for chosen in itertools.chain.from_iterable(
        itertools.combinations(terms, k) for k in range(1, len(terms) + 1)
    ):
        level = sp.Add(*chosen)
        if sp.expand(argument / sp.exp(level) - level) == 0:
            return level if part.func is W0 and sign_proved(level + 1, domain, False) else part
    return part


def _split_log(part: sp.log, domain: Domain) -> sp.Expr:
    """Return log of a product as a sum of logs, where every factor is proved positive; else as it is."""
    total = sp.Integer(0)
    for factor in sp.Mul.make_args(sp.factor(part.args[0])):
        if isinstance(factor, sp.exp):
            total += factor.exp
            continue
        base, power = factor.as_base_exp()
        if not sign_proved(base, domain, strict=True):
            return part
        total += power * (0 if base == 1 else sp.log(base))
    return total
