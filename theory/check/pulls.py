"""The correlated pair in its pulls: where X and Y stand in a goal, r = a·e^{−X} and s = |c|·e^{−Y} become coordinates.

Every minimum has r > 0 and s ≥ 0. For the pretrained model α ≤ 1 gives s ≤ r, and α ≥ 1 gives s ≥ r: with d = r − s,
X − Y = (1 − ε)²·d, so d = (a − c)·e^{−X} + s·(e^{Y − X} − 1), and e^g − 1 ≥ g leaves d·(1 + s·(1 − ε)²) ≥ (a − c)·e^{−X}.
For descent-ascent at ε = 1 the curvature at a minimum gives s ≤ r + 1/2.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy as sp

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.basis import parts
from ascentcheck.theory.check.coefficients import above_tangent
from ascentcheck.theory.check.combine import Fact, combined
from ascentcheck.theory.check.export import Tree
from ascentcheck.theory.check.frame import curvature, minus, pulls
from ascentcheck.theory.check.goal import Goal, Proof, Prover, settle
from ascentcheck.theory.check.monotone import compared
from ascentcheck.theory.check.parametrised import by_coordinates
from ascentcheck.theory.vocabulary import alpha, n_group, pull_forget, pull_retain

R, S = pull_retain.name, pull_forget.name


def by_pulls(goal: Goal, prove: Prover) -> Proof | int | None:
    """Prove a goal about one minimum in its pulls; |R_ij| and α are the symbols that they replace."""
    given = {row[0]: row for row in goal.ranges}
    if goal.sign == "=" and (at_once := prove(goal)) is not None:
        return at_once
    fixed = goal.fixed()
    found = {p[1:] for p in parts(fixed.tree) if isinstance(p, tuple) and p[0] in ("X", "Y")}
    if len(found) != 1 or not {alpha.name, n_group.name} <= set(given):
        return None
    ((a, c, e),) = found
    strength = export.expression(c)
    sign = -1 if strength.could_extract_minus_sign() else 1
    p, q = pulls(a, c, e)[2:]
    x, y = ("+", ("*", p, R), ("*", sign, q, S)), ("+", ("*", q, R), ("*", sign, p, S))
    share = export.expression(a) / n_group
    to: list[tuple[str, Tree]] = [
        (n_group.name, ("*", R, ("exp", x), ("^", export.tree(sp.cancel(share)), -1)))
    ]
    if alpha.name in {row[0] for row in fixed.ranges}:
        other = export.tree(sp.cancel(sign * strength / alpha / export.expression(a)))
        to.append((alpha.name, ("*", S, ("^", R, -1), ("exp", minus(y, x)), ("^", other, -1))))
    r, s = pulls(a, c, e)[:2]
    new = [(R, r), (S, s if sign == 1 else ("*", -1, s))]
    rest = tuple(row for row in fixed.ranges if row[0] not in (alpha.name, n_group.name))
    ranges = (*rest, (R, 0, None, True, False), _range(given[alpha.name], sign, given["epsilon"][1] == 1))
    known = [(("X", a, c, e), x), (("Y", a, c, e), y)]

    def prove_here(here: Goal) -> Proof | int | None:
        proof = prove(here)
        if proof is not None:
            return proof
        return settle(here, lambda goal: _apart(goal, (a, c, e), prove) or _margin(goal, prove), prove)

    return by_coordinates(fixed, ranges, to, new, known, prove_here)


def _range(old: Any, sign: int, parallel: bool) -> tuple[Any, ...]:
    """Return the range of s, from that of α; what is not used of it is left out."""
    _, low, high, low_open, high_open = old
    ends: dict[Any, Tree] = {0: 0, 1: R}
    if sign == 1:
        return (S, ends[low], ends.get(high), low_open, high_open and high in ends)
    if high == 0:
        return (S, 0, 0, False, False)
    return (S, 0, ("+", R, "1/2") if parallel else None, False, False)


def _apart(here: Goal, of: tuple[Tree, Tree, Tree], prove: Prover) -> Proof | int | None:
    """Prove r ≥ s from a ≥ c, s ≥ r from c ≥ a, or s ≤ r + 1/2 from the curvature."""
    a, c, e = of
    r, s, *_ = pulls(a, c, e)
    x, y = ("X", a, c, e), ("Y", a, c, e)
    curved = curvature(a, c, e)
    proof = settle(here.on(">=", curved), lambda _: {"rule": "minimum", "of": of}, prove)
    flat = combined(here, [(">=", curved, proof)], [("1/2", [1])])  # type: ignore[list-item]
    if flat is not None and here.sign == ">=" and proof is not None:
        return flat
    for first, second, near, far, at, of_near in ((r, s, x, y, (a, c), s), (s, r, y, x, (c, a), r)):
        if here.tree != minus(first, second):
            continue
        bend = ("^", ("+", 1, ("*", -1, e)), 2)
        gap = minus(far, near)
        above = minus(("exp", gap), ("+", 1, gap))
        wanted: list[tuple[str, Tree]] = [
            (here.sign, ("*", minus(*at), ("exp", ("*", -1, near)))),
            (">=", above),
            (">", ("+", 1, ("*", of_near, bend))),
            (">=", of_near),
        ]
        facts: list[Fact] = []
        for kind, tree in wanted:
            part = here.on(kind, tree)
            proof = settle(part, partial(above_tangent, gap=gap), prove) if tree == above else prove(part)
            if proof is None:
                return None
            facts.append((kind, tree, proof))
        return combined(here, facts, [(1, [1, 0, -1, 0]), (1, [0, 1, -1, 1])])
    return None


def _margin(here: Goal, prove: Prover) -> Proof | int | None:
    """Prove that an old symbol comes back: e^{p·r + q·s} is e^X, because p·r + q·s is X."""
    exponents = [p for p in parts(here.tree) if isinstance(p, tuple) and p[0] == "exp"]
    margins = dict.fromkeys(p for p in exponents if any(i in kernel.names(p[1]) for i in ("exp",)))
    atoms = dict.fromkeys(p for p in parts(here.tree) if isinstance(p, tuple) and p[0] in ("X", "Y"))
    if here.sign != "=" or len(atoms) == 0:
        return None
    facts: list[Fact] = []
    multipliers: list[Tree] = []
    for margin in margins:
        x, y = (next(k for k in atoms if k[0] == head) for head in ("X", "Y"))
        for value in (x, y, minus(y, x)):
            fact = compared(here.on("=", here.tree), margin, ("exp", value), prove)
            if fact is None:
                continue
            facts.append(fact)
            multipliers.append(kernel.put(here.tree[1], {margin: 1}))
            break
    if len(facts) != 1:
        return None
    given: list[Fact] = [facts[0], (None, multipliers[0], 0)]
    return combined(here, given, [(1, [1, 1])])
