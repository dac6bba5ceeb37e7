"""No formula that nothing holds: each one in a text is what the claim proves, prints or is decided at, or it is listed."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

import numpy as np
import sympy as sp

from ascentcheck.theory.check.certificate import FOLDER
from ascentcheck.theory.check.decide import as_point, decide
from ascentcheck.theory.check.generic import (
    NEAR,
    Alphabet,
    Numbers,
    Pair,
    close,
    lowered,
    number,
    pair,
    parts,
)
from ascentcheck.theory.check.said import Said, asserted, formulas, proved, said
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.domain import Domain
from ascentcheck.theory.expression import Point, enclose
from ascentcheck.theory.printed import FUNCTIONS, RELATIONS, NotReadError, read

PATH = FOLDER / "texts.json"
"""Formulas that are not compared with anything, by claim, reason and place."""
_TURNED = {"≤": "≥", "≥": "≤", "<": ">", ">": "<"}
_OPPOSITE = {"≤": ">", "≥": "<", "<": "≥", ">": "≤"}
_LETTERED = re.compile(r"\||(?!W0|W−1|W|ln|log|exp|e\b|e\^|√)[^\W\d_]")
_NOTHING = (NotReadError, KeyError, ArithmeticError, ValueError, TypeError)


def unread(claim: Claim) -> Iterator[str]:
    """Yield the formulas in the texts of a claim that are the same as nothing in it, and are not listed."""
    listed = _listed().get(claim.name, {})
    texts = Texts(claim)
    for one in texts.said:
        known = listed.get(one.where, ())
        for formula in () if one.theirs else formulas(one.text, texts.names):
            if formula not in known and not texts.bound(one, formula):
                yield f"{one.where}: '{formula}' is nothing that is proved, printed or decided"


def superfluous(claim: Claim) -> Iterator[str]:
    """Yield what is listed for a claim and stands in no text, or is held by something after all."""
    texts = Texts(claim)
    by_place = {one.where: one for one in texts.said}
    for where, listed in _listed().get(claim.name, {}).items():
        for formula in listed:
            one = by_place.get(where)
            if one is None or formula not in formulas(one.text, texts.names):
                yield f"{where}: '{formula}' is listed, and stands in no text"
            elif texts.bound(one, formula):
                yield f"{where}: '{formula}' is listed, and held by something"


@lru_cache(maxsize=1)
def _listed() -> dict[str, dict[str, list[str]]]:
    """Return what is listed, by claim and place."""
    found: dict[str, dict[str, list[str]]] = {}
    for claim, reasons in json.loads(PATH.read_text(encoding="utf-8")).items():
        for places in reasons.values():
            for where, listed in places.items():
                found.setdefault(claim, {}).setdefault(where, []).extend(listed)
    return found


class Held:
    """Relations as numbers, the lesser side first."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = tuple(pairs)
        self.upward = {_upward(p) for one in self.pairs for p in (one, lowered(one))}
        self.arrays: dict[str, Numbers] = {}

    def sides(self, sign: str) -> Numbers:
        """Return the lesser and the greater sides of the relations that say `sign`; strict ones say the other as well."""
        if sign not in self.arrays:
            found = [p[1:] for p in self.upward if p[0] in ("<" + sign if sign == "≤" else sign)]
            self.arrays[sign] = np.array(found, complex).reshape(-1, 2).T
        return self.arrays[sign]

    def __contains__(self, asked: Pair) -> bool:
        """Whether one of the relations says this; a strict one says the other as well."""
        return any(self._has(*p) for p in {_upward(asked), _upward(lowered(asked))})

    def _has(self, sign: str, left: complex, right: complex) -> bool:
        """Whether a relation has the same difference of sides, or sides that differ by one positive factor."""
        low, high = self.sides(sign)
        if not low.size:
            return False
        near = NEAR * np.maximum(np.maximum(abs(low), abs(high)), max(abs(left), abs(right)))
        apart, span = right - left, high - low
        if np.any(abs(apart - span) <= near) or (sign == "=" and np.any(abs(apart + span) <= near)):
            return True
        across = left * high
        positive = (left * low.conjugate()).real > 0 if sign != "=" else True
        return bool(np.any(positive & (across != 0) & (abs(across - right * low) <= NEAR * abs(across))))

    def says(self, asked: Pair) -> bool:
        """Whether the relations say this, and not its opposite as well, as in two cases."""
        sign, left, right = asked
        against = [(other[sign], left, right) for other in (_OPPOSITE, _TURNED) if sign in other]
        return asked in self and not any(p in self for p in against)


def _upward(asked: Pair) -> Pair:
    sign, left, right = asked
    return (_TURNED[sign], right, left) if sign in "≥>" else asked


class Texts:
    """The texts of a claim, and what its formulas are compared with."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.said = list(
            {(one.text, one.asserts, one.domains): one for one in reversed(list(said(claim)))}.values()
        )[::-1]
        self.domains = dict.fromkeys(d for one in self.said for d in one.domains)
        symbols = {s.name: s for d in self.domains for s in d.symbols}
        self.made: list[Alphabet] = []
        self.beside: dict[str, Held] = {}
        self.parts: dict[str, Numbers] = {}
        self.letters = [{**symbols, **claim.letters, **more} for more in ({}, *claim.meanings)]
        self.names = {name for letters in self.letters for name in letters} | FUNCTIONS.keys()

    def alphabets(self) -> Iterator[Alphabet]:
        """Yield every meaning that letters have; made when it is asked for."""
        for k, letters in enumerate(self.letters):
            if k == len(self.made):
                self.made.append(Alphabet(letters))
            yield self.made[k]

    @cached_property
    def checked(self) -> list[str]:
        """Formulas and figures that are compared with a relation or a value where they stand."""
        claim, found = self.claim, [quoted.text for quoted in self.claim.quoted]
        for s in claim.statements:
            found += [step.reads for step in s.steps] + [p.reads for p in (*s.asserted, *s.verified)]
        found += [n.reads for n in claim.necessity] + [e.reads for e in claim.errata]
        return [text.replace(" ", "") for text in found]

    @cached_property
    def held(self) -> Held:
        """All relations that the claim has: asserted, verified, in steps and in what is printed; and its ranges."""
        true = (part for statement in self.claim.statements for part in proved(statement))
        found = [pair(a) for part in true for a in asserted(part) if isinstance(a, sp.Rel)]
        found += [p for d in self.domains for p in _ends(d) if p[0] != "="]
        quoted = [q.stands_for for q in self.claim.quoted]
        found += [pair(r) for r in (*self.claim.realisable, *quoted) if isinstance(r, sp.Rel)]
        for sides, signs in self._printed:
            found += zip(signs, sides, sides[1:], strict=False)
        return Held(found)

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of all formulas that the claim has, and of their parts."""
        formulas_ = [formula for one in self.said for formula in _formulas(one)]
        formulas_ += [q.stands_for for q in self.claim.quoted] + [n.expression for n in self.claim.notation]
        return _numbers([*parts(formulas_), *(z for sides, _ in self._printed for z in sides)])

    @cached_property
    def _printed(self) -> list[tuple[list[complex], list[str]]]:
        """What the claim prints and solves, as numbers."""
        found, printed, first = [], list(self.claim.equations), next(self.alphabets())
        for part in self.claim.prints:
            printed += [
                part.where,
                *([part.formula] if isinstance(part.formula, str) else part.formula.values()),
            ]
        for text in (one for whole in printed for one in re.split(" and | or ", whole)):
            try:
                found.append(first.read(text))
            except _NOTHING:
                continue
        return found

    def bound(self, one: Said, formula: str) -> bool:
        """Whether a formula in a text is the same as something that the claim has, or is decided by the points beside it."""
        return (
            any(formula.replace(" ", "") in text for text in self.checked)
            or self._said(one, formula)
            or (
                (bool(one.points) or not _LETTERED.search(formula))
                and any(self._decided(formula, one, letters) for letters in self.letters)
            )
        )

    def _said(self, one: Said, formula: str) -> bool:
        halves = [half.strip() for half in re.split("[≤≥<>=]", formula)]
        if any(first == second for first, second in itertools.pairwise(halves)):
            return False
        for alphabet in self.alphabets():
            try:
                sides, signs = alphabet.read(formula)
            except _NOTHING:
                continue
            if not signs:
                known = (self._parts(one) if one.alone else self.numbers, alphabet.values)
                found = any(np.any(abs(of - sides[0]) <= NEAR * abs(sides[0])) for of in known)
            else:
                asked = zip(signs, sides, sides[1:], strict=False)
                found = all(self._holds(one, p) for p in asked)
            if found:
                return True
        return False

    def _parts(self, one: Said) -> Numbers:
        if one.where not in self.parts:
            self.parts[one.where] = _numbers(parts(_formulas(one)))
        return self.parts[one.where]

    def _holds(self, one: Said, asked: Pair) -> bool:
        """Whether a relation is an identity, or is said beside the text, or else anywhere in the claim."""
        sign, left, right = asked
        if sign == "=" and close(left, right):
            return True
        if one.where not in self.beside:
            self.beside[one.where] = Held(_beside(one))
        return self.beside[one.where].says(asked) or (not one.alone and self.held.says(asked))

    def _decided(self, formula: str, one: Said, letters: dict[str, object]) -> bool:
        """Whether each relation is so at a point beside the text, or for numbers; that of a dropped hypothesis is not so."""
        halves = re.split("([≤≥<>=])", formula)
        points: list[Point] = [as_point(witness.point) for witness in one.points] or [{}]
        for point in points:
            try:
                if len(halves) == 1:
                    found = self._figure(formula, one, point, letters)
                else:
                    sides = [(read(half.strip(" …"), letters), half) for half in halves[::2]]
                    signs = halves[1::2]
                    decided = [_is_so(*p, point) for p in zip(sides, signs, sides[1:], strict=False)]
                    found = False in decided if one.dropped else all(decided)
                    if "=" not in signs and not any(side.free_symbols for side, _ in sides):
                        found = found and self._figure(halves[0].strip(), one, point, letters)
            except _NOTHING:
                continue
            if found:
                return True
        return False

    def _figure(self, formula: str, one: Said, point: Point, letters: dict[str, object]) -> bool:
        """Whether a number is that of a side, or of a letter, at the point."""
        shown = read(formula.removesuffix("…"), letters)
        if shown.free_symbols or not point:
            return False
        sides = [side for a in one.asserts for side in (a.args if isinstance(a, sp.Rel) else (a,))]
        named = [read(name, letters) for name, letter in letters.items() if isinstance(letter, str)]
        return any(
            known.free_symbols <= set(point) and _shown_as(formula, shown, known, point)
            for known in (*sides, *named)
        )


def _is_so(left: tuple[sp.Expr, str], sign: str, right: tuple[sp.Expr, str], point: Point) -> bool | None:
    """Whether a relation is so at a point; None where that is not decided."""
    if not (left[0].free_symbols | right[0].free_symbols) <= set(point):
        return None
    if sign == "=" and re.search(r"\d\.\d", right[1]):
        return _shown_as(right[1], right[0], left[0], point)
    return decide(RELATIONS[sign](left[0], right[0], evaluate=False), point)


def _shown_as(text: str, shown: sp.Expr, value: sp.Expr, point: Point) -> bool:
    """Whether a text shows a value: rounded to the digits that it has, or cut there where dots follow."""
    digits = re.search(r"\.(\d+)", text)
    if digits is None:
        return decide(sp.Eq(shown, value, evaluate=False), point) is True
    there, off = enclose(value, point), (enclose(value, point) - enclose(shown, point)) * 10 ** len(digits[1])
    if text.rstrip().endswith("…"):
        return bool(0 <= off < 1) if there > 0 else bool(-1 < off <= 0)
    return bool(2 * abs(off) <= 1)


def _formulas(one: Said) -> list[sp.Basic]:
    """Return what is asserted beside a text, and the ends of the ranges where it is."""
    return [*one.asserts, *(end for d in one.domains for r in d.ranges for end in (r.low, r.high))]


def _numbers(found: Iterable[complex]) -> Numbers:
    """Return numbers, each once; whole ones are those of too much."""
    return np.array([z for z in dict.fromkeys(found) if z.imag or not z.real.is_integer()], complex)


def _beside(one: Said) -> Iterator[Pair]:
    """Yield the relations beside a text, the ranges where they are asserted, and the points, as numbers."""
    yield from (pair(a) for a in one.asserts if isinstance(a, sp.Rel) and not one.refuted)
    yield from (p for domain in one.domains for p in _ends(domain))
    yield from (("=", number(s), complex(float(v))) for w in one.points for s, v in w.point.items())


@lru_cache(maxsize=1 << 12)
def _ends(domain: Domain) -> tuple[Pair, ...]:
    """Return the ranges of a domain as relations."""
    found: list[Pair] = []
    for r in domain.ranges:
        low, high = sp.sympify(r.low), sp.sympify(r.high)
        if low == high:
            found.append(("=", number(r.symbol), number(low)))
            continue
        if low != -sp.oo:
            found.append((">" if r.low_open else "≥", number(r.symbol), number(low)))
        if high != sp.oo:
            found.append(("<" if r.high_open else "≤", number(r.symbol), number(high)))
    return tuple(found)
