"""The minimum of a correlated pair at an exact point, by boxes of which each follows from the one before.

Rocq checks them: see `rocq/PairBounds.v`. Nothing here is trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from flint import arb, fmpq

from ascentcheck.theory.expression import precision

SLACK, WIDTH, MOST = fmpq(1, 10**11), fmpq(1, 10**8), 80
Box = tuple[fmpq, fmpq, fmpq, fmpq]


@dataclass(frozen=True)
class Minimum:
    """Bounds of x and y, and the boxes that lead to them; `halvings` are those of exp's argument."""

    boxes: tuple[Box, ...]
    halvings: int

    @property
    def last(self) -> Box:
        """The last box: x between the first two numbers, y between the others."""
        return self.boxes[-1]


def minimum(a: fmpq, c: fmpq, e: fmpq) -> Minimum:
    """Return bounds for strengths a > 0 and c ≥ 0, and e ≥ 0. Raises LookupError for other numbers."""
    if not (a > 0 and c >= 0 and e >= 0):
        raise LookupError("bounds of a pair's minimum with a negative strength")
    p, q = 1 + e * e, 2 * e
    box: Box = (fmpq(0), p * a + q * c, fmpq(0), q * a + p * c)
    boxes = list[Box]()
    with precision(128):
        while len(boxes) < MOST and (not boxes or max(box[1] - box[0], box[3] - box[2]) > WIDTH):
            xl, xh, yl, yh = box
            box = (
                _solution(p * a, q * c, yh) - SLACK,
                _solution(p * a, q * c, yl) + SLACK,
                _solution(p * c, q * a, xh) - SLACK,
                _solution(p * c, q * a, xl) + SLACK,
            )
            boxes.append(box)
    largest = max(abs(float(end.p) / float(end.q)) for b in boxes for end in b) + float(
        (p * a + q * a + p * c).ceil()
    )
    return Minimum(tuple(boxes), max(0, math.ceil(math.log2(largest + 1)) + 1))


def _solution(u: fmpq, v: fmpq, w: fmpq) -> fmpq:
    """Return z with z − u·e^{−z} = v·e^{−w}, to about 12 digits."""
    t = arb(v) * (-arb(w)).exp()
    z = t + (arb(u) * (-t).exp()).lambertw(0)
    return fmpq(round(float(z.mid()) * 10**12), 10**12)


def box_text(box: Box) -> str:
    """Return a box as a term."""
    xl, xh, yl, yh = (f"({end.p} # {end.q})%Q" for end in box)
    return f"(({xl}, {xh}), ({yl}, {yh}))"
