r"""Two more sufficient conditions for a sign, for formulas that no substitution makes rational.

Growth: on a range with a finite low end, f ≥ 0 follows from f ≥ 0 at that end and f' ≥ 0 on the range, and the same again for
f', up to four times: that is how log-moment bounds are proved, whose fourth derivative at the latest is rational in e^x.

Logarithms: a·e^u − b·e^v with a, b > 0 has the sign of u − v + ln(a/b), where logarithms of numbers above 1 count as unknown
positive numbers.
"""

from __future__ import annotations

from functools import partial

import sympy as sp

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.basis import exponents, parts, shifted
from ascentcheck.theory.check.coefficients import Element, by_coefficients, ends, leaf
from ascentcheck.theory.check.combine import combined
from ascentcheck.theory.check.goal import Goal, Proof, Prover, settle
from ascentcheck.theory.check.monotone import by_reduction, compared
from ascentcheck.theory.check.pivot import by_pivot

DEEPEST = 4


def by_calculus(goal: Goal, prove: Prover) -> Proof | int | None:
    """Prove a sign by logarithms or by growth."""
    heads = kernel.names(goal.tree)
    if heads & {"W0", "W-1"} or not heads & {"log", "exp"}:
        return None
    found: Proof | int | None
    if any(p[0] == "log" for tree in ends(goal) for p in parts(tree) if isinstance(p, tuple)):
        found = by_bounds(goal, prove)
        if found is not None:
            return found
    found = _by_logarithm(goal, prove)
    if found is not None:
        return found
    for name, low, high, *_ in goal.ranges:
        if low is None or low == high or not goal.expression.has(sp.Symbol(name, real=True)):
            continue
        grown = _grows(goal, name, DEEPEST, prove)
        if grown is not None:
            return grown
    return None


def by_bounds(goal: Goal, prove: Prover) -> Proof | None:
    """Prove a sign by coefficients, logarithms of numbers above 1 as unknown positive numbers."""
    logs = dict.fromkeys(
        p for tree in ends(goal) for p in parts(tree) if isinstance(p, tuple) and p[0] == "log"
    )
    bounds = []
    for log in logs:
        if not export.expression(log[1]).is_Rational:
            return None
        fact = compared(goal.on(">", goal.tree), log, ("log", 1), prove)
        if fact is None:
            return None
        proof = settle(goal.on(">", log), lambda here, fact=fact: combined(here, [fact], [(1, [1])]), prove)  # type: ignore[misc]
        bounds.append((">", log, proof))
    wanted = exponents(ends(goal))

    def plan(attained: dict[str, bool]) -> list[list[Element]]:
        return [[(tree, 0, 0) for tree in shifted(wanted, goal.ranges, attained)]]

    return leaf(goal, plan, tuple(bounds))


def _by_logarithm(goal: Goal, prove: Prover) -> Proof | int | None:
    terms = sp.Add.make_args(goal.expression)
    if len(terms) != 2:
        return None
    (a, first), (b, second) = sorted((part.as_coeff_Mul() for part in terms), key=lambda part: -part[0])
    if not (a > 0 > b and all(e == 1 or isinstance(e, sp.exp) for e in (first, second))):
        return None
    u, v = sp.log(first) + sp.log(-a / b), sp.log(second)
    fact = compared(goal, ("exp", export.tree(u)), ("exp", export.tree(v)), prove)
    return None if fact is None else combined(goal, [fact], [(-b if b.is_Integer else str(-b), [1])])  # type: ignore[list-item]


def _grows(goal: Goal, name: str, deepest: int, prove: Prover) -> Proof | None:
    low, low_open = next((r[1], r[3]) for r in goal.ranges if r[0] == name)
    if any(name in kernel.names(end) for r in goal.ranges for end in r[1:3]):
        return None
    node: Proof = {"rule": "grows", "symbol": name}
    closed, inner = (
        tuple((*r[:3], o, r[4]) if r[0] == name else r for r in goal.ranges) for o in (False, True)
    )
    if low_open:
        node["closed"] = settle(Goal(closed, ">=", ("*", 0, goal.tree)), by_coefficients, prove)
    rest = tuple(r for r in goal.ranges if r[0] != name)
    at_low = kernel.put(goal.tree, {name: low})
    node["low"] = simpler(Goal(rest, ">=" if low_open else goal.sign, at_low), _direct, prove)
    if None in node.values():
        return None
    sign = goal.sign if low_open else ">="
    slope = Goal(inner, sign, kernel.slope(goal.tree, name), goal.known)
    node["slope"] = simpler(slope, _direct, prove)
    if node["slope"] is None and deepest > 1:
        node["slope"] = simpler(slope, partial(_grown, name=name, deepest=deepest - 1, prove=prove), prove)
    return None if node["slope"] is None else node


def _grown(goal: Goal, name: str, deepest: int, prove: Prover) -> Proof | None:
    return _grows(goal, name, deepest, prove)


def _direct(goal: Goal) -> Proof | int | None:
    heads = kernel.names(goal.tree)
    found = by_coefficients(goal)
    if found is None and "log" in heads:
        return by_reduction(goal, _prove_directly)
    return by_pivot(goal, _prove_directly) if found is None and "exp" in heads else found


def _prove_directly(goal: Goal) -> Proof | int | None:
    return settle(goal, _direct, _prove_directly)


def simpler(goal: Goal, way: Prover, prove: Prover) -> Proof | int | None:
    """Prove a goal as one with a shorter f."""

    def shorter(here: Goal) -> Proof | int | None:
        expression = sp.expand(here.expression, deep=False)
        if not expression.has(sp.log):
            expression = sp.factor(sp.cancel(sp.together(expression)))
        tree = export.tree(expression)
        if tree == here.tree:
            return way(here)
        proof = settle(here.on(here.sign, tree), way, prove)
        return None if proof is None else combined(here, [(here.sign, tree, proof)], [(1, [1])])

    return settle(goal, shorter, prove)
