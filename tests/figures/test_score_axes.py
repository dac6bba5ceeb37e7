"""Axes by estimator: what they show of a row, how wide their linear part is, and that nothing beyond them is hidden."""

import math
from dataclasses import replace

import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from ascentcheck.empirics.findings.outcome import HARMED, NEAR
from ascentcheck.empirics.klom import ESTIMATORS, OF_KLOM
from ascentcheck.figures import figure1, figure2, figure3, figure6, figure7, figure9, klom_plane
from ascentcheck.figures.score_axes import TOP, EnergyAxes, KlomAxes, Line, axes_of, energy_axes


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_estimator_decides(rows, estimator):
    found = axes_of([replace(row, estimator=estimator) for row in rows])
    assert isinstance(found, KlomAxes) == (estimator in OF_KLOM)
    shown, interval = found.value(rows[0]), found.interval(rows[0])
    if estimator in OF_KLOM:
        assert (shown, interval) == (rows[0].p95, (rows[0].p95_low, rows[0].p95_high))
    else:
        assert (shown, interval) == (rows[0].energy, (rows[0].energy_low, rows[0].energy_high))


@pytest.mark.parametrize(
    ("reach", "linear"), [(0.03, 0.05), (0.05, 0.05), (0.051, 0.1), (0.011, 0.02), (1.5, 2.0), (0.001, 0.001)]
)
def test_the_linear_part_holds_the_oracles_with_their_intervals(energy_rows, reach, linear):
    held_out = [row for row in energy_rows if row.method == "held-out"]
    for ends in ({"energy_low": -reach}, {"energy_high": reach}, {"energy": -reach}):
        still = {"energy": 0.0, "energy_low": 0.0, "energy_high": 0.0}
        assert energy_axes([replace(held_out[0], **{**still, **ends})]).linear == pytest.approx(linear)


def test_without_oracles_or_intervals_there_is_still_an_axis(energy_rows):
    methods = [row for row in energy_rows if row.method != "held-out"]
    assert energy_axes(methods) == EnergyAxes(NEAR)
    (row, *_) = [row for row in energy_rows if row.method == "held-out"]
    assert energy_axes(
        [replace(row, energy=-0.004, energy_low=math.nan, energy_high=math.nan)]
    ) == EnergyAxes(0.005)


def test_lines_are_the_bounds_of_the_findings(energy_rows):
    plane = klom_plane.plane(energy_rows, "random-50", "ga")
    still = {
        r.split: r.energy for r in energy_rows if (r.forget_set, r.method) == ("random-50", "do-nothing")
    }
    assert set(plane.lines) == {
        Line("0: oracles in the mean", "forget", 0.0),
        Line("0: oracles in the mean", "other", 0.0),
        Line("near oracles below", "forget", NEAR),
        Line("near oracles below", "other", NEAR),
        Line("doing nothing", "forget", still["forget"]),
        Line("doing nothing", "other", still["validation"]),
        Line("broken above", "other", still["validation"] + HARMED),
    }
    retain = klom_plane.plane(energy_rows, "random-50", "ga", "retain").lines
    assert not [line for line in retain if line.meaning == "broken above"]
    assert Line("doing nothing", "other", still["retain"]) in retain
    assert {line.meaning for line in retain} <= set(plane.scale.meanings)


def drawn(axes):
    """Return the centres of all marks of a panel."""
    return [
        tuple(map(float, at))
        for c in axes.collections
        if isinstance(c, PathCollection)
        for at in c.get_offsets()
    ]


def test_every_mark_is_drawn_within_the_axes_and_those_beyond_are_counted(energy_rows):
    far = [r for r in energy_rows if r.energy > TOP and r.split in ("forget", "validation")]
    name, method = far[0].forget_set, far[0].method
    beyond = {(r.job, r.epoch) for r in far if (r.forget_set, r.method) == (name, method)}
    plane = klom_plane.plane(energy_rows, name, method)
    assert plane.outside == len(beyond) > 0
    axes = Figure().subplots()
    klom_plane.draw(axes, plane, "")
    places = drawn(axes)
    for mark in plane.marks:
        assert tuple(min(v, TOP) for v in (mark.forget, mark.other)) in places
    assert all(plane.scale.low <= v <= plane.scale.high for place in places for v in place)
    for module in (figure1, figure3, figure6, figure7):
        shown = module.data(energy_rows)
        planes = shown.panels if module is figure1 else shown.every
        count = sum(one.outside for one in planes)
        assert f" {count} lie beyond the axes and are drawn at their edge." in module.caption(shown)
    said = figure2.caption(figure2.data(energy_rows))
    assert "Axes are linear up to 0.05 either way" in said
    assert f"logarithmic from there to {TOP:g}" in said


def test_a_score_below_the_axes_counts_as_beyond(energy_rows):
    plane = klom_plane.plane(energy_rows, "random-50", "ga")
    lower = replace(plane, marks=(replace(plane.marks[0], forget=-0.06, other=0.0),))
    assert (lower.outside, replace(lower, marks=(replace(lower.marks[0], forget=-0.04),)).outside) == (1, 0)
    assert replace(lower, marks=(replace(lower.marks[0], forget=math.nan),)).outside == 1


def test_klom_has_its_axes_from_0_to_the_most_that_it_can_be(rows):
    axes = Figure().subplots()
    klom_plane.draw(axes, klom_plane.plane(rows, "random-50", "ga"), "")
    assert axes.get_xlim() == axes.get_ylim() == (KlomAxes.low, KlomAxes.high)
    assert axes.get_xscale() == axes.get_yscale() == "linear"
    assert "Axes are" not in figure1.caption(figure1.data(rows))


def test_merit_has_the_same_axis_whatever_a_study_is_scored_by(rows, energy_rows):
    for table in (rows, energy_rows):
        axes = figure9.draw(figure9.data(table)).axes[0]
        assert axes.get_yscale() == "symlog"
    assert axes.get_ylim() == (-0.05, 10.0)
