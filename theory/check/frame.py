"""Exact values for the kernel, and trusted with it: trees as quotients of rational polynomials in independent variables.

Each symbol is a variable (what `kernel.place` gives it), as is each W, log, X or Y of given arguments; e^g is a product of powers
of basis elements. What is shown of these variables, knowing only their signs and the equations of `Frame.equations`, is true of
the numbers that they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

RING = fmpq_mpoly_ctx.get([f"v{k}" for k in range(24)], Ordering.lex)
ZERO, ONE, LARGEST, MOST_TERMS = RING.constant(0), RING.constant(1), 64, 100_000
MOST_DEGREES = 512


class Refused(Exception):  # noqa: N818 – a verdict, not a fault
    """The proof is not one of this problem; the message says where it breaks."""


def demand(condition: object, why: str) -> None:
    """Raise Refused unless the condition holds."""
    if not condition:
        raise Refused(why)


def number(value: int | str) -> fmpq:
    """Return an exact rational from an int or a text 'p/q'."""
    if not isinstance(value, str):
        return fmpq(value)
    parts = value.split("/")
    demand(all(p.isascii() and p.isdigit() for p in (parts[0].removeprefix("-"), *parts[1:])), "no number")
    return fmpq(*map(int, parts))


def minus(a: Any, b: Any) -> Any:
    """Return the tree a − b."""
    return ("+", a, ("*", -1, b))


def put(tree: Any, values: dict[Any, Any]) -> Any:
    """Return the tree with other trees in place of some of its parts."""
    if not values:
        return tree
    if tree in values:
        return values[tree]
    return (tree[0], *(put(part, values) for part in tree[1:])) if isinstance(tree, tuple) else tree


def names(tree: Any) -> set[Any]:
    """Return the symbols, heads and numbers in a tree."""
    return {tree[0]}.union(*map(names, tree[1:])) if isinstance(tree, tuple) else {tree}


def symbols(tree: Any) -> set[Any]:
    """Return the symbols in a tree; null, an end that is none, has none."""
    if isinstance(tree, tuple):
        return set().union(*map(symbols, tree[1:]))
    return {tree} if isinstance(tree, str) and tree.isidentifier() else set()


def slope(tree: Any, symbol: str) -> Any:
    """Return the derivative of a tree without W, X and Y."""
    if not isinstance(tree, tuple):
        return int(tree == symbol)
    head, first, inner = tree[0], tree[1], [slope(part, symbol) for part in tree[1:]]
    if head == "+":
        return ("+", *inner)
    if head == "*":
        return ("+", *(("*", *tree[1 : k + 1], d, *tree[k + 2 :]) for k, d in enumerate(inner) if d != 0))
    demand(head in ("^", "exp", "log"), f"no derivative of {head}")
    outer = {"exp": tree, "log": ("^", first, -1)}.get(head) or ("*", tree[2], ("^", first, tree[2] - 1))
    return ("*", outer, inner[0])


def fixed(ranges: Any, f: Any) -> tuple[Any, Any]:
    """Put the value for each symbol whose range is a single point; each symbol that is left has a range, before it is used."""
    free, values, ranged = [], dict[Any, Any](), set[Any]()
    demand(len({r[0] for r in ranges if r[0].isidentifier()}) == len(ranges), "bad symbols")
    for name, low, high, low_open, high_open in ranges:
        low, high = put(low, values), put(high, values)
        if low == high and low is not None and not low_open and not high_open:
            values[name] = low
            continue
        demand(symbols(low) | symbols(high) <= ranged, f"an end of {name} is in other than earlier symbols")
        free.append((name, low, high, low_open, high_open))
        ranged.add(name)
    f = put(f, values)
    demand(symbols(f) <= ranged, "a symbol has no range")
    return tuple(free), f


def pulls(a: Any, c: Any, e: Any) -> tuple[Any, ...]:
    """Return r = a·e^{−X}, s = c·e^{−Y}, p = 1 + e² and q = 2e: X = p·r + q·s and Y = q·r + p·s."""
    r, s = (("*", k, ("exp", ("*", -1, (head, a, c, e)))) for k, head in ((a, "X"), (c, "Y")))
    return r, s, ("+", 1, ("^", e, 2)), ("*", 2, e)


def curvature(a: Any, c: Any, e: Any) -> Any:
    """Return the tree of (1 + p·r)(1 + p·s) − q²·r·s, the determinant of the Hessian."""
    r, s, p, q = pulls(a, c, e)
    return minus(("*", ("+", 1, ("*", p, r)), ("+", 1, ("*", p, s))), ("*", ("^", q, 2), r, s))


class Ratio:
    """A quotient of polynomials in lowest terms, the divisor with leading coefficient 1."""

    def __init__(self, top: Any, bottom: Any = ONE) -> None:
        demand(top.total_degree() < MOST_DEGREES, "too high degrees")
        if bottom is not ONE:
            demand(bottom != 0, "a division by 0")
            demand(bottom.total_degree() < MOST_DEGREES, "too high degrees")
            common = top.gcd(bottom)
            lead = bottom.leading_coefficient() / common.leading_coefficient()
            top, bottom = top / common / lead, bottom / common / lead
            bottom = ONE if bottom.is_one() else bottom
        self.top, self.bottom = top, bottom

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratio) and bool(self.top == other.top and self.bottom == other.bottom)

    def __add__(self, other: Ratio) -> Ratio:
        if self.bottom is ONE and other.bottom is ONE:
            return Ratio(self.top + other.top)
        demand(
            (len(self.top) + len(other.top)) * (len(self.bottom) + len(other.bottom)) < MOST_TERMS,
            "too many terms",
        )
        return Ratio(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __mul__(self, other: Ratio) -> Ratio:
        demand(
            len(self.top) * len(other.top) + len(self.bottom) * len(other.bottom) < MOST_TERMS,
            "too many terms",
        )
        if self.bottom is ONE and other.bottom is ONE:
            return Ratio(self.top * other.top)
        return Ratio(self.top * other.top, self.bottom * other.bottom)

    def __pow__(self, k: int) -> Ratio:
        demand(isinstance(k, int) and abs(k) <= LARGEST, f"{k} is no small whole power")
        result = base = self if k > 0 else Ratio(self.bottom, self.top) if k < 0 else constant(1)
        for _ in range(abs(k) - 1):
            result = result * base
        return result


VARIABLES = [Ratio(generator) for generator in RING.gens()]


@lru_cache(maxsize=1024)
def constant(value: int | str | fmpq) -> Ratio:
    """Return a number as a ratio."""
    return Ratio(RING.constant(value if isinstance(value, fmpq) else number(value)))


def polynomial(terms: Any) -> Any:
    """Return a polynomial from its stored terms, [coefficient, [power of v0, of v1, …]]."""
    demand(all(0 <= k < MOST_DEGREES for _, p in terms for k in p), "a power is out of range")
    return RING.from_dict({(*p, *[0] * (RING.nvars() - len(p))): number(c) for c, p in terms})


def _nothing(kind: str, tree: Any, proof: Any) -> None:
    raise Refused("nothing is proved on the way here")


class Frame:
    """Values of trees as ratios: a variable for each symbol, basis exponential, and W, log, X or Y of given arguments."""

    def __init__(self, node: dict[str, Any], prove: Callable[[str, Any, Any], None] = _nothing) -> None:
        self.node, self.prove, self.signs = node, prove, dict[int, str]()
        self.values, self.basis, self.seen = (
            dict[str, Ratio](),
            list[tuple[Ratio, Ratio]](),
            list[tuple[Ratio, Ratio]](),
        )
        self.atoms: list[tuple[str, list[Ratio], Ratio, Any]] = []

    def new(self, sign: str = "") -> Ratio:
        """Return a fresh variable; its sign is ">", ">=" or unknown."""
        self.signs[len(self.signs)] = sign
        return VARIABLES[len(self.signs) - 1]

    def value(self, tree: Any) -> Ratio:
        """Return the value of a tree, worked out once."""
        if isinstance(tree, int) or (isinstance(tree, str) and not tree.isidentifier()):
            return constant(tree)
        known = self.values.get(tree)
        if known is None:
            demand(isinstance(tree, tuple), f"unknown symbol {tree}")
            known = self.values[tree] = self.worked_out(tree)
        return known

    def worked_out(self, tree: Any) -> Ratio:
        """Return the value of a tree that is no number and no symbol."""
        head = tree[0]
        if head == "^":
            base: Ratio = self.value(tree[1]) ** tree[2]
            return base
        parts = [self.value(part) for part in tree[1:]]
        if head in ("+", "*"):
            result = parts[0] if parts else constant(int(head == "*"))
            for part in parts[1:]:
                result = result + part if head == "+" else result * part
            return result
        if head == "exp":
            return self.exponential(parts[0])
        demand(head in ("log", "W0", "W-1", "X", "Y"), f"unknown function {head}")
        if head in ("log", "W0") and parts[0] == constant(int(head == "log")):
            return constant(0)
        for known, arguments, variable, _ in self.atoms:
            if known == head and arguments == parts:
                return variable
        self.atoms.append((head, parts, self.new(), tree))
        return self.atoms[-1][2]

    def exponential(self, exponent: Ratio) -> Ratio:
        """Return e^exponent as a product of powers of basis elements."""
        for known, result in self.seen:
            if known == exponent:
                return result
        total, result = constant(0), constant(1)
        for k, power in enumerate(self.powers(exponent) if exponent.top != 0 else ()):
            while len(self.basis) <= k:
                self.basis.append(self.element(*self.node["basis"][len(self.basis)]))
            if power == 0:
                continue
            total, result = total + self.basis[k][0] * constant(power), result * self.basis[k][1] ** power
        demand(total == exponent, "an exponential is not the product that is stated")
        self.seen += [(exponent, result)] if exponent.top != 0 else []
        return result

    def powers(self, exponent: Ratio) -> Any:
        """Return the stated powers of the basis elements."""
        return self.node["powers"][len(self.seen)]

    def element(self, tree: Any, kind: int, proof: Any) -> tuple[Ratio, Ratio]:
        """Return exponent and value of a basis element: free (0), 1 + q (1), or 1 + exponent + q (2)."""
        exponent = self.value(tree)
        if kind == 0:
            return exponent, self.new(">")
        demand(kind in (1, 2), f"no basis element of kind {kind}")
        if kind == 1:
            self.prove(">=", tree, proof)
        fixed_number = exponent.top.is_constant() and exponent.bottom.is_constant() and exponent.top != 0
        rest = constant(1) + self.new(">" if kind == 2 and fixed_number else ">=")
        return exponent, rest + exponent if kind == 2 else rest

    def equations(self) -> Iterator[Ratio]:
        """Yield what is 0 by the equations of the named atoms."""
        for index in self.node.get("equations", ()):
            head, _, _, tree = self.atoms[index]
            if head in ("X", "Y"):
                r, s, p, q = pulls(*tree[1:])
                yield self.value(
                    minus(
                        ("+", ("*", p, r), ("*", q, s)) if head == "X" else ("+", ("*", q, r), ("*", p, s)),
                        tree,
                    )
                )
            else:
                yield self.value(
                    minus(("exp", tree) if head == "log" else ("*", tree, ("exp", tree)), tree[1])
                )

    def vanishes(self, ratio: Ratio) -> None:
        """Demand that a ratio is 0 by the equations: its top, times their divisors, is the sum of cofactors times tops."""
        total, divisors = ZERO, ONE
        for equation, (cofactor, times) in zip(self.equations(), self.node.get("cofactors", ()), strict=True):
            demand(0 <= times <= LARGEST, "a power is out of range")
            total, divisors = (
                total + polynomial(cofactor) * equation.top,
                divisors * (Ratio(equation.bottom) ** times).top,
            )
        demand(ratio.top * divisors == total, "the sides are not the same")

    def sign(self, top: Any, strict: bool) -> int:
        """Return 1 (−1) where the coefficients show that a polynomial is ≥ 0 (≤ 0), > 0 (< 0) if strict; else 0."""
        found, reached = set(), False
        for powers, coefficient in top.to_dict().items():
            used = [(self.signs[k], power) for k, power in enumerate(powers) if power]
            if any(sign == "" and power % 2 for sign, power in used):
                return 0
            found.add(1 if coefficient > 0 else -1)
            reached |= all(sign == ">" for sign, _ in used)
        return found.pop() if len(found) == 1 and (reached or not strict) else 0

    def positive(self, ratio: Ratio, strict: bool) -> None:
        """Demand that a ratio is ≥ 0 (> 0, if strict), by the stored factors of top and divisor."""
        if ratio.top == 0:
            return demand(not strict, "0 is not > 0")
        first, stored = self.node.get("factors", (1, None))
        factors = [(polynomial(p), k) for p, k in stored or ()]
        if stored is None:
            factors = [(ratio.top, 1), (ratio.bottom, -1)]
        product, sign = constant(first), (number(first) > 0) - (number(first) < 0)
        for p, k in factors:
            own = self.sign(p, strict or k < 0)
            demand(own or (k > 0 and k % 2 == 0 and not strict), "coefficients show no sign")
            product, sign = product * Ratio(p) ** k, sign * (own if k % 2 else 1)
        demand(sign > 0 or (sign == 0 and not strict), "the sign is the other one")
        return self.vanishes(ratio + product * constant(-1))
