"""Two nearly parallel samples, the pretrained and the retrained model, eq. (8) to (12): sentences of `parallel_limit`."""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step, Witness
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
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading, told
from ascentcheck.theory.relations import eq, ge
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, n_total, ridge

u = sp.Symbol("u", real=True)

SINGLE = {n_group: sp.S.One, alpha: sp.S.One}
SIZES = positive(n_retain, n_forget, ridge)
DOMAIN = domain(*SIZES, Range(epsilon, 0, 1))
WEIGHTED = DOMAIN.extend(*WEIGHTS)
SINGLE_PRETRAINED, SINGLE_RETRAINED, SINGLE_DA = (
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


def solves_pretrained(at: sp.Expr) -> sp.Rel:
    """Return (8) at w₁ = w₂ = at."""
    return eq(at, unit_pretrained * (1 + epsilon) / sp.exp((1 + epsilon) * at))


_STATIONARY = tuple(
    Proposition(gradient(loss, weight, right), WEIGHTED)
    for loss, weight, right in (
        (SINGLE_PRETRAINED, w_i, unit_pretrained * (on_retain + epsilon * on_forget)),
        (SINGLE_PRETRAINED, w_j, unit_pretrained * (epsilon * on_retain + on_forget)),
        (SINGLE_RETRAINED, w_i, unit_retrained * on_retain),
        (SINGLE_RETRAINED, w_j, unit_retrained * epsilon * on_retain),
    )
)
EQUATIONS = as_printed(
    "equations",
    "App. I, eq. (8) and (10)",
    "the equations of the original and of the retrained problem",
    printed=_STATIONARY,
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

_OF_W = Proposition(eq(w_retrained, unit_retrained / sp.exp(own * w_retrained)), DOMAIN)
RETRAINED = as_printed(
    "retrained",
    "App. I, eq. (12)",
    "w₁ = W((ε²+1)/(|R|λ))/(ε²+1), w₂ = ε·w₁",
    printed=_OF_W,
    verified=told(_OF_W, "w₁ + εw₂ is (1+ε²)w₁"),
    remark="Lemma 6 for one sample.",
)
