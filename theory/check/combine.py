"""Putting proved signs together: f = Σ c·Π gᵏ, with cofactors for W, log and the equations of the pair."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ascentcheck.theory.check import kernel
from ascentcheck.theory.check.basis import exponents, independent, parts
from ascentcheck.theory.check.export import Tree
from ascentcheck.theory.check.frame import Refused, constant
from ascentcheck.theory.check.frames import NotFoundError, SearchFrame
from ascentcheck.theory.check.goal import Goal, Proof

Fact = tuple[str | None, Tree, Any]
Term = tuple[int | Fraction, Sequence[int]]


def combined(goal: Goal, facts: Sequence[Fact] = (), sum_of: Sequence[Term] = ()) -> Proof | None:
    """Return a node of rule `combine`, None where the sum is not f. Without facts: f is identically 0."""
    trees = [goal.tree, *(tree for _, tree, _ in facts)]
    node: Proof = {
        "rule": "combine",
        "facts": [list(fact) for fact in facts],
        "terms": [[c if isinstance(c, int) else str(c), list(powers)] for c, powers in sum_of],
    }
    wanted = exponents(trees)
    for part in dict.fromkeys(p for tree in trees for p in parts(tree) if isinstance(p, tuple)):
        if part[0] in ("W0", "W-1", "log"):
            wanted.append(part)
        if part[0] in ("X", "Y"):
            wanted += [("*", -1, (head, *part[1:])) for head in ("X", "Y")]
    basis = [[tree, 0, 0] for tree in independent(tuple(wanted))] if wanted else []
    if basis:
        node["basis"] = basis
    frame = SearchFrame(node)
    try:
        for part in goal.ranges:
            frame.values[part[0]] = frame.new()
        total = kernel.total(frame, kernel.frozen(node))
        frame.vanishes(total * constant(-1) + frame.value(goal.tree))
    except (NotFoundError, Refused, KeyError):
        return None
    node["basis"] = basis[: len(frame.basis)]
    if not node["basis"]:
        del node["basis"]
    return node
