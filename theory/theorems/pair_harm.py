r"""On the correlated pair, descent-ascent below the pretrained model in x is farther from the oracle than doing nothing.

Write each solution by its pulls, w = r·(1, ε) + φ·(ε, 1), with φ ≥ 0 for the pretrained model, φ = 0 for the oracle and
−φ ≤ 0 for descent-ascent. Completing the square gives the distance in weights exactly:

    ‖w − w^R‖² = ((x − x^R)² + (1 − ε²)²·φ²)/(1 + ε²).

So two comparisons are enough, of x and of φ. Let X = x^D − x^R and X' = x^R − x^DA ≥ 0.

φ: x^D ≥ x^DA implies y^D ≥ y^DA (lemma-9), and φ'·e^{y^DA} = (|D|/|F|)·φ·e^{y^D}, so φ ≤ (|F|/|D|)·φ'.

x: X ≥ −X' is the hypothesis. X < X' holds always: assume X ≥ X'. With X = (1 + ε²)k, X' = (1 + ε²)h the two equations for x
read 2ε/(1 + ε²)·φ = k + r^R(1 − (|R|/|D|)e^{−X}) and 2ε/(1 + ε²)·φ' = h + r^R(e^{X'} − 1), and y^D − y^DA ≥ X + 2εh. The
first is then larger than (|F|/|D|)·e^{−X − 2εh} times the second, which contradicts φ = (|F|/|D|)·φ'·e^{−(y^D − y^DA)}.

No ordering with the oracle is used, so lemma 10 is not needed, and the window of Fig. 4 has no upper end.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Equivalence, Necessity, Proposition, Quoted, Step, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import (
    DOMAIN,
    NOTATION,
    alpha_min_x,
    cross,
    own,
    x_da,
    x_pretrained,
    x_retrained,
    y_da,
    y_pretrained,
)
from ascentcheck.theory.domain import MODEST, Range, domain, positive
from ascentcheck.theory.kit import figures, point, survivors
from ascentcheck.theory.relations import eq, ge, gt
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import (
    alpha,
    epsilon,
    n_forget,
    n_group,
    n_retain,
    n_total,
    pull_forget,
    pull_retain,
    ridge,
)

oracle, push, fall, rise = sp.symbols("oracle push fall rise", real=True)
first, second, drop, lift = sp.symbols("first second drop lift", real=True)

SIZES = DOMAIN.ranges[:2]
CORRELATION = Range(epsilon, 0, 1)
retained_share = n_retain / n_total

TWO_PULLS = domain(CORRELATION, Range(push), Range(first, -push, push), Range(second, -push, push))
"""The differences of the two pulls of a model and of the oracle, of any size."""
PULLS = domain(
    *SIZES,
    CORRELATION,
    *positive(oracle, scale=MODEST),
    Range(fall, scale=MODEST),
    Range(rise, fall, scale=MODEST),
)
"""`oracle` = r^R, (1 + ε²)·fall = x^R − x^DA and (1 + ε²)·rise = x^D − x^R, where the second is not smaller."""
ENDS = domain(
    *SIZES,
    CORRELATION,
    Range(drop),
    Range(lift, -drop, drop),
    Range(push),
    Range(pull_forget, 0, n_forget / n_total * push),
)
"""`drop` = x^R − x^DA, `lift` = x^D − x^R, `push` and `pull_forget` the pulls on (ε, 1) of descent-ascent and before."""

CORRELATED = DOMAIN.restrict(epsilon, low_open=True)
by_rise = rise + oracle * (1 - retained_share * sp.exp(-own * rise))
by_fall = oracle * (sp.exp(own * fall) - 1) + fall
"""2ε/(1 + ε²) times the pull on (ε, 1) of the pretrained model, and of descent-ascent."""


def squared(gap: sp.Expr, pull: sp.Expr) -> sp.Expr:
    """Return ‖w − w^R‖² from x − x^R and the pull on (ε, 1)."""
    return (gap**2 + (1 - epsilon**2) ** 2 * pull**2) / own


pull_pretrained = alpha * n_group / (ridge * n_total) * sp.exp(-y_pretrained)
pull_da = alpha * n_group / (ridge * n_forget) * sp.exp(-y_da)
squared_pretrained = squared(x_pretrained - x_retrained, pull_pretrained)
squared_da = squared(x_da - x_retrained, pull_da)
distance_pretrained, distance_da = sp.sqrt(squared_pretrained), sp.sqrt(squared_da)

LETTERS = pair.LETTERS | {
    "‖w^D − w^R‖": "√(((x^D − x^R)² + (1 − ε²)²(α|R_ij|/(λ|D|)·e^{−y^D})²)/(1 + ε²))",
    "‖w − w^R‖²": (first + epsilon * second) ** 2 + (epsilon * first + second) ** 2,
    "x − x^R": own * first + cross * second,
    "φ": second,
    "r^D": "b·e^{−x^D}",
    "r^R": "a·e^{−x^R}",
    "r^DA": "a·e^{−x^DA}",
    "φ^D": "αb·e^{−y^D}",
    "φ^DA": "−c·e^{−y^DA}",
    "‖w^DA − w^R‖": "√(((x^DA − x^R)² + (1 − ε²)²(−α|R_ij|/(λ|F|)·e^{−y^DA})²)/(1 + ε²))",
}
"""The letters of the claims on the pair, the pulls, and the distances by the statement `square`."""


CLOSER = point(n_retain=1, n_forget=1, ridge=1, n_group=1, epsilon="1/2", alpha="1/4")
ALIKE = "ε = 1 and α|R| = |F|"
"""Where the pretrained model is the oracle, as text."""


CLAIM = Claim(
    name="pair-harm",
    title="On the correlated pair, below the pretrained model is farther from the oracle",
    where=BEYOND,
    idea="The distance in weights is a sum of two squares; each is larger for descent-ascent.",
    domain=DOMAIN,
    realisable=pair.REALISABLE,
    notation=NOTATION,
    letters=LETTERS,
    quoted=(
        Quoted("(1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|))", alpha_min_x),
        figures("x^D = 0.472 < x^DA = 0.548", CLOSER, x_pretrained, x_da),
        figures("0.149 against 0.170", CLOSER, distance_da, distance_pretrained),
        Quoted("α|R_ij|/(λ|D|)·e^{−y^D}", pull_pretrained),
        Quoted("−α|R_ij|/(λ|F|)·e^{−y^DA}", -pull_da),
        Quoted("2ε/(1 + ε²) ≥ |F|/(|F| + |D|)", ge(cross / own, n_forget / (n_forget + n_total))),
    ),
    rests_on=("lemma-9",),
    summary="If a descent-ascent minimum exists on the correlated pair and x^D ≥ x^DA, which α ≥ (1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|)) "
    "ensures, then descent-ascent ends at least as far from the oracle, in weights, as doing nothing. Neither lemma 10 nor "
    "any order with the oracle is needed. So what figure 4 should show is one curve, from which on harm is certain, with no "
    "upper end but the existence of a minimum.",
    statements=(
        stated(
            "harm",
            "x^D ≥ x^DA ⇒ ‖w^DA − w^R‖ ≥ ‖w^D − w^R‖",
            Proposition(
                ge(squared(-drop, push) - squared(lift, pull_forget)),
                ENDS,
                "the two squares, given |x^D − x^R| ≤ x^R − x^DA and φ ≤ (|F|/|D|)·φ'",
            ),
            remark="Sharp: at x^D = x^DA the ratio of the distances tends to 1 as ε → 1, where the two solutions coincide, and "
            "for every ε as the ridge and |F|/|R| grow, where both pulls on (ε, 1) are the same. So figure 4 should show one "
            "curve, the α from which on harm is certain, up to the α at which the minimum ends; lemma 10 bounds no harm.",
            steps=(
                Step(
                    "The squared distance is a sum of two squares: x's part and the pull's.",
                    eq(
                        own * (first**2 + second**2) + 2 * cross * first * second,
                        squared(own * first + cross * second, second),
                    ),
                    TWO_PULLS,
                ),
                Step(
                    "The left side is the squared length of first·(1, ε) + second·(ε, 1).",
                    eq(
                        (first + epsilon * second) ** 2 + (epsilon * first + second) ** 2,
                        own * (first**2 + second**2) + 2 * cross * first * second,
                    ),
                    TWO_PULLS,
                ),
                Step(
                    "If x^D ≥ x^R then r^D = (|R|/|D|)·r^R·e^{−X} ≤ r^R, so y^D − y^R is at least x^D − x^R.",
                    ge(
                        (cross - own) * (retained_share * sp.exp(-own * rise) - 1) * oracle
                        + (own - cross) * pull_forget
                    ),
                    PULLS.extend(Range(pull_forget)),
                ),
                Step(
                    "What stands there is (y^D − y^R) − (x^D − x^R).",
                    eq(
                        cross * pull_retain
                        + own * pull_forget
                        - cross * oracle
                        - (own * pull_retain + cross * pull_forget - own * oracle),
                        (cross - own) * (pull_retain - oracle) + (own - cross) * pull_forget,
                    ),
                    PULLS.extend(Range(pull_forget), Range(pull_retain)),
                ),
                Step(
                    "Let x^D − x^R ≥ x^R − x^DA. Then 2ε/(1+ε²)·φ'·e^{−(y^D − y^DA)} is below fall + r^R,",
                    gt(fall + oracle, sp.exp(-own * rise - cross * fall) * by_fall),
                    PULLS,
                ),
                Step(
                    "and 2ε/(1+ε²)·φ is at least |F|/|D| times that: a contradiction to φ = (|F|/|D|)·φ'·e^{−(y^D − y^DA)}.",
                    ge(by_rise, n_forget / n_total * (fall + oracle)),
                    PULLS,
                ),
                Step(
                    "Used there: y^R − y^DA is 2ε·fall and a square more, as r' = r^R + (2εφ' − (1+ε²)·fall)/(1+ε²).",
                    eq(
                        own * push - cross * (cross * push - own * fall) / own,
                        cross * fall + (1 - epsilon**2) ** 2 / own * push,
                    ),
                    PULLS.extend(Range(push)),
                ),
                Step(
                    "The α from which on this is certain lies below |F|/|R| exactly if 2ε/(1 + ε²) ≥ |F|/(|F| + |D|).",
                    Equivalence(
                        ge(n_forget / n_retain - alpha_min_x),
                        ge(cross / own - n_forget / (n_forget + n_total)),
                    ),
                    CORRELATED,
                ),
            ),
        ),
        stated(
            "square",
            "the distance in weights by the margins: ‖w − w^R‖² = ((x − x^R)² + (1 − ε²)²φ²)/(1 + ε²)",
            Proposition(
                eq(
                    (first + epsilon * second) ** 2 + (epsilon * first + second) ** 2,
                    squared(own * first + cross * second, second),
                ),
                TWO_PULLS,
                reads="‖w − w^R‖² = ((x − x^R)² + (1 − ε²)²φ²)/(1 + ε²)",
            ),
            remark="φ is the model's pull on (ε, 1): α|R_ij|/(λ|D|)·e^{−y^D} for the pretrained model, −α|R_ij|/(λ|F|)·e^{−y^DA} "
            "for descent-ascent, 0 for the oracle.",
        ),
    ),
    necessity=(
        Necessity(
            "x^D ≥ x^DA",
            ge(distance_da, distance_pretrained),
            Witness(
                CLOSER,
                "x^D = 0.472 < x^DA = 0.548, and descent-ascent is closer, 0.149 against 0.170, although y^D ≥ y^DA",
            ),
            "Needed; y^D ≥ y^DA alone is not enough.",
            "‖w^DA − w^R‖ ≥ ‖w^D − w^R‖",
        ),
    ),
    survivors=survivors(
        {
            "harm 1, high end of epsilon up": "the comparison of squares is as true for ε > 1, "
            "which is ε < 1 again with the samples exchanged",
            **dict.fromkeys(
                ("square 1, low end of first up", "square 1, high end of first up"),
                "an identity holds for numbers of any size",
            ),
            **dict.fromkeys(
                (
                    "harm 1, term 1, number 1 down",
                    "harm 1, term 1, number 2 up",
                    "harm 1, term 1, number 5 up",
                    "harm 1, term 1, number 6 up",
                    "harm 1, term 1, number 7 down",
                ),
                "what belongs to descent-ascent only becomes larger (the move the other way is killed)",
            ),
            **dict.fromkeys(
                (
                    "harm 1, term 1, number 8 up",
                    "harm 1, term 1, number 9 down",
                    "harm 1, term 1, number 13 down",
                    "harm 1, term 1, number 14 up",
                ),
                "what is compared with it only becomes smaller (the move the other way is killed)",
            ),
        }
    ),
)
