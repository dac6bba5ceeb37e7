"""The logistic solution for an argument, enclosed in balls."""

from __future__ import annotations

from functools import lru_cache

from flint import arb, fmpq

from ascentcheck.theory.expression import precision
from ascentcheck.theory.roots import root, size_bits


@lru_cache(maxsize=1 << 12)
def solved(z: fmpq, bits: int = 128) -> arb:
    """Return the only w with w(1 + e^w) = z, the logistic solution for the argument z, as a ball; nan where none is found.

    Solved for u = w/z: u(1 + e^{zu}) = 1, whose left side increases with u ≥ 0.
    """
    if z == 0:
        return arb(0)
    guard = size_bits(arb(z)) + 32
    with precision(bits + guard):
        scale = arb(z)
        high = arb(2) if z < 3 else scale.log() / scale

        def gap(u: arb) -> arb:
            return u * (1 + (scale * u).exp()) - 1

        def slope(u: arb) -> arb:
            return 1 + (1 + scale * u) * (scale * u).exp()

        found = root(gap, slope, arb(0), high, True, bits + guard // 2 + size_bits(arb(z)))
        return arb("nan") if found is None else scale * found
