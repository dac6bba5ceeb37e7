"""At which points `evaluate` is tried: drawn, of plain numbers, at ends, and on both sides of every condition."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.conditions import Condition, held
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.domain import Domain, exact_value
from ascentcheck.theory.expression import Point
from ascentcheck.theory.printed import read

DRAWN, PLAIN = 14, 14
FROM, FEW, HALVINGS = 24, 12, 48
"""Thresholds are sought between two of so many points (of few at ends), and by so many halvings."""
FURTHER = 400
"""How many more points are drawn for cases that no point is."""
NUMBERS = tuple(
    fmpq(p, q) for p, q in ((1, 1), (2, 1), (3, 1), (5, 1), (1, 2), (1, 10), (0, 1), (100, 1), (20_001, 1))
)
Exact = dict[sp.Symbol, fmpq]
Items = tuple[tuple[sp.Symbol, fmpq], ...]


def tried_points(claim: Claim) -> Iterator[Exact]:
    """Yield points at which `evaluate` is tried: drawn from its inputs, of plain numbers, at ends and thresholds."""
    if claim.tried:
        for domain in claim.tried:
            yield from domain.points(1)
        return
    yield from claim.inputs.points(DRAWN)
    edges = [
        read(text, claim.letters) for name, text in claim.letters.items() if name[0] == "α" and len(name) == 2
    ]
    alpha = next((s for s in claim.inputs.symbols if s.name == "alpha"), None)
    for count, point in enumerate((*_plain(claim.inputs), *_at_ends(claim.inputs)), 1):
        yield point
        if alpha is not None and count % 2:
            for edge in edges:
                value = exact_value(edge, point)
                if value is not None and claim.inputs.contains({**point, alpha: value}):
                    yield {**point, alpha: value}


@lru_cache(maxsize=64)
def _plain(inputs: Domain) -> tuple[Exact, ...]:
    """Return points of plain numbers, drawn."""
    draw = random.Random(0)
    made: list[Exact] = []
    for _ in range(60 * PLAIN):
        point = {symbol: draw.choice(NUMBERS) for symbol in inputs.symbols}
        if inputs.contains(point):
            made.append(point)
        if len(made) == PLAIN:
            break
    return tuple(made)


@lru_cache(maxsize=64)
def _at_ends(inputs: Domain) -> tuple[Exact, ...]:
    """Return points with one or two symbols at an end of their range, and different numbers for the other ones."""
    draw = random.Random(1)
    for _ in range(60 * PLAIN):
        point = dict(zip(inputs.symbols, draw.sample(NUMBERS, len(inputs.symbols)), strict=True))
        ends = [
            (part.symbol, value)
            for part in inputs.ranges
            for end in (part.low, part.high)
            if abs(end) != sp.oo and (value := exact_value(end, point)) is not None
        ]
        if inputs.contains(point) and not any(point[symbol] == value for symbol, value in ends):
            break
    else:
        return ()
    chosen = [dict(pair) for size in (1, 2) for pair in itertools.combinations(ends, size)]
    return tuple(at for some in chosen if inputs.contains(at := {**point, **some}))


def at_thresholds(
    conditions: Sequence[Condition], points: Sequence[Point], inputs: Domain
) -> Iterator[Exact]:
    """Yield three points for each condition that holds at some of the points: on either side of its threshold, and between."""
    for condition in conditions:
        holds = partial(held, condition)
        sides = [(holds(point), point) for point in points]
        inside = next((point for known, point in sides if known is True), None)
        outside = next((point for known, point in sides if known is False), None)
        if inside is not None and outside is not None:
            yield from _parted(condition, tuple(inside.items()), tuple(outside.items()), inputs)


def at_equality(conclusions: Sequence[Condition], points: Sequence[Point], inputs: Domain) -> Iterator[Exact]:
    """Yield a point next to where each conclusion begins to hold, with a symbol at an end of its range.

    The conclusion is an equality there, if it turns at a plain number.
    """
    for part in inputs.ranges:
        for end, left_out in ((part.low, part.low_open), (part.high, part.high_open)):
            value = exact_value(end, {}) if sp.sympify(end).is_Rational and not left_out else None
            if value is None:
                continue
            placed = [{**point, part.symbol: value} for point in points[:FEW]]
            placed = [point for point in placed if inputs.contains(point)]
            yield from itertools.islice(at_thresholds(conclusions, placed, inputs), 2, None, 3)


@lru_cache(maxsize=1 << 12)
def _parted(condition: Condition, within: Items, beyond: Items, inputs: Domain) -> tuple[Exact, ...]:
    """Return two points that differ in one symbol a little, and in whether a condition holds, and a plain one between them.

    None at an end itself.
    """
    holds, inside = partial(held, condition), dict(within)
    for symbol, value in beyond:
        moved = {**inside, symbol: value}
        if not inputs.contains(moved):
            continue
        if holds(moved) is not False:
            inside = moved
            continue
        low, high = inside[symbol], value
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if holds({**inside, symbol: middle}) is False:
                high = middle
            else:
                low = middle
        ends = (low, high, simplest(low, high)) if high != value else ()
        return tuple({**inside, symbol: end} for end in ends)
    return ()


def simplest(one: fmpq, other: fmpq) -> fmpq:
    """Return the number with the smallest denominator between two numbers, ends included."""
    low, high = min(one, other), max(one, other)
    whole = -((-low).floor())
    if whole <= high:
        return fmpq(whole)
    whole -= 1
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))


def further(inputs: Domain) -> Iterator[Exact]:
    """Yield points among which those are sought that are a case which no other point is."""
    draw = random.Random(2)
    for count, base in enumerate(itertools.islice(_plain(inputs), 4)):
        for symbol, (p, q) in itertools.product(inputs.symbols, ((1, 10**12), (1, 10**40), (10**12, 1))):
            point = {**base, symbol: fmpq(p, q) + (0 if count % 2 else base[symbol])}
            if inputs.contains(point):
                yield point
    yield from inputs.points(FURTHER, seed=1)
    for _ in range(FURTHER):
        point = {symbol: draw.choice(NUMBERS) for symbol in inputs.symbols}
        if inputs.contains(point):
            yield point
