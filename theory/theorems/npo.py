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

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import (
    Claim,
    Equivalence,
    Evaluation,
    Necessity,
    Proposition,
    Quoted,
    Rule,
    Simulation,
    Step,
    Survivor,
    Witness,
)
from ascentcheck.theory.claims import lemma_2, pair
from ascentcheck.theory.claims.lemma_2 import (
    DOMAIN,
    REALISABLE,
    balance,
    z_pretrained,
    z_retrained,
)
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, enclose, precision
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
STEPS, RATE = 4000, Fraction(1, 100)

LETTERS = {
    **{name: text for name, text in lemma_2.LETTERS.items() if name[0] == "z"},
    "β": beta,
    "c_R": "|R_j|/|R|",
    "c_F": "α|R_j|/|F|",
    "ω": omega,
    "f": force,
}
"""What the texts call by a letter; the solutions have none, as they depend on the loss."""


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
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {"path": path, "w_npo": _rest(point)}
    values |= {name: solved[name] for name in ("w_pretrained", "w_retrained", "w_da")}
    gap = fmpq(0) if balanced == 0 else enclose(W0(z_retrained) - W0(z_pretrained), point)
    margin = gap if path == "away from the oracle" else -abs(arb(gap))
    hypotheses = lemma_2.hypotheses(point) | {
        "alpha_at_least_turning": turned in (0, 1),
        "alpha_at_most_balance": balanced in (0, 1),
    }
    return Evaluation(hypotheses, values, path == "away from the oracle", margin)


def _rest(point: Mapping[sp.Symbol, fmpq]) -> arb:
    """Return the first place at which NPO's flow from w^D rests (b = 1, exponential loss), as a ball."""
    down = sign_at(alpha - turning, point) in (0, 1)
    with precision(192):
        rho, phi, lam = (arb(pair.exact(part, point)) for part in (descent, ascent, ridge))
        start = enclose(W0(z_pretrained), point, 50)
        kept = (-(-start).exp()).exp()

        def velocity(w: arb) -> arb:
            likely = (-(-w).exp()).exp()
            return (rho - 2 * likely / (likely + kept) * phi) * (-w).exp() - lam * w

        low, step = start, arb(1) / 256
        while True:
            high = low - step if down else low + step
            if velocity(high) > 0 if down else velocity(high) < 0:
                break
            low = high
        for _ in range(150):
            middle = arb(((low + high) / 2).mid())
            speed = velocity(middle)
            if speed.contains(0):
                break
            if (speed > 0) == down:
                high = middle
            else:
                low = middle
        return low.union(high)


def simulate() -> Simulation:
    """Descend NPO with retain descent on 321 samples in three orthogonal groups, and follow the distance of each coordinate.

    The error is that of the closest approach to the oracle against what is proved for the three ranges of α.
    """
    retain, forget, lam, rate = (200.0, 200.0, 100.0), (1.0, 20.0, 79.0), 0.05, 2e-3
    kept, gone = np.array(retain), np.array(forget)
    inputs = (np.full(3, kept.sum()), np.full(3, gone.sum()), np.full(3, lam), kept, gone / kept)
    oracle_, start = lemma_2.w_retrained(*inputs), lemma_2.w_pretrained(*inputs)
    at, closest, farthest = start.copy(), np.abs(start - oracle_), 0.0
    reference_ = np.exp(-np.exp(-start))
    for _ in range(40_000):
        likely = np.exp(-np.exp(-at))
        weight = 2 * likely / (likely + reference_)
        at = at + rate * ((kept / kept.sum() - weight * gone / gone.sum()) * np.exp(-at) - lam * at)
        closest, farthest = np.minimum(closest, np.abs(at - oracle_)), max(farthest, float(np.abs(at).max()))
    below = max(0.0, float(at[0] - oracle_[0]))
    errors = (
        below,
        abs(closest[1] - abs(start[1] - oracle_[1])),
        closest[2],
        0.0 if np.isfinite(farthest) else np.inf,
    )
    return Simulation(
        "600 samples in 3 orthogonal groups, NPO with b = 1, 40,000 steps", float(max(errors)), 1e-2, 600
    )


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
    simulate=simulate,
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
