"""What `evaluate` prints, at exact points, against formulas that are read from text, and against the equations that it solves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import Any, TypeAlias

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.conditions import Condition, Reads, condition, is_condition
from ascentcheck.theory.check.counting import Deviation, TwoSamples
from ascentcheck.theory.check.decide import decide, sign_at
from ascentcheck.theory.check.zero import vanishes
from ascentcheck.theory.claim import Claim, Evaluation, Prints
from ascentcheck.theory.console import UserError
from ascentcheck.theory.expression import FIRST_BITS, Place, Point, enclose
from ascentcheck.theory.printed import read

AGREEING_BITS = 44
MOST_BITS = 1 << 12
PROVED_ELSEWHERE = "proved where it is computed"
"""The formula of a value that has none: fixed points of an iteration, say, each enclosed with a proof."""


@dataclass(frozen=True)
class Words:
    """A value that is a word, with the condition under which it is each."""

    by_word: Mapping[str, Condition]


Meant: TypeAlias = sp.Expr | Condition | Words | None


@dataclass(frozen=True)
class Part:
    """One line of a claim's `prints`, read; `meant` is None for what is proved where it is computed."""

    told: Prints
    where: Condition | None
    meant: Meant

    @property
    def name(self) -> str:
        """The name under which it is printed."""
        return self.told.name


def parts(claim: Claim) -> tuple[Part, ...]:
    """Return the claim's `prints`, read in its letters."""
    reads = cache(partial(read, letters=claim.letters))
    return tuple(
        Part(told, condition(told.where, reads) if told.where else None, _meant(told, reads))
        for told in claim.prints
    )


def _meant(told: Prints, reads: Reads) -> Meant:
    formula = told.formula
    if isinstance(formula, Mapping):
        return Words({word: condition(text, reads) for word, text in formula.items()})
    if formula == PROVED_ELSEWHERE:
        return None
    return condition(formula, reads) if is_condition(formula) else reads(formula)


def deciding(of: tuple[Part, ...], point: Point) -> Part | None:
    """Return the first of a name's parts that is to hold at a point."""
    return next((part for part in of if part.where is None or part.where.holds(point)), None)


def shown_at(claim: Claim, point: Place) -> Mapping[str, Any] | None:
    """Return what `evaluate` prints at a point; None where it refuses it."""
    try:
        return printed_values(claim.evaluate(point))
    except UserError:
        return None


def by_name(of: tuple[Part, ...]) -> dict[str, tuple[Part, ...]]:
    """Return the parts of each name."""
    found: dict[str, tuple[Part, ...]] = {}
    for part in of:
        found[part.name] = (*found.get(part.name, ()), part)
    return found


def misprinted_at(
    of: Mapping[str, tuple[Part, ...]], point: Place, shown: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the values that are not what is told of them, by name."""
    for name in dict.fromkeys((*of, *shown)):
        told = of.get(name) or of.get(name.partition(".")[0], ())
        problem = _compared(name, told, shown.get(name), point)
        if problem:
            at = ", ".join(f"{s} = {v}" for s, v in point.items())
            yield f"evaluate prints {name} = {shown.get(name)} at {at}: {problem}"


def unsolved_at(relations: Mapping[str, sp.Rel], point: Place) -> Iterator[str]:
    """Yield the equations, by their texts, that values do not satisfy at a point; where they have no value, none."""
    for text, relation in relations.items():
        left, right = (enclose(side, point, most_bits=MOST_BITS) for side in relation.args)
        if not (left.is_finite() and right.is_finite()):
            continue
        if isinstance(relation, sp.Eq):
            kept = _close(left, right) or sign_at(relation.lhs - relation.rhs, point, 512) == 0
        else:
            kept = decide(relation, point, 512) is not False
        if not kept:
            at = ", ".join(f"{s} = {v}" for s, v in point.items())
            yield f"{text} is missed at {at}: {left.str(12)} and {right.str(12)}"


def equations(claim: Claim) -> dict[str, sp.Rel]:
    """Return the claim's equations, read in its letters, by their texts."""
    return {text: read(text, claim.letters) for text in claim.equations}


def printed_values(found: Evaluation) -> dict[str, object]:
    """Return everything that an evaluation prints, by name; parts of lists as name.index.part."""
    shown: dict[str, object] = {**found.hypotheses, "holds": found.holds, "margin": found.margin}
    for name, value in found.values.items():
        shown |= _flat(name, value)
    return shown


def _flat(name: str, value: object) -> dict[str, object]:
    if isinstance(value, Mapping):
        return dict(chain.from_iterable(_flat(f"{name}.{key}", part).items() for key, part in value.items()))
    if isinstance(value, list):
        return dict(
            chain.from_iterable(_flat(f"{name}.{k}", part).items() for k, part in enumerate(value, 1))
        )
    return {name: value}


def _compared(name: str, of: tuple[Part, ...], value: object, point: Place) -> str:
    """Return what is wrong with a printed value, "" if nothing: the first of its parts that is to hold here decides."""
    if not of:
        return "" if value is None else "there is no formula for it"
    part = deciding(of, point)
    if part is None:
        words = " or ".join(p.told.where for p in of)
        return "" if value is None or isinstance(value, str) else f"there is none but where {words}"
    told, meant = part.told.formula, part.meant
    if meant is None:
        return ""
    if isinstance(meant, Words):
        if value is None and "." in name:
            return ""  # a list that has no such part
        expected = [word for word, when in meant.by_word.items() if when.holds(point)]
        return "" if expected == [str(value)] or not expected else f"it should be {' or '.join(expected)}"
    if not isinstance(meant, sp.Basic):
        if value is None and name == "holds":
            return f"it is not decided whether {told}"
        return "" if meant.holds(point) in (value, None) else f"that is whether {told}"
    if not isinstance(value, arb | fmpq | int) or isinstance(value, bool):
        return f"it should be {told}"
    # by this very object, which the place keeps: claims print values that they share
    right = (_valued, meant, id(value))
    if right in point.answers:
        return ""
    wrong = _valued(value, meant, point, str(told))
    if not wrong:
        point.answers[right] = value
    return wrong


def _valued(value: arb | fmpq | int, meant: sp.Expr, point: Place, told: str) -> str:
    """Return what is wrong with a number; an exact 0 must be one by the formula, and only that may be printed where it is 0."""
    truth = enclose(meant, point, most_bits=MOST_BITS)
    if meant.has(Deviation, TwoSamples) and not truth.is_finite():
        return ""  # too many cases to count
    ball = arb(value)
    if ball == 0 or ball.contains(0):
        sign = sign_at(meant, point, MOST_BITS) if truth.is_finite() else _zero_at_an_end(meant, point)
        if ball == 0 and sign == 0:
            return ""
        return f"it should be {told} = {truth.str(12)}, " + ("exactly 0" if sign == 0 else "which is not 0")
    return "" if _close(ball, truth) else f"it should be {told} = {truth.str(12)}"


def _zero_at_an_end(meant: sp.Expr, point: Place) -> int | None:
    """Return 0 for a formula that is 0 where balls are no help: the root of what vanishes, say."""
    functions = (part for part in meant.atoms(sp.Function) if not isinstance(part, sp.Max | sp.Min))
    defined = all(enclose(part, point, most_bits=FIRST_BITS).is_finite() for part in functions)
    return 0 if defined and vanishes(meant, point) else None


def _close(ball: arb, truth: arb) -> bool:
    if not ball.is_finite() or not truth.is_finite():
        return False
    return bool(abs(ball - truth) <= abs(truth) * arb(2) ** -AGREEING_BITS)
