r"""When descent-ascent lies below the pretrained model on the correlated pair (§5.1.2, App. H.2).

The paper compares lemma 7's lower bounds with lemma 8's upper bounds. The one of x needs α ≤ 1. Here is a
proof that does not. Let r, φ be the pulls of the pretrained model and r', φ' those of descent-ascent. The two
equations for x differ by p(r − r') + q(φ + φ') + (x' − x) = 0. Assume x' > x. Then r and φ are so large, by
r = (|R|/|D|)·r'·e^{x'−x} and its like, that for α at or above the first number of the lemma the left side is
positive. Hence x ≥ x'. And then y ≥ y' follows with no condition on α at all: the second number is not needed.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Necessity, Proposition, Step, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import (
    DOMAIN,
    alpha_min_x,
    alpha_min_y,
    cross,
    own,
    strength,
    strength_da,
    strength_retrained,
    x_da,
    x_pretrained,
)
from ascentcheck.theory.claims.pair_gaps import LESSER_OF_TWO, TWO_LETTERS
from ascentcheck.theory.domain import MODEST, SMALL, Domain, Range, domain
from ascentcheck.theory.kit import as_printed, point, repaired, survivors
from ascentcheck.theory.relations import eq, equivalent, ge, gt
from ascentcheck.theory.vocabulary import (
    alpha,
    epsilon,
    n_forget,
    n_group,
    n_retain,
    n_total,
    pull_forget,
    pull_retain,
    ridge,
)

pull_retain_da, pull_forget_da = sp.symbols("pull_retain_da pull_forget_da", real=True)
lead, gain, ratio, excess = sp.symbols("lead gain ratio excess", real=True)

SIZES = DOMAIN.ranges[:2]
CORRELATED = Range(epsilon, 0, 1, low_open=True)
ENOUGH_X = DOMAIN.restrict(epsilon, low_open=True).restrict(alpha, low=alpha_min_x)
_PULL = Range(pull_retain_da, low_open=True, scale=MODEST)
_LEAD = Range(lead, low_open=True, scale=SMALL)
_RATIO, _EXCESS = Range(ratio, 1, scale=SMALL), Range(excess, 1, scale=SMALL)

CASES = domain(*SIZES, CORRELATED, Range(alpha, alpha_min_x), _PULL, _LEAD, _RATIO, _EXCESS)
"""x^DA − x^D = lead > 0. Where y^D ≤ x^DA: ratio = e^{x^DA − y^D} and excess = e^{x^DA − y^DA}. Where
y^D > x^DA: ratio = e^{y^D − x^DA} and excess = e^{(x^DA − y^DA) − (y^D − x^D)}."""
SECOND = domain(
    *SIZES,
    CORRELATED,
    Range(alpha, alpha_min_y),
    Range(pull_forget_da, low_open=True, scale=MODEST),
    _LEAD,
    Range(pull_retain, scale=MODEST),
    _EXCESS,
)
"""y^DA − y^D = lead > 0, excess = e^{x^DA − y^DA}."""


def difference(from_forget: sp.Expr, from_forget_da: sp.Expr) -> sp.Expr:
    """Return the difference of the two x equations: 0 for stationary points. The rest is in units of r'."""
    by_retain = own * (n_retain / n_total * sp.exp(lead) - 1)
    by_forget = cross * alpha * n_retain * (from_forget / n_total + from_forget_da / n_forget)
    return pull_retain_da * (by_retain + by_forget) + lead


def by_strengths(from_forget: sp.Expr, from_forget_da: sp.Expr) -> sp.Expr:
    """Return p(r − r') + q(φ + φ') + (x' − x), pulls by the strengths; e^{x'−y} and e^{x'−y'} are the arguments."""
    scale = pull_retain_da / strength_retrained
    retain = strength * sp.exp(lead) * scale
    forget, forget_da = alpha * strength * from_forget * scale, strength_da * from_forget_da * scale
    return own * (retain - pull_retain_da) + cross * (forget + forget_da) + lead


FIRST_CASE = difference(ratio, excess)
SECOND_CASE = difference(1 / ratio, ratio * excess * sp.exp(lead))
Y_SIDES = (
    alpha * (cross * pull_retain + pull_forget_da * own * (n_forget / n_total * sp.exp(lead) + 1) + lead),
    pull_forget_da * cross * n_forget / n_retain / excess,
)
"""α times the two parts of the difference of the two y equations."""

_scale_da = pull_forget_da / strength_da
_retain_da = strength_retrained * _scale_da / excess
"""r' in units of φ', with excess = e^{x'−y'}."""


def _sharp(domain: Domain, threshold: sp.Expr) -> Domain:
    """Return the corner at which a difference is 0: α at its threshold, everything else gone."""
    corner = domain.restrict(lead, high=0, low_open=False).restrict(excess, high=1)
    for symbol in {ratio, pull_retain} & set(domain.symbols):
        corner = corner.restrict(symbol, high=1 if symbol == ratio else 0)
    return corner.restrict(alpha, high=threshold)


X_PART = repaired(
    "x",
    "§5.1.2, App. H.2",
    "α ≥ (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|)) ⇒ x^D ≥ x^DA",
    printed=(
        Proposition(gt(FIRST_CASE), CASES, "x^DA > x^D is impossible where y^D ≤ x^DA"),
        Proposition(gt(SECOND_CASE), CASES, "x^DA > x^D is impossible where y^D > x^DA"),
    ),
    verified=(
        Proposition(gt(FIRST_CASE), CASES, "x^DA > x^D contradicts the equations: y^D ≤ x^DA"),
        Proposition(gt(SECOND_CASE), CASES, "and where y^D > x^DA"),
        *(Proposition(eq(case), _sharp(CASES, alpha_min_x), "sharp") for case in (FIRST_CASE, SECOND_CASE)),
    ),
    remark="True for every α at or above the number and every DA stationary point (existence is a hypothesis). The "
    "printed proof covers α ≤ 1 only, as it uses the lower bound of x^D; for |F|² > |R|(|D|+|F|) that leaves "
    "nothing. The number cannot be lowered: as λ grows, x^D = x^DA at it to first order.",
    steps=(
        Step(
            "Lemma 7's lower bound of x^D.",
            ge(x_pretrained, pair.x_lower),
            ENOUGH_X,
            origin="App. H.2",
            witness=Witness(
                point(n_retain=1, n_forget=2, ridge=1, n_group=1, epsilon="1/2", alpha=2),
                "α = 2 > 1 = (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|)), and x^D is below the bound",
            ),
        ),
        Step(
            "The lower bound of x^D is at or above the upper bound of x^DA exactly from the number on.",
            equivalent(
                sp.Ge(
                    strength * (own + 2 * alpha * epsilon) - (own * strength_retrained - cross * strength_da),
                    0,
                ),
                sp.Ge(alpha - alpha_min_x, 0),
            ),
            DOMAIN.restrict(epsilon, low_open=True),
            origin="App. H.2",
        ),
        Step(
            "The two equations for x differ by p(r − r') + q(φ + φ') + (x' − x).",
            eq(
                own * pull_retain + cross * pull_forget - (own * pull_retain_da - cross * pull_forget_da),
                own * (pull_retain - pull_retain_da) + cross * (pull_forget + pull_forget_da),
            ),
            domain(CORRELATED, Range(pull_retain), Range(pull_forget), _PULL, Range(pull_forget_da)),
        ),
        *(
            Step(
                f"In units of r', by r = b·e^{{−x}}, φ = αb·e^{{−y}}, r' = a·e^{{−x'}} and φ' = c·e^{{−y'}}: {says}.",
                eq(by_strengths(before, after), case),
                CASES.extend(Range(n_group, low_open=True), Range(ridge, low_open=True)),
            )
            for says, before, after, case in (
                ("the case y^D ≤ x^DA", ratio, excess, FIRST_CASE),
                ("the case y^D > x^DA", 1 / ratio, ratio * excess * sp.exp(lead), SECOND_CASE),
            )
        ),
        Step(
            "Where y^D > x^DA ≥ y^DA: φ' ≥ φ, so x' − y' = (1−ε)²(r' + φ') ≥ (1−ε)²(φ − r) = y − x.",
            ge(
                (1 - epsilon) ** 2 * (pull_retain_da + n_total / n_forget * sp.exp(gain) * pull_forget)
                - (1 - epsilon) ** 2 * (pull_forget - pull_retain)
            ),
            domain(*SIZES, CORRELATED, Range(pull_retain), Range(pull_forget), _PULL, Range(gain)),
        ),
    ),
)

Y_PART = as_printed(
    "y",
    "§5.1.2, App. H.2",
    "α ≥ 2ε/(1+ε²)·|F||D|/(|R|(|D|+|F|)) ⇒ y^D ≥ y^DA",
    printed=Proposition(gt(*Y_SIDES), SECOND, "y^DA > y^D contradicts the equations"),
    verified=(
        Proposition(gt(*Y_SIDES), SECOND, "y^DA > y^D contradicts the equations"),
        Proposition(eq(*Y_SIDES), _sharp(SECOND, alpha_min_y), "sharp"),
    ),
    remark="The bounds that the printed proof uses for y hold for every α. But the number is not needed in the lemma: "
    "x^D ≥ x^DA implies y^D ≥ y^DA, so α ≥ (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|)) is enough for both. The gap of x is never the "
    "greater: (y^D − y^DA) − (x^D − x^DA) is (1 − ε)²(r' − r + φ + φ').",
    steps=(
        *LESSER_OF_TWO,
        Step(
            "The lower bound of y^D is at or above the upper bound of y^DA exactly from the number on.",
            equivalent(
                sp.Ge(alpha * own * strength - (cross * strength_retrained - own * strength_da), 0),
                sp.Ge(alpha - alpha_min_y, 0),
            ),
            DOMAIN,
            origin="App. H.2",
        ),
        Step(
            "By φ = αb·e^{−y}, φ' = c·e^{−y'} and r' = a·e^{−x'}: the two sides, divided by α, differ by "
            "q(r − r') + p(φ + φ') + (y' − y).",
            eq(
                cross * (pull_retain - _retain_da)
                + own * (alpha * strength * sp.exp(lead) * _scale_da + pull_forget_da)
                + lead,
                (Y_SIDES[0] - Y_SIDES[1]) / alpha,
            ),
            SECOND.restrict(alpha, low_open=True).extend(
                Range(n_group, low_open=True), Range(ridge, low_open=True)
            ),
        ),
        Step(
            "q(y − y') − p(x − x') = (p² − q²)(r' − r).",
            eq(
                cross * (cross * (pull_retain - pull_retain_da) + own * (pull_forget + pull_forget_da))
                - own * (own * (pull_retain - pull_retain_da) + cross * (pull_forget + pull_forget_da)),
                (own**2 - cross**2) * (pull_retain_da - pull_retain),
            ),
            domain(CORRELATED, Range(pull_retain), Range(pull_forget), _PULL, Range(pull_forget_da)),
        ),
        Step(
            "If x^D ≥ x^DA then r' = (|D|/|R|)·r·e^{x−x'} > r: hence y^D ≥ y^DA, whatever α is.",
            gt(n_total / n_retain * pull_retain * sp.exp(gain) - pull_retain),
            domain(*SIZES, Range(pull_retain, low_open=True), Range(gain)),
        ),
    ),
)

_WHATEVER = "the term is ≥ 0 whatever its factor, and the inequality is sharp where the retain pull is 0"

CLAIM = Claim(
    name="lemma-9",
    title="From which α on descent-ascent lies below the pretrained model",
    where="§5.1.2, App. H.2",
    idea="Assume x^DA > x^D; the equations then force α below the first number of the lemma.",
    domain=DOMAIN,
    realisable=pair.REALISABLE,
    notation=pair.NOTATION,
    letters=pair.LETTERS,
    meanings=(
        pair.PULLED | TWO_LETTERS,
        pair.PULLED
        | {"r'": pull_retain_da, "φ'": pull_forget_da, "x'": "pr' − qφ'", "y'": "qr' − pφ'"}
        | {"a": "r'·e^{x'}", "c": "φ'·e^{y'}"},
    ),
    rests_on=("lemma-7", "lemma-8"),
    summary="The lemma holds for every α from its first number on, wherever descent-ascent has a stationary point; the "
    "printed proof reaches α ≤ 1 only. The second number is superfluous, because x^D ≥ x^DA implies y^D ≥ y^DA. "
    "|R_ij| and the ridge do not enter. For ε → 0 the first number is infinite, so the lemma says nothing there.",
    statements=(X_PART, Y_PART),
    survivors=survivors(
        {
            "y 1, term 1, number 1 down": _WHATEVER,
            "y 1, term 1, number 1 up": _WHATEVER,
        }
    ),
    necessity=(
        Necessity(
            "α ≥ (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|))",
            ge(x_pretrained, x_da),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1000, n_group=1, epsilon="1/2", alpha="99/640"),
                "λ = 1000 and α = 99/640 = 99/100·(1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|))",
            ),
            "Needed for x^D ≥ x^DA, and sharp as λ grows.",
            reads="x^D ≥ x^DA",
        ),
        Necessity(
            "α ≥ the second number", None, None, "Not needed: the condition on x implies both conclusions."
        ),
        Necessity("α ≤ 1", None, None, "Not needed, but the printed proof uses it."),
        Necessity(
            "a DA stationary point exists",
            ge(pair.y_da_upper, -1),
            Witness(
                point(n_retain=2, n_forget=1, ridge=1, n_group=1, epsilon="1/2", alpha=1),
                "α = 1 is above both numbers, and no DA solution exists",
            ),
            "A hypothesis: x^DA and y^DA mean nothing without it; not even the bound W(2εa − (1+ε²)c) ≥ −1 does.",
            reads="W(2εa − (1+ε²)c) ≥ −1",
        ),
    ),
)
