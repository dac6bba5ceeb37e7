r"""The correlated pair of §5.1.2: equations, coordinates and solutions that lemmas 6 to 10 and 12 share.

|R_ij| retain samples (1, ε) and α|R_ij| forget samples (ε, 1) share two coordinates. With p = 1 + ε²,
q = 2ε, x = w_i + εw_j and y = εw_i + w_j the stationary points of eq. (1) are those of

    x = p·r + q·φ,   y = q·r + p·φ,   r = a·e^{−x},   φ = c·e^{−y},

where a and c are the strengths |R_ij|/(λ|D|) and α|R_ij|/(λ|D|) for the pretrained model, |R_ij|/(λ|R|) and 0
for the retrained one, |R_ij|/(λ|R|) and −α|R_ij|/(λ|F|) for descent-ascent. The pulls r > 0 and |φ| ≥ 0 are
the coordinates in which everything is polynomial: w = r·(1, ε) + φ·(ε, 1), and each pair of pulls is a
stationary point for exactly one pair of strengths, a = r·e^x and c = φ·e^y. A statement for all pulls is a
statement for all stationary points. ε > 1 is ε < 1 again, with 1/ε for ε and ε²|R_ij| for |R_ij|.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq
from sympy.core.function import ArgumentIndexError

from ascentcheck.theory.claim import Notation
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.expression import W0, ball_function, rational_function
from ascentcheck.theory.solvers import pair_balls
from ascentcheck.theory.solvers.tails import unique_integer
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

own, cross = 1 + epsilon**2, 2 * epsilon
"""p and q: the squared length of a sample, and the product of two different ones."""

margin_x, margin_y = own * pull_retain + cross * pull_forget, cross * pull_retain + own * pull_forget
"""x^D and y^D by the pulls (x^R and y^R where pull_forget = 0)."""
margin_x_da, margin_y_da = own * pull_retain - cross * pull_forget, cross * pull_retain - own * pull_forget
"""x^DA and y^DA by the pulls."""

strength = n_group / (ridge * n_total)
"""b = |R_ij|/(λ|D|); the forget strength of the pretrained model is αb."""
strength_retrained = n_group / (ridge * n_retain)
strength_da = alpha * n_group / (ridge * n_forget)

PULLS = domain(Range(epsilon, 0, 1), Range(pull_retain, low_open=True), Range(pull_forget))
AT_MOST_ONE = PULLS.restrict(pull_forget, high=pull_retain)
"""The pulls of pretrained models with α ≤ 1 (lemma-12)."""
ABOVE_ONE = PULLS.restrict(pull_forget, low=pull_retain, low_open=True)
"""The pulls of pretrained models with α > 1."""

DOMAIN = domain(*positive(n_retain, n_forget, ridge, n_group), Range(epsilon, 0, 1), Range(alpha))
REALISABLE = (sp.Le(n_group, n_retain), sp.Le(alpha * n_group, n_forget))
CERTAIN = DOMAIN.restrict(alpha, high=ridge * n_forget / (sp.E * own * n_group), high_open=True)
"""Enough for a DA minimum: the forget strength times e(1 + ε²) is below 1 (lemma-8). Sharp at ε = 0."""

_STRENGTHS = (*sp.symbols("a c", real=True), epsilon)
_MARGINS = sp.symbols("x y", real=True)


@lru_cache(maxsize=3)
def _slope(by: sp.Symbol) -> sp.Matrix:
    """Return the derivatives of x and y by a strength or by ε, from x = p·r + q·φ and y = q·r + p·φ."""
    (a, c, _), (x, y) = _STRENGTHS, _MARGINS
    pulls = {pull_retain: a * sp.exp(-x), pull_forget: c * sp.exp(-y)}
    gaps = sp.Matrix([x - margin_x.subs(pulls), y - margin_y.subs(pulls)])
    return -gaps.jacobian([x, y]).adjugate() * gaps.diff(by) / gaps.jacobian([x, y]).det()


def _number(value: fmpq) -> sp.Rational:
    return sp.Rational(int(value.p), int(value.q))


_NEXT = 20
"""Strengths next to the fold are 2^-20 apart."""


class _Margin(sp.Function):  # type: ignore[misc]
    """x or y of the minimum with retain strength a > 0, forget strength c (negative for DA) and ε."""

    nargs = 3
    shown = ""

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to a ball; not finite where there is no minimum."""
        arguments = [rational_function(part) for part in expression.args]
        if None in arguments:
            raise TypeError(f"{cls.__name__} needs rational arguments")
        a, c, e = (part for part in arguments if part is not None)

        return lambda point: getattr(cls.solved(a(point), c(point), e(point)), cls.shown)

    @classmethod
    def solved(cls, a: fmpq, c: fmpq, e: fmpq) -> pair_balls.Root:
        """Return the stationary point."""
        return pair_balls.minimum(a, c, e)

    @classmethod
    def scalar(cls, a: fmpq, c: fmpq, e: fmpq) -> tuple[Callable[[arb], arb], Callable[[arb], arb]]:
        """Return the function whose root is sought, and its slope."""
        return pair_balls.scalar(a, c, e)

    @classmethod
    def at_fold(cls, a: fmpq, e: fmpq) -> tuple[tuple[arb, arb], ...]:
        """Return numbers in pairs that are the same: both strengths at the fold, by its pulls and as they are, and a slope and 0.

        There the strengths as functions of the pulls have no inverse, and before it they have one. Next to it: whether there is a
        minimum, and x and y of the saddle, from its pulls and as they are.
        """
        pull, most = pair_balls.fold(a, e, ctx.prec) or (arb.nan(), arb.nan())
        p, q = 1 + e**2, 2 * e
        found = {pull_retain: (p * a * (q * pull).exp()).lambertw() / p, pull_forget: pull, epsilon: arb(e)}
        strengths = retain_by_pulls_da, forget_by_pulls_da
        turning = sp.Matrix(strengths).jacobian([pull_retain, pull_forget]).det()
        values = (ball_function(part, box=True)(found) for part in (*strengths, turning))
        off = ball_function(turning, box=True)(found | {pull_forget: pull / 2})
        below = fmpq(unique_integer((most * 2**_NEXT).floor()), 2**_NEXT)
        there, past = (pair_balls.da_exists(a, c, e) for c in (below, below + fmpq(1, 2**_NEXT)))
        second = pair_balls.saddle(a, below, e, ctx.prec) or pair_balls.NOTHING
        pulls = {pull_retain: a * (-second.x).exp(), pull_forget: below * (-second.y).exp(), epsilon: arb(e)}
        margins = (ball_function(part, box=True)(pulls) for part in (margin_x_da, margin_y_da))
        beyond = bool(pulls[pull_forget] > pull)
        return (
            *zip(values, (arb(a), most, arb(0)), strict=True),
            (off.sgn(), arb(1)),
            *zip(margins, (second.x, second.y), strict=True),
            *((arb(int(so)), arb(1)) for so in (there is True, past is False, beyond)),
        )

    @classmethod
    def closed(cls, a: fmpq, c: fmpq, e: fmpq) -> sp.Expr | None:
        """Return x or y where W alone gives it: equal samples or strengths, orthogonal samples, none to forget; else None."""
        a, c, e = map(_number, (a, c, e))
        if a == c:
            return W0((1 + e) ** 2 * a)
        if e == 1:
            return W0(2 * (a + c))
        if e == 0:
            return W0(a if cls.shown == "x" else c)
        if c == 0:
            return (1 if cls.shown == "x" else 2 * e / (1 + e**2)) * W0(a * (1 + e**2))
        return None

    def fdiff(self, argindex: int) -> sp.Expr:
        """Return the derivative by the implicit function theorem."""
        known = dict(
            zip((*_STRENGTHS, *_MARGINS), (*self.args, MarginX(*self.args), MarginY(*self.args)), strict=True)
        )
        slope = _slope(_STRENGTHS[argindex - 1])["xy".index(self.shown)]
        return slope.xreplace(known)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        inner = ", ".join(printer._print(part) for part in self.args)
        return rf"{self.shown}\!\left({inner}\right)" + (f"^{{{exp}}}" if exp else "")


class MarginX(_Margin):
    """x of the minimum."""

    shown = "x"


class MarginY(_Margin):
    """y of the minimum."""

    shown = "y"


class _Saddle(_Margin):
    """x or y of the second stationary point of descent-ascent, the saddle (a maximum at ε = 1)."""

    @classmethod
    def closed(cls, a: fmpq, c: fmpq, e: fmpq) -> sp.Expr | None:
        """Return None: no exact value is asked for."""
        return None

    @classmethod
    def solved(cls, a: fmpq, c: fmpq, e: fmpq) -> pair_balls.Root:
        """Return the stationary point; not finite where there is none."""
        there = c < 0 and pair_balls.da_exists(a, -c, e)
        return (pair_balls.saddle(a, -c, e, ctx.prec) if there else None) or pair_balls.NOTHING

    def fdiff(self, argindex: int) -> sp.Expr:
        """Refuse: nothing here differentiates a saddle."""
        raise ArgumentIndexError(self, argindex)


class SaddleX(_Saddle):
    """x of the saddle."""

    shown = "x"


class SaddleY(_Saddle):
    """y of the saddle."""

    shown = "y"


_PRETRAINED = (strength, alpha * strength, epsilon)
_DA = (strength_retrained, -strength_da, epsilon)
x_pretrained, y_pretrained = MarginX(*_PRETRAINED), MarginY(*_PRETRAINED)
x_retrained = W0(own * strength_retrained)
y_retrained = cross / own * x_retrained
x_da, y_da = MarginX(*_DA), MarginY(*_DA)
x_saddle, y_saddle = SaddleX(*_DA), SaddleY(*_DA)


def lower_x(a: sp.Expr, c: sp.Expr) -> sp.Expr:
    """Return lemma 7's lower bound of x^D for retain strength a and forget strength c."""
    return W0(own * a + cross * c)


def upper_x(a: sp.Expr, c: sp.Expr) -> sp.Expr:
    """Return lemma 7's upper bound of x^D."""
    return cross / own * W0(own * c) + W0(own * a)


def lower_y(c: sp.Expr) -> sp.Expr:
    """Return lemma 7's lower bound of y^D."""
    return W0(own * c)


def upper_y(a: sp.Expr, c: sp.Expr) -> sp.Expr:
    """Return lemma 7's upper bound of y^D."""
    return W0(cross * a + own * c)


def shared(strength_: sp.Expr) -> sp.Expr:
    """Return W(b(1 + ε)²), the solution x = y of two samples of equal strength b."""
    return W0((1 + epsilon) ** 2 * strength_)


def upper_x_da(a: sp.Expr, c: sp.Expr) -> sp.Expr:
    """Return lemma 8's upper bound of x^DA for retain strength a and forget strength c ≥ 0."""
    return W0(own * a - cross * c)


def upper_y_da(a: sp.Expr, c: sp.Expr) -> sp.Expr:
    """Return lemma 8's upper bound of y^DA."""
    return W0(cross * a - own * c)


retain_by_pulls, forget_by_pulls = pull_retain * sp.exp(margin_x), pull_forget * sp.exp(margin_y)
"""b and αb by the pulls of the pretrained solution."""
retain_by_pulls_da = pull_retain * sp.exp(margin_x_da)
forget_by_pulls_da = pull_forget * sp.exp(margin_y_da)
"""The strengths by the pulls of a descent-ascent stationary point."""

x_lower, y_lower = lower_x(strength, alpha * strength), lower_y(alpha * strength)
x_upper, y_upper = upper_x(strength, alpha * strength), upper_y(strength, alpha * strength)
x_da_upper = upper_x_da(strength_retrained, strength_da)
y_da_upper = upper_y_da(strength_retrained, strength_da)
BOUNDS = {
    "x_pretrained_lower": x_lower,
    "x_pretrained_upper": x_upper,
    "y_pretrained_lower": y_lower,
    "y_pretrained_upper": y_upper,
}
"""Lemma 7's bounds as printed."""

alpha_min_x = own / cross * n_forget**2 / (n_retain * (n_total + n_forget))
alpha_min_y = cross / own * n_forget * n_total / (n_retain * (n_total + n_forget))
"""The two numbers of lemma 9, whose maximum is alpha_min; the first is infinite at ε = 0."""
_drop = W0(own * strength_retrained) - W0(own * strength)
alpha_max_x = _drop * sp.exp(own * _drop / cross) / (cross * strength)
alpha_max_y = (
    cross
    * (W0(own * strength_retrained) * sp.exp(cross * W0(own * strength_retrained) / own) / strength - own)
) / own**2
"""Eq. (6) and (7) of lemma 10 for general |R_ij|; the first is infinite at ε = 0."""

LETTERS: dict[str, Any] = {
    "α₀": "|F|/|R|",
    "αₘ": "|F|/|R| + λ|F|/(10|R_ij|)",  # at ε = 1 there are two stationary points
    "X": MarginX,
    "Y": MarginY,
    "a": "|R_ij|/(λ|R|)",
    "b": "|R_ij|/(λ|D|)",
    "c": "α|R_ij|/(λ|F|)",
    "x^D": "X(b, αb, ε)",
    "y^D": "Y(b, αb, ε)",
    "x^R": "W((1+ε²)a)",
    "y^R": "2ε/(1+ε²)·x^R",
    "x^DA": "X(a, −c, ε)",
    "y^DA": "Y(a, −c, ε)",
    "x^S": x_saddle,
    "y^S": y_saddle,
    "s": "2ε/(1+ε)²·W(αb(1+ε)²)",
    "Δ": "W((1+ε²)|R_ij|/(λ|R|)) − W((1+ε²)|R_ij|/(λ|D|))",
    "δ": "(1−ε²)²/(1+ε²)",
    "r": pull_retain,
    "φ": pull_forget,
    "x(r, φ)": "(1+ε²)r + 2εφ",
    "y(r, φ)": "2εr + (1+ε²)φ",
    "x(r, −φ)": "(1+ε²)r − 2εφ",
    "y(r, −φ)": "2εr − (1+ε²)φ",
}
"""What the texts of the claims on the pair call by a letter; X and Y are the margins of the minimum with two strengths."""
PULLED = {"p": own, "q": cross, "x": margin_x, "y": margin_y, "b": retain_by_pulls, "α": "φ·e^y/b"}
PULLED_DA = {
    "x": margin_x_da,
    "y": margin_y_da,
    "a": retain_by_pulls_da,
    "c": forget_by_pulls_da,
}
WEIGHED = {"x": "w_i + εw_j", "y": "εw_i + w_j"}
"""What letters mean in texts about the pulls of a solution, and about weights."""
BOUND_TEXTS = {
    "x_pretrained_lower": "W(|R_ij|/(λ|D|)·((1+ε²)+2αε))",
    "x_pretrained_upper": "2ε/(1+ε²)·W(α(1+ε²)|R_ij|/(λ|D|)) + W((1+ε²)|R_ij|/(λ|D|))",
    "y_pretrained_lower": "W(α(1+ε²)|R_ij|/(λ|D|))",
    "y_pretrained_upper": "W(|R_ij|/(λ|D|)·(2ε+α(1+ε²)))",
    "x_da_upper": "W(|R_ij|/(λ|R|)·(1+ε²) − |R_ij|/(λ|F|)·2αε)",
    "y_da_upper": "W(|R_ij|/(λ|R|)·2ε − |R_ij|/(λ|F|)·α(1+ε²))",
    "alpha_min_x": "(1+ε²)/(2ε)·|F|²/(|R|(|D|+|F|))",
    "alpha_min_y": "2ε/(1+ε²)·|F||D|/(|R|(|D|+|F|))",
    "alpha_max_x": "λ|D|Δ·e^{(1+ε²)Δ/(2ε)}/(2ε|R_ij|)",
    "alpha_max_y": "2ε(λ|D|/|R_ij|·e^{2εx^R/(1+ε²)}x^R − ε² − 1)/(1+ε²)²",
}
"""Lemmas 7 to 10 and eq. (6) and (7), as printed; |R_ij| put back where the paper has |R_ij| = 1."""

NOTATION = (
    Notation("x_pretrained", "x^D", x_pretrained),
    Notation("y_pretrained", "y^D", y_pretrained),
    Notation("x_retrained", "x^R", x_retrained),
    Notation("x_da", r"x^{DA}", x_da),
    Notation("y_da", r"y^{DA}", y_da),
)
BY_PULLS = (Notation("x_pretrained", "x^D", margin_x), Notation("y_pretrained", "y^D", margin_y))
BY_PULLS_DA = (Notation("x_da", r"x^{DA}", margin_x_da), Notation("y_da", r"y^{DA}", margin_y_da))
