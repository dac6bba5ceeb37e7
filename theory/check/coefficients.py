"""Signs read off coefficients, exponentials as free positive numbers or as 1 + g + q with q ≥ 0."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import sympy as sp

from ascentcheck.theory.check import kernel
from ascentcheck.theory.check.basis import exponents, independent, shifted
from ascentcheck.theory.check.export import Tree
from ascentcheck.theory.check.frame import Refused
from ascentcheck.theory.check.frames import NotFoundError, SearchFrame
from ascentcheck.theory.check.goal import Goal, Proof

Element = tuple[Tree, int, Any]
Plan = Callable[[dict[str, bool]], list[list[Element]]]
"""From which symbols are at their high end to the bases to try."""


def ends(goal: Goal) -> list[Tree]:
    """Return the trees of a goal: f and the ends of the ranges."""
    return [goal.tree, *(end for r in goal.ranges for end in r[1:3] if end is not None)]


def by_coefficients(goal: Goal) -> Proof | None:
    """Return a proof by coefficients, all exponentials free, or all expanded once."""
    wanted = exponents(ends(goal))

    def plan(attained: dict[str, bool]) -> list[list[Element]]:
        found = shifted(wanted, goal.ranges, attained)
        plans = [[(tree, 2 if _number(tree) else 0, 0) for tree in found]]
        if any(not _number(tree) for tree in found):
            plans.append([(tree, 2, 0) for tree in found])
        if found != (plain := independent(tuple(wanted))):
            plans.append([(tree, 2 if _number(tree) else 0, 0) for tree in plain])
        return plans

    return leaf(goal, plan)


def of_ends(goal: Goal) -> list[Element]:
    """Return basis elements for the exponentials in the ends of the ranges, and for e where it stands in f."""
    wanted = exponents(ends(goal)[1:]) + [1] * (1 in exponents([goal.tree]))
    return [(tree, 2 if _number(tree) else 0, 0) for tree in independent(tuple(wanted))]


def above_tangent(goal: Goal, gap: Tree) -> Proof | None:
    """Return a proof that rests on e^gap = 1 + gap + q with q ≥ 0."""
    return leaf(goal, lambda _: [[*of_ends(goal), (gap, 2, 0)]])


def _number(tree: Tree) -> bool:
    return all(isinstance(name, int) or not name.isidentifier() for name in kernel.names(tree))


def leaf(goal: Goal, plan: Plan, bounds: tuple[Any, ...] = ()) -> Proof | None:
    """Return a node of rule `sign`: for each case the first basis of the plan with which coefficients show the sign."""
    if goal.sign == "=":
        return None
    closed = [r[0] for r in goal.ranges if r[2] is not None and not r[4]]
    cases = []
    for case in itertools.product((False, True), repeat=len(closed)):
        attained = dict(zip(closed, case, strict=True))
        for basis in plan(attained):
            found = _case(goal, attained, basis, bounds)
            if found is not None:
                cases.append(found)
                break
        else:
            return None
    return {"rule": "sign", "cases": cases}


def _case(
    goal: Goal, attained: dict[str, bool], basis: list[Element], bounds: tuple[Any, ...]
) -> Proof | None:
    node: Proof = {"basis": [list(element) for element in basis]} if basis else {}
    if bounds:
        node["bounds"] = [list(bound) for bound in bounds]
    frame = SearchFrame(node, lambda *_: None)
    try:
        kernel.place(frame, goal.ranges, attained)
        kernel.bound(frame)
        frame.positive(frame.value(goal.tree), goal.strict)
    except (NotFoundError, Refused, KeyError, sp.PolynomialError):
        return None
    node["basis"] = node.get("basis", [])[: len(frame.basis)]
    if not node["basis"]:
        del node["basis"]
    return node
