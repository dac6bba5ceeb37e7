"""The energy score: a loop over pairs from its definition, its null, its invariances, and that nothing broken improves it."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ascentcheck.empirics.scores.diverged import CLIP, diverged
from ascentcheck.empirics.scores.energy import LIMIT, ROUNDING, energy_scores

tied = st.integers(-8, 8).map(lambda i: i * 0.5)
values = st.one_of(st.floats(-90, 90), tied)
SICK = (math.nan, math.inf, -math.inf, CLIP, -CLIP, 1e30, -250.0)


@st.composite
def pairs(draw, elements=values):
    points = draw(st.integers(1, 4))
    shapes = [(draw(st.integers(2, 14)), points) for _ in range(2)]
    return [draw(hnp.arrays(np.float64, shape, elements=elements)) for shape in shapes]


def mean_over_pairs(values):
    return np.mean([abs(a - b) for a, b in itertools.permutations(values, 2)])


def unit_of(oracle):
    spread = np.mean([mean_over_pairs(x) for x in oracle.T])
    return spread if spread > ROUNDING else 1.0


def plain(x, y):
    """The energy distance of finite margins at one point, pair by pair."""
    return 2 * np.mean([abs(a - b) for a in x for b in y]) - mean_over_pairs(x) - mean_over_pairs(y)


def by_definition(oracle, unlearned):
    """The score with misses: wherever they make it largest, then their share toward a total miss, and beyond."""
    gone = diverged(unlearned)
    unit = unit_of(oracle)
    found = []
    for x, y in zip(oracle.T, unlearned.T, strict=True):
        lost = ~(abs(y) < CLIP) | gone
        places = (*x, *y[~lost], -CLIP, CLIP) if lost.any() else (0.0,)
        placed = max(plain(x, np.where(lost, z, y)) for z in places)
        worst = max(2 * np.mean(abs(x - z)) for z in (-CLIP, CLIP)) - mean_over_pairs(x)
        far = [min(abs(v), LIMIT) if math.isfinite(v) else LIMIT for v in y[lost]]
        beyond = 2 * sum(max(v - CLIP, 0) for v in far) / len(y)
        found.append((placed + lost.mean() * (worst - placed) + beyond) / unit)
    return found


def same(found, expected, unit=1.0):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 / unit)


@given(pairs())
def test_scores_are_the_definition(pair):
    unit = unit_of(pair[0])
    found = energy_scores(*pair)
    same(found, [plain(x, y) / unit for x, y in zip(pair[0].T, pair[1].T, strict=True)], min(unit, 1))


@given(pairs(), st.data())
def test_misses_are_the_definition(pair, data):
    entries = st.tuples(*(st.integers(0, n - 1) for n in pair[1].shape))
    for at in data.draw(st.lists(entries, min_size=1, max_size=6, unique=True)):
        pair[1][at] = data.draw(st.sampled_from(SICK))
    unit = unit_of(pair[0])
    same(energy_scores(*pair), by_definition(*pair), min(unit, 1))


def test_what_is_nearly_a_total_miss_is_raised_by_what_is_left():
    x, y = np.array([[0.0], [1.0], [2.0]]), np.array([[-99.9], [-99.9], [math.nan]])
    same(energy_scores(x, y), by_definition(x, y))


@given(pairs(), st.data())
def test_no_place_of_the_misses_is_worse(pair, data):
    """A missing margin scores at least as much as any finite one would in its stead."""
    lost = data.draw(hnp.arrays(bool, pair[1].shape))
    missing = np.where(lost, math.nan, pair[1])
    anywhere = np.where(lost, data.draw(hnp.arrays(float, pair[1].shape, elements=values)), pair[1])
    assert (energy_scores(pair[0], missing) >= energy_scores(pair[0], anywhere) - 1e-9).all()


@given(pairs(), st.data())
def test_replacing_models_by_diverged_ones_never_lowers_a_score(pair, data):
    order = data.draw(st.permutations(range(len(pair[1]))))
    before = energy_scores(*pair)
    for model in order[: data.draw(st.integers(1, len(order)))]:
        pair[1][model] = data.draw(st.sampled_from(SICK))
        after = energy_scores(*pair)
        assert (after >= before - 1e-9 * np.maximum(abs(before), 1)).all()
        before = after


@given(pairs(), st.data())
def test_no_single_margin_out_of_range_lowers_a_score(pair, data):
    before = energy_scores(*pair)
    entries = st.tuples(*(st.integers(0, n - 1) for n in pair[1].shape))
    for at in data.draw(st.lists(entries, min_size=1, max_size=5, unique=True)):
        pair[1][at] = data.draw(st.sampled_from(SICK))
        after = energy_scores(*pair)
        assert (after >= before - 1e-9 * np.maximum(abs(before), 1)).all()
        before = after


@given(pairs(st.floats(-30, 30)), st.floats(0.1, 3), st.floats(-9, 9), st.data())
def test_invariances(pair, factor, shift, data):
    """Scaling, shifting and mirroring all margins, and the order of models and of points, change nothing."""
    unit = unit_of(pair[0])
    before = energy_scores(*pair)
    slack = min(unit, 1) * 0.1
    if 1e-6 < unit != 1:
        same(energy_scores(*(-factor * sample + shift for sample in pair)), before, slack)
    orders = [data.draw(st.permutations(range(len(sample)))) for sample in pair]
    points = data.draw(st.permutations(range(pair[0].shape[1])))
    shuffled = [sample[order][:, points] for sample, order in zip(pair, orders, strict=True)]
    same(energy_scores(*shuffled), before[points], slack)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1.000001, -77.7])
def test_models_that_do_not_differ_score_zero(value):
    """Sums of equal numbers leave a rest of rounding, which is no unit."""
    assert (energy_scores(np.full((12, 3), value), np.full((2, 3), value)) == 0).all()


def test_oracles_that_differ_by_rounding_alone_are_no_unit():
    far, oracle = np.full((2, 1), 2.0), np.array([[0.0], [np.finfo(float).tiny]])
    assert energy_scores(oracle, far) == pytest.approx([4.0])
    assert energy_scores(oracle + np.array([[0.0], [1e-9]]), far)[0] > 1e9


@pytest.mark.parametrize(("n", "m"), [(2, 2), (2, 9), (20, 20), (30, 100), (100, 7)])
def test_mean_at_the_null_is_zero(n, m):
    draw = np.random.default_rng(0)
    found = energy_scores(draw.exponential(size=(n, 40_000)), draw.exponential(size=(m, 40_000)))
    assert abs(found.mean()) < 4 * found.std() / math.sqrt(40_000)


def test_a_shift_of_normal_margins_scores_what_theory_says():
    """E|N(d, 2)| for a shift of d, with E|x − x'| = 2/√π; means over independent points."""
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(2, 60, 4000))
    for d in (0.5, 1.0, 3.0):
        folded = 2 / math.sqrt(math.pi) * math.exp(-d * d / 4) + d * math.erf(d / 2)
        expected = (2 * folded - 4 / math.sqrt(math.pi)) / (2 / math.sqrt(math.pi))
        found = energy_scores(x, y + d)
        assert found.mean() == pytest.approx(expected, abs=4 * found.std() / math.sqrt(4000))


def test_the_bounds_of_margins_are_those_that_were_written():
    assert (CLIP, LIMIT, ROUNDING) == (100.0, 1e6, 1e-12)


def test_it_grows_without_bound_as_models_leave():
    draw = np.random.default_rng(2)
    x, y = draw.normal(size=(2, 20, 30))
    scores = [energy_scores(x, y + d).mean() for d in (0, 1, 3, 10, 30, 60, 90, 300, 3000, 3e4, 3e5)]
    assert (np.diff(scores) > 0).all()
    unit = np.mean([mean_over_pairs(column) for column in x.T])
    assert scores[-1] > 2 * 2.9e5 / unit
    one_by_one = y.copy()
    last = energy_scores(x, y).mean()
    for model in range(20):
        one_by_one[model] = -math.inf
        now = energy_scores(x, one_by_one).mean()
        assert now - last > 1.8 * LIMIT / unit / 20
        last = now


def test_unlearned_models_cannot_stretch_the_unit():
    """One wild model among shifted ones: the histogram over the pooled range loses the shift, this does not."""
    draw = np.random.default_rng(3)
    x, y = draw.normal(size=(2, 100, 200))
    y += 2
    before = energy_scores(x, y).mean()
    y[0] = -99
    assert energy_scores(x, y).mean() > before - 0.1


def test_oracles_that_agree_everywhere_are_measured_in_logits():
    x, y = np.full((5, 3), 2.0), np.full((4, 3), 4.5)
    np.testing.assert_array_equal(energy_scores(x, x), 0)
    np.testing.assert_allclose(energy_scores(x, y), 5.0)


def test_a_point_where_oracles_agree_is_measured_in_the_spread_of_the_others():
    x = np.array([[1.0, 0.0], [1.0, 2.0], [1.0, 4.0]])
    assert energy_scores(x, np.array([[2.0, 1.0]] * 3))[0] == pytest.approx(2 / (8 / 3 / 2))


@pytest.mark.parametrize(("points", "least"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (9, 5)])
def test_a_model_has_diverged_where_half_of_its_margins_have(points, least):
    for beyond in range(points + 1):
        margins = np.zeros((2, points))
        margins[1, :beyond] = -CLIP
        assert diverged(margins).tolist() == [False, beyond >= least]
    margins[1] = [math.nan] + [0.0] * (points - 1)
    assert diverged(margins).tolist() == [False, True]


def test_diverged_oracles_raise_the_score():
    draw = np.random.default_rng(4)
    x, y = draw.normal(size=(2, 20, 30))
    before = energy_scores(x, y)
    for model in range(18):
        x[model] = math.nan
        after = energy_scores(x, y)
        assert (after > before).all()
        before = after
    x[18] = math.inf
    np.testing.assert_array_equal(energy_scores(x, y), np.full(30, 2 * LIMIT))


def test_diverged_oracles_raise_it_by_what_the_worst_of_them_would():
    """By the share of those that are gone: a total miss, or the score where that is more, and two spreads."""
    draw = np.random.default_rng(7)
    x, y = draw.normal(size=(2, 8, 5))
    y[:, 0], y[0, 1] = 99.0, 1e5  # far, and beyond a total miss
    before, kept = energy_scores(x[:6], y), x[:6]
    unit = np.mean([mean_over_pairs(column) for column in kept.T])
    worst = [max(2 * np.mean(abs(c - z)) for z in (-CLIP, CLIP)) - mean_over_pairs(c) for c in kept.T]
    x[6:] = math.nan
    same(energy_scores(x, y), before + (8 / 6 - 1) * (np.maximum(np.array(worst) / unit, before) + 2))


def test_float32_is_not_rounded_further():
    draw = np.random.default_rng(5)
    x, y = (draw.standard_normal((20, 50), dtype=np.float32) + np.float32(40) for _ in range(2))
    same(energy_scores(x, y), energy_scores(x.astype(float), y.astype(float)))


def test_blocks_do_not_matter():
    draw = np.random.default_rng(6)
    x, y = draw.normal(size=(2, 6, 2500))
    y[2, ::7] = math.nan
    y[3, ::7] = math.inf
    unit = np.mean([mean_over_pairs(column) for column in x.T])
    for part in (slice(0, 900), slice(1000, 2500)):
        own = np.mean([mean_over_pairs(column) for column in x[:, part].T])
        same(energy_scores(x, y)[part], energy_scores(x[:, part], y[:, part]) * own / unit)


@pytest.mark.parametrize(
    ("x", "y", "told"),
    [
        (np.zeros((3, 2)), np.zeros((3, 1)), "at 2 points and unlearned ones at 1"),
        (np.zeros((1, 2)), np.zeros((3, 2)), "at least 2"),
        (np.zeros((3, 2)), np.zeros((1, 2)), r"unlearned margins are of 1 model\(s\); at least 2"),
        (np.zeros(3), np.zeros((3, 2)), r"oracle margins have shape \[3\]"),
        (np.zeros((3, 2)), np.zeros(3), r"unlearned margins have shape \[3\]"),
        (np.zeros((3, 2, 1)), np.zeros((3, 2)), r"oracle margins have shape \[3, 2, 1\]"),
        (np.zeros((3, 2)), np.zeros((3, 2, 1)), r"unlearned margins have shape \[3, 2, 1\]"),
        (np.zeros((3, 1)), np.zeros((3, 2)), "at 1 points and unlearned ones at 2"),
        (np.zeros((3, 0)), np.zeros((3, 0)), "no points"),
    ],
)
def test_wrong_samples_are_errors(x, y, told):
    with pytest.raises(ValueError, match=told):
        energy_scores(x, y)
