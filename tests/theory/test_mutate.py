"""Changes of the claims' source: each is where it says, and `verify` objects to those that are false."""

import ast
import importlib
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flint import arb, fmpq

from ascentcheck.theory.__main__ import theory
from ascentcheck.theory.check.store import Proofs
from ascentcheck.theory.console import UserError
from ascentcheck.theory.intervals import clopper_pearson
from ascentcheck.theory.mutate import log, survey
from ascentcheck.theory.mutate.harmless import HARMLESS, reason
from ascentcheck.theory.mutate.places import mutated, mutations
from ascentcheck.theory.mutate.sources import full_name, importers, modules, of_claim, source
from ascentcheck.theory.mutate.survey import Survey, drawn
from ascentcheck.theory.mutate.trial import CRASHED, KILLED, SURVIVED, VOID, Trial, run
from ascentcheck.theory.solvers.tails import binomial_tail

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "source-mutants.md").read_text(encoding="utf-8")
MADE, OBJECTED, UNEXPLAINED = (
    int(re.search(pattern, PAGE).group(1))
    for pattern in (r"mutants +(\d+) made", r"objected to (\d+) \(", r", (\d+) without a reason")
)
"""The last sample, as the page has it."""
EVERY = [m for module in modules() for m in mutations(module)]


def test_every_place_has_a_name_of_its_own():
    assert len(EVERY) > 9_900
    assert len({m.name for m in EVERY}) == len(EVERY)
    kinds = Counter(m.what.split()[0] for m in EVERY)
    assert set(kinds) == {"number", "symbol", "relation", "comparison", "hypothesis"}
    assert {m.module for m in EVERY} == set(modules()) - {"stated", "values/figure_4"}


@pytest.mark.parametrize("chosen", EVERY[:: len(EVERY) // 40], ids=lambda m: m.name)
def test_a_change_is_made_at_one_place(chosen):
    before = ast.unparse(ast.parse(source(chosen.module))).splitlines()
    after = ast.unparse(mutated(chosen)).splitlines()
    added = [line for line in after if line not in before and "_neighbour_" not in line.split(" as ")[-1]]
    assert len(before) - len([line for line in before if line in after]) <= 1
    assert len(added) <= 2


def test_one_of_several_positive_symbols_may_be_0():
    chosen = next(m for m in EVERY if m.name == "lemma_2/DOMAIN/hypothesis 1 low_open of 3 dropped")
    changed = "(*positive(n_retain), *positive(n_forget), _neighbour_Range(ridge), *positive(n_group))"
    assert changed in ast.unparse(mutated(chosen))


def test_texts_and_annotations_are_left_alone():
    for chosen in EVERY[::200]:
        strings = [n.value for n in ast.walk(ast.parse(source(chosen.module))) if _is_words(n)]
        changed = [n.value for n in ast.walk(mutated(chosen)) if _is_words(n)]
        assert Counter(changed) == Counter(strings)


def _is_words(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


FALSIFIED = [
    ("parallel_da/printed_argument/number 1", "minus 1"),
    ("lemma_2/z_da/number 1", "times 1.000001"),
    ("lemma_4/ratio/symbol 1", "alpha to epsilon"),
    ("lambert_eq/CLAIM/Statement[monotone]", "turned to lt"),
    ("overshoot_curve/end,start/symbol 1", "beta to 2*beta"),
    ("values/any_loss/evaluate/comparison 3", "to Gt"),
    ("values/lemma_3/direction/comparison 1", "to Eq"),
    ("values/on_coordinate/descent_weight/number 1", "plus 1"),
    ("all_coordinates/_solutions/symbol 2", "to 2*ridge"),
]


@pytest.mark.parametrize(("place", "change"), FALSIFIED)
def test_verify_objects(place, change):
    chosen = next(m for m in EVERY if m.name.startswith(place) and m.name.endswith(change))
    found = run(chosen)
    assert found.outcome in (KILLED, CRASHED), found


OURS = ("ascentcheck.theory.claims.", "ascentcheck.theory.values.")


def test_the_true_modules_are_back_after_a_trial():
    before = {name: module for name, module in sys.modules.items() if name.startswith(OURS)}
    run(next(m for m in EVERY if m.name.startswith("lemma_4/ratio/symbol 1")))
    assert {name: module for name, module in sys.modules.items() if name.startswith(OURS)} == before


def test_verify_does_not_object_to_what_has_a_reason():
    chosen = next(m for m in EVERY if m.name == "values/lemma_11/whole/number 2 minus 1")
    assert reason(chosen.name)
    assert run(chosen).outcome == SURVIVED


def test_a_weaker_statement_is_objected_to_unless_a_proof_may_be_sought():
    chosen = next(
        m for m in EVERY if m.name == "lemma_3/CLAIM/Statement[appendix-range]/Step[3]/number 1 minus 1"
    )
    found = run(chosen)
    assert found.outcome == KILLED
    assert "no proof is stored" in found.said
    assert run(chosen, Proofs.EITHER).outcome == SURVIVED


def test_what_a_trial_imports_does_not_stay(monkeypatch):
    chosen = next(
        m for m in EVERY if m.name == "lemma_3/CLAIM/Statement[appendix-range]/Step[3]/number 1 minus 1"
    )
    user = full_name(sorted(importers()["lemma_3"])[0])
    importlib.import_module(user)
    monkeypatch.delitem(sys.modules, user)
    assert run(chosen, Proofs.EITHER).outcome == SURVIVED  # so that those who import it are decided, too
    assert user not in sys.modules


def _commit():
    """Return the commit's digest, by which the sample is drawn; a fixed text where there is no git."""
    root = Path(__file__).parents[2]
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "no commit"


SAMPLE = 40
SLOW = ("pair", "on_pair", "pair_balls", "pair_floats", "toy_minima", "figure_4")
QUICK = [m for m in EVERY if m.module.removeprefix("values/") not in SLOW]
"""The others take seconds each, which the nightly run has."""


def test_a_sample_drawn_from_the_commit_is_objected_to_or_explained():
    """How many may be left comes from the share that was measured: more are left in less than one of 1,000 commits."""
    trials = [run(chosen) for chosen in survey.draw(QUICK, SAMPLE, _commit())]
    left = [t for t in trials if t.outcome not in (KILLED, CRASHED, VOID) and not reason(t.mutation.name)]
    assert len(left) <= allowed(SAMPLE, UNEXPLAINED, MADE), [t.mutation.name for t in left]


def allowed(tried, unexplained, made):
    """Return how many of `tried` may be left without a reason: more are in less than one of 1,000 samples.

    The share is taken at the upper end of its interval, so that the figure is safe where the sample was lucky.
    """
    share = clopper_pearson(unexplained, made)[1]
    return next(k for k in range(tried + 1) if arb(binomial_tail(k + 1, tried, share)) < fmpq(1, 1000))


def test_what_a_sample_may_leave_is_rarely_exceeded():
    most = allowed(40, 50, 500)
    assert 0 < allowed(40, 0, 500) < most < 40
    share = clopper_pearson(50, 500)[1]
    assert arb(binomial_tail(most + 1, 40, share)) < fmpq(1, 1000) < arb(binomial_tail(most, 40, share))


def test_the_page_has_the_sample_and_every_reason():
    listed = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert listed == [f"| `{pattern}` | {why} |" for pattern, why in HARMLESS]
    low, high = (float(x.p) / float(x.q) for x in clopper_pearson(OBJECTED, MADE))
    assert f"({OBJECTED / MADE:.1%}; 99% interval {low:.1%} to {high:.1%})" in PAGE
    survivors = [line for line in PAGE.splitlines() if line.startswith("- `")]
    assert len(survivors) == MADE - OBJECTED


def test_importers_are_found_through_others():
    assert {"npo", "any_loss", "finite_steps"} <= importers()["lemma_2"]
    assert "npo" in importers()["first_step_component"]
    assert {"da_farthest", "early_stopping", "lemma_3"} <= importers()["lemma_2"]
    assert "figure_4" in importers()["pair_balls"]
    assert "lemma_2" not in importers()["lemma_3"]
    assert {"values/lemma_3", "values/da_farthest"} <= importers()["lemma_3"]
    assert "values/figure_4" in importers()["values/lemma_9"]


def test_a_module_of_values_belongs_to_its_claim():
    assert of_claim("values/lemma_3") == of_claim("lemma_3") == "lemma_3"
    assert of_claim("values/on_pair") is of_claim("pair") is of_claim("tails") is None


def test_a_sample_is_drawn_by_its_seed():
    assert drawn([], 20, "a") == drawn([], 20, "a") != drawn([], 20, "b")
    assert {m.module for m in drawn(["lemma-11"], None, "")} == {"lemma_11", "values/lemma_11", "tails"}


def test_a_survey_counts_what_could_be_made():
    outcomes = (KILLED, KILLED, CRASHED, SURVIVED, VOID)
    survey = Survey(tuple(Trial(m, outcome, "") for m, outcome in zip(EVERY, outcomes, strict=False)))
    assert (len(survey.made), survey.objected) == (4, 3)
    low, high = survey.interval
    assert low < 3 / 4 < high
    assert len(survey.left(True)) + len(survey.left(False)) == 1
    assert "75.0%" in "\n".join(survey.lines())


SPLITTER = "values/on_coordinate/SPLITTER/*"


def test_a_reason_that_explains_no_survivor_is_stale():
    of_it = [m for m in EVERY if m.module == "values/on_coordinate"]
    trials = [Trial(m, KILLED, "lemma-2: z is off by 9 ulps") for m in of_it]
    assert SPLITTER in Survey(tuple(trials)).stale()
    splitter = next(k for k, m in enumerate(of_it) if "/SPLITTER/" in m.name)
    trials[splitter] = replace(trials[splitter], outcome=SURVIVED)
    assert SPLITTER not in Survey(tuple(trials)).stale()
    assert SPLITTER not in Survey(tuple(trials[splitter + 1 :])).stale()


SAID = (
    "not proved: x > 0 (no proof is stored)",
    "bound: at alpha = 1 a side is 2.0, and 1.0 is stored",
    "evaluate prints bound = 1 at alpha = 1: it should be 2",
    "'α ≤ 1' reads alpha <= 1, which is not alpha < 1",
    "the solver is off by 1 on 3 samples",
)


def test_objections_are_counted_by_what_they_come_from():
    assert [survey.kind(f"lemma-4: {said}") for said in SAID] == [name for name, _ in survey.KINDS]
    assert survey.kind("lemma-4: bound: false by EXACT, which is not as recorded") == survey.OTHER


def test_every_reason_belongs_to_some_place():
    found = {reason(m.name) for m in EVERY}
    for pattern, why in HARMLESS:
        assert why
        assert why in found, pattern


def test_the_command_tries_and_lists():
    made = CliRunner().invoke(theory, ["mutate", "lemma-4", "--sample", "2", "--seed", "x", "--jobs", "1"])
    assert made.exit_code == 0, made.output
    assert "mutants     2 made" in made.output
    result = CliRunner().invoke(theory, ["mutate", "lemma-4", "--sample", "5", "--seed", "x", "--list"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) == 5


def test_a_stopped_run_goes_on_where_it_was(tmp_path):
    path, chosen = tmp_path / "log", mutations("lambert_eq")[:3]
    tried = [Trial(mutation, KILLED, "it objects", 0.25) for mutation in chosen]
    assert log.known(path, chosen, Proofs.STORED) == []
    assert list(log.written(path, tried[:2])) == tried[:2]
    assert log.known(path, chosen, Proofs.STORED) == tried[:2]
    assert log.known(path, chosen[1:], Proofs.STORED) == tried[1:2]
    with path.open("a") as file:
        file.write('["what was not written to its e')
    assert log.known(path, chosen, Proofs.STORED) == tried[:2]
    assert list(log.written(path, tried[2:])) == tried[2:]
    assert log.known(path, chosen, Proofs.STORED) == tried


@pytest.mark.parametrize("text", ["", "{", "5\n5\n", "\xff", '["other", "stored"]\n', "null\n"])
def test_a_log_of_something_else_is_refused_and_left_as_it_is(tmp_path, text):
    path = tmp_path / "log"
    path.write_text(text)
    with pytest.raises(UserError, match=r"log (has trials of other sources|holds no trials)"):
        log.known(path, (), Proofs.STORED)
    assert path.read_text() == text
    log.known(tmp_path / "new", (), Proofs.STORED)
    with pytest.raises(UserError, match="other sources"):
        log.known(tmp_path / "new", (), Proofs.EITHER)
