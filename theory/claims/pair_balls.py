r"""Stationary points of the correlated pair, enclosed in balls.

With p = 1 + ε², q = 2ε and signed forget strength c the equations x = p·r + q·φ, y = q·r + p·φ,
r = a·e^{−x}, φ = c·e^{−y} leave one unknown f = |φ|: the first gives r = W0(p·a·e^{−qφ})/p, and then

    H(f) = log f + y(f) − log |c| = 0.

For c > 0, H increases. For c < 0 it increases while T(f) = 1 − f·(p + (p² − q²)r)/(1 + p·r) > 0, and T
changes sign once, at the fold; the root below the fold is the minimum, one beyond it a saddle (lemma-8).
A root is enclosed by the signs of H at two exact points; nothing else has to be trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flint import arb, ctx, fmpq

from ascentcheck.theory.expression import precision

MOST_STEPS = 600
GUARD = 40


@dataclass(frozen=True)
class Root:
    """A stationary point: balls of x and y."""

    x: arb
    y: arb


@dataclass(frozen=True)
class _Pair:
    """The scalar problem for exact retain strength a > 0, forget strength c ≠ 0 (signed) and ε."""

    a: fmpq
    c: fmpq
    epsilon: fmpq

    @property
    def own(self) -> fmpq:
        return 1 + self.epsilon**2

    @property
    def cross(self) -> fmpq:
        return 2 * self.epsilon

    @property
    def sign(self) -> int:
        return 1 if self.c > 0 else -1

    def retain(self, f: arb) -> arb:
        """Return r as a function of f."""
        exponent = -self.sign * self.cross * f
        if exponent > 1 << 40:
            return _omega(exponent + arb(self.own * self.a).log()) / arb(self.own)
        return (self.own * self.a * exponent.exp()).lambertw(0) / arb(self.own)

    def point(self, f: arb) -> Root:
        """Return x and y as functions of f."""
        r = self.retain(f)
        forget = self.sign * f
        return Root(self.own * r + self.cross * forget, self.cross * r + self.own * forget)

    def h(self, f: arb) -> arb:
        """Return H(f)."""
        return f.log() + self.point(f).y - arb(abs(self.c)).log()

    def t(self, f: arb) -> arb:
        """Return f·H'(f): for c < 0 it is T(f)."""
        r = self.retain(f)
        inner = (self.own + (self.own**2 - self.cross**2) * r) / (1 + self.own * r)
        return 1 + self.sign * f * inner

    def t_slope(self, f: arb) -> arb:
        """Return T'(f) for c < 0."""
        r = self.retain(f)
        inner = (self.own + (self.own**2 - self.cross**2) * r) / (1 + self.own * r)
        return -inner + f * self.cross**3 * r / (1 + self.own * r) ** 3

    def start(self) -> arb:
        """Return f from which Newton's method in log f is monotone: above the root for c > 0, below for c < 0."""
        if self.c > 0:
            return (arb(self.own * self.c).lambertw(0) / arb(self.own)).mid()
        return (abs(self.c) * (-self.cross * self.retain(arb(0))).exp()).mid()


def _omega(log_z: arb) -> arb:
    """Return W0(e^z) for huge z: w = z − log w, and each application of the right side swaps sides of w."""
    w = log_z
    for _ in range(ctx.prec // 32 + 2):
        w = (log_z - w.log()).mid()
    return (log_z - w.log()).union(log_z - (log_z - w.log()).log())


def _newton(pair: _Pair, f: arb) -> arb | None:
    """Return an approximate root of H reached from f; None when the slope stops being positive on the way."""
    close = arb(2) ** (-(ctx.prec * 2) // 3)
    for _ in range(MOST_STEPS):
        slope = pair.t(f).mid()
        if not slope > 0:
            return None
        step = (pair.h(f).mid() / slope).mid()
        f = (f * (-step).exp()).mid()
        if abs(step) < close:
            return f
    return f


def _enclosed(low_negative: bool, value: Callable[[arb], arb], f: arb, bits: int) -> arb | None:
    """Return a ball around f at whose ends `value` has opposite signs, as thin as about 2^−bits; else None."""
    for exponent in range(bits, 8, -8):
        width = arb(2) ** -exponent
        low, high = (f * (1 - width)).mid(), (f * (1 + width)).mid()
        ends = (value(low), value(high)) if low_negative else (value(high), value(low))
        if ends[0] < 0 < ends[1]:
            return low.union(high)
    return None


@lru_cache(maxsize=1 << 14)
def _minimum(pair: _Pair, bits: int) -> Root | None:
    with precision(bits + GUARD):
        f = _newton(pair, pair.start())
        found = None if f is None else _enclosed(True, pair.h, f, bits)
        if found is None or (pair.c < 0 and not pair.t(found) > 0):
            return None
        return pair.point(found)


def minimum(a: fmpq, c: fmpq, epsilon: fmpq) -> Root:
    """Return the minimum at python-flint's working precision; nan where none was found.

    `a` > 0 is the retain strength, `c` the forget strength (negative for descent-ascent), 0 ≤ ε ≤ 1.
    """
    if epsilon == 1:
        value = arb(2 * (a + c)).lambertw(0) if a + c != 0 else arb(0)
        return Root(value, value)
    if c == 0:
        x = arb(a * (1 + epsilon**2)).lambertw(0)
        return Root(x, x * (2 * epsilon / (1 + epsilon**2)))
    return _minimum(_Pair(a, c, epsilon), ctx.prec) or Root(arb.nan(), arb.nan())


def fold(a: fmpq, epsilon: fmpq, bits: int = 128) -> tuple[arb, arb] | None:
    """Return the forget pull at the fold, and the largest forget strength with a stationary point, as balls."""
    pair = _Pair(a, fmpq(-1), epsilon)
    with precision(bits + GUARD):
        low = (1 / arb(pair.own)).mid()
        high = 2 * low
        while not pair.t(high) < 0:
            high = 2 * high
        f = _bisected(pair.t, low, high)
        for _ in range(bits.bit_length()):
            f = (f - pair.t(f).mid() / pair.t_slope(f).mid()).mid()
        found = _enclosed(False, pair.t, f, bits)
        if found is None:
            return None
        return found, (found.log() + pair.point(found).y).exp()


def _bisected(value: Callable[[arb], arb], positive: arb, negative: arb) -> arb:
    for _ in range(60):
        middle = ((positive + negative) / 2).mid()
        if value(middle) > 0:
            positive = middle
        else:
            negative = middle
    return positive


def da_exists(a: fmpq, c: fmpq, epsilon: fmpq, most_bits: int = 2048) -> bool | None:
    """Whether descent-ascent with forget strength c ≥ 0 has a stationary point; None when undecided."""
    if c == 0:
        return True
    bits = 64
    while bits <= most_bits:
        found = fold(a, epsilon, bits)
        if found is not None:
            if found[1] > c:
                return True
            if found[1] < c:
                return False
        bits *= 2
    return None


def saddle(a: fmpq, c: fmpq, epsilon: fmpq, bits: int = 128) -> Root | None:
    """Return the second DA stationary point for forget strength c > 0, below the fold's strength; else None.

    None for ε = 1 and c ≤ a, where there is no second one.
    """
    if epsilon == 1:
        return _on_the_diagonal(a, c, bits)
    pair = _Pair(a, -c, epsilon)
    turning = fold(a, epsilon, bits)
    if turning is None:
        return None
    with precision(bits + GUARD):
        low = turning[0].upper()
        if not pair.h(low) > 0:
            return None
        high = 2 * low
        while not pair.h(high) < 0:
            high = 2 * high
        f = _bisected(pair.h, low, high)
        for _ in range(bits.bit_length() + 4):
            f = (f * (-pair.h(f).mid() / pair.t(f).mid()).exp()).mid()
        found = _enclosed(False, pair.h, f, bits)
        return None if found is None or not found > turning[0] else pair.point(found)


def _on_the_diagonal(a: fmpq, c: fmpq, bits: int) -> Root | None:
    if c <= a:
        return None
    with precision(bits):
        value = arb(2 * (a - c)).lambertw(-1)
        return Root(value, value) if value.is_finite() else None
