"""That the domains of what holds are not empty: a point of each, which Rocq checks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq

from ascentcheck.theory.check import export
from ascentcheck.theory.rocq.formulas import RELATION, LackingError, hypotheses, plain, spelled
from ascentcheck.theory.rocq.script import Script
from ascentcheck.theory.rocq.witnesses import AtPoint

POINTS = 12
PLAIN = tuple(map(fmpq, (1, 0, 2)))


@dataclass(frozen=True)
class Inhabited:
    """A theorem that a domain has a point."""

    name: str
    text: str


def candidates(ranges: Any) -> Iterator[dict[str, fmpq]]:
    """Yield points that may lie in ranges: small whole numbers, then exact points of the domain."""
    names = [r[0] for r in ranges]
    for values in itertools.product(PLAIN, repeat=len(names) if len(names) <= 5 else 0):
        if len(values) == len(names):
            yield dict(zip(names, values, strict=True))
    try:
        for point in export.domain(ranges).points(POINTS):
            yield {s.name: fmpq(v) for s, v in point.items()}
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return


def _lies_in(ranges: Any, point: dict[str, fmpq]) -> bool:
    here = {sp.Symbol(name, real=True): value for name, value in point.items()}
    try:
        return bool(export.domain(ranges).contains(here))
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return False


def inhabited(script: Script, ranges: Any, name: str) -> Inhabited:
    """Return the theorem that ranges have a point. Raises LackingError where none is found that Rocq can check."""
    shown = hypotheses(ranges)
    if not shown:
        return Inhabited(name, "")
    for point in (p for p in candidates(ranges) if _lies_in(ranges, p)):
        at = AtPoint(script, point)
        try:
            proofs = [at.relation(kind, a, b) for kind, a, b in shown]
        except (LookupError, ArithmeticError):
            continue
        return Inhabited(name, _theorem(at, ranges, shown, proofs, name))
    raise LackingError("no point of its domain is found that Rocq can check")


def _theorem(at: AtPoint, ranges: Any, shown: Sequence[Any], proofs: Sequence[str], name: str) -> str:
    says = " /\\ ".join(f"{plain(a, None, 0)} {kind} {plain(b, None, 0)}" for kind, a, b in shown)
    given = [
        f"({RELATION[kind][1]} {plain(a, at.values)} {plain(b, at.values)} {proof})"
        for (kind, a, b), proof in zip(shown, proofs, strict=True)
    ]
    whole = "".join(f"(conj {g} " for g in given[:-1]) + given[-1] + ")" * (len(given) - 1)
    chosen = "".join(f"exists {at.values[r[0]]}. " for r in ranges)
    return (
        f"Theorem {name} : exists {' '.join(spelled(r[0]) for r in ranges)} : R, {says}.\n"
        f"Proof.\n  {at.prelude()}\n  {chosen}\n  exact {whole}.\nQed."
    )
