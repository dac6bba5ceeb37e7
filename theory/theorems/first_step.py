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
from ascentcheck.theory.claims.lemma_2 import z_pretrained, z_retrained
from ascentcheck.theory.kit import point, survivors
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.theorems.first_step_component import (
    ANYWHERE,
    COMPONENT,
    EVERYWHERE,
    IDENTITY,
    PRODUCTS,
    PRODUCTS_ALONE,
    WAYS,
    any_forget,
    beta,
    distance,
    lead,
    shrink,
    slope,
    slope_forget,
    speed,
    speed_alone,
    step,
    tune,
    tuning,
    way,
)
from ascentcheck.theory.theorems.first_step_scalar import (
    BELOW_BALANCE,
    BEYOND_BALANCE,
    ONE_COORDINATE,
    SCALAR,
    gap_scalar,
    pulled_scalar,
    speed_scalar,
    speed_scalar_alone,
    turning,
    w_pretrained,
    w_retrained,
    z_ascent,
)
from ascentcheck.theory.theorems.random_forget_set import RANDOM_FORGET_SET
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_retain, n_total, ridge, w

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
        IDENTITY,
        EVERYWHERE,
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
        RANDOM_FORGET_SET,
        ONE_COORDINATE,
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
            "criterion 1, term 1, number 1 up": "a longer step of fine-tuning leads toward the oracle all the more "
            "(the move to 0.99 is killed)",
            **dict.fromkeys(
                (f"ridge-inside 2, side 1, number 1 {way}" for way in ("down", "up")),
                "κ is positive with 0.99 or 1.01 in it, too",
            ),
            **dict.fromkeys(
                (
                    f"one-coordinate {mutant}"
                    for mutant in (
                        "1, side 1, number 1 down",
                        "1, side 1, number 2 up",
                        "2, side 1, number 1 up",
                        "2, side 1, number 2 down",
                        "3, side 1, number 1 down",
                        "3, side 1, number 2 up",
                    )
                ),
                "z only moves farther from z^D (the move the other way is killed)",
            ),
            **dict.fromkeys(
                (f"identity 1, {end} end of w up" for end in ("low", "high")),
                "an identity holds for numbers of any size",
            ),
            "ascent-alone 3, low end of shrink up": "a smaller product ⟨w^D, δ⟩ makes the step no worse, "
            "with descent on R or without",
            "random-forget-set 1, low end of squares down": "the variance is an identity in the two sums",
            **dict.fromkeys(
                (
                    f"random-forget-set {k}, {size} without its low end"
                    for k in range(1, 5)
                    for size in ("n_retain", "n_forget")
                ),
                "an identity in the sizes, for sizes that are no whole numbers too",
            ),
        }
    ),
)
