r"""Hoeffding's exponent when F is drawn without replacement, and when the test set is finite (§4, App. B).

Without replacement the deviation is the end of a martingale with steps of known range, and the moment bound of
lemma 11 applies step by step (Serfling 1974). With |T| test samples the deviation is a sum of |F| terms of range
1/|F| and |T| terms of range 1/|T|.
"""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step
from ascentcheck.theory.claims.lemma_11 import mean, s
from ascentcheck.theory.domain import SMALL, Range, domain, positive
from ascentcheck.theory.relations import eq, ge, gt, lt
from ascentcheck.theory.vocabulary import gap, n_forget, n_retain, n_test, n_total

drawn, right, outcome, last = sp.symbols("drawn right outcome last", real=True)
_FORGET, _RETAIN = positive(n_forget, n_retain)
_GAP = Range(gap, 0, sp.oo, low_open=True, scale=SMALL)

pair = n_forget * n_test / (n_forget + n_test)
"""What stands in place of |F| when the test set is finite."""

_squares = 1 / n_retain**2 + (n_forget - 1) / (n_retain * n_total)
_serfling_spread = n_forget * (n_retain + 1) / (n_total * n_retain**2)
_serfling_markov = s**2 * _serfling_spread / 8 - s * n_forget * gap / n_retain
serfling_exponent = -2 * n_forget * gap**2 * n_total / (n_retain + 1)
"""Serfling's exponent: the printed one, divided by 1 − (|F| − 1)/|D|."""
_serfling_best = 4 * gap * n_retain * n_total / (n_retain + 1)
_DRAWN = (_RETAIN, _FORGET, _GAP)
SERFLING = (
    Proposition(
        eq(_serfling_markov, serfling_exponent),
        domain(*_DRAWN, Range(s, _serfling_best, _serfling_best)),
        "Markov's exponent at the best s, with |D|/(|R| + 1) more than the printed one",
    ),
    Proposition(ge(_serfling_markov, serfling_exponent), domain(*_DRAWN, Range(s)), "no other s is better"),
    Proposition(
        ge(n_total / (n_retain + 1), 1),
        domain(_RETAIN, Range(n_forget, 1)),
        "so it is never worse than the printed one",
    ),
    Proposition(
        eq(n_total / (n_retain + 1), 1), domain(_RETAIN, Range(n_forget, 1, 1)), "and the same for |F| = 1"
    ),
)
_pair_exponent = s**2 / 8 * (1 / n_forget + 1 / n_test) - s * gap
_TWO = (_GAP, _FORGET, Range(n_test, low_open=True))
_best = 4 * gap * pair
TWO_SAMPLES = (
    Proposition(
        eq(_pair_exponent, -2 * gap**2 * pair),
        domain(*_TWO, Range(s, _best, _best)),
        "Markov's exponent at the best s, with |F||T|/(|F| + |T|) in place of |F|",
    ),
    Proposition(ge(_pair_exponent, -2 * gap**2 * pair), domain(*_TWO, Range(s)), "no other s is better"),
    Proposition(lt(pair, n_forget), domain(*_TWO), "always weaker than the printed bound"),
)

SERFLING_STEPS = (
    Step(
        "Let k samples be drawn without replacement, k − 1 of them with `right` right ones, then one with outcome x. "
        "Then (right − (k − 1)μ)/(|D| − k + 1) moves by (x − mean of the rest)/(|D| − k): a martingale whose "
        "k-th step has range 1/(|D| − k), to which the moment bound applies step by step.",
        eq(
            (right + outcome - drawn * mean) / (n_total - drawn)
            - (right - (drawn - 1) * mean) / (n_total - drawn + 1),
            (outcome - (n_total * mean - right) / (n_total - drawn + 1)) / (n_total - drawn),
        ),
        domain(
            Range(n_retain, 1),
            Range(n_forget, 1),
            Range(drawn, 1, n_forget),
            Range(right, 0, drawn),
            Range(mean, 0, 1),
            Range(outcome, 0, 1),
        ),
    ),
    Step(
        "Σ 1/j² over |R| < j ≤ last is at most (last − |R|)/(|R|(last + 1)), by induction: 0 at last = |R|, and "
        "the right side grows by more than 1/(last + 1)² when last grows by 1.",
        gt(
            (last + 1 - n_retain) / (n_retain * (last + 2)) - (last - n_retain) / (n_retain * (last + 1)),
            1 / (last + 1) ** 2,
        ),
        domain(_RETAIN, Range(last, n_retain)),
    ),
    Step(
        "So the squared ranges, 1/j² for j = |R| … |D| − 1, sum to at most V = |F|(|R| + 1)/(|D||R|²).",
        eq(_squares, _serfling_spread),
        domain(_RETAIN, _FORGET),
    ),
    Step(
        "After |F| draws the martingale is |F|(Acc_F − Acc_D)/|R|: the exponent of lemma 11 is −2(|F|ε/|R|)²/V.",
        eq(-2 * (n_forget * gap / n_retain) ** 2 / _squares, serfling_exponent),
        domain(_RETAIN, _FORGET, _GAP),
    ),
)
