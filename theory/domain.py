"""Where a statement is made: ranges in a fixed order, each with ends that may use the earlier symbols.

The order makes everything mechanical: sign proofs substitute range by range, points are drawn range by
range, and the ends themselves (where equality lives) are always among the points.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.expression import Point, ball, latex, rational_function

LARGEST_EXPONENT = 1 << 20
Bound: TypeAlias = Any
"""An end of a range: a sympy expression in earlier symbols, or ±oo."""
NEAR_ONE, MODEST, SMALL, TINY = (-4, 4), (-8, 5), (-20, 8), (-30, 8)
"""Binary exponents between which points of a range without an end are drawn, where the usual ones are too far apart."""


@dataclass(frozen=True)
class Range:
    """One symbol's range. `low_open`/`high_open` leave the end out; an infinite end is always out.

    `scale` holds the binary exponents between which points of an unbounded range are drawn.
    """

    symbol: sp.Symbol
    low: Bound = sp.S.Zero
    high: Bound = sp.oo
    low_open: bool = False
    high_open: bool = False
    scale: tuple[int, int] = (-20, 20)

    def latex(self) -> str:
        """Return the range in mathematical notation."""
        left = "" if self.low == -sp.oo else latex(self.low) + (" < " if self.low_open else r" \le ")
        right = "" if self.high == sp.oo else (" < " if self.high_open else r" \le ") + latex(self.high)
        return f"{left}{latex(self.symbol)}{right}"

    def at(self, fraction: fmpq, point: Point) -> fmpq | None:
        """Return the exact rational that lies `fraction` ∈ [0, 1] of the way along, or None if an end is missed.

        Fractions 0 and 1 mean the ends themselves; None when that end is open or irrational.
        """
        if self.low is sp.S.NegativeInfinity:
            return self._mirrored(fraction, point)
        if fraction == 0:
            return None if self.low_open else exact_value(self.low, point)
        if self.high is sp.S.Infinity:
            if fraction == 1:
                return None
            first, last = self.scale
            exponent = first + (last - first) * fraction
            whole = int(exponent.floor())
            step = 1 + (exponent - whole)
            return _near(self.low, point, whole - 32) + step * (fmpq(2) ** whole)
        if fraction == 1:
            return None if self.high_open else exact_value(self.high, point)
        low, high = _near(self.low, point), _near(self.high, point)
        return low + (high - low) * fraction

    def _mirrored(self, fraction: fmpq, point: Point) -> fmpq | None:
        """Return a point of a range without a low end: the mirror image of one with it; of both signs where there is none."""
        if self.high != sp.oo:
            upward = Range(self.symbol, -self.high, sp.oo, self.high_open, scale=self.scale).at(
                1 - fraction, point
            )
            return None if upward is None else -upward
        if fraction in (0, 1):
            return None
        size = Range(self.symbol, scale=self.scale).at(abs(2 * fraction - 1), point)
        return size if size is None or fraction >= fmpq(1, 2) else -size

    def contains(self, value: fmpq, point: Point) -> bool:
        """Whether `value` is in the range, decided exactly or by balls that keep clear of the end."""
        return _above(value, self.low, point, self.low_open) and (
            self.high is sp.S.Infinity or _above(-value, self._beyond, point, self.high_open)
        )

    @cached_property
    def _beyond(self) -> sp.Expr:
        """The low end of the mirror image."""
        return -sp.sympify(self.high)


def exact_value(expression: sp.Expr, point: Point) -> fmpq | None:
    """Return the exact rational value of an expression at a rational point; None where there is none."""
    evaluate = rational_function(expression if isinstance(expression, sp.Basic) else sp.sympify(expression))
    try:
        return None if evaluate is None else evaluate(point)
    except ZeroDivisionError:
        return None


def _near(expression: sp.Expr, point: Point, finest: int | None = None) -> fmpq:
    """Return a rational number next to the value: to 96 bits and, where given, to within 2^finest.

    Raises ArithmeticError where there is none, or one beyond 2^LARGEST_EXPONENT.
    """
    exact = exact_value(expression, point)
    if exact is not None:
        return exact
    value = ball(expression, point, 96)
    if finest is not None and _reasonable(value) and not value.rad() < arb(2) ** finest:
        size, exponent = abs(value).mid().man_exp()
        value = ball(expression, point, int(size).bit_length() + int(exponent) - finest + 96)
    if not _reasonable(value):
        raise ArithmeticError(f"{expression} is not a number of reasonable size here")
    mantissa, exponent = value.mid().man_exp()
    return fmpq(int(mantissa)) * fmpq(2) ** int(exponent)


def _reasonable(value: arb) -> bool:
    return bool(value.is_finite()) and abs(int(value.mid().man_exp()[1])) < LARGEST_EXPONENT


def _above(value: fmpq, bound: sp.Expr, point: Point, strictly: bool) -> bool:
    if bound is sp.S.NegativeInfinity:
        return True
    exact = 0 if bound is sp.S.Zero else exact_value(bound, point)
    if exact is not None:
        return bool(value > exact) if strictly else bool(value >= exact)
    for bits in (96, 384, 1536, 6144):
        gap = ball(sp.Rational(int(value.p), int(value.q)) - bound, point, bits)
        if gap > 0 or gap < 0:
            return bool(gap > 0)
    raise ArithmeticError(f"{value} cannot be told from {bound}")


@dataclass(frozen=True)
class Domain:
    """All points whose symbols lie in their ranges, in order."""

    ranges: tuple[Range, ...]
    words: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Raise ValueError where a symbol has two ranges."""
        if len({r.symbol for r in self.ranges}) < len(self.ranges):
            raise ValueError(f"a symbol has two ranges: {', '.join(r.symbol.name for r in self.ranges)}")

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The symbols in order."""
        return tuple(r.symbol for r in self.ranges)

    def restrict(self, symbol: sp.Symbol, **changes: Any) -> Domain:
        """Return the domain with low, high, low_open or high_open of a symbol changed. Raises ValueError for no range of it."""
        if symbol not in self.symbols:
            raise ValueError(f"{symbol} has no range here, of {', '.join(s.name for s in self.symbols)}")
        return replace(
            self, ranges=tuple(replace(r, **changes) if r.symbol == symbol else r for r in self.ranges)
        )

    def extend(self, *ranges: Range) -> Domain:
        """Return the domain with further ranges after the present ones."""
        return replace(self, ranges=self.ranges + ranges)

    def contains(self, point: Point) -> bool:
        """Whether the point is in the domain."""
        return all(r.contains(point[r.symbol], point) for r in self.ranges)

    def only_point(self) -> dict[sp.Symbol, fmpq] | None:
        """Return the point of a domain that is a single rational point; None for any other domain."""
        if any(r.low != r.high or r.low_open or r.high_open for r in self.ranges):
            return None
        return self.place((fmpq(0),) * len(self.ranges))

    def latex(self) -> str:
        """Return the ranges in mathematical notation."""
        return r",\; ".join(r.latex() for r in self.ranges)

    def place(self, fractions: tuple[fmpq, ...]) -> dict[sp.Symbol, fmpq] | None:
        """Return the point that lies the given fraction along each range, or None if an end is left out."""
        point: dict[sp.Symbol, fmpq] = {}
        for part, fraction in zip(self.ranges, fractions, strict=True):
            value = part.at(fraction, point)
            if value is None or not part.contains(value, point):
                return None
            point[part.symbol] = value
        return point

    def points(self, count: int, seed: int = 0) -> Iterator[dict[sp.Symbol, fmpq]]:
        """Yield about `count` exact points, the same for the same seed: the ends first, then near them, then within."""
        only = self.only_point()
        if only is not None:
            yield only
            return
        draw = random.Random(seed)
        size = len(self.ranges)
        close, closer = fmpq(1, 1000), fmpq(1, 10**7)
        near = (fmpq(0), fmpq(1), close, 1 - close, closer, 1 - closer, fmpq(1, 2))
        corners = list(itertools.islice(itertools.product((fmpq(1, 2), fmpq(0), fmpq(1)), repeat=size), 243))
        made = 0
        for fractions in corners:
            point = self.place(fractions)
            if point is not None:
                made += 1
                yield point
            if made >= count // 2:
                break
        tries = 0
        while made < count and tries < 20 * count:
            tries += 1
            chosen = tuple(
                draw.choice(near) if draw.random() < 0.4 else fmpq(draw.randrange(1, 1 << 12), 1 << 12)
                for _ in range(size)
            )
            point = self.place(chosen)
            if point is not None:
                made += 1
                yield point


def domain(*ranges: Range) -> Domain:
    """Return all points whose symbols lie in these ranges, in order."""
    return Domain(ranges)


def positive(*symbols: sp.Symbol, scale: tuple[int, int] = Range.scale) -> tuple[Range, ...]:
    """Return the range (0, ∞) for each symbol; `scale` as in a range."""
    return tuple(Range(symbol, low_open=True, scale=scale) for symbol in symbols)
