"""The real solutions of x − a·e^{−x} = 0 for one a, and the printed one."""

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import lambert
from ascentcheck.theory.check.decide import NEXT_TO_THE_END, sign_at
from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims.lambert_eq import DOMAIN, NEGATIVE, residual
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1, enclose
from ascentcheck.theory.vocabulary import a


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the real solutions for one exact `a`; the printed W(−a) beside them where it is real."""
    side = sign_at(sp.E * a + 1, point, NEXT_TO_THE_END)
    negative = point[a] < 0
    w0 = enclose(W0(a), point) if side == 1 else None
    wm1 = enclose(Wm1(a), point) if side == 1 and negative else None
    printed_real = sign_at(1 - sp.E * a, point, NEXT_TO_THE_END) == 1
    printed = enclose(W0(-a), point) if printed_real else None
    gap: arb | fmpq | None = None
    holds: bool | None = False
    if printed is not None:
        gap = -abs(enclose(residual(W0(-a)), point))
        holds = bool(point[a] == 0)
    elif w0 is None:
        holds = None
    return Evaluation(
        {"solution_exists": side == 1, "two_solutions": side == 1 and bool(negative)},
        {"w0": w0, "wm1": wm1, "solutions": [x for x in (w0, wm1) if x is not None], "printed": printed},
        holds,
        gap,
    )


VALUES = Values(
    inputs=Domain((Range(a, -sp.oo, sp.oo),)),
    evaluate=evaluate,
    prints=(
        Prints("solution_exists", "a ≥ −1/e"),
        Prints("two_solutions", "a ≥ −1/e and a < 0"),
        Prints("w0", "W(a)", "a ≥ −1/e"),
        Prints("wm1", "W−1(a)", "a ≥ −1/e and a < 0"),
        Prints("solutions.1", "W(a)", "a ≥ −1/e"),
        Prints("solutions.2", "W−1(a)", "a ≥ −1/e and a < 0"),
        Prints("printed", "W(−a)", "a ≤ 1/e"),
        Prints("holds", "a = 0"),
        Prints("margin", "min{W(−a) − a·e^{−W(−a)}, a·e^{−W(−a)} − W(−a)}", "a ≤ 1/e"),
    ),
    float_forms=(
        FloatForm("w0", lambert.lambert_w0, W0(a), DOMAIN, ulps=4, conditioned=False),
        FloatForm("wm1", lambert.lambert_wm1, Wm1(a), NEGATIVE, ulps=4, conditioned=False),
    ),
)
