"""Finding exact proofs: one way after the other is tried, and the kernel judges what is found.

Nothing here need be trusted. None means 'not proved', never 'refuted'.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from ascentcheck.theory.check import calculus, export, kernel, levels, monotone, parametrised, pivot, pulls
from ascentcheck.theory.check.coefficients import by_coefficients
from ascentcheck.theory.check.combine import combined
from ascentcheck.theory.check.frame import minus
from ascentcheck.theory.check.goal import Goal, Proof, settle
from ascentcheck.theory.claim import Proposition, Step

DEEPEST = 9
_found: dict[Goal, Proof | int | None] = {}
_trying: list[tuple[object, ...]] = []
"""The goals on the way to the present one: none of them may come up again."""


def prove(goal: Goal) -> Proof | int | None:
    """Return a proof that the kernel should accept, or None."""
    asked = (goal.ranges, goal.sign, goal.tree)
    if goal in _found:
        return _found[goal]
    if asked in _trying or len(_trying) >= DEEPEST:
        return None
    _trying.append(asked)
    try:
        proof = settle(goal, lambda here: next((p for p in _ways(here) if p is not None), None), prove)
    finally:
        _trying.pop()
    if proof is not None or not _trying:
        _found[goal] = proof
    return proof


def _ways(goal: Goal) -> Iterator[Proof | int | None]:
    heads = kernel.names(goal.tree)
    if heads & {"X", "Y"}:
        yield combined(goal) if goal.sign == "=" else by_coefficients(goal)
        return
    if goal.sign == "=":
        yield combined(goal)
        yield monotone.by_monotone(goal, prove)
        yield monotone.by_rewriting(goal, prove)
        if "W0" in heads:
            yield levels.by_both(goal, prove)
        return
    if heads & {"W0", "W-1", "log"}:
        yield monotone.by_rewriting(goal, prove)
        if "W0" in heads:
            yield levels.by_levels(goal, prove)
        yield monotone.by_reduction(goal, prove)
        yield by_coefficients(goal)
    else:
        if "exp" in heads:
            yield pivot.by_pivot(goal, prove)
        yield by_coefficients(goal)
        yield levels.by_branch(goal, prove)
    yield calculus.by_calculus(goal, prove)


def proof_of(what: Proposition | Step) -> Proof | int | None:
    """Return a proof of what a proposition or step asserts, or None."""
    try:
        problem = export.problem(what)
    except TypeError:
        return None
    ranges, (kind, *sides) = problem["ranges"], problem["relation"]
    if kind == "increases":
        slope = ("+", kernel.slope(*sides), ("*", 0, sides[0]))
        return calculus.simpler(Goal(ranges, ">", slope), prove, prove)
    if kind == "equivalent":
        (_, f), (_, g) = map(kernel.difference, sides)
        ratio = export.tree(sp.factor(export.expression(f) / export.expression(g)))
        proofs = {
            "ratio": ratio,
            "positive": prove(Goal(ranges, ">", ratio)),
            "same": prove(Goal(ranges, "=", minus(f, ("*", ratio, g)))),
        }
        return None if None in proofs.values() else proofs
    goal = Goal(ranges, *kernel.difference((kind, *sides)))
    if isinstance(what, Proposition) and what.by is not None:
        return parametrised.by_parametrisation(goal, what.by, prove)
    return pulls.by_pulls(goal, prove) if kernel.names(goal.tree) & {"X", "Y"} else prove(goal)
