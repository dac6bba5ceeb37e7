"""The arithmetic of rocq/Trees.v, done here to find what its checks ask for: divisors, inverses and cofactors.

A value is a polynomial over a product of powers of divisors. Nothing here is trusted: Rocq does all of it again.
"""

from __future__ import annotations

from typing import Any

from ascentcheck.theory.check.frame import ONE, RING, ZERO, Frame, Ratio, constant, minus, number
from ascentcheck.theory.rocq.text import Fact, Tree

Value = tuple[Any, tuple[int, ...]]


class Traced(Frame):
    """A frame of the kernel that notes, for every variable and function, where its value comes from."""

    def __init__(self, node: dict[str, Any]) -> None:
        super().__init__(node, lambda *_: None)
        self.defs: list[Tree] = []
        self.steps: list[tuple[Any, ...]] = []
        self.stated: list[tuple[Ratio, list[tuple[Tree, int]]]] = []
        self.bases: list[Tree] = []
        self.known: set[Tree] = set()
        self.extra: list[tuple[str, Tree]] = []
        """What must be known of exponentials: (kind of basis element, tree)."""

    def define(self, tree: Tree, step: str, gives: Tree) -> None:
        """Note the tree whose value the newest variable is, and the step that follows from it."""
        self.defs.append(tree)
        self.steps.append((step, len(self.defs) - 1))
        self.known.add(gives)

    def value(self, tree: Any) -> Ratio:
        """Return the value of a tree, noting each function."""
        if not isinstance(tree, tuple):
            return super().value(tree)
        head = tree[0]
        if head == "exp":
            exponent = self.value(tree[1])
            result = self.exponential(exponent)
            if tree not in self.known:
                powers: list[tuple[Tree, int]] = next(
                    (p for known, p in self.stated if known == exponent), []
                )
                self.steps.append(("IsPower", tree[1], powers))
                self.known.add(tree)
            return result
        if head in ("log", "W0", "W-1", "X", "Y"):
            before = len(self.atoms)
            result = super().value(tree)
            if len(self.atoms) > before:
                self.define(tree, "IsVar", tree)
            elif tree not in self.known:
                same = next((a[3] for a in self.atoms if a[2] == result), None)
                self.steps.append(("IsNull", tree) if same is None else ("IsLike", tree, same))
                self.known.add(tree)
            return result
        return super().value(tree)

    def powers(self, exponent: Ratio) -> Any:
        """Return the stated powers, noting them."""
        found = super().powers(exponent)
        self._pending = found
        return found

    def exponential(self, exponent: Ratio) -> Ratio:
        """Return e^exponent, noting the powers of basis elements that make it."""
        if exponent.top == 0 or any(known == exponent for known, _ in self.seen):
            return super().exponential(exponent)
        result = super().exponential(exponent)
        self.stated.append((exponent, [(self.bases[k], p) for k, p in enumerate(self._pending) if p]))
        return result

    def element(self, tree: Any, kind: int, proof: Any) -> tuple[Ratio, Ratio]:
        """Return exponent and value of a basis element, noting its variable."""
        pending = self._pending
        found = super().element(tree, kind, proof)
        self._pending = pending
        self.bases.append(tree)
        e = ("exp", tree)
        if kind == 0:
            self.define(e, "IsVar", e)
        else:
            self.define(minus(e, 1 if kind == 1 else ("+", 1, tree)), "IsOffset", e)
            self.extra.append((self.signs[len(self.defs) - 1] if kind == 2 else "one", tree))
        return found


class Mirror:
    """The table of a leaf as Rocq makes it, with the divisors that are met on the way."""

    def __init__(self) -> None:
        self.dens: list[Any] = []
        self.table: dict[Tree, Value] = {}
        self.inverses: dict[Tree, tuple[Any, tuple[int, ...]]] = {}

    def den(self, e: tuple[int, ...]) -> Any:
        """Return the product of powers of divisors."""
        result = ONE
        for p, k in zip(self.dens, e, strict=False):
            for _ in range(k):
                result *= p
        return result

    def split(self, p: Any) -> tuple[Any, tuple[int, ...]]:
        """Return a polynomial as a number times powers of divisors, with new divisors where it has others."""
        powers = [0] * len(self.dens)
        for k, d in enumerate(self.dens):
            while True:
                quotient, rest = divmod(p, d)
                if rest != 0:
                    break
                p, powers[k] = quotient, powers[k] + 1
        if not p.is_constant():
            unit, factors = p.factor()
            for factor, k in factors:
                self.dens.append(factor)
                powers.append(int(k))
            p = RING.constant(unit)
        return p.leading_coefficient(), tuple(powers)

    def add(self, r: Value, s: Value) -> Value:
        """Return a sum."""
        m = _each(max, r[1], s[1])
        return r[0] * self.den(_less(m, r[1])) + s[0] * self.den(_less(m, s[1])), m

    def inverse(self, tree: Tree, r: Value) -> Value:
        """Return 1/r, keeping how r is made of divisors."""
        c, f = self.split(r[0])
        if any(f) or r[1]:
            self.inverses[tree] = (c, f)
        if not any(f) and not r[1]:
            return RING.constant(1 / c), ()
        return RING.constant(1 / c) * self.den(_less(r[1], f)), _less(f, r[1])

    def value(self, tree: Tree) -> Value:
        """Return the value of a tree (with sums and products of two parts)."""
        if tree in self.table:
            return self.table[tree]
        if isinstance(tree, int) or (isinstance(tree, str) and not tree.isidentifier()):
            return RING.constant(number(tree)), ()
        head = tree[0]
        if head in ("+", "*"):
            r, s = self.value(tree[1]), self.value(tree[2])
            return self.add(r, s) if head == "+" else (r[0] * s[0], _each(lambda a, b: a + b, r[1], s[1]))
        if head != "^":
            raise LookupError(f"no value for {tree}")
        base, k = self.value(tree[1]), tree[2]
        if k == 0:
            return ONE, ()
        if k < 0:
            base = self.inverse(tree[1], base)
        result = base
        for _ in range(abs(k) - 1):
            result = (base[0] * result[0], _each(lambda a, b: a + b, base[1], result[1]))
        return result

    def run(self, step: tuple[Any, ...], defs: list[Tree]) -> None:
        """Do one step: give a tree its value."""
        kind = step[0]
        if kind == "IsVar":
            self.table[defs[step[1]]] = (RING.gen(step[1]), ())
        elif kind == "IsOffset":
            _, tree, (_, _, c) = defs[step[1]]
            self.table[tree] = self.add((RING.gen(step[1]), ()), self.value(c))
        elif kind == "IsBetween":
            _, (_, x, (_, _, low)), (_, (_, high, _), _) = defs[step[1]]
            t = (RING.gen(step[1]), ())
            i = self.inverse(defs[step[1]], (ONE + t[0], ()))
            h = self.value(high)
            r = self.add(self.value(low), (h[0] * t[0], h[1]))
            self.table[x] = (r[0] * i[0], _each(lambda a, b: a + b, r[1], i[1]))
        elif kind in ("IsEqual", "IsLike"):
            for a, b in zip(step[1][1:], step[2][1:], strict=True) if kind == "IsLike" else ():
                self.value(a), self.value(b)
            self.table[step[1]] = self.value(step[2])
        elif kind == "IsPower":
            self.value(step[1])
            result: Value = (ONE, ())
            for b, k in reversed(step[2]):
                self.value(b)
                q = self.value(("^", ("exp", b), k))
                result = (q[0] * result[0], _each(lambda a, c: a + c, q[1], result[1]))
            self.table[("exp", step[1])] = result
        else:
            self.value(step[1][1])
            self.table[step[1]] = (ZERO, ())


def _each(join: Any, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    n = max(len(a), len(b))
    return tuple(map(join, (*a, *[0] * (n - len(a))), (*b, *[0] * (n - len(b)))))


def _less(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return _each(lambda x, y: max(x - y, 0), a, b)[: len(a)] if a else ()


def polynomial_text(p: Any) -> str:
    """Return a polynomial as a term, terms in falling order as Rocq keeps them."""
    terms = []
    for powers, c in sorted(p.to_dict().items(), reverse=True):
        used = list(powers)
        while used and used[-1] == 0:
            used.pop()
        exponents = "; ".join(str(k) for k in used)
        terms.append(f"([{exponents}]%N, {rational_text(c)})")
    return f"[{'; '.join(terms)}]"


def rational_text(c: Any) -> str:
    """Return a rational number as a term."""
    return f"({int(c.p)} # {int(c.q)})"


def exponents_text(e: tuple[int, ...]) -> str:
    """Return powers as a term."""
    return f"[{'; '.join(map(str, e))}]%N"


__all__ = ["Fact", "Mirror", "Traced", "constant", "exponents_text", "polynomial_text", "rational_text"]
