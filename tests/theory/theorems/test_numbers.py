"""The theorems against solvers that know nothing of them: random data, other losses, networks, finite steps."""

import itertools
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, special

from ascentcheck.theory import lambert
from ascentcheck.theory.claims import pair
from ascentcheck.theory.expression import rational
from ascentcheck.theory.linear.first_step import first_step, nearest_on_line
from ascentcheck.theory.linear.flow import follow
from ascentcheck.theory.linear.losses import EXPONENTIAL, LOGISTIC, LOSSES
from ascentcheck.theory.linear.minimum import Minimum, NoMinimumError, minimum
from ascentcheck.theory.linear.network import Network
from ascentcheck.theory.linear.problem import LinearProblem, Objective
from ascentcheck.theory.linear.simulated import SAMPLED, best_stops, sample_vectors
from ascentcheck.theory.real_data import real_samples
from ascentcheck.theory.solvers import pair_floats
from ascentcheck.theory.theorems import pair_harm
from ascentcheck.theory.values import on_coordinate, on_pair


def random_problem(draw, loss):
    n, d = int(draw.integers(6, 60)), int(draw.integers(1, 7))
    features = draw.normal(size=(n, d)) * 10 ** draw.uniform(-1, 0.5)
    signs = np.where(features @ draw.normal(size=d) + draw.normal(size=n) > 0, 1.0, -1.0)
    forget = np.zeros(n, dtype=bool)
    count = int(draw.integers(1, n))
    forget[
        np.argsort(-features[:, 0])[:count] if draw.random() < 0.5 else draw.choice(n, count, replace=False)
    ] = True
    return LinearProblem(features, signs, forget, loss, float(10 ** draw.uniform(-3, 1)))


def tuning(problem, w):
    return -problem.retrained().gradient(w)


def test_the_first_step_at_800_random_problems():
    draw, away = np.random.default_rng(0), 0
    for k in range(800):
        problem = random_problem(draw, (LOGISTIC, EXPONENTIAL)[k % 2])
        start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
        step = first_step(problem, 1.0, start, oracle)
        velocity = -problem.descent_ascent().gradient(start)
        assert step.residual <= 1e-8 * (1 + problem.n_total / problem.n_forget)
        assert step.speed == pytest.approx((start - oracle) @ velocity, rel=1e-6, abs=1e-10)
        lead, delta = problem.n_total / problem.n_forget, oracle - start
        assert step.fine_tuning >= lead * problem.ridge * (delta @ delta) * (1 - 1e-6) - 1e-10
        if step.speed > 1e-9:
            away += 1
            assert np.linalg.norm(delta) < np.linalg.norm(start) / lead
        assert -tuning(problem, start) @ delta <= 1e-10  # with the ridge inside, never away
    assert 20 < away < 400


def test_the_expected_first_step_over_all_forget_sets_is_the_shrinkage():
    draw = np.random.default_rng(1)
    features, signs = draw.normal(size=(8, 3)), draw.choice((-1.0, 1.0), 8)
    for loss, k, beta in itertools.product(LOSSES.values(), (1, 3, 6), (1.0, 0.4)):
        steps = []
        for chosen in itertools.combinations(range(8), k):
            forget = np.isin(np.arange(8), chosen)
            problem = LinearProblem(features, signs, forget, loss, 0.3)
            if not steps:
                start = minimum(problem.pretrained()).w
                slopes = loss.slope(problem.margins(start))[:, None] * features * signs[:, None]
            steps.append(-problem.descent_ascent(beta).gradient(start))
        np.testing.assert_allclose(np.mean(steps, axis=0), -beta * 0.3 * start, atol=1e-10)
        said = (k / (8 - k) + beta) ** 2 * (8 - k) / (k * 8) * np.cov(slopes.T)
        np.testing.assert_allclose(np.cov(np.array(steps).T, bias=True), said, atol=1e-10)


@pytest.mark.parametrize("rested", [True, False])
def test_the_identity_holds_for_a_network_at_rest_and_is_off_by_the_gradient_that_is_left(rested):
    features, signs = real_samples("breast-cancer")
    forget = np.random.default_rng(2).permutation(len(signs)) < 40
    network = Network(features, signs, 0.02, 3)
    at = np.random.default_rng(2).normal(size=network.size)
    at = network.trained(at) if rested else at
    g_r, g_f = network.gradient(at, ~forget)[1], network.gradient(at, forget)[1]
    numerical = optimize.approx_fprime(at, lambda v: network.gradient(v, forget)[0], 1e-6)
    np.testing.assert_allclose(g_f, numerical, atol=1e-4)
    left = np.linalg.norm(network.gradient(at, np.ones(len(signs), dtype=bool))[1] + 0.02 * at)
    step, tuned = -(g_r - g_f + 0.02 * at), -(g_r + 0.02 * at)
    off = np.linalg.norm(step - len(signs) / 40 * tuned + 0.02 * at)
    assert off == pytest.approx(len(signs) / 40 * left, rel=1e-6, abs=1e-10)
    assert (left < 1e-12) == rested
    assert np.linalg.norm(step) > 1e-3


def test_the_line_of_the_first_step_says_how_near_a_short_path_comes():
    draw = np.random.default_rng(3)
    for loss in LOSSES.values():
        features = draw.normal(size=(400, 6)) * np.linspace(1, 0.2, 6)
        signs = np.where(features @ np.ones(6) + draw.normal(size=400) > 0, 1.0, -1.0)
        problem = LinearProblem(features, signs, np.arange(400) < 3, loss, 0.02)
        start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
        nothing = np.linalg.norm(start - oracle)
        path, line = (
            follow(problem.descent_ascent(), start, oracle),
            nearest_on_line(problem, 1.0, start, oracle),
        )
        assert path.nearest.distance / nothing == pytest.approx(line.distance / nothing, abs=0.02)
        assert path.nearest.time == pytest.approx(line.time, rel=0.1)
        curvature = np.linalg.eigvalsh(problem.retrained().hessian(oracle))
        chi = curvature[-1] / curvature[0]
        hessian = problem.retrained().hessian(oracle)
        v, delta = hessian @ (oracle - start), oracle - start
        sine = np.sqrt(1 - (v @ delta) ** 2 / (v @ v) / (delta @ delta))
        assert sine <= (chi - 1) / (chi + 1) + 1e-12


@pytest.mark.parametrize("weight", [0.05, 0.3, 1.0])
def test_the_path_is_off_its_first_line_by_no_more_than_it_may(weight):
    draw, used = np.random.default_rng(15), []
    for _ in range(5):
        problem = random_problem(draw, LOGISTIC)
        start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
        down = problem.descent_ascent(weight)
        line, path = nearest_on_line(problem, weight, start, oracle), follow(down, start, oracle)
        velocity = -down.gradient(start)
        steepest = (1 + weight) * np.max(np.sum(problem.features**2, axis=1)) / 4 + problem.ridge
        early = path.times <= line.time
        times, off = path.times[early], path.weights[early] - start - np.outer(path.times[early], velocity)
        allowed = np.linalg.norm(velocity) * (np.expm1(steepest * times) - steepest * times) / steepest
        assert (np.linalg.norm(off, axis=1) <= allowed * (1 + 1e-6) + 1e-9).all()
        turned = steepest * line.time
        most = turned * np.exp(turned) / 2 * line.time * np.linalg.norm(velocity)
        assert path.nearest.distance <= line.distance + most + 1e-9
        used.append(len(times))
    assert max(used) > 3


def test_what_the_best_stop_leaves_is_what_the_summary_says():
    found, text = best_stops(), Path("docs/summary.md").read_text(encoding="utf-8")
    least, most = re.search(r"leaves (\d+%) to (\d+%) of the way", found.data).groups()
    assert f"leaves {least} to {most} of the way (simulated)" in " ".join(text.split())
    assert 0 < found.largest_error < 1


def on_curve(problem, weight):
    """Return w(s), the minimum of L_R + s·L_F, each with its ridge."""
    ridge = problem.ridge * (1 + weight)
    scaled = LinearProblem(problem.features, problem.signs, problem.forget, problem.loss, ridge)
    return minimum(Objective(scaled, 1.0, weight)).w


@pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
def test_the_oracle_is_in_the_middle_of_a_curve_up_to_the_remainder(loss):
    draw = np.random.default_rng(4)
    features = draw.normal(size=(60, 3))
    signs = np.where(features @ np.ones(3) + draw.normal(size=60) > 0, 1.0, -1.0)
    problem = LinearProblem(features, signs, np.arange(60) < 12, loss, 0.5)
    oracle = on_curve(problem, 0.0)
    np.testing.assert_allclose(on_curve(problem, 12 / 48), minimum(problem.pretrained()).w, atol=1e-9)
    relative = []
    for s in (0.04, 0.02, 0.01):
        before, past = on_curve(problem, s) - oracle, on_curve(problem, -s) - oracle
        relative.append(np.linalg.norm(past + before) / np.linalg.norm(before))
        if loss is LOGISTIC:
            rows = problem.features * signs[:, None]
            longest = np.linalg.norm(rows, axis=1).max()
            mixed = longest**2 / 4 + 0.5
            third = (1 + s) * longest**3 / (6 * np.sqrt(3))
            slope = longest + 0.5 * (np.linalg.norm(oracle) + 0.1)
            least = 0.5 * (1 - s) - s * longest**2 / 4
            if least > 0:
                bend = 2 * mixed * slope / least**2 + third * slope**2 / least**3
                assert np.linalg.norm(past + before) <= bend / 2 * 2 * s**2
    assert relative[1] == pytest.approx(relative[0] / 2, rel=0.1)
    assert relative[2] == pytest.approx(relative[1] / 2, rel=0.1)
    beta, s = 0.02, 0.01
    ahead, before = on_curve(problem, -beta) - oracle, on_curve(problem, s) - oracle
    np.testing.assert_allclose(ahead, -beta / s * before, atol=0.1 * np.linalg.norm(ahead))


def test_the_ridge_that_is_left_out_moves_the_end_by_the_same_order():
    draw = np.random.default_rng(13)
    features, signs = draw.normal(size=(60, 3)), draw.choice((-1.0, 1.0), 60)
    problem = LinearProblem(features, signs, np.arange(60) < 12, LOGISTIC, 0.5)
    oracle, beta = minimum(problem.retrained()).w, 1e-3
    end = minimum(problem.descent_ascent(beta), oracle).w
    shrinkage = -beta * 0.5 * np.linalg.solve(problem.retrained().hessian(oracle), oracle)
    inside = on_curve(problem, -beta) - oracle
    np.testing.assert_allclose(end - oracle, inside + shrinkage, rtol=0.01)
    assert np.linalg.norm(shrinkage) > np.linalg.norm(inside) / 10


def test_one_stop_of_a_quadratic_flow_leaves_no_more_than_the_condition_allows():
    draw = np.random.default_rng(14)

    def unequal(t, low, high, ratio):
        return (1 + ratio) * (np.exp(-low * t) + np.exp(-high * t)) - 2 * ratio

    for _ in range(200):
        curvature, gap = 10 ** draw.uniform(-2, 2, 4), draw.normal(size=4)
        low, high, ratio = curvature.min(), curvature.max(), 10 ** draw.uniform(-3, 3)
        stop = optimize.brentq(unequal, 0, np.log(1 + 1 / ratio) / low + 1, (low, high, ratio))
        left = ((1 + ratio) * np.exp(-curvature * stop) - ratio) * gap
        chi = high / low
        assert np.linalg.norm(left) <= (chi - 1) / (chi + 1) * np.linalg.norm(gap) * (1 + 1e-6)


def pair_solutions(draw, n):
    retain, forget = 10 ** draw.uniform(-1, 3, n), 10 ** draw.uniform(-1, 3, n)
    inputs = [
        retain,
        forget,
        10 ** draw.uniform(-3, 3, n),
        retain * draw.random(n),
        10 ** draw.uniform(-3, 1, n),
    ]
    eps = draw.random(n) ** draw.choice((0.1, 1.0), n)
    x, y = pair_floats.stationary(*inputs, eps)
    x_da, y_da = pair_floats.stationary(*inputs, eps, True)
    x_r, _ = pair_floats.stationary(*inputs[:4], np.zeros(n), eps, True)
    own, group = 1 + eps**2, inputs[3] / inputs[2]
    pull, pull_da = (
        inputs[4] * group / (retain + forget) * np.exp(-y),
        inputs[4] * group / forget * np.exp(-y_da),
    )
    nothing = np.sqrt(((x - x_r) ** 2 + (1 - eps**2) ** 2 * pull**2) / own)
    away = np.sqrt(((x_da - x_r) ** 2 + (1 - eps**2) ** 2 * pull_da**2) / own)
    return x, y, x_da, y_da, nothing, away


def test_on_the_pair_descent_ascent_below_in_x_is_farther_and_below_in_y_is_not_enough():
    x, y, x_da, y_da, nothing, away = pair_solutions(np.random.default_rng(5), 60_000)
    there = np.isfinite(x_da) & (nothing > 1e-12)
    below = there & (x >= x_da)
    assert below.sum() > 5_000
    assert (away[below] >= nothing[below] * (1 - 1e-9)).all()
    below_y = there & (y >= y_da) & ~below
    assert (away[below_y] < nothing[below_y] * (1 - 1e-6)).sum() > 500


def test_on_the_pair_no_larger_factor_is_true():
    for eps in (0.3, 0.9):
        for forget, most in ((1e3, 1.001), (1e6, 1.000001)):
            alpha = (1 + eps**2) / (2 * eps) * forget**2 / (1 + 2 * forget)
            values = (1, forget, forget * 1000, 1, eps, alpha)
            point = dict(zip(pair.DOMAIN.symbols, map(rational, map(Fraction, values)), strict=True))
            point[pair.alpha] = on_pair.exact(pair.alpha_min_x, point)
            assert 1 < float(pair_harm.CLAIM.evaluate(point).values["ratio"].mid()) < most


def third_force(w):
    """−ℓ' of a loss that is neither the logistic nor the exponential one, with a heavy tail."""
    return np.where(w > 0, (1 + np.abs(w)) ** -2.0, 1 - 2 * np.minimum(w, 0.0))


FORCES = {
    "logistic": lambda w: special.expit(-w),
    "exponential": lambda w: np.exp(-w),
    "heavy": third_force,
}


def scalar(force, z):
    """Return the solutions w = z·force(w) for z ≥ 0 by bisection, elementwise."""
    low, high = np.zeros_like(z), z * force(np.zeros_like(z))
    for _ in range(200):
        middle = (low + high) / 2
        above = middle > z * force(middle)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2


@pytest.mark.parametrize("name", FORCES)
def test_lemma_3_has_the_same_range_for_every_loss(name):
    draw, n = np.random.default_rng(6), 6000
    retain, forget = (10 ** draw.uniform(-1, 2, n) for _ in range(2))
    ridge = 10 ** draw.uniform(-4, 2, n)
    group, alpha = retain * draw.random(n), forget / retain * draw.random(n)
    turning = forget**2 / (retain * (2 * forget + retain))
    z_d, z_r = (1 + alpha) * group / (ridge * (retain + forget)), group / (ridge * retain)
    z_da = (1 - alpha * retain / forget) * group / (ridge * retain)
    w_d, w_r, w_da = (scalar(FORCES[name], z) for z in (z_d, z_r, z_da))
    clear = (np.abs(alpha / turning - 1) > 1e-3) & (np.abs(w_d - w_r) > 1e-12)
    away = (w_da - w_d) * (w_d - w_r) > 0
    assert clear.sum() > 5000
    assert (away == (alpha > turning))[clear].all()
    bounded = (
        np.abs(w_d - w_r) <= np.abs(np.log((1 + alpha) * retain / (retain + forget))) * (1 + 1e-9) + 1e-12
    )
    assert bounded.all() == (name != "heavy")


def test_the_logistic_minimum_exists_for_every_share_and_is_the_farther_one():
    draw, only = np.random.default_rng(7), 0
    for _ in range(60):
        kept, gone = int(draw.integers(1, 5)), int(draw.integers(1, 30))
        ridge = float(10 ** draw.uniform(-2, 0))
        rows = np.ones((kept + gone + 20, 1))
        rows[kept + gone :] = 0
        problem = LinearProblem(
            rows, np.ones(len(rows)), (np.arange(len(rows)) >= kept) & (rows[:, 0] > 0), LOGISTIC, ridge
        )
        start, oracle = minimum(problem.pretrained()).w, minimum(problem.retrained()).w
        end = follow(problem.descent_ascent(), start, oracle, 1e-7).end
        assert isinstance(end, Minimum)
        retain = problem.n_retain
        z = (kept / retain - 1) / ridge
        assert abs(end.w[0]) <= abs(z) + 1e-9
        assert abs(end.w[0] - oracle[0]) > abs(start[0] - oracle[0])
        only += z < -np.exp(-1)
    assert only > 20


def test_sampled_vectors_are_as_recorded_and_the_limit_is_approached():
    assert sample_vectors() == SAMPLED
    assert SAMPLED.below_threshold == 0
    m, kappa = 4, 0.5
    kept, gone = np.eye(m)[0], np.array([0, 1, 1, 1]) / 3
    for factor, closer in ((0.98, False), (1.02, True)):
        share, lam = kappa * factor, 1e5
        z = [((1 - share) * kept + share * gone) / lam, kept / lam, (kept - gone) / lam]
        w_d, w_r, w_da = (lambert.lambert_w0(part) for part in z)
        assert (np.linalg.norm(w_da - w_r) < np.linalg.norm(w_d - w_r)) == closer


def test_the_threshold_of_the_vector_holds_for_other_losses():
    draw, closer = np.random.default_rng(11), 0
    for name in ("logistic", "heavy"):
        force = FORCES[name]
        for _ in range(400):
            m = int(draw.integers(2, 6))
            kept, gone = (draw.dirichlet(np.full(m, 10 ** draw.uniform(-2, 1))) for _ in range(2))
            if draw.random() < 0.5:
                kept, gone = np.eye(m)[0], np.r_[0, np.ones(m - 1)] / (m - 1)
            share, lam = draw.uniform(0.02, 0.98), 10 ** draw.uniform(-1, 3)
            z = [((1 - share) * kept + share * gone) / lam, kept / lam, (kept - gone) / lam]
            w_d, w_r = scalar(force, z[0]), scalar(force, z[1])
            w_da = np.array(
                [scalar(force, np.array(v)) if v >= 0 else below_zero(force, -v) for v in z[2]], dtype=float
            )
            if not np.isfinite(w_da).all():
                continue
            better = np.linalg.norm(w_da - w_r) < np.linalg.norm(w_d - w_r) * (1 - 1e-9)
            closer += better
            assert not (better and share <= 1 / np.sqrt(m))
    assert closer > 30


def below_zero(force, z):
    """Return the first w = −p < 0 with p = z·force(−p), nan where there is none up to p = 100."""
    grid = np.linspace(0, 100, 20_001)
    over = np.flatnonzero(grid >= z * force(-grid))
    if not len(over):
        return np.nan
    low, high = grid[max(over[0] - 1, 0)], grid[over[0]]
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if middle >= z * force(np.array(-middle)) else (middle, high)
    return -high


def test_steps_up_to_the_limit_never_help_and_beyond_it_may():
    inputs = [np.array([v]) for v in (2.0, 1.0, 1.0, 1.0, 0.2)]
    start, oracle, da = (
        on_coordinate.w_pretrained(*inputs)[0],
        on_coordinate.w_retrained(*inputs)[0],
        on_coordinate.w_da(*inputs)[0],
    )
    largest = 2 / (1 + da * np.exp(start - da))

    def best(rate):
        at, found = start, []
        for _ in range(500):
            at = at - rate * (at - 0.3 * np.exp(-at))
            found.append(abs(at - oracle))
            if at < -30:
                break
        return min(found)

    for rate in np.linspace(0.01, 1, 50) * largest:
        assert best(rate) >= abs(start - oracle) - 1e-12
    assert best(1.9) < 0.005 < abs(start - oracle)


def test_stable_logistic_steps_never_help():
    draw = np.random.default_rng(12)
    retain, forget = 10.0, draw.uniform(0.5, 10, 200)
    ridge, group = 10 ** draw.uniform(-2, 0.5, 200), draw.uniform(0.2, 10, 200)
    turning, balance = forget**2 / (retain * (2 * forget + retain)), forget / retain
    alpha = turning + (balance - turning) * draw.uniform(0, 1, 200)
    pull = group / retain - alpha * group / forget
    start = scalar(FORCES["logistic"], (1 + alpha) * group / (ridge * (retain + forget)))
    oracle = scalar(FORCES["logistic"], group / (ridge * retain))
    rate, at = 2 / (ridge + pull / 4), start.copy()
    for _ in range(500):
        at = at - rate * (ridge * at - pull * special.expit(-at))
        assert (np.abs(at - oracle) >= np.abs(start - oracle) - 1e-9).all()


@pytest.mark.parametrize("name", FORCES)
def test_no_weighting_that_is_1_at_the_start_helps_within_the_range(name):
    draw = np.random.default_rng(8)
    for _ in range(60):
        retain, forget, ridge = 10.0, float(draw.uniform(0.5, 10)), float(10 ** draw.uniform(-2, 0.5))
        group = float(draw.uniform(0.2, 10))
        turning, balance = forget**2 / (retain * (2 * forget + retain)), forget / retain
        alpha = turning + (balance - turning) * draw.uniform(0.02, 0.98)
        slopes = draw.normal(size=2)
        descent, ascent = group / retain, alpha * group / forget
        force = FORCES[name]
        start = float(scalar(force, np.array((1 + alpha) * group / (ridge * (retain + forget)))))
        oracle = float(scalar(force, np.array(group / (ridge * retain))))
        at, best = start, np.inf
        for _ in range(2000):
            weight = np.exp(np.clip(slopes[0] * (at - start) + slopes[1] * (at - start) ** 2, -5, 5))
            at += 0.01 * ((descent - weight * ascent) * float(force(np.array(at))) - ridge * at)
            at = max(at, -6.0)  # far below w^D, where some of these run off
            best = min(best, abs(at - oracle))
        assert best >= abs(start - oracle) - 1e-9


@pytest.mark.parametrize("name", FORCES)
def test_with_the_ridge_inside_every_path_passes_the_oracle(name):
    draw, force = np.random.default_rng(16), FORCES[name]
    for _ in range(20):
        retain, forget, ridge = 10.0, float(draw.uniform(0.5, 10)), float(10 ** draw.uniform(-2, 0.5))
        group, weight = float(draw.uniform(0.2, 10)), float(10 ** draw.uniform(-2, 1))
        alpha = forget / retain * float(10 ** draw.uniform(-1, 0.5))
        start = float(scalar(force, np.array((1 + alpha) * group / (ridge * (retain + forget)))))
        oracle = float(scalar(force, np.array(group / (ridge * retain))))
        places = np.linspace(start, oracle, 200)
        velocity = (group / retain - weight * alpha * group / forget) * force(places) - (
            1 - weight
        ) * ridge * places
        assert (np.sign(velocity) == np.sign(forget / retain - alpha)).all()


def test_a_minimum_is_not_invented_for_the_exponential_loss():
    problem = LinearProblem(np.ones((6, 1)), np.ones(6), np.arange(6) >= 1, EXPONENTIAL, 0.01)
    with pytest.raises(NoMinimumError):
        minimum(Objective(problem, 1.0, -3.0))
