r"""Exact probabilities of sums of 0/1 variables: binomial tails, differences of two, and any sums of few.

Small cases are sums of integers over one common denominator. A large binomial tail is a ball: its first term by
log Γ, the following ones by their ratios, which decrease, and the rest below the geometric series of the ratio
reached. The far side of the mean is one minus the near side, so that the series always decreases.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp
from flint import arb, fmpq, fmpz

from ascentcheck.theory.expression import WORKING_BITS, precision, rational

EXACT_BITS = 20_000
"""Binomial tails whose common denominator has at most this many bits are exact rationals."""
MOST_TERMS = 2_000_000
Probability = fmpq | arb


def ceiling(value: fmpq) -> int:
    """Return the least integer ≥ value."""
    return -int((-value).floor())


def unique_integer(ball: arb) -> int:
    """Return the integer that a ball holds. Raises ArithmeticError unless it holds exactly one."""
    value = ball.unique_fmpz()
    if value is None:
        raise ArithmeticError(f"{ball} does not hold exactly one integer")
    return int(value)


def binomial_weights(n: int, p: fmpq) -> list[fmpz]:
    """Return n + 1 integers, P(X = k) for X ~ Binomial(n, p) times the n-th power of p's denominator."""
    hit, miss = int(p.p), int(p.q - p.p)
    if not miss:
        return [fmpz(0)] * n + [fmpz(1)]
    weights = [fmpz(miss) ** n]
    for k in range(n):
        weights.append(weights[-1] * (hit * (n - k)) // (miss * (k + 1)))
    return weights


def binomial_tail(k: int, n: int, p: fmpq) -> Probability:
    """Return P(X ≥ k) for X ~ Binomial(n, p): exact where that is cheap, else a ball with about 30 digits."""
    if k <= 0 or (p == 1 and k <= n):
        return fmpq(1)
    if k > n or p == 0:
        return fmpq(0)
    if n * int(p.q).bit_length() <= EXACT_BITS:
        return fmpq(sum(binomial_weights(n, p)[k:], fmpz(0)), fmpz(p.q) ** n)
    return binomial_tail_ball(k, n, p)


def binomial_tail_ball(k: int, n: int, p: fmpq) -> arb:
    """Return a ball that holds P(X ≥ k) for X ~ Binomial(n, p) with 0 < p < 1 and 0 < k ≤ n.

    Raises ArithmeticError when the series would need more than MOST_TERMS terms.
    """
    if k < n * p:
        with precision(WORKING_BITS):
            return 1 - binomial_tail_ball(n - k + 1, n, 1 - p)
    with precision(WORKING_BITS + 2 * n.bit_length()):
        odds = arb(p / (1 - p))
        term = total = arb(1)
        for j in range(k, min(n, k + MOST_TERMS)):
            ratio = odds * (n - j) / (j + 1)
            term *= ratio
            total += term
            rest = term * ratio / (1 - ratio)
            if rest < total * arb(2) ** -120:
                total += rest / 2 + arb(0, 1) * rest / 2
                break
        else:
            if n - k > MOST_TERMS:
                raise ArithmeticError(f"the tail of Binomial({n}, {p}) needs too many terms")
        size = arb(n + 1).lgamma() - arb(k + 1).lgamma() - arb(n - k + 1).lgamma()
        first = (size + k * arb(p).log() + (n - k) * arb(1 - p).log()).exp()
        return first * total


def binomial_deviation(n: int, p: fmpq, gap: fmpq) -> Probability:
    """Return P(|X/n − p| ≥ gap) for X ~ Binomial(n, p) and gap > 0."""
    upper = binomial_tail(ceiling(n * (p + gap)), n, p)
    lower = binomial_tail(ceiling(n * (1 - p + gap)), n, 1 - p)
    with precision(WORKING_BITS):
        return upper + lower


def two_sample_deviation(n: int, m: int, p: fmpq, gap: fmpq) -> fmpq:
    """Return P(|X/n − Y/m| ≥ gap) for independent X ~ Binomial(n, p) and Y ~ Binomial(m, p), gap > 0."""
    below = [fmpz(0)]
    for weight in binomial_weights(m, p):
        below.append(below[-1] + weight)
    far = fmpz(0)
    for k, weight in enumerate(binomial_weights(n, p)):
        low = int((m * (fmpq(k, n) - gap)).floor())
        high = ceiling(m * (fmpq(k, n) + gap))
        far += weight * (below[max(low + 1, 0)] + below[-1] - below[min(high, m + 1)])
    return fmpq(far, fmpz(p.q) ** (n + m))


def sum_distribution(variables: list[Mapping[fmpq, fmpq]]) -> dict[fmpq, fmpq]:
    """Return the distribution of a sum of independent variables, each given as value → probability."""
    result = {fmpq(0): fmpq(1)}
    for variable in variables:
        step: dict[fmpq, fmpq] = {}
        for total, chance in result.items():
            for value, probability in variable.items():
                step[total + value] = step.get(total + value, fmpq(0)) + chance * probability
        result = step
    return result


def rounded_down(value: Probability, digits: int = 6) -> sp.Rational:
    """Return a positive decimal with `digits` digits that is proved to be below a positive probability."""
    with precision(WORKING_BITS):
        ball = arb(value)
        exponent = unique_integer((ball.log() / arb(10).log()).mid().floor()) - digits + 1
        power = sp.Integer(10) ** exponent
        mantissa = unique_integer((ball.lower() / arb(rational(power))).mid().floor()) - 1
        result = sp.Rational(mantissa * power)
        if not arb(rational(result)) < ball:
            raise ArithmeticError("the probability is not known to enough digits")
    return result
