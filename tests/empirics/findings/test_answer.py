"""Three-way answers, from both sides and open, and that some answers decide each rule both ways."""

import itertools
import math

import pytest

from ascentcheck.empirics.findings.answer import (
    above,
    agreed,
    answer,
    below,
    decided,
    every,
    majority,
    nearly_all,
    negated,
    singly,
    some,
    steady_majority,
    steady_nearly_all,
    times,
    unopposed,
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


@pytest.mark.parametrize(
    ("interval", "yes"), [((0.6, 2), True), ((0, 0.4), False), ((0.3, 0.5), None), ((0.5, 0.7), None)]
)
def test_above_an_interval_is_apart_from_it(interval, yes):
    """No where it is below the lower number, yes where it is above the upper."""
    assert above(interval, (0.4, 0.5)) is yes


@pytest.mark.parametrize("interval", list(itertools.combinations_with_replacement((-2, -1, 0, 1, 2), 2)))
@pytest.mark.parametrize("bound", [-1.0, 0.0, 1.0, (-1.0, 1.0)])
def test_below_is_above_with_the_other_sign(interval, bound):
    other = (-bound[1], -bound[0]) if isinstance(bound, tuple) else -bound
    assert below(interval, bound) is above((-interval[1], -interval[0]), other)
    if below(interval, bound) is True:
        assert above(interval, bound) is False


def test_an_interval_times_a_factor():
    assert times(2.0, (1.5, 3.5)) == (3.0, 7.0)


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


RUNS = [list(run) for n in (1, 2) for run in itertools.product(ANSWERS, repeat=n)]


@pytest.mark.parametrize(("steady", "rule"), [(steady_majority, majority), (steady_nearly_all, nearly_all)])
def test_what_is_steady_is_said_without_any_one_run(steady, rule):
    seen = set()
    for runs in itertools.combinations_with_replacement(RUNS, 3):
        said = {rule([a for run in runs for a in run])}
        said |= {rule([a for run in kept for a in run]) for kept in itertools.combinations(runs, 2)}
        assert steady(runs) is (said.pop() if len(said) == 1 else None)
        seen.add(steady(runs))
    assert seen == set(ANSWERS)


@pytest.mark.parametrize("n", [40, 41, 80, 81])
def test_of_more_than_forty_runs_two_are_left_out_and_of_more_than_eighty_three(n):
    left_out = -(-n // 40)
    for yes in range(n + 1):
        runs = singly([True] * yes + [False] * (n - yes))
        kept = [majority([True] * (yes - k) + [False] * (n - yes - left_out + k)) for k in range(left_out + 1)
                if yes - k >= 0 and n - yes - left_out + k >= 0]  # fmt: skip
        assert steady_majority(runs) is (kept[0] if len(set(kept)) == 1 else None)


def test_one_run_alone_is_not_steady():
    assert steady_majority([[True] * 9]) is steady_nearly_all([[False] * 9]) is steady_majority([]) is None
    assert steady_majority([[True], []]) is None
    assert steady_majority([[True], [True], []]) is True


def test_arms_that_do_not_say_the_same_leave_it_open():
    assert [agreed([given, given]) for given in ANSWERS] == list(ANSWERS)
    assert {agreed(pair) for pair in itertools.permutations(ANSWERS, 2)} == {None}


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [((True, None), True), ((False, None, False), False), ((True, False), None), ((None, None), None)],
)
def test_what_nobody_denies(answers, verdict):
    assert unopposed(answers) is verdict


def test_nothing_decides_nothing():
    assert (majority([]), nearly_all([]), agreed([]), unopposed([])) == (None,) * 4
    assert (answer(True, False), answer(False, True), answer(False, False)) == (True, False, None)
    assert [negated(answer) for answer in ANSWERS] == [False, True, None]
    assert [decided(answer) for answer in ANSWERS] == ["confirmed", "refuted", "not decided"]
