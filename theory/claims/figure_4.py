r"""The windows of figure 4: for which α lemmas 9 and 10 together promise that descent-ascent harms (§5.1.2).

Between the larger number of lemma 9 and the smaller one of lemma 10 all of (x^R, y^R) ≥ (x^D, y^D) ≥ (x^DA, y^DA) is
promised. The paper does not say for which ridge the figure is drawn, and everything depends on it: the window is never
longer than |F|²/(|R|(|D| + |F|)), is empty for a small ridge, and for a large one covers the ε with
2ε/(1 + ε²) ≥ √(|F|/(|D| + |F|)): fewer of them as the forget fraction grows.
"""

from collections.abc import Mapping
from fractions import Fraction

import sympy as sp
from flint import fmpq

from ascentcheck.theory.claim import (
    Claim,
    Erratum,
    Evaluation,
    Level,
    Necessity,
    Proposition,
    Rule,
    Statement,
    Step,
    Survivor,
    Verdict,
    Witness,
)
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
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.vocabulary import epsilon, n_forget, n_group, n_retain, ridge

SIZES = Domain(
    (
        Range(kept, low_open=True, scale=(-30, 5)),
        Range(gone, low_open=True, scale=(-30, 5)),
        Range(tilt, 1, scale=(-30, 8)),
    )
)
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
NARROW = Domain(
    (
        Range(tilt, sp.sqrt(2), low_open=True, scale=(-30, 8)),
        Range(kept, low_open=True, scale=(-30, 5)),
        Range(gone, kept / (tilt**2 - 2), low_open=True, scale=(-30, 5)),
    )
)
"""2ε/(1 + ε²) < √(|F|/(|D| + |F|))."""

length = sp.Min(alpha_max_x, alpha_max_y) - sp.Max(alpha_min_x, alpha_min_y)
"""The length of the window, negative where it is empty; printed numbers, general |R_ij|."""


def at(retain: int, forget: int, ridge_: str, epsilon_: str) -> Domain:
    """Return the single point with |R_ij| = 1."""
    values = {n_retain: retain, n_forget: forget, ridge: ridge_, n_group: 1, epsilon: epsilon_}
    return Domain(tuple(Range(s, sp.Rational(str(v)), sp.Rational(str(v))) for s, v in values.items()))


TENTH = Domain(
    (
        Range(n_retain, 9, 9),
        Range(n_forget, 1, 1),
        Range(n_group, 1, 1),
        Range(ridge, sp.Rational(1, 1000), 1),
        Range(epsilon, sp.Rational(1, 10), 1),
    )
)
"""|F|/|D| = 1/10 and λ|R|/|R_ij| from 0.009 to 9."""


def _point(domain: Domain, says: str) -> Witness:
    return Witness({r.symbol: Fraction(int(r.low.p), int(r.low.q)) for r in domain.ranges}, says)


TENTH_OPEN, HALF_EMPTY = at(9, 1, "1000", "3/10"), at(9, 9, "1000", "3/10")
SMALL_RIDGE = at(9, 1, "1/10", "7/10")


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return every value of the pair, the window and the truth at one exact point.

    The conclusion is the order that the figure promises, (x^R, y^R) ≥ (x^D, y^D) ≥ (x^DA, y^DA); the hypothesis
    `in_window` says whether the two lemmas promise it here.
    """
    lower, upper = lemma_9.evaluate(point), lemma_10.evaluate(point)
    hypotheses = {**lower.hypotheses, **upper.hypotheses}
    promised = [
        f"alpha_at_{end}_{name}" for end in ("least_alpha_min", "most_alpha_max") for name in ("x", "y")
    ]
    hypotheses["in_window"] = all(hypotheses[name] for name in (*promised, "alpha_at_most_one"))
    if lower.holds is None or upper.margin is None or lower.margin is None:
        return Evaluation(hypotheses, upper.values, None, None)
    holds, margin = pair.smallest([lower.margin, upper.margin])
    return Evaluation(hypotheses, upper.values, holds, margin)


CLAIM = Claim(
    name="figure-4",
    title="How large the window of certain harm is",
    where="§5.1.2, Fig. 4",
    idea="Put the bounds of lemmas 9 and 10 side by side, in coordinates in which both are explicit.",
    domain=DOMAIN.restrict(epsilon, low_open=True),
    realisable=REALISABLE,
    inputs=DOMAIN,
    evaluate=evaluate,
    rests_on=("lemma-9", "lemma-10"),
    notation=pair.NOTATION,
    summary=(
        "Neither holds as printed. The window is at most |F|²/(|R|(|D|+|F|)) long, an |F|/(|D|+|F|) part of |F|/|R|, and "
        "it is empty for every ε when the ridge is small (for |F|/|D| = 1/10: for all λ|R|/|R_ij| from 0.009 to 9). Only this "
        "bound grows with the forget fraction: the window itself closes again, and at best it spans the ε with "
        "2ε/(1+ε²) ≥ √(|F|/(|D|+|F|)), which are fewer for a larger fraction."
    ),
    statements=(
        Statement(
            name="typically-large",
            where="§5.1.2",
            quote="we show numerically in Fig. 4 that this range is typically large",
            printed=(Proposition(sp.Ge(length, 0, evaluate=False), SMALL_RIDGE),),
            verified=(
                Proposition(
                    sp.Le(simple_y - min_y, longest / tilt, evaluate=False),
                    SIZES,
                    "the window is never longer than 2ε/(1+ε²)·|F|²/(|R|(|D|+|F|)), for any ridge",
                ),
                Proposition(
                    sp.Gt(-length, 0, evaluate=False),
                    TENTH,
                    "and empty for every ε ≥ 1/10, |F|/|D| = 1/10 and λ|R|/|R_ij| in [0.009, 9]",
                    certificate="figure-4-empty",
                ),
                Proposition(
                    sp.Lt(fraction / tilt - min_x, 0, evaluate=False),
                    NARROW,
                    "for 2ε/(1+ε²) < √(|F|/(|D|+|F|)) lemma 9 asks for more than (7) can be, for any ridge",
                ),
            ),
            witness=_point(SMALL_RIDGE, "|F|/|D| = 1/10, λ|R|/|R_ij| = 0.9, ε = 7/10: no α is left"),
            recorded=(Verdict.CORRECTED, Level.CERTIFIED),
            remark=(
                "The ridge decides: measured on a grid of ε, a window first opens at λ|R|/|R_ij| = 137, 23, 9.6, 3.6, 1.05 and "
                "0.62 for forget fractions 0.01, 0.05, 0.1, 0.2, 0.4 and 0.5. The printed figure must have been drawn for a "
                "larger one."
            ),
            steps=(
                Step(
                    "(7) is at most 2ε/(1+ε²)·|F|/|R|.",
                    Rule.SIGN,
                    sp.Le(simple_y - fraction / tilt, 0, evaluate=False),
                    SIZES,
                ),
            ),
        ),
        Statement(
            name="broadens",
            where="§5.1.2",
            quote="and broadens as the fraction of samples to be forgotten increases",
            printed=(Proposition(sp.Ge(length, 0, evaluate=False), HALF_EMPTY),),
            verified=(
                Proposition(
                    sp.Gt(length, 0, evaluate=False),
                    TENTH_OPEN,
                    "ε = 3/10, large ridge, a tenth forgotten: a window",
                ),
                Proposition(
                    sp.Lt(length, 0, evaluate=False), HALF_EMPTY, "half forgotten, all else equal: none"
                ),
            ),
            witness=_point(
                HALF_EMPTY,
                "open for |F| = |R|/9 and empty for |F| = |R|, with ε = 3/10 and λ|R|/|R_ij| = 9000",
            ),
            recorded=(Verdict.CORRECTED, Level.CERTIFIED),
            remark=(
                "The bound |F|²/(|R|(|D|+|F|)) of its length grows with the fraction; the length itself need not, and is "
                "negative again for a fraction that is large enough. √(|F|/(|D|+|F|)) rises, so that fewer ε have a window."
            ),
        ),
    ),
    necessity=(
        Necessity(
            "a large ridge",
            sp.Ge(length, 0, evaluate=False),
            _point(SMALL_RIDGE, "with λ = 1/10 instead of 1000 no α is left at ε = 7/10"),
            "Needed, though not mentioned.",
        ),
    ),
    survivors=tuple(
        Survivor(f"{side}: {move}", reason)
        for side, moves, reason in (
            (
                longest / tilt,
                ("2 -> 1.98000", "1 -> 0.990000"),
                "a larger bound is weaker (the other move is killed)",
            ),
            (
                fraction / tilt - min_x,
                ("2 -> 1.98000", "1 -> 0.990000"),
                "a larger number of lemma 9 leaves less room still (the other move is killed)",
            ),
            (
                simple_y - min_y,
                ("1 -> 1.01000", "2 -> 1.98000"),
                "a larger number of lemma 9 makes the window shorter (the other move is killed)",
            ),
        )
        for move in moves
    ),
    errata=(
        Erratum(
            "§5.1.2",
            "this range is typically large, and broadens as the fraction of samples to be forgotten increases",
            "for a large enough ridge this range is not empty; a bound of its length in α increases with the forget fraction, "
            "and the range of ε that can have one decreases",
        ),
    ),
)
