"""Many samples: sums by blocks are those of one block, and the flow in its own directions is the flow."""

import numpy as np
import pytest
from click.testing import CliRunner

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.dependence import diagnosis, large, reduced
from ascentcheck.empirics.dependence.diagnosis import diagnose
from ascentcheck.empirics.dependence.large import expected
from ascentcheck.empirics.dependence.reduced import follow_reduced
from ascentcheck.empirics.dependence.streamed import Streamed, weighted
from ascentcheck.theory.linear.flow import UnsettledError, follow
from ascentcheck.theory.linear.losses import LOSSES
from ascentcheck.theory.linear.minimum import minimum
from ascentcheck.theory.linear.problem import LinearProblem, Objective


def samples(kind=np.float64, n=403, d=12, scale=1.0):
    draw = np.random.default_rng(0)
    x = (scale * draw.normal(size=(n, d)) / np.sqrt(d)).astype(kind)
    signs = np.where(x @ draw.normal(size=d) + 0.1 * scale * draw.normal(size=n) > 0, 1.0, -1.0)
    return x, signs, np.isin(np.arange(n), draw.choice(n, 17, replace=False))


def both(kind=np.float64, loss="logistic", ridge=0.01, rows=(7, 31), **more):
    x, signs, forget = samples(kind, **more)
    given = signs, forget, LOSSES[loss], ridge
    sizes = {"in_cache": rows[0] * x.shape[1], "for_matrices": rows[1] * x.shape[1]}
    return LinearProblem(x.astype(float), *given), Streamed(x, *given, **sizes)


@pytest.mark.parametrize("loss", ["logistic", "exponential"])
@pytest.mark.parametrize("rows", [(1, 403), (7, 31), (500, 500)])
def test_sums_by_blocks_of_odd_sizes_are_those_of_one_block(loss, rows):
    plain, blocked = both(loss=loss, rows=rows)
    draw = np.random.default_rng(1)
    w, v = draw.normal(size=(2, 12))
    close = {"rtol": 1e-10, "atol": 1e-10}
    np.testing.assert_allclose(blocked.margins(w), plain.margins(w), **close)
    np.testing.assert_allclose(blocked.gram(), plain.gram(), **close)
    for retain, forget in ((1.0, 0.0), (0.9, 0.1), (1.0, -1.0), (0.0, 1.0)):
        one, other = Objective(plain, retain, forget), weighted(blocked, retain, forget)
        assert other.value(w) == pytest.approx(one.value(w), rel=1e-10)
        np.testing.assert_allclose(other.gradient(w), one.gradient(w), **close)
        np.testing.assert_allclose(other.hessian(w), one.hessian(w), **close)
        np.testing.assert_allclose(other.hessian_product(w, v), one.hessian_product(w, v), **close)
    at = np.array([w, v])
    for found, weights in zip(blocked.gradients_at(at), ((1.0, 0.0), (0.0, 1.0)), strict=True):
        plainly = [Objective(plain, *weights).gradient(one) - plain.ridge * one for one in at]
        np.testing.assert_allclose(found, plainly, **close)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int8])
def test_gradients_are_in_float64_and_matrices_as_good_as_the_type(kind):
    plain, blocked = both(kind, scale=30.0 if kind == np.int8 else 1.0)
    w = np.random.default_rng(1).normal(size=12) / 10
    np.testing.assert_allclose(blocked.margins(w), plain.margins(w), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        blocked.retrained().gradient(w), plain.retrained().gradient(w), rtol=1e-10, atol=1e-12
    )
    exact = plain.retrained().hessian(w)
    np.testing.assert_allclose(blocked.retrained().hessian(w), exact, atol=1e-6 * np.abs(exact).max())


def test_what_is_kept_is_that_of_the_point_asked_for():
    plain, blocked = both()
    points = np.random.default_rng(2).normal(size=(7, 12))
    for w in (*points, *points[::-1], points[3]):
        np.testing.assert_allclose(
            blocked.pretrained().gradient(w), plain.pretrained().gradient(w), atol=1e-12
        )
        np.testing.assert_allclose(blocked.retrained().hessian(w), plain.retrained().hessian(w), atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "scale", "ends"),
    [("logistic", 1.0, True), ("exponential", 1.0, False), ("logistic", 10.0, True)],
)
def test_the_flow_in_its_own_directions_is_the_flow(loss, scale, ends):
    plain, blocked = both(loss=loss, scale=scale, n=600, d=30, rows=(600, 600))
    start = minimum(plain.pretrained()).w
    target = minimum(plain.retrained(), start).w
    for beta in (1.0, plain.n_forget / plain.n_retain):
        path, error = follow_reduced(blocked, beta, start, target, 1e-5)
        exact = follow(plain.descent_ascent(beta), start, target, 1e-7, (plain.gram(),))
        assert error <= reduced.ERROR
        for one, other in zip(path.closest, exact.closest, strict=True):
            assert one.distance == pytest.approx(other.distance, rel=1e-3)
            assert one.time == pytest.approx(other.time, rel=1e-2)
        if ends or beta < 1:
            np.testing.assert_allclose(path.end.w, exact.end.w, rtol=1e-6, atol=1e-8)
        else:
            assert path.end.time == pytest.approx(exact.end.time, rel=0.05)


def test_directions_that_are_not_enough_are_told(monkeypatch):
    monkeypatch.setattr(reduced, "MOST", 3)
    _, blocked = both(n=900, d=40)
    start = minimum(blocked.pretrained()).w
    with pytest.raises(UnsettledError, match="directions are not found"):
        follow_reduced(blocked, 1.0, start, minimum(blocked.retrained(), start).w, 1e-5)


def test_where_nothing_is_to_forget_every_step_does_harm(monkeypatch):
    x, signs, _ = samples(n=200)
    for module in (diagnosis, large):
        monkeypatch.setattr(module, "LARGE", 100)
    found = diagnose(np.vstack([x, x]), np.r_[signs, signs], np.arange(200), 0.02).objectives[0]
    assert found.weights.do_nothing < 1e-9
    assert found.weights.end > 0.1


@pytest.mark.parametrize("loss", ["logistic", "exponential"])
def test_a_diagnosis_of_many_samples_is_that_of_few(monkeypatch, loss):
    x, signs, forget = samples(np.float32, n=700, d=20)
    one = diagnose(x, signs, forget, 0.02, loss)
    for module in (diagnosis, large):
        monkeypatch.setattr(module, "LARGE", 100)
    told = []
    other = diagnose(x, signs, forget, 0.02, loss, lambda what, share: told.append(share))
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1
    for a, b in zip(one.objectives, other.objectives, strict=True):
        assert (a.first_step, a.end, a.path_error) == (b.first_step, b.end, None)
        assert b.path_error <= reduced.ERROR
        for kind in ("weights", "margins"):
            for place in ("do_nothing", "best_stop", "end"):
                known = getattr(getattr(a, kind), place)
                assert getattr(getattr(b, kind), place) == (known and pytest.approx(known, rel=1e-3))
        assert b.best_stop_time == pytest.approx(a.best_stop_time, rel=1e-2)
    assert vars(other.dependence) == pytest.approx(vars(one.dependence), rel=1e-4)


def test_the_time_is_told_beforehand_for_large_input_alone(monkeypatch, tmp_path):
    x, signs, forget = samples(np.float32)
    problem = LinearProblem(x, signs, forget, LOSSES["logistic"], 0.01)
    assert expected(problem) is None
    for name, array in {"features": x, "labels": signs, "forget": np.flatnonzero(forget)}.items():
        np.save(tmp_path / f"{name}.npy", array)
    options = [
        p for name in ("features", "labels", "forget") for p in (f"--{name}", str(tmp_path / f"{name}.npy"))
    ]
    for module in (diagnosis, large):
        monkeypatch.setattr(module, "LARGE", 100)
    takes = expected(problem)
    assert takes.seconds > 0
    assert takes.bytes > x.nbytes
    result = CliRunner().invoke(empirics, ["diagnose", *options, "--json"])
    assert result.exit_code == 0
    assert "diagnose: 403 x 12: about " in result.stderr
    assert result.stdout.startswith("{")
