"""The texts of a claim: what they quote is read and compared with what is proved, and every formula belongs to something."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from ascentcheck.theory.check.said import said
from ascentcheck.theory.claim import Claim, Equivalence, Erratum, Necessity, Step
from ascentcheck.theory.printed import NAMES, NotReadError, read, rounded, same


def texts(claim: Claim) -> list[str]:
    """Return every text of a claim that a reader sees."""
    return [one.text for one in said(claim)]


def _corrections(claim: Claim) -> tuple[Necessity | Erratum, ...]:
    return (*claim.necessity, *claim.errata)


def misread(claim: Claim) -> Iterator[str]:
    """Yield the relations that are not what the texts beside them say."""
    parts: list[tuple[str, object]] = []
    for statement in claim.statements:
        parts += [(p.reads, p.relation) for p in (*statement.asserted, *statement.verified)]
        parts += [(step.reads, step.asserts) for step in statement.steps]
    parts += [(kind.reads, kind.relation) for kind in _corrections(claim)]
    parts += [(quoted.text, quoted.stands_for) for quoted in claim.quoted]
    every = [text.replace(" ", "") for text in texts(claim)]
    for reads, relation in parts:
        if not reads:
            continue
        if not any(reads.replace(" ", "") in text for text in every):
            yield f"'{reads}' stands in no text"
        if isinstance(relation, sp.Tuple):
            if not rounded(reads, relation):
                yield f"the figures in '{reads}' are not {', '.join(str(part.evalf(6)) for part in relation)}"
            continue
        try:
            meant = read(reads, claim.letters)
        except NotReadError as error:
            yield str(error)
            continue
        if not same(meant, relation):
            yield f"'{reads}' reads {meant}, which is not {relation}"


def unmade(claim: Claim) -> Iterator[str]:
    """Yield the hypotheses, errata and short names of a claim whose formulas belong to nothing that it says or prints."""
    said = set(relations(claim))
    for kind in _corrections(claim):
        name = kind.hypothesis if isinstance(kind, Necessity) else kind.where
        if kind.relation is not None and not kind.reads and kind.relation not in said:
            yield f"'{name}': no statement and no text has the relation {kind.relation}"
    letters = {
        read(text, claim.letters) for text in (*claim.letters.values(), *NAMES) if isinstance(text, str)
    }
    for k, part in enumerate(claim.notation):
        if part.expression.is_Symbol and part.name != part.expression.name:
            yield f"{part.name} stands for {part.expression}, another symbol"
        if claim.letters and not any(same(part.expression, letter) for letter in letters):
            yield f"{part.name} stands for {part.expression}, for which the texts have no letter"
        elif not claim.letters and not any(relation.has(part.expression) for relation in said):
            yield f"{part.name} stands for {part.expression}, which occurs nowhere"
        letter = part.latex.replace("{", "").replace("}", "")
        first = all(part.latex != other.latex for other in claim.notation[:k])
        meant = claim.letters.get(letter) if first else None
        if isinstance(meant, str) and not same(read(meant, claim.letters), part.expression):
            yield f"{part.name} is not what {letter} is in the texts, {meant}"
        if any(part.expression == other.expression for other in claim.notation[:k]):
            yield f"{part.name} stands for what has a name already"


def not_plain(claim: Claim) -> Iterator[str]:
    """Yield witnesses that are not in numbers that anyone can type: up to three digits, and zeros."""
    statements = claim.statements
    found = [s.witness for s in statements] + [r.witness for s in statements for r in s.readings]
    found += [step.witness for s in statements for step in s.steps]
    found += [kind.witness for kind in _corrections(claim)]
    for witness in found:
        for symbol, value in witness.point.items() if witness is not None else ():
            digits = [str(part).strip("-").rstrip("0") for part in (value.numerator, value.denominator)]
            if max(map(len, digits)) > 3:
                yield f"a witness has {symbol} = {value}, which is no plain number"


def relations(claim: Claim) -> Iterator[sp.Rel]:
    """Yield every relation that a claim asserts, verifies, or has in a step."""
    for statement in claim.statements:
        yield from (p.relation for p in (*statement.asserted, *statement.verified))
        yield from _asserted(statement.steps)


def _asserted(steps: tuple[Step, ...]) -> Iterator[sp.Rel]:
    for step in steps:
        if isinstance(step.asserts, Equivalence):
            yield from (step.asserts.first, step.asserts.second)
        elif isinstance(step.asserts, sp.Rel):
            yield step.asserts
