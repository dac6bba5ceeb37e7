"""The scores of others: each against a loop from its definition, its value for equal models, and hostile margins."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from sklearn.metrics import roc_auc_score

from ascentcheck.empirics.scores.epsilon import competition_score, epsilons, forgetting_quality
from ascentcheck.empirics.scores.membership import membership
from ascentcheck.empirics.scores.tug_of_war import accuracy, tug_of_war
from ascentcheck.empirics.scores.u_lira import LEAST, u_lira

DELTA = 1e-5
"""The competition's."""

small = hnp.arrays(np.float64, st.tuples(st.integers(2, 7), st.just(2)), elements=st.integers(-4, 4))


def epsilon_by_definition(x, y):
    cuts = [-math.inf, *(np.unique([*x, *y])[:-1] + 0.5), math.inf]  # between the integers that are there
    best = 0.0
    for i, low in enumerate(cuts):
        for high in cuts[i + 1 :]:
            for inside_is_unlearned in (True, False):
                takes = [((s > low) & (s < high)) == inside_is_unlearned for s in (x, y)]
                fpr, fnr = takes[0].mean(), 1 - takes[1].mean()
                if fpr == fnr == 0:
                    return math.inf
                if 0 in (fpr, fnr):
                    continue
                for a, b in ((fpr, fnr), (fnr, fpr)):
                    if 1 - DELTA - a > 0:
                        best = max(best, math.log(1 - DELTA - a) - math.log(b))
    return best


@given(small, small)
def test_epsilons_are_the_definition(x, y):
    expected = [epsilon_by_definition(a, b) for a, b in zip(x.T, y.T, strict=True)]
    np.testing.assert_allclose(epsilons(x, y), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("score", [epsilons, u_lira])
@pytest.mark.parametrize("shape", [(8,), (1, 2), (8, 3), (8, 0)])
def test_scores_are_of_two_samples_at_the_same_points(score, shape):
    for pair in ((np.ones(shape), np.ones((8, 2))), (np.ones((8, 2)), np.ones(shape))):
        with pytest.raises(ValueError, match="margins"):
            score(*pair)


def test_epsilons_see_what_is_apart_and_what_is_broken():
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(2, 50, 40))
    alike = np.median(epsilons(x, y))
    assert alike < math.log(50)
    assert np.median(epsilons(x, y + 1)) > alike
    assert (epsilons(x, y + 50) == math.inf).all()
    assert (epsilons(x, np.full_like(y, math.nan)) == math.inf).all()


def test_forgetting_quality_halves_with_each_bin():
    assert forgetting_quality(np.zeros(3), 512) == 1
    assert forgetting_quality(np.array([0.5]), 512) == 0.5
    assert forgetting_quality(np.array([0.2, 1.3, math.inf, 60]), 512) == pytest.approx((1 + 0.25) / 4)
    assert forgetting_quality(np.array([6.9]), 512) == 0.5**13  # ⌈ln 511⌉ = 7
    assert forgetting_quality(np.array([6.9]), 100) == 0  # ⌈ln 99⌉ = 5
    assert forgetting_quality(np.array([4.9, 5.0]), 100) == 0.5**9 / 2
    assert forgetting_quality(np.array([5.2]), 149) == 0  # ⌈ln 148⌉ = 5
    assert forgetting_quality(np.array([5.2]), 150) == 0.5**10  # ⌈ln 149⌉ = 6
    assert competition_score(0.5, (0.9, 0.8), (0.75, 0.5)) == pytest.approx(0.5 * 1.2 * 1.6)
    for never_right in ((0.0, 0.5), (0.75, 0.0), (0.0, 0.0)):
        assert math.isnan(competition_score(0.5, (0.9, 0.8), never_right))
    assert competition_score(0.5, (0.0, 0.8), (0.75, 0.5)) == 0


def test_u_lira_is_half_where_nothing_differs_and_that_of_normals_where_means_do():
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(2, 400, 300))
    assert u_lira(x, y).mean() == pytest.approx(0.5, abs=0.01)
    expected = 0.5 * (1 + math.erf(1 / math.sqrt(2)))  # a threshold one σ from either mean
    assert u_lira(x, y + 2).mean() == pytest.approx(expected, abs=0.01)


def test_u_lira_is_a_likelihood_ratio_of_normals_of_any_widths():
    draw = np.random.default_rng(3)
    x, y = draw.normal(size=(12, 4)) * [1, 1, 3, 0.2], draw.normal(size=(10, 4)) * [1, 4, 1, 0.1] + 0.5
    right = np.zeros((2, 4))
    for half in (0, 1):
        normals = [
            stats.norm(s[1 - half :: 2].mean(axis=0), s[1 - half :: 2].std(axis=0, ddof=1)) for s in (x, y)
        ]
        for kind, sample in enumerate((x, y)):
            own, other = normals[kind], normals[1 - kind]
            right[kind] += (own.pdf(sample[half::2]) > other.pdf(sample[half::2])).sum(axis=0)
    np.testing.assert_allclose(u_lira(x, y), (right[0] / 12 + right[1] / 10) / 2)


def test_u_lira_judges_members_that_it_was_not_fitted_to():
    """Two even members far from two odd ones: fitted to themselves all would be told right."""
    x = np.array([[0.0], [10.0], [0.1], [10.1]])
    assert u_lira(x, x + 0.01)[0] <= 0.5
    y = np.array([[10.0], [0.0], [10.1], [0.1]])
    assert u_lira(x, y)[0] == 0


def test_u_lira_tells_diverged_models():
    draw = np.random.default_rng(2)
    x, y = draw.normal(size=(2, 20, 10))
    before = u_lira(x, y)
    y[:10] = math.nan
    after = u_lira(x, y)
    assert (after >= 0.25).all()
    assert after.mean() > before.mean()
    with pytest.raises(ValueError, match="needs 4 models"):
        u_lira(x, np.full_like(y, math.inf))


def test_u_lira_needs_four_models_on_either_side():
    draw = np.random.default_rng(4)
    x, y = draw.normal(size=(2, 4, 3))
    assert ((u_lira(x, y) >= 0) & (u_lira(x, y) <= 1)).all()
    for pair in ((x, y[:3]), (x[:3], y)):
        with pytest.raises(ValueError, match="needs 4 models"):
            u_lira(*pair)


def test_u_lira_counts_a_tie_half_and_fits_no_normal_narrower_than_a_millionth():
    same, apart = np.zeros((8, 1)), np.array([[-1.0], [-1.0], [1.0], [1.0]] * 2)
    assert LEAST == 1e-6
    assert [u_lira(same, width * apart).tolist() for width in (0.0, 0.5e-6, 1.5e-6)] == [[0.5], [0.5], [1.0]]


def test_tug_of_war():
    same = {"forget": 0.9, "retain": 1.0, "test": 0.8}
    assert tug_of_war(same, same) == 1
    assert tug_of_war({"forget": 0.4, "retain": 0.9, "test": 0.8}, same) == pytest.approx(0.5 * 0.9)
    for pair in (({"forget": 0.1}, same), (same, {"forget": 0.1}), ({"a": 0.1}, {"b": 0.1})):
        with pytest.raises(ValueError, match="not the same"):
            tug_of_war(*pair)
    assert accuracy(np.array([[1.0, -1.0], [math.nan, 0.0]])) == 0.25


@given(
    hnp.arrays(np.float64, (2, 5), elements=st.integers(-3, 3)),
    hnp.arrays(np.float64, (2, 4), elements=st.integers(-3, 3)),
)
def test_membership_is_the_area_under_the_curve(forget, unseen):
    expected = [
        roc_auc_score(np.repeat([1, 0], [5, 4]), np.concatenate(pair))
        for pair in zip(forget, unseen, strict=True)
    ]
    np.testing.assert_allclose(membership(forget, unseen), expected)


def test_a_diverged_model_tells_all():
    forget, unseen = np.zeros((2, 3)), np.zeros((2, 3))
    forget[1, 0] = math.nan
    assert membership(forget, unseen).tolist() == [0.5, 1.0]
    with pytest.raises(ValueError, match="no points"):
        membership(forget, unseen[:, :0])
    layers = forget[:, :, None], unseen[:, :, None]
    for pair in (
        (forget, unseen[:1]),
        (forget, unseen[:, 0]),
        (forget[:, 0], unseen),
        (layers[0], unseen),
        (forget, layers[1]),
    ):
        with pytest.raises(ValueError, match="shapes"):
            membership(*pair)
    assert membership(forget, np.ones((2, 1))).tolist() == [0.0, 1.0]
