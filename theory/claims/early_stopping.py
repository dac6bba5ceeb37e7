r"""Early stopping: is there any step at which descent-ascent is closer to the oracle than doing nothing? (§1)

On one coordinate gradient flow of L_DA from w^D is a scalar autonomous equation, so it moves monotonically. With
position z = w·e^w its speed is λ(z^DA − z)·e^{−w}: it goes from z^D to z^DA (to −∞ where there is no minimum) and the
question is on which side of z^D and z^DA the oracle's z^R lies. That depends on α alone, through the three numbers of
lemma-3: α₁ = |F|²/(|R|(|F| + |D|)), α₀ = |F|/|R|, and α₂, up to which there is a minimum.
"""

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import simulated
from ascentcheck.theory.claim import (
    Claim,
    Erratum,
    Evaluation,
    Necessity,
    Notation,
    Prints,
    Proposition,
    Reading,
    Simulation,
    Step,
    Survivor,
    Witness,
)
from ascentcheck.theory.claims import lemma_2, lemma_3
from ascentcheck.theory.claims.lemma_2 import (
    DOMAIN,
    NOTATION,
    REALISABLE,
    balance,
    limit,
    loss_da,
    z_da,
    z_pretrained,
    z_retrained,
)
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.kit import as_printed, eq, ge, gt, le, lt, open_as_worded, point
from ascentcheck.theory.vocabulary import (
    alpha,
    learning_rate,
    n_forget,
    n_retain,
    position,
    ridge,
    w,
)

AWAY = DOMAIN.restrict(alpha, low=turning, high=balance)
TOWARD = DOMAIN.restrict(alpha, high=turning, high_open=True)
BEYOND = DOMAIN.restrict(alpha, low=balance, low_open=True)
share = sp.Symbol("share", real=True)
"""How far along the path descent-ascent is stopped, in z = w·e^w: 0 at w^D, 1 at w^DA."""
DOWNWARD = AWAY.extend(Range(share, 0, 1))
UPWARD = TOWARD.extend(Range(share, 0, 1, low_open=True))

velocity = -sp.diff(loss_da(w), w)
"""dw/dt of gradient flow, eq. (3)."""
along = z_pretrained + share * (z_da - z_pretrained)
stop = W0(along)
"""Where descent-ascent is stopped."""
harm = (stop - W0(z_pretrained)) * (W0(z_pretrained) - W0(z_retrained))
"""≥ 0 where stopping is no better than doing nothing: w and w^R lie on opposite sides of w^D."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the closest approach to the oracle along gradient flow from w^D; the conclusion is that no stop helps.

    `best_stop` is the place on the path nearest to the oracle and `distance_best` its distance; the margin is that
    distance less the distance of doing nothing, 0 where no stop helps.
    """
    values = lemma_2.solutions(point)
    where = lemma_3.direction(point)
    same = where in ("away", "stays")
    balanced = point[alpha] * point[n_retain] == point[n_forget]
    reached = point[alpha] * point[n_retain] > point[n_forget]
    nothing: arb | fmpq = fmpq(0)
    if not balanced:
        nothing = enclose(sp.Abs(W0(z_retrained) - W0(z_pretrained)), point)
    best, distance = values["w_pretrained"], nothing
    if reached:
        best, distance = values["w_retrained"], fmpq(0)
    elif not same:
        best = values["w_da"]
        distance = fmpq(0) if point[alpha] == 0 else enclose(W0(z_retrained) - W0(z_da), point)
    margin = fmpq(0) if same else -nothing
    if not reached and not same:
        margin = enclose(W0(z_pretrained) - W0(z_da), point)
    paths = {"away": "away from the oracle", "stays": "stays at the pretrained model"}
    return Evaluation(
        lemma_2.hypotheses(point) | {"da_minimum_exists": values["w_da"] is not None},
        {
            **{name: values[name] for name in ("w_pretrained", "w_retrained", "w_da")},
            "path": "past the oracle" if reached else paths.get(where, "toward the oracle"),
            "best_stop": best,
            "distance_nothing": nothing,
            "distance_best": distance,
        },
        same,
        margin,
    )


def simulate() -> Simulation:
    """Descend L_DA from w^D in orthogonal groups, one for each kind of path, and follow the distance to the oracle."""
    return simulated.descended(
        {"pretrained": lemma_2.w_pretrained, "retrained": lemma_2.w_retrained, "da": lemma_2.w_da}
    )


end, lag = sp.symbols("end lag", real=True)
"""w^DA ≥ 0, and how far above it descent-ascent has got."""
step_down = ridge * (end + lag - end * sp.exp(-lag))
"""The slope of L_DA at w = w^DA + lag, by ρ − φ = λ·w^DA·e^{w^DA}."""
SMALL_STEPS = Domain((Range(end), Range(share, 0, 1, low_open=True), Range(lag)))
"""Rates η = share/(λ(1 + w^DA))."""


def after(at: sp.Expr) -> sp.Expr:
    """Return where a step of rate η leads from `at`."""
    return at + learning_rate * velocity.subs(w, at)


after_two = after(after(W0(z_pretrained)))


_ONE = point(n_retain=2, n_forget=1, ridge=1, n_group=1)

CLAIM = Claim(
    name="early-stopping",
    title="No stopping time helps, for certain forget sets",
    where="§1, contribution 4",
    idea="In one dimension a flow cannot turn round, so it is enough to know on which side of w^D the oracle lies.",
    domain=DOMAIN,
    realisable=REALISABLE,
    notation=(
        *NOTATION,
        Notation("balance", r"\alpha_0", balance),
        Notation("limit", r"\alpha_2", limit),
        Notation("turning", r"\alpha_1", turning),
    ),
    letters=lemma_2.LETTERS,
    prints=(
        *lemma_2.COUNTED,
        *lemma_2.MINIMA,
        Prints("da_minimum_exists", "α ≤ α₂"),
        Prints(
            "path",
            {
                "toward the oracle": "α < α₁",
                "stays at the pretrained model": "α = α₁",
                "away from the oracle": "α > α₁ and α ≤ α₀",
                "past the oracle": "α > α₀",
            },
        ),
        Prints("best_stop", "w^DA", "α < α₁"),
        Prints("best_stop", "w^D", "α ≥ α₁ and α ≤ α₀"),
        Prints("best_stop", "w^R", "α > α₀"),
        Prints("distance_nothing", lemma_2.APART),
        Prints("distance_best", "w^R − w^DA", "α < α₁"),
        Prints("distance_best", "w^R − w^D", "α ≥ α₁ and α ≤ α₀"),
        Prints("distance_best", "0", "α > α₀"),
        Prints("holds", "α ≥ α₁ and α ≤ α₀"),
        Prints("margin", "w^D − w^DA", "α < α₁"),
        Prints("margin", "0", "α ≥ α₁ and α ≤ α₀"),
        Prints("margin", "w^R − w^D", "α > α₀"),
    ),
    inputs=DOMAIN,
    evaluate=evaluate,
    simulate=simulate,
    rests_on=("lemma-2", "lemma-3"),
    summary="True, and the sizes can be named: no stop of gradient flow, or of steps that are small enough, helps exactly for "
    "|F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R|; with a large learning rate a step can land next to the oracle. Outside this range "
    "an early stop does help: below it every step helps, and above it the path from the pretrained model leads "
    "through the oracle, so that the right stop is perfect, even where descent-ascent itself diverges.",
    statements=(
        open_as_worded(
            "no-stop-helps",
            "§1, contribution 4",
            "for certain forget set sizes, DA can be harmful to the model, even when employing arbitrary early stopping",
            readings=(
                Reading("stopping gradient flow at any time", (Proposition(ge(harm), DOWNWARD),)),
                Reading(
                    "for α = |F|/|R| any method, stopped at any step: the start is the oracle",
                    (
                        Proposition(
                            eq(z_pretrained, z_retrained), DOMAIN.restrict(alpha, low=balance, high=balance)
                        ),
                    ),
                ),
                Reading(
                    "for the whole range, steps of any learning rate",
                    (
                        Proposition(
                            ge(
                                sp.Abs(after_two - W0(z_retrained)),
                                sp.Abs(W0(z_pretrained) - W0(z_retrained)),
                            ),
                            AWAY.extend(Range(learning_rate, low_open=True)),
                            "the second iterate from w^D",
                        ),
                    ),
                    Witness(
                        point(Witness(point(_ONE, alpha="1/5"), "").point, learning_rate="19/10"),
                        "α₁ = 1/8 < 1/5 < α₀ = 1/2, η = 1.9: the second iterate is 0.0045 from the oracle, w^D is 0.0546",
                    ),
                ),
            ),
            verified=(
                Proposition(
                    ge(harm),
                    DOWNWARD,
                    "every place from w^D to w^DA lies on the side of w^D that is opposite to the oracle",
                ),
                Proposition(
                    ge(lag * (1 + end) - share * (step_down / ridge).cancel()),
                    SMALL_STEPS,
                    "a step of a rate η ≤ 1/(λ(1 + w^DA)) does not pass w^DA (times 1 + w^DA): small steps stay on that side too",
                ),
            ),
            remark="Every place on the path is as far from the oracle as w^D, or farther; at α = |F|/|R| the start is the oracle "
            "itself and each step does harm. One-dimensional data have this α. On the correlated pair (simulated; 100 retain "
            "and 20 forget samples, λ = 0.1) the best stop takes 89% of the distance away at ε = 0, 9% at ε = 0.7, none "
            "at ε = 0.95; with λ = 10 nothing from ε = 0.3 on.",
            steps=(
                Step(
                    "At w = W(z) gradient flow moves with speed λ(z^DA − z)e^{−w}.",
                    eq(velocity.subs(w, W0(position)), ridge * (z_da - position) * sp.exp(-W0(position))),
                    DOMAIN.extend(Range(position)),
                ),
                Step(
                    "So it never turns between w^D and w^DA, and never leaves this interval.",
                    le(z_da - along),
                    DOWNWARD,
                ),
                Step(
                    "At w = w^DA + s the slope of L_DA is λ(w^DA + s − w^DA·e^{−s}).",
                    eq(-velocity.subs(w, W0(z_da) + lag), step_down.subs(end, W0(z_da))),
                    AWAY.extend(Range(lag)),
                ),
                Step("The oracle lies above the start.", ge(W0(z_retrained) - W0(z_pretrained)), AWAY),
            ),
        ),
        as_printed(
            "which-sizes",
            "§1, contribution 4",
            "for certain forget set sizes",
            printed=(
                Proposition(le(W0(z_da) - W0(z_pretrained)), AWAY),
                Proposition(ge(W0(z_retrained) - W0(z_pretrained)), AWAY),
            ),
            verified=(
                Proposition(
                    lt(harm),
                    UPWARD,
                    "α < α₁: every place on the path, w^D apart, is on the oracle's side of w^D",
                ),
                Proposition(
                    gt(W0(z_retrained) - stop),
                    UPWARD.restrict(alpha, low_open=True),
                    "and before the oracle, so every step helps",
                ),
                Proposition(
                    gt(z_pretrained - z_retrained), BEYOND, "α > α₀: the oracle lies below the start"
                ),
                Proposition(
                    lt(z_da),
                    BEYOND,
                    "and z^DA < 0 < z^R, so the flow goes down through it, whether there is a DA minimum or not",
                ),
            ),
            remark="The range α₁ ≤ α ≤ α₀ is the whole answer. Above it the velocity is negative all the way from w^D to w^R, "
            "because z^DA < 0 < z there.",
        ),
    ),
    necessity=(
        Necessity(
            "α ≥ |F|²/(|R|(|F|+|D|))",
            ge(lemma_3.product),
            Witness(
                point(_ONE, alpha="1/10"),
                "the turning value is 1/8; at α = 1/10 descent-ascent moves toward the oracle",
            ),
            "Needed: below it every stop helps, and (w^DA − w^D)(w^D − w^R) ≥ 0 is false.",
            reads="(w^DA − w^D)(w^D − w^R) ≥ 0",
        ),
        Necessity(
            "α ≤ |F|/|R|",
            ge(W0(z_retrained) - W0(z_pretrained)),
            Witness(
                point(_ONE, alpha="3/4"),
                "at α = 3/4 the oracle lies between w^D and w^DA, so one stop is perfect",
            ),
            "Needed: above it the path leads through the oracle.",
        ),
    ),
    survivors=(
        Survivor(
            "no-stop-helps 2, term 1, number 1 up", "a weaker statement (the move the other way is killed)"
        ),
        Survivor(
            "which-sizes 3, term 1, number 1 up",
            "with more in the pretrained model it lies farther above the oracle (the move to 0.99 is killed)",
        ),
        Survivor(
            "which-sizes 4, term 1, number 1 down",
            "0.99 − α|R|/|F| is smaller still (the move to 1.01 is killed)",
        ),
    ),
    errata=(
        Erratum(
            "§1, contribution 4",
            "for certain forget set sizes",
            "for |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R| (and for no other α on one coordinate)",
        ),
    ),
)
