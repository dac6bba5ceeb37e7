"""What is decided at one exact point, as it is stored: the assertion, its ranges, the point, and both sides there.

A proof is stored beside the problem that it solves. So is a refutation, and so is a relation that is made at a single point. It
is computed anew at each run and compared part by part: a sentence cannot become another one that the same point refutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb

from ascentcheck.theory import disk, kept
from ascentcheck.theory.check.certificate import FOLDER
from ascentcheck.theory.check.decide import as_point
from ascentcheck.theory.claim import Claim, Equivalence, Increasing, Witness
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import Point, enclose

PATH = FOLDER / "points.json"
AGREEING_BITS = 40
DIGITS = 15
Entry = dict[str, Any]
_COMMUTING = (sp.Add, sp.Mul, sp.Max, sp.Min)


def decided(
    claim: Claim,
) -> Iterator[tuple[str, sp.Basic | Equivalence | Increasing, Domain | None, Witness]]:
    """Yield all that a claim decides at a point: where it stands, what is asserted, on which domain, and the point."""
    for statement in claim.statements:
        kept = () if statement.witness else statement.printed
        read = (p for reading in statement.readings if reading.witness is None for p in reading.printed)
        for k, proposition in enumerate((*kept, *read, *statement.verified), 1):
            point = proposition.domain.only_point()
            if point is not None:
                yield (
                    f"{statement.name}, {k} is made",
                    proposition.relation,
                    proposition.domain,
                    _witness(point),
                )
    for statement in claim.statements:
        for k, proposition in enumerate(statement.printed if statement.witness else (), 1):
            assert statement.witness is not None
            yield f"{statement.name} {k}", proposition.relation, proposition.domain, statement.witness
        for j, reading in enumerate(statement.readings, 1):
            for k, proposition in enumerate(reading.printed if reading.witness else (), 1):
                assert reading.witness is not None
                yield (
                    f"{statement.name}, reading {j}, {k}",
                    proposition.relation,
                    proposition.domain,
                    reading.witness,
                )
        for k, step in enumerate(statement.steps, 1):
            if step.witness is not None:
                yield f"{statement.name}, step {k}", step.asserts, step.domain, step.witness
    for necessity in claim.necessity:
        if necessity.relation is not None and necessity.witness is not None:
            yield f"without '{necessity.hypothesis}'", necessity.relation, None, necessity.witness
    for k, erratum in enumerate(claim.errata, 1):
        if erratum.relation is not None and erratum.witness is not None:
            yield f"erratum {k}", erratum.relation, None, erratum.witness


def made(claim: Claim) -> dict[str, Entry]:
    """Return what a claim decides at points as it is stored, by where it stands."""
    return {where: entry(said, domain, witness) for where, said, domain, witness in decided(claim)}


def entry(asserted: sp.Basic | Equivalence | Increasing, domain: Domain | None, witness: Witness) -> Entry:
    """Return one of them as plain data."""
    relations = _relations(asserted)
    point = as_point(witness.point)
    return {
        "relation": [_tree(relation) for relation in relations],
        "ranges": None if domain is None else _ranges(domain),
        "at": {symbol.name: str(value) for symbol, value in point.items()},
        "sides": [_shown(side, point) for relation in relations for side in _sides(relation)],
    }


def objections(claim: Claim) -> Iterator[str]:
    """Yield where what a claim decides at points is not what is stored."""
    stored, now = load().get(claim.name, {}), made(claim)
    for where in stored.keys() - now.keys():
        yield f"what is stored of {where} is of nothing in the claim"
    for where, found in now.items():
        known = stored.get(where)
        if known is None:
            yield f"{where}: nothing is stored; `python -m theory certify {claim.name}` stores it"
        elif problem := _difference(known, found):
            yield f"{where}: {problem}"


def _difference(known: Entry, found: Entry) -> str:
    at = ", ".join(f"{name} = {value}" for name, value in found["at"].items())
    if known["at"] != found["at"]:
        return f"it is stored at another point than {at}"
    for before, after in zip(known["sides"], found["sides"], strict=False):
        if not _agree(before, after):
            return f"at {at} a side is {after}, and {before} is stored"
    for part in ("relation", "ranges"):
        if known[part] != found[part]:
            return f"another {part[:-1] if part == 'ranges' else part} is stored, {json.dumps(known[part], ensure_ascii=False)}"
    return ""


def _agree(before: str, after: str) -> bool:
    if before == after:
        return True
    if "none" in (before, after):
        return False
    return bool(abs(arb(before) - arb(after)) <= abs(arb(after)) * arb(2) ** -AGREEING_BITS)


def load() -> dict[str, dict[str, Entry]]:
    """Return all that is stored, by claim and place; {} where there is nothing. Raises TornError where it is torn."""
    return _load(PATH.stat().st_mtime_ns) if PATH.exists() else {}


@lru_cache(maxsize=4)
def _load(_: int) -> dict[str, dict[str, Entry]]:
    return kept.read(PATH)


def certify(claim: Claim) -> bool:
    """Store what a claim decides at points, unless it is stored; tell whether anything was written."""
    stored, now = load(), made(claim)
    if not list(objections(claim)):
        return False
    everything = {**stored, claim.name: now}
    lines = (
        f"{json.dumps(name)}: {{\n"
        + ",\n".join(
            f" {json.dumps(k, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}"
            for k, v in found.items()
        )
        + "\n}"
        for name, found in sorted(everything.items())
        if found
    )
    disk.write_text(PATH, "{\n" + ",\n".join(lines) + "\n}\n")
    return True


def _witness(point: Point) -> Witness:
    return Witness({symbol: Fraction(int(value.p), int(value.q)) for symbol, value in point.items()}, "")


def _relations(asserted: sp.Basic | Equivalence | Increasing) -> list[sp.Basic]:
    if isinstance(asserted, Equivalence):
        return [asserted.first, asserted.second]
    if isinstance(asserted, Increasing):
        return [sp.Ge(sp.diff(asserted.expression, asserted.symbol), 0, evaluate=False)]
    return [asserted]


def _sides(relation: sp.Basic) -> tuple[sp.Expr, ...]:
    return (relation.lhs, relation.rhs) if isinstance(relation, sp.Rel) else ()


def _shown(side: sp.Expr, point: Point) -> str:
    """Return a side at a point with its digits, 'none' where it has no real value."""
    value = enclose(side, point, digits=DIGITS + 2, most_bits=1 << 11)
    return str(value.str(DIGITS, radius=False)) if value.is_finite() else "none"


def _ranges(domain: Domain) -> list[list[Any]]:
    return [
        [r.symbol.name, _tree(r.low), _tree(r.high), bool(r.low_open), bool(r.high_open)]
        for r in domain.ranges
    ]


def _tree(part: Any) -> Any:
    """Return an expression as nested lists with heads first; sums and products in one order."""
    part = sp.sympify(part)
    if part.is_Symbol:
        return part.name
    if not part.args:
        return int(part) if part.is_Integer else str(part)
    inner = [_tree(argument) for argument in part.args]
    return [part.func.__name__, *(sorted(inner, key=json.dumps) if part.func in _COMMUTING else inner)]
