"""Exact tails: two computations agree, every bound holds on them, and intervals cover as often as they say."""

from fractions import Fraction
from math import comb

import pytest
from flint import arb, fmpq, fmpz
from hypothesis import given, settings, target
from hypothesis import strategies as st
from scipy import stats

from ascentcheck.theory.expression import precision
from ascentcheck.theory.intervals import clopper_pearson
from ascentcheck.theory.solvers.tails import (
    binomial_deviation,
    binomial_tail,
    binomial_tail_ball,
    binomial_weights,
    ceiling,
    rounded_down,
    sum_distribution,
    two_sample_deviation,
    unique_integer,
)

shares = st.integers(1, 40).flatmap(lambda b: st.integers(0, b).map(lambda a: fmpq(a, b)))
inner = st.integers(2, 40).flatmap(lambda b: st.integers(1, b - 1).map(lambda a: fmpq(a, b)))
gaps = st.integers(1, 60).map(lambda k: fmpq(k, 60))


def hypergeometric_weights(n: int, right: int, total: int) -> list[fmpz]:
    """Return n + 1 integers, C(total, n) times the chance of k right ones in n drawn without replacement."""
    return [
        fmpz(comb(right, k) * comb(total - right, n - k)) if n - k <= total - right else fmpz(0)
        for k in range(n + 1)
    ]


def hypergeometric_deviation(n: int, right: int, total: int, gap: fmpq) -> fmpq:
    """Return P(|X/n − right/total| ≥ gap) for X right ones among n drawn from `total` without replacement."""
    share = fmpq(right, total)
    weights = hypergeometric_weights(n, right, total)
    far = (w for k, w in enumerate(weights) if abs(fmpq(k, n) - share) >= gap)
    return fmpq(sum(far, fmpz(0)), fmpz(comb(total, n)))


def as_float(value):
    return float(arb(value))


def below(tail, exponent, factor=2):
    """Whether tail < factor·e^exponent, by balls."""
    return arb(tail) < factor * arb(exponent).exp()


@given(st.integers(1, 300), shares, st.data())
def test_binomial_tails_agree_with_scipy(n, p, data):
    k = data.draw(st.integers(-1, n + 2))
    expected = stats.binom.sf(k - 1, n, as_float(p))
    # SciPy has nine digits only where the tail is not tiny: of P(X ≥ 255) = 6.2e-292 for n = 269, p = 1/17 it has eight
    assert as_float(binomial_tail(k, n, p)) == pytest.approx(expected, rel=1e-9, abs=1e-200)


@pytest.mark.parametrize("n", [10, 10**6])
def test_tails_at_their_ends_are_exact(n):
    for k, p, tail in (
        (0, fmpq(1, 3), 1),
        (-1, fmpq(0), 1),
        (1, fmpq(0), 0),
        (1, fmpq(1), 1),
        (n, fmpq(1), 1),
    ):
        assert binomial_tail(k, n, p) == tail
    assert binomial_tail(n + 1, n, fmpq(1)) == binomial_tail(n + 1, n, fmpq(1, 3)) == 0


@given(st.integers(1, 200), inner, st.data())
def test_the_series_holds_the_exact_tail(n, p, data):
    k = data.draw(st.integers(1, n))
    exact = fmpq(sum(binomial_weights(n, p)[k:]), int(p.q) ** n)
    with precision(192):
        ball = binomial_tail_ball(k, n, p)
        assert (ball * int(exact.q) - int(exact.p)).contains(0)
        assert ball.rel_accuracy_bits() > 80
        assert not (ball * int(exact.q) - int(exact.p) * fmpq(10**9 + 1, 10**9)).contains(0)


@pytest.mark.parametrize("n", [10**5, 10**8])
def test_large_tails_agree_with_scipy(n):
    for k in (n // 3 + 1, n // 3 - 1, n // 3 + 3 * int(n**0.5)):
        expected = stats.binom.sf(k - 1, n, 1 / 3)
        assert as_float(binomial_tail(k, n, fmpq(1, 3))) == pytest.approx(expected, rel=1e-6)


@given(st.integers(1, 60), st.data())
def test_hypergeometric_weights_agree_with_scipy(total, data):
    right, n = data.draw(st.integers(0, total)), data.draw(st.integers(1, total))
    weights = hypergeometric_weights(n, right, total)
    assert sum(weights) == comb(total, n)
    k = data.draw(st.integers(0, n))
    expected = stats.hypergeom.pmf(k, total, right, n)
    assert int(weights[k]) / comb(total, n) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(st.integers(1, 300), shares, gaps)
def test_no_binomial_tail_exceeds_hoeffding(n, p, gap):
    tail = binomial_deviation(n, p, gap)
    target(as_float(tail) - 2 * as_float((-2 * arb(n * gap * gap)).exp()))
    assert below(tail, -2 * n * gap**2)


def test_no_hypergeometric_tail_exceeds_serfling():
    """Every total up to 14, every split, every sample size short of the whole, at every distance that occurs."""
    compared = 0
    for total in range(2, 15):
        for right in range(total + 1):
            for n in range(1, total):
                for k in range(n + 1):
                    gap = abs(fmpq(k, n) - fmpq(right, total))
                    if gap > 0:
                        tail = hypergeometric_deviation(n, right, total, gap)
                        assert below(tail, -2 * n * gap**2 * total / (total - n + 1))
                        compared += 1
    assert compared > 3000


def test_a_bound_sharper_than_serflings_is_refuted():
    """Without the +1 in |D|/(|R| + 1) two samples of two, one right, would have to agree with the mean always."""
    gap, total = fmpq(1, 2), 2
    tail = hypergeometric_deviation(1, 1, total, gap)
    assert tail == 1
    assert below(tail, -2 * gap**2 * total / 2)
    assert not below(tail, -2 * gap**2 * total)


@given(st.integers(1, 25), st.integers(1, 25), shares, gaps)
def test_two_samples_agree_with_a_plain_double_sum_and_keep_their_bound(n, m, p, gap):
    chance = Fraction(int(p.p), int(p.q))
    first = [comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(n + 1)]
    second = [comb(m, k) * chance**k * (1 - chance) ** (m - k) for k in range(m + 1)]
    far = Fraction(int(gap.p), int(gap.q))
    plain = sum(
        first[i] * second[j]
        for i in range(n + 1)
        for j in range(m + 1)
        if abs(Fraction(i, n) - Fraction(j, m)) >= far
    )
    tail = two_sample_deviation(n, m, p, gap)
    assert Fraction(int(tail.p), int(tail.q)) == plain
    assert below(tail, -2 * gap**2 * fmpq(n * m, n + m))


def test_the_printed_bound_is_false_for_two_samples():
    tail = two_sample_deviation(10, 1, fmpq(1, 2), fmpq(1, 2))
    assert tail == fmpq(319, 512)
    assert not below(tail, fmpq(-5))


@given(st.integers(1, 12), inner)
def test_sums_of_equal_coins_are_binomial(n, p):
    found = sum_distribution([{fmpq(0): 1 - p, fmpq(1): p}] * n)
    weights = binomial_weights(n, p)
    assert sum(found.values()) == 1
    assert all(found[fmpq(k)] == fmpq(w, int(p.q) ** n) for k, w in enumerate(weights))


@settings(max_examples=40)
@given(inner, st.integers(5, 40))
def test_intervals_cover_as_often_as_they_say(p, trials):
    weights = binomial_weights(trials, p)
    covered = 0
    for hits, weight in enumerate(weights):
        low, high = clopper_pearson(hits, trials, bits=16)
        covered += weight if low <= p <= high else 0
    assert fmpq(covered, int(p.q) ** trials) >= fmpq(99, 100)


@pytest.mark.parametrize(("hits", "trials"), [(0, 20), (3, 200), (150, 200), (200, 200)])
def test_intervals_agree_with_scipy_and_are_rounded_outward(hits, trials):
    low, high = map(as_float, clopper_pearson(hits, trials))
    expected = stats.binomtest(hits, trials).proportion_ci(0.99, "exact")
    assert expected.low - 1e-8 <= low <= expected.low + 1e-12
    assert expected.high - 1e-12 <= high <= expected.high + 1e-8


@given(st.integers(1, 10**9), st.integers(-500, 10))
def test_rounding_down_stays_below_and_close(mantissa, exponent):
    value = fmpq(mantissa) * fmpq(10) ** exponent
    low = rounded_down(value)
    low = fmpq(int(low.p), int(low.q))
    assert value * fmpq(99997, 10**5) < low < value


def test_rounding_and_integers_refuse_a_ball_that_is_too_wide():
    wide = arb(0, 1)
    with pytest.raises(ArithmeticError):
        rounded_down(wide)
    with pytest.raises(ArithmeticError):
        unique_integer(arb(0, 2))


def test_ceiling_is_exact_at_integers():
    assert [ceiling(fmpq(k, 2)) for k in (-3, -2, 0, 1, 2)] == [-1, -1, 0, 1, 1]
