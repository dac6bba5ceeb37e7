r"""Stationary points of the correlated pair, enclosed in balls.

With p = 1 + ε², q = 2ε and signed forget strength c the equations x = p·r + q·φ, y = q·r + p·φ,
r = a·e^{−x}, φ = c·e^{−y} leave one unknown v = log |φ|: the first gives r = W0(p·a·e^{−qφ})/p, and then

    H(v) = v + y(v) − log |c| = 0.

For c > 0, H increases. For c < 0 it increases while T = H' = 1 − f·(p + (p² − q²)r)/(1 + p·r) > 0, f = e^v, and T
changes sign once, at the fold; the root below the fold is the minimum, one beyond it a saddle (lemma-8).
A root is enclosed by the signs of H at two exact points; nothing else has to be trusted. For ε = 1 the two samples are
one, and W solves everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flint import arb, ctx, fmpq

from ascentcheck.theory.expression import precision
from ascentcheck.theory.roots import GUARD, MOST_BITS, beyond, root, size_bits


@dataclass(frozen=True)
class Root:
    """A stationary point: balls of x and y."""

    x: arb
    y: arb


NOTHING = Root(arb("nan"), arb("nan"))


@dataclass(frozen=True)
class _Pair:
    """The scalar problem for exact retain strength a > 0, forget strength c ≠ 0 (signed) and 0 ≤ ε < 1."""

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

    def point(self, v: arb) -> Root:
        """Return x and y as functions of v."""
        f = v.exp()
        r = self.retain(f)
        forget = self.sign * f
        return Root(self.own * r + self.cross * forget, self.cross * r + self.own * forget)

    def h(self, v: arb) -> arb:
        """Return H(v)."""
        return v + self.point(v).y - arb(abs(self.c)).log()

    def t(self, v: arb) -> arb:
        """Return T = H'(v)."""
        f = v.exp()
        r = self.retain(f)
        inner = (self.own + (self.own**2 - self.cross**2) * r) / (1 + self.own * r)
        return 1 + self.sign * f * inner

    def t_slope(self, v: arb) -> arb:
        """Return T'(v) for c < 0."""
        f = v.exp()
        r = self.retain(f)
        inner = (self.own + (self.own**2 - self.cross**2) * r) / (1 + self.own * r)
        return f * (-inner + f * self.cross**3 * r / (1 + self.own * r) ** 3)

    def guard(self, beyond: bool = False) -> int:
        """Return how many bits more are needed, since the terms of y cancel; `beyond` the fold they are larger."""
        with precision(64):
            largest = size_bits(arb(self.own / (self.own**2 - self.cross**2)))
            if not beyond:
                largest = min(largest, size_bits(8 * arb(abs(self.a) + abs(self.c) + 1)))
            return GUARD + 2 * (largest + 16)


def scalar(a: fmpq, c: fmpq, epsilon: fmpq) -> tuple[Callable[[arb], arb], Callable[[arb], arb]]:
    """Return H, whose root is the minimum and whose largest value is the fold's, and T, its slope."""
    pair = _Pair(a, c, epsilon)
    return pair.h, pair.t


def _omega(log_z: arb) -> arb:
    """Return W0(e^z) for huge z, by Newton's method for w + log w = z; w ↦ z − log w then swaps sides of the root."""
    w = (log_z - log_z.log()).mid()
    for _ in range(ctx.prec.bit_length() - 3):
        w = (w * (1 + log_z - w.log()) / (1 + w)).mid()
    other = log_z - w.log()
    return other.union(log_z - other.log())


def _thin(pair: _Pair, v: arb | None) -> Root | None:
    return None if v is None else pair.point(v)


@lru_cache(maxsize=1 << 14)
def _minimum(pair: _Pair, bits: int) -> Root | None:
    guard = pair.guard()
    with precision(bits + guard):
        strength = arb(abs(pair.c))
        alone = (arb(pair.own * pair.a)).lambertw(0)
        if pair.c > 0:
            own = arb(pair.own * pair.c).lambertw(0)
            high = (own / arb(pair.own)).log() + 1
            low = strength.log() - own - alone - 1
        else:
            turn = _fold(pair.a, pair.epsilon, bits)
            if turn is None:
                return None
            high = turn.lower()
            low = strength.log() - arb(pair.cross / pair.own) * alone - 1
        return _thin(pair, root(pair.h, pair.t, low, high, True, bits + guard // 2))


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
    if c < 0 and da_exists(a, -c, epsilon) is False:
        return NOTHING
    return _minimum(_Pair(a, c, epsilon), ctx.prec) or NOTHING


@lru_cache(maxsize=1 << 12)
def _fold(a: fmpq, epsilon: fmpq, bits: int) -> arb | None:
    """Return log of the forget pull at the fold, for ε < 1; its pull lies between 1/p and p/(p² − q²) (lemma-8)."""
    if epsilon == 0:
        return arb(0)
    pair = _Pair(a, fmpq(-1), epsilon)
    guard = pair.guard()
    with precision(bits + guard):
        least, most = -arb(pair.own).log(), arb(pair.own / (pair.own**2 - pair.cross**2)).log()
        return root(pair.t, pair.t_slope, least - 1, most + 1, False, bits + guard // 2)


def fold(a: fmpq, epsilon: fmpq, bits: int = 128) -> tuple[arb, arb] | None:
    """Return the forget pull at the fold, and the largest forget strength with a stationary point, as balls.

    None where `bits` bits are too few. At ε = 1 the fold is where x = y = −1.
    """
    with precision(bits + GUARD):
        if epsilon == 1:
            most = arb(a) + 1 / (2 * arb.const_e())
            return most * arb.const_e(), most
        found = _fold(a, epsilon, bits)
        pair = _Pair(a, fmpq(-1), epsilon)
        if found is None:
            return None
    with precision(bits + pair.guard()):
        return found.exp(), (found + pair.point(found).y).exp()


@lru_cache(maxsize=1 << 12)
def da_exists(a: fmpq, c: fmpq, epsilon: fmpq) -> bool | None:
    """Whether descent-ascent with forget strength c ≥ 0 has a stationary point; None when undecided."""
    if c == 0:
        return True
    bits = 64
    while bits <= MOST_BITS:
        found = fold(a, epsilon, bits)
        if found is not None:
            with precision(4 * MOST_BITS):
                if found[1] > c:
                    return True
                if found[1] < c:
                    return False
        bits *= 2
    return None


@lru_cache(maxsize=1 << 12)
def saddle(a: fmpq, c: fmpq, epsilon: fmpq, bits: int) -> Root | None:
    """Return the second DA stationary point for forget strength c > 0, below the fold's strength; else None.

    None for ε = 1 and c ≤ a, where there is no second one.
    """
    if epsilon == 1:
        return _on_the_diagonal(a, c, bits)
    pair = _Pair(a, -c, epsilon)
    turn = _fold(a, epsilon, bits)
    if turn is None:
        return None
    guard = pair.guard(beyond=True)
    with precision(bits + guard):
        low = turn.upper()
        if not pair.h(low) > 0:
            return None
        high = beyond(pair.h, low)
        return (
            None if high is None else _thin(pair, root(pair.h, pair.t, low, high, False, bits + guard // 2))
        )


def _on_the_diagonal(a: fmpq, c: fmpq, bits: int) -> Root | None:
    if c <= a:
        return None
    with precision(bits):
        value = arb(2 * (a - c)).lambertw(-1)
        return Root(value, value) if value.is_finite() else None
