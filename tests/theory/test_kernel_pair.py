"""X and Y are of a minimum that exists: the kernel takes them as defined only where one is."""

import math
import random

import numpy as np
import pytest
from scipy.special import lambertw

from ascentcheck.theory.check.frame import Refused
from ascentcheck.theory.check.kernel import verify
from tests.theory import attack

SAME = {"rule": "combine", "facts": [], "terms": []}
BELOW_4 = {"rule": "sign", "cases": [{"basis": [["-1/2", 2, 0]], "powers": [[-2]]}]}
"""1 − e·k > 0 for k ≤ 1/4: e^{−1/2} is above 1 − 1/2, so e is below 4."""


def refused(problem, proof, why=None):
    with pytest.raises(Refused, match=why):
        verify(problem, proof)


def from_a_minimum_that_is_none(defined):
    """−1 > 0, from the equations of X and Y at a = 40, c = −1/10 and ε = −1, where no point solves them.

    With v = e^{X/4} and Y = −X they say 40·e^{−X} + e^X/10 + X/2 = 0, which is a sum of squares and of v − 1 − X/4 ≥ 0.
    """
    of = (40, "-1/10", -1)
    x, y = ["X", *of], ["Y", *of]
    quarter, less = ["*", "1/4", x], ["*", "-1/4", y]
    v, w = ["exp", quarter], ["exp", less]
    own = {"defined": defined}

    def signed(kind=0, **more):
        return {"rule": "sign", "cases": [{"basis": [[quarter, kind, 0]], "powers": [[1]], **more}], **own}

    def square(terms):
        return signed(factors=[1, [[terms, 2]]])

    opposite = {
        **SAME,
        "basis": [[["*", -1, x], 0, 0], [["*", -1, y], 0, 0]],
        "powers": [[1], [0, 1]],
        "equations": [0, 1],
        "cofactors": [[[["-1/4", []]], 0], [[["-1/4", []]], 0]],
    }
    both = {"basis": [[less, 0, 0], [quarter, 0, 0]], "powers": [[1], [0, 1]]}
    parts = [[3, 0], [2, 1], [1, 2], [0, 3]]
    facts = [
        [">", v, signed()],
        [">=", ["^", ["+", ["^", v, 4], ["*", -10, v]], 2], square([[1, [0, 4]], [-10, [0, 1]]])],
        [">=", ["^", ["+", ["^", v, 2], -5], 2], square([[1, [0, 2]], [-5, []]])],
        [">=", ["+", v, -1, ["*", "-1/4", x]], signed(2)],
        ["=", ["+", v, ["*", -1, w]], {"rule": "monotone", "proof": opposite, **own}],
        [">", ["+", *(["*", ["^", w, i], ["^", v, j]] for i, j in parts)], {"rule": "sign", "cases": [both], **own}],
    ]  # fmt: skip
    return {
        "rule": "combine",
        "facts": facts,
        "terms": [
            ["1/10", [-4, 1, 0, 0, 0, 0]],
            [1, [-4, 0, 1, 0, 0, 0]],
            [15, [-4, 0, 0, 0, 0, 0]],
            [2, [0, 0, 0, 1, 0, 0]],
            ["-1/10", [0, 0, 0, 0, 1, 1]],
        ],
        "basis": [[quarter, 0, 0], [less, 0, 0]],
        "powers": [[1], [0, 1], [-4], [0, 4]],
        "equations": [0],
        "cofactors": [[[["-1/2", []]], 0]],
        **own,
    }


def test_a_minimum_that_is_none_does_not_show_that_minus_1_is_above_0():
    problem = {"ranges": [], "relation": [">", -1, 0]}
    for defined in ([BELOW_4], [0, BELOW_4], [SAME, BELOW_4]):
        refused(problem, from_a_minimum_that_is_none(defined))


def minima(a, c, e):
    """Return how many local minima a·e^{−x} + c·e^{−y} + |w|²/2 has, by signs on a grid of the pull s = c·e^{−y}."""
    p, q = 1 + e * e, 2 * e
    s = math.copysign(1, c) * np.geomspace(1e-12, 60, 40_001)
    r = lambertw(p * a * np.exp(-q * s)).real / p
    gap = np.log(np.abs(s)) + q * r + p * s - math.log(abs(c))
    bend = (1 + p * r) * (1 + p * s) - q * q * r * s
    at = np.flatnonzero(np.diff(np.sign(gap)))
    return int(np.sum(bend[at] > 0))


def test_x_and_y_are_defined_only_where_there_is_a_minimum():
    draw, none = random.Random(0), 0
    for _ in range(60):
        a, k, e = draw.randint(1, 60), draw.randint(1, 20), draw.choice((-3, -2, -1, 0, 1, 2))
        sign = draw.choice((-1, 1))
        c = f"{sign}/{4 * (1 + e * e) * k}"
        found = minima(a, sign / (4 * (1 + e * e) * k), e)
        x = ["X", a, c, e]
        right = {"rule": "sign", "cases": [{"basis": [[1, 0, 0]], "powers": [[1]]}]} if sign > 0 else BELOW_4
        problem, proof = {"ranges": [], "relation": ["=", x, x]}, {**SAME, "defined": [0, right]}
        if e < 0:
            refused(problem, proof)
            none += found == 0
        else:
            verify(problem, proof)
            assert found == 1
    assert none > 3


@pytest.mark.parametrize(
    ("relation", "low", "wrong"),
    [
        (["<", ["X", "a", "1/2", "1/2"], ["Y", "a", "1/2", "1/2"]], 0, True),
        ([">", ["X", "a", "1/2", "1/2"], ["Y", "a", "1/2", "1/2"]], "1/2", False),
        (["=", ["X", "a", 1, -1], ["X", "a", 1, -1]], 1, True),
        (["=", ["X", "a", -1, "1/2"], ["X", "a", -1, "1/2"]], 1, True),
        (["=", ["X", "a", 1, 0], ["W0", "a"]], 1, False),
    ],
    ids=["false", "true", "ε < 0", "no minimum", "W0"],
)
def test_an_attack_tries_x_and_y_at_points(relation, low, wrong):
    problem = {"ranges": [["a", low, 4, True, False]], "relation": relation}
    assert (attack.refuted(problem, 0) is not None) == wrong
