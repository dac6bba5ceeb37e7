"""The curve of weighted minima on one coordinate, exponential loss: its end, and the numbers that bound the remainder there."""

import sympy as sp

from ascentcheck.theory.claim import Increasing, Proposition, Step
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import balance, z_pretrained, z_retrained
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.expression import W0
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.theorems.best_stop import curvature
from ascentcheck.theory.theorems.first_step_component import beta
from ascentcheck.theory.theorems.first_step_scalar import z_ascent
from ascentcheck.theory.theorems.overshoot_curve import bend_bound, mixed, slope, third
from ascentcheck.theory.theorems.stated import stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, ridge

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
"""What the statements reflection and remainder allow w^end to be off, on one coordinate; why, is in the steps IN_BOUNDS."""

place, share, force = sp.symbols("place share force", real=True)
ON_CURVE = SCALAR.extend(Range(share, -beta, n_forget / n_retain), Range(force, low_open=True))
"""A place s = share on the curve of the minima w(s) of L_R + s·L_F, where e^{−w(s)} = force."""
NUMBERS = domain(*SCALAR.ranges, Range(place))
z_share = (_retain + share * _forget) / (ridge * (1 + share))
IN_BOUNDS = (
    Step(
        "w(s) = W(z(s)), z(s) = (ρ_R + sρ_F)/(λ(1 + s)), for (1 + s)λw = (ρ_R + sρ_F)e^{−w}: at s = |F|/|R| it is w^D,",
        eq(z_share.subs(share, n_forget / n_retain), z_pretrained),
        SCALAR,
    ),
    Step("and the end at s = −β;", eq(z_share.subs(share, -beta), z_inside), SCALAR),
    Step("the curve is between them.", ge((z_inside - z_share) * (z_share - z_pretrained)), ON_CURVE),
    Step(
        "Its curvature λ(1 + s) + (ρ_R + sρ_F)e^{−w} is at least λ(1−β) + (ρ_R − βρ_F)e^{−w}, so at least that at w^D or w^end.",
        ge(
            ridge * (1 + share) + (_retain + share * _forget) * force,
            ridge * (1 - beta) + (_retain - beta * _forget) * force,
        ),
        ON_CURVE,
    ),
    Step(
        "L_F's slope λw − ρ_Fe^{−w} is (ρ_R − ρ_F)e^{−w}/(1 + s) there, of one sign,",
        eq(ridge * (z_share * force) - _forget * force, (_retain - _forget) * force / (1 + share)),
        ON_CURVE,
    ),
    Step("rises with w,", Increasing(ridge * place - _forget * sp.exp(-place), place), NUMBERS),
    Step(
        "and the end is the last place on the side of that sign: nowhere is it steeper.",
        ge((_retain - _forget) * (z_inside - z_share)),
        ON_CURVE,
    ),
    Step(
        "The third derivative is −(ρ_R + sρ_F)e^{−w}, and ρ_R + sρ_F is at least ρ_R − βρ_F",
        ge(_retain + share * _forget, _retain - beta * _forget),
        ON_CURVE,
    ),
    Step(
        "and at most ρ_R + ρ_F|F|/|R|.",
        le(_retain + share * _forget, _retain + _forget * n_forget / n_retain),
        ON_CURVE,
    ),
)

ONE_COORDINATE = stated(
    "one-coordinate",
    "on one coordinate L_R − βL_F, L_F with its ridge, has its minimum past the oracle for all α ≠ |F|/|R|, β < 1",
    Proposition(
        gt(z_inside - z_retrained), BELOW, "α < |F|/|R|: above the oracle, z − z^R > 0", reads="z − z^R > 0"
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
        *IN_BOUNDS,
    ),
)
