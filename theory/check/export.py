"""Claims as plain data: the small translation from sympy objects to the kernel's trees and problems, and back."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp

from ascentcheck.theory.check import kernel
from ascentcheck.theory.claim import Equivalence, Increasing, Proposition, Step
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1

Tree: TypeAlias = Any
"""An int, a text or a tuple of trees: see `kernel`."""
Ranges: TypeAlias = tuple[tuple[Any, ...], ...]
"""(symbol, low, high, low open, high open) for each symbol, None for no end."""

_HEADS = {W0: "W0", Wm1: "W-1", sp.log: "log"}
_BY_NAME = {"MarginX": "X", "MarginY": "Y"}
_SIGNS = {sp.Gt: ">", sp.Ge: ">=", sp.Lt: "<", sp.Le: "<=", sp.Eq: "="}


_ordering = lru_cache(maxsize=1 << 14)(json.dumps)


@lru_cache(maxsize=1 << 14)
def tree(expression: sp.Expr) -> Tree:
    """Return the tree of an expression, sums and products in one order. Raises TypeError where there is none."""
    if expression.is_Integer:
        return int(expression)
    if expression.is_Rational:
        return f"{expression.p}/{expression.q}"
    if expression.is_Symbol:
        if not expression.name.isidentifier():
            raise TypeError(f"{expression.name!r} is no name of a symbol")
        return expression.name
    if expression is sp.E:
        return ("exp", 1)
    if expression.is_Add or expression.is_Mul:
        parts = sorted((tree(part) for part in expression.args), key=_ordering)
        return ("+" if expression.is_Add else "*", *parts)
    if isinstance(expression, sp.exp):
        return ("exp", tree(expression.exp))
    if expression.is_Pow and expression.exp.is_Integer:
        return ("^", tree(expression.base), int(expression.exp))
    if (
        expression.is_Pow
        and expression.exp.is_Rational
        and expression.base.is_Rational
        and expression.base > 0
    ):
        return ("exp", ("*", tree(expression.exp), ("log", tree(expression.base))))
    head = _HEADS.get(expression.func) or _BY_NAME.get(expression.func.__name__)
    if head is None:
        raise TypeError(f"the kernel knows no {expression.func.__name__}")
    return (head, *(tree(part) for part in expression.args))


@lru_cache(maxsize=1 << 14)
def expression(of: Tree) -> sp.Expr:
    """Return the sympy expression of a tree without X and Y."""
    if isinstance(of, int):
        return sp.Integer(of)
    if isinstance(of, str):
        return sp.Rational(of) if of[0] in "-0123456789" else sp.Symbol(of, real=True)
    head, *parts = of
    if head == "^":
        return expression(parts[0]) ** parts[1]
    make = {"+": sp.Add, "*": sp.Mul, "exp": sp.exp, "log": sp.log, "W0": W0, "W-1": Wm1}
    opaque = {"X": sp.Function("MarginX", real=True), "Y": sp.Function("MarginY", real=True)}
    return (make | opaque)[head](*(expression(part) for part in parts))


def ranges(domain: Domain) -> Ranges:
    """Return the ranges of a domain as plain data."""
    return tuple(
        (
            r.symbol.name,
            None if r.low == -sp.oo else tree(sp.sympify(r.low)),
            None if r.high == sp.oo else tree(sp.sympify(r.high)),
            bool(r.low_open),
            bool(r.high_open),
        )
        for r in domain.ranges
    )


@lru_cache(maxsize=1 << 12)
def domain(of: Ranges) -> Domain:
    """Return the domain of plain ranges."""
    return Domain(
        tuple(
            Range(
                sp.Symbol(name, real=True),
                -sp.oo if low is None else expression(low),
                sp.oo if high is None else expression(high),
                low_open,
                high_open,
            )
            for name, low, high, low_open, high_open in of
        )
    )


def relation(of: sp.Rel) -> Tree:
    """Return a relation as (sign, left, right). Raises TypeError where it has no tree, or sympy decided it by itself."""
    if of in (sp.true, sp.false):
        raise TypeError(f"sympy made it {of} by itself, so that nothing is left to prove")
    if of.func not in _SIGNS:
        raise TypeError(f"the kernel knows no {of.func.__name__}")
    return (_SIGNS[of.func], tree(of.lhs), tree(of.rhs))


def problem(of: Proposition | Step) -> dict[str, Any]:
    """Return what a proposition or a step asserts as the kernel's problem. Raises TypeError where it cannot be said."""
    return _problem(_asserted(of), of.domain)


def text(of: Proposition | Step) -> str:
    """Return the problem of a proposition or a step as JSON."""
    return _text(_asserted(of), of.domain)[0]


def key(of: Proposition | Step) -> str:
    """Return the digest of the problem of a proposition or a step."""
    return _text(_asserted(of), of.domain)[1]


def _asserted(of: Proposition | Step) -> Any:
    return of.relation if isinstance(of, Proposition) else of.asserts


@lru_cache(maxsize=1 << 12)
def _text(asserted: Any, domain: Domain) -> tuple[str, str]:
    made = _problem(asserted, domain)
    return json.dumps(made), kernel.digest(made)


@lru_cache(maxsize=1 << 12)
def _problem(asserted: sp.Rel | Increasing | Equivalence, domain: Domain) -> dict[str, Any]:
    _own_symbols(asserted, domain)
    if isinstance(asserted, Increasing):
        said: Tree = ("increases", tree(asserted.expression), asserted.symbol.name)
    elif isinstance(asserted, Equivalence):
        said = ("equivalent", relation(asserted.first), relation(asserted.second))
    else:
        said = relation(asserted)
    return {"ranges": ranges(domain), "relation": said}


def _own_symbols(asserted: sp.Rel | Increasing | Equivalence, domain: Domain) -> None:
    """Raise TypeError where a symbol is none of the domain's, or two have one name: a problem tells them apart by name alone."""
    if isinstance(asserted, Increasing):
        said: tuple[sp.Basic, ...] = (asserted.expression, asserted.symbol)
    else:
        said = (asserted.first, asserted.second) if isinstance(asserted, Equivalence) else (asserted,)
    ends = (sp.sympify(end) for r in domain.ranges for end in (r.low, r.high))
    strange = set().union(*(part.free_symbols for part in (*said, *ends))) - set(domain.symbols)
    if strange:
        raise TypeError(f"{min(s.name for s in strange)} is no symbol of the domain")
    if len({s.name for s in domain.symbols}) < len(domain.symbols):
        raise TypeError("two symbols have one name")
