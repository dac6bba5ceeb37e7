"""Whole models: the same score, errors that hold the truth, exchanges counted one by one, and paired differences."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from ascentcheck.empirics.scores.diverged import CLIP
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.whole_models import (
    Distances,
    Estimate,
    centred,
    distances,
    holm,
    mean_square,
    paired_interval,
)


def correlated(draw, n, points=40, shift=0.0):
    return draw.normal(size=(n, points)) + 0.7 * draw.normal(size=(n, 1)) + shift


@pytest.fixture
def draw():
    return np.random.default_rng(0)


@pytest.mark.parametrize(("n", "m"), [(4, 4), (20, 20), (9, 30), (2, 3)])
def test_the_value_is_the_mean_over_points(draw, n, m):
    x, y = correlated(draw, n), correlated(draw, m, shift=0.4)
    assert distances(x, y).estimate.value == pytest.approx(energy_scores(x, y).mean(), rel=1e-10)


def test_constant_margins_are_measured_in_logits():
    x, y = np.full((5, 3), 2.0), np.full((6, 3), 4.5)
    assert distances(x, y).estimate.value == pytest.approx(energy_scores(x, y).mean()) == pytest.approx(5)
    assert distances(x, x).estimate.interval == (0, 0)


def test_standard_errors_are_those_of_repetition():
    """Near the null, where the pairs make the error, and away from it, where the models one by one do."""
    for shift in (0.0, 1.0):
        draw = np.random.default_rng(1)
        found = [
            distances(correlated(draw, 30), correlated(draw, 30, shift=shift)).estimate for _ in range(400)
        ]
        seen = np.std([one.value for one in found])
        told = [one.error**2 if shift else one.of_pairs for one in found]
        assert np.sqrt(np.mean(told)) == pytest.approx(seen, rel=0.15)


def test_leaving_out_each_model_gives_its_share():
    """`of_oracles` and `of_unlearned` are derivatives: leaving a model out changes the score by them, to first order."""
    draw = np.random.default_rng(2)
    x, y = correlated(draw, 60), correlated(draw, 60, shift=0.8)
    whole = distances(x, y).estimate
    for shares, left in (
        (whole.of_oracles, [distances(np.delete(x, i, 0), y).estimate.value for i in range(60)]),
        (whole.of_unlearned, [distances(x, np.delete(y, i, 0)).estimate.value for i in range(60)]),
    ):
        drop = 59 * (whole.value - np.array(left))
        assert np.corrcoef(drop, shares)[0, 1] > 0.99
        np.testing.assert_allclose(drop.std(), shares.std(), rtol=0.1)


def test_a_difference_is_paired(draw):
    """Unlearned models that keep most of what their start is differ by less than independent ones would."""
    x, start = correlated(draw, 40), correlated(draw, 40, shift=1.0)
    moved = start - 0.3
    alone, paired = distances(x, moved).estimate, distances(x, start).estimate
    change = alone.minus(paired)
    assert change.value == pytest.approx(alone.value - paired.value)
    assert change.error < 0.7 * math.hypot(alone.error, paired.error)
    assert change.interval[1] < 0
    same = alone.minus(alone)
    assert (same.value, same.interval) == (0, (0, 0))


PARTS = ("value", "signal", "biased", "of_oracles", "of_unlearned", "xx", "yy", "xy")


def made(n=5, m=7, seed=0, **given):
    """An estimate of any numbers."""
    draw = np.random.default_rng(seed)
    shapes = {"of_oracles": n, "of_unlearned": m, "xx": (n, n), "yy": (m, m), "xy": (n, m)}
    parts = {name: draw.normal(size=shape) for name, shape in shapes.items()}
    return Estimate(**{"value": 0.5, "signal": 0.5, "biased": 0.8, **parts, **given})


def test_a_difference_is_of_every_part_and_what_speaks_for_either_is_added():
    one, other = made(), made(seed=1, value=0.2, signal=0.3, biased=0.4)
    found = one.minus(other)
    for name in PARTS:
        sign = 1 if name in ("signal", "biased") else -1
        np.testing.assert_array_equal(
            getattr(found, name), getattr(one, name) + sign * getattr(other, name), name
        )
    assert (found.differs, one.differs) == (True, False)
    for smaller in (made(n=4), made(m=6), made(n=6), made(m=8)):
        with pytest.raises(ValueError, match="cannot be paired"):
            one.minus(smaller)


def test_a_member_s_share_is_in_both_samples():
    one = made(n=5, m=5)
    np.testing.assert_array_equal(one.shares, one.of_oracles + one.of_unlearned)


@pytest.mark.parametrize(("n", "m"), [(4, 4), (5, 7), (9, 4)])
def test_what_pairs_add_to_the_variance_is_the_definition(n, m):
    """Twice the mean square over pairs of a sample, over its pairs; four times that over pairs from both, over those."""
    one, total = made(n, m), 0.0
    for square, size in ((one.xx, n), (one.yy, m)):
        mean = sum(v * v for row in square for v in row) / (size * (size - 3))
        total += 2 * mean / (size * (size - 1))
    mean = sum(v * v for row in one.xy for v in row) / ((n - 1) * (m - 1))
    assert one.of_pairs == pytest.approx(total + 4 * mean / (n * m))


@pytest.mark.parametrize(("n", "m"), [(3, 4), (4, 3), (3, 9)])
def test_pairs_add_nothing_that_is_known_with_fewer_than_four_models(n, m):
    assert made(n, m).of_pairs == 0.0
    assert all(map(math.isnan, made(n, m).interval))
    assert all(map(math.isfinite, made(4, 4).interval))


@pytest.mark.parametrize("signal", [2.0, 0.1, 0.0, -0.3])
@pytest.mark.parametrize("scale", [1.0, 0.1, 0.0])
def test_the_linear_part_is_weighed_by_squares_of_score_and_error(signal, scale):
    whole = made(signal=signal)
    one = made(signal=signal, **{name: scale * getattr(whole, name) for name in ("xx", "yy", "xy")})
    pairs, jackknife = one.of_pairs, np.var(one.of_oracles, ddof=1) / 5 + np.var(one.of_unlearned, ddof=1) / 7
    kept, linear = max(signal, 0.0), max(jackknife - 1.5 * pairs, 0.0)
    expected = jackknife / 0.8
    if kept or pairs:
        expected = (kept * linear + pairs * jackknife / 0.8) / (kept**2 + pairs)
    assert one.slope == pytest.approx(expected)
    assert one.error == pytest.approx(math.sqrt(pairs + expected * kept))
    for biased in (0.0, -0.1):
        assert made(signal=signal, biased=biased).slope == 0.0


@pytest.mark.parametrize("signal", [2.0, 0.1, -0.3])
@pytest.mark.parametrize(("n", "m"), [(5, 7), (8, 6)])
def test_an_end_of_the_interval_is_as_far_as_its_own_error_says(n, m, signal):
    one = made(n, m, value=signal, signal=signal)
    t = stats.t(min(n, m) - 1).ppf(0.975)
    low, high = one.interval
    assert low < high
    middle = signal + t * t * one.slope / 2
    reach = math.sqrt(t * t * (one.of_pairs + one.slope * max(signal, 0.0)) + (t * t * one.slope / 2) ** 2)
    assert (low, high) == pytest.approx((middle - reach, middle + reach))
    if signal > 0:
        for end in (low, high):
            assert (end - signal) ** 2 == pytest.approx(t * t * (one.of_pairs + one.slope * end))
    apart = one.minus(made(n, m, seed=1, value=0.1, signal=0.1))
    assert apart.interval == pytest.approx((apart.value - t * apart.error, apart.value + t * apart.error))


def test_an_estimate_is_made_of_the_distances_pair_by_pair(draw):
    x, y = correlated(draw, 5), correlated(draw, 7, shift=0.8)
    one = distances(x, y).estimate
    (xx, yy, xy) = (
        np.array([[abs(a - b).mean() for b in t] for a in s]) for s, t in ((x, x), (y, y), (x, y))
    )
    spread = xx.sum() / 20
    assert one.signal == one.value == pytest.approx((2 * xy.mean() - spread - yy.sum() / 42) / spread)
    assert one.biased == pytest.approx((2 * xy.mean() - xx.mean() - yy.mean()) / spread)
    weight = 1 + one.value
    for found, expected in (
        (one.of_oracles, 2 * (xy.mean(axis=1) - weight * xx.sum(axis=1) / 4)),
        (one.of_unlearned, 2 * (xy.mean(axis=0) - yy.sum(axis=1) / 6)),
        (one.xx, weight * centred(xx)),
        (one.yy, centred(yy)),
        (
            one.xy,
            [[xy[i, j] - xy[:, j].mean() - xy[i].mean() + xy.mean() for j in range(7)] for i in range(5)],
        ),
    ):
        np.testing.assert_allclose(found, np.array(expected) / spread, atol=1e-12)


def test_margins_are_clipped_and_those_that_are_missing_are_the_least():
    x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[math.nan, math.inf], [-math.inf, 1e9]])
    clipped = np.array([[-CLIP, CLIP], [-CLIP, CLIP]])
    np.testing.assert_array_equal(distances(x, y).matrix, distances(x, clipped).matrix)
    assert distances(x, y).matrix[0, 2] == pytest.approx((101 + 98) / 2)


@pytest.mark.parametrize("n", range(4, 9))
def test_what_is_centred_sums_to_0_over_each_model(n):
    apart = np.random.default_rng(n).random((n, n))
    found = centred(apart + apart.T - np.diag(2 * np.diag(apart)))
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), 0, atol=1e-12)
    assert (np.diag(found) == 0).all()


def test_few_distances_are_not_centred():
    assert (centred(np.ones((3, 3))) == 0).all()
    assert (centred(np.arange(16.0).reshape(4, 4)) != 0).any()


def test_distances_are_centred_without_bias():
    """Rows sum to 0, and the mean square is the known sum over pairs, triples and quadruples."""
    x = np.random.default_rng(4).normal(size=7)
    square = np.abs(x[:, None] - x)
    found = centred(square)
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-12)
    assert (np.diag(found) == 0).all()
    inner, each = (square**2).sum() / (7 * 4), square.sum(axis=1)
    assert mean_square(found) == pytest.approx(
        inner - 2 * (each @ each) / (7 * 5 * 4) + each.sum() ** 2 / (7 * 6 * 5 * 4)
    )


def test_where_oracles_agree_their_distances_are_no_unit_to_be_estimated(draw):
    """Oracles that are one model: a member's share is from the unlearned models alone."""
    y = correlated(draw, 6)
    found = distances(np.zeros((6, 40)), y).estimate
    gaps = np.abs(y).mean(axis=1)
    within = np.abs(y[:, None] - y).mean(axis=2).sum(axis=1) / 5
    np.testing.assert_allclose(found.of_unlearned, 2 * (gaps - within))
    np.testing.assert_allclose(found.of_oracles, 2 * gaps.mean())


def test_the_interval_of_shares_is_student_s():
    shares = [0.5, -1.0, 2.0, 0.25]
    expected = stats.ttest_1samp(shares, 0).confidence_interval(0.95)
    mean = float(np.mean(shares))
    assert paired_interval(mean, shares) == pytest.approx((expected.low, expected.high))
    assert all(map(math.isnan, paired_interval(mean, shares[:3])))


def test_scores_of_other_numbers_of_models_are_not_paired(draw):
    x = correlated(draw, 8)
    with pytest.raises(ValueError, match="cannot be paired"):
        distances(x, x[:5]).estimate.minus(distances(x, x[:6]).estimate)


@pytest.mark.parametrize("shape", [(8,), (1, 2), (8, 3), (8, 0)])
def test_distances_are_of_two_samples_at_the_same_points(shape):
    for pair in ((np.ones(shape), np.ones((8, 2))), (np.ones((8, 2)), np.ones(shape))):
        with pytest.raises(ValueError, match="margins"):
            distances(*pair)


def test_too_few_models_have_no_interval(draw):
    assert all(map(math.isnan, distances(correlated(draw, 3), correlated(draw, 9)).estimate.interval))


def test_p_values_are_exchanges_counted_one_by_one(draw):
    x, y = correlated(draw, 4), correlated(draw, 5, shift=0.7)
    pooled, seen, count = np.concatenate([x, y]), None, 0

    def energy(first, second):
        return energy_scores(first, second).mean() * unit(first)

    def unit(sample):
        return np.mean([abs(a - b).mean() for a, b in itertools.permutations(sample, 2)])

    seen = energy(x, y)
    choices = list(itertools.combinations(range(9), 4))
    for chosen in choices:
        rest = [i for i in range(9) if i not in chosen]
        count += energy(pooled[list(chosen)], pooled[rest]) >= seen - 1e-12
    expected = count / len(choices)
    assert distances(x, y).p_value() == distances(x, y).p_value(len(choices) - 1) == pytest.approx(expected)
    assert distances(x, y).p_value(len(choices) - 2) == pytest.approx(
        expected, abs=4 * math.sqrt(expected / 124)
    )


@pytest.mark.parametrize(("n", "m"), [(4, 5), (6, 3)])
def test_the_energy_of_an_exchange_is_that_of_its_two_samples(draw, n, m):
    pooled = correlated(draw, n + m)
    apart = distances(pooled[:n], pooled[n:])
    chosen = draw.permuted(np.arange(n + m) < n)[None]
    first, rest = pooled[chosen[0]], pooled[~chosen[0]]
    unit = np.mean([abs(a - b).mean() for a, b in itertools.permutations(first, 2)])
    assert apart._energies(chosen) == pytest.approx([energy_scores(first, rest).mean() * unit])


def test_the_same_margins_have_the_same_p_value(draw):
    """Figures that are printed rest on it: exchanges are drawn from one seed and the numbers of models."""
    x, y = correlated(draw, 12), correlated(draw, 9, shift=0.3)
    assert distances(x, y).p_value(2500) == 204 / 2501
    assert distances(x, y[:8]).p_value(199) == 6 / 200


def test_p_values_are_uniform_where_nothing_differs():
    draw = np.random.default_rng(3)
    found = np.sort([distances(correlated(draw, 8), correlated(draw, 12)).p_value(199) for _ in range(300)])
    assert np.abs(found - (np.arange(300) + 0.5) / 300).max() < 1.63 / math.sqrt(300) + 1 / 200


@pytest.mark.parametrize("seed", range(8))
def test_an_exchange_of_both_samples_is_as_large_as_none(seed):
    """Of six exchanges of two and two models two have the energy that is seen, and here the largest, whatever is rounded."""
    x, y = np.random.default_rng(seed).random((2, 2, 7))
    assert distances(x, y + 10).p_value() == pytest.approx(1 / 3)


def test_models_that_are_all_the_same_are_not_told_apart():
    assert distances(np.ones((5, 3)), np.ones((6, 3))).p_value(99) == 1


def test_p_values_see_a_shift(draw):
    assert distances(correlated(draw, 20), correlated(draw, 20, shift=2)).p_value() == 1e-4


def test_hostile_margins_have_p_values(draw):
    x, y = correlated(draw, 10), correlated(draw, 10)
    y[3], y[4, 2], y[5] = math.nan, math.inf, 1e300
    assert 0 < distances(x, y).p_value(99) <= 1


def test_some_of_the_models(draw):
    x, y = correlated(draw, 10), correlated(draw, 12)
    some, others = np.array([1, 3, 5, 7]), np.array([0, 2, 11, 4, 6])
    part = distances(x, y).of(some, others)
    np.testing.assert_allclose(part.matrix, distances(x[some], y[others]).matrix)
    assert isinstance(part, Distances)


def test_holm_is_the_known_example():
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm(np.array([0.6, 0.9])), [1.0, 1.0])
