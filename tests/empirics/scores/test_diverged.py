"""Models that diverge make no verdict better, and margins in another unit are told from them."""

import math
from contextlib import nullcontext

import numpy as np
import pytest
from scipy import stats

import ascentcheck
from ascentcheck.empirics.scores.diverged import CLIP, as_many, check_unit
from ascentcheck.empirics.scores.inference import infer, p_value
from ascentcheck.empirics.scores.whole_models import distances


def models(draw, n, shift=0.0):
    return shift + 0.7 * draw.normal(size=(n, 1)) + 0.7 * draw.normal(size=(n, 60))


@pytest.mark.parametrize("gone", [(0, 0), (3, 0), (0, 5), (2, 2), (7, 30), (6, 1)])
def test_counts_are_compared_by_fishers_exact_test(gone):
    table = [[gone[0], 7 - gone[0]], [gone[1], 30 - gone[1]]]
    assert as_many(gone, (7, 30)) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)


@pytest.mark.parametrize("n_oracle", [4, 10, 40])
@pytest.mark.parametrize("sick", [-1e3, math.nan, math.inf])
def test_unlearned_models_that_differ_still_do_when_some_of_them_diverge(n_oracle, sick):
    draw = np.random.default_rng(n_oracle)
    oracle, unlearned = models(draw, n_oracle), models(draw, 20, 3.0)
    for gone in (0, 1, 2, 3, 6, 12, 19, 20):
        unlearned[:gone] = sick
        assert p_value(oracle, unlearned) < 0.05
        assert infer(oracle, unlearned).verdict(1.0).startswith("differ")


def test_with_models_that_diverge_it_is_twice_the_smaller_of_two():
    draw = np.random.default_rng(1)
    oracle, unlearned = models(draw, 9), models(draw, 12, 0.4)
    others = distances(oracle[:7], unlearned[2:]).p_value()
    oracle[7:], unlearned[:2] = math.nan, CLIP
    assert as_many((2, 2), (9, 12)) == 1
    assert p_value(oracle, unlearned) == 2 * others
    oracle[1:] = -CLIP  # a single one is left, which cannot be compared
    assert p_value(oracle, unlearned) == 2 * as_many((8, 2), (9, 12))


def test_alike_models_that_diverge_alike_are_told_apart_in_five_of_a_hundred():
    draw, found = np.random.default_rng(2), []
    for _ in range(120):
        both = models(draw, 16)
        both[draw.random(16) < 0.2] = -math.inf
        found.append(p_value(both[:8], both[8:]) < 0.05)
    assert stats.binomtest(sum(found), 120, 0.05, "greater").pvalue > 0.001


def test_an_interval_of_an_energy_distance_has_nothing_below_0():
    draw = np.random.default_rng(3)
    oracle, unlearned = models(draw, 100), models(draw, 100, 3.0)
    unlearned[[0, 20]] = -1e3
    low, high = infer(oracle, unlearned).interval
    assert low == 0 < high


@pytest.mark.parametrize(("n", "m"), [(2, 2), (4, 2), (3, 3)])
def test_where_no_exchange_is_rare_the_verdict_says_so(n, m):
    draw = np.random.default_rng(4)
    verdict = infer(models(draw, n), models(draw, m, -9.0)).verdict(1.0)
    assert "with so few models" in verdict or n == m == 3
    assert "would be seen" not in verdict


def test_nothing_is_said_of_what_would_be_seen_where_a_model_has_diverged():
    """The p-value is then of the others alone, and twice as large."""
    draw = np.random.default_rng(9)
    for sick in (0, 1):
        both = [models(draw, 20), models(draw, 20)]
        both[sick][3] = math.nan
        found = infer(*both)
        assert math.isnan(found.detectable)
        assert "would be seen" not in found.verdict(1.0)


def test_a_detectable_shift_needs_enough_exchanges():
    draw = np.random.default_rng(5)
    for n, m, told in (
        (5, 5, False),
        (6, 5, False),
        (6, 6, False),
        (7, 5, True),
        (7, 6, True),
        (4, 20, True),
    ):
        assert math.isfinite(infer(models(draw, n), models(draw, m)).detectable) == told
    assert "any shift would be seen" in infer(np.ones((9, 3)), np.ones((9, 3))).verdict(0.0)


@pytest.mark.filterwarnings("ignore:no value is above 0")
@pytest.mark.parametrize(
    ("mean", "words"), [(-98, "at point"), (-300, "half of their margins"), (160, "100% of the oracles")]
)
def test_margins_in_another_unit_are_refused_and_in_a_smaller_one_scored(mean, words):
    draw = np.random.default_rng(6)
    oracle, unlearned = draw.normal(mean, 2, (30, 40)), draw.normal(mean + 1, 2, (30, 40))
    with pytest.raises(ValueError, match=f"{words}.* at or beyond ±100"):
        ascentcheck.klom(oracle, unlearned)
    parts = [ascentcheck.klom(oracle / by, unlearned / by) for by in (8, 16)]
    assert parts[0].energy == pytest.approx(parts[1].energy)
    assert parts[0].scored.result == parts[1].scored.result


def test_oracles_that_diverge_or_a_rare_large_margin_are_no_other_unit():
    oracle = models(np.random.default_rng(7), 40)
    oracle[:19] = -1e3
    oracle[20, 3] = 150
    check_unit(oracle)
    oracle[19] = -1e3
    with pytest.raises(ValueError, match="50% of the oracles"):
        check_unit(oracle)
    check_unit(np.full((4, 3), math.nan))


@pytest.mark.parametrize(("n", "refused"), [(20, True), (21, False)])
def test_one_of_twenty_oracles_beyond_at_one_point_is_too_many(n, refused):
    oracle = models(np.random.default_rng(10), n)
    oracle[3, 7] = 100
    with pytest.raises(ValueError, match="have their margin at point 7") if refused else nullcontext():
        check_unit(oracle)


def test_a_point_without_a_score_by_the_paper_leaves_the_others_and_the_verdict():
    draw = np.random.default_rng(8)
    oracle, unlearned = draw.normal(4, 1, (2, 30, 40))
    oracle[:, 3], unlearned[:, 3] = 4, 2
    found = ascentcheck.klom(oracle, unlearned)
    assert found.scored.result.undefined == 1
    assert "at 1 of 40 points, counted as total misses" in repr(found)
    assert found.inference.p_value < 0.05
    assert "no score" not in repr(ascentcheck.klom(oracle[:, 4:], unlearned[:, 4:]))
    compared = ascentcheck.compare(oracle, {"a": unlearned, "b": oracle[::-1] - 0.01})
    assert compared["a", "all"].scored.result.undefined == 1
