"""The words of claims: relations stay as written, ranges and sentences are what they stand for."""

import pytest
import sympy as sp

from ascentcheck.theory.claim import Equivalence, Increasing, Level, Proposition, Survivor, Verdict, Witness
from ascentcheck.theory.domain import TINY, Domain, Range, domain, positive
from ascentcheck.theory.kit import (
    as_printed,
    false_as_printed,
    open_as_worded,
    point,
    reading,
    survivors,
    told,
)
from ascentcheck.theory.relations import eq, equivalent, ge, gt, increasing, le, lt

x, y = sp.symbols("x y", real=True)
EVERYWHERE = domain(Range(x))
TRUE, FALSE = Proposition(ge(x), EVERYWHERE, reads="x ≥ 0"), Proposition(lt(x), EVERYWHERE)
AT_ONE = Witness(point(x=1), "1 is not below 0")


@pytest.mark.parametrize(
    ("word", "kind"),
    [(ge, sp.Ge), (gt, sp.Gt), (le, sp.Le), (lt, sp.Lt), (eq, sp.Eq)],
    ids=lambda word: word.__name__,
)
def test_a_relation_stays_as_it_is_written(word, kind):
    for sides in ((sp.S(1), sp.S(2)), (x, x), (2 * x, y), (x, sp.S.Zero)):
        assert word(*sides) == kind(*sides, evaluate=False)
        assert word(*sides).args == sides
    assert word(x).rhs == 0


def test_relations_of_relations():
    assert equivalent(ge(x), ge(y)) == Equivalence(ge(x), ge(y))
    assert increasing(x**3, x) == Increasing(x**3, x)


def test_ranges():
    assert positive(x, y) == (Range(x, low_open=True), Range(y, low_open=True))
    assert positive(x, scale=TINY) == (Range(x, low_open=True, scale=TINY),)
    assert domain(*positive(x), Range(y, 0, x)) == Domain((Range(x, low_open=True), Range(y, 0, x)))
    with pytest.raises(ValueError, match="two ranges"):
        domain(*positive(x), Range(x))


def test_one_is_taken_for_a_tuple_of_one():
    one = as_printed("a", "§1", "x ≥ 0", printed=TRUE, remark="")
    assert one == as_printed("a", "§1", "x ≥ 0", printed=(TRUE,), remark="")
    assert one.printed == one.verified == (TRUE,)
    assert one.recorded == (Verdict.AS_PRINTED, Level.EXACT)
    wrong = false_as_printed("b", "§1", "x < 0", printed=FALSE, witness=AT_ONE, verified=TRUE, remark="")
    assert (wrong.printed, wrong.verified, wrong.witness) == ((FALSE,), (TRUE,), AT_ONE)
    assert wrong.recorded == (Verdict.FALSE, Level.CERTIFIED)
    readings = (reading("it is", TRUE), reading("it is not", FALSE, AT_ONE))
    left = open_as_worded("c", "§1", "x", readings=readings, remark="")
    assert left.asserted == (TRUE, FALSE)
    assert [r.witness for r in left.readings] == [None, AT_ONE]


def test_what_is_told_is_the_same_relation_with_words():
    said = told(TRUE, "not negative")
    assert (said.relation, said.domain, said.says, said.reads) == (
        TRUE.relation,
        EVERYWHERE,
        "not negative",
        "",
    )


def test_survivors_keep_their_order():
    assert survivors({"b": "one", "a": "two"}) == (Survivor("b", "one"), Survivor("a", "two"))
