"""The data behind figure 5, held to what is certified."""

import numpy as np
import pytest

from ascentcheck.figures import figure5
from ascentcheck.theory.toy import paths, regimes, story
from ascentcheck.theory.toy.problem import toy


@pytest.fixture(scope="module")
def shown():
    return figure5.data()


def test_the_landscapes_have_the_certified_minima(shown):
    signs = {landscape.name: landscape.signs for landscape in shown.landscapes}
    assert signs == {"pretrained": ("-+++", "-+--"), "da": ("-+--",), "retrained": ("-+--", "-+++")}
    for landscape in shown.landscapes:
        problem = toy(landscape.name, story.READING, story.RIDGE, story.FORGOTTEN)
        assert np.abs(paths.gradient(problem, landscape.minima)).max() < 1e-12
        assert landscape.loss.min() >= paths.loss(problem, landscape.minima[0]) - 1e-12


def test_descent_ascent_crosses_and_finetuning_ends_at_the_other_minimum(shown):
    ways, retrained = dict(shown.ways), shown.landscapes[-1]
    ends = {name: paths.nearest(retrained.minima, way[-1]) for name, way in ways.items()}
    assert ends == {"retraining": 1, "descent-ascent": 0, "in turns": 0, "finetuning on R after it": 0}
    line = shown.separatrix[shown.separatrix[:, 0].argsort()]
    way = ways["descent-ascent"]
    above = way[:, 1] > np.interp(way[:, 0], *line.T)
    assert above[0]
    assert not above[-1]
    assert np.linalg.norm(shown.crossing - way[np.argmin(above)]) < 0.05


def test_the_line_between_the_basins_is_a_function_of_a_where_it_is_shaded(shown):
    inside = (shown.separatrix[:, 0] > 1.3) & (shown.separatrix[:, 0] < 4)
    assert (np.abs(np.diff(np.sign(np.diff(shown.separatrix[inside, 0])))) == 0).all()


def test_the_table_has_the_readings_in_which_all_is_true(shown):
    assert "all of the figure is true in 6 of 32 readings" in figure5.caption(shown)
    _, *rows = figure5.table(shown)
    assert ("(1+z)/2", "(−1, 1)", "−1, 1", "4 places", "(h − y)²", "0.001 to 0.01") in rows
    assert len(rows) == sum(regimes.ALL in row for row in regimes.stored().values())
    assert f"for some ridge in {len(rows)}." in figure5.caption(shown)


def test_readings_are_told_apart_and_colours_have_one_meaning(shown):
    assert len({figure5.words(reading) for reading in shown.readings}) == len(shown.readings) == 32
    assert len(figure5.FIRST_FAILS) == len(set(figure5.SHADES)) == len(regimes.PARTS) + 1
