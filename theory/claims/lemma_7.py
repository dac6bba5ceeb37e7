r"""Bounds of the pretrained solution on the correlated pair (§5.1.2, App. H.1).

In the pulls r and φ the solution is x = p·r + q·φ, y = q·r + p·φ, with b = r·e^x and αb = φ·e^y. Each bound
by W is then an inequality between exponentials of x and y. Two of them need only r, φ ≥ 0 and hold for every
α; the other two are the inequality e^{−x} ≤ e^{−y} again, that is y ≤ x, that is α ≤ 1 (lemma-12).
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Proposition, Step, Verdict, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import (
    AT_MOST_ONE,
    DOMAIN,
    PULLS,
    cross,
    forget_by_pulls,
    margin_x,
    margin_y,
    own,
    retain_by_pulls,
    strength,
    x_pretrained,
    y_pretrained,
)
from ascentcheck.theory.claims.pair_gaps import LEAST_OF_FOUR, lead, part
from ascentcheck.theory.claims.pair_losses import (
    WEIGHTS,
    gradient,
    loss_pretrained,
    on_forget,
    on_retain,
    w_i,
    w_j,
)
from ascentcheck.theory.domain import Range
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, ge
from ascentcheck.theory.vocabulary import alpha, epsilon, n_total, pull_forget, pull_retain, ridge

share = sp.Symbol("share", real=True)

AT_MOST = DOMAIN.restrict(alpha, high=1)
ABOVE = DOMAIN.restrict(alpha, low=1, low_open=True).restrict(epsilon, low_open=True, high_open=True)
WITH_SHARE = PULLS.extend(Range(share, cross * pull_forget))
"""`share` stands for any upper bound of what the forget samples add to x."""

_SETTING = (
    Step(
        "The gradient of eq. (1) in w_i is λ(w_i − b(e^{−x} + αε·e^{−y})).",
        gradient(loss_pretrained, w_i, strength * (on_retain + alpha * epsilon * on_forget)),
        DOMAIN.extend(*WEIGHTS),
        origin="App. H",
    ),
    Step(
        "The gradient in w_j is λ(w_j − b(ε·e^{−x} + α·e^{−y})).",
        gradient(loss_pretrained, w_j, strength * (epsilon * on_retain + alpha * on_forget)),
        DOMAIN.extend(*WEIGHTS),
        origin="App. H",
    ),
    Step(
        "So w = r·(1, ε) + φ·(ε, 1), and x = w_i + εw_j is (1 + ε²)r + 2εφ.",
        eq(pull_retain + epsilon * pull_forget + epsilon * (epsilon * pull_retain + pull_forget), margin_x),
        PULLS,
        origin="App. H",
    ),
)

_at_one = cross / (1 + epsilon) ** 2 * pair.shared(strength)
"""s for α = 1."""

ASSUMED = "with y^D ≤ x^D, which App. H assumes from before its proof on"
CHARGED_ONCE = Verdict.FALSE, "App. H assumes α ≤ 1 from there on, and is charged with it once, in lemma-12"
"""Where a lemma needs α ≤ 1, which App. H calls no loss of generality."""

X_LOWER = open_as_worded(
    "x-lower",
    "§5.1.2, App. H.1",
    "W(|R_ij|/(λ|D|)·((1+ε²)+2αε)) ≤ x^D",
    readings=(
        reading(ASSUMED, Proposition(ge(x_pretrained, pair.x_lower), AT_MOST, "for α ≤ 1")),
        reading(
            "as the lemma stands, for every α",
            Proposition(ge(x_pretrained, pair.x_lower), DOMAIN, reads="W(|R_ij|/(λ|D|)·((1+ε²)+2αε)) ≤ x^D"),
            Witness(
                point(n_retain=1, n_forget=2, ridge=1, n_group=1, epsilon="1/2", alpha=2),
                "α = 2: y^D > x^D, and x^D is below the bound",
            ),
        ),
    ),
    verified=(
        Proposition(ge(x_pretrained, pair.x_lower), AT_MOST, "for α ≤ 1"),
        Proposition(sp.Lt(x_pretrained, pair.x_lower), ABOVE, "for α > 1 and 0 < ε < 1 it is an upper bound"),
    ),
    remark="Right exactly for α ≤ 1 (or ε = 0 or 1, where it is an equality). 'Without loss of generality y^D ≤ x^D' "
    "is the hypothesis α ≤ 1: exchanging the samples exchanges the retain and the forget set.",
    formerly=CHARGED_ONCE,
    steps=(
        *_SETTING,
        Step("y ≤ x.", ge(margin_x, margin_y), AT_MOST_ONE, origin="App. H, without loss"),
        Step(
            "x ≥ b((1+ε²) + 2αε)e^{−x}, since e^{−y} ≥ e^{−x}.",
            ge(margin_x, (own * retain_by_pulls + cross * forget_by_pulls) * sp.exp(-margin_x)),
            AT_MOST_ONE,
            origin="App. H.1",
        ),
        Step(
            "Without α ≤ 1 the order of x and y is not given.",
            ge(x_pretrained, y_pretrained),
            DOMAIN,
            origin="App. H, without loss",
            witness=Witness(
                point(n_retain=1, n_forget=2, ridge=1, n_group=1, epsilon="1/2", alpha=2), "α = 2: y^D > x^D"
            ),
        ),
        *LEAST_OF_FOUR,
    ),
)

X_UPPER = as_printed(
    "x-upper",
    "§5.1.2, App. H.1",
    "x^D ≤ 2ε/(1+ε²)·W(α(1+ε²)|R_ij|/(λ|D|)) + W((1+ε²)|R_ij|/(λ|D|))",
    printed=Proposition(
        ge(pair.x_upper, x_pretrained),
        DOMAIN,
        reads="x^D ≤ 2ε/(1+ε²)·W(α(1+ε²)|R_ij|/(λ|D|)) + W((1+ε²)|R_ij|/(λ|D|))",
    ),
    verified=(
        Proposition(ge(pair.x_upper, x_pretrained), DOMAIN, "for every α"),
        Proposition(ge(pair.shared(strength), x_pretrained), AT_MOST, "for α ≤ 1 also x^D ≤ W(b(1+ε)²)"),
        Proposition(
            eq(x_pretrained, W0(own * strength)), DOMAIN.restrict(alpha, high=0), "an equality for α = 0"
        ),
        Proposition(
            eq(x_pretrained, pair.shared(strength)),
            DOMAIN.restrict(alpha, low=1, high=1),
            "an equality for α = 1",
        ),
    ),
    remark="Right for every α; the factor e^{…} ≤ 1 that the last line drops makes it weaker, not wrong. Equality exactly for "
    "αε = 0. For α ≤ 1, s + W((1+ε²)b·e^{−s}) with s = 2ε/(1+ε)²·W(αb(1+ε)²) is a bound too, exact at α = 0 and at α = 1.",
    steps=(
        Step(
            "e^{−W(z)} = W(z)/z.",
            eq(own * alpha * strength * sp.exp(-W0(own * alpha * strength)), W0(own * alpha * strength)),
            DOMAIN,
            origin="App. H.1",
        ),
        Step(
            "What the forget samples add to x is at most 2ε/(1+ε²)·W(αb(1+ε²)).",
            ge(cross / own * W0(own * forget_by_pulls), cross * pull_forget),
            PULLS,
            origin="App. H.1",
        ),
        Step(
            "x ≤ s + (1+ε²)b·e^{−x} gives x ≤ s + W((1+ε²)b·e^{−s}).",
            ge(share + W0(own * retain_by_pulls * sp.exp(-share)), margin_x),
            WITH_SHARE,
            origin="App. H.1",
        ),
        Step(
            "Dropping the factor e^{−s} ≤ 1 makes the bound larger.",
            ge(W0(own * retain_by_pulls), W0(own * retain_by_pulls * sp.exp(-share))),
            WITH_SHARE,
            origin="App. H.1",
        ),
        Step(
            "For α ≤ 1 what they add is at most 2ε/(1+ε)²·W(αb(1+ε)²): a better s.",
            ge(cross / (1 + epsilon) ** 2 * pair.shared(forget_by_pulls), cross * pull_forget),
            AT_MOST_ONE,
        ),
        Step(
            "It is exact at α = 1: with X = W(b(1+ε)²) and s = 2ε/(1+ε)²·X, W((1+ε²)b·e^{−s}) is X − s.",
            eq(
                own * strength * sp.exp(-_at_one),
                (pair.shared(strength) - _at_one) * sp.exp(pair.shared(strength) - _at_one),
            ),
            DOMAIN,
        ),
    ),
)

Y_LOWER = as_printed(
    "y-lower",
    "§5.1.2, App. H.1",
    "W(α(1+ε²)|R_ij|/(λ|D|)) ≤ y^D",
    printed=Proposition(ge(y_pretrained, pair.y_lower), DOMAIN, reads="W(α(1+ε²)|R_ij|/(λ|D|)) ≤ y^D"),
    verified=(
        Proposition(ge(y_pretrained, pair.y_lower), DOMAIN, "for every α"),
        Proposition(
            ge(y_pretrained, pair.shared(alpha * strength)), AT_MOST, "for α ≤ 1 even W(αb(1+ε)²) ≤ y^D"
        ),
        Proposition(
            eq(y_pretrained, pair.shared(alpha * strength)),
            DOMAIN.restrict(alpha, low=1, high=1),
            "an equality for α = 1",
        ),
    ),
    remark="Right for every α, with equality exactly for ε = 0. For α ≤ 1 the bound W(αb(1+ε)²) is as simple, "
    "better, and exact at α = 1.",
    steps=Step(
        "y ≥ αb(1+ε²)e^{−y}, since 2εb·e^{−x} ≥ 0.",
        ge(margin_y, own * forget_by_pulls * sp.exp(-margin_y)),
        PULLS,
        origin="App. H.1",
    ),
)

Y_UPPER = open_as_worded(
    "y-upper",
    "§5.1.2, App. H.1",
    "y^D ≤ W(|R_ij|/(λ|D|)·(2ε+α(1+ε²)))",
    readings=(
        reading(ASSUMED, Proposition(ge(pair.y_upper, y_pretrained), AT_MOST, "for α ≤ 1")),
        reading(
            "as the lemma stands, for every α",
            Proposition(ge(pair.y_upper, y_pretrained), DOMAIN, reads="y^D ≤ W(|R_ij|/(λ|D|)·(2ε+α(1+ε²)))"),
            Witness(
                point(n_retain=1, n_forget=2, ridge=1, n_group=1, epsilon="1/2", alpha=2),
                "α = 2: y^D is above the bound",
            ),
        ),
    ),
    verified=(
        Proposition(ge(pair.y_upper, y_pretrained), AT_MOST, "for α ≤ 1"),
        Proposition(sp.Gt(y_pretrained, pair.y_upper), ABOVE, "for α > 1 and 0 < ε < 1 it is a lower bound"),
    ),
    remark="Right exactly for α ≤ 1 (or ε = 0 or 1, where it is an equality).",
    formerly=CHARGED_ONCE,
    steps=Step(
        "y ≤ b(2ε + α(1+ε²))e^{−y}, since e^{−x} ≤ e^{−y}.",
        ge((cross * retain_by_pulls + own * forget_by_pulls) * sp.exp(-margin_y), margin_y),
        AT_MOST_ONE,
        origin="App. H.1",
    ),
)

_TWO = Witness(point(n_retain=2, n_forget=2, ridge=1, n_group=2, epsilon="1/2", alpha=1), "|R_ij| = 2")

CLAIM = Claim(
    name="lemma-7",
    title="Bounds of the pretrained solution on the correlated pair",
    where="§5.1.2, App. H.1",
    idea="In the pulls each bound compares two exponentials: α ≤ 1 says that y ≤ x.",
    domain=DOMAIN,
    realisable=pair.REALISABLE,
    notation=(*pair.NOTATION, *pair.BY_PULLS),
    letters=pair.LETTERS,
    meanings=(
        pair.WEIGHED,
        pair.PULLED | {"s": share, "u": lead, "D": part},
        pair.PULLED | {"D": "2εφ(1 − e^{y−x})"},
        {"X": "W(b(1+ε)²)", "s": "2ε/(1+ε)²·X"},
    ),
    rests_on=("lambert-eq", "lemma-12"),
    summary="Two of the four bounds hold for every α: the upper one of x and the lower one of y. The other two hold "
    "exactly for α ≤ 1 and turn round for α > 1, so the lemma needs |F_ij| ≤ |R_ij|, which 'without loss of "
    "generality' hides. For α ≤ 1, y^D ≥ W(αb(1+ε)²) is a better bound that is as simple. So is x^D ≤ W(b(1+ε)²) next to "
    "α = 1, where it is exact; for small α the printed bound is the better one.",
    statements=(X_LOWER, X_UPPER, Y_LOWER, Y_UPPER),
    necessity=(
        Necessity(
            "α ≤ 1",
            ge(x_pretrained, pair.x_lower),
            Witness(
                point(n_retain=100, n_forget=101, ridge=1, n_group=100, epsilon="1/2", alpha="101/100"),
                "α = 101/100",
            ),
            "Needed for the lower bound of x and the upper bound of y, not for the other two.",
        ),
        Necessity(
            "W(b(1+ε)²) in place of the printed upper bound of x",
            ge(pair.x_upper, pair.shared(strength)),
            Witness(
                point(n_retain=1, n_forget=1, ridge="1/2", n_group=1, epsilon="1/2", alpha="1/4"),
                "b = 1, ε = 1/2, α = 1/4: 0.9077 against 0.8473",
            ),
            f"Not always better: {pair.BOUND_TEXTS['x_pretrained_upper']} ≥ W(b(1+ε)²) is false for small α.",
            reads=f"{pair.BOUND_TEXTS['x_pretrained_upper']} ≥ W(b(1+ε)²)",
        ),
        Necessity(
            "ε ≥ 0",
            ge(margin_y, pair.lower_y(forget_by_pulls)),
            Witness(
                point(epsilon="-1/2", pull_retain=1, pull_forget=1),
                "ε = −1/2: the retain samples push y below the bound",
            ),
            "For ε < 0 the lower bound of y, 2εr + (1+ε²)φ ≥ W((1+ε²)φ·e^{2εr + (1+ε²)φ}), fails. ε ≤ 1 is not needed.",
            reads="2εr + (1+ε²)φ ≥ W((1+ε²)φ·e^{2εr + (1+ε²)φ})",
        ),
    ),
    survivors=survivors(
        {
            "x-upper 1, side 1, number 1 up": "a larger upper bound is a weaker statement (the other move is killed)",
            "x-upper 1, side 1, number 2 down": "a larger upper bound is a weaker statement (the other move is killed)",
            "x-upper 1, side 1, number 3 up": "a larger upper bound is a weaker statement (the other move is killed)",
        }
    ),
    errata=(
        Erratum(
            "App. H.1, proof of lemma 7, first display",
            "x^D = 1/(λ|D|)·((1+ε²)e^{−x^D} + 2αε·e^{−y^D})",
            "x^D = |R_ij|/(λ|D|)·((1+ε²)e^{−x^D} + 2αε·e^{−y^D}), and the same factor in y^D",
            eq(
                x_pretrained,
                (own * sp.exp(-x_pretrained) + 2 * alpha * epsilon * sp.exp(-y_pretrained))
                / (ridge * n_total),
            ),
            _TWO,
            reads="x^D = 1/(λ|D|)·((1+ε²)e^{−x^D} + 2αε·e^{−y^D})",
        ),
        Erratum(
            "App. H.1, proof of lemma 7, bound of y^D",
            "y^D ≤ b(2ε + α(1+ε²))e^{−y^D} = b(2ε + α(1+ε)²)e^{−y^D}",
            "y^D ≤ b(2ε + α(1+ε²))e^{−y^D}",
            eq(
                strength * (cross + alpha * own) * sp.exp(-y_pretrained),
                strength * (cross + alpha * (1 + epsilon) ** 2) * sp.exp(-y_pretrained),
            ),
            _TWO,
            reads="b(2ε + α(1+ε²))e^{−y^D} = b(2ε + α(1+ε)²)e^{−y^D}",
        ),
        Erratum(
            "App. H.1, proof of lemma 7, bound of x^D",
            "x^D ≤ (1+ε²)b·e^{−x^D} + 2ε/(1+ε²)·W(α(1+ε²)/(λ|D|))",
            "x^D ≤ (1+ε²)b·e^{−x^D} + 2ε/(1+ε²)·W(α(1+ε²)|R_ij|/(λ|D|))",
            ge(
                own * strength * sp.exp(-x_pretrained) + cross / own * W0(alpha * own / (ridge * n_total)),
                x_pretrained,
            ),
            Witness(
                point(n_retain=100, n_forget=100, ridge=1, n_group=100, epsilon="1/2", alpha=1),
                "|R_ij| = 100",
            ),
            reads="x^D ≤ (1+ε²)b·e^{−x^D} + 2ε/(1+ε²)·W(α(1+ε²)/(λ|D|))",
        ),
        Erratum(
            "§5.1.2, App. H.1, lemma 7",
            "For the stationary points of the original set, one can derive the following ranges",
            "for the stationary points of the original set, and α ≤ 1 in the lower bound of x^D and the upper one of y^D, …",
            corrects=("x-lower", "y-upper"),
        ),
    ),
)
