"""No attack makes the kernel accept what is false; a kernel that lets symbols go accepts some of it."""

import os

import pytest

from ascentcheck.theory.check import kernel
from ascentcheck.theory.check.frame import put
from tests.theory import attack
from tests.theory.forge import forge

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
LEAST = 2_000 if os.environ.get("CI") else 100
"""Random relations where no more are asked for."""

may_run_out = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""The patience with a point can run out within a destructor."""


@may_run_out
def test_nothing_in_the_stored_proofs_shows_more_than_it_is_for():
    outcomes, wrong = attack.turned(100_000 if NIGHTLY else 800, 0)
    assert wrong == []
    assert outcomes["refused"] > 5 * outcomes["accepted"] > 0


@may_run_out
def test_changed_proofs_and_problems_are_refused_or_still_right():
    outcomes, wrong = attack.changes(10_000 if NIGHTLY else 200, 0)
    assert wrong == []
    assert outcomes["proof refused"] > 5 * outcomes["proof accepted"]
    assert outcomes["problem refused"] > outcomes["problem accepted"] > 0


@pytest.mark.parametrize("seed", range(10 if NIGHTLY else 1))
@may_run_out
def test_no_random_relation_is_accepted_that_a_point_refutes(seed):
    outcomes, wrong = attack.relations(10_000 if NIGHTLY else LEAST, seed)
    assert wrong == []
    assert outcomes["accepted"] > outcomes["refused"] / 20


@may_run_out
def test_the_attack_would_see_a_wrong_acceptance():
    positive = [["x", 0, None, True, False]]
    assert attack.refuted({"ranges": positive, "relation": [">=", ["W0", "x"], "x"]}, 0) is not None
    assert attack.refuted({"ranges": positive, "relation": ["<=", ["W0", "x"], "x"]}, 0) is None


@pytest.mark.parametrize("seed", range(10 if NIGHTLY else 1))
@may_run_out
def test_no_forged_proof_of_a_false_relation_is_accepted(seed):
    outcomes, wrong = forge(10_000 if NIGHTLY else 1_000, seed)
    assert wrong == []
    assert outcomes["accepted"] > outcomes["refused"] / 50


def _lax(ranges, f):
    """Put values as the kernel does, whatever symbols then have no range."""
    free, values = [], {}
    for name, low, high, low_open, high_open in ranges:
        low, high = put(low, values), put(high, values)
        if low == high and low is not None and not low_open and not high_open:
            values[name] = low
        else:
            free.append((name, low, high, low_open, high_open))
    return tuple(free), put(f, values)


@may_run_out
def test_a_kernel_that_lets_symbols_go_is_led_to_false_relations(monkeypatch):
    monkeypatch.setattr(kernel, "fixed", _lax)
    _, wrong = forge(1_000, 0)
    assert wrong
    assert all("'coordinates'" in repr(proof) for _, proof, _ in wrong)
