"""The files: `Statements.v`, which says in plain words what is proved, and one file of proofs for each claim."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from ascentcheck.theory.claim import Claim
from ascentcheck.theory.rocq.formulas import LackingError
from ascentcheck.theory.rocq.rules import RULES
from ascentcheck.theory.rocq.script import Script
from ascentcheck.theory.rocq.statements import Made, identifier, made, parts
from ascentcheck.theory.rocq.text import Text

_OPENING = """From Coq Require Import Reals QArith Qreals List ZArith NArith Lra.
From Ascent Require Import Polynomials Lambert Trees Rules Bounds Pair PairBounds{statements}.
Import ListNotations{module}.
Open Scope R_scope.
Section Lemmas.
Variable M : pair_point.
Hypothesis HM : pair_minima M.
"""
_STATEMENTS = """(** What is proved: made by `python -m theory rocq` from the claims, do not edit.

    A definition says what a sentence of the paper asserts, or what is true instead; its last part is the relation, before it
    stands what must hold for both sides to be defined (W is real, divisors are not 0). [name_proved : name] or
    [name_refuted : ~ name] is the theorem. [_printed_] is the sentence as printed, [_reading_n_] one way to read it, [_true_]
    what is true instead or beside it. [W0] and [Wm1] are the branches of the Lambert function (Lambert.v), [pair_x M] and
    [pair_y M] the coordinates of a local minimum of the correlated pair, of which [pair_minima M] (Rules.v) says what is used;
    Pair.v proves that there is one. *)
From Coq Require Import Reals.
From Ascent Require Import Lambert Trees Rules.
Open Scope R_scope.
"""


BY_HAND = (
    "Losses.L_D_sum",
    "Losses.L_R_sum",
    "Losses.L_DA_sum",
    "Losses.W0_is_the_minimum",
    "Losses.two_stationary_points",
    "Losses.no_minimum",
    "Losses.no_stationary_point",
    "Losses.lemma_2_retrained",
    "Losses.lemma_2_pretrained",
    "Losses.arguments",
    "Pair.pair_minima_exist",
)
"""The theorems that are written by hand, in rocq/: the minima of eq. (1), and that the correlated pair has one."""


@dataclass(frozen=True)
class Sentence:
    """A sentence in Rocq: its assertions, and why others are not there."""

    claim: str
    name: str
    made: tuple[Made, ...]
    lacking: tuple[str, ...]

    @property
    def proved(self) -> bool:
        """Whether all that its verdict rests on is there."""
        return bool(self.made) and not self.lacking


@dataclass(frozen=True)
class ClaimFile:
    """A claim in Rocq: its sentences, its part of Statements.v and its proofs."""

    claim: Claim
    sentences: tuple[Sentence, ...]
    statements: str
    proofs: str

    @property
    def module(self) -> str:
        """The name of its module and file."""
        return module(self.claim)

    @property
    def theorems(self) -> tuple[str, ...]:
        """The names of its theorems."""
        return tuple(m.theorem for s in self.sentences for m in s.made)


def module(claim: Claim) -> str:
    """Return the name of a claim's module."""
    return identifier(claim.name).capitalize()


def opening(claim: str, module_: str | None) -> str:
    """Return how a file of proofs begins; without a module, as a file that holds its own statements."""
    head = (
        f"(** Made by `python -m theory rocq` from the claim {claim} and its stored proofs: do not edit. *)\n"
        * bool(claim)
    )
    statements, module_ = (" Statements", f" Statements.{module_}") if module_ else ("", "")
    return head + _OPENING.format(statements=statements, module=module_)


def claim_file(claim: Claim) -> ClaimFile:
    """Return a claim's sentences as Rocq has them."""
    text = Text()
    script = Script(text, RULES)
    sentences: list[Sentence] = []
    statements, theorems = (
        [
            f"\n(** * {claim.name}: {_comment(claim.title)} ({_comment(claim.where)}) *)",
            f"Module {module(claim)}.",
        ],
        list[str](),
    )
    for statement in claim.statements:
        there, lacking = [], []
        for part in parts(claim, statement):
            try:
                there.append(made(script, claim.name, part))
            except LackingError as error:
                lacking.append(f"{part.name}: {error}")
        sentences.append(Sentence(claim.name, statement.name, tuple(there), tuple(lacking)))
        if there:
            quote = textwrap.fill(
                f"{statement.where}: {_comment(statement.quote)}", 110, subsequent_indent="    "
            )
            statements.append(f"\n(** {quote} *)")
            statements += [m.definition for m in there]
            theorems += [m.proof for m in there]
    statements.append(f"End {module(claim)}.\n")
    proofs = opening(claim.name, module(claim)) + "\n".join([*text.lines, "End Lemmas.", *theorems, ""])
    return ClaimFile(claim, tuple(sentences), "\n".join(statements), proofs)


def _comment(text: str) -> str:
    return text.replace("(*", "( *").replace("*)", "* )").replace('"', "'").replace("\n", " ")


def statements_file(files: Sequence[ClaimFile]) -> str:
    """Return Statements.v."""
    return _STATEMENTS + "\n".join(f.statements for f in files if f.theorems)


def assumptions_file(files: Sequence[ClaimFile]) -> str:
    """Return a file that prints what all theorems together assume, so what each of them may."""
    there = [f for f in files if f.theorems]
    lines = [f"From Ascent Require Losses Pair {' '.join(f.module for f in there)}."]
    names = [f"{f.module}.{name}" for f in there for name in f.theorems]
    names += BY_HAND
    lines.append("Definition all_theorems := (" + ",\n  ".join(names) + ").")
    return "\n".join([*lines, "Print Assumptions all_theorems.", ""])
