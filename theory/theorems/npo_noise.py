"""Noise that is added where one stops, and noise on the way: sentences of `npo`."""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.relations import eq, ge
from ascentcheck.theory.theorems.stated import stated

noise, away, place = sp.symbols("noise away place", real=True)

SHIFTS = domain(Range(away), Range(noise))
"""A distance from the oracle, and noise of that size and either sign."""
SHAKEN = domain(Range(place), Range(away), Range(noise, -away, away))
UPWARD = domain(Range(place), Range(noise))
"""w^D = place, where descent-ascent rests at α₁, and noise of either sign and any size; then its size."""

NOISE = stated(
    "noise",
    "noise of mean 0 that is added where one stops adds its variance to the mean squared distance from the oracle",
    Proposition(
        eq(((away + noise) ** 2 + (away - noise) ** 2) / 2, away**2 + noise**2),
        SHIFTS,
        "for noise of either sign alike, in each component",
    ),
    remark="So it never brings a model nearer in the mean square. Noise on the way can, by the steps: at α₁ no stop "
    "helps without it (exponential loss), and small noise with one more step brings every draw nearer. The gain is "
    "small, and to choose that step takes α₁ and the oracle's side.",
    steps=(
        Step(
            "On the way: let p = w^D. At α₁ a step with η = 1/L''(p), ηλ = 1/(1 + p), from p + s ends at "
            "p + s − ηλ(p + s − pe^{−s}) = p + ηλp(s − 1 + e^{−s}),",
            eq(
                place + noise - (place + noise - place * sp.exp(-noise)) / (1 + place),
                place + place * (noise - 1 + sp.exp(-noise)) / (1 + place),
            ),
            SHAKEN,
            reads="p + s − ηλ(p + s − pe^{−s}) = p + ηλp(s − 1 + e^{−s})",
        ),
        Step(
            "which is not below w^D, and the oracle is above, for s ≥ 0,",
            ge(place * (noise - 1 + sp.exp(-noise))),
            UPWARD,
        ),
        Step("as for −s.", ge(place * (-noise - 1 + sp.exp(noise))), UPWARD),
    ),
)
