"""What is scored and said to be doubtful."""

import numpy as np
import pytest

import ascentcheck
from ascentcheck.empirics.scores.cautions import no_margins, repeated

DRAW = np.random.default_rng(0)
ORACLE, SAME = DRAW.standard_normal((2, 12, 60))
FAR = SAME + 1.5


def test_copies_of_models_are_warned_of():
    with pytest.warns(UserWarning, match="unlearned: 12 of 12 models are among the oracles") as said:
        found = ascentcheck.klom(ORACLE, ORACLE.astype(np.float64))
    assert found.to_dict()["cautions"] == [str(one.message) for one in said]
    assert said[0].filename == __file__
    thrice = np.repeat(ORACLE, 3, axis=0)
    with pytest.warns(UserWarning, match="oracle: 24 of 36 models are copies") as said:
        compared = ascentcheck.compare(thrice, {"a": SAME, "b": FAR}, splits={"one": [0]})
    assert len(said) == 1
    assert compared["a", "one"].cautions == compared["b", "one"].cautions != ()


def test_models_that_diverged_alike_are_no_copies():
    broken = np.where(np.arange(12)[:, None] < 2, np.inf, SAME)
    assert ascentcheck.klom(ORACLE, broken).cautions == ()


PROBABILITY = -np.logaddexp(0, -(ORACLE * 3 + 4)), -np.logaddexp(0, -(FAR * 3 + 4))
"""The logarithms, of models that are right nearly everywhere."""


@pytest.mark.parametrize(("sign", "said"), [(1, "no value is above 0"), (-1, "as of losses")])
def test_what_may_be_no_margins_is_said_and_scored(sign, said):
    oracle, unlearned = (sign * values for values in PROBABILITY)
    with pytest.warns(UserWarning, match=said) as warnings:
        found = ascentcheck.klom(oracle, unlearned)
    assert len(warnings) == 1
    assert found.cautions == (str(warnings[0].message),)
    assert np.isfinite(found.energy)
    with pytest.warns(UserWarning, match=said) as warnings:
        ascentcheck.compare(oracle, {"a": unlearned, "b": oracle[::-1] * 1.1})
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("oracle", "unlearned"),
    [
        (ORACLE, FAR),
        (np.abs(ORACLE) + 0.1, np.abs(FAR)),  # right everywhere
        (-np.abs(ORACLE), FAR),  # mislabelled points, which oracles get wrong
        (DRAW.uniform(0, 9, (12, 60)), DRAW.exponential(1, (12, 60))),
    ],
)
def test_margins_of_one_sign_are_margins(oracle, unlearned):
    assert ascentcheck.klom(oracle, unlearned).cautions == ()


@pytest.mark.parametrize("sign", [1, -1])
def test_the_margin_of_what_may_be_none_is_as_the_caution_tells(sign):
    margins = np.linspace(-20, 20, 9)
    of = -np.logaddexp(0, -margins)
    told = of - np.log(1 - np.exp(of)) if sign > 0 else -np.log(np.exp(-of) - 1)
    np.testing.assert_allclose(told, margins, rtol=1e-6)


@pytest.mark.parametrize(
    ("oracle", "unlearned", "told"),
    [
        ([[-2, -1], [-3, 0]], [[-1, -1], [-2, -4]], "above 0"),
        ([[-2, -1], [-3, 0.5]], [[-1, -1], [-2, -4]], ""),
        ([[1, 1], [1, 1]], [[1, 1], [1, 10]], "below 0"),  # a mean of 17/8 medians
        ([[1, 1], [1, 1]], [[1, 1], [1, 8]], ""),  # of 15/8
        ([[-0.5, 1], [1, 1]], [[1, 1], [1, 99]], ""),
        ([[-1, -1], [np.inf, -1]], [[np.inf, -1], [np.inf, -1]], ""),  # two margins are of healthy models
        ([[-1, -1, -1], [np.inf, 0, 0]], [[np.inf, 0, 0], [np.inf, 0, 0]], "above 0"),  # three are
    ],
)
def test_where_values_may_be_no_margins(oracle, unlearned, told):
    said = no_margins([np.array(oracle, float), np.array(unlearned, float)])
    assert bool(said) == bool(told)
    assert all(f"no value is {told}" in line for line in said)


@pytest.mark.parametrize(("points", "told"), [(2, False), (3, True)])
def test_models_that_agree_at_a_point_or_two_are_no_copies(points, told):
    twice = np.ones((2, points))
    assert bool(repeated(twice, {})) == told


def test_a_zero_and_minus_zero_are_the_same_margin():
    assert repeated(np.array([[0.0, 1, 2], [-0.0, 1, 2]]), {}) != []
    assert repeated(np.array([[0.0, 1, 2], [-1.0, 1, 2]]), {}) == []
