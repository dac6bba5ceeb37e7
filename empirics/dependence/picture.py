"""The picture of a diagnosis: the distance from the retrained head along the flow of descent-ascent."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from ascentcheck.empirics.dependence.diagnosis import Diagnosis, Followed
from ascentcheck.theory.console import UserError, writing
from ascentcheck.theory.disk import written

COLOURS = ("#0072B2", "#D55E00")
"""Two of Okabe and Ito's colours, told apart by the colour-blind too."""
DASHES = ("-", "--")
FARTHEST = 10.0
"""Distances beyond this many times doing nothing's are not shown."""


def picture(diagnosis: Diagnosis) -> Figure:
    """Draw the distance in weights and in margins against time, in units of doing nothing's; a dot at each best stop."""
    figure = Figure(figsize=(7.0, 3.2), layout="constrained")
    axes = figure.subplots(1, 2)
    for axis, kind in zip(axes, ("weights", "margins"), strict=True):
        axis.axhline(1, color="#8C8C8C", linewidth=0.8)
        for number, course in enumerate(diagnosis.objectives):
            _curve(axis, course, kind, COLOURS[number], DASHES[number])
        axis.set_xscale("log")
        axis.set_ylim(0, None)
        axis.set_xlabel("time: learning rate × steps")
        axis.set_title(f"in {kind}")
    axes[0].set_ylabel("distance from the retrained head\n(doing nothing = 1)")
    axes[0].legend(frameon=False, loc="lower left")
    return figure


def _curve(axis: object, course: Followed, kind: str, colour: str, dash: str) -> None:
    apart = course.apart if kind == "weights" else course.apart_margins
    known = getattr(course, kind)
    if known.do_nothing == 0:
        return
    relative = apart[1:] / known.do_nothing
    shown = relative < FARTHEST
    label = f"β = {course.beta:.3g}" + (" (diverges)" if course.end == "diverges" else "")
    axis.plot(course.times[1:][shown], relative[shown], dash, color=colour, label=label)  # type: ignore[attr-defined]
    stop = course.best_stop_time if kind == "weights" else course.best_stop_time_margins
    if stop:
        place = [stop], [known.best_stop / known.do_nothing]
        axis.plot(*place, "o", color=colour, markersize=5)  # type: ignore[attr-defined]


def save(diagnosis: Diagnosis, path: Path) -> None:
    """Write the picture; the suffix says its format. Raises UserError where it cannot be written."""
    try:
        with writing(path), written(path) as file:
            picture(diagnosis).savefig(file, dpi=200, format=path.suffix[1:].lower() or None)
    except ValueError as error:
        raise UserError(f"{path}: {error}") from None
