"""What is printed and what is true: statements, their derivations and witnesses, hypotheses dropped, corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import sympy as sp

from ascentcheck.theory.check.derivation import StepResult
from ascentcheck.theory.claim import (
    Claim,
    Equivalence,
    Erratum,
    Necessity,
    Proposition,
    Rule,
    Verdict,
    Witness,
)
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.explain import is_ours, verdict_words
from ascentcheck.theory.notation import in_latex, range_latex
from ascentcheck.theory.pages.markdown import display, escaped, sentence
from ascentcheck.theory.pages.typeset import in_markdown
from ascentcheck.theory.verify import StatementResult

CHANGED = "2026-11-27"
"""When verdicts were changed after a reading of the whole by somebody else."""


def statement_section(result: StatementResult, claim: Claim) -> Iterator[str]:
    """Yield a statement: as printed, what is true instead, and the derivation."""
    statement = result.statement
    name = statement.name.replace("-", " ")
    source = "Stated" if is_ours(claim) else f"Printed ({escaped(statement.where)})"
    yield f"## {escaped(name if len(name) == 1 else name[0].upper() + name[1:])}: {verdict_words(claim, result.verdict)}"
    yield ""
    yield f"Evidence {result.level.name}; tried at {result.points} points. {source}:"
    yield ""
    yield f"> {escaped(statement.quote)}"
    yield ""
    stated = {(p.relation, p.domain) for p in statement.printed}
    holds = result.verdict <= Verdict.REPAIRED
    if statement.printed:
        yield "As a formula, proved:" if holds else "As a formula:"
        yield ""
    for proposition in statement.printed:
        yield from _proposition(proposition, claim)
    yield from _witness(statement.witness, claim, "**Refuted** at ")
    for reading, verdict in zip(statement.readings, result.readings, strict=True):
        yield f"If read as “{escaped(reading.says)}”: **{verdict.words}**."
        yield ""
        for proposition in reading.printed:
            yield from _proposition(proposition, claim)
        yield from _witness(reading.witness, claim, "**Refuted** at ")
    others = [p for p in statement.verified if not holds or (p.relation, p.domain) not in stated]
    if others:
        yield "What is true instead, proved:" if result.verdict is Verdict.FALSE else "Proved beside it:"
        yield ""
        for proposition in others:
            yield from _proposition(proposition, claim)
    yield escaped(statement.remark)
    yield ""
    if statement.formerly is not None:
        before, why = statement.formerly
        yield f"Recorded as *{before.words}* until {CHANGED}; changed, after the result was known, because {escaped(why)}."
        yield ""
    if result.steps:
        yield "### Derivation"
        yield ""
        for number, step in enumerate(result.steps, 1):
            yield from _step(number, step, claim)


def _proposition(proposition: Proposition, claim: Claim) -> Iterator[str]:
    if proposition.says:
        yield f"*{escaped(proposition.says)}:*"
        yield ""
    yield from display(in_latex(proposition.relation, claim.notation))
    yield from _where(proposition.domain, claim)


def _where(domain: Domain, claim: Claim, indent: str = "") -> Iterator[str]:
    """The ranges that differ from the claim's own."""
    known = {part.symbol: part for part in claim.domain.ranges}
    differing = tuple(part for part in domain.ranges if known.get(part.symbol) != part)
    if differing:
        spans = (_span(part, claim) for part in differing)
        words = f" ({escaped(domain.words)})" if domain.words else ""
        yield f"{indent}for {', '.join(spans)}{words}"
        yield ""


def _span(part: Range, claim: Claim) -> str:
    if part.symbol in claim.words and part.low == part.high:
        return f"{part.symbol} `{claim.words[part.symbol][int(part.low)]}`"
    return f"${range_latex(Domain((part,)), claim.notation)}$"


def _step(number: int, checked: StepResult, claim: Claim) -> Iterator[str]:
    step = checked.step
    mark = "✓ proved" if checked.proved else "✗ refuted" if checked.refuted else "not checked"
    origin = "ours" if not step.printed else f"the paper's, {step.origin}"
    head = f"{number}. "
    indent = " " * len(head)
    yield f"{head}{escaped(step.says)}"
    yield ""
    asserts = step.asserts
    if isinstance(asserts, Equivalence):
        yield from display(
            rf"\begin{{aligned}} & {in_latex(asserts.first, claim.notation)} \\ \Longleftrightarrow\; & "
            rf"{in_latex(asserts.second, claim.notation)} \end{{aligned}}",
            indent,
        )
    else:
        yield from display(in_latex(asserts, claim.notation), indent)
    yield from _where(step.domain, claim, indent)
    yield f"{indent}{mark} · rule [{step.rule.name.lower()}](../explanation/trust.md#{anchor(step.rule)}) · {escaped(origin)}"
    yield ""
    for line in _witness(step.witness, claim, "Refuted at "):
        yield f"{indent}{line}" if line else ""


def anchor(rule: Rule) -> str:
    """Return the place on the page about trust that explains a rule."""
    return f"rule-{rule.name.lower()}"


def _point(witness: Witness, claim: Claim) -> str:
    return ", ".join(f"`{pair}`" for pair in pairs(witness.point, claim, " = ")) or "no parameters"


def pairs(point: Mapping[sp.Symbol, Fraction | sp.Rational], claim: Claim, equals: str = "=") -> list[str]:
    """Return the coordinates of a point as they are given to `evaluate`."""
    words = claim.words
    return [f"{s}{equals}{words[s][int(value)] if s in words else value}" for s, value in point.items()]


def _witness(witness: Witness | None, claim: Claim, before: str) -> Iterator[str]:
    if witness is not None:
        yield f"{before}{_point(witness, claim)}: {sentence(witness.says)}"
        yield ""


def necessity_section(claim: Claim) -> Iterator[str]:
    """Yield the hypotheses that cannot be dropped, with witnesses."""
    if claim.necessity:
        yield from ("## Hypotheses dropped", "")
    for dropped in claim.necessity:
        yield from _dropped(dropped, claim)


def _dropped(dropped: Necessity, claim: Claim) -> Iterator[str]:
    yield f"- **{escaped(dropped.hypothesis)}.** {escaped(dropped.remark)}"
    yield ""
    if dropped.relation is not None and dropped.witness is not None:
        yield f"  Without it, at {_point(dropped.witness, claim)} ({escaped(dropped.witness.says)}), this is false:"
        yield ""
        yield from display(in_latex(dropped.relation, claim.notation), "  ")


def errata_section(claim: Claim) -> Iterator[str]:
    """Yield what to correct in the paper."""
    if claim.errata:
        yield from ("## To correct in the paper", "")
        for erratum in claim.errata:
            yield from correction(erratum)


def correction(erratum: Erratum) -> Iterator[str]:
    """Yield a line to correct as an item of a list."""
    yield f"- {escaped(erratum.where)} should read: “{in_markdown(erratum.replacement)}”"
    yield ""
    yield f"  Printed is “{in_markdown(erratum.printed)}”."
    yield ""
