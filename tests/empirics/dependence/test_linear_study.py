"""The linear arms: courses against other solvers and closed forms, doses and sets as they are described."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ascentcheck.empirics.dependence import linear_apart, linear_doses, linear_sets
from ascentcheck.empirics.dependence.diagnosis import diagnose
from ascentcheck.empirics.dependence.doses import MAIN, NONE, Dose
from ascentcheck.empirics.dependence.linear_courses import TIMES, at, course, solved
from ascentcheck.empirics.dependence.linear_data import SETTINGS, Setting, bundled, mask
from ascentcheck.empirics.dependence.predicted import predicted
from ascentcheck.empirics.dependence.predictors import pair_epsilon
from ascentcheck.empirics.dependence.ratio import HIGHEST, LOWEST, Interval
from ascentcheck.empirics.store import Store
from ascentcheck.theory.lambert import lambert_w0
from ascentcheck.theory.linear.flow import follow
from ascentcheck.theory.linear.losses import LOSSES
from ascentcheck.theory.linear.problem import LinearProblem, distances

CANCER = Setting("breast-cancer", "logistic", 1e-2)


@pytest.fixture(scope="module")
def problem():
    draw = np.random.default_rng(3)
    x = draw.normal(size=(120, 4)) / 2
    signs = np.where(x @ draw.normal(size=4) + 0.5 * draw.normal(size=120) > 0, 1.0, -1.0)
    return LinearProblem(x, signs, mask(120, np.arange(15)), LOSSES["logistic"], 0.05)


def test_a_course_is_what_another_solver_finds(problem):
    start, oracle = solved(problem)
    objective = problem.descent_ascent(1.0)
    found = course(problem, "one", start, oracle)
    times = TIMES["one"]
    other = solve_ivp(
        lambda _, w: -objective.gradient(w), (0, times[-1]), start, "DOP853", times, rtol=1e-10, atol=1e-12
    )
    for time, w in zip(times, other.y.T, strict=True):
        expected = math.log(distances(problem, w, oracle)[1] / distances(problem, start, oracle)[1])
        assert found.log_ratios[f"t={time:g}"] == pytest.approx(expected, abs=2e-3)


def test_a_course_agrees_with_the_diagnosis(problem):
    start, oracle = solved(problem)
    said = diagnose(problem.features, problem.signs, problem.forget, 0.05)
    for beta, known in zip(("one", "samples"), said.objectives, strict=True):
        found = course(problem, beta, start, oracle)
        assert found.nothing == pytest.approx(known.margins.do_nothing)
        assert found.log_ratios["end"] == pytest.approx(math.log(known.margins.end / found.nothing), abs=1e-4)
        near = math.log(known.margins.best_stop / found.nothing)
        assert found.log_ratios["nearest"] == pytest.approx(near, abs=1e-3)


def test_a_divergence_has_no_place_and_the_highest_ratio():
    x = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    runaway = LinearProblem(x, np.ones(3), mask(3, np.array([2])), LOSSES["exponential"], 0.01)
    start, oracle = solved(runaway)
    found = course(runaway, "one", start, oracle)
    assert found.log_ratios["end"] == HIGHEST
    objective = runaway.descent_ascent(1.0)
    path = follow(objective, start, oracle, 1e-5)
    assert at(path, objective, 2 * path.times[-1]) is None
    np.testing.assert_allclose(at(path, objective, 0.0), start)


def test_without_copies_the_prediction_is_lemma_2_s():
    """A forgotten point alone on its coordinate: w^R = 0, w^D = W(1/(λ|D|)), and for β = |F|/|R| the end is W(−1/(λ|R|))."""
    ridge, n_retain, n_forget = 0.01, 960, 40
    found = predicted(NONE, n_retain, n_forget, "exponential", ridge, "samples")
    before = float(lambert_w0(np.array(1 / (ridge * (n_retain + n_forget)))))
    after = float(lambert_w0(np.array(-1 / (ridge * n_retain))))
    assert math.exp(found.end) == pytest.approx(abs(after) / before, rel=1e-6)
    assert found.nearest == LOWEST  # the path from w^D to below 0 leads through the oracle


def test_exact_copies_are_lemma_2_s_with_alpha():
    ridge, n_retain, n_forget = 0.01, 960, 40
    found = predicted(Dose(4.0, 1.0), n_retain, n_forget, "exponential", ridge, "samples")
    size = math.sqrt(2)  # both samples are (1, 1): a coordinate along it has samples of this length
    scaled = ridge / size**2
    solved_at = [
        float(lambert_w0(np.array(z)))
        for z in (5 / (scaled * 1000), 4 / (scaled * n_retain), (4 - 1) / (scaled * n_retain))
    ]
    assert math.exp(found.end) == pytest.approx(
        abs(solved_at[2] - solved_at[1]) / abs(solved_at[0] - solved_at[1]), rel=1e-6
    )


def test_the_pair_s_epsilon_has_the_angle():
    for correlation in (0.0, 0.3, 0.9, 1.0):
        e = pair_epsilon(correlation)
        assert 0 <= e <= 1
        assert 2 * e / (1 + e * e) == pytest.approx(correlation)


@pytest.mark.parametrize("name", ["digits-halves", "digits-one", "breast-cancer"])
def test_bundled_data_are_two_classes_of_unit_mean_square_length(name):
    data = bundled(name)
    assert set(data.signs) == {-1.0, 1.0}
    assert (data.x**2).sum(axis=1).mean() == pytest.approx(1)
    assert np.ptp(data.x[:, -1]) == 0  # the intercept
    with pytest.raises(ValueError, match="unknown data"):
        bundled("iris")


def test_doses_are_kept_and_their_responses_paired(tmp_path, monkeypatch):
    store, told = Store(tmp_path), []
    monkeypatch.setattr(linear_doses, "DOSES", (NONE, MAIN))
    found = linear_doses.run(store, lambda what, share: told.append(share), (CANCER,), draws=3)
    assert told[-1] == 1.0
    monkeypatch.setattr(linear_doses, "at_dose", pytest.fail)  # all of it is in the store
    assert linear_doses.run(store, lambda what, share: None, (CANCER,), draws=3) == found
    rows = list(linear_doses.responses(found))
    assert {row.place for row in rows if row.beta == "one"} == {
        *(f"t={t:g}" for t in TIMES["one"]),
        "nearest",
        "end",
    }
    for row in rows:
        if row.dose == NONE:
            assert row.effect == row.nothing_effect == Interval(0.0, 0.0, 0.0)
    main = next(r for r in rows if r.dose == MAIN and r.place == "nearest" and r.beta == "one")
    each = [found[CANCER, d, MAIN]["one"]["log_ratios"]["nearest"] for d in range(3)]
    still = [found[CANCER, d, NONE]["one"]["log_ratios"]["nearest"] for d in range(3)]
    assert main.effect.value == pytest.approx(np.mean(np.subtract(each, still)))
    assert main.n == 3


def test_every_kind_of_set_is_what_it_says():
    data = bundled("digits-halves")
    found = {}
    for number in range(len(linear_sets.KINDS)):
        chosen = linear_sets.choose(data, number, 20, 3)
        assert len(np.unique(chosen.forget)) == 20
        found[chosen.kind] = chosen
        again = linear_sets.choose(data, number, 20, 3)
        np.testing.assert_array_equal(chosen.forget, again.forget)
    assert len(found) == 8
    assert set(data.classes[found["class"].forget]) == {3}
    wrong = found["mislabelled"]
    assert (wrong.data.signs != data.signs).sum() == 20
    assert (wrong.data.signs[wrong.forget] == -data.signs[wrong.forget]).all()
    twin = found["duplicates"]
    apart = np.linalg.norm(twin.data.x[twin.forget][:, None] - twin.data.x[None], axis=2)
    assert ((apart < 1e-9).sum(axis=1) >= 2).all()
    for kind in ("neighbours", "cluster"):
        x = data.x[found[kind].forget]
        assert np.linalg.norm(x - x.mean(axis=0), axis=1).mean() < 0.8


def test_sets_have_a_row_with_predictors_and_both_courses(tmp_path, monkeypatch):
    monkeypatch.setattr(linear_sets, "SIZES", (20,))
    monkeypatch.setattr(linear_sets, "KINDS", linear_sets.KINDS[:1])
    (one,) = linear_sets.run(Store(tmp_path), lambda what, share: None, SETTINGS[:1], each=1)
    row = linear_sets.row(one)
    assert row["kind"] == "random"
    assert row["one end"] > row["one nearest"]
    assert row["gradient_cka"] == one.predictors["gradient_cka"]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_share_of_a_forgotten_sample_is_on_a_direction_of_its_own(share):
    x = np.random.default_rng(0).normal(size=(30, 4))
    forget = np.array([2, 7, 11])
    found = linear_apart.moved(x, forget, share)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), np.linalg.norm(x, axis=1))
    retain = np.setdiff1d(np.arange(30), forget)
    np.testing.assert_array_equal(found[retain, :4], x[retain])
    np.testing.assert_allclose(found[forget] @ found[retain].T, np.sqrt(1 - share) * x[forget] @ x[retain].T)
    among = found[forget] @ found[forget].T
    np.testing.assert_allclose(
        among - np.diag(np.diag(among)), (1 - share) * (x[forget] @ x[forget].T) * (1 - np.eye(3)), atol=1e-12
    )


def test_orthogonal_samples_are_forgotten_by_retraining_alone():
    """On a direction that only one forgotten sample has, w^R is 0 and w^D has the sample's sign."""
    data = bundled("breast-cancer")
    forget = np.array([3, 100, 400])
    x = linear_apart.moved(data.x, forget, 1.0)
    start, oracle = solved(CANCER.problem(data, mask(len(x), forget), x))
    np.testing.assert_allclose(oracle[-3:], 0, atol=1e-9)
    assert (np.sign(start[-3:]) == data.signs[forget]).all()
    partly, _ = solved(CANCER.problem(data, mask(len(x), forget), linear_apart.moved(data.x, forget, 0.5)))
    assert not np.allclose(partly[:-3], start[:-3], atol=1e-6)


def test_what_is_apart_is_kept_and_averaged(tmp_path, monkeypatch):
    monkeypatch.setattr(linear_apart, "SHARES", (1.0,))
    found = linear_apart.run(Store(tmp_path), lambda what, share: None, (CANCER,), draws=2)
    monkeypatch.setattr(linear_apart, "at_share", pytest.fail)  # all of it is in the store
    assert linear_apart.run(Store(tmp_path), lambda what, share: None, (CANCER,), draws=2) == found
    (row,) = [r for r in linear_apart.responses(found) if (r.beta, r.place) == ("samples", "end")]
    each = [found[CANCER, draw, 1.0]["samples"]["log_ratios"]["end"] for draw in range(2)]
    assert row.n == 2
    assert row.ratio.value == pytest.approx(np.mean(each))
    assert row.fails == np.mean([e >= 0 for e in each])
