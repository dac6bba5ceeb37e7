r"""Formulas as lists of operations, each part worked out once for a point.

`rational_function` turns an expression into a function from exact points to exact rational numbers, `ball_function` into one
to python-flint balls. A `Place` is a point that keeps what was computed at it, so that formulas with parts in common, however
many are asked for there, share them. Every number of an expression is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

import sympy as sp
from flint import arb, ctx, fmpq

from ascentcheck.theory.functions import W0, Wm1

Point: TypeAlias = Mapping[sp.Symbol, fmpq]
Known: TypeAlias = "dict[Node, Any]"
Asked = ParamSpec("Asked")
LARGEST = 1 << 27
"""Bits of the largest power that is computed exactly."""
T = TypeVar("T")
Step: TypeAlias = Callable[[Known, Any], Any]
"""What one operation does: from the values of its parts, and the point, to its own."""


class Place(dict[sp.Symbol, fmpq]):
    """An exact point, and what was worked out there: parts of formulas, exactly and as balls by precision, and answers.

    It is never changed.
    """

    def __init__(self, point: Point) -> None:
        super().__init__(point)
        self.exact: Known = {}
        self.balls: dict[int, Known] = {}
        self.answers: dict[tuple[object, ...], Any] = {}


def asked_once(answer: Callable[Asked, T]) -> Callable[Asked, T]:
    """Return a function of an expression, a point and numbers that is asked once for each at a `Place`."""

    @wraps(answer)
    def asked(*of: Asked.args, **by_name: Asked.kwargs) -> T:
        point = of[1]
        if not isinstance(point, Place):
            return answer(*of, **by_name)
        key = (answer, of[0], of[2:], *by_name.items())
        if key not in point.answers:
            point.answers[key] = answer(*of, **by_name)
        known: T = point.answers[key]
        return known

    return asked


class Places:
    """Places by what they are, so that claims that are tried at the same points share what is computed there."""

    def __init__(self) -> None:
        self.known: dict[tuple[tuple[sp.Symbol, fmpq], ...], Place] = {}

    def at(self, point: Point) -> Place:
        """Return the place of a point."""
        return self.known.setdefault(tuple(point.items()), Place(point))


class Node:
    """One operation and those that it needs."""

    __slots__ = ("ordered", "parts", "step")

    def __init__(self, step: Step, *parts: Node) -> None:
        self.step, self.parts = step, parts
        self.ordered: tuple[Node, ...] | None = None

    def order(self) -> tuple[Node, ...]:
        """Return all operations that are needed, each after its parts, itself last."""
        if self.ordered is None:
            found: dict[Node, None] = {}
            for part in self.parts:
                found |= dict.fromkeys(part.order())
            self.ordered = (*found, self)
        return self.ordered

    def value(self, known: Known, point: Any) -> Any:
        """Return the value at a point, and add it and those of all parts to what is known there."""
        if self not in known:
            for node in self.order():
                if node not in known:
                    known[node] = node.step(known, point)
        return known[self]


def rational_function(expression: sp.Expr) -> Callable[[Point], fmpq] | None:
    """Return a function from exact points to the exact value, or None for a formula with more than + − × ÷."""
    node = _exact(expression)
    return None if node is None else lambda point: _exact_at(node, point)


def ball_function(expression: sp.Expr, box: bool = False) -> Callable[[Any], arb]:
    """Return a function from points to a ball that holds the value of `expression` at the point.

    A point maps every free symbol to an `fmpq`, and rational parts of the formula are computed exactly
    before any rounding; with `box` it maps them to `arb`, and the ball holds all values over the box.
    Outside the real domain of a logarithm, root or W the ball is not finite. Raises TypeError for an
    expression that holds a floating-point number or a function that has no rule here.
    """
    node = _ball(expression, box)
    if box:
        return lambda point: node.value({}, point)
    return lambda point: _ball_at(node, point)


def box_functions(expressions: list[sp.Expr]) -> Callable[[Any], list[arb]]:
    """Return a function from boxes to the balls of all expressions; each part that they share is computed once."""
    nodes = [_ball(expression, True) for expression in expressions]

    def values(point: Mapping[sp.Symbol, arb]) -> list[arb]:
        known: Known = {}
        return [node.value(known, point) for node in nodes]

    return values


def _exact_at(node: Node, point: Point) -> fmpq:
    value: fmpq = node.value(point.exact if isinstance(point, Place) else {}, point)
    return value


def _ball_at(node: Node, point: Point) -> arb:
    place = point if isinstance(point, Place) else Place(point)
    known = place.balls.get(ctx.prec)
    if known is None:
        known = place.balls[ctx.prec] = {}
    value: arb = node.value(known, place)
    return value


@lru_cache(maxsize=1 << 14)
def _exact(expression: sp.Expr) -> Node | None:
    if expression.is_Symbol:
        return Node(lambda known, point: fmpq(point[expression]))
    if expression.is_Rational:
        value = fmpq(int(expression.p), int(expression.q))
        return Node(lambda known, point: value)
    if expression.is_Pow and expression.exp.is_Integer:
        base, exponent = _exact(expression.base), int(expression.exp)
        if base is None or abs(exponent) <= 64:
            return None if base is None else Node(lambda known, point: known[base] ** exponent, base)
        return Node(lambda known, point: _exact_power(known[base], exponent), base)
    if not (expression.is_Add or expression.is_Mul):
        return None
    parts = [_exact(part) for part in expression.args]
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    return _total(whole, fmpq(0)) if expression.is_Add else _product(whole, fmpq(1))


def _exact_power(base: fmpq, exponent: int) -> fmpq:
    """Return a power, or raise OverflowError: FLINT ends the process where it gets no memory."""
    if (base.height_bits() - 1) * abs(exponent) > LARGEST:
        raise OverflowError(f"a number to the power {exponent} has more than {LARGEST} bits")
    return base**exponent


def _total(parts: list[Node], start: Any) -> Node:
    if len(parts) == 2:
        first, second = parts
        return Node(lambda known, point: known[first] + known[second], *parts)

    def total(known: Known, point: Any) -> Any:
        result = start
        for part in parts:
            result = result + known[part]
        return result

    return Node(total, *parts)


def _product(parts: list[Node], start: Any) -> Node:
    if len(parts) == 2:
        first, second = parts
        return Node(lambda known, point: known[first] * known[second], *parts)

    def product(known: Known, point: Any) -> Any:
        result = start
        for part in parts:
            result = result * known[part]
        return result

    return Node(product, *parts)


def _heaviside(x: arb) -> arb:
    """Return 0 left of 0, 1 right of it, and else [0, 1]: the slopes that max and min may have there."""
    if x > 0:
        return arb(1)
    return arb(0) if x < 0 else arb(0).union(arb(1))


_UNARY: dict[Any, Callable[[arb], arb]] = {
    sp.exp: arb.exp,
    sp.log: arb.log,
    sp.Abs: abs,
    sp.tanh: arb.tanh,
    sp.Heaviside: _heaviside,
    W0: lambda z: z.lambertw(0),
    Wm1: lambda z: z.lambertw(-1),
}


def _ball_max(x: arb, y: arb) -> arb:
    if x > y:
        return x
    return y if y > x else (x + y + abs(x - y)) / 2


@lru_cache(maxsize=1 << 14)
def _ball(expression: sp.Expr, box: bool) -> Node:
    if expression.is_Symbol:
        return Node(lambda known, point: arb(point[expression]))
    if isinstance(expression, sp.Float):
        raise TypeError(f"a formula holds the inexact number {expression}")
    exact = None if box and not expression.is_Rational else _exact(expression)
    if exact is not None:
        return Node(lambda known, point: arb(_exact_at(exact, point)))
    if expression is sp.E:
        return Node(lambda known, point: arb.const_e())
    if expression is sp.pi:
        return Node(lambda known, point: arb.pi())
    if hasattr(expression.func, "ball_rule") and not box:
        rule = expression.func.ball_rule(expression)
        return Node(lambda known, point: rule(point))
    if isinstance(expression, sp.exp):
        return _applied(arb.exp, _ball(expression.exp, box))
    parts = [_ball(part, box) for part in expression.args]
    if expression.is_Add:
        return _total(parts, arb(0))
    if expression.is_Mul:
        return _product(parts, arb(1))
    if expression.is_Pow:
        return _power(expression, parts[0], parts[1], box)
    if isinstance(expression, sp.Max | sp.Min):
        return _extreme(parts, 1 if isinstance(expression, sp.Max) else -1)
    if expression.func in _UNARY:
        return _applied(_UNARY[expression.func], parts[0])
    raise TypeError(f"no ball rule for {expression.func.__name__}")


def _applied(function: Callable[[arb], arb], inner: Node) -> Node:
    return Node(lambda known, point: function(known[inner]), inner)


def _power(expression: sp.Pow, base: Node, power: Node, box: bool) -> Node:
    if expression.exp.is_Integer:
        exponent = int(expression.exp)
        if exponent == 2 and not box:  # flint's power is not finite where the ball holds 0
            return Node(lambda known, point: known[base] * known[base], base)
        return Node(lambda known, point: known[base] ** exponent, base)
    if expression.exp == sp.S.Half:
        return _applied(arb.sqrt, base)
    return Node(lambda known, point: (known[power] * known[base].log()).exp(), base, power)


def _extreme(parts: list[Node], sign: int) -> Node:
    def extreme(known: Known, point: Any) -> arb:
        result: arb = sign * known[parts[0]]
        for part in parts[1:]:
            result = _ball_max(result, sign * known[part])
        return result if sign > 0 else -result

    return Node(extreme, *parts)
