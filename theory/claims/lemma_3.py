r"""Where descent-ascent ends as seen from the pretrained model and the oracle (§5.1.1, App. E).

W0 increases, so the order of the three solutions is the order of their arguments, and that is a question
about α alone. With α₁ = |F|²/(|R|(|F| + |D|)) and α₀ = |F|/|R|: below α₁ descent-ascent moves toward the
oracle, from α₁ to α₀ away from it, and above α₀ (while a minimum exists) past it.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Notation, Proposition, Step, Witness
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import (
    DOMAIN,
    TWO_SOLUTIONS,
    WITH_SOLUTION,
    balance,
    limit,
    loss_da,
    z_da,
    z_pretrained,
    z_retrained,
)
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.expression import W0, Wm1
from ascentcheck.theory.kit import as_printed, false_as_printed, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, equivalent, ge, gt, le, lt
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge, w

turning = n_forget**2 / (n_retain * (n_forget + n_total))
"""α at which the DA minimum equals the pretrained one (App. E)."""

product = (W0(z_da) - W0(z_pretrained)) * (W0(z_pretrained) - W0(z_retrained))
"""(w^DA − w^D)(w^D − w^R), the quantity of lemma 3."""

NOTATION = (
    *lemma_2.NOTATION,
    Notation("balance", r"\alpha_0", balance),
    Notation("limit", r"\alpha_2", limit),
    Notation("turning", r"\alpha_1", turning),
)

TOWARD = DOMAIN.restrict(alpha, high=turning, high_open=True)
AWAY = DOMAIN.restrict(alpha, low=turning, high=balance)
PAST = DOMAIN.restrict(alpha, low=balance, low_open=True, high=limit)
PRINTED = DOMAIN.restrict(alpha, high=balance)
ONE_DIMENSIONAL = domain(
    *positive(n_retain, n_forget, ridge), Range(n_group, n_retain, n_retain), Range(alpha, balance, balance)
)


def stationary_curvature(at: sp.Expr) -> sp.Expr:
    """Return the second derivative of the DA loss at a stationary point: λ(1 + w), by w·e^w = z."""
    return ridge * (1 + at)


CLAIM = Claim(
    name="lemma-3",
    title="Descent-ascent moves away from the oracle, for a range of α",
    where="§5.1.1, App. E",
    idea="W0 increases, so the three solutions are ordered as their arguments are.",
    domain=DOMAIN,
    realisable=lemma_2.REALISABLE,
    notation=NOTATION,
    letters=lemma_2.LETTERS,
    meanings=({"z": "z^DA", "w": "W(z)"}, {"z": "z^DA", "w": "W−1(z)"}),
    rests_on=("lambert-eq", "lemma-2"),
    summary="The range proved in App. E is right and sharp at both ends. The main text's 'holds for α ≤ |F|/|R|' is "
    "not: below |F|²/(|R|(|F|+|D|)) descent-ascent moves toward the oracle, and at α = 0 it reaches it. "
    "Above |F|/|R| it moves past the oracle. For one-dimensional data α is |F|/|R| and the product is 0, "
    "so there the lemma holds but says nothing.",
    statements=(
        as_printed(
            "appendix-range",
            "App. E",
            "for |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R|: (w^DA − w^D)(w^D − w^R) ≥ 0",
            printed=Proposition(ge(product), AWAY, reads="(w^DA − w^D)(w^D − w^R) ≥ 0"),
            verified=(
                Proposition(ge(product), AWAY, "away from the oracle"),
                Proposition(lt(product), TOWARD, "below the range: toward the oracle"),
                Proposition(lt(product), PAST, "above the range: past the oracle"),
            ),
            remark="Exactly this range: the product is negative on both sides of it.",
            steps=(
                Step(
                    "w^D ≤ w^R exactly when α ≤ |F|/|R|: compare the arguments of W0.",
                    equivalent(sp.Ge(z_retrained - z_pretrained, 0), sp.Ge(balance - alpha, 0)),
                    DOMAIN,
                    origin="App. E, case 1",
                ),
                Step(
                    "w^D ≥ w^DA exactly when α ≥ |F|²/(|R|(|F|+|D|)).",
                    equivalent(sp.Ge(z_pretrained - z_da, 0), sp.Ge(alpha - turning, 0)),
                    DOMAIN,
                    origin="App. E, case 1",
                ),
                Step(
                    "The range is not empty: its lower end is below its upper end.",
                    sp.Gt(balance - turning, 0),
                    DOMAIN,
                ),
                Step(
                    "w^DA ≤ w^D ≤ w^R, so both factors are ≤ 0.", ge(product), AWAY, origin="App. E, case 1"
                ),
            ),
        ),
        false_as_printed(
            "main-text-range",
            "§5.1.1",
            "the lemma holds for α ≤ |F|/|R|",
            printed=Proposition(ge(product), PRINTED),
            witness=Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, alpha=0),
                "nothing of coordinate j is forgotten: w^DA = w^R = W(1/2) and w^D = W(1/3)",
            ),
            verified=Proposition(ge(product), AWAY),
            remark="The lower end |F|²/(|R|(|F|+|D|)) of App. E is needed.",
        ),
        as_printed(
            "one-dimensional",
            "§5.1.1",
            "on a purely 1 dimensional dataset, this lemma would always hold",
            printed=Proposition(ge(product), ONE_DIMENSIONAL),
            verified=Proposition(
                eq(z_pretrained, z_retrained),
                DOMAIN.restrict(alpha, low=balance, high=balance),
                "at α = |F|/|R| pretrained and retrained coincide",
            ),
            remark="All samples on one coordinate force α = |F|/|R|, hence w^D = w^R: the product is 0. Pretrained "
            "model and oracle coincide, and descent-ascent leaves both for w^DA = 0.",
            steps=Step(
                "With |R_j| = |R| and α = |F|/|R| the arguments of w^D and w^R are the same.",
                eq(
                    z_pretrained.subs({n_group: n_retain, alpha: balance}),
                    z_retrained.subs(n_group, n_retain),
                ),
                DOMAIN,
            ),
        ),
        open_as_worded(
            "ordered",
            "§5.1.1, after lemma 2",
            "by changing the value of α […] the solutions will be ordered by their magnitude",
            readings=(
                reading(
                    "for each range of α there is one order of their values",
                    (
                        Proposition(gt(W0(z_da) - W0(z_pretrained)), TOWARD, "w^D < w^DA below α₁"),
                        Proposition(ge(W0(z_retrained) - W0(z_da)), TOWARD, "and w^DA ≤ w^R"),
                        Proposition(ge(W0(z_pretrained) - W0(z_da)), AWAY, "w^DA ≤ w^D up to α₀"),
                        Proposition(ge(W0(z_retrained) - W0(z_pretrained)), AWAY, "and w^D ≤ w^R"),
                        Proposition(gt(W0(z_retrained) - W0(z_da)), PAST, "w^DA < w^R beyond"),
                        Proposition(gt(W0(z_pretrained) - W0(z_retrained)), PAST, "and w^R < w^D"),
                    ),
                ),
                reading(
                    "|w^DA| falls as α grows, past α₀ as well, where it is 0",
                    Proposition(le(-W0(z_da)), PAST, "|w^DA| = −w^DA is at most 0"),
                    Witness(
                        point(n_retain=2, n_forget=1, ridge=1, n_group=1, alpha="3/4"),
                        "w^DA is 0 at α₀ = 1/2 and −0.357… at α = 3/4",
                    ),
                ),
            ),
            remark="The order is that of the values, and it changes twice: at α₁ and at α₀.",
        ),
        false_as_printed(
            "characters",
            "App. E, case 2",
            "a solution both for the primary and the secondary branch, corresponding to a local maximum and "
            "minimum respectively",
            printed=(
                Proposition(lt(stationary_curvature(W0(z_da))), TWO_SOLUTIONS),
                Proposition(gt(stationary_curvature(Wm1(z_da))), TWO_SOLUTIONS),
            ),
            witness=Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, alpha="3/4"),
                "z = −1/4: the second derivative is 1 + W0(−1/4) = 0.64… > 0",
            ),
            verified=(
                Proposition(
                    gt(stationary_curvature(W0(z_da))),
                    WITH_SOLUTION.restrict(alpha, high_open=True),
                    "W0 gives a local minimum wherever it has a value",
                ),
                Proposition(
                    lt(stationary_curvature(Wm1(z_da))),
                    TWO_SOLUTIONS.restrict(alpha, high_open=True),
                    "W−1 gives the local maximum",
                ),
            ),
            remark="The order is swapped: the principal branch is the minimum. At the end of case 2 (z = −1/e) the "
            "two merge in an inflection point, so no minimum is left there either. The minimum is local "
            "only: the loss falls to −∞ as w → −∞.",
            steps=(
                Step(
                    "At w = W0(z) the second derivative of the loss is λ(1 + w).",
                    eq(sp.diff(loss_da(w), w, 2).subs(w, W0(z_da)), stationary_curvature(W0(z_da))),
                    TWO_SOLUTIONS,
                ),
                Step(
                    "At w = W−1(z) too.",
                    eq(sp.diff(loss_da(w), w, 2).subs(w, Wm1(z_da)), stationary_curvature(Wm1(z_da))),
                    TWO_SOLUTIONS,
                ),
            ),
        ),
        as_printed(
            "cases",
            "App. E",
            "case 1: α ≤ |F|/|R|; case 2: α ≤ |F|/|R| + λ|F|/(e|R_j|); case 3: beyond",
            printed=(
                Proposition(ge(z_da), PRINTED),
                Proposition(ge(sp.E * z_da + 1), TWO_SOLUTIONS),
                Proposition(lt(sp.E * z_da + 1), DOMAIN.restrict(alpha, low=limit, low_open=True)),
            ),
            verified=(
                Proposition(ge(z_da), PRINTED, "one minimum"),
                Proposition(lt(z_da), DOMAIN.restrict(alpha, low=balance, low_open=True), "z < 0"),
                Proposition(ge(sp.E * z_da + 1), WITH_SOLUTION, "W0 has a value"),
                Proposition(
                    lt(sp.E * z_da + 1),
                    DOMAIN.restrict(alpha, low=limit, low_open=True),
                    "no stationary point",
                ),
            ),
            remark="The three cases cover [0, ∞) and their ends are right.",
        ),
    ),
    necessity=(
        Necessity(
            "α ≥ |F|²/(|R|(|F|+|D|))",
            ge(product),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, alpha="1/10"),
                "the turning value is 1/8; at α = 1/10 the DA minimum lies between w^D and w^R",
            ),
            "Needed: below it descent-ascent moves toward the oracle.",
        ),
        Necessity(
            "α ≤ |F|/|R|",
            ge(product),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, alpha="3/4"),
                "w^DA < 0 < w^R < w^D: the DA minimum lies past the oracle",
            ),
            "Needed: above it descent-ascent overshoots the oracle.",
        ),
    ),
    survivors=survivors(
        {
            "characters 1, side 1, number 1 up": "1.01 + W0 > 0 is weaker than 1 + W0 > 0 (the move to 0.99 is killed)",
            "characters 2, side 1, number 1 down": "0.99 + W−1 < 0 is weaker than 1 + W−1 < 0 (the move to 1.01 is killed)",
        }
    ),
    errata=(
        Erratum(
            "§5.1.1",
            "the lemma holds for α ≤ |F|/|R|",
            "the lemma holds for |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R|, and for no other α with a DA minimum",
            corrects=("main-text-range",),
        ),
        Erratum(
            "App. E, case 2",
            "a local maximum and minimum respectively",
            "a local minimum and maximum respectively",
            corrects=("characters",),
        ),
        Erratum(
            "App. E, case 2",
            "solving for ε gives",
            "solving for α gives (the forget fraction is called ε here, e_j in corollary 1 and ε in App. C.3)",
        ),
    ),
)
