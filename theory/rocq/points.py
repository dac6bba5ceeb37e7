"""Bounds of exp, log and W at exact points, which Rocq checks: see `rocq/Bounds.v`. Nothing here is trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping

from flint import arb, fmpq

from ascentcheck.theory.check.frame import number
from ascentcheck.theory.rocq.text import Text, Tree

SLACK = 44
"""Stated bounds are 2^-SLACK apart from the value, relatively: 13 terms of e^x at a 2^-k-th of x give a few bits more."""
GUARD = 4
"""They are multiples of 2^-(SLACK + GUARD)."""
HEADS = ("exp", "log", "W0", "W-1")


class Enclosure:
    """Intervals of trees at one point, as `enclosed` of rocq/Bounds.v has them, and the bounds it is to check."""

    def __init__(self, point: Mapping[str, fmpq]) -> None:
        self.point, self.slack = point, SLACK
        self.stated: dict[Tree, tuple[fmpq, fmpq, int]] = {}
        self.given: dict[Tree, tuple[fmpq, fmpq]] = {}
        """Bounds of x and y of pairs."""

    def value(self, tree: Tree) -> arb:
        """Return a ball that holds the value of a tree. Raises LookupError where it has none here."""
        if isinstance(tree, int) or (isinstance(tree, str) and not tree.isidentifier()):
            return arb(number(tree))
        if isinstance(tree, str):
            return arb(self.point[tree])
        head = tree[0]
        if head == "+":
            return self.value(tree[1]) + self.value(tree[2])
        if head == "*":
            return self.value(tree[1]) * self.value(tree[2])
        if head == "^":
            return arb(self.value(tree[1]) ** tree[2])
        if head == "abs":
            return arb(abs(self.value(tree[1])))
        if head in ("max", "min"):
            a, b = self.value(tree[1]), self.value(tree[2])
            return (a + b + (abs(a - b) if head == "max" else -abs(a - b))) / 2
        if tree in self.given:
            low, high = self.given[tree]
        elif head not in HEADS:
            raise LookupError(f"no bounds of {head}")
        else:
            if tree not in self.stated:
                self.state(tree)
            low, high, _ = self.stated[tree]
        return arb(low).union(arb(high))

    def state(self, tree: Tree) -> None:
        """Find bounds of a function's value."""
        head, inner = tree[0], self.value(tree[1])
        exact = {"exp": 0, "log": 1, "W0": 0}.get(head)
        if exact is not None and inner == exact:
            whole = fmpq(int(head == "exp"))
            self.stated[tree] = (whole, whole, 0)
            return
        found: arb
        if head in ("W0", "W-1"):
            found = inner.lambertw(0 if head == "W0" else -1)
        else:
            found = inner.exp() if head == "exp" else inner.log()
        if not found.is_finite():
            raise LookupError(f"{head} has no real value here")
        size = max(0, math.ceil(math.log2(abs(float(found.mid())) + 1e-300)))
        slack = fmpq(2) ** (size - self.slack)
        low, high = (
            rational_below(found, self.slack + GUARD) - slack,
            slack - rational_below(-found, self.slack + GUARD),
        )
        if head == "W0":
            high = max(high, fmpq(-1))
        if head == "W-1":
            high, low = min(high, fmpq(-1)), min(low, fmpq(-1))
        largest = (
            abs(float(inner.mid()))
            if head == "exp"
            else max(abs(float(low.p) / float(low.q)), abs(float(found.mid())))
        )
        self.stated[tree] = (low, high, max(0, math.ceil(math.log2(largest + 1e-9)) + 1))


def rational_below(ball: arb, bits: int) -> fmpq:
    """Return a multiple of 2^-bits that no number of a ball is below."""
    mantissa, exponent = ball.lower().mid().man_exp()
    exact = fmpq(int(mantissa)) * fmpq(2) ** int(exponent)
    return fmpq((exact * fmpq(2) ** bits).floor()) / fmpq(2) ** bits


def stated_text(text: Text, found: Enclosure) -> str:
    """Return the bounds of all functions that were met, as a term."""
    return (
        "["
        + "; ".join(
            f"({text.tree(t)}, (({low.p} # {low.q})%Q, ({high.p} # {high.q})%Q, {k}%nat))"
            for t, (low, high, k) in found.stated.items()
        )
        + "]"
    )
