r"""Closed forms of the three problems on one coordinate (§5.1.1, App. C.2 and D).

Under Assumptions 1 and 2 coordinate j sees |R_j| retain and α|R_j| forget samples, all with y·x = 1, and
nothing else. The derivative of each objective of eq. (1) is then λw − λz·e^{−w} for one number z, and
w·e^w = z at every stationary point: w = W(z). For the pretrained and the retrained problem z > 0 and W0 is
the only choice; for descent-ascent z may be negative, and then there are two solutions, one, or none.
"""

import sympy as sp

from ascentcheck.theory.claim import (
    Claim,
    Erratum,
    Necessity,
    Notation,
    Proposition,
    Quoted,
    Statement,
    Step,
    Witness,
)
from ascentcheck.theory.domain import MODEST, Domain, Range, domain, positive
from ascentcheck.theory.expression import W0, Wm1
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, equivalent, ge, gt, lt
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge, w


def loss_pretrained(x: sp.Expr) -> sp.Expr:
    """Return the part of L_D that depends on coordinate j, eq. (1)."""
    return (1 + alpha) * n_group / n_total * sp.exp(-x) + ridge / 2 * x**2


def loss_retrained(x: sp.Expr) -> sp.Expr:
    """Return the part of L_R that depends on coordinate j, eq. (1)."""
    return n_group / n_retain * sp.exp(-x) + ridge / 2 * x**2


def loss_da(x: sp.Expr) -> sp.Expr:
    """Return the part of L_DA that depends on coordinate j, eq. (1)."""
    return n_group / n_retain * sp.exp(-x) - alpha * n_group / n_forget * sp.exp(-x) + ridge / 2 * x**2


z_pretrained = (1 + alpha) * n_group / (ridge * n_total)
z_retrained = n_group / (ridge * n_retain)
z_da = (1 - alpha * n_retain / n_forget) * n_group / (ridge * n_retain)

w_retrained_exact = W0(z_retrained)

balance = n_forget / n_retain
"""α at which ascent on F cancels descent on R: z_da = 0."""
limit = balance + ridge * n_forget / (sp.E * n_group)
"""α at which z_da = −1/e: the largest α with a stationary point (App. E)."""

DOMAIN = domain(*positive(n_retain, n_forget, ridge, n_group), Range(alpha))
WITH_SOLUTION = DOMAIN.restrict(alpha, high=limit)
TWO_SOLUTIONS = WITH_SOLUTION.restrict(alpha, low=balance, low_open=True)
REALISABLE = (sp.Le(n_group, n_retain), sp.Le(alpha * n_group, n_forget))

NOTATION = (
    Notation("w_pretrained", r"w^D_j", W0(z_pretrained)),
    Notation("w_retrained", r"w^R_j", W0(z_retrained)),
    Notation("w_da", r"w^{DA}_j", W0(z_da)),
    Notation("w_da_maximum", r"w^{DA,\max}_j", Wm1(z_da)),
    Notation("z_pretrained", r"z^D_j", z_pretrained),
    Notation("z_retrained", r"z^R_j", z_retrained),
    Notation("z_da", r"z^{DA}_j", z_da),
)

LETTERS = {
    "z^D": "(1+α)|R_j|/(λ|D|)",
    "z^R": "|R_j|/(λ|R|)",
    "z^DA": "(1 − α|R|/|F|)|R_j|/(λ|R|)",
    "w^D": "W(z^D)",
    "w^R": "W(z^R)",
    "w^DA": "W(z^DA)",
    "w^max": "W−1(z^DA)",
    "w": w,
    "α₀": "|F|/|R|",
    "α₁": "|F|²/(|R|(|F|+|D|))",
    "α₂": "|F|/|R| + λ|F|/(e|R_j|)",
}
"""What the texts of the claims on one coordinate call by a letter."""


def slope(loss: sp.Expr, at: sp.Expr) -> sp.Expr:
    """Return dL/dw at `at`, for a loss written in w."""
    return sp.diff(loss, w).subs(w, at)


_WEIGHT = Range(w, -1, sp.oo, scale=MODEST)


def _derivation(loss: sp.Expr, z: sp.Expr, where: Domain) -> tuple[Step, ...]:
    return (
        Step(
            "Set the derivative of the part of the loss that sees coordinate j to 0, and divide by λ.",
            equivalent(eq(sp.diff(loss, w)), eq(w - z * sp.exp(-w))),
            where,
            origin="App. C.2, D",
        ),
        Step(
            "Multiply by e^w > 0: w·e^w = z.",
            equivalent(eq(w - z * sp.exp(-w)), eq(w * sp.exp(w) - z)),
            where,
            origin="App. D",
        ),
    )


def _closed_form(loss: sp.Expr, z: sp.Expr, name: str, words: str) -> Statement:
    convex = Step("The loss is strictly convex.", gt(sp.diff(loss, w, 2)), DOMAIN.extend(_WEIGHT))
    return as_printed(
        name,
        "§5.1.1, App. D",
        words,
        printed=Proposition(sp.Eq(slope(loss, W0(z)), 0), DOMAIN),
        remark="z > 0, so W0 is the only real branch, and the loss is strictly convex: one minimum.",
        steps=(*_derivation(loss, z, DOMAIN.extend(_WEIGHT)), convex),
    )


DA = as_printed(
    "da",
    "§5.1.1, App. D",
    "w^DA = W((1 − α|R|/|F|)|R_j|/(λ|R|)) for any local minimum or maximum",
    printed=(
        Proposition(sp.Eq(slope(loss_da(w), W0(z_da)), 0), WITH_SOLUTION),
        Proposition(sp.Eq(slope(loss_da(w), Wm1(z_da)), 0), TWO_SOLUTIONS),
    ),
    remark="True for both real branches of W. Existence is a hypothesis: there is a stationary point exactly for "
    "α ≤ |F|/|R| + λ|F|/(e|R_j|); which branch is a minimum is decided under lemma-3.",
    steps=_derivation(loss_da(w), z_da, WITH_SOLUTION.extend(_WEIGHT)),
)


def slope_logistic(at: sp.Expr) -> sp.Expr:
    """Return dL_DA/dw on one coordinate at `at` with the logistic loss ln(1 + e^{−w}) in place of e^{−w}."""
    pull = n_group / n_retain - alpha * n_group / n_forget
    return ridge * at - pull / (1 + sp.exp(at))


_FAR = (alpha * n_group / n_forget - n_group / n_retain) / ridge
"""Where the slope of the logistic L_DA is certainly negative, to the left, for α ≥ |F|/|R|."""
PROXY = open_as_worded(
    "proxy",
    "§5.1",
    "we use the exponential loss as a more tractable proxy for the logistic loss",
    readings=(
        reading(
            "for training: both losses have one minimum, at w > 0",
            (
                Proposition(gt(w_retrained_exact), DOMAIN, "the exponential one"),
                Proposition(
                    lt(slope_logistic(sp.S.Zero).subs(alpha, 0)),
                    DOMAIN,
                    "the logistic one: the slope of L_R is negative at w = 0",
                ),
                Proposition(
                    gt(slope_logistic(z_retrained).subs(alpha, 0)), DOMAIN, "and positive at w = |R_j|/(λ|R|)"
                ),
            ),
        ),
        reading(
            "for descent-ascent: where the logistic problem has a minimum the exponential one has",
            Proposition(ge(sp.E * z_da + 1), DOMAIN),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, alpha=1),
                "z^DA = −1/2 < −1/e: the exponential L_DA falls to −∞",
            ),
        ),
    ),
    verified=(
        Proposition(
            lt(slope_logistic(-_FAR)),
            DOMAIN.restrict(alpha, low=balance, low_open=True),
            "the slope of the logistic L_DA is negative at w = −(φ − ρ)/λ, for every α > |F|/|R|,",
        ),
        Proposition(
            gt(slope_logistic(sp.S.Zero)),
            DOMAIN.restrict(alpha, low=balance, low_open=True),
            "and positive at 0: the logistic problem has a minimum in between",
        ),
    ),
    remark="With ρ = |R_j|/|R| and φ = α|R_j|/|F|. For α > |F|/|R| + λ|F|/(e|R_j|) descent-ascent diverges with the exponential "
    "loss only, because its slope is unbounded where the logistic loss is nearly linear.",
)

_RETAINED_TWICE = point(ridge=1)

CLAIM = Claim(
    name="lemma-2",
    title="Closed forms on one coordinate",
    where="§5.1.1, App. C.2 and D",
    idea="On one coordinate every stationary point solves w·e^w = z, so w = W(z).",
    domain=DOMAIN,
    realisable=REALISABLE,
    notation=NOTATION,
    letters=LETTERS,
    meanings=({"z": "z^D"}, {"z": "z^R"}, {"z": "z^DA", "ρ": "|R_j|/|R|", "φ": "α|R_j|/|F|"}),
    quoted=(
        Quoted("W((1+α)|R_j|/(λ|D|))", W0(z_pretrained)),
        Quoted("W(|R_j|/(λ|R|))", W0(z_retrained)),
        Quoted("W((1 − α|R|/|F|)|R_j|/(λ|R|))", W0(z_da)),
    ),
    rests_on=("lambert-eq",),
    summary="The three closed forms hold for every positive size and ridge. The lemma is silent on which branch of "
    "W is meant and on existence: for descent-ascent there are one, two or no stationary points. That there may be none "
    "is the exponential loss's doing: with the logistic loss there is always a minimum.",
    statements=(
        _closed_form(loss_pretrained(w), z_pretrained, "pretrained", "w^D = W((1+α)|R_j|/(λ|D|))"),
        _closed_form(loss_retrained(w), z_retrained, "retrained", "w^R = W(|R_j|/(λ|R|))"),
        DA,
        PROXY,
    ),
    necessity=(
        Necessity(
            "Assumption 1 (orthogonal groups)",
            eq(ridge * w, sp.exp(-w - w / 2) / 2).subs(w, W0(1 / (2 * ridge))),
            Witness(
                point(_RETAINED_TWICE),
                "R = {(1, 1/2), (0, 1)}: at w = (W(1/2), W(1/2)) the first gradient entry is not 0",
            ),
            "One sample with two nonzero features couples both: λW(1/(2λ)) = e^{−3W(1/(2λ))/2}/2 is false.",
            reads="λW(1/(2λ)) = e^{−3W(1/(2λ))/2}/2",
        ),
        Necessity(
            "Assumption 2 (y·x = 1)",
            eq(ridge * w, 2 * sp.exp(-2 * w)).subs(w, W0(1 / ridge)),
            Witness(point(_RETAINED_TWICE), "R = {2}: at w = W(1) the gradient is not 0"),
            "With y·x = 2 the equation λW(1/λ) = 2e^{−2W(1/λ)} is false; with y·x = v for a whole group w = W(v²z)/v.",
            reads="λW(1/λ) = 2e^{−2W(1/λ)}",
        ),
        Necessity(
            "λ > 0",
            eq(slope(loss_retrained(w), w)),
            Witness(
                point(n_retain=1, n_group=1, ridge=0, w=0),
                "without a ridge the gradient is −e^{−w}|R_j|/|R|, never 0",
            ),
            "Without a ridge there is no minimum.",
        ),
    ),
    survivors=survivors(
        {
            "proxy 1, term 1, number 1 up": (
                "the pull of ascent there is larger still, and the slope more negative "
                "(the other move is killed)"
            ),
            "proxy 2, term 1, number 1 down": (
                "(φ − ρ)/2 with a smaller part to subtract is larger still (the other move is killed)"
            ),
            "proxy 2, term 1, number 2 up": "(φ − ρ)/2 with a larger first part is larger still (the other move is killed)",
        }
    ),
    errata=(
        Erratum(
            "§5.1",
            "ℓ_i = e^{y_i h(x_i)}",
            "ℓ_i = e^{−y_i h(x_i)}, as eq. (1) has it",
            lt(sp.exp(1), sp.exp(0)),
            Witness(
                point(),
                "with the printed sign a correct sample (y·h = 1) would have to cost less than an undecided one: e < 1",
            ),
            reads="e < 1",
        ),
    ),
)
