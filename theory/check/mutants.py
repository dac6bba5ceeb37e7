"""Wrong versions of what was verified, to show that the checks can tell true from false.

A mutant moves one constant by 1% (in a W term or an end of a range, everywhere it stands in the
claim; or at one place of a relation), moves a certified count by one, flips one inequality, or drops one end of a range. It is
killed when an exact point refutes some proposition of the claim. What is said of one point, or of a box that a
cover was made for, holds with room to spare; of that only flips and counts are tried. Moving an end so that a proposition
merely says less is no mutant: it is tried only where another proposition says more by the same move.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy as sp

from ascentcheck.theory.check.sampling import sample
from ascentcheck.theory.claim import Claim, Proposition
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import W0, Wm1

FACTORS = (sp.Rational(99, 100), sp.Rational(101, 100))
POINTS = 160
TERMS = (W0, Wm1, sp.log)


@dataclass(frozen=True)
class Mutant:
    """One wrong version: where it was changed, and the propositions that result."""

    name: str
    propositions: tuple[Proposition, ...]


def mutants(claim: Claim) -> Iterator[Mutant]:
    """Yield the mutants of everything that a claim verifies."""
    bundle = tuple(dict.fromkeys(p for statement in claim.statements for p in statement.verified))
    yield from _flipped(bundle)
    yield from _moved_counts(bundle)
    sharp = tuple(p for p in bundle if p.certificate is None and p.domain.only_point() is None)
    yield from _moved_terms(sharp)
    yield from _moved_coefficients(sharp)
    yield from _moved_ends(sharp)
    yield from _dropped_ends(sharp, claim.domain)


def _flipped(bundle: tuple[Proposition, ...]) -> Iterator[Mutant]:
    opposite = {sp.Ge: sp.Le, sp.Gt: sp.Lt, sp.Le: sp.Ge, sp.Lt: sp.Gt}
    for proposition in bundle:
        relation = proposition.relation
        if relation.func in opposite:
            flipped = opposite[relation.func](relation.lhs, relation.rhs, evaluate=False)
            yield Mutant(f"{relation} flipped", (replace(proposition, relation=flipped),))


def _moved_terms(bundle: tuple[Proposition, ...]) -> Iterator[Mutant]:
    relations = [p.relation for p in bundle]
    terms = set().union(*[r.atoms(*TERMS) for r in relations])
    terms |= {
        side for r in relations for side in (r.lhs, r.rhs) if not side.has(*TERMS) and not side.is_Number
    }
    for term in sorted(terms, key=sp.default_sort_key):
        for moved, where in _moved_constants(term):
            changed = tuple(
                replace(p, relation=_exchange(p.relation, term, moved))
                for p in bundle
                if p.relation.has(term)
            )
            yield Mutant(f"{term}: {where}", changed)


def _moved_coefficients(bundle: tuple[Proposition, ...]) -> Iterator[Mutant]:
    """Move the numbers that stand outside the W and log terms of a side."""
    for proposition in bundle:
        relation = proposition.relation
        for index, side in enumerate((relation.lhs, relation.rhs)):
            if not side.has(*TERMS):
                continue
            for moved, where in _moved_constants(side, inside=False):
                sides = [relation.lhs, relation.rhs]
                sides[index] = moved
                changed = relation.func(*sides, evaluate=False)
                yield Mutant(f"{side}: coefficient {where}", (replace(proposition, relation=changed),))


def _moved_counts(bundle: tuple[Proposition, ...]) -> Iterator[Mutant]:
    """Move a whole number that a quantity at a single point equals by one."""
    for proposition in bundle:
        relation = proposition.relation
        point = proposition.domain.only_point()
        if isinstance(relation, sp.Eq) and relation.rhs.is_Integer and point is not None:
            for rhs in (relation.rhs - 1, relation.rhs + 1):
                changed = sp.Eq(relation.lhs, rhs, evaluate=False)
                name = f"{changed} at {', '.join(map(str, point.values()))}"
                yield Mutant(name, (replace(proposition, relation=changed),))


def _exchange(relation: sp.Rel, term: sp.Expr, moved: sp.Expr) -> sp.Rel:
    """Put `moved` for `term`: inside when it is a W term, as a whole side otherwise."""
    if isinstance(term, TERMS):
        sides = (relation.lhs.xreplace({term: moved}), relation.rhs.xreplace({term: moved}))
    else:
        sides = tuple(moved if side == term else side for side in (relation.lhs, relation.rhs))
    return relation.func(*sides, evaluate=False)


def _moved_constants(expression: sp.Expr, inside: bool = True) -> Iterator[tuple[sp.Expr, str]]:
    """Yield the expression with one number at one place moved by 1%; signs and inverses are left alone."""
    if expression.is_Rational and expression not in (-1, 0):
        for factor in FACTORS:
            yield expression * factor, f"{expression} -> {sp.Float(expression * factor, 6)}"
    if isinstance(expression, TERMS) and not inside:
        return
    if expression.is_Pow and expression.exp == -1:
        parts: tuple[sp.Basic, ...] = (expression.base,)
    else:
        parts = expression.args
    for index, part in enumerate(parts):
        for moved, where in _moved_constants(part, inside):
            changed = list(expression.args)
            changed[index] = moved
            yield expression.func(*changed), where


def _moved_ends(bundle: tuple[Proposition, ...]) -> Iterator[Mutant]:
    ends = sorted(
        {
            end
            for p in bundle
            for r in p.domain.ranges
            for end in (r.low, r.high)
            if end not in (0, sp.oo, -sp.oo)
        },
        key=sp.default_sort_key,
    )
    for end in ends:
        for factor in FACTORS:
            changed = []
            widened = False
            for proposition in bundle:
                ranges = []
                for part in proposition.domain.ranges:
                    low, high = (sp.sympify(e) * factor if e == end else e for e in (part.low, part.high))
                    outward = (factor < 1) != sp.sympify(end).could_extract_minus_sign()
                    widened |= low != part.low if outward else high != part.high
                    ranges.append(replace(part, low=low, high=high))
                if tuple(ranges) != proposition.domain.ranges:
                    changed.append(replace(proposition, domain=Domain(tuple(ranges))))
            if widened:
                yield Mutant(f"end {end} moved by {float(factor):g}", tuple(changed))


def _dropped_ends(bundle: tuple[Proposition, ...], base: Domain) -> Iterator[Mutant]:
    for proposition in bundle:
        for part in proposition.domain.ranges:
            whole = next((r for r in base.ranges if r.symbol == part.symbol), None)
            if whole is None:
                continue
            for end in ("low", "high"):
                if getattr(part, end) != getattr(whole, end):
                    changes = {end: getattr(whole, end), f"{end}_open": getattr(whole, f"{end}_open")}
                    domain = proposition.domain.restrict(part.symbol, **changes)
                    yield Mutant(
                        f"{part.symbol} without its {end} end {getattr(part, end)}",
                        (replace(proposition, domain=domain),),
                    )


@dataclass(frozen=True)
class MutantResults:
    """How many mutants were killed, of how many, and the names of those that survive."""

    killed: int
    tried: int
    survivors: tuple[str, ...]


def killed(mutant: Mutant) -> bool:
    """Whether an exact point refutes one of the mutant's propositions."""
    return any(sample(p, POINTS, most_bits=128).failure is not None for p in mutant.propositions)


def try_mutants(claim: Claim) -> MutantResults:
    """Try every mutant of a claim."""
    results = {mutant.name: killed(mutant) for mutant in mutants(claim)}
    return MutantResults(
        sum(results.values()), len(results), tuple(name for name, dead in results.items() if not dead)
    )
