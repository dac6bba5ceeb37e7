"""The README says what is so: its counts are the computed ones, its tables name what there is, its commands exist.

`tests/docs/test_prose.py` runs its blocks and follows its links.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

from ascentcheck.command import COMMANDS
from ascentcheck.empirics.data import DataConfig
from ascentcheck.empirics.klom.estimators import ESTIMATORS
from ascentcheck.empirics.methods import MethodConfig
from ascentcheck.empirics.study.settings import ModelConfig
from ascentcheck.figures.overview import RULES, in_a_figure, in_short
from ascentcheck.figures.pages import MARKS, OF_FIGURE, answers, pictured
from ascentcheck.theory.check.mutants import mutants
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.table import END, START, answer, counted, is_current, placed

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def test_the_counts_are_the_recorded_ones(tmp_path, as_recorded):
    results = [as_recorded(claim) for claim in CLAIMS]
    assert is_current(README, results)
    stale = tmp_path / "README.md"
    stale.write_text(README.read_text().replace("are false as printed**", "are true as printed**", 1))
    assert not is_current(stale, results)
    recorded = [s.recorded[0].words for claim in CLAIMS for s in claim.statements]
    text = answer(results)
    assert f"**{recorded.count('as printed')} of {len(recorded)} printed sentences hold" in text
    assert f"**{recorded.count('false as printed')} are false as printed** (" in text
    assert f"**{recorded.count('open as worded')} are open as worded**" in text
    assert answer(results[:5]) != text


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


def test_what_it_says_of_networks_is_what_the_records_say(tmp_path):
    text = README.read_text(encoding="utf-8")
    for words, marks in ((answers, MARKS), (pictured, OF_FIGURE)):
        assert placed(text, words(ROOT / "docs"), "README.md", marks) == text
    verdicts = [{RULES: "confirmed", "before, paper": "refuted"}, {RULES: "not decided"}]
    findings = [{"sentence": str(k), "where": "§3", "verdicts": v} for k, v in enumerate(verdicts)]
    record = {
        "study": "new",
        "data": "digits",
        "network": "mlp",
        "n_models": 9,
        "captions": {"1": "It failed."},
    }
    (tmp_path / "new.json").write_text(json.dumps(record | {"findings": findings}))
    (tmp_path / "new-figure1.png").write_bytes(b"")
    found = in_short(tmp_path, "docs/results")
    assert "of 2 printed sentences 1 confirmed, 0 refuted, 1 not decided." in found
    assert "older" not in found
    figure = in_a_figure(tmp_path, "docs/results")
    assert figure.endswith("](docs/results/new-figure1.png)\n\nIt failed.")
    findings[0]["verdicts"] = {"paper": "refuted"}
    (tmp_path / "new.json").write_text(json.dumps(record | {"findings": findings}))
    told = "of 2 printed sentences 0 confirmed, 0 refuted, 1 not decided, 1 known by [rules older than those in force]"
    assert told in in_short(tmp_path, "x")
    findings[1]["verdicts"] = {"paper": "not decided", "robust": "confirmed"}
    (tmp_path / "new.json").write_text(json.dumps(record | {"findings": findings}))
    told = "0 confirmed, 1 refuted, 1 not decided, by [rules older than those in force]"
    assert told in in_short(tmp_path, "x")


def kinds(union):
    """Return the `kind` of each member of a union of settings."""
    members = get_args(get_args(union)[0])
    return {get_args(member.model_fields["kind"].annotation)[0] for member in members}


def test_the_table_names_what_there_is():
    rows = dict(re.findall(r"^\| (\w+) \| (.*) \|$", README.read_text(encoding="utf-8"), re.MULTILINE))
    named = {title: re.findall(r"`([^`]+)`", row) for title, row in rows.items()}
    assert set(named["methods"]) == kinds(MethodConfig)
    assert set(named["networks"]) == kinds(ModelConfig)
    assert set(named["data"]) == kinds(DataConfig)
    assert set(named["scores"]) == set(ESTIMATORS)
    assert set(named["studies"]) == {path.stem for path in (ROOT / "studies").glob("*.toml")}


def test_every_command_of_the_readme_is_one():
    named = re.findall(r"^ascentcheck ([\w-]+)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(named) >= 7
    assert [name for name in named if name not in COMMANDS] == []


def test_the_paper_is_cited_as_the_readme_names_it():
    text, cff = README.read_text(encoding="utf-8"), (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (address,) = re.findall(r"https://arxiv\.org/abs/[\d.]+", text)
    assert f"url: {address}" in cff
    assert f"arXiv:{address.rpartition('/')[2]}" in cff
    authors = re.findall(r"family-names: (\w+)", cff)
    assert f"{', '.join(authors[:-1])} and {authors[-1]}, NeurIPS 2025" in text
