r"""x − a·e^{−x} = 0 is solved by x = W(a), not by W(−a) (App. D.1).

Multiply by e^x: the equation says x·e^x = a, which is the definition of W. The function x·e^x falls from
0 to −1/e on (−∞, −1] and rises from −1/e to ∞ on [−1, ∞), so the number of real solutions is 0, 1, 2 or 1
as a < −1/e, a = −1/e, −1/e < a < 0 or a ≥ 0.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Proposition, Step, Witness
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.expression import W0, Wm1
from ascentcheck.theory.kit import as_printed, false_as_printed, point
from ascentcheck.theory.relations import eq, equivalent, ge, increasing
from ascentcheck.theory.vocabulary import a, w

t, larger = sp.symbols("t larger", real=True)

BRANCH_POINT = -sp.exp(-1)
DOMAIN = domain(Range(a, BRANCH_POINT, sp.oo))
NEGATIVE = domain(Range(a, BRANCH_POINT, 0, high_open=True))
ORDERED = DOMAIN.extend(Range(larger, a, sp.oo, low_open=True))
UPPER = domain(Range(w, -1, sp.oo, low_open=True))
LOWER = domain(Range(t, 0, sp.oo, low_open=True))


def residual(x: sp.Expr) -> sp.Expr:
    """Return x − a·e^{−x}, App. D.1."""
    return x - a * sp.exp(-x)


CLAIM = Claim(
    name="lambert-eq",
    title="The equation that W solves",
    where="App. D.1",
    idea="Multiplying by e^x turns x − a·e^{−x} = 0 into x·e^x = a, the definition of W.",
    domain=DOMAIN,
    meanings=({"x": "W(a)"}, {"x": "−1 − t"}),
    letters={"a": a, "w": w, "x": w},
    summary="The sign in App. D.1 is wrong: the solution is x = W(a). Lemma 2 uses the right form, so nothing "
    "downstream changes. 'For any' needs a ≥ −1/e, and between −1/e and 0 there are two solutions.",
    statements=(
        false_as_printed(
            "solution",
            "App. D.1",
            "for any α, the solution of the equation x − α·e^{−x} = 0 is x = W(−a)",
            printed=Proposition(sp.Eq(residual(W0(-a)), 0), domain(Range(a, 0, sp.exp(-1)))),
            witness=Witness(point(a="1/4"), "W(−1/4) is real and misses the equation"),
            verified=(
                Proposition(sp.Eq(residual(W0(a)), 0), DOMAIN, "the principal branch solves it"),
                Proposition(sp.Eq(residual(Wm1(a)), 0), NEGATIVE, "so does the lower branch, for a < 0"),
            ),
            remark="Read x = W(a). Real solutions exist exactly for a ≥ −1/e. On the part of the printed domain "
            "where W(−a) is real at all, 0 ≤ a ≤ 1/e, it solves the equation only at a = 0.",
            steps=(
                Step(
                    "Multiply by e^x > 0.",
                    equivalent(eq(residual(w)), eq(w * sp.exp(w) - a)),
                    DOMAIN.extend(Range(w, -1, sp.oo)),
                ),
                Step(
                    "x·e^x rises on (−1, ∞), from −1/e: one solution x ≥ −1 for each a ≥ −1/e.",
                    increasing(w * sp.exp(w), w),
                    UPPER,
                ),
                Step(
                    "Below −1, put x = −1 − t: x·e^x rises with t, from −1/e toward 0: one solution x < −1 "
                    "for each a in (−1/e, 0), and none below −1/e.",
                    increasing((w * sp.exp(w)).subs(w, -1 - t), t),
                    LOWER,
                ),
            ),
        ),
        as_printed(
            "monotone",
            "App. D.1",
            "the monotonicity of the principal branch of the Lambert function",
            printed=Proposition(sp.Gt(W0(larger), W0(a)), ORDERED),
            remark="W0 inverts x·e^x on [−1, ∞), which increases there; the inverse increases too.",
            steps=Step(
                "x·e^x increases for x > −1, so its inverse increases.", increasing(w * sp.exp(w), w), UPPER
            ),
        ),
    ),
    necessity=(
        Necessity(
            "a ≥ −1/e",
            ge(sp.E * w * sp.exp(w) + 1, sp.Rational(1, 2)),
            Witness(point(w=-1), "x·e^x reaches −1/e at x = −1 and never goes below"),
            "Below −1/e there is no real solution: e·x·e^x + 1 has its minimum 0 at x = −1, where e·x·e^x + 1 ≥ 1/2 is false.",
            reads="e·x·e^x + 1 ≥ 1/2",
        ),
    ),
    errata=(
        Erratum(
            "App. D.1",
            "x = W(−a)",
            "x = W(a), for a ≥ −1/e; W0 always, and W−1 as well for −1/e ≤ a < 0",
            sp.Eq(residual(W0(-a)), 0),
            Witness(point(a="1/4"), "the residual is 2·W(−1/4) = −0.7148…"),
            corrects=("solution",),
        ),
    ),
)
