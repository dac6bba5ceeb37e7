"""Figure 4's truth: what is drawn on the grid is what balls say, and no promise is broken."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from ascentcheck.figures import figure4
from ascentcheck.theory.claims import figure_4
from ascentcheck.theory.claims.pair import DOMAIN


def exact(value):
    fraction = Fraction(float(value))
    return fmpq(fraction.numerator, fraction.denominator)


@pytest.mark.parametrize("relative_ridge", figure4.RIDGES)
def test_the_drawn_truth_is_that_of_balls(relative_ridge):
    found = figure4.truth(0.1, relative_ridge, size=24)
    chosen = np.random.default_rng(0).integers(0, 24, size=(25, 2))
    seen = set()
    for i, j in chosen:
        values = (
            fmpq(1),
            fmpq(1, 9),
            exact(relative_ridge),
            fmpq(1),
            exact(found.epsilon[j]),
            exact(found.alpha[i]),
        )
        result = figure_4.CLAIM.evaluate(dict(zip(DOMAIN.symbols, values, strict=True)))
        assert result.hypotheses["da_stationary_point_exists"] == found.exists[i, j]
        assert bool(result.holds) == found.ordered[i, j]
        assert result.hypotheses["in_window"] == found.promised[i, j]
        seen.add(bool(result.holds))
    assert seen == {True, False}


def test_nothing_is_promised_where_it_does_not_hold():
    for found in figure4.data().truths:
        assert not (found.promised & ~found.ordered).any()
        assert not (found.ordered & ~found.exists).any()
        certain = (found.alpha[:, None] >= found.certain) & found.exists
        assert certain.any()
        assert not (certain & ~found.farther).any()  # pair-harm
    assert figure4.data().truths[2].promised.any()
    assert 0 < figure4.data().truths[2].covered < 0.1


def test_distances_are_those_of_the_weights():
    x, y, eps = np.array(0.3), np.array(0.2), np.array(0.5)
    retain, forget = np.linalg.solve([[1 + 0.25, 1.0], [1.0, 1 + 0.25]], [0.3, 0.2])
    w = retain * np.array([1, 0.5]) + forget * np.array([0.5, 1])
    assert w[0] + 0.5 * w[1] == pytest.approx(0.3)
    ridge = np.exp(-0.3) / retain
    alpha = forget * ridge * np.exp(0.2)
    ours = figure4._weights(x, y, eps, alpha, 0.25, ridge / 1.25, True)
    assert list(ours) == pytest.approx(list(w))


def test_the_table_has_the_shares_and_each_colour_one_meaning():
    shown = figure4.data()
    head, *rows = figure4.table(shown)
    assert len(rows) == len(figure4.RIDGES)
    for row, (ridge, windows), truth in zip(rows, shown.panels, shown.truths, strict=True):
        assert len(row) == len(head)
        assert row[0] == f"{ridge:g}"
        assert list(row[1:-1]) == [f"{found.share_open:.0%}" for found in windows]
        assert row[-1] == f"{truth.covered:.0%}"
    used = [*figure4.COLOURS, figure4.PROMISED, figure4.ORDERED, figure4.NONE, figure4.FARTHER]
    assert len(set(used)) == len(used)
