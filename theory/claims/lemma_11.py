r"""Hoeffding's inequality, from its deterministic core (App. B).

A variable in [a, b] lies below the two-point variable with its mean, because e^{sz} is below its chord. The
log-moment of that one is φ(h) = ln(1 − p + p·e^h) − p·h with h = s(b − a); φ(0) = φ'(0) = 0 and
φ'' = θ(1 − θ) ≤ 1/4, so φ(h) ≤ h²/8. Markov's inequality for e^{s(S_n − E S_n)} then gives the exponent
s²V/8 − s·n·t with V = Σ(b_i − a_i)², and s = 4nt/V makes it −2n²t²/V. The lower tail is the upper one of −Z_i.

Proved here are these inequalities between reals. Three facts of probability join them, and are cited: an
expectation keeps inequalities, Markov's inequality, and E of a product of independent factors.
"""

from fractions import Fraction

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.counting import Deviation
from ascentcheck.theory.claim import Claim, Necessity, Proposition, Step, Witness
from ascentcheck.theory.domain import SMALL, Range, domain
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading, survivors
from ascentcheck.theory.relations import eq, ge, gt, le
from ascentcheck.theory.solvers.tails import binomial_deviation, rounded_down
from ascentcheck.theory.vocabulary import position, spread

n, t, low, high = sp.symbols("n t low high", real=True)
p, h, s, mean, width = sp.symbols("p h s mean width", real=True)

HALF = sp.Rational(1, 2)


def log_moment(share: sp.Expr, at: sp.Expr) -> sp.Expr:
    """Return ln E e^{hZ} for Z = 1 with chance `share`, else 0."""
    return sp.log(1 - share + share * sp.exp(at))


def tail_bound(count: sp.Expr, gap: sp.Expr, total_spread: sp.Expr) -> sp.Expr:
    """Return the printed 2·exp(−2n²t²/Σ(b_i − a_i)²)."""
    return 2 * sp.exp(-2 * count**2 * gap**2 / total_spread)


SUM = (Range(spread, low_open=True), Range(n, 1, sp.oo), Range(t, low_open=True))
_POSITION, _P, _H = Range(position, 0, 1), Range(p, 0, 1), Range(h, 0, sp.oo, scale=SMALL)
DOMAIN = domain(*SUM, Range(s), _POSITION, _P, _H)
optimum = 4 * n * t / spread
markov_exponent = s**2 * spread / 8 - s * n * t
printed_exponent = -2 * n**2 * t**2 / spread
_CHORD = (1 - position + position * sp.exp(h), sp.exp(h * position))

CHORD = Proposition(
    ge(*_CHORD),
    domain(_POSITION, _H),
    "e^{hz} is below its chord: the two-point variable has the largest moment",
)
MOMENT = Proposition(
    le(log_moment(p, h), h * (p + h / 8)),
    domain(_P, _H),
    "Hoeffding's lemma for a two-point variable: φ(h) ≤ h²/8",
)
EXPONENT = Proposition(
    eq(markov_exponent, printed_exponent),
    domain(*SUM, Range(s, optimum, optimum)),
    "Markov's exponent at s = 4nt/V is the printed one",
)
CORE = (CHORD, MOMENT, EXPONENT)
FAIR_MOMENT = Proposition(
    ge(log_moment(p, h) + h**4 / 192, h * (p + h / 8)),
    domain(Range(p, HALF, HALF), _H),
    "a fair coin attains it up to h⁴/192",
)
SHARP = (
    Proposition(eq(*_CHORD), domain(Range(position, 0, 0), _H), "equality at one end"),
    Proposition(eq(*_CHORD), domain(Range(position, 1, 1), _H), "and at the other"),
    FAIR_MOMENT,
    Proposition(
        ge(markov_exponent, printed_exponent), domain(*SUM, Range(s)), "no other s gives a smaller exponent"
    ),
)

_tilted = p * sp.exp(h) / (1 - p + p * sp.exp(h))
_share = (mean - low) / (high - low)
_width = s * (high - low)
_BOUNDED = domain(Range(low), Range(high, low, sp.oo, low_open=True), Range(mean, low, high), Range(s))
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
    Step("θ(1 − θ) ≤ 1/4.", le(p * (1 - p), sp.Rational(1, 4)), domain(Range(p, 0, 1))),
    Step("φ(0) = φ'(0) = 0 and φ'' ≤ 1/4, so φ(h) ≤ h²/8.", MOMENT.relation, MOMENT.domain),
    Step(
        "The exponent is a square away from its least value, attained at s = 4nt/V.",
        eq(markov_exponent - printed_exponent, spread / 8 * (s - optimum) ** 2),
        domain(*SUM, Range(s)),
    ),
    Step(
        "How sharp, below: a fair coin's tail has the exact rate KL(1/2 + t, 1/2) ≥ 2t².",
        ge(_rate, 2 * t**2),
        domain(Range(t, 0, HALF, high_open=True)),
    ),
    Step(
        "How sharp, above: KL(1/2 + t, 1/2) ≤ 2t² + 2t⁴, so no constant above 2 is true for all n and t.",
        le(_rate, 2 * t**2 + 2 * t**4),
        domain(Range(t, 0, sp.Rational(1, 4))),
    ),
)

_COIN = rounded_down(binomial_deviation(10**5, fmpq(1, 2), fmpq(7, 100)))
"""Just below P(|S − n/2| ≥ 0.07·n) for n = 100,000 fair coins."""
_WIDTH = Range(width)

CLAIM = Claim(
    name="lemma-11",
    title="Hoeffding's inequality",
    where="App. B",
    idea="The chord bounds every moment by a two-point variable's, whose log-moment curves by at most 1/4.",
    domain=DOMAIN,
    meanings=(
        {"b": high, "a": low, "μ": mean, "h": "s(b − a)", "p": "(μ − a)/(b − a)"},
        {"θ": p, "h": h, "φ(h)": log_moment(p, h) - p * h},
        {"θ": "p·e^h/(1 − p + p·e^h)"},
        {"z": position, "h": h, "s": "4nt/V", "KL(1/2 + t, 1/2)": _rate, "KL": _rate},
    ),
    letters={"n": n, "t": t, "l": low, "h": high, "V": spread, "P": Deviation},
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
                reading("some b_i > a_i is understood", (EXPONENT,)),
                reading(
                    "all ranges may be points, and the formula is taken as it stands",
                    Proposition(gt(width), domain(_WIDTH), "the divisor is not 0"),
                    Witness(point(width=0), "one variable with a_1 = b_1: Σ(b_i − a_i)² = 0"),
                ),
            ),
            verified=(EXPONENT,),
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
    survivors=survivors(
        {
            "bound 6, side 1, number 1 up": (
                "a smaller lower bound for the fair coin: true, and weaker (the move down is killed)"
            ),
            "bound 6, side 1, number 2 down": (
                "a lower bound that is smaller for h < 1 and within the slack h⁶/2880 beyond: true"
            ),
        }
    ),
)
