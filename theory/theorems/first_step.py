r"""The first step of descent-ascent from the pretrained model is a longer step of fine-tuning on R, and a shrinkage.

Let w^D be stationary for L_D. Then the mean gradients of F and R at w^D are tied to each other, |R|g_R + |F|g_F = −|D|λw^D,
so that whatever ascent on F does, descent on R does too: with κ = 1 + β|R|/|F|,

    −∇(L_R − β·mean_F ℓ)(w^D) = −κ·∇L_R(w^D) − βλ·w^D.

This is linear algebra in each component, for any differentiable losses, any data, any dimension, and networks with weight
decay. With δ = w^R − w^D it decides when the first step leads away from the retrained solution.

Facts of analysis that are used: a strongly convex L_R has ⟨∇L_R(u) − ∇L_R(v), u − v⟩ ≥ λ‖u − v‖² (for the consequence; convex
losses only); the inequality of Cauchy and Schwarz; a sample without replacement holds i with chance |F|/|D|, and i and j with
chance |F|(|F| − 1)/(|D|(|D| − 1)).
"""

from fractions import Fraction

import sympy as sp

from ascentcheck.theory.claim import (
    Claim,
    Equivalence,
    Necessity,
    Notation,
    Proposition,
    Quoted,
    Step,
    Witness,
)
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import balance, z_da, z_pretrained, z_retrained
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import point, survivors
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge, w

beta, size, slope = sp.symbols("beta size slope", real=True)
length, distance, shrink, tune = sp.symbols("length distance shrink tune", real=True)
total, squares, way = sp.symbols("total squares way", real=True)

SIZES = (Range(n_retain, low_open=True), Range(n_forget, low_open=True))
COMPONENT = domain(
    *SIZES, Range(ridge), Range(beta), Range(size), Range(w, -size, size), Range(slope, -size, size)
)
"""One component: w of the pretrained model, `slope` of the mean gradient of R there, both of any size."""

lead = 1 + beta * n_retain / n_forget
"""κ: how many times as long as fine-tuning's the first step is."""
slope_forget = -(n_retain * slope + n_total * ridge * w) / n_forget
"""The mean gradient of F at w^D, by stationarity of L_D."""
step = -(slope - beta * slope_forget + ridge * w)
tuning = -(slope + ridge * w)
"""The first steps of descent-ascent and of fine-tuning on R."""
any_forget = sp.Symbol("slope_forget", real=True)
ANYWHERE = COMPONENT.extend(Range(any_forget, -size, size))
"""One component at any w: the mean gradients of R and of F, tied to nothing."""
WAYS = COMPONENT.extend(Range(way, -size, size))
"""One component, and that of δ, the way to the oracle."""
gradient_all = (n_retain * slope + n_forget * any_forget) / n_total + ridge * w
"""∇L_D(w)."""

PRODUCTS = domain(
    *SIZES,
    Range(ridge),
    Range(beta),
    Range(length),
    Range(distance, beta * length / lead),
    Range(shrink, -length * distance, length * distance),
    Range(tune, ridge * distance**2),
)
"""Convex losses, with the oracle too far off: `length` = ‖w^D‖, `distance` = ‖δ‖ ≥ (β/κ)‖w^D‖, `shrink` = ⟨w^D, δ⟩ and
`tune` = ⟨−∇L_R(w^D), δ⟩ ≥ λ‖δ‖²."""
speed = beta * ridge * shrink - lead * tune
"""d/dt ½‖w − w^R‖² at w^D."""
speed_alone = ridge * shrink - n_retain / n_forget * tune
"""The same for ascent on mean_F ℓ alone."""
PRODUCTS_ALONE = domain(
    *SIZES, Range(ridge), Range(length), Range(distance, n_forget / n_retain * length), *PRODUCTS.ranges[-2:]
)
"""Ascent alone, with the oracle too far off for it: ‖δ‖ ≥ (|F|/|R|)‖w^D‖."""

POPULATION = domain(
    Range(n_retain, 1),
    Range(n_forget, 1),
    Range(ridge),
    Range(beta),
    Range(size),
    Range(w, -size, size),
    Range(total, -size, size),
    Range(squares, total**2 / n_total),
)
"""One component of the |D| gradients: their sum `total` and the sum of their `squares`."""
one, two = n_forget / n_total, n_forget * (n_forget - 1) / (n_total * (n_total - 1))
"""The chances that F holds a given sample, and two given ones."""
mean_forget = one * total / n_forget
rest = n_retain / n_total * total
second_moment = (one * squares + two * (total**2 - squares)) / n_forget**2
spread = (squares - total**2 / n_total) / (n_total - 1)
"""The variance of the gradients over D."""

SCALAR = domain(*lemma_2.DOMAIN.ranges[:4], Range(beta), Range(alpha))
turning = n_forget**2 / (n_retain * (n_forget + beta * n_total))
"""α at which the first step on one coordinate turns round; lemma-3's α₁ for β = 1."""
z_ascent = (1 - beta * alpha * n_retain / n_forget) * n_group / (ridge * n_retain)
w_pretrained, w_retrained = W0(z_pretrained), W0(z_retrained)
speed_scalar = (w_pretrained - w_retrained) * ridge * (z_ascent - z_pretrained) * sp.exp(-w_pretrained)
speed_scalar_alone = -(w_pretrained - w_retrained) * alpha * n_group / n_forget * sp.exp(-w_pretrained)
"""The same for ascent on mean_F ℓ alone, which moves with speed −α|R_j|/|F|·e^{−w^D}."""
AWAY = SCALAR.restrict(alpha, low=turning, high=balance)
TOWARD = SCALAR.restrict(alpha, high=turning, high_open=True)
BELOW_BALANCE = SCALAR.restrict(alpha, low_open=True, high=balance, high_open=True)
BEYOND_BALANCE = SCALAR.restrict(alpha, low=balance, low_open=True)


gap_scalar = w_retrained - w_pretrained
pulled_scalar = n_group / n_retain * sp.exp(-w_pretrained) - ridge * w_pretrained
"""δ and −∇L_R(w^D) on one coordinate."""

LETTERS = lemma_2.LETTERS | {
    "β": beta,
    "κ": "1 + β|R|/|F|",
    "g_R": slope,
    "g_F": any_forget,
    "δ_i": way,
    "v_i": step,
    "u_i": tuning,
    "w_i": w,
    "∇L_DA": -step,
    "∇L_R": -tuning,
    "a": slope_forget,
    "u": tuning,
    "⟨w^D, δ⟩": shrink,
    "⟨−∇L_R(w^D), δ⟩": tune,
    "∇L_R(w)": "g_R + λw",
    "∇L_D(w)": "(|R|g_R + |F|g_F)/|D| + λw",
    "∇L_DA(w)": "g_R − βg_F + λw",
    "z": "(1 − βα|R|/|F|)|R_j|/(λ|R|)",
    "α₁": "|F|²/(|R|(|F| + β|D|))",
}
"""What the texts call by a letter, in one component; ∇L_DA is that of mean_R ℓ − β·mean_F ℓ + λ/2·‖w‖²."""


def loss_ascent(x: sp.Expr) -> sp.Expr:
    """Return the part of mean_R ℓ − β·mean_F ℓ + λ/2·w² that depends on one coordinate, exponential loss."""
    retain, forget = n_group / n_retain, alpha * n_group / n_forget
    return retain * sp.exp(-x) - beta * forget * sp.exp(-x) + ridge / 2 * x**2


_HALF = point(n_retain=2, n_forget=1, ridge=1, n_group=1, beta=1)

CLAIM = Claim(
    name="first-step",
    title="The first step of descent-ascent is fine-tuning on R with a shrinkage",
    where=BEYOND,
    idea="At the pretrained model the gradients of R and F cancel up to the ridge, so ascent on F is descent on R.",
    domain=SCALAR,
    realisable=lemma_2.REALISABLE,
    notation=(Notation("w_pretrained", "w^D", w_pretrained), Notation("w_retrained", "w^R", w_retrained)),
    letters=LETTERS,
    quoted=(
        Quoted("|D|/|F|", lead.subs(beta, 1)),
        Quoted("κ = 1 + β|R|/|F|", eq(lead, lead)),
        Quoted(
            "λ(|F|/|D|)⟨w^D, δ⟩ > ⟨−∇L_R(w^D), δ⟩", gt((beta * ridge / lead * shrink).subs(beta, 1), tune)
        ),
        Quoted(
            "|D|/(|R||F|)",
            ((n_forget / n_retain + beta) ** 2 * n_retain / (n_forget * n_total)).subs(beta, 1),
        ),
        Quoted("z = (1 − βα|R|/|F|)|R_j|/(λ|R|)", eq(z_ascent, z_ascent)),
        Quoted("|F|²/(|R|(|F| + β|D|))", turning),
        Quoted("|F|/(|R| + |D|)", turning.subs(beta, n_forget / n_retain)),
        Quoted("λ(z − z^D)e^{−w^D}", ridge * (z_ascent - z_pretrained) * sp.exp(-w_pretrained)),
    ),
    rests_on=("lemma-2", "lemma-3"),
    summary="From a pretrained model at rest, the first step of descent-ascent is the first step of fine-tuning on R, |D|/|F| "
    "times as long, plus a shrinkage −λw^D: any differentiable losses, any data, networks with weight decay. So it leads "
    "toward the oracle unless the shrinkage outweighs the fine-tuning, which for convex losses needs an oracle closer than "
    "(|F|/|D|)‖w^D‖. For a random F the expected step is the shrinkage alone. Later steps add ascent on all data.",
    statements=(
        stated(
            "identity",
            "at w^D: −∇L_DA = −κ∇L_R − βλw with κ = 1 + β|R|/|F|, which is |D|/|F| for β = 1",
            Proposition(
                eq(step, lead * tuning - beta * ridge * w),
                COMPONENT,
                "in every component, for every weight β of the ascent and every ridge, 0 included",
                reads="−∇L_DA = −κ∇L_R − βλw",
            ),
            Proposition(eq(lead.subs(beta, 1), n_total / n_forget), COMPONENT, "for β = 1"),
            Proposition(
                eq(step, lead * tuning),
                COMPONENT.restrict(ridge, high=0),
                "without a ridge nothing but fine-tuning is left",
            ),
            remark="Stationarity of L_D is the only hypothesis; neither convexity nor linearity is used. At a point that is only "
            "nearly stationary the residual gradient of L_D enters, β|D|/|F| times.",
        ),
        stated(
            "everywhere",
            "at every w, descent-ascent is κ times fine-tuning on R, ascent on L_D and a shrinkage",
            Proposition(
                eq(
                    -(slope - beta * any_forget + ridge * w),
                    lead * tuning + beta * n_total / n_forget * gradient_all - beta * ridge * w,
                ),
                ANYWHERE,
                "−∇L_DA(w) = −κ∇L_R(w) + β(|D|/|F|)∇L_D(w) − βλw",
                reads="−∇L_DA(w) = −κ∇L_R(w) + β(|D|/|F|)∇L_D(w) − βλw",
            ),
            remark="At a pretrained model at rest the middle term is 0, which is the theorem. It is what goes wrong later: for "
            "convex losses its length is at least β(|D|/|F|)λ‖w − w^D‖, and without it the flow would come to rest at the "
            "minimum of κL_R + βλ/2·‖w‖².",
        ),
        stated(
            "ascent-alone",
            "gradient ascent on F alone starts with a = (|R|/|F|)u − λw, u the first step of fine-tuning on R",
            Proposition(
                eq(slope_forget, n_retain / n_forget * tuning - ridge * w),
                COMPONENT,
                "ascent on mean_F ℓ",
                reads="a = (|R|/|F|)u − λw",
            ),
            Proposition(
                eq(slope_forget + ridge * w, n_retain / n_forget * tuning),
                COMPONENT,
                "ascent on L_F with its ridge: fine-tuning on R exactly",
            ),
            Proposition(
                le(speed_alone), PRODUCTS_ALONE, "convex losses: never away where ‖δ‖ ≥ (|F|/|R|)‖w^D‖"
            ),
            Proposition(
                gt(speed_scalar_alone),
                BELOW_BALANCE,
                "on one coordinate, ascent on mean_F ℓ leads away for every 0 < α < |F|/|R|",
            ),
            Proposition(lt(speed_scalar_alone), BEYOND_BALANCE, "and toward above"),
            remark="So at the first step gradient ascent knows of R exactly what it knows of F. On one coordinate the shrinkage "
            "is never outweighed below |F|/|R|, if F's ridge is left out: ascent alone can only fall there, and no stop helps.",
            steps=(
                Step(
                    "On one coordinate it is the same formula: κ is |R|/|F|, and the shrinkage is whole.",
                    eq(
                        speed_scalar_alone,
                        speed_alone.subs(
                            {shrink: w_pretrained * gap_scalar, tune: pulled_scalar * gap_scalar}
                        ),
                    ),
                    SCALAR,
                ),
            ),
        ),
        stated(
            "ridge-inside",
            "if ascent is on L_F with its ridge, the first step is fine-tuning's alone, and never leads away",
            Proposition(
                eq(step + beta * ridge * w, lead * tuning), COMPONENT, "−∇(L_R − βL_F)(w^D) = −κ∇L_R(w^D)"
            ),
            Proposition(
                le(
                    (w_pretrained - w_retrained)
                    * lead
                    * ridge
                    * (z_retrained - z_pretrained)
                    * sp.exp(-w_pretrained)
                ),
                SCALAR,
                "on one coordinate: toward the oracle for every α, at rest for α = |F|/|R|",
            ),
            remark="So what lemma 3 shows is the ridge's doing: in eq. (1) ascent leaves the ridge out, and a first step away "
            "is the shrinkage that is left over.",
        ),
        stated(
            "criterion",
            "the first step leads away from the oracle exactly if λ(|F|/|D|)⟨w^D, δ⟩ > ⟨−∇L_R(w^D), δ⟩",
            Proposition(
                le(speed),
                PRODUCTS,
                "convex losses: never away where ‖w^R − w^D‖ ≥ (β/κ)‖w^D‖, which is (|F|/|D|)‖w^D‖ for β = 1",
            ),
            Proposition(
                eq(z_retrained - z_pretrained, n_forget / n_total * z_pretrained),
                SCALAR.restrict(beta, low=1, high=1).restrict(alpha, low=turning, high=turning),
                "sharp: on one coordinate at α₁ z^R − z^D = |F|/|D|·z^D: equality in z = w·e^w, so in w as λ → ∞",
                reads="z^R − z^D = |F|/|D|·z^D",
            ),
            remark="δ = w^R − w^D. The second product is at least λ‖δ‖² for convex losses, so a first step away needs an oracle "
            "that is closer than the forget fraction of the weights' length.",
            steps=(
                Step(
                    "The speed of ½‖w − w^R‖² is −⟨δ, v⟩, v the first step; with u that of fine-tuning, in each component "
                    "−δ_iv_i = βλδ_iw_i − κδ_iu_i,",
                    eq(-way * step, beta * ridge * way * w - lead * way * tuning),
                    WAYS,
                    reads="−δ_iv_i = βλδ_iw_i − κδ_iu_i",
                ),
                Step(
                    "so it is positive exactly under the criterion.",
                    Equivalence(gt(speed), gt(beta * ridge / lead * shrink - tune)),
                    PRODUCTS.restrict(distance, low=0).restrict(tune, low=0),
                ),
                Step(
                    "For β = 1 the factor β/κ is |F|/|D|.",
                    eq((beta / lead).subs(beta, 1), n_forget / n_total),
                    PRODUCTS,
                ),
            ),
        ),
        stated(
            "random-forget-set",
            "for a uniformly random F the expected first step is −βλw^D, with the covariance of sampling without replacement",
            Proposition(
                eq(
                    (-((total - n_forget * mean_forget) / n_retain - beta * mean_forget + ridge * w)).subs(
                        total, -ridge * w * n_total
                    ),
                    -beta * ridge * w,
                ),
                POPULATION,
                "the expectation: the shrinkage alone",
            ),
            Proposition(
                eq(
                    (n_forget / n_retain + beta) ** 2 * (second_moment - mean_forget**2),
                    (n_forget / n_retain + beta) ** 2 * n_retain / (n_forget * n_total) * spread,
                ),
                POPULATION,
                "the variance along any direction, by the variance of the gradients over D",
            ),
            Proposition(
                eq(((total - rest) / n_forget).subs(total, -ridge * w * n_total), -ridge * w),
                POPULATION,
                "ascent on mean_F ℓ alone: the expectation is −λw^D",
            ),
            Proposition(
                eq(second_moment - mean_forget**2, n_retain / (n_forget * n_total) * spread),
                POPULATION,
                "and the variance",
            ),
            remark="A random forget set carries no direction of its own: on average descent-ascent starts by shrinking the "
            "weights, and the rest is noise of size |D|/(|R||F|) times the gradients' variance (β = 1).",
            steps=(
                Step(
                    "The step depends on F through its mean gradient alone: mean_R = (Σ_D − |F|·mean_F)/|R|.",
                    eq(
                        (total - n_forget * w) / n_retain - beta * w,
                        total / n_retain - (n_forget / n_retain + beta) * w,
                    ),
                    POPULATION,
                ),
                Step(
                    "For β = 1 the factor is that of the remark.",
                    eq(
                        ((n_forget / n_retain + beta) ** 2).subs(beta, 1) * n_retain / (n_forget * n_total),
                        n_total / (n_retain * n_forget),
                    ),
                    POPULATION,
                ),
            ),
        ),
        stated(
            "one-coordinate",
            "on one coordinate the first step leads away exactly for |F|²/(|R|(|F| + β|D|)) < α < |F|/|R|",
            Proposition(ge(speed_scalar), AWAY, "away, with equality at the ends"),
            Proposition(lt(speed_scalar), TOWARD, "toward, below"),
            Proposition(lt(speed_scalar), BEYOND_BALANCE, "toward, above: a minimum or none"),
            remark="The lower end is lemma-3's α₁ for β = 1; for β = |F|/|R| it is |F|/(|R| + |D|), less than half of |F|/|R|.",
            steps=(
                Step(
                    "At w^D the flow moves with speed λ(z − z^D)e^{−w^D}, z = (1 − βα|R|/|F|)|R_j|/(λ|R|).",
                    eq(
                        -sp.diff(loss_ascent(w), w).subs(w, w_pretrained),
                        ridge * (z_ascent - z_pretrained) * sp.exp(-w_pretrained),
                    ),
                    SCALAR,
                ),
                Step(
                    "By the criterion's formula it is the same, with δ = w^R − w^D.",
                    eq(
                        speed_scalar,
                        speed.subs({shrink: w_pretrained * gap_scalar, tune: pulled_scalar * gap_scalar}),
                    ),
                    SCALAR,
                ),
                Step(
                    "Its sign turns at the lower end.",
                    Equivalence(ge(z_pretrained - z_ascent), ge(alpha - turning)),
                    SCALAR,
                ),
                Step(
                    "For β = 1 that is where w^DA passes w^D, as in lemma 3.",
                    Equivalence(ge(z_pretrained - z_da), ge(alpha - turning.subs(beta, 1))),
                    SCALAR,
                ),
                Step(
                    "For β = |F|/|R|.",
                    eq(turning.subs(beta, n_forget / n_retain), n_forget / (n_retain + n_total)),
                    SCALAR,
                ),
                Step(
                    "Which is less than half of the upper end: |F|/(|R| + |D|) < |F|/(2|R|).",
                    lt(n_forget / (n_retain + n_total), balance / 2),
                    SCALAR,
                    reads="|F|/(|R| + |D|) < |F|/(2|R|)",
                ),
            ),
        ),
    ),
    necessity=(
        Necessity(
            "w^D is stationary for L_D",
            eq(-(slope - beta * any_forget + ridge * w), lead * tuning - beta * ridge * w),
            Witness(
                {s: Fraction(1) for s in ANYWHERE.symbols},
                "∇L_D = 2 is ascended β|D|/|F| = 2 times: the step is −1, not −5",
            ),
            "Needed: −∇L_DA(w) = −κ∇L_R(w) − βλw fails where L_D has a gradient, in a model that is still being trained.",
            "−∇L_DA(w) = −κ∇L_R(w) − βλw",
        ),
        Necessity(
            "convex losses (the bound by ‖w^D‖)",
            le(speed),
            Witness(
                point({s: Fraction(1) for s in PRODUCTS.symbols}, tune=0),
                "w^D = 1 at a maximum of L_R, its minimum at w^R = 2: the shrinkage leads away, ‖δ‖ = 1 ≥ (β/κ)‖w^D‖ = 1/2",
            ),
            "Needed: without them ⟨−∇L_R(w^D), δ⟩ may be below λ‖δ‖².",
        ),
        Necessity(
            "α ≥ |F|²/(|R|(|F| + β|D|))",
            ge(speed_scalar),
            Witness(
                point(_HALF, alpha="1/10"),
                "the lower end is 1/8; at α = 1/10 the step leads toward the oracle",
            ),
            "Needed.",
        ),
        Necessity(
            "α ≤ |F|/|R|",
            ge(speed_scalar),
            Witness(point(_HALF, alpha="3/4"), "the oracle lies below w^D, and so does the step"),
            "Needed.",
        ),
    ),
    survivors=survivors(
        {
            "criterion 1, term 1, number 1 up": "a longer step of fine-tuning leads toward the oracle all the more (the move to 0.99 is killed)",
            **dict.fromkeys(
                ("ridge-inside 2, side 1, number 1 down", "ridge-inside 2, side 1, number 1 up"),
                "κ is positive with 0.99 or 1.01 in it, too",
            ),
            **dict.fromkeys(
                (
                    "one-coordinate 1, side 1, number 1 down",
                    "one-coordinate 1, side 1, number 2 up",
                    "one-coordinate 2, side 1, number 1 up",
                    "one-coordinate 2, side 1, number 2 down",
                    "one-coordinate 3, side 1, number 1 down",
                    "one-coordinate 3, side 1, number 2 up",
                ),
                "z only moves farther from z^D (the move the other way is killed)",
            ),
            **dict.fromkeys(
                ("identity 1, low end of w up", "identity 1, high end of w up"),
                "an identity holds for numbers of any size",
            ),
            "ascent-alone 3, low end of shrink up": "a smaller product ⟨w^D, δ⟩ makes the step no worse, with descent on R or without",
            "random-forget-set 1, low end of squares down": "the variance is an identity in the two sums",
            **dict.fromkeys(
                (
                    "random-forget-set 1, n_retain without its low end",
                    "random-forget-set 1, n_forget without its low end",
                    "random-forget-set 2, n_retain without its low end",
                    "random-forget-set 2, n_forget without its low end",
                    "random-forget-set 3, n_retain without its low end",
                    "random-forget-set 3, n_forget without its low end",
                    "random-forget-set 4, n_retain without its low end",
                    "random-forget-set 4, n_forget without its low end",
                ),
                "an identity in the sizes, for sizes that are no whole numbers too",
            ),
        }
    ),
)
