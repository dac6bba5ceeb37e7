"""The exact prover proves what is true and proves nothing that is false."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from ascentcheck.theory.check.exact import prove
from ascentcheck.theory.check.identity import is_identity
from ascentcheck.theory.check.pivot import sign_proved
from ascentcheck.theory.check.reduction import same_sign
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1

x, y = sp.symbols("x y", real=True)
POSITIVE = Domain((Range(x, low_open=True), Range(y, low_open=True)))
UNIT = Domain((Range(x, 0, 1),))


def test_identities_with_w_are_proved():
    assert is_identity(W0(x) * sp.exp(W0(x)) - x)
    assert is_identity(Wm1(x) * sp.exp(Wm1(x)) - x)
    assert is_identity(sp.exp(-W0(x)) * x - W0(x))
    assert is_identity(sp.exp(2 * W0(x)) * W0(x) ** 2 - x**2)
    assert is_identity(sp.exp((x + x * y) / (1 + y)) - sp.exp(x))
    assert is_identity(sp.exp(x / (1 + y)) * sp.exp(x * y / (1 + y)) - sp.exp(x))


@pytest.mark.parametrize(
    "expression",
    [
        W0(x) * sp.exp(W0(x)) - x - sp.Rational(1, 10**9),
        W0(x) - Wm1(x),
        W0(-x) - x * sp.exp(-W0(-x)),
        sp.exp(W0(x)) - x,
        sp.exp(x / (1 + y)) * sp.exp(2 * x * y / (1 + y)) - sp.exp(x),
        W0(x + y) - W0(x) - W0(y),
    ],
)
def test_false_identities_are_not_proved(expression):
    assert not is_identity(expression)


def test_signs_on_ranges():
    assert prove(sp.Ge(x * (1 - x), 0), UNIT)
    assert prove(sp.Gt(x + y, 0), POSITIVE)
    assert prove(sp.Ge((x - y) ** 2, 0), POSITIVE)
    assert prove(sp.Gt(W0(x + y), W0(x)), POSITIVE)
    assert prove(sp.Gt(1 + W0(x), 0), POSITIVE)


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
    assert not prove(relation, domain)


def test_an_exponential_is_only_known_to_be_positive():
    assert sign_proved(sp.exp(x) + 1, POSITIVE, strict=True)
    assert not sign_proved(sp.exp(x) - sp.Rational(3, 2), POSITIVE, strict=True)


def test_elimination_lists_its_side_conditions():
    reduced, sides = same_sign(W0(x) - W0(y))
    assert sp.expand(reduced - (x - y)) == 0
    assert {side for side, _ in sides} == {sp.E * x + 1, sp.E * y + 1}


@settings(max_examples=200)  # each draw factors a polynomial
@given(st.lists(st.integers(-6, 6), min_size=3, max_size=6), st.integers(1, 40), st.integers(1, 40))
def test_a_proved_polynomial_is_nowhere_negative(coefficients, numerator, denominator):
    polynomial = sum((sp.Integer(c) * x**k for k, c in enumerate(coefficients)), sp.Integer(0))
    if sign_proved(polynomial, UNIT, strict=False):
        point = sp.Rational(min(numerator, denominator), max(numerator, denominator))
        assert polynomial.subs(x, point) >= 0
