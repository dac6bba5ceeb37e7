"""Figure 2: the illusion. Ten random points seem to be forgotten, if rate and stopping time are picked after the fact.

Two choices are marked, as the finding on this figure makes them: the best configuration on this set, seen with its own
scores, and the one that a rule fixed in advance gives: the configuration that is best on the other sets, by the larger of
forget and validation KLoM, averaged over those sets. Broken models count as the worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ascentcheck.empirics.findings.outcome import outcomes, select, worth_forgetting
from ascentcheck.empirics.study.choice import Choice, scored
from ascentcheck.empirics.study.table import SPLITS, Row
from ascentcheck.figures import klom_plane, style
from ascentcheck.figures.klom_plane import Plane
from ascentcheck.figures.score_axes import KlomAxes

TITLE = "The ascent forgets illusion"
CLAIM = "da-fails"
PAPER = "Figure 2 of the paper has the same two panels, on CIFAR-10."


@dataclass(frozen=True)
class Course:
    """Mean score of one rate along the epochs: for each split a list of (epoch, mean)."""

    learning_rate: float
    points: dict[str, tuple[tuple[int, float], ...]]


@dataclass(frozen=True)
class Data:
    """The plane of GA on the set, the course of the picked rate, and the two choices as (forget, validation)."""

    forget_set: str
    plane: Plane
    course: Course | None
    picked: tuple[float, float] | None
    by_rule: tuple[float, float] | None
    null_mean_floor: float | None
    picked_epoch: int | None
    picked_accuracy: float | None
    oracle_accuracy: float | None


def smallest_random(rows: Sequence[Row]) -> str | None:
    """Return the smallest random set; None where there is none."""
    sizes = {row.forget_set: row.forget_size for row in rows if row.forget_set.startswith("random")}
    return min(sizes, key=lambda name: sizes[name]) if sizes else None


def data(rows: Sequence[Row]) -> Data | None:
    """Return what is drawn, or None where the table has no random set."""
    chosen = smallest_random(rows)
    if chosen is None:
        return None
    own = scored(rows, chosen, "ga")
    size = next(row.forget_size for row in rows if row.forget_set == chosen)
    named = "ten" if size == 10 else size
    plane = klom_plane.plane(rows, chosen, "ga", title=f"Gradient ascent, {named} random points")
    sets = outcomes(rows)
    tried = [snapshot for s in sets if s.name == chosen for snapshot in s.as_printed("ga")]
    others = [s.as_printed("ga") for s in worth_forgetting(sets) if s.name != chosen]
    picked, ruled = (s and s.choice for s in select(tried, [some for some in others if some]))
    course = None
    if picked is not None:
        along = sorted((c for c in own if c[0] == picked[0]), key=lambda c: c[1])
        points = {s: tuple((c[1], own[c][s].mean) for c in along) for s in SPLITS}
        start = [r for r in rows if r.forget_set == chosen and r.method == "do-nothing"]
        points = {s: (*((0, r.mean) for r in start if r.split == s), *points[s]) for s in SPLITS}
        course = Course(own[picked]["forget"].learning_rate or 0.0, points)

    def place(choice: Choice | None) -> tuple[float, float] | None:
        if choice is None:
            return None
        return plane.scale.value(own[choice]["forget"]), plane.scale.value(own[choice]["validation"])

    held_out = [
        r for r in rows if r.forget_set == chosen and r.method == "held-out" and r.split == "validation"
    ]
    return Data(
        chosen,
        plane,
        course,
        place(picked),
        place(ruled),
        held_out[0].mean if held_out else None,
        picked[1] if picked else None,
        own[picked]["validation"].accuracy if picked else None,
        next((r.accuracy for r in held_out), None),
    )


def draw(shown: Data | None) -> Figure:
    """Return the figure, with a note where something is missing."""
    figure = Figure(figsize=(style.WIDTH, 3.7))
    if shown is None:
        return style.note(figure, "The study has no finished random set yet.")
    if not shown.plane.marks:
        return style.note(figure, f"Gradient ascent has not run on {shown.forget_set}.")
    left, right = figure.subplots(1, 2)
    scale = shown.plane.scale
    klom_plane.draw(left, shown.plane, f"{scale.score} validation, {scale.statistic}")
    choices = (
        (shown.picked, "picked afterwards", style.RED, 60),
        (shown.by_rule, "by the rule", style.BLUE, 120),
    )
    handles = list(klom_plane.legend_handles(left, scale))
    for place, label, colour, size in choices:
        if place is not None:
            look = {"marker": "s", "s": size, "facecolor": "none", "edgecolor": colour, "lw": 1.2}
            handles.append(left.scatter(*place, zorder=6, label=label, **look))
    figure.colorbar(
        klom_plane.costs(), ax=left, label="cost relative to retraining", location="right", shrink=0.7
    )
    if shown.course is None:
        right.text(0.5, 0.5, "not run yet", ha="center", color=style.GREY, transform=right.transAxes)
        right.set_axis_off()
        return figure
    looks = {"retain": (style.BLUE, "o"), "validation": (style.GREEN, "s"), "forget": (style.ORANGE, "^")}
    for split, points in shown.course.points.items():
        colour, marker = looks[split]
        handles += right.plot(*zip(*points, strict=True), color=colour, marker=marker, ms=3.5, label=split)
    if shown.null_mean_floor is not None:
        handles.append(
            right.axhline(
                shown.null_mean_floor, ls=(0, (4, 3)), lw=0.8, color=style.GREY, label="second oracles, mean"
            )
        )
    if shown.picked_epoch is not None:
        right.axvline(shown.picked_epoch, color=style.RED, lw=0.8, ls=":")
    right.set(xlabel="epochs of ascent", ylabel=f"{scale.score}, mean over points")
    scale.set_course(right)
    right.set_title(f"the rate picked afterwards: {shown.course.learning_rate:g}")
    right.set_box_aspect(1)
    figure.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.5, handlelength=1.4)
    return figure


def caption(shown: Data | None) -> str:
    """Return what the figure shows, in words."""
    if shown is None or shown.picked is None:
        return "Nothing to show yet."
    scale = shown.plane.scale
    chosen = "forget {}, validation {}".format(*map(scale.told, shown.picked))
    ruled = (
        "; by the rule fixed in advance on the other sets: forget {}, validation {}".format(
            *map(scale.told, shown.by_rule)
        )
        if shown.by_rule
        else ""
    )
    hidden = ": below the null floor they only stretch the estimator's cells until they hide each other"
    return (
        f"Gradient ascent on {shown.forget_set}. Left: every configuration and snapshot; picked afterwards: {chosen}{ruled}."
        f"{klom_plane.beyond([shown.plane])} Right: mean "
        f"{scale.score} along the epochs for the picked rate; the dotted line is the picked epoch. "
        "Validation accuracy there is "
        f"{shown.picked_accuracy:.3f}, that of oracles {shown.oracle_accuracy or float('nan'):.3f}. Broken models are not "
        f"picked, whatever they score{hidden if isinstance(scale, KlomAxes) else ''}."
    )
