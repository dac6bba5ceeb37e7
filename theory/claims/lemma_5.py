r"""For α ≥ |F|/|R| the DA solution is at least W0(|R_j|/(λ|R|)) = w^R away from the oracle (App. G).

The oracle is at w^R > 0. For α ≥ |F|/|R| the argument of w^DA is ≤ 0, and so is w^DA itself while it exists:
the distance is w^R plus |w^DA|. The printed proof says instead that w^DA → −∞ for every α > |F|/|R|; that is so
only beyond |F|/|R| + λ|F|/(e|R_j|), where no stationary point is left.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Notation, Proposition, Quoted, Step, Witness
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import DOMAIN, WITH_SOLUTION, balance, limit, z_da, z_retrained
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import point, repaired
from ascentcheck.theory.relations import eq, equivalent, ge, le, lt
from ascentcheck.theory.vocabulary import alpha

distance = W0(z_retrained) - W0(z_da)
LARGE = WITH_SOLUTION.restrict(alpha, low=balance)
BEYOND = DOMAIN.restrict(alpha, low=balance, low_open=True)
SMALL = DOMAIN.restrict(alpha, high=balance, high_open=True)

LOCAL_MINIMUM = Witness(
    point(n_retain=2, n_forget=1, n_group=1, ridge=1, alpha="3/4"),
    "|F|/|R| = 1/2 < α = 3/4: the argument is −1/4 > −1/e and w^DA = W0(−1/4) = −0.357… is a minimum",
)

AT_LEAST = Proposition(ge(distance, W0(z_retrained)), LARGE, "while a minimum exists")

CLAIM = Claim(
    name="lemma-5",
    title="How far descent-ascent is from the oracle",
    where="§5.1.1, App. G",
    idea="For α ≥ |F|/|R| the DA solution is ≤ 0 and the oracle is > 0.",
    domain=DOMAIN,
    realisable=lemma_2.REALISABLE,
    notation=(
        *lemma_2.NOTATION,
        Notation("limit", r"\alpha_2", limit),
        Notation("balance", r"\alpha_0", balance),
    ),
    letters=lemma_2.LETTERS,
    quoted=(Quoted("W0(|R_j|/(λ|R|))", W0(z_retrained)),),
    rests_on=("lemma-2", "lemma-3"),
    summary="The bound is right wherever there is a DA minimum, and sharp at α = |F|/|R|. The printed proof is not: "
    "between |F|/|R| and |F|/|R| + λ|F|/(e|R_j|) descent-ascent has a local minimum in (−1, 0), which a "
    "descent from w^D reaches; only beyond does it run to −∞.",
    statements=(
        repaired(
            "bound",
            "§5.1.1, App. G",
            "for α ≥ |F|/|R|: |w^R − w^DA| ≥ W0(|R_j|/(λ|R|))",
            printed=AT_LEAST,
            verified=(
                AT_LEAST,
                Proposition(lt(distance, W0(z_retrained)), SMALL, "below |F|/|R| it is smaller"),
                Proposition(le(W0(z_da)), LARGE, "w^DA ≤ 0"),
                Proposition(ge(W0(z_da), -1), WITH_SOLUTION, "and w^DA ≥ −1: never far below 0"),
            ),
            remark="The slack is exactly |w^DA|, between 0 and 1. Where no stationary point exists the distance of "
            "the iterates grows without bound, and the bound holds from some step on.",
            steps=(
                Step(
                    "The DA solution is 0 exactly at α = |F|/|R|.",
                    equivalent(eq(z_da), eq(balance - alpha)),
                    DOMAIN,
                    origin="App. G",
                ),
                Step(
                    "w^DA → −∞ for every α > |F|/|R|: the objective would have no stationary point there.",
                    lt(sp.E * z_da + 1),
                    BEYOND,
                    origin="App. G",
                    witness=LOCAL_MINIMUM,
                ),
                Step(
                    "Instead: z^DA ≤ 0 gives w^DA ≤ 0, so w^R − w^DA ≥ w^R.",
                    ge(distance, W0(z_retrained)),
                    LARGE,
                ),
            ),
        ),
    ),
    necessity=(
        Necessity(
            "α ≥ |F|/|R|",
            ge(distance, W0(z_retrained)),
            Witness(point(LOCAL_MINIMUM.point, alpha=0), "at α = 0 the distance is 0"),
            "Needed: below |F|/|R| the distance is smaller than w^R, always.",
        ),
    ),
    errata=(
        Erratum(
            "App. G",
            "w^DA → −∞ for any value of λ > 0 (for α > |F|/|R|)",
            "w^DA ≤ 0 while a minimum exists, α ≤ |F|/|R| + λ|F|/(e|R_j|); it is −∞ beyond",
            lt(sp.E * z_da + 1),
            LOCAL_MINIMUM,
        ),
    ),
)
