r"""Lemma 3's range on one coordinate for every margin loss, and what the logistic loss changes: the divergence.

Let ℓ be strictly convex, decreasing and twice differentiable, and f = −ℓ' > 0, which decreases. On one coordinate each of
the three objectives is stationary where w = z·f(w), with the same three numbers z as for the exponential loss (lemma-2),
where f(w) = e^{−w}. For z ≥ 0 there is one such w ≥ 0, and it grows with z, because z₁ ≤ z₂ and w₁ > w₂ would give
w₁ = z₁f(w₁) ≤ z₂f(w₂) = w₂. For z < 0 every such w is negative. So the order of the solutions is the order of the z, and that
is a question about α alone: α₁ and α₀ are those of lemma-3 for every loss. Only existence for z < 0 depends on the loss.

For the logistic loss f(w) = 1/(1 + e^w) < 1, so |w| ≤ |z|: there is a minimum for every α. With w = −p it solves
p(1 + e^{−p}) = −z, whose left side increases: it is the only stationary point. For the exponential loss p·e^{−p} = −z has none
beyond z = −1/e. The divergence of descent-ascent is an artefact of the exponential loss.

Facts of analysis that are used: a continuous function that changes sign has a zero; a function with a positive derivative
increases.
"""

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import arb, ctx

from ascentcheck.theory.claim import (
    Claim,
    Equivalence,
    Increasing,
    Necessity,
    Proposition,
    Quoted,
    Step,
    Witness,
)
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.lemma_2 import DOMAIN, REALISABLE, balance, z_da, z_pretrained, z_retrained
from ascentcheck.theory.claims.lemma_3 import turning
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.expression import rational_function
from ascentcheck.theory.kit import figures, point, survivors
from ascentcheck.theory.relations import eq, ge, gt, le, lt
from ascentcheck.theory.solvers.logistic import solved
from ascentcheck.theory.theorems.stated import BEYOND, stated
from ascentcheck.theory.vocabulary import alpha, n_forget, n_total

force, force_more, z_low, z_more = sp.symbols("force force_more z_low z_more", real=True)
oracle, depth, start, span = sp.symbols("oracle depth start span", real=True)
near, far, share = sp.symbols("near far share", real=True)

ORDER = domain(Range(z_low), Range(z_more, z_low), *positive(force), Range(force_more, force))
"""Arguments z_low ≤ z_more, where the solution of the lesser is the greater one: so f there, `force`, is ≤ `force_more`."""
BEYOND_BALANCE = domain(
    Range(share, 0, 1, low_open=True, high_open=True),
    *positive(oracle, depth, near),
    Range(force, near),
    Range(far, force),
)
"""`share` = |F|/|D|, `oracle` = w^R, `depth` = −w^DA > 0; f(w^R + depth) = near ≤ f(w^R) = force ≤ f(−depth) = far."""
LOGISTIC = domain(Range(start), Range(span))
"""The lesser of w^D and w^R, and their distance."""
DEPTHS = domain(Range(depth))
"""−w^DA of the logistic loss."""


def logistic_argument(x: sp.Expr) -> sp.Expr:
    """Return z = w(1 + e^w), the argument whose logistic solution is w."""
    return x * (1 + sp.exp(x))


class Logistic(sp.Function):  # type: ignore[misc]
    """The logistic solution for an argument: w(1 + e^w) = z."""

    nargs = 1

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to a ball. Raises TypeError for an argument that is not rational."""
        argument = rational_function(expression.args[0])
        if argument is None:
            raise TypeError("Logistic needs a rational argument")
        return lambda point: solved(argument(point), ctx.prec)


w_pretrained, w_retrained, w_da = map(Logistic, (z_pretrained, z_retrained, z_da))
LETTERS = {
    **{name: text for name, text in lemma_2.LETTERS.items() if name[0] in "zα"},
    "w": depth,
    "z": "w(1 + e^w)",
    "u": start,
    "t": span,
    "V": Logistic,
    "v^D": "V(z^D)",
    "v^R": "V(z^R)",
    "v^DA": "V(z^DA)",
}
"""What the texts call by a letter; the solutions depend on the loss, and have letters for the logistic one alone."""


FARTHER = "max{V(z^DA) − V(z^R), V(z^R) − V(z^DA)} − max{V(z^D) − V(z^R), V(z^R) − V(z^D)}"
"""How much farther from the oracle descent-ascent ends than doing nothing, as text."""
_ONE = point(n_retain=2, n_forget=1, ridge=1, n_group=1)
heavy_logarithm = sp.log((start + span) * (1 + start + span) ** 2 / (start * (1 + start) ** 2))
"""ln(z'/z) of the loss 1/(1 + w), whose f(w) is 1/(1 + w)²."""
HEAVY, RUNAWAY = point(start=10, span=1), point(_ONE, ridge="1/10", alpha="3/4")

CLAIM = Claim(
    name="any-loss",
    title="One coordinate with any margin loss; the logistic loss never diverges",
    where=BEYOND,
    idea="w = z·f(w) with a decreasing f orders the solutions as their arguments z, whatever f is.",
    domain=DOMAIN,
    realisable=REALISABLE,
    letters=LETTERS,
    quoted=(
        figures(
            "logarithm 0.27",
            HEAVY,
            heavy_logarithm,
        ),
        figures("logistic one has it at −2.265", RUNAWAY, w_da),
        Quoted("w ≤ z/2", le(depth, logistic_argument(depth) / 2)),
        Quoted("|F|²/(|R|(|F|+|D|))", turning),
        Quoted("(1 − α|R|/|F|)·|R_j|/(λ|R|)", z_da),
        Quoted("(1+α)|R|/|D|", z_pretrained / z_retrained),
    ),
    rests_on=("lemma-2", "lemma-3", "lemma-4", "da-farthest"),
    summary="For every strictly convex, decreasing, twice differentiable margin loss descent-ascent moves away from the oracle "
    "on one coordinate exactly for |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R|, and ends farther than doing nothing exactly above the "
    "lower end. With the logistic loss lemma 4's bound holds too, and descent-ascent has one minimum for every α, within "
    "the size of (1 − α|R|/|F|)·|R_j|/(λ|R|) of 0: the divergence is an artefact of the exponential loss, the harm is not.",
    statements=(
        stated(
            "order",
            "the solutions are ordered as the z are, so lemma 3's α₁ and α₀ are the same for every loss",
            Proposition(
                ge(z_more * force_more - z_low * force),
                ORDER,
                "w' − w ≥ 0 for z ≤ z' where w > w' is assumed: a contradiction",
            ),
            remark="For α₁ ≤ α ≤ α₀ that is w^DA ≤ w^D ≤ w^R; below α₁ w^D < w^DA ≤ w^R; above α₀ w^R < w^D, and every "
            "stationary point of descent-ascent is negative, past the oracle.",
            steps=(
                Step(
                    "w^D ≤ w^R exactly when α ≤ |F|/|R|.",
                    Equivalence(sp.Ge(z_retrained - z_pretrained, 0), sp.Ge(balance - alpha, 0)),
                    DOMAIN,
                ),
                Step(
                    "w^DA ≤ w^D exactly when α ≥ α₁, as long as z^DA ≥ 0.",
                    Equivalence(sp.Ge(z_pretrained - z_da, 0), sp.Ge(alpha - turning, 0)),
                    DOMAIN,
                ),
                Step(
                    "Below α₁ z^D < z^DA,",
                    lt(z_pretrained, z_da),
                    DOMAIN.restrict(alpha, high=turning, high_open=True),
                    reads="z^D < z^DA",
                ),
                Step(
                    "and z^DA ≤ z^R for every α. A solution belongs to one z, w/f(w), so different z have different ones.",
                    le(z_da, z_retrained),
                    DOMAIN,
                    reads="z^DA ≤ z^R",
                ),
                Step(
                    "Above α₀ z^DA < 0, and w has the sign of z.",
                    lt(z_da),
                    DOMAIN.restrict(alpha, low=balance, low_open=True),
                    reads="z^DA < 0",
                ),
            ),
        ),
        stated(
            "farther",
            "above |F|/|R| every stationary point of descent-ascent is farther from the oracle than doing nothing",
            Proposition(
                gt(oracle + depth, near * (oracle / force + share * depth / far)),
                BEYOND_BALANCE,
                "w^D ≥ w^R + |w^DA| contradicts w^D = z^D·f(w^D)",
            ),
            remark="Between α₁ and |F|/|R| the order w^DA ≤ w^D ≤ w^R says the same, and below α₁ descent-ascent is closer. So "
            "da-farthest's threshold is that of every loss.",
            steps=(
                Step(
                    "The three arguments are on a line: z^D = z^R − |F|/|D|·z^DA.",
                    eq(z_pretrained, z_retrained - n_forget / n_total * z_da),
                    DOMAIN,
                    reads="z^D = z^R − |F|/|D|·z^DA",
                ),
                Step(
                    "With w^D < w^R + |w^DA| the distance of doing nothing is below |w^DA|, that of descent-ascent above.",
                    gt(oracle + depth - share * depth),
                    BEYOND_BALANCE,
                ),
            ),
        ),
        stated(
            "logistic-lemma-4",
            "for the logistic loss too |w^D − w^R| ≤ |ln((1+α)|R|/|D|)|",
            Proposition(
                ge((start + span) * (1 + sp.exp(-start - span)), start * (1 + sp.exp(-start))),
                LOGISTIC,
                "w(1 + e^{−w}) increases, which is the bound: it says w' − w ≤ ln(z'/z), and z^D/z^R = (1+α)|R|/|D|",
            ),
            remark="The bound holds for a loss exactly if w·e^{−w}/f(w) increases; it fails for losses with a heavier tail.",
            steps=(
                Step(
                    "The ratio of the arguments, less e^{w'−w}, by the function that increases.",
                    eq(
                        logistic_argument(start + span) - sp.exp(span) * logistic_argument(start),
                        sp.exp(start + span)
                        * ((start + span) * (1 + sp.exp(-start - span)) - start * (1 + sp.exp(-start))),
                    ),
                    LOGISTIC,
                ),
            ),
        ),
        stated(
            "logistic-minimum",
            "with the logistic loss descent-ascent has exactly one stationary point, a minimum, for every α, and |w^DA| ≤ |z^DA|",
            Proposition(
                ge(depth * (1 + sp.exp(-depth)), depth), DEPTHS, "|w| ≤ |z| for z = −p(1 + e^{−p}), w = −p"
            ),
            remark="z^DA = (1 − α|R|/|F|)·|R_j|/(λ|R|). For z ≥ 0 even w ≤ z/2. The exponential loss has no stationary point for "
            "z < −1/e: where the tail of the loss is linear, the ridge holds the solution.",
            steps=(
                Step(
                    "For z < 0: w = −p solves the equation where p(1 + e^{−p}) = −z, whose left side increases: one solution.",
                    Increasing(depth * (1 + sp.exp(-depth)), depth),
                    DEPTHS,
                ),
                Step(
                    "For z ≥ 0 it is w(1 + e^w) = z, and w(1 + e^w) ≥ 2w.",
                    ge(logistic_argument(depth), 2 * depth),
                    DEPTHS,
                    reads="w(1 + e^w) ≥ 2w",
                ),
            ),
        ),
    ),
    necessity=(
        Necessity(
            "strictly convex",
            None,
            None,
            "Convex is enough for the order and for the distances: of f only f > 0, continuous and nowhere rising is used.",
        ),
        Necessity(
            "convex (f does not rise)",
            ge(z_more * force_more - z_low * force),
            Witness(
                point(z_low=1, z_more=1, force=1, force_more="1/2"),
                "where f rises from 1/2 at w' = 1/2 to 1 at w = 1, both are solutions for z = 1",
            ),
            "Needed: with a rising f one z has several solutions, and they have no order.",
        ),
        Necessity(
            "f(w) falls at least like the exponential loss's beyond w (lemma 4's bound)",
            le(span, heavy_logarithm),
            Witness(
                HEAVY,
                "ℓ(w) = 1/(1 + w): w^R = u = 10 and w^D = u + t = 11, whose arguments w(1 + w)² have a ratio with logarithm 0.27",
            ),
            "Needed: t ≤ ln((u + t)(1 + u + t)²/(u(1 + u)²)) fails; lemma 3's range is every loss's, lemma 4's bound is not.",
            "t ≤ ln((u + t)(1 + u + t)²/(u(1 + u)²))",
        ),
        Necessity(
            "a loss that grows no faster than linearly (a minimum for every α)",
            ge(sp.E * z_da + 1),
            Witness(
                RUNAWAY,
                "z^DA = −5/2 < −1/e: the exponential loss has no minimum, the logistic one has it at −2.265",
            ),
            "Needed: ez^DA + 1 ≥ 0, under which the exponential loss has a stationary point, fails.",
            "ez^DA + 1 ≥ 0",
        ),
        Necessity(
            "α ≥ |F|²/(|R|(|F|+|D|))",
            le(z_da, z_pretrained),
            Witness(point(_ONE, alpha="1/10"), "z^D < z^DA < z^R: toward the oracle, whatever the loss"),
            "Needed: below it z^DA ≤ z^D fails.",
            "z^DA ≤ z^D",
        ),
        Necessity(
            "α ≤ |F|/|R|",
            ge(z_da),
            Witness(point(_ONE, alpha="3/4"), "z^DA = −1/4: past the oracle, whatever the loss"),
            "Needed: above it z^DA ≥ 0 fails, while the oracle is positive.",
            "z^DA ≥ 0",
        ),
    ),
    survivors=survivors(
        {
            "logistic-minimum 1, term 1, number 1 up": "p(1 + e^{−p}) > p with more to spare (0.99 is killed)",
            "logistic-lemma-4 1, term 2, number 1 down": "the lesser side becomes smaller still (1.01 is killed)",
            "logistic-lemma-4 1, term 1, number 1 up": "the greater side grows (0.99 is killed)",
        }
    ),
)
