"""A witness counts only when the relation is False there, in ball arithmetic."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import fmpq

from ascentcheck.theory.check.decide import as_point, decide, refutes
from ascentcheck.theory.claim import Proposition, Witness
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1, ball_function
from ascentcheck.theory.relations import eq, ge, gt, lt
from ascentcheck.theory.verify import proof_level

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


@pytest.mark.parametrize(
    ("relation", "undefined", "defined"),
    [
        (ge(sp.log(x), sp.log(x) - 1), -1, 2),
        (eq(sp.log(x), sp.log(x)), 0, 1),
        (eq(1 / x, 1 / x), 0, 3),
        (gt(1 / x, 1 / x - 1), 0, 3),
        (eq(sp.sqrt(x), sp.sqrt(x)), -1, 0),
        (eq(1 / (sp.exp(x) - 1), 1 / (sp.exp(x) - 1)), 0, 1),
        (gt(sp.exp(sp.sqrt(x)), 0), -1, 0),
        (gt(sp.exp(1 / x), 0), 0, -1),
        (gt(sp.exp(1 / W0(x)), 0), 0, 1),
        (gt(sp.exp(1 / sp.sqrt(x)), 0), 0, 1),
        (gt(sp.exp(x ** sp.Rational(1, 3)), 0), -1, 8),
    ],
    ids=str,
)
def test_what_cancels_or_is_an_exponent_is_defined_as_well(relation, undefined, defined):
    assert decide(relation, at(Fraction(defined))) is True
    assert decide(relation, at(Fraction(undefined))) is False
    assert proof_level(Proposition(relation, Domain((Range(x, undefined, undefined),)))) is None


def test_what_may_be_undefined_is_not_decided():
    """log 6 − log 2 − log 3 is 0, which no ball of it shows to be ≥ 0."""
    nothing = sp.log(6) - sp.log(2) - sp.log(3) + x
    for inner in (sp.sqrt(nothing), 1 / nothing):
        assert decide(gt(sp.exp(inner), 0), at(Fraction(0))) is None
        assert decide(lt(inner - 1, inner), at(Fraction(0))) is None
        assert decide(gt(sp.exp(inner), 0), at(Fraction(1))) is True
    assert decide(gt(sp.exp(sp.sqrt(nothing)), 0), at(Fraction(-1))) is False


def test_a_value_at_its_branch_point_is_defined():
    lowest = W0(-sp.exp(-1))
    assert decide(eq(lowest, -1), {}) is True
    assert decide(eq(lowest + x, x - 1), at(Fraction(1))) is True


def test_powers_of_an_exponential_of_w_beyond_the_largest_are_not_taken_for_smaller_ones():
    """At x = 10^-70 x, W(x) and e^{65W(x)}·W(x) agree to 69 digits."""
    tiny, w = {x: fmpq(1, 10**70)}, W0(x)
    for times in (65, 130, 1000):
        assert decide(eq(sp.exp(times * w) * w, x), tiny) is False
        assert decide(gt(sp.exp(times * w) * w, x), tiny) is True
        assert decide(gt(sp.exp(-times * w) * x, w), tiny) is False
    assert decide(eq(sp.exp(w) * w, x), tiny) is True
    assert decide(eq(sp.exp(64 * w) * w**64, x**64), tiny) is True


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
