r"""The two-parameter toy of §5.2 and figure 5, in every reading of the text.

All stationary points are enclosed in ball arithmetic (`ascentcheck.theory.toy`), so that "global" is proved and not met by
luck, and ends of gradient flows are proved by trapping. The literal reading (output in (0, 1), labels ±1, |D| = 4, no half)
has the two minima of the figure, but retraining makes the other one the global one; the reading with outputs in (−1, 1)
keeps the order, but has one minimum at λ = 0.1. The figure as told appears for outputs in (−1, 1) and a smaller ridge; and at
λ = 0.1 itself where the exponent of σ ends before the 2, σ(z) = 1/(1 + e^{−(1+z)}/2), which the text does not exclude.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Proposition, Quoted, Verdict, Witness
from ascentcheck.theory.claims.toy_readings import (
    AS_TOLD,
    DRAWN_POINT,
    FIGURE_RIDGE,
    LETTERS,
    LITERAL_POINT,
    SMALL_POINT,
    SMALLER_RIDGE,
    THREE_AND_FOUR_RIGHT,
    TOLD_POINT,
    at,
    equals,
    holds,
    side,
)
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.kit import only_point, open_as_worded, reading, survivors
from ascentcheck.theory.relations import eq, gt
from ascentcheck.theory.toy.quantities import INPUTS, LITERAL, correct, end, incorrect, minima, moved


def _shown(where: Domain, says: str = "") -> tuple[Proposition, ...]:
    """Return all that the figure shows, at a point."""
    return (
        equals(minima("pretrained"), 2, where, f"{says}two minima"),
        equals(correct("pretrained", 1), 13, where, "the global one,"),
        equals(correct("pretrained", 2), 10, where, "the local one;"),
        equals(correct("retrained", 1), 11, where, "retraining keeps the global one,"),
        equals(correct("da", 1), 10, where, "descent-ascent chooses the local one"),
        equals(incorrect("da", 1), 0, where),
    )


CLAIM = Claim(
    name="toy-minima",
    title="Descent-ascent moves the toy to another minimum",
    where="§5.2, Fig. 5",
    idea="Two parameters are few enough to enclose every stationary point, in each reading of the text.",
    domain=INPUTS,
    letters=LETTERS,
    survivors=survivors(
        {
            "counting-argument 1, term 1, number 1 up": "it says less: the bound is sharp at the corner",
            "counting-argument 1, low end of weight_b down": "it adds no plane: for b ≤ 1/12 no a has both samples right",
            "counting-argument 1, low end of weight_a up": "it says it of fewer planes",
        }
    ),
    quoted=tuple(
        Quoted(text, side(place))
        for text, place in (("1−a+b", -1), ("1+a+b", 1), ("1+3a+9b", 3), ("1+4a+16b", 4))
    ),
    summary="In the literal reading (outputs in (0, 1), labels ±1, λ = 0.1) the two minima, both counts and the move of "
    "descent-ascent are right, but retraining does not keep the global minimum: it becomes the other one, 10 correct "
    "against 11. Its descent stays where it was, in what is now a local minimum. With outputs in (−1, 1) retraining "
    "keeps it, but at λ = 0.1 there is no second minimum, and finetuning undoes the damage; the whole story holds there "
    "for λ = 0.01, and for the paper's λ = 0.1 where σ(z) is 1/(1 + e^{−(1+z)}/2): the text does not show where the "
    "exponent ends.",
    statements=(
        holds(
            "pretrained",
            "We denote as (×) the global minimum, while (◦) is the local minimum [...] (13 correct, 1 incorrect)",
            "Three stationary points in all: two minima and a saddle.",
            equals(minima("pretrained"), 2, LITERAL_POINT, "two minima"),
            equals(
                correct("pretrained", 1), 13, LITERAL_POINT, "weight that the global one classifies rightly"
            ),
            equals(incorrect("pretrained", 1), 1, LITERAL_POINT, "and wrongly"),
            equals(
                correct("pretrained", 2), 10, LITERAL_POINT, "weight that the local one classifies rightly"
            ),
        ),
        open_as_worded(
            "retrained",
            "§5.2",
            "Retraining [...] keeping the same plane is still preferential (11 correct, 1 incorrect)",
            readings=(
                reading(
                    "outputs in (0, 1), as σ is defined",
                    equals(correct("retrained", 1), 11, LITERAL_POINT),
                    Witness(
                        only_point(LITERAL_POINT),
                        "the losses are 3.0097… for 10 correct and 3.2194… for 11 correct",
                    ),
                ),
                reading(
                    "outputs in (−1, 1), so that the labels ±1 can be reached",
                    equals(correct("retrained", 1), 11, TOLD_POINT),
                ),
                reading(
                    "outputs in (−1, 1), σ(z) = 1/(1 + e^{−(1+z)}/2)",
                    equals(correct("retrained", 1), 11, DRAWN_POINT),
                ),
            ),
            verified=(
                equals(correct("retrained", 1), 10, LITERAL_POINT, "the global minimum is the other plane"),
                equals(incorrect("retrained", 1), 2, LITERAL_POINT),
                equals(correct("retrained", 2), 11, LITERAL_POINT, "the same plane is a local minimum"),
                equals(
                    end("pretrained", 1, "retrained"),
                    2,
                    LITERAL_POINT,
                    "and retraining by descent from the pretrained minimum ends there",
                ),
                equals(
                    correct("retrained", 1), 11, TOLD_POINT, "with outputs in (−1, 1) it is the global one"
                ),
            ),
            remark="Squared error to a label −1 that an output in (0, 1) cannot reach is not a count of mistakes: the points at "
            "x = 3 and 4 weigh by how far they are, and two points at x₄ are too few.",
        ),
        open_as_worded(
            "little-change",
            "§5.2",
            "setting α₄ = 2, and applying gradient descent […] provides little to no change for the minima location and the "
            "contour lines between the original dataset D and the retraining set R",
            readings=(
                reading(
                    "both problems have a minimum on each of the two planes",
                    (
                        equals(minima("retrained"), 2, LITERAL_POINT),
                        equals(correct("retrained", 2, "pretrained"), 13, LITERAL_POINT, "the plane of (×)"),
                        equals(correct("retrained", 1, "pretrained"), 10, LITERAL_POINT, "the plane of (◦)"),
                    ),
                ),
                reading(
                    "the global minimum stays on its plane",
                    equals(correct("retrained", 1, "pretrained"), 13, LITERAL_POINT),
                    Witness(
                        only_point(LITERAL_POINT), "the global minimum of retraining is on the plane of (◦)"
                    ),
                ),
            ),
            verified=(
                equals(
                    moved("pretrained", 2, "retrained", 1),
                    1,
                    LITERAL_POINT,
                    "(◦) moves by less than 1% of the way between the two,",
                ),
                equals(moved("pretrained", 1, "retrained", 2), 11, LITERAL_POINT, "(×) by 10% to 11% of it"),
            ),
            remark="The places change little; which of the two is lower changes. So little change of the contour lines is enough "
            "to make the other minimum the global one.",
        ),
        open_as_worded(
            "counting-argument",
            "§5.2",
            "since the original dataset contains effectively 6 negative samples and 8 positive samples, the optimal decision "
            "boundary is given by the separating plane which correctly classifies the largest number of samples",
            readings=(
                reading(
                    "of the original dataset, which the sentence names",
                    equals(correct("pretrained", 1), 13, LITERAL_POINT, "13 of 14, which is the most"),
                ),
                reading(
                    "of each problem, as the two sentences after it count for retraining",
                    equals(
                        correct("retrained", 1),
                        11,
                        LITERAL_POINT,
                        "11 of 12 can be right after forgetting two",
                    ),
                    Witness(
                        only_point(LITERAL_POINT),
                        "the plane of least loss has 10 of 12 right, another has 11",
                    ),
                ),
            ),
            verified=Proposition(
                gt(side(-1), sp.Rational(5, 3)),
                THREE_AND_FOUR_RIGHT,
                "of 1−a+b, 1+a+b, 1+3a+9b and 1+4a+16b, at x = −1, 1, 3 and 4: where the last two have the signs of their "
                "labels, − and +, the first is positive, and x = −1 wrong; so all 14 right is impossible, and 13 is the most",
            ),
            remark="For the pretrained problem it is so (13 of 14); for retraining in the literal reading it is not.",
            formerly=(
                Verdict.FALSE,
                "the quotation left out that the sentence is about the original dataset",
            ),
        ),
        holds(
            "da",
            "performing GDA [...] all samples are correctly classified (10 correct, 0 incorrect)",
            "With weight 0 at x₄ one stationary point is left, so descent-ascent ends there from everywhere.",
            equals(minima("da"), 1, LITERAL_POINT, "one minimum"),
            equals(correct("da", 1), 10, LITERAL_POINT),
            equals(incorrect("da", 1), 0, LITERAL_POINT),
            equals(end("pretrained", 1, "da"), 1, LITERAL_POINT, "and that is where it goes"),
        ),
        holds(
            "tricked",
            "in reality, the algorithm has been tricked into finding a suboptimal solution (10 correct, 2 incorrect)",
            "Suboptimal by count; by the loss it is next to the best plane of retraining, see above.",
            equals(correct("da", 1, "retrained"), 10, LITERAL_POINT),
            equals(incorrect("da", 1, "retrained"), 2, LITERAL_POINT),
        ),
        holds(
            "counting",
            "two points will contribute the exact opposite gradient as the other two [...], effectively erasing them",
            "By eq. (1), a mean over R less a mean over F, the two forgotten points outweigh the two kept, 1/2 against 1/12 "
            "each; the plane is the same.",
            equals(correct("da-means", 1, "retrained"), 10, LITERAL_POINT, "descent-ascent by eq. (1)"),
            equals(incorrect("da-means", 1, "retrained"), 2, LITERAL_POINT),
        ),
        open_as_worded(
            "irreversible",
            "§5.2",
            "certain choices of forget sets [...] can lead to irreversible model degradation when using DA",
            readings=(
                reading("outputs in (0, 1), λ = 0.1", equals(end("da", 1, "retrained"), 1, LITERAL_POINT)),
                reading(
                    "outputs in (−1, 1), λ = 0.1",
                    equals(end("da", 1, "retrained"), 2, TOLD_POINT),
                    Witness(
                        only_point(TOLD_POINT),
                        "outputs in (−1, 1), λ = 0.1: one stationary point, so finetuning on R undoes the damage",
                    ),
                ),
                reading("outputs in (−1, 1), λ = 0.01", equals(end("da", 1, "retrained"), 2, SMALL_POINT)),
                reading(
                    "outputs in (−1, 1), λ = 0.1, σ(z) = 1/(1 + e^{−(1+z)}/2)",
                    equals(end("da", 1, "retrained"), 2, DRAWN_POINT),
                ),
            ),
            verified=(
                equals(
                    end("da", 1, "retrained"),
                    1,
                    LITERAL_POINT,
                    "finetuning on R after descent-ascent stays in the other plane (trapped), literal reading",
                ),
                equals(
                    minima("retrained"), 1, TOLD_POINT, "with outputs in (−1, 1) retraining has one minimum"
                ),
                equals(end("da", 1, "retrained"), 1, TOLD_POINT, "so finetuning returns to it, the oracle"),
                equals(correct("retrained", 2), 10, SMALL_POINT, "with λ = 0.01 there is a second one"),
                equals(
                    end("da", 1, "retrained"), 2, SMALL_POINT, "and finetuning does not come back from it"
                ),
                *(
                    equals(correct("da", 1), right, at(AS_TOLD, SMALLER_RIDGE, k), says)
                    for k, right, says in (
                        (0, 13, "k = 0: nothing moves,"),
                        (1, 11, "k = 1: descent-ascent keeps the plane of the pretrained minimum,"),
                        (3, 10, "k = 3: it moves, as with k = 2,"),
                    )
                ),
                equals(
                    end("da", 1, "retrained"), 2, at(AS_TOLD, SMALLER_RIDGE, 3), "and does not come back,"
                ),
                equals(
                    minima("retrained"), 1, at(AS_TOLD, SMALLER_RIDGE, 4), "k = 4: retraining goes there too"
                ),
                equals(correct("retrained", 1), 10, at(AS_TOLD, SMALLER_RIDGE, 4)),
            ),
            remark="Irreversible where the retain loss has a second minimum. For outputs in (−1, 1) and an exponent "
            "(1+z)/2 that is λ = 0.01 and 0.03 "
            "with two or three points forgotten; with none or one nothing moves, with all four retraining ends there as well.",
        ),
        open_as_worded(
            "figure",
            "Fig. 5",
            "retraining keeps the model in the same global optimum as the pretrained model, while GDA chooses the local "
            "minimum [λ = 0.1]",
            readings=(
                reading(
                    "σ(z) = 1/(1 + e^{−(1+z)/2}), outputs in (0, 1)",
                    equals(correct("retrained", 1), 11, LITERAL_POINT),
                    Witness(only_point(LITERAL_POINT), "the global minimum of retraining is the other plane"),
                ),
                reading(
                    "σ(z) = 1/(1 + e^{−(1+z)/2}), outputs in (−1, 1)",
                    equals(minima("pretrained"), 2, TOLD_POINT),
                    Witness(only_point(TOLD_POINT), "the pretrained problem has one minimum"),
                ),
                reading("σ(z) = 1/(1 + e^{−(1+z)}/2), outputs in (−1, 1)", _shown(DRAWN_POINT)),
            ),
            verified=(
                equals(
                    minima("pretrained"),
                    1,
                    TOLD_POINT,
                    "(1+z)/2 in the exponent, outputs in (−1, 1), λ = 0.1: no local minimum to choose",
                ),
                *_shown(SMALL_POINT, "the same, λ = 0.01: "),
                *_shown(DRAWN_POINT, "1+z in the exponent, λ = 0.1: "),
            ),
            remark="At λ = 0.1 all of the figure is true in 6 of the 32 readings (tests check each), and in all six the "
            "exponent is 1+z. On the stored map of ridges it is there for outputs in (−1, 1) and labels ±1 from λ = 0.001 to 1. "
            "With (1+z)/2 it appears for outputs in (−1, 1) and labels ±1 from λ = 0.01 down, and for outputs in (0, 1) with "
            "labels 0 and 1 from λ = 0.003 down.",
            formerly=(Verdict.FALSE, "the text of σ does not show whether the 2 belongs to the exponent"),
        ),
    ),
    necessity=(
        Necessity(
            "two points forgotten, not one",
            eq(end("pretrained", 1, "da"), 1),
            Witness(
                only_point(at(LITERAL, FIGURE_RIDGE, 1)),
                "one point forgotten: descent-ascent from the pretrained minimum stays on its plane, now a local minimum",
            ),
            "With k = 1 descent-ascent stays where it was.",
        ),
    ),
    errata=(
        Erratum(
            "§5.2",
            "keeping the same plane is still preferential (11 correct, 1 incorrect)",
            "retraining by descent stays on the same plane, now a local minimum; or: h in (−1, 1), where it is preferential",
        ),
        Erratum(
            "Fig. 5",
            "λ = 0.1",
            "λ = 0.1, with h in (−1, 1) and σ(z) = 1/(1 + e^{−(1+z)}/2), if that is what was meant; else λ = 0.01, with h in "
            "(−1, 1)",
        ),
    ),
)
