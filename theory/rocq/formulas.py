"""What a claim asserts, in formulas of Rocq's reals: plain words for what `rocq/Trees.v` evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.frame import minus, names, put
from ascentcheck.theory.claim import Proposition, Witness
from ascentcheck.theory.rocq.reasons import reason
from ascentcheck.theory.rocq.text import Tree, binary

PAIR = {"X", "Y"}
RELATION = {
    ">": (">", "more_fact"),
    ">=": (">=", "at_least_fact"),
    "=": ("=", "equal_fact"),
    "<": ("<", "less_fact"),
    "<=": ("<=", "at_most_fact"),
}


class LackingError(LookupError):
    """Why something is not in the proof assistant."""


@dataclass(frozen=True)
class Part:
    """One assertion of a sentence, and what is to be shown: that it holds, or that it fails at the witness."""

    name: str
    proposition: Proposition
    witness: Witness | None
    realisable: tuple[sp.Rel, ...]


_SUM, _PRODUCT, _INVERSE, _POWER, _APPLIED, _ATOM = range(6)


def plain(tree: Tree, values: Mapping[Tree, str] | None = None, within: int = _ATOM) -> str:
    """Return a tree as a formula of Rocq's reals, which is what `eval` makes of it; in parentheses where it needs them.

    Trees that have a text in `values` are written so; M is what the minima of pairs are.
    """
    text, strength = _shown(binary(tree), values)
    return text if strength >= within else f"({text})"


def _shown(tree: Tree, values: Mapping[Tree, str] | None) -> tuple[str, int]:
    """Return a formula and how strongly it holds together."""
    if values and tree in values:
        return values[tree], _ATOM
    if isinstance(tree, int):
        return (str(tree), _ATOM) if tree >= 0 else (f"({tree})", _ATOM)
    if isinstance(tree, str):
        if tree.isidentifier():
            return spelled(tree), _ATOM
        p, q = tree.split("/")
        return (f"{p} / {q}" if p[0] != "-" else f"({p}) / {q}"), _PRODUCT
    head, *of = tree
    if head == "^":
        k = of[1]
        if k == 0:
            return "1", _ATOM
        power = plain(of[0], values, _APPLIED if abs(k) > 1 else _POWER) + (f" ^ {abs(k)}" if k != 1 else "")
        if k == 1:
            power = f"{plain(of[0], values)} ^ 1"
        if k == -1:
            power = plain(of[0], values, _POWER)
        return (power, _POWER) if k > 0 else (f"/ {power}", _INVERSE)
    if head == "+":
        return f"{plain(of[0], values, _SUM)} + {plain(of[1], values, _PRODUCT)}", _SUM
    if head == "*":
        left, right = plain(of[0], values, _PRODUCT), plain(of[1], values, _INVERSE)
        return (f"{left} {right}" if right.startswith("/ ") else f"{left} * {right}"), _PRODUCT
    pair = (values or {}).get("M", "M")
    function = {
        "exp": "exp",
        "log": "ln",
        "W0": "W0",
        "W-1": "Wm1",
        "X": f"pair_x {pair}",
        "Y": f"pair_y {pair}",
        "abs": "Rabs",
        "max": "Rmax",
        "min": "Rmin",
    }[head]
    return " ".join((function, *(plain(part, values) for part in of))), _APPLIED


def spelled(symbol: str) -> str:
    """Return a symbol as a variable that Rocq has no other use for."""
    return f"{symbol}_" if symbol in RESERVED else symbol


RESERVED = {
    "exp",
    "ln",
    "W0",
    "Wm1",
    "M",
    "R",
    "in",
    "at",
    "end",
    "fix",
    "fun",
    "let",
    "if",
    "then",
    "else",
    "return",
    "for",
    "v",
    "V",
    "q",
    "stated",
    "H",
    "X",
    "I",
    "S",
    "O",
    "every",
    "pair",
    "retained",
    "coordinate",
}


def hypotheses(ranges: Any) -> list[tuple[str, Tree, Tree]]:
    """Return the ends of ranges as (< or <=, smaller, larger)."""
    found: list[tuple[str, Tree, Tree]] = []
    for name, low, high, low_open, high_open in ranges:
        if low is not None:
            found.append(("<" if low_open else "<=", low, name))
        if high is not None:
            found.append(("<" if high_open else "<=", name, high))
    return found


def asserted(relation: Any) -> tuple[Any, ...]:
    """Return what must hold for both sides to be defined, as `kernel.needs` has it."""
    return kernel.needs(minus(*relation[1:]))


def defined(fact: Any, values: Mapping[Tree, str] | None = None) -> str:
    """Return such a need as a formula; where texts of trees are given, that W0 is real is told in a word."""
    argument = _real_argument(fact)
    if values is not None and argument is not None:
        return f"W_real {plain(argument, values)}"
    shape = {">": "0 < {}", ">=": "0 <= {}", "!=": "{} <> 0"}[fact[0]]
    return shape.format(plain(fact[1], values, _SUM))


def _real_argument(fact: Any) -> Tree | None:
    """Return z where a fact is e·z + 1 ≥ 0."""
    sign, tree = fact
    match binary(tree):
        case ("+", ("*", ("exp", 1), z), 1) if sign == ">=":
            return z
    return None


def problem_of(p: Proposition) -> tuple[Any, Any]:
    """Return ranges and relation of a proposition. Raises LackingError where the kernel's language has no word for it."""
    if not isinstance(p.relation, sp.core.relational.Relational):
        raise LackingError("the line is no relation")
    try:
        ranges = tuple(
            (
                r.symbol.name,
                None if r.low == -sp.oo else tree_of(sp.sympify(r.low)),
                None if r.high == sp.oo else tree_of(sp.sympify(r.high)),
                bool(r.low_open),
                bool(r.high_open),
            )
            for r in p.domain.ranges
        )
        sign, _, _ = export.relation(p.relation.func(sp.Symbol("a"), sp.Symbol("b"), evaluate=False))
        return ranges, (sign, tree_of(p.relation.lhs), tree_of(p.relation.rhs))
    except TypeError as error:
        raise LackingError(reason(str(error).removeprefix("the kernel knows no").strip())) from error


def tree_of(expression: sp.Expr) -> Tree:
    """Return the tree of an expression, that may have |a|, max, min and powers x^y = e^{y·log x} with a symbol in y.

    Raises TypeError where there is none.
    """
    heads = {sp.Abs: "abs", sp.Max: "max", sp.Min: "min"}
    values: dict[Tree, Tree] = {}

    def raised(part: sp.Expr) -> bool:
        return isinstance(part, sp.Pow) and part.base != sp.E and not part.exp.is_number

    def plainly(part: sp.Expr) -> sp.Expr:
        if not part.has(sp.Abs, sp.Max, sp.Min) and not any(map(raised, part.atoms(sp.Pow))):
            return part
        if raised(part):
            symbol = sp.Symbol(f"part{len(values)}__", real=True)
            values[symbol.name] = ("exp", ("*", tree_of(part.exp), ("log", tree_of(part.base))))
            return symbol
        if part.func in heads:
            inner = sorted((tree_of(argument) for argument in part.args), key=str)
            tree = inner[0]
            for other in inner[1:]:
                tree = (heads[part.func], tree, other)
            symbol = sp.Symbol(f"part{len(values)}__", real=True)
            values[symbol.name] = (heads[part.func], tree) if part.func is sp.Abs else tree
            return symbol
        return part.func(*(plainly(argument) for argument in part.args), evaluate=False)

    whole = plainly(expression)
    return put(export.tree(whole), values)


def definition(part: Part, problem: tuple[Any, Any], name: str) -> str:
    """Return the definition of what a part asserts, with nothing abbreviated: what proofs are about."""
    ranges, relation = problem
    lines = [f"Definition {name} : Prop :="]
    if of_pair(problem):
        lines.append("  forall M : pair_point, pair_minima M ->")
    if ranges:
        lines.append(f"  forall {' '.join(spelled(r[0]) for r in ranges)} : R,")
    lines += [f"  {formula} ->" for formula in assumed(part, ranges)]
    return "\n".join([*lines, "  " + " /\\\n  ".join(concluded(relation)) + "."])


def of_pair(problem: tuple[Any, Any]) -> bool:
    """Whether the minima of correlated pairs are spoken of."""
    ranges, (_, left, right) = problem
    ends = (end for r in ranges for end in r[1:3] if end is not None)
    return any(names(tree) & PAIR for tree in (left, right, *ends))


def assumed(part: Part, ranges: Any, values: Mapping[Tree, str] | None = None) -> list[str]:
    """Return what a part assumes, as formulas."""
    given = [*hypotheses(ranges), *(export.relation(condition) for condition in part.realisable)]
    return [f"{plain(a, values, _SUM)} {relation} {plain(b, values, _SUM)}" for relation, a, b in given]


def concluded(relation: Any, values: Mapping[Tree, str] | None = None) -> list[str]:
    """Return what a relation asserts, as formulas: what must hold for both sides to be defined, and itself."""
    sign, left, right = relation
    needs = [defined(need, values) for need in asserted(relation)]
    return [*needs, f"{plain(left, values, _SUM)} {RELATION[sign][0]} {plain(right, values, _SUM)}"]


def intros(ranges: Any) -> tuple[str, list[str]]:
    """Return the introductions of a definition, and the facts that they give."""
    shown = hypotheses(ranges)
    names_ = [*(spelled(r[0]) for r in ranges), *(f"H{k}" for k in range(len(shown)))]
    facts = [
        f"({'fact_less' if relation == '<' else 'fact_at_most'} {plain(a)} {plain(b)} H{k})"
        for k, (relation, a, b) in enumerate(shown)
    ]
    return (f"intros {' '.join(names_)}." if names_ else ""), facts
