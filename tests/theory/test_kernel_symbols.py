"""What is asked of symbols: each has a range, before an end uses it, and no change of coordinates lets one go or redefines it.

Each false relation here was accepted before the kernel asked that.
"""

import pytest

from ascentcheck.theory.check.frame import Refused, fixed, symbols
from ascentcheck.theory.check.kernel import verify

SAME = {"rule": "combine", "facts": [], "terms": []}
"""The proof that both sides are the same polynomial."""


def asked(relation, *ranges):
    return {"ranges": list(ranges), "relation": relation}


def refused(problem, proof, why):
    with pytest.raises(Refused, match=why):
        verify(problem, proof)


def above(name):
    return [name, 0, None, True, False]


def at(name, place):
    return [name, place, place, False, False]


def pinned(name, value, *proofs, **more):
    """A change of coordinates that gives a symbol without a range a value."""
    node = {
        "rule": "coordinates",
        "ranges": [at(name, value)],
        "to": [],
        "from": [[name, value]],
        "known": [],
    }
    return {**node, "proofs": [0, 0, 0, *proofs], **more}


def let_go(proof, **more):
    """A change of coordinates to no coordinates at all: 'x leads back to x' is shown, and x has no range after it."""
    node = {"rule": "coordinates", "ranges": [], "to": [], "from": [], "known": []}
    return {**node, "proofs": [SAME], "proof": proof, **more}


def test_a_symbol_that_was_let_go_has_no_value_of_choice():
    refused(asked(["=", "x", 5], above("x")), let_go(pinned("x", 5, proof=SAME)), "no range")


def test_nor_is_a_logarithm_defined_by_that():
    defined = pinned("x", 1, proof=0)
    proof = let_go(pinned("x", 1, proof=0, defined=[defined]), defined=[let_go(defined)])
    refused(asked([">=", ["log", "x"], 0], ["x", None, None, True, True]), proof, "no range")


def test_a_symbol_of_the_problem_has_a_range():
    refused(asked(["=", "y", 5], above("x")), pinned("y", 5, SAME, proof=SAME), "no range")


@pytest.mark.parametrize(
    ("symbol", "ranges"),
    [("x", [at("x", "x")]), ("y", [at("x", "y"), at("y", 0)])],
    ids=["its own end", "what is let go after it"],
)
def test_an_end_that_is_a_value_leaves_no_symbol_without_a_range(symbol, ranges):
    refused(asked(["=", "x", 5], *ranges), pinned(symbol, 5, proof=SAME), "no range")


@pytest.mark.parametrize("end", ["y", "x", ["+", "y", 1]])
def test_an_end_is_in_earlier_symbols(end):
    low, high = ["x", end, None, False, False], ["x", 0, end, False, False]
    for part in (low, high):
        refused(asked([">=", ["^", "x", 2], 0], part, above("y")), 0, "other than earlier")


def test_an_end_in_earlier_symbols_and_a_value_in_any_are_as_they_say():
    verify(asked([">=", "y", "x"], above("x"), ["y", "x", None, False, False]), 0)
    verify(asked([">", "x", 0], at("x", "y"), above("y")), 0)
    assert fixed([("x", "y", "y", False, False), ("y", 0, None, True, False)], ("+", "x", 1)) == (
        (("y", 0, None, True, False),),
        ("+", "y", 1),
    )


@pytest.mark.parametrize(
    ("name", "ranges", "shown"),
    [("xx", [above("x"), above("xx")], 3), ("11", [above("x")], 2)],
    ids=["a symbol", "a number"],
)
def test_what_is_known_of_a_part_is_what_is_put_for_it(name, ranges, shown):
    """An object where a list is meant: its keys are pairs of letters, of which 'x = x' was shown."""
    node = {"rule": "coordinates", "ranges": [above("x")], "to": [], "from": [], "known": {name: 30}}
    with pytest.raises(Refused):
        verify(asked([">", name, 20], *ranges), {**node, "proofs": [0, *[SAME] * shown], "proof": 0})
    verify(
        asked([">", "x", 0], above("x")),
        {**node, "known": {"x": ["*", 1, "x"]}, "proofs": [0, SAME, SAME], "proof": 0},
    )


@pytest.mark.parametrize(
    ("tree", "ranges"),
    [
        (
            ["+", ["*", "x", "y"], ["*", "-9/10", "x"], ["*", "1/3", ["^", "x", 3]]],
            [["x", -2, 2, False, False], ["y", ["+", 1, ["*", -1, ["^", "x", 2]]], None, False, False]],
        ),
        (["+", "x", ["*", -2, "y"]], [["x", 0, 1, False, False], at("y", "x")]),
    ],
    ids=["a torn line", "a value"],
)
def test_nothing_increases_with_a_symbol_that_moves_the_ends_of_others(tree, ranges):
    refused(asked(["increases", tree, "x"], *ranges), 0, "an end depends on the symbol")


@pytest.mark.parametrize(
    "tree",
    [["log", 1, "x"], ["exp", "x", 7], ["^", "x"], ["^", "x", 2, 3], ["W0"], ["W-1", -1, 2], ["X", 1, 1]],
)
def test_a_function_has_its_number_of_arguments(tree):
    refused(asked(["=", tree, tree], above("x")), SAME, "another number of arguments")


def test_symbols_are_neither_heads_nor_numbers():
    assert symbols(("+", "x", ("log", ("*", "1/2", "y"), 3))) == {"x", "y"}
    assert symbols(None) == symbols(5) == symbols("5/3") == set()


@pytest.mark.parametrize(
    "end",
    [
        ["exp", 0, 7], ["^", 2, 2, 9], ["log", 1, 2], ["X", 2, 2], ["foo", 2, 2], ["+", 1, ["foo"]], [], [0, 0], True, 0.5,
        "1_0", " 1", "+1", "1/-2", "1/2/3", "\u0661", "",
    ],
)  # fmt: skip
def test_an_end_of_a_range_is_a_tree(end):
    """Each is refused even where nothing is asked of the symbol, or of the end."""
    for part in (["x", end, None, False, True], ["x", None, end, True, False]):
        refused(asked(["=", "y", "y"], above("y"), part), SAME, None)
        refused(asked([">", "y", 0], above("y"), part), 0, None)


@pytest.mark.parametrize("side", ["1_0", True, ["foo", "x"], ["^", "x"], ["+", 1, [True]]])
def test_a_side_is_a_tree(side):
    for relation in (
        ["=", side, side],
        ["equivalent", [">", side, 0], [">", side, 0]],
        ["increases", side, "x"],
    ):
        refused(asked(relation, above("x")), {**SAME, "ratio": 1, "positive": 0, "same": SAME}, None)


@pytest.mark.parametrize(
    "flags", [("false", True), ("", True), (0, True), (False, 1), (False, "no"), (None, True)]
)
def test_an_end_is_open_or_it_is_not(flags):
    """ "false" would be taken for true, and 0 would be left out of what is ≥ 0."""
    refused(asked([">", "x", 0], ["x", 0, None, *flags]), 0, "open or it is not")
    refused(asked([">=", "x", 0], ["x", 0, None, *flags]), 0, "open or it is not")


def test_what_was_defined_on_the_old_ranges_is_not_thereby_on_wider_new_ones():
    """1 − 1/x is 2 at x = −1 and grows; between there and 1/2 it is not defined."""
    node = {
        "rule": "coordinates", "ranges": [["x", -1, None, False, True]], "to": [], "from": [], "known": [], "defined": [0],
        "proofs": [0, SAME],
    }  # fmt: skip
    at_minus_1 = {
        "rule": "sign",
        "cases": None,
        "defined": [{"rule": "sign", "cases": None, "negative": True}],
    }
    square = {"rule": "combine", "facts": [["", ["^", "x", -1], 0]], "terms": [[1, [2]]]}
    grown = {"rule": "grows", "symbol": "x", "low": at_minus_1, "slope": square}
    problem = asked([">", ["+", 1, ["*", -1, ["^", "x", -1]]], 0], above("x"))
    for proof in (grown, {**grown, "defined": [0]}):
        refused(problem, {**node, "proof": proof}, "torn|no sign")
    from_2 = {
        **node,
        "ranges": [["x", 2, None, False, True]],
        "proof": {**grown, "low": {"rule": "sign", "cases": None, "defined": [0]}, "defined": [0]},
    }
    verify(asked([">", ["+", 1, ["*", -1, ["^", "x", -1]]], 0], ["x", 2, None, False, True]), from_2)
