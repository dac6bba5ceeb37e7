r"""Signs with W, log and exp: each replaced, because it is monotone, by a question about arguments.

W0 increases on [−1/e, ∞), so W0(a) − W0(b) has the sign of a − b (and W−1 decreases), and W0(a) − L that of a − L·e^L.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.basis import parts
from ascentcheck.theory.check.combine import Fact, Term, combined
from ascentcheck.theory.check.export import Tree
from ascentcheck.theory.check.frame import minus
from ascentcheck.theory.check.goal import Goal, Proof, Prover, settle
from ascentcheck.theory.expression import W0, Wm1

FUNCTIONS = (W0, Wm1, sp.log, sp.exp)


def negative(tree: Tree) -> Tree:
    """Return the tree of −f."""
    return ("*", -1, tree)


def against(goal: Goal, term: Tree, level: Tree, upper: bool, prove: Prover) -> Fact | None:
    """Return the fact term ⋈ level (level ⋈ term, if upper) with the goal's sign, proved; None where it is not."""
    head, a = term
    tree = minus(level, term) if upper else minus(term, level)

    def way(here: Goal) -> Proof | None:
        at_level = ("exp", level) if head == "log" else ("*", level, ("exp", level))
        pair = (a, at_level) if upper == (head == "W-1") else (at_level, a)
        proof = prove(here.on(here.sign, minus(*pair)))
        node: Proof = {"rule": "level", "term": term, "level": level, "proof": proof}
        if head != "log" and (here.sign == "=" or upper == (head == "W0")):
            branch = ("+", level, 1)
            node["branch"] = prove(here.on(">=", branch if head == "W0" else negative(branch)))
            if node["branch"] is None:
                return None
        return None if proof is None else node

    proof = settle(goal.on(goal.sign, tree), way, prove)
    return None if proof is None else (goal.sign, tree, proof)


def compared(goal: Goal, first: Tree, second: Tree, prove: Prover) -> Fact | None:
    """Return the fact F(a) ⋈ F(b) with the goal's sign, proved; None where it is not."""
    pair = (first[1], second[1]) if first[0] != "W-1" else (second[1], first[1])
    tree = minus(first, second)

    def way(here: Goal) -> Proof | None:
        proof = prove(here.on(here.sign, minus(*pair)))
        return None if proof is None else {"rule": "monotone", "proof": proof}

    proof = settle(goal.on(goal.sign, tree), way, prove)
    return None if proof is None else (goal.sign, tree, proof)


def single(goal: Goal, fact: Fact | None) -> Proof | int | None:
    """Return the proof of a goal that a single fact says."""
    if fact is None:
        return None
    return fact[2] if fact[1] == goal.tree else combined(goal, [fact], [(1, [1])])


def by_monotone(goal: Goal, prove: Prover) -> Proof | int | None:
    """Prove F(a) ⋈ F(b), or W or log against a level in which none stands."""
    terms = sp.Add.make_args(goal.expression)
    if len(terms) == 2:
        for first, second in (terms, terms[::-1]):
            if isinstance(first, FUNCTIONS) and (-second).func is first.func:
                return single(goal, compared(goal, export.tree(first), export.tree(-second), prove))
    inside = [part for part in terms if part.has(W0, Wm1, sp.log)]
    if len(inside) != 1:
        return None
    for sign in (1, -1):
        term = sign * inside[0]
        if isinstance(term, W0 | Wm1 | sp.log):
            level = export.tree(-sign * (goal.expression - inside[0]))
            levels = [level] if not (isinstance(term, Wm1) and level == 0) else [-1]
            for tried in levels:
                fact = against(goal, export.tree(term), tried, sign == -1, prove)
                if fact is not None and tried == level:
                    return single(goal, fact)
                if fact is not None and sign == -1:
                    return combined(goal, [fact, (">", 1, 0)], [(1, [1, 0]), (1, [0, 1])])
    return None


def by_reduction(goal: Goal, prove: Prover) -> Proof | int | None:
    """Prove a sign factor by factor, each W, log or exp by its arguments."""
    expression = goal.expression
    if not expression.is_Mul:
        found = by_monotone(goal, prove)
        if found is not None or not expression.is_Add:
            return found
        expression = sp.factor(expression)
        if not expression.is_Mul:
            return None
    coefficient, rest = expression.as_coeff_Mul()
    plain, powers = sp.Integer(1), []
    for part in sp.Mul.make_args(rest):
        base, power = part.as_base_exp()
        if isinstance(part, sp.exp) or not power.is_Integer:
            base, power = part, sp.Integer(1)
        if base.has(W0, Wm1, sp.log):
            powers.append((base, int(power)))
        else:
            plain *= part
    if plain == 1 and len(powers) == 1 and powers[0][1] == 1 and coefficient == 1:
        return None
    factors = [(plain, 1)] * (plain != 1) + powers
    sign, facts, used = coefficient, [], []
    for base, power in factors:
        fact, own = _signed(goal, base, power, prove)
        if fact is None:
            return _together(goal, coefficient, plain, powers, prove)
        facts.append(fact)
        used.append(power)
        sign *= own**power
    term: Term = (int(abs(coefficient)) if coefficient.is_Integer else str(abs(coefficient)), used)  # type: ignore[assignment]
    return combined(goal, facts, [term]) if sign > 0 else None


def _together(
    goal: Goal, coefficient: sp.Expr, plain: sp.Expr, powers: list[tuple[sp.Expr, int]], prove: Prover
) -> Proof | None:
    """Prove a product of a − b, F(a) − F(b) and factors with signs: the first two have the same sign, whichever it is."""
    for base, power in powers:
        terms = sp.Add.make_args(base)
        if power != 1 or len(terms) != 2 or not isinstance(terms[0], FUNCTIONS):
            terms = terms[::-1]
        if (
            power != 1
            or len(terms) != 2
            or not isinstance(terms[0], FUNCTIONS)
            or (-terms[1]).func is not terms[0].func
        ):
            continue
        first, second = export.tree(terms[0]), export.tree(-terms[1])
        pair = minus(second[1], first[1]) if first[0] == "W-1" else minus(first[1], second[1])
        tree = ("*", pair, minus(first, second))

        def way(here: Goal, pair: Tree = pair) -> Proof | None:
            proof = prove(here.on(here.sign, ("^", pair, 2)))
            return None if proof is None else {"rule": "monotone", "proof": proof}

        rest = sp.factor(sp.cancel(plain / export.expression(pair)))
        others = [(rest, 1), *((other, k) for other, k in powers if other != base)]
        facts: list[Fact] = [(goal.sign, tree, settle(goal.on(goal.sign, tree), way, prove))]
        sign = coefficient
        for other, k in others:
            fact, own = _signed(goal, other, k, prove)
            if fact is None:
                break
            facts.append(fact)
            sign *= own**k
        if len(facts) == len(others) + 1 and facts[0][2] is not None and sign > 0:
            size = int(abs(coefficient)) if coefficient.is_Integer else str(abs(coefficient))
            return combined(goal, facts, [(size, [1, *(k for _, k in others)])])  # type: ignore[list-item]
    return None


def _signed(goal: Goal, base: sp.Expr, power: int, prove: Prover) -> tuple[Fact | None, int]:
    kinds = (">",) if goal.strict or power < 0 else (">", ">=")
    for kind in kinds:
        for own in (1, -1):
            tree = export.tree(base if own == 1 else sp.expand(-base, deep=False) if base.is_Add else -base)
            proof = prove(goal.on(kind, tree))
            if proof is not None:
                return (kind, tree, proof), own
    return None, 0


def rewritten(goal: Goal, term: Tree, value: Tree, prove: Prover) -> Proof | None:
    """Put a value for a term of the goal, where they are proved equal."""
    equal = goal.on("=", goal.tree)
    fact = (
        compared(equal, term, value, prove) if term[0] == "exp" else against(equal, term, value, False, prove)
    )
    if fact is None:
        return None
    conditions: list[Any] = []
    for name, low, high, low_open, high_open in goal.ranges:
        for end, is_open, pair in ((low, low_open, (name, low)), (high, high_open, (high, name))):
            if end is not None:
                conditions.append((">" if is_open else ">=", minus(*pair)))
    conditions += [("=", minus(part[0], part[0])) for part in goal.ranges]
    proofs = [prove(goal.on(*condition)) for condition in conditions] + [fact[2]]
    new = Goal(goal.ranges, goal.sign, kernel.put(goal.tree, {term: value}))
    proof = prove(new)
    if proof is None or None in proofs:
        return None
    return {
        "rule": "coordinates",
        "ranges": goal.ranges,
        "to": [],
        "from": [],
        "known": [[term, value]],
        "proofs": proofs,
        "proof": proof,
    }


def by_rewriting(goal: Goal, prove: Prover) -> Proof | None:
    """Write the logarithm of a product as a sum, g for W0(g·e^g), and exponents without e^{log z}."""
    inside = dict.fromkeys(p for p in parts(goal.tree) if isinstance(p, tuple))
    for term in inside:
        if goal.sign == "=" and term[0] == "exp" and "exp" in kernel.names(term[1]):
            simpler = export.tree(export.expression(term[1]))
            found = None if "exp" in kernel.names(simpler) else rewritten(goal, term, ("exp", simpler), prove)
            if found is not None:
                return found
    for term in (p for p in inside if p[0] in ("log", "W0", "W-1")):
        for value in _values(term):
            found = rewritten(goal, term, export.tree(value), prove)
            if found is not None:
                return found
    return None


def _values(term: Tree) -> list[sp.Expr]:
    argument = sp.factor(export.expression(term[1]))
    factors = sp.Mul.make_args(argument)
    exponent = sp.Add(*[f.exp for f in factors if isinstance(f, sp.exp)])
    if term[0] == "log":
        if len(factors) == 1 and not isinstance(argument, sp.exp) and not argument.is_Pow:
            return []
        bases = [f.as_base_exp() for f in factors if not isinstance(f, sp.exp)]
        return [sp.expand(exponent) + sum((power * sp.log(base) for base, power in bases), sp.S.Zero)]
    if exponent == 0:
        return []
    found = []
    terms = sp.Add.make_args(sp.expand(exponent))
    for count in range(len(terms), 0, -1):
        for chosen in _subsets(terms, count):
            level = sp.Add(*chosen)
            if sp.expand(sp.powsimp(argument / sp.exp(level)) - level) == 0:
                found.append(level)
    return found


def _subsets(terms: tuple[sp.Expr, ...], count: int) -> list[tuple[sp.Expr, ...]]:
    from itertools import combinations

    return list(combinations(terms, count))
