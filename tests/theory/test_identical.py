"""Formulas that are identically equal are told from formulas that are not."""

import pytest
import sympy as sp

from ascentcheck.theory.expression import W0
from ascentcheck.theory.identical import identical

a, b, c = sp.symbols("a b c", real=True)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((a + b) ** 2, a**2 + 2 * a * b + b**2),
        ((a**2 - b**2) / (a - b), a + b),
        (W0((a + b) * c), W0(a * c + b * c)),
        (sp.exp(a + b / 2), sp.exp(a) * sp.exp(b / 4) ** 2),
        (sp.exp(a * (b + 1)) / sp.exp(a), sp.exp(a * b)),
        (sp.sqrt(a + b) ** 3 / (b + a), sp.sqrt(b + a)),
        (sp.log(1 + (a - b) / b), sp.log(a / b)),
        (sp.E * sp.exp(a), sp.exp(a + 1)),
        (sp.Max(a * (b + 1), c, evaluate=False), sp.Max(c, a * b + a, evaluate=False)),
    ],
)
def test_equal_formulas(first, second):
    assert identical(first, second)
    assert not identical(first, second + sp.Rational(1, 10**9))
    assert not identical(first, second * (1 + sp.Rational(1, 10**9)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (a, b),
        (W0(a), W0(b)),
        (sp.exp(a), sp.exp(2 * a)),
        (sp.Max(a, b, evaluate=False), sp.Min(a, b, evaluate=False)),
        (W0(-a - 10), W0(-a - 11)),
        (sp.sqrt(a), a),
    ],
)
def test_unequal_formulas(first, second):
    assert not identical(first, second)


def test_what_is_too_large_is_not_called_equal():
    total = sum(sp.symbols("s:40", real=True))
    assert not identical(total * a, sp.expand(total * a))
