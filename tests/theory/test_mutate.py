"""Changes of the claims' source: each is where it says, and `verify` objects to those that are false."""

import ast
from collections import Counter
from multiprocessing import get_context

import pytest
from click.testing import CliRunner

from ascentcheck.theory.__main__ import theory
from ascentcheck.theory.mutate.harmless import HARMLESS, reason
from ascentcheck.theory.mutate.places import modules, mutated, mutations, source
from ascentcheck.theory.mutate.survey import Survey, drawn
from ascentcheck.theory.mutate.trial import CRASHED, KILLED, SURVIVED, VOID, Trial, importers, run

EVERY = [m for module in modules() for m in mutations(module)]


def test_every_place_has_a_name_of_its_own():
    assert len(EVERY) > 8000
    assert len({m.name for m in EVERY}) == len(EVERY)
    kinds = Counter(m.what.split()[0] for m in EVERY)
    assert set(kinds) == {"number", "symbol", "relation", "comparison", "hypothesis"}
    assert {m.module for m in EVERY} == set(modules())


@pytest.mark.parametrize("chosen", EVERY[:: len(EVERY) // 40], ids=lambda m: m.name)
def test_a_change_is_made_at_one_place(chosen):
    before = ast.unparse(ast.parse(source(chosen.module))).splitlines()
    after = ast.unparse(mutated(chosen)).splitlines()
    added = [line for line in after if line not in before and "_neighbour_" not in line.split(" as ")[-1]]
    assert len(before) - len([line for line in before if line in after]) <= 1
    assert len(added) <= 2


def test_texts_and_annotations_are_left_alone():
    for chosen in EVERY[::200]:
        strings = [n.value for n in ast.walk(ast.parse(source(chosen.module))) if _is_words(n)]
        changed = [n.value for n in ast.walk(mutated(chosen)) if _is_words(n)]
        assert Counter(changed) == Counter(strings)


def _is_words(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


FALSIFIED = [
    ("parallel_limit/printed_argument/number 1", "minus 1"),
    ("lemma_2/z_da/number 1", "times 1.000001"),
    ("lemma_4/ratio/symbol 1", "alpha to epsilon"),
    ("lambert_eq/CLAIM/Statement[monotone]", "turned to Lt"),
]


@pytest.mark.parametrize(("place", "change"), FALSIFIED)
def test_verify_objects(place, change):
    chosen = next(m for m in EVERY if m.name.startswith(place) and m.name.endswith(change))
    with get_context("fork").Pool(1) as pool:
        trial = pool.apply(run, (chosen,))
    assert trial.outcome in (KILLED, CRASHED), trial


def test_verify_does_not_object_to_another_data_set():
    chosen = next(
        m for m in EVERY if m.name.startswith("lemma_6/simulate/number") and m.name.endswith("plus 1")
    )
    assert reason(chosen.name)
    with get_context("fork").Pool(1) as pool:
        assert pool.apply(run, (chosen,)).outcome == SURVIVED


def test_importers_are_found_through_others():
    assert {"da_farthest", "early_stopping", "lemma_3"} <= importers()["lemma_2"]
    assert "figure_4" in importers()["pair_balls"]
    assert "lemma_2" not in importers()["lemma_3"]


def test_a_sample_is_drawn_by_its_seed():
    assert drawn([], 20, "a") == drawn([], 20, "a") != drawn([], 20, "b")
    assert {m.module for m in drawn(["lemma-11"], None, "")} == {"lemma_11", "tails"}


def test_a_survey_counts_what_could_be_made():
    outcomes = (KILLED, KILLED, CRASHED, SURVIVED, VOID)
    survey = Survey(tuple(Trial(m, outcome, "") for m, outcome in zip(EVERY, outcomes, strict=False)))
    assert (len(survey.made), survey.objected) == (4, 3)
    low, high = survey.interval
    assert low < 3 / 4 < high
    assert len(survey.left(True)) + len(survey.left(False)) == 1
    assert "75.0%" in "\n".join(survey.lines())


def test_every_reason_belongs_to_some_place():
    for pattern, why in HARMLESS:
        assert why
        assert any(reason(m.name) == why for m in EVERY), pattern


def test_the_command_lists_what_it_would_change():
    result = CliRunner().invoke(theory, ["mutate", "lemma-4", "--sample", "5", "--seed", "x", "--list"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) == 5
