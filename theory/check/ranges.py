"""Ranges: of a claim, of its inputs, data sets, float forms and coordinates, each held by something that is stated."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.branches import conditions
from ascentcheck.theory.check.conditions import Relation
from ascentcheck.theory.check.prints import parts
from ascentcheck.theory.claim import Claim, Parametrisation
from ascentcheck.theory.domain import Range
from ascentcheck.theory.expression import ball_function, enclose, precision
from ascentcheck.theory.printed import read, same

AGREEING_BITS, LEADING = 44, 6
Exact = dict[sp.Symbol, fmpq]


def unlike_data(claim: Claim) -> Iterator[str]:
    """Yield where the conditions under which a data set exists are not those that `evaluate` tells."""
    told = {
        read(part.formula, claim.letters)
        for part in claim.prints
        if part.name.startswith("group_in_") and isinstance(part.formula, str)
    }
    for condition in claim.realisable if told else ():
        if not any(same(condition, relation) for relation in told):
            yield f"a data set is to have {condition}, which `evaluate` does not tell"
    for relation in told:
        if not any(same(condition, relation) for condition in claim.realisable):
            yield f"`evaluate` tells whether {relation}, which no data set is asked for"


def misplaced(claim: Claim) -> Iterator[str]:
    """Yield ranges of a claim, or of its float forms, that nothing of it is stated on, and coordinates that do not lead back."""
    propositions = [p for s in claim.statements for p in (*s.asserted, *s.verified)]
    domains = [p.domain for p in propositions] + [step.domain for s in claim.statements for step in s.steps]
    stated = {_ends(part) for domain in (*domains, claim.inputs) for part in domain.ranges}
    for part in claim.domain.ranges:
        if _ends(part) not in stated:
            yield f"nothing is stated for {part.symbol} from {part.low} to {part.high}, which the claim shows"
    closed = {ends[:3] for ends in stated}
    for form in claim.float_forms:
        for part in form.domain.ranges:
            if _ends(part)[:3] not in closed:
                where = f"{part.symbol} from {part.low} to {part.high}"
                yield f"nothing is stated for {where}, where {form.name} is compared"
    for symbol, words in claim.words.items():
        if claim.defaults.get(symbol, words[0]) != words[0]:
            yield f"{symbol} is {claim.defaults[symbol]} where it is not given, not its first word, {words[0]}"
    coordinates = {p.by: p.domain for p in propositions if p.by is not None}
    for by, domain in coordinates.items():
        new, old = dict(by.inverse), {part.symbol: part for part in domain.ranges}
        kept = set(old) - {symbol for symbol, _ in by.substitution}
        if sorted(map(str, by.domain.symbols)) != sorted(map(str, kept | set(new))):
            yield f"coordinates have ranges for {by.domain.symbols}, not for {kept | set(new)}"
            continue
        for part in by.domain.ranges:
            if part.symbol not in new and _ends(part) != _ends(old[part.symbol]):
                yield f"coordinates change the range of {part.symbol}, which they keep"
        for point in itertools.islice(domain.points(LEADING), LEADING):
            with precision(300):
                yield from _lost(by, point)


def misaccepted(claim: Claim) -> Iterator[str]:
    """Yield the ends of what `evaluate` accepts that are neither stated nor told apart by a printed condition."""
    propositions = [p for s in claim.statements for p in (*s.asserted, *s.verified)]
    domains = [p.domain for p in propositions] + [step.domain for s in claim.statements for step in s.steps]
    domains += [claim.domain, *(form.domain for form in claim.float_forms)]
    stated = {end for domain in domains for part in domain.ranges for end in _both_ends(part)}
    shown = {part.symbol: part for part in claim.domain.ranges}
    told = [c.relation for c in conditions(parts(claim)) if isinstance(c, Relation)]
    for part in claim.inputs.ranges:
        for end in _both_ends(part):
            if end in stated:
                continue
            symbol, which, value, _ = end
            if symbol in shown:
                first = getattr(shown[symbol], which)
                known = any({symbol, first} == set(relation.args) for relation in told)
            else:
                known = any(_bare(relation).has(symbol) for relation in told)
            if not known:
                yield f"evaluate accepts {symbol} with the {which} end {value}, of which nothing is stated or told"


def _bare(relation: sp.Basic) -> sp.Basic:
    """Return a relation with a letter for each function: what is told of a function's value is not told of its arguments."""
    return relation.xreplace({of: sp.Dummy() for of in relation.atoms(sp.Function)})


def _both_ends(part: Range) -> tuple[tuple[sp.Symbol, str, object, bool], ...]:
    return (part.symbol, "low", part.low, part.low_open), (part.symbol, "high", part.high, part.high_open)


def _ends(part: Range) -> tuple[object, ...]:
    return part.symbol, part.low, part.high, part.low_open, part.high_open


def _lost(by: Parametrisation, point: Exact) -> Iterator[str]:
    """Yield what is wrong with coordinates at a point: they must lie in their ranges and lead back to it."""
    there = {symbol: arb(value) for symbol, value in point.items()}
    there |= {symbol: enclose(expression, point, digits=80) for symbol, expression in by.inverse}
    if not all(value.is_finite() for value in there.values()):
        return
    at = ", ".join(f"{s} = {v}" for s, v in point.items())
    for symbol, expression in by.substitution:
        back = ball_function(sp.sympify(expression), box=True)(there)
        if not abs(back - arb(point[symbol])) <= abs(back) * arb(2) ** -AGREEING_BITS + arb(2) ** -200:
            yield f"coordinates lead from {symbol} = {point[symbol]} to {back.str(12)} at {at}"
    for part in by.domain.ranges:
        for end, sign in ((part.low, 1), (part.high, -1)):
            if abs(end) != sp.oo:
                gap = there[part.symbol] - ball_function(sp.sympify(end), box=True)(there)
                if sign * gap < 0:
                    yield f"the coordinate {part.symbol} = {there[part.symbol].str(12)} is out of its range at {at}"
