"""The bound of lemma 1 at a point, the exact tail, and how much data it takes to say something."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory import simulated
from ascentcheck.theory.check.decide import decide
from ascentcheck.theory.claim import Evaluation, FloatForm, Prints, Values
from ascentcheck.theory.claims.lemma_1 import GAP, SAYS_NOTHING, bound
from ascentcheck.theory.claims.sampling_bounds import pair, serfling_exponent
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import DIGITS_TO_CANCEL, WORKING_BITS, enclose, precision
from ascentcheck.theory.lambert import Array
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.solvers.tails import binomial_deviation, two_sample_deviation, unique_integer
from ascentcheck.theory.values.lemma_11 import whole
from ascentcheck.theory.vocabulary import accuracy, gap, n_forget, n_retain, n_test

MOST_PAIRED = 400
"""Up to this |F| the exact two-sample tail is evaluated."""


def bound_values(forget: Array, gap_value: Array) -> Array:
    """Return 2·exp(−2|F|ε²), shape of the broadcast inputs. Lemma 1, for a model independent of F."""
    return np.asarray(2 * np.exp(-2 * forget * gap_value**2))


def two_sample_values(forget: Array, test: Array, gap_value: Array) -> Array:
    """Return the bound for a finite test set of `test` samples, shape of the broadcast inputs."""
    return bound_values(forget * test / (forget + test), gap_value)


def serfling_values(retain: Array, forget: Array, gap_value: Array) -> Array:
    """Return Serfling's bound on |Acc_F − Acc_D| for a fixed dataset, shape of the broadcast inputs."""
    return bound_values(forget * ((retain + forget) / (retain + 1)), gap_value)


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return the bound and the exact tail for a model independent of F; the conclusion is tail ≤ bound.

    `two_sample_*` take a test set as large as F; `memorising_tail` is the probability for a model with this
    accuracy that is right on all of F; `n_forget_needed` is the least |F| at which the bound is below 5%.
    """
    size, far, chance = whole("n_forget", point[n_forget]), point[gap], point[accuracy]
    printed = enclose(bound, point, digits=DIGITS_TO_CANCEL)
    tail = binomial_deviation(size, chance, far)
    with precision(WORKING_BITS):
        slack = printed - tail
        ratio = None if tail == 0 else printed / tail
        needed = arb(40).log() / (2 * far * far)
    paired = size <= MOST_PAIRED and int(chance.q).bit_length() <= 64
    values = {
        "bound": printed,
        "exact_tail": tail,
        "slack": slack,
        "bound_over_exact": ratio,
        "vacuous_below": enclose(sp.sqrt(sp.log(2) / (2 * n_forget)), point),
        "n_forget_needed": unique_integer(needed.ceil()) if needed < 2**53 else needed,
        "two_sample_bound": enclose(bound.subs(n_forget, n_forget / 2), point, digits=DIGITS_TO_CANCEL),
        "two_sample_tail": two_sample_deviation(size, size, chance, far) if paired else None,
        "memorising_tail": int(1 - chance >= far),
    }
    return Evaluation(
        {"bound_below_1": decide(SAYS_NOTHING[1].relation, point) is True},
        values,
        conclusion(slack, strict=True),
        slack,
    )


VALUES = Values(
    inputs=Domain((Range(n_forget, 1), Range(gap, 0, 1, low_open=True), Range(accuracy, 0, 1))),
    evaluate=evaluate,
    prints=(
        Prints("bound_below_1", "2e^{−2|F|ε²} < 1"),
        Prints("bound", "2e^{−2|F|ε²}"),
        Prints("exact_tail", "P(|F|, Acc, ε)"),
        Prints("slack", "2e^{−2|F|ε²} − P(|F|, Acc, ε)"),
        Prints(
            "bound_over_exact",
            "2e^{−2|F|ε²}/P(|F|, Acc, ε)",
            "Acc > 0 and Acc < 1 and 1 − Acc ≥ ε or Acc > 0 and Acc < 1 and Acc ≥ ε",
        ),
        Prints("vacuous_below", "√(ln 2/(2|F|))"),
        Prints("n_forget_needed", "ceil(ln 40/(2ε²))", "ln 40/(2ε²) < 9007199254740992"),
        Prints("n_forget_needed", "ln 40/(2ε²)"),
        Prints("two_sample_bound", "2e^{−|F|ε²}"),
        Prints("two_sample_tail", "Q(|F|, |F|, Acc, ε)", "|F| ≤ 400"),
        Prints("memorising_tail", {"1": "1 − Acc ≥ ε", "0": "1 − Acc < ε"}),
        Prints("holds", "1 < 2"),
        Prints("margin", "2e^{−2|F|ε²} − P(|F|, Acc, ε)"),
    ),
    float_forms=(
        FloatForm(
            "bound",
            lambda far, size: bound_values(size, far),
            bound,
            Domain((GAP, Range(n_forget, low_open=True))),
            ulps=4,
        ),
        FloatForm(
            "two_sample_bound",
            lambda far, size, test: two_sample_values(size, test, far),
            2 * sp.exp(-2 * gap**2 * pair),
            Domain((GAP, Range(n_forget, low_open=True), Range(n_test, low_open=True))),
            ulps=4,
        ),
        FloatForm(
            "serfling_bound",
            lambda far, size, retain: serfling_values(retain, size, far),
            2 * sp.exp(serfling_exponent),
            Domain((GAP, Range(n_forget, low_open=True), Range(n_retain, low_open=True))),
            ulps=4,
        ),
    ),
    simulate=partial(simulated.on_digits, bound_values),
)
