"""The words in which claims are written: sentences with their verdicts, their readings, points. Relations are in `relations`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

import sympy as sp

from ascentcheck.theory.claim import (
    Level,
    Proposition,
    Quoted,
    Reading,
    Statement,
    Step,
    Survivor,
    Verdict,
    Witness,
)
from ascentcheck.theory.domain import Domain

T = TypeVar("T")
Several: TypeAlias = T | tuple[T, ...]
"""One, or a tuple of any number."""


def _tuple(given: Several[T]) -> tuple[T, ...]:
    return given if isinstance(given, tuple) else (given,)


def point(
    base: Mapping[sp.Symbol, Fraction] = MappingProxyType({}), /, **values: Fraction | int | str
) -> dict[sp.Symbol, Fraction]:
    """Return an exact point by the names of its symbols, on top of `base`: n_retain=2, alpha="3/4"."""
    return {**base, **{sp.Symbol(name, real=True): Fraction(value) for name, value in values.items()}}


def figures(text: str, at: Mapping[sp.Symbol, Fraction], *values: sp.Expr) -> Quoted:
    """Return the decimals in a text as what they are: these values at a point, rounded."""
    exact = {symbol: sp.Rational(value.numerator, value.denominator) for symbol, value in at.items()}
    return Quoted(text, sp.Tuple(*(value.xreplace(exact) for value in values)))


def only_point(of: Domain) -> dict[sp.Symbol, Fraction]:
    """Return the one point of a domain that has no more."""
    return {r.symbol: Fraction(int(r.low.p), int(r.low.q)) for r in of.ranges}


def told(proposition: Proposition, says: str) -> Proposition:
    """Return a printed proposition with words, as it stands among what is proved."""
    return replace(proposition, says=says, reads="")


def as_printed(
    name: str,
    where: str,
    quote: str,
    *,
    printed: Several[Proposition],
    remark: str,
    verified: Several[Proposition] = (),
    steps: Several[Step] = (),
    level: Level = Level.EXACT,
) -> Statement:
    """Return a sentence that holds; `verified` is what is proved beside or beyond it, by default the sentence itself."""
    recorded = (Verdict.AS_PRINTED, level)
    return Statement(
        name, where, quote, _tuple(printed), _tuple(verified or printed), recorded, remark, _tuple(steps)
    )


def repaired(name: str, where: str, quote: str, **said: Any) -> Statement:
    """Return a sentence as `as_printed` does, with a printed proof that is broken: one of its steps has a witness."""
    found = as_printed(name, where, quote, **said)
    return replace(found, recorded=(Verdict.REPAIRED, max(found.recorded[1], Level.CERTIFIED)))


def false_as_printed(
    name: str,
    where: str,
    quote: str,
    *,
    printed: Several[Proposition],
    witness: Witness,
    verified: Several[Proposition],
    remark: str,
    steps: Several[Step] = (),
    level: Level = Level.CERTIFIED,
) -> Statement:
    """Return a sentence that a witness refutes; `verified` is what is true instead."""
    return Statement(
        name,
        where,
        quote,
        _tuple(printed),
        _tuple(verified),
        (Verdict.FALSE, level),
        remark,
        _tuple(steps),
        witness,
    )


def reading(says: str, printed: Several[Proposition], witness: Witness | None = None) -> Reading:
    """Return one way to take a sentence that is open as worded: what it asserts then. A witness refutes it."""
    return Reading(says, _tuple(printed), witness)


def open_as_worded(
    name: str,
    where: str,
    quote: str,
    *,
    readings: Several[Reading],
    remark: str,
    verified: Several[Proposition] = (),
    steps: Several[Step] = (),
    level: Level = Level.CERTIFIED,
    formerly: tuple[Verdict, str] | None = None,
) -> Statement:
    """Return a sentence that is true in one reading of its words and false in another."""
    return Statement(
        name,
        where,
        quote,
        (),
        _tuple(verified),
        (Verdict.OPEN, level),
        remark,
        _tuple(steps),
        readings=_tuple(readings),
        formerly=formerly,
    )


def false_in_every_reading(name: str, where: str, quote: str, **said: Any) -> Statement:
    """Return a sentence as `open_as_worded` does, each of whose readings has a witness."""
    found = open_as_worded(name, where, quote, **said)
    return replace(found, recorded=(Verdict.FALSE, found.recorded[1]))


def survivors(reasons: Mapping[str, str]) -> tuple[Survivor, ...]:
    """Return the mutants that no point can refute, by name, each with the reason why it is no defect."""
    return tuple(Survivor(mutant, reason) for mutant, reason in reasons.items())
