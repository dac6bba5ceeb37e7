"""Stationary points: Lambert's function on a coordinate, products on two, and a bound that is fed what is not convex."""

import numpy as np
import pytest
from scipy.special import lambertw

from ascentcheck.empirics.dependence.stationary import found, least_curvature, root
from ascentcheck.theory.linear.losses import EXPONENTIAL, LOGISTIC
from ascentcheck.theory.linear.problem import LinearProblem

RIDGE = 0.5


def coordinates(count, loss=EXPONENTIAL):
    """On each coordinate two retained samples and one forgotten one."""
    rows = np.concatenate([np.eye(count)] * 3)
    return LinearProblem(rows, np.ones(3 * count), np.arange(3 * count) >= 2 * count, loss, RIDGE)


def search(problem, beta):
    d = problem.features.shape[1]
    return found(problem, beta, (np.ones(d),), np.random.default_rng(0), starts=6)


def branches(z):
    return [float(lambertw(z, branch).real) for branch in (0, -1)]


def test_one_coordinate_has_the_two_branches_of_lambert():
    """λw = (1 − β)e^(−w) beyond balance, β > 1: the minimum is W₀, the maximum W₋₁."""
    points = search(coordinates(1), 1.15)
    assert [p.w[0] for p in points] == pytest.approx(branches(-0.15 / RIDGE))
    assert [p.index for p in points] == [0, 1]


def test_two_coordinates_have_all_pairs_of_these():
    points = search(coordinates(2), 1.15)
    one = branches(-0.15 / 2 / RIDGE)
    assert [p.index for p in points] == [0, 1, 1, 2]
    assert sorted(tuple(np.round(p.w, 6)) for p in points) == sorted(
        tuple(np.round([a, b], 6)) for a in one for b in one
    )


def test_beyond_the_last_balance_there_is_none():
    assert search(coordinates(1), 5.0) == []


def test_a_bound_proves_one_point_and_the_search_finds_one():
    problem = coordinates(2, LOGISTIC)
    assert least_curvature(problem, 1.0) == pytest.approx(RIDGE - 1 / 2 / 4)
    assert least_curvature(problem, 1.0) > 0
    (only,) = search(problem, 1.0)
    assert only.index == 0
    np.testing.assert_allclose(problem.descent_ascent(1.0).gradient(only.w), 0, atol=1e-10)


def test_the_bound_proves_nothing_where_the_hessian_turns():
    problem = coordinates(2, LOGISTIC)
    assert least_curvature(problem, 10.0) < 0
    assert np.linalg.eigvalsh(problem.descent_ascent(10.0).hessian(np.zeros(2)))[0] < 0
    assert least_curvature(coordinates(2), 1e-3) == -np.inf


def test_a_flat_point_is_not_told():
    """R = {1, −1} and F = {1, −1}: with β = 2 and λ = ¼ the gradient is odd in w, and the curvature at 0 is ¼ + ¼ − ½ = 0."""
    signs = np.array([1.0, -1.0, 1.0, -1.0])
    problem = LinearProblem(np.ones((4, 1)), signs, np.array([False, False, True, True]), LOGISTIC, 0.25)
    objective = problem.descent_ascent(2.0)
    assert (objective.gradient(np.zeros(1))[0], objective.hessian(np.zeros(1))[0, 0]) == (0, 0)
    assert root(objective, np.zeros(1)) is None
    steeper = problem.descent_ascent(1.9)
    assert root(steeper, np.zeros(1)).index == 0
