"""The first step of descent-ascent on one coordinate, exponential loss: where it leads away from the oracle."""

import sympy as sp

from ascentcheck.theory.claim import Equivalence, Proposition, Step
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import balance, z_da, z_pretrained, z_retrained
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.expression import W0
from ascentcheck.theory.relations import eq, ge, lt
from ascentcheck.theory.theorems.first_step_component import beta, shrink, speed, tune
from ascentcheck.theory.theorems.stated import stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge, w

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


def loss_ascent(x: sp.Expr) -> sp.Expr:
    """Return the part of mean_R ℓ − β·mean_F ℓ + λ/2·w² that depends on one coordinate, exponential loss."""
    retain, forget = n_group / n_retain, alpha * n_group / n_forget
    return retain * sp.exp(-x) - beta * forget * sp.exp(-x) + ridge / 2 * x**2


ONE_COORDINATE = stated(
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
)
