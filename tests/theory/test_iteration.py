"""The exact two-step map: its fixed points, none missed, and where orbits go."""

import math

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from ascentcheck.theory.iteration import fixed_points, orbit, step, with_batches, with_momentum
from ascentcheck.theory.lambert import lambert_w0

RATES = st.fractions(min_value="1/1000", max_value="9/10", max_denominator=1000)
PULLS = st.fractions(min_value="1/50", max_value=20, max_denominator=50)


def rational(value):
    return fmpq(value.numerator, value.denominator)


@given(RATES, st.fractions("1/100", 1, max_denominator=100), PULLS, PULLS | st.just(0))
def test_no_fixed_point_is_missed_and_each_is_one(rate, ridge, retain, forget):
    found = fixed_points(*(rational(v) for v in (rate, ridge, retain, forget)))
    given_ = tuple(float(v) for v in (rate, ridge, retain, forget))
    grid = np.linspace(-40, 40, 40_001)
    moved = step(grid, *given_) - grid
    turns = np.nonzero(np.sign(moved[1:]) * np.sign(moved[:-1]) < 0)[0]
    assert len(found) >= len(turns) >= 1
    for turn in turns:
        assert any(grid[turn] - 1e-9 <= float(p.w.mid()) <= grid[turn + 1] + 1e-9 for p in found)
    for point in found:
        w, small = float(point.w.mid()), 1e-6
        assert step(np.array(w), *given_) == pytest.approx(w, abs=1e-9)
        slope = (step(np.array(w + small), *given_) - step(np.array(w - small), *given_)) / (2 * small)
        assert slope == pytest.approx(float(point.multiplier.mid()), rel=1e-4, abs=1e-4)


def test_the_step_is_a_descent_and_an_ascent():
    w, rate, ridge, retain, forget = 0.3, 0.2, 0.5, 1.5, 0.7
    down = w - rate * (-retain * math.exp(-w) + ridge * w)
    up = down + rate * (-forget * math.exp(-down)) - rate * ridge * down
    assert step(np.array(w), rate, ridge, retain, forget) == pytest.approx(up, rel=1e-14)


@pytest.mark.parametrize("rate", [1e-3, 1e-1, 1.0])
@pytest.mark.parametrize(("log_ratio", "rests"), [(1.0, True), (1.4, True), (1.43, False), (2.0, False)])
def test_orbits_rest_exactly_below_the_square_root_of_two(rate, log_ratio, rests):
    forget = math.exp(log_ratio)
    (point,) = fixed_points(fmpq_of(rate), fmpq(1, 10**9), fmpq(1), fmpq_of(forget))
    assert (point.kind == "stable") == rests
    start = np.array(float(point.w.mid()) + 1e-3)
    tail = orbit(start, 4000, 100, rate, 1e-9, 1.0, forget)
    assert (np.ptp(tail) < 1e-6) == rests


def fmpq_of(value):
    whole, power = float(value).as_integer_ratio()
    return fmpq(whole, power)


def test_an_orbit_may_alternate_but_stays_bounded():
    tail = orbit(np.linspace(-5, 5, 11), 5000, 200, 0.1, 0.1, 1.0, 10.0)
    assert np.isfinite(tail).all()
    assert np.ptp(tail, axis=0).min() > 1


def test_a_step_that_overflows_is_told():
    with np.errstate(all="raise"):
        assert not np.isfinite(step(np.array(-800.0), 0.1, 0.1, 1.0, 1.0))


def test_no_momentum_is_the_map_and_some_momentum_rests_elsewhere():
    given_ = (0.5, 0.1, 1.0, 0.8)
    (point,) = fixed_points(fmpq(1, 2), fmpq(1, 10), fmpq(1), fmpq(4, 5))
    rest = float(point.w.mid())
    assert with_momentum(np.array(1.0), 4000, 0.0, *given_) == pytest.approx(rest, abs=1e-9)
    heavy = float(with_momentum(np.array(1.0), 4000, 0.9, *given_))
    simultaneous = float(lambert_w0(np.array(0.2 / 0.2)))
    assert 0 < abs(heavy - simultaneous) < abs(rest - simultaneous) / 5


def test_random_batches_stay_about_the_fixed_point():
    (point,) = fixed_points(fmpq(1, 10), fmpq(1, 10), fmpq(1, 2), fmpq(1, 4))
    rest = float(point.w.mid())
    runs = with_batches(rest, 4000, 64, 40, 0.1, 0.1, 0.5, 0.25)
    assert runs.mean() == pytest.approx(rest, abs=5 * runs.std(ddof=1) / np.sqrt(40) + 2e-3)
    assert 0 < runs.std(ddof=1) < 0.1
    assert with_batches(rest, 4000, 64, 2, 0.1, 0.1, 1.0, 1.0).std() == 0
