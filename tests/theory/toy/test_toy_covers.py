"""Stored covers of the toy: replayed box by box, refused where anything is changed, and never taken for another problem."""

import json
from dataclasses import replace

import pytest
from flint import fmpq

from ascentcheck.theory.check.store import Proofs
from ascentcheck.theory.claims import by_name
from ascentcheck.theory.toy import covers
from ascentcheck.theory.toy.problem import Reading, toy
from ascentcheck.theory.toy.stationary import CUT_A, CUT_B, DIRECTIONS, EMPTY, SETTLED, cover, replay, search
from ascentcheck.theory.verify import covers_asked, verify

LITERAL = toy("pretrained", Reading(), fmpq(1, 10), 0)
OTHER = toy("retrained", Reading(), fmpq(1, 10), 2)


@pytest.fixture(scope="module")
def letters():
    return covers.load()[covers.key(LITERAL)]


def test_what_is_stored_is_what_the_claim_rests_on_and_holds():
    asked = covers_asked(by_name("toy-minima"))
    assert list(covers.stale(asked)) == []
    assert len(asked) == len(covers.load()) > 8


def test_a_replay_tells_what_a_search_does(letters):
    assert replay(LITERAL, letters) == cover(LITERAL)
    assert replay(LITERAL, letters).boxes == len(letters)


def test_every_changed_letter_is_refused_or_as_true(letters):
    """A leaf may be shown in more than one way; what is accepted must give the same points."""
    points = [(p.kind, p.signs) for p in replay(LITERAL, letters).points]
    refused = 0
    for place, letter in enumerate(letters):
        for other in {*DIRECTIONS, SETTLED, EMPTY, CUT_A, CUT_B, "?"} - {letter}:
            if place % 7 and other not in (SETTLED, EMPTY):
                continue
            try:
                found = replay(LITERAL, letters[:place] + other + letters[place + 1 :])
            except ArithmeticError:
                refused += 1
            else:
                assert [(p.kind, p.signs) for p in found.points] == points
    assert refused > len(letters)


def test_a_cover_must_reach_the_whole_square_and_no_further(letters):
    for torn in ("", letters[:-1], letters[1:], letters + letters[-1], letters * 2):
        with pytest.raises(ArithmeticError):
            replay(LITERAL, torn)


def test_a_cover_of_an_easier_problem_is_refused():
    easier = toy("pretrained", Reading(), fmpq(2), 0)
    with pytest.raises(ArithmeticError, match="not what is said"):
        replay(LITERAL, search(easier))


def test_a_problem_is_stored_under_all_that_makes_it():
    changed = (
        replace(LITERAL, ridge=fmpq(1, 11)),
        replace(LITERAL, symmetric=True),
        replace(LITERAL, targets=(0, 1, 0, 1)),
        replace(LITERAL, coefficients=(*LITERAL.coefficients[:3], fmpq(1, 3))),
    )
    assert len({covers.key(problem) for problem in (LITERAL, OTHER, *changed)}) == 6


def test_without_a_stored_cover_nothing_is_decided(tmp_path, monkeypatch):
    monkeypatch.setattr(covers, "PATH", tmp_path / "toy-covers.json")
    with covers.asking(Proofs.STORED), pytest.raises(ArithmeticError, match="no cover is stored"):
        covers.cover(LITERAL)
    with covers.asking(Proofs.EITHER) as asked:
        assert covers.cover(LITERAL).boxes
    assert list(asked.values()) == [LITERAL]
    result = verify(by_name("toy-minima"), mutants=False, proofs=Proofs.STORED, tried=False)
    assert not result.ok
    assert covers.certify(asked) == 1
    assert covers.certify(asked) == 0
    assert list(covers.stale({"another": OTHER})) != []


def test_a_stale_cover_is_told_although_a_new_one_is_found(tmp_path, monkeypatch):
    record = json.loads(covers.PATH.read_text(encoding="utf-8"))
    name = covers.key(LITERAL)
    record["covers"][name] = record["covers"][name].replace("a", "b")
    target = tmp_path / "toy-covers.json"
    target.write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.setattr(covers, "PATH", target)
    monkeypatch.setattr(
        "ascentcheck.theory.verify.unbound", lambda claim, places: ()
    )  # which takes long, and other covers
    for proofs in (Proofs.NEW, Proofs.STORED):
        result = verify(by_name("toy-minima"), mutants=False, proofs=proofs, tried=False)
        assert any("not what is said" in problem for problem in result.problems)
    target.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be read"):
        covers._load(1)
