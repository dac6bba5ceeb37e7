"""The curve of weighted minima to first order, and a bound of what is left: two sentences of `overshoot`."""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.relations import eq, ge, le
from ascentcheck.theory.theorems.best_stop import curvature
from ascentcheck.theory.theorems.first_step_component import beta
from ascentcheck.theory.theorems.stated import stated
from ascentcheck.theory.vocabulary import n_forget, n_retain, n_total, ridge

bend, size, speed, slope, mixed, third = sp.symbols("bend size speed slope mixed third", real=True)
past, before, weight, slope_retain, slope_forget = sp.symbols(
    "past before weight slope_retain slope_forget", real=True
)

CURVE = domain(
    Range(beta, 0, 1, low_open=True, high_open=True),
    *positive(weight),
    Range(bend),
    Range(size),
    Range(speed, -size, size),
    Range(past, -bend * beta**2 / 2, bend * beta**2 / 2),
    Range(before, -bend * weight**2 / 2, bend * weight**2 / 2),
)
"""One direction: w' = speed at the oracle, |w''| ≤ bend on the curve; `past` and `before` are Taylor's remainders at −β and
at weight = |F|/|R|."""
end, start = -beta * speed + past, weight * speed + before
"""w(−β) − w^R and w^D − w^R."""
BOUND = domain(
    *positive(curvature), Range(slope), Range(mixed), Range(third), Range(speed, 0, slope / curvature)
)
"""Norms: H ≥ curvature, ‖∇L_F‖ ≤ slope, ‖∇²L_F‖ ≤ mixed, ‖∇³‖ ≤ third, so ‖w'‖ = speed ≤ slope/curvature."""
bend_bound = 2 * mixed * slope / curvature**2 + third * slope**2 / curvature**3
"""What bounds ‖w''‖."""

REFLECTION = stated(
    "reflection",
    "w(−β) − w^R = −(β|R|/|F|)(w^D − w^R), up to ½C(β² + β|F|/|R|) with C ≥ ‖w''‖ on the curve",
    Proposition(le(end + beta / weight * start, bend / 2 * (beta**2 + beta * weight)), CURVE),
    Proposition(ge(end + beta / weight * start, -bend / 2 * (beta**2 + beta * weight)), CURVE),
    remark="For β = |F|/|R| the ratio is 1: a reflection in the oracle, with an error of second order in |F|/|R|.",
    steps=(
        Step(
            "The pretrained model minimises L_R + (|F|/|R|)·L_F: |D|/|R| times L_D, in every component of the gradient.",
            eq(
                n_total
                / n_retain
                * ((n_retain * slope_retain + n_forget * slope_forget) / n_total + ridge * slope),
                slope_retain + ridge * slope + n_forget / n_retain * (slope_forget + ridge * slope),
            ),
            domain(
                *lemma_2.DOMAIN.ranges[:3],
                Range(size),
                *(Range(s, -size, size) for s in (slope_retain, slope_forget, slope)),
            ),
        ),
    ),
)

REMAINDER = stated(
    "remainder",
    "‖w''‖ ≤ 2·‖∇²L_F‖·‖∇L_F‖/μ² + ‖∇³‖·‖∇L_F‖²/μ³ where L_R + sL_F has curvature at least μ",
    Proposition(le((2 * mixed * speed + third * speed**2) / curvature, bend_bound), BOUND),
    remark="For features of length at most B and the logistic loss ‖∇²‖ ≤ B²/4 + λ and ‖∇³‖ ≤ B³/(6√3).",
    steps=(
        Step(
            "For the logistic loss p = ℓ'' ≤ 1/4 and (ℓ''')² = p²(1 − 4p) ≤ 1/108 = 1/(6√3)², for "
            "1/108 − p²(1 − 4p) = (p − 1/6)²(4p + 1/3).",
            eq(
                sp.Rational(1, 108) - curvature**2 * (1 - 4 * curvature),
                (curvature - sp.Rational(1, 6)) ** 2 * (4 * curvature + sp.Rational(1, 3)),
            ),
            domain(Range(curvature, 0, sp.Rational(1, 4))),
            reads="1/108 − p²(1 − 4p) = (p − 1/6)²(4p + 1/3)",
        ),
    ),
)
