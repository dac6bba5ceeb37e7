r"""The whole vector under the paper's assumptions: some coordinate must overshoot, and doing nothing is not always better.

Let every sample lie in one of M orthogonal groups, with R_j retain and F_j forget samples in group j, r_j = |R_j|/|R| and
f_j = |F_j|/|F|. Then α_j = |F_j|/|R_j| has the mean Σ r_j·α_j = |F|/|R|, the balance α₀ of lemma-3. So unless all α_j are equal
one of them is above α₀: on that coordinate descent-ascent passes the oracle, or has no minimum.

With κ = |F|/|D| and h = 1/λ the three arguments of W0 are h·r_j for the oracle, h·r_j + κh(f_j − r_j) for the pretrained model
and h·r_j − h·f_j for descent-ascent. W0 rises by at most t over a step t from z ≥ 0, and W0(−x) ≤ −x. So

    where f_j > r_j: |w^DA − w^R| ≥ h(f_j − r_j) and |w^D − w^R| ≤ κh(f_j − r_j);
    where f_j ≤ r_j: |w^D − w^R| ≤ κh(r_j − f_j).

Both sums of |f_j − r_j| are the same number T. With m groups of the first kind, m ≤ M − 1, the squares of descent-ascent exceed
those of doing nothing by at least h²T²((1 − κ²)/m − κ²), which is ≥ 0 for κ² ≤ 1/(m + 1). So doing nothing is at least as
good for the whole vector whenever κ ≤ 1/√M, at every ridge with all minima, and for every margin loss (with f(0) for 1, see
any-loss). It is sharp: for a large ridge w_j = z_j to first order,

    ‖w^DA − w^R‖² / ‖w^D − w^R‖² → ‖f‖² / (κ²‖f − r‖²),

which is 1/(κ²M) for R in one group and F spread evenly over the others.

Facts of analysis that are used: W0(z) = z + O(z²) at 0; a sum of m squares is at least the square of the sum over m,
and that of numbers ≥ 0 at most the square of the sum.
"""

from collections.abc import Mapping
from fractions import Fraction

import sympy as sp

from ascentcheck.theory.claim import (
    Claim,
    Level,
    Necessity,
    Parametrisation,
    Proposition,
    Quoted,
    Step,
    Witness,
)
from ascentcheck.theory.claims.lemma_2 import z_da, z_pretrained, z_retrained
from ascentcheck.theory.domain import Domain, Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import figures, point, survivors
from ascentcheck.theory.linear.simulated import SAMPLED
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge

retain_1, retain_2, retain_3 = sp.symbols("retain_1:4", real=True)
alpha_1, alpha_2, alpha_3 = sp.symbols("alpha_1:4", real=True)
forget_1, forget_2, forget_3 = sp.symbols("forget_1:4", real=True)
groups, share, rest, forget_group = sp.symbols("groups share rest forget_group", real=True)
argument, rise, solution, square = sp.symbols("argument rise solution square", real=True)
force, force_low, force_high, force_down = sp.symbols("force force_low force_high force_down", real=True)

RETAIN = tuple(Range(symbol, low_open=True) for symbol in (retain_1, retain_2, retain_3))
SORTED = domain(*RETAIN, Range(alpha_1), Range(alpha_2, alpha_1), Range(alpha_3, alpha_2, low_open=True))
"""Three groups with α_1 ≤ α_2 < α_3; any number goes alike."""
whole_retain = retain_1 + retain_2 + retain_3
whole_forget = retain_1 * alpha_1 + retain_2 * alpha_2 + retain_3 * alpha_3

GROUP = domain(*positive(n_retain, n_forget, ridge, n_group), Range(forget_group))
"""One group with `forget_group` = |F_j| forget samples."""
AS_COUNTS = {alpha: forget_group / n_group}
f, r = forget_group / n_forget, n_group / n_retain
kappa = n_forget / n_total

STEP = domain(Range(argument), Range(rise))
"""An argument z ≥ 0 of W0 and a step up from it."""
BY_SOLUTION = Parametrisation(
    substitution=((argument, solution * sp.exp(solution)),),
    inverse=((solution, W0(argument)),),
    domain=domain(Range(solution), Range(rise)),
)
"""The solution w = W0(z) in place of z."""
BELOW_ZERO = domain(Range(rise, 0, sp.exp(-1)))
FORCES = domain(
    Range(argument),
    Range(rise),
    *positive(force),
    Range(force_low, 0, force, low_open=True),
    Range(force_high, 0, force_low, low_open=True),
)
"""f = −ℓ' decreases: f(0) = force ≥ force_low at the solution for z ≥ force_high at that for z + rise."""
FALLING = domain(Range(rise), *positive(force), Range(force_down, force))
"""f at a solution w < 0 for −rise is at least f(0) = force."""
COUNTS = domain(Range(groups, 1), Range(square, 0, 1 / (groups + 1)))
"""m groups of which a larger part is forgotten than retained, and κ² = `square`."""

VECTORS = domain(Range(groups, 2), Range(share, 0, 1), Range(rest, (1 - share) ** 2 / (groups - 1)))
"""M groups; `share` = f_k where R is, and `rest` the sum of squares of the other f_j, least where they are equal."""

TWO = domain(*positive(retain_1), Range(retain_2), Range(forget_1), *positive(forget_2, ridge))
"""Two groups with their counts."""
all_retain, all_forget = retain_1 + retain_2, forget_1 + forget_2

excess = groups * (share**2 + rest) - (share**2 + rest + 1 - 2 * share)
"""M‖f‖² − ‖f − r‖² where R lies in group k."""


def _solutions(kept: sp.Expr, gone: sp.Expr) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """Return w^D, w^R and w^DA of a group by its counts."""
    return (
        W0((kept + gone) / (ridge * (all_retain + all_forget))),
        W0(kept / (ridge * all_retain)),
        W0((kept / all_retain - gone / all_forget) / ridge),
    )


PAIRS = tuple(_solutions(*counts) for counts in ((retain_1, forget_1), (retain_2, forget_2)))
# Expanded, as it is proved.
squared_nothing = sp.expand(sum(((w_d - w_r) ** 2 for w_d, w_r, _ in PAIRS), sp.S.Zero))
squared_da = sp.expand(sum(((w_da - w_r) ** 2 for _, w_r, w_da in PAIRS), sp.S.Zero))
_ARGUMENTS = tuple(tuple(z for solution in pair for z in solution.args) for pair in PAIRS)
LIMIT = sum((away - there) ** 2 for _, there, away in _ARGUMENTS) / sum(
    (begin - there) ** 2 for begin, there, _ in _ARGUMENTS
)
"""The ratio of the squares, by the arguments of W."""
LETTERS = {
    "|R_1|": retain_1,
    "|R_2|": retain_2,
    "|F_1|": forget_1,
    "|F_2|": forget_2,
    "z^D": z_pretrained.subs(AS_COUNTS),
    "z^R": z_retrained.subs(AS_COUNTS),
    "z^DA": z_da.subs(AS_COUNTS),
    "f_j": f,
    "r_j": r,
    "‖f‖²": "f_1² + f_2²",
    "‖f − r‖²": "(f_1 − r_1)² + (f_2 − r_2)²",
    "h": "1/λ",
    "r_1": "|R_1|/(|R_1|+|R_2|)",
    "r_2": "|R_2|/(|R_1|+|R_2|)",
    "f_1": "|F_1|/(|F_1|+|F_2|)",
    "f_2": "|F_2|/(|F_1|+|F_2|)",
    "κ": "(|F_1|+|F_2|)/(|R_1|+|R_2|+|F_1|+|F_2|)",
    "‖w^D − w^R‖": "√((W(hr_1+κh(f_1−r_1)) − W(hr_1))² + (W(hr_2+κh(f_2−r_2)) − W(hr_2))²)",
    "‖w^DA − w^R‖": "√((W(hr_1−hf_1) − W(hr_1))² + (W(hr_2−hf_2) − W(hr_2))²)",
}
"""What the texts call by a letter, in two groups."""
FOUR_SAMPLES = point(retain_1=1, retain_2=0, forget_1=0, forget_2=3, ridge=100)


def _at(point: Mapping[sp.Symbol, Fraction]) -> Domain:
    return Domain(tuple(Range(s, sp.Rational(v), sp.Rational(v)) for s, v in point.items()))


CLAIM = Claim(
    name="all-coordinates",
    title="The whole vector: some coordinate overshoots, and doing nothing can be worse",
    where=BEYOND,
    idea="The shares forgotten average to the balance, so they cannot all be below it.",
    domain=TWO,
    letters=LETTERS,
    quoted=(
        Quoted("|F|/|D|", kappa),
        Quoted("‖f‖²/(κ²‖f − r‖²)", LIMIT),
        figures("0.01010 against 0.01050", FOUR_SAMPLES, sp.sqrt(squared_da), sp.sqrt(squared_nothing)),
    ),
    rests_on=("lemma-2", "lemma-3", "da-farthest"),
    summary="If every sample lies in a group, the α_j average to |F|/|R|: unless all are equal, on some coordinate "
    "descent-ascent passes the oracle or diverges. For the whole vector 'doing nothing is better' is false: with one retained "
    "and three forgotten samples descent-ascent ends closer. But it is true for all data in M groups and every ridge if "
    "|F|/|D| ≤ 1/√M, and for no larger part: it takes a large forget set to fail.",
    statements=(
        stated(
            "mean",
            "Σ_j (|R_j|/|R|)·α_j = |F|/|R|, so the largest α_j is above |F|/|R| unless all are equal",
            Proposition(gt(alpha_3, whole_forget / whole_retain), SORTED, "the largest is above"),
            Proposition(
                eq(alpha_3, whole_forget / whole_retain),
                SORTED.restrict(alpha_3, high=alpha_2, low_open=False).restrict(alpha_2, high=alpha_1),
                "and equal to it where all are equal",
            ),
            remark="Above |F|/|R| the minimum lies past the oracle, or there is none (lemma-3).",
        ),
        stated(
            "large-ridge",
            "‖w^DA − w^R‖²/‖w^D − w^R‖² → ‖f‖²/(κ²‖f − r‖²) as λ → ∞",
            Proposition(
                eq((z_da - z_retrained).subs(AS_COUNTS), -f / ridge),
                GROUP,
                "descent-ascent, z^DA − z^R = −f_j/λ",
                reads="z^DA − z^R = −f_j/λ",
            ),
            Proposition(
                eq((z_pretrained - z_retrained).subs(AS_COUNTS), kappa * (f - r) / ridge),
                GROUP,
                "doing nothing, z^D − z^R = |F|/|D|·(f_j − r_j)/λ",
                reads="z^D − z^R = |F|/|D|·(f_j − r_j)/λ",
            ),
            remark="In w the two differ from this by O(λ⁻²), as W0(z) = z + O(z²).",
        ),
        stated(
            "threshold",
            "if κ ≤ 1/√M, doing nothing is at least as good for the whole vector, at every ridge with all minima",
            Proposition(
                le(W0(argument + rise) - W0(argument), rise),
                STEP,
                "W0 rises by at most the step",
                by=BY_SOLUTION,
            ),
            Proposition(le(W0(-rise), -rise), BELOW_ZERO, "and falls by at least the step below 0"),
            Proposition(
                ge((1 - square) / groups - square),
                COUNTS,
                "the difference of the sums of squares, in units of T²/λ²",
            ),
            Proposition(
                le((argument + rise) * force_high - argument * force_low, rise * force),
                FORCES,
                "any margin loss: w = z·f(w) rises by at most f(0) times the step",
            ),
            Proposition(
                ge(rise * force_down, rise * force),
                FALLING,
                "and falls by at least f(0) times the step below 0",
            ),
            remark="With the logistic loss all minima exist (any-loss), so there it holds at every ridge. "
            f"Of {SAMPLED.tried} sampled data sets with all minima (2 to 8 groups, ridges from 0.01 to 1000) descent-ascent "
            f"was closer at {SAMPLED.closer}, and κ ≤ 1/√M at {SAMPLED.below_threshold} of these. M may be replaced by 1 + "
            "the number of groups of which a larger part of F than of R is.",
        ),
        stated(
            "sharp",
            "‖f‖² ≥ κ²‖f − r‖² for all data in M groups exactly if κ ≤ 1/√M, so for no larger κ is the threshold true",
            Proposition(
                eq(excess, groups * share**2),
                VECTORS.restrict(rest, high=(1 - share) ** 2 / (groups - 1)),
                "M‖f‖² − ‖f − r‖² where R lies in group k and F is spread evenly over the others: 0 for f_k = 0",
            ),
            remark="This is the limit of a large ridge, in which the ratio of the distances is 1/(κ√M) there.",
            steps=(
                Step(
                    "Where F is not spread evenly M‖f‖² − ‖f − r‖² is larger, so it is never negative.",
                    ge(excess, groups * share**2),
                    VECTORS,
                ),
                Step(
                    "‖f − r‖² is convex in r: its mean over R's groups is larger by 1 − ‖r‖² ≥ 0: one group is the worst.",
                    eq(
                        retain_1 * ((forget_1 - 1) ** 2 + forget_2**2 + forget_3**2)
                        + retain_2 * (forget_1**2 + (forget_2 - 1) ** 2 + forget_3**2)
                        + (1 - retain_1 - retain_2) * (forget_1**2 + forget_2**2 + (forget_3 - 1) ** 2),
                        (forget_1 - retain_1) ** 2
                        + (forget_2 - retain_2) ** 2
                        + (forget_3 - (1 - retain_1 - retain_2)) ** 2
                        + 1
                        - retain_1**2
                        - retain_2**2
                        - (1 - retain_1 - retain_2) ** 2,
                    ),
                    domain(
                        Range(retain_1, 0, 1),
                        Range(retain_2, 0, 1 - retain_1),
                        Range(forget_1, 0, 1),
                        Range(forget_2, 0, 1),
                        Range(forget_3, 0, 1),
                    ),
                ),
            ),
        ),
        stated(
            "doing-nothing",
            "'doing nothing at all is better' is false for the whole vector",
            Proposition(
                lt(squared_da, squared_nothing),
                _at(FOUR_SAMPLES),
                "‖w^DA − w^R‖² < ‖w^D − w^R‖²: one retained and three forgotten samples, one coordinate each, λ = 100",
                reads="‖w^DA − w^R‖² < ‖w^D − w^R‖²",
            ),
            remark="κ = 3/4 > 1/√2. It takes a coordinate where more is retained than forgotten (so that doing nothing is far "
            "off) and a ridge that holds the others. If every α_j is at least α₁ doing nothing is at least as good "
            "(da-farthest).",
            level=Level.CERTIFIED,
        ),
    ),
    necessity=(
        Necessity(
            "κ ≤ 1/√M",
            ge(squared_da, squared_nothing),
            Witness(point(FOUR_SAMPLES), "κ = 3/4, M = 2: 0.01010 against 0.01050"),
            "Needed: ‖w^DA − w^R‖² ≥ ‖w^D − w^R‖² fails for the vector; a single coordinate has its own threshold α₁.",
            "‖w^DA − w^R‖² ≥ ‖w^D − w^R‖²",
        ),
    ),
    survivors=survivors(
        {
            "threshold 3, term 1, number 1 up": "more to spare (0.99 is killed)",
            "threshold 3, low end of groups down": "the inequality is as true for a number of groups that is no whole number",
            "threshold 3, low end of groups up": "the 1 is that of f_k, too: an identity beyond 1, too",
            "sharp 1, low end of groups down": "an identity in M, for an M that is no whole number too",
        }
    ),
)
