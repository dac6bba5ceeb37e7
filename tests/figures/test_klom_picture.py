"""The picture of KLoM at one point shows what the score is made of."""

import numpy as np
import pytest

from ascentcheck.empirics.klom.histogram import CELLS, FLOOR, by_cell, histogram_scores
from ascentcheck.figures import klom_picture


def test_the_bars_add_up_to_the_score():
    draw = np.random.default_rng(0)
    oracle, other = draw.normal(size=(2, klom_picture.MODELS, 1))
    right, wrong = klom_picture.data()
    assert right.score == pytest.approx(histogram_scores(oracle, other)[0])
    assert wrong.score == pytest.approx(histogram_scores(oracle, other - klom_picture.SHIFT)[0])
    assert 0 < right.score < 0.5 < wrong.score


def test_shares_are_of_what_is_drawn_and_empty_cells_cost():
    oracle = np.array([[0.0], [0.1], [19.5], [20.0]])
    unlearned = np.array([[0.0], [0.1], [0.2], [0.3]])
    found = by_cell(oracle, unlearned)
    assert found.edges[:, 0] == pytest.approx(np.arange(CELLS + 1))
    assert found.p[[0, 19], 0] == pytest.approx([2 / 3, 1 / 3])  # the greatest margin lies in no cell
    assert found.q[19, 0] == pytest.approx(FLOOR / (1 + FLOOR))
    assert found.terms[19, 0] == pytest.approx(np.log((1 / 3) / (FLOOR / (1 + FLOOR))) / 3)
    assert found.terms.sum() == pytest.approx(histogram_scores(oracle, unlearned)[0])
