r"""Bounds, existence and number of the descent-ascent solutions on the correlated pair (§5.1.2, App. H.1).

In the pulls r > 0 (retain) and φ ≥ 0 (forget) a stationary point is x = p·r − q·φ, y = q·r − p·φ, so y ≤ x,
and each printed bound is e^y ≤ e^x again. Existence is another matter. For a fixed retain strength r is a
function of φ, and the forget strength along that curve, c = φ·e^y, rises while the determinant
(1 + p·r)(1 − p·φ) + q²rφ of the Hessian is positive and falls afterwards. The determinant changes sign once.
So below the largest strength (the fold) there is one minimum and one saddle, and above it nothing.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Necessity, Proposition, Step, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import (
    CERTAIN,
    DOMAIN,
    PULLS,
    cross,
    forget_by_pulls_da,
    margin_x_da,
    margin_y_da,
    own,
    retain_by_pulls_da,
    strength_da,
    strength_retrained,
    x_da,
    y_da,
)
from ascentcheck.theory.claims.pair_losses import WEIGHTS, gradient, loss_da, on_forget, on_retain, w_i, w_j
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.expression import Wm1
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, ge, gt, le
from ascentcheck.theory.vocabulary import (
    alpha,
    epsilon,
    n_forget,
    n_group,
    n_retain,
    pull_forget,
    pull_retain,
    ridge,
)

determinant = (1 + own * pull_retain) * (1 - own * pull_forget) + cross**2 * pull_retain * pull_forget
"""det ∇²L_DA / λ² at a stationary point; the matrix has at most one negative eigenvalue."""
spread = (1 - epsilon**2) ** 2
"""p² − q²."""
fold_pull = (1 + own * pull_retain) / (own + spread * pull_retain)
"""The forget pull at which the determinant vanishes, for a given retain pull."""
retain_slope = cross * pull_retain / (1 + own * pull_retain)
"""dr/dφ at fixed retain strength, from r·e^x = a."""


def along_curve(expression: sp.Expr) -> sp.Expr:
    """Return the derivative by φ where the retain strength is fixed, so that r is a function of φ."""
    return sp.diff(expression, pull_forget) + sp.diff(expression, pull_retain) * retain_slope


_BY_PULLS = {
    on_retain: pull_retain * ridge * n_retain / n_group,
    on_forget: pull_forget * ridge * n_forget / (alpha * n_group),
}
"""The exponentials of eq. (1) at a stationary point: r = a·e^{−x} and φ = c·e^{−y}."""
_second = [
    [sp.diff(loss_da, first, second).xreplace(_BY_PULLS) for second in (w_i, w_j)] for first in (w_i, w_j)
]
hessian_determinant = _second[0][0] * _second[1][1] - _second[0][1] * _second[1][0]

BELOW_FOLD = PULLS.restrict(pull_forget, high=fold_pull, high_open=True)
BEYOND_FOLD = PULLS.restrict(pull_forget, low=fold_pull, low_open=True)
BEHIND = domain(Range(epsilon, 0, 1), Range(pull_forget), Range(pull_retain, 0, cross / own * pull_forget))
"""Stationary points with x ≤ 0."""
NONE = Witness(
    point(n_retain=2, n_forget=1, ridge=1, n_group=1, epsilon="1/2", alpha=1),
    "α = 1: the argument is −3/4 < −1/e",
)

_SETTING = (
    Step(
        "The gradient of eq. (1) in w_i is λ(w_i − a·e^{−x} + cε·e^{−y}), a = |R_ij|/(λ|R|), c = α|R_ij|/(λ|F|).",
        gradient(loss_da, w_i, strength_retrained * on_retain - strength_da * epsilon * on_forget),
        DOMAIN.extend(*WEIGHTS),
        origin="App. H",
    ),
    Step(
        "The gradient in w_j is λ(w_j − aε·e^{−x} + c·e^{−y}).",
        gradient(loss_da, w_j, strength_retrained * epsilon * on_retain - strength_da * on_forget),
        DOMAIN.extend(*WEIGHTS),
        origin="App. H",
    ),
    Step("y ≤ x.", ge(margin_x_da, margin_y_da), PULLS, origin="App. H"),
)

X_UPPER = as_printed(
    "x-upper",
    "§5.1.2, App. H.1",
    "x^DA ≤ W(|R_ij|/(λ|R|)·(1+ε²) − |R_ij|/(λ|F|)·2αε)",
    printed=Proposition(
        ge(pair.upper_x_da(retain_by_pulls_da, forget_by_pulls_da), margin_x_da),
        PULLS,
        "every stationary point",
    ),
    verified=(
        Proposition(ge(pair.x_da_upper, x_da), CERTAIN, "the minimum, where c < 1/(e(1+ε²))"),
        Proposition(eq(x_da, pair.x_da_upper), CERTAIN.restrict(epsilon, low=1), "an equality for ε = 1"),
        Proposition(eq(x_da, pair.x_da_upper), DOMAIN.restrict(alpha, high=0), "and for α = 0"),
    ),
    remark="True of every stationary point, on either branch, with W0: z·e^z ≤ A alone gives A ≥ −1/e and "
    "z ≤ W0(A), also for z < −1. Where A < −1/e there is no stationary point. Equality exactly for αε = 0 or ε = 1.",
    steps=(
        *_SETTING,
        Step(
            "x ≤ ((1+ε²)a − 2εc)e^{−x}, since e^{−y} ≥ e^{−x}.",
            ge((own * retain_by_pulls_da - cross * forget_by_pulls_da) * sp.exp(-margin_x_da), margin_x_da),
            PULLS,
            origin="App. H.1",
        ),
        Step(
            "Then x ≤ W0 of that strength, which is real.",
            ge(pair.upper_x_da(retain_by_pulls_da, forget_by_pulls_da), margin_x_da),
            PULLS,
            origin="App. H.1",
        ),
    ),
)

Y_UPPER = as_printed(
    "y-upper",
    "§5.1.2, App. H.1",
    "y^DA ≤ W(|R_ij|/(λ|R|)·2ε − |R_ij|/(λ|F|)·α(1+ε²))",
    printed=Proposition(
        ge(pair.upper_y_da(retain_by_pulls_da, forget_by_pulls_da), margin_y_da),
        PULLS,
        "every stationary point",
    ),
    verified=(
        Proposition(ge(pair.y_da_upper, y_da), CERTAIN, "the minimum, where c < 1/(e(1+ε²))"),
        Proposition(eq(y_da, pair.y_da_upper), CERTAIN.restrict(epsilon, low=1), "an equality for ε = 1"),
    ),
    remark="As for x. Equality exactly for ε = 0 or ε = 1.",
    steps=Step(
        "y ≤ (2εa − (1+ε²)c)e^{−y}, since e^{−x} ≤ e^{−y}.",
        ge((cross * retain_by_pulls_da - own * forget_by_pulls_da) * sp.exp(-margin_y_da), margin_y_da),
        PULLS,
        origin="App. H.1",
    ),
)

EXISTENCE = open_as_worded(
    "existence",
    "§5.1.2",
    "x^DA, y^DA for the DA unlearning scheme: the stationary point",
    readings=(
        reading(
            "where there is a minimum there is one only",
            Proposition(sp.Lt(determinant, 0), BEYOND_FOLD, "beyond the fold: a saddle"),
        ),
        reading(
            "there is a stationary point for every α",
            Proposition(ge(pair.y_da_upper, -1), DOMAIN, "the bound is real everywhere"),
            NONE,
        ),
    ),
    verified=(
        Proposition(sp.Gt(determinant, 0), BELOW_FOLD, "below the fold: the minimum"),
        Proposition(sp.Lt(determinant, 0), BEYOND_FOLD, "beyond the fold: a saddle"),
    ),
    remark="For α = 0 there is one stationary point, for 0 < α below the fold two (a minimum and a saddle), at the "
    "fold one, above it none, and descent-ascent diverges; for ε = 1 the second one is missing while "
    "c ≤ a. c ≤ 1/(e(1+ε²)) is enough for a minimum; 2εa − (1+ε²)c ≥ −1/e is needed. 'The' DA solution is "
    "the minimum. In the equation for y it may lie on the lower branch of W.",
    steps=(
        Step(
            "The determinant of the Hessian of eq. (1) is λ²((1+pr)(1−pφ) + q²rφ), in the pulls.",
            eq(hessian_determinant / ridge**2, determinant),
            DOMAIN.extend(*PULLS.ranges[1:]),
        ),
        Step(
            "At fixed retain strength log r + x is constant: dr/dφ = qr/(1+pr).",
            eq(along_curve(sp.log(pull_retain) + margin_x_da)),
            PULLS,
        ),
        Step(
            "Along that curve log c = log φ + y has the slope det/(φ(1+pr)).",
            eq(
                along_curve(sp.log(pull_forget) + margin_y_da),
                determinant / (pull_forget * (1 + own * pull_retain)),
            ),
            PULLS.restrict(pull_forget, low_open=True),
        ),
        Step("The determinant is 0 at the fold's φ.", eq(determinant.subs(pull_forget, fold_pull)), PULLS),
        Step(
            "φ minus the fold's φ increases along the curve, so the determinant changes sign at most once.",
            gt(along_curve(pull_forget - fold_pull)),
            PULLS,
        ),
        Step(
            "It does change sign for ε < 1: the fold's φ is below (1+ε²)/(1−ε²)².",
            gt(own / spread - fold_pull),
            PULLS.restrict(epsilon, low_open=True, high_open=True),
        ),
        Step(
            "For ε < 1 the strength falls to 0 as φ grows: x ≤ 0 as soon as r ≥ a, that is pr ≤ qφ, and then "
            "y ≤ −(1−ε²)²/(1+ε²)·φ.",
            ge(-spread / own * pull_forget, margin_y_da),
            BEHIND,
        ),
    ),
)

CLAIM = Claim(
    name="lemma-8",
    title="Bounds of the descent-ascent solution on the correlated pair",
    where="§5.1.2, App. H.1",
    idea="y ≤ x gives both bounds; the sign of one determinant gives the number of stationary points.",
    domain=DOMAIN,
    realisable=pair.REALISABLE,
    notation=(*pair.NOTATION, *pair.BY_PULLS_DA),
    meanings=(pair.WEIGHED, pair.PULLED_DA, {"det": "(1+(1+ε²)r)(1−(1+ε²)φ) + 4ε²rφ", "p": own, "q": cross}),
    letters=pair.LETTERS | {"A": "r·e^{x(r, −φ)}", "C": "φ·e^{y(r, −φ)}"},
    rests_on=("lambert-eq",),
    summary="Both bounds hold for every descent-ascent stationary point, with the principal branch of W. The lemma is "
    "silent on existence: there are 2, 1 or 0 stationary points as α grows, at most one of them a minimum, and "
    "for large α descent-ascent has nothing to converge to.",
    statements=(X_UPPER, Y_UPPER, EXISTENCE),
    necessity=(
        Necessity(
            "W is the principal branch",
            ge(Wm1(cross * retain_by_pulls_da - own * forget_by_pulls_da), margin_y_da),
            Witness(
                point(epsilon="1/2", pull_retain="1/10", pull_forget="1/5"),
                "a stationary point with a negative argument of W",
            ),
            "Needed: W−1 gives a number below y^DA, so that W−1(2εA − (1+ε²)C) ≥ y(r, −φ) is false.",
            reads="W−1(2εA − (1+ε²)C) ≥ y(r, −φ)",
        ),
        Necessity(
            "the minimum lies on the principal branch of the y equation",
            le(own * pull_forget, 1),
            Witness(
                point(epsilon="1/2", pull_retain=1, pull_forget=1),
                "a minimum (the determinant is 5/16 > 0) with (1+ε²)φ = 5/4 > 1",
            ),
            "Not so, (1+ε²)φ ≤ 1 is false: −(1+ε²)φ is W−1, not W0, of −(1+ε²)c·e^{−2εr} there.",
            reads="(1+ε²)φ ≤ 1",
        ),
        Necessity(
            "α small enough",
            ge(pair.y_da_upper, -1),
            NONE,
            "Needed for a stationary point to exist, not for the bounds.",
        ),
    ),
    survivors=survivors(
        {
            "y-upper 1, term 1, number 3 up": "ε^2.02 ≤ ε² makes the upper bound larger, a weaker statement (ε^1.98 is killed)",
        }
    ),
)
