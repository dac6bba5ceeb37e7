r"""Hoeffding's inequality, from its deterministic core (App. B).

A variable in [a, b] lies below the two-point variable with its mean, because e^{sz} is below its chord. The
log-moment of that one is φ(h) = ln(1 − p + p·e^h) − p·h with h = s(b − a); φ(0) = φ'(0) = 0 and
φ'' = θ(1 − θ) ≤ 1/4, so φ(h) ≤ h²/8. Markov's inequality for e^{s(S_n − E S_n)} then gives the exponent
s²V/8 − s·n·t with V = Σ(b_i − a_i)², and s = 4nt/V makes it −2n²t²/V. The lower tail is the upper one of −Z_i.

Proved here are these inequalities between reals. Three facts of probability join them, and are cited: an
expectation keeps inequalities, Markov's inequality, and E of a product of independent factors.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import partial

import numpy as np
import sympy as sp
from flint import fmpq
from jaxtyping import Float

from ascentcheck.theory import simulated
from ascentcheck.theory.check.counting import Deviation
from ascentcheck.theory.claim import (
    Claim,
    Evaluation,
    FloatForm,
    Necessity,
    Prints,
    Proposition,
    Reading,
    Step,
    Survivor,
    Witness,
)
from ascentcheck.theory.console import UserError
from ascentcheck.theory.domain import SMALL, Domain, Range
from ascentcheck.theory.expression import DIGITS_TO_CANCEL, WORKING_BITS, enclose, precision
from ascentcheck.theory.kit import as_printed, eq, ge, gt, le, open_as_worded, point
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.solvers.tails import binomial_deviation, rounded_down
from ascentcheck.theory.vocabulary import position, spread

n, t, low, high = sp.symbols("n t low high", real=True)
p, h, s, mean, width = sp.symbols("p h s mean width", real=True)

Array = Float[np.ndarray, "*shape"]
HALF = sp.Rational(1, 2)
LARGEST = 10**8
"""Counts up to here are evaluated; beyond, an exact tail would take more than a second."""


def log_moment(share: sp.Expr, at: sp.Expr) -> sp.Expr:
    """Return ln E e^{hZ} for Z = 1 with chance `share`, else 0."""
    return sp.log(1 - share + share * sp.exp(at))


def tail_bound(count: sp.Expr, gap: sp.Expr, total_spread: sp.Expr) -> sp.Expr:
    """Return the printed 2·exp(−2n²t²/Σ(b_i − a_i)²)."""
    return 2 * sp.exp(-2 * count**2 * gap**2 / total_spread)


DOMAIN = Domain(
    (
        Range(spread, low_open=True),
        Range(n, 1, sp.oo),
        Range(t, low_open=True),
        Range(s),
        Range(position, 0, 1),
        Range(p, 0, 1),
        Range(h, 0, sp.oo, scale=SMALL),
    )
)
_SUM = (Range(spread, low_open=True), Range(n, 1, sp.oo), Range(t, low_open=True))
_H = Range(h, 0, sp.oo, scale=SMALL)
optimum = 4 * n * t / spread
markov_exponent = s**2 * spread / 8 - s * n * t
printed_exponent = -2 * n**2 * t**2 / spread
_CHORD = (1 - position + position * sp.exp(h), sp.exp(h * position))

CHORD = Proposition(
    ge(*_CHORD),
    Domain((Range(position, 0, 1), _H)),
    "e^{hz} is below its chord: the two-point variable has the largest moment",
)
MOMENT = Proposition(
    le(log_moment(p, h), h * (p + h / 8)),
    Domain((Range(p, 0, 1), _H)),
    "Hoeffding's lemma for a two-point variable: φ(h) ≤ h²/8",
)
EXPONENT = Proposition(
    eq(markov_exponent, printed_exponent),
    Domain((*_SUM, Range(s, optimum, optimum))),
    "Markov's exponent at s = 4nt/V is the printed one",
)
CORE = (CHORD, MOMENT, EXPONENT)
FAIR_MOMENT = Proposition(
    ge(log_moment(p, h) + h**4 / 192, h * (p + h / 8)),
    Domain((Range(p, HALF, HALF), _H)),
    "a fair coin attains it up to h⁴/192",
)
SHARP = (
    Proposition(eq(*_CHORD), Domain((Range(position, 0, 0), _H)), "equality at one end"),
    Proposition(eq(*_CHORD), Domain((Range(position, 1, 1), _H)), "and at the other"),
    FAIR_MOMENT,
    Proposition(
        ge(markov_exponent, printed_exponent),
        Domain((*_SUM, Range(s))),
        "no other s gives a smaller exponent",
    ),
)


def bound_values(total_spread: Array, count: Array, gap: Array) -> Array:
    """Return the printed bound 2·exp(−2n²t²/V) for V > 0, shape of the broadcast inputs. Lemma 11."""
    return np.asarray(2 * np.exp(-2 * (count * gap) ** 2 / total_spread))


_tilted = p * sp.exp(h) / (1 - p + p * sp.exp(h))
_share = (mean - low) / (high - low)
_width = s * (high - low)
_BOUNDED = Domain((Range(low), Range(high, low, sp.oo, low_open=True), Range(mean, low, high), Range(s)))
_rate = (HALF + t) * sp.log(1 + 2 * t) + (HALF - t) * sp.log(1 - 2 * t)

STEPS = (
    Step(
        "The expectation of the chord, at mean μ: e^{φ(h)} with h = s(b − a) and p = (μ − a)/(b − a).",
        eq(
            (1 - _share) * sp.exp(s * (low - mean)) + _share * sp.exp(s * (high - mean)),
            sp.exp(-_share * _width) * (1 - _share + _share * sp.exp(_width)),
        ),
        _BOUNDED,
    ),
    Step(
        "φ'' is θ(1 − θ), the variance of a coin with chance θ = p·e^h/(1 − p + p·e^h).",
        eq(sp.diff(log_moment(p, h) - p * h, h, 2), _tilted * (1 - p) / (1 - p + p * sp.exp(h))),
        MOMENT.domain,
    ),
    Step("θ(1 − θ) ≤ 1/4.", le(p * (1 - p), sp.Rational(1, 4)), Domain((Range(p, 0, 1),))),
    Step("φ(0) = φ'(0) = 0 and φ'' ≤ 1/4, so φ(h) ≤ h²/8.", MOMENT.relation, MOMENT.domain),
    Step(
        "The exponent is a square away from its least value, attained at s = 4nt/V.",
        eq(markov_exponent - printed_exponent, spread / 8 * (s - optimum) ** 2),
        Domain((*_SUM, Range(s))),
    ),
    Step(
        "How sharp, below: a fair coin's tail has the exact rate KL(1/2 + t, 1/2) ≥ 2t².",
        ge(_rate, 2 * t**2),
        Domain((Range(t, 0, HALF, high_open=True),)),
    ),
    Step(
        "How sharp, above: KL(1/2 + t, 1/2) ≤ 2t² + 2t⁴, so no constant above 2 is true for all n and t.",
        le(_rate, 2 * t**2 + 2 * t**4),
        Domain((Range(t, 0, sp.Rational(1, 4)),)),
    ),
)


def whole(name: str, value: fmpq, largest: int = LARGEST) -> int:
    """Return a size as an int. Raises UserError unless it is a whole number from 1 to `largest`."""
    if value.q != 1 or not 1 <= value <= largest:
        raise UserError(f"{name} = {value} is out of range; allowed is a whole number from 1 to {largest}")
    return int(value.p)


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the bound for n variables in [low, high] and the exact tail of n fair coins on {low, high}."""
    count, width_value = whole("n", point[n]), point[high] - point[low]
    hypotheses = {"positive_t": point[t] > 0, "positive_spread": width_value > 0}
    if width_value == 0:
        unknown = {"bound": None, "slack": None, "bound_over_exact": None}
        return Evaluation(hypotheses, {"exact_tail": int(point[t] == 0), **unknown}, None, None)
    bound = enclose(tail_bound(n, t, n * (high - low) ** 2), point, digits=DIGITS_TO_CANCEL)
    tail = fmpq(1) if point[t] == 0 else binomial_deviation(count, fmpq(1, 2), point[t] / width_value)
    with precision(WORKING_BITS):
        slack = bound - tail
        ratio = None if tail == 0 else bound / tail
    values = {"bound": bound, "exact_tail": tail, "slack": slack, "bound_over_exact": ratio}
    return Evaluation(hypotheses, values, conclusion(slack, strict=True), slack)


_COIN = rounded_down(binomial_deviation(10**5, fmpq(1, 2), fmpq(7, 100)))
"""Just below P(|S − n/2| ≥ 0.07·n) for n = 100,000 fair coins."""
_WIDTH = Range(width)

CLAIM = Claim(
    name="lemma-11",
    title="Hoeffding's inequality",
    where="App. B",
    idea="The chord bounds every moment by a two-point variable's, whose log-moment curves by at most 1/4.",
    domain=DOMAIN,
    inputs=Domain((Range(n, 1, sp.oo), Range(t), Range(low, -sp.oo, sp.oo), Range(high, low, sp.oo))),
    letters={"n": n, "t": t, "l": low, "h": high, "V": spread, "P": Deviation},
    prints=(
        Prints("positive_t", "t > 0"),
        Prints("positive_spread", "h > l"),
        Prints("bound", "2e^{−2nt²/(h−l)²}", "h > l"),
        Prints("exact_tail", "P(n, 1/2, t/(h−l))", "h > l"),
        Prints("exact_tail", "0", "h = l and t > 0"),
        Prints("exact_tail", "1", "h = l and t = 0"),
        Prints("slack", "2e^{−2nt²/(h−l)²} − P(n, 1/2, t/(h−l))", "h > l"),
        Prints("bound_over_exact", "2e^{−2nt²/(h−l)²}/P(n, 1/2, t/(h−l))", "h > l and t ≤ (h−l)/2"),
        Prints("holds", "1 < 2", "h > l"),
        Prints("margin", "2e^{−2nt²/(h−l)²} − P(n, 1/2, t/(h−l))", "h > l"),
    ),
    evaluate=evaluate,
    simulate=partial(simulated.summed, tail_bound),
    summary="Holds, with the printed constants, whenever some b_i > a_i; where all ranges are points the formula "
    "divides by zero and the probability is 0. The 2 in the exponent is best possible, and the 2 in front "
    "cannot go below √e = 1.648…, so neither can be dropped.",
    statements=(
        as_printed(
            "bound",
            "App. B",
            "for any t > 0: P(|S_n − E S_n| ≥ nt) ≤ 2·exp(−2n²t²/Σ(b_i − a_i)²)",
            printed=CORE,
            verified=(*CORE, *SHARP),
            remark="The relations are the whole argument about numbers; that expectations keep inequalities, Markov's "
            "inequality and E of a product of independent factors are cited. t = 0 would do as well (2 ≥ 1).",
            steps=STEPS,
        ),
        open_as_worded(
            "degenerate-ranges",
            "App. B",
            "Z_i ∈ [a_i, b_i]",
            readings=(
                Reading("some b_i > a_i is understood", CORE[2:]),
                Reading(
                    "all ranges may be points, and the formula is taken as it stands",
                    (Proposition(gt(width), Domain((_WIDTH,)), "the divisor is not 0"),),
                    Witness(point(width=0), "one variable with a_1 = b_1: Σ(b_i − a_i)² = 0"),
                ),
            ),
            verified=CORE[2:],
            remark="Add: some b_i > a_i. Otherwise S_n is constant and the probability is 0 for every t > 0.",
        ),
    ),
    necessity=(
        Necessity(
            "independence",
            le(1, tail_bound(n, t, n)),
            Witness(
                point(n=10, t="1/2"),
                "ten copies of one fair coin: |S − 5| = 5 always, and the bound is 2e^{−5} = 0.0135",
            ),
            "Needed: ten copies of one coin count as one coin, and 1 ≤ 2e^{−2nt²} is false.",
            reads="1 ≤ 2e^{−2nt²}",
        ),
        Necessity(
            "Z_i ∈ [a_i, b_i]",
            le((1 - sp.Rational(1, 1000)) ** 10, tail_bound(n, t, n)),
            Witness(
                point(n=10, t=1),
                "Z_i = 1000 with chance 1/1000, else 0, and [0, 1] for the range: S = 0 with chance 0.990",
            ),
            "Needed: a rare large value moves the mean and is not seen; (1 − 1/1000)^{10} ≤ 2e^{−2nt²} is false.",
            reads="(1 − 1/1000)^{10} ≤ 2e^{−2nt²}",
        ),
        Necessity(
            "the constant 2 in the exponent: 2.02 is too much",
            le(_COIN, 2 * sp.exp(-sp.Rational(202, 100) * n * t**2)),
            Witness(
                point(n=Fraction(10**5), t="7/100"),
                "100,000 fair coins: 2.02717·10^{−429} ≤ 2e^{−2.02nt²} is false, and the tail is larger than the left side",
            ),
            "Best possible: P(S ≥ n/2 + nt) ≥ e^{−n·KL}/√(2n) (Ash, cited) with KL ≤ 2t² + 2t⁴.",
            reads="2.02717·10^{−429} ≤ 2e^{−2.02nt²}",
        ),
        Necessity(
            "the factor 2 in front: 1 is not enough",
            le(1, tail_bound(n, t, n) / 2),
            Witness(
                point(n=1, t="1/2"),
                "one fair coin is 1/2 away from its mean always, and 1 ≤ e^{−2nt²} is false: it is 0.607",
            ),
            "The factor must be at least √e = 1.6487…. It is enough for all coins with n < 60 that were tried; for all "
            "n that is open here.",
            reads="1 ≤ e^{−2nt²}",
        ),
        Necessity("t > 0", None, None, "Not needed: at t = 0 the bound is 2."),
    ),
    float_forms=(
        FloatForm(
            "bound",
            lambda count, gap, total: bound_values(total, count, gap),
            tail_bound(n, t, spread),
            Domain((_SUM[1], Range(t), Range(spread, low_open=True))),
            ulps=4,
        ),
    ),
    survivors=(
        Survivor(
            "bound 6, side 1, number 1 up",
            "a smaller lower bound for the fair coin: true, and weaker (the move down is killed)",
        ),
        Survivor(
            "bound 6, side 1, number 2 down",
            "a lower bound that is smaller for h < 1 and within the slack h⁶/2880 beyond: true",
        ),
    ),
)
