"""The law of the floor against its simulation, and against a law that must not fit."""

import numpy as np
import pytest

from ascentcheck.empirics.klom import null_floor
from ascentcheck.empirics.klom.floor_law import STEP, floor_law


@pytest.mark.parametrize("n", [50, 100, 200])
def test_law_is_near_the_simulation(n):
    law, floor = floor_law(n), null_floor(n, n)
    assert law.mean == pytest.approx(floor.mean, rel=0.04)
    assert law.p95 == pytest.approx(floor.p95, rel=0.06)


def test_the_grid_is_long_enough_for_two_models():
    """On a shorter one the law comes round to its start; twice as long, it is the same."""
    assert floor_law(2).p95 == pytest.approx(16.4228, abs=1e-9)


def test_empty_cells_are_what_makes_it_fall_so_fast():
    """Without them N times the floor rises a little, toward chi squared; with them it falls by a third."""
    few, many = floor_law(50), floor_law(200)
    assert 200 * many.p95 < 0.7 * 50 * few.p95
    assert 200 * many.without_empty_cells_p95 > 50 * few.without_empty_cells_p95
    assert floor_law(20).of_empty_cells > few.of_empty_cells > 0.5 > many.of_empty_cells


@pytest.mark.parametrize(("n", "draws"), [(100, 100_000), (4000, 40_000)])
def test_terms_sum_to_the_score(n, draws):
    """The two linear terms of the cells cancel in the sum: a simulation of independent cells gives the same mean."""
    from scipy.special import ndtr

    from ascentcheck.empirics.klom.floor_law import _expected_maximum

    draw = np.random.default_rng(0)
    share = np.diff(ndtr(np.linspace(-1, 1, 21) * _expected_maximum(2 * n)))
    i, j = (draw.poisson(n * share, size=(draws, 20)) / n for _ in range(2))
    q = np.where((j == 0) & (i > 0), 1e-5, j)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = (np.where(i > 0, i * np.log(i / q), 0) - i + q).sum(axis=1)
    law = floor_law(n)
    assert law.mean == pytest.approx(total.mean(), abs=4 * total.std() / draws**0.5)
    assert law.p95 == pytest.approx(np.percentile(total, 95), rel=0.01, abs=2 * STEP)


def test_expected_maximum_is_the_known_one():
    from ascentcheck.empirics.klom.floor_law import _expected_maximum

    assert _expected_maximum(2) == pytest.approx(1 / np.pi**0.5, abs=1e-6)
    assert _expected_maximum(100) == pytest.approx(2.5076, abs=1e-4)


def test_the_law_s_figures():
    """The same on every machine: percentiles are on a grid of steps of 2e-4 nats."""
    law = floor_law(20)
    assert (law.p95, law.without_empty_cells_p95) == pytest.approx((5.4126, 0.7862), abs=1e-9)
    assert (law.mean, law.of_empty_cells) == pytest.approx((2.9648696921760225, 0.8408012396476237), rel=1e-9)
