"""Steps: right ones pass, wrong ones are caught, and a recorded refutation needs a real witness."""

from fractions import Fraction

import pytest
import sympy as sp

from ascentcheck.theory.check.derivation import check_step
from ascentcheck.theory.claim import Equivalence, Increasing, Step, Witness
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0

x = sp.Symbol("x", real=True)
POSITIVE = Domain((Range(x, low_open=True),))

GOOD = [
    Step("", sp.Eq(W0(x) * sp.exp(W0(x)), x), POSITIVE),
    Step("", sp.Gt(x / (1 + x), 0), POSITIVE),
    Step("", Increasing(x * sp.exp(x), x), POSITIVE),
    Step("", Equivalence(sp.Ge(1 - 1 / x, 0), sp.Ge(x - 1, 0)), POSITIVE),
]
WRONG = [
    Step("", sp.Eq(W0(x) * sp.exp(W0(x)), x + 1), POSITIVE),
    Step("", sp.Eq(x, x, evaluate=False), POSITIVE),
    Step("", sp.Gt(x / (1 + x), 1), POSITIVE),
    Step("", Increasing(x * sp.exp(-x), x), POSITIVE),
    Step("", Increasing(1 / x, x), POSITIVE),
    Step("", Equivalence(sp.Ge(1 - 1 / x, 0), sp.Ge(x - 2, 0)), POSITIVE),
    Step("", Equivalence(sp.Ge(1 - 1 / x, 0), sp.Ge(1 - x, 0)), POSITIVE),
    Step("", Equivalence(sp.Ge(x - 1, 0), sp.Gt(x - 1, 0)), POSITIVE),
]


@pytest.mark.parametrize("step", GOOD)
def test_right_steps_are_proved(step):
    result = check_step(step)
    assert result.ok
    assert result.proved, result.problem


@pytest.mark.parametrize("step", WRONG)
def test_wrong_steps_object(step):
    result = check_step(step)
    assert not result.ok
    assert result.problem


def test_a_refuted_step_needs_a_witness_that_refutes():
    line = sp.Gt(x / (1 + x), sp.Rational(1, 2))
    refuted = check_step(Step("", line, POSITIVE, "App. Z", Witness({x: Fraction(1, 2)}, "")))
    assert refuted.ok
    assert refuted.refuted
    assert not check_step(Step("", line, POSITIVE, "App. Z", Witness({x: Fraction(3)}, ""))).ok


def test_an_equivalence_is_refuted_where_one_side_holds_and_the_other_does_not():
    """log 6 − log 2 − log 3 > 0 is false and undecided, x > 1 is false at 1/2 as well, and true at 2; −1 is not in the domain."""
    undecided = sp.Gt(sp.log(6) - sp.log(2) - sp.log(3), 0, evaluate=False)
    above, positive, square = (sp.Gt(part, 1, evaluate=False) for part in (x, x + 1, x**2))
    for first, second, at, refuted in (
        (above, undecided, Fraction(1, 2), False),
        (above, undecided, Fraction(2), False),
        (above, positive, Fraction(1, 2), True),
        (positive, above, Fraction(1, 2), True),
        (above, positive, Fraction(2), False),
        (above, square, Fraction(-2), False),
    ):
        result = check_step(Step("", Equivalence(first, second), POSITIVE, "App. Z", Witness({x: at}, "")))
        assert result.refuted is result.ok is refuted


def test_a_wrong_direction_of_growth_is_refuted_by_its_witness():
    step = Step("", Increasing(x * sp.exp(-x), x), POSITIVE, "App. Z", Witness({x: Fraction(2)}, ""))
    assert check_step(step).refuted
