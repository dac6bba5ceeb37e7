"""What a claim says in words, text by text, with what stands beside each; and the formulas in a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sympy as sp

from ascentcheck.theory.claim import (
    Claim,
    Equivalence,
    Increasing,
    Proposition,
    Reading,
    Statement,
    Step,
    Witness,
)
from ascentcheck.theory.domain import Domain

_FORMULA = re.compile(r"[≤≥≠<>=→∞/²³⁴^·√]|\d\.\d|\S[+−]\S|\S [+−] \S")
_WORD, _ONE = re.compile(r"[A-Za-z][a-z’'-]+|DA"), ("A", "I")
_ASIDE = re.compile(r"(?:^|\s)\(([^()]*[≤≥<>=][^()]*)\)")
"""A relation in brackets, beside what is said."""
_OPEN, _CLOSED = "([{", ")]}"


@dataclass(frozen=True)
class Said:
    """One text: where it stands in the claim, and what is asserted, where, and at which points something fails, beside it.

    `dropped` is the text of a hypothesis that the points do not meet; `theirs` is the paper's own, quoted. What stands
    beside a step or a proposition is what it says, and it is compared with that `alone`;
    beside the words of a witness stands what it refutes.
    """

    where: str
    text: str
    asserts: tuple[sp.Basic, ...] = ()
    domains: tuple[Domain, ...] = ()
    points: tuple[Witness, ...] = ()
    dropped: bool = False
    theirs: bool = False
    alone: bool = False
    refuted: bool = False


def said(claim: Claim) -> Iterator[Said]:
    """Yield every text of a claim that a reader sees; those of the paper are marked."""
    yield Said("summary", claim.summary)
    yield Said("idea", claim.idea)
    for statement in claim.statements:
        yield from _of_statement(statement, claim.where.startswith("beyond"))
    for k, necessity in enumerate(claim.necessity, 1):
        beside = _asserted(necessity.relation), (claim.domain,), _given(necessity.witness)
        yield Said(f"hypothesis {k}", necessity.hypothesis, *beside, dropped=necessity.witness is not None)
        yield Said(f"hypothesis {k}, remark", necessity.remark, *beside[:2])
        yield from _of_points(f"hypothesis {k}", *beside)
    for k, erratum in enumerate(claim.errata, 1):
        beside = _asserted(erratum.relation), (claim.domain,), _given(erratum.witness)
        yield Said(f"erratum {k}, printed", erratum.printed, *beside, theirs=True)
        yield Said(f"erratum {k}", erratum.replacement, *beside[:2])
        yield from _of_points(f"erratum {k}", *beside)


def proved(statement: Statement) -> tuple[Step | Proposition, ...]:
    """Return the steps and propositions of a statement that no witness refutes."""
    printed = (p for reading in _readings(statement) if reading.witness is None for p in reading.printed)
    return (*printed, *statement.verified, *(step for step in statement.steps if step.witness is None))


def _readings(statement: Statement) -> tuple[Reading, ...]:
    return statement.readings or (Reading("", statement.printed, statement.witness),)


def _of_statement(statement: Statement, ours: bool) -> Iterator[Said]:
    name, true = statement.name, proved(statement)
    whole = tuple(a for part in true for a in asserted(part)), tuple(part.domain for part in true)
    yield Said(f"{name}, quote", statement.quote, *whole, theirs=not ours)
    yield Said(f"{name}, remark", statement.remark, *whole)
    parts: list[tuple[str, Step | Proposition]] = [
        *((f"{name}, step {k}", step) for k, step in enumerate(statement.steps, 1)),
        *((f"{name}, printed {k}", p) for k, p in enumerate(statement.asserted, 1)),
        *((f"{name}, verified {k}", p) for k, p in enumerate(statement.verified, 1)),
    ]
    for where, part in parts:
        beside = asserted(part), (part.domain,), _given(part.witness if isinstance(part, Step) else None)
        yield Said(where, part.says, *beside[:2], alone=True)
        yield from _of_points(where, *beside)
    for k, reading in enumerate(_readings(statement), 1):
        asserts = tuple(a for p in reading.printed for a in asserted(p))
        domains = tuple(p.domain for p in reading.printed)
        yield Said(f"{name}, reading {k}", reading.says, asserts, domains)
        yield from _of_points(f"{name}, reading {k}", asserts, domains, _given(reading.witness))


def _of_points(
    where: str, asserts: tuple[sp.Basic, ...], domains: tuple[Domain, ...], points: tuple[Witness, ...]
) -> Iterator[Said]:
    for witness in points:
        yield Said(f"{where}, witness", witness.says, asserts, domains, points, alone=True, refuted=True)


def asserted(part: Step | Proposition) -> tuple[sp.Basic, ...]:
    """Return what a step or a proposition asserts."""
    return _asserted(part.asserts if isinstance(part, Step) else part.relation)


def _asserted(of: sp.Basic | Equivalence | Increasing | None) -> tuple[sp.Basic, ...]:
    if isinstance(of, Equivalence):
        return of.first, of.second
    if isinstance(of, Increasing):
        return (of.expression,)
    return () if of is None else (of,)


def _given(witness: Witness | None) -> tuple[Witness, ...]:
    return () if witness is None else (witness,)


def formulas(text: str, names: Collection[str]) -> Iterator[str]:
    """Yield the formulas in a text: what stands between English words, stops and commas outside of brackets."""
    run: list[str] = []
    for word in text.split() if _FORMULA.search(text) else ():
        bare = word.strip("()[]‘’'\".,;:|")
        if (
            not bare
            or (bare not in names and _WORD.fullmatch(bare) and not _FORMULA.search(word))
            or word in _ONE
        ):
            yield from _in(" ".join(run), names)
            run = []
        else:
            run.append(word)
            if word[-1] in ".;:":
                yield from _in(" ".join(run), names)
                run = []
    yield from _in(" ".join(run), names)


def _in(run: str, names: Collection[str]) -> Iterator[str]:
    """Yield the formulas of a run of signs, cut at commas that stand in no brackets, and around relations in brackets."""
    if not _FORMULA.search(run):
        return
    depth, start = 0, 0
    run = _ASIDE.sub(r", \1,", run)
    for k, sign in enumerate(run + ","):
        depth += (sign in _OPEN) - (sign in _CLOSED)
        if depth < 0 or (sign in ",;" and depth == 0) or k == len(run):
            part = run[start:k].strip(' .,;:‘’"').lstrip("'")
            depth, start = 0, k + 1
            if part.endswith("'") and not any(part.endswith(name) for name in names if name.endswith("'")):
                part = part[:-1]
            if part.count("(") > part.count(")") and part.startswith("("):
                part = part[1:]
            if len(part) > 1 and _FORMULA.search(part):
                yield part
