"""The toy's stationary points: none missed, none invented, and enclosures that hold the truth."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize

from ascentcheck.theory.expression import precision
from ascentcheck.theory.toy import stationary
from ascentcheck.theory.toy.problem import COUNTS, PLACES, PROBLEMS, SIGNS, Reading, Toy, toy, weights
from ascentcheck.theory.toy.stationary import Cover, correct, cover, solve
from ascentcheck.theory.toy.trapping import flow_end

READINGS = [
    Reading(*words)
    for words in itertools.product(
        ("unit", "symmetric"), ("signed", "binary"), ("points", "weights"), (False, True), ("halved", "whole")
    )
]
LITERAL, TENTH = Reading(), fmpq(1, 10)


def plain_loss(t, inforce, reading, ridge):
    """The loss as the text has it, in floats."""
    x = np.array(PLACES, float)
    y = np.array(SIGNS, float) if reading.labels == "signed" else (np.array(SIGNS) + 1) / 2
    z = t[0] * x + t[1] * x**2
    h = 1 / (1 + np.exp(-(1 + z) / 2)) if reading.exponent == "halved" else 1 / (1 + np.exp(-(1 + z)) / 2)
    h = 2 * h - 1 if reading.output == "symmetric" else h
    divisor = len(x) if reading.normaliser == "points" else sum(inforce)
    share = 0.5 if reading.half else 1
    return share * (np.array(inforce) * (h - y) ** 2).sum() / divisor + ridge / 2 * (t @ t)


@given(
    st.sampled_from(READINGS),
    st.sampled_from(PROBLEMS),
    st.integers(0, 4),
    st.tuples(st.integers(-40, 40), st.integers(-40, 40)),
)
def test_loss_gradient_and_hessian_are_those_of_the_text(reading, name, forgotten, at):
    problem = toy(name, reading, TENTH, forgotten)
    t = np.array(at) / 10
    a, b = (arb(fmpq(v, 10)) for v in at)

    def loss(p):
        return plain_loss(p, weights(name, forgotten), reading, 0.1)

    assert float(problem.loss(a, b).mid()) == pytest.approx(loss(t), rel=1e-12, abs=1e-12)
    slope = [float(v.mid()) for v in problem.gradient(a, b)]
    assert slope == pytest.approx(list(approx_fprime(t, loss, 1e-7)), rel=1e-4, abs=1e-5)
    small = fmpq(1, 10**6)
    aa, ab, bb = (float(v.mid()) for v in problem.hessian(a, b))
    (right, up), (left, down) = problem.gradient(a + small, b), problem.gradient(a - small, b)
    assert [aa, ab] == pytest.approx(
        [float((v / (2 * small)).mid()) for v in (right - left, up - down)], rel=1e-4, abs=1e-4
    )
    up, down = problem.gradient(a, b + small)[1], problem.gradient(a, b - small)[1]
    assert bb == pytest.approx(float(((up - down) / (2 * small)).mid()), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_no_minimum_that_an_optimiser_finds_is_missed(reading):
    for name in PROBLEMS:
        found = solve(name, reading, TENTH, 2)
        seen = set()
        for start in np.random.default_rng(0).normal(size=(12, 2)) * 4:
            reached = minimize(
                plain_loss, start, args=(weights(name, 2), reading, 0.1), options={"gtol": 1e-8}
            )
            near = [
                k for k, p in enumerate(found.points)
                if np.hypot(float(p.a.mid()) - reached.x[0], float(p.b.mid()) - reached.x[1]) < 1e-3
            ]  # fmt: skip
            assert len(near) == 1
            seen |= set(near)
        assert {k for k in seen if found.points[k].kind == "minimum"}
        for point in found.points:
            assert float(point.a.rad()) < 1e-15
            with precision(128):
                gradient = toy(name, reading, TENTH, 2).gradient(point.a, point.b)
                assert all(part.contains(0) for part in gradient)
        # Two minima have a saddle between them, and on the plane the indices add up to 1.
        kinds = [p.kind for p in found.points]
        assert kinds.count("minimum") + kinds.count("maximum") - kinds.count("saddle") == 1


def test_the_bound_on_stationary_points_holds_and_a_false_one_is_noticed(monkeypatch):
    found = solve("pretrained", LITERAL, TENTH, 0)
    problem = toy("pretrained", LITERAL, TENTH, 0)
    for point in found.points:
        assert (point.a**2 + point.b**2).sqrt() < problem.reach()
    monkeypatch.setattr(Toy, "reach", lambda self: arb(2.6))
    kinds = [p.kind for p in cover(problem).points]
    assert kinds.count("minimum") - kinds.count("saddle") != 1


def test_more_boxes_than_are_allowed_are_an_error():
    with pytest.raises(ArithmeticError):
        cover(toy("pretrained", LITERAL, TENTH, 0), most_boxes=100)


def test_what_is_neither_excluded_nor_settled_is_an_error(monkeypatch):
    monkeypatch.setattr(stationary, "NARROWEST", 1.0)
    with pytest.raises(ArithmeticError):
        cover(toy("pretrained", LITERAL, TENTH, 0))


@pytest.mark.parametrize(("forgotten", "ridge"), [(-1, TENTH), (5, TENTH), (2, fmpq(0))])
def test_impossible_problems_are_refused(forgotten, ridge):
    with pytest.raises(ValueError, match=r"forgotten must|ridge must"):
        toy("da", LITERAL, ridge, forgotten)


def test_weights_are_counted_as_in_the_text():
    assert weights("pretrained", 2) == COUNTS
    assert weights("retrained", 2) == (5, 4, 1, 2)
    assert weights("da", 2) == (5, 4, 1, 0)
    assert correct("-+++", "pretrained", 0) == (13, 1)
    assert correct("-+--", "retrained", 2) == (10, 2)


def story(reading, ridge):
    covers = {name: solve(name, reading, ridge, 2) for name in PROBLEMS}
    first = {name: found.minima[0] for name, found in covers.items()}
    local = [p.signs for p in covers["pretrained"].minima[1:]]
    return (
        first["pretrained"].signs == first["retrained"].signs == "-+++"
        and local == ["-+--"]
        and first["da"].signs == "-+--"
    )


def test_at_the_printed_ridge_the_story_needs_the_whole_exponent():
    told = [reading for reading in READINGS if story(reading, TENTH)]
    assert len(told) == 6
    assert {reading.exponent for reading in told} == {"whole"}
    assert Reading("symmetric", exponent="whole") in told


def test_outputs_on_both_sides_and_a_smaller_ridge_tell_it():
    assert story(Reading("symmetric"), fmpq(1, 100))
    assert not story(LITERAL, fmpq(1, 100))


@pytest.mark.parametrize("reading", [LITERAL, Reading("symmetric")], ids=str)
def test_the_proved_end_is_where_the_flow_goes(reading):
    found = {name: solve(name, reading, fmpq(1, 50), 2) for name in PROBLEMS}
    problem = toy("retrained", reading, fmpq(1, 50), 2)
    proved = 0
    for start in (found["pretrained"].minima[0], found["da"].minima[0]):
        end = flow_end(problem, found["retrained"], start)
        if end is None:
            continue
        proved += 1
        t = np.array([float(start.a.mid()), float(start.b.mid())])
        for _ in range(40_000):
            slope = approx_fprime(t, lambda p: plain_loss(p, (5, 4, 1, 2), reading, 0.02), 1e-8)
            t = t - 0.1 * slope
            if np.abs(slope).max() < 1e-6:
                break
        expected = found["retrained"].minima[end - 1]
        assert t == pytest.approx([float(expected.a.mid()), float(expected.b.mid())], abs=1e-2)
    assert proved


def test_an_end_above_the_barrier_is_not_claimed():
    reading = Reading("symmetric")
    problem = toy("retrained", reading, fmpq(1, 100), 2)
    found = solve("retrained", reading, fmpq(1, 100), 2)
    high = replace(found.points[0], a=arb(0), b=arb(40))
    assert flow_end(problem, found, high) is None
    lowered = Cover(tuple(replace(p, loss=p.loss - 3) if p.kind == "saddle" else p for p in found.points), 0)
    assert flow_end(problem, lowered, found.minima[0]) is None
