"""Intervals for a chance from counts, rounded outward."""

from __future__ import annotations

from flint import arb, fmpq

from ascentcheck.theory.solvers.tails import binomial_tail_ball


def clopper_pearson(hits: int, trials: int, one_in: int = 100, bits: int = 30) -> tuple[fmpq, fmpq]:
    """Return an interval that holds the chance of a hit with probability ≥ 1 − 1/one_in, rounded outward.

    Clopper and Pearson's (1934): the ends are where `hits` or more, or fewer, has probability 1/(2·one_in).
    """

    def lowest(count: int) -> fmpq:
        low, high = 0, 1 << bits
        while count > 0 and high - low > 1:
            middle = (low + high) // 2
            if arb(binomial_tail_ball(count, trials, fmpq(middle, 1 << bits))) < arb(fmpq(1, 2 * one_in)):
                low = middle
            else:
                high = middle
        return fmpq(low, 1 << bits)

    return lowest(hits), 1 - lowest(trials - hits)
