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

from ascentcheck.theory.claim import Claim, Necessity, Quoted, Witness
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import REALISABLE, z_pretrained, z_retrained
from ascentcheck.theory.kit import point, survivors
from ascentcheck.theory.relations import ge, gt, le
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
from ascentcheck.theory.theorems.overshoot_curve import REFLECTION, REMAINDER, bend_bound, mixed, slope, third
from ascentcheck.theory.theorems.overshoot_scalar import (
    ONE_COORDINATE,
    SCALAR,
    predicted,
    remainder_bound,
    w_retrained,
    z_inside,
)
from ascentcheck.theory.theorems.stated import BEYOND
from ascentcheck.theory.vocabulary import n_forget, n_retain

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
    statements=(REFLECTION, REMAINDER, ONE_COORDINATE, PASSING_TIMES, BEST_STOP, PATH, ANGLE),
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
