"""Growth from an end and logarithms: true lines are proved; false ones, poles and unknown symbols are not."""

import pytest
import sympy as sp

from ascentcheck.theory.claims import lemma_11
from ascentcheck.theory.domain import Domain, Range
from tests.theory.exactly import proved

x, p = sp.symbols("x p", real=True)
POSITIVE = Domain((Range(x),))

TRUE = [
    sp.Ge(sp.exp(x), 1 + x + x**2 / 2, evaluate=False),
    sp.Le(sp.log(1 + x), x, evaluate=False),
    sp.Ge(sp.log(1 + x), x - x**2 / 2, evaluate=False),
    sp.Ge(2 * sp.exp(x), 1, evaluate=False),
]
FALSE = [
    sp.Ge(sp.exp(x), 1 + x + x**2, evaluate=False),
    sp.Ge(sp.log(1 + x), x, evaluate=False),
    sp.Gt(sp.exp(x), 1 + x, evaluate=False),
    sp.Ge(sp.exp(x), 2, evaluate=False),
    sp.Ge(sp.log(1 + x) - 1 / (x - 1), 0, evaluate=False),
    sp.Ge(sp.exp(x) + p, 0, evaluate=False),
    sp.Ge(sp.log(x - 1) + x, 0, evaluate=False),
]


@pytest.mark.parametrize("relation", TRUE, ids=str)
def test_calculus_proves(relation):
    assert proved(relation, POSITIVE)


@pytest.mark.parametrize("relation", FALSE, ids=str)
def test_calculus_objects_to_false_lines_poles_and_unknown_symbols(relation):
    """The pole at 1 is the trap: value 1 at 0, derivative positive everywhere, and negative beyond the pole."""
    assert not proved(relation, POSITIVE)


def test_strictness_needs_an_open_end_or_a_positive_start():
    line = sp.Gt(sp.exp(x), 1 + x, evaluate=False)
    assert proved(line, Domain((Range(x, low_open=True),)))
    assert not proved(line, POSITIVE)


@pytest.mark.parametrize("constant", [sp.Rational(81, 10), 9, 100])
def test_a_sharper_log_moment_bound_is_not_proved(constant):
    relation = sp.Le(
        lemma_11.log_moment(lemma_11.p, lemma_11.h),
        lemma_11.h * (lemma_11.p + lemma_11.h / constant),
        evaluate=False,
    )
    assert not proved(relation, lemma_11.MOMENT.domain)


def test_exponentials_of_sums_are_recognised_and_not_confused():
    both = POSITIVE.extend(Range(p))
    assert proved(sp.Eq(sp.exp(x * (1 - p)) * sp.exp(p * x), sp.exp(x), evaluate=False), both)
    assert proved(sp.Eq(sp.exp(-2 * x) * sp.exp(x), sp.exp(-x), evaluate=False), both)
    assert not proved(sp.Eq(sp.exp(x * (1 - p)) * sp.exp(p * x), sp.exp(2 * x), evaluate=False), both)
    assert not proved(sp.Eq(sp.exp(x) * sp.exp(p), sp.exp(x * p), evaluate=False), both)
