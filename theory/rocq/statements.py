"""The sentences of a claim in Rocq: what their verdicts rest on, each part with its definition and proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.decide import as_point, decide
from ascentcheck.theory.check.frame import Refused, fixed, names
from ascentcheck.theory.check.store import load
from ascentcheck.theory.claim import Claim, Proposition, Statement, Witness
from ascentcheck.theory.rocq.formulas import (
    PAIR,
    RELATION,
    LackingError,
    Part,
    asserted,
    definition,
    intros,
    plain,
    problem_of,
    spelled,
)
from ascentcheck.theory.rocq.reasons import COVER
from ascentcheck.theory.rocq.script import Script
from ascentcheck.theory.rocq.text import range_facts
from ascentcheck.theory.rocq.witnesses import at_one_point, refuted


@dataclass(frozen=True)
class Made:
    """One assertion in Rocq: the lines of its definition and of its proof."""

    part: Part
    definition: str
    proof: str

    @property
    def theorem(self) -> str:
        """The name of the theorem."""
        return f"{self.part.name}_{'refuted' if self.part.witness else 'proved'}"


WITHOUT_A_COVER = {"figure-4-empty": "Window.figure_4_empty"}
"""Theorems of rocq/ that show by hand what is certified here by a cover of that name."""


def identifier(name: str) -> str:
    """Return a claim's or statement's name as an identifier."""
    return name.replace("-", "_")


def parts(claim: Claim, statement: Statement) -> Iterator[Part]:
    """Yield all that a sentence's verdict rests on: what is printed, what is true instead, and printed lines that are false."""
    own = identifier(statement.name)

    def decided(prefix: str, printed: tuple[Proposition, ...], witness: Witness | None) -> Iterator[Part]:
        for k, p in enumerate(printed, 1):
            if witness is None:
                yield Part(f"{own}_{prefix}_{k}", p, None, ())
            elif _fails(claim, p, witness):
                yield Part(f"{own}_{prefix}_{k}", p, witness, _hypotheses(claim, p))

    yield from decided("printed", statement.printed, statement.witness)
    for n, reading in enumerate(statement.readings, 1):
        yield from decided(f"reading_{n}", reading.printed, reading.witness)
    told = () if statement.witness else statement.printed
    read = (p for reading in statement.readings if reading.witness is None for p in reading.printed)
    there = {(p.relation, p.domain) for p in (*told, *read)}
    for k, p in enumerate(statement.verified, 1):
        if (p.relation, p.domain) not in there:
            yield Part(f"{own}_true_{k}", p, None, ())
    for k, step in enumerate(statement.steps, 1):
        if step.printed and step.witness is not None:
            yield Part(f"{own}_step_{k}", Proposition(step.asserts, step.domain), step.witness, ())


def _hypotheses(claim: Claim, p: Proposition) -> tuple[sp.Rel, ...]:
    symbols = {s for condition in claim.realisable for s in condition.free_symbols}
    return claim.realisable if symbols <= set(p.domain.symbols) else ()


def _fails(claim: Claim, p: Proposition, witness: Witness) -> bool:
    point = as_point(witness.point)
    return (
        set(p.domain.symbols) <= set(point)
        and p.domain.contains(point)
        and all(decide(c, point) is True for c in _hypotheses(claim, p))
        and decide(p.relation, point) is False
    )


def proved(script: Script, claim: str, part: Part, problem: tuple[Any, Any]) -> str:
    """Return the proof of a part that holds, after the lemmas of its stored proof. Raises LackingError where there is none."""
    ranges, relation = problem
    point = part.proposition.domain.only_point()
    if part.proposition.certificate is not None:
        theorem = WITHOUT_A_COVER.get(part.proposition.certificate)
        if theorem is None:
            raise LackingError(COVER)
        return f"exact Ascent.{theorem}."
    h = range_facts(ranges)
    if point is not None:
        return at_one_point(script, part, problem, {s.name: v for s, v in point.items()})
    key = export.key(part.proposition)
    entry = load(claim).get(key)
    if entry is None:
        raise LackingError("no proof is stored")
    try:
        sign, f = kernel.difference(relation)
        lemma = script.check(ranges, sign, f, kernel.frozen(entry["proof"]))
        needs = [known_need(script, ranges, need) for need in asserted(relation)]
    except (LookupError, Refused, StopIteration) as error:
        raise LackingError(f"the stored proof is not translated: {error}") from error
    lines, facts = intros(ranges)
    text = script.text
    pair = [f"{r} M" + (" HM" if r in script.on_pair else "") for r in (*needs, lemma)]
    own = bool(
        {
            n
            for part_ in (*relation[1:], *(e for r in ranges for e in r[1:3] if e is not None))
            for n in names(part_)
        }
        & PAIR
    )
    values = "; ".join(spelled(s) if s in {r[0] for r in ranges} else "0" for s in text.symbols)
    m = "M" if own else "no_pair"
    start = "intros M HM. " if own else "pose (M := no_pair). "
    given = "".join(f"(conj {fact} " for fact in facts) + "I" + ")" * len(facts)
    proof = [f"unfold {part.name}. {start}{lines}"]
    proof.append(f"pose (v := at_values [{values}]).")
    proof.append(f"assert (V : all {m} v {text.facts(h)}) by exact {given}.")
    for term in pair[:-1]:
        proof.append(f"split; [exact ({term} v V)|].")
    left, right = relation[1:]
    rule = RELATION[relation[0]][1]
    proof.append(f"exact ({rule} {plain(left)} {plain(right)} ({pair[-1]} v V)).")
    return "\n  ".join(proof)


def known_need(script: Script, ranges: Any, need: Any) -> str:
    """Return the proof that what a formula needs holds on ranges, of which some may be single points. Raises LookupError."""
    free, tree = fixed(ranges, need[1])
    if len(free) == len(ranges):
        return script.need(range_facts(ranges), need)
    inner = script.need(range_facts(free), (need[0], tree))
    return script.substituted(ranges, free, need[0], need[1], tree, inner)


def made(script: Script, claim: str, part: Part) -> Made:
    """Return an assertion with its proof. Raises LackingError where it cannot be made."""
    problem = problem_of(part.proposition)
    text = definition(part, problem, part.name)
    try:
        proof = refuted(script, part, problem) if part.witness else proved(script, claim, part, problem)
    except (LookupError, ArithmeticError) as error:
        if isinstance(error, LackingError):
            raise
        raise LackingError(f"not translated: {error!r}") from error
    statement = f"~ {part.name}" if part.witness else part.name
    name = f"{part.name}_{'refuted' if part.witness else 'proved'}"
    needed = WITHOUT_A_COVER.get(part.proposition.certificate or "", "").partition(".")[0]
    required = f"From Ascent Require {needed}.\n" if needed else ""
    return Made(part, text, f"{required}Theorem {name} : {statement}.\nProof.\n  {proof}\nQed.")
