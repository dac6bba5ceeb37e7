"""Claims tried at points of their own domain, the same for the same seed: whether one fails, how near its sides come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import decide, sign_at
from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.expression import ball


@dataclass(frozen=True)
class Sampled:
    """How many points a proposition was tried at; how many were decided; where it failed, if anywhere."""

    tried: int
    decided: int
    failure: Mapping[sp.Symbol, fmpq] | None


def slack(proposition: Proposition, count: int) -> float | None:
    """Return the smallest distance between the sides of an inequality at `count` points; 0 where they meet.

    None for an equation. A sampled figure: the true infimum is this or less.
    """
    relation = proposition.relation
    if isinstance(relation, sp.Eq):
        return None
    difference = relation.lhs - relation.rhs
    smallest = None
    for point in proposition.domain.points(count):
        gap = abs(ball(difference, point, 128))
        if gap.is_finite():
            size = 0.0 if sign_at(difference, point, 128) in (0, None) else float(gap.mid())
            smallest = size if smallest is None else min(smallest, size)
    return smallest


def sample(proposition: Proposition, count: int, seed: int = 0, most_bits: int = 512) -> Sampled:
    """Try a proposition at `count` points of its domain, the same for the same seed; stop at a failure."""
    tried = decided = 0
    for point in proposition.domain.points(count, seed):
        outcome = decide(proposition.relation, point, most_bits)
        tried += 1
        decided += outcome is not None
        if outcome is False:
            return Sampled(tried, decided, point)
    return Sampled(tried, decided, None)
