"""Each demand of the kernel, by a proof that is right but for it, and what its parts return."""

import pytest

from ascentcheck.theory.check import kernel
from ascentcheck.theory.check.exact import prove
from ascentcheck.theory.check.frame import VARIABLES, Frame, Refused, constant, curvature, minus
from ascentcheck.theory.check.goal import Goal
from ascentcheck.theory.check.kernel import bound, conditions, difference, needs, place, total, verify

E = ("exp", 1)
ABOVE, FROM_0 = ["x", 0, None, True, False], ["x", 0, None, False, False]
SAME = {"rule": "combine", "facts": [], "terms": []}
"""The proof that both sides are the same polynomial."""
WRONG = {"rule": "nothing"}


def asked(relation, *ranges):
    return {"ranges": list(ranges or [ABOVE]), "relation": relation}


def refused(problem, proof, why=None):
    with pytest.raises(Refused, match=why):
        verify(problem, proof)


def real(z):
    return (">=", ("+", ("*", E, z), 1))


def curved(e, c):
    return (">", ("+", 1, ("*", E, ("+", 1, ("^", e, 2)), c)))


LOG = ("log", "x")


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (7, []), ("x", []), (("+",), []), (("+", "x", 1), []), (("exp", "x"), []),
        (("log", 1), []), (("log", 3), []), (("log", 0), [(">", 0)]), (("log", -2), [(">", -2)]),
        (("log", "1/2"), [(">", "1/2")]), (LOG, [(">", "x")]),
        (("W0", "x"), [real("x")]), (("W-1", "x"), [real("x"), (">", ("*", -1, "x"))]),
        (("X", "a", "c", "e"), [(">", "a"), (">=", "e"), curved("e", "c")]),
        (("Y", 2, "c", "e"), [(">=", "e"), curved("e", "c")]),
        (("X", 0, "c", "e"), [(">", 0), (">=", "e"), curved("e", "c")]),
        (("^", "x", 2), []), (("^", "x", 0), []), (("^", "x", -1), [("!=", "x")]), (("^", LOG, 2), [(">", "x")]),
        (("*", LOG, ("^", LOG, -1), LOG), [(">", "x"), ("!=", LOG)]),
    ],
)  # fmt: skip
def test_what_must_hold_for_a_tree_to_be_defined(tree, expected):
    assert list(needs(tree)) == expected


A = VARIABLES[0]
QUOTIENT = (constant(1) + A) ** -1


@pytest.mark.parametrize(
    ("part", "attained", "value", "signs"),
    [
        ((None, None, True, True), False, A, {0: ""}),
        ((None, 5, True, False), False, A, {0: ""}),
        ((None, 5, True, False), True, constant(5), {}),
        ((2, None, True, True), False, constant(2) + A, {0: ">"}),
        ((2, None, False, True), False, constant(2) + A, {0: ">="}),
        ((2, 5, False, True), False, constant(2) * QUOTIENT + constant(5) * A * QUOTIENT, {0: ">="}),
        ((2, 5, True, False), False, constant(2) * QUOTIENT + constant(5) * A * QUOTIENT, {0: ">"}),
        ((2, 5, True, False), True, constant(5), {}),
    ],
)
def test_where_a_symbol_lies_in_its_range(part, attained, value, signs):
    frame = Frame({})
    place(frame, [("x", *part)], {"x": attained})
    assert (frame.values["x"], frame.signs) == (value, signs)


def with_log(bounds, prove):
    frame = Frame({"bounds": bounds}, prove)
    frame.values["x"] = frame.new(">")
    bound(frame)
    return frame


@pytest.mark.parametrize("kind", [">", ">="])
def test_a_bound_of_a_function_is_proved_and_is_the_sign_of_its_variable(kind):
    proved = []
    frame = with_log([(kind, LOG, "proof")], lambda *given: proved.append(given))
    assert (proved, frame.signs) == ([(kind, LOG, "proof")], {0: ">", 1: kind})


@pytest.mark.parametrize(
    "given", [("=", LOG), ("<", LOG), (">=", "x"), (">", ("+", LOG, 1)), (">", ("*", 2, LOG))]
)
def test_bounds_are_of_functions_alone(given):
    with pytest.raises(Refused, match="no bound of a function"):
        with_log([(*given, 0)], lambda *_: None)
    with pytest.raises(Refused, match="nothing is proved on the way"):
        Frame({}).prove(">", LOG, 0)


def test_every_case_has_its_own_leaf():
    """1 − x is > 0 below 1 and not at 1, which is another case; with an open end there is no other."""
    falls = [">", ["+", 1, ["*", -1, "x"]], 0]
    refused(asked(falls, ["x", 0, 1, False, False]), {"rule": "sign", "cases": [{}]})
    refused(asked(falls, ["x", 0, 1, False, False]), {"rule": "sign", "cases": [{}, {}]}, "0 is not > 0")
    refused(asked([">=", "x", 1], ["x", 0, 1, False, False]), {"rule": "sign", "cases": [{}, {}]})
    open_end = asked(falls, ["x", 0, 1, False, True])
    verify(open_end, {"rule": "sign", "cases": [{}]})
    verify(open_end, 0)
    refused(open_end, {"rule": "sign", "cases": [{}, {}]})
    verify(asked([">", "x", 0]), {"rule": "sign", "cases": [{}]})
    two = asked([">=", ["+", 3, ["*", -1, "x"], ["*", -1, "y"]], 0], *(
        [name, 0, end, False, False] for name, end in (("x", 1), ("y", 2))
    ))  # fmt: skip
    verify(two, {"rule": "sign", "cases": [{}] * 4})
    refused(two, {"rule": "sign", "cases": [{}] * 3})


def test_what_an_exponential_is_made_of_is_defined_as_well():
    exponent = ["+", "x", ["*", 0, ["^", "x", -1]]]
    proof = {"rule": "sign", "cases": [{"basis": [[exponent, 0, 0]], "powers": [[1]]}]}
    verify(asked([">", ["exp", "x"], 0]), {**proof, "defined": [0]})
    refused(asked([">", ["exp", "x"], 0]), proof, "torn")
    refused(asked([">", ["exp", "x"], 0], FROM_0), {**proof, "defined": [0]}, "0 is not > 0|no sign")


def test_so_is_what_it_is_made_of_in_an_identity():
    exponent = ["+", "x", ["*", 0, ["^", "x", -1]]]
    proof = {**SAME, "basis": [[exponent, 0, 0]], "powers": [[1]]}
    same = ["=", ["exp", "x"], ["exp", "x"]]
    verify(asked(same), {**proof, "defined": [0]})
    for proved in ([], [0]):
        refused(asked(same, FROM_0), {**proof, "defined": proved}, "torn|no sign")


def test_signs_show_no_equation():
    for proof in (0, {"rule": "sign", "cases": [{}]}):
        refused(asked(["=", "x", 0], FROM_0), proof, "coefficients show no equation")


def test_what_is_needed_above_0_is_not_shown_below_it():
    """A divisor may be < 0 where its proof says so; a logarithm's argument may not."""
    below = ["x", -3, -1, False, True]
    turned = {"rule": "sign", "cases": None, "negative": True}
    verify(asked(["=", ["*", "x", ["^", "x", -1]], 1], below), {**SAME, "defined": [turned]})
    same = asked(["=", ["log", "x"], ["log", "x"]], below)
    refused(same, {**SAME, "defined": [turned]})
    refused(same, {**SAME, "defined": [{**turned, "negative": False}]})
    verify(asked(["=", ["log", "x"], ["log", "x"]]), {**SAME, "defined": [0]})
    refused(asked(["=", ["log", "x"], ["log", "x"]]), {**SAME, "defined": [0, 0]}, "proofs are left over")
    refused(asked(["=", ["log", "x"], ["log", "x"]]), SAME, "torn")
    square = {"rule": "combine", "facts": [["", LOG, 0]], "terms": [[1, [2]]]}
    verify(asked([">=", ["^", ["log", "x"], 2], 0]), {**square, "defined": [0]})


NOTHING = ("*", 0, "x")


@pytest.mark.parametrize(
    ("relation", "facts", "terms", "why"),
    [
        ([">", "x", 0], [(">", "x")], [(1, [1])], None),
        ([">", ["^", "x", -1], 0], [(">", "x")], [(1, [-1])], None),
        ([">=", ["^", "x", -1], 0], [(">=", "x")], [(1, [-1])], "a division by what may be 0"),
        ([">=", "x", 0], [("", "x")], [(1, [1])], "a term has no sign"),
        ([">=", ["^", "x", 3], 0], [("", "x")], [(1, [3])], "a term has no sign"),
        ([">=", ["^", "x", 2], 0], [("", "x")], [(1, [2])], None),
        ([">=", ["*", -1, "x"], 0], [(">", "x")], [(-1, [1])], "a term has no sign"),
        ([">=", ["*", -1, "x", "x"], 0], [("", "x")], [(-1, [2])], "a term has no sign"),
        ([">", ["*", "x", "x"], 0], [("", "x")], [(1, [2])], "no term is > 0"),
        ([">", ["^", "x", -2], 0], [("", "x")], [(1, [-2])], "a division by what may be 0"),
        ([">=", 0, 0], [(">", "x")], [(0, [1])], "a term has no sign"),
        (["=", "x", 0], [(">", "x")], [(1, [1])], "a term has no sign"),
        (["=", 1, 0], [(">", "x")], [(1, [0])], "a term has no sign"),
        (["=", NOTHING, 0], [("=", NOTHING)], [(-1, [1])], None),
        ([">=", NOTHING, 0], [("=", NOTHING)], [(-1, [1])], None),
        ([">=", -1, 0], [("=", NOTHING)], [(-1, [0])], "a term has no sign"),
        ([">", NOTHING, 0], [("=", NOTHING)], [(1, [1])], "no term is > 0"),
        ([">", 1, 0], [("=", NOTHING)], [(1, [0])], None),
        ([">", "x", 0], [(">", "x"), ("=", NOTHING)], [(1, [1, 0]), (-5, [0, 1])], None),
        ([">", ["^", "x", 2], 0], [(">=", "x")], [(1, [2])], "no term is > 0"),
        ([">", ["*", "x", "x"], 0], [(">", "x"), (">=", "x")], [(1, [1, 1])], "no term is > 0"),
        ([">", 0, 0], [(">", "x")], [], "no term is > 0"),
        ([">=", 0, 0], [(">", "x")], [], None),
        ([">", ["*", 2, "x"], 0], [(">", "x")], [(1, [1])], "the sides are not the same"),
        ([">", "x", 0], [("<", "x")], [(1, [1])], "no sign, or perhaps undefined"),
        ([">", "x", 0], [(">", "x")], [(1, [1, 0])], "torn"),
        ([">", "x", 0], [(">", "x"), (">", "x")], [(1, [1])], "torn"),
    ],
)  # fmt: skip
def test_sums_of_products_of_what_has_a_sign(relation, facts, terms, why):
    proofs = {"=": SAME}
    node = {
        "rule": "combine",
        "facts": [[kind, tree, proofs.get(kind, 0)] for kind, tree in facts],
        "terms": terms,
        "defined": [0] * len(needs(kernel.frozen(relation[1]))),
    }
    if why is None:
        verify(asked(relation), node)
    else:
        refused(asked(relation), node, why)


def test_a_fact_is_proved_before_it_is_used():
    node = {"rule": "combine", "facts": [[">", ["*", -1, "x"], 0]], "terms": [[1, [1]]]}
    refused(asked([">", ["*", -1, "x"], 0]), node, "the sign is the other one")
    frame = Frame({})
    frame.values["x"] = frame.new()
    sums = {"facts": [(">", "x", 0), ("", ("+", "x", 1), 0)], "terms": [("1/2", (2, 1)), (-3, (0, 1))]}
    assert total(frame, sums) == (A + constant(1)) * (A**2 * constant("1/2") + constant(-3))


def found(relation, *ranges):
    """A proof that the search finds."""
    problem = asked(relation, *ranges)
    frozen = kernel.frozen(problem)
    proof = prove(Goal(frozen["ranges"], *difference(frozen["relation"])))
    assert proof is not None
    verify(problem, proof)
    return proof


ZE = ["*", "z", ["exp", "z"]]
FREE = {"rule": "sign", "cases": [{"basis": [["z", 0, 0]], "powers": [[1]]}]}


@pytest.mark.parametrize(
    ("head", "wrong_way", "right_way", "where", "where_not"),
    [("W0", "<=", ">=", (-1, 0), (-3, -2)), ("W-1", ">=", "<=", (-3, -1), ("-1/2", "-1/4"))],
)
def test_a_level_is_on_the_branch(head, wrong_way, right_way, where, where_not):
    """Where z is on the other branch, W(z·e^z) is on one side of z without further proof, and not on the other."""
    term, on, off = [head, ZE], ["z", *where, False, True], ["z", *where_not, False, True]
    found([wrong_way, term, "z"], on)
    proof = found([right_way, term, "z"], off)
    refused(asked([wrong_way, term, "z"], off), proof)
    level = {"rule": "level", "term": term, "level": "z", "branch": 0, "proof": proof.get("proof", FREE)}
    for node in (level, {**level, "proof": FREE}):
        for relation in ([wrong_way, term, "z"], ["=", term, "z"]):
            refused(asked(relation, off), {**node, "defined": proof.get("defined", [])})


def test_what_equals_a_level_is_on_its_branch_too():
    """Between −3 and −2 W0(z·e^z) is not z, whose z·e^z is the same: what is 0 is shown of the arguments alone."""
    term = ["W0", ZE]
    same = {**SAME, "basis": [["z", 0, 0]], "powers": [[1]]}
    for low, high in ((-1, 0), (-3, -2)):
        part = ["z", low, high, False, True]
        real_there = prove(Goal(kernel.frozen([part]), *needs(kernel.frozen(term))[0]))
        node = {
            "rule": "level",
            "term": term,
            "level": "z",
            "branch": 0,
            "proof": same,
            "defined": [real_there],
        }
        if low == -1:
            verify(asked(["=", term, "z"], part), node)
        else:
            refused(asked(["=", term, "z"], part), node, "the sign is the other one|no sign")


@pytest.mark.parametrize(
    ("head", "below", "above"),
    [
        ("log", ["a - e^z"], ["e^z - a"]),
        ("W0", ["a - ze^z"], ["z + 1", "ze^z - a"]),  # rises, and ze^z does from z = -1
        ("W-1", ["-(z + 1)", "ze^z - a"], ["a - ze^z"]),  # falls, as ze^z does up to there
    ],
)
def test_a_value_is_above_a_level_where_its_argument_is_on_the_right_side(monkeypatch, head, below, above):
    e, ze = ("exp", "z"), ("*", "z", ("exp", "z"))
    trees = {
        "a - e^z": minus("a", e), "e^z - a": minus(e, "a"), "a - ze^z": minus("a", ze), "ze^z - a": minus(ze, "a"),
        "z + 1": ("+", "z", 1), "-(z + 1)": ("*", -1, ("+", "z", 1)),
    }  # fmt: skip
    asked = []
    monkeypatch.setattr(kernel, "check", lambda _ranges, sign, f, *_: asked.append((sign, f)))
    node = {"term": (head, "a"), "level": "z", "branch": 0, "proof": 0}
    for f, wanted in ((minus((head, "a"), "z"), below), (minus("z", (head, "a")), above)):
        asked.clear()
        kernel._by_level((), ">", f, node, frozenset())
        assert asked == [(">" if name == wanted[-1] else ">=", trees[name]) for name in wanted]


def test_levels_are_of_logarithms_and_branches():
    level = {"rule": "level", "term": ["exp", "x"], "level": 1, "proof": 0}
    refused(asked([">", ["exp", "x"], 1]), level, "not a term against a level")
    log = {"rule": "level", "term": ["log", "x"], "level": 1, "proof": 0, "defined": [0]}
    for relation in ([sign, ["log", "x"], other] for sign in "<>" for other in (0, 2)):
        refused(asked(relation), log, "not a term against a level")
    below = {"rule": "level", "term": ["log", "x"], "level": 0, "proof": 0, "defined": [0]}
    negative = asked(["<", ["log", "x"], 0], ["x", 0, 1, True, True])
    verify(negative, below)
    refused(negative, {**below, "proof": WRONG}, "torn")
    refused(asked(["<", ["log", "x"], 0]), below, "no sign")


def test_differences_of_values_are_of_one_function():
    falls = {"rule": "monotone", "proof": 0}
    sides = {"x": ABOVE, "y": ["y", "x", None, True, True]}
    for head in ("exp", "log", "W0"):
        found([">", [head, "y"], [head, "x"]], *sides.values())
    for head, factor in (("log", -1), ("W0", -1), ("exp", -2), ("exp", 1)):
        tree = ("+", ("exp", "y"), ("*", factor, (head, "x")))
        with pytest.raises(Refused, match="not a difference"):
            kernel.check(
                (("x", 1, 2, True, True), ("y", 1, 2, True, True)), ">", tree, falls, frozenset(needs(tree))
            )
    refused(asked([">", ["+", ["exp", "y"], 1], ["exp", "x"]], *sides.values()), falls)
    refused(asked([">", ["exp", "x"], ["exp", "y"]], *sides.values()), falls, "the sign is the other one")
    square = ["^", "y", 2], ["^", "x", 2]
    refused(asked([">", *square], *sides.values()), falls)
    ranges = kernel.frozen(list(sides.values()))
    pair, values = minus("y", "x"), minus(("exp", "y"), ("exp", "x"))
    kernel.check(ranges, ">=", ("*", pair, values), falls)
    kernel.check(ranges, ">", ("*", pair, values), falls)
    for sign, tree in (
        ("=", ("*", pair, values)),
        (">=", ("*", minus("x", "y"), values)),
        (">=", ("*", 2, values)),
    ):
        with pytest.raises(Refused, match="not a difference, nor times"):
            kernel.check(ranges, sign, tree, {**falls, "proof": SAME} if sign == "=" else falls)


def grows(**proofs):
    return {"rule": "grows", "symbol": "x", "low": 0, "slope": 0, "closed": 0, **proofs}


@pytest.mark.parametrize(
    ("relation", "part"),
    [
        ([">", "x", 0], ABOVE),
        ([">", ["^", "x", 2], 0], ABOVE),  # at the end itself its derivative is 0
        ([">=", "x", 0], FROM_0),
        ([">", ["+", "x", 1], 0], FROM_0),
        ([">", ["+", ["^", "x", 2], 1], 0], FROM_0),
    ],
)
def test_growth_is_from_a_low_end_by_a_slope(relation, part):
    verify(asked(relation, part), grows())
    for name in ("low", "slope", *(["closed"] if part[3] else [])):
        refused(asked(relation, part), grows(**{name: WRONG}), "torn")


@pytest.mark.parametrize("name", ["a", "z"])
def test_growth_in_one_symbol_leaves_the_ranges_of_others_as_they_are(name):
    """ax is 0 at a = 0, and 1/a is not defined there."""
    verify(asked([">", ["*", name, "x"], 0], [name, 0, None, True, True], ABOVE), grows())
    refused(asked([">", ["*", name, "x"], 0], [name, 0, None, False, True], ABOVE), grows())
    defined = {"rule": "sign", "cases": None, "defined": [0]}
    over = asked([">", ["+", ["^", name, -1], "x"], 0], [name, 0, None, True, True], ABOVE)
    verify(over, grows(low=defined, closed=defined, defined=[0]))


def test_growth_asks_at_its_end_whether_all_is_defined_and_no_more():
    """e^x − 1 − x has no sign by its coefficients, there or elsewhere; its slope has."""
    free, above = ({"rule": "sign", "cases": [{"basis": [["x", k, 0]], "powers": [[1]]}]} for k in (0, 1))
    problem = asked([">=", ["+", ["exp", "x"], -1, ["*", -1, "x"]], 0])
    verify(problem, grows(closed=free, slope=above))
    refused(problem, free, "no sign")


def test_what_growth_does_not_show():
    refused(asked(["=", "x", 0], FROM_0), grows(low=SAME), "growth starts at a low end")
    refused(asked([">=", "x", 0], ["x", None, None, True, True]), grows(), "growth starts at a low end")
    refused(asked([">", "x", 0], FROM_0), grows(), "0 is not > 0")
    refused(asked([">", NOTHING, 0]), grows(), "0 is not > 0")
    refused(asked([">=", ["+", "x", -1], 0], FROM_0), grows())
    refused(asked([">=", ["*", -1, "x"], 0], FROM_0), grows())
    for ends in ((0, "x"), ("x", None)):
        problem = asked([">=", ["+", "x", "y"], 0], FROM_0, ["y", *ends, False, True])
        refused(problem, grows(), "an end depends on the symbol")
    three = [[name, 0, None, False, True] for name in "axz"]
    verify(asked([">=", ["+", "x", "a", "z"], 0], *three), grows())


def test_what_a_change_of_coordinates_must_show():
    ranges = (("x", 0, 1, True, False), ("y", None, None, True, True))
    node = {
        "ranges": (("t", 2, "u", True, False), ("u", 3, None, False, True), ("y", None, 4, True, True)),
        "from": (("t", ("*", 2, "x")), ("u", "x")),
        "to": (("x", ("^", "t", 2)),),
        "known": (("x", ("log", "t")),),
    }
    twice = ("*", 2, "x")
    assert list(conditions(ranges, node)) == [
        (">=", ("*", 0, twice)), (">=", ("*", 0, "x")),
        (">", minus(twice, 2)), (">=", minus("x", twice)), (">=", minus("x", 3)), (">", minus(4, "y")),
        ("=", minus(("^", twice, 2), "x")), ("=", minus("y", "y")),
        ("=", minus("x", ("log", twice))),
    ]  # fmt: skip
    for wrong in (
        {"from": (("v", "x"),)},
        {"to": (("z", "t"),)},
        {"from": (("x", "x"),)},
        {"to": (("t", "t"),)},
    ):
        with pytest.raises(Refused, match="no coordinates"):
            list(conditions(ranges, {**node, **wrong}))


def test_every_condition_of_a_change_of_coordinates_is_proved():
    """x > 0 is t + 1 > 0 for t = x − 1 > −1; a lower end of t would need another x."""
    node = {
        "rule": "coordinates", "ranges": [["t", -1, None, True, False]], "from": [["t", ["+", "x", -1]]],
        "to": [["x", ["+", "t", 1]]], "known": [], "proofs": [0, 0, SAME], "proof": 0,
    }  # fmt: skip
    verify(asked([">", "x", 0]), node)
    for proofs in ([0, 0], [0, 0, SAME, SAME], [0, WRONG, SAME], [0, 0, WRONG], [WRONG, 0, SAME]):
        refused(asked([">", "x", 0]), {**node, "proofs": proofs}, "torn")
    refused(asked([">", "x", 0]), {**node, "proof": WRONG}, "torn")
    higher = {**node, "ranges": [["t", 0, None, True, False]]}
    refused(asked([">", "x", 1]), higher, "no sign")
    verify(
        asked(["<", ["*", -1, "x"], 0]),
        {**node, "known": [["x", ["+", "t", 1]]], "proofs": [0, 0, SAME, SAME]},
    )


def test_what_is_known_of_a_minimum_is_its_curvature():
    ranges = (("e", 0, None, False, True),)
    free = {"rule": "sign", "cases": [{"basis": [[1, 0, 0]], "powers": [[1]]}]}
    minimum = kernel.frozen({"rule": "minimum", "of": [1, 1, "e"], "defined": [0, free]})
    curved = curvature(1, 1, "e")
    kernel.check(ranges, ">=", curved, minimum)
    for sign, tree in ((">", curved), ("=", curved), (">=", ("+", curved, 0)), (">=", ("*", 1, curved))):
        with pytest.raises(Refused, match="not the curvature at a minimum"):
            kernel.check(ranges, sign, tree, minimum)
    refused(asked([">=", -1, 0]), {"rule": "minimum", "of": [1, 1, 1]}, "not the curvature at a minimum")


def test_what_is_at_least_0_is_0_only_if_it_is_at_most_0():
    for proofs in ([0, 0], [0, SAME], [SAME, SAME]):
        refused(asked(["=", "x", 0], FROM_0), {"rule": "both", "proofs": proofs})
    refused(asked([">", "x", 0], FROM_0), {"rule": "both", "proofs": [0, 0]}, "what is 0 is not > 0")


def test_relations_as_differences():
    assert difference((">", "a", "b")) == (">", minus("a", "b"))
    assert difference((">=", "a", "b")) == (">=", minus("a", "b"))
    assert difference(("=", "a", "b")) == ("=", minus("a", "b"))
    assert difference(("<", "a", "b")) == (">", minus("b", "a"))
    assert difference(("<=", "a", "b")) == (">=", minus("b", "a"))
    with pytest.raises(Refused, match="no relation !="):
        difference(("!=", "a", "b"))
    assert kernel.frozen({"a": [1, [2]], "b": (3, [4])}) == {"a": (1, (2,)), "b": (3, (4,))}


def test_what_increases_is_defined_and_has_a_derivative_above_0():
    for tree, right in (
        (["*", 3, "x"], True), (["+", "x", -10], True), (["*", 0, "x"], False), (["*", -1, "x"], False), (5, False),
    ):  # fmt: skip
        problem = asked(["increases", tree, "x"])
        if right:
            verify(problem, 0)
        else:
            refused(problem, 0)
    below = ["x", -2, -1, False, True]
    slopes = {"rule": "sign", "cases": None, "defined": [{"rule": "sign", "cases": None, "negative": True}]}
    refused(asked(["increases", ["*", -1, ["log", "x"]], "x"], below), slopes)


@pytest.mark.parametrize(
    ("one", "other", "ratio", "why"),
    [
        ([">", "x", 1], [">", ["*", 2, "x"], 2], "1/2", None),
        (["<", "x", 1], [">", 2, ["*", 2, "x"]], "1/2", None),
        ([">", "x", 1], [">", 2, ["*", 2, "x"]], "-1/2", "the sign is the other one"),
        ([">", "x", 1], [">", ["*", 2, "x"], 2], 1, "the sides are not the same"),
        ([">", "x", 1], [">=", ["*", 2, "x"], 2], "1/2", "relations of two kinds"),
    ],
)
def test_equivalent_relations_are_multiples_of_each_other(one, other, ratio, why):
    proof, problem = {"ratio": ratio, "positive": 0, "same": SAME}, asked(["equivalent", one, other])
    refused(asked(["equivalent, or so", one, other]), proof)
    if why is None:
        verify(problem, proof)
    else:
        refused(problem, proof, why)


def test_relations_are_not_equivalent_by_a_ratio_that_may_be_0():
    """xy ≥ 0 holds at x = 0 for any y."""
    real_y = ["y", None, None, True, True]
    proof = {"ratio": "x", "positive": 0, "same": SAME}
    equivalent = ["equivalent", [">=", ["*", "x", "y"], 0], [">=", "y", 0]]
    verify(asked(equivalent, ABOVE, real_y), proof)
    refused(asked(equivalent, FROM_0, real_y), proof, "no sign|0 is not > 0")
