"""Compiled formulas have the values of their parts, share them at a place, and tell an exact 0 from a small number."""

import pytest
import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.zero import vanishes
from ascentcheck.theory.claims import pair
from ascentcheck.theory.compiled import Place, asked_once, ball_function, box_functions, rational_function
from ascentcheck.theory.expression import W0, Wm1, ball, precision
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, ridge

x, y = sp.symbols("x y", real=True)
AT = {x: fmpq(1, 3), y: fmpq(-2)}


def test_rational_parts_are_exact_and_the_rest_is_enclosed():
    assert rational_function((x + y) ** 2 / (x - 1))(AT) == fmpq(-25, 6)
    assert rational_function(sp.exp(x)) is None
    found = ball(sp.exp(x) * (x + y) ** 2 + sp.Max(x, y) - sp.Abs(y) + sp.sqrt(x) + sp.pi, AT)
    meant = arb(fmpq(1, 3)).exp() * fmpq(25, 9) + fmpq(1, 3) - 2 + arb(fmpq(1, 3)).sqrt() + arb.pi()
    assert found.overlaps(meant)
    with pytest.raises(ZeroDivisionError):
        rational_function(1 / (x - y / 6 - sp.Rational(2, 3)))(AT)


def test_what_was_computed_at_a_place_is_computed_once():
    calls = []

    class Told(sp.Function):
        nargs = 1

        @classmethod
        def ball_rule(cls, expression):
            return lambda point: calls.append(1) or arb(7)

    place = Place(AT)
    shared = Told(x) + sp.exp(y)
    ball(shared + 1, place)
    ball(shared * 2 + Told(x), place)
    assert len(calls) == 1
    ball(shared, place, 256)
    assert len(calls) == 2
    ball(shared, dict(AT))
    assert len(calls) == 3


def test_a_maximum_has_the_digits_of_its_larger_part():
    found = ball(sp.Max(sp.exp(1000 * x), W0(x)) + sp.Min(-sp.exp(1000 * x), W0(x)), AT)
    assert found.contains(0)
    assert ball(sp.Min(sp.exp(10**6 * x), W0(x)), AT).rel_accuracy_bits() > 100


def test_boxes_hold_all_values():
    with precision(96):
        box = {x: arb(1, 0.5), y: arb(0, 1)}
        first, second = box_functions([x * sp.exp(y), x * sp.exp(y) + x])(box)
        for at_x, at_y in ((fmpq(1, 2), fmpq(-1)), (fmpq(3, 2), fmpq(1))):
            value = ball_function(x * sp.exp(y))({x: at_x, y: at_y})
            assert first.overlaps(value)
            assert second.overlaps(value + arb(at_x))


@pytest.mark.parametrize(
    ("expression", "zero"),
    [
        (W0(x) - x * sp.exp(-W0(x)), True),
        (W0(x) - x * sp.exp(-2 * W0(x)), False),
        (Wm1(-x) + x * sp.exp(-Wm1(-x)), True),
        (W0(x) - W0(x + sp.Rational(1, 10**50)), False),
        (sp.Min(W0(x) - W0(x), W0(x), evaluate=False), True),
        (sp.Max(W0(x) - W0(x), W0(x), evaluate=False), False),
        (sp.sqrt(9 * x**2) - 1, True),
        (sp.sqrt(x) - 1, False),
        (sp.exp(2 * x) - sp.exp(x) ** 2, True),
        (sp.exp(2 * x) - sp.exp(x) ** 3, False),
        (sp.log(3 * x), True),
    ],
)
def test_exact_zeros_are_seen(expression, zero):
    assert vanishes(expression, AT) is zero


def test_solutions_of_the_pair_that_w_alone_gives_are_known_exactly():
    at = {n_retain: 2, n_forget: 1, ridge: fmpq(1, 3), n_group: 1, epsilon: 1, alpha: fmpq(1, 8)}
    at = {symbol: fmpq(value) for symbol, value in at.items()}
    assert vanishes(pair.x_pretrained - pair.x_da, at)
    assert not vanishes(pair.x_pretrained - pair.x_da, {**at, alpha: fmpq(1, 7)})
    assert vanishes(pair.x_pretrained - pair.y_pretrained, {**at, epsilon: fmpq(1, 2), alpha: fmpq(1)})
    for a, c, e in ((3, 3, fmpq(1, 3)), (2, fmpq(-1, 10), 0), (2, 0, fmpq(1, 2)), (2, fmpq(-1, 3), 1)):
        for kind in (pair.MarginX, pair.MarginY):
            closed = kind.closed(fmpq(a), fmpq(c), fmpq(e))
            solved = getattr(pair.pair_balls.minimum(fmpq(a), fmpq(c), fmpq(e)), kind.shown)
            assert ball(closed, {}, 53).overlaps(solved)
    assert pair.MarginX.closed(fmpq(2), fmpq(1), fmpq(1, 2)) is None


def test_what_is_asked_at_a_place_is_worked_out_once_for_each_argument():
    asked = []

    @asked_once
    def answer(expression, point, bits=1):
        asked.append(bits)
        return bits

    symbol = sp.Symbol("x", real=True)
    place = Place({symbol: fmpq(1)})
    assert [answer(symbol, place), answer(symbol, place), answer(symbol + 1, place)] == [1, 1, 1]
    assert [answer(symbol, place, 2), answer(symbol, place, bits=3), answer(symbol, place, bits=3)] == [
        2,
        3,
        3,
    ]
    assert asked == [1, 1, 2, 3]
    assert [answer(symbol, dict(place)) for _ in range(2)] == [1, 1]
    assert asked == [1, 1, 2, 3, 1, 1]
