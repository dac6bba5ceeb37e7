r"""λ → 0 with α → |F|/|R|: the oracle and the pretrained model meet, descent-ascent runs away (§5.1.1).

Lemma 4 gives Δ_{R,D} ≤ |ln((1+α)|R|/|D|)|, which is 0 at α = |F|/|R| whatever λ is. For Δ_{R,DA} write
δ = 1 − α|R|/|F| and c = |R_j|/(λ|R|), so that w^R = W0(c) and w^DA = W0(δc). Where δc ≤ e the distance is at least
W0(c) − 1; where δc ≥ e it is at least ½·ln(1/δ). Both go to ∞ as c → ∞ and δ → 0, in any order.
"""

from fractions import Fraction

import sympy as sp

from ascentcheck.theory.claim import (
    Claim,
    Erratum,
    Necessity,
    Notation,
    Parametrisation,
    Proposition,
    Quoted,
    Witness,
)
from ascentcheck.theory.claims import lemma_2, lemma_4
from ascentcheck.theory.claims.lemma_2 import (
    DOMAIN,
    WITH_SOLUTION,
    balance,
    loss_da,
    slope,
    z_da,
    z_pretrained,
    z_retrained,
)
from ascentcheck.theory.domain import NEAR_ONE, Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import as_printed, figures, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, ge, lt
from ascentcheck.theory.vocabulary import alpha, learning_rate, n_forget, n_group, n_retain, ridge, w

u, s = sp.symbols("u s", positive=True)
delta = 1 - alpha * n_retain / n_forget
distance_da = W0(z_retrained) - W0(z_da)

crossing = balance * (1 - sp.E * ridge * n_retain / n_group)
"""α at which z_da = e, that is w^DA = 1."""

NEAR = WITH_SOLUTION.restrict(alpha, low=crossing)
FAR = domain(
    *positive(n_retain, n_forget, n_group),
    Range(ridge, 0, n_group / (sp.E * n_retain), low_open=True),
    Range(alpha, 0, crossing),
)

FAR_COORDINATES = Parametrisation(
    substitution=(
        (ridge, n_group / (n_retain * u * sp.exp(s) * sp.exp(u * sp.exp(s)))),
        (alpha, balance * (1 - sp.exp(-s) * sp.exp(u - u * sp.exp(s)))),
    ),
    inverse=((u, W0(z_da)), (s, sp.log(W0(z_retrained)) - sp.log(W0(z_da)))),
    domain=domain(*positive(n_retain, n_forget, n_group), Range(u, 1, sp.oo), Range(s, 0, sp.oo)),
)
"""u = w^DA and s = ln(w^R/w^DA) in place of α and the ridge."""

stepped = w - learning_rate * slope(loss_da(w), w)
"""One step of simultaneous descent-ascent with rate η."""
STEP = DOMAIN.extend(
    Range(learning_rate, 0, 1 / ridge, low_open=True), Range(w, -sp.oo, sp.oo, scale=NEAR_ONE)
)
ALL_FORGOTTEN_HERE = point(
    n_retain=100, n_forget=5, ridge=Fraction(1, 10), n_group=1, alpha=5, learning_rate=2
)
"""All of F on a coordinate with one retained sample: α = 5, far beyond α₂."""
AT_ONE_POINT = domain(*(Range(s, at, at) for s, at in ALL_FORGOTTEN_HERE.items()))


def stepped_from_start(count: int) -> sp.Expr:
    """Return where `count` steps of simultaneous descent-ascent lead from w^D."""
    at = W0(z_pretrained)
    for _ in range(count):
        at = stepped.subs(w, at)
    return at


DIVERGES = (
    Proposition(ge(distance_da, W0(z_retrained) - 1), NEAR, "w^DA ≤ 1: the distance is at least w^R − 1"),
    Proposition(
        ge(distance_da, -sp.log(delta) / 2),
        FAR,
        "w^DA ≥ 1: the distance is at least half of ln(1/δ)",
        by=FAR_COORDINATES,
    ),
)

_AT_BALANCE = point(n_retain=9, n_forget=1, n_group=9, alpha="1/9")

CLAIM = Claim(
    name="corollary-1",
    title="A vanishing ridge: the oracle stays, descent-ascent runs away",
    where="§5.1.1",
    idea="Lemma 4 bounds one distance from above without the ridge; lemma 5 bounds the other from below by it.",
    domain=DOMAIN,
    realisable=lemma_2.REALISABLE,
    notation=(
        *lemma_2.NOTATION,
        Notation("delta", r"\delta", delta),
        Notation("balance", r"\alpha_0", balance),
        Notation("crossing", r"\alpha_e", crossing),
    ),
    letters=lemma_2.LETTERS | {"δ": "1 − α|R|/|F|", "α_e": "|F|/|R|·(1 − eλ|R|/|R_j|)"},
    quoted=(
        Quoted("ln(1/λ)", sp.log(1 / ridge)),
        figures(
            "0.388, −1.033, −6.39, −1186.8", ALL_FORGOTTEN_HERE, *(stepped_from_start(k) for k in range(4))
        ),
    ),
    rests_on=("lemma-2", "lemma-4", "lemma-5"),
    summary="Holds, from either side of |F|/|R| and for every joint way to the limit, as long as a DA minimum exists "
    "(above |F|/|R| that window closes like λ). The divergence is slow: at α = |F|/|R| the distance is exactly "
    "W0(|R_j|/(λ|R|)), which is about ln(1/λ); at λ = 1e-300 it is still below 700. Nor is it quick: at that α a "
    "step of rate η multiplies the weight by 1 − ηλ.",
    statements=(
        as_printed(
            "pretrained",
            "§5.1.1",
            "as λ → 0 for e_j → |F|/|R| we have Δ_{R,D} → 0",
            printed=lemma_4.PROPOSITIONS,
            remark="Δ_{R,D} ≤ |ln k| with k → 1 as α → |F|/|R|; the ridge plays no part. e_j is α.",
        ),
        as_printed(
            "descent-ascent",
            "§5.1.1",
            "and Δ_{R,DA} → ∞",
            printed=DIVERGES,
            remark="Either bound applies at every point with a DA minimum. With δ = 1 − α|R|/|F| → 0 and "
            "w^R = W0(|R_j|/(λ|R|)) → ∞ both bounds grow without limit, so the distance does.",
        ),
        open_as_worded(
            "few-steps",
            "§5.1.1, after corollary 1",
            "even a few steps of the method can cause the model to diverge",
            readings=(
                reading(
                    "at the corollary's α = |F|/|R| a step moves the model by more than a share ηλ of its weight",
                    Proposition(
                        lt(stepped, (1 - learning_rate * ridge) * w),
                        STEP.restrict(alpha, low=balance, high=balance),
                    ),
                    Witness(
                        point(
                            n_retain=9,
                            n_forget=1,
                            n_group=9,
                            ridge="1/1000",
                            alpha="1/9",
                            learning_rate="1/10",
                            w=5,
                        ),
                        "the two pulls cancel: w becomes (1 − ηλ)w = 0.9999·5",
                    ),
                ),
                reading(
                    "for some α beyond the last one that has a minimum three steps lead from w^D to below −1000",
                    (
                        Proposition(
                            lt(stepped_from_start(3), -1000),
                            AT_ONE_POINT,
                            "|R| = 100, |F| = 5, all of it where |R_j| = 1; λ = 1/10, η = 2: 0.388, −1.033, −6.39, −1186.8",
                        ),
                        Proposition(lt(z_da, -sp.exp(-1)), AT_ONE_POINT, "where W of z^DA is not real"),
                    ),
                ),
            ),
            verified=Proposition(
                eq(stepped.subs(alpha, balance), (1 - learning_rate * ridge) * w),
                STEP,
                "at α = |F|/|R| a step of rate η multiplies w by 1 − ηλ: it takes about 1/(ηλ) steps to reach 0",
            ),
            remark="As λ → 0 with α = |F|/|R| the end runs away, and the way there takes ever longer. Beyond α₂ each step is "
            "about the exponential of the one before, and a few are enough.",
        ),
    ),
    necessity=(
        Necessity(
            "λ → 0",
            ge(distance_da, 10),
            Witness(point(_AT_BALANCE, ridge=1), "at λ = 1 and α = |F|/|R| the distance is W0(1) = 0.567…"),
            "At a fixed ridge the distance stays bounded as α → |F|/|R|: it is W0(|R_j|/(λ|R|)); w^R − w^DA ≥ 10 fails.",
            reads="w^R − w^DA ≥ 10",
        ),
        Necessity(
            "α → |F|/|R|",
            ge(distance_da, sp.Rational(1, 10)),
            Witness(
                point(_AT_BALANCE, alpha=0, ridge=Fraction(1, 10**300)),
                "at α = 0 the DA solution is the oracle for every ridge",
            ),
            "At a fixed α < |F|/|R| the distance stays below ln(1/δ) for every ridge; at α = 0 not even w^R − w^DA ≥ 1/10 holds.",
            reads="w^R − w^DA ≥ 1/10",
        ),
    ),
    survivors=survivors(
        {
            "descent-ascent 2, term 3, number 1 up": "a smaller lower bound: true, and weaker",
            "descent-ascent 2, side 2, number 1 down": "a smaller lower bound: true, and weaker (the move to −0.505 is killed)",
            "descent-ascent 2, high end of ridge up": "for larger ridges the range of α is empty, so nothing is added",
            "descent-ascent 2, ridge without its high end": "for larger ridges the range of α is empty, so nothing is added",
            "few-steps 1, high end of learning_rate up": "true as well: the identity holds for every rate",
        }
    ),
    errata=(Erratum("Corollary 1", "for e_j → |F|/|R|", "for α → |F|/|R|"),),
)
