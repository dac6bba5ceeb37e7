"""What Rocq is shown at exact points: witnesses that refute, and statements about a single point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check import export
from ascentcheck.theory.check.decide import as_point, sign_at
from ascentcheck.theory.check.frame import minus, names
from ascentcheck.theory.domain import exact_value
from ascentcheck.theory.expression import precision
from ascentcheck.theory.rocq.formulas import (
    PAIR,
    RELATION,
    LackingError,
    Part,
    asserted,
    hypotheses,
    intros,
    plain,
    spelled,
)
from ascentcheck.theory.rocq.pair_points import Bracket, bracket
from ascentcheck.theory.rocq.points import Enclosure, stated_text
from ascentcheck.theory.rocq.script import Script
from ascentcheck.theory.rocq.text import Tree, binary

_NEGATION = {
    ">": ("more_no", ">=", -1),
    ">=": ("at_least_no", ">", -1),
    "=": ("equal_no", "!=", 1),
    "<": ("less_no", ">=", 1),
    "<=": ("at_most_no", ">", 1),
}


class AtPoint:
    """Proofs of signs at one point."""

    def __init__(self, script: Script, point: Mapping[str, fmpq]) -> None:
        self.script, self.text, self.point = script, script.text, point
        self.enclosure = Enclosure(point)
        self.values = {name: f"(Q2R ({v.p} # {v.q}))" for name, v in point.items()} | {"M": "the_pair"}
        self.pairs: dict[tuple[Tree, Tree, Tree], Bracket] = {}
        for name in point:
            self.text.symbol(name)

    @property
    def model(self) -> str:
        """The minima of pairs that are spoken of."""
        return "the_pair" if self.pairs else "no_pair"

    def meet(self, *trees: Tree) -> None:
        """Find bounds of the pairs in trees. Raises LackingError where Rocq knows of no minimum."""
        symbols = {sp.Symbol(name, real=True): value for name, value in self.point.items()}
        for tree in dict.fromkeys(pair for whole in trees for pair in pairs_in(binary(whole))):
            values = [exact_value(export.expression(part), symbols) for part in tree]
            a, c, e = (v for v in (*values, None, None, None)[:3])
            if a is None or c is None or e is None:
                raise LackingError("the strengths of a pair are not rational at the witness")
            found = bracket(self.enclosure, tree, (a, c, e))
            self.pairs[tree] = found
            self.enclosure.given |= {("X", *tree): found.x, ("Y", *tree): found.y}

    def sign(self, kind: str, tree: Tree) -> str:
        """Return a proof that a tree has a sign."""
        with precision(160):
            value = self.enclosure.value(binary(tree))
        if kind == ">=" and not value >= 0 and value.contains(0):
            return f"(zero_nonnegative _ {self.zero(tree)})"
        if kind == "=":
            return self.zero(tree)
        if not {">": value > 0, ">=": value >= 0, "!=": value != 0}[kind]:
            raise LackingError("bounds do not decide at the witness")
        t = self.text.tree(tree)
        s = self.text.sign(kind)
        return f"(sign_at_ok {self.model} q stated given given_ok {s} {t} ltac:(vm_compute; reflexivity))"

    def relation(self, sign: str, left: Tree, right: Tree) -> str:
        """Return a proof of left − right > 0 or ≥ 0, or of right − left, as the relation has it."""
        if "<" in sign:
            left, right = right, left
        return self.sign(sign.replace("<", ">"), minus(left, right))

    def zero(self, tree: Tree) -> str:
        """Return a proof that a tree is 0, by arithmetic in which each function's value is a number of its own."""
        h = tuple(
            ("=", minus(name, f"{v.p}/{v.q}" if v.q != 1 else int(v.p))) for name, v in self.point.items()
        )
        lemma = self.script.vanishing(h, tree)
        return f"({lemma} {self.model} (fun n => nth n (map Q2R q) 0) ltac:(at_the_point))"

    def prelude(self) -> str:
        """Return the point and the bounds in use."""
        order = ["0%Q"] * len(self.text.symbols)
        for name, value in self.point.items():
            order[self.text.symbol(name)] = f"({value.p} # {value.q})%Q"
        stated = stated_text(self.text, self.enclosure)
        given, known = "pose (given := [] : list (tree * interval)).", "Forall_nil _"
        if self.pairs:
            shown = "; ".join(found.text(self.text) for found in self.pairs.values())
            given = f"pose (pairs := [{shown}] : list pair_bounds). pose (given := flat_map bounds_of pairs)."
            known = "given_bounds the_pair pair_minima_exist q stated pairs ltac:(vm_compute; reflexivity)"
        return (
            f"pose (q := [{'; '.join(order)}]). pose (stated := {stated} : list (tree * (interval * nat))).\n  "
            f"{given}\n  "
            f"assert (given_ok : Forall (fun g => inside (snd g) (eval {self.model} (at_point q) (fst g))) given)"
            f" by exact ({known})."
        )


def refuted(script: Script, part: Part, problem: tuple[Any, Any]) -> str:
    """Return the proof that a part fails, at its witness. Raises LackingError where Rocq cannot decide there."""
    ranges, relation = problem
    assert part.witness is not None
    symbols = {r[0] for r in ranges}
    point = {s.name: v for s, v in as_point(part.witness.point).items() if s.name in symbols}
    at = AtPoint(script, point)
    sign, left, right = relation
    at.meet(left, right)
    values = at.values
    arguments = [values[r[0]] for r in ranges]
    for given, a, b in (*hypotheses(ranges), *(export.relation(c) for c in part.realisable)):
        arguments.append(
            f"({RELATION[given][1]} {plain(a, values)} {plain(b, values)} {at.relation(given, a, b)})"
        )
    needs = asserted(relation)
    undefined = next((k for k, need in enumerate(needs) if not at.pairs and _undefined(need, point)), None)
    if undefined is not None:
        kind, tree = needs[undefined]
        proof = at.sign(">" if kind == ">=" else ">=", ("*", -1, tree))
        take = f"destruct H as {_nested(undefined, len(needs))}."
        lemma = "undefined_nonnegative" if kind == ">=" else "undefined_positive"
        end = f"exact ({lemma} {plain(tree, values)} {proof} H')."
    else:
        lemma, kind, direction = _NEGATION[sign]
        a, b = (left, right) if direction > 0 else (right, left)
        proof = at.sign(kind, minus(a, b))
        take = f"destruct H as {_nested(len(needs), len(needs))}." if needs else "rename H into H'."
        end = f"exact ({lemma} {plain(left, values)} {plain(right, values)} {proof} H')."
    chosen = "the_pair pair_minima_exist " if at.pairs else ""
    lines = [
        f"unfold {part.name}. {at.prelude()}",
        "intros H.",
        f"specialize (H {chosen}{' '.join(arguments)}).",
    ]
    return "\n  ".join([*lines, take, end])


def pairs_in(tree: Tree) -> list[tuple[Tree, Tree, Tree]]:
    """Return strengths and correlation of the pairs in a tree."""
    if not isinstance(tree, tuple):
        return []
    inner = [found for part in tree[1:] for found in pairs_in(part)]
    return [*inner, tree[1:]] if tree[0] in PAIR else inner


def _nested(k: int, n: int) -> str:
    """Return a pattern that takes the k-th of n + 1 conjuncts."""
    if k == n:
        return "H'" if n == 0 else "[_ " * n + "H'" + "]" * n
    return "[_ " * k + "[H' _]" + "]" * k


def _undefined(need: Any, point: Mapping[str, fmpq]) -> bool:
    symbols = {sp.Symbol(name, real=True): value for name, value in point.items()}
    try:
        tree = export.expression(need[1])
        sign = sign_at(tree, symbols, 512)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return False
    return sign == -1 or (sign == 0 and need[0] != ">=")


def at_one_point(script: Script, part: Part, problem: tuple[Any, Any], point: Mapping[str, fmpq]) -> str:
    """Return the proof of a part whose domain is a single point. Raises LackingError where Rocq cannot decide there."""
    ranges, relation = problem
    if {n for tree in relation[1:] for n in names(tree)} & PAIR:
        raise LackingError("it needs the minimum of a correlated pair at a point")
    at = AtPoint(script, point)
    values = at.values
    sign, left, right = relation
    kind, a, b = {
        ">": (">", left, right),
        ">=": (">=", left, right),
        "=": ("=", left, right),
        "<": (">", right, left),
        "<=": (">=", right, left),
    }[sign]
    ends = [at.sign(*need) for need in asserted(relation)]
    last = at.sign(kind, minus(a, b))
    lines, _ = intros(ranges)
    proof = [f"unfold {part.name}. {at.prelude()}", lines]
    for r in ranges:
        name = spelled(r[0])
        proof.append(
            f"assert ({name} = Q2R ({point[r[0]].p} # {point[r[0]].q})) by (unfold Q2R; simpl; lra); subst {name}."
        )
    proof += [f"split; [exact {end}|]." for end in ends]
    proof.append(f"exact ({RELATION[sign][1]} {plain(left, values)} {plain(right, values)} {last}).")
    return "\n  ".join(proof)
