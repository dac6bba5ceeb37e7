"""KLoM: the paper's estimator bit by bit, and nothing broken ever helps."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from empirics.klom import CLIP, ESTIMATORS, WORST, diverged, histogram_scores, klom, scores
from empirics.null_floor import null_floor


def plain(p_sample, q_sample):
    """The estimator at one point, in the order of its definition, with nothing clever."""
    p_sample = [min(max(float(x), -100.0), 100.0) for x in p_sample]
    q_sample = [min(max(float(x), -100.0), 100.0) for x in q_sample]
    low, high = min(p_sample + q_sample), max(p_sample + q_sample)
    if high == low:
        high = low + 1
    edges = list(np.linspace(low, high, 21))
    counts = [
        [sum(edges[i] <= x < edges[i + 1] for x in sample) for i in range(20)]
        for sample in (p_sample, q_sample)
    ]
    if 0 in (sum(counts[0]), sum(counts[1])):
        return math.nan
    p, q = ([c / sum(row) for c in row] for row in counts)
    q = [max(b, 1e-5) if a > 0 else b for a, b in zip(p, q, strict=True)]
    p, q = [a / sum(p) for a in p], [b / sum(q) for b in q]
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def samples(low=-150.0, high=150.0):
    values = st.floats(low, high, width=32) | st.sampled_from([-100.0, -1.0, 0.0, 0.25, 100.0])
    return hnp.arrays(np.float32, st.tuples(st.integers(2, 12), st.just(3)), elements=values)


@given(samples(), samples())
def test_the_estimator_is_its_definition(oracle, unlearned):
    for name, (p, q) in zip(ESTIMATORS, ((oracle, unlearned), (unlearned, oracle)), strict=True):
        expected = [plain(p[:, k], q[:, k]) for k in range(3)]
        np.testing.assert_allclose(
            histogram_scores(oracle, unlearned, name), expected, rtol=1e-12, atol=1e-14
        )


def test_many_points_are_scored_as_few():
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=(2, 30, 2500))
    assert np.array_equal(
        histogram_scores(a, b)[2000:2010], histogram_scores(a[:, 2000:2010], b[:, 2000:2010])
    )


@given(
    samples(-90, 90), samples(-90, 90), st.sampled_from([np.nan, np.inf, -np.inf, -1e6, 1e30]), st.booleans()
)
def test_a_diverged_model_never_helps(oracle, unlearned, value, reverse):
    name = ESTIMATORS[reverse]
    sound = scores(oracle, unlearned, name, misses=True)
    broken = np.vstack([unlearned, np.full((1, 3), value, dtype=np.float32)])
    assert diverged(broken)[-1]
    worse = scores(oracle, broken, name, misses=True)
    assert np.isfinite(worse).all()
    assert (worse >= sound - 1e-12).all()
    assert (
        scores(broken, oracle, name, misses=True) >= scores(unlearned, oracle, name, misses=True) - 1e-12
    ).all()
    assert (worse <= WORST + 1e-12).all()


@given(samples(-90, 90), samples(-90, 90))
def test_one_nan_margin_makes_its_model_diverged(oracle, unlearned):
    broken = unlearned.copy()
    broken[0, 1] = np.nan
    assert diverged(broken)[0]
    without = scores(oracle, unlearned[1:], misses=True) if len(unlearned) > 2 else None
    if without is not None:
        assert (scores(oracle, broken, misses=True) >= without - 1e-12).all()


def test_worst_is_the_largest_value():
    p, q = np.full((4, 1), 0.0), np.full((4, 1), 1.0)
    p[0], q[0] = 0.0, 0.5
    assert histogram_scores(p, q)[0] <= WORST
    assert pytest.approx(math.log(1e5), abs=1e-3) == WORST
    assert scores(p, np.full((4, 1), np.inf))[0] == WORST


def test_a_sample_at_the_pooled_maximum_is_no_score():
    p, q = np.array([[0.0], [1.0], [2.0]]), np.full((3, 1), 2.0)
    with pytest.raises(ValueError, match="no score"):
        scores(p, q)
    assert scores(p, q, misses=True)[0] == WORST


def test_equal_constant_margins_score_zero():
    assert scores(np.full((5, 2), 3.0), np.full((6, 2), 3.0)) == pytest.approx([0, 0])


def test_diverged_models_are_counted_once_half_their_margins_reach_the_clip():
    margins = np.zeros((3, 4))
    margins[1, :2], margins[2, 0] = -CLIP, CLIP
    assert diverged(margins).tolist() == [False, True, False]


def test_a_shift_is_seen_and_the_interval_holds_the_score():
    draw = np.random.default_rng(1)
    a, b = draw.normal(size=(100, 400)), draw.normal(2, 1, size=(100, 400))
    far, near = klom(a, b), klom(a, draw.normal(size=(100, 400)))
    assert far.p95 > 4 * near.p95
    assert near.interval[0] <= near.p95 <= near.interval[1]
    assert math.isnan(klom(a[:10], b[:10]).interval[0])


@pytest.mark.parametrize(("n", "expected"), [(20, 5.1), (50, 1.68), (80, 0.94), (100, 0.65), (200, 0.28)])
def test_the_null_floor_is_the_known_one(n, expected):
    floor = null_floor(n, n)
    assert floor.p95 == pytest.approx(expected, rel=0.06)
    assert floor.interval[0] < floor.p95 < floor.interval[1]


def test_two_sets_of_one_distribution_score_at_the_floor():
    draw = np.random.default_rng(2)
    a, b = 3 + 5 * draw.normal(size=(2, 100, 4000))
    assert klom(a, b).p95 == pytest.approx(null_floor(100, 100).p95, rel=0.1)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros(3), np.zeros((3, 1)), "not .models, points."),
        (np.zeros((1, 2)), np.zeros((3, 2)), "at least 2"),
        (np.zeros((3, 2)), np.zeros((3, 4)), "2 points"),
        (np.zeros((3, 0)), np.zeros((3, 0)), "no points"),
    ],
)
def test_unusable_margins_are_refused(a, b, message):
    with pytest.raises(ValueError, match=message):
        scores(a, b)
    with pytest.raises(ValueError, match="unknown estimator"):
        scores(np.zeros((3, 2)), np.zeros((3, 2)), "mine")
