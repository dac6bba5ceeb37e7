"""Statements that say less than could be shown: ≥ for > or for =, or nothing at all at an end of their domain."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import sympy as sp

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Proposition, Statement
from ascentcheck.theory.expression import ball

SHARP = 40
"""Points of a domain at which a relation is tried to be strict, or an equation."""


def too_weak(statement: Statement, proves: Callable[[Proposition], object]) -> Iterator[str]:
    """Yield the relations of a statement that say less than `proves` can show: '≥' for '=' or for '>'."""
    taken = {p.relation for p in statement.asserted}
    for proposition in statement.verified:
        yield from _empty(proposition)
    for proposition in statement.verified:
        if proposition.certificate is None and proposition.relation not in taken:
            yield from _loose(proposition, proves)
    for step in statement.steps:
        if not step.printed and isinstance(step.asserts, sp.Rel):
            yield from _loose(Proposition(step.asserts, step.domain), proves)


def _empty(proposition: Proposition) -> Iterator[str]:
    """Yield an end of a domain at which its relation has no value, so that nothing is said there."""
    relation = proposition.relation
    for point in itertools.islice(proposition.domain.points(SHARP), SHARP // 2):
        try:
            known = ball(relation.lhs - relation.rhs, point, 256).is_finite()
        except ZeroDivisionError:
            known = False
        if not known:
            yield f"{relation} has no value at {', '.join(f'{s} = {v}' for s, v in point.items())}"
            return


def _loose(proposition: Proposition, proves: Callable[[Proposition], object]) -> Iterator[str]:
    relation = proposition.relation
    if not isinstance(relation, sp.Ge | sp.Le):
        return
    points = proposition.domain.points(SHARP)
    signs = [sign_at(relation.lhs - relation.rhs, point, 256) for point in points]
    if signs and all(sign == 0 for sign in signs):
        yield f"{relation} is an equation"
    elif signs and 0 not in signs:
        strict = (sp.Gt if isinstance(relation, sp.Ge) else sp.Lt)(*relation.args, evaluate=False)
        if proves(replace(proposition, relation=strict)) is not None:
            yield f"{relation} holds strictly"
