"""Three-way answers, of which every verdict is made: yes, no, or left open by an interval; and rules over many of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from ascentcheck.empirics.findings.finding import Verdict

Answer = bool | None
Interval = tuple[float, float]
"""A 95% interval; nan at both ends where there is none."""

UNKNOWN: Interval = (math.nan, math.nan)
MOST = Fraction(9, 10)
"""The share of snapshots for which a sentence about a method must hold."""
FORTY = 40
"""One run is left out for every so many begun: of so many 95% intervals one is wrong on either side, in the mean."""
STEADY = (
    "Either verdict must hold whichever run (a configuration with all its stops, on one set) is left out, one for every "
    f"{FORTY} begun."
)
STEADY_OVER_SETS = f"Either verdict must hold whichever set is left out, one for every {FORTY} begun."


def answer(yes: bool, no: bool) -> Answer:
    """Return the answer whose condition holds, and None where neither does."""
    return True if yes else False if no else None


def above(interval: Interval, bound: float | Interval) -> Answer:
    """Return whether a value is above a bound, None where its interval holds the bound, or where there is none.

    Of a bound that is an interval, or two numbers, the value must be above the upper for yes, and not above the lower for no.
    """
    low, high = interval
    lower, upper = bound if isinstance(bound, tuple) else (bound, bound)
    return answer(low > upper, high <= lower)


def below(interval: Interval, bound: float | Interval) -> Answer:
    """Return whether a value is below a bound, as `above`."""
    return above(mirrored(interval), mirrored(bound) if isinstance(bound, tuple) else -bound)


def within(interval: Interval, bound: float) -> Answer:
    """Return whether a difference is at most a bound, either way."""
    return negated(some((above(interval, bound), below(interval, -bound))))


def mirrored(interval: Interval) -> Interval:
    """Return the interval of the value with the other sign."""
    low, high = interval
    return -high, -low


def times(factor: float, interval: Interval) -> Interval:
    """Return the interval of the value times a factor above 0."""
    low, high = interval
    return factor * low, factor * high


def negated(answer: Answer) -> Answer:
    """Return the opposite answer; None stays open."""
    return None if answer is None else not answer


def every(answers: Sequence[Answer]) -> Answer:
    """Return whether all are yes: no as soon as one is."""
    return False if False in answers else None if None in answers else True


def some(answers: Sequence[Answer]) -> Answer:
    """Return whether one is yes."""
    return True if True in answers else None if None in answers else False


def agreed(answers: Iterable[Answer]) -> Answer:
    """Return what all say; open where they do not say the same, or there are none."""
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def unopposed(answers: Sequence[Answer]) -> Answer:
    """Return what some say and none denies, whatever is open."""
    return answer(True in answers and False not in answers, False in answers and True not in answers)


def more_than_half(yes: int, no: int, total: int) -> Answer:
    """Return whether more than half are yes, no where half or more are no; open where there are none."""
    return answer(2 * yes > total, 0 < total <= 2 * no)


def majority(answers: Sequence[Answer]) -> Answer:
    """Return `more_than_half` of the answers."""
    return more_than_half(answers.count(True), answers.count(False), len(answers))


def nearly_all(answers: Sequence[Answer]) -> Answer:
    """Return whether at least the share MOST are yes, no where so many are no that it cannot be; open where there are none."""
    least = MOST * len(answers)
    return answer(0 < least <= answers.count(True), len(answers) - answers.count(False) < least)


def steadily(
    rule: Callable[[Sequence[Answer]], Answer], runs: Iterable[Sequence[Answer]], least: Fraction
) -> Answer:
    """Return what a rule says of all answers, if it still does whichever runs are left out, one for every FORTY begun.

    The answers of a run may all be wrong for one reason. A rule says yes by the share `least` of them, no by the rest.
    """
    some = [run for run in runs if run]
    whole = rule([answer for run in some for answer in run])
    if whole is None:
        return None
    asked = least if whole else 1 - least
    weakest_first = sorted(some, key=lambda run: run.count(whole) - asked * len(run))
    kept = weakest_first[: len(some) - math.ceil(len(some) / FORTY)]
    return agreed((whole, rule([answer for run in kept for answer in run])))


def steady_majority(runs: Iterable[Sequence[Answer]]) -> Answer:
    """Return the `majority` of the answers of all runs, if it hangs on none of them."""
    return steadily(majority, runs, Fraction(1, 2))


def steady_nearly_all(runs: Iterable[Sequence[Answer]]) -> Answer:
    """Return whether `nearly_all` of the answers of all runs are yes, if it hangs on none of them."""
    return steadily(nearly_all, runs, MOST)


def singly(answers: Iterable[Answer]) -> list[list[Answer]]:
    """Return answers as runs of one each: of sets, which have no stops."""
    return [[answer] for answer in answers]


def decided(answer: Answer) -> Verdict:
    """Return the verdict of an answer."""
    return "not decided" if answer is None else "confirmed" if answer else "refuted"
