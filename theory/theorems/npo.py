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

That is ascent on mean_F ℓ, which leaves F's ridge out. With it inside, at every w

    −∇(L_R − βL_F) = −κ∇L_R + β(|D|/|F|)∇L_D,   κ = 1 + β|R|/|F|,

and between w^D and w^R both parts point to the oracle: the path leads through it for every β > 0 and every α ≠ |F|/|R|.

What NPO changes is the end: its loss is at least 0, so with a ridge there is a minimum for every α.

Noise: what is added to the weights where one stops adds its variance to the mean squared distance, and never helps on average.
Noise on the way can. At α₁ descent-ascent rests at w^D; from s away, of either sign, a step with η = 1/L''(w^D) leads to
w^D + ηλw^D(s − 1 + e^{−s}), above w^D, where the oracle is: the loss is flatter above w^D than below.

Facts of analysis that are used: two solutions of w' = v(w) with a Lipschitz v do not meet; a continuous function that is bounded
below by λ/2·w² has a minimum.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Equivalence, Necessity, Proposition, Quoted, Step, Witness
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import DOMAIN, REALISABLE, balance, z_pretrained, z_retrained
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import figures, point, survivors
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.solvers.npo_flow import NpoRest
from ascentcheck.theory.theorems.first_step_component import beta, lead
from ascentcheck.theory.theorems.first_step_scalar import turning as turning_beta
from ascentcheck.theory.theorems.npo_noise import NOISE, noise, place
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, learning_rate, n_forget, n_group, n_retain, n_total, ridge

omega, force, oracle, pushed = sp.symbols("omega force oracle pushed", real=True)
loss, reference, sharpness = sp.symbols("loss reference sharpness", real=True)

SAMPLE = domain(*positive(sharpness), Range(loss), Range(reference))
"""One forget sample: its loss now, its loss under the pretrained model, and NPO's b (`sharpness`)."""
npo = 2 / sharpness * sp.log(1 + sp.exp(-sharpness * loss) / sp.exp(-sharpness * reference))
"""NPO's loss of a sample by ℓ."""
npo_weight = 2 * sp.exp(-sharpness * loss) / (sp.exp(-sharpness * loss) + sp.exp(-sharpness * reference))
"""ω."""

descent = n_group / n_retain
ascent = alpha * n_group / n_forget
pulled = (1 + alpha) * n_group / n_total
"""c_R, c_F and the force of L_D in units of f."""
AT_START = domain(*DOMAIN.ranges[:4], Range(beta), Range(alpha), *positive(force))
"""`force` = f(w^D), so that λw^D = (1 + α)|R_j|/|D|·f(w^D)."""
velocity_start = (descent - beta * ascent) * force - pulled * force
"""w' at w^D for any weight with ω(w^D) = β."""
_WEIGHTED = (*DOMAIN.ranges[:4], Range(beta, low_open=True))
BELOW = domain(
    *_WEIGHTED,
    Range(alpha, 0, balance, high_open=True),
    *positive(force),
    Range(place, pulled * force / ridge, descent * force / ridge),
)
ABOVE = domain(
    *_WEIGHTED,
    Range(alpha, balance, low_open=True),
    *positive(force),
    Range(place, descent * force / ridge, pulled * force / ridge),
)
"""A place w between w^D and w^R, in either order, and `force` = f(w) there: ∇L_D and ∇L_R point apart."""
velocity_inside = (descent - beta * ascent) * force - (1 - beta) * ridge * place
"""w' there, down L_R − βL_F, both with their ridge."""
ABOVE_ORACLE = DOMAIN.restrict(alpha, low=balance, low_open=True).extend(
    Range(omega, low_open=True),
    Range(pushed, low_open=True),
    Range(force, 0, pushed, low_open=True),
    Range(place),
)
"""A place w = w^R + place on the way from w^D down to the oracle: f(w^R) = pushed, f(w) = force, ascent's weight omega > 0."""
AT_ORACLE = DOMAIN.extend(Range(omega), Range(force, low_open=True))
"""At the oracle: f(w^R) = force, λw^R = c_R·force, any weight omega ≥ 0."""


LETTERS = lemma_2.LETTERS | {
    "β": beta,
    "c_R": "|R_j|/|R|",
    "c_F": "α|R_j|/|F|",
    "ω": omega,
    "f": force,
    "κ": "1 + β|R|/|F|",
    "p": place,
    "s": noise,
    "ηλ": 1 / (1 + place),
    "∇L_R": "λp − c_Rf",
    "∇L_D": "λp − (1 + α)|R_j|/|D|·f",
    "∇L_F": "λp − c_Ff",
    "Q": NpoRest,
    "w^NPO": "Q(c_R, c_F, λ, z^D)",
    "p^D": "e^{−e^{−w^D}}",
    "p^NPO": "e^{−e^{−w^NPO}}",
    "w₊": "w^D + 1/5 − η(λ(w^D + 1/5) − (c_R − c_F)e^{−w^D − 1/5})",
    "w₋": "w^D − 1/5 − η(λ(w^D − 1/5) − (c_R − c_F)e^{−w^D + 1/5})",
}
"""What the texts call by a letter; the solutions are those of the exponential loss, w₊ and w₋ one step from w^D ± 1/5."""


def _shaken(shift: sp.Expr) -> sp.Expr:
    """Return w^R less where one step from w^D + shift ends."""
    from_ = W0(z_pretrained) + shift
    ends = from_ - learning_rate * (ridge * from_ - (descent - ascent) * sp.exp(-from_))
    return W0(z_retrained) - ends


FIFTH = sp.Rational(1, 5)
AFTER_NOISE = ge((_shaken(FIFTH) ** 2 + _shaken(-FIFTH) ** 2) / 2, (W0(z_retrained) - W0(z_pretrained)) ** 2)
_ONE = point(n_retain=2, n_forget=1, ridge=1, n_group=1)
NOISY = Witness(
    point(_ONE, alpha="1/8", learning_rate="39/50"),
    "α = α₁: from w^D ± 1/5 one step ends 0.0650 and 0.0643 from the oracle, doing nothing is 0.0691 from it",
)

CLAIM = Claim(
    name="npo",
    title="NPO cures the divergence, not the direction",
    where=BEYOND,
    idea="Its weight is 1 at the pretrained model, so it starts as descent-ascent does, and on a line nothing turns round.",
    domain=DOMAIN,
    realisable=REALISABLE,
    letters=LETTERS,
    quoted=(
        Quoted("|F|²/(|R|(|F| + β|D|))", turning_beta),
        figures(NOISY.says, NOISY.point, *map(_shaken, (FIFTH, -FIFTH)), W0(z_retrained) - W0(z_pretrained)),
    ),
    rests_on=("lemma-3", "early-stopping", "first-step", "any-loss"),
    summary="NPO starts in descent-ascent's direction, for any data and any network. On one coordinate the range of α in which "
    "no stop helps is that of descent-ascent, for NPO and every weighting of the ascent that is 1 at the pretrained model, "
    "with any margin loss; for another weight there, the lower end moves as first-step says. With F's ridge inside L_R − βL_F "
    "one stop is perfect. NPO has a minimum for every α. Noise that is added where one stops never helps on average; noise on "
    "the way can.",
    statements=(
        stated(
            "same-start",
            "NPO's gradient is descent-ascent's with a weight that is 1 at the pretrained model and falls as the loss rises",
            Proposition(
                eq(sp.diff(npo, loss), -npo_weight), SAMPLE, "the derivative by the loss of a sample"
            ),
            Proposition(eq(npo_weight, 1), SAMPLE.restrict(reference, low=loss, high=loss), "at the start"),
            remark="So the first step of NPO with descent on R is that of descent-ascent: the theorem first-step holds for it.",
            steps=(
                Step(
                    "A sample that is already forgotten pulls less.",
                    le(npo_weight, 1),
                    SAMPLE.restrict(reference, high=loss),
                ),
            ),
        ),
        stated(
            "no-stop-helps",
            "for ω(w^D) = β and any margin loss no stop helps exactly for |F|²/(|R|(|F| + β|D|)) ≤ α ≤ |F|/|R|",
            Proposition(
                le(velocity_start),
                AT_START.restrict(alpha, low=turning_beta),
                "from the lower end on it does not rise at w^D, so it never comes above w^D",
            ),
            Proposition(
                gt(velocity_start),
                AT_START.restrict(alpha, high=turning_beta, high_open=True),
                "below, it climbs",
            ),
            Proposition(
                le((descent - omega * ascent) * force - descent * force),
                AT_ORACLE,
                "at the oracle it does not rise: a climb ends before it",
            ),
            Proposition(
                lt((descent - omega * ascent) * force - descent * pushed - ridge * place),
                ABOVE_ORACLE,
                "above the oracle, α > |F|/|R|: it falls all the way down to it",
            ),
            remark="The order of w^D and w^R is that of any-loss, so between α₁ and |F|/|R| the oracle is above the start.",
            steps=(
                Step(
                    "Whether it falls at w^D depends on the sizes alone.",
                    Equivalence(ge(-velocity_start), ge(alpha - turning_beta)),
                    AT_START,
                ),
            ),
        ),
        stated(
            "ridge-inside",
            "with F's ridge inside L_R − βL_F leads from w^D through the oracle, for all β > 0, α ≠ |F|/|R| and any margin loss",
            Proposition(gt(velocity_inside), BELOW, "α < |F|/|R|: it climbs from w^D to w^R"),
            Proposition(lt(velocity_inside), ABOVE, "α > |F|/|R|: it falls from w^D to w^R"),
            remark="So one stop is perfect, for every weight: that no stop helps is the doing of the ridge that eq. (1) leaves "
            "out. At α = |F|/|R| w^D is the oracle. On many coordinates each passes its oracle at a time of its own (overshoot).",
            steps=(
                Step(
                    "Both parts of −∇L_R + β∇L_F = −κ∇L_R + β|D|/|F|·∇L_D point to the oracle between w^D and w^R.",
                    eq(
                        velocity_inside,
                        lead * (descent * force - ridge * place)
                        + beta * n_total / n_forget * (ridge * place - pulled * force),
                    ),
                    domain(*_WEIGHTED, Range(alpha), *positive(force), Range(place)),
                    reads="−∇L_R + β∇L_F = −κ∇L_R + β|D|/|F|·∇L_D",
                ),
            ),
        ),
        stated(
            "bounded",
            "NPO with a ridge has a minimum for every α, with any margin loss that is bounded below",
            Proposition(ge(npo), SAMPLE, "NPO's loss is never negative"),
            remark="So where descent-ascent with the exponential loss runs off, NPO comes to rest.",
        ),
        NOISE,
    ),
    necessity=(
        Necessity(
            "ω(w^D) = 1, where α₁ is that of lemma-3",
            le((descent - omega * ascent) * force - pulled * force),
            Witness(
                point(_ONE, alpha="1/4", force=1, omega=0),
                "without ascent at the start it climbs toward the oracle: fine-tuning",
            ),
            "Needed: at w^D, (c_R − ωc_F)f − (1+α)|R_j|f/|D| ≤ 0 fails for a method that begins with descent on R alone.",
            "(c_R − ωc_F)f − (1+α)|R_j|f/|D| ≤ 0",
        ),
        Necessity(
            "F's ridge inside (one stop is perfect)",
            gt((descent - beta * ascent) * force - ridge * place),
            Witness(
                point(_ONE, beta=1, alpha="1/4", force=1, place="9/20"),
                "α = 1/4 < 1/2, and p = 9/20 is between w^D and w^R, f(p) = 1: c_R − c_F = 1/4 is below λp",
            ),
            "Needed: with it outside (c_R − βc_F)f − λp > 0 fails.",
            "(c_R − βc_F)f − λp > 0",
        ),
        Necessity(
            "α ≤ |F|/|R|",
            ge(z_retrained, z_pretrained),
            Witness(point(_ONE, alpha="3/4"), "the oracle lies below the start, where NPO goes"),
            "Needed: above it z^R ≥ z^D fails.",
            "z^R ≥ z^D",
        ),
        Necessity(
            "no step after the noise",
            AFTER_NOISE,
            NOISY,
            "Needed: ((w^R − w₊)² + (w^R − w₋)²)/2 ≥ (w^R − w^D)² fails after one stable step.",
            "((w^R − w₊)² + (w^R − w₋)²)/2 ≥ (w^R − w^D)²",
        ),
    ),
    survivors=survivors(
        {
            **dict.fromkeys(
                (
                    "bounded 1, term 1, number 1 up",
                    "bounded 1, side 1, number 1 down",
                    "bounded 1, side 1, number 1 up",
                ),
                "a larger or a scaled loss is no more negative (that 2 is held by the derivative)",
            ),
            "no-stop-helps 4, low end of alpha down": "at and above the oracle it falls, whatever α is",
            "no-stop-helps 4, low end of alpha up": "for an α above |F|/|R| there is no place from w^D up to w^R (ridge-inside)",
        }
    ),
)
