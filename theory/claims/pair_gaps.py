r"""Which of the gaps of lemmas 7, 9 and 10 is the least, so that one number is how far all of them hold.

By the pulls, two gaps of one pair of solutions, (r, φ) against (r', −φ') with φ' ≥ 0, are x' − x = p(r' − r) − q(φ + φ') and
y' − y = q(r' − r) − p(φ + φ'), so they differ by (1 − ε)²(r' − r + φ + φ'), which is never negative: the y's is the lesser in
lemma 10 (x^R − x^D, φ' = 0), and the greater in lemma 9 (x^D − x^DA). Where x ≥ x', r = (|R|/|D|)·r'·e^{x'−x} is below r'; where
x ≤ x', r' − r is at least q(φ + φ')/p.

Of the four gaps of lemma 7 that of the lower bound of x is the least. Let α ≤ 1, so φ ≤ r, and u = x − y ≥ 0. The bound is
W((x − D)e^x) with D = qφ(1 − e^{−u}), and with g the gap e^g = (x − g)/(x − D) and g ≤ D/(1 + pr). For α > 1 the samples are
exchanged: the gaps of the two bounds that need α ≤ 1 are each other's negatives, and the other two are not negative.
"""

import sympy as sp

from ascentcheck.theory.claim import Step
from ascentcheck.theory.claims.pair import AT_MOST_ONE, DOMAIN, cross, margin_x, margin_y, own
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.expression import W0
from ascentcheck.theory.relations import eq, ge, gt, le
from ascentcheck.theory.vocabulary import epsilon, n_retain, n_total, pull_forget, pull_retain

other_retain, other_forget, lead = sp.symbols("other_retain other_forget lead", real=True)
part, gap, growth = sp.symbols("part gap growth", real=True)

_PULLS = (Range(epsilon, 0, 1), Range(pull_retain, low_open=True), Range(pull_forget), Range(other_forget))
TWO = domain(*_PULLS, Range(other_retain, low_open=True))
"""Two solutions: r and φ, r' = other_retain and φ' = other_forget."""
BELOW = domain(*_PULLS, Range(other_retain, pull_retain + cross / own * (pull_forget + other_forget)))
"""x ≤ x'."""
ABOVE = domain(
    *DOMAIN.ranges[:2],
    Range(epsilon, 0, 1),
    Range(pull_forget),
    Range(other_forget),
    Range(other_retain, low_open=True),
    Range(lead),
)
"""x = x' + lead."""
PARTS = AT_MOST_ONE.extend(Range(part, 0, cross * pull_forget))
"""`part` = D."""
GAPS = PARTS.extend(Range(gap, 0, part))
_grown = cross * pull_forget * growth / (1 + growth)
GROWN = AT_MOST_ONE.extend(Range(growth), Range(gap, 0, _grown))
"""`growth` = e^u − 1, by which D is _grown."""

TWO_LETTERS = {"r'": other_retain, "φ'": other_forget, "x'": "pr' − qφ'", "y'": "qr' − pφ'"}
"""What the texts on two solutions call the second one's."""
_apart = other_retain - pull_retain + pull_forget + other_forget
LESSER_OF_TWO = (
    Step(
        "The gaps x' − x and y' − y, of solutions with the pulls r', −φ' and r, φ, differ by (1 − ε)²(r' − r + φ + φ'),",
        eq(
            own * (other_retain - pull_retain)
            - cross * (pull_forget + other_forget)
            - (cross * (other_retain - pull_retain) - own * (pull_forget + other_forget)),
            (1 - epsilon) ** 2 * _apart,
        ),
        TWO,
    ),
    Step("which is not negative for x ≤ x', as r' − r ≥ 2ε/(1+ε²)·(φ + φ'),", ge(_apart), BELOW),
    Step(
        "and is positive for x ≥ x', as r = |R|/|D|·r'e^{x'−x}.",
        gt(_apart.subs(pull_retain, n_retain / n_total * other_retain * sp.exp(-lead))),
        ABOVE,
    ),
)

_bound = own * pull_retain * sp.exp(margin_x) + cross * pull_forget * sp.exp(margin_y)
LEAST_OF_FOUR = (
    Step(
        "The argument of the lower bound of x is (x − D)e^x, D = 2εφ(1 − e^{y−x}).",
        eq(
            _bound,
            (margin_x - cross * pull_forget * (1 - sp.exp(margin_y - margin_x))) * sp.exp(margin_x),
        ),
        AT_MOST_ONE,
    ),
    Step(
        "So its gap g, for which e^g = (x − g)/(x − D), is at most D/(1 + (1+ε²)r), and that is at most D.",
        ge(W0((margin_x - part) * sp.exp(margin_x)), margin_x - part / (1 + own * pull_retain)),
        PARTS,
    ),
    Step(
        "It is at most that of the lower bound of y: (1+ε²)φe^g ≤ y − g.",
        ge((margin_y - gap) * (margin_x - part), own * pull_forget * (margin_x - gap)),
        GAPS,
    ),
    Step(
        "It is at most that of the upper bound of y: (y + g)e^g ≤ y + 2εr(e^{x−y} − 1).",
        le(
            (margin_y + gap) * (margin_x - gap),
            (margin_y + cross * pull_retain * growth) * (margin_x - _grown),
        ),
        GROWN,
    ),
    Step(
        "D is at most 2εφ(x − y), for e^{−u} ≥ 1 − u,",
        ge(lead - 1 + sp.exp(-lead)),
        domain(Range(lead)),
    ),
    Step(
        "and of the upper bound of x the one part is at least x − 2εφ/(1 + (1+ε²)r),",
        ge(
            W0(own * pull_retain * sp.exp(margin_x)),
            margin_x - cross * pull_forget / (1 + own * pull_retain),
        ),
        AT_MOST_ONE,
    ),
    Step(
        "the other at least 2εφ,",
        ge(cross / own * W0(own * pull_forget * sp.exp(margin_y)), cross * pull_forget),
        AT_MOST_ONE,
    ),
    Step(
        "so g, at most 2εφ(x − y)/(1 + (1+ε²)r), is at most the gap of the upper bound of x.",
        le(
            cross * pull_forget * (margin_x - margin_y) / (1 + own * pull_retain),
            cross * pull_forget - cross * pull_forget / (1 + own * pull_retain),
        ),
        AT_MOST_ONE,
    ),
)
"""For α ≤ 1, all by the pulls."""
