"""`evaluate` answers within seconds for any input: sizes and ridges from 1e-300 to 1e300, ε at 0, 1 and next to them."""

import json
import signal
from fractions import Fraction

import pytest
from flint import arb
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ascentcheck.theory.claims import CLAIMS, by_name
from ascentcheck.theory.console import UserError
from ascentcheck.theory.evaluate import LEAST_BITS, as_json, evaluated, parse_point

SECONDS = 20
"""Longer than any answer takes even where other work runs beside it; alone the worst is about one second."""
ALWAYS = [claim.name for claim in CLAIMS if claim.name != "toy-minima"]

plain = st.sampled_from(["1", "2", "3", "10", "1000", "1/3", "5/7"])
huge = st.builds(lambda d, e: f"{d}e{e}", st.integers(1, 9), st.integers(-300, 300))
sizes = plain | huge | st.sampled_from(["1e-300", "1e300", "1e-30", "1e30"])
near_one = st.integers(1, 300).map(lambda k: f"{10**k - 1}/{10**k}")
near_zero = st.integers(1, 300).map(lambda k: f"1e-{k}")
shares = st.sampled_from(["0", "1", "1/2"]) | near_one | near_zero


def inputs(claim):
    """Draw texts for every input of a claim, α at its thresholds and next to them included."""
    drawn = {}
    for part in claim.inputs.ranges:
        name = part.symbol.name
        drawn[name] = shares if name in ("epsilon", "accuracy", "gap") else sizes
        if name in ("a", "low", "high", "t"):
            drawn[name] = st.builds(lambda sign, size: sign + size, st.sampled_from(["", "-"]), sizes)
        if name in ("n", "n_forget") and claim.name in ("lemma-1", "lemma-11"):
            drawn[name] = st.integers(1, 10**8).map(str)
    texts = st.fixed_dictionaries(drawn)
    if "alpha" not in drawn:
        return texts
    kinds = st.sampled_from(["free", "balance", "turning", "none", "one", "next"])
    return st.tuples(texts, kinds, st.integers(3, 300)).map(_with_alpha)


def _with_alpha(drawn):
    texts, kind, digits = drawn
    retain, forget = Fraction(texts["n_retain"]), Fraction(texts["n_forget"])
    turning = forget**2 / (retain * (2 * forget + retain))
    alpha = {
        "free": texts["alpha"],
        "balance": forget / retain,
        "turning": turning,
        "none": 0,
        "one": 1,
        "next": forget / retain * (1 + Fraction(1, 10**digits)),
    }[kind]
    found = {**texts, "alpha": str(alpha)}
    if "learning_rate" in texts:
        ridge = Fraction(texts["ridge"])
        found["learning_rate"] = str(
            (1 - Fraction(1, 10**digits)) / ridge if kind == "next" else 1 / (3 * ridge)
        )
    return found


def answered(claim, texts):
    """Return the record of an evaluation, or None where it says in one line what it cannot decide."""

    def late(*_):
        raise AssertionError(f"no answer in {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        point = parse_point(claim.inputs, [f"{k}={v}" for k, v in texts.items()], claim.words, claim.defaults)
        found = evaluated(claim, point)
        for value in (*found.values.values(), found.margin):
            if isinstance(value, arb) and value != 0:
                assert value.rel_accuracy_bits() >= LEAST_BITS
        assert found.holds is not None or found.margin is None
        return json.loads(json.dumps(as_json(claim, point, found)))
    except UserError as error:
        message = str(error)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert "\n" not in message
    return None


@pytest.mark.parametrize("name", ALWAYS)
@settings(max_examples=25)
@given(data=st.data())
def test_there_is_an_answer_with_digits_for_every_input(name, data):
    claim = by_name(name)
    texts = data.draw(inputs(claim))
    long = [text for text in texts.values() if len(text) > 390]
    assume(not long)
    record = answered(claim, texts)
    assert record is None or record["claim"] == name


HARD = [
    ("lemma-8", "1", "1", "1e-30", "1", "1", "1/2"),
    ("lemma-8", "1e-300", "9e-45", "6e293", "8e138", f"{10**30 - 1}/{10**30}", "9e255"),
    ("lemma-6", "1000", "1e300", "31/72", "1e300", "1", "1e301"),
]


@pytest.mark.parametrize(("name", "retain", "forget", "ridge", "group", "epsilon", "alpha"), HARD)
def test_where_the_fold_is_hard_to_find(name, retain, forget, ridge, group, epsilon, alpha):
    values = {"n_retain": retain, "n_forget": forget, "ridge": ridge, "n_group": group}
    record = answered(by_name(name), {**values, "epsilon": epsilon, "alpha": alpha})
    assert record is not None


def test_at_the_turning_point_descent_ascent_stays_and_no_stop_helps():
    shared = {"n_retain": "2", "n_forget": "1", "ridge": "1", "n_group": "1", "alpha": "1/8"}
    for name in ("lemma-3", "da-farthest"):
        record = answered(by_name(name), shared)
        assert record["values"]["direction"] == "stays"
        assert record["conclusion"] == {"holds": True, "margin": 0.0}
    stopped = answered(by_name("early-stopping"), shared)
    assert stopped["conclusion"] == {"holds": True, "margin": 0.0}
    assert stopped["values"]["path"] == "stays at the pretrained model"


def test_equality_at_a_threshold_is_told():
    texts = {"n_retain": "1", "n_forget": "2", "ridge": "1", "n_group": "1", "epsilon": "1", "alpha": "2"}
    record = answered(by_name("lemma-10"), texts)
    assert record["hypotheses"]["alpha_at_most_alpha_max_y"]
    assert record["conclusion"] == {"holds": True, "margin": 0.0}


def test_a_value_below_the_normal_floats_keeps_its_digits():
    texts = {"n_retain": "3e300", "n_forget": "1", "ridge": "1e10", "n_group": "1", "alpha": "0"}
    value = answered(by_name("lemma-2"), texts)["values"]["w_retrained"]
    assert value == "3.3333333333333333333e-311"


@example(ridge="1e-300")
@example(ridge="1e300")
@settings(max_examples=5)
@given(ridge=huge)
def test_the_toy_answers_or_says_what_it_cannot_decide(ridge):
    answered(by_name("toy-minima"), {"ridge": ridge, "forgotten": "2"} | _first_words(by_name("toy-minima")))


def _first_words(claim):
    return {symbol.name: words[0] for symbol, words in claim.words.items()}
