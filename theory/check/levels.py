r"""Signs of sums with W0, each term replaced by a level that it does not cross.

a ≥ L·e^L alone gives W0(a) ≥ L, for every real L, because x·e^x ≥ −1/e. So a sum of W0 terms is bounded below when each is
replaced by such a level; for an argument of the form L·e^G the level L is tried (it is right when G ≥ L). Upper levels
need L ≥ −1 as well.
"""

from __future__ import annotations

from functools import partial
from itertools import product

import sympy as sp

from ascentcheck.theory.check import export
from ascentcheck.theory.check.coefficients import above_tangent
from ascentcheck.theory.check.combine import Fact, Term, combined
from ascentcheck.theory.check.frame import minus
from ascentcheck.theory.check.goal import Goal, Proof, Prover, settle
from ascentcheck.theory.check.monotone import against
from ascentcheck.theory.check.pivot import by_exponent
from ascentcheck.theory.expression import W0, Wm1


def by_both(goal: Goal, prove: Prover) -> Proof | None:
    """Prove f = 0 from both signs, each by levels."""
    proofs = [prove(goal.on(">=", goal.tree)), prove(goal.on(">=", ("*", -1, goal.tree)))]
    return None if None in proofs else {"rule": "both", "proofs": proofs}


def by_levels(goal: Goal, prove: Prover) -> Proof | None:
    """Prove the sign of a sum with W0 terms, every one put at a level that it does not cross."""
    whole = sp.expand(goal.expression, power_exp=False).xreplace({W0(sp.S.Zero): sp.S.Zero})
    atoms = sorted(whole.atoms(W0), key=sp.default_sort_key)
    if not atoms or whole.has(Wm1, sp.log) or any(a.args[0].has(W0) for a in atoms):
        return None
    parts = sp.collect(whole, atoms, evaluate=False)
    coefficients = [parts.get(atom, sp.Integer(0)) for atom in atoms]
    rest = sp.expand(whole - sum(c * a for c, a in zip(coefficients, atoms, strict=True)), power_exp=False)
    if rest.has(W0) or any(c.has(W0) or c == 0 for c in coefficients):
        return None
    choices = [_levels(atom) for atom in atoms]
    if len(atoms) == 1:
        choices[0].insert(0, sp.factor(-rest / coefficients[0]))
    for levels in product(*choices):
        found = _at(goal, atoms, coefficients, list(levels), rest, prove)
        if found is not None:
            return found
    return None


def _at(
    goal: Goal,
    atoms: list[sp.Expr],
    coefficients: list[sp.Expr],
    levels: list[sp.Expr],
    rest: sp.Expr,
    prove: Prover,
) -> Proof | None:
    total = rest + sum(c * level for c, level in zip(coefficients, levels, strict=True))
    facts: list[Fact] = []
    sums: list[dict[int, int]] = []
    kind = goal.sign
    if sp.cancel(total) != 0:
        tree = export.tree(total)
        for sign in (">", ">=") if goal.strict else (">=",):
            proof = prove(goal.on(sign, tree))
            if proof is not None:
                kind = ">=" if goal.strict and sign == ">" else goal.sign
                facts.append((sign, tree, proof))
                sums.append({0: 1})
                break
        else:
            return None
    for c, atom, level in zip(coefficients, atoms, levels, strict=True):
        signed = _sign(goal, c, kind, prove)
        if signed is None:
            return None
        positive, fact = signed
        facts.append(fact)
        own = against(goal.on(kind, goal.tree), export.tree(atom), export.tree(level), positive < 0, prove)
        if own is None:
            return None
        facts.append(own)
        sums.append({len(facts) - 2: 1, len(facts) - 1: 1})
    terms: list[Term] = [(1, [powers.get(k, 0) for k in range(len(facts))]) for powers in sums]
    return combined(goal, facts, terms)


def _sign(goal: Goal, coefficient: sp.Expr, kind: str, prove: Prover) -> tuple[int, Fact] | None:
    for sign in (1, -1):
        tree = export.tree(sign * coefficient)
        for tried in (">", ">=") if kind == ">=" else (">",):
            proof = prove(goal.on(tried, tree))
            if proof is not None:
                return sign, (tried, tree, proof)
    return None


def _levels(atom: sp.Expr) -> list[sp.Expr]:
    """Return L for an argument of the form L·e^G."""
    factors = sp.Mul.make_args(sp.factor(sp.powsimp(atom.args[0])))
    plain = [part for part in factors if not isinstance(part, sp.exp)]
    level = sp.Mul(*plain)
    return [] if level.has(sp.exp) or len(plain) == len(factors) else [level]


def by_branch(goal: Goal, prove: Prover) -> Proof | None:
    """Prove e·a + 1 ≥ 0, W0(a) is real, from a ≥ L·e^L: then e·a + 1 ≥ e^{L+1}·(L + e^{−(L+1)}), and e^g ≥ 1 + g."""
    e = ("exp", 1)
    first = goal.tree[1] if isinstance(goal.tree, tuple) else None
    argument = first[2] if isinstance(first, tuple) and len(first) == 3 else None
    if argument is None or goal.sign != ">=" or goal.tree != ("+", ("*", e, argument), 1):
        return None
    for exponent in by_exponent(export.expression(argument)):
        if exponent == 0:
            continue
        level = export.tree(exponent)
        gap = ("*", -1, ("+", level, 1))
        above, over = minus(argument, ("*", level, ("exp", level))), ("+", level, ("exp", gap))
        first = prove(goal.on(">=", above))
        second = settle(goal.on(">=", over), partial(above_tangent, gap=gap), prove)
        if first is None or second is None:
            continue
        rise = ("exp", ("+", level, 1))
        facts = [
            (">", e, prove(goal.on(">", e))),
            (">=", above, first),
            (">", rise, prove(goal.on(">", rise))),
        ]
        return combined(goal, [*facts, (">=", over, second)], [(1, [1, 1, 0, 0]), (1, [0, 0, 1, 1])])
    return None
