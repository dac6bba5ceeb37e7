"""What the claims on the correlated pair print: solutions, bounds and thresholds in balls and in floats, hypotheses."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import simulated
from ascentcheck.theory.claim import Prints, Simulation
from ascentcheck.theory.claims.pair import (
    BOUND_TEXTS,
    BOUNDS,
    alpha_max_x,
    alpha_max_y,
    alpha_min_x,
    alpha_min_y,
    cross,
    own,
    shared,
    strength,
    strength_da,
    strength_retrained,
    x_da,
    x_da_upper,
    x_pretrained,
    x_retrained,
    x_saddle,
    y_da,
    y_da_upper,
    y_pretrained,
    y_retrained,
    y_saddle,
)
from ascentcheck.theory.domain import exact_value
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.lambert import Array
from ascentcheck.theory.margins import conclusion, in_order
from ascentcheck.theory.solvers import pair_balls, pair_floats
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain


def refined_upper_x(a: sp.Expr, c: sp.Expr) -> sp.Expr:
    """Return s + W(pae^{−s}), s = q/(p + q)·W(c(1 + ε)²): an upper bound of x^D, exact for α = 0 and α = 1."""
    s = cross / (1 + epsilon) ** 2 * shared(c)
    return s + W0(own * a * sp.exp(-s))


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

PRINTS = (
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
    e = point[epsilon]
    exists = _strengths_exist(point)
    x, y = (enclose(x_da, point), enclose(y_da, point)) if exists else (None, None)
    stationary: list[object] = [{"x": x, "y": y, "kind": "minimum"}] if exists else []
    if exists:
        second = {name: enclose(part, point) for name, part in (("x", x_saddle), ("y", y_saddle))}
        if all(value.is_finite() for value in second.values()):
            stationary.append({**second, "kind": "saddle" if e != 1 else "maximum"})
    uncorrelated = e == 0
    found: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "x_pretrained": enclose(x_pretrained, point),
        "y_pretrained": enclose(y_pretrained, point),
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


def _real(bound: sp.Expr, point: Mapping[sp.Symbol, fmpq]) -> arb | None:
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
