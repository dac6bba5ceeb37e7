"""The correlated pair in its pulls r and s: where X and Y stand in a goal, r = a·e^{−X} and s = |c|·e^{−Y} are coordinates.

Every minimum has r > 0 and s ≥ 0. For the pretrained model α ≤ 1 gives s ≤ r, and α ≥ 1 gives s ≥ r: with d = r − s,
X − Y = (1 − ε)²·d, so d = (a − c)·e^{−X} + c·e^{−Y}·(e^{Y − X} − 1), and e^g − 1 ≥ g leaves d·(1 + s·(1 − ε)²) ≥ (a − c)·e^{−X}.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy as sp

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.basis import parts
from ascentcheck.theory.check.coefficients import leaf
from ascentcheck.theory.check.combine import Fact, combined
from ascentcheck.theory.check.export import Tree
from ascentcheck.theory.check.goal import Goal, Proof, Prover, settle
from ascentcheck.theory.check.parametrised import by_coordinates
from ascentcheck.theory.vocabulary import pull_forget, pull_retain

R, S = pull_retain.name, pull_forget.name


def by_pulls(goal: Goal, prove: Prover) -> Proof | int | None:
    """Prove a goal about one minimum in its pulls."""
    found = {p[1:] for p in parts(goal.tree) if isinstance(p, tuple) and p[0] in ("X", "Y")}
    if len(found) != 1:
        return None
    ((a, c, e),) = found
    x, y = ("X", a, c, e), ("Y", a, c, e)
    r, s, p, q = kernel.pulls(a, c, e)
    sign = -1 if sp.sympify(export.expression(c)).could_extract_minus_sign() else 1
    ahead, behind = export.tree(sp.expand(sign * export.expression(c))), sign
    symbols = {"n_group", "alpha"}
    old = {row[0]: row for row in goal.ranges}
    if not symbols <= kernel.names(a) | kernel.names(c) or "n_group" not in old:
        return None
    margins = {
        "X": ("+", ("*", p, R), ("*", sign, q, S)),
        "Y": ("+", ("*", q, R), ("*", sign, p, S)),
    }
    per_group = sp.cancel(export.expression(a) / sp.Symbol("n_group", real=True))
    per_alpha = sp.cancel(export.expression(ahead) / export.expression(a) / sp.Symbol("alpha", real=True))
    if "alpha" in kernel.names(export.tree(per_group)) or kernel.names(export.tree(per_alpha)) & symbols:
        return None
    shrink = ("+", margins["Y"], ("*", -1, margins["X"]))
    to = [("n_group", ("*", R, ("exp", margins["X"]), ("^", export.tree(per_group), -1)))]
    if "alpha" in old:
        to.append(("alpha", ("*", S, ("^", R, -1), ("exp", shrink), ("^", export.tree(per_alpha), -1))))
    new = [(R, r), (S, ("*", behind, s) if behind == -1 else s)]
    kept = tuple(row for row in goal.ranges if row[0] not in symbols)
    lows, highs = _ends(goal, old, sign)
    for low in lows:
        for high in highs:
            ranges = (*kept, (R, 0, None, True, False), (S, low[0], high[0], low[1], high[1]))
            found_proof = by_coordinates(
                goal, ranges, to, new, [(x, margins["X"]), (y, margins["Y"])], partial(_prove, goal=goal, of=(a, c, e), prove=prove)
            )
            if found_proof is not None:
                return found_proof
    return None


def _ends(goal: Goal, old: Any, sign: int) -> tuple[list[Any], list[Any]]:
    return [(0, False)], [(None, False)]


def _prove(here: Goal, goal: Goal, of: Any, prove: Prover) -> Proof | int | None:
    return prove(here)
