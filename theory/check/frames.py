"""The searching side of the kernel's frames: what a proof must store is computed where the kernel will read it."""

from __future__ import annotations

from typing import Any

from flint import fmpq, fmpq_mat

from ascentcheck.theory.check.export import Tree
from ascentcheck.theory.check.frame import ONE, RING, ZERO, Frame, Ratio, constant

MOST_TIMES, LARGEST = 24, 4000


class NotFoundError(Exception):
    """Nothing to store makes the kernel accept here."""


def plain(value: fmpq) -> int | str:
    """Return a rational as plain data."""
    return int(value.p) if value.q == 1 else f"{value.p}/{value.q}"


def terms(polynomial: Any) -> list[Any]:
    """Return a polynomial as plain data."""
    found = []
    for powers, coefficient in polynomial.to_dict().items():
        last = max((k + 1 for k, power in enumerate(powers) if power), default=0)
        found.append([plain(coefficient), [int(power) for power in powers[:last]]])
    return found


class SearchFrame(Frame):
    """A frame that finds powers, factors and cofactors, and writes them into its node."""

    within = False
    """Whether a basis element is being made: it must do with the elements before it."""

    def powers(self, exponent: Ratio) -> list[int]:
        """Find the powers of basis elements, more and more of the basis."""
        stored = self.node.setdefault("powers", [])
        while True:
            found = combination([b for b, _ in self.basis], exponent)
            if found is not None:
                stored.append(found)
                return found
            if len(self.basis) == len(self.node.get("basis", [])) or self.within:
                raise NotFoundError("the basis lacks an exponential")
            self.within = True
            try:
                self.basis.append(self.element(*self.node["basis"][len(self.basis)]))
            finally:
                self.within = False

    def positive(self, ratio: Ratio, strict: bool) -> None:
        """Find factors whose coefficients show the sign."""
        if ratio.top == 0:
            if strict:
                raise NotFoundError("0 is not > 0")
            return
        factors: list[tuple[Any, int]] = []
        if self.sign(ratio.top, strict) == 1 and self.sign(ratio.bottom, True) == 1:
            return
        reduced = self._by_roots(ratio.top)
        if reduced == 0:
            if strict:
                raise NotFoundError("0 is not > 0")
            self.node["factors"] = [0, []]
            return self.vanishes(ratio)
        scalar, top = reduced.factor()
        scale, bottom = self._by_roots(ratio.bottom).factor()
        scalar = scalar / scale
        for found, side in ((top, 1), (bottom, -1)):
            for factor, power in found:
                k = int(power)
                if not self.sign(factor, strict or side < 0) and k % 2 == 0 and (strict or side < 0):
                    factor, k = factor**2, k // 2
                own = self.sign(factor, strict or side < 0)
                if not own and (strict or side < 0 or k % 2):
                    raise NotFoundError("a factor has no sign")
                if own < 0:
                    factor, scalar = -factor, scalar * (-1) ** k
                factors.append((factor, side * k))
        if not scalar > 0:
            raise NotFoundError("the sign is the other one")
        self.node["factors"] = [plain(scalar), [[terms(p), k] for p, k in factors]]
        product = constant(scalar)
        for p, k in factors:
            product = product * Ratio(p) ** k
        self.vanishes(ratio + product * constant(-1))

    def _by_roots(self, polynomial: Any) -> Any:
        """Return a polynomial in which powers of the roots of numbers, e^{log(q)/2}, are at most 1."""
        for _, (argument,), variable, _ in (atom for atom in self.atoms if atom[0] == "log"):
            for exponent, value in self.basis:
                half = exponent + exponent + variable * constant(-1)
                if (
                    half.top == 0
                    and argument.bottom == ONE
                    and argument.top.is_constant()
                    and value.bottom == ONE
                    and len(value.top) == 1
                ):
                    square = value.top**2
                    while True:
                        inside, outside = divided(polynomial, square)
                        if inside == 0:
                            break
                        polynomial = inside * argument.top + outside
        return polynomial

    def vanishes(self, ratio: Ratio) -> None:
        """Find cofactors of the atoms' equations, by rewriting with one after the other, the outermost first."""
        if ratio.top == 0:
            return
        stored = len(self.node.get("powers", []))
        found: list[Ratio] = []
        while len(found) < len(self.atoms):
            self.node["equations"] = [len(found)]
            found += self.equations()
        self.node["equations"] = list(range(len(found)))
        leads = {k: lead for k in range(len(found)) if (lead := self._lead(k)) is not None}
        top, cofactors, times = (
            ratio.top,
            dict.fromkeys(range(len(found)), ZERO),
            dict.fromkeys(range(len(found)), 0),
        )
        changed, rounds = True, 0
        while changed and top != 0 and rounds < MOST_TIMES and len(top) < LARGEST:
            changed, rounds = False, rounds + 1
            for k in sorted(leads, key=lambda k: -_depth(self.atoms[k][3])):
                inside, outside = divided(top, leads[k])
                factor, rest = divided(found[k].top, leads[k])
                if inside == 0 or factor == 0:
                    continue
                scale = factor.leading_coefficient()
                factor, rest = factor / scale, rest / scale
                if not (factor.is_constant() or factor == found[k].bottom):
                    continue
                changed, multiplier = True, ONE
                if not factor.is_constant():
                    times[k], multiplier = times[k] + 1, factor
                top = outside * multiplier - inside * rest
                cofactors = {j: q * multiplier for j, q in cofactors.items()}
                cofactors[k] += inside / scale
        if top != 0:
            raise NotFoundError("not an identity")
        self.node["cofactors"] = [[terms(cofactors[k]), times[k]] for k in range(len(found))]
        if len(self.node.get("powers", [])) == stored == 0:
            self.node.pop("powers", None)

    def _lead(self, k: int) -> Any:
        """Return the monomial for which an atom's equation is solved; None where it is a fraction."""
        head, _, variable, of = self.atoms[k]
        if head in ("X", "Y"):
            return variable.top
        lead = self.value(("exp", of) if head == "log" else ("*", of, ("exp", of)))
        return lead.top if lead.bottom == ONE and len(lead.top) == 1 else None


def divided(polynomial: Any, monomial: Any) -> tuple[Any, Any]:
    """Return quotient and rest of a polynomial by a monomial, term by term."""
    ((least, _),) = monomial.to_dict().items()
    inside, outside = {}, {}
    for powers, coefficient in polynomial.to_dict().items():
        if all(a >= b for a, b in zip(powers, least, strict=True)):
            inside[tuple(a - b for a, b in zip(powers, least, strict=True))] = coefficient
        else:
            outside[powers] = coefficient
    return RING.from_dict(inside), RING.from_dict(outside)


def combination(basis: list[Ratio], wanted: Ratio) -> list[int] | None:
    """Return whole numbers k with Σ k·basis = wanted, None where there are none."""
    bottom = wanted.bottom
    for part in basis:
        bottom = bottom * part.bottom / bottom.gcd(part.bottom)
    columns = [(part.top * (bottom / part.bottom)).to_dict() for part in (*basis, wanted)]
    rows = sorted({powers for column in columns for powers in column})
    if not basis:
        return None
    matrix = fmpq_mat(len(rows), len(columns), [column.get(row, 0) for row in rows for column in columns])
    reduced, rank = matrix.rref()
    found = [0] * len(basis)
    for row in range(rank):
        pivot = next(k for k in range(len(columns)) if reduced[row, k] != 0)
        value = reduced[row, len(basis)]
        if pivot == len(basis) or value.q != 1:
            return None
        found[pivot] = int(value.p)
    return found


def _depth(of: Tree) -> int:
    return 1 + max(map(_depth, of[1:]), default=0) if isinstance(of, tuple) else 0
