"""Predictors in kernel form against plain matrices, on gradients that are written out."""

import math

import numpy as np
import pytest
from scipy import linalg

from ascentcheck.empirics.dependence.memorisation import memorised
from ascentcheck.empirics.dependence.network_curvature import curvatures, damped
from ascentcheck.empirics.dependence.predictors import pair_epsilon

N, P, RIDGE = 30, 7, 0.03


@pytest.fixture(scope="module")
def plain():
    """Gradients [n, p], weights [p] and the points to forget."""
    draw = np.random.default_rng(0)
    return draw.normal(size=(N, P)), draw.normal(size=P), np.array([0, 3, 4, 17, 29])


def kernel(gradients, weights, forget, ridge=RIDGE):
    member = damped(
        gradients @ gradients.T,
        gradients @ weights,
        float(weights @ weights),
        ridge,
        len(gradients) - len(forget),
    )
    return curvatures(member, forget)


def hessians(gradients, forget):
    inside = np.isin(np.arange(len(gradients)), forget)
    f, r = gradients[inside], gradients[~inside]
    return f, r, f.T @ f / len(f), r.T @ r / len(r) + RIDGE * np.eye(P)


def test_the_curvature_ratio_is_the_largest_generalised_eigenvalue(plain):
    gradients, weights, forget = plain
    *_, h_f, h_r = hessians(gradients, forget)
    expected = linalg.eigh(h_f, h_r, eigvals_only=True)[-1]
    assert kernel(gradients, weights, forget).curvature_ratio == pytest.approx(expected, rel=1e-9)
    assert kernel(gradients * 3, weights, forget).curvature_ratio != pytest.approx(expected, rel=1e-3)


def test_alpha_and_epsilon_are_those_of_the_leading_directions(plain):
    gradients, weights, forget = plain
    f, r, *_ = hessians(gradients, forget)
    a, b = (linalg.eigh(m.T @ m)[1][:, -1] for m in (f, r))
    found = kernel(gradients, weights, forget)
    assert found.effective_alpha == pytest.approx(np.sum((f @ a) ** 2) / np.sum((r @ a) ** 2))
    assert found.effective_epsilon == pytest.approx(pair_epsilon(abs(float(a @ b))))


def test_alpha_and_epsilon_of_a_pair_are_its_own():
    """Two retained samples (1, ε) and one forgotten (ε, 1): α = 1/2 of a pair whose gradients are of one size."""
    epsilon = 0.4
    gradients = np.array([[1.0, epsilon]] * 2 + [[epsilon, 1.0]])
    found = kernel(gradients, np.zeros(2), np.array([2]))
    assert found.effective_epsilon == pytest.approx(epsilon)
    assert found.effective_alpha == pytest.approx((1 + epsilon**2) ** 2 / (2 * (2 * epsilon) ** 2))


def test_the_first_step_is_that_of_the_flow_where_the_weights_are_stationary(plain):
    gradients, weights, forget = plain
    k, r = len(forget), N - len(forget)
    moved = gradients - gradients.mean(axis=0) - RIDGE * weights  # so that w is stationary for L_D
    f, rest, _, h_r = hessians(moved, forget)
    g_f, g_r = f.mean(axis=0), rest.mean(axis=0)
    np.testing.assert_allclose(r * g_r + k * g_f + N * RIDGE * weights, 0, atol=1e-12)
    delta = -np.linalg.solve(h_r, g_r + RIDGE * weights)
    velocity = -(g_r - g_f + RIDGE * weights)
    found = kernel(moved, weights, forget)
    assert found.first_step_speed_by_influence == pytest.approx(-float(velocity @ delta), rel=1e-9)


def test_without_a_ridge_only_the_directions_are_known(plain):
    gradients, weights, forget = plain
    found = kernel(gradients, weights, forget, 0.0)
    assert math.isnan(found.curvature_ratio)
    assert math.isnan(found.first_step_speed_by_influence)
    assert found.effective_alpha > 0


def margins(*probabilities):
    p = np.array(probabilities)
    return np.log(p / (1 - p))


def test_memorisation_is_the_fall_of_the_probability_without_a_point():
    taught = margins([0.9, 0.8, 0.7, 0.6], [0.7, 0.6, 0.5, 0.4])  # means 0.8, 0.7, 0.6, 0.5
    oracles = {
        "a": (np.array([0, 1]), margins([0.2, 0.3, 0.9, 0.9], [0.4, 0.5, 0.9, 0.9])),
        "b": (np.array([1, 2]), margins([0.9, 0.1, 0.4, 0.9], [0.9, 0.3, 0.2, 0.9])),
        "c": (np.array([3]), margins([0.9, 0.9, 0.9, 0.5], [0.9, 0.9, 0.9, 0.5])),
    }
    found = memorised(taught, oracles)
    assert found["a"].memorisation_by_oracles == pytest.approx(((0.8 - 0.3) + (0.7 - 0.4)) / 2)
    assert found["a"].memorisation == pytest.approx(0.7 - 0.2)  # point 1 alone, by the oracles of b
    assert found["a"].memorisation_covered == 0.5
    assert found["b"].memorisation == pytest.approx(0.7 - 0.4)
    assert math.isnan(found["c"].memorisation)
    assert found["c"].memorisation_by_oracles == pytest.approx(0)
