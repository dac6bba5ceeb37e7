r"""Two nearly parallel samples, one retained and one forgotten (App. I, eq. (8) to (15)).

This is the correlated pair of lemma 6 with |R_ij| = 1 and α = 1. The pretrained problem is symmetric in its two
samples, so w₁ = w₂ and W solves it for every ε, not only as ε → 1. Descent-ascent weighs the forgotten sample
by 1/|F| in eq. (1), by 1/|R| in eq. (11). With 1/|R| its two weights nearly cancel and (13) to (15) follow;
with 1/|F| they do not, and for |F| < |R| there is no solution at ε = 1 unless λ ≥ 2e(1/|F| − 1/|R|).
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair_losses import gradient, w_i
from ascentcheck.theory.claims.parallel_da import (
    DA,
    EXPANSION,
    LIMIT,
    SOLUTION,
    apart,
    printed_argument,
    printed_da,
    weight_apart,
)
from ascentcheck.theory.claims.parallel_training import (
    DOMAIN,
    EQUATIONS,
    ORIGINAL,
    RETRAINED,
    SINGLE_DA,
    solves_pretrained,
    w_printed,
)
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import point, survivors
from ascentcheck.theory.relations import eq, ge

LETTERS = {
    "X": pair.MarginX,
    "Y": pair.MarginY,
    "x": "X(1/(λ|R|), −1/(λ|F|), ε)",
    "y": "Y(1/(λ|R|), −1/(λ|F|), ε)",
    "d": apart,
    "V": "W(−8(ε−1)²/(|R|²λ²))",
}

CLAIM = Claim(
    name="parallel-limit",
    title="Two nearly parallel samples",
    where="App. I",
    idea="The pretrained problem is symmetric; in descent-ascent the two samples cancel only with equal weights.",
    domain=DOMAIN,
    notation=(),
    letters=LETTERS,
    meanings=(
        {"w₁": "W((1+ε)²/(λ|D|))/(1+ε)", "w₂": "w₁", "ω": "W(4/(λ|D|))", "u": "(1+ε)w₁"},
        {"w₁": "W/4 + d/2", "w₂": "W/4 − d/2", "W": "−2d²", "ε": "1 − d·e^{−d²}λ|R|/2"},
        {"x": "1 + excess"},
        {"x": "1 − lack"},
    ),
    rests_on=("lambert-eq", "lemma-6", "lemma-8"),
    summary="(8), (10), (12), (13) and (14) are right; (14) is real and exists only for 1 − ε ≤ λ|R|/√(8e). (9) can be "
    "replaced by an exact solution for every ε. (11) has 1/|R| where eq. (1) has 1/|F|: for |F| < |R| the true "
    "descent-ascent ends further away at ε = 1 than (15) says, or there nowhere at all when λ < 2e(1/|F| − 1/|R|).",
    statements=(EQUATIONS, ORIGINAL, RETRAINED, DA, EXPANSION, SOLUTION, LIMIT),
    necessity=(
        Necessity(
            "1 − ε ≤ λ|R|/√(8e)",
            ge(W0(printed_argument), -1),
            Witness(
                point(n_retain=2, n_forget=2, ridge="1/10", epsilon="1/2"),
                "ε = 1/2, λ|R| = 1/5: the argument is −50",
            ),
            "Needed for (14) to be real, that is V ≥ −1 for V = W(−8(ε−1)²/(|R|²λ²)), and for (13) to have a solution.",
            reads="V ≥ −1",
        ),
        Necessity(
            "the sign of the root in (14)",
            eq((-2 * apart**2 - 2 * apart) / 4, -weight_apart * sp.exp(apart**2) * (apart - 1)),
            Witness(point(apart="1/2"), "with w₁ and w₂ exchanged (13) is missed"),
            "Needed: w₁ > w₂, the retained sample's side; (−2d² − 2d)/4 = −d(d−1)/2 is false for d = w₁ − w₂.",
            reads="(−2d² − 2d)/4 = −d(d−1)/2",
        ),
    ),
    survivors=survivors(
        {
            "equations 1, high end of epsilon up": "true as well: an identity for every ε",
            "limit 6, n_forget without its high end": (
                "true as well: for |F| ≥ |R| the bound on the ridge is at most 0, so it says nothing"
            ),
        }
    ),
    errata=(
        Erratum(
            "App. I, eq. (9)",
            "w₁ = w₂ = W(2(ε+1)/(λ|D|))/2",
            "w₁ = w₂ = W((1+ε)²/(λ|D|))/(1+ε), for every ε",
            solves_pretrained(w_printed),
            Witness(point(n_retain=1, n_forget=1, ridge=1, epsilon="1/2"), "(9) misses (8) at ε = 1/2"),
        ),
        Erratum(
            "App. I, eq. (11)",
            "1/(λ|R|)·(e^{−x} − ε·e^{−y}) and 1/(λ|R|)·(ε·e^{−x} − e^{−y})",
            "1/(λ|R|)·e^{−x} − 1/(λ|F|)·ε·e^{−y} and 1/(λ|R|)·ε·e^{−x} − 1/(λ|F|)·e^{−y}",
            gradient(SINGLE_DA, w_i, printed_da[0]),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, epsilon="1/2", w_i=0, w_j=0), "|R| = 2 and |F| = 1"
            ),
            corrects=("da-equations",),
        ),
    ),
)
