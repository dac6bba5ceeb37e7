"""Ratios are held within their bounds, and leaving out a model is what leaving it out gives."""

import math

import numpy as np
import pytest

from ascentcheck.empirics.dependence.ratio import (
    HIGHEST,
    LOWEST,
    jackknife,
    log_ratio,
    merit,
    t_interval,
    with_each_left_out,
)
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.whole_models import distances


def test_ratios_are_held_and_what_diverges_is_the_highest():
    assert log_ratio(2.0, 1.0) == pytest.approx(math.log(2))
    assert log_ratio(1e9, 1.0) == log_ratio(math.inf, 1.0) == log_ratio(math.nan, 1.0) == HIGHEST
    assert log_ratio(1e-9, 1.0) == log_ratio(0.0, 1.0) == LOWEST
    assert log_ratio(1.0, 0.0) == HIGHEST
    assert log_ratio(0.0, 0.0) == 0


def test_each_value_is_the_energy_score_without_one_oracle_and_one_model():
    draw = np.random.default_rng(0)
    oracle, unlearned = draw.normal(size=(7, 5)), draw.normal(size=(7, 5)) + 0.5
    found = with_each_left_out(distances(oracle, unlearned))
    assert found[0] == pytest.approx(energy_scores(oracle, unlearned).mean())
    for left in range(7):
        kept = np.arange(7) != left
        expected = energy_scores(oracle[kept], unlearned[kept]).mean()
        assert found[1 + left] == pytest.approx(expected), left
    with pytest.raises(ValueError, match="as many"):
        with_each_left_out(distances(oracle, unlearned[:5]))


def test_a_jackknife_of_a_mean_is_student_s_interval():
    values = np.random.default_rng(1).normal(size=12)
    without = (values.sum() - values) / 11
    ours, students = jackknife(float(values.mean()), without), t_interval(values)
    assert (ours.low, ours.high) == pytest.approx((students.low, students.high))
    assert ours.high > ours.value > ours.low


def test_a_merit_is_the_larger_and_not_below_the_least():
    np.testing.assert_allclose(merit(np.array([0.2, -1, 0.3]), np.array([0.1, 0.0, 0.5])), [0.2, 0.01, 0.5])
