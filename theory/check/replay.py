"""The part to trust: replay a stored cover of a whole domain by boxes, in ball arithmetic.

A certificate proves `relation` (lhs > rhs) on a domain whose ranges have rational ends. It stores how to cut
the domain: a list in preorder, in which k ≥ 0 cuts the present box in half along coordinate k, and −1 says
that the relation holds on all of it. So the boxes cover the domain by construction, and only the claim at
each leaf needs checking. A leaf holds when the ball of lhs − rhs over the box, plain or in mean-value form,
is positive. Nothing else is used: no floats, no sympy beyond reading the formula.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.domain import exact_value
from ascentcheck.theory.expression import ball_function, precision

BITS = 96
Box = tuple[tuple[fmpq, fmpq], ...]


@dataclass(frozen=True)
class Certificate:
    """A stored cover: the digest of what it proves, and the cuts in preorder."""

    digest: str
    cuts: tuple[int, ...]

    @property
    def boxes(self) -> int:
        """How many boxes the cover has."""
        return sum(1 for cut in self.cuts if cut == -1)


@dataclass(frozen=True)
class Margin:
    """lhs − rhs and its partial derivatives as functions of a box."""

    symbols: tuple[sp.Symbol, ...]
    value: Callable[[dict[sp.Symbol, arb]], arb]
    slopes: Callable[[dict[sp.Symbol, arb]], list[arb]]

    def positive_on(self, box: Box) -> bool:
        """Whether lhs > rhs is proved on the whole box."""
        point = {s: _ball(low, high) for s, (low, high) in zip(self.symbols, box, strict=True)}
        if self.value(point) > 0:
            return True
        middle = {s: arb((low + high) / 2) for s, (low, high) in zip(self.symbols, box, strict=True)}
        total = self.value(middle)
        for symbol, slope in zip(self.symbols, self.slopes(point), strict=True):
            total += slope * (point[symbol] - middle[symbol])
        return bool(total > 0)


def _ball(low: fmpq, high: fmpq) -> arb:
    return arb(low).union(arb(high))


def margin(proposition: Proposition) -> Margin:
    """Return the margin of a proposition lhs > rhs. Raises ValueError for another kind of relation."""
    relation = proposition.relation
    if not isinstance(relation, sp.Gt):
        raise ValueError(f"a cover proves lhs > rhs, not {type(relation).__name__}")
    difference = relation.lhs - relation.rhs
    symbols, value = proposition.domain.symbols, shared([difference])
    return Margin(
        symbols,
        lambda point: value(point)[0],
        shared([sp.diff(difference, s) for s in symbols]),
    )


def shared(expressions: list[sp.Expr]) -> Callable[[dict[sp.Symbol, arb]], list[arb]]:
    """Return a function from boxes to the balls of all expressions, that computes each part that they share once."""
    steps: list[tuple[sp.Symbol, Callable[[Any], arb]]] = []
    names: dict[sp.Expr, sp.Expr] = {}

    def named(part: sp.Expr) -> sp.Expr:
        if part.is_Atom:
            return part
        if part not in names:
            inner = part.func(*(named(argument) for argument in part.args), evaluate=False)
            names[part] = sp.Dummy(real=True)
            steps.append((names[part], ball_function(inner, box=True)))
        return names[part]

    wanted = [ball_function(named(expression), box=True) for expression in expressions]

    def values(point: dict[sp.Symbol, arb]) -> list[arb]:
        at: dict[sp.Symbol, arb] = dict(point)
        for name, step in steps:
            at[name] = step(at)
        return [value(at) for value in wanted]

    return values


def whole_box(proposition: Proposition) -> Box:
    """Return the domain as one box. Raises ValueError unless all its ends are rational numbers."""
    ends = []
    for part in proposition.domain.ranges:
        low, high = (
            exact_value(sp.sympify(end), {}) if sp.sympify(end).is_Rational else None
            for end in (part.low, part.high)
        )
        if low is None or high is None:
            raise ValueError(f"the range of {part.symbol} has an end that is no rational number")
        ends.append((low, high))
    return tuple(ends)


def digest(proposition: Proposition) -> str:
    """Return the digest of what is proved: the relation and the ranges, as text."""
    ranges = [(str(r.symbol), str(r.low), str(r.high)) for r in proposition.domain.ranges]
    text = f"{sp.srepr(proposition.relation)} on {ranges}"
    return hashlib.sha256(text.encode()).hexdigest()


def halves(box: Box, k: int) -> tuple[Box, Box]:
    """Return the two halves of a box, cut along coordinate k."""
    low, high = box[k]
    middle = (low + high) / 2
    return (*box[:k], (low, middle), *box[k + 1 :]), (*box[:k], (middle, high), *box[k + 1 :])


def replay(certificate: Certificate, proposition: Proposition) -> str:
    """Check a certificate against a proposition. Return "" if it proves it, else what is wrong."""
    if certificate.digest != digest(proposition):
        return "the certificate is for another statement"
    return replay_cuts(certificate.cuts, margin(proposition), whole_box(proposition))


def replay_cuts(cuts: Sequence[int], claim: Margin, start: Box) -> str:
    """Walk the cuts over the boxes, checking every leaf. Return "" or what is wrong."""
    waiting = [start]
    with precision(BITS):
        for position, cut in enumerate(cuts):
            if not waiting:
                return f"cuts are left over after {position}"
            box = waiting.pop()
            if cut == -1:
                if not claim.positive_on(box):
                    return f"box {position} is not proved: {box}"
            elif 0 <= cut < len(box):
                first, second = halves(box, cut)
                waiting += [second, first]
            else:
                return f"cut {position} names coordinate {cut}, there are {len(box)}"
    return f"{len(waiting)} boxes are not covered" if waiting else ""
