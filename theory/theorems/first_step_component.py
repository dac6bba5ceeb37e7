"""One component of the weights at the pretrained model: the two first steps, and what convexity says of them."""

import sympy as sp

from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.relations import eq
from ascentcheck.theory.theorems.stated import stated
from ascentcheck.theory.vocabulary import n_forget, n_retain, n_total, ridge, w

beta, size, slope = sp.symbols("beta size slope", real=True)
length, distance, shrink, tune, way = sp.symbols("length distance shrink tune way", real=True)

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

IDENTITY = stated(
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
)

EVERYWHERE = stated(
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
)
