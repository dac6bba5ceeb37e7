"""The robust estimator: a loop from its definition, its exact null, and that nothing broken improves a score."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ascentcheck.empirics.klom import CLIP, WORST, diverged, klom, null_floor, scores
from ascentcheck.empirics.klom.robust import cell_ranks, null_mean, robust_scores

tied = st.integers(-8, 8).map(lambda i: i * 0.5)
values = st.one_of(st.floats(-30, 30), tied)
SICK = (math.nan, math.inf, -math.inf, CLIP, -CLIP, 1e30)


@st.composite
def pairs(draw, elements=values):
    points = draw(st.integers(1, 3))
    shapes = [(draw(st.integers(2, 24)), points) for _ in range(2)]
    return [draw(hnp.arrays(np.float64, shape, elements=elements)) for shape in shapes]


def by_definition(oracle, unlearned, misses=0, cells=8, prior=4.0):
    """The score at one point, value by value, without the null's mean; misses are in the cell where they make it largest."""
    n = len(oracle)
    ordered = sorted(oracle)
    ranks = sorted({1, n} | {min(max(round(j * (n + 1) / cells), 1), n) for j in range(1, cells)})
    edges = [-math.inf, *(ordered[r - 1] for r in ranks), math.inf]
    gaps = np.diff([0, *ranks, n + 1]) / (n + 1)

    def shares(sample, missing=0, place=0):
        counts = [missing * (k == place) for k in range(len(edges) - 1)]
        for value in sample:
            for side in (0, 1):  # half as though just below, half as though just above
                inside = [
                    k
                    for k in range(len(counts))
                    if (edges[k] < value <= edges[k + 1] if side == 0 else edges[k] <= value < edges[k + 1])
                ]
                counts[inside[0]] += 0.5
        return [(c + prior * g) / (len(sample) + missing + prior) for c, g in zip(counts, gaps, strict=True)]

    return max(
        sum(
            (a - b) * math.log(a / b) / 2
            for a, b in zip(shares(oracle), shares(unlearned, misses, k), strict=True)
        )
        for k in range(len(edges) - 1)
    )


@given(pairs())
def test_scores_are_the_definition(pair):
    expected = [by_definition(o, u) for o, u in zip(pair[0].T, pair[1].T, strict=True)]
    found = scores(*pair, "robust") + null_mean(len(pair[0]), len(pair[1]))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(pairs(), st.data(), st.sampled_from([0.3, 2.0, 50.0]))
def test_misses_are_the_definition(pair, data, worst):
    """A miss may be a margin or a whole model; the score is cut at the worst before their share leads there."""
    oracle, unlearned = pair
    gone = data.draw(hnp.arrays(bool, len(unlearned)))
    entries = st.tuples(*(st.integers(0, n - 1) for n in unlearned.shape))
    for at in data.draw(st.lists(entries, max_size=4, unique=True)):
        unlearned[at] = data.draw(st.sampled_from(SICK))
    lost = ~(abs(unlearned) < CLIP) | gone[:, None]
    found = robust_scores(oracle, unlearned, gone, worst)
    for point, misses in enumerate(lost.sum(axis=0)):
        value = by_definition(oracle[:, point], unlearned[~lost[:, point], point], misses)
        value = min(value - null_mean(len(oracle), len(unlearned)), worst)
        expected = value + misses / len(unlearned) * (worst - value)
        assert found[point] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("n", "ranks"),
    [
        (2, [1, 2]),
        (9, [1, 2, 4, 5, 6, 8, 9]),
        (15, [1, 2, 4, 6, 8, 10, 12, 14, 15]),
        (31, [1, *range(4, 29, 4), 31]),
    ],
)
def test_cells_end_at_the_quantiles_the_first_and_the_last(n, ranks):
    assert cell_ranks(n).tolist() == ranks


def test_the_null_s_mean_is_that_over_all_orders():
    """Of 3 oracles and 2 unlearned models, all ten orders are as likely."""
    places = [set(chosen) for chosen in itertools.combinations(range(5), 3)]
    found = [
        by_definition([v for v in range(5) if v in own], [v for v in range(5) if v not in own])
        for own in places
    ]
    assert null_mean(3, 2) == pytest.approx(np.mean(found))


@given(pairs(), st.data())
def test_replacing_models_by_diverged_ones_never_lowers_a_score(pair, data):
    before = scores(*pair, "robust")
    for _ in range(data.draw(st.integers(1, 4))):
        pair[1][data.draw(st.integers(0, len(pair[1]) - 1))] = data.draw(st.sampled_from(SICK))
        after = scores(*pair, "robust")
        assert (after >= before - 1e-12).all()
        before = after


@given(pairs(), st.data())
def test_no_margin_out_of_range_lowers_a_score(pair, data):
    """A single margin that is nan, infinite or at the clip, whatever the others are."""
    before = scores(*pair, "robust")
    entries = st.tuples(*(st.integers(0, n - 1) for n in pair[1].shape))
    for at in data.draw(st.lists(entries, min_size=1, max_size=5, unique=True)):
        pair[1][at] = data.draw(st.sampled_from(SICK))
        after = scores(*pair, "robust")
        assert (after >= before - 1e-12).all()
        before = after


@given(pairs(tied), st.sampled_from([2.0, 5.0, 0.25]))
def test_increasing_maps_do_not_matter(pair, factor):
    np.testing.assert_array_equal(
        scores(*pair, "robust"), scores(*((np.sign(a) * abs(a) ** 2 * factor) for a in pair), "robust")
    )


@pytest.mark.parametrize(("n_oracle", "n_unlearned"), [(2, 2), (20, 20), (30, 100), (100, 100), (100, 7)])
def test_mean_at_the_null_is_zero(n_oracle, n_unlearned):
    draw = np.random.default_rng(0)
    found = scores(
        draw.exponential(size=(n_oracle, 20_000)), draw.exponential(size=(n_unlearned, 20_000)), "robust"
    )
    assert abs(found.mean()) < 4 * found.std() / math.sqrt(20_000)
    assert null_mean(n_oracle, n_unlearned) > 8 * found.std() / math.sqrt(
        20_000
    )  # so that 0 is not for nothing


def test_floor_does_not_depend_on_the_margins():
    draw = np.random.default_rng(1)
    other = np.percentile(scores(*(draw.exponential(size=(2, 50, 10_000)) / 4) ** 3, "robust"), 95)
    assert other == pytest.approx(null_floor(50, 50, "robust").p95, rel=0.06)


def test_constant_margins():
    same, other = np.full((20, 2), 3.0), np.full((20, 2), 4.0)
    assert (scores(same, same, "robust") <= 0).all()
    assert (scores(same, other, "robust") > 2 * null_floor(20, 20, "robust").p95).all()


def half_broken(seed=2, broken=30, far=3, points=400):
    """Oracles, and unlearned models of which some lost two sigma and a few lie far out at each point."""
    draw = np.random.default_rng(seed)
    oracle, unlearned = draw.normal(size=(2, 100, points))
    unlearned[:broken] -= 2
    out = draw.permuted(np.broadcast_to(np.arange(100)[:, None], (100, points)), axis=0) < far
    unlearned[out] -= 60
    return oracle, unlearned


def test_stretched_cells_do_not_hide_broken_models():
    """What makes half-broken models score below the floor by the paper's estimator: outliers in the pooled range."""
    oracle, unlearned = half_broken()
    assert not diverged(unlearned).any()
    assert klom(oracle, unlearned, "paper").p95 < 0.5 * null_floor(100, 100, "paper").p95
    found, floor = klom(oracle, unlearned, "robust"), null_floor(100, 100, "robust")
    assert found.interval[0] > 2 * floor.p95
    without = half_broken(far=0)
    assert np.median(scores(oracle, unlearned, "robust") - scores(*without, "robust")) > 0


def test_all_diverged_is_a_total_miss_and_one_costs_its_share():
    draw = np.random.default_rng(3)
    oracle, unlearned = draw.normal(size=(2, 50, 40))
    before = scores(oracle, unlearned, "robust")
    unlearned[7] = math.nan
    rise = scores(oracle, unlearned, "robust") - before
    assert (rise >= 0.02 * (WORST - before) - 1e-12).all()
    assert (scores(oracle, np.full((50, 40), math.nan), "robust") == WORST).all()


def test_two_hundred_thousand_models_stay_on_the_scale():
    """There the divergence alone is above WORST, and a diverged model would lower it."""
    oracle = np.random.default_rng(5).normal(size=(200_000, 1)).astype(np.float32)
    unlearned = np.full_like(oracle, -50)
    assert scores(oracle, unlearned, "robust") == WORST
    unlearned[::2] = math.inf
    assert scores(oracle, unlearned, "robust") == WORST


def test_interval_holds_the_expected_score():
    draw = np.random.default_rng(4)
    results = [klom(*draw.normal(size=(2, 100, 300)), "robust") for _ in range(30)]
    centre = np.mean([r.p95 for r in results])
    assert sum(r.interval[0] <= centre <= r.interval[1] for r in results) >= 26
