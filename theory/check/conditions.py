"""Conditions as texts have them, read once: relations joined by ' and ' or ' or ', 'whole a, b', 'real a'."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp

from ascentcheck.theory.check.decide import decide
from ascentcheck.theory.domain import exact_value
from ascentcheck.theory.expression import FIRST_BITS, Point, ball, enclose

MOST_BITS = 512
Reads: TypeAlias = Callable[[str], Any]
"""Reads a text in the letters of a claim."""


@dataclass(frozen=True)
class Relation:
    """A comparison of two formulas."""

    relation: sp.Rel

    def holds(self, point: Point) -> bool | None:
        """Whether it holds at a point; None where that is not decided. Raises ZeroDivisionError where a side divides by 0."""
        for side in self.relation.args:
            ball(side, point, FIRST_BITS)
        return decide(self.relation, point, MOST_BITS)


@dataclass(frozen=True)
class Whole:
    """All of some formulas are whole numbers."""

    formulas: tuple[sp.Expr, ...]

    def holds(self, point: Point) -> bool | None:
        """Whether they are, at a point."""
        values = [exact_value(formula, point) for formula in self.formulas]
        return all(value is not None and value.q == 1 for value in values)


@dataclass(frozen=True)
class Real:
    """A formula has a real value."""

    formula: sp.Expr

    def holds(self, point: Point) -> bool | None:
        """Whether it has, at a point."""
        return bool(enclose(self.formula, point).is_finite())


@dataclass(frozen=True)
class AllOf:
    """Every part holds; what is asked later counts for nothing where an earlier part is false."""

    parts: tuple[Condition, ...]

    def holds(self, point: Point) -> bool | None:
        """Whether all hold at a point."""
        known = True
        for part in self.parts:
            outcome = part.holds(point)
            if outcome is False:
                return False
            known = known and outcome is True
        return True if known else None


@dataclass(frozen=True)
class AnyOf:
    """Some part holds."""

    parts: tuple[Condition, ...]

    def holds(self, point: Point) -> bool | None:
        """Whether one holds at a point."""
        outcomes = [part.holds(point) for part in self.parts]
        return True if True in outcomes else None if None in outcomes else False


Condition: TypeAlias = Relation | Whole | Real | AllOf | AnyOf


def held(of: Condition, point: Point) -> bool | None:
    """Return whether a condition holds at a point; None where that is not decided, or a part of it has no value."""
    try:
        return of.holds(point)
    except ZeroDivisionError:
        return None


def is_condition(text: str) -> bool:
    """Whether a text is a condition, not a formula with a value."""
    return text.startswith(("whole ", "real ")) or any(sign in text for sign in "<>≤≥=")


def condition(text: str, reads: Reads) -> Condition:
    """Return the condition that a text states. Raises NotReadError for what is none."""
    for word, kind in ((" or ", AnyOf), (" and ", AllOf)):
        if word in text:
            return kind(tuple(condition(part, reads) for part in text.split(word)))
    if text.startswith("whole "):
        return Whole(tuple(reads(part) for part in text[6:].split(", ")))
    if text.startswith("real "):
        return Real(reads(text[5:]))
    return Relation(reads(text))


def singles(of: Condition) -> Iterator[Relation | Whole | Real]:
    """Yield the parts of a condition that are no others joined."""
    if isinstance(of, AllOf | AnyOf):
        for part in of.parts:
            yield from singles(part)
    else:
        yield of


@lru_cache(maxsize=4096)
def choices(of: sp.Basic) -> tuple[sp.Basic, ...]:
    """Return the parts of a formula or relation whose value is one of several: max, min, and |…|."""
    return tuple(sorted(of.atoms(sp.Max, sp.Min, sp.Abs), key=sp.default_sort_key))
