"""What the formulas of printed values distinguish: each case must be met by some point at which `evaluate` is tried.

A part of a maximum that is never the largest, a case that never occurs, a condition that is always true: nothing would hold
what the text, or the code behind it, says of them. Conclusions are left out: of their parts some follow from others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import sympy as sp

from ascentcheck.theory.check.conditions import AllOf, AnyOf, Condition, Relation, choices, held, singles
from ascentcheck.theory.check.prints import Part, Words, by_name, deciding
from ascentcheck.theory.expression import Point, ball

BITS = 96


@dataclass(frozen=True)
class Branch:
    """One case of a printed value, in words and formulas, and whether a point is such a case."""

    words: tuple[object, ...]
    taken: Callable[[Point], bool]

    @property
    def says(self) -> str:
        """The case as people read it."""
        return " ".join(map(str, self.words))


def branches(of: tuple[Part, ...], given: bool = False) -> Iterator[Branch]:
    """Yield all cases of what is printed; those within conditions only where points are not `given`, but sought."""
    named = by_name(of)
    for part in of:
        decides = partial(_decides, named[part.name], part)
        yield Branch((part.name, "is", _text(part)), decides)
        if isinstance(part.meant, Words):
            for word, when in part.meant.by_word.items():
                yield Branch((part.name, "is", word), partial(_both, decides, partial(_is, when, True)))
                yield from () if given else _inner(part.name, when, decides)
        elif isinstance(part.meant, sp.Basic):
            yield from _chosen(part.name, part.meant, decides)
        elif part.meant is not None and part.name != "holds" and not given:
            yield from _inner(part.name, part.meant, decides)


def conditions(of: tuple[Part, ...]) -> tuple[Condition, ...]:
    """Return the single conditions on which it depends what is printed, conclusions apart."""
    found: dict[Condition, None] = {}
    for part in of:
        whens = list(part.meant.by_word.values()) if isinstance(part.meant, Words) else [part.meant]
        for when in (part.where, *whens):
            if when is not None and not isinstance(when, sp.Basic | Words) and part.name != "holds":
                found |= dict.fromkeys(single for single in singles(when) if isinstance(single, Relation))
    return tuple(found)


def conclusions(of: tuple[Part, ...]) -> tuple[Condition, ...]:
    """Return the single relations on which conclusions depend."""
    meant = [part.meant for part in of if part.name == "holds"]
    whens = [m for m in meant if m is not None and not isinstance(m, sp.Basic | Words)]
    found = (single for when in whens for single in singles(when))
    return tuple(dict.fromkeys(single for single in found if isinstance(single, Relation)))


def _text(part: Part) -> str:
    told = part.told
    formula = told.formula if isinstance(told.formula, str) else " or ".join(told.formula)
    return formula + (f" where {told.where}" if told.where else "")


def _decides(named: tuple[Part, ...], part: Part, point: Point) -> bool:
    return deciding(named, point) is part


def _both(first: Callable[[Point], bool], second: Callable[[Point], bool], point: Point) -> bool:
    return first(point) and second(point)


def _is(when: Condition, outcome: bool, point: Point) -> bool:
    return when.holds(point) is outcome


def _inner(name: str, when: Condition, decides: Callable[[Point], bool]) -> Iterator[Branch]:
    """Yield the cases within a condition: each part of it decides somewhere alone, and its maxima have all parts."""
    if isinstance(when, AllOf | AnyOf):
        outcome = isinstance(when, AnyOf)
        for k, part in enumerate(when.parts):
            others = [other for j, other in enumerate(when.parts) if j != k]
            alone = partial(_alone, part, others, outcome)
            said = "is true" if outcome else "is false"
            yield Branch((f"{name}:", part, "alone", said), partial(_both, decides, alone))
            yield from _inner(name, part, decides)
    elif isinstance(when, Relation):
        yield from _chosen(name, when.relation, decides)


def _alone(part: Condition, others: list[Condition], outcome: bool, point: Point) -> bool:
    return part.holds(point) is outcome and all(held(other, point) is not outcome for other in others)


def _chosen(name: str, formula: sp.Basic, decides: Callable[[Point], bool]) -> Iterator[Branch]:
    for choice in choices(formula):
        parts = (choice.args[0], -choice.args[0]) if isinstance(choice, sp.Abs) else choice.args
        sign = -1 if isinstance(choice, sp.Min) else 1
        for k, part in enumerate(parts):
            others = [other for j, other in enumerate(parts) if j != k]
            ahead = partial(_ahead, part, others, sign)
            word = "smallest" if sign < 0 else "largest"
            yield Branch((f"{name}:", part, "is the", word), partial(_both, decides, ahead))


def _ahead(part: sp.Expr, others: list[sp.Expr], sign: int, point: Point) -> bool:
    return all(bool(sign * ball(part, point, BITS) > sign * ball(other, point, BITS)) for other in others)
