"""Correlations and shares on made-up data whose answer is known, and on noise."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from ascentcheck.empirics.dependence.ranks import halves, judged, partial_spearman
from ascentcheck.empirics.dependence.shares import levels, shares, times


@pytest.fixture
def draw():
    return np.random.default_rng(5)


def test_without_controls_it_is_spearman_s(draw):
    x = draw.normal(size=50)
    y = x + draw.normal(size=50)
    found, expected = partial_spearman(x, y), spearmanr(x, y)
    assert found.rho == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.low < found.rho < found.high


def test_what_only_shares_a_cause_is_not_correlated_given_the_cause(draw):
    cause = draw.normal(size=400)
    x, y = cause + 0.3 * draw.normal(size=400), cause + 0.3 * draw.normal(size=400)
    assert partial_spearman(x, y).rho > 0.8
    given = partial_spearman(x, y, [cause])
    assert given.low < 0.05
    assert abs(given.rho) < 0.25


def test_the_interval_covers_and_the_test_keeps_its_level(draw):
    truth, covered, false = 0.0, 0, 0
    for _ in range(400):
        control = draw.normal(size=40)
        found = partial_spearman(draw.normal(size=40) + control, draw.normal(size=40) - control, [control])
        covered += found.low <= truth <= found.high
        false += found.p < 0.05
    assert covered >= 360
    assert false <= 40


def test_what_does_not_vary_has_no_correlation():
    assert np.isnan(partial_spearman(np.ones(20), np.arange(20.0)).rho)


def test_halves_share_every_group():
    groups = ["a"] * 6 + ["b"] * 4 + ["c", "d"]
    first = halves(groups)
    assert first.sum() == 6
    assert first[:6].sum() == 3
    assert first[6:10].sum() == 2
    assert first[10] != first[11]


def test_a_chosen_model_keeps_what_matters_and_noise_is_not_believed(draw):
    n = 120
    predictors = {name: draw.normal(size=n) for name in "abcdef"}
    first = halves(["one"] * n)
    found = judged(predictors, predictors["c"] + 0.3 * draw.normal(size=n), first)
    assert "c" in found.kept
    assert found.correlation.low > 0.6
    assert found.correlation.n == n // 2
    nothing = judged(predictors, draw.normal(size=n), first)
    assert not nothing.kept or nothing.correlation.low < 0.2


def rows(draw, of_set, of_setting, noise=0.5):
    """Return 300 sets at 12 settings: the outcome is a sum of a property of the set and of the setting's level."""
    sets, setting = np.repeat(np.arange(300), 12), np.tile(np.arange(12), 300)
    real, idle = draw.normal(size=300), draw.normal(size=300)
    level = setting % 4
    outcome = of_set * real[sets] + of_setting * (level - 1.5) + noise * draw.normal(size=3600)
    groups = {
        "setting": levels([str(v) for v in level]),
        "real": real[sets][:, None],
        "idle": times(idle[sets][:, None], levels([str(v) for v in level])),
    }
    return groups, outcome, sets, sets % 2 == 0


def test_shares_are_those_that_were_put_in(draw):
    groups, outcome, sets, first = rows(draw, 1.0, 2.0)
    found = shares(groups, outcome, sets, first)
    total = 1.0 + 4 * 1.25 + 0.25
    assert found.of("setting").value == pytest.approx(5 / total, abs=0.06)
    assert found.of("real").value == pytest.approx(1 / total, abs=0.06)
    assert abs(found.of("idle").value) < 0.05
    assert found.explained.value == pytest.approx(sum(s.value for s in found.shares))
    low, high = found.above("setting", "real")
    assert 0 < low < high
    part, low, high = found.part("setting")
    assert 0.5 < low < part < high


def test_the_order_turns_where_the_truth_does_and_noise_explains_nothing(draw):
    turned = shares(*rows(draw, 3.0, 0.3))
    assert turned.above("setting", "real")[1] < 0
    none = shares(*rows(draw, 0.0, 0.0))
    assert none.explained.value < 0.05
