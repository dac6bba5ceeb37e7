"""The README says what is so: its verdict table is the computed one, and its commands exist."""

import re
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.theory.__main__ import theory
from ascentcheck.theory.check.mutants import mutants
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.table import END, START, counted, is_current, placed

README = Path(__file__).parents[1] / "README.md"


def test_the_verdict_table_is_the_recorded_one(tmp_path, as_recorded):
    results = [as_recorded(claim) for claim in CLAIMS]
    assert is_current(README, results)
    stale = tmp_path / "README.md"
    stale.write_text(README.read_text().replace("**as printed**", "**false as printed**", 1))
    assert not is_current(stale, results)


def test_the_summary_of_make_is_the_recorded_one():
    summary = dict(re.findall(r"^(claims|sentences|mutants) +(\d.*)$", README.read_text(), re.MULTILINE))
    verdicts = [max(s.recorded[0] for s in claim.statements) for claim in CLAIMS]
    assert summary["claims"] == f"{len(CLAIMS)} decided, by their worst sentence; {counted(verdicts)}"
    recorded = [s.recorded[0] for claim in CLAIMS for s in claim.statements]
    assert summary["sentences"] == f"{len(recorded)} decided; {counted(recorded)}"
    tried = sum(len(list(mutants(claim))) for claim in CLAIMS)
    killed = tried - sum(len(claim.survivors) for claim in CLAIMS)
    assert summary["mutants"] == f"{killed} of {tried} killed, the others explained"


def test_the_tests_that_need_a_card_are_counted():
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "tests/empirics/test_on_a_card.py"]
    listed = subprocess.run(command, cwd=README.parent, capture_output=True, text=True).stdout
    needed = sum("::test_" in line for line in listed.splitlines())
    assert needed > 0
    assert f"no card, {needed} tests are skipped" in README.read_text()


def test_the_table_keeps_the_text_around_it():
    assert placed(f"a\n{START}\nold\n{END}\nb", "new", "x") == f"a\n{START}\n\nnew\n\n{END}\nb"


def test_every_command_of_the_readme_is_one():
    named = re.findall(r"-m (theory|empirics) ([\w-]+)", README.read_text())
    assert len(named) >= 7
    groups = {"theory": theory, "empirics": empirics}
    for group, command in named:
        assert command in groups[group].commands
        assert CliRunner().invoke(groups[group], [command, "--help"]).exit_code == 0
