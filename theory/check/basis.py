"""Which exponentials a proof takes for its variables: the exponents of all that occur, split into independent terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import sympy as sp

from ascentcheck.theory.check import export
from ascentcheck.theory.check.export import Ranges, Tree


def parts(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and all trees in it."""
    yield tree
    if isinstance(tree, tuple):
        for part in tree[1:]:
            yield from parts(part)


def exponents(trees: Iterable[Tree]) -> list[Tree]:
    """Return the exponents that stand in trees, each once."""
    return list(
        dict.fromkeys(p[1] for tree in trees for p in parts(tree) if isinstance(p, tuple) and p[0] == "exp")
    )


@lru_cache(maxsize=4096)
def independent(wanted: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Return exponents of which all wanted ones are whole multiples' sums, numbers first, then by depth."""
    return tuple(export.tree(part) for part in _independent([export.expression(tree) for tree in wanted]))


def _independent(wanted: list[sp.Expr]) -> list[sp.Expr]:
    opaque = {atom: sp.Dummy(real=True) for exponent in wanted for atom in exponent.atoms(sp.Function)}
    together = [sp.together(exponent.xreplace(opaque)) for exponent in wanted]
    clear = {symbol: atom for atom, symbol in opaque.items()}
    common = sp.lcm_list([sp.denom(exponent) for exponent in together] or [sp.S.One])
    divisors: dict[sp.Expr, sp.Expr] = {}
    for exponent in together:
        for term in sp.Add.make_args(sp.expand(sp.cancel(exponent * common))):
            coefficient, rest = term.as_coeff_Mul()
            divisors[rest] = sp.ilcm(divisors.get(rest, 1), coefficient.q)
    found = [
        sp.cancel(rest / (common * divisor)).xreplace(clear)
        for rest, divisor in divisors.items()
        if rest != 0
    ]
    return sorted(found, key=lambda e: (not e.is_number, _depth(e), sp.default_sort_key(e)))


def _depth(expression: sp.Expr) -> int:
    inner = [atom.args[0] for atom in expression.atoms(sp.Function)]
    return 1 + max(map(_depth, inner), default=0) if inner else 0


def shifted(wanted: Iterable[Tree], ranges: Ranges, attained: dict[str, bool]) -> tuple[Tree, ...]:
    """Return independent exponents, each symbol measured from its low end (put at its high end, where attained)."""
    values: dict[sp.Symbol, sp.Expr] = {}
    back: dict[sp.Symbol, sp.Expr] = {}
    for name, low, high, *_ in ranges:
        symbol, above = sp.Symbol(name, real=True), sp.Symbol(f"{name}_above", real=True)
        if attained.get(name):
            values[symbol] = export.expression(high).xreplace(values)
        elif low not in (None, 0):
            values[symbol] = export.expression(low).xreplace(values) + above
            back[above] = symbol - export.expression(low)
    powers = [export.expression(tree) for tree in wanted]
    opaque = {atom: sp.Dummy(real=True) for exponent in powers for atom in exponent.atoms(sp.Function)}
    clear = {symbol: atom for atom, symbol in opaque.items()}
    placed = [exponent.xreplace(opaque).xreplace(values) for exponent in powers]
    found = [part.xreplace(back).xreplace(clear) for part in _independent(placed)]
    return tuple(export.tree(part) for part in sorted(found, key=lambda e: (not e.is_number, _depth(e))))
