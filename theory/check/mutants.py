"""Wrong versions of what was verified, to show that the checks can tell true from false.

A mutant moves one constant by 1% (in a W term or an end of a range, everywhere it stands in the
claim; or at one place of a relation), moves a certified count by one, turns one inequality, or drops one end of a range. It is
killed when an exact point refutes some proposition of the claim. What is said of one point, or of a box that a
cover was made for, holds with room to spare; of that only turns and counts are tried. Moving an end so that a proposition
merely says less is no mutant: it is tried only where another proposition says more by the same move.

A mutant is named by its place: the statement and the proposition where it stands first, and the ordinals of the part and of
the number in it. So each has a name of its own, and a survivor is told by where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy as sp

from ascentcheck.theory.check.sampling import sample
from ascentcheck.theory.claim import Claim, Proposition
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1

FACTORS = (sp.Rational(99, 100), sp.Rational(101, 100))
POINTS = 160
TERMS = (W0, Wm1, sp.log)
Bundle = tuple[tuple[str, Proposition], ...]
"""The propositions of a claim, each once, with the name of its first place."""


@dataclass(frozen=True)
class Mutant:
    """One wrong version: its place, what was changed as a reader sees it, and the propositions that result."""

    name: str
    shown: str
    propositions: tuple[Proposition, ...]


def mutants(claim: Claim) -> Iterator[Mutant]:
    """Yield the mutants of everything that a claim verifies."""
    places: dict[Proposition, str] = {}
    for statement in claim.statements:
        for number, proposition in enumerate(statement.verified, 1):
            places.setdefault(proposition, f"{statement.name} {number}")
    bundle = tuple((place, proposition) for proposition, place in places.items())
    yield from _turned(bundle)
    yield from _moved_counts(bundle)
    sharp = tuple(pair for pair in bundle if _is_sharp(pair[1]))
    yield from _moved_terms(sharp)
    yield from _moved_coefficients(sharp)
    yield from _moved_ends(sharp)
    yield from _dropped_ends(sharp, claim.domain)


def _is_sharp(proposition: Proposition) -> bool:
    return proposition.certificate is None and proposition.domain.only_point() is None


def _turned(bundle: Bundle) -> Iterator[Mutant]:
    opposite = {sp.Ge: sp.Le, sp.Gt: sp.Lt, sp.Le: sp.Ge, sp.Lt: sp.Gt}
    for place, proposition in bundle:
        relation = proposition.relation
        if relation.func in opposite:
            turned = opposite[relation.func](relation.lhs, relation.rhs, evaluate=False)
            yield Mutant(f"{place}, turned", f"{relation} turned", (replace(proposition, relation=turned),))


def _moved_counts(bundle: Bundle) -> Iterator[Mutant]:
    """Move a whole number that a quantity at a single point equals by one."""
    for place, proposition in bundle:
        relation = proposition.relation
        if isinstance(relation, sp.Eq) and relation.rhs.is_Integer and not _is_sharp(proposition):
            for word, rhs in (("one less", relation.rhs - 1), ("one more", relation.rhs + 1)):
                changed = sp.Eq(relation.lhs, rhs, evaluate=False)
                yield Mutant(f"{place}, {word}", str(changed), (replace(proposition, relation=changed),))


def _moved_terms(bundle: Bundle) -> Iterator[Mutant]:
    """Move the numbers of W and log terms, and of sides without any, everywhere in the claim at once."""
    first: dict[sp.Expr, str] = {}
    for place, proposition in bundle:
        relation = proposition.relation
        parts = [part for part in sp.preorder_traversal(relation) if isinstance(part, TERMS)]
        parts += [s for s in (relation.lhs, relation.rhs) if not s.has(*TERMS) and not s.is_Number]
        for number, part in enumerate(dict.fromkeys(parts), 1):
            first.setdefault(part, f"{place}, term {number}")
    for term, place in first.items():
        for moved, where, ordinal in _moved_constants(term):
            changed = tuple(
                replace(p, relation=_exchange(p.relation, term, moved))
                for _, p in bundle
                if p.relation.has(term)
            )
            yield Mutant(f"{place}, {ordinal}", f"{term}: {where}", changed)


def _moved_coefficients(bundle: Bundle) -> Iterator[Mutant]:
    """Move the numbers that stand outside the W and log terms of a side."""
    for place, proposition in bundle:
        relation = proposition.relation
        for index, side in enumerate((relation.lhs, relation.rhs)):
            if not side.has(*TERMS):
                continue
            for moved, where, ordinal in _moved_constants(side, inside=False):
                sides = [relation.lhs, relation.rhs]
                sides[index] = moved
                changed = replace(proposition, relation=relation.func(*sides, evaluate=False))
                name = f"{place}, side {index + 1}, {ordinal}"
                yield Mutant(name, f"{side}: coefficient {where}", (changed,))


def _exchange(relation: sp.Rel, term: sp.Expr, moved: sp.Expr) -> sp.Rel:
    """Put `moved` for `term`: inside when it is a W term, as a whole side otherwise."""
    if isinstance(term, TERMS):
        sides = (relation.lhs.xreplace({term: moved}), relation.rhs.xreplace({term: moved}))
    else:
        sides = tuple(moved if side == term else side for side in (relation.lhs, relation.rhs))
    return relation.func(*sides, evaluate=False)


def _moved_constants(expression: sp.Expr, inside: bool = True) -> Iterator[tuple[sp.Expr, str, str]]:
    """Yield the expression with one number moved by 1%, what was moved, and which number, counted from the left."""
    number = 0
    for moved, where, up in _moved_places(expression, inside):
        number += not up
        yield moved, where, f"number {number} {'up' if up else 'down'}"


def _moved_places(expression: sp.Expr, inside: bool) -> Iterator[tuple[sp.Expr, str, bool]]:
    """Yield one number at one place moved up, then down; signs and inverses are left alone."""
    if expression.is_Rational and expression not in (-1, 0):
        for factor in FACTORS:
            yield expression * factor, f"{expression} -> {sp.Float(expression * factor, 6)}", bool(factor > 1)
    if isinstance(expression, TERMS) and not inside:
        return
    parts = (expression.base,) if expression.is_Pow and expression.exp == -1 else expression.args
    for index, part in enumerate(parts):
        for moved, where, up in _moved_places(part, inside):
            changed = list(expression.args)
            changed[index] = moved
            yield expression.func(*changed), where, up


def _moved_ends(bundle: Bundle) -> Iterator[Mutant]:
    first: dict[sp.Expr, str] = {}
    for place, proposition in bundle:
        for part in proposition.domain.ranges:
            for word, end in (("low", part.low), ("high", part.high)):
                if end not in (0, sp.oo, -sp.oo):
                    first.setdefault(sp.sympify(end), f"{place}, {word} end of {part.symbol}")
    for end, place in first.items():
        for factor in FACTORS:
            changed = []
            widened = False
            for _, proposition in bundle:
                ranges, wider = _with_end(proposition.domain, end, factor)
                widened |= wider
                if ranges != proposition.domain.ranges:
                    changed.append(replace(proposition, domain=Domain(ranges)))
            if widened:
                word = "up" if factor > 1 else "down"
                yield Mutant(f"{place} {word}", f"end {end} moved by {float(factor):g}", tuple(changed))


def _with_end(domain: Domain, end: sp.Expr, factor: sp.Rational) -> tuple[tuple[Range, ...], bool]:
    """Return the ranges with an end moved wherever it is one, and whether some range became wider."""
    ranges, wider = [], False
    for part in domain.ranges:
        low, high = (sp.sympify(e) * factor if e == end else e for e in (part.low, part.high))
        outward = (factor < 1) != sp.sympify(end).could_extract_minus_sign()
        wider |= low != part.low if outward else high != part.high
        ranges.append(replace(part, low=low, high=high))
    return tuple(ranges), wider


def _dropped_ends(bundle: Bundle, base: Domain) -> Iterator[Mutant]:
    for place, proposition in bundle:
        for part in proposition.domain.ranges:
            whole = next((r for r in base.ranges if r.symbol == part.symbol), None)
            if whole is None:
                continue
            for end in ("low", "high"):
                if getattr(part, end) != getattr(whole, end):
                    changes = {end: getattr(whole, end), f"{end}_open": getattr(whole, f"{end}_open")}
                    domain = proposition.domain.restrict(part.symbol, **changes)
                    name = f"{part.symbol} without its {end} end"
                    shown = f"{name} {getattr(part, end)}"
                    yield Mutant(f"{place}, {name}", shown, (replace(proposition, domain=domain),))


@dataclass(frozen=True)
class MutantResults:
    """Every mutant that was made, in order, and whether it was killed."""

    results: tuple[tuple[Mutant, bool], ...]

    @property
    def tried(self) -> int:
        """How many were made."""
        return len(self.results)

    @property
    def killed(self) -> int:
        """How many were killed."""
        return sum(dead for _, dead in self.results)

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Those that survive."""
        return tuple(mutant for mutant, dead in self.results if not dead)


def killed(mutant: Mutant) -> bool:
    """Whether an exact point refutes one of the mutant's propositions."""
    return any(sample(p, POINTS, most_bits=128).failure is not None for p in mutant.propositions)


def try_mutants(claim: Claim) -> MutantResults:
    """Try every mutant of a claim."""
    return MutantResults(tuple((mutant, killed(mutant)) for mutant in mutants(claim)))


def unexplained(claim: Claim, results: MutantResults) -> list[str]:
    """Return survivors for which the claim has no reason, and reasons for which there is no survivor, by place."""
    explained = {survivor.mutant for survivor in claim.survivors}
    found = {mutant.name for mutant in results.survivors}
    lost = [f"{name} (which does not survive)" for name in sorted(explained - found) if results.results]
    return [f"{m.name} ({m.shown})" for m in results.survivors if m.name not in explained] + lost
