r"""Up to which α the retrained model lies above the pretrained one on the correlated pair (§5.1.2, App. H.2).

Fix the sizes and let u = x^R. The pretrained solutions for all α form a curve on which everything is explicit
in x = x^D: the retain pull is r = b·e^{−x} = (|R|/|D|)(u/p)·e^{u−x}, the forget pull φ = (x − p·r)/q, and
α = (φ/b)·e^{q·r + p·φ} increases with x. So x^D = x^R at one α, in closed form; the same works for y. The
printed numbers (6) and (7) come from lemma 7's upper bounds and lie below: (6) always, (7) while α ≤ 1.
"""

from functools import lru_cache

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Proposition, Step, Witness
from ascentcheck.theory.claims import lemma_7, pair
from ascentcheck.theory.claims.pair import (
    AT_MOST_ONE,
    DOMAIN,
    alpha_max_x,
    alpha_max_y,
    alpha_min_x,
    cross,
    forget_by_pulls,
    margin_x,
    margin_y,
    own,
    retain_by_pulls,
    strength,
    x_pretrained,
    x_retrained,
    y_pretrained,
    y_retrained,
)
from ascentcheck.theory.claims.pair_gaps import LESSER_OF_TWO, TWO_LETTERS
from ascentcheck.theory.domain import MODEST, SMALL, Domain, Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, equivalent, ge, gt, lt
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, n_total, pull_retain

v, step, fall, drop = sp.symbols("v step fall drop", real=True)
kept, gone, level, limit, tilt = sp.symbols("kept gone level limit tilt", real=True)

CORRELATED = Range(epsilon, 0, 1, low_open=True)
_TILT = Range(tilt, low_open=True, scale=MODEST)
CURVE = (*positive(kept, gone, scale=MODEST), _TILT)
"""kept = (|R|/|D|)u, gone = (|F|/|D|)u and tilt = (1 + ε²)/(2ε) ≥ 1, with u = x^R = kept + gone."""
u = kept + gone


@lru_cache(maxsize=16)
def alpha_exact_x(x_retrained_: sp.Expr, strength_: sp.Expr) -> sp.Expr:
    """Return the α at which x^D = x^R, for x^R and b = |R_ij|/(λ|D|)."""
    per_sample = x_retrained_ / n_total
    here = {kept: n_retain * per_sample, gone: n_forget * per_sample, tilt: own / cross}
    return scaled_exact.subs(here, simultaneous=True) / (cross * strength_)


def alpha_exact_y(y_retrained_: sp.Expr, strength_: sp.Expr) -> sp.Expr:
    """Return the α at which y^D = y^R, for y^R and b; ε < 1."""
    width = (1 - epsilon**2) ** 2 / own
    retain = W0(strength_ * width * sp.exp(-cross / own * y_retrained_)) / width
    return (y_retrained_ - cross * retain) / (own * strength_) * sp.exp(y_retrained_)


def scaled_alpha(shift: sp.Expr, change: sp.Expr) -> sp.Expr:
    """Return 2εb·α of the pretrained solution x^D = u + shift, with `change` for e^{−shift} − 1."""
    from_retain = kept + kept * change
    from_forget = gone + shift - kept * change
    return from_forget * sp.exp(from_retain / tilt + tilt * from_forget)


scaled_exact = gone * sp.exp(kept / tilt + tilt * gone)
"""2εb times the α at which x^D = x^R."""
scaled_printed = drop * sp.exp(tilt * drop)
"""2εb times (6), with drop = u − W((1 + ε²)b)."""
scaled_strength = kept * sp.exp(u)
"""(1 + ε²)b, from u·e^u = (1 + ε²)|R_ij|/(λ|R|)."""
printed_y = u / tilt * sp.exp(u / tilt) / scaled_strength - 1 / tilt
"""(7): y^R·e^{y^R}/((1 + ε²)b) − 2ε/(1 + ε²)."""
simple_y = (u / kept * sp.exp(u / tilt - u) - 1) / tilt

BEYOND = domain(
    *CURVE, Range(fall, 0, 1, low_open=True, high_open=True), Range(step, fall, scale=SMALL)
).restrict(tilt, low=1, low_open=False)
"""x^D = u + step and fall = 1 − e^{−step}, of which only 0 < fall ≤ step is used."""
WITHIN = domain(
    *CURVE,
    Range(step, 0, gone / (1 + kept), low_open=True, high_open=True),
    Range(fall, step, (gone - step) / kept),
).restrict(tilt, low=1, low_open=False)
"""x^D = u − step and fall = e^{step} − 1, of which only step ≤ fall and φ ≥ 0 are used."""
BRACKET = Range(drop, 0, gone)
"""v = W((1 + ε²)b) has v·e^v = kept·e^u, so kept ≤ v ≤ u."""

_X_LIMIT = tilt * drop * sp.exp(tilt * drop) / (v * sp.exp(v))
_X_PAIR = (*positive(tilt, drop, v, scale=MODEST),)
"""drop = x^R − v."""
FORGET_X = W0(alpha * v * sp.exp(v))
"""The W term of lemma 7's upper bound of x^D, 2ε/(1+ε²)·FORGET_X + v, with v·e^v for (1 + ε²)b."""
_Y_PAIR = (CORRELATED, Range(level, low_open=True, scale=MODEST), Range(limit, scale=MODEST))
"""level = y^R, limit = (7)."""
strength_by_limit = level * sp.exp(level) / (cross + own * limit)
BOUND_Y = pair.upper_y(strength_by_limit, alpha * strength_by_limit)
"""Lemma 7's upper bound of y^D, with (7) and y^R for b."""

EXACT_X = "λ|F|x^R/(2ε|R_ij|)·e^{x^R(2ε|R|/(1+ε²) + (1+ε²)|F|/(2ε))/|D|}"
EXACT_Y = "(y^R − 2εt)e^{y^R}/((1+ε²)b)"
"""The α at which x^R = x^D, and y^R = y^D, as text."""
PRINTED_X = f"{pair.BOUND_TEXTS['alpha_max_x']} = λ|D|Δ₁·e^{{(1+ε²)Δ₁/(2ε)}}/(2ε)"
SOLVED_X = f"{pair.BOUND_TEXTS['alpha_max_x']} ≥ {EXACT_X}"
"""(6) as printed, without |R_ij|, and what it does not solve."""
LETTERS = pair.LETTERS | {"Δ₁": "W((1+ε²)/(λ|R|)) − W((1+ε²)/(λ|D|))", "t": "W(δb·e^{−2εy^R/(1+ε²)})/δ"}


def _up_to(ranges: tuple[Range, ...], end: sp.Expr) -> Domain:
    return domain(*ranges, Range(alpha, 0, end))


def _from(ranges: tuple[Range, ...], end: sp.Expr) -> Domain:
    return domain(*ranges, Range(alpha, end, low_open=True))


BOTH = DOMAIN.restrict(epsilon, low_open=True).restrict(
    alpha, high=sp.Min(alpha_max_x, alpha_max_y, evaluate=False)
)
LARGE = Witness(
    point(n_retain=1, n_forget=3, ridge=1, n_group=1, epsilon="1/2", alpha=2),
    "α = 2 ≤ (7) = 2.009… ≤ (6) = 2.7…, and y^D > y^R",
)
NEGATIVE = domain(
    *(
        Range(s, at, at)
        for s, at in point(n_retain=90, n_forget=10, ridge="1/2", n_group=20, epsilon="3/10").items()
    )
)

X_PART = as_printed(
    "x",
    "§5.1.2, App. H.2",
    "α ≤ α_x^{R>D} of eq. (6) ⇒ x^R ≥ x^D",
    printed=Proposition(
        gt(scaled_alpha(step, -fall), scaled_printed), BEYOND.extend(BRACKET), "x^D > x^R needs α above (6)"
    ),
    verified=(
        Proposition(
            ge(tilt * drop, FORGET_X),
            _up_to(_X_PAIR, _X_LIMIT),
            "up to (6) lemma 7's bound of x^D is below x^R",
        ),
        Proposition(lt(tilt * drop, FORGET_X), _from(_X_PAIR, _X_LIMIT), "beyond (6) it is above x^R"),
    ),
    remark="Right for every α ≥ 0, with |R_ij| put back: α_x = λ|D|Δ·e^{(1+ε²)Δ/(2ε)}/(2ε|R_ij|), Δ = W((1+ε²)|R_ij|/(λ|R|)) − "
    "W((1+ε²)|R_ij|/(λ|D|)). But x^R = x^D can be solved: x^R ≥ x^D exactly for α ≤ λ|F|x^R/(2ε|R_ij|)·"
    "e^{x^R(2ε|R|/(1+ε²) + (1+ε²)|F|/(2ε))/|D|}. As ε → 0 both grow beyond bounds, so any α is below them for small ε.",
    steps=(
        Step(
            "Lemma 7's upper bound is at most x^R exactly up to (6).",
            ge(tilt * drop, FORGET_X),
            _up_to(_X_PAIR, _X_LIMIT),
            origin="App. H.2",
        ),
        Step("v = W((1+ε²)b) lies above (|R|/|D|)x^R.", gt(W0(scaled_strength), kept), domain(*CURVE)),
        Step(
            "The retain pull of x^D = u + s is (|R|/|D|)u·e^{−s}/(1+ε²).",
            eq(scaled_strength * sp.exp(-(u + step)), kept * sp.exp(-step)),
            BEYOND,
        ),
        Step(
            "x^D > x^R only for α above the exact threshold.",
            gt(scaled_alpha(step, -fall), scaled_exact),
            BEYOND,
        ),
        Step("x^D < x^R only for α below it.", lt(scaled_alpha(-step, fall), scaled_exact), WITHIN),
    ),
)

Y_UP_TO_ONE = Proposition(
    gt(own * forget_by_pulls + cross * retain_by_pulls, level * sp.exp(level)),
    AT_MOST_ONE.restrict(epsilon, low_open=True).extend(Range(level, 0, margin_y, high_open=True)),
    "α ≤ 1: y^D > y^R needs α above (7)",
)

Y_PART = open_as_worded(
    "y",
    "§5.1.2, App. H.2",
    "α ≤ min{α_x, α_y} with eq. (7) ⇒ y^R ≥ y^D",
    readings=(
        reading(lemma_7.ASSUMED, Y_UP_TO_ONE),
        reading(
            "as the lemma stands, for every α",
            Proposition(ge(y_retrained, y_pretrained), BOTH),
            LARGE,
        ),
    ),
    formerly=lemma_7.CHARGED_ONCE,
    verified=(
        Proposition(
            ge(level, BOUND_Y),
            _up_to(_Y_PAIR, limit),
            "up to (7) lemma 7's bound of y^D, which needs α ≤ 1, is below y^R",
        ),
        Proposition(lt(level, BOUND_Y), _from(_Y_PAIR, limit), "beyond (7) it is above y^R"),
    ),
    remark="Right for α ≤ min{1, (7)}, where lemma 7 bounds y^D from above. For α > 1 and ε < 1 that bound is below y^D, so that "
    "at α = (7) the conclusion fails. y^R ≥ y^D holds exactly for α ≤ (y − 2εr)e^y/((1+ε²)b) with "
    "y = y^R, r = W(δb·e^{−2εy/(1+ε²)})/δ and δ = (1−ε²)²/(1+ε²). The gap y^R − y^D is never the greater of the two: "
    "x^R − x^D is (1 − ε)²(r^R − r^D + φ^D) more.",
    steps=(
        Step(
            "For α ≤ 1 and y^R < y^D: (1+ε²)αb > y^R·e^{y^R} − 2εb, that is α > (7).",
            Y_UP_TO_ONE.relation,
            Y_UP_TO_ONE.domain,
            origin="App. H.2",
        ),
        Step(
            "y^D at or below y^R for every α up to (6) and (7).",
            ge(y_retrained, y_pretrained),
            BOTH,
            origin="App. H.2",
            witness=LARGE,
        ),
        Step(
            "r is determined by y = y^D: δr·e^{δr} = δb·e^{−2εy/(1+ε²)}.",
            eq(own * margin_x - cross * margin_y, sp.expand((own**2 - cross**2) * pull_retain)),
            pair.PULLS,
        ),
        *LESSER_OF_TWO,
    ),
)

RANGE = open_as_worded(
    "range",
    "App. H.2",
    "for any α < α_y^{R>D} there is a range of ε for which y^R > y^D",
    readings=(
        reading(
            "every α < |F|/|R| is below (7) for ε next to 1, where (7) is |F|/|R|",
            Proposition(
                eq(simple_y, gone / kept),
                domain(*CURVE).restrict(tilt, low=1, high=1, low_open=False),
                "(7) at ε = 1",
            ),
        ),
        reading(
            "at each ε with α < (7), and around it",
            Proposition(
                ge(y_retrained, y_pretrained),
                DOMAIN.restrict(epsilon, low_open=True).restrict(alpha, high=alpha_max_y, high_open=True),
            ),
            LARGE,
        ),
    ),
    verified=(
        Proposition(
            eq(printed_y, simple_y), domain(*CURVE), "(7) is 2ε/(1+ε²)·(|D|/|R|·e^{−(1−ε)²/(1+ε²)·x^R} − 1)"
        ),
        Proposition(lt(alpha_max_y), NEGATIVE, "with λ = 1/2 and ε = 3/10 it is −0.02…, and no α is left"),
    ),
    remark="(7) is 2ε/(1+ε²)·(|D|/|R|·e^{−(1−ε)²/(1+ε²)·x^R} − 1): negative as soon as (1−ε)²/(1+ε²)·x^R > "
    "log(|D|/|R|), for instance for a small ridge, and then the lemma admits no α. It tends to 0 as ε → 0 and "
    "to |F|/|R| as ε → 1, so every α < |F|/|R| has a range of ε next to 1.",
    steps=(
        Step(
            "(7) is at most 2ε/(1+ε²)·|F|/|R|, which it is at ε = 1.",
            gt(gone / (kept * tilt), simple_y),
            domain(*CURVE).restrict(tilt, low=1),
        ),
        Step(
            "Together with lemma 9 no α is left unless (2ε/(1+ε²))² ≥ |F|/(|D|+|F|), whatever the ridge.",
            equivalent(
                sp.Ge(cross / own * n_forget / n_retain - alpha_min_x, 0),
                sp.Ge(cross**2 * (n_total + n_forget) - own**2 * n_forget, 0),
            ),
            DOMAIN.restrict(epsilon, low_open=True),
        ),
    ),
)

CLAIM = Claim(
    name="lemma-10",
    title="Up to which α the retrained model lies above the pretrained one",
    where="§5.1.2, App. H.2",
    idea="For fixed sizes α is an explicit increasing function of x^D, so x^D = x^R can be solved for α.",
    domain=DOMAIN,
    realisable=pair.REALISABLE,
    notation=pair.NOTATION,
    letters=LETTERS,
    meanings=(
        pair.PULLED | TWO_LETTERS,
        {"2ε/(1+ε²)": 1 / tilt, "(1−ε)²/(1+ε²)": 1 - 1 / tilt, "|R|": kept, "|F|": gone, "|D|": u, "x^R": u},
        {"(6)": pair.BOUND_TEXTS["alpha_max_x"], "(7)": pair.BOUND_TEXTS["alpha_max_y"]},
        {"y": "y^R", "r": "W(δb·e^{−2εy/(1+ε²)})/δ", "v": "W((1+ε²)b)"},
    ),
    rests_on=("lemma-6", "lemma-7"),
    summary="(6) is right for every α, (7) only for α ≤ 1; both are printed for |R_ij| = 1. The exact thresholds have closed "
    "forms too, and lie above; at ε = 1, (7) is the exact one, |F|/|R|. For ε < 1, (7) is negative when the ridge is small, and "
    "together with lemma 9 no α at all is left unless (2ε/(1+ε²))² ≥ |F|/(|D|+|F|).",
    statements=(X_PART, Y_PART, RANGE),
    necessity=(
        Necessity("α ≤ 1", ge(y_retrained, y_pretrained), LARGE, "Needed for y^R ≥ y^D, not for x^R ≥ x^D."),
        Necessity(
            "α ≤ (6) or the exact threshold",
            ge(x_retrained, x_pretrained),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, epsilon="9/10", alpha=1),
                "α = 1 is above |F|/|R| and the threshold",
            ),
            "Needed for x^R ≥ x^D, up to the exact threshold.",
            reads="x^R ≥ x^D",
        ),
    ),
    survivors=survivors(
        {
            "y 1, high end of epsilon up": "true as well: the closed forms are identities, for ε > 1 and for any |R|/|D|",
        }
    ),
    errata=(
        Erratum(
            "App. H.2, eq. (6) and (7)",
            "W((ε²+1)/(λR)), W((ε²+1)/(λD)) and Dλ",
            "W((1+ε²)|R_ij|/(λ|R|)), W((1+ε²)|R_ij|/(λ|D|)) and |D|λ/|R_ij|",
            eq(alpha_max_x, alpha_max_x.subs(n_group, 1)),
            Witness(
                point(n_retain=2, n_forget=2, ridge=1, n_group=2, epsilon="1/2", alpha=0),
                f"|R_ij| = 2: {PRINTED_X} is false",
            ),
            reads=PRINTED_X,
        ),
        Erratum(
            "App. H.2",
            "Solving x^R = x^D … (6)",
            "(6) solves 'x^R = lemma 7's upper bound of x^D'; x^R = x^D itself is solved by a larger α",
            ge(alpha_max_x, alpha_exact_x(x_retrained, strength)),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, epsilon="1/2", alpha=0),
                f"(6) is below the solution: {SOLVED_X} is false",
            ),
            reads=SOLVED_X,
        ),
        Erratum(
            "§5.1.2, App. H.2, lemma 10",
            "we have that x^R ≥ x^D and that y^R ≥ y^D",
            "we have that x^R ≥ x^D, and for α ≤ 1 that y^R ≥ y^D",
            corrects=("y",),
        ),
    ),
)
