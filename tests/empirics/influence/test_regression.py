"""Ridge regression of margins on subsets, against scikit-learn's and against what was planted."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge

from ascentcheck.empirics.influence import regression


@pytest.mark.parametrize("ridge", [0.5, 30.0])
def test_the_closed_form_is_ridge_regression_with_a_free_intercept(planted, ridge):
    masks, margins = planted.masks[:80], planted.margins[:80]
    found = regression.fit(masks, margins, ridge)
    expected = Ridge(alpha=ridge).fit(masks - 0.5, margins.astype(float))
    np.testing.assert_allclose(found.coefficients, expected.coef_, atol=1e-5)
    np.testing.assert_allclose(found.intercepts, expected.intercept_, atol=1e-5)
    np.testing.assert_allclose(
        found.predict(planted.test_masks), expected.predict(planted.test_masks - 0.5), atol=1e-4
    )


def test_fewer_models_than_points_are_enough_for_a_fit(planted):
    found = regression.fit(planted.masks[:30], planted.margins[:30], 3.0)
    expected = Ridge(alpha=3.0).fit(planted.masks[:30] - 0.5, planted.margins[:30].astype(float))
    np.testing.assert_allclose(found.coefficients, expected.coef_, atol=1e-5)


def test_planted_coefficients_are_recovered(planted):
    ridge, _ = regression.choose_ridge(planted.masks, planted.margins, (0.1, 1, 10, 100, 1000))
    found = regression.fit(planted.masks, planted.margins, ridge).coefficients
    truth = planted.coefficients - planted.coefficients.mean(
        1, keepdims=True
    )  # subsets of one size hide the mean
    found = found - found.mean(1, keepdims=True)
    error = np.sqrt(((found - truth) ** 2).mean())
    assert error < 2 * 0.3 * 2 / np.sqrt(len(planted.masks))  # twice the standard error of least squares
    assert np.corrcoef(found.ravel(), truth.ravel())[0, 1] > 0.9


def test_the_chosen_ridge_is_the_best_of_those_tried_and_grows_with_the_noise(planted):
    ridges = tuple(np.geomspace(0.1, 1e5, 13))
    quiet, scores = regression.choose_ridge(planted.masks, planted.margins, ridges)
    assert scores[ridges.index(quiet)] == max(scores)
    assert len(scores) == len(ridges)
    noisy = planted.linear_margins(planted.masks, planted.coefficients, 5.0, 5)
    assert regression.choose_ridge(planted.masks, noisy, ridges)[0] > 10 * quiet


def test_scores_of_the_choice_are_those_of_a_fit_without_the_models_left_out(planted):
    masks, margins = planted.masks[:200], planted.margins[:200]
    left_out = np.arange(200) % 5 == 4
    for ridge, score in zip(
        (1.0, 50.0), regression.choose_ridge(masks, margins, (1.0, 50.0))[1], strict=True
    ):
        fit = regression.fit(masks[~left_out], margins[~left_out], ridge)
        assert score == pytest.approx(
            regression.lds(fit.predict(masks[left_out]), margins[left_out]).mean(), abs=2e-3
        )


def test_lds_is_spearman_s_correlation_of_each_target(planted):
    draw = np.random.default_rng(0)
    one, other = draw.integers(0, 5, (30, 4)).astype(float), draw.normal(size=(30, 4))  # with ties
    expected = [spearmanr(a, b).statistic for a, b in zip(one.T, other.T, strict=True)]
    np.testing.assert_allclose(regression.lds(one, other), expected, atol=1e-12)
    one[:, 2] = 7
    assert regression.lds(one, other)[2] == 0


def test_lds_is_high_for_what_was_planted_and_nothing_for_shuffled_masks(planted):
    fit = regression.fit(planted.masks, planted.margins, 5.0)
    good = regression.summary(fit.predict(planted.test_masks), planted.test_margins)
    assert good.mean > 0.5
    assert good.interval[0] <= good.mean <= good.interval[1]
    assert (good.subsets, good.targets) == (160, 60)
    shuffled = planted.masks[np.random.default_rng(9).permutation(len(planted.masks))]
    wrong = regression.fit(shuffled, planted.margins, 5.0)
    none = regression.summary(wrong.predict(planted.test_masks), planted.test_margins)
    assert none.interval[0] < 0 < none.interval[1]
    assert abs(none.mean) < 0.1
