"""The null floor: its published neighbours, its interval, and that it depends on nothing else."""

import numpy as np
import pytest
from scipy import stats

from ascentcheck.empirics.klom import OF_KLOM, null_floor, scores
from ascentcheck.empirics.klom.floor import SHAPES, by_shape


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


@pytest.mark.parametrize("estimator", OF_KLOM)
def test_floor_is_what_two_equal_ensembles_score_whatever_their_margins(estimator):
    draw = np.random.default_rng(0)
    oracle, unlearned = draw.normal(size=(2, 50, 4000)) * draw.uniform(0.5, 4, 4000) + draw.normal(size=4000)
    assert np.percentile(scores(oracle, unlearned, estimator), 95) == pytest.approx(
        null_floor(50, 50, estimator).p95, rel=0.05
    )


@pytest.mark.parametrize(("points", "estimator"), [(4003, "paper"), (30, "energy")])
def test_the_floor_is_read_from_draws_of_one_seed(points, estimator):
    """Figures that are printed rest on them; they come in blocks of four thousand, oracles first."""
    draw = np.random.default_rng([20_230_617, 20, 23])
    blocks = [4000, 3] if points == 4003 else [30]
    samples = [[draw.standard_normal((n, size), dtype=np.float32) for n in (20, 23)] for size in blocks]
    values = np.sort(np.concatenate([scores(*pair, estimator, misses=True) for pair in samples]))
    found = null_floor(20, 23, estimator, points)
    assert (found.p95, found.points) == (np.percentile(values, 95), points)
    assert found.mean == pytest.approx(values.mean())
    reach = stats.norm.ppf(0.975) * np.sqrt(0.95 * 0.05 * points)
    low, high = int(np.floor(0.95 * points - reach)), int(np.ceil(0.95 * points + reach))
    assert found.interval == (values[low], values[min(high, points - 1)])


@pytest.mark.parametrize(("shape", "wide"), [("1% outliers", 100), ("2% outliers", 200)])
def test_outliers_are_a_share_twenty_times_as_wide(shape, wide):
    class Even:
        def standard_normal(self, size, dtype):
            return np.ones(size, dtype)

        def random(self, size):
            return (np.arange(np.prod(size)).reshape(size) + 0.5) / np.prod(size)

    found = SHAPES[shape](Even(), (100, 100))
    assert found.dtype == np.float32
    assert [(found == 20).sum(), (found == 1).sum()] == [wide, 10_000 - wide]


def test_floors_are_of_twenty_thousand_points():
    assert null_floor(2, 2).points == 20_000


def test_interval_covers():
    """Of 40 simulations with other points, the p95 lies in this one's interval, widened by √2, almost always."""
    floor = null_floor(20, 20, points=2000)
    half = (floor.interval[1] - floor.interval[0]) / 2 * 2**0.5
    draw = np.random.default_rng(1)
    others = [np.percentile(scores(*draw.normal(size=(2, 20, 2000))), 95) for _ in range(40)]
    assert sum(abs(other - floor.p95) < half for other in others) >= 34


def test_the_paper_s_floor_depends_on_the_shape_and_the_robust_one_s_does_not():
    """With outliers the paper's cells stretch: half the floor with 2% of them at N = 100."""
    normal, wild = (null_floor(100, 100, points=4000, shape=shape) for shape in ("normal", "2% outliers"))
    assert wild.p95 < 0.6 * normal.p95
    normal, wild = (null_floor(100, 100, "robust", 4000, shape) for shape in ("normal", "2% outliers"))
    assert wild.p95 == pytest.approx(normal.p95, rel=0.06)


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_are_what_they_are_called(shape):
    draw = SHAPES[shape](np.random.default_rng(0), (1000, 100))
    far = (np.abs(draw) > 5).mean()
    assert far == pytest.approx(
        {"normal": 0, "t2": 0.038, "1% outliers": 0.008, "2% outliers": 0.016}[shape], abs=0.002
    )


def test_shapes_are_drawn_as_they_are_told():
    size = (50, 40)
    for shape, share in (("1% outliers", 0.01), ("2% outliers", 0.02)):
        draw = np.random.default_rng(1)
        normal, wide = draw.standard_normal(size, dtype=np.float32), draw.random(size) < share
        assert wide.any()
        np.testing.assert_allclose(
            SHAPES[shape](np.random.default_rng(1), size), normal * (1 + 19 * wide), rtol=1e-6
        )
    np.testing.assert_array_equal(
        SHAPES["t2"](np.random.default_rng(1), size), np.random.default_rng(1).standard_t(2, size)
    )


def test_the_table_of_shapes_says_what_the_floors_are():
    table = by_shape((5,), ("paper",))
    assert f"| 5 | `paper` | {null_floor(5, 5).p95:.3f} (" in table
    assert {line.count("|") for line in table.splitlines()[:3]} == {len(SHAPES) + 3}
