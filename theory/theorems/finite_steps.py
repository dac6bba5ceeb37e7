r"""Early stopping of an iteration, not only of the flow: up to which learning rate does no step help?

On one coordinate descent on L_DA (exponential loss) is w⁺ = w − η(λw − c·e^{−w}), and c = λ·a·e^a with a = w^DA, where it
rests. For α₁ ≤ α ≤ |F|/|R| (so 0 ≤ a ≤ w^D ≤ w^R) write w = a + e, and E = w^D − a for the first e:

    e⁺ = (1 − ηλ)e − ηλa(1 − e^{−e}).

If ηλ(1 + a·e^E) ≤ 2 then |e⁺| ≤ |e| for |e| ≤ E. So every iterate stays within E of a, none is above w^D, and none is closer to
the oracle than doing nothing. λ(1 + a·e^E) is the curvature at a − E, the largest between there and w^D: the condition is
η·sup L'' ≤ 2, the classical limit of stability, twice what a step that never overshoots needs. Beyond it an orbit may swing
past w^D and land next to the oracle.

Below α₁ the path leads up, toward the oracle; there η·sup L'' ≤ 1 on the path makes every step help.

For another margin loss the same follows from L'(w) = L''(ξ)·e. Facts of analysis that are used: the mean value theorem.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Necessity, Notation, Proposition, Quoted, Step, Witness
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import REALISABLE, balance, loss_da, z_da, z_pretrained, z_retrained
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.domain import MODEST, Range, domain
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import figures, point, survivors
from ascentcheck.theory.relations import eq, ge, le
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, learning_rate, n_forget, n_group, n_retain, ridge, w

rest, off, room, share, height, stretch = sp.symbols("rest off room share height stretch", real=True)

ITERATES = domain(
    Range(rest, scale=MODEST), Range(off, scale=MODEST), Range(room, scale=MODEST), Range(share, 0, 1)
)
"""`rest` = w^DA, `off` = |w − w^DA| ≤ off + room = E = w^D − w^DA, and `share` = ηλ(1 + w^DA·e^E)/2 ≤ 1."""
limit_curvature = 1 + rest * sp.exp(off + room)
"""The largest curvature between w^DA − E and w^D, in units of λ."""
ANY = domain(Range(stretch, 0, 2), Range(off))
"""`stretch` = η·L''(ξ) at a place ξ between w^DA and w, `off` = |w − w^DA|."""
RISING = domain(Range(rest, scale=MODEST), Range(height, 0, rest), Range(share, 0, 1))
"""Below α₁: `height` = w^DA − w for an iterate w ≥ 0, `share` = ηλ(1 + w^DA·e^height) ≤ 1."""

WITH_RATE = lemma_2.DOMAIN.restrict(alpha, high=balance).extend(Range(learning_rate, low_open=True))
w_da, w_pretrained = W0(z_da), W0(z_pretrained)
curvature = ridge * (1 + w_da * sp.exp(w_pretrained - w_da))
stability = learning_rate * curvature
"""η times the largest curvature between 2w^DA − w^D and w^D; the theorem needs at most 2."""

LETTERS = lemma_2.LETTERS | {
    "s": share,
    "c": "|R_j|/|R| − α|R_j|/|F|",
    "w₁": "w^D − η(λw^D − ce^{−w^D})",
    "w₂": "w₁ − η(λw₁ − ce^{−w₁})",
}
"""What the texts call by a letter; w₁ and w₂ are the first two iterates from w^D."""


def descent(x: sp.Expr) -> sp.Expr:
    """Return w⁺, one step of descent on L_DA."""
    return x - learning_rate * sp.diff(loss_da(w), w).subs(w, x)


FIRST = descent(w_pretrained)
SECOND = descent(FIRST)
AFTER_TWO = ge(W0(z_retrained) - SECOND, W0(z_retrained) - w_pretrained)
JUMP = Witness(
    point(n_retain=2, n_forget=1, ridge=1, n_group=1, alpha="1/5", learning_rate="19/10"),
    "η·sup L'' = 2.38: the second iterate is 0.0045 from the oracle, doing nothing 0.0546",
)


CLAIM = Claim(
    name="finite-steps",
    title="No step of the iteration helps either, up to the limit of stability",
    where=BEYOND,
    idea="Up to the limit of stability the distance to the point of rest never grows, so no iterate passes the start.",
    domain=WITH_RATE,
    realisable=REALISABLE,
    notation=(
        Notation("w_da", "w^{DA}", w_da),
        Notation("w_pretrained", "w^D", w_pretrained),
        Notation("w_retrained", "w^R", W0(z_retrained)),
    ),
    letters=LETTERS,
    quoted=(
        Quoted("|F|²/(|R|(|F|+|D|))", turning),
        Quoted("η·λ(1 + w^DA·e^{w^D − w^DA})", stability),
        Quoted("λ + c/4", ridge + (n_group / n_retain - alpha * n_group / n_forget) / 4),
        figures(JUMP.says, JUMP.point, stability, W0(z_retrained) - SECOND, W0(z_retrained) - w_pretrained),
    ),
    rests_on=("lemma-3", "early-stopping", "any-loss"),
    summary="For |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R| no step of the iteration is closer to the oracle than doing nothing, for any "
    "learning rate with η·sup L'' ≤ 2: the classical limit of stability, which for the exponential loss is "
    "η·λ(1 + w^DA·e^{w^D − w^DA}) ≤ 2. Beyond it this is false: an unstable step can land next to the oracle.",
    statements=(
        stated(
            "no-step-helps",
            "if η·sup L'' ≤ 2 between 2w^DA − w^D and w^D, every iterate stays as far from w^DA as w^D, or closer",
            Proposition(
                ge(off * limit_curvature, share * (off + rest * (1 - sp.exp(-off)))),
                ITERATES,
                "from above w^DA: e⁺ ≥ −e",
            ),
            Proposition(
                ge(off * limit_curvature, share * (off + rest * (sp.exp(off) - 1))),
                ITERATES,
                "from below: e⁺ ≤ |e|",
            ),
            remark="e⁺ ≤ e from above, and e⁺ ≥ e from below, need no condition. The 2 is sharp: beyond η·L''(w^DA) = 2 the "
            "point of rest repels, and near α₁ an orbit soon swings past w^D.",
            steps=(
                Step(
                    "With w = w^DA + e the step is e⁺ = (1 − ηλ)e − ηλw^DA(1 − e^{−e}).",
                    eq(
                        descent(w_da + off) - w_da,
                        (1 - learning_rate * ridge) * off - learning_rate * ridge * w_da * (1 - sp.exp(-off)),
                    ),
                    WITH_RATE.extend(Range(off)),
                ),
                Step(
                    "The largest curvature is that at the lowest place, w^DA − E.",
                    eq(sp.diff(loss_da(w), w, 2).subs(w, w_da - off), ridge * (1 + w_da * sp.exp(off))),
                    WITH_RATE.extend(Range(off)),
                ),
            ),
        ),
        stated(
            "any-loss",
            "the same for every margin loss: η·sup L'' ≤ 2 between 2w^DA − w^D and w^D is enough",
            Proposition(
                ge((1 - stretch) * off, -off), ANY, "e⁺ ≥ −|e|, with stretch = ηL'' somewhere between"
            ),
            Proposition(le((1 - stretch) * off, off), ANY, "e⁺ ≤ |e|"),
            remark="For α ≤ |F|/|R| L_DA is convex on the coordinate, so L'' ≥ 0, and L'(w) = L''(ξ)·e by the mean value "
            "theorem. For the logistic loss L'' ≤ λ + c/4 everywhere, c the weight of the loss. So no iterate rises above w^D, "
            "and the oracle is above it (any-loss).",
            steps=(
                Step(
                    "For the logistic loss ℓ'' = s(1 − s) ≤ 1/4, for 1/4 − s(1 − s) = (1/2 − s)².",
                    eq(sp.Rational(1, 4) - share * (1 - share), (sp.Rational(1, 2) - share) ** 2),
                    domain(Range(share, 0, 1)),
                    reads="1/4 − s(1 − s) = (1/2 − s)²",
                ),
            ),
        ),
        stated(
            "every-step-helps",
            "below α₁, if η·sup L'' ≤ 1 on the path, the iteration climbs toward the oracle and never passes it",
            Proposition(
                ge(height * (1 + rest * sp.exp(height)), share * (height + rest * (sp.exp(height) - 1))),
                RISING,
                "a step is no longer than the way to w^DA, which is not beyond the oracle",
            ),
            remark="The rates that never overshoot are half of those that are stable.",
        ),
    ),
    necessity=(
        Necessity(
            "η·sup L'' ≤ 2",
            AFTER_TWO,
            JUMP,
            "Needed: w^R − w₂ ≥ w^R − w^D fails for the second iterate w₂.",
            "w^R − w₂ ≥ w^R − w^D",
        ),
        Necessity(
            "α ≥ |F|²/(|R|(|F|+|D|))",
            ge(W0(z_retrained) - FIRST, W0(z_retrained) - w_pretrained),
            Witness(
                point(JUMP.point, alpha="1/10", learning_rate="1/2"), "the first step rises toward the oracle"
            ),
            "Needed: below it w^R − w₁ ≥ w^R − w^D fails for the first iterate w₁.",
            "w^R − w₁ ≥ w^R − w^D",
        ),
        Necessity(
            "α ≤ |F|/|R|",
            ge(FIRST - W0(z_retrained), w_pretrained - W0(z_retrained)),
            Witness(
                point(JUMP.point, alpha="3/4", learning_rate="1/10"),
                "the oracle lies below w^D, and the iterates pass it on their way to w^DA < 0",
            ),
            "Needed: above it w₁ − w^R ≥ w^D − w^R fails.",
            "w₁ − w^R ≥ w^D − w^R",
        ),
    ),
    survivors=survivors(
        {
            **dict.fromkeys(
                ("every-step-helps 1, term 1, number 1 up", "no-step-helps 1, term 1, number 1 up"),
                "the greater side grows (0.99 is killed)",
            ),
            "no-step-helps 1, term 2, number 1 down": "the lesser side becomes smaller (1.01 is killed)",
            "every-step-helps 1, high end of height up": "the inequality is as true for an iterate below 0",
        }
    ),
)
