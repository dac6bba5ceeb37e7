"""The axes on which scores are drawn: what they show of a row, where they end, and which lines they have for comparison.

They are a property of the estimator. KLoM, in nats, cannot exceed what empty cells give, and two samples of one distribution do
not score 0: its axes are linear, with the simulated null floor. The energy score, in spreads of the oracles, is about 0 for
oracles, may be negative, and grows without bound: its axes are linear as far as the scores of held-out oracles and their
intervals reach, and logarithmic beyond, with lines for the bounds by which findings decide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from ascentcheck.empirics.findings.outcome import HARMED, NEAR
from ascentcheck.empirics.klom import OF_KLOM, WORST
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures.style import BLACK, GREEN, GREY, RED

TOP = 100.0
"""Where axes of the energy score end: beyond lie nearly only models with margins at the clip."""
LINSCALE = 0.5
"""Decades that the linear part takes on either side of 0."""

DASHED, DOTTED, MIXED = (0, (4, 3)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5))
Meaning = Literal[
    "null floor", "0: oracles in the mean", "doing nothing", "near oracles below", "broken above"
]
LOOKS: dict[Meaning, tuple[str, tuple[int, tuple[float, ...]] | str]] = {
    "null floor": (GREY, DASHED),
    "0: oracles in the mean": (GREY, "-"),
    "doing nothing": (BLACK, DOTTED),
    "near oracles below": (GREEN, MIXED),
    "broken above": (RED, DASHED),
}
"""Colour and dashes of each line."""


@dataclass(frozen=True)
class Line:
    """A score for comparison, on forget points or on those of the vertical axis."""

    meaning: Meaning
    on: Literal["forget", "other"]
    at: float


@dataclass(frozen=True)
class KlomAxes:
    """Axes of KLoM: 95th percentiles over points, in nats."""

    score: ClassVar = "KLoM"
    statistic: ClassVar = "95th percentile"
    statistics: ClassVar = "95th percentiles over points"
    meanings: ClassVar[tuple[Meaning, ...]] = ("null floor",)
    low: ClassVar = -0.4
    high: ClassVar = WORST + 0.4

    def value(self, row: Row) -> float:
        """Return what is drawn of a row."""
        return row.p95

    def interval(self, row: Row) -> tuple[float, float]:
        """Return its 95% interval."""
        return row.p95_low, row.p95_high

    def told(self, value: float) -> str:
        """Return a value as captions have it."""
        return f"{value:.2f}"

    def lines(self, rows: Sequence[Row], other: str) -> tuple[Line, ...]:
        """Return the lines of a panel from the rows of its set; held-out oracles have a mark of their own."""
        floors = [row.null_p95 for row in rows if row.null_of == "simulated"][:1]
        return tuple(Line("null floor", on, floor) for floor in floors for on in ("forget", "other"))

    def set(self, axes: Axes, which: Literal["x", "y"], sparse: bool = False) -> None:
        """Give one axis of a panel its range and ticks."""
        axes.set(**{f"{which}lim": (self.low, self.high), f"{which}ticks": range(0, 12, 2)})

    def set_course(self, axes: Axes) -> None:
        """Give the vertical axis of means along a course its range."""
        axes.set_ylim(0, None)

    def described(self) -> str:
        """Return what captions say of the axes: nothing, as they are linear."""
        return ""


@dataclass(frozen=True)
class EnergyAxes:
    """Axes of the mean energy score over points, in spreads of the oracles: linear to `linear`, logarithmic to `high`."""

    score: ClassVar = "energy score"
    statistic: ClassVar = "mean"
    statistics: ClassVar = "means over points in spreads of the oracles"
    meanings: ClassVar[tuple[Meaning, ...]] = (
        "0: oracles in the mean",
        "near oracles below",
        "doing nothing",
        "broken above",
    )

    linear: float
    high: float = TOP

    @property
    def low(self) -> float:
        """The lower end."""
        return -self.linear

    def value(self, row: Row) -> float:
        """Return what is drawn of a row."""
        return row.energy

    def interval(self, row: Row) -> tuple[float, float]:
        """Return its 95% interval."""
        return row.energy_low, row.energy_high

    def told(self, value: float) -> str:
        """Return a value as captions have it."""
        return f"{value:.3f}"

    def lines(self, rows: Sequence[Row], other: str) -> tuple[Line, ...]:
        """Return the lines of a panel from the rows of its set; on which `other` points models are broken is for validation."""
        still = {row.split: row.energy for row in rows if row.method == "do-nothing"}
        found = [Line("0: oracles in the mean", on, 0.0) for on in ("forget", "other")]
        found.append(Line("near oracles below", "forget", NEAR))
        found += [Line("doing nothing", "forget", still["forget"])] if "forget" in still else []
        found += [Line("doing nothing", "other", still[other])] if other in still else []
        if other == "validation":
            found.append(Line("near oracles below", "other", NEAR))
            found += [Line("broken above", "other", still[other] + HARMED)] if other in still else []
        return tuple(found)

    def set(self, axes: Axes, which: Literal["x", "y"], sparse: bool = False) -> None:
        """Give one axis of a panel its range and ticks, at 0 and decades; at every second one where it is `sparse`."""
        last = math.floor(math.log10(self.high))
        first = max(math.ceil(math.log10(self.linear)), last - 6)
        ticks = [0.0, *(10.0**k for k in sorted(range(last, first - 1, -2 if sparse else -1)))]
        getattr(axes, f"set_{which}scale")("symlog", linthresh=self.linear, linscale=LINSCALE)
        axes.set(**{f"{which}lim": (self.low, self.high)})
        axis = getattr(axes, f"{which}axis")
        axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
        axis.set_minor_locator(NullLocator())

    def set_course(self, axes: Axes) -> None:
        """Give the vertical axis of means along a course its range."""
        self.set(axes, "y")

    def described(self) -> str:
        """Return what captions say of the axes."""
        return (
            f" Axes are linear up to {self.linear:g} either way, as far as held-out oracles with their intervals reach, and "
            f"logarithmic from there to {self.high:g}. Lines: 0, what oracles score in the mean; {NEAR:g}, below which a score "
            f"is near oracles; doing nothing; and on validation points {HARMED:g} above it, beyond which models are broken."
        )


ScoreAxes = KlomAxes | EnergyAxes


def axes_of(rows: Sequence[Row]) -> ScoreAxes:
    """Return the axes of a table's scores, by its estimator."""
    return KlomAxes() if all(row.estimator in OF_KLOM for row in rows) else energy_axes(rows)


def energy_axes(rows: Sequence[Row], high: float = TOP) -> EnergyAxes:
    """Return axes whose linear part holds the held-out oracles' scores and intervals, rounded up to 1, 2 or 5 of a decade.

    Without held-out oracles it is as wide as scores near oracles are.
    """
    ends = [
        abs(end)
        for row in rows
        if row.method == "held-out"
        for end in (row.energy, row.energy_low, row.energy_high)
    ]
    reach = max((end for end in ends if 0 < end < math.inf), default=NEAR)
    decade = 10.0 ** math.floor(math.log10(reach))
    return EnergyAxes(next(k * decade for k in (1, 2, 5, 10) if k * decade >= reach * (1 - 1e-9)), high)


def draw_lines(axes: Axes, lines: Sequence[Line]) -> None:
    """Draw the lines of a panel."""
    for line in lines:
        colour, dashes = LOOKS[line.meaning]
        across = axes.axvline if line.on == "forget" else axes.axhline
        across(line.at, ls=dashes, lw=0.6, color=colour, zorder=0.5)
