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

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx, fmpq
from jaxtyping import Float
from sympy.core.function import ArgumentIndexError

from ascentcheck.theory import simulated
from ascentcheck.theory.claim import Notation, Prints, Simulation
from ascentcheck.theory.domain import Domain, Range, exact_value
from ascentcheck.theory.expression import W0, Wm1, enclose, rational_function
from ascentcheck.theory.margins import conclusion, in_order
from ascentcheck.theory.solvers import pair_balls, pair_floats
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

Array = Float[np.ndarray, "*shape"]

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

PULLS = Domain((Range(epsilon, 0, 1), Range(pull_retain, low_open=True), Range(pull_forget)))
AT_MOST_ONE = PULLS.restrict(pull_forget, high=pull_retain)
"""The pulls of pretrained models with α ≤ 1 (lemma-12)."""
ABOVE_ONE = PULLS.restrict(pull_forget, low=pull_retain, low_open=True)
"""The pulls of pretrained models with α > 1."""

DOMAIN = Domain(
    (
        Range(n_retain, low_open=True),
        Range(n_forget, low_open=True),
        Range(ridge, low_open=True),
        Range(n_group, low_open=True),
        Range(epsilon, 0, 1),
        Range(alpha),
    )
)
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
        """Return x = y where the two samples are one; else None."""
        return Wm1(_number(2 * (a + c))) if e == 1 else None

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


def refined_upper_x(a: sp.Expr, c: sp.Expr) -> sp.Expr:
    """Return s + W(pae^{−s}), s = q/(p + q)·W(c(1 + ε)²): an upper bound of x^D, exact for α = 0 and α = 1."""
    s = cross / (1 + epsilon) ** 2 * shared(c)
    return s + W0(own * a * sp.exp(-s))


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
COUNTED = (
    Prints("group_in_retain", "|R_ij| ≤ |R|"),
    Prints("group_in_forget", "α|R_ij| ≤ |F|"),
    Prints("whole_counts", "whole |R|, |F|, |R_ij|, α|R_ij|"),
    Prints("alpha_at_most_one", "α ≤ 1"),
    Prints("da_stationary_point_exists", "real x^DA"),
)
SOLUTIONS = (
    *COUNTED,
    *(Prints(f"{name}_pretrained", f"{name}^D") for name in "xy"),
    *(Prints(f"{name}_retrained", f"{name}^R") for name in "xy"),
    *(Prints(f"{name}_da", f"{name}^DA", "real x^DA") for name in "xy"),
)
SECOND = "real x^DA and ε < 1 and α > 0 or real x^DA and ε = 1 and α > |F|/|R|"
"""Where descent-ascent has a second stationary point: beyond the fold, on the other branch of W where the two samples are one."""
VALUES = (
    *SOLUTIONS,
    *(Prints(name, BOUND_TEXTS[name]) for name in BOUNDS),
    Prints("x_pretrained_upper_refined", "s + W((1+ε²)b·e^{−s})", "α ≤ 1"),
    Prints("y_pretrained_lower_refined", "W(αb(1+ε)²)", "α ≤ 1"),
    *(
        Prints(f"{n}_da_upper", BOUND_TEXTS[f"{n}_da_upper"], f"real {BOUND_TEXTS[f'{n}_da_upper']}")
        for n in "xy"
    ),
    Prints("alpha_min_x", BOUND_TEXTS["alpha_min_x"], "ε > 0"),
    Prints("alpha_min_y", BOUND_TEXTS["alpha_min_y"]),
    Prints("alpha_min", f"max{{{BOUND_TEXTS['alpha_min_x']}, {BOUND_TEXTS['alpha_min_y']}}}", "ε > 0"),
    Prints("alpha_max_x", BOUND_TEXTS["alpha_max_x"], "ε > 0"),
    Prints("alpha_max_y", BOUND_TEXTS["alpha_max_y"]),
    Prints("alpha_max", f"min{{{BOUND_TEXTS['alpha_max_x']}, {BOUND_TEXTS['alpha_max_y']}}}", "ε > 0"),
    Prints("alpha_max", "0", "ε = 0"),
    *(Prints(f"da_stationary_points.{k}.{n}", f"{n}^DA", "real x^DA") for k in (1,) for n in "xy"),
    Prints("da_stationary_points.1.kind", {"minimum": "ε ≤ 1"}),
    Prints("da_stationary_points.2.kind", {"saddle": "ε < 1", "maximum": "ε = 1"}),
    *(Prints(f"da_stationary_points.2.{n}", f"{n}^S", SECOND) for n in "xy"),
)
"""What `values` returns, as text."""

EQUATIONS = (
    "x^D = (1+ε²)b·e^{−x^D} + 2ε·αb·e^{−y^D}",
    "y^D = 2εb·e^{−x^D} + (1+ε²)αb·e^{−y^D}",
    "x^R = (1+ε²)a·e^{−x^R}",
    "y^R = 2εa·e^{−x^R}",
    "x^DA = (1+ε²)a·e^{−x^DA} − 2εc·e^{−y^DA}",
    "y^DA = 2εa·e^{−x^DA} − (1+ε²)c·e^{−y^DA}",
    "(1 + (1+ε²)a·e^{−x^DA})(1 − (1+ε²)c·e^{−y^DA}) + 4ε²ac·e^{−x^DA−y^DA} > 0",
    "x^S = (1+ε²)a·e^{−x^S} − 2εc·e^{−y^S}",
    "y^S = 2εa·e^{−x^S} − (1+ε²)c·e^{−y^S}",
    "(1 + (1+ε²)a·e^{−x^S})(1 − (1+ε²)c·e^{−y^S}) + 4ε²ac·e^{−x^S−y^S} < 0",
)
"""What makes the values solutions: eq. (1)'s gradient is 0 (lemmas 6 to 8), and of descent-ascent's two
one is a minimum and the other is not."""

NOTATION = (
    Notation("x_pretrained", "x^D", x_pretrained),
    Notation("y_pretrained", "y^D", y_pretrained),
    Notation("x_retrained", "x^R", x_retrained),
    Notation("x_da", r"x^{DA}", x_da),
    Notation("y_da", r"y^{DA}", y_da),
)
BY_PULLS = (Notation("x_pretrained", "x^D", margin_x), Notation("y_pretrained", "y^D", margin_y))
BY_PULLS_DA = (Notation("x_da", r"x^{DA}", margin_x_da), Notation("y_da", r"y^{DA}", margin_y_da))


def hypotheses(point: Mapping[sp.Symbol, fmpq]) -> dict[str, bool]:
    """Return which hypotheses hold at one exact point; counts are whole after a common scaling."""
    return {
        "group_in_retain": bool(point[n_group] <= point[n_retain]),
        "group_in_forget": bool(point[alpha] * point[n_group] <= point[n_forget]),
        "whole_counts": all(v.q == 1 for v in (point[n_retain], point[n_forget], point[n_group]))
        and (point[alpha] * point[n_group]).q == 1,
        "alpha_at_most_one": bool(point[alpha] <= 1),
        "da_stationary_point_exists": _strengths_exist(point),
    }


def _da_strengths(point: Mapping[sp.Symbol, fmpq]) -> tuple[fmpq, fmpq, fmpq]:
    return exact(strength_retrained, point), exact(strength_da, point), point[epsilon]


def _strengths_exist(point: Mapping[sp.Symbol, fmpq]) -> bool:
    found = pair_balls.da_exists(*_da_strengths(point))
    if found is None:
        raise ArithmeticError("the forget strength cannot be told from that of the fold")
    return found


def exact(expression: sp.Expr, point: Mapping[sp.Symbol, fmpq]) -> fmpq:
    """Return the exact value of a rational expression at one exact point."""
    value = exact_value(expression, point)
    if value is None:
        raise ValueError(f"{expression} has no exact value here")
    return value


def gap(larger: sp.Expr, smaller: sp.Expr, point: Mapping[sp.Symbol, fmpq], equal: bool) -> arb | fmpq:
    """Return larger − smaller at one exact point; the exact 0 where the two are known to be `equal`."""
    return fmpq(0) if equal else enclose(larger - smaller, point)


def smallest(gaps: list[arb | fmpq]) -> tuple[bool | None, arb | fmpq]:
    """Return whether all gaps are ≥ 0 (None where that is not decided), and the smallest."""
    outcomes = [conclusion(value) for value in gaps]
    holds = False if False in outcomes else None if None in outcomes else True
    return holds, in_order(gaps)[0]


def values(point: Mapping[sp.Symbol, fmpq]) -> dict[str, arb | fmpq | str | int | list[object] | None]:
    """Return the solutions of the three problems and every bound of lemmas 7 to 10 at one exact point.

    `x_da`, `y_da` are the DA minimum, None where there is none; `da_stationary_points` lists the minimum
    and the saddle. A bound that is not real is None, one that is infinite is 'inf'.
    """
    a, c, e = _da_strengths(point)
    exists = _strengths_exist(point)
    x, y = (_enclosed_da(x_da, point), _enclosed_da(y_da, point)) if exists else (None, None)
    stationary: list[object] = [{"x": x, "y": y, "kind": "minimum"}] if exists else []
    if exists and c != 0 and (e != 1 or c > a):
        second = {name: enclose(part, point) for name, part in (("x", x_saddle), ("y", y_saddle))}
        if all(value.is_finite() for value in second.values()):
            stationary.append({**second, "kind": "saddle" if e != 1 else "maximum"})
    none_forgotten, uncorrelated = point[alpha] == 0, e == 0
    found: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "x_pretrained": enclose(x_pretrained, point),
        "y_pretrained": fmpq(0) if none_forgotten and uncorrelated else enclose(y_pretrained, point),
        "x_retrained": enclose(x_retrained, point),
        "y_retrained": enclose(y_retrained, point),
        "x_da": x,
        "y_da": y,
        "da_stationary_points": stationary,
    }
    found |= {name: enclose(bound, point) for name, bound in BOUNDS.items()}
    if point[alpha] <= 1:
        found["x_pretrained_upper_refined"] = enclose(refined_upper_x(strength, alpha * strength), point)
        found["y_pretrained_lower_refined"] = enclose(shared(alpha * strength), point)
    found["x_da_upper"], found["y_da_upper"] = _real(x_da_upper, point), _real(y_da_upper, point)
    largest_x = "inf" if uncorrelated else enclose(alpha_max_x, point)
    largest_y = fmpq(0) if uncorrelated else _largest_y(point)
    smallest_x = "inf" if uncorrelated else exact(alpha_min_x, point)
    smallest_y = exact(alpha_min_y, point)
    found |= {"alpha_min_x": smallest_x, "alpha_min_y": smallest_y}
    found["alpha_min"] = smallest_x if isinstance(smallest_x, str) else in_order((smallest_x, smallest_y))[-1]
    found |= {"alpha_max_x": largest_x, "alpha_max_y": largest_y}
    found["alpha_max"] = largest_y if isinstance(largest_x, str) else in_order((largest_x, largest_y))[0]
    return found


def _largest_y(point: Mapping[sp.Symbol, fmpq]) -> arb | fmpq:
    """Return (7); at ε = 1 it is |F|/|R|."""
    return exact(n_forget / n_retain, point) if point[epsilon] == 1 else enclose(alpha_max_y, point)


def _enclosed_da(expression: sp.Expr, point: Mapping[sp.Symbol, fmpq]) -> arb | fmpq:
    a, c, e = _da_strengths(point)
    if (e == 1 and a == c) or (e == 0 and c == 0 and expression == y_da):
        return fmpq(0)
    return enclose(expression, point)


def _real(bound: sp.Expr, point: Mapping[sp.Symbol, fmpq]) -> arb | fmpq | None:
    if exact_value(bound.args[0], point) == 0:
        return fmpq(0)
    value = enclose(bound, point, most_bits=1 << 10)
    return value if value.is_finite() else None


def pretrained_floats(
    retain: Array, forget: Array, ridge_: Array, group: Array, eps: Array, alpha_: Array
) -> tuple[Array, Array]:
    """Return x^D and y^D in the order of DOMAIN, shape of the broadcast inputs; dimensionless."""
    return pair_floats.stationary(retain, forget, ridge_, group, alpha_, eps)


def da_floats(
    retain: Array, forget: Array, ridge_: Array, group: Array, eps: Array, alpha_: Array
) -> tuple[Array, Array]:
    """Return x^DA and y^DA of the minimum, nan where there is none, in the order of DOMAIN."""
    return pair_floats.stationary(retain, forget, ridge_, group, alpha_, eps, da=True)


def simulate(name: str) -> Simulation:
    """Minimise eq. (1) for all three problems on the pair of that claim and compare x and y with the solvers here."""

    def retrained(
        retain: Array, forget: Array, ridge_: Array, group: Array, eps: Array, alpha_: Array
    ) -> tuple[Array, Array]:
        return da_floats(retain, forget, ridge_, group, eps, 0 * alpha_)

    return simulated.paired({"pretrained": pretrained_floats, "retrained": retrained, "da": da_floats}, name)
