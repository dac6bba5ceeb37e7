"""Solvers on any data against closed forms, other libraries and finite differences."""

import numpy as np
import pytest
from scipy import optimize, special
from sklearn.linear_model import LogisticRegression

from ascentcheck.theory.linear.first_step import end_to_first_order, first_step
from ascentcheck.theory.linear.flow import Divergence, follow
from ascentcheck.theory.linear.losses import EXPONENTIAL, LOGISTIC, LOSSES
from ascentcheck.theory.linear.minimum import Minimum, NoMinimumError, minimum, polished
from ascentcheck.theory.linear.problem import LinearProblem, Objective, distances
from ascentcheck.theory.problem import correlated_pair, orthogonal_groups
from ascentcheck.theory.solvers import pair_floats
from ascentcheck.theory.values import on_coordinate


def random_problem(seed, loss, n=60, d=5, n_forget=12, ridge=0.05):
    draw = np.random.default_rng(seed)
    features = draw.normal(size=(n, d)) / np.sqrt(d)
    signs = np.where(features @ draw.normal(size=d) + 0.5 * draw.normal(size=n) > 0, 1.0, -1.0)
    forget = np.zeros(n, dtype=bool)
    forget[draw.choice(n, n_forget, replace=False)] = True
    return LinearProblem(features, signs, forget, loss, ridge)


def of_rows(problem, loss=EXPONENTIAL):
    """The same samples as an objective of the paper's, with all signs +1."""
    return LinearProblem(problem.signed, np.ones(len(problem.signed)), problem.forget, loss, problem.ridge)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
def test_derivatives_are_those_of_finite_differences(loss):
    problem = random_problem(0, loss)
    w, v = np.random.default_rng(1).normal(size=(2, 5))
    for objective in (
        problem.pretrained(),
        problem.retrained(),
        problem.descent_ascent(0.7),
        Objective(problem, 0.0, -1.0),
    ):
        gradient = optimize.approx_fprime(w, objective.value, 1e-7)
        np.testing.assert_allclose(objective.gradient(w), gradient, atol=1e-6)
        hessian = optimize.approx_fprime(w, objective.gradient, 1e-7)
        np.testing.assert_allclose(objective.hessian(w), hessian, atol=1e-6)
        np.testing.assert_allclose(objective.hessian_product(w, v), objective.hessian(w) @ v, atol=1e-13)


def test_one_coordinate_is_lemma_2_for_each_solution_and_diverges_beyond_its_range():
    retain, forget, ridge = (90, 60, 50), (5, 10, 25), 1.2
    paper = orthogonal_groups(retain, forget, ridge)
    problem = of_rows(paper)
    full = np.ones(3)
    inputs = (
        200 * full,
        40 * full,
        ridge * full,
        np.array(retain, float),
        np.array(forget) / np.array(retain),
    )
    start = minimum(problem.pretrained()).w
    np.testing.assert_allclose(start, on_coordinate.w_pretrained(*inputs), atol=1e-10)
    oracle = minimum(problem.retrained()).w
    np.testing.assert_allclose(oracle, on_coordinate.w_retrained(*inputs), atol=1e-10)
    path = follow(problem.descent_ascent(), start, oracle)
    assert isinstance(path.end, Minimum)
    np.testing.assert_allclose(path.end.w, on_coordinate.w_da(*inputs), atol=1e-10)
    small = of_rows(orthogonal_groups(retain, forget, 1e-2))
    ended = follow(small.descent_ascent(), minimum(small.pretrained()).w, oracle).end
    assert isinstance(ended, Divergence)
    assert ended.direction[2] < -0.99
    falls = [small.descent_ascent().value(30 * k * ended.direction) for k in (1, 2, 3)]
    assert falls[2] < falls[1] < falls[0] < 0


def test_the_correlated_pair_is_that_of_the_balls():
    for retain, forget, epsilon, ridge in ((20, 5, 0.6, 6.0), (10, 30, 0.3, 8.0)):
        problem = of_rows(correlated_pair(retain, forget, epsilon, ridge, (50, 12)))
        one = np.ones(1)
        inputs = (
            (retain + 62) * one,
            forget * one,
            ridge * one,
            retain * one,
            forget / retain * one,
            epsilon * one,
        )
        start = minimum(problem.pretrained()).w
        end = follow(problem.descent_ascent(), start, minimum(problem.retrained()).w).end
        for w, da in ((start, False), (end.w, True)):
            x, y = pair_floats.stationary(*inputs, da)
            assert w[0] + epsilon * w[1] == pytest.approx(float(x[0]), abs=1e-10)
            assert epsilon * w[0] + w[1] == pytest.approx(float(y[0]), abs=1e-10)


def test_logistic_minima_are_those_of_scikit_learn():
    problem = random_problem(3, LOGISTIC, n=200, ridge=0.01)
    peer = LogisticRegression(C=1 / (200 * 0.01), fit_intercept=False, tol=1e-12, max_iter=10_000)
    peer.fit(problem.features, problem.signs)
    found = minimum(problem.pretrained())
    np.testing.assert_allclose(found.w, peer.coef_[0], atol=1e-6)
    assert found.gradient <= 1e-10
    assert found.curvature >= 0.01 - 1e-12


def test_one_logistic_coordinate_solves_its_equation():
    problem = LinearProblem(np.ones((10, 1)), np.ones(10), np.arange(10) >= 7, LOGISTIC, 0.3)
    w = minimum(problem.pretrained()).w[0]
    assert 0.3 * w == pytest.approx(special.expit(-w), abs=1e-12)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
def test_a_flow_is_what_many_small_steps_do(loss):
    problem = random_problem(5, loss)
    start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
    objective = problem.descent_ascent(0.3)
    path = follow(objective, start, oracle)
    w, best, rate = start.copy(), np.inf, 1e-3
    for _ in range(40_000):
        w = w - rate * objective.gradient(w)
        best = min(best, float(np.linalg.norm(w - oracle)))
    assert path.nearest.distance == pytest.approx(min(best, np.linalg.norm(start - oracle)), rel=1e-3)
    assert isinstance(path.end, Minimum)
    assert path.nearest.distance < np.linalg.norm(start - oracle)
    assert path.nearest.distance <= np.linalg.norm(path.weights - oracle, axis=1).min() + 1e-12
    w = integrate_to(objective, start, path.nearest.time)
    np.testing.assert_allclose(w, path.nearest.w, atol=1e-6)


def integrate_to(objective, start, time):
    from scipy.integrate import solve_ivp

    return solve_ivp(lambda _, w: -objective.gradient(w), (0, time), start, rtol=1e-10, atol=1e-12).y[:, -1]


def test_the_place_nearest_in_margins_is_another_one():
    problem = random_problem(5, LOGISTIC)
    start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
    path = follow(problem.descent_ascent(0.3), start, oracle, grams=(problem.gram(),))
    weights, margins = path.closest
    assert margins.distance == pytest.approx(distances(problem, margins.w, oracle)[1])
    assert margins.distance <= min(distances(problem, w, oracle)[1] for w in path.weights) + 1e-12
    assert margins.distance < distances(problem, weights.w, oracle)[1]
    assert weights.distance < distances(problem, margins.w, oracle)[0]


def test_the_logistic_flow_always_ends_in_a_minimum():
    for seed in range(5):
        problem = random_problem(seed, LOGISTIC, n_forget=30, ridge=0.02)
        start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
        end = follow(problem.descent_ascent(2.0), start, oracle).end
        assert isinstance(end, Minimum)
        assert end.gradient <= 1e-10


def test_no_minimum_is_made_up():
    problem = random_problem(1, EXPONENTIAL, ridge=1e-3, n_forget=30)
    with pytest.raises(NoMinimumError):
        polished(problem.descent_ascent(), np.zeros(5))


@pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
def test_the_first_step_is_the_flow_s(loss):
    problem = random_problem(7, loss)
    start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
    for beta in (1.0, 0.25, 3.0):
        step = first_step(problem, beta, start, oracle)
        assert step.residual < 1e-9
        moved = start - 1e-6 * problem.descent_ascent(beta).gradient(start)
        slope = (np.sum((moved - oracle) ** 2) - np.sum((start - oracle) ** 2)) / 2e-6
        assert step.speed == pytest.approx(slope, rel=1e-4)
        assert step.direction == ("away" if slope > 0 else "toward")


@pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
def test_the_end_to_first_order_is_off_by_the_second(loss):
    off = []
    for n in (200, 400):
        draw = np.random.default_rng(8)
        features = draw.normal(size=(n, 3))
        problem = LinearProblem(
            features,
            np.where(features[:, 0] + draw.normal(size=n) > 0, 1.0, -1.0),
            np.arange(n) < 2,
            loss,
            0.2,
        )
        start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
        beta = 2 / (n - 2)
        end = minimum(problem.descent_ascent(beta), oracle).w
        said = end_to_first_order(problem, beta, start, oracle)
        off.append(np.linalg.norm(end - said))
        assert off[-1] < 0.1 * np.linalg.norm(end - oracle)
    assert off[1] < off[0] / 2


def test_features_of_any_float_type_and_in_blocks(monkeypatch):
    problem = random_problem(2, LOGISTIC)
    w = np.arange(5.0)
    half = LinearProblem(problem.features.astype(np.float16), problem.signs, problem.forget, LOGISTIC, 0.05)
    np.testing.assert_allclose(half.retrained().gradient(w), problem.retrained().gradient(w), atol=1e-3)
    whole = problem.pretrained().hessian(w)
    monkeypatch.setattr("ascentcheck.theory.linear.problem.BLOCK", 35)
    np.testing.assert_allclose(problem.pretrained().hessian(w), whole, atol=1e-14)
    monkeypatch.setattr("ascentcheck.theory.linear.problem.HELD", 1)
    coarse = LinearProblem(problem.features.astype(np.float32), problem.signs, problem.forget, LOGISTIC, 0.05)
    assert len(list(coarse.blocks())) > 5
    single = problem.features.astype(np.float32).astype(np.float64)
    fine = LinearProblem(single, problem.signs, problem.forget, LOGISTIC, 0.05)
    np.testing.assert_allclose(coarse.margins(w), problem.signs * (single @ w), atol=1e-14)
    np.testing.assert_allclose(
        coarse.descent_ascent().gradient(w), fine.descent_ascent().gradient(w), atol=1e-14
    )
    np.testing.assert_allclose(coarse.gram(), fine.gram(), atol=1e-14)
    np.testing.assert_allclose(problem.pretrained().hessian(w), whole, atol=1e-14)


def test_distances_in_weights_and_margins():
    problem = random_problem(2, LOGISTIC)
    apart, margins = distances(problem, np.ones(5), np.zeros(5))
    assert apart == pytest.approx(np.sqrt(5))
    assert margins == pytest.approx(np.sqrt(np.mean((problem.features.sum(axis=1)) ** 2)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ridge": 0.0}, "ridge"),
        ({"signs": np.zeros(60)}, "signs"),
        ({"forget": np.zeros(60, dtype=bool)}, "at least one"),
        ({"signs": np.ones(3)}, "features must be"),
    ],
)
def test_bad_problems_are_refused(change, says):
    problem = random_problem(0, LOGISTIC)
    given = {
        name: getattr(problem, name) for name in ("features", "signs", "forget", "loss", "ridge")
    } | change
    with pytest.raises(ValueError, match=says):
        LinearProblem(**given)
