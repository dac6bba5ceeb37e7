r"""The windows of figure 4: for which α lemmas 9 and 10 together promise that descent-ascent harms (§5.1.2).

Between the larger number of lemma 9 and the smaller one of lemma 10 all of (x^R, y^R) ≥ (x^D, y^D) ≥ (x^DA, y^DA) is
promised. The paper does not say for which ridge the figure is drawn, and everything depends on it: the window is never
longer than |F|²/(|R|(|D| + |F|)), is empty for a small ridge, and for a large one covers the ε with
2ε/(1 + ε²) ≥ √(|F|/(|D| + |F|)): fewer of them as the forget fraction grows.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Proposition, Quoted, Step, Verdict, Witness
from ascentcheck.theory.claims import lemma_9, lemma_10, pair
from ascentcheck.theory.claims.lemma_10 import gone, kept, simple_y, tilt
from ascentcheck.theory.claims.pair import (
    DOMAIN,
    REALISABLE,
    alpha_max_x,
    alpha_max_y,
    alpha_min_x,
    alpha_min_y,
)
from ascentcheck.theory.domain import TINY, Domain, Range, domain, positive
from ascentcheck.theory.kit import (
    false_in_every_reading,
    figures,
    only_point,
    open_as_worded,
    point,
    reading,
    survivors,
)
from ascentcheck.theory.relations import ge, gt, le, lt
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, ridge

SIZES = domain(*positive(kept, gone, scale=TINY), Range(tilt, 1, scale=TINY))
"""kept : gone = |R| : |F|, kept + gone = x^R, tilt = (1 + ε²)/(2ε)."""
fraction = gone / kept
"""|F|/|R| in these coordinates."""
min_x, min_y = (
    tilt * fraction**2 / (1 + 2 * fraction),
    fraction * (1 + fraction) / (tilt * (1 + 2 * fraction)),
)
"""The two numbers of lemma 9 in these coordinates."""
longest = fraction**2 / (1 + 2 * fraction)
"""|F|²/(|R|(|D| + |F|))."""
NARROW = domain(
    Range(tilt, sp.sqrt(2), low_open=True, scale=TINY),
    Range(kept, low_open=True, scale=TINY),
    Range(gone, kept / (tilt**2 - 2), low_open=True, scale=TINY),
)
"""2ε/(1 + ε²) < √(|F|/(|D| + |F|))."""

length = sp.Min(alpha_max_x, alpha_max_y, evaluate=False) - sp.Max(alpha_min_x, alpha_min_y, evaluate=False)
"""The length of the window, negative where it is empty; printed numbers, general |R_ij|."""


def _at_epsilon(value: sp.Expr, hundredths: int) -> sp.Expr:
    return value.xreplace({epsilon: sp.Rational(hundredths, 100)})


def length_for(symbol: sp.Symbol, value: sp.Rational | int) -> sp.Expr:
    """Return the length with a number for a symbol."""
    return length.xreplace({symbol: sp.sympify(value)})


def at(retain: int, forget: int, ridge_: str, epsilon_: str) -> Domain:
    """Return the single point with |R_ij| = 1."""
    values = {n_retain: retain, n_forget: forget, ridge: ridge_, n_group: 1, epsilon: epsilon_}
    return domain(*(Range(s, sp.Rational(str(v)), sp.Rational(str(v))) for s, v in values.items()))


LEAST_RIDGE = sp.Rational(1, 1000)
TENTH = domain(
    Range(n_retain, 9, 9),
    Range(n_forget, 1, 1),
    Range(n_group, 1, 1),
    Range(ridge, LEAST_RIDGE, 1),
    Range(epsilon, sp.Rational(1, 10), 1),
)
"""|F|/|D| = 1/10 and λ|R|/|R_ij| from 0.009 to 9."""

TENTH_OPEN, HALF_EMPTY = at(9, 1, "1000", "3/10"), at(9, 9, "1000", "3/10")
SMALL_RIDGE = at(9, 1, "1/10", "7/10")
ONE_AND_ONE, HALF_AT_SEVEN_TENTHS = at(1, 1, "1", "1/2"), at(9, 9, "1", "7/10")

AT_HALF, AT_SEVEN_TENTHS = at(9, 1, "1000", "1/2"), at(9, 1, "1000", "7/10")
_BELOW = Witness(
    point(n_retain=2, n_forget=1, ridge=1, n_group=1, epsilon="1/2", alpha="3/20"),
    "α = 3/20 < 5/32 = (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|)), and x^D = 0.335 ≥ x^DA = 0.328",
)
_ABOVE = Witness(
    point(n_retain=2, n_forget=1, ridge=1, n_group=1, epsilon="1/2", alpha="1/2"),
    "(6) is below 1/2, and x^R ≥ x^D",
)

_GUARANTEE = "the caption says before what can be guaranteed, which the quotation left out"

_SHORTER = "a larger number of lemma 9 makes the window shorter (the other move is killed)"
_LESS_ROOM = "a larger number of lemma 9 leaves less room still (the other move is killed)"

CLAIM = Claim(
    name="figure-4",
    title="How large the window of certain harm is",
    where="§5.1.2, Fig. 4",
    idea="Put the bounds of lemmas 9 and 10 side by side, in coordinates in which both are explicit.",
    domain=DOMAIN,
    realisable=REALISABLE,
    letters=lemma_10.LETTERS,
    meanings=(
        {"2ε/(1+ε²)": 1 / tilt, "|F|": fraction * n_retain, "|D|": "|R| + |F|"},
        {"|F|/|D|": sp.Rational(1, 10)},
    ),
    quoted=(
        Quoted("λ|R|/|R_ij|", ridge * n_retain / n_group),
        figures("0.009 to 9", point(n_retain=9, n_group=1), LEAST_RIDGE * n_retain / n_group),
        figures("length 0.0095", only_point(AT_SEVEN_TENTHS), alpha_max_y - alpha_min_y),
        figures(
            "0.295 and 0.158",
            only_point(HALF_AT_SEVEN_TENTHS),
            *(_at_epsilon(alpha_max_x - alpha_min_y, part) for part in (70, 100)),
        ),
        figures(
            "−0.315, 0.028, 0.071, −0.146 and −0.287",
            only_point(ONE_AND_ONE),
            _at_epsilon(alpha_max_y - alpha_min_x, 30),
            *(_at_epsilon(alpha_max_y - alpha_min_y, part) for part in (45, 50)),
            *(_at_epsilon(alpha_max_x - alpha_min_y, part) for part in (70, 100)),
        ),
    ),
    rests_on=("lemma-9", "lemma-10"),
    notation=pair.NOTATION,
    summary="How large the window is depends on the ridge, which is not given: it is empty for every ε when the ridge is small "
    "(for |F|/|D| = 1/10: for all λ|R|/|R_ij| from 0.009 to 9), and never longer than |F|²/(|R|(|D|+|F|)), an |F|/(|D|+|F|) part "
    "of |F|/|R|. With the forget fraction it grows at some ε and closes at others; at best it spans the ε with "
    "2ε/(1+ε²) ≥ √(|F|/(|D|+|F|)), fewer for a larger fraction. Its length is not monotone in the correlation, and its "
    "two ends are bounds, not the minimum and the maximum.",
    statements=(
        open_as_worded(
            "typically-large",
            "§5.1.2",
            "we show numerically in Fig. 4 that this range is typically large",
            readings=(
                reading(
                    "with a large ridge there is a window",
                    Proposition(gt(length), TENTH_OPEN, "ε = 3/10, a tenth forgotten, λ = 1000"),
                ),
                reading(
                    "whatever the ridge there is one for some ε",
                    Proposition(ge(length), SMALL_RIDGE),
                    Witness(
                        only_point(SMALL_RIDGE), "|F|/|D| = 1/10, λ|R|/|R_ij| = 0.9, ε = 7/10: no α is left"
                    ),
                ),
                reading(
                    "it is as long as α₀ = |F|/|R|, up to which descent-ascent does not pass the oracle on one coordinate",
                    Proposition(ge(length, n_forget / n_retain), TENTH_OPEN),
                    Witness(only_point(TENTH_OPEN), "its length is 0.0055, and |F|/|R| = 0.11"),
                ),
            ),
            verified=(
                Proposition(
                    le(simple_y - min_y, longest / tilt),
                    SIZES,
                    "the window is never longer than 2ε/(1+ε²)·|F|²/(|R|(|D|+|F|)), for any ridge",
                ),
                Proposition(
                    gt(-length),
                    TENTH,
                    "and empty for every ε ≥ 1/10, |F|/|D| = 1/10 and λ|R|/|R_ij| in [0.009, 9]",
                    certificate="figure-4-empty",
                ),
                Proposition(
                    lt(fraction / tilt - min_x),
                    NARROW,
                    "for 2ε/(1+ε²) < √(|F|/(|D|+|F|)) lemma 9 asks for more than (7) can be, for any ridge",
                ),
            ),
            remark="The ridge decides: measured on a grid of ε, a window first opens at λ|R|/|R_ij| = 137, 23, 9.6, 3.6, 1.05 "
            "and 0.62 for forget fractions 0.01, 0.05, 0.1, 0.2, 0.4 and 0.5. The printed figure must have been drawn for a "
            "larger one.",
            steps=Step("(7) is at most 2ε/(1+ε²)·|F|/|R|.", le(simple_y - fraction / tilt), SIZES),
        ),
        open_as_worded(
            "broadens",
            "§5.1.2",
            "and broadens as the fraction of samples to be forgotten increases",
            readings=(
                reading(
                    "in α, at ε = 1/2 and a large ridge",
                    tuple(
                        Proposition(
                            gt(length_for(n_forget, more) - length_for(n_forget, fewer)),
                            AT_HALF,
                            f"longer for |F| = {more} than for |F| = {fewer}, |R| = 9",
                        )
                        for fewer, more in ((1, 90), (90, 9_000_000))
                    ),
                ),
                reading(
                    "in α, at every ε",
                    Proposition(ge(length), HALF_EMPTY),
                    Witness(
                        only_point(HALF_EMPTY),
                        "open for |F| = |R|/9 and empty for |F| = |R|, with ε = 3/10 and λ|R|/|R_ij| = 9000",
                    ),
                ),
            ),
            verified=(
                Proposition(gt(length), TENTH_OPEN, "ε = 3/10, large ridge, a tenth forgotten: a window"),
                Proposition(lt(length), HALF_EMPTY, "half forgotten, all else equal: none"),
            ),
            remark="The bound |F|²/(|R|(|D|+|F|)) of its length grows with the fraction. The length does so at some ε, and at "
            "others the window closes. √(|F|/(|D|+|F|)) rises, so that fewer ε can have a window. Lemma 10 needs α ≤ 1 "
            "besides; that is not part of this length.",
        ),
        false_in_every_reading(
            "wider-for-smaller-correlation",
            "§5.1.2",
            "while the relevant window of correlation strength ε is wider for smaller correlation",
            readings=(
                reading(
                    "in α: longer at the smaller of two correlations",
                    Proposition(ge(length_for(epsilon, sp.Rational(1, 10)) - length), AT_SEVEN_TENTHS),
                    Witness(
                        only_point(AT_SEVEN_TENTHS),
                        "λ = 1000, a tenth forgotten: length 0.0095 at ε = 7/10, none at ε = 1/10",
                    ),
                ),
                reading(
                    "in ε: where some ε has a window, a smaller one has",
                    Proposition(ge(length_for(epsilon, sp.Rational(3, 10))), ONE_AND_ONE),
                    Witness(
                        only_point(ONE_AND_ONE),
                        "|R| = |F| = λ = |R_ij| = 1: there is one at ε = 1/2 and none at ε = 3/10",
                    ),
                ),
            ),
            verified=(
                Proposition(
                    gt(length - length_for(epsilon, 1)),
                    HALF_AT_SEVEN_TENTHS,
                    "|R| = |F| = 9, λ = |R_ij| = 1: 0.295 and 0.158 at ε = 7/10 and 1, longer for the smaller",
                ),
                Proposition(gt(length), ONE_AND_ONE, "|R| = |F| = λ = |R_ij| = 1: a window at ε = 1/2,"),
                Proposition(lt(length_for(epsilon, sp.Rational(3, 10))), ONE_AND_ONE, "none at ε = 3/10,"),
                Proposition(
                    lt(length_for(epsilon, sp.Rational(7, 10))),
                    ONE_AND_ONE,
                    "and none at ε = 7/10: the length is not monotone",
                ),
                Proposition(
                    gt(length - length_for(epsilon, sp.Rational(3, 10))),
                    AT_SEVEN_TENTHS,
                    "longer at ε = 7/10 than at ε = 3/10",
                ),
                Proposition(
                    lt(length_for(epsilon, sp.Rational(1, 10))), AT_SEVEN_TENTHS, "and none at ε = 1/10"
                ),
            ),
            remark="The length rises and falls within 0 < ε < 1: at |R| = |F| = λ = |R_ij| = 1 it is "
            "−0.315, 0.028, 0.071, −0.146 and −0.287 for ε = 0.3, 0.45, 0.5, 0.7 and 1, a negative one being none. For "
            "2ε/(1+ε²) < √(|F|/(|D|+|F|)) there is never a window (see typically-large).",
        ),
        open_as_worded(
            "caption-minimum",
            "Fig. 4, caption",
            "the range of α as a function of the correlation ε, for which we can guarantee that DA is detrimental. The (- -) "
            "lines represent the minimum α for which the coordinates of the original model become bigger than the coordinates "
            "of the DA unlearning algorithm",
            readings=(
                reading("from that α on it can be guaranteed", lemma_9.X_PART.printed),
                reading(
                    "below that α it is not so",
                    Proposition(
                        lt(pair.x_pretrained, pair.x_da),
                        DOMAIN.restrict(epsilon, low_open=True).restrict(
                            alpha, high=sp.Max(alpha_min_x, alpha_min_y, evaluate=False), high_open=True
                        ),
                        "below the dashed line x^D < x^DA",
                    ),
                    _BELOW,
                ),
            ),
            verified=lemma_9.X_PART.verified,
            remark="The dashed line is a sufficient bound; x^D ≥ x^DA begins below it, how far below depends on the ridge.",
            formerly=(Verdict.FALSE, _GUARANTEE),
        ),
        open_as_worded(
            "caption-maximum",
            "Fig. 4, caption",
            "for which we can guarantee that DA is detrimental … and with the (–) the maximum α for which the coordinates of the "
            "oracle are bigger than those of the original model",
            readings=(
                reading(
                    "up to that α it can be guaranteed, for α ≤ 1",
                    (*lemma_10.X_PART.printed, lemma_10.Y_UP_TO_ONE),
                ),
                reading(
                    "above that α it is not so",
                    Proposition(
                        lt(pair.x_retrained, pair.x_pretrained),
                        DOMAIN.restrict(epsilon, low_open=True).restrict(
                            alpha, low=alpha_max_x, low_open=True
                        ),
                        "above (6): x^R < x^D",
                    ),
                    _ABOVE,
                ),
            ),
            verified=lemma_10.X_PART.verified,
            remark="The solid line is the smaller of two sufficient bounds; the exact maxima are lemma-10's.",
            formerly=(Verdict.FALSE, _GUARANTEE),
        ),
    ),
    necessity=(
        Necessity(
            "a large ridge",
            ge(length),
            Witness(only_point(SMALL_RIDGE), "with λ = 1/10 instead of 1000 no α is left at ε = 7/10"),
            "Needed, though not mentioned.",
        ),
    ),
    survivors=survivors(
        {
            "typically-large 1, term 1, number 1 down": _SHORTER,
            "typically-large 1, term 1, number 2 down": _SHORTER,
            "typically-large 1, term 1, number 3 up": _SHORTER,
            "typically-large 1, term 2, number 3 down": "a larger bound is weaker (the other move is killed)",
            "typically-large 1, term 2, number 4 down": "a larger bound is weaker (the other move is killed)",
            "typically-large 3, term 1, number 3 down": _LESS_ROOM,
            "typically-large 3, term 1, number 4 down": _LESS_ROOM,
        }
    ),
    errata=(
        Erratum(
            "§5.1.2",
            "the relevant window of correlation strength ε is wider for smaller correlation",
            "it is not monotone in the correlation, and for 2ε/(1+ε²) < √(|F|/(|D|+|F|)) there is none",
            corrects=("wider-for-smaller-correlation",),
        ),
        Erratum(
            "Fig. 4, caption",
            "the minimum α for which …, the maximum α for which …",
            "an α from which on … is guaranteed, an α up to which … is guaranteed",
        ),
        Erratum(
            "§5.1.2",
            "this range is typically large, and broadens as the fraction of samples to be forgotten increases",
            "for ε above that bound and a large enough ridge this range is not empty; a bound of its length in α "
            "increases with the forget fraction, and the range of ε that can have one decreases",
        ),
    ),
)
