r"""Where descent-ascent with a small weight ends, and what early stopping leaves: the oracle lies between.

Let w(s) be the minimum of L_R + s·L_F. Then w(|F|/|R|) = w^D, w(0) = w^R, and w(−β) is the minimum of L_R − βL_F: the three
lie on one smooth curve, on which the oracle is between the others. So to first order w(−β) lies β|R|/|F| times as far beyond
the oracle as w^D lies before it; the remainder is bounded by the curve's second derivative, which the equation for w(s) gives:

    H·w' = −g,   H·w'' = −(2∇²L_F·w' + ∇³(L_R + sL_F)[w', w']),   H = ∇²(L_R + sL_F), g = ∇L_F.

Eq. (1) leaves the ridge out of L_F. That adds the shrinkage −βλH⁻¹w^R to the end, and for β = 1, where β is not small, it can
turn the end round: on one coordinate it then lies beyond w^D, not beyond the oracle, in lemma 3's range.

The path from w^D to there leads by the oracle. Its first step is v = κH̄δ − βλw^D with H̄ the mean Hessian of L_R between w^D and
w^R, and the best stop on this line leaves ‖δ‖·sin∠(δ, v); for κ = 1 + β|R|/|F| ≫ 1 the path is past the oracle before it bends
(simulated, not proved). Without the shrinkage at most (χ − 1)/(χ + 1) of the distance is left, χ the condition of H̄.

Facts of analysis that are used: Taylor's formula; the implicit function theorem where H is positive; for a symmetric H with
eigenvalues in [m, M], ⟨(H − m)d, (M − H)d⟩ ≥ 0.
"""

from collections.abc import Mapping
from fractions import Fraction

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import (
    Claim,
    Evaluation,
    Increasing,
    Necessity,
    Prints,
    Proposition,
    Quoted,
    Rule,
    Step,
    Survivor,
    Witness,
)
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import REALISABLE, balance, z_da, z_pretrained, z_retrained
from ascentcheck.theory.domain import MODEST, Domain, Range
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge

beta, bend, size, speed = sp.symbols("beta bend size speed", real=True)
past, before, weight, slope_retain, slope_forget = sp.symbols(
    "past before weight slope_retain slope_forget", real=True
)
squared, along, length, time = sp.symbols("squared along length time", real=True)
low, high, excess, mixed, third, curvature = sp.symbols("low high excess mixed third curvature", real=True)
slope, ratio = sp.symbols("slope ratio", real=True)

CURVE = Domain(
    (
        Range(beta, 0, 1, low_open=True, high_open=True),
        Range(weight, low_open=True),
        Range(bend),
        Range(size),
        Range(speed, -size, size),
        Range(past, -bend * beta**2 / 2, bend * beta**2 / 2),
        Range(before, -bend * weight**2 / 2, bend * weight**2 / 2),
    )
)
"""One direction: w' = speed at the oracle, |w''| ≤ bend on the curve; `past` and `before` are Taylor's remainders at −β and
at weight = |F|/|R|."""
end, start = -beta * speed + past, weight * speed + before
"""w(−β) − w^R and w^D − w^R."""
BOUND = Domain(
    (
        Range(curvature, low_open=True),
        Range(slope),
        Range(mixed),
        Range(third),
        Range(speed, 0, slope / curvature),
    )
)
"""Norms: H ≥ curvature, ‖∇L_F‖ ≤ slope, ‖∇²L_F‖ ≤ mixed, ‖∇³‖ ≤ third, so ‖w'‖ = speed ≤ slope/curvature."""
bend_bound = 2 * mixed * slope / curvature**2 + third * slope**2 / curvature**3
"""What bounds ‖w''‖."""
QUADRATIC = Domain(
    (Range(curvature, low_open=True, scale=MODEST), Range(ratio, low_open=True, scale=MODEST), Range(time))
)
"""One eigendirection of the Hessian: its `curvature`, and `ratio` = β|R|/|F|."""
gone = (1 + ratio) * sp.exp(-curvature * time) - ratio
"""w − w^R there, in units of w^D − w^R."""
LINE = Domain((Range(length, low_open=True), Range(squared, low_open=True), Range(along), Range(time)))
"""‖δ‖² = length, ‖v‖² = squared, ⟨δ, v⟩ = along."""
SPECTRUM = Domain(
    (
        Range(low, low_open=True),
        Range(high, low),
        Range(length, low_open=True),
        Range(squared, low_open=True),
        Range(along, (squared + low * high * length) / (low + high)),
    )
)
"""v = Hδ with the eigenvalues of H in [low, high]."""

SCALAR = Domain((*lemma_2.DOMAIN.ranges[:4], Range(beta, 0, 1, low_open=True, high_open=True), Range(alpha)))
z_inside = (1 - beta * alpha * n_retain / n_forget) * n_group / (ridge * (1 - beta) * n_retain)
"""z of the minimum of L_R − βL_F, the ridge of L_F inside, on one coordinate."""
BELOW = SCALAR.restrict(alpha, high=balance, high_open=True)
ABOVE = SCALAR.restrict(alpha, low=balance, low_open=True)
w_pretrained, w_retrained = W0(z_pretrained), W0(z_retrained)

LETTERS = lemma_2.LETTERS | {
    "β": beta,
    "z": "(1 − βα|R|/|F|)|R_j|/(λ(1 − β)|R|)",
    "χ": high / low,
    "ρ": ratio,
    "h": curvature,
    "t": time,
    "μ": curvature,
    "‖∇²L_F‖": mixed,
    "‖∇L_F‖": slope,
    "‖∇³‖": third,
}
"""What the texts call by a letter."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the end of L_R − βL_F on one coordinate (its ridge inside), as predicted to first order and exactly.

    The conclusion is that it lies on the other side of the oracle; the margin is how far beyond.
    """
    sides = (sign_at(z_inside - z_retrained, point), sign_at(z_retrained - z_pretrained, point))
    exists = sign_at(sp.E * z_inside + 1, point) == 1
    still = sides[1] == 0
    factor = beta * n_retain / n_forget
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "w_pretrained": enclose(w_pretrained, point),
        "w_retrained": enclose(w_retrained, point),
        "ratio": enclose(factor, point),
        "predicted": enclose(
            w_retrained if still else w_retrained - factor * (w_pretrained - w_retrained), point
        ),
    }
    hypotheses = lemma_2.hypotheses(point) | {"minimum_exists": exists}
    if not exists:
        return Evaluation(hypotheses, values | {"w_end": None}, None, None)
    zero = point[alpha] * point[beta] * point[n_retain] == point[n_forget]
    values["w_end"] = fmpq(0) if zero else enclose(W0(z_inside), point)
    beyond = fmpq(0) if still else enclose(sp.Abs(W0(z_inside) - w_retrained), point)
    holds = None if None in sides else sides[0] == sides[1]
    return Evaluation(hypotheses, values, holds, beyond)


CLAIM = Claim(
    name="overshoot",
    title="A small weight overshoots the oracle, and early stopping leaves an angle",
    where=BEYOND,
    idea="Pretrained, oracle and descent-ascent are three places on one curve of weighted minima.",
    domain=SCALAR,
    inputs=SCALAR,
    realisable=REALISABLE,
    letters=LETTERS,
    quoted=(
        Quoted("2·‖∇²L_F‖·‖∇L_F‖/μ² + ‖∇³‖·‖∇L_F‖²/μ³", bend_bound),
        Quoted("(1 + ρ)e^{−ht} − ρ", gone),
        Quoted("(1 − βα|R|/|F|)|R_j|/(λ(1 − β)|R|)", z_inside),
    ),
    evaluate=evaluate,
    prints=(
        *lemma_2.COUNTED,
        Prints("w_pretrained", "w^D"),
        Prints("w_retrained", "w^R"),
        Prints("ratio", "β|R|/|F|"),
        Prints("predicted", "w^R − β|R|/|F|·(w^D − w^R)"),
        Prints("minimum_exists", "z > −1/e"),
        Prints("w_end", "W(z)", "z > −1/e"),
        Prints("holds", "(z − z^R)(z^R − z^D) > 0 or α = α₀", "z > −1/e"),
        Prints("margin", "max{W(z) − w^R, w^R − W(z)}", "z > −1/e"),
    ),
    simulate=simulated.best_stops,
    rests_on=("lemma-2", "lemma-3", "first-step"),
    summary=(
        "For a small weight β the minimum of L_R − βL_F lies β|R|/|F| times as far beyond the oracle as the pretrained model "
        "lies before it, up to a remainder that is bounded: a wrong end, with the oracle in between. The best stop on the "
        "line of the first step leaves the sine of its angle to the way to the oracle, without the shrinkage at most "
        "(χ−1)/(χ+1) of the distance. For β = 1 the end is another: the ridge that eq. (1) leaves out of L_F can turn it round."
    ),
    statements=(
        stated(
            "reflection",
            "w(−β) − w^R = −(β|R|/|F|)(w^D − w^R), up to ½C(β² + β|F|/|R|) with C ≥ ‖w''‖ on the curve",
            Proposition(
                sp.Le(end + beta / weight * start, bend / 2 * (beta**2 + beta * weight), evaluate=False),
                CURVE,
            ),
            Proposition(
                sp.Ge(end + beta / weight * start, -bend / 2 * (beta**2 + beta * weight), evaluate=False),
                CURVE,
            ),
            remark="For β = |F|/|R| the ratio is 1: a reflection in the oracle, with an error of second order in |F|/|R|.",
            steps=(
                Step(
                    "The pretrained model minimises L_R + (|F|/|R|)·L_F: |D|/|R| times L_D, in every component of the gradient.",
                    Rule.IDENTITY,
                    sp.Eq(
                        n_total
                        / n_retain
                        * ((n_retain * slope_retain + n_forget * slope_forget) / n_total + ridge * slope),
                        (slope_retain + ridge * slope) + n_forget / n_retain * (slope_forget + ridge * slope),
                        evaluate=False,
                    ),
                    Domain(
                        (
                            *lemma_2.DOMAIN.ranges[:3],
                            Range(size),
                            *(Range(s, -size, size) for s in (slope_retain, slope_forget, slope)),
                        )
                    ),
                ),
            ),
        ),
        stated(
            "remainder",
            "‖w''‖ ≤ 2·‖∇²L_F‖·‖∇L_F‖/μ² + ‖∇³‖·‖∇L_F‖²/μ³ where L_R + sL_F has curvature at least μ",
            Proposition(
                sp.Le((2 * mixed * speed + third * speed**2) / curvature, bend_bound, evaluate=False), BOUND
            ),
            remark="For features of length at most B and the logistic loss ‖∇²‖ ≤ B²/4 + λ and ‖∇³‖ ≤ B³/(6√3).",
        ),
        stated(
            "one-coordinate",
            "on one coordinate L_R − βL_F, L_F with its ridge, has its minimum past the oracle for all α ≠ |F|/|R|, β < 1",
            Proposition(
                sp.Gt(z_inside - z_retrained, 0, evaluate=False),
                BELOW,
                "α < |F|/|R|: above the oracle, z − z^R > 0",
                reads="z − z^R > 0",
            ),
            Proposition(
                sp.Gt(z_retrained - z_pretrained, 0, evaluate=False),
                BELOW,
                "which is above the pretrained model, z^R − z^D > 0",
                reads="z^R − z^D > 0",
            ),
            Proposition(
                sp.Lt(z_inside - z_retrained, 0, evaluate=False),
                ABOVE,
                "α > |F|/|R|: below the oracle, z − z^R < 0, if there is one",
                reads="z − z^R < 0",
            ),
            Proposition(
                sp.Lt(z_retrained - z_pretrained, 0, evaluate=False),
                ABOVE,
                "which is below the pretrained model, z^R − z^D < 0",
                reads="z^R − z^D < 0",
            ),
            remark=(
                "The end is W(z) with z = (1 − βα|R|/|F|)|R_j|/(λ(1 − β)|R|). For eq. (1) itself, β = 1 and the ridge left out "
                "of L_F, it is on w^D's side for α₁ < α < |F|/|R|."
            ),
        ),
        stated(
            "passing-times",
            "next to the oracle a direction of curvature h passes it at the time ln(1 + |F|/(β|R|))/h",
            Proposition(
                sp.Eq(gone.subs(time, sp.log(1 + 1 / ratio) / curvature), 0, evaluate=False),
                QUADRATIC,
                "it is 0 at that time",
            ),
            remark=(
                "There the way from w^D (1) to the end (−ρ) is (1 + ρ)e^{−ht} − ρ, ρ = β|R|/|F|: the flow of a quadratic. So one "
                "stop is perfect where all directions curve alike; else each passes the oracle at a time of its own."
            ),
            steps=(Step("It passes once.", Rule.INCREASING, Increasing(-gone, time), QUADRATIC),),
        ),
        stated(
            "best-stop",
            "the best stop on the line of the first step leaves ‖δ‖·sin∠(δ, v), at the time ⟨δ, v⟩/‖v‖²",
            Proposition(
                sp.Eq(
                    length - 2 * time * along + time**2 * squared,
                    length * (1 - along**2 / (length * squared)) + squared * (time - along / squared) ** 2,
                    evaluate=False,
                ),
                LINE,
                "‖δ − t·v‖² is a square away from its least value",
            ),
            remark="v = −∇L(w^D). That the path itself comes as near as its first line does is simulated here, for a small F.",
        ),
        stated(
            "angle",
            "for v = Hδ the best stop leaves at most (χ − 1)/(χ + 1) of the distance",
            Proposition(
                sp.Ge(along**2 * (low + high) ** 2, 4 * low * high * length * squared, evaluate=False),
                SPECTRUM.restrict(squared, low=low * high * length, low_open=False),
            ),
            Proposition(
                sp.Ge(along**2 * (low + high) ** 2, 4 * low * high * length * squared, evaluate=False),
                SPECTRUM.restrict(squared, high=low * high * length),
            ),
            remark=(
                "χ = high/low. So cos² ≥ 4χ/(1 + χ)², Kantorovich's inequality, and sin ≤ (χ − 1)/(χ + 1). Equality where δ has "
                "two parts, along the steepest and the flattest direction, of equal length in the metric of H."
            ),
            steps=(
                Step(
                    "1 − 4χ/(1 + χ)² = ((χ − 1)/(χ + 1))².",
                    Rule.IDENTITY,
                    sp.Eq(
                        1 - 4 * low * high / (low + high) ** 2,
                        ((high - low) / (high + low)) ** 2,
                        evaluate=False,
                    ),
                    SPECTRUM,
                    reads="1 − 4χ/(1 + χ)² = ((χ − 1)/(χ + 1))²",
                ),
            ),
        ),
    ),
    necessity=(
        Necessity(
            "the ridge of L_F inside, or β small",
            sp.Ge((z_da - z_retrained) * (z_retrained - z_pretrained), 0, evaluate=False),
            Witness(
                {
                    n_retain: Fraction(2),
                    n_forget: Fraction(1),
                    ridge: Fraction(1),
                    n_group: Fraction(1),
                    alpha: Fraction(1, 4),
                },
                "eq. (1) with α between 1/8 and 1/2: z^DA = 1/4 < z^D < z^R, on w^D's side and beyond it",
            ),
            "Needed: (z^DA − z^R)(z^R − z^D) ≥ 0 fails for eq. (1), whose harm (lemma-3) is no overshoot.",
            "(z^DA − z^R)(z^R − z^D) ≥ 0",
        ),
    ),
    survivors=(
        *(
            Survivor(mutant, "the bound becomes weaker (the move the other way is killed)")
            for mutant in (
                "reflection 1, term 2, number 1 up",
                "reflection 1, term 2, number 2 down",
                "reflection 2, term 2, number 1 up",
                "reflection 2, term 2, number 2 down",
                "remainder 1, term 1, number 2 down",
                "remainder 1, term 2, number 3 up",
                "angle 1, term 2, number 1 down",
            )
        ),
        Survivor("reflection 1, low end of speed up", "a remainder is bounded whatever w' is"),
        Survivor("reflection 1, high end of speed up", "a remainder is bounded whatever w' is"),
        *(
            Survivor(f"angle 1, low end of squared {way}", "the two cases overlap; each holds beyond its end")
            for way in ("down", "up")
        ),
        Survivor("angle 1, low end of high down", "low and high may be exchanged"),
    ),
)
