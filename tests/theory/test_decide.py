"""A witness counts only when the relation is False there, in ball arithmetic."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import as_point, decide, refutes
from ascentcheck.theory.claim import Witness
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1, ball_function

x = sp.Symbol("x", real=True)
REALS = Domain((Range(x, -10, 10),))


def at(value):
    return {x: fmpq(value.numerator, value.denominator)}


def test_differences_far_below_float_precision_are_decided():
    tiny = sp.Rational(1, 10**60)
    assert decide(sp.Gt(sp.exp(x) + tiny, sp.exp(x), evaluate=False), at(Fraction(1))) is True
    assert decide(sp.Gt(sp.exp(x), sp.exp(x) + tiny, evaluate=False), at(Fraction(1))) is False


def test_exact_equality_is_recognised():
    relation = sp.Ge(W0(x) - W0(2 * x - 1), 0, evaluate=False)
    assert decide(relation, at(Fraction(1))) is True
    assert decide(sp.Gt(relation.lhs, 0, evaluate=False), at(Fraction(1))) is False


@pytest.mark.parametrize(
    ("expression", "value"), [(W0(x), -1), (Wm1(x), 1), (Wm1(x), 0), (sp.log(x), 0), (sp.log(x), -2)]
)
def test_an_undefined_side_makes_a_relation_false(expression, value):
    assert decide(sp.Ge(expression, -1000, evaluate=False), at(Fraction(value))) is False


def test_a_witness_outside_the_domain_refutes_nothing():
    relation = sp.Ge(x, 100, evaluate=False)
    assert refutes(Witness({x: Fraction(1)}, ""), relation, REALS)
    assert not refutes(Witness({x: Fraction(11)}, ""), relation, REALS)


def test_a_witness_that_breaks_a_hypothesis_refutes_nothing():
    relation = sp.Ge(x, 100, evaluate=False)
    assert not refutes(
        Witness({x: Fraction(1)}, ""), relation, REALS, realisable=(sp.Ge(x, 2, evaluate=False),)
    )


def test_formulas_hold_no_floats():
    with pytest.raises(TypeError, match="inexact"):
        ball_function(sp.Float(0.1) * x)
    with pytest.raises(TypeError, match="exact rational"):
        as_point({x: 0.1})
