"""What a dose does at a place of a course, and over many places: where a change could be seen at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.special import stdtrit

from ascentcheck.empirics.dependence.doses import NONE, Dose
from ascentcheck.empirics.dependence.ratio import CHANGE, HIGHEST
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.findings.answer import UNKNOWN, Answer, Interval, above, below, more_than_half

Effect = Literal["raises", "lowers", "nothing", "open", "held"]
AT_THE_BOUND = HIGHEST - 1e-3
"""Ratios in the tables, which have five digits, are at the upper bound from here on."""
RATIO, DISTANCE, OVER_SETS = "effect", "distance_effect", "over_sets"


def interval(row: Row, of: str) -> Interval:
    """Return a column's interval, unknown where there is none."""
    low, high = row[f"{of}_low"], row[f"{of}_high"]
    return UNKNOWN if low is None or high is None else (low, high)


def dose_of(row: Row) -> Dose:
    """Return the dose of a row."""
    return Dose(row["per_point"], row["correlation"])


def place_of(row: Row) -> tuple[object, ...]:
    """Return what a row has in common with the rows of the same place at other doses."""
    keys = ("setting", "beta", "method", "learning_rate", "batch_norm", "epoch", "place")
    return tuple(row.get(key) for key in keys)


def effect(row: Row, on: str = RATIO, still: Row | None = None) -> Effect:
    """Return what a dose does at one place, by the interval of its effect on the ratio, or `on` the distance.

    `still` is the row without copies. *Held*: all ratios of both rows are at the upper bound, so that no change can be seen. A
    ratio at the bound may be above it; an effect that this could undo is open. Without `still` nothing of this is asked.
    """
    found = _read(row, on)
    if still is None:
        return found
    if min(row["ratio"], still["ratio"]) >= AT_THE_BOUND:
        return "held"
    now, before = (_largest(one) >= AT_THE_BOUND for one in (row, still))
    undone = {"raises": before, "lowers": now, "nothing": now or before}
    return "open" if undone.get(found) else found


def _read(row: Row, on: str) -> Effect:
    found = interval(row, on)
    raised, lowered = above(found, CHANGE), below(found, -CHANGE)
    if raised or lowered:
        return "raises" if raised else "lowers"
    return "open" if raised is None or lowered is None else "nothing"


def _largest(row: Row) -> float:
    """Return what no ratio of the row is above: its mean and, over n F, (n − 1)/√n standard deviations (Samuelson, 1968).

    Networks' intervals are over models; of them it is the mean itself.
    """
    n, high = row.get("n"), row.get("ratio_high")
    if n is None or high is None:
        return float(row["ratio"])
    return float(row["ratio"] + (n - 1) * (high - row["ratio"]) / stdtrit(n - 1, 0.975))


@dataclass(frozen=True)
class Count:
    """How many of some places a dose raises, lowers or leaves alone; those that are held are not among the total."""

    raises: int
    lowers: int
    nothing: int
    total: int
    held: int = 0

    @property
    def raised(self) -> Answer:
        """Whether more than half are raised; no where half or more clearly are not."""
        return more_than_half(self.raises, self.lowers + self.nothing, self.total)

    def told(self, what: str = "") -> str:
        """Return the count in words, of what."""
        if not self.total + self.held:
            return "not run"
        kept = f"; {self.held} held" if self.held else ""
        return (
            f"raised at {self.raises}, lowered at {self.lowers}, left alone at {self.nothing} of {self.total}"
            f"{what and ' '}{what}{kept}"
        )

    def __str__(self) -> str:
        return self.told()


def still_of(rows: Iterable[Row]) -> dict[tuple[object, ...], Row]:
    """Return the rows without copies by their place."""
    return {place_of(row): row for row in rows if dose_of(row) == NONE}


def count(rows: Sequence[Row], at: Iterable[Row], on: str = RATIO, as_written: bool = False) -> Count:
    """Return the count over the rows `at` one dose, which are among the rows of a table.

    `as_written` is the rule of 26 November 2026: without asking what ratios are held at the bound.
    """
    still = {} if as_written else still_of(rows)
    found = [effect(row, on, still.get(place_of(row))) for row in at]
    held = found.count("held")
    return Count(
        found.count("raises"), found.count("lowers"), found.count("nothing"), len(found) - held, held
    )


def at_dose(rows: Sequence[Row], dose: Dose, place: str) -> list[Row]:
    """Return the rows at a dose and a place."""
    return [row for row in rows if dose_of(row) == dose and row["place"] == place]
