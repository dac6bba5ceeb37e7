"""The files: `Statements.v`, which says in plain words what is proved, a file of proofs for each claim, and `Theorems.v`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ascentcheck.theory.claim import Claim
from ascentcheck.theory.rocq.formulas import LackingError, problem_of
from ascentcheck.theory.rocq.inhabited import Inhabited, inhabited
from ascentcheck.theory.rocq.quantities import kinds_text, notations_text, quantities_text, readable
from ascentcheck.theory.rocq.rules import RULES
from ascentcheck.theory.rocq.script import Script
from ascentcheck.theory.rocq.statements import Made, identifier, made, parts
from ascentcheck.theory.rocq.text import Text

_OPENING = """From Coq Require Import Reals QArith Qreals List ZArith NArith Lra.
From Ascent Require Import Polynomials Lambert Trees Rules Bounds Pair PairBounds.
Import ListNotations.
Open Scope R_scope.
Section Lemmas.
Variable M : pair_point.
Hypothesis HM : pair_minima M.
"""
_STATEMENTS = """(** What is proved: made by `python -m theory rocq` from the claims, do not edit.

    A definition says what a sentence of the paper asserts, or what is true instead; its last formula is the relation, before
    it stands what must hold for both sides to be defined ([W_real]: W has a real value there; divisors are not 0). [_printed_] is
    the sentence as printed, [_reading_n_] one way to read it, [_true_] what is true instead or beside it, [_step_] a printed
    line of a proof. A sentence that asserts what another one does is defined as that. Theorems.v has for each definition the
    theorem [name_proved : name] or [name_refuted : ~ name].

    [W0] and [Wm1] are the branches of the Lambert function (Lambert.v), [pair_x M] and [pair_y M] the coordinates of a local
    minimum of the correlated pair, of which [pair_minima M] (Rules.v) says what is used; Pair.v proves that there is one, and
    PairLosses.v that every local minimum of eq. (1) on the pair is one. No theorem is empty: each domain has a point
    ([domain_…_has_a_point] in the file of a claim's proofs).

    Some sentences are here in coordinates of their proofs (pulls of samples, gaps between solutions), or as the inequality that
    a limit, a flow or a probability comes from. OneCoordinate.v, FromLosses.v and Hoeffding.v say them of data sets, of eq. (1),
    of gradient flow and of laws: lemmas 1, 3, 8, 9, 10 (x) and 11, corollary 1, early stopping. *)
From Coq Require Import Reals.
From Ascent Require Import Lambert Trees Rules.
Open Scope R_scope.

(** ** The setting: each of its numbers is a real number, and named quantities are of the numbers that are bound around them. *)
{kinds}
Definition W_real (z : R) : Prop := 0 <= exp 1 * z + 1.

(** What is bound together again and again, where sizes and ridge are positive. *)
{notations}
(** ** The quantities. *)
{quantities}"""
_THEOREMS = """(** The theorems: what Statements.v says, by the proofs of each claim, whose formulas have nothing abbreviated.
    Made by `python -m theory rocq`, do not edit. *)
From Ascent Require Statements {modules}.
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
    "PairLosses.L_D_is",
    "PairLosses.L_R_is",
    "PairLosses.L_DA_is",
    "PairLosses.gradient_of_pair",
    "PairLosses.local_minimum_of_pair",
    "PairLosses.minimum_of_pair",
    "PairLosses.local_minimum_when_strict",
    "PairLosses.pair_has_local_minimum",
    "PairLosses.lemma_6_from_the_loss",
)
"""The theorems that are written by hand, in rocq/: the minima of eq. (1), on one coordinate and on the correlated pair."""
FROM_THEOREMS = (
    "OneCoordinate.lemma_3",
    "OneCoordinate.main_text_range_fails_on_a_data_set",
    "OneCoordinate.always_farthest_fails_on_a_data_set",
    "OneCoordinate.no_stopping_time_helps",
    "FromLosses.lemma_8_x",
    "FromLosses.lemma_8_y",
    "FromLosses.lemma_8_no_minimum",
    "FromLosses.da_ordered",
    "FromLosses.lemma_9_x",
    "FromLosses.lemma_9_y",
    "FromLosses.lemma_10_x",
    "FromLosses.corollary_1_pretrained",
    "FromLosses.corollary_1_descent_ascent",
    "Hoeffding.lemma_11",
    "Hoeffding.lemma_1",
)
"""Those that say sentences of losses, flow and laws, and are proved from the theorems that are made."""


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
    """A claim in Rocq: its sentences and its proofs."""

    claim: Claim
    sentences: tuple[Sentence, ...]
    inhabited: tuple[Inhabited, ...]
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


def opening(claim: str) -> str:
    """Return how a file of proofs begins."""
    head = (
        f"(** Made by `python -m theory rocq` from the claim {claim} and its stored proofs: do not edit. *)\n"
        * bool(claim)
    )
    return head + _OPENING


def claim_file(claim: Claim) -> ClaimFile:
    """Return a claim's sentences as Rocq has them."""
    text = Text()
    script = Script(text, RULES)
    sentences: list[Sentence] = []
    theorems = list[str]()
    points: dict[Any, Inhabited] = {}
    for statement in claim.statements:
        there, lacking = [], []
        for part in parts(claim, statement):
            try:
                ranges, _ = problem_of(part.proposition)
                if part.witness is None and ranges not in points:
                    points[ranges] = inhabited(script, ranges, f"domain_{len(points) + 1}_has_a_point")
                there.append(made(script, claim.name, part))
            except LackingError as error:
                lacking.append(f"{part.name}: {error}")
        sentences.append(Sentence(claim.name, statement.name, tuple(there), tuple(lacking)))
        theorems += [line for m in there for line in (m.definition, m.proof)]
    shown = tuple(point for point in points.values() if point.text)
    theorems += [point.text for point in shown]
    proofs = opening(claim.name) + "\n".join([*text.lines, "End Lemmas.", *theorems, ""])
    return ClaimFile(claim, tuple(sentences), shown, proofs)


def _comment(text: str) -> str:
    return text.replace("(*", "( *").replace("*)", "* )").replace('"', "'").replace("\n", " ")


def statements_file(files: Sequence[ClaimFile]) -> str:
    """Return Statements.v."""
    text = _STATEMENTS.format(kinds=kinds_text(), notations=notations_text(), quantities=quantities_text())
    seen: dict[Any, tuple[str, str]] = {}
    lines = []
    for f in files:
        if not f.theorems:
            continue
        title = f"{f.claim.name}: {_comment(f.claim.title)} ({_comment(f.claim.where)})"
        lines += [f"\n(** * {title} *)", f"Module {f.module}."]
        for sentence, statement in zip(f.sentences, f.claim.statements, strict=True):
            if sentence.made:
                quote = f"(** {statement.where}: {_comment(statement.quote)} *)"
                lines.append("\n" + textwrap.fill(quote, 118, subsequent_indent="    "))
            for m in sentence.made:
                problem = problem_of(m.part.proposition)
                of, name = seen.setdefault((problem, m.part.realisable), (f.module, m.part.name))
                if (of, name) == (f.module, m.part.name):
                    lines.append(readable(m.part, problem, name))
                else:
                    known = name if of == f.module else f"{of}.{name}"
                    lines.append(f"Definition {m.part.name} : Prop := {known}.")
        lines.append(f"End {f.module}.")
    return text + "\n".join([*lines, ""])


def theorems_file(files: Sequence[ClaimFile]) -> str:
    """Return Theorems.v."""
    there = [f for f in files if f.theorems]
    lines = []
    for f in there:
        lines.append(f"\nModule {f.module}.")
        for m in (m for s in f.sentences for m in s.made):
            says = f"{'~ ' if m.part.witness else ''}Statements.{f.module}.{m.part.name}"
            lines.append(f"Theorem {m.theorem} : {says}.")
            lines.append(f"Proof. exact Ascent.{f.module}.{m.theorem}. Qed.")
        lines.append(f"End {f.module}.")
    modules = textwrap.fill(" ".join(f.module for f in there), 118)
    return _THEOREMS.format(modules=modules) + "\n".join([*lines, ""])


def assumptions_file(files: Sequence[ClaimFile], by_hand: Sequence[str] = (*BY_HAND, *FROM_THEOREMS)) -> str:
    """Return a file that prints what all theorems together assume, so what each of them may."""
    names = [f"Theorems.{f.module}.{name}" for f in files for name in f.theorems]
    names += [f"{f.module}.{point.name}" for f in files for point in f.inhabited]
    names += by_hand
    modules = dict.fromkeys(["Theorems", *(n.partition(".")[0] for n in names)])
    lines = [f"From Ascent Require {textwrap.fill(' '.join(modules), 118)}."]
    lines.append("Definition all_theorems := (" + ",\n  ".join(names) + ").")
    return "\n".join([*lines, "Print Assumptions all_theorems.", ""])
