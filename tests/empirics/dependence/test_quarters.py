"""Quarters of sets by each measure of dependence, on sets whose answer is known."""

import numpy as np
import pytest

from ascentcheck.empirics.dependence.evidence import CKA, Arm
from ascentcheck.empirics.dependence.quarters import (
    fails,
    kinds,
    measures,
    most,
    quarters,
    stands,
    to_forget,
    with_failing,
    without,
)

KINDS = ("random", "class", "near", "far")


def arm(ratio, cka, kind=None, nothing=1.0, **more):
    """Sets with one course each, whose log ratio is given."""
    n = len(cka)
    kind = [KINDS[i % 4] for i in range(n)] if kind is None else kind
    nothing = np.broadcast_to(nothing, n)
    rows = [
        {"name": str(i), "kind": kind[i], "size": 20.0 + i % 3, "nothing": float(nothing[i]), CKA: cka[i]}
        | {name: values[i] for name, values in more.items()}
        for i in range(n)
    ]
    return Arm("made up", rows, {"one end": np.array(ratio, dtype=float), "one nearest": np.zeros(n)})


def test_the_quarters_are_those_of_the_most_and_the_least():
    cka = np.random.default_rng(0).permutation(40) / 40
    found = quarters(arm(np.where(cka >= 0.5, 1.0, -1.0), cka))
    assert (found.most, found.least, found.low, found.high) == (1, 0, 1, 1)
    assert found.answer is True
    assert quarters(arm(np.where(cka >= 0.5, -1.0, 1.0), cka)).answer is False
    assert quarters(arm(np.where(np.arange(40) % 2, 1.0, -1.0), cka)).answer is None
    assert most(arm(cka, cka), CKA).tolist() == (cka >= 0.75).tolist()


def test_a_course_that_comes_no_nearer_fails():
    assert fails(arm([0.0, -1e-9, 3.0, -2.0], [1.0, 2.0, 3.0, 4.0])).tolist() == [1, 0, 1, 0]


def test_an_answer_that_hangs_on_one_kind_of_set_does_not_stand():
    cka = np.arange(64) / 64
    kind = ["mislabelled" if one >= 0.75 else KINDS[i % 4] for i, one in enumerate(cka)]
    hanging = arm(np.where(cka >= 0.75, 1.0, -1.0), cka, kind)
    assert quarters(hanging).answer is True
    assert quarters(without(hanging, "mislabelled")).answer is False
    assert stands(hanging, CKA) is None
    spread = arm(np.where(cka >= 0.5, 1.0, -1.0), cka)
    assert kinds(spread) == list(KINDS)
    assert stands(spread, CKA) is True


def test_sets_with_nothing_to_forget_are_left_out():
    cka = np.arange(8) / 8
    some = arm(cka, cka, nothing=[0.01, 0.5, 0.01, 1, 2, 3, 4, 0.0101])
    assert [row["name"] for row in to_forget(some).sets] == ["1", "3", "4", "5", "6", "7"]
    assert len(to_forget(some).outcomes["one end"]) == 6


def test_measures_are_those_of_dependence_that_all_sets_have():
    cka = np.arange(8) / 8
    some = arm(cka, cka, forget_loss=cka, entanglement=cka, gradient_cosine=[None, *cka[1:]])
    assert measures(some) == [CKA, "entanglement"]


def test_what_doing_nothing_explains_is_taken_out():
    draw = np.random.default_rng(3)
    nothing = draw.random(400)
    ratio = nothing - 0.5 + 0.05 * draw.normal(size=400)
    some = arm(ratio, nothing + 0.02 * draw.normal(size=400), nothing=nothing)
    measure = some.predictors[CKA]
    assert with_failing(some, measure, ("size",)).rho > 0.8
    assert with_failing(some, measure).rho == pytest.approx(0, abs=0.2)
