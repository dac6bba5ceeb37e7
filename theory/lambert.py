r"""The real Lambert W in float64, for arrays: by argument, by log-argument, by gap to the branch point.

W(z)·e^W = z has two real branches, W0 ≥ −1 for z ≥ −1/e and W−1 ≤ −1 for −1/e ≤ z < 0, which meet at the
branch point z = −1/e with a vertical slope. Measured by the gap s = −1 − log(−z) ≥ 0 both are one curve,

    v − log(1 + v) = s  for  v = −(1 + W),      v = r + r²/3 + r³/36 − …,  r = ±√(2s),

whose series [1] has the radius 2√π in r, where the familiar one in p = √(2(1 + ez)) [2, (4.22)] has √2. So:
s ≤ 1/2 (|r| ≤ 1) is the series; the rest is Fritsch's fourth-order step [3] for log(z/w) − w = 0, taken twice
from starts that are right to 4%: log1p(z)·(1 − log1p(log1p(z))/(2 + log1p(z))) for W0 [4], and
v ≈ s + log(1 + s + 1.5·√s) for W−1, as in [2, (4.19)]. The gap comes from z as s = −log1p(−(1 + ez)), with 1/e
in two float64 numbers: 1 + ez then has full relative accuracy at the branch point.

No float64 number is −1/e: the nearest one, float(−1/e) = −0.36787944117144233, is smaller by 1.2e-17 and
lies outside the domain. An argument is taken as the exact number it is. (scipy 1.17 is not used: lambertw has
no correct digit of 1 + W−1 for 1 + ez < 5e-9, and wrightomega is off by up to 30 ulp.)

[1] DLMF (dlmf.nist.gov) 4.13.6–4.13.8. [2] Corless, Gonnet, Hare, Jeffrey, Knuth, On the Lambert W
function, Adv. Comput. Math. 5 (1996), 329–359. [3] Fritsch, Shafer, Crowley, Algorithm 443, Comm. ACM 16
(1973), 123–124. [4] Winitzki, Uniform approximations for transcendental functions, ICCSA 2003.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from typing import Protocol, overload

import numpy as np
from jaxtyping import Float

Array = Float[np.ndarray, "*shape"]

INVERSE_E, INVERSE_E_REST = 0.36787944117144233, -1.2428753672788363e-17  # their sum is 1/e
SERIES_GAP = 0.5  # the series is used up to this gap
SERIES_ARGUMENT = -float(np.exp(-1 - SERIES_GAP))
OVERFLOW_LOG = 700.0  # beyond this logarithm e^x is not formed
BLOCK = 8192  # elements worked on at a time, so that intermediate results stay in cache


class Elementwise(Protocol):
    """A function of one real number: an array gives an array of its shape, a scalar gives a float.

    Where the value is not real (nan included), arrays hold nan, without a warning, and scalars raise
    ValueError. Numbers are read as float64; TypeError for anything that is not real numbers.
    """

    @overload
    def __call__(self, value: float, /) -> float: ...
    @overload
    def __call__(self, value: Array, /) -> Array: ...


def _elementwise(domain: str) -> Callable[[Callable[[Array], Array]], Elementwise]:
    """Turn a function of one block into one of arrays and scalars; `domain` is what the ValueError says."""

    def decorate(block: Callable[[Array], Array]) -> Elementwise:
        @wraps(block)
        def apply(value: float | Array, /) -> float | Array:
            scalar = isinstance(value, int | float | Fraction | np.generic)
            given = np.asarray(float(value) if isinstance(value, int | Fraction) else value)
            array = given.astype(np.float64, casting="same_kind", copy=False)
            flat = array.reshape(-1)
            result = np.empty_like(flat)
            with np.errstate(all="ignore"):
                for first in range(0, flat.size, BLOCK):
                    part = slice(first, first + BLOCK)
                    result[part] = block(flat[part])
            if scalar and np.isnan(result[0]):
                raise ValueError(f"{block.__name__} is real for {domain} only, not at {value}")
            return float(result[0]) if scalar else result.reshape(array.shape)

        return apply  # type: ignore[return-value]  # the overloads of Elementwise split what apply does

    return decorate


def _series_coefficients(count: int) -> tuple[float, ...]:
    """Return c_0, c_1, … of v = c_1·r + c_2·r² + …, from exact rationals. DLMF 4.13.8."""
    c = [Fraction(1), Fraction(1)]
    for n in range(2, count):
        c.append((c[n - 1] - sum(k * c[k] * c[n + 1 - k] for k in range(2, n))) / (n + 1))
    return tuple(float(x) for x in c)


COEFFICIENTS = _series_coefficients(32)  # what is left out is below 1e-19 at |r| = 1


def _bend(r: Array) -> Array:
    """Return v − r = r²/3 + r³/36 − …, for |r| ≤ 1; r ≥ 0 is W−1 and r ≤ 0 is W0."""
    total: Array = np.full_like(r, COEFFICIENTS[-1])
    for c in (*COEFFICIENTS[-2:1:-1], 0.0, 0.0):
        total *= r
        total += c
    return total


def _series(r: Array) -> Array:
    return np.asarray(r + _bend(r))


def _radius(z: Array) -> Array:
    """Return |r| for z next to the branch point; nan below it."""
    one_plus_ez = ((z + INVERSE_E) + INVERSE_E_REST) * np.e  # the first sum is exact
    return np.asarray(np.sqrt(-2 * np.log1p(-one_plus_ez)))


def _w0_series(r: Array) -> Array:
    return np.asarray((-1 - r) - _bend(r))  # −1 − r cancels without an error where W0 is smallest


def _correction(u: Array, rho: Array) -> Array:
    """Return the relative correction of w in Fritsch's step, for u = 1 + w and ρ = log(z/w) − w."""
    t = rho / u
    a = u + rho * (2 / 3)
    return np.asarray(t * (a - t / 2) / (a - t))


def _w0_far(z: Array) -> Array:
    log = np.log1p(z)
    w = log * (1 - np.log1p(log) / (2 + log))
    for _ in range(2):
        w += w * _correction(1 + w, np.log(z / w) - w)
    return np.asarray(w)


def _w0_huge(x: Array) -> Array:
    """Return W0(e^x) for large x; the start x − log x is right to 1.4e-5, so one step is enough."""
    w = x - np.log(x)
    return np.asarray(w + w * _correction(1 + w, (x - w) - np.log(w)))


def _one_plus_wm1_far(s: Array) -> Array:
    u = -(s + np.log1p(s + 1.5 * np.sqrt(s)))
    for _ in range(2):
        u += (u - 1) * _correction(u, (-u - s) - np.log1p(-u))
    return np.asarray(u)


@_elementwise("z >= -1/e")
def lambert_w0(z: Array) -> Array:
    """Return W0(z), the solution w ≥ −1 of w·e^w = z; z ≥ −1/e, dimensionless, any shape.

    Within 3 ulp everywhere (worst found: 2.7). W0(±0) = ±0, W0(inf) = inf. nan (ValueError for a scalar)
    for z < −1/e, float(−1/e) included. Corless et al. 1996.
    """
    return np.piecewise(
        z,
        [z < SERIES_ARGUMENT, (z == 0) | (z == np.inf)],
        [lambda z: _w0_series(-_radius(z)), lambda z: z, _w0_far],
    )


@_elementwise("-1/e <= z < 0")
def lambert_wm1(z: Array) -> Array:
    """Return W−1(z), the solution w ≤ −1 of w·e^w = z; −1/e ≤ z < 0, dimensionless, any shape.

    Within 2 ulp everywhere (worst found: 1.9). nan (ValueError for a scalar) outside, ±0 and float(−1/e)
    included. Corless et al. 1996.
    """
    return np.piecewise(
        z,
        [z < SERIES_ARGUMENT],
        [lambda z: -1 - _series(_radius(z)), lambda z: _one_plus_wm1_far(-1 - np.log(-z)) - 1],
    )


@_elementwise("0 <= s")
def one_plus_w0_gap(s: Array) -> Array:
    """Return 1 + W0(−e^(−1−s)), in [0, 1], for the gap s ≥ 0 to the branch point; any shape.

    Relative accuracy holds down to s = 0: within 2 ulp (worst found: 1.7). 1 + W0 = √(2s)(1 + O(√s)).
    nan (ValueError for a scalar) for s < 0. DLMF 4.13.6.
    """
    return np.piecewise(
        s,
        [s <= SERIES_GAP],
        [lambda s: -_series(-np.sqrt(2 * s)), lambda s: 1 + lambert_w0(-np.exp(-1 - s))],
    )


@_elementwise("0 <= s < inf")
def one_plus_wm1_gap(s: Array) -> Array:
    """Return 1 + W−1(−e^(−1−s)) ≤ 0, for the gap s ≥ 0 to the branch point; any shape.

    Relative accuracy holds down to s = 0, and there is no overflow: within 3 ulp (worst found: 2.3).
    nan (ValueError for a scalar) for s < 0 and s = inf. DLMF 4.13.6.
    """
    return np.piecewise(s, [s <= SERIES_GAP], [lambda s: -_series(np.sqrt(2 * s)), _one_plus_wm1_far])


@_elementwise("-inf <= log(z) <= inf")
def lambert_w0_exp(log_z: Array) -> Array:
    """Return W0(e^log_z) for any log_z, without overflow; any shape. Also called the Wright omega function.

    Within 3 ulp (worst found: 2.4), up to the largest float64 number. 0 at −inf and inf at inf; nan
    (ValueError for a scalar) for nan only. Corless et al. 1996, (4.19).
    """
    return np.piecewise(
        log_z,
        [log_z < OVERFLOW_LOG, log_z == np.inf],
        [lambda x: lambert_w0(np.exp(x)), lambda x: x, _w0_huge],
    )


@_elementwise("log(-z) <= -1")
def lambert_w0_neg_exp(log_minus_z: Array) -> Array:
    """Return W0(−e^log_minus_z), in [−1, 0], for log_minus_z ≤ −1; any shape.

    Within 3 ulp (worst found: 2.3). −1 at −1 and −0 at −inf; nan (ValueError for a scalar) for
    log_minus_z > −1. DLMF 4.13.6.
    """
    return np.piecewise(
        log_minus_z,
        [log_minus_z >= -1 - SERIES_GAP],
        [lambda x: _w0_series(-np.sqrt(-2 * (1 + x))), lambda x: lambert_w0(-np.exp(x))],
    )


@_elementwise("-inf < log(-z) <= -1")
def lambert_wm1_exp(log_minus_z: Array) -> Array:
    """Return W−1(−e^log_minus_z) ≤ −1 for log_minus_z ≤ −1, without underflow; any shape.

    Within 2 ulp (worst found: 1.5), down to the largest negative float64 number. nan (ValueError for a
    scalar) for log_minus_z > −1 and −inf. DLMF 4.13.6.
    """
    return one_plus_wm1_gap(-1 - log_minus_z) - 1
