r"""Signs of sums with exponentials, measured from one of them.

Σ P_k·e^{G_k} has the sign of Σ P_k·e^{G_k − G_0} for any pivot G_0. Where the sign of D = G_k − G_0 is proved, e^D is put
as 1 + q or 1 + D + q with q ≥ 0 (its inverse, where D ≤ 0).
"""

from __future__ import annotations

from functools import partial
from itertools import product

import sympy as sp

from ascentcheck.theory.check import export
from ascentcheck.theory.check.coefficients import Element, by_coefficients, leaf, of_ends
from ascentcheck.theory.check.combine import combined
from ascentcheck.theory.check.goal import Goal, Proof, Prover, settle

MOST_TERMS = 4


def by_exponent(expression: sp.Expr) -> dict[sp.Expr, sp.Expr]:
    """Return the coefficients of the exponentials of an expanded sum, by exponent."""
    terms: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(sp.expand(expression, power_exp=False)):
        exponent, coefficient = sp.Integer(0), sp.Integer(1)
        for factor in sp.Mul.make_args(term):
            base, power = factor.as_base_exp()
            if isinstance(factor, sp.exp):
                exponent += factor.exp
            elif isinstance(base, sp.exp) and power.is_Integer:
                exponent += base.exp * power
            else:
                coefficient *= factor
        exponent = sp.expand(exponent)
        terms[exponent] = terms.get(exponent, sp.Integer(0)) + coefficient
    return {exponent: sp.factor(c) for exponent, c in terms.items() if sp.cancel(c) != 0}


def by_pivot(goal: Goal, prove: Prover) -> Proof | int | None:
    """Return a proof that measures the exponentials from one of them."""
    terms = by_exponent(goal.expression)
    if not terms or len(terms) > MOST_TERMS or any(c.has(sp.exp) for c in terms.values()):
        return None
    summed = (
        "+",
        *(
            export.tree(c) if exponent == 0 else ("*", export.tree(c), ("exp", export.tree(exponent)))
            for exponent, c in terms.items()
        ),
    )
    form = goal.on(goal.sign, summed)
    for pivot in terms:
        for basis in _bases(form, list(terms), pivot, prove):
            node = settle(form, partial(leaf, plan=lambda _, basis=basis: [basis]), prove)  # type: ignore[misc]
            if node is not None:
                return (
                    node if summed == goal.tree else combined(goal, [(goal.sign, summed, node)], [(1, [1])])
                )
    return None


def _bases(goal: Goal, exponents: list[sp.Expr], pivot: sp.Expr, prove: Prover) -> list[list[Element]]:
    choices: list[list[list[Element]]] = []
    if given := of_ends(goal):
        choices.append([given])
    if pivot != 0:
        choices.append([[(export.tree(pivot), 0, 0)]])
    for exponent in exponents:
        difference = sp.factor(exponent - pivot)
        if difference == 0:
            continue
        for sign in (1, -1):
            tree = export.tree(sp.expand(sign * difference))
            proof = settle(goal.on(">=", tree), by_coefficients, prove)
            if proof is not None:
                choices.append([[(tree, 2, 0)], [(tree, 1, proof)]])
                break
        else:
            choices.append([[(export.tree(sp.expand(difference)), 0, 0)]])
    return [[element for part in chosen for element in part] for chosen in product(*choices)]
