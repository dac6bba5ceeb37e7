"""The kernel accepts proofs and nothing else; what it is asked comes from the claims."""

import ast
import copy
import inspect
import json
from contextlib import nullcontext
from pathlib import Path

import pytest
import sympy as sp

from ascentcheck.theory.check import export, frame, kernel, store
from ascentcheck.theory.check.frame import Refused
from ascentcheck.theory.check.kernel import digest, verify
from ascentcheck.theory.check.trust import of_proofs
from ascentcheck.theory.claim import Equivalence, Increasing, Proposition, Step
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.claims.lemma_3 import AWAY, product
from ascentcheck.theory.domain import Range, domain

X = sp.Symbol("x", real=True)
POSITIVE = [["x", 0, None, True, False]]
NAMES = [claim.name for claim in CLAIMS]


def asked(relation, ranges=POSITIVE):
    return {"ranges": ranges, "relation": relation}


@pytest.mark.parametrize(
    "decided",
    [sp.Eq(X / X, 1), sp.Ge(sp.exp(2 * sp.log(X)), 0), sp.Gt(X, X), sp.Ne(X, X)],
    ids=["x/x = 1", "exp(2 log x) >= 0", "x > x", "x != x"],
)
def test_a_relation_that_sympy_decided_by_itself_is_not_exported(decided):
    """From x = -1 on the first two are not defined everywhere, of which nothing would be left to see."""
    assert decided in (sp.true, sp.false)
    with pytest.raises(TypeError, match="by itself"):
        export.problem(Proposition(decided, domain(Range(X, low=sp.Integer(-1), low_open=False))))


@pytest.mark.parametrize(
    ("relation", "symbols", "why"),
    [
        (sp.Ge(X - sp.Dummy("x", real=True), 0), [X], "x is no symbol of the domain"),
        (sp.Ge(X - sp.Symbol("x"), 0), [X], "x is no symbol of the domain"),
        (sp.Ge(X - sp.Symbol("x"), 0), [X, sp.Symbol("x")], "two symbols have one name"),
        (sp.Ge(sp.Symbol("5"), 4), [sp.Symbol("5")], "'5' is no name"),
        (sp.Ge(sp.Symbol("5"), 4), [X], "5 is no symbol of the domain"),
        (sp.Ge(sp.Function("W0")(X), 0), [X], "the kernel knows no W0"),
        (sp.Ge(sp.Function("log")(X), 0), [X], "the kernel knows no log"),
        (Increasing(X, sp.Dummy("x")), [X], "x is no symbol"),
        (Equivalence(sp.Ge(X, 0), sp.Ge(sp.Dummy("x"), 0)), [X], "x is no symbol"),
    ],
)
def test_what_only_has_the_name_of_something_is_not_taken_for_it(relation, symbols, why):
    """x − x' ≥ 0 would be x − x ≥ 0, and a symbol called 5 the number."""
    where = domain(*(Range(symbol, low=sp.Integer(0)) for symbol in symbols))
    with pytest.raises(TypeError, match=why):
        export.problem(Step("", relation, where))


def test_an_end_is_in_symbols_of_the_domain():
    where = domain(
        Range(X, low=sp.Integer(0)), Range(sp.Symbol("y", real=True), low=sp.Dummy("x", real=True))
    )
    with pytest.raises(TypeError, match="x is no symbol of the domain"):
        export.problem(Proposition(sp.Ge(X, 0), where))


@pytest.mark.parametrize("claim", CLAIMS, ids=NAMES)
def test_what_is_stored_proves_what_the_claim_says_and_nothing_else(claim):
    assert store.stale(claim) == []


@pytest.mark.parametrize("claim", CLAIMS, ids=NAMES)
def test_what_a_file_says_that_its_proofs_rest_on_is_so(claim):
    stored = store.load(claim.name)
    assert not stored or store.read(claim.name)["rests on"] == of_proofs(stored)


def test_the_kernel_imports_nothing_of_the_searching_side_and_no_sympy():
    for module in (kernel, frame):
        tree = ast.parse(inspect.getsource(module))
        found = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        found |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        own = {"ascentcheck.theory.check.frame"}
        assert found <= own | {
            "__future__",
            "collections.abc",
            "flint",
            "functools",
            "hashlib",
            "itertools",
            "json",
            "pathlib",
            "sys",
            "typing",
        }
        assert not any(isinstance(n, ast.Constant) and isinstance(n.value, float) for n in ast.walk(tree))


@pytest.mark.parametrize(
    "relation",
    [
        [">", "x", 0],
        [">=", ["*", "x", "x"], 0],
        [">", ["exp", "x"], 0],
        [">", ["+", "x", ["^", "x", -1]], 0],
    ],
)
def test_plain_signs_need_nothing_stored(relation):
    basis = {"rule": "sign", "cases": [{"basis": [["x", 0, 0]], "powers": [[1]]}]}
    proof = {**basis, "defined": [0]} if "^" in str(relation) else basis if "exp" in str(relation) else 0
    verify(asked(relation), proof)


@pytest.mark.parametrize(
    ("relation", "ranges"),
    [
        ([">", "x", 1], POSITIVE),
        ([">", "x", 0], [["x", 0, None, False, False]]),
        ([">=", ["+", 1, ["*", -1, "x"]], 0], [["x", 0, 2, False, False]]),
        ([">", ["+", 1, ["*", -1, "x"]], 0], [["x", 0, 1, False, False]]),
        ([">=", "x", 0], [["x", None, None, True, True]]),
        ([">=", ["^", "x", -1], 0], [["x", 0, None, False, False]]),
        ([">=", ["*", 0, ["^", "x", -1]], 0], [["x", -1, None, False, False]]),
        (["=", ["*", "x", ["^", "x", -1]], 1], [["x", -1, None, False, False]]),
        (["=", ["log", "x"], ["log", "x"]], [["x", 0, None, False, False]]),
        (["=", ["W0", "x"], ["W0", "x"]], [["x", -1, None, False, False]]),
        ([">=", "y", 0], POSITIVE),
        ([">=", 0.5, 0], POSITIVE),
        ([">=", "x", 0], [["1/2", 0, 0, False, False], ["x", -1, None, False, False]]),
        (
            [">=", "x", 0],
            [["x", -1, None, False, False], ["x", 0, None, False, False], ["x", -1, None, False, False]],
        ),
        (["!=", "x", 0], POSITIVE),
    ],
)
def test_false_undefined_and_malformed_problems_are_refused(relation, ranges):
    identity = {"rule": "combine", "facts": [], "terms": []}
    for proof in (0, {"rule": "sign", "cases": [{}, {}]}, identity, {**identity, "defined": [0]}):
        with pytest.raises(Refused):
            verify(asked(relation, ranges), proof)


@pytest.mark.parametrize(
    "node",
    [
        {"rule": "sign", "cases": [{"factors": [1, [[[[1, []]], 1]]]}]},
        {"rule": "sign", "cases": [{"factors": [1, [[[[1, [1]]], 2]]]}]},
        {"rule": "sign", "cases": [{"basis": [["x", 2, 0]], "powers": [[1]], "factors": [-1, []]}]},
        {"rule": "combine", "facts": [[">=", ["+", "x", -1], 0]], "terms": [[1, [1]]]},
        {"rule": "combine", "facts": [["", ["+", "x", -1], 0]], "terms": [[1, [1]]]},
        {"rule": "level", "term": ["W0", "x"], "level": 1, "proof": 0},
        {"rule": "monotone", "proof": 0},
        {"rule": "grows", "symbol": "x", "low": 0, "slope": 0, "closed": 0},
        {"rule": "both", "proofs": [0, 0]},
        {"rule": "minimum", "of": [1, 1, 1]},
        {"rule": "coordinates", "ranges": [["x", 1, None, True, False]], "to": [], "from": [], "known": [],
         "proofs": [0, 0], "proof": 0},
        {"rule": "coordinates", "ranges": [["t", 0, None, True, False]], "to": [["x", ["+", "t", 1]]], "from": [["t", "x"]],
         "known": [], "proofs": [0, 0, {"rule": "combine", "facts": [], "terms": []}], "proof": 0},
        {"rule": "coordinates", "ranges": [["x", 0, None, True, False]], "to": [[["+", "x", ["*", -1, 1]], "x"]], "from": [],
         "known": [], "proofs": [0, {"rule": "combine", "facts": [], "terms": []}], "proof": 0},
        {"rule": "coordinates", "ranges": [["x", 2, None, True, False]], "to": [], "from": [[2, 0]],
         "known": [], "proofs": [0, 0, {"rule": "combine", "facts": [], "terms": []}], "proof": 0},
        {"rule": "nothing"},
        {},
        1,
        "sign",
    ],
)  # fmt: skip
def test_no_rule_lets_a_false_relation_pass(node):
    with pytest.raises(Refused):
        verify(asked([">", "x", 1]), node)


def test_what_is_0_by_its_equations_is_not_above_0():
    """e^{log(2)/2}² − 2 is 0 only by its equation; a constant 0 with a negative factor must not turn it into a sign."""
    root = ["exp", ["*", "1/2", ["log", 2]]]
    square = ["+", ["^", root, 2], -2]
    case = {
        "basis": [[["*", "1/2", ["log", 2]], 0, 0]],
        "powers": [[1], [2]],
        "equations": [0],
        "cofactors": [[[[1, []]], 0]],
    }
    for factors in ([0, []], [0, [[[[-1, []]], 1]]]):
        proof = {"rule": "sign", "cases": [{**case, "factors": factors}]}
        with pytest.raises(Refused):
            verify(asked([">", square, 0]), proof)
    verify(asked([">=", square, 0]), {"rule": "sign", "cases": [{**case, "factors": [0, []]}]})


def test_an_exponential_is_at_least_1_where_its_exponent_is_not_negative():
    above, proof = (
        ["+", ["exp", "x"], -1],
        {"rule": "sign", "cases": [{"basis": [["x", 1, 0]], "powers": [[1]]}]},
    )
    verify(asked([">=", above, 0]), proof)
    for relation, ranges in (
        ([">", above, 0], POSITIVE),
        ([">=", ["+", above, -1], 0], POSITIVE),
        ([">=", above, 0], [["x", -1, None, False, False]]),
    ):
        with pytest.raises(Refused):
            verify(asked(relation, ranges), proof)


def test_a_square_is_above_0_where_what_is_squared_is_known_to_be_defined():
    """1 is (x/x)², but at 0 there is no x/x."""
    one, inverse = ["*", "x", ["^", "x", -1]], ["^", "x", -1]
    square = {"rule": "combine", "facts": [["", one, 0]], "terms": [[1, [2]]]}
    with pytest.raises(Refused, match="perhaps undefined"):
        verify(asked([">=", 1, 0], [["x", -1, None, False, False]]), square)
    with_inverse = ["+", 1, inverse, ["*", -1, inverse]]
    verify(asked([">=", with_inverse, 0]), {**square, "defined": [0]})


def test_nothing_is_divided_by_what_may_be_0():
    """1 is x·x⁻¹, both factors ≥ 0, where x > 0; from 0 on the second is none."""
    proof = {"rule": "sign", "cases": [{"factors": [1, [[[[1, [1]]], 1], [[[1, [1]]], -1]]]}]}
    verify(asked([">=", 1, 0]), proof)
    with pytest.raises(Refused, match="no sign"):
        verify(asked([">=", 1, 0], [["x", 0, None, False, False]]), proof)


def test_branches_matter():
    """W0(x·e^x) is x only from −1 on: below, the proof has to fail at the branch, not at the identity."""
    same = {"rule": "combine", "facts": [], "terms": [], "basis": [["x", 0, 0]], "powers": [[1]]}
    term = ["W0", ["*", "x", ["exp", "x"]]]
    real = {"rule": "level"}
    for low in (-1, -2):
        ranges = [["x", low, None, False, False]]
        problem = asked(["=", term, "x"], ranges)
        proof = export_proof(problem)
        if low == -1:
            verify(problem, proof)
        else:
            assert proof is None
            with pytest.raises(Refused):
                verify(
                    problem,
                    {
                        "rule": "level",
                        "term": term,
                        "level": "x",
                        "branch": 0,
                        "proof": same,
                        "defined": [real],
                    },
                )


def export_proof(problem):
    from ascentcheck.theory.check.exact import prove
    from ascentcheck.theory.check.goal import Goal

    frozen = kernel.frozen(problem)
    return prove(Goal(frozen["ranges"], *kernel.difference(frozen["relation"])))


def test_arguments_and_values_differ_in_the_same_direction():
    ranges = [["x", 0, None, False, False], ["y", 0, None, False, False]]
    up = ["*", ["+", "x", ["*", -1, "y"]], ["+", ["W0", "x"], ["*", -1, ["W0", "y"]]]]
    for sign, accepted in ((">=", True), ("<=", False), (">", False), ("=", False)):
        proof = export_proof(asked([sign, up, 0], ranges))
        assert (proof is not None) == accepted
        if accepted:
            verify(asked([sign, up, 0], ranges), proof)


def test_the_lower_branch_falls():
    ranges = [["x", ["*", -1, ["exp", -1]], 0, False, True], ["y", "x", 0, True, True]]
    values = ["W-1", "x"], ["W-1", "y"]
    proof = export_proof(asked([">", *values], ranges))
    assert proof["rule"] == "monotone"
    verify(asked([">", *values], ranges), proof)
    assert export_proof(asked(["<", *values], ranges)) is None
    with pytest.raises(Refused):
        verify(asked(["<", *values], ranges), proof)


def test_a_product_with_what_may_be_0_is_not_above_0():
    proof = {"rule": "combine", "facts": [[">=", "x", 0]], "terms": [[1, [1]]]}
    ranges = [["x", 0, None, False, False]]
    verify(asked([">=", "x", 0], ranges), proof)
    with pytest.raises(Refused, match="no term is > 0"):
        verify(asked([">", "x", 0], ranges), proof)


def test_a_term_with_a_coefficient_below_0_has_no_sign():
    for c, refused in (("1/2", False), ("-1/2", True), (-1, True)):
        problem, proof = (
            asked([">=", ["*", c, "x"], 0]),
            {"rule": "combine", "facts": [[">=", "x", 0]], "terms": [[c, [1]]]},
        )
        with pytest.raises(Refused, match="has no sign") if refused else nullcontext():
            verify(problem, proof)


def test_a_proof_of_something_easier_is_refused():
    entries = store.load("lemma-3")
    relation = sp.Ge(product, 0, evaluate=False)
    hard = export.problem(type(CLAIMS[0].statements[0].verified[0])(relation, AWAY))
    assert kernel.digest(hard) in entries
    others = [e["proof"] for key, e in entries.items() if key != kernel.digest(hard)]
    for proof in [0, *others]:
        with pytest.raises(Refused):
            verify(hard, proof)


def test_a_changed_claim_has_no_stored_proof():
    proposition = CLAIMS[0].statements[0].verified[0]
    changed = (
        copy.replace(proposition, domain=proposition.domain) if hasattr(copy, "replace") else proposition
    )
    assert store.objection(changed, CLAIMS[0].name, store.Proofs.STORED) == ""
    moved = type(proposition)(
        sp.Le(proposition.relation.lhs, 2 * proposition.relation.rhs), proposition.domain
    )
    assert "no proof is stored" in store.objection(moved, CLAIMS[0].name, store.Proofs.STORED)


def test_a_problem_is_known_in_whatever_order_it_is_written():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})


def test_the_kernel_runs_on_one_file_by_hand(tmp_path, capsys):
    kernel.main([str(store.path("lambert-eq"))])
    torn = json.loads(Path(store.path("lambert-eq")).read_text())
    told = [f"accepted {key[:12]} {json.dumps(entry['problem'])}" for key, entry in torn["proofs"].items()]
    assert capsys.readouterr().out.splitlines() == told
    entry = next(iter(torn["proofs"].values()))
    relation = list(entry["problem"]["relation"])
    entry["problem"]["relation"][2] = 7
    (tmp_path / "torn.json").write_text(json.dumps(torn))
    with pytest.raises(Refused, match="digest"):
        kernel.main([str(tmp_path / "torn.json")])
    entry["problem"]["relation"][2], entry["proof"] = relation[2], {"rule": "none"}
    (tmp_path / "torn.json").write_text(json.dumps(torn))
    with pytest.raises(Refused, match="torn"):
        kernel.main([str(tmp_path / "torn.json")])


def test_what_is_0_from_both_sides_is_not_above_0():
    nothing = ["*", 0, "x"]
    for sign in (">=", "=", ">"):
        proof = {"rule": "both", "proofs": [0, 0]}
        if sign == ">":
            with pytest.raises(Refused):
                verify(asked([sign, nothing, 0]), proof)
        else:
            verify(asked([sign, nothing, 0]), proof)
    for proofs in ([0, {"rule": "none"}], [{"rule": "none"}, 0]):  # each side is asked of its own proof
        with pytest.raises(Refused):
            verify(asked(["=", nothing, 0]), {"rule": "both", "proofs": proofs})


def test_the_sign_of_a_quotient_is_not_that_of_its_numerator():
    """log b/log a > 0 for a and b between 0 and 1, where both logarithms are negative."""
    ranges = [["a", 0, 1, True, True], ["b", 0, 1, True, True]]
    below = {t[1]: ["+", 0, ["*", -1, t]] for t in (["log", "a"], ["log", "b"])}
    level = {n: {"rule": "level", "term": ["log", n], "level": 0, "proof": 0} for n in "ab"}
    facts = [[">", below[n], level[n]] for n in "ab"]
    not_0 = {"rule": "combine", "facts": facts[:1], "terms": [[1, [1]]], "negative": True}
    quotient = {"rule": "combine", "facts": facts, "terms": [[1, [-1, 1]]], "defined": [0, not_0]}
    tree = ["*", ["log", "b"], ["^", ["log", "a"], -1]]
    own = {"rule": "combine", "facts": facts, "terms": [[1, [-1, 1]]], "defined": [0, 0, not_0]}
    verify(asked([">", tree, 0], ranges), own)
    case = {"bounds": [[">", tree, quotient]]}
    with pytest.raises(Refused, match="no bound of a function"):
        verify(asked([">", ["log", "b"], 0], ranges), {"rule": "sign", "defined": [0], "cases": [case]})


def test_growth_is_by_a_symbol_of_the_problem():
    problem = asked(["increases", ["*", 3, "x"], 3])
    with pytest.raises(Refused, match="no symbol"):
        verify(problem, 0)
