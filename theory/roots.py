r"""A root of a monotone function between two points, enclosed in a ball.

Newton's method, kept inside a bracket that shrinks with every sign that is decided, finds a point next to the root; the
root is then enclosed by the signs of the function at two exact points around it. Nothing but these two signs is trusted.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

MOST_STEPS = 4000
GUARD = 40
"""Bits more than those of a root, with which its function is computed."""
MOST_BITS = 1 << 13
"""So many bits are tried where fewer do not tell."""
DOUBLINGS = 24
Function = Callable[[arb], arb]


def root(value: Function, slope: Function, low: arb, high: arb, rising: bool, bits: int) -> arb | None:
    """Return a ball that holds the root of `value` between `low` and `high`, with about `bits` bits behind the point.

    `value` rises (or falls) from one end to the other, and `slope` is its derivative; both take exact points. None where
    the working precision is too low to enclose the root, or where there is none in between.
    """
    low, high = low.mid(), high.mid()
    if not (_sign(value(low)) == (-1 if rising else 1) and _sign(value(high)) == (1 if rising else -1)):
        return None
    at = ((low + high) / 2).mid()
    close = arb(2) ** -(bits + 8)
    before = high - low
    for _ in range(MOST_STEPS):
        found = value(at)
        sign = _sign(found)
        if sign == 0:
            break
        if (sign > 0) == rising:
            high = at
        else:
            low = at
        steep = slope(at).mid()
        new = (at - found.mid() / steep).mid() if steep != 0 else low
        moved = abs(new - at)
        if not (low < new < high) or moved * 2 > before:
            new = ((low + high) / 2).mid()
            moved = abs(new - at)
        before, at = moved, new
        if moved < close:
            break
    return enclosed(value, at, rising, bits)


def beyond(value: Function, low: arb) -> arb | None:
    """Return a point above `low` at which `value` is negative: steps that double, as far as e^(2^DOUBLINGS)."""
    step = arb(1)
    for _ in range(DOUBLINGS):
        high = (low + step).mid()
        if value(high) < 0:
            return high
        step = 2 * step
    return None


def enclosed(value: Function, at: arb, rising: bool, bits: int) -> arb | None:
    """Return a ball around `at`, as thin as about 2^−bits, at whose ends `value` has the right signs; else None."""
    for exponent in range(bits, 4, -max(8, bits // 24)):
        width = arb(2) ** -exponent
        low, high = (at - width).mid(), (at + width).mid()
        ends = (value(low), value(high)) if rising else (value(high), value(low))
        if ends[0] < 0 < ends[1]:
            return low.union(high)
    return None


def _sign(ball: arb) -> int:
    """Return the sign of a ball; 0 where it holds 0 or is not finite."""
    return 1 if ball > 0 else -1 if ball < 0 else 0


def size_bits(ball: arb) -> int:
    """Return about how many bits stand before the point of a ball's middle; 0 below 1."""
    if not ball.is_finite() or ball.mid() == 0:
        return 0
    mantissa, exponent = abs(ball.mid()).man_exp()
    return max(0, int(mantissa).bit_length() + int(exponent))
