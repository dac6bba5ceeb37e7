"""Figure 9: where each method stands at equal cost, ascent and its alternatives.

For each budget the configuration is chosen among those that cost no more: by the rule fixed in advance on the other
sets, and after the fact. The merit of a choice is the larger of its forget and validation score, in spreads, and the worst that
is drawn where its models are broken, as in the findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from matplotlib.figure import Figure

from ascentcheck.empirics.findings.outcome import NEAR, WORST, Snapshot, outcomes, select
from ascentcheck.empirics.study.choice import merit, scored
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import style
from ascentcheck.figures.score_axes import EnergyAxes, energy_axes

TITLE = "Methods at equal cost"
CLAIM = "da-fails"
BUDGETS = tuple(float(b) for b in np.logspace(-3, 0.5, 15))
"""Costs relative to retraining."""


@dataclass(frozen=True)
class Spread:
    """Merit at each budget over the sets: (budget, mean, least, greatest)."""

    points: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class Panel:
    """One method, with the two ways to choose."""

    method: str
    in_advance: Spread
    afterwards: Spread


@dataclass(frozen=True)
class Data:
    """The panels, the number of sets, the mean merit over the sets of the controls, and the axis of merit."""

    panels: tuple[Panel, ...]
    sets: int
    do_nothing: float
    held_out: float
    scale: EnergyAxes


def _spreads(by_set: Sequence[Sequence[Snapshot]]) -> tuple[Spread, Spread]:
    ways: tuple[list[tuple[float, float, float, float]], ...] = ([], [])
    for budget in BUDGETS:
        within = [[s for s in own if s.cost <= budget] for own in by_set]
        merits: tuple[list[float], list[float]] = ([], [])
        for number, own in enumerate(within):
            others = [other for k, other in enumerate(within) if k != number]
            picked, ruled = select(own, others)
            for found, pick in zip(merits, (ruled, picked), strict=True):
                if pick is not None:
                    found.append(pick.merit)
        for way, found in zip(ways, merits, strict=True):
            if found and len(found) == len(by_set):
                way.append((budget, fmean(found), min(found), max(found)))
    return Spread(tuple(ways[0])), Spread(tuple(ways[1]))


def data(rows: Sequence[Row]) -> Data | None:
    """Return what is drawn, or None where no method has run on any set."""
    sets = outcomes(rows)
    methods = dict.fromkeys(snapshot.method for s in sets for snapshot in s.snapshots)
    panels = [Panel(method, *_spreads([own for s in sets if (own := s.of(method))])) for method in methods]
    if not panels:
        return None

    def control(method: str) -> float:
        return fmean(merit(one) for s in sets for one in scored(rows, s.name, method).values())

    return Data(
        tuple(panels), len(sets), control("do-nothing"), control("held-out"), energy_axes(rows, WORST)
    )


def draw(shown: Data | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    if shown is None:
        return style.note(Figure(figsize=(style.WIDTH, 3)), "No unlearning method of the study has finished.")
    columns = min(3, len(shown.panels))
    count = -(-len(shown.panels) // columns)
    figure = Figure(figsize=(style.WIDTH, 1.5 * count + 0.9))
    axes = figure.subplots(count, columns, sharex=True, sharey=True, squeeze=False)
    ways = (("in_advance", "chosen by the rule", style.BLUE), ("afterwards", "picked afterwards", style.RED))
    for at, panel in zip(axes.flat, shown.panels, strict=False):
        at.set(xscale="log", title=panel.method, xlim=(BUDGETS[0], BUDGETS[-1]))
        shown.scale.set(at, "y")
        for name, label, colour in ways:
            spread = getattr(panel, name).points
            if spread:
                budget, mean, least, greatest = zip(*spread, strict=True)
                at.plot(budget, mean, color=colour, label=label)
                at.fill_between(budget, least, greatest, color=colour, alpha=0.15, lw=0)
        at.axhline(NEAR, color=style.GREEN, lw=0.6, ls=(0, (5, 1.5, 1, 1.5)), label="near oracles below")
        controls = ((shown.do_nothing, "do nothing", ":"), (shown.held_out, "second set of oracles", "--"))
        for value, label, dashes in controls:
            at.axhline(value, color=style.BLACK, lw=0.8, ls=dashes, label=label)
    for at in axes.flat[len(shown.panels) :]:
        at.set_axis_off()
    for column in range(columns):
        lowest = max(k for k in range(column, len(shown.panels), columns))
        at = axes.flat[lowest]
        at.set_xlabel("cost allowed")
        at.tick_params(labelbottom=True)
    figure.supylabel("energy score, the larger of\nforget and validation", fontsize=8)
    found = dict(zip(*reversed(axes[0, 0].get_legend_handles_labels()), strict=True))
    figure.legend(found.values(), found.keys(), loc="outside lower center", ncols=4)
    return figure


def caption(shown: Data | None) -> str:
    """Return what the figure shows, in words."""
    if shown is None:
        return "Nothing to show yet."
    return (
        "The larger of forget and validation energy score, in spreads of the oracles, against the cost allowed, relative to "
        "retraining: "
        f"mean over {shown.sets} forget sets (line), least and greatest (band). Blue: the configuration that is best "
        "on the other sets; red: the best on the set itself, which is no result. Broken models count as the worst, "
        f"{WORST:g}; variants with frozen statistics of batch norm count, which the findings leave out. "
        f"The axis is linear up to {shown.scale.linear:g} and logarithmic beyond. Dotted: the pretrained models; "
        f"dashed: a second set of oracles; dash-dotted: {NEAR:g}, below which a score is near oracles."
    )
