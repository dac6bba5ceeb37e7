"""Three-way answers: yes, no, or left open by an interval; and a verdict by how many there are of each."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ascentcheck.empirics.findings.finding import Verdict

Answer = bool | None
Interval = tuple[float, float]
"""A 95% interval; nan at both ends where there is none."""

MOST = Fraction(9, 10)
"""The share of snapshots for which a sentence about a method must hold."""


def above(interval: Interval, bound: float) -> Answer:
    """Return whether a value is above a bound, None where its interval holds the bound, or where there is none."""
    low, high = interval
    if low > bound:
        return True
    return False if high <= bound else None


def within(interval: Interval, bound: float) -> Answer:
    """Return whether a difference is at most a bound, either way."""
    low, high = interval
    if -bound <= low and high <= bound:
        return True
    return False if low > bound or high < -bound else None


def negated(answer: Answer) -> Answer:
    """Return the opposite answer; None stays open."""
    return None if answer is None else not answer


def every(answers: Sequence[Answer]) -> Answer:
    """Return whether all are yes: no as soon as one is."""
    return False if False in answers else None if None in answers else True


def some(answers: Sequence[Answer]) -> Answer:
    """Return whether one is yes."""
    return True if True in answers else None if None in answers else False


def decided(answer: Answer) -> Verdict:
    """Return the verdict of an answer."""
    return "not decided" if answer is None else "confirmed" if answer else "refuted"


def majority(answers: Sequence[Answer]) -> Answer:
    """Return whether more than half are yes, no where half or more are no; open where there are none."""
    if answers and answers.count(False) * 2 >= len(answers):
        return False
    return True if answers.count(True) * 2 > len(answers) else None


def nearly_all(answers: Sequence[Answer]) -> Answer:
    """Return whether at least the share MOST are yes, no where so many are no that it cannot be; open where there are none."""
    if answers and answers.count(True) >= MOST * len(answers):
        return True
    return False if len(answers) - answers.count(False) < MOST * len(answers) else None
