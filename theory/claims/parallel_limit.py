r"""Two nearly parallel samples, one retained and one forgotten (App. I, eq. (8) to (15)).

This is the correlated pair of lemma 6 with |R_ij| = 1 and α = 1. The pretrained problem is symmetric in its two
samples, so w₁ = w₂ and W solves it for every ε, not only as ε → 1. Descent-ascent weighs the forgotten sample
by 1/|F| in eq. (1), by 1/|R| in eq. (11). With 1/|R| its two weights nearly cancel and (13) to (15) follow;
with 1/|F| they do not, and for |F| < |R| there is no solution at ε = 1 unless λ ≥ 2e(1/|F| − 1/|R|).
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Proposition, Step, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import own
from ascentcheck.theory.claims.pair_losses import (
    WEIGHTS,
    gradient,
    loss_da,
    loss_pretrained,
    loss_retrained,
    on_forget,
    on_retain,
    w_i,
    w_j,
)
from ascentcheck.theory.domain import MODEST, Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import as_printed, false_as_printed, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, ge, lt
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, n_total, ridge

u, apart, excess, lack = sp.symbols("u apart excess lack", real=True)

SINGLE = {n_group: sp.Integer(1), alpha: sp.Integer(1)}
SIZES = positive(n_retain, n_forget, ridge)
DOMAIN = domain(*SIZES, Range(epsilon, 0, 1))
WEIGHTED = DOMAIN.extend(*WEIGHTS)
_SINGLE_PRETRAINED, _SINGLE_RETRAINED, _SINGLE_DA = (
    loss.subs(SINGLE) for loss in (loss_pretrained, loss_retrained, loss_da)
)
"""The losses of eq. (1) for one sample each."""

unit_pretrained, unit_retrained, unit_forget = (
    1 / (ridge * n_total),
    1 / (ridge * n_retain),
    1 / (ridge * n_forget),
)

w_exact = W0((1 + epsilon) ** 2 * unit_pretrained) / (1 + epsilon)
"""w₁ = w₂ of (8), for every ε."""
w_printed = W0(2 * (epsilon + 1) * unit_pretrained) / 2
"""(9)."""
error_slope = W0(4 * unit_pretrained) ** 2 / (4 * (1 + W0(4 * unit_pretrained)))
"""(w_exact − w_printed)/(1 − ε) as ε → 1."""
w_retrained = W0(own * unit_retrained) / own
"""w₁ of (12); w₂ is ε times it."""
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


def solves_pretrained(at: sp.Expr) -> sp.Rel:
    """Return (8) at w₁ = w₂ = at."""
    return eq(at, unit_pretrained * (1 + epsilon) / sp.exp((1 + epsilon) * at))


LETTERS = {
    "X": pair.MarginX,
    "Y": pair.MarginY,
    "x": "X(1/(λ|R|), −1/(λ|F|), ε)",
    "y": "Y(1/(λ|R|), −1/(λ|F|), ε)",
    "d": apart,
    "V": "W(−8(ε−1)²/(|R|²λ²))",
}


def slope_along(at: sp.Expr, weight: sp.Symbol) -> sp.Expr:
    """Return the entry of the gradient of L_DA, eq. (1), at ε = 1 and w_i = w_j = at, for one sample each."""
    entry = sp.diff(_SINGLE_DA, weight).subs(epsilon, 1)
    return entry.subs({w_i: at, w_j: at}, simultaneous=True)


EQUATIONS = as_printed(
    "equations",
    "App. I, eq. (8) and (10)",
    "the equations of the original and of the retrained problem",
    printed=tuple(
        Proposition(gradient(loss, weight, right), WEIGHTED)
        for loss, weight, right in (
            (_SINGLE_PRETRAINED, w_i, unit_pretrained * (on_retain + epsilon * on_forget)),
            (_SINGLE_PRETRAINED, w_j, unit_pretrained * (epsilon * on_retain + on_forget)),
            (_SINGLE_RETRAINED, w_i, unit_retrained * on_retain),
            (_SINGLE_RETRAINED, w_j, unit_retrained * epsilon * on_retain),
        )
    ),
    verified=(
        Proposition(
            gradient(_SINGLE_PRETRAINED, w_i, unit_pretrained * (on_retain + epsilon * on_forget)), WEIGHTED
        ),
        Proposition(gradient(_SINGLE_RETRAINED, w_j, unit_retrained * epsilon * on_retain), WEIGHTED),
    ),
    remark="These are the stationarity conditions of L_D and L_R in eq. (1), for one sample each.",
)

ORIGINAL = open_as_worded(
    "original",
    "App. I, eq. (9)",
    "which can be solved in the limit of ε → 1⁻ as w₁ = w₂ = W(2(ε+1)/(λ|D|))/2",
    readings=(
        reading(
            "as the value at ε = 1",
            Proposition(solves_pretrained(w_printed).subs(epsilon, 1), DOMAIN.restrict(epsilon, low=1)),
        ),
        reading(
            "as a solution for ε < 1",
            Proposition(solves_pretrained(w_printed), DOMAIN),
            Witness(point(n_retain=1, n_forget=1, ridge=1, epsilon="1/2"), "(9) misses (8) at ε = 1/2"),
        ),
    ),
    verified=(
        Proposition(solves_pretrained(w_exact), DOMAIN, "w₁ = w₂ = W((1+ε)²/(λ|D|))/(1+ε), for every ε"),
        Proposition(
            eq(sp.diff(w_printed - w_exact, epsilon).subs(epsilon, 1), error_slope),
            DOMAIN,
            "the error of (9) to first order in 1 − ε",
        ),
    ),
    remark="No limit is needed: w₁ = w₂ = W((1+ε)²/(λ|D|))/(1+ε) solves (8) for every ε. (9) is exact at ε = 1 and too "
    "small below, by (1−ε)ω²/(4(1+ω)) + O((1−ε)²) with ω = W(4/(λ|D|)), and never by more than the share "
    "(1−ε)/2 of the solution. So it is right to leading order only, although it keeps an ε.",
    steps=(
        Step(
            "(9) is at most the solution: with u = (1+ε)w₁.",
            ge(2 * u / (1 + epsilon), W0(2 * u * sp.exp(u) / (1 + epsilon))),
            domain(Range(epsilon, 0, 1), Range(u, low_open=True, scale=MODEST)),
        ),
        Step(
            "(9) is at least (1+ε)/2 times the solution.",
            ge(W0(2 * u * sp.exp(u) / (1 + epsilon)), u),
            domain(Range(epsilon, 0, 1), Range(u, low_open=True, scale=MODEST)),
        ),
    ),
)

RETRAINED = as_printed(
    "retrained",
    "App. I, eq. (12)",
    "w₁ = W((ε²+1)/(|R|λ))/(ε²+1), w₂ = ε·w₁",
    printed=Proposition(eq(w_retrained, unit_retrained / sp.exp(own * w_retrained)), DOMAIN),
    verified=Proposition(
        eq(w_retrained, unit_retrained / sp.exp(own * w_retrained)), DOMAIN, "w₁ + εw₂ is (1+ε²)w₁"
    ),
    remark="Lemma 6 for one sample.",
)

DA = false_as_printed(
    "da-equations",
    "App. I, eq. (11)",
    "the DA is given by w₁ = 1/(λ|R|)(e^{−x} − ε·e^{−y}), w₂ = 1/(λ|R|)(ε·e^{−x} − e^{−y})",
    printed=tuple(
        Proposition(gradient(_SINGLE_DA, weight, right), WEIGHTED)
        for weight, right in zip((w_i, w_j), printed_da, strict=True)
    ),
    witness=Witness(
        point(n_retain=2, n_forget=1, ridge=1, epsilon="1/2", w_i=0, w_j=0), "|R| = 2 and |F| = 1"
    ),
    verified=(
        Proposition(
            gradient(_SINGLE_DA, w_i, unit_retrained * on_retain - unit_forget * epsilon * on_forget),
            WEIGHTED,
        ),
        Proposition(
            gradient(_SINGLE_DA, w_j, unit_retrained * epsilon * on_retain - unit_forget * on_forget),
            WEIGHTED,
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


_weight = apart / 2 * sp.exp(-(apart**2))
SOLUTION = as_printed(
    "solution",
    "App. I, eq. (14)",
    "w₁, w₂ = (W(−8(ε−1)²/(|R|²λ²)) ∓ i√2·√W(−8(ε−1)²/(|R|²λ²)))/4",
    printed=(
        Proposition(eq(-2 * apart**2, W0(-2 * apart**2 * sp.exp(-2 * apart**2))), _APART, "W is −2(w₁−w₂)²"),
        Proposition(
            eq((-2 * apart**2 + 2 * apart) / 4, -_weight * sp.exp(apart**2) * (apart - 1)),
            _APART,
            "the first equation of (13), with (1−ε)/(λ|R|) = (w₁−w₂)e^{w₁+w₂}/2",
        ),
        Proposition(
            eq((-2 * apart**2 - 2 * apart) / 4, -_weight * sp.exp(apart**2) * (apart + 1)),
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
    "w₁^DA + w₂^DA − (w₁^Re + w₂^Re) → −W(2/(|R|λ)) as ε → 1⁻",
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

CLAIM = Claim(
    name="parallel-limit",
    title="Two nearly parallel samples",
    where="App. I",
    idea="The pretrained problem is symmetric; in descent-ascent the two samples cancel only with equal weights.",
    domain=DOMAIN,
    notation=(),
    letters=LETTERS,
    rests_on=("lambert-eq", "lemma-6", "lemma-8"),
    summary="(8), (10), (12), (13) and (14) are right; (14) is real and exists only for 1 − ε ≤ λ|R|/√(8e). (9) can be "
    "replaced by an exact solution for every ε. (11) has 1/|R| where eq. (1) has 1/|F|: for |F| < |R| the true "
    "descent-ascent ends further away at ε = 1 than (15) says, or there nowhere at all when λ < 2e(1/|F| − 1/|R|).",
    statements=(EQUATIONS, ORIGINAL, RETRAINED, DA, EXPANSION, SOLUTION, LIMIT),
    necessity=(
        Necessity(
            "1 − ε ≤ λ|R|/√(8e)",
            ge(W0(printed_argument), -1),
            Witness(
                point(n_retain=2, n_forget=2, ridge="1/10", epsilon="1/2"),
                "ε = 1/2, λ|R| = 1/5: the argument is −50",
            ),
            "Needed for (14) to be real, that is V ≥ −1 for V = W(−8(ε−1)²/(|R|²λ²)), and for (13) to have a solution.",
            reads="V ≥ −1",
        ),
        Necessity(
            "the sign of the root in (14)",
            eq((-2 * apart**2 - 2 * apart) / 4, -_weight * sp.exp(apart**2) * (apart - 1)),
            Witness(point(apart="1/2"), "with w₁ and w₂ exchanged (13) is missed"),
            "Needed: w₁ > w₂, the retained sample's side; (−2d² − 2d)/4 = −d(d−1)/2 is false for d = w₁ − w₂.",
            reads="(−2d² − 2d)/4 = −d(d−1)/2",
        ),
    ),
    survivors=survivors(
        {
            "equations 1, high end of epsilon up": "true as well: an identity for every ε",
            "limit 6, n_forget without its high end": (
                "true as well: for |F| ≥ |R| the bound on the ridge is at most 0, so it says nothing"
            ),
        }
    ),
    errata=(
        Erratum(
            "App. I, eq. (9)",
            "w₁ = w₂ = W(2(ε+1)/(λ|D|))/2",
            "w₁ = w₂ = W((1+ε)²/(λ|D|))/(1+ε), for every ε",
            solves_pretrained(w_printed),
            Witness(point(n_retain=1, n_forget=1, ridge=1, epsilon="1/2"), "(9) misses (8) at ε = 1/2"),
        ),
        Erratum(
            "App. I, eq. (11)",
            "1/(λ|R|)·(e^{−x} − ε·e^{−y}) and 1/(λ|R|)·(ε·e^{−x} − e^{−y})",
            "1/(λ|R|)·e^{−x} − 1/(λ|F|)·ε·e^{−y} and 1/(λ|R|)·ε·e^{−x} − 1/(λ|F|)·e^{−y}",
            gradient(_SINGLE_DA, w_i, printed_da[0]),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, epsilon="1/2", w_i=0, w_j=0), "|R| = 2 and |F| = 1"
            ),
        ),
    ),
)
