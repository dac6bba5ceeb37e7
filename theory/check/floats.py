"""Float forms against balls: the worst error, in units in the last place."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterable, Iterator
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

LEFT_OUT, SEEN = 400, 40
"""So many points are drawn, and so many compared, to tell whether a range could be wider."""


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
    known = _truths(form.expression, form.domain, count, seed)
    return FloatError(_error(form, known), len(known))


def unneeded(form: FloatForm, inputs: Domain) -> Iterator[str]:
    """Yield the ends of a form's ranges that are nearer than those of `inputs` although it is as exact up to there."""
    wide = {part.symbol: part for part in inputs.ranges}
    for part in form.domain.ranges:
        beyond = wide.get(part.symbol)
        for end in ("low", "high") if beyond is not None else ():
            changes = {name: getattr(beyond, name) for name in (end, f"{end}_open")}
            if all(getattr(part, name) == value for name, value in changes.items()):
                continue
            wider = form.domain.restrict(part.symbol, **changes)
            points = (p for p in wider.points(LEFT_OUT) if not form.domain.contains(p))
            known = _known(form.expression, itertools.islice(points, SEEN), wider)
            if known and _error(form, known) <= form.ulps:
                yield f"{part.symbol} need not end at {getattr(part, end)}, where {form.name} is as exact"


Exact = dict[sp.Symbol, fmpq]
Known = list[tuple[dict[sp.Symbol, float], Exact, arb]]
"""Points of float64 numbers, as floats and exactly, and the balls of an expression there."""


def _error(form: FloatForm, known: Known) -> float:
    """Return the worst error at points, in ulps, per unit of condition where so stated."""
    symbols = form.domain.symbols
    columns = [np.array([floats[s] for floats, _, _ in known]) for s in symbols]
    with np.errstate(all="ignore"):
        values = np.asarray(form.values(*columns), dtype=float)
    slopes = [sp.diff(form.expression, s) for s in symbols] if form.conditioned else []
    worst = 0.0
    for value, (_, point, truth) in zip(values, known, strict=True):
        error = error_in_ulps(float(value), truth)
        if form.conditioned and 1 < error < math.inf:
            error /= _condition(slopes, symbols, point, truth)
        worst = max(worst, error)
    return worst


@lru_cache(maxsize=256)
def _truths(expression: sp.Expr, domain: Domain, count: int, seed: int) -> Known:
    return _known(expression, domain.points(count, seed), domain)


def _known(expression: sp.Expr, points: Iterable[Point], domain: Domain) -> Known:
    """Return those of some points, rounded, that are in a domain, with the values there; not finite where there is none."""
    found: Known = []
    for point in points:
        floats = _rounded(point)
        exact = {s: rational(Fraction(v)) for s, v in floats.items()}
        if not domain.contains(exact):
            continue
        try:
            truth = enclose(expression, exact, digits=22)
        except ZeroDivisionError:
            truth = arb("nan")
        if not _beyond_floats(truth):
            found.append((floats, exact, truth))
    return found


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
