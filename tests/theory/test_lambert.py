"""W within 4 ulp of ball arithmetic over the whole of float64, and refused outside its domain."""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import scipy
from flint import arb, ctx, fmpq
from hypothesis import example, given, target
from hypothesis import strategies as st
from scipy.special import lambertw

from ascentcheck.theory import lambert

ULPS = 4
GRID = 2**20
grid = st.integers(0, GRID)
LARGEST, SMALLEST, NORMAL = 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308
BELOW = -0.36787944117144233
"""float(−1/e), which is less than −1/e."""
FIRST = math.nextafter(BELOW, 0)
"""The first float64 number of the domain."""
STEP = FIRST - BELOW


def ulps(value: float, exact: arb) -> float:
    """Distance of a float from a ball, in units in the last place of the ball's value."""
    assert exact == 0 or exact.rel_accuracy_bits() > 75
    if not math.isfinite(value):
        return math.inf
    with ctx.workprec(400):
        return float(abs(exact - arb(value)).upper()) / math.ulp(float(exact.mid()))


def check(value: float, exact: arb) -> float:
    error = ulps(value, exact)
    assert error <= ULPS, f"{value!r} is {error:.1f} ulp off {exact.str(20)}"
    return error


def root(f: Callable[[arb], arb], slope: Callable[[arb], arb], start: arb) -> arb:
    """A ball that holds a root of the increasing function f: Newton's method, then a change of sign."""
    x = start
    for _ in range(8):
        x = (x - f(x) / slope(x)).mid()
    width = abs(x) * arb(2) ** -100
    low, high = x - width, x + width
    assert f(low) < 0 < f(high)
    return low.union(high)


def exact_w0(z: float) -> arb:
    with ctx.workprec(200):
        return arb(z).lambertw(0)


def exact_wm1(z: float) -> arb:
    with ctx.workprec(200):
        return arb(z).lambertw(-1)


def exact_w0_exp(log_z: float) -> arb:
    with ctx.workprec(200):
        x = arb(log_z)
        if log_z < -1000:
            return arb(0)  # far below half of the smallest float64 number
        if log_z < 1000:
            return x.exp().lambertw(0)
        return root(lambda w: w + w.log() - x, lambda w: 1 + 1 / w, x - x.log())


def exact_one_plus(s: float, branch: int) -> arb:
    """1 + W(−e^(−1−s)); the precision is such that 1 + ez = s − … keeps 200 bits."""
    with ctx.workprec(200 + max(0, -math.frexp(s)[1])):
        gap = arb(s)
        if s == 0:
            return arb(0)
        if s < 1000:
            return 1 + (-(-1 - gap).exp()).lambertw(branch)
        if branch == 0:
            return arb(1)  # less than 1e-434 above the truth
        return -root(lambda v: v - (1 + v).log() - gap, lambda v: v / (1 + v), gap + gap.log())


def exact_one_plus_w0(s: float) -> arb:
    return exact_one_plus(s, 0)


def exact_one_plus_wm1(s: float) -> arb:
    return exact_one_plus(s, -1)


def exact_w0_neg_exp(log_minus_z: float) -> arb:
    with ctx.workprec(200):
        return (-arb(log_minus_z).exp()).lambertw(0) if log_minus_z != -1 else arb(-1)


def exact_wm1_exp(log_minus_z: float) -> arb:
    with ctx.workprec(200):
        x = arb(log_minus_z)
        if log_minus_z > -1000:
            return (-x.exp()).lambertw(-1) if log_minus_z != -1 else arb(-1)
        return -root(lambda m: m - m.log() + x, lambda m: 1 - 1 / m, -x + (-x).log())


def log_grid(low: float, high: float, offset: float = 0.0) -> Callable[[int], float]:
    """Map 0 … GRID to offset + low … offset + high (or to negative numbers), evenly in the logarithm."""

    def value(k: int) -> float:
        if k in (0, GRID):
            return offset + (low if k == 0 else high)
        share = k / GRID
        size = math.exp((1 - share) * math.log(abs(low)) + share * math.log(abs(high)))
        return offset + math.copysign(size, low)

    return value


EXACT = {
    lambert.lambert_w0: exact_w0,
    lambert.lambert_wm1: exact_wm1,
    lambert.lambert_w0_exp: exact_w0_exp,
    lambert.lambert_w0_neg_exp: exact_w0_neg_exp,
    lambert.lambert_wm1_exp: exact_wm1_exp,
    lambert.one_plus_w0_gap: exact_one_plus_w0,
    lambert.one_plus_wm1_gap: exact_one_plus_wm1,
}


@dataclass(frozen=True)
class Case:
    name: str
    function: Callable[[float], float]
    argument: Callable[[int], float]


CASES = (
    Case("w0-positive", lambert.lambert_w0, log_grid(SMALLEST, LARGEST)),
    Case("w0-moderate", lambert.lambert_w0, log_grid(1e-3, 1e3)),
    Case("w0-negative", lambert.lambert_w0, log_grid(-SMALLEST, FIRST)),
    Case("w0-series-end", lambert.lambert_w0, log_grid(-0.21, -0.26)),
    Case("w0-neighbours", lambert.lambert_w0, lambda k: FIRST + k * STEP),
    Case("w0-branch", lambert.lambert_w0, log_grid(STEP, 0.1, BELOW)),
    Case("wm1", lambert.lambert_wm1, log_grid(-SMALLEST, FIRST)),
    Case("wm1-series-end", lambert.lambert_wm1, log_grid(-0.1, -0.3)),
    Case("wm1-neighbours", lambert.lambert_wm1, lambda k: FIRST + k * STEP),
    Case("wm1-branch", lambert.lambert_wm1, log_grid(STEP, 0.1, BELOW)),
    Case("w0-exp-large", lambert.lambert_w0_exp, log_grid(SMALLEST, LARGEST)),
    Case("w0-exp-small", lambert.lambert_w0_exp, log_grid(-1e-2, -746.0)),
    Case("w0-neg-exp", lambert.lambert_w0_neg_exp, log_grid(-1.0, -746.0)),
    Case("w0-neg-exp-branch", lambert.lambert_w0_neg_exp, log_grid(-2.3e-16, -1, -1)),
    Case("wm1-exp", lambert.lambert_wm1_exp, log_grid(-1.0, -LARGEST)),
    Case("wm1-exp-branch", lambert.lambert_wm1_exp, log_grid(-2.3e-16, -9, -1)),
    Case("one-plus-w0", lambert.one_plus_w0_gap, log_grid(SMALLEST, LARGEST)),
    Case("one-plus-w0-moderate", lambert.one_plus_w0_gap, log_grid(1e-3, 10)),
    Case("one-plus-wm1", lambert.one_plus_wm1_gap, log_grid(SMALLEST, LARGEST)),
    Case("one-plus-wm1-moderate", lambert.one_plus_wm1_gap, log_grid(1e-3, 10)),
)
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@by_name
@given(k=grid)
@example(k=0)
@example(k=1)
@example(k=GRID)
def test_within_four_ulps_of_balls(case, k):
    argument = case.argument(k)
    target(check(case.function(argument), EXACT[case.function](argument)))


@by_name
def test_arrays_give_the_values_of_scalars(case):
    values = np.array([case.argument(k) for k in range(0, GRID + 1, GRID // 64)])
    together = case.function(values)
    alone = np.array([case.function(float(v)) for v in values])
    for value, one, other in zip(values, together, alone, strict=True):
        check(float(one), EXACT[case.function](float(value)))
        assert abs(one - other) <= 2 * math.ulp(
            other
        )  # numpy may use another kernel for the last few elements


def test_every_one_of_the_first_neighbours_of_the_branch_point():
    z = FIRST + STEP * np.arange(3000)
    for argument, w0, wm1 in zip(z, lambert.lambert_w0(z), lambert.lambert_wm1(z), strict=True):
        check(float(w0), exact_w0(float(argument)))
        check(float(wm1), exact_wm1(float(argument)))
        assert wm1 < -1 < w0


EDGES = {
    lambert.lambert_w0: (FIRST, lambert.SERIES_ARGUMENT, -NORMAL, 0.0, NORMAL, LARGEST),
    lambert.lambert_wm1: (FIRST, lambert.SERIES_ARGUMENT, -NORMAL, -SMALLEST),
    lambert.lambert_w0_exp: (-LARGEST, -745.2, -745.1, -708.0, 0.0, 700.0, 709.78, 710.0, LARGEST),
    lambert.lambert_w0_neg_exp: (-1.0, -1.5, -745.1),
    lambert.lambert_wm1_exp: (-1.0, -1.5, -745.1, -1.7e308, -LARGEST),
    lambert.one_plus_w0_gap: (0.0, NORMAL, 0.5, 745.0, 1.7e308, LARGEST),
    lambert.one_plus_wm1_gap: (0.0, NORMAL, 0.5, 745.0, 1.7e308, LARGEST),
}
"""Ends of the domains and of the regimes of the algorithm."""


def neighbours(argument: float) -> tuple[float, ...]:
    around = (math.nextafter(argument, -math.inf), argument, math.nextafter(argument, math.inf))
    return tuple(x for x in around if math.isfinite(x))


def outside(function: Callable[[float], float], argument: float) -> bool:
    return {
        lambert.lambert_w0: argument <= BELOW,
        lambert.lambert_wm1: argument <= BELOW or argument >= 0,
        lambert.lambert_w0_exp: False,
        lambert.lambert_w0_neg_exp: argument > -1,
        lambert.lambert_wm1_exp: argument > -1,
        lambert.one_plus_w0_gap: argument < 0,
        lambert.one_plus_wm1_gap: argument < 0,
    }[function]


@pytest.mark.parametrize(
    ("function", "argument"),
    [(function, near) for function, edges in EDGES.items() for edge in edges for near in neighbours(edge)],
)
def test_edges_and_their_neighbours(function, argument):
    if outside(function, argument):
        with pytest.raises(ValueError, match="only, not at"):
            function(argument)
    else:
        check(function(argument), EXACT[function](argument))


@pytest.mark.parametrize(
    ("function", "argument", "value"),
    [
        (lambert.lambert_w0, 0.0, 0.0),
        (lambert.lambert_w0, -0.0, -0.0),
        (lambert.lambert_w0, math.inf, math.inf),
        (lambert.lambert_w0, SMALLEST, SMALLEST),
        (lambert.lambert_w0, -SMALLEST, -SMALLEST),
        (lambert.lambert_w0_exp, -math.inf, 0.0),
        (lambert.lambert_w0_exp, math.inf, math.inf),
        (lambert.lambert_w0_exp, 1.0, 1.0),
        (lambert.lambert_w0_exp, LARGEST, LARGEST),
        (lambert.lambert_w0_neg_exp, -1.0, -1.0),
        (lambert.lambert_w0_neg_exp, -math.inf, -0.0),
        (lambert.lambert_wm1_exp, -1.0, -1.0),
        (lambert.lambert_wm1_exp, -LARGEST, -LARGEST),
        (lambert.one_plus_w0_gap, 0.0, 0.0),
        (lambert.one_plus_w0_gap, math.inf, 1.0),
        (lambert.one_plus_wm1_gap, LARGEST, -LARGEST),
    ],
)
def test_exact_values(function, argument, value):
    result = function(argument)
    assert result == value
    if function is not lambert.one_plus_w0_gap:
        assert math.copysign(1, result) == math.copysign(1, value)


def test_one_over_e_is_where_it_is_said_to_be():
    with ctx.workprec(300):
        branch_point = -arb(-1).exp()
        assert arb(BELOW) < branch_point < arb(FIRST)
        rest = arb(-1).exp() - arb(lambert.INVERSE_E)
        assert float(abs(rest - arb(lambert.INVERSE_E_REST)).upper()) < math.ulp(lambert.INVERSE_E_REST)


OUTSIDE = (
    (lambert.lambert_w0, (BELOW, math.nextafter(BELOW, -1), -0.5, -1.0, -LARGEST, -math.inf, math.nan)),
    (lambert.lambert_wm1, (BELOW, -0.5, -math.inf, 0.0, -0.0, SMALLEST, 1.0, LARGEST, math.inf, math.nan)),
    (lambert.lambert_w0_exp, (math.nan,)),
    (lambert.lambert_w0_neg_exp, (math.nextafter(-1.0, 0), -0.5, 0.0, 1.0, LARGEST, math.inf, math.nan)),
    (lambert.lambert_wm1_exp, (math.nextafter(-1.0, 0), 0.0, 1.0, LARGEST, math.inf, -math.inf, math.nan)),
    (lambert.one_plus_w0_gap, (-SMALLEST, -0.5, -LARGEST, -math.inf, math.nan)),
    (lambert.one_plus_wm1_gap, (-SMALLEST, -0.5, -LARGEST, -math.inf, math.inf, math.nan)),
)


@pytest.mark.parametrize(("function", "arguments"), OUTSIDE, ids=lambda x: getattr(x, "__name__", ""))
def test_outside_arrays_hold_nan_silently_and_scalars_raise(function, arguments):
    inside = next(x for x in (2.0, -0.25, -2.0) if not outside(function, x))
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        values = function(np.array([*arguments, inside]))
    assert np.isnan(values[:-1]).all()
    assert values[-1] == pytest.approx(function(inside), rel=1e-15)
    for argument in arguments:
        for scalar in (argument, np.float64(argument)):
            with pytest.raises(ValueError, match=rf"^{function.__name__} is real for .* only, not at"):
                function(scalar)


@pytest.mark.parametrize("wrong", [1j, np.array([0.5 + 0j]), "1", None, fmpq(1, 2), np.array([None])])
def test_what_is_not_a_real_number_is_refused(wrong):
    with pytest.raises(TypeError):
        lambert.lambert_w0(wrong)


def test_shapes_and_types():
    z = np.linspace(0.1, 5, 24).reshape(2, 3, 4)
    before = z.copy()
    w = lambert.lambert_w0(z)
    assert w.shape == z.shape
    assert w.dtype == np.float64
    assert np.array_equal(z, before)
    assert np.array_equal(lambert.lambert_w0(z.transpose(2, 0, 1)[::-1]), w.transpose(2, 0, 1)[::-1])
    assert lambert.lambert_w0(np.empty((0, 3))).shape == (0, 3)
    assert isinstance(lambert.lambert_w0(np.array(1.0)), np.ndarray)
    assert type(lambert.lambert_w0(1)) is float
    assert type(lambert.lambert_w0(np.float32(1))) is float
    assert lambert.lambert_w0(np.array([1])) == lambert.lambert_w0(1.0)
    assert lambert.lambert_w0(np.array([0.1], np.float32))[0] == lambert.lambert_w0(float(np.float32(0.1)))


def test_blocks_join_without_a_seam():
    z = np.linspace(-0.36, 3, 2 * lambert.BLOCK + 3)
    parts = [lambert.lambert_w0(z[: lambert.BLOCK]), lambert.lambert_w0(z[lambert.BLOCK :])]
    assert np.allclose(lambert.lambert_w0(z), np.concatenate(parts), rtol=1e-15, atol=0)
    assert (np.diff(lambert.lambert_w0(z)) > 0).all()


@given(k=st.integers(1, GRID))
def test_the_three_forms_agree(k):
    """At dyadic gaps, where −1 − s is exact; z is rounded, which the slope of W magnifies."""
    s = k / 2**14
    w0, wm1 = lambert.lambert_w0_neg_exp(-1 - s), lambert.lambert_wm1_exp(-1 - s)
    assert wm1 < -1 < w0 < 0
    assert lambert.one_plus_wm1_gap(s) - 1 == wm1
    assert lambert.one_plus_w0_gap(s) == pytest.approx(1 + w0, rel=0, abs=1e-15)
    z = -math.exp(-1 - s)
    unit = 2.0**-52
    assert lambert.lambert_w0(z) == pytest.approx(w0, rel=unit * (5 + 1 / (1 + w0)), abs=0)
    assert lambert.lambert_wm1(z) == pytest.approx(wm1, rel=unit * (5 - 1 / (1 + wm1)), abs=0)


# Made with mpmath 1.3.0 at 2600 bits, mpmath.lambertw, 25 digits.
TABLE = (
    ("lambert_w0", -0.3678794411714423, "-0.9999999846957458715048287"),
    ("lambert_w0", -0.3678, "-0.9793607149578305171302925"),
    ("lambert_w0", -0.25, "-0.3574029561813889030688111"),
    ("lambert_w0", -0.2231301601484298, "-0.3017095626843359367061023"),
    ("lambert_w0", -1e-05, "-0.00001000010000150002748523441"),
    ("lambert_w0", 5e-324, "4.940656458412465441765688e-324"),
    ("lambert_w0", 1e-08, "9.999999900000001709225577e-9"),
    ("lambert_w0", 0.5, "0.3517337112491958260249093"),
    ("lambert_w0", 1.0, "0.5671432904097838729999687"),
    ("lambert_w0", 2.718281828459045, "0.9999999999999999734088115"),
    ("lambert_w0", 100000.0, "9.284571428622108983205132"),
    ("lambert_w0", 1.7976931348623157e308, "703.2270331047701868757037"),
    ("lambert_wm1", -0.3678794411714423, "-1.000000015304254284641969"),
    ("lambert_wm1", -0.3678, "-1.020927239409425456772973"),
    ("lambert_wm1", -0.25, "-2.153292364110349649169099"),
    ("lambert_wm1", -0.2231301601484298, "-2.357676673945899359153324"),
    ("lambert_wm1", -1e-05, "-14.16360081581018292109217"),
    ("lambert_wm1", -2.2250738585072014e-308, "-714.9686572379664708762958"),
    ("lambert_wm1", -5e-324, "-751.0615595398790806016478"),
    ("one_plus_w0_gap", 5e-324, "3.143455569405257377819031e-162"),
    ("one_plus_wm1_gap", 5e-324, "-3.143455569405257377819031e-162"),
    ("one_plus_w0_gap", 1e-20, "1.414213562306428343353314e-10"),
    ("one_plus_wm1_gap", 1e-20, "-1.414213562439761676686647e-10"),
    ("one_plus_w0_gap", 0.125, "0.4203764666960421326229056"),
    ("one_plus_wm1_gap", 0.125, "-0.5865820454591966218562272"),
    ("one_plus_w0_gap", 0.5, "0.6982904373156639884650768"),
    ("one_plus_wm1_gap", 0.5, "-1.357676673945899058404587"),
    ("one_plus_w0_gap", 0.75, "0.7844191181790763893295376"),
    ("one_plus_wm1_gap", 0.75, "-1.768195756552748204428231"),
    ("one_plus_w0_gap", 30.0, "0.9999999999999655752289153"),
    ("one_plus_wm1_gap", 30.0, "-33.54218122131271046906794"),
    ("lambert_w0_exp", -745.0, "2.822350730471937076353440e-324"),
    ("lambert_w0_exp", -20.0, "2.061153618190203585809117e-9"),
    ("lambert_w0_exp", 0.0, "0.5671432904097838729999687"),
    ("lambert_w0_exp", 1.0, "1.000000000000000000000000"),
    ("lambert_w0_exp", 699.5, "692.9590291235915923364949"),
    ("lambert_w0_exp", 700.0, "693.4583088790254983367497"),
    ("lambert_w0_exp", 100000.0, "99988.48718966976082275500"),
    ("lambert_w0_neg_exp", -1.0000000000000002, "-0.9999999789265758925827205"),
    ("lambert_w0_neg_exp", -1.25, "-0.4487820264846246022354831"),
    ("lambert_w0_neg_exp", -1.5, "-0.3017095626843360115349232"),
    ("lambert_w0_neg_exp", -3.0, "-0.05246909745771487240987361"),
    ("lambert_w0_neg_exp", -700.0, "-9.859676543759770856705373e-305"),
    ("lambert_wm1_exp", -1.0000000000000002, "-1.000000021073424403476753"),
    ("lambert_wm1_exp", -1.25, "-1.882714752582594761711215"),
    ("lambert_wm1_exp", -1.5, "-2.357676673945899058404587"),
    ("lambert_wm1_exp", -3.0, "-4.505241495792883366998624"),
    ("lambert_wm1_exp", -700.0, "-706.5604087026485701079275"),
    ("lambert_wm1_exp", -100000.0, "-100011.5130405887491193724"),
)


def parse(digits: str) -> arb:
    with ctx.workprec(200):
        return arb(digits)


@pytest.mark.parametrize(("name", "argument", "digits"), TABLE)
def test_reference_table(name, argument, digits):
    check(getattr(lambert, name)(argument), parse(digits))


@pytest.mark.parametrize(("name", "argument", "digits"), TABLE)
def test_balls_agree_with_the_reference_table(name, argument, digits):
    exact = EXACT[getattr(lambert, name)](argument)
    with ctx.workprec(200):
        assert abs(exact / parse(digits) - 1) < arb(10) ** -23


@pytest.mark.skipif(not scipy.__version__.startswith("1.17."), reason="measured with scipy 1.17")
@pytest.mark.parametrize("distance", [1e-16, 1e-14, 1e-12, 1e-10, 1e-9, 1.7e-9])
def test_scipy_is_wrong_next_to_the_branch_point(distance):
    z = FIRST + distance
    exact = exact_wm1(z)
    theirs = float(lambertw(z, -1).real)
    assert abs((1 + theirs) / float((1 + exact).mid()) - 1) > 0.99
    assert ulps(theirs, exact) > 1e6
    check(lambert.lambert_wm1(z), exact)


@pytest.mark.skipif(not scipy.__version__.startswith("1.17."), reason="measured with scipy 1.17")
def test_scipy_loses_digits_of_the_principal_branch():
    z = FIRST + STEP
    assert abs((1 + float(lambertw(z).real)) / float((1 + exact_w0(z)).mid()) - 1) > 0.1
    check(lambert.lambert_w0(z), exact_w0(z))


@by_name
@pytest.mark.parametrize("error", [-8, 8])
def test_the_checker_rejects_eight_ulps(case, error):
    for k in range(GRID // 8, GRID, GRID // 8):
        argument = case.argument(k)
        value = case.function(argument)
        with pytest.raises(AssertionError, match="ulp off"):
            check(value + error * math.ulp(value), EXACT[case.function](argument))


def test_the_checker_rejects_what_is_not_finite():
    assert ulps(math.nan, arb(1)) == math.inf
    assert ulps(math.inf, arb(1)) == math.inf
    with pytest.raises(AssertionError):
        ulps(1.0, arb(1, 0.1))  # a ball too wide to tell
