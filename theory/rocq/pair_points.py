"""The minimum of a correlated pair at an exact point, by bounds of its pull r = a·e^{−x}: see `rocq/PairBounds.v`.

Rocq checks them. Nothing here is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, fmpq

from ascentcheck.theory.check.frame import minus
from ascentcheck.theory.check.frames import plain
from ascentcheck.theory.expression import precision
from ascentcheck.theory.rocq.points import Enclosure, rational_below
from ascentcheck.theory.rocq.text import Text, Tree, binary
from ascentcheck.theory.solvers import pair_balls

SLACK = 22
"""Stated bounds are coarser than elsewhere: Rocq puts the ends of intervals into e^x again."""
APART = fmpq(1, 1 << 13)
"""How far the bounds of the pull are from it, relatively: more than what stated bounds are off."""
BITS = 18


@dataclass(frozen=True)
class Bracket:
    """A pair's strengths and correlation as trees, and bounds of its pull, of x and of y."""

    pair: tuple[Tree, Tree, Tree]
    pull: tuple[fmpq, fmpq]
    x: tuple[fmpq, fmpq]
    y: tuple[fmpq, fmpq]

    def text(self, text: Text) -> str:
        """Return the bounds as a term."""
        trees = " ".join(text.tree(part) for part in self.pair)
        low, high = (f"({v.p} # {v.q})" for v in self.pull)
        x, y = (f"({end[0].p} # {end[0].q}, {end[1].p} # {end[1].q})" for end in (self.x, self.y))
        return f"(Build_pair_bounds {trees} {low} {high} {x} {y})%Q"


def bracket(enclosure: Enclosure, pair: tuple[Tree, Tree, Tree], values: tuple[fmpq, fmpq, fmpq]) -> Bracket:
    """Return bounds for a pair whose strengths and correlation are trees with these values.

    Raises LookupError where there is no minimum, or none for which Rocq knows that there is one.
    """
    a, c, e = values
    enclosure.slack = SLACK
    with precision(160):
        if not (a > 0 and e > 0 and 1 + arb(1).exp() * (1 + e * e) * c > 0):
            raise LookupError("nothing is known of the minimum of such a pair")
        middle = arb(a) * (-pair_balls.minimum(a, c, e).x).exp()
        low, high = (rational_below(middle * end, BITS) for end in (1 - APART, 1 + APART))
        for tree in checked(pair, low, high):
            enclosure.value(binary(tree))
        first, _, third = pair
        ends = [_log_ratio(first, plain(r)) for r in (high, low)]
        ends += [_second(first, third, plain(r), plain(s)) for r, s in ((low, high), (high, low))]
        found = [enclosure.value(binary(tree)) for tree in ends]
        x, y = ((rational_below(found[k], BITS), -rational_below(-found[k + 1], BITS)) for k in (0, 2))
    return Bracket(pair, (low, high), x, y)


def checked(pair: tuple[Tree, Tree, Tree], low: fmpq, high: fmpq) -> tuple[Tree, ...]:
    """Return the formulas whose signs Rocq looks at, as `bracketed` has them, but for the ends of x and y."""
    a, c, e = pair
    excess = [
        minus(("*", _forget(a, e, r), ("exp", _second(a, e, r, r))), c) for r in map(plain, (high, low))
    ]
    r = plain(low)
    one = ("+", 1, ("*", _own(e), r)), ("+", 1, ("*", _own(e), _forget(a, e, r)))
    bent = minus(("*", *one), ("*", ("*", ("^", _cross(e), 2), r), _forget(a, e, r)))
    real = ("+", 1, ("*", ("*", ("exp", 1), _own(e)), c))
    return (a, e, real, minus(0, excess[0]), excess[1], bent)


def _own(e: Tree) -> Tree:
    return "+", 1, ("^", e, 2)


def _cross(e: Tree) -> Tree:
    return "*", 2, e


def _log_ratio(a: Tree, r: Tree) -> Tree:
    return minus(("log", a), ("log", r))


def _forget(a: Tree, e: Tree, r: Tree) -> Tree:
    """Return the other pull as a function of the first."""
    return "*", minus(_log_ratio(a, r), ("*", _own(e), r)), ("^", _cross(e), -1)


def _second(a: Tree, e: Tree, r: Tree, s: Tree) -> Tree:
    """Return y with the first pull r, and the other by s."""
    return "+", ("*", _cross(e), r), ("*", _own(e), _forget(a, e, s))
