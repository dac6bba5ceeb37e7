"""Float forms against balls: the worst error, in units in the last place."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, wraps

import numpy as np
import sympy as sp
from flint import arb, fmpq
from numpy.typing import ArrayLike

from ascentcheck.theory.claim import FloatForm
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import Point, enclose, rational


@dataclass(frozen=True)
class FloatError:
    """The worst error of a float form in ulps (per unit of condition, where so stated), over `n` points."""

    ulps: float
    n: int


def broadcast(form: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Return a float form that is given all its arguments in one shape, those that it does not use included."""

    @wraps(form)
    def whole(*columns: ArrayLike) -> np.ndarray:
        return np.asarray(form(*np.broadcast_arrays(*columns)))

    return whole


def _rounded(point: Point) -> dict[sp.Symbol, float]:
    return {symbol: float(Fraction(int(value.p), int(value.q))) for symbol, value in point.items()}


def error_in_ulps(value: float, exact: arb) -> float:
    """Return |value − exact| in ulps of the exact value (a ball); inf when either is not finite or is undefined."""
    if not math.isfinite(value) or not exact.is_finite():
        return math.inf
    spacing = math.ulp(float(exact.mid()))
    gap = abs(exact - arb(rational(Fraction(value))))
    return float(gap.upper()) / spacing


def worst_error(form: FloatForm, count: int = 400, seed: int = 0) -> FloatError:
    """Compare a float form with balls at points whose coordinates are float64 numbers, where its value is a normal one.

    The condition number is 1 + Σ |x_i ∂f/∂x_i| / |f|: what rounding the inputs alone would do.
    """
    kept, truths = _truths(form.expression, form.domain, count, seed)
    symbols = form.domain.symbols
    columns = [np.array([f[s] for f, _ in kept]) for s in symbols]
    values = np.asarray(form.values(*columns), dtype=float)
    slopes = [sp.diff(form.expression, s) for s in symbols] if form.conditioned else []
    worst = 0.0
    for value, (_, point), truth in zip(values, kept, truths, strict=True):
        error = error_in_ulps(float(value), truth)
        if form.conditioned and error > 1:
            error /= _condition(slopes, symbols, point, truth)
        worst = max(worst, error)
    return FloatError(worst, len(kept))


Exact = dict[sp.Symbol, fmpq]


@lru_cache(maxsize=256)
def _truths(
    expression: sp.Expr, domain: Domain, count: int, seed: int
) -> tuple[list[tuple[dict[sp.Symbol, float], Exact]], list[arb]]:
    """Return points of float64 numbers, as floats and exactly, and the balls of the expression there."""
    floats = [_rounded(p) for p in domain.points(count, seed)]
    exact = [{s: rational(Fraction(v)) for s, v in p.items()} for p in floats]
    inside = [(f, e) for f, e in zip(floats, exact, strict=True) if domain.contains(e)]
    found = [(point, enclose(expression, point[1], digits=22)) for point in inside]
    found = [(point, truth) for point, truth in found if not _beyond_floats(truth)]
    return [point for point, _ in found], [truth for _, truth in found]


def _beyond_floats(truth: arb) -> bool:
    """Whether a value is no normal float64 number: too large, or too near to 0 and not 0 itself."""
    size = abs(truth)
    return bool(size > sys.float_info.max or 0 < size < sys.float_info.min)


def _condition(
    slopes: list[sp.Expr], symbols: tuple[sp.Symbol, ...], point: dict[sp.Symbol, fmpq], truth: arb
) -> float:
    total = 1.0
    for slope, symbol in zip(slopes, symbols, strict=True):
        share = abs(enclose(slope, point, digits=6) * point[symbol] / truth)
        total += float(share.mid()) if share.is_finite() else 0.0
    return total
