"""The exact prover proves what is true and proves nothing that is false."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from ascentcheck.theory.check.reduction import same_sign
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1
from tests.theory.exactly import proved

x, y = sp.symbols("x y", real=True)
POSITIVE = Domain((Range(x, low_open=True), Range(y, low_open=True)))
UNIT = Domain((Range(x, 0, 1),))


def is_identity(expression, domain=POSITIVE):
    return proved(sp.Eq(expression, 0, evaluate=False), domain)


def test_identities_with_w_are_proved():
    assert is_identity(W0(x) * sp.exp(W0(x)) - x)
    assert is_identity(Wm1(-x) * sp.exp(Wm1(-x)) + x, Domain((Range(x, 0, sp.exp(-1), low_open=True),)))
    assert is_identity(sp.exp(-W0(x)) * x - W0(x))
    assert is_identity(sp.exp(2 * W0(x)) * W0(x) ** 2 - x**2)
    assert is_identity(sp.exp((x + x * y) / (1 + y)) - sp.exp(x))
    assert is_identity(sp.exp(x / (1 + y)) * sp.exp(x * y / (1 + y)) - sp.exp(x))


def test_an_identity_holds_only_where_its_sides_are_defined():
    everywhere = Domain((Range(x, -sp.oo, sp.oo),))
    assert not is_identity(W0(x) * sp.exp(W0(x)) - x, everywhere)
    assert not is_identity(Wm1(x) * sp.exp(Wm1(x)) - x)
    assert not is_identity(sp.Mul(x, 1 / x, evaluate=False) - 1, Domain((Range(x),)))


@pytest.mark.parametrize(
    "expression",
    [
        W0(x) * sp.exp(W0(x)) - x - sp.Rational(1, 10**9),
        W0(x) - x,
        W0(x / 9) - x * sp.exp(-W0(x / 9)),
        sp.exp(W0(x)) - x,
        sp.exp(x / (1 + y)) * sp.exp(2 * x * y / (1 + y)) - sp.exp(x),
        W0(x + y) - W0(x) - W0(y),
    ],
)
def test_false_identities_are_not_proved(expression):
    assert not is_identity(expression)


def test_signs_on_ranges():
    assert proved(sp.Ge(x * (1 - x), 0), UNIT)
    assert proved(sp.Gt(x + y, 0), POSITIVE)
    assert proved(sp.Ge((x - y) ** 2, 0, evaluate=False), POSITIVE)
    assert proved(sp.Gt(W0(x + y), W0(x)), POSITIVE)
    assert proved(sp.Gt(1 + W0(x), 0), POSITIVE)


@pytest.mark.parametrize(
    ("relation", "domain"),
    [
        (sp.Gt(x * (1 - x), 0), UNIT),
        (sp.Gt((x - y) ** 2, 0), POSITIVE),
        (sp.Ge(x - y, 0), POSITIVE),
        (sp.Gt(W0(x), W0(x + y)), POSITIVE),
        (sp.Ge(W0(x - 1), -1), POSITIVE),
        (sp.Lt(x, 1), UNIT),
        (sp.Gt(x, 0), UNIT),
        (sp.Ge(1 / (1 - x), 0), UNIT),
        (sp.Gt(1 / x, 0), UNIT),
        (sp.Ge(sp.Symbol("elsewhere", real=True), 0), UNIT),
    ],
)
def test_false_or_undefined_relations_are_not_proved(relation, domain):
    assert not proved(relation, domain)


def test_an_exponential_is_only_known_to_be_positive():
    assert proved(sp.Gt(sp.exp(x) + 1, 0, evaluate=False), POSITIVE)
    assert not proved(sp.Gt(sp.exp(x) - sp.Rational(3, 2), 0), POSITIVE)


def test_elimination_lists_its_side_conditions():
    reduced, sides = same_sign(W0(x) - W0(y))
    assert sp.expand(reduced - (x - y)) == 0
    assert {side for side, _ in sides} == {sp.E * x + 1, sp.E * y + 1}


@settings(max_examples=200)  # each draw factors a polynomial
@given(st.lists(st.integers(-6, 6), min_size=3, max_size=6), st.integers(1, 40), st.integers(1, 40))
def test_a_proved_polynomial_is_nowhere_negative(coefficients, numerator, denominator):
    polynomial = sum((sp.Integer(c) * x**k for k, c in enumerate(coefficients)), sp.Integer(0))
    if proved(sp.Ge(polynomial, 0, evaluate=False), UNIT):
        point = sp.Rational(min(numerator, denominator), max(numerator, denominator))
        assert polynomial.subs(x, point) >= 0
