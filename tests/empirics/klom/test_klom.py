"""KLoM against a loop written from its definition, and what no sample may do to a score."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from ascentcheck.empirics.klom import CLIP, OF_KLOM, WORST, diverged, klom, scores
from ascentcheck.empirics.klom.histogram import by_cell, histogram_scores
from ascentcheck.empirics.klom.robust import null_mean


def by_definition(p_sample, q_sample):
    """The paper's estimator at one point, one value after the other; nan where a sample is in no cell."""
    p_sample, q_sample = ([min(max(float(x), -100.0), 100.0) for x in s] for s in (p_sample, q_sample))
    low, high = min(p_sample + q_sample), max(p_sample + q_sample)
    if low == high:
        high = low + 1
    edges = [low + i * ((high - low) / 20) for i in range(20)] + [high]
    counts = [[0] * 20, [0] * 20]
    for count, sample in zip(counts, (p_sample, q_sample), strict=True):
        for value in sample:
            for i in range(20):
                if edges[i] <= value < edges[i + 1]:
                    count[i] += 1
    if not sum(counts[0]) or not sum(counts[1]):
        return math.nan
    p, q = ([c / sum(count) for c in count] for count in counts)
    q = [max(b, 1e-5) if a > 0 else b for a, b in zip(p, q, strict=True)]
    p, q = [a / sum(p) for a in p], [b / sum(q) for b in q]
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def expected(oracle, unlearned, estimator):
    pair = (oracle, unlearned) if estimator == "paper" else (unlearned, oracle)
    return np.array([by_definition(p, q) for p, q in zip(pair[0].T, pair[1].T, strict=True)])


smooth = st.floats(-30, 30)
tied = st.integers(-20, 20).map(lambda i: i * 0.05)
clipped = st.sampled_from([-1e30, -100.0, -99.0, 0.0, 99.0, 100.0, 1e30])
close = st.integers(0, 6).map(lambda i: 1 + i * 2.0**-52)
values = st.one_of(smooth, tied, clipped, close)


@st.composite
def samples(draw, elements=values):
    points = draw(st.integers(1, 4))
    kind = draw(st.sampled_from([np.float32, np.float64]))
    shapes = [(draw(st.integers(2, 12)), points) for _ in range(2)]
    drawn = [draw(hnp.arrays(np.float64, shape, elements=elements)) for shape in shapes]
    return [array.astype(kind) for array in drawn]


HISTOGRAMS = ("paper", "paper-reversed")


@given(samples(), st.sampled_from(HISTOGRAMS))
def test_histogram_scores_are_the_definition(pair, estimator):
    np.testing.assert_allclose(
        histogram_scores(*pair, estimator), expected(*pair, estimator), rtol=1e-13, atol=1e-15
    )


@pytest.mark.parametrize("estimator", HISTOGRAMS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_of_healthy_models_are_the_definition(estimator, dtype):
    draw = np.random.default_rng(0)
    oracle = draw.normal(3, 2, (100, 300)).astype(dtype)
    unlearned = draw.normal(4, 30, (80, 300)).astype(dtype)  # some values beyond the clip, no model diverged
    assert (abs(unlearned) > CLIP).any()
    assert not diverged(unlearned).any()
    np.testing.assert_allclose(
        scores(oracle, unlearned, estimator), expected(oracle, unlearned, estimator), rtol=1e-13
    )


def test_blocks_do_not_show():
    draw = np.random.default_rng(1)
    oracle, unlearned = draw.normal(size=(2, 10, 3000))
    whole = scores(oracle, unlearned)
    np.testing.assert_array_equal(whole[1500:1510], scores(oracle[:, 1500:1510], unlearned[:, 1500:1510]))


@pytest.mark.parametrize("order", ["C", "F"])
def test_layout_and_byte_order_do_not_matter(order):
    draw = np.random.default_rng(2)
    oracle, unlearned = draw.normal(size=(2, 10, 50)).astype(np.float32)
    np.testing.assert_array_equal(
        scores(np.asarray(oracle, ">f4", order), unlearned), scores(oracle, unlearned)
    )


def test_input_is_left_alone():
    draw = np.random.default_rng(3)
    oracle, unlearned = draw.normal(size=(2, 30, 5)) * 90
    unlearned[0] = np.inf
    copies = oracle.copy(), unlearned.copy()
    klom(oracle, unlearned)
    np.testing.assert_array_equal((oracle, unlearned), copies)


def test_the_directions_differ_as_they_should():
    """Oracles in one cell, unlearned models half there and half far away: cheap one way, dear the other."""
    draw = np.random.default_rng(9)
    oracle, unlearned = draw.normal(size=(2, 100, 1))
    unlearned[::2] -= 50
    assert scores(oracle, unlearned, "paper")[0] < 1
    assert scores(oracle, unlearned, "paper-reversed")[0] > 4


sick = st.sampled_from([math.nan, math.inf, -math.inf, 100.0, -100.0, 1e30, -1e30])


@given(samples(smooth), st.data(), st.sampled_from(OF_KLOM), st.booleans())
def test_a_diverged_model_never_improves_a_score(pair, data, estimator, in_oracle):
    """Beside the same sample without it: at no point is the score lower."""
    before = scores(*pair, estimator, misses=True)
    for _ in range(data.draw(st.integers(1, 4))):
        bad = np.full((1, pair[0].shape[1]), data.draw(sick))
        pair[0 if in_oracle else 1] = np.concatenate([pair[0 if in_oracle else 1], bad])
        after = scores(*pair, estimator, misses=True)
        assert (after >= before).all()
        before = after


@given(samples(st.one_of(values, sick)), st.sampled_from(OF_KLOM))
def test_no_sample_gives_nan_or_leaves_the_scale(pair, estimator):
    least = -null_mean(len(pair[0]), len(pair[1])) if estimator == "robust" else 0.0
    if estimator == "robust" and (sick := diverged(pair[0])).any() and not sick.all():
        least = -null_mean(int((~sick).sum()), len(pair[1]))
    score = scores(*pair, estimator, misses=True)
    assert ((score >= least - 1e-15) & (score <= WORST)).all()
    result = klom(*pair, estimator)
    assert least <= result.p95 + 1e-15 <= WORST + 1e-15
    assert (
        result.diverged_oracle + result.diverged_unlearned
        == diverged(pair[0]).sum() + diverged(pair[1]).sum()
    )


@given(samples(smooth), st.data())
def test_one_non_finite_margin_makes_a_model_diverged(pair, data):
    unlearned = pair[1]
    model, point = (data.draw(st.integers(0, n - 1)) for n in unlearned.shape)
    unlearned[model, point] = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    assert diverged(unlearned).tolist() == [i == model for i in range(len(unlearned))]


def test_a_model_has_diverged_when_half_its_margins_reach_the_clip():
    sample = np.zeros((4, 4))
    sample[1, 2], sample[2, :2], sample[3, 1:] = CLIP, -CLIP, 1e9
    assert diverged(sample).tolist() == [False, False, True, True]


def test_worst_bounds_the_estimator_closely():
    oracle, unlearned = np.zeros((4, 1)), np.array([[0.5], [1.0], [1.0], [1.0]])
    assert WORST - 2e-4 < histogram_scores(oracle, unlearned)[0] <= WORST


def test_one_model_at_the_clip_does_not_hide_a_shift():
    """The histogram alone falls from a clear two-sigma shift to almost nothing; the score does not."""
    draw = np.random.default_rng(4)
    oracle, unlearned = draw.normal([[[0.0]], [[1.0]]], 0.5, (2, 100, 500))
    clear = klom(oracle, unlearned).p95
    unlearned[0] = -CLIP
    assert np.percentile(histogram_scores(oracle, unlearned), 95) < 0.2
    assert klom(oracle, unlearned).p95 > 0.95 * clear


def test_all_diverged_is_a_total_miss():
    draw = np.random.default_rng(5)
    oracle = draw.normal(size=(20, 7))
    for sample in (np.full((20, 7), np.nan), np.full((20, 7), 100.0)):
        for pair in ((oracle, sample), (sample, oracle), (sample, sample)):
            assert scores(*pair).tolist() == [WORST] * 7


@pytest.mark.parametrize("estimator", OF_KLOM)
def test_an_oracle_that_has_diverged_counts_as_a_total_miss_beside_the_others(estimator):
    oracle, unlearned = np.random.default_rng(6).normal(size=(2, 20, 7))
    others = scores(oracle[5:], unlearned, estimator)
    oracle[:5] = -CLIP
    np.testing.assert_allclose(scores(oracle, unlearned, estimator), others + 0.25 * (WORST - others))


@pytest.mark.parametrize("estimator", HISTOGRAMS)
def test_a_sample_in_no_cell_is_an_error_and_not_a_zero(estimator):
    oracle, unlearned = np.zeros((20, 3)), np.zeros((20, 3))
    unlearned[:, 1] = 1.0
    for pair in ((oracle, unlearned), (unlearned, oracle)):
        with pytest.raises(ValueError, match="point 1: all margins of one sample are the pooled maximum"):
            scores(*pair, estimator)
        assert (klom(*pair, estimator).undefined, klom(*pair, estimator).mean) == (1, WORST / 3)
    assert klom(oracle, unlearned, "energy").undefined == 0
    assert scores(oracle, unlearned, estimator, misses=True).tolist() == [0.0, WORST, 0.0]


def test_constant_margins_that_agree_score_zero():
    oracle, unlearned = np.full((5, 3), 7.5), np.full((9, 3), 7.5)
    assert (scores(oracle, unlearned) == 0).all()
    np.testing.assert_allclose(by_cell(oracle, unlearned).edges[:, 0], np.linspace(7.5, 8.5, 21))


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((1, 3), (5, 3)), r"oracle margins are of 1 model\(s\); at least 2"),
        (((5, 3), (0, 3)), r"unlearned margins are of 0 model\(s\)"),
        (((5, 3), (5, 4)), "at 3 points and unlearned ones at 4"),
        (((5, 0), (5, 0)), "at no points"),
        (((5,), (5, 3)), r"shape \[5\], not \[models, points\]"),
    ],
)
def test_shapes_that_cannot_be_scored(shapes, message):
    with pytest.raises(ValueError, match=message):
        klom(*(np.zeros(shape) for shape in shapes))


def test_an_unknown_estimator_is_named():
    with pytest.raises(
        ValueError, match="estimator 'best' is unknown; allowed are paper, paper-reversed, robust"
    ):
        klom(np.zeros((5, 3)), np.zeros((5, 3)), "best")


def test_interval_holds_the_expected_score_and_shrinks_with_points():
    draw = np.random.default_rng(6)
    widths, held = {}, 0
    for points in (10, 1000):
        results = [klom(*draw.normal(size=(2, 100, points)), "paper") for _ in range(20)]
        centre = np.mean([r.p95 for r in results])
        held += sum(r.interval[0] <= centre <= r.interval[1] for r in results)
        widths[points] = np.median([r.interval[1] - r.interval[0] for r in results])
    assert held >= 36
    assert widths[1000] < widths[10] / 3


@pytest.mark.parametrize("estimator", ["paper", "robust", "energy"])
def test_the_interval_leaves_out_one_of_ten_groups_at_a_time(estimator):
    draw = np.random.default_rng(9)
    x, y = draw.normal(size=(20, 30)), draw.normal(size=(23, 30)) + 1
    found = klom(x, y, estimator)
    parts = [
        np.percentile(
            scores(
                np.delete(x, [k, k + 10], axis=0), np.delete(y, range(k, 23, 10), axis=0), estimator, True
            ),
            95,
        )
        for k in range(10)
    ]
    reach = stats.t(9).ppf(0.975) * np.sqrt(9 / 10 * ((parts - np.mean(parts)) ** 2).sum())
    low, high = found.p95 - reach, found.p95 + reach
    if estimator != "energy":
        low, high = max(low, 0), min(high, WORST)
    assert found.interval == pytest.approx((low, high))


@pytest.mark.parametrize("estimator", [*OF_KLOM, "energy"])
def test_all_that_is_told_of_the_points(estimator):
    draw = np.random.default_rng(11)
    x, y = draw.normal(size=(6, 30)), draw.normal(size=(7, 30)) + 1
    x[0], y[1:3] = math.nan, CLIP
    found, each = klom(x, y, estimator), scores(x, y, estimator)
    assert (found.estimator, found.n_oracle, found.n_unlearned, found.points) == (estimator, 6, 7, 30)
    assert (found.diverged_oracle, found.diverged_unlearned) == (1, 2)
    assert found.p95 == np.percentile(each, 95)
    assert found.mean == pytest.approx(each.mean())


def test_an_interval_ends_on_the_scale_and_holds_the_score():
    same = np.full((20, 3), 1.0)
    found = klom(same, same, "robust")
    assert found.p95 < 0
    assert found.interval[0] == found.p95 < found.interval[1] < 0
    gone = klom(same, np.full((20, 3), math.nan), "paper")
    assert gone.interval == (pytest.approx(WORST), WORST)
    draw = np.random.default_rng(10)
    near = klom(*draw.normal(size=(2, 20, 4)), "robust")
    assert near.interval[0] == 0 < near.p95 < near.interval[1]
    half = np.where(np.arange(20)[:, None] % 10 < 5, 0.0, 90.0) + draw.normal(size=(20, 3))
    wide = klom(draw.normal(size=(20, 3)), half, "paper")
    assert wide.interval[0] < wide.p95 <= wide.interval[1] <= WORST


def test_an_interval_of_the_energy_score_may_end_below_0():
    draw = np.random.default_rng(10)
    found = klom(*draw.normal(size=(2, 20, 4)), "energy")
    low, high = found.interval
    assert low < 0 < found.p95
    assert found.p95 - low == pytest.approx(high - found.p95)


def test_no_interval_from_fewer_than_twenty_models():
    draw = np.random.default_rng(7)
    assert np.isnan(klom(*draw.normal(size=(2, 19, 5))).interval).all()
    assert np.isfinite(klom(*draw.normal(size=(2, 20, 5))).interval).all()


def test_groups_left_out_cannot_raise_where_the_whole_does_not():
    """Only one group of models has values inside the cells: without it there is no score."""
    oracle = np.random.default_rng(8).uniform(0, 0.9, (20, 1))
    unlearned = np.ones((20, 1))
    unlearned[[0, 10]] = 0.5
    assert np.isfinite(klom(oracle, unlearned).interval).all()
