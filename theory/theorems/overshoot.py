r"""Where descent-ascent with a small weight ends, and what early stopping leaves: the oracle lies between.

Let w(s) be the minimum of L_R + s·L_F. Then w(|F|/|R|) = w^D, w(0) = w^R, and w(−β) is the minimum of L_R − βL_F: the three
lie on one smooth curve, on which the oracle is between the others. So to first order w(−β) lies β|R|/|F| times as far beyond
the oracle as w^D lies before it; the remainder is bounded by the curve's second derivative, which the equation for w(s) gives:

    H·w' = −g,   H·w'' = −(2∇²L_F·w' + ∇³(L_R + sL_F)[w', w']),   H = ∇²(L_R + sL_F), g = ∇L_F.

Eq. (1) leaves the ridge out of L_F. That adds the shrinkage −βλH⁻¹w^R to the end, which is of the same order as the overshoot:
on one coordinate it turns the end round for every β > 0 where α < |F|/|R|, and in lemma 3's range it lies beyond w^D.

The path from w^D to there leads by the oracle. Its first step is v = κH̄δ − βλw^D with H̄ the mean Hessian of L_R between w^D and
w^R, and the best stop on this line leaves ‖δ‖·sin∠(δ, v). Without the shrinkage that is at most (χ − 1)/(χ + 1) of the distance,
χ the condition of H̄. The path is off the line by at most ‖v‖(e^{Mt} − 1 − Mt)/M where ‖∇²L‖ ≤ M on it: for
κ = 1 + β|R|/|F| ≫ 1 it is past the oracle before it bends.

Facts of analysis that are used: Taylor's formula; Grönwall's lemma; the implicit function theorem where H is positive; for a
symmetric H with eigenvalues in [m, M], ⟨(H − m)d, (M − H)d⟩ ≥ 0.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Necessity, Proposition, Quoted, Step, Witness
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import REALISABLE, balance, z_pretrained, z_retrained
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import point, survivors
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.theorems.best_stop import (
    ANGLE,
    BEST_STOP,
    PASSING_TIMES,
    PATH,
    along,
    bent,
    curvature,
    gone,
    high,
    length,
    low,
    ratio,
    squared,
    time,
    turned,
)
from ascentcheck.theory.theorems.first_step_component import beta
from ascentcheck.theory.theorems.first_step_scalar import z_ascent
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge

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

SCALAR = domain(*lemma_2.DOMAIN.ranges[:4], Range(beta, 0, 1, low_open=True, high_open=True), Range(alpha))
z_inside = (1 - beta * alpha * n_retain / n_forget) * n_group / (ridge * (1 - beta) * n_retain)
"""z of the minimum of L_R − βL_F, the ridge of L_F inside, on one coordinate."""
BELOW = SCALAR.restrict(alpha, high=balance, high_open=True)
ABOVE = SCALAR.restrict(alpha, low=balance, low_open=True)
w_pretrained, w_retrained, w_end = W0(z_pretrained), W0(z_retrained), W0(z_inside)
predicted = w_retrained - beta * n_retain / n_forget * (w_pretrained - w_retrained)
"""To first order."""


def _most(*parts: sp.Expr) -> sp.Expr:
    return sp.Max(*parts, evaluate=False)


# On one coordinate the curve lies between w^D and the end, and everything that the bound needs is monotone there;
# the slope of L_F has one sign on it, and is steepest at the end, which is farther from the minimum of L_F.
_forces = sp.exp(-w_pretrained), sp.exp(-w_end)
_retain, _forget = n_group / n_retain, alpha * n_group / n_forget
least_curvature = sp.Min(
    *(ridge * (1 - beta) + (_retain - beta * _forget) * force for force in _forces), evaluate=False
)
_slope = _most(*(sign * (ridge * w_end - _forget * sp.exp(-w_end)) for sign in (1, -1)))
_mixed = ridge + _forget * _most(*_forces)
_third = _most(beta * _forget - _retain, _retain + _forget * n_forget / n_retain) * _most(*_forces)
remainder_bound = (
    bend_bound.subs(
        {curvature: least_curvature, slope: _slope, mixed: _mixed, third: _third}, simultaneous=True
    )
    / 2
    * (beta**2 + beta * n_forget / n_retain)
)
"""What the statements reflection and remainder allow w^end to be off, on one coordinate."""

LETTERS = lemma_2.LETTERS | {
    "β": beta,
    "z": "(1 − βα|R|/|F|)|R_j|/(λ(1 − β)|R|)",
    "z^out": "(1 − βα|R|/|F|)|R_j|/(λ|R|)",
    "χ": high / low,
    "ρ": ratio,
    "h": curvature,
    "t": time,
    "½": sp.Rational(1, 2),
    "‖δ − t·v‖²": length - 2 * time * along + time**2 * squared,
    "‖δ‖²": length,
    "‖v‖²": squared,
    "‖δ‖cos∠": along / sp.sqrt(squared),
    "⟨δ, v⟩": along,
    "p": curvature,
    "τ": turned,
    "M": bent,
    "μ": curvature,
    "‖∇²L_F‖": mixed,
    "‖∇L_F‖": slope,
    "‖∇³‖": third,
    "w^end": "W(z)",
    "w^first": "w^R − β|R|/|F|·(w^D − w^R)",
    "ρ_R": "|R_j|/|R|",
    "ρ_F": "α|R_j|/|F|",
    "f^most": "max{e^{−w^D}, e^{−w^end}}",
    "μ_1": "min{λ(1−β) + (ρ_R − βρ_F)e^{−w^D}, λ(1−β) + (ρ_R − βρ_F)e^{−w^end}}",
    "g_1": "max{λw^end − ρ_Fe^{−w^end}, ρ_Fe^{−w^end} − λw^end}",
    "h_1": "λ + ρ_Ff^most",
    "t_1": "max{βρ_F − ρ_R, ρ_R + ρ_F|F|/|R|}·f^most",
    "C": "2h_1g_1/(μ_1²) + t_1g_1²/(μ_1³)",
}
"""What the texts call by a letter; those with a raised or lowered word are of one coordinate."""


CLAIM = Claim(
    name="overshoot",
    title="A small weight overshoots the oracle, and early stopping leaves an angle",
    where=BEYOND,
    idea="Pretrained, oracle and descent-ascent are three places on one curve of weighted minima.",
    domain=SCALAR,
    realisable=REALISABLE,
    letters=LETTERS,
    quoted=(
        Quoted("−(β|R|/|F|)(w^D − w^R)", predicted - w_retrained),
        Quoted("½C(β² + β|F|/|R|)", remainder_bound),
        Quoted("p²(1 − 4p) ≤ 1/108", le(curvature**2 * (1 - 4 * curvature), sp.Rational(1, 108))),
        Quoted("ln(1 + |F|/(β|R|))/h", sp.log(1 + n_forget / (beta * n_retain)) / curvature),
        Quoted("½τe^τ·‖δ‖cos∠", turned * sp.exp(turned) / 2 * along / sp.sqrt(squared)),
        Quoted("2·‖∇²L_F‖·‖∇L_F‖/μ² + ‖∇³‖·‖∇L_F‖²/μ³", bend_bound),
        Quoted("(1 + ρ)e^{−ht} − ρ", gone),
        Quoted("(1 − βα|R|/|F|)|R_j|/(λ(1 − β)|R|)", z_inside),
    ),
    rests_on=("lemma-2", "lemma-3", "first-step"),
    summary="For a small weight β the minimum of L_R − βL_F lies β|R|/|F| times as far beyond the oracle as the pretrained model "
    "lies before it, up to a remainder that is bounded: a wrong end, with the oracle in between. The best stop on the "
    "line of the first step leaves the sine of its angle to the way to the oracle, without the shrinkage at most "
    "(χ−1)/(χ+1) of the distance; where little is forgotten, so does the best stop of the flow, up to a bounded part. The end of "
    "eq. (1) is another: the ridge that it leaves out of L_F can turn it round, whatever β is.",
    statements=(
        stated(
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
        ),
        stated(
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
        ),
        stated(
            "one-coordinate",
            "on one coordinate L_R − βL_F, L_F with its ridge, has its minimum past the oracle for all α ≠ |F|/|R|, β < 1",
            Proposition(
                gt(z_inside - z_retrained),
                BELOW,
                "α < |F|/|R|: above the oracle, z − z^R > 0",
                reads="z − z^R > 0",
            ),
            Proposition(
                gt(z_retrained - z_pretrained),
                BELOW,
                "which is above the pretrained model, z^R − z^D > 0",
                reads="z^R − z^D > 0",
            ),
            Proposition(
                lt(z_inside - z_retrained),
                ABOVE,
                "α > |F|/|R|: below the oracle, z − z^R < 0, if there is one",
                reads="z − z^R < 0",
            ),
            Proposition(
                lt(z_retrained - z_pretrained),
                ABOVE,
                "which is below the pretrained model, z^R − z^D < 0",
                reads="z^R − z^D < 0",
            ),
            remark="The end is W(z) with z = (1 − βα|R|/|F|)|R_j|/(λ(1 − β)|R|). With the ridge left out of L_F, as in eq. (1), "
            "it is below the oracle for every β > 0, so on w^D's side for α < |F|/|R|, between w^D and the oracle or beyond w^D "
            "(first-step); the theorem is about L_F with its ridge.",
            steps=(
                Step(
                    "With the ridge left out of L_F the end is below the oracle for every β > 0 and α > 0.",
                    lt(z_ascent, z_retrained),
                    SCALAR.restrict(alpha, low_open=True),
                ),
            ),
        ),
        PASSING_TIMES,
        BEST_STOP,
        PATH,
        ANGLE,
    ),
    necessity=(
        Necessity(
            "L_R + sL_F is curved on the whole curve, down to s = −β",
            gt(sp.E * z_inside + 1),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, beta="1/2", alpha=3),
                "on one coordinate z = −2: the exponential loss has no minimum there",
            ),
            "Needed: ez + 1 > 0, under which there is an end, fails where ascent outweighs the curvature.",
            "ez + 1 > 0",
        ),
        Necessity(
            "the ridge of L_F inside",
            ge((z_ascent - z_retrained) * (z_retrained - z_pretrained)),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, beta="1/100", alpha="1/4"),
                "β = 1/100: z^out = 199/400 < z^R = 1/2, on the side of z^D = 5/12",
            ),
            "Needed: (z^out − z^R)(z^R − z^D) ≥ 0 fails for eq. (1) with any weight, z^out = (1 − βα|R|/|F|)|R_j|/(λ|R|).",
            "(z^out − z^R)(z^R − z^D) ≥ 0",
        ),
    ),
    survivors=survivors(
        {
            **dict.fromkeys(
                (
                    "reflection 1, term 2, number 1 up",
                    "reflection 1, term 2, number 2 down",
                    "reflection 2, term 2, number 1 up",
                    "reflection 2, term 2, number 2 down",
                    "remainder 1, term 1, number 2 down",
                    "remainder 1, term 2, number 3 up",
                    "path 1, term 2, number 1 up",
                    "path 1, term 2, number 2 down",
                    "path 2, term 2, number 1 down",
                    "angle 1, term 2, number 1 down",
                ),
                "the bound becomes weaker (the move the other way is killed)",
            ),
            "path 2, term 1, number 1 up": "a longer first step only makes the time shorter",
            **dict.fromkeys(
                ("reflection 1, low end of speed up", "reflection 1, high end of speed up"),
                "a remainder is bounded whatever w' is",
            ),
            **dict.fromkeys(
                ("angle 1, low end of squared down", "angle 1, low end of squared up"),
                "the two cases overlap; each holds beyond its end",
            ),
            "angle 1, low end of high down": "low and high may be exchanged",
        }
    ),
)
