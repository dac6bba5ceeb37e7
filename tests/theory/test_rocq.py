"""Stored proofs in the proof assistant Rocq: what is recorded is of the present claims, and compiles; false things do not."""

import hashlib
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from ascentcheck.theory.claim import Level
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.claims.lambert_eq import CLAIM as LAMBERT_EQ
from ascentcheck.theory.claims.lemma_4 import CLAIM as LEMMA_4
from ascentcheck.theory.console import UserError
from ascentcheck.theory.rocq import build, record
from ascentcheck.theory.rocq.falsify import falsified, is_false, statement_file
from ascentcheck.theory.rocq.files import (
    BY_HAND,
    FROM_THEOREMS,
    assumptions_file,
    claim_file,
    statements_file,
)
from ascentcheck.theory.rocq.formulas import LackingError, plain, problem_of
from ascentcheck.theory.rocq.inhabited import inhabited
from ascentcheck.theory.rocq.rules import RULES
from ascentcheck.theory.rocq.run import OF_A_PROOF, check, tried
from ascentcheck.theory.rocq.script import Script
from ascentcheck.theory.rocq.statements import parts
from ascentcheck.theory.rocq.text import Text
from ascentcheck.theory.theorems import THEOREMS
from ascentcheck.theory.verify import decide_statement

SMALL = (LAMBERT_EQ, LEMMA_4)
needs_coqc = pytest.mark.skipif(build.coqc_version() is None, reason=build.NO_COQC)


def all_made(file):
    return [m for sentence in file.sentences for m in sentence.made]


def test_the_record_is_of_the_present_claims():
    stored = record.load()
    assert stored is not None
    for claim in (*CLAIMS, *THEOREMS):
        proved = stored.sentences.get(claim.name, {})
        lacking = stored.lacking.get(claim.name, {})
        assert {s.name for s in claim.statements} == proved.keys() | lacking.keys()
        for statement in claim.statements:
            if statement.name in proved:
                assert proved[statement.name] == record.sentence_digest(claim, statement)
            else:
                assert all(lacking[statement.name])


def test_the_record_is_of_the_present_files():
    stored = record.load()
    for name in (*build.HAND_WRITTEN, *build.FROM_THEOREMS):
        text = (build.BASE / f"{name}.v").read_bytes()
        assert stored.files[name] == hashlib.sha256(text).hexdigest(), name
    statements = (build.BASE / "Statements.v").read_text(encoding="utf-8")
    assert stored.files["Statements"] == hashlib.sha256(statements.encode()).hexdigest()
    for claim in SMALL:
        made = claim_file(claim)
        assert stored.files[made.module] == hashlib.sha256(made.proofs.encode()).hexdigest()
        assert all(
            f"Definition {name} : Prop :=" in statements for name in (m.part.name for m in all_made(made))
        )


def test_nothing_is_assumed_by_hand():
    for path in build.BASE.glob("*.v"):
        text = re.sub(r"\(\*.*?\*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(
            r"\b(Axiom|Admitted|admit|Parameter|Conjecture|Hypothesis\s+\w+\s*:\s*False)\b", text
        ), path
        assert not re.search(r"\b(Unset|bypass_check|type_in_type)\b", text), path


def test_what_coqc_says_of_assumptions_is_read_line_by_line():
    said = "\n".join(
        [
            "Axioms:",
            "ClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}",
            "FunctionalExtensionality.functional_extensionality_dep",
            "  : forall (A : Type) (B : A -> Type),",
            "    f = g",
            "loop is assumed to be guarded.",
        ]
    )
    assert build.said_of_axioms(said) == {
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "loop is assumed to be guarded.",
    }
    assert build.said_of_axioms("Closed under the global context\n") == set()


def test_all_theorems_are_asked_for_what_they_assume():
    made = claim_file(LAMBERT_EQ)
    asked = set(re.findall(r"[\w.]+", assumptions_file([made])))
    assert {f"Theorems.Lambert_eq.{name}" for name in made.theorems} < asked
    assert {f"Lambert_eq.{point.name}" for point in made.inhabited} < asked
    by_hand = {*BY_HAND, *FROM_THEOREMS}
    assert by_hand < asked
    for name in by_hand:
        file, _, theorem = name.partition(".")
        assert re.search(rf"^Theorem {theorem}\b", (build.BASE / f"{file}.v").read_text(), re.MULTILINE), name


def test_domains_have_points():
    made = claim_file(LAMBERT_EQ)
    assert len(made.inhabited) == 3
    assert "exists a larger : R, (-1) * exp (-1) <= a /\\ a < larger" in made.inhabited[-1].text
    inhabited(Script(Text(), RULES), (("x", 0, 1, True, True),), "some")
    with pytest.raises(LackingError, match="no point"):
        inhabited(Script(Text(), RULES), (("x", 1, 0, False, False),), "none")
    with pytest.raises(LackingError, match="no point"):
        inhabited(Script(Text(), RULES), (("x", 0, 0, False, True),), "none")


def test_no_true_statement_is_about_one_formula_twice():
    for claim in (*CLAIMS, *THEOREMS):
        for statement in claim.statements:
            for p in (
                *statement.printed,
                *statement.verified,
                *(p for r in statement.readings for p in r.printed),
            ):
                assert p.relation.lhs != p.relation.rhs, (claim.name, statement.name)


def test_what_rocq_lacks_is_on_its_page():
    page = Path("docs/explanation/rocq.md").read_text(encoding="utf-8")
    lacking = page[page.index("## Sentences that Rocq lacks") : page.index("## Sentences of which")]
    told = {}
    for row in re.findall(r"^\| ([a-z0-9-]+) \| ([a-z, -]+) \|", lacking, re.MULTILINE):
        told[row[0]] = set(row[1].split(", "))
    assert told.pop("claim", None) == {"sentences"}
    assert told == {claim: set(sentences) for claim, sentences in record.load().lacking.items()}


def test_a_proved_sentence_has_that_level():
    (statement,) = (s for s in LAMBERT_EQ.statements if s.name == "solution")
    assert decide_statement(LAMBERT_EQ, statement, tried=False).level is Level.PROVED


def test_a_changed_sentence_loses_it():
    (statement,) = (s for s in LAMBERT_EQ.statements if s.name == "solution")
    moved = {symbol: value + Fraction(1, 100) for symbol, value in statement.witness.point.items()}
    assert not record.why_not(LAMBERT_EQ, statement)
    elsewhere = replace(statement, witness=replace(statement.witness, point=moved))
    assert record.why_not(LAMBERT_EQ, elsewhere) == f"{record.OTHER_FORM}; {record.RENEW}"
    assert record.why_not(LAMBERT_EQ, replace(statement, verified=statement.verified[:-1]))
    (other, *_) = LEMMA_4.statements
    looser = tuple(replace(p, relation=sp.Ge(p.relation.lhs + 1, p.relation.rhs)) for p in other.verified)
    assert record.why_not(LEMMA_4, replace(other, verified=looser))


def test_without_a_record_nothing_is_proved(monkeypatch, tmp_path):
    monkeypatch.setattr(record, "PATH", tmp_path / "record.json")
    record.load.cache_clear()
    try:
        (statement, *_) = LAMBERT_EQ.statements
        assert decide_statement(LAMBERT_EQ, statement, tried=False).level is Level.CERTIFIED
    finally:
        record.load.cache_clear()


@pytest.mark.parametrize(
    ("tree", "shown"),
    [
        (("+", "x", ("*", -1, ("+", "y", 1))), "x + (-1) * (y + 1)"),
        (("*", "x", ("^", ("+", "y", "z"), -1)), "x / (y + z)"),
        (("^", ("*", "x", 2), 3), "(x * 2) ^ 3"),
        (("*", "1/2", ("^", "x", -2)), "1 / 2 / x ^ 2"),
        (("W0", ("exp", "-1/3")), "W0 (exp ((-1) / 3))"),
    ],
)
def test_formulas_are_plain(tree, shown):
    assert plain(tree, None, 0) == shown


def test_why_a_sentence_is_not_proved_is_told(monkeypatch):
    (statement,) = (s for s in LAMBERT_EQ.statements if s.name == "solution")
    stored = record.load()
    assert record.why_not(LAMBERT_EQ, statement) == ""
    assert record.differences(stored, stored) == []
    shorter = replace(statement, verified=statement.verified[:-1])
    assert record.OTHER_FORM in decide_statement(LAMBERT_EQ, shorter, tried=False).not_in_rocq
    other = replace(stored, files={**stored.files, "Lambert": "0"})
    monkeypatch.setattr(record, "load", lambda: other)
    assert "Lambert.v" in record.why_not(LAMBERT_EQ, statement)
    assert record.RENEW in record.why_not(LAMBERT_EQ, statement)
    assert record.differences(other, stored) == ["Lambert.v is not the recorded one"]
    monkeypatch.setattr(record, "load", lambda: None)
    assert "no record" in record.why_not(LAMBERT_EQ, statement)


def test_falsified_statements_are_false():
    (found, *_) = falsified(SMALL, 1)
    assert found.says
    (statement, *_) = LEMMA_4.statements
    part = next(p for p in parts(LEMMA_4, statement) if p.witness is None)
    assert not is_false(problem_of(part.proposition))


def test_without_coqc_that_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no coqc"):
        check(SMALL, folder=tmp_path)


@pytest.fixture
def folder(tmp_path):
    """A folder to compile in; what `make rocq` has compiled of these very hand-written files is taken over."""
    texts = {f"{name}.v": (build.BASE / f"{name}.v").read_bytes() for name in build.HAND_WRITTEN}
    here = [build.FOLDER / name for name in texts]
    if all(p.exists() and p.with_suffix(".vo").exists() and p.read_bytes() == texts[p.name] for p in here):
        for path in (p.with_suffix(suffix) for p in here for suffix in (".v", ".vo", ".vos", ".vok")):
            if path.exists():
                shutil.copy2(path, tmp_path)  # with their times, by which make tells what is old
    return tmp_path


@needs_coqc
def test_small_claims_compile_and_false_statements_do_not(folder):
    checked = check(SMALL, folder=folder)
    assert checked.problem == ""
    assert checked.axioms == ()
    found = list(tried(SMALL, 5, "test", folder=folder))
    assert len(found) == 5
    assert [f.says for f in found if f.outcome != "refused"] == []
    (statement, *_) = LEMMA_4.statements
    part = next(p for p in parts(LEMMA_4, statement) if p.witness is None)
    problem = problem_of(part.proposition)
    assert (
        build.compiles(statement_file(LEMMA_4, part, problem, problem, "as it is").text, "True_", folder)
        == ""
    )
    says = statements_file([claim_file(LAMBERT_EQ)]) + "From Ascent Require Lambert_eq.\nTheorem shown : "
    proof = ".Lambert_eq.monotone_printed_1. exact Ascent.Lambert_eq.monotone_printed_1_proved. Qed.\n"
    assert build.compiles(f"{says}Ascent.Says{proof}", "Says", folder) == ""
    assert "W0 larger > W0 a" in says
    lies = says.replace("W0 larger > W0 a", "W0 a > W0 larger")
    assert build.compiles(f"{lies}Ascent.Lies{proof}", "Lies", folder) != ""
    axiom = "Axiom bad : False.\nTheorem lie : False. Proof. exact bad. Qed.\nPrint Assumptions lie.\n"
    assert build.printed_axioms(axiom, "Bad", folder) == {"bad"}
    unchecked = "Unset Guard Checking.\nFixpoint lie (n : nat) : False := lie n.\nPrint Assumptions lie.\n"
    assert build.printed_axioms(unchecked, "Unchecked", folder) - set(build.AXIOMS)
    for text in ("Theorem lie : 1 = 2. exact eq_refl Qed.\n", "Theorem lie : 1 = 2. exact nothing. Qed.\n"):
        error = build.compiles(text, "Torn", folder)
        assert error
        assert not any(reason in error for reason in OF_A_PROOF)


def test_statements_hold_what_has_theorems_only():
    made = claim_file(LAMBERT_EQ)
    empty = replace(made, sentences=())
    assert "Module" not in statements_file([empty])
    assert "Module Lambert_eq." in statements_file([made])
