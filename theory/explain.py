"""`explain`: a claim as text for the terminal, made from the objects that the checks run on."""

from __future__ import annotations

from collections.abc import Iterator

from ascentcheck.theory.claim import Claim, Notation, Proposition, Statement, Step, Verdict, Witness
from ascentcheck.theory.notation import in_text, range_text, shorten
from ascentcheck.theory.theorems.stated import BEYOND
from ascentcheck.theory.verify import ClaimResult, StatementResult


def is_ours(claim: Claim | Statement) -> bool:
    """Whether a claim or a statement is of a theorem of ours, not of the paper."""
    return claim.where == BEYOND


def verdict_words(claim: Claim | Statement, verdict: Verdict) -> str:
    """Return a verdict in words: nothing of a theorem is printed in the paper, so it is proved or it is not."""
    if not is_ours(claim):
        return verdict.words
    return "proved" if verdict == Verdict.AS_PRINTED else "not proved"


def _witness(witness: Witness | None) -> Iterator[str]:
    if witness is not None:
        where = ", ".join(f"{s} = {v}" for s, v in witness.point.items())
        yield f"    witness    {where or 'no parameters'}"
        yield f"               {witness.says}"


def _steps(steps: tuple[Step, ...], result: StatementResult, notation: tuple[Notation, ...]) -> Iterator[str]:
    for index, (step, checked) in enumerate(zip(steps, result.steps, strict=True), 1):
        mark = "proved" if checked.proved else "refuted" if checked.refuted else "NOT CHECKED"
        yield f"    step {index}     {step.says}  [{step.origin}; {step.rule.name.lower()}; {mark}]"
        yield f"               {in_text(step.asserts, notation)}"
        yield from _witness(step.witness)


def _proposition(proposition: Proposition, notation: tuple[Notation, ...]) -> Iterator[str]:
    says = f"   ({proposition.says})" if proposition.says else ""
    yield f"               {in_text(proposition.relation, notation)}{says}"
    yield f"                 for {range_text(proposition.domain, notation)}"


def _statement(
    statement: Statement, result: StatementResult, notation: tuple[Notation, ...]
) -> Iterator[str]:
    words = verdict_words(statement, result.verdict)
    yield f"  {statement.name} ({statement.where}): {words} [{result.level.name}]"
    if result.not_in_rocq:
        yield f"    not PROVED {result.not_in_rocq}"
    yield f"    {'stated ' if is_ours(statement) else 'printed'}    {statement.quote}"
    for proposition in statement.printed:
        yield from _proposition(proposition, notation)
    yield from _witness(statement.witness)
    for reading, verdict in zip(statement.readings, result.readings, strict=True):
        yield f"    if read    {reading.says}: {verdict.words}"
        for proposition in reading.printed:
            yield from _proposition(proposition, notation)
        yield from _witness(reading.witness)
    if statement.verified and statement.verified != statement.printed:
        yield "    true"
        for proposition in statement.verified:
            yield from _proposition(proposition, notation)
    yield from _steps(statement.steps, result, notation)
    yield f"    remark     {statement.remark}"


def explain(result: ClaimResult) -> str:
    """Return the whole text for one decided claim."""
    claim = result.claim
    lines = [
        f"{claim.name}: {claim.title} ({claim.where})",
        f"verdict: {verdict_words(claim, result.verdict)} ({', '.join(s.statement.name for s in result.worst)})",
        "",
        claim.idea,
        "",
    ]
    if claim.notation:
        lines.append("  notation")
        for index, part in enumerate(claim.notation):
            lines.append(f"    {part.name} = {shorten(part.expression, claim.notation[index + 1 :])}")
        lines.append("")
    for statement in result.statements:
        lines += [*_statement(statement.statement, statement, claim.notation), ""]
    if claim.necessity:
        lines.append("  hypotheses dropped")
        for necessity in claim.necessity:
            lines.append(f"    {necessity.hypothesis}: {necessity.remark}")
            lines += _witness(necessity.witness)
        lines.append("")
    if claim.errata:
        lines.append("  errata")
        for erratum in claim.errata:
            lines.append(f"    {erratum.where}: for '{erratum.printed}' read '{erratum.replacement}'")
            lines += _witness(erratum.witness)
        lines.append("")
    if claim.rests_on:
        lines += [f"  rests on {', '.join(claim.rests_on)}", ""]
    return "\n".join([*lines, claim.summary])
