"""Where the orbits of iterative descent-ascent go, with a ridge and without: sentences of `iterative_da`."""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step, Witness
from ascentcheck.theory.claims.iterative_expansion import ANY, ascended, excess, half, kept, mapped
from ascentcheck.theory.domain import NEAR_ONE, Range, domain, positive
from ascentcheck.theory.kit import as_printed, open_as_worded, point, reading
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.vocabulary import learning_rate, pull_forget, pull_retain, ridge, w

lift, ratio_log = sp.symbols("lift ratio_log", real=True)

RATES = domain(
    Range(pull_forget),
    Range(ridge, low_open=True),
    Range(learning_rate, 0, 1 / ridge, low_open=True, high_open=True),
)
HALF = domain(*positive(kept, lift), Range(excess))
"""kept = 1 − ηλ and lift = ηρ; the point between the two steps is h = kept·w + lift·e^{−w}."""
ABOVE_REST = domain(*positive(ratio_log, excess))
BELOW_REST = domain(*positive(kept, excess))
"""Without a ridge and for φ = ρe^L a turn moves w by s − s·e^{L−s}, s = ηρe^{−w}: s = L + excess, or s = kept and
L = kept + excess."""
NO_RIDGE = domain(*positive(pull_retain, learning_rate, ratio_log))

_turn = sp.log(lift / kept)


def between(at: sp.Expr) -> sp.Expr:
    """Return the point between the two steps, in `kept` and `lift`."""
    return kept * at + lift * sp.exp(-at)


lowest_between = kept * (1 + _turn)


def above_lowest(distance: sp.Expr) -> sp.Expr:
    """Return how far h is above `lowest_between` at w = log(lift/kept) + distance."""
    return sp.expand(between(_turn + distance) - lowest_between)


_rest = -sp.log(ratio_log / (learning_rate * pull_retain))
_bare = {ridge: sp.S.Zero, pull_forget: pull_retain * sp.exp(ratio_log)}

BOUNDED = (Proposition(ge(above_lowest(excess)), HALF), Proposition(ge(above_lowest(-excess)), HALF))

ORBITS = (
    as_printed(
        "stops-divergence",
        "§5.1.1",
        "The leading correction term O(η²) which was omitted in the update rule above stops the algorithms solution w^DA "
        "from diverging",
        printed=BOUNDED,
        verified=(
            Proposition(
                ge(above_lowest(excess)),
                HALF,
                "the point h between the steps is never below kept·(1 + log(lift/kept)): right of the turn",
            ),
            Proposition(ge(above_lowest(-excess)), HALF, "and left of it"),
        ),
        remark="With kept = 1 − ηλ in (0, 1) and lift = ηρ: w⁺ increases with h, so every orbit is bounded below after one "
        "step, by m; and w⁺ ≤ kept²·w + kept·lift·e^{−m} bounds it above. So there is a fixed point for every α, also "
        "where simultaneous descent-ascent runs to −∞; but it lies near log(ηρ/log(φ/ρ)), which goes to −∞ with η, "
        "and orbits need not come to rest.",
        steps=(
            Step(
                "h = (1 − ηλ)w + ηρe^{−w}.",
                eq(
                    between(w).subs({kept: 1 - learning_rate * ridge, lift: learning_rate * pull_retain}),
                    half,
                ),
                RATES.extend(Range(pull_retain, low_open=True), ANY),
            ),
            Step("Its least value is that at w = log(lift/kept).", eq(between(_turn), lowest_between), HALF),
            Step(
                "For w = m + excess ≥ m: kept·h ≤ kept²·w + kept·lift·e^{−m}, which bounds orbits above.",
                le(kept * between(w + excess), kept**2 * (w + excess) + kept * lift * sp.exp(-w)),
                HALF.extend(Range(w, scale=NEAR_ONE)),
            ),
            Step(
                "And for m < 0.",
                le(kept * between(excess - w), kept**2 * (excess - w) + kept * lift * sp.exp(w)),
                HALF.extend(Range(w, scale=NEAR_ONE)),
            ),
            *(
                Step(says, asserts, RATES.extend(Range(excess, scale=NEAR_ONE)))
                for sign, side in ((1, "h ≥ 0"), (-1, "h ≤ 0"))
                for says, asserts in (
                    (
                        f"w⁺ increases with h, where {side}.",
                        gt(sp.diff(ascended(w), w).subs(w, sign * excess)),
                    ),
                    (
                        f"Ascent only lowers: w⁺ ≤ (1 − ηλ)h, where {side}.",
                        le(ascended(sign * excess), (1 - learning_rate * ridge) * sign * excess),
                    ),
                )
            ),
        ),
    ),
    open_as_worded(
        "comes-to-rest",
        "§5.1.1",
        "This addresses stability concerns",
        readings=(
            reading("no orbit runs away", BOUNDED),
            reading(
                "orbits come to rest",
                Proposition(gt(sp.diff(mapped, w).subs(_bare).subs(w, _rest), -1), NO_RIDGE),
                Witness(
                    point(pull_retain="1/10", learning_rate="1/10", ratio_log=2),
                    "L = 2: the multiplier is −3, and orbits leave the fixed point",
                ),
            ),
        ),
        verified=(
            Proposition(
                gt(ratio_log + excess, (ratio_log + excess) * sp.exp(-excess)),
                ABOVE_REST,
                "for λ → 0 and φ = ρe^L, L > 0, a turn raises w below log(ηρ/L)",
            ),
            Proposition(
                lt(kept, kept * sp.exp(excess)), BELOW_REST, "and lowers it above, so it rests there alone"
            ),
            Proposition(
                eq(sp.diff(mapped, w).subs(_bare).subs(w, _rest), 1 - ratio_log**2),
                NO_RIDGE,
                "with multiplier 1 − L²: stable for L < √2, that is α < e^{√2}·|F|/|R|, e^{√2} = 4.11…",
            ),
        ),
        remark="At L = √2 the fixed point doubles its period, whatever the learning rate; a smaller η does not help. "
        "With a ridge the fixed points and their multipliers are enclosed by `evaluate`.",
    ),
)
"""The sentences on orbits."""
