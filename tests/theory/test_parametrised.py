"""Proofs in new coordinates: the coordinates must reach every point, and lead back to it."""

from dataclasses import replace

import pytest
import sympy as sp

from ascentcheck.theory.claim import Parametrisation
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0
from tests.theory.exactly import proved

x = sp.Symbol("x", real=True)
u = sp.Symbol("u", positive=True)
POSITIVE = Domain((Range(x, low_open=True),))
BY_W = Parametrisation(((x, u * sp.exp(u)),), ((u, W0(x)),), Domain((Range(u, low_open=True),)))
LOG_FORM = sp.Ge(sp.log(x), W0(x) + sp.log(W0(x)) - 1, evaluate=False)


def test_the_logarithmic_form_of_w_is_proved():
    assert proved(LOG_FORM, POSITIVE, BY_W)
    assert not proved(sp.Le(*LOG_FORM.args, evaluate=False), POSITIVE, BY_W)


def test_w_of_its_own_argument_is_undone():
    assert proved(sp.Gt(W0(x), 0, evaluate=False), POSITIVE, BY_W)
    assert proved(sp.Eq(W0(x * sp.exp(x)), x, evaluate=False), POSITIVE)
    assert not proved(sp.Eq(W0(x * sp.exp(x)), x, evaluate=False), Domain((Range(x, -2, sp.oo),)))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(BY_W, substitution=((x, 2 * u * sp.exp(u)),)),
        replace(BY_W, inverse=((u, W0(2 * x)),)),
        replace(BY_W, domain=Domain((Range(u, 0, 1, low_open=True),))),
        replace(BY_W, domain=Domain((Range(u, 2, sp.oo),))),
        replace(BY_W, substitution=()),
    ],
)
def test_coordinates_that_miss_points_prove_nothing(wrong):
    assert not proved(LOG_FORM, POSITIVE, wrong)
