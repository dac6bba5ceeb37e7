"""How far the sides of a claim's verified inequalities are apart, along each parameter's range.

Each curve moves one parameter from the low to the high end of its range and holds the others in the middle of
theirs. Where the sides meet the bound is attained: a dot at the bottom. Sampled, and so no proof of anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import sympy as sp
from flint import arb, fmpq
from matplotlib.figure import Figure

from ascentcheck.figures import style
from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Claim, Proposition
from ascentcheck.theory.expression import ball
from ascentcheck.theory.notation import latex_of

STEPS = 24
BITS = 128
COLUMNS = 3
COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.RED, style.BLACK, style.GREY)
DASHES = ("-", "--")


@dataclass(frozen=True)
class Curve:
    """Slack of one inequality along one parameter, as log10; −inf where the sides meet, nan where undefined."""

    parameter: sp.Symbol
    along: tuple[float, ...]
    slack: tuple[float, ...]


@dataclass(frozen=True)
class Panel:
    """The curves of one verified inequality, named after its statement."""

    title: str
    curves: tuple[Curve, ...]


def data(claim: Claim) -> tuple[Panel, ...]:
    """Return a panel for each different inequality that the claim verifies."""
    panels = []
    seen: set[Proposition] = set()
    for statement in claim.statements:
        inequalities = [p for p in statement.verified if not isinstance(p.relation, sp.Eq | sp.Ne)]
        for number, proposition in enumerate(inequalities, 1):
            curves = () if proposition in seen else tuple(_curves(proposition))
            seen.add(proposition)
            if curves:
                count = f" {number}" if len(inequalities) > 1 else ""
                panels.append(Panel(f"{statement.name}{count}", curves))
    return tuple(panels)


def _curves(proposition: Proposition) -> Iterator[Curve]:
    domain = proposition.domain
    difference = proposition.relation.lhs - proposition.relation.rhs
    for place, part in enumerate(domain.ranges):
        if part.low == part.high or part.symbol not in _reaching(proposition):
            continue
        values = []
        for step in range(STEPS + 1):
            fractions = [fmpq(1, 2)] * len(domain.ranges)
            fractions[place] = fmpq(step, STEPS)
            point = domain.place(tuple(fractions))
            values.append(math.nan if point is None else _size(difference, point))
        if any(not math.isnan(v) for v in values):
            yield Curve(part.symbol, tuple(step / STEPS for step in range(STEPS + 1)), tuple(values))


def _reaching(proposition: Proposition) -> set[sp.Symbol]:
    """The symbols that the relation depends on, by itself or through the ends of ranges."""
    symbols = set(proposition.relation.free_symbols)
    for part in reversed(proposition.domain.ranges):
        if part.symbol in symbols:
            symbols |= sp.sympify(part.low).free_symbols | sp.sympify(part.high).free_symbols
    return symbols


def _size(difference: sp.Expr, point: dict[sp.Symbol, fmpq]) -> float:
    value = abs(ball(difference, point, BITS))
    if not value.is_finite():
        return math.nan
    if sign_at(difference, point, BITS) in (0, None):
        return -math.inf
    return round(float((value.mid().log() / arb(10).log()).mid()), 6)


def draw(panels: tuple[Panel, ...]) -> Figure:
    """Return the figure: a panel per inequality, a colour and dash per parameter."""
    if not panels:
        return style.note(
            Figure(figsize=(style.WIDTH, 0.6)), "Only equations are verified here: there is no slack."
        )
    symbols = list(dict.fromkeys(curve.parameter for panel in panels for curve in panel.curves))
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(style.WIDTH, 1.55 * rows + 0.55))
    grid = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for at, panel in zip(grid, panels, strict=False):
        for curve in panel.curves:
            index = symbols.index(curve.parameter)
            look = {"color": COLOURS[index % len(COLOURS)], "ls": DASHES[index // len(COLOURS) % len(DASHES)]}
            slack = np.array(curve.slack)
            at.plot(
                curve.along,
                np.where(np.isfinite(slack), slack, np.nan),
                label=f"${latex_of(curve.parameter)}$",
                **look,
            )
        low = min((v for c in panel.curves for v in c.slack if math.isfinite(v)), default=-1.0)
        high = max((v for c in panel.curves for v in c.slack if math.isfinite(v)), default=0.0)
        foot = low - 0.15 * max(high - low, 1.0)
        for curve in panel.curves:
            meet = [x for x, v in zip(curve.along, curve.slack, strict=True) if v == -math.inf]
            colour = COLOURS[symbols.index(curve.parameter) % len(COLOURS)]
            at.plot(meet, [foot] * len(meet), "o", ms=3, color=colour)
        at.set(xlim=(-0.03, 1.03), xticks=(0, 1))
        at.set_xticklabels(("low", "high"))
        at.set_title(panel.title, fontsize=7)
    for at in grid[len(panels) :]:
        at.set_axis_off()
    figure.supylabel("log₁₀ of the slack", fontsize=7)
    handles: dict[str, object] = {}
    for at in grid:
        handles |= {label: handle for handle, label in zip(*at.get_legend_handles_labels(), strict=True)}
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=min(8, len(handles)))
    return figure
