"""Values lie beside claims: one module for each, imported when a value is asked for, and replaced by what a claim gives."""

import ast
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path

import pytest

from ascentcheck.theory import theorems
from ascentcheck.theory.claim import Claim, Values
from ascentcheck.theory.claims import CLAIMS, NAMES, by_name

THEORY = Path(__file__).parents[3] / "theory"
FIELDS = [part.name for part in fields(Values)]


def stems(folder):
    return {path.stem for path in (THEORY / folder).glob("*.py")} - {"__init__"}


def imported(path):
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.module for node in nodes if isinstance(node, ast.ImportFrom)}


def test_each_claim_has_its_values_and_nothing_else_has():
    shared = {name for name in stems("values") if name.startswith("on_")}
    assert stems("values") - shared == {name.replace("-", "_") for name in (*NAMES, *theorems.NAMES)}
    assert shared == {"on_coordinate", "on_pair"}


@pytest.mark.parametrize("name", [f"{f}/{n}" for f in ("claims", "theorems") for n in sorted(stems(f))])
def test_a_claim_imports_no_values(name):
    assert not any(
        module.startswith("ascentcheck.theory.values") for module in imported(THEORY / f"{name}.py")
    )


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_claim_has_the_values_beside_it(claim):
    beside = import_module(f"ascentcheck.theory.values.{claim.name.replace('-', '_')}").VALUES
    assert not set(FIELDS) & set(vars(claim))
    assert all(getattr(claim, name) is getattr(beside, name) for name in FIELDS)


def test_what_a_claim_gives_is_taken():
    claim = by_name("lemma-3")
    changed = replace(claim, prints=claim.prints[:1])
    assert changed.prints == claim.prints[:1]
    assert claim.prints == by_name("lemma-3").prints != changed.prints
    assert changed.evaluate is claim.evaluate
    assert changed.inputs == claim.inputs


def test_a_claim_that_gives_its_evaluation_needs_no_module():
    said = {"name": "new", "title": "", "where": "", "idea": "", "statements": (), "summary": ""}
    lemma = by_name("lemma-3")
    given = Claim(**said, domain=lemma.domain, inputs=lemma.inputs, evaluate=lemma.evaluate)
    assert given.evaluate is lemma.evaluate
    assert (given.prints, given.words, given.simulate) == ((), {}, None)
    with pytest.raises(ModuleNotFoundError):
        _ = Claim(**said, domain=lemma.domain).prints
    with pytest.raises(TypeError):
        _ = Claim(**said, domain=lemma.domain, evaluate=lemma.evaluate).inputs
