"""Domains: ends are drawn exactly, open ends never, and membership is exact."""

import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from ascentcheck.theory.domain import Domain, Range
from tests.theory.draws import points

x, y = sp.symbols("x y", real=True)
TRIANGLE = Domain((Range(x, 0, 1, low_open=True), Range(y, x, 2 * x, high_open=True)))
IRRATIONAL = Domain((Range(x, -sp.exp(-1), 0, high_open=True),))


@given(st.data())
def test_drawn_points_are_in_the_domain(data):
    for domain in (TRIANGLE, IRRATIONAL):
        assert domain.contains(data.draw(points(domain)))


def test_a_symbol_has_one_range():
    with pytest.raises(ValueError, match="two ranges"):
        TRIANGLE.extend(Range(x))


def test_a_symbol_without_a_range_has_none_to_restrict():
    with pytest.raises(ValueError, match="no range"):
        TRIANGLE.restrict(x**2, low_open=True)


def test_listed_points_are_in_the_domain_and_hit_the_closed_ends():
    listed = list(TRIANGLE.points(200))
    assert all(TRIANGLE.contains(p) for p in listed)
    assert any(p[x] == 1 for p in listed)
    assert any(p[y] == p[x] for p in listed)
    assert not any(p[x] == 0 or p[y] == 2 * p[x] for p in listed)


def test_the_same_seed_lists_the_same_points():
    assert list(TRIANGLE.points(50, seed=3)) == list(TRIANGLE.points(50, seed=3))
    assert list(TRIANGLE.points(50, seed=3)) != list(TRIANGLE.points(50, seed=4))


def test_an_irrational_end_is_told_from_its_neighbours():
    below, above = (fmpq(-367879441171442321595523, 10**24) + k * fmpq(1, 10**23) for k in (-1, 1))
    assert not IRRATIONAL.contains({x: below})
    assert IRRATIONAL.contains({x: above})


def test_points_beyond_a_huge_irrational_end_are_in_the_domain():
    far = Domain((Range(x, 90, 100), Range(y, sp.exp(x), low_open=True)))
    found = list(far.points(20))
    assert len(found) == 20
    assert all(far.contains(point) for point in found)
    assert far.place((fmpq(1, 2), fmpq(1, 1 << 20))) is not None


def test_ends_beyond_all_sizes_are_refused_before_memory_is_asked_for():
    tower = Domain((Range(x, 1, 2), Range(y, sp.exp(sp.exp(20 * x)))))
    with pytest.raises(ArithmeticError, match="reasonable size"):
        tower.place((fmpq(1, 2), fmpq(1, 2)))
    power = Domain((Range(x, 1, 2), Range(y, x ** (1 << 42))))
    with pytest.raises(OverflowError, match="bits"):
        power.place((fmpq(1, 2), fmpq(1, 2)))
