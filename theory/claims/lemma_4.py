r"""The oracle and the pretrained solution are at most |ln((1+α)|R|/|D|)| apart, for any ridge (App. F).

The logarithmic form of W is the idea: W(z) + ln W(z) = ln z for z > 0. Subtracting it at the two arguments
leaves ln k = (w^D − w^R) + (ln w^D − ln w^R) with k = (1+α)|R|/|D|, and both brackets have the same sign.
"""

from fractions import Fraction

import sympy as sp

from ascentcheck.theory.claim import (
    Claim,
    Erratum,
    Necessity,
    Notation,
    Parametrisation,
    Proposition,
    Quoted,
    Step,
    Verdict,
    Witness,
)
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import DOMAIN, balance, z_pretrained, z_retrained
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading
from ascentcheck.theory.relations import eq, ge, le
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge

u, v = sp.symbols("u v", positive=True)

ratio = (1 + alpha) * n_retain / n_total
"""k: the factor between the arguments of w^D and w^R."""

rise = W0(z_pretrained) - W0(z_retrained)
LARGER = DOMAIN.restrict(alpha, low=balance)
SMALLER = DOMAIN.restrict(alpha, high=balance)


def solutions_as_coordinates(first: Range, second: Range) -> Parametrisation:
    """Return the coordinates u = w^R and v = w^D in place of the ridge and α."""
    return Parametrisation(
        substitution=(
            (ridge, n_group / (n_retain * u * sp.exp(u))),
            (alpha, v * sp.exp(v - u) / u * n_total / n_retain - 1),
        ),
        inverse=((u, W0(z_retrained)), (v, W0(z_pretrained))),
        domain=domain(*positive(n_retain, n_forget, n_group), first, second),
    )


ABOVE = solutions_as_coordinates(Range(u, low_open=True), Range(v, u))
BELOW = solutions_as_coordinates(Range(v, low_open=True), Range(u, v))

PROPOSITIONS = (
    Proposition(le(rise, sp.log(ratio)), LARGER, "upper bound, α ≥ |F|/|R|", by=ABOVE),
    Proposition(ge(rise), LARGER, "w^D ≥ w^R, α ≥ |F|/|R|"),
    Proposition(ge(rise, sp.log(ratio)), SMALLER, "lower bound, α ≤ |F|/|R|", by=BELOW),
    Proposition(le(rise), SMALLER, "w^D ≤ w^R, α ≤ |F|/|R|"),
)

z, root = sp.symbols("z root", real=True)
LOGARITHMIC = eq(W0(z), sp.log(z) - sp.log(W0(z)))
"""App. F's form of W."""
_ROOT = Parametrisation(((z, root * sp.exp(root)),), ((root, W0(z)),), domain(Range(root, low_open=True)))

CLAIM = Claim(
    name="lemma-4",
    title="How far the oracle is from the pretrained solution",
    where="§5.1.1, App. F",
    idea="W(z) + ln W(z) = ln z, so the difference of two W is at most the difference of the logarithms.",
    domain=DOMAIN,
    realisable=lemma_2.REALISABLE,
    notation=(*lemma_2.NOTATION, Notation("ratio", "k", ratio), Notation("balance", r"\alpha_0", balance)),
    quoted=(Quoted("ln((1+α)|R|/|D|)", sp.log(ratio)),),
    letters=lemma_2.LETTERS | {"k": "(1+α)|R|/|D|", "x": z},
    rests_on=("lemma-2",),
    summary="The bound holds for every ridge and every α. Equality only at α = |F|/|R|, where both sides are 0; the slack is "
    "|ln(w^D/w^R)|, which vanishes as the ridge does and grows to the whole bound as the ridge grows. The logarithmic form "
    "of W that the proof starts from holds for the positive arguments that it puts in.",
    statements=(
        as_printed(
            "bound",
            "§5.1.1, App. F",
            "|w^D − w^R| ≤ |ln((1+α)|R|/|D|)| for any λ > 0",
            printed=PROPOSITIONS,
            remark="Both cases of the printed proof are sound; the second ('repeat the same procedure') bounds "
            "w^R − w^D by −ln k. The printed α = (1+α)|R|/|D| reuses the letter: it is k here.",
            steps=(
                Step(
                    "W(z)·e^{W(z)} = z: the logarithmic form of W, for z > 0.",
                    eq(W0(z_retrained) * sp.exp(W0(z_retrained)), z_retrained),
                    DOMAIN,
                    origin="App. F",
                ),
                Step(
                    "W0 increases: w^D ≥ w^R for α ≥ |F|/|R|, so ln(w^D/w^R) ≥ 0.",
                    ge(rise),
                    LARGER,
                    origin="App. F",
                ),
            ),
        ),
        open_as_worded(
            "logarithmic-form",
            "App. F",
            "for any value of x it holds that W(x) = ln(x) − ln(W(x))",
            readings=(
                reading(
                    "for any value that the proof puts in",
                    Proposition(LOGARITHMIC, domain(Range(z, low_open=True)), "for x > 0", by=_ROOT),
                ),
                reading(
                    "for any at which W is real",
                    Proposition(
                        LOGARITHMIC, domain(Range(z, -sp.exp(-1), sp.oo)), reads="W(x) = ln(x) − ln(W(x))"
                    ),
                    Witness(point(z=0), "W(0) is 0, and ln(0) is not defined"),
                ),
            ),
            remark="The proof puts in positive arguments. For negative ones neither logarithm is real, as at W(−1/4) = −0.357…; "
            "with complex logarithms the identity holds there too, which is not decided here, and 0 is the one exception.",
            formerly=(Verdict.FALSE, "of complex logarithms the old witness, −1/4, is none"),
        ),
    ),
    necessity=(
        Necessity(
            "the whole logarithm: w^D − w^R ≤ ln k/2 is too much",
            le(rise, sp.log(ratio) / 2),
            Witness(
                point(n_retain=2, n_forget=1, n_group=1, alpha=1, ridge=Fraction(1, 10**6)),
                "for a small ridge the distance comes close to the bound",
            ),
            "No constant below 1 in front of the logarithm would do: the bound is attained as λ → 0.",
            reads="w^D − w^R ≤ ln k/2",
        ),
    ),
    errata=(
        Erratum(
            "App. F",
            "for any value of x it holds that W(x) = ln(x) − ln(W(x))",
            "for any x > 0 it holds that …",
        ),
    ),
)
