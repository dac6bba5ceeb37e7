"""The objectives of eq. (1) on real data sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from ascentcheck.theory.problem import (
    OBJECTIVES,
    Problem,
    correlated_pair,
    minimise,
    orthogonal_groups,
)
from ascentcheck.theory.real_data import SETS, closed_forms, departures, real_problem
from ascentcheck.theory.values import on_coordinate


@given(st.integers(0, 10_000), st.sampled_from(OBJECTIVES))
def test_gradient_and_hessian_are_the_derivatives(seed, objective):
    draw = np.random.default_rng(seed)
    problem = Problem(draw.normal(size=(12, 3)), np.arange(12) >= 8, 0.3)
    w = draw.normal(size=3) / 2
    step = 1e-6
    for k in range(3):
        e = step * np.eye(3)[k]
        slope = (problem.value(objective, w + e) - problem.value(objective, w - e)) / (2 * step)
        bend = (problem.gradient(objective, w + e) - problem.gradient(objective, w - e)) / (2 * step)
        scale = 1 + np.abs(problem.hessian(objective, w)).max()
        assert abs(slope - problem.gradient(objective, w)[k]) < 1e-6 * scale
        assert np.abs(bend - problem.hessian(objective, w)[:, k]).max() < 1e-5 * scale


def test_the_minimum_is_the_one_another_solver_finds():
    problem = correlated_pair(6, 3, 0.4, 0.2, others=(5, 2))
    for objective in ("pretrained", "retrained"):
        other = optimize.minimize(
            lambda w, o=objective: problem.value(o, w),
            np.zeros(4),
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 20_000},
        ).x
        assert np.abs(minimise(problem, objective) - other).max() < 1e-6


def test_no_minimum_is_nan():
    problem = orthogonal_groups((30, 70), (20, 1), ridge=1e-3)
    assert np.isnan(minimise(problem, "da")).all()


@pytest.mark.parametrize("seed", range(3))
def test_closed_forms_meet_the_solver_coordinate_by_coordinate(seed):
    draw = np.random.default_rng(seed)
    retain, forget = draw.integers(5, 60, 4), draw.integers(1, 6, 4)
    ridge = float(draw.uniform(0.5, 2))
    problem = orthogonal_groups(list(retain), list(forget), ridge, seed)
    inputs = (
        np.full(4, float(retain.sum())),
        np.full(4, float(forget.sum())),
        np.full(4, ridge),
        retain.astype(float),
        forget / retain,
    )
    assert np.abs(minimise(problem, "pretrained") - on_coordinate.w_pretrained(*inputs)).max() < 1e-9
    assert np.abs(minimise(problem, "retrained") - on_coordinate.w_retrained(*inputs)).max() < 1e-9


def test_bad_problems_are_refused():
    rows = np.eye(2)
    with pytest.raises(ValueError, match="ridge"):
        Problem(rows, np.array([False, True]), 0.0)
    with pytest.raises(ValueError, match="at least one"):
        Problem(rows, np.array([True, True]), 1.0)
    with pytest.raises(ValueError, match="unknown objective"):
        Problem(rows, np.array([False, True]), 1.0).value("oracle", np.zeros(2))


def test_rotated_groups_are_real_valued_rows_with_rotated_solutions():
    problem = orthogonal_groups((40, 30, 20), (4, 6, 2), 0.8)
    rotation, _ = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))
    turned = Problem(problem.signed @ rotation.T, problem.forget, problem.ridge)
    assert (np.abs(turned.signed) > 1e-3).all()
    for objective in OBJECTIVES:
        assert np.abs(minimise(turned, objective) - rotation @ minimise(problem, objective)).max() < 1e-8


def test_on_orthogonal_groups_the_real_data_reading_is_lemma_2():
    problem = orthogonal_groups((40, 30, 20), (4, 6, 2), 0.8)
    closed = closed_forms(problem)
    for objective in OBJECTIVES:
        assert np.abs(closed[objective] - minimise(problem, objective)).max() < 1e-8


@pytest.mark.parametrize("name", SETS)
def test_real_data_breaks_the_assumptions_and_the_closed_forms(name):
    problem = real_problem(name)
    gram = problem.signed @ problem.signed.T
    assert (np.abs(gram) > 1e-6).mean() > 0.9
    errors = {d.objective: d.relative_error for d in departures() if d.data == name}
    assert errors["pretrained"] > 0.05


def test_an_unknown_real_data_set_is_refused():
    with pytest.raises(ValueError, match="breast-cancer, digits"):
        real_problem("imagenet")
