"""Figure 1: ascent fails to forget. Every method of the study on the set of dependent points, forget against validation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ascentcheck.empirics.findings.outcome import outcomes
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import klom_plane, style
from ascentcheck.figures.klom_plane import Plane, named

TITLE = "Ascent fails to forget"
CLAIM = "da-fails"
PAPER = "Figure 1 of the paper has gradient ascent and descent-ascent on a set of points of the first principal component."
ACROSS = 3


@dataclass(frozen=True)
class Tally:
    """Of a method's snapshots on the set, by the energy score and the bounds of the findings: how many there are, clearly
    near oracles on forget and validation points, clearly broken, and neither clearly near nor clearly not.
    """

    method: str
    snapshots: int
    near: int
    broken: int
    unclear: int


@dataclass(frozen=True)
class Data:
    """A panel for each method, the set that they show, and what became of the models; no tallies without both controls."""

    forget_set: str
    panels: tuple[Plane, ...]
    tallies: tuple[Tally, ...]


def dependent_set(rows: Sequence[Row]) -> str | None:
    """Return the largest set that is not random; None where there is none."""
    return _largest(row for row in rows if not row.forget_set.startswith("random"))


def _largest(rows: Iterable[Row]) -> str | None:
    sizes = {row.forget_set: row.forget_size for row in rows}
    return max(sizes, key=lambda name: sizes[name]) if sizes else None


def data(rows: Sequence[Row]) -> Data | None:
    """Return what is drawn: on the largest set that is not random, or else on the largest; None for an empty table."""
    chosen = dependent_set(rows) or _largest(rows)
    if chosen is None:
        return None
    panels = [klom_plane.plane(rows, chosen, method) for method in klom_plane.methods(rows)]
    return Data(chosen, tuple(panel for panel in panels if panel.marks), tuple(_tallies(rows, chosen)))


def _tallies(rows: Sequence[Row], chosen: str) -> list[Tally]:
    of_set = [one for one in outcomes(rows) if one.name == chosen]
    found = []
    for method in klom_plane.methods(rows) if of_set else ():
        own = of_set[0].of(method)
        if own:
            near, broken = sum(s.succeeds is True for s in own), sum(s.broken is True for s in own)
            found.append(Tally(method, len(own), near, broken, sum(s.succeeds is None for s in own)))
    return found


def draw(shown: Data | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    if shown is None or not shown.panels:
        figure = Figure(figsize=(style.WIDTH, 3.3))
        return style.note(figure, "No unlearning method of the study has finished yet.")
    count = -(-len(shown.panels) // ACROSS)
    columns = -(-len(shown.panels) // count)
    tall = 2.5 if columns < ACROSS else 1.75
    figure = Figure(figsize=(style.WIDTH, tall * count + 1.2))
    axes = figure.subplots(count, columns, sharex=True, sharey=True, squeeze=False)
    for at in axes.flat[len(shown.panels) :]:
        at.set_axis_off()
    for number, panel in enumerate(shown.panels):
        at = axes.flat[number]
        klom_plane.draw(at, panel, "")
        lowest = number + columns >= len(shown.panels)
        at.set(xlabel=f"{panel.scale.score} forget" if lowest else "")
        at.tick_params(labelbottom=lowest)
    scale = shown.panels[0].scale
    figure.supylabel(f"{scale.score} validation ({scale.statistic}s)", fontsize=8)
    figure.colorbar(
        klom_plane.costs(),
        ax=list(axes.flat),
        label="cost relative to retraining",
        shrink=0.8,
        pad=0.02,
        aspect=12 * count + 8,
    )
    figure.legend(handles=klom_plane.legend_handles(axes[0, 0], scale), loc="outside lower center", ncols=3)
    return figure


def caption(shown: Data | None) -> str:
    """Return what the figure shows, in words, and what became of the models."""
    if shown is None or not shown.panels:
        return "Nothing to show yet."
    count = sum(len(panel.marks) for panel in shown.panels)
    scale = shown.panels[0].scale
    text = (
        f"The {scale.score} on the forget set {shown.forget_set} against that on validation points, {scale.statistics}, "
        f"{count} configurations and snapshots of every method.{klom_plane.beyond(shown.panels)} Thin lines are 95% intervals."
    )
    if not shown.tallies:
        return text
    near = "; ".join(
        f"{named(t.method)} {t.near} of {t.snapshots} ({t.broken} broken, {t.unclear} unclear)"
        for t in shown.tallies
    )
    return f"{text} Clearly near oracles on both, by the energy score and the bounds of the findings: {near}."
