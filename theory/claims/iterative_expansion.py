"""One step of iterative descent-ascent, and its expansion in the learning rate: sentences of `iterative_da`."""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step, Verdict, Witness
from ascentcheck.theory.domain import NEAR_ONE, Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import as_printed, false_as_printed, open_as_worded, point, reading, told
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.vocabulary import learning_rate, pull_forget, pull_retain, ridge, w

kept, excess = sp.symbols("kept excess", real=True)


def descent(at: sp.Expr) -> sp.Expr:
    """Return A, what descent on R adds to w per unit of the learning rate."""
    return pull_retain * sp.exp(-at) - ridge * at


def ascended(half: sp.Expr) -> sp.Expr:
    """Return w⁺ from the point h between the two steps."""
    return half - learning_rate * (pull_forget * sp.exp(-half) + ridge * half)


half = w + learning_rate * descent(w)
mapped = ascended(half)
"""Eq. (4), both steps."""

forgotten_first = w - learning_rate * (pull_forget * sp.exp(-w) + ridge * w)
ascent_first = forgotten_first + learning_rate * descent(forgotten_first)
"""The two steps in the order of §5.1.1: ascent on F, then descent on R."""

first_order = sp.diff(mapped, learning_rate).subs(learning_rate, 0)
drift_printed = pull_retain * sp.exp(-w) - pull_forget * sp.exp(-w) - 2 * ridge * w
"""The printed update of eq. (5), per unit of the learning rate."""
second_printed = pull_forget * pull_retain * sp.exp(-2 * w) - ridge * w * pull_forget * sp.exp(-w)
"""The printed form of the omitted term, without η²."""
second = descent(w) * (pull_forget * sp.exp(-w) - ridge)
turning = ridge * (w - 1) - 2 * pull_retain * sp.exp(-w)
"""The derivative of the printed second order, without its positive factor φe^{−w}."""
z_doubled = (pull_retain - pull_forget) / (2 * ridge)
"""w·e^w at the stationary point of simultaneous descent-ascent with ridge 2λ."""
shift = second / (2 * ridge * (1 + w))
"""How fast the fixed point moves with η, at η = 0."""

_PULLS = (*positive(pull_retain, ridge), Range(pull_forget))
PULLS = domain(*_PULLS)
ANY = Range(w, -sp.oo, sp.oo, scale=NEAR_ONE)
BOTH_PULLS = PULLS.restrict(pull_forget, low_open=True)
MAY_NOT_EXIST = PULLS.restrict(
    pull_forget, low=pull_retain, high=pull_retain + 2 * ridge / sp.E, high_open=True
)
"""φ ≥ ρ, as far as there is a minimum."""
WITH_MINIMUM = PULLS.restrict(pull_forget, high=pull_retain + 2 * ridge / sp.E, high_open=True)
SMALL_RIDGE = domain(
    Range(pull_forget),
    Range(pull_retain, pull_forget, low_open=True),
    Range(ridge, 0, (pull_retain - pull_forget) / (2 * sp.E), low_open=True, high_open=True),
)
LARGE_RIDGE = domain(
    Range(pull_forget),
    Range(pull_retain, pull_forget, low_open=True),
    Range(ridge, (pull_retain - pull_forget) / (2 * sp.E)),
)
AROUND_TURN = domain(Range(kept), *positive(ridge, excess))
"""kept = W(2ρ/(eλ)), that is 2ρ = λ·kept·e^{1 + kept}, and the distance from w = 1 + kept."""


def turning_at(distance: sp.Expr) -> sp.Expr:
    """Return `turning` at w = 1 + kept + distance."""
    return sp.powsimp(
        turning.subs(pull_retain, ridge * kept * sp.exp(1 + kept) / 2).subs(w, 1 + kept + distance)
    )


_FIRST = Proposition(eq(sp.exp(w) * first_order, sp.expand(sp.exp(w) * drift_printed)), PULLS.extend(ANY))
_AT_REST = Proposition(eq(drift_printed.subs(w, W0(z_doubled))), WITH_MINIMUM)
_EITHER_ORDER = Proposition(
    eq(
        sp.exp(w) * sp.diff(ascent_first, learning_rate).subs(learning_rate, 0),
        sp.expand(sp.exp(w) * drift_printed),
    ),
    PULLS.extend(ANY),
    "to first order the two orders agree",
)

EXPANSION = (
    as_printed(
        "first-order",
        "App. C.3, eq. (5)",
        "w ← w − η(−|R_j|/|R|·e^{−w} + α|R_j|/|F|·e^{−w} + 2λw) + O(η²)",
        printed=_FIRST,
        verified=told(_FIRST, "the coefficient of η in the exact map, times e^w: an identity in w"),
        remark="The map is analytic in η, so the rest is O(η²) at each w.",
    ),
    open_as_worded(
        "order-of-steps",
        "§5.1.1",
        "one first performs a step of ascent on the forget set, followed [by] descent on the retain set",
        readings=(
            reading(
                "of practice, and of the update that is printed next: its first order is that of either order",
                _EITHER_ORDER,
            ),
            reading(
                "of the correction that is printed after it",
                Proposition(
                    eq(sp.diff(ascent_first, learning_rate, 2).subs(learning_rate, 0) / 2, second_printed),
                    PULLS.extend(ANY),
                    "the printed correction is that of this order",
                ),
                Witness(
                    point(pull_retain=1, pull_forget=1, ridge=1, w=0),
                    "at w = 0 with ρ = φ = λ = 1 the coefficient is 1·2 = 2, and the printed one is 1",
                ),
            ),
        ),
        verified=(
            Proposition(
                eq(
                    sp.diff(ascent_first, learning_rate, 2).subs(learning_rate, 0) / 2,
                    (pull_forget * sp.exp(-w) + ridge * w) * (pull_retain * sp.exp(-w) + ridge),
                ),
                PULLS.extend(ANY),
                "ascent first: the coefficient of η² is (φe^{−w} + λw)(ρe^{−w} + λ)",
            ),
            _EITHER_ORDER,
        ),
        remark="Eq. (4) and App. C.3 descend first; the printed correction belongs to that order, and is half of it.",
        formerly=(
            Verdict.FALSE,
            "the sentence tells what is done in practice; second-order has the correction",
        ),
    ),
    open_as_worded(
        "small-solution",
        "§5.1.1",
        "since the solution, should it exist has w small and a term with η² → 0 has negligible contribution",
        readings=(
            reading(
                "where it may not exist, for φ ≥ ρ: between −1 and 0",
                (
                    Proposition(ge(W0(z_doubled), -1), MAY_NOT_EXIST),
                    Proposition(le(W0(z_doubled)), MAY_NOT_EXIST),
                ),
            ),
            reading(
                "wherever it exists",
                Proposition(
                    le(W0(z_doubled), 1), PULLS.restrict(pull_forget, high=pull_retain), "w ≤ 1, say"
                ),
                Witness(
                    point(pull_retain=1, pull_forget="1/2", ridge="1/1000"),
                    "W(250) = 4.1…; for φ < ρ it grows without bound as λ → 0",
                ),
            ),
        ),
        verified=(
            Proposition(gt(W0(z_doubled), 1), SMALL_RIDGE, "w > 1 for every λ < (ρ − φ)/(2e)"),
            Proposition(le(W0(z_doubled), 1), LARGE_RIDGE, "and at most 1 for every larger one"),
        ),
        remark="What is negligible is the term with η² as η → 0 at a fixed λ: it moves the solution in proportion to η.",
        formerly=(
            Verdict.FALSE,
            "'should it exist' points to the range in which it may not, and there it is small",
        ),
    ),
    false_as_printed(
        "same-fixed-point",
        "App. C.3",
        "up to order O(η²), the dynamics, as well as the convergent solution [...] are identical [...] up to a "
        "rescaling λ_DA = 2λ_Iter-DA",
        printed=(
            _AT_REST,
            Proposition(eq(shift.subs(w, W0(z_doubled))), WITH_MINIMUM),
        ),
        witness=Witness(
            point(pull_retain=1, pull_forget=0, ridge=1),
            "with nothing forgotten the fixed point is W(ρ(1 − ηλ)/(λ(2 − ηλ))), which is not W(ρ/(2λ))",
        ),
        verified=(
            told(_AT_REST, "with 2λ the first order vanishes at the simultaneous solution W((ρ − φ)/(2λ))"),
            Proposition(
                eq((sp.diff(drift_printed, w) * shift + second).subs(w, W0(z_doubled))),
                WITH_MINIMUM,
                "the fixed point moves by A(φe^{−w} − λ)/(2λ(1 + w)) per unit of η",
            ),
        ),
        remark="Two maps that differ by O(η²) per step have fixed points that differ by O(η), because a step itself is "
        "O(η). The rescaling by 2 is right in the limit η → 0.",
        steps=(
            Step(
                "Where the first order vanishes, descent on R alone would still move: A = (ρ + φ)e^{−w}/2.",
                eq(descent(W0(z_doubled)), (pull_retain + pull_forget) / 2 * sp.exp(-W0(z_doubled))),
                WITH_MINIMUM,
            ),
            Step(
                "With nothing forgotten the fixed point has a closed form.",
                eq(
                    (mapped - w)
                    .subs(pull_forget, 0)
                    .subs(
                        w,
                        W0(pull_retain * (1 - learning_rate * ridge) / (ridge * (2 - learning_rate * ridge))),
                    )
                ),
                domain(
                    *positive(pull_retain, ridge),
                    Range(learning_rate, 0, 1 / ridge, low_open=True, high_open=True),
                ),
            ),
        ),
    ),
    false_as_printed(
        "second-order",
        "§5.1.1",
        "the term is of the form η²α|R_j|²/(|F||R|)·e^{−2w} − η²λwα|R_j|/|F|·e^{−w}",
        printed=Proposition(
            eq(sp.diff(mapped, learning_rate, 2).subs(learning_rate, 0) / 2, second_printed),
            PULLS.extend(ANY),
        ),
        witness=Witness(
            point(pull_retain=1, pull_forget=1, ridge=1, w=0),
            "at w = 0 the coefficient is ρ(φ − λ) = 0 and the printed one is ρφ = 1",
        ),
        verified=(
            Proposition(
                eq(sp.diff(mapped, learning_rate, 2).subs(learning_rate, 0) / 2, second),
                PULLS.extend(ANY),
                "the coefficient of η² is A(φe^{−w} − λ)",
            ),
            Proposition(
                eq(second - second_printed, -ridge * descent(w)),
                PULLS.extend(ANY),
                "the printed form lacks −λA: the second weight decay acts on a weight that has moved",
            ),
        ),
        remark="The missing part is small where λ is small against φe^{−w}.",
    ),
    open_as_worded(
        "increases",
        "§5.1.1",
        "which increases for larger w",
        readings=(
            reading(
                "for larger |w| on the way to −∞, where it is to hold the solution back",
                Proposition(
                    lt(sp.diff(second_printed, w).subs(w, -excess)), BOTH_PULLS.extend(Range(excess))
                ),
            ),
            reading(
                "for larger w",
                Proposition(gt(sp.diff(second_printed, w)), BOTH_PULLS.extend(ANY)),
                Witness(
                    point(pull_retain=1, pull_forget=1, ridge=1, w=0),
                    "at w = 0 the derivative is −φ(2ρ + λ) = −3",
                ),
            ),
        ),
        verified=(
            Proposition(
                eq(sp.diff(second_printed, w), pull_forget * sp.exp(-w) * turning),
                BOTH_PULLS.extend(ANY),
                "its derivative",
            ),
            Proposition(
                lt(turning_at(-excess)),
                AROUND_TURN,
                "it falls up to w = 1 + kept, kept = W(2ρ/(eλ)), negative w included",
            ),
            Proposition(
                gt(turning_at(excess)),
                AROUND_TURN,
                "and rises only beyond, where it is negative and tends to 0",
            ),
        ),
        remark="What grows without bound is the term for w → −∞, and that is what holds w back from there: with ρ = φ = λ = 1 "
        "it is 1 at w = 0, and 10.1, 69.4 and 463.7 at w = −1, −2 and −3.",
        formerly=(
            Verdict.FALSE,
            "the sentence before speaks of divergence to −∞, so that larger may mean larger |w|",
        ),
    ),
)
"""The sentences on the expansion."""
