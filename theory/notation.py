"""Showing formulas: long expressions under their short names, as text or LaTeX."""

from __future__ import annotations

from typing import Any, TypeAlias

import sympy as sp
from sympy.printing.pretty.pretty_symbology import greek_letters  # sympy's own list of letters

from ascentcheck.theory.claim import Equivalence, Increasing, Notation
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.vocabulary import LATEX

GREEK = frozenset(greek_letters)
THIN = r" \, "
"""A thin space between factors, without which two words would read as one."""

Assertion: TypeAlias = Any
"""A sympy relation, an Increasing or an Equivalence."""


def shorten(expression: sp.Basic, notation: tuple[Notation, ...]) -> sp.Basic:
    """Return the expression with every named part, or its negative, replaced by a symbol; largest parts first."""
    for part in sorted(notation, key=lambda n: -sp.count_ops(n.expression)):
        symbol = sp.Symbol(part.name, real=True)
        expression = expression.xreplace({part.expression: symbol, -part.expression: -symbol})
    return expression


def _relation(relation: sp.Rel, notation: tuple[Notation, ...]) -> tuple[sp.Expr, str, sp.Expr]:
    signs = {sp.Eq: "=", sp.Ne: "!=", sp.Ge: ">=", sp.Gt: ">", sp.Le: "<=", sp.Lt: "<"}
    return shorten(relation.lhs, notation), signs[relation.func], shorten(relation.rhs, notation)


def in_text(asserts: Assertion, notation: tuple[Notation, ...] = ()) -> str:
    """Return an assertion on one line, in the project's names."""
    if isinstance(asserts, Equivalence):
        return f"{in_text(asserts.first, notation)}  <=>  {in_text(asserts.second, notation)}"
    if isinstance(asserts, Increasing):
        return f"{shorten(asserts.expression, notation)} increases with {asserts.symbol}"
    left, sign, right = _relation(asserts, notation)
    return f"{left} {sign} {right}"


def in_latex(asserts: Assertion, notation: tuple[Notation, ...] = ()) -> str:
    """Return an assertion as LaTeX, in the paper's symbols."""
    if isinstance(asserts, Equivalence):
        return rf"{in_latex(asserts.first, notation)} \;\Longleftrightarrow\; {in_latex(asserts.second, notation)}"
    names = {sp.Symbol(part.name, real=True): part.latex for part in notation}
    if isinstance(asserts, Increasing):
        slope = _latex(shorten(asserts.expression, notation), names)
        return rf"\frac{{\partial}}{{\partial {_latex(asserts.symbol, names)}}}\left({slope}\right) > 0"
    left, sign, right = _relation(asserts, notation)
    sign = {">=": r"\ge", "<=": r"\le", "!=": r"\ne"}.get(sign, sign)
    return f"{_latex(left, names)} {sign} {_latex(right, names)}"


def latex_of(expression: sp.Expr, notation: tuple[Notation, ...] = ()) -> str:
    """Return an expression as LaTeX, in the paper's symbols and the notation given."""
    names = {sp.Symbol(part.name, real=True): part.latex for part in notation}
    return _latex(shorten(expression, notation), names)


def definition(part: Notation, notation: tuple[Notation, ...]) -> str:
    """Return as LaTeX what a short name stands for, in the other short names."""
    return (
        f"{part.latex} = {latex_of(part.expression, tuple(other for other in notation if other is not part))}"
    )


def _latex(expression: sp.Basic, names: dict[sp.Symbol, str]) -> str:
    known = LATEX | names
    spelled = {s: _spelled(s) for s in expression.free_symbols if s not in known}
    return str(sp.latex(expression, symbol_names=known | spelled, mul_symbol=THIN))


def _spelled(symbol: sp.Symbol) -> str:
    """Return the LaTeX of a symbol that has no sign of its own: a word upright, a letter as sympy writes it."""
    plain = next((s for s in LATEX if f"{s.name}_da" == symbol.name), None)
    if plain is not None:
        return rf"{LATEX[plain]}^{{\mathrm{{DA}}}}"
    word, _, index = symbol.name.partition("_")
    if len(word) == 1 or word in GREEK:
        return str(sp.latex(symbol))
    return rf"\mathrm{{{word}}}" + (rf"_{{\mathrm{{{index.replace('_', ' ')}}}}}" if index else "")


def range_text(domain: Domain, notation: tuple[Notation, ...] = ()) -> str:
    """Return the ranges of a domain on one line."""
    parts = []
    for part in domain.ranges:
        low, high = (shorten(sp.sympify(end), notation) for end in (part.low, part.high))
        if low == high:
            parts.append(f"{part.symbol} = {low}")
            continue
        left = "" if low == -sp.oo else f"{low} {'<' if part.low_open else '<='} "
        right = "" if high == sp.oo else f" {'<' if part.high_open else '<='} {high}"
        parts.append(f"{left}{part.symbol}{right}" if left or right else f"{part.symbol} real")
    return ", ".join(parts)


def range_latex(domain: Domain, notation: tuple[Notation, ...] = ()) -> str:
    """Return the ranges of a domain as LaTeX."""
    names = {sp.Symbol(part.name, real=True): part.latex for part in notation}
    parts = []
    for part in domain.ranges:
        low, high = (shorten(sp.sympify(end), notation) for end in (part.low, part.high))
        symbol = _latex(part.symbol, names)
        if low == high:
            parts.append(f"{symbol} = {_latex(low, names)}")
            continue
        left = "" if low == -sp.oo else _latex(low, names) + (" < " if part.low_open else r" \le ")
        right = "" if high == sp.oo else (" < " if part.high_open else r" \le ") + _latex(high, names)
        parts.append(f"{left}{symbol}{right}" if left or right else rf"{symbol} \in \mathbb{{R}}")
    return r",\; ".join(parts)
