"""Hoeffding's bound at a point, and the exact tail of fair coins."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import sympy as sp
from flint import fmpq

from ascentcheck.theory import simulated
from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims.lemma_11 import SUM, high, low, n, t, tail_bound
from ascentcheck.theory.console import UserError
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import DIGITS_TO_CANCEL, WORKING_BITS, enclose, precision
from ascentcheck.theory.lambert import Array
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.solvers.tails import binomial_deviation
from ascentcheck.theory.vocabulary import spread

LARGEST = 10**8
"""Counts up to here are evaluated; beyond, an exact tail would take more than a second."""


def bound_values(total_spread: Array, count: Array, gap: Array) -> Array:
    """Return the printed bound 2·exp(−2n²t²/V) for V > 0, shape of the broadcast inputs. Lemma 11."""
    return np.asarray(2 * np.exp(-2 * (count * gap) ** 2 / total_spread))


def whole(name: str, value: fmpq, largest: int = LARGEST) -> int:
    """Return a size as an int. Raises UserError unless it is a whole number from 1 to `largest`."""
    if value.q != 1 or not 1 <= value <= largest:
        raise UserError(f"{name} = {value} is out of range; allowed is a whole number from 1 to {largest}")
    return int(value.p)


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the bound for n variables in [low, high] and the exact tail of n fair coins on {low, high}."""
    count, width_value = whole("n", point[n]), point[high] - point[low]
    hypotheses = {"positive_t": point[t] > 0, "positive_spread": width_value > 0}
    if width_value == 0:
        unknown = {"bound": None, "slack": None, "bound_over_exact": None}
        return Evaluation(hypotheses, {"exact_tail": int(point[t] == 0), **unknown}, None, None)
    bound = enclose(tail_bound(n, t, n * (high - low) ** 2), point, digits=DIGITS_TO_CANCEL)
    tail = fmpq(1) if point[t] == 0 else binomial_deviation(count, fmpq(1, 2), point[t] / width_value)
    with precision(WORKING_BITS):
        slack = bound - tail
        ratio = None if tail == 0 else bound / tail
    values = {"bound": bound, "exact_tail": tail, "slack": slack, "bound_over_exact": ratio}
    return Evaluation(hypotheses, values, conclusion(slack, strict=True), slack)


VALUES = Values(
    inputs=Domain((Range(n, 1, sp.oo), Range(t), Range(low, -sp.oo, sp.oo), Range(high, low, sp.oo))),
    evaluate=evaluate,
    prints=(
        Prints("positive_t", "t > 0"),
        Prints("positive_spread", "h > l"),
        Prints("bound", "2e^{−2nt²/(h−l)²}", "h > l"),
        Prints("exact_tail", "P(n, 1/2, t/(h−l))", "h > l"),
        Prints("exact_tail", "0", "h = l and t > 0"),
        Prints("exact_tail", "1", "h = l and t = 0"),
        Prints("slack", "2e^{−2nt²/(h−l)²} − P(n, 1/2, t/(h−l))", "h > l"),
        Prints("bound_over_exact", "2e^{−2nt²/(h−l)²}/P(n, 1/2, t/(h−l))", "h > l and t ≤ (h−l)/2"),
        Prints("holds", "1 < 2", "h > l"),
        Prints("margin", "2e^{−2nt²/(h−l)²} − P(n, 1/2, t/(h−l))", "h > l"),
    ),
    float_forms=(
        FloatForm(
            "bound",
            lambda count, gap, total: bound_values(total, count, gap),
            tail_bound(n, t, spread),
            Domain((SUM[1], Range(t), Range(spread, low_open=True))),
            ulps=4,
        ),
    ),
    simulate=partial(simulated.summed, tail_bound),
)
