"""Three-way answers, from both sides and open, and that some answers decide each rule both ways."""

import itertools
import math

import pytest

from ascentcheck.empirics.findings.answer import (
    above,
    decided,
    every,
    majority,
    nearly_all,
    negated,
    some,
    within,
)

ANSWERS = (True, False, None)


@pytest.mark.parametrize(
    ("interval", "answer"),
    [((1.1, 2), True), ((0, 1), False), ((0.5, 1.5), None), ((1, 2), None), ((math.nan, math.nan), None)],
)
def test_above(interval, answer):
    assert above(interval, 1.0) is answer


@pytest.mark.parametrize(
    ("interval", "answer"),
    [
        ((-1, 1), True), ((1.1, 2), False), ((-2, -1.1), False), ((0.5, 1.5), None), ((-1.5, 0.5), None),
        ((1, 2), None), ((-2, -1), None), ((-3, 3), None), ((math.nan,) * 2, None),
    ],
)  # fmt: skip
def test_within(interval, answer):
    assert within(interval, 1.0) is answer


def completions(answers):
    return itertools.product(*[(True, False) if answer is None else (answer,) for answer in answers])


@pytest.mark.parametrize("rule", [every, some, majority, nearly_all])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_what_is_decided_holds_however_the_open_ones_turn_out(rule, n):
    seen = set()
    for answers in itertools.product(ANSWERS, repeat=n):
        verdict = rule(answers)
        seen.add(verdict)
        if verdict is not None:
            assert {rule(whole) for whole in completions(answers)} == {verdict}
    assert seen == set(ANSWERS)  # and there are answers that decide it either way


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_without_open_answers_every_and_some_are_what_they_are_called(n):
    for answers in itertools.product((True, False), repeat=n):
        assert (every(answers), some(answers)) == (all(answers), any(answers))


@pytest.mark.parametrize("n", range(1, 12))
def test_without_open_answers_everything_is_decided(n):
    for yes in range(n + 1):
        answers = [True] * yes + [False] * (n - yes)
        assert majority(answers) is (2 * yes > n)
        assert nearly_all(answers) is (10 * yes >= 9 * n)


def test_nothing_decides_nothing():
    assert (majority([]), nearly_all([])) == (None, None)
    assert [negated(answer) for answer in ANSWERS] == [False, True, None]
    assert [decided(answer) for answer in ANSWERS] == ["confirmed", "refuted", "not decided"]
