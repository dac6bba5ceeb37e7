"""Descent-ascent on two nearly parallel samples, eq. (11) to (15): sentences of `parallel_limit`."""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step, Witness
from ascentcheck.theory.claims.pair_losses import gradient, on_forget, on_retain, w_i, w_j
from ascentcheck.theory.claims.parallel_training import (
    DOMAIN,
    SINGLE_DA,
    SIZES,
    WEIGHTED,
    unit_forget,
    unit_retrained,
    w_retrained,
)
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import as_printed, false_as_printed, open_as_worded, point, reading
from ascentcheck.theory.relations import eq, ge, lt
from ascentcheck.theory.vocabulary import epsilon, n_forget, n_retain, ridge

apart, excess, lack = sp.symbols("apart excess lack", real=True)

printed_argument = -8 * (epsilon - 1) ** 2 * unit_retrained**2
_twice_sum = W0(printed_argument)
w_da_printed = (
    (_twice_sum + sp.sqrt(2) * sp.sqrt(-_twice_sum)) / 4,
    (_twice_sum - sp.sqrt(2) * sp.sqrt(-_twice_sum)) / 4,
)
"""(14) in real numbers: −i√W = √(−W) for W ≤ 0."""
at_one = 2 * (unit_retrained - unit_forget)
"""x·e^x of the descent-ascent solution at ε = 1."""

printed_da = (
    unit_retrained * (on_retain - epsilon * on_forget),
    unit_retrained * (epsilon * on_retain - on_forget),
)
"""Right sides of (11)."""
expanded_da = tuple(
    sp.exp(-w_i - w_j) * (w_i - w_j + sign) * (epsilon - 1) * unit_retrained for sign in (-1, 1)
)
"""Right sides of (13)."""
_APART = domain(Range(apart, 0, 1 / sp.sqrt(2)))
least_ridge = 2 * sp.E * (1 / n_forget - 1 / n_retain)
"""The ridge below which descent-ascent has no solution at ε = 1."""
FEWER = domain(
    SIZES[0], Range(n_forget, 0, n_retain, low_open=True, high_open=True), Range(ridge, least_ridge)
)
NONE = domain(
    SIZES[0],
    Range(n_forget, 0, n_retain, low_open=True, high_open=True),
    Range(ridge, 0, least_ridge, low_open=True, high_open=True),
)
AT_ONE = DOMAIN.restrict(epsilon, low=1)
MORE = domain(SIZES[0], Range(n_forget, n_retain), SIZES[2])


def slope_along(at: sp.Expr, weight: sp.Symbol) -> sp.Expr:
    """Return the entry of the gradient of L_DA, eq. (1), at ε = 1 and w_i = w_j = at, for one sample each."""
    entry = sp.diff(SINGLE_DA, weight).subs(epsilon, 1)
    return entry.subs({w_i: at, w_j: at}, simultaneous=True)


DA = false_as_printed(
    "da-equations",
    "App. I, eq. (11)",
    "the DA is given by w₁ = 1/(λ|R|)·(e^{−x} − ε·e^{−y}), w₂ = 1/(λ|R|)·(ε·e^{−x} − e^{−y})",
    printed=tuple(
        Proposition(gradient(SINGLE_DA, weight, right), WEIGHTED)
        for weight, right in zip((w_i, w_j), printed_da, strict=True)
    ),
    witness=Witness(
        point(n_retain=2, n_forget=1, ridge=1, epsilon="1/2", w_i=0, w_j=0), "|R| = 2 and |F| = 1"
    ),
    verified=(
        Proposition(
            gradient(SINGLE_DA, w_i, unit_retrained * on_retain - unit_forget * epsilon * on_forget), WEIGHTED
        ),
        Proposition(
            gradient(SINGLE_DA, w_j, unit_retrained * epsilon * on_retain - unit_forget * on_forget), WEIGHTED
        ),
    ),
    remark="Eq. (1) weighs the forgotten sample by 1/(λ|F|). (11) is eq. (1) only for |F| = |R|, and with |F| = 1 that "
    "leaves a data set of two samples.",
)

EXPANSION = as_printed(
    "expansion",
    "App. I, eq. (13)",
    "w₁ = e^{−w₁−w₂}(w₁−w₂−1)(ε−1)/(λ|R|), w₂ = e^{−w₁−w₂}(w₁−w₂+1)(ε−1)/(λ|R|)",
    printed=tuple(
        Proposition(eq(sp.diff(right, epsilon).subs(epsilon, 1) * (epsilon - 1), first), WEIGHTED)
        for right, first in zip(printed_da, expanded_da, strict=True)
    ),
    remark="Term by term the expansion of (11) to first order in ε − 1 at fixed w; the order 0 vanishes.",
)


def by_distance(expression: sp.Expr) -> sp.Expr:
    """Put d = w₁ − w₂ ≥ 0 in place of ε: W of the printed argument is −2d² (the first of the propositions)."""
    lack_of_one = apart * sp.exp(-(apart**2)) * ridge * n_retain / 2
    there = expression.subs(epsilon, 1 - lack_of_one)
    atoms = sorted(there.atoms(W0), key=sp.default_sort_key)
    known = {
        atom: -2 * apart**2
        for atom in atoms
        if sp.expand(sp.Add(*atom.args, 2 * apart**2 * sp.exp(-2 * apart**2))).is_zero
    }
    return there.xreplace(known).replace(sp.Abs(apart), apart)


weight_apart = apart / 2 * sp.exp(-(apart**2))
SOLUTION = as_printed(
    "solution",
    "App. I, eq. (14)",
    "w₁, w₂ = (W(−8(ε−1)²/(|R|²λ²)) ∓ i√2·√(W(−8(ε−1)²/(|R|²λ²))))/4",
    printed=(
        Proposition(eq(-2 * apart**2, W0(-2 * apart**2 * sp.exp(-2 * apart**2))), _APART, "W is −2(w₁−w₂)²"),
        Proposition(
            eq((-2 * apart**2 + 2 * apart) / 4, -weight_apart * sp.exp(apart**2) * (apart - 1)),
            _APART,
            "the first equation of (13), with (1−ε)/(λ|R|) = (w₁−w₂)e^{w₁+w₂}/2",
        ),
        Proposition(
            eq((-2 * apart**2 - 2 * apart) / 4, -weight_apart * sp.exp(apart**2) * (apart + 1)),
            _APART,
            "the second",
        ),
    ),
    verified=Proposition(
        eq(-2 * apart**2, W0(-2 * apart**2 * sp.exp(-2 * apart**2))), _APART, "W is −2(w₁−w₂)²"
    ),
    remark="Real in spite of the i: W ≤ 0, so w₁, w₂ = (W ± √2·√(−W))/4, and the signs are right. With W0 it is the "
    "solution that tends to 0; W−1 gives a second one. Both exist only for 1 − ε ≤ λ|R|/√(8e): for λ|R| = 1/10 "
    "that is ε ≥ 0.979.",
    steps=(
        *(
            Step(
                f"The {which} of (14) solves (13): with W = −2(w₁−w₂)², 1 − ε = (w₁−w₂)e^{{−(w₁−w₂)²}}λ|R|/2.",
                eq(
                    by_distance(solution),
                    by_distance(right.subs({w_i: w_da_printed[0], w_j: w_da_printed[1]}, simultaneous=True)),
                ),
                domain(SIZES[0], SIZES[2], *_APART.ranges),
            )
            for which, solution, right in zip(
                ("first part", "second part"), w_da_printed, expanded_da, strict=True
            )
        ),
        Step(
            "x·e^{−x} ≤ 1/e for x = 1 + excess.",
            ge(1, (1 + excess) * sp.exp(-excess)),
            domain(Range(excess, 0, sp.oo)),
        ),
        Step(
            "And for x = 1 − lack: no larger (1−ε)/(λ|R|) has a solution of (13).",
            ge(1, (1 - lack) * sp.exp(lack)),
            domain(Range(lack, 0, 1)),
        ),
    ),
)

LIMIT = open_as_worded(
    "limit",
    "App. I, eq. (15)",
    "w₁^DA + w₂^DA − (w₁^{Re} + w₂^{Re}) → −W(2/(|R|λ)) as ε → 1⁻",
    readings=(
        reading(
            "for the descent-ascent of (11), that is for |F| = |R|: (13) has w₁ + w₂ = W/2, which is 0 at ε = 1",
            (
                Proposition(eq(printed_argument), AT_ONE, "W is 0 at ε = 1"),
                Proposition(
                    eq((1 + epsilon) * w_retrained, W0(2 * unit_retrained)),
                    AT_ONE,
                    "and the oracle's sum is W(2/(|R|λ))",
                ),
            ),
        ),
        reading(
            "for the descent-ascent of eq. (1)",
            Proposition(
                eq(W0(at_one) - W0(2 * unit_retrained), -W0(2 * unit_retrained)),
                FEWER,
                "the descent-ascent of eq. (1)",
            ),
            Witness(point(n_retain=2, n_forget=1, ridge=10), "the limit is W(−1/10) − W(1/10), not −W(1/10)"),
        ),
    ),
    verified=(
        *(
            Proposition(eq(slope_along(W0(at_one) / 2, weight)), where, says)
            for where, names in (
                (FEWER, ("for |F| < |R|", "its second entry")),
                (MORE, ("and for |F| ≥ |R|", "too")),
            )
            for weight, says in zip((w_i, w_j), names, strict=True)
        ),
        Proposition(ge(sp.E * at_one + 1), FEWER, "it is real"),
        Proposition(lt(sp.E * at_one + 1), NONE, "for smaller λ there is no solution"),
    ),
    remark="Right for (11), that is for |F| = |R|. For eq. (1) the limit is W(2(1/|R| − 1/|F|)/λ) − W(2/(λ|R|)): further "
    "from the oracle for |F| < |R|, and no limit at all for λ < 2e(1/|F| − 1/|R|), where at ε = 1 descent-ascent diverges. "
    "With |F| = 1 and |R| ≥ 2 that is every λ < e.",
)
