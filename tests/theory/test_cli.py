"""`python -m theory` as a user meets it."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import mpmath
import pytest

import ascentcheck.theory.__main__ as main
from ascentcheck.theory.check import certificate
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.theorems import THEOREMS
from ascentcheck.theory.toy import covers

NAMES = [claim.name for claim in (*CLAIMS, *THEOREMS)]
ONE = ["n_retain=900", "n_forget=100", "n_group=9"]


def theory(*arguments):
    """Run a command in this process as `python -m theory` does, which starts in seconds and is tried below."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["theory", *arguments])
        with pytest.raises(SystemExit) as stop:
            main.console.run(main.theory, "theory")
    return subprocess.CompletedProcess(arguments, stop.value.code, out.getvalue(), err.getvalue())


def evaluated(*arguments):
    result = theory("evaluate", *arguments, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_list_names_every_claim():
    assert [line.split()[0] for line in theory("list").stdout.splitlines()] == NAMES


@pytest.mark.parametrize("arguments", [("list",), ("evaluate", "lemma-3", "alpha=-1"), ("frobnicate",)])
def test_a_process_of_its_own_says_the_same(arguments):
    own = subprocess.run([sys.executable, "-m", "theory", *arguments], capture_output=True, text=True)
    here = theory(*arguments)
    assert (own.returncode, own.stdout, own.stderr) == (here.returncode, here.stdout, here.stderr)


def test_verify_prints_a_row_per_claim_and_writes_json(tmp_path):
    target = tmp_path / "claims.json"
    result = theory("verify", "lemma-3", "lambert-eq", "--json", str(target))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "lemma-3" in result.stdout
    records = {r["claim"]: r for r in json.loads(target.read_text())}
    assert set(records) == {"lemma-3", "lambert-eq"}
    assert records["lemma-3"]["ok"]
    assert records["lemma-3"]["statements"][1]["witness"]["alpha"] == "0"


def test_verify_exits_1_when_a_claim_falls_below_its_record(tmp_path):
    code = (
        "import sys; from dataclasses import replace; import ascentcheck.theory.claims as c;"
        "import ascentcheck.theory.theorems as t; from ascentcheck.theory.claim import *;"
        "k = c.by_name('lambert-eq'); s = replace(k.statements[0], recorded=(Verdict.UNDECIDED, Level.EXACT));"
        "changed = replace(k, statements=(s, *k.statements[1:])); c.by_name = lambda name: changed;"
        "c.NAMES, t.NAMES = ('lambert-eq',), (); sys.argv = ['theory', 'verify'];"
        "import ascentcheck.theory.__main__ as m; m.console.run(m.theory, 'theory')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 1
    assert "lambert-eq/solution: " in run.stdout


def test_lemma_3_in_all_three_cases():
    shared = [*ONE, "ridge=1"]
    toward = evaluated("lemma-3", "alpha=0", *shared)
    assert (toward["values"]["case"], toward["values"]["direction"], toward["conclusion"]["holds"]) == (
        1,
        "toward",
        False,
    )
    away = evaluated("lemma-3", "alpha=1/10", *shared)
    assert (away["values"]["case"], away["values"]["direction"], away["conclusion"]["holds"]) == (
        1,
        "away",
        True,
    )
    past = evaluated("lemma-3", "alpha=1/5", *shared)
    assert (past["values"]["case"], past["values"]["direction"], past["conclusion"]["holds"]) == (
        2,
        "past",
        False,
    )
    none = evaluated("lemma-3", "alpha=5", *shared)
    assert (none["values"]["case"], none["values"]["direction"], none["conclusion"]["holds"]) == (
        3,
        "none",
        None,
    )
    assert none["values"]["w_da"] is None
    assert none["values"]["w_da_maximum"] is None


def test_values_have_15_digits_near_the_branch_point():
    alpha = "0.111111111111111111111111111112"
    values = evaluated("lemma-2", f"alpha={alpha}", *ONE, "ridge=1e-30")["values"]
    with mpmath.workdps(80):
        a = mpmath.mpf(alpha)
        z = (1 - a * 9) * 9 / (mpmath.mpf("1e-30") * 900)
        assert -1 / mpmath.e < z < 0
        for name, branch in (("w_da", 0), ("w_da_maximum", -1)):
            exact = mpmath.lambertw(z, branch).real
            assert abs(values[name] - exact) <= abs(exact) * mpmath.mpf("5e-16")


def test_extreme_ridges_do_not_overflow():
    for ridge in ("1e-320", "1e-4000", "1e300"):
        values = evaluated("lemma-3", "alpha=1/10", *ONE, f"ridge={ridge}")["values"]
        assert values["w_pretrained"] > 0


def test_purely_one_dimensional_data():
    result = evaluated("lemma-3", "alpha=1/9", "n_retain=900", "n_forget=100", "n_group=900", "ridge=0.1")
    assert result["values"]["w_pretrained"] == result["values"]["w_retrained"]
    assert result["values"]["direction"] == "away"
    assert result["conclusion"] == {"holds": True, "margin": 0.0}


def test_evaluate_as_text_names_every_value():
    text = theory("evaluate", "lambert-eq", "a=-1/5").stdout
    for name in ("w0", "wm1", "solution_exists", "holds"):
        assert name in text


def test_evaluate_as_text_says_what_it_took_for_inputs_left_out():
    title = "inputs that were left out"
    text = theory("evaluate", "first-step", *ONE, "ridge=1", "alpha=1/5").stdout
    assert text.splitlines()[:2] == [title, f"  {'beta':<24} 1"]
    assert title not in theory("evaluate", "first-step", *ONE, "ridge=1", "alpha=1/5", "beta=2").stdout


def test_explain_tells_statement_verdict_and_witness():
    text = theory("explain", "lemma-3").stdout
    for part in ("false as printed", "witness", "step 1", "errata", "alpha"):
        assert part in text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["evaluate", "lemma-33"], "unknown claim"),
        (["explain", "nothing"], "unknown claim"),
        (["verify", "lemma-2", "nothing"], "unknown claim"),
        (["verify", "--json", "/no/such/folder/x.json"], "does not exist"),
        (["evaluate", "lemma-3", "beta=1", *ONE, "ridge=1", "alpha=1"], "unknown name"),
        (["evaluate", "lemma-3", *ONE, "ridge=1"], "missing alpha"),
        (["evaluate", "lemma-3", "alpha=1", "alpha=2", *ONE, "ridge=1"], "twice"),
        (["evaluate", "lemma-3", "alpha=-1", *ONE, "ridge=1"], "0 <= alpha"),
        (
            ["evaluate", "lemma-3", "alpha=1", "n_retain=-9", "n_forget=1", "n_group=1", "ridge=1"],
            "0 < n_retain",
        ),
        (["evaluate", "lemma-3", "alpha=1", *ONE, "ridge=0"], "0 < ridge"),
        (["evaluate", "lemma-3", "alpha=nan", *ONE, "ridge=1"], "not a number"),
        (["evaluate", "lemma-3", "alpha=inf", *ONE, "ridge=1"], "not a number"),
        (["evaluate", "lemma-3", "alpha=one", *ONE, "ridge=1"], "not a number"),
        (["evaluate", "lemma-3", "alpha=1/0", *ONE, "ridge=1"], "divides by zero"),
        (["evaluate", "lemma-3", "alpha=1e999999999", *ONE, "ridge=1"], "exponent"),
        (["evaluate", "lemma-3", "alpha", *ONE, "ridge=1"], "name=value"),
        (["frobnicate"], "No such command"),
        (["verify", "--frob"], "No such option"),
    ],
)
def test_bad_input_is_one_plain_line_and_status_2(arguments, expected):
    result = theory(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert expected in result.stderr


def test_the_readme_tells_the_two_commands():
    readme = Path(__file__).parents[2] / "README.md"
    text = readme.read_text()
    assert "make\n" in text
    assert "make test" in text


def test_what_is_stored_is_complete_and_current():
    result = theory("certify", "--check", "lemma-3", "figure-4")
    assert result.returncode == 0, result.stdout
    assert result.stdout.count("current") == 2


def test_a_proof_is_found_anew():
    result = theory("verify", "--search", "lambert-eq")
    assert result.returncode == 0, result.stdout + result.stderr


def test_verify_objects_where_no_proof_is_stored(monkeypatch, tmp_path):
    monkeypatch.setattr("ascentcheck.theory.check.store.FOLDER", tmp_path)
    result = theory("verify", "lambert-eq")
    assert result.returncode == 1
    assert "no proof is stored" in result.stdout


def test_trust_counts_rules_and_leaves():
    lines = theory("trust", "lemma-3", "toy-minima", "figure-4").stdout.splitlines()
    assert "monotone" in lines[1]
    *proofs, boxes = lines[2].split()[:4]
    assert proofs == ["toy-minima", "1", "2"]
    assert 0 < int(boxes) <= sum(map(len, covers.load().values()))
    assert lines[3].split()[3] == str(certificate.load("figure-4-empty").boxes)
    assert "python-flint" in lines[4]
