"""The layout of every figure: no text over other text, everything on the page, and the look it had when last looked at."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from matplotlib.testing.compare import compare_images

from ascentcheck.figures import style
from ascentcheck.figures.draw import FIGURES

BASELINES = Path(__file__).parent / "baseline"
TOLERANCE = 6.0
"""Root mean square of grey levels; fonts of another FreeType give about 3, a moved panel 20 and more."""


def texts(figure):
    """Return the shown texts of a figure with their boxes in pixels: titles, labels, ticks, legends, notes."""
    FigureCanvasAgg(figure).draw()
    found = [*figure.texts]
    for axes in figure.axes:
        found += [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            found += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            found += [tick.label2 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        found += axes.get_legend().get_texts() if axes.get_legend() else []
    for legend in figure.legends:
        found += legend.get_texts()
    return [
        (t.get_text(), t.get_window_extent()) for t in found if t and t.get_visible() and t.get_text().strip()
    ]


def overlapping(figure):
    """Return the pairs of texts that cover each other by more than a pixel, and texts and legends that leave the page."""
    boxes = texts(figure)
    pairs = [
        (a, b)
        for (a, first), (b, second) in combinations(boxes, 2)
        if min(first.x1, second.x1) - max(first.x0, second.x0) > 1
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 1
    ]
    width, height = figure.canvas.get_width_height()
    boxes += [("a legend", legend.get_window_extent()) for legend in figure.legends]
    outside = [
        a for a, box in boxes if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
    return pairs, outside


def looks_as_before(figure, name, folder):
    """Compare a figure with what was looked at under that name."""
    baseline, drawn = BASELINES / f"{name}.png", folder / f"{name}.png"
    figure.savefig(drawn, dpi=50, metadata={"Software": None})
    assert baseline.exists(), f"look at {drawn} and copy it to {baseline}"
    difference = compare_images(str(baseline), str(drawn), TOLERANCE)
    assert difference is None, f"if {drawn} is right, copy it to {baseline}: {difference}"


@pytest.mark.parametrize("number", FIGURES)
def test_no_text_covers_another_or_leaves_the_page_and_the_layout_was_looked_at(number, rows, tmp_path):
    with style.paper():
        module = FIGURES[number]
        shown = module.data(rows)
        assert overlapping(module.draw(shown)) == ([], [])
        # made anew: a figure that was drawn before is laid out otherwise
        looks_as_before(module.draw(shown), f"figure{number}", tmp_path)


@pytest.mark.parametrize("number", [1, 2, 6])
def test_nor_on_axes_of_the_energy_score_which_were_looked_at_too(number, energy_rows, tmp_path):
    with style.paper():
        module = FIGURES[number]
        figure = module.draw(module.data(energy_rows))
        assert overlapping(figure) == ([], [])
        looks_as_before(figure, f"figure{number}-energy", tmp_path)


def test_many_methods_are_on_one_page(energy_rows):
    table = [
        replace(row, method=f"method-{k}") for k in range(7) for row in energy_rows if row.method == "gda"
    ]
    controls = [row for row in energy_rows if row.method in ("do-nothing", "held-out")]
    with style.paper():
        shown = FIGURES[6].data([*controls, *table])
        figure = FIGURES[6].draw(shown)
        width, height = figure.get_size_inches()
        assert width < 1.6 * style.WIDTH
        assert height < style.HEIGHT
        panels = sum(at.axison for at in figure.axes) - 1
        assert panels == sum(bool(plane.marks) for plane in shown.every) == 7 * len(shown.rows)
        assert overlapping(figure) == ([], [])


def test_the_check_sees_texts_that_overlap_and_leave():
    with style.paper():
        figure = style.note(style.Figure(figsize=(3, 1)), "in the middle")
        figure.text(0.5, 0.5, "in the middle too", ha="center", va="center")
        figure.text(0.9, 0.1, "out of the page")
        figure.legend(handles=[Line2D([], [])], labels=["x"], loc=(-0.1, 0))
        pairs, outside = overlapping(figure)
    assert pairs == [("in the middle", "in the middle too")]
    assert outside == ["out of the page", "a legend"]


def test_another_figure_is_not_taken_for_this_one(rows, tmp_path):
    drawn = tmp_path / "drawn.png"
    with style.paper():
        figure = FIGURES[1].draw(FIGURES[1].data(rows))
        figure.axes[0].set_position((0.3, 0.3, 0.3, 0.3))
        figure.set_layout_engine("none")
        figure.savefig(drawn, dpi=50)
    assert compare_images(str(BASELINES / "figure1.png"), str(drawn), TOLERANCE) is not None
