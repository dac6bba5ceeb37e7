"""The sweep of the ridge: softmax against scikit-learn and differences, and what is kept and averaged."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.linear_model import LogisticRegression

from ascentcheck.empirics.dependence import linear_sweep
from ascentcheck.empirics.dependence.linear_data import bundled, halves
from ascentcheck.empirics.dependence.softmax import SoftmaxProblem
from ascentcheck.empirics.store import Store
from ascentcheck.theory.linear.minimum import minimum


def problem():
    draw = np.random.default_rng(0)
    x = draw.normal(size=(60, 4)) / 2
    classes = np.argmax(x @ draw.normal(size=(4, 3)) + draw.normal(size=(60, 3)) / 3, axis=1)
    return SoftmaxProblem(x, classes, np.arange(60) < 9, 0.05)


def test_softmax_has_the_derivatives_of_its_value_and_the_minimum_of_scikit_learn():
    given = problem()
    w, v = np.random.default_rng(1).normal(size=(2, 12))
    for weights in ((1.0, -1.0), (0.85, 0.15)):
        objective = given.objective(*weights)
        np.testing.assert_allclose(objective.gradient(w), approx_fprime(w, objective.value, 1e-7), atol=1e-5)
        ahead, back = (objective.gradient(w + s * 1e-5 * v) for s in (1, -1))
        np.testing.assert_allclose(objective.hessian_product(w, v), (ahead - back) / 2e-5, atol=1e-6)
        np.testing.assert_allclose(objective.hessian(w) @ v, objective.hessian_product(w, v), atol=1e-12)
    keep = ~given.forget
    peer = LogisticRegression(C=1 / (0.05 * keep.sum()), fit_intercept=False, tol=1e-12)
    peer.fit(given.features[keep], given.classes[keep])
    found = minimum(given.objective(1.0, 0.0), given.zero).w
    np.testing.assert_allclose(found.reshape(3, 4), peer.coef_, atol=1e-5)
    logits = np.mean((given.features @ (w - v).reshape(3, 4).T) ** 2)
    assert (w - v) @ given.gram() @ (w - v) == pytest.approx(logits)


def test_the_sweep_is_kept_and_averaged(tmp_path, monkeypatch):
    monkeypatch.setattr(linear_sweep, "RIDGES", (0.1,))
    data = {"cancer": bundled("breast-cancer")}
    found = linear_sweep.run(Store(tmp_path), lambda what, share: None, data, draws=2)
    monkeypatch.setattr(linear_sweep, "at_ridge", pytest.fail)  # all of it is in the store
    assert linear_sweep.run(Store(tmp_path), lambda what, share: None, data, draws=2) == found
    (row,) = [r for r in linear_sweep.responses(found) if (r.beta, r.place) == ("samples", "end")]
    each = [one["samples"]["log_ratios"]["end"] for one in found.values()]
    assert (row.n, row.ridge, row.data) == (2, 0.1, "cancer")
    assert row.ratio.value == pytest.approx(np.mean(each))


def test_other_features_are_another_result():
    x = np.random.default_rng(0).normal(size=(20, 3))
    one = halves(x, np.arange(20) % 10)
    assert (one.signs > 0).sum() == 10
    assert (one.signs > 0).tolist() == (one.classes >= 5).tolist()
    assert one.digest != halves(x + np.eye(20, 3), one.classes).digest


def test_softmax_of_two_classes_is_the_logistic_model_with_half_the_ridge():
    """Weights ±u/2 for the classes have the logits ±⟨u, x⟩/2, and λ/2·‖w‖² is λ/4·‖u‖²: the same path, ends and ratios."""
    data = bundled("breast-cancer")
    found = linear_sweep.by_softmax(data, 0.1, 0)
    peer = linear_sweep.at_ridge(linear_sweep.Setting("cancer", "logistic", 0.05), data, 0)
    for beta in linear_sweep.BETAS:
        for place, ratio in found[beta]["log_ratios"].items():
            assert ratio == pytest.approx(peer[beta]["log_ratios"][place], abs=1e-4)
