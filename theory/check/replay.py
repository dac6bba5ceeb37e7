"""The part to trust: replay a stored cover of a whole domain by boxes, in ball arithmetic.

A certificate proves `relation` (lhs > rhs) on a domain whose ranges have rational ends. It stores how to cut
the domain: a list in preorder, in which k ≥ 0 cuts the present box in half along coordinate k, and −1 − f says
that the relation holds on all of it, by form f. So the boxes cover the domain by construction, and only the claim at
each leaf needs checking, which is done once, by the form that is stored. Where lhs − rhs is a sum with a max in it
(or less a min), an argument in its place gives a lower bound; form 2j is the j-th of these bounds, plain, and 2j + 1 its
mean-value form. A leaf holds when the ball of that form over the box is positive, and the balls of lhs and rhs, each as
it stands, are finite: both are defined there, whatever cancels. Nothing else is used: no floats, no sympy beyond reading
the formula.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.compiled import box_functions
from ascentcheck.theory.domain import exact_value
from ascentcheck.theory.expression import precision

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
        return sum(1 for cut in self.cuts if cut < 0)


@dataclass(frozen=True)
class Margin:
    """Lower bounds of lhs − rhs, and how their values and partial derivatives are computed on a box."""

    symbols: tuple[sp.Symbol, ...]
    moving: tuple[sp.Symbol, ...]
    bounds: tuple[sp.Expr, ...]
    sides: tuple[sp.Expr, sp.Expr]

    @property
    def forms(self) -> range:
        """The forms in which a leaf may be proved."""
        return range(2 * len(self.bounds))

    def value(self, bound: int, point: dict[sp.Symbol, arb]) -> arb:
        """Return a lower bound of lhs − rhs on a box."""
        return _values(self.bounds[bound], ())(point)[0]

    def slopes(self, bound: int, point: dict[sp.Symbol, arb]) -> list[arb]:
        """Return the derivatives of a lower bound by the moving symbols on a box."""
        return _values(self.bounds[bound], self.moving)(point)

    def around(self, box: Box) -> dict[sp.Symbol, arb]:
        """Return a box as balls."""
        return {s: arb(low).union(arb(high)) for s, (low, high) in zip(self.symbols, box, strict=True)}

    def middle(self, box: Box) -> dict[sp.Symbol, arb]:
        """Return the middle of a box, up to rounding, as balls."""
        return {s: arb((low + high) / 2) for s, (low, high) in zip(self.symbols, box, strict=True)}

    def positive_on(self, box: Box, form: int) -> bool:
        """Whether lhs > rhs, both defined, is proved on the whole box by a form."""
        bound, by_mean_value = divmod(form, 2)
        around = self.around(box)
        if not all(side.is_finite() for side in box_functions(list(self.sides))(around)):
            return False
        if not by_mean_value:
            return bool(self.value(bound, around) > 0)
        middle = self.middle(box)
        total = self.value(bound, middle)
        if total > 0:
            for symbol, slope in zip(self.moving, self.slopes(bound, around), strict=True):
                total += slope * (around[symbol] - middle[symbol])
        return bool(total > 0)


def margin(proposition: Proposition) -> Margin:
    """Return the margin of a proposition lhs > rhs. Raises ValueError for another kind of relation."""
    relation = proposition.relation
    if not isinstance(relation, sp.Gt):
        raise ValueError(f"a cover proves lhs > rhs, not {type(relation).__name__}")
    moving = tuple(part.symbol for part in proposition.domain.ranges if part.low != part.high)
    return Margin(
        proposition.domain.symbols, moving, lower_bounds(relation.lhs - relation.rhs), relation.args
    )


def lower_bounds(difference: sp.Expr) -> tuple[sp.Expr, ...]:
    """Return sums with one argument in the place of each max, and of each min that is taken away."""
    choices = []
    for term in sp.Add.make_args(difference):
        times, rest = term.as_coeff_Mul()
        chosen = isinstance(rest, sp.Max if times > 0 else sp.Min)
        choices.append([times * part for part in rest.args] if chosen else [term])
    return tuple(sp.Add(*parts) for parts in itertools.product(*choices))


@lru_cache(maxsize=256)
def _values(of: sp.Expr, by: tuple[sp.Symbol, ...]) -> Callable[[dict[sp.Symbol, arb]], list[arb]]:
    """Return a function from boxes to the ball of an expression, or to those of its derivatives by some symbols."""
    return box_functions([sp.diff(of, symbol) for symbol in by] if by else [of])


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
            if -1 - cut in claim.forms:
                if not claim.positive_on(box, -1 - cut):
                    return f"box {position} is not proved: {box}"
            elif 0 <= cut < len(box):
                first, second = halves(box, cut)
                waiting += [second, first]
            else:
                return (
                    f"cut {position} is {cut}; there are {len(box)} coordinates and {len(claim.forms)} forms"
                )
    return f"{len(waiting)} boxes are not covered" if waiting else ""
