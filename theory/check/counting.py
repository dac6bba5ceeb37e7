"""Chances counted case by case, to compare with what claims compute in better ways. For small samples only."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import comb
from typing import Any

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.expression import Point, ball_function, precision, rational_function

LARGEST = 120
"""Samples up to this size are counted exactly, and pairs of samples with at most this many outcomes."""
LARGEST_IN_BALLS = 25_000
"""Samples up to this size are counted in ball arithmetic."""


class _Counted(sp.Function):  # type: ignore[misc]
    """A chance as a function of rational arguments; not finite where counting would take too long."""

    @classmethod
    def chance(cls, *arguments: fmpq) -> fmpq | arb | None:
        """Return the chance, None where it is not counted."""
        raise NotImplementedError

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to the chance."""
        parts = [rational_function(part) for part in expression.args]

        def at(point: Point) -> arb:
            found = (
                None if None in parts else cls.chance(*(part(point) for part in parts if part is not None))
            )
            return arb("nan") if found is None else arb(found)

        return at


@lru_cache(maxsize=256)
def _far_in_balls(n: int, p: fmpq, far: fmpq) -> arb:
    """Return P(|X/n − p| ≥ far), the chances one after the other by their ratios."""
    with precision(512):
        odds, chance, total = arb(p / (1 - p)), arb(1 - p) ** n, arb(0)
        low, high = (n * (p - far)).floor(), -(-n * (p + far)).floor()
        for k in range(n + 1):
            if k <= low or k >= high:
                total += chance
            chance = chance * odds * (n - k) / (k + 1)
        return total


def _likely(n: int, p: fmpq) -> list[fmpq]:
    return [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


class Deviation(_Counted):
    """P(|X/n − p| ≥ ε) for X ~ Binomial(n, p)."""

    nargs = 3

    @classmethod
    def chance(cls, *arguments: fmpq) -> fmpq | arb | None:
        """Return the sum over all k that are far enough from n·p."""
        n, p, far = arguments
        if n.q != 1 or n > LARGEST_IN_BALLS:
            return None
        if p in (0, 1):
            return fmpq(far <= 0)
        if n > LARGEST:
            return _far_in_balls(int(n.p), p, far)
        return sum((c for k, c in enumerate(_likely(int(n.p), p)) if abs(k / n - p) >= far), fmpq(0))


class TwoSamples(_Counted):
    """P(|X/n − Y/m| ≥ ε) for independent X ~ Binomial(n, p) and Y ~ Binomial(m, p)."""

    nargs = 4

    @classmethod
    def chance(cls, *arguments: fmpq) -> fmpq | None:
        """Return the sum over all pairs that are far enough from each other."""
        n, m, p, far = arguments
        if n.q != 1 or m.q != 1 or n * m > LARGEST:
            return None
        first, second = _likely(int(n.p), p), _likely(int(m.p), p)
        return sum(
            (a * b for k, a in enumerate(first) for j, b in enumerate(second) if abs(k / n - j / m) >= far),
            fmpq(0),
        )


class Ceiling(sp.Function):  # type: ignore[misc]
    """The least whole number that is not smaller."""

    nargs = 1

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to the number; not finite where the ball does not tell it."""
        inner = ball_function(expression.args[0])

        def at(point: Point) -> arb:
            found = inner(point).ceil().unique_fmpz()
            return arb("nan") if found is None else arb(found)

        return at
