"""What is inferred of a score: with diverged models, the shift that would be seen, and intervals that hold the truth."""

import math
from pathlib import Path

import numpy as np
import pytest

from ascentcheck.empirics.scores.coverage import SCENARIOS, Scenario, as_table, coverage, true_score
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.inference import change, detectable, infer
from ascentcheck.empirics.scores.whole_models import distances


def correlated(draw, n, shift=0.0):
    return draw.normal(size=(n, 60)) + 0.5 * draw.normal(size=(n, 1)) + shift


def test_intervals_hold_the_truth():
    scenarios = (Scenario(10, 0.3, 0.0, True, 1.0), Scenario(60, 0.3, 1.0, True, 0.7))
    for one in coverage((20,), 400, scenarios):
        assert 0.92 <= one.score <= 0.985  # three standard errors about 93% to 97%
        assert one.difference >= 0.92


def test_an_interval_half_as_wide_is_found_out():
    """The same simulation does not hold the truth as often if the intervals are too narrow."""
    draw = np.random.default_rng(0)
    held = 0
    for _ in range(200):
        x, y = draw.normal(size=(2, 20, 60))
        low, high = distances(x, y + 1).estimate.interval
        middle, truth = (low + high) / 2, true_score(np.ones(60), np.ones(60), 1.0)
        held += abs(truth - middle) < (high - low) / 4
    assert held < 0.8 * 200


def test_true_scores_are_what_large_samples_find():
    draw = np.random.default_rng(1)
    sigma, shift = np.exp(draw.normal(size=30) / 4), draw.normal(size=30)
    x, y = (draw.normal(size=(4000, 30)) * sigma for _ in range(2))
    found = energy_scores(x, 0.6 * y + shift).mean()
    assert found == pytest.approx(true_score(sigma, shift, 0.6), rel=0.03)


def test_the_detectable_shift_is_seen_in_nine_of_ten_studies():
    draw = np.random.default_rng(2)
    spread = 2 / math.sqrt(math.pi) * math.sqrt(1.25)
    shift = np.mean([detectable(correlated(draw, 30), 30) for _ in range(10)])
    seen = [
        distances(correlated(draw, 30), correlated(draw, 30, shift * spread)).p_value(199) <= 0.05
        for _ in range(200)
    ]
    assert 0.83 <= np.mean(seen) <= 0.97


def test_more_models_see_smaller_shifts():
    draw = np.random.default_rng(3)
    found = [detectable(correlated(draw, n), n) for n in (10, 40, 160)]
    assert found[0] > 1.5 * found[1] > 2 * found[2]


def test_a_diverged_model_is_in_the_score_and_its_interval():
    draw = np.random.default_rng(4)
    x, y = correlated(draw, 40), correlated(draw, 40)
    y[7] = math.nan
    found, score = infer(x, y), energy_scores(x, y).mean()
    assert found.interval[0] < score < found.interval[1]
    assert found.interval[1] > 1e4
    assert all(map(math.isnan, infer(x[:19], y[:19]).interval))
    assert change(x, y, x) is None


def test_oracles_that_agree_or_are_too_few():
    assert detectable(np.ones((5, 3)), 5) == 0
    assert math.isnan(detectable(np.zeros((3, 3)), 5))


def test_table():
    found = list(coverage((5,), 3, (Scenario(10, 0.0, 0.3, False, 1.0),)))
    assert "| 10 | 0% | 0.3 at random | 1 | 5 |" in as_table(found)


def test_the_page_is_what_the_command_says():
    page = Path("docs/explanation/power.md").read_text(encoding="utf-8")
    (one,) = coverage((20,), 2000, SCENARIOS[:1])
    (row,) = [line for line in page.splitlines() if line.startswith("| 10 | 0% | 0 | 1 | 20 |")]
    assert [float(cell.strip(" %")) for cell in row.split("|")[7:10]] == pytest.approx(
        [one.width, 100 * one.score, 100 * one.difference], abs=0.06
    )
