"""The words in which claims are written: relations that stay as they are written, points, and sentences with their verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import sympy as sp

from ascentcheck.theory.claim import Level, Proposition, Quoted, Reading, Statement, Step, Verdict, Witness
from ascentcheck.theory.domain import Domain

Propositions = tuple[Proposition, ...]


def ge(left: object, right: object = 0) -> sp.Rel:
    """Return left ≥ right, unevaluated."""
    return sp.Ge(left, right, evaluate=False)


def gt(left: object, right: object = 0) -> sp.Rel:
    """Return left > right, unevaluated."""
    return sp.Gt(left, right, evaluate=False)


def le(left: object, right: object = 0) -> sp.Rel:
    """Return left ≤ right, unevaluated."""
    return sp.Le(left, right, evaluate=False)


def lt(left: object, right: object = 0) -> sp.Rel:
    """Return left < right, unevaluated."""
    return sp.Lt(left, right, evaluate=False)


def eq(left: object, right: object = 0) -> sp.Rel:
    """Return left = right, unevaluated."""
    return sp.Eq(left, right, evaluate=False)


def point(
    base: Mapping[sp.Symbol, Fraction] = MappingProxyType({}), /, **values: Fraction | int | str
) -> dict[sp.Symbol, Fraction]:
    """Return an exact point by the names of its symbols, on top of `base`: n_retain=2, alpha="3/4"."""
    return {**base, **{sp.Symbol(name, real=True): Fraction(value) for name, value in values.items()}}


def figures(text: str, at: Mapping[sp.Symbol, Fraction], *values: sp.Expr) -> Quoted:
    """Return the decimals in a text as what they are: these values at a point, rounded."""
    exact = {symbol: sp.Rational(value.numerator, value.denominator) for symbol, value in at.items()}
    return Quoted(text, sp.Tuple(*(value.subs(exact) for value in values)))


def only_point(of: Domain) -> dict[sp.Symbol, Fraction]:
    """Return the one point of a domain that has no more."""
    return {r.symbol: Fraction(int(r.low.p), int(r.low.q)) for r in of.ranges}


def as_printed(
    name: str,
    where: str,
    quote: str,
    *,
    printed: Propositions,
    remark: str,
    verified: Propositions = (),
    steps: tuple[Step, ...] = (),
    level: Level = Level.EXACT,
) -> Statement:
    """Return a sentence that holds; `verified` is what is proved beside or beyond it, by default the sentence itself."""
    recorded = (Verdict.AS_PRINTED, level)
    return Statement(name, where, quote, printed, verified or printed, recorded, remark, steps)


def repaired(name: str, where: str, quote: str, **said: Any) -> Statement:
    """Return a sentence as `as_printed` does, with a printed proof that is broken: one of its steps has a witness."""
    found = as_printed(name, where, quote, **said)
    return replace(found, recorded=(Verdict.REPAIRED, found.recorded[1]))


def false_as_printed(
    name: str,
    where: str,
    quote: str,
    *,
    printed: Propositions,
    witness: Witness,
    verified: Propositions,
    remark: str,
    steps: tuple[Step, ...] = (),
    level: Level = Level.EXACT,
) -> Statement:
    """Return a sentence that a witness refutes; `verified` is what is true instead."""
    return Statement(name, where, quote, printed, verified, (Verdict.FALSE, level), remark, steps, witness)


def open_as_worded(
    name: str,
    where: str,
    quote: str,
    *,
    readings: tuple[Reading, ...],
    remark: str,
    verified: Propositions = (),
    steps: tuple[Step, ...] = (),
    level: Level = Level.EXACT,
) -> Statement:
    """Return a sentence that is true in one reading of its words and false in another."""
    recorded = (Verdict.OPEN, level)
    return Statement(name, where, quote, (), verified, recorded, remark, steps, readings=readings)
