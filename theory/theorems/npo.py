r"""NPO and every other re-weighted ascent on one coordinate: the divergence is cured, the direction is not.

NPO replaces −mean_F ℓ by (2/b)·mean_F log(1 + (π/π_ref)^b) with π = e^{−ℓ} and the pretrained model as reference. Its
gradient is that of −mean_F ℓ with the weight ω = 2π^b/(π^b + π_ref^b) on each sample, which is 1 at the pretrained model: for
any data and any network NPO with descent on R starts exactly as descent-ascent does, and the theorem first-step holds for it.

On one coordinate let ascent on F have any weight ω(w) ≥ 0, and β = ω(w^D): 1 for NPO and descent-ascent itself, any other for
L_R − β·mean_F ℓ. With
f = −ℓ' > 0 decreasing, c_R = |R_j|/|R| and c_F = α|R_j|/|F| the flow is w' = (c_R − ω(w)c_F)·f(w) − λw. A flow on a line cannot
turn round or pass a place where it would rest or be driven back. So, with α₁ = |F|²/(|R|(|F| + β|D|)), for every such method and
every margin loss:

    below α₁ it climbs and never passes the oracle: every stop helps;
    from α₁ to |F|/|R| it never rises above w^D, and the oracle is above: no stop helps;
    above |F|/|R| it falls from w^D at least to the oracle, if ω > 0: the right stop is perfect.

What NPO changes is the end: its loss is at least 0, so with a ridge there is a minimum for every α.

The same for noise: adding noise of mean 0 to the weights adds its variance to the mean squared distance; it helps nowhere.

Facts of analysis that are used: two solutions of w' = v(w) with a Lipschitz v do not meet; a continuous function that is bounded
below by λ/2·w² has a minimum.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import (
    Claim,
    Equivalence,
    Evaluation,
    Necessity,
    Prints,
    Proposition,
    Quoted,
    Rule,
    Step,
    Survivor,
    Witness,
)
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import (
    DOMAIN,
    REALISABLE,
    balance,
    z_pretrained,
    z_retrained,
)
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, enclose, precision, rational_function
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.roots import GUARD, next_root
from ascentcheck.theory.theorems.first_step import beta
from ascentcheck.theory.theorems.first_step import turning as turning_beta
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, n_total, ridge

omega, force, place, oracle, pushed = sp.symbols("omega force place oracle pushed", real=True)
loss, reference, sharpness = sp.symbols("loss reference sharpness", real=True)
noise, away = sp.symbols("noise away", real=True)

SAMPLE = Domain((Range(sharpness, low_open=True), Range(loss), Range(reference)))
"""One forget sample: its loss now, its loss under the pretrained model, and NPO's b (`sharpness`)."""
npo = 2 / sharpness * sp.log(1 + sp.exp(-sharpness * loss) / sp.exp(-sharpness * reference))
"""NPO's loss of a sample by ℓ."""
npo_weight = 2 * sp.exp(-sharpness * loss) / (sp.exp(-sharpness * loss) + sp.exp(-sharpness * reference))
"""ω."""

descent = n_group / n_retain
ascent = alpha * n_group / n_forget
pulled = (1 + alpha) * n_group / n_total
"""c_R, c_F and the force of L_D in units of f."""
AT_START = Domain((*DOMAIN.ranges[:4], Range(beta), Range(alpha), Range(force, low_open=True)))
"""`force` = f(w^D), so that λw^D = (1 + α)|R_j|/|D|·f(w^D)."""
velocity_start = (descent - beta * ascent) * force - pulled * force
"""w' at w^D for any weight with ω(w^D) = β."""
ABOVE_ORACLE = DOMAIN.restrict(alpha, low=balance, low_open=True).extend(
    Range(omega, low_open=True),
    Range(pushed, low_open=True),
    Range(force, 0, pushed, low_open=True),
    Range(place),
)
"""A place w = w^R + place on the way from w^D down to the oracle: f(w^R) = pushed, f(w) = force, ascent's weight omega > 0."""
AT_ORACLE = DOMAIN.extend(Range(omega), Range(force, low_open=True))
"""At the oracle: f(w^R) = force, λw^R = c_R·force, any weight omega ≥ 0."""
SHIFTS = Domain((Range(away), Range(noise)))
"""A distance from the oracle, and noise of that size and either sign."""


class Resting(sp.Function):  # type: ignore[misc]
    """Where NPO's flow (b = 1, exponential loss) from W0(z) first rests; of c_R, c_F, λ and z, all rational."""

    nargs = 4

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to the place."""
        found = [rational_function(part) for part in expression.args]
        arguments = [part for part in found if part is not None]
        if len(arguments) < len(found):
            raise TypeError("a point of rest needs rational arguments")
        return lambda point: resting(*(part(point) for part in arguments), ctx.prec)


@lru_cache(maxsize=1 << 10)
def resting(rho: fmpq, phi: fmpq, lam: fmpq, z: fmpq, bits: int) -> arb:
    """Return the place next to W0(z) at which ω·φ pulls back as much as ρ and the ridge do, as a ball by bisection.

    From W0(z), where ω = 1, the flow goes down where ρ − φ − λz < 0.
    """
    force = rho - phi - lam * z
    with precision(bits + GUARD):
        start = arb(z).lambertw(0)
        if force == 0:
            return start
        kept = (-(-start).exp()).exp()

        def velocity(w: arb) -> arb:
            likely = (-(-w).exp()).exp()
            return (rho - 2 * likely / (likely + kept) * phi) * (-w).exp() - lam * w

        return next_root(velocity, start.mid(), force < 0, bits)


w_npo = Resting(descent, ascent, ridge, z_pretrained)
LETTERS = lemma_2.LETTERS | {
    "β": beta,
    "c_R": "|R_j|/|R|",
    "c_F": "α|R_j|/|F|",
    "ω": omega,
    "f": force,
    "w^N": w_npo,
    "k": "e^{−e^{−w^N}}",
    "m": "e^{−e^{−w^D}}",
}
"""What the texts call by a letter; w^D, w^R, w^DA, NPO's point of rest w^N, and the likelihoods k at w^N and m at w^D are
those of the exponential loss."""


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return where NPO (b = 1, exponential loss) stands after a long flow, beside the three solutions; does no stop help?

    `path` and the conclusion are exact; `w_npo`, its point of rest below or above w^D, is found by bisection in balls.
    """
    turned, balanced = sign_at(alpha - turning, point), sign_at(balance - alpha, point)
    path = (
        "past the oracle"
        if balanced == -1
        else "away from the oracle"
        if turned in (0, 1)
        else "toward the oracle"
    )
    solved = lemma_2.solutions(point)
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "path": path,
        "w_npo": enclose(w_npo, point),
    }
    values |= {name: solved[name] for name in ("w_pretrained", "w_retrained", "w_da")}
    gap = fmpq(0) if balanced == 0 else enclose(W0(z_retrained) - W0(z_pretrained), point)
    margin = gap if path == "away from the oracle" else -abs(arb(gap))
    hypotheses = lemma_2.hypotheses(point) | {
        "alpha_at_least_turning": turned in (0, 1),
        "alpha_at_most_balance": balanced in (0, 1),
    }
    return Evaluation(hypotheses, values, path == "away from the oracle", margin)


_ONE = {n_retain: Fraction(2), n_forget: Fraction(1), ridge: Fraction(1), n_group: Fraction(1)}

CLAIM = Claim(
    name="npo",
    title="NPO cures the divergence, not the direction",
    where=BEYOND,
    idea="Its weight is 1 at the pretrained model, so it starts as descent-ascent does, and on a line nothing turns round.",
    domain=DOMAIN,
    inputs=DOMAIN,
    realisable=REALISABLE,
    letters=LETTERS,
    quoted=(Quoted("|F|²/(|R|(|F| + β|D|))", turning_beta),),
    evaluate=evaluate,
    prints=(
        *lemma_2.COUNTED,
        *lemma_2.MINIMA,
        Prints(
            "path",
            {
                "past the oracle": "α > α₀",
                "away from the oracle": "α ≥ α₁ and α ≤ α₀",
                "toward the oracle": "α < α₁",
            },
        ),
        Prints("w_npo", "w^N"),
        Prints("alpha_at_least_turning", "α ≥ α₁"),
        Prints("alpha_at_most_balance", "α ≤ α₀"),
        Prints("holds", "α ≥ α₁ and α ≤ α₀"),
        Prints("margin", "w^R − w^D", "α ≥ α₁"),
        Prints("margin", "w^D − w^R"),
    ),
    equations=("(c_R − 2k/(k + m)·c_F)e^{−w^N} = λw^N",),
    simulate=partial(
        simulated.npo_descended, {"pretrained": lemma_2.w_pretrained, "retrained": lemma_2.w_retrained}
    ),
    rests_on=("lemma-3", "early-stopping", "first-step", "any-loss"),
    summary=(
        "NPO starts in descent-ascent's direction, for any data and any network. On one coordinate the range of α in which no "
        "stop helps is that of descent-ascent, for NPO and every weighting of the ascent that is 1 at the pretrained model, "
        "with any margin loss; for another weight there, the lower end moves as first-step says. NPO has a minimum for every α. "
        "Noise does not help either."
    ),
    statements=(
        stated(
            "same-start",
            "NPO's gradient is descent-ascent's with a weight that is 1 at the pretrained model and falls as the loss rises",
            Proposition(
                sp.Eq(sp.diff(npo, loss), -npo_weight, evaluate=False),
                SAMPLE,
                "the derivative by the loss of a sample",
            ),
            Proposition(
                sp.Eq(npo_weight, 1, evaluate=False),
                SAMPLE.restrict(reference, low=loss, high=loss),
                "at the start",
            ),
            remark="So the first step of NPO with descent on R is that of descent-ascent: the theorem first-step holds for it.",
            steps=(
                Step(
                    "A sample that is already forgotten pulls less.",
                    Rule.SIGN,
                    sp.Le(npo_weight, 1, evaluate=False),
                    SAMPLE.restrict(reference, high=loss),
                ),
            ),
        ),
        stated(
            "no-stop-helps",
            "for ω(w^D) = β and any margin loss no stop helps exactly for |F|²/(|R|(|F| + β|D|)) ≤ α ≤ |F|/|R|",
            Proposition(
                sp.Le(velocity_start, 0, evaluate=False),
                AT_START.restrict(alpha, low=turning_beta),
                "from the lower end on it does not rise at w^D, so it never comes above w^D",
            ),
            Proposition(
                sp.Gt(velocity_start, 0, evaluate=False),
                AT_START.restrict(alpha, high=turning_beta, high_open=True),
                "below, it climbs",
            ),
            Proposition(
                sp.Le((descent - omega * ascent) * force - descent * force, 0, evaluate=False),
                AT_ORACLE,
                "at the oracle it does not rise: a climb ends before it",
            ),
            Proposition(
                sp.Lt(
                    (descent - omega * ascent) * force - descent * pushed - ridge * place, 0, evaluate=False
                ),
                ABOVE_ORACLE,
                "above the oracle, α > |F|/|R|: it falls all the way down to it",
            ),
            remark="The order of w^D and w^R is that of any-loss, so between α₁ and |F|/|R| the oracle is above the start.",
            steps=(
                Step(
                    "Whether it falls at w^D depends on the sizes alone.",
                    Rule.EQUIVALENT,
                    Equivalence(
                        sp.Ge(-velocity_start, 0, evaluate=False),
                        sp.Ge(alpha - turning_beta, 0, evaluate=False),
                    ),
                    AT_START,
                ),
            ),
        ),
        stated(
            "bounded",
            "NPO with a ridge has a minimum for every α, with any margin loss that is bounded below",
            Proposition(sp.Ge(npo, 0, evaluate=False), SAMPLE, "NPO's loss is never negative"),
            remark="So where descent-ascent with the exponential loss runs off, NPO comes to rest.",
        ),
        stated(
            "noise",
            "noise of mean 0 adds its variance to the mean squared distance from the oracle",
            Proposition(
                sp.Eq(((away + noise) ** 2 + (away - noise) ** 2) / 2, away**2 + noise**2, evaluate=False),
                SHIFTS,
                "for noise of either sign alike, in each component",
            ),
            remark="Noise may hide that a model is not the oracle; it never brings a model nearer on average.",
        ),
    ),
    necessity=(
        Necessity(
            "ω(w^D) = 1, where α₁ is that of lemma-3",
            sp.Le((descent - omega * ascent) * force - pulled * force, 0, evaluate=False),
            Witness(
                _ONE | {alpha: Fraction(1, 4), force: Fraction(1), omega: Fraction(0)},
                "without ascent at the start it climbs toward the oracle: fine-tuning",
            ),
            "Needed: at w^D, (c_R − ωc_F)f − (1+α)|R_j|f/|D| ≤ 0 fails for a method that begins with descent on R alone.",
            "(c_R − ωc_F)f − (1+α)|R_j|f/|D| ≤ 0",
        ),
        Necessity(
            "α ≤ |F|/|R|",
            sp.Ge(z_retrained, z_pretrained, evaluate=False),
            Witness(_ONE | {alpha: Fraction(3, 4)}, "the oracle lies below the start, where NPO goes"),
            "Needed: above it z^R ≥ z^D fails.",
            "z^R ≥ z^D",
        ),
    ),
    survivors=(
        *(
            Survivor(
                mutant, "a larger or a scaled loss is no more negative (that 2 is held by the derivative)"
            )
            for mutant in (
                "bounded 1, term 1, number 1 up",
                "bounded 1, side 1, number 1 down",
                "bounded 1, side 1, number 1 up",
            )
        ),
        Survivor("no-stop-helps 4, low end of alpha down", "at and above the oracle it falls, whatever α is"),
    ),
)
