"""The null floor: its published neighbours, its interval, and that it depends on nothing else."""

import numpy as np
import pytest

from ascentcheck.empirics.klom import ESTIMATORS, null_floor, scores


@pytest.mark.parametrize(
    ("models", "about", "within"),
    [(20, 5.1, 0.15), (50, 1.68, 0.05), (80, 0.94, 0.06), (100, 0.65, 0.03), (200, 0.28, 0.01)],
)
def test_floor_falls_with_the_number_of_models(models, about, within):
    floor = null_floor(models, models)
    assert floor.p95 == pytest.approx(about, abs=within)
    low, high = floor.interval
    assert low < floor.p95 < high
    assert high - low < 0.04 * floor.p95


def test_floor_is_reproducible():
    null_floor.cache_clear()
    first = null_floor(20, 30, "paper-reversed", 500)
    null_floor.cache_clear()
    assert null_floor(20, 30, "paper-reversed", 500) == first


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_floor_is_what_two_equal_ensembles_score_whatever_their_margins(estimator):
    draw = np.random.default_rng(0)
    oracle, unlearned = draw.normal(size=(2, 50, 4000)) * draw.uniform(0.5, 4, 4000) + draw.normal(size=4000)
    assert np.percentile(scores(oracle, unlearned, estimator), 95) == pytest.approx(
        null_floor(50, 50, estimator).p95, rel=0.05
    )


def test_interval_covers():
    """Of 40 simulations with other points, the p95 lies in this one's interval, widened by √2, almost always."""
    floor = null_floor(20, 20, points=2000)
    half = (floor.interval[1] - floor.interval[0]) / 2 * 2**0.5
    draw = np.random.default_rng(1)
    others = [np.percentile(scores(*draw.normal(size=(2, 20, 2000))), 95) for _ in range(40)]
    assert sum(abs(other - floor.p95) < half for other in others) >= 34
