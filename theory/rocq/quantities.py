"""The quantities that have names in Statements.v, in the vocabulary of the claims, and how a formula is written with them."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import sympy as sp

from ascentcheck.theory.check import export
from ascentcheck.theory.check.frame import names
from ascentcheck.theory.claims import lemma_2, lemma_3, lemma_8, pair
from ascentcheck.theory.expression import W0, Wm1
from ascentcheck.theory.rocq.formulas import PAIR, Part, asserted, assumed, concluded, of_pair, plain, spelled
from ascentcheck.theory.rocq.text import Tree, binary
from ascentcheck.theory.vocabulary import n_total

SETTING = {
    "n_retain": "Retain",
    "n_forget": "Forget",
    "ridge": "Ridge",
    "n_group": "Group",
    "alpha": "Alpha",
    "epsilon": "Epsilon",
    "pull_retain": "Retain_pull",
    "pull_forget": "Forget_pull",
}
"""The symbols that the quantities depend on, and what Statements.v calls their kinds."""
MINIMA = "Minima"
"""The kind of M, what the minima of correlated pairs are."""
WIDTH = 118
LONG, REPEATED = 600, 20
"""From how many characters on a statement has local definitions, and for formulas of which length."""
_EXPRESSIONS: dict[str, sp.Expr] = {
    "n_total": n_total,
    "balance": lemma_2.balance,
    "turning": lemma_3.turning,
    "limit": lemma_2.limit,
    "z_pretrained": lemma_2.z_pretrained,
    "z_retrained": lemma_2.z_retrained,
    "z_da": lemma_2.z_da,
    "w_pretrained": W0(lemma_2.z_pretrained),
    "w_retrained": W0(lemma_2.z_retrained),
    "w_da": W0(lemma_2.z_da),
    "w_da_maximum": Wm1(lemma_2.z_da),
    "own": pair.own,
    "cross": pair.cross,
    "strength": pair.strength,
    "strength_forget": sp.Symbol("alpha", real=True) * pair.strength,
    "strength_da": -pair.strength_da,
    "x_pretrained": pair.x_pretrained,
    "y_pretrained": pair.y_pretrained,
    "x_retrained": pair.x_retrained,
    "y_retrained": pair.y_retrained,
    "x_da": pair.x_da,
    "y_da": pair.y_da,
    "x_lower": pair.x_lower,
    "y_lower": pair.y_lower,
    "x_upper": pair.x_upper,
    "y_upper": pair.y_upper,
    "x_da_upper": pair.x_da_upper,
    "y_da_upper": pair.y_da_upper,
    "alpha_min_x": pair.alpha_min_x,
    "alpha_min_y": pair.alpha_min_y,
    "alpha_max_x": pair.alpha_max_x,
    "alpha_max_y": pair.alpha_max_y,
    "margin_x": pair.margin_x,
    "margin_y": pair.margin_y,
    "margin_x_da": pair.margin_x_da,
    "margin_y_da": pair.margin_y_da,
    "determinant": lemma_8.determinant,
}
_SAYS = {
    "n_total": "|D|",
    "balance": "|F|/|R|",
    "turning": "|F|²/(|R|(|F|+|D|))",
    "limit": "|F|/|R| + λ|F|/(e|R_j|)",
    "w_pretrained": "lemma 2's closed forms",
    "own": "1 + ε²",
    "cross": "2ε",
    "strength": "b, αb and −c of §5.1.2",
    "x_pretrained": "lemma 6 and the minima of the correlated pair",
    "x_lower": "lemma 7's bounds",
    "x_da_upper": "lemma 8's bounds",
    "alpha_min_x": "the numbers of lemma 9",
    "alpha_max_x": "eq. (6) and (7)",
    "margin_x": "x and y by the pulls",
    "determinant": "of the second derivatives, by the pulls",
}


@dataclass(frozen=True)
class Quantity:
    """A named quantity: its tree, and the symbols of the setting that it depends on."""

    name: str
    tree: Tree
    symbols: tuple[str, ...]
    of_pair: bool


@lru_cache(maxsize=1)
def quantities() -> tuple[Quantity, ...]:
    """Return the named quantities."""
    found = []
    for name, expression in _EXPRESSIONS.items():
        tree = binary(export.tree(expression))
        used = names(tree)
        found.append(Quantity(name, tree, tuple(s for s in SETTING if s in used), bool(used & PAIR)))
    return tuple(found)


def wording(bound: Collection[str], pairs: bool, but: str = "") -> dict[Tree, str]:
    """Return how trees are written where these symbols are bound (`pairs`: and the minima of pairs)."""
    return {
        q.tree: q.name
        for q in quantities()
        if set(q.symbols) <= set(bound) and (pairs or not q.of_pair) and q.name not in bound and q.name != but
    }


def named(trees: Iterable[Tree], words: dict[Tree, str]) -> bool:
    """Whether a named quantity stands in one of the trees."""
    waiting = [binary(tree) for tree in trees]
    while waiting:
        tree = waiting.pop()
        if tree in words:
            return True
        if isinstance(tree, tuple):
            waiting += tree[1:]
    return False


def shortened(trees: Iterable[Tree], words: dict[Tree, str]) -> tuple[list[str], dict[Tree, str]]:
    """Return local definitions for what a long statement repeats, and how trees are written with them."""
    counts: Counter[Tree] = Counter()

    def count(tree: Tree) -> None:
        if isinstance(tree, tuple) and tree not in words:
            counts[tree] += 1
            for part in tree[1:]:
                count(part)

    for tree in trees:
        count(binary(tree))
    often = [t for t, n in counts.items() if n > 1 and t[0] != "^" and len(plain(t, words, 0)) >= REPEATED]
    within = {(part, counts[t]) for t in often for part in _proper(t)}
    lines, words = list[str](), dict(words)
    for tree in sorted((t for t in often if (t, counts[t]) not in within), key=lambda t: len(str(t))):
        name = f"{'w' if tree[0] in ('W0', 'W-1') else 't'}{len(lines) + 1}"
        lines.append(f"let {name} := {plain(tree, words, 0)} in")
        words[tree] = name
    return lines, words


def _proper(tree: Tree) -> list[Tree]:
    """Return the parts of a tree that are trees, and theirs."""
    parts = [part for part in tree[1:] if isinstance(part, tuple)]
    return [*parts, *(inner for part in parts for inner in _proper(part))]


def wrapped(head: str, formulas: Iterable[str], last: str) -> str:
    """Return formulas in lines, broken between them where that goes."""
    formulas = [head, *formulas]
    whole = " ".join([*formulas, last])
    if len(whole) <= WIDTH:
        return whole
    lines = [""]
    for formula in formulas:
        if lines[-1] and len(lines[-1]) + 1 + len(formula) > WIDTH - 2:
            lines.append("")
        lines[-1] = f"{lines[-1]} {formula}".strip()
    if len(lines[-1]) + 1 + len(last) > WIDTH - 2:
        lines.append("")
    lines[-1] = f"{lines[-1]} {last}".strip()
    first, *others = [
        part for line in lines for part in textwrap.wrap(line, WIDTH - 2, break_on_hyphens=False)
    ]
    return "\n".join([first, *(f"  {line}" for line in others)])


def kinds(symbols: Iterable[str], pairs: bool = False) -> str:
    """Return how symbols of the setting are bound."""
    found = [*([MINIMA] if pairs else []), *(SETTING[s] for s in symbols)]
    return f"`({', '.join(found)})"


def kinds_text() -> str:
    """Return the kinds of the numbers of the setting."""
    lines = [f"Class {kind} := {name} : R." for name, kind in SETTING.items()]
    return "\n".join([*lines, f"Class {MINIMA} := M : pair_point."])


def quantities_text() -> str:
    """Return the definitions of the named quantities."""
    lines = list[str]()
    for q in quantities():
        if q.name in _SAYS:
            lines.append(f"(** {_SAYS[q.name]} *)")
        body = plain(q.tree, wording(q.symbols, q.of_pair, q.name), 0)
        bound = kinds(q.symbols, q.of_pair).replace("(", "{").replace(")", "}")
        lines.append(wrapped(f"Definition {q.name} {bound} : R :=", (), body + "."))
    return "\n".join(lines) + "\n"


COUNTED = ("n_retain", "n_forget", "ridge", "n_group")
EVERY = {
    (*COUNTED, "alpha"): "every coordinate",
    (*COUNTED, "epsilon", "alpha"): "every pair",
    (*COUNTED, "epsilon"): "every retained pair",
}
"""Symbols that are bound together again and again, where the first four are positive."""


def notations_text() -> str:
    """Return the notations for them."""
    lines = []
    for symbols, words in EVERY.items():
        binders = " ".join(f"({s}_ : {SETTING[s]})" for s in symbols)
        given = " ".join(f"0 < {s}_ ->" for s in COUNTED)
        quoted = " ".join(f"'{word}'" for word in words.split())
        lines.append(
            f'Notation "{quoted} , P" := (forall {binders},\n  {given} P) (at level 200, P at level 200).'
        )
    return "\n".join(lines) + "\n"


def readable(part: Part, problem: tuple[Any, Any], name: str) -> str:
    """Return the definition of what a part asserts, in named quantities."""
    ranges, relation = problem
    pairs = of_pair(problem)
    bound = tuple(r[0] for r in ranges)
    words = wording(bound, pairs)
    positive = all(r[1] == 0 and r[2] is None and r[3] for r in ranges[: len(COUNTED)])
    every = EVERY.get(bound) if positive else None
    trees = [*relation[1:], *(end for r in ranges for end in r[1:3] if end is not None)]
    trees += [need[1] for need in asserted(relation)]
    trees += [side for condition in part.realisable for side in export.relation(condition)[1:]]
    formulas, skipped = [f"forall {kinds((), True)}, pair_minima M ->"] if pairs else [], 0
    own = set(SETTING) if every or pairs or named(trees, words) else set[str]()
    if every:
        formulas.append(f"{every},")
        skipped = len(COUNTED)
    elif bound:
        groups = [(of_setting, list(run)) for of_setting, run in groupby(bound, key=own.__contains__)]
        binders = [
            kinds(run) if of_setting else f"({' '.join(map(spelled, run))} : R)" for of_setting, run in groups
        ]
        formulas.append(f"forall {' '.join(binders)},")
    formulas += [f"{formula} ->" for formula in assumed(part, ranges, words)[skipped:]]
    if sum(map(len, concluded(relation, words))) > LONG:
        lines, words = shortened([*relation[1:], *(need[1] for need in asserted(relation))], words)
        formulas += lines
    *needs, last = concluded(relation, words)
    formulas += [f"{formula} /\\" for formula in needs]
    return wrapped(f"Definition {name} : Prop :=", formulas, last + ".")
