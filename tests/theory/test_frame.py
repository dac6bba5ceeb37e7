"""Exact values for the kernel: what each part returns, and what it refuses at the very edge of what is allowed."""

import itertools
from contextlib import nullcontext

import pytest

from ascentcheck.theory.check import frame
from ascentcheck.theory.check.frame import (
    ONE,
    RING,
    VARIABLES,
    Frame,
    Ratio,
    Refused,
    constant,
    curvature,
    fixed,
    minus,
    names,
    number,
    polynomial,
    pulls,
    put,
    slope,
)

A, B = VARIABLES[:2]
V, W = RING.gens()[:2]
LOG = ("log", "x")


def test_numbers_are_exact():
    assert (number(5), number("-2"), number("6/4")) == (5, -2, number(3) / 2)
    assert constant("1/2") + constant("1/3") == constant("5/6")


def test_trees():
    assert minus("a", 2) == ("+", "a", ("*", -1, 2))
    tree = ("+", "x", ("*", 2, ("exp", "x")), ("exp", "y"))
    assert put(tree, {"x": 3, ("exp", "y"): "z"}) == ("+", 3, ("*", 2, ("exp", 3)), "z")
    assert names(tree) == {"+", "x", "*", 2, "exp", "y"}


@pytest.mark.parametrize(
    ("tree", "derivative"),
    [
        (7, 0),
        ("y", 0),
        ("x", 1),
        (("+", "x", "y", ("^", "x", 3)), ("+", 1, 0, ("*", ("*", 3, ("^", "x", 2)), 1))),
        (("*", 5, "x", "y", "x"), ("+", ("*", 5, 1, "y", "x"), ("*", 5, "x", "y", 1))),
        (("exp", "x"), ("*", ("exp", "x"), 1)),
        (LOG, ("*", ("^", "x", -1), 1)),
        (("^", "y", -2), ("*", ("*", -2, ("^", "y", -3)), 0)),
    ],
)
def test_derivatives(tree, derivative):
    assert slope(tree, "x") == derivative


@pytest.mark.parametrize("head", ["W0", "W-1", "X", "Y"])
def test_what_has_no_derivative_here(head):
    with pytest.raises(Refused, match=f"no derivative of {head}"):
        slope((head, "x", 1, 1), "x")


def test_a_range_of_one_point_is_that_point():
    ranges = (("a", 2, 2, False, False), ("c", "a", "a", False, False), ("b", "a", None, False, False))
    ranges += (("d", 1, 1, True, False), ("e", 1, 1, False, True), ("f", "b", None, False, False))
    free, tree = fixed(ranges, ("+", "a", "b", "c", "d"))
    assert free == (("b", 2, None, False, False), *ranges[3:])
    assert tree == ("+", 2, "b", 2, "d")


@pytest.mark.parametrize("symbols", [("x", "x"), ("1/2", "x"), ("x", "3")])
def test_symbols_are_names_and_each_has_one_range(symbols):
    with pytest.raises(Refused, match="bad symbols"):
        fixed(tuple((symbol, 0, None, False, False) for symbol in symbols), 0)


def test_what_pulls_at_a_minimum():
    x, y = ("X", 2, 3, "e"), ("Y", 2, 3, "e")
    r, s = ("*", 2, ("exp", ("*", -1, x))), ("*", 3, ("exp", ("*", -1, y)))
    p, q = ("+", 1, ("^", "e", 2)), ("*", 2, "e")
    assert pulls(2, 3, "e") == (r, s, p, q)
    one, other = ("+", 1, ("*", p, r)), ("+", 1, ("*", p, s))
    assert curvature(2, 3, "e") == minus(("*", one, other), ("*", ("^", q, 2), r, s))


def test_quotients_are_in_lowest_terms():
    assert (A * constant(2)) ** -1 == Ratio(RING.constant(1) / 2, V)
    assert Ratio(RING.constant(2), V) == A**-1 + A**-1
    assert A**-1 + B == Ratio(1 + V * W, V) == B + A**-1
    assert Ratio(V + W, V * W) == A**-1 + B**-1
    assert A**-1 + A**-1 * constant(-1) == constant(0)
    assert (A**-1 * constant(0)).bottom is ONE
    assert (A + constant(1)) ** -1 * (A + constant(1)) == constant(1)
    assert (A**-1 * constant(3)) == Ratio(RING.constant(3), V)
    assert Ratio(V * W) == A * B
    assert Ratio(2 * V * W, 4 * V).top == W / 2
    assert constant(1) == A**0
    assert A**3 * A**-2 == A
    assert A != V
    assert A**-1 != A
    assert A != B
    assert A**-1 != B**-1
    with pytest.raises(Refused, match="a division by 0"):
        constant(0) ** -1


def test_powers_have_a_limit():
    assert (A**64).top == V**64
    assert (A**-64).bottom == V**64
    for power in (65, -65, 2.0, "2"):
        with pytest.raises(Refused, match="is no small whole power"):
            A**power


def test_degrees_have_a_limit():
    assert (Ratio(V**511).top, Ratio(ONE, V**511).bottom) == (V**511, V**511)
    for top, bottom in ((V**512, ONE), (ONE, V**512), (V**500 * W**12, ONE)):
        with pytest.raises(Refused, match="too high degrees"):
            Ratio(top, bottom)


def of_terms(number):
    """A polynomial of so many terms and of low degree."""
    return RING.from_dict(
        {(i, j, *[0] * 22): 1 for i, j in itertools.islice(itertools.product(range(20), repeat=2), number)}
    )


def test_terms_have_a_limit(monkeypatch):
    assert frame.MOST_TERMS == 100_000
    with pytest.raises(Refused, match="too many terms"):
        Ratio(of_terms(400)) * Ratio(of_terms(250))
    monkeypatch.setattr(frame, "MOST_TERMS", 17)
    one, other = Ratio(of_terms(3)), Ratio(of_terms(5))  # 3·5 + 1·1
    assert (one * other).top == one.top * other.top
    quotient = Ratio(of_terms(3), V**5)
    assert (quotient + constant(1)).top == of_terms(3) + V**5  # (3 + 1)·(1 + 1)
    monkeypatch.setattr(frame, "MOST_TERMS", 16)
    with pytest.raises(Refused, match="too many terms"):
        one * other
    monkeypatch.setattr(frame, "MOST_TERMS", 8)
    with pytest.raises(Refused, match="too many terms"):
        quotient + constant(1)
    monkeypatch.setattr(frame, "MOST_TERMS", 9)
    assert (quotient + constant(1)).bottom == V**5
    one, other = Ratio(of_terms(2), V**5 + 1), Ratio(of_terms(3), W + V + 2)  # 2·3 + 2·3
    monkeypatch.setattr(frame, "MOST_TERMS", 13)
    assert (one * other).bottom == (V**5 + 1) * (W + V + 2)
    monkeypatch.setattr(frame, "MOST_TERMS", 12)
    with pytest.raises(Refused, match="too many terms"):
        one * other


def test_polynomials_are_read_from_their_terms():
    assert (
        polynomial([[1, [2, 1]], ["1/2", []], [-3, [0, 0, 1]]])
        == V**2 * W + 1 / number(2) - 3 * RING.gens()[2]
    )
    assert polynomial([[1, [511]]]) == V**511
    for power in (512, -1):
        with pytest.raises(Refused, match="a power is out of range"):
            polynomial([[1, [0, power]]])


def with_symbols(node=None, prove=None, **signs):
    """A frame in which symbols have variables of these signs."""
    made = Frame(node or {}, *([prove] if prove else []))
    for name, sign in signs.items():
        made.values[name] = made.new(sign)
    return made


def test_values_of_trees():
    made = with_symbols(x=">", y="")
    assert made.signs == {0: ">", 1: ""}
    assert (made.value("x"), made.value("y")) == (A, B)
    assert made.value(("+", "x", ("*", 2, "y", "1/2"), ("^", "x", -2))) == A + B + A**-2
    assert (made.value(("+",)), made.value(("*",))) == (constant(0), constant(1))
    assert (made.value(("log", 1)), made.value(("W0", 0))) == (constant(0), constant(0))
    for unknown in ("z", None):
        with pytest.raises(Refused, match="unknown symbol"):
            made.value(unknown)
    with pytest.raises(Refused, match="unknown function sin"):
        made.value(("sin", "x"))


def test_a_function_of_the_same_arguments_is_one_variable_and_of_others_another():
    made = with_symbols(x=">", y="")
    trees = [LOG, ("log", "y"), ("log", 0), ("W0", 1), ("W0", "x"), ("W-1", "x"), ("W-1", 0)]
    trees += [("X", "x", "y", 1), ("Y", "x", "y", 1), ("X", "y", "x", 1)]
    assert [made.value(tree) for tree in trees] == VARIABLES[2:12]
    assert [made.signs[k] for k in range(2, 12)] == [""] * 10
    assert made.value(("log", ("+", "x", 0))) == made.value(LOG) == VARIABLES[2]
    assert [(atom[0], atom[3]) for atom in made.atoms[:2]] == [("log", LOG), ("log", ("log", "y"))]


def test_exponentials_are_products_of_powers_of_their_basis():
    node = {"basis": [("x", 0, 0), ("y", 0, 0)], "powers": [(1, 0), (2, -1), (1,)]}
    made = with_symbols(node, x=">", y="")
    assert made.value(("exp", 0)) == constant(1)
    assert made.value(("exp", "x")) == VARIABLES[2]
    assert made.value(("exp", minus(("*", 2, "x"), "y"))) == VARIABLES[2] ** 2 * VARIABLES[3] ** -1
    assert made.value(("exp", ("+", "x", 0))) == VARIABLES[2]  # seen before: no third powers are asked for
    assert (made.signs[2], made.signs[3]) == (">", ">")
    with pytest.raises(Refused, match="an exponential is not the product"):
        made.value(("exp", "y"))


def test_elements_of_a_basis():
    asked = []
    made = with_symbols(prove=lambda *given: asked.append(given), x=">=")
    assert made.element("x", 0, "p") == (A, VARIABLES[1])
    assert asked == []
    assert made.element("x", 1, "p") == (A, constant(1) + VARIABLES[2])
    assert asked == [(">=", "x", "p")]
    for tree, value in (("x", A), (2, constant(2)), (-2, constant(-2)), (0, constant(0))):
        variable = VARIABLES[len(made.signs)]
        assert made.element(tree, 2, "p") == (value, constant(1) + variable + value)
    of_a_quotient = ("^", ("+", "x", 1), -1)
    assert made.element(of_a_quotient, 2, "p")[1] == constant(1) + VARIABLES[7] + made.value(of_a_quotient)
    made.element(2, 1, "p")
    assert asked[1:] == [(">=", 2, "p")]
    assert [made.signs[k] for k in range(1, 9)] == [">", ">=", ">=", ">", ">", ">=", ">=", ">="]
    for kind in (3, -1):
        with pytest.raises(Refused, match="no basis element of kind"):
            made.element("x", kind, "p")
    with pytest.raises(Refused, match="nothing is proved on the way"):
        with_symbols(x=">").element("x", 1, 0)


@pytest.mark.parametrize("tree", [LOG, ("W0", "x"), ("W-1", "x")])
def test_equations_of_functions(tree):
    made = with_symbols({"basis": [(tree, 0, 0)], "powers": [(1,)], "equations": [0]}, x=">")
    w = made.value(tree)
    (found,) = made.equations()
    e = VARIABLES[2]
    assert found == (e if tree == LOG else w * e) + A * constant(-1)


def test_equations_of_a_minimum():
    """X = p·r + q·s and Y = q·r + p·s, with the two exponentials free."""
    x, y = ("X", "a", "c", 2), ("Y", "a", "c", 2)
    node = {
        "basis": [(("*", -1, x), 0, 0), (("*", -1, y), 0, 0)],
        "powers": [(1,), (0, 1)],
        "equations": [1, 0],
    }
    made = with_symbols(node, a=">", c="")
    made.value(x), made.value(y)
    of_y, of_x = made.equations()
    r, s = A * VARIABLES[4], B * VARIABLES[5]
    assert of_x == constant(5) * r + constant(4) * s + VARIABLES[2] * constant(-1)
    assert of_y == constant(4) * r + constant(5) * s + VARIABLES[3] * constant(-1)


def of_log(cofactor, times=0):
    """A frame with e^{log x} = x, once or none, and a cofactor of it."""
    node = {"basis": [(LOG, 0, 0)], "powers": [(1,)], "equations": [0], "cofactors": [(cofactor, times)]}
    made = with_symbols(node, x=">")
    made.value(LOG)
    return made


def test_what_vanishes_by_equations():
    free = with_symbols(x=">")
    free.vanishes(constant(0))
    with pytest.raises(Refused, match="the sides are not the same"):
        free.vanishes(A)
    left = VARIABLES[2] + A * constant(-1)
    of_log([[3, [1]]]).vanishes(left * A * constant(3))
    of_log([[1, []]], 64).vanishes(left)
    for wrong in (left, left * A):
        with pytest.raises(Refused, match="the sides are not the same"):
            of_log([[3, [1]]]).vanishes(wrong)
    for times in (-1, 65):
        with pytest.raises(Refused, match="a power is out of range"):
            of_log([[1, []]], times).vanishes(left)
    for cofactors in ([], [([[1, []]], 0)] * 2):
        made = of_log([[1, []]])
        made.node["cofactors"] = cofactors
        with pytest.raises(ValueError, match="zip"):
            made.vanishes(left)


@pytest.mark.parametrize(
    ("cofactor", "times", "accepted"), [([], 0, True), ([1], 1, True), ([], 1, False), ([1], 0, False)]
)
def test_an_equation_s_divisor_counts_as_often_as_stated(cofactor, times, accepted):
    """e^{log(1/x)} − 1/x is (x·e − 1)/x."""
    tree = ("log", ("^", "x", -1))
    node = {
        "basis": [(tree, 0, 0)],
        "powers": [(1,)],
        "equations": [0],
        "cofactors": [([[1, cofactor]], times)],
    }
    made = with_symbols(node, x=">")
    made.value(tree)
    with nullcontext() if accepted else pytest.raises(Refused, match="the sides are not the same"):
        made.vanishes(VARIABLES[2] + A**-1 * constant(-1))


C = RING.gens()[2]


@pytest.mark.parametrize(
    ("top", "strict", "found"),
    [
        (V + 1, True, 1),  # v > 0, w ≥ 0, c unknown
        (-V - 1, True, -1),
        (V, True, 1),
        (W, False, 1),
        (W, True, 0),
        (W + V, True, 1),
        (V * W, True, 0),
        (V * W, False, 1),
        (V - W, False, 0),
        (C, False, 0),
        (C**2, False, 1),
        (C**2, True, 0),
        (-(C**2), False, -1),
        (C**2 + 1, True, 1),
        (C**3, False, 0),
        (V * C, False, 0),
        (-2 * V**2, True, -1),
        (V * 0, False, 0),
        (V / 2, True, 1),
    ],
)
def test_signs_by_coefficients(top, strict, found):
    assert with_symbols(v=">", w=">=", c="").sign(top, strict) == found


MINUS, OF_V, OF_W, OF_C = [[-1, []]], [[1, [1]]], [[1, [0, 1]]], [[1, [0, 0, 1]]]


@pytest.mark.parametrize(
    ("ratio", "strict", "factors", "why"),
    [
        (constant(0), False, None, None),
        (constant(0), True, None, "0 is not > 0"),
        (A, True, None, None),
        (A * constant(-1), False, None, "the sign is the other one"),
        (A * (A + constant(1)) ** -1, True, None, None),
        (A * (constant(-1) + A * constant(-1)) ** -1, False, None, "the sign is the other one"),
        (B, True, None, "no sign"),
        (B**-1, False, None, "no sign"),
        (A**-1, False, None, None),
        (A * constant(2), True, (2, [(OF_V, 1)]), None),
        (A * constant(2), True, (1, [(OF_V, 1)]), "the sides are not the same"),
        (A * constant(-2), False, (-2, [(OF_V, 1)]), "the sign is the other one"),
        (A * constant(2), True, (-2, [(OF_V, 1), (MINUS, 1)]), None),
        (A * constant(2), True, (-2, [(OF_V, 1), (MINUS, 2)]), "the sign is the other one"),
        (A * constant(2), True, (2, [(OF_V, 1), (MINUS, 2)]), None),
        (A * constant(2), True, (2, [(OF_V, 1), (MINUS, 3)]), "the sign is the other one"),
        (A * constant(2), True, (2, [(OF_V, 1), (MINUS, -1)]), "the sign is the other one"),
        (VARIABLES[2] ** 2, False, (1, [(OF_C, 2)]), None),
        (VARIABLES[2] ** 2, True, (1, [(OF_C, 2)]), "no sign"),
        (VARIABLES[2] ** 3, False, (1, [(OF_C, 3)]), "no sign"),
        (VARIABLES[2], False, (1, [(OF_C, 1)]), "no sign"),
        (VARIABLES[2] ** -2, False, (1, [(OF_C, -2)]), "no sign"),
        (constant(1), False, (1, [(OF_W, 1), (OF_W, -1)]), "no sign"),
        (constant(1), True, (1, [(OF_V, 1), (OF_V, -1)]), None),
        (constant(1), True, (1, []), None),
        (constant(-1), False, (-1, []), "the sign is the other one"),
        (constant(1), True, (0, []), "the sign is the other one"),
        (constant(1), False, (0, []), "the sides are not the same"),
        (constant("1/3"), True, ("1/3", []), None),
    ],
)
def test_signs_by_stored_factors(ratio, strict, factors, why):
    made = with_symbols({"factors": factors} if factors else {}, v=">", w=">=", c="")
    if why is None:
        assert made.positive(ratio, strict) is None
    else:
        with pytest.raises(Refused, match=why):
            made.positive(ratio, strict)
