"""The toy's paths: float forms against balls, and where paths end against what is proved."""

import numpy as np
import pytest
from flint import arb, fmpq

from ascentcheck.theory.toy import paths
from ascentcheck.theory.toy.problem import Reading, toy
from ascentcheck.theory.toy.stationary import solve
from ascentcheck.theory.toy.trapping import flow_end

RIDGE = fmpq(1, 10)
LITERAL = Reading()
READINGS = [LITERAL, Reading("symmetric", "binary", "weights", True), Reading("symmetric", exponent="whole")]
RETRAINED, DA = solve("retrained", LITERAL, RIDGE, 2), solve("da", LITERAL, RIDGE, 2)
PRETRAINED = solve("pretrained", LITERAL, RIDGE, 0)


def place(point):
    return np.array([float(point.a.mid()), float(point.b.mid())])


def minima(cover):
    return np.array([place(point) for point in cover.minima])


@pytest.mark.parametrize("reading", READINGS)
def test_loss_and_gradient_are_those_of_the_balls(reading):
    problem = toy("retrained", reading, RIDGE, 2)
    points = np.random.default_rng(0).normal(0, 3, (50, 2))
    for at, value, slope in zip(
        points, paths.loss(problem, points), paths.gradient(problem, points), strict=True
    ):
        a, b = arb(at[0]), arb(at[1])
        assert value == pytest.approx(float(problem.loss(a, b).mid()), rel=1e-13)
        assert slope == pytest.approx(
            [float(part.mid()) for part in problem.gradient(a, b)], rel=1e-11, abs=1e-13
        )


def test_the_hessian_is_that_of_the_balls():
    problem, at = toy("pretrained", LITERAL, RIDGE, 0), np.array([0.7, -0.4])
    aa, ab, bb = (float(part.mid()) for part in problem.hessian(arb(at[0]), arb(at[1])))
    assert paths.hessian(problem, at) == pytest.approx(np.array([[aa, ab], [ab, bb]]), rel=1e-6)


@pytest.mark.parametrize("start", [PRETRAINED.minima[0], PRETRAINED.minima[1], DA.minima[0]])
def test_flow_ends_where_trapping_proves(start):
    problem = toy("retrained", LITERAL, RIDGE, 2)
    proved = RETRAINED.minima[flow_end(problem, RETRAINED, start) - 1]
    way = paths.flow(problem, place(start))
    assert way[0] == pytest.approx(place(start))
    assert way[-1] == pytest.approx(place(proved), abs=1e-6)
    assert (np.diff(paths.loss(problem, way)) <= 1e-12).all()


def test_descent_ascent_crosses_into_the_other_basin_and_finetuning_does_not_return():
    problem = toy("retrained", LITERAL, RIDGE, 2)
    path = paths.flow(toy("da", LITERAL, RIDGE, 2), place(PRETRAINED.minima[0]))
    crossed = paths.crossing(problem, minima(RETRAINED), path)
    assert 0 < crossed < len(path) - 1
    ends = [
        paths.nearest(minima(RETRAINED), paths.flow(problem, path[k])[-1]) for k in (crossed - 1, crossed)
    ]
    assert ends == [1, 0]
    assert paths.crossing(problem, minima(RETRAINED), path[:crossed]) is None


def test_the_line_between_the_basins_divides_their_ends():
    problem = toy("retrained", LITERAL, RIDGE, 2)
    (saddle,) = (point for point in RETRAINED.points if point.kind == "saddle")
    line = paths.separatrix(problem, place(saddle))
    for k in np.linspace(0, len(line) - 2, 7).astype(int):
        along = line[k + 1] - line[k]
        across = np.array([-along[1], along[0]]) / np.linalg.norm(along) * 0.05
        ends = {
            paths.nearest(minima(RETRAINED), paths.flow(problem, line[k] + s * across)[-1]) for s in (-1, 1)
        }
        assert ends == {0, 1}
    with pytest.raises(ValueError, match="not a saddle"):
        paths.separatrix(problem, minima(RETRAINED)[0])


def test_in_turns_without_forgetting_is_descent_with_one_more_weight_decay():
    start, rate = np.array([1.0, -0.5]), 0.05
    (_, once) = paths.in_turns(LITERAL, RIDGE, 0, start, rate, 1)
    step = start - rate * paths.gradient(toy("retrained", LITERAL, RIDGE, 0), start)
    assert once == pytest.approx(step * (1 - rate * 0.1))


def test_in_turns_comes_near_descent_ascent_with_twice_the_ridge():
    start = place(PRETRAINED.minima[0])
    expected = place(solve("da", LITERAL, fmpq(1, 5), 2).minima[0])
    coarse, fine = (
        np.linalg.norm(paths.in_turns(LITERAL, RIDGE, 2, start, rate, steps)[-1] - expected)
        for rate, steps in ((0.04, 1000), (0.01, 4000))
    )
    assert fine < 0.04
    assert coarse / fine == pytest.approx(4, rel=0.2)
