"""What is inferred of a score: with diverged models, the shift that would be seen, and intervals that hold the truth."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats

from ascentcheck.empirics.scores import inference
from ascentcheck.empirics.scores.coverage import SCENARIOS, Scenario, as_table, coverage, true_score
from ascentcheck.empirics.scores.diverged import CLIP
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.inference import (
    SEED,
    Inference,
    detectable,
    floor,
    grouped_interval,
    infer,
    judged_together,
    least_p_value,
    mean_interval,
    models_needed,
)
from ascentcheck.empirics.scores.whole_models import centred, distances, mean_square


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


def seen_shift(x, m, gone=0):
    """The least shift, in spreads, whose score less 1.28 standard deviations is critical, one pair after the other.

    Oracles that are gone count among those that there will be.
    """
    n, points = x.shape
    still = [[sum(abs(a - b)) / points for b in x] for a in x]
    spread = sum(map(sum, still)) / (n * (n - 1))
    square = max(mean_square(centred(np.array(still))), 1e-12 * spread**2)
    freedom, sizes = spread**2 / square, 1 / (n + gone) + 1 / m
    critical = sizes * spread * (stats.chi2(freedom).ppf(0.95) / freedom - 1)

    def excess(shift):
        moved = [
            [0 if i == j else sum(abs(x[i] - x[j] - shift * spread)) / points for j in range(n)]
            for i in range(n)
        ]
        more = np.array(moved) - still
        models = sum(
            np.var(2 * more.sum(axis=k) / (n - 1), ddof=1) / size for k, size in ((0, m), (1, n + gone))
        )
        reach = stats.norm.ppf(0.9) * math.sqrt(2 * square * sizes**2 + models)
        return 2 * more.sum() / (n * (n - 1)) - reach - critical

    return optimize.brentq(excess, 1e-3, 100)


@pytest.mark.parametrize(("n", "m"), [(4, 6), (12, 5), (9, 40)])
def test_the_detectable_shift_is_the_definition(n, m):
    x = correlated(np.random.default_rng(n), n)[:, :20]
    assert detectable(x, m) == pytest.approx(seen_shift(x, m), rel=0.011)


def test_nearly_any_shift_of_oracles_that_are_all_as_far_apart_is_seen():
    for n in (4, 6):  # of 4 the centred distances are 0, of 6 what rounding leaves
        assert 0 < detectable(np.eye(n), n) < 1e-5


def test_a_diverged_oracle_is_no_measure_and_margins_are_clipped():
    x = correlated(np.random.default_rng(9), 9)[:, :20]
    broken = np.vstack([x, np.full((1, 20), math.inf)])
    assert detectable(broken, 6) == pytest.approx(seen_shift(x, 6, gone=1), rel=0.011)
    far, clipped = x.copy(), x.copy()
    far[2, 3], clipped[2, 3] = -150, -CLIP
    assert detectable(far, 6) == detectable(clipped, 6) != detectable(x, 6)
    assert floor(far, 6) == floor(clipped, 6) != floor(x, 6)


def test_the_same_oracles_have_the_same_shift_and_floor():
    """Figures that are printed rest on them: random halves are drawn from one seed, and the search has its own steps."""
    x = correlated(np.random.default_rng(10), 12)
    assert detectable(x, 7) == pytest.approx(0.816, rel=1e-9)
    assert floor(x, 7) == pytest.approx(0.11855521315548943, rel=1e-9)


def test_a_shift_is_worked_out_at_five_hundred_points_at_most():
    x = np.random.default_rng(11).normal(size=(4, 1001))
    assert detectable(x[:, :500], 5) != detectable(x[:, :500:2], 5)
    assert detectable(x[:, :1000], 5) == detectable(x[:, :1000:2], 5)
    assert detectable(x, 5) == detectable(x[:, ::3], 5)


def test_all_that_is_inferred():
    draw = np.random.default_rng(12)
    x, y = correlated(draw, 6), correlated(draw, 9, 0.5)
    apart = distances(x, y)
    assert infer(x, y) == Inference(
        apart.estimate.interval, apart.p_value(), detectable(x, 9), 1 / math.comb(15, 6)
    )
    assert mean_interval(x, y) == apart.estimate.interval


@pytest.mark.parametrize("sick", [CLIP, -CLIP, math.nan, math.inf])
def test_one_missing_margin_takes_groups_of_models(sick):
    draw = np.random.default_rng(13)
    x, y = correlated(draw, 20), correlated(draw, 21)
    y[3, 5] = sick
    assert mean_interval(x, y) == grouped_interval(x, y)
    low, high = grouped_interval(x, y)
    assert infer(x, y).interval == (max(low, 0.0), high)
    z = x.copy()
    z[4] = sick
    assert mean_interval(z, x) == grouped_interval(z, x)
    x[3, 5] = -CLIP  # no miss of an oracle
    assert all(map(math.isfinite, mean_interval(x, correlated(draw, 6))))


def test_more_models_see_smaller_shifts():
    draw = np.random.default_rng(3)
    found = [detectable(correlated(draw, n), n) for n in (10, 40, 160)]
    assert found[0] > 1.5 * found[1] > 2 * found[2]


def test_with_misses_the_interval_leaves_out_one_of_ten_groups_at_a_time():
    draw = np.random.default_rng(6)
    x, y = correlated(draw, 20), correlated(draw, 23, 0.5)
    parts = [
        energy_scores(np.delete(x, [k, k + 10], axis=0), np.delete(y, range(k, 23, 10), axis=0)).mean()
        for k in range(10)
    ]
    reach = stats.t(9).ppf(0.975) * math.sqrt(9 / 10 * ((parts - np.mean(parts)) ** 2).sum())
    middle = energy_scores(x, y).mean()
    assert grouped_interval(x, y) == pytest.approx((middle - reach, middle + reach))
    for pair in ((x[:19], y), (x, y[:19])):
        assert all(map(math.isnan, grouped_interval(*pair)))


@pytest.mark.parametrize("halves", [7, 499])
def test_the_floor_is_read_from_halves_of_the_oracles(monkeypatch, halves):
    if halves != 499:
        monkeypatch.setattr(inference, "HALVES", halves)
    x = correlated(np.random.default_rng(7), 15)
    apart = np.abs(x[:, None] - x[None]).mean(axis=2)
    scores = []
    for order in np.random.default_rng(SEED).permuted(np.tile(np.arange(15), (halves, 1)), axis=1):
        a, b = order[:7], order[7:14]
        within = sum(apart[np.ix_(s, s)].sum() / (7 * 6) for s in (a, b))
        scores.append((2 * apart[np.ix_(a, b)].mean() - within) / (apart.sum() / (15 * 14)))
    expected = np.quantile(scores, 0.95) * (1 / 15 + 1 / 20) / (1 / 7 + 1 / 7)
    assert floor(x, 20) == pytest.approx(expected)
    assert math.isnan(
        floor(np.vstack([x, np.full((1, 60), math.nan)]), 20)
    )  # further oracles would diverge, too


def test_below_the_floor_stay_nineteen_of_twenty_further_oracles():
    draw = np.random.default_rng(8)
    below = []
    for _ in range(30):
        x = draw.normal(size=(40, 60))
        least = floor(x, 20)
        below += [energy_scores(x, draw.normal(size=(20, 60))).mean() < least for _ in range(10)]
    assert 0.9 <= np.mean(below) <= 0.985


def test_the_verdict_is_by_the_p_value_and_says_what_would_be_seen():
    assert Inference((0.1, 0.3), 0.02, 0.5).verdict(0.2) == (
        "differ from oracles: energy 0.2, 95% interval 0.1 to 0.3, p = 0.02"
    )
    assert Inference((math.nan,) * 2, 0.05, 0.5).verdict(0.2) == (
        "cannot be told from oracles at these numbers: energy 0.2, p = 0.05; a shift of all models by 0.5 "
        "spreads would be seen with 90%, other changes may not"
    )
    assert Inference((0.1, 0.3), 0.4, math.nan).verdict(0.2).endswith("95% interval 0.1 to 0.3, p = 0.4")


def test_the_least_p_value_is_of_the_exchanges_that_there_are():
    assert least_p_value(5, 5) == 1 / 126  # halves that change places are the same
    assert least_p_value(4, 6) == 1 / 210
    assert least_p_value(100, 100) == 1e-4  # of 9,999 exchanges and the models as they are


@pytest.mark.parametrize(("tests", "models"), [(1, 4), (2, 5), (6, 5), (7, 6), (499, 9), (500, None)])
def test_so_many_models_are_needed(tests, models):
    assert models_needed(tests) == models


def test_five_hundred_comparisons_at_once_can_tell_nothing():
    far, near = (Inference((0, 1), p, 0.5, 1e-4) for p in (1e-4, 0.6))
    most = judged_together([far, *[near] * 498])
    assert far.verdict(9.0, most[0]).startswith("differ from oracles")
    assert most[0].p_value == pytest.approx(0.0499)
    assert near.missing(most[1]) == ""
    more = judged_together([far, *[near] * 499])
    assert far.missing(more[0]) == "fewer than 500 comparisons at once are needed"
    assert far.verdict(9.0, more[0]) == (
        "cannot be told from oracles at these numbers: energy 9, 95% interval 0 to 1, p = 0.05 (Holm, 500 comparisons); with so "
        "few models for so many comparisons p is 0.05 at least, so that nothing can be told: fewer than 500 comparisons at once "
        "are needed"
    )


def test_what_a_comparison_could_tell_is_beside_the_others_as_they_are():
    """Holm's method asks less of a second one where the first is told: of two, 0.03 is enough."""
    far, few = Inference((0, 1), 0.001, 0.5, 1e-4), Inference((0, 1), 0.9, 0.5, 0.03)
    assert few.missing(judged_together([far, few])[1]) == ""
    assert few.missing(judged_together([few, few])[1]) == "5 models of each kind are needed"


def test_models_that_diverge_are_missing_where_the_p_value_is_of_two():
    """Of 4 against 3 an exchange has 1 in 35, and twice that is no less than 5%."""
    draw = np.random.default_rng(14)
    x, y = draw.normal(size=(4, 9)), draw.normal(90, size=(4, 9))
    assert infer(x, y).verdict(9.0).startswith("differ")
    y[2] = math.inf
    found = infer(x, y)
    assert found.least_p == pytest.approx(2 / 35)
    assert found.missing() == "5 models of each kind that have not diverged are needed"
    y[:3] = math.inf  # all three by chance: 1 in 14 for either kind
    assert infer(x, y).least_p == pytest.approx(2 * 2 * 4 / 56)


def test_a_diverged_model_is_in_the_score_and_its_interval():
    draw = np.random.default_rng(4)
    x, y = correlated(draw, 40), correlated(draw, 40)
    y[7] = math.nan
    found, score = infer(x, y), energy_scores(x, y).mean()
    assert found.interval[0] < score < found.interval[1]
    assert found.interval[1] > 1e4
    assert all(map(math.isnan, infer(x[:19], y[:19]).interval))


def test_oracles_that_agree_or_are_too_few():
    assert detectable(np.ones((5, 3)), 5) == 0
    assert math.isnan(detectable(np.zeros((3, 3)), 5))
    assert floor(np.ones((5, 3)), 5) == 0
    assert math.isnan(floor(np.zeros((4, 3)), 5))
    # a spread of 0.996e-12; up to 1e-12 they do not differ
    rounding = np.array([[0.0], [0.0], [0.0], [1.66e-12], [1.66e-12], [1.66e-12]])
    assert floor(rounding, 5) == detectable(rounding, 5) == 0
    assert floor(1.01 * rounding, 5) > 1
    assert detectable(1.01 * rounding, 5) > 1


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
