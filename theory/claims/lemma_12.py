r"""Existence and order of the pretrained solution on the correlated pair for α ≤ 1 (App. H, lemma 12).

The loss is strictly convex and grows with ‖w‖, so there is exactly one solution, and by its pulls
x − y = (1 − ε)²(r − φ) while α = (φ/r)·e^{y − x}. If φ > r then y ≥ x and α > 1. So α ≤ 1 gives φ ≤ r and
y ≤ x; and α > 1 gives φ > r and y > x for ε < 1. The printed proof by a Gauss–Seidel iteration from the α = 1
solution goes wrong at its first step in x, which it takes upward; the iterates go down.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Proposition, Step, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import (
    ABOVE_ONE,
    AT_MOST_ONE,
    DOMAIN,
    PULLS,
    cross,
    forget_by_pulls,
    margin_x,
    margin_x_da,
    margin_y,
    margin_y_da,
    own,
    retain_by_pulls,
    strength,
    x_pretrained,
    y_pretrained,
)
from ascentcheck.theory.domain import MODEST, Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import (
    as_printed,
    false_as_printed,
    figures,
    open_as_worded,
    point,
    reading,
    repaired,
)
from ascentcheck.theory.relations import eq, ge, gt, lt
from ascentcheck.theory.vocabulary import alpha, epsilon, pull_forget, pull_retain

base, push, gap_above, gap_below = sp.symbols("base push gap_above gap_below", real=True)

AT_MOST = DOMAIN.restrict(alpha, high=1)
ABOVE = DOMAIN.restrict(alpha, low=1, low_open=True).restrict(epsilon, high_open=True)
BELOW_ONE = AT_MOST.restrict(alpha, high_open=True).restrict(epsilon, low_open=True)
ITERATES = domain(*positive(base, push, scale=MODEST))


def update(added: sp.Expr, coefficient: sp.Expr) -> sp.Expr:
    """Return f(s) = s + W(c·e^{−s}): the solution z of z = s + c·e^{−z}, App. H."""
    return added + W0(coefficient * sp.exp(-added))


start = pair.shared(strength)
"""x₀ = y₀, the solution for α = 1."""
first_y = update(cross * strength * sp.exp(-start), alpha * own * strength)
first_x = update(cross * alpha * strength * sp.exp(-first_y), own * strength)
second_y = update(cross * strength * sp.exp(-first_x), alpha * own * strength)

_HALF = Witness(
    point(n_retain=1, n_forget=1, ridge=1, n_group=1, epsilon="1/2", alpha="1/2"),
    "α = 1/2, b = 1/2: f(2bαε·e^{−y₀}) = f(2bαε·e^{−y₁}) is false",
)
_TWO = Witness(point(n_retain=1, n_forget=2, ridge=1, n_group=1, epsilon="1/2", alpha=2), "α = 2")

_OURS = (
    Step(
        "x − y = (1−ε)²(r − φ).",
        eq(margin_x - margin_y, (1 - epsilon) ** 2 * (pull_retain - pull_forget)),
        PULLS,
    ),
    Step(
        "Where φ > r: αb = φ·e^y > r·e^x = b. So α ≤ 1 gives φ ≤ r.",
        gt(forget_by_pulls, retain_by_pulls),
        ABOVE_ONE,
    ),
    Step("Where φ ≤ r: αb ≤ b. So α > 1 gives φ > r.", ge(retain_by_pulls, forget_by_pulls), AT_MOST_ONE),
    Step("Where φ ≤ r: y ≤ x.", ge(margin_x, margin_y), AT_MOST_ONE),
    Step(
        "The loss is strictly convex, so there is one solution: det(∇²L_D)/λ² > 0 (and the trace is).",
        gt((1 + own * pull_retain) * (1 + own * pull_forget) - cross**2 * pull_retain * pull_forget),
        PULLS,
    ),
)

ORDERED = repaired(
    "order",
    "App. H, lemma 12",
    "for any α ≤ 1 there exists a solution for the original dataset such that y^D ≤ x^D",
    printed=Proposition(ge(x_pretrained, y_pretrained), AT_MOST, reads="y^D ≤ x^D"),
    verified=(
        Proposition(ge(x_pretrained, y_pretrained), AT_MOST, "for α ≤ 1"),
        Proposition(lt(x_pretrained, y_pretrained), ABOVE, "for α > 1 and ε < 1 never"),
        Proposition(
            eq(x_pretrained, start), DOMAIN.restrict(alpha, low=1, high=1), "for α = 1 both are W(b(1+ε)²)"
        ),
        Proposition(eq(y_pretrained, start), DOMAIN.restrict(alpha, low=1, high=1), "so is y"),
    ),
    remark="The solution is unique, and y^D ≤ x^D exactly for α ≤ 1 (or ε = 1). The printed proof uses "
    "f(2αbε·e^{−y₀}) = x₀, which is true for α = 1 only; for α < 1 (and ε > 0) x₁ < x₀, y₂ > y₁, and "
    "the iterates x_k fall and y_k rise to the solution. So 'y_k ≤ x_k for any α' is not proved, and is false for α > 1.",
    steps=(
        Step(
            "x₀ = y₀ = W(b(1+ε)²) solves the equations for α = 1.",
            eq(start, strength * (own + cross) * sp.exp(-start)),
            DOMAIN,
            origin="App. H, lemma 12",
        ),
        Step(
            "z = s + W(c·e^{−s}) solves z = s + c·e^{−z}.",
            eq(W0(base * sp.exp(-push)), base * sp.exp(-push - W0(base * sp.exp(-push)))),
            ITERATES,
            origin="App. H, lemma 12",
        ),
        Step(
            "y₁ < y₀, since W increases.",
            lt(W0(alpha * own * strength * sp.exp(-push)), W0(own * strength * sp.exp(-push))),
            BELOW_ONE.extend(Range(push, scale=MODEST)),
            origin="App. H, lemma 12",
        ),
        Step(
            "f increases: W0(base·e^base) falls by less than push when its argument is multiplied by e^{−push}.",
            gt(push + W0(base * sp.exp(base - push)), base),
            ITERATES,
            origin="App. H, lemma 12",
        ),
        Step(
            "f(2αbε·e^{−y₀}) = x₀.",
            eq(update(cross * alpha * strength * sp.exp(-start), own * strength), start),
            AT_MOST,
            origin="App. H, lemma 12",
            witness=_HALF,
        ),
        Step("x₁ > x₀.", gt(first_x, start), BELOW_ONE, origin="App. H, lemma 12", witness=_HALF),
        Step(
            "The induction: y₂ < y₁.",
            lt(second_y, first_y),
            BELOW_ONE,
            origin="App. H, lemma 12",
            witness=_HALF,
        ),
        Step("y_k ≤ x_k for any α.", ge(first_x, first_y), DOMAIN, origin="App. H, lemma 12", witness=_TWO),
        *_OURS,
    ),
)

WLOG = false_as_printed(
    "without-loss",
    "App. H",
    "finally without loss of generality we will use that y^D ≤ x^D",
    printed=Proposition(ge(x_pretrained, y_pretrained), DOMAIN, reads="y^D ≤ x^D"),
    witness=_TWO,
    verified=Proposition(ge(x_pretrained, y_pretrained), AT_MOST, "with loss: for α ≤ 1"),
    remark="It is the hypothesis α ≤ 1. Exchanging the coordinates exchanges which sample is forgotten, so the case "
    "α > 1 cannot be brought back to it. Lemma 7 needs it; lemma 9 does not; lemma 10 needs it for y.",
)

OTHERS = as_printed(
    "other-problems",
    "App. H",
    "y^DA ≤ x^DA, since 1 + ε² ≥ 2ε, for the same reason y^R ≤ x^R",
    printed=(
        Proposition(ge(margin_x_da, margin_y_da), PULLS),
        Proposition(ge(pair.x_retrained, pair.y_retrained), DOMAIN),
    ),
    verified=Proposition(
        eq(margin_x_da - margin_y_da, (1 - epsilon) ** 2 * (pull_retain + pull_forget)),
        PULLS,
        "x^DA − y^DA at every stationary point",
    ),
    remark="True for every α and every stationary point, with equality only at ε = 1.",
)


def first_weight(x: sp.Expr, y: sp.Expr) -> sp.Expr:
    """Return w_i from x = w_i + εw_j and y = εw_i + w_j, for ε < 1."""
    return (x - epsilon * y) / (1 - epsilon**2)


WEIGHTS_APART = point(n_retain=2, n_forget=3, ridge=1, n_group=1, epsilon="1/2", alpha="3/4")
_ORDERED = domain(Range(gap_above), Range(gap_below))
HARM = open_as_worded(
    "total-order",
    "App. H",
    "our claim that DA can only harm the model if there is a total ordering over the values of the solutions of the "
    "rewritten equations",
    readings=(
        reading(
            "harm is distance from the oracle in x (and likewise in y), for x^R ≥ x^D ≥ x^DA",
            Proposition(
                ge((gap_above + gap_below) ** 2, gap_above**2),
                _ORDERED,
                "(x^R − x^DA)² ≥ (x^R − x^D)², with the two gaps of the order",
            ),
        ),
        reading(
            "harm is distance from the oracle in each weight",
            Proposition(
                ge(
                    sp.Abs(first_weight(pair.x_da - pair.x_retrained, pair.y_da - pair.y_retrained)),
                    sp.Abs(first_weight(x_pretrained - pair.x_retrained, y_pretrained - pair.y_retrained)),
                ),
                DOMAIN.restrict(epsilon, high_open=True),
            ),
            Witness(
                WEIGHTS_APART,
                "x^R ≥ x^D ≥ x^DA and y^R ≥ y^D ≥ y^DA; w_i is 0.331 for the oracle, 0.205 pretrained, 0.274 after DA",
            ),
        ),
    ),
    remark="The order is one of margins. In the weights descent-ascent can come nearer to the oracle on one of the two. In ‖w‖ "
    "it does not: x^D ≥ x^DA is enough for ‖w^DA − w^R‖ ≥ ‖w^D − w^R‖, which pair-harm proves.",
)

CLAIM = Claim(
    name="lemma-12",
    title="Order of the pretrained margins on the correlated pair",
    where="App. H",
    idea="x − y has the sign of r − φ, and so has 1 − α.",
    domain=DOMAIN,
    realisable=pair.REALISABLE,
    notation=(*pair.NOTATION, *pair.BY_PULLS, *pair.BY_PULLS_DA),
    quoted=(
        figures(
            "0.331 for the oracle, 0.205 pretrained, 0.274",
            WEIGHTS_APART,
            first_weight(pair.x_retrained, pair.y_retrained),
            first_weight(x_pretrained, y_pretrained),
            first_weight(pair.x_da, pair.y_da),
        ),
    ),
    meanings=(pair.PULLED, {"s": push, "c": base, "z": "s + W(c·e^{−s})"}),
    letters=pair.LETTERS
    | {
        "f": lambda added: update(added, own * strength),
        "g": lambda added: update(added, alpha * own * strength),
        "y₀": "W(b(1+ε)²)",
        "y₁": "g(2bε·e^{−y₀})",
        "x₀": "y₀",
        "x₁": "f(2bαε·e^{−y₁})",
        "y₂": "g(2bε·e^{−x₁})",
    },
    rests_on=("lambert-eq",),
    summary="True, and sharp: y^D ≤ x^D exactly for α ≤ 1 (or ε = 1). The printed proof is wrong, because its iterates "
    "fall in x where it lets them rise; two lines on the sign of x − y replace it. The 'without loss of "
    "generality' before the lemma is not without loss. The order of margins that the paper "
    "calls harm is not one of weights.",
    statements=(ORDERED, WLOG, OTHERS, HARM),
    necessity=(
        Necessity(
            "α ≤ 1",
            ge(x_pretrained, y_pretrained),
            Witness(
                point(n_retain=100, n_forget=101, ridge=1, n_group=100, epsilon="1/2", alpha="101/100"),
                "α = 101/100",
            ),
            "Needed for every ε < 1.",
        ),
        Necessity("0 ≤ ε", None, None, "Not needed: (1−ε)² ≥ 0 for every ε."),
    ),
    errata=(
        Erratum(
            "App. H, lemma 12, update",
            "x_{k+1} ← 2bαε·e^{−y_k} + …",
            "x_{k+1} ← 2bαε·e^{−y_{k+1}} + …, as the proof then uses and as Gauss–Seidel means",
            eq(update(cross * alpha * strength * sp.exp(-start), own * strength), first_x),
            _HALF,
            reads="f(2bαε·e^{−y₀}) = f(2bαε·e^{−y₁})",
        ),
        Erratum(
            "App. H, lemma 12",
            "x₁ = f(2bαε·e^{−y₁}) > f(2bαε·e^{−y₀}) = x₀",
            "f(2bαε·e^{−y₀}) < f(2bαε·e^{−y₁}) = x₁ < x₀, as α·e^{−y₁} < e^{−y₀}: "
            "the iterates x_k fall, and y_k rise from k = 1 on",
            gt(first_x, start),
            _HALF,
        ),
        Erratum(
            "App. H",
            "finally without loss of generality we will use that y^D ≤ x^D",
            "finally we assume α ≤ 1, so that y^D ≤ x^D",
            corrects=("without-loss",),
        ),
    ),
)
