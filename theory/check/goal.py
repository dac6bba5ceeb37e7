"""What is to be proved, as the kernel will derive it, and how proofs of it are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sympy as sp

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.export import Ranges, Tree
from ascentcheck.theory.check.frame import Refused
from ascentcheck.theory.domain import Domain

Proof: TypeAlias = dict[str, Any]
"""A node of a proof, as the kernel reads it."""


@dataclass(frozen=True)
class Goal:
    """f > 0, f ≥ 0 or f = 0 on ranges; `known` is what has been proved defined there."""

    ranges: Ranges
    sign: str
    tree: Tree
    known: frozenset[Tree] = frozenset()

    @property
    def strict(self) -> bool:
        """Whether the sign is >."""
        return self.sign == ">"

    @property
    def expression(self) -> sp.Expr:
        """f as a sympy expression."""
        return export.expression(self.tree)

    @property
    def domain(self) -> Domain:
        """The ranges as a domain."""
        return export.domain(self.ranges)

    def fixed(self) -> Goal:
        """Return the goal with the value for each symbol whose range is a single point."""
        ranges, tree = kernel.fixed(self.ranges, self.tree)
        return replace(self, ranges=ranges, tree=tree)

    def on(self, sign: str, tree: Tree) -> Goal:
        """Return another goal on the same ranges."""
        return replace(self, sign=sign, tree=tree)


Prover: TypeAlias = Callable[[Goal], "Proof | int | None"]
"""Tries to prove a goal; None is 'not found', never 'false'; 0 stands for a plain sign."""


def settle(goal: Goal, way: Prover, prove: Prover) -> Proof | int | None:
    """Return a proof made one way, with the proofs that what it speaks of is defined; None where one is missing."""
    try:
        goal = goal.fixed()
    except Refused:  # a symbol has no range
        return None
    defined: list[Proof | int] = []
    known = set(goal.known)
    if not _defined(goal, kernel.needs(goal.tree), known, defined, prove):
        return None
    node = way(replace(goal, known=frozenset(known)))
    if node is None or node == 0:
        return node if not defined or node is None else {"rule": "sign", "cases": None, "defined": defined}
    assert isinstance(node, dict)
    bases = [e[0] for part in (node, *(node.get("cases") or ())) for e in part.get("basis", ())]
    if not _defined(goal, [need for tree in bases for need in kernel.needs(tree)], known, defined, prove):
        return None
    if defined:
        node = {**node, "defined": defined}
    plain = node["rule"] == "sign" and not defined and not any(node["cases"] or ())
    return 0 if plain else node


def _defined(
    goal: Goal, needs: Sequence[Tree], known: set[Tree], defined: list[Proof | int], prove: Prover
) -> bool:
    for need in needs:
        if need in known:
            continue
        kind, tree = need
        here = replace(goal, known=frozenset(known))
        proof = prove(here.on(kind.replace("!=", ">"), tree))
        if proof is None and kind == "!=":
            proof = prove(here.on(">", ("*", -1, tree)))
            if proof is not None:
                proof = {**(proof or {"rule": "sign", "cases": None}), "negative": True}  # type: ignore[dict-item]
        if proof is None:
            return False
        defined.append(proof)
        known.add(need)
    return True
