"""The part to trust: is this a proof of that problem? Exact arithmetic only, by python-flint's rational polynomials.

A tree is a number (an int, or "p/q"), a symbol (a text), ("+", …), ("*", …), ("^", tree, int), ("exp", t), ("log", t), the real
branches ("W0", t) and ("W-1", t) of z = w·e^w, or ("X", a, c, e) and ("Y", a, c, e): x = w_i + e·w_j and y = e·w_i + w_j at a
local minimum of a·e^{−x} + c·e^{−y} + |w|²/2; what is asserted of them is asserted of every such minimum. A problem is
{"ranges": [[symbol, low, high, low open, high open], …], "relation": [sign, left, right]}; an end is a tree in earlier symbols, or
null. It asserts that at all real points of the ranges (those where the ends are defined) both sides are defined and the relation
holds. Two more relations are ["increases", tree, symbol], its derivative is > 0, and ["equivalent", relation, relation].

A proof is a node {"rule": …, "defined": […], …}; 0 stands for a `sign` without anything stored. `check` derives from the problem,
never from the proof, what a node must show. That starts with `needs`: divisors are not 0, logarithms' arguments are > 0, W0 and
W−1 are real (e·z + 1 ≥ 0, and z < 0), for X and Y a > 0 and 1 + e·(1 + ε²)·c > 0; each is proved once, in "defined".

sign         In every case (closed upper ends attained, or not) each symbol becomes low + t or (low + high·t)/(1 + t), t ≥ 0, and
             each e^g a product of powers of basis elements: a free number > 0, 1 + q where g ≥ 0 is proved, or 1 + g + q, with
             q ≥ 0. The result is a product of stored polynomials, each with coefficients of one sign.
combine      f = Σ c·Π gᵏ, where signs of the g are proved and c > 0 (any c beside a g that is 0); e^W·W = z, e^{log z} = z and
             the equations of X and Y enter with cofactors. Without any g it is an identity.
level        W0(a) − L or its negative, from the sign of a − L·e^L (log: a − e^L) and, where that is not enough, L ≥ −1.
monotone     F(a) − F(b) for F = exp, log, W0 (W−1), from the sign of a − b (b − a).
grows        f, from f at the low end of a range and from its derivative there (mean value theorem).
coordinates  In new symbols: the old points have coordinates in the new ranges, which lead back to them.
both, minimum   f = 0 from f ≥ 0 and −f ≥ 0; (1 + pr)(1 + ps) − q²rs ≥ 0 at a minimum, r = a·e^{−X}, s = c·e^{−Y}.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

RING = fmpq_mpoly_ctx.get([f"v{k}" for k in range(40)], Ordering.lex)
ZERO, ONE, LARGEST = RING.constant(0), RING.constant(1), 64


class Refused(Exception):  # noqa: N818 – a verdict, not a fault
    """The proof is not one of this problem; the message says where it breaks."""


def demand(condition: object, why: str) -> None:
    """Raise Refused unless the condition holds."""
    if not condition:
        raise Refused(why)


def number(value: int | str) -> fmpq:
    """Return an exact rational from an int or a text 'p/q'."""
    return fmpq(*map(int, value.split("/"))) if isinstance(value, str) else fmpq(value)


def minus(a: Any, b: Any) -> Any:
    """Return the tree a − b."""
    return ("+", a, ("*", -1, b))


def put(tree: Any, values: dict[Any, Any]) -> Any:
    """Return the tree with other trees in place of some of its parts."""
    if tree in values:
        return values[tree]
    return (tree[0], *(put(part, values) for part in tree[1:])) if isinstance(tree, tuple) else tree


def names(tree: Any) -> set[Any]:
    """Return the symbols, heads and numbers in a tree."""
    return {tree[0]}.union(*map(names, tree[1:])) if isinstance(tree, tuple) else {tree}


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


def needs(tree: Any) -> list[Any]:
    """Return what must hold for a tree to be defined, inner parts first, as (sign, tree)."""
    if not isinstance(tree, tuple):
        return []
    head, first, e = tree[0], tree[1] if len(tree) > 1 else 0, ("exp", 1)
    plain = isinstance(first, int) and first > 0
    own: list[Any] = [(">", first)] if head in ("log", "X", "Y") and not plain else []
    if head in ("W0", "W-1"):
        own = [(">=", ("+", ("*", e, first), 1))] + [(">", ("*", -1, first))] * (head == "W-1")
    elif head in ("X", "Y"):
        own += [(">", ("+", 1, ("*", e, ("+", 1, ("^", tree[3], 2)), tree[2])))]
    elif head == "^" and tree[2] < 0:
        own = [("!=", first)]
    return list(dict.fromkeys([need for part in tree[1:] for need in needs(part)] + own))


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
        demand(bottom != 0, "a division by 0")
        common = top.gcd(bottom)
        scale = common * (bottom / common).leading_coefficient()
        self.top, self.bottom = top / scale, bottom / scale

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratio) and bool(self.top == other.top and self.bottom == other.bottom)

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio(self.top * other.top, self.bottom * other.bottom)

    def __pow__(self, k: int) -> Ratio:
        demand(isinstance(k, int) and abs(k) <= LARGEST, f"{k} is no small whole power")
        return Ratio(self.top**k, self.bottom**k) if k >= 0 else Ratio(self.bottom**-k, self.top**-k)


def constant(value: int | str | fmpq) -> Ratio:
    """Return a number as a ratio."""
    return Ratio(RING.constant(value if isinstance(value, fmpq) else number(value)))


def polynomial(terms: Any) -> Any:
    """Return a polynomial from its stored terms, [coefficient, [power of v0, of v1, …]]."""
    return RING.from_dict({(*p, *[0] * (RING.nvars() - len(p))): number(c) for c, p in terms})


class Frame:
    """Values of trees as ratios: a variable for each symbol, basis exponential, and W, log, X or Y of given arguments."""

    def __init__(self, node: dict[str, Any], prove: Callable[[str, Any, Any], None] | None = None) -> None:
        self.node, self.prove, self.signs = node, prove, dict[int, str]()
        self.values, self.basis, self.seen = dict[str, Ratio](), list[tuple[Ratio, Ratio]](), list[tuple[Ratio, Ratio]]()
        self.atoms: list[tuple[str, list[Ratio], Ratio, Any]] = []

    def new(self, sign: str = "") -> Ratio:
        """Return a fresh variable; its sign is ">", ">=" or unknown."""
        self.signs[len(self.signs)] = sign
        return Ratio(RING.gen(len(self.signs) - 1))

    def value(self, tree: Any) -> Ratio:
        """Return the value of a tree."""
        if isinstance(tree, int) or (isinstance(tree, str) and not tree.isidentifier()):
            return constant(tree)
        if isinstance(tree, str):
            return self.values[tree]
        head = tree[0]
        if head == "^":
            return self.value(tree[1]) ** tree[2]
        parts = [self.value(part) for part in tree[1:]]
        if head in ("+", "*"):
            result = constant(int(head == "*"))
            for part in parts:
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
        demand(kind in (1, 2) and self.prove, f"no basis element of kind {kind}")
        if kind == 1 and self.prove:
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
                yield self.value(minus(("+", ("*", p, r), ("*", q, s)) if head == "X" else ("+", ("*", q, r), ("*", p, s)), tree))
            else:
                yield self.value(minus(("exp", tree) if head == "log" else ("*", tree, ("exp", tree)), tree[1]))

    def vanishes(self, ratio: Ratio) -> None:
        """Demand that a ratio is 0 by the equations: its top, times their divisors, is the sum of cofactors times tops."""
        total, divisors = ZERO, ONE
        for equation, (cofactor, times) in zip(self.equations(), self.node.get("cofactors", ()), strict=True):
            demand(0 <= times <= LARGEST, "a power is out of range")
            total, divisors = total + polynomial(cofactor) * equation.top, divisors * equation.bottom**times
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
        factors = [(ratio.top, 1), (ratio.bottom, -1)] if stored is None else [(polynomial(p), k) for p, k in stored]
        product, sign = constant(first), 1 if number(first) > 0 else -1
        for p, k in factors:
            own = self.sign(p, strict or k < 0)
            demand(own or (k > 0 and k % 2 == 0 and not strict), "coefficients of both signs, or none that is > 0")
            product, sign = product * Ratio(p) ** k, sign * (own if k % 2 else 1)
        demand(sign > 0 or (number(first) == 0 and not strict), "the sign is the other one")
        return self.vanishes(ratio + product * constant(-1))


def place(frame: Frame, ranges: Any, attained: dict[str, bool]) -> None:
    """Give each symbol its value: the high end where it is attained, low + t or (low + high·t)/(1 + t) elsewhere."""
    for name, low, high, low_open, _ in ranges:
        if attained.get(name):
            frame.values[name] = frame.value(high)
        elif low is None:
            frame.values[name] = frame.new()
        else:
            start, t = frame.value(low), frame.new(">" if low_open else ">=")
            frame.values[name] = start + t if high is None else (start + frame.value(high) * t) * (constant(1) + t) ** -1


def bound(frame: Frame) -> None:
    """Give the sign that is proved to the variables of functions."""
    for kind, tree, proof in frame.node.get("bounds", ()):
        variables = [k for k in frame.signs if frame.value(tree).top == RING.gen(k)]
        demand(frame.prove and kind in (">", ">=") and variables and not frame.signs[variables[0]], "no bound of a function")
        frame.prove(kind, tree, proof)
        frame.signs[variables[0]] = kind


def fixed(ranges: Any, f: Any) -> tuple[Any, Any]:
    """Put the value for each symbol whose range is a single point."""
    free, values = [], dict[Any, Any]()
    demand(len({r[0] for r in ranges}) == len(ranges) and all(r[0].isidentifier() for r in ranges), "bad symbols")
    for name, low, high, low_open, high_open in ranges:
        low, high = put(low, values), put(high, values)
        if low == high and low is not None and not low_open and not high_open:
            values[name] = low
        else:
            free.append((name, low, high, low_open, high_open))
    return tuple(free), put(f, values)


def check(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any] = frozenset()) -> None:
    """Demand that the node proves that f is defined and > 0, ≥ 0 or = 0 (`sign`) on the ranges, `known` being proved."""
    node, (ranges, f) = node or {"rule": "sign", "cases": None}, fixed(ranges, f)
    bases = [element[0] for part in (node, *(node.get("cases") or ())) for element in part.get("basis", ())]
    proofs, stages = iter(node.get("defined", ())), [known]
    for tree in (f, *bases):
        seen = set(stages[-1])
        for need in needs(tree):
            if need not in seen:
                proof = next(proofs)
                target = ("*", -1, need[1]) if need[0] == "!=" and proof and proof.get("negative") else need[1]
                check(ranges, need[0].replace("!=", ">"), target, proof, frozenset(seen))
                seen.add(need)
        stages.append(frozenset(seen))
    demand(next(proofs, None) is None, "proofs are left over")
    RULES[node["rule"]](ranges, sign, f, node, stages[1])


def _by_sign(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    demand(sign in (">", ">="), "coefficients show no equation")
    closed = [r[0] for r in ranges if r[2] is not None and not r[4]]
    cases = list(itertools.product((False, True), repeat=len(closed)))
    for case, leaf in zip(cases, node["cases"] or [{}] * len(cases), strict=True):
        frame = Frame(leaf, lambda kind, tree, proof: check(ranges, kind, tree, proof, known))
        place(frame, ranges, dict(zip(closed, case, strict=True)))
        bound(frame)
        frame.positive(frame.value(f), sign == ">")


def total(frame: Frame, node: Any, sign: str = "") -> Ratio:
    """Return Σ c·Π gᵏ; with a sign, demand that it has it."""
    facts = [(kind, frame.value(tree)) for kind, tree, _ in node["facts"]]
    result, strict = constant(0), False
    for c, powers in node["terms"]:
        pairs, part = list(zip(facts, powers, strict=True)), constant(c)
        zero = any(kind == "=" and k > 0 for (kind, _), k in pairs)
        demand(all(k >= 0 or kind == ">" for (kind, _), k in pairs), "a division by what may be 0")
        signed = sign != "=" and number(c) > 0 and all(kind or k % 2 == 0 for (kind, _), k in pairs)
        demand(zero or signed or not sign, "a term has no sign")
        strict |= not zero and all(kind == ">" or k == 0 for (kind, _), k in pairs)
        for (_, g), k in pairs:
            part = part * g**k
        result = result + part
    demand(strict or sign != ">", "no term is > 0")
    return result


def _by_combination(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    frame = Frame(node)
    for part in ranges:
        frame.values[part[0]] = frame.new()
    for kind, tree, proof in node["facts"]:
        demand(kind in (">", ">=", "=") or (not kind and known.issuperset(needs(tree))), "no sign, or perhaps undefined")
        if kind:
            check(ranges, kind, tree, proof, known)
    frame.vanishes(total(frame, node, sign) * constant(-1) + frame.value(f))


def _by_level(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    (head, a), level = node["term"], node["level"]
    upper = f == minus(level, (head, a))
    demand(head in ("W0", "W-1", "log") and (upper or f == minus((head, a), level)), "not a term against a level")
    at_level = ("exp", level) if head == "log" else ("*", level, ("exp", level))
    if head != "log" and (sign == "=" or upper == (head == "W0")):
        check(ranges, ">=", ("+", level, 1) if head == "W0" else ("*", -1, ("+", level, 1)), node["branch"], known)
    check(ranges, sign, minus(a, at_level) if upper == (head == "W-1") else minus(at_level, a), node["proof"], known)


def _by_monotone(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    (head, a), (_, b) = f[1], f[2][2]
    demand(f == minus((head, a), (head, b)) and head in ("exp", "log", "W0", "W-1"), "not a difference")
    check(ranges, sign, minus(b, a) if head == "W-1" else minus(a, b), node["proof"], known)


def _by_growth(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    symbol = node["symbol"]
    low, low_open = next((r[1], r[3]) for r in ranges if r[0] == symbol)
    closed, inner = (tuple((*r[:3], o, r[4]) if r[0] == symbol else r for r in ranges) for o in (False, True))
    demand(low is not None and sign in (">", ">="), "growth starts at a low end")
    demand(not any(symbol in names(end) for r in ranges for end in r[1:3]), "an end depends on the symbol")
    if low_open:
        check(closed, ">=", ("*", 0, f), node["closed"])
    rest = tuple(r for r in ranges if r[0] != symbol)
    check(rest, ">=" if low_open else sign, put(f, {symbol: low}), node["low"])
    check(inner, sign if low_open else ">=", slope(f, symbol), node["slope"], known)


def _by_coordinates(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    for kind, tree, proof in zip(*zip(*conditions(ranges, node), strict=True), node["proofs"], strict=True):
        check(ranges, kind, tree, proof, known)
    check(node["ranges"], sign, put(f, dict(node["to"]) | dict(node["known"])), node["proof"])


def conditions(ranges: Any, node: Any) -> Iterator[tuple[str, Any]]:
    """Yield what makes a change of coordinates right: `from` is new in old symbols, `to` old in new, `known` parts in new."""
    new, old = dict(node["from"]), dict(node["to"])
    yield from ((">=", ("*", 0, tree)) for tree in new.values())
    for name, low, high, low_open, high_open in node["ranges"]:
        if low is not None:
            yield ">" if low_open else ">=", minus(new.get(name, name), put(low, new))
        if high is not None:
            yield ">" if high_open else ">=", minus(put(high, new), new.get(name, name))
    yield from (("=", minus(put(old.get(r[0], r[0]), new), r[0])) for r in ranges)
    yield from (("=", minus(part, put(tree, new))) for part, tree in node["known"])


def _by_both(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    check(ranges, ">=", f, node["proofs"][0], known)
    check(ranges, ">=", ("*", -1, f), node["proofs"][1], known)


def _by_minimum(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    demand(sign == ">=" and f == curvature(*node["of"]), "not the curvature at a minimum")


RULES: dict[str, Callable[..., None]] = {
    "sign": _by_sign, "combine": _by_combination, "level": _by_level, "monotone": _by_monotone, "grows": _by_growth,
    "coordinates": _by_coordinates, "both": _by_both, "minimum": _by_minimum,
}  # fmt: skip


def frozen(data: Any) -> Any:
    """Return plain data with tuples for lists."""
    if isinstance(data, dict):
        return {key: frozen(value) for key, value in data.items()}
    return tuple(map(frozen, data)) if isinstance(data, list | tuple) else data


def digest(problem: Any) -> str:
    """Return the digest of a problem."""
    return hashlib.sha256(json.dumps(problem, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def difference(relation: Any) -> tuple[str, Any]:
    """Return sign and tree f of a relation as f > 0, f ≥ 0 or f = 0."""
    kind, left, right = relation
    demand(kind in (">", ">=", "=", "<", "<="), f"no relation {kind}")
    return (kind.replace("<", ">"), minus(right, left)) if "<" in kind else (kind, minus(left, right))


def verify(problem: Any, proof: Any) -> None:
    """Demand that the proof proves the problem. Raises Refused."""
    try:
        ranges, relation, proof = frozen(problem["ranges"]), frozen(problem["relation"]), frozen(proof)
        if relation[0] == "increases":
            check(ranges, ">", ("+", slope(*relation[1:]), ("*", 0, relation[1])), proof)
        elif relation[0] == "equivalent":
            (first, f), (second, g) = map(difference, relation[1:])
            demand(first == second, "relations of two kinds")
            check(ranges, ">", proof["ratio"], proof["positive"])
            check(ranges, "=", minus(f, ("*", proof["ratio"], g)), proof["same"])
        else:
            check(ranges, *difference(relation), proof)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, StopIteration, TypeError, ValueError) as error:
        raise Refused(f"the proof is torn: {error!r}") from error


if __name__ == "__main__":
    for path in sys.argv[1:]:
        for key, entry in json.loads(Path(path).read_text(encoding="utf-8"))["proofs"].items():
            demand(digest(entry["problem"]) == key, f"{key} is the digest of another problem")
            verify(entry["problem"], entry["proof"])
            print("accepted", key[:12], json.dumps(entry["problem"]))
