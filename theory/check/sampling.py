"""Points to try a claim at, drawn by hypothesis from the claim's own domain.

Fractions of the way along each range are integers on a fine grid, so that the ends are hit exactly and
a false window of relative width 1e-4 is found; floats drawn by decade miss it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import decide, sign_at
from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import ball

if TYPE_CHECKING:
    from hypothesis import strategies as st

GRID = 1 << 20
ENDS = (fmpq(0), fmpq(1), fmpq(1, GRID), fmpq(GRID - 1, GRID))


@cache  # a strategy that is made anew for each example costs more than what is tried
def fractions() -> st.SearchStrategy[fmpq]:
    """Draw a fraction of the way along a range: a grid point, or (one time in three) an end or the grid point next to it."""
    from hypothesis import strategies as st  # here: verify does without it

    # one number for both, since each number drawn is what costs
    return st.integers(-GRID // 2, GRID).map(lambda k: fmpq(k, GRID) if k >= 0 else ENDS[k % 4])


@cache
def points(domain: Domain) -> st.SearchStrategy[dict[sp.Symbol, fmpq]]:
    """Draw exact points of a domain; ends that the domain leaves out are redrawn within."""
    from hypothesis import strategies as st

    def place(chosen: tuple[fmpq, ...]) -> dict[sp.Symbol, fmpq]:
        point = domain.place(chosen)
        if point is None:
            inward = tuple(min(max(f, fmpq(1, GRID)), fmpq(GRID - 1, GRID)) for f in chosen)
            point = domain.place(inward)
        if point is None:
            raise ValueError(f"the domain {domain.latex()} has no point at {chosen}")
        return point

    return st.tuples(*[fractions() for _ in domain.ranges]).map(place)


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
