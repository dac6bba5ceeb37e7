"""The part to trust: is this a proof of that problem? Exact arithmetic only, by python-flint's rational polynomials.

A tree is a number (an int, or "p/q"), a symbol (a text), ("+", …), ("*", …), ("^", tree, int), ("exp", t), ("log", t), the real
branches ("W0", t) and ("W-1", t) of z = w·e^w, or ("X", a, c, e) and ("Y", a, c, e): x = w_i + e·w_j and y = e·w_i + w_j at a
local minimum of a·e^{−x} + c·e^{−y} + |w|²/2; what is asserted of them is asserted of every such minimum. A problem is
{"ranges": [[symbol, low, high, low open, high open], …], "relation": [sign, left, right]}; an end is a tree in earlier symbols
or null. It asserts that at all real points of the ranges (where the ends are defined) both sides are defined and the relation
holds. Two more relations are ["increases", tree, symbol], its derivative is > 0 and no end has the symbol, and ["equivalent",
relation, relation].

A proof is a node {"rule": …, "defined": […], …}; 0 stands for a `sign` without anything stored. `check` derives from the problem,
never from the proof, what a node must show. That starts with `needs`: divisors are not 0, logarithms' arguments are > 0, W0 and
W−1 are real (e·z + 1 ≥ 0, and z < 0), for X and Y a > 0, ε ≥ 0 and 1 + e·(1 + ε²)·c > 0, where there is a minimum (below ε = 0
there may be none); each is proved once, in "defined".

- sign: in every case (closed upper ends attained, or not) each symbol becomes low + t or (low + high·t)/(1 + t), t ≥ 0, and
  each e^g a product of powers of basis elements: a free number > 0, 1 + q where g ≥ 0 is proved, or 1 + g + q, with
  q ≥ 0. The result is a product of stored polynomials, each with coefficients of one sign.
- combine: f = Σ c·Π gᵏ, where signs of the g are proved and c > 0 (any c beside a g that is 0); e^W·W = z, e^{log z} = z and
  the equations of X and Y enter with cofactors. Without any g it is an identity.
- level: W0(a) − L or its negative, from the sign of a − L·e^L (log: a − e^L) and, where that is not enough, L ≥ −1.
- monotone: F(a) − F(b) for F = exp, log, W0 (W−1), from the sign of a − b (b − a); their product, from its square.
- grows: f, from f at the low end of a range and from its derivative there (mean value theorem).
- coordinates: in new symbols, the old points have coordinates in the new ranges, which lead back to them.
- both, minimum: f = 0 from f ≥ 0 and −f ≥ 0; (1 + pr)(1 + ps) − q²rs ≥ 0 at a minimum, r = a·e^{−X}, s = c·e^{−Y}.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from ascentcheck.theory.check.frame import (
    RING,
    Frame,
    Ratio,
    Refused,
    constant,
    curvature,
    demand,
    minus,
    number,
)
from ascentcheck.theory.check.frame import fixed as fixed
from ascentcheck.theory.check.frame import names as names
from ascentcheck.theory.check.frame import put as put
from ascentcheck.theory.check.frame import slope as slope

LENGTHS = {"^": 3, "exp": 2, "log": 2, "W0": 2, "W-1": 2, "X": 4, "Y": 4}


def formed(tree: Any) -> None:
    """Demand that a tree is one: heads are known and have their number of arguments, and numbers are written as numbers."""
    if not isinstance(tree, tuple):
        demand(type(tree) in (int, str), "no tree")
        if isinstance(tree, str) and not tree.isidentifier():
            number(tree)
        return
    demand(tree and tree[0] in ("+", "*", *LENGTHS), "unknown function")
    demand(len(tree) == LENGTHS.get(tree[0], len(tree)), f"{tree[0]} of another number of arguments")
    for part in tree[1:]:
        formed(part)


@lru_cache(maxsize=1 << 14)
def needs(tree: Any) -> tuple[Any, ...]:
    """Return what must hold for a tree to be defined, inner parts first, as (sign, tree)."""
    if not isinstance(tree, tuple):
        return ()
    head, first, e = tree[0], tree[1] if len(tree) > 1 else 0, ("exp", 1)
    demand(len(tree) == LENGTHS.get(head, len(tree)), f"{head} of another number of arguments")
    plain = isinstance(first, int) and first > 0
    own: list[Any] = [(">", first)] if head in ("log", "X", "Y") and not plain else []
    if head in ("W0", "W-1"):
        own = [(">=", ("+", ("*", e, first), 1))] + [(">", ("*", -1, first))] * (head == "W-1")
    elif head in ("X", "Y"):
        own += [(">=", tree[3]), (">", ("+", 1, ("*", e, ("+", 1, ("^", tree[3], 2)), tree[2])))]
    elif head == "^" and tree[2] < 0:
        own = [("!=", first)]
    return tuple(dict.fromkeys([need for part in tree[1:] for need in needs(part)] + own))


def place(frame: Frame, ranges: Any, attained: dict[str, bool]) -> None:
    """Give each symbol its value: the high end where it is attained, low + t or (low + high·t)/(1 + t) elsewhere."""
    for name, low, high, low_open, _ in ranges:
        if attained.get(name):
            frame.values[name] = frame.value(high)
        elif low is None:
            frame.values[name] = frame.new()
        else:
            start, t = frame.value(low), frame.new(">" if low_open else ">=")
            if high is not None:
                start, t = start * (constant(1) + t) ** -1, frame.value(high) * t * (constant(1) + t) ** -1
            frame.values[name] = start + t


def bound(frame: Frame) -> None:
    """Give the sign that is proved to the variables of functions."""
    for kind, tree, proof in frame.node.get("bounds", ()):
        value = frame.value(tree)
        variables = [k for k in frame.signs if value == Ratio(RING.gen(k))]
        demand(kind in (">", ">=") and variables and not frame.signs[variables[0]], "no bound of a function")
        frame.prove(kind, tree, proof)
        frame.signs[variables[0]] = kind


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
                negative = need[0] == "!=" and proof and proof.get("negative")
                target = ("*", -1, need[1]) if negative else need[1]
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
        demand(
            kind in (">", ">=", "=") or (not kind and known.issuperset(needs(tree))),
            "no sign, or perhaps undefined",
        )
        if kind:
            check(ranges, kind, tree, proof, known)
    frame.vanishes(total(frame, node, sign) * constant(-1) + frame.value(f))


def _by_level(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    (head, a), level = node["term"], node["level"]
    upper = f == minus(level, (head, a))
    demand(
        head in ("W0", "W-1", "log") and (upper or f == minus((head, a), level)), "not a term against a level"
    )
    at_level = ("exp", level) if head == "log" else ("*", level, ("exp", level))
    if head != "log" and (sign == "=" or upper == (head == "W0")):
        check(
            ranges,
            ">=",
            ("+", level, 1) if head == "W0" else ("*", -1, ("+", level, 1)),
            node["branch"],
            known,
        )
    check(
        ranges,
        sign,
        minus(a, at_level) if upper == (head == "W-1") else minus(at_level, a),
        node["proof"],
        known,
    )


def _by_monotone(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    values = f[2] if f[0] == "*" else f
    (head, a), (_, b) = values[1], values[2][2]
    demand(values == minus((head, a), (head, b)) and head in ("exp", "log", "W0", "W-1"), "not a difference")
    pair = minus(b, a) if head == "W-1" else minus(a, b)
    demand(
        values == f or (f == ("*", pair, values) and sign != "="),
        "not a difference, nor times that of arguments",
    )
    check(ranges, sign, pair if values == f else ("^", pair, 2), node["proof"], known)


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
    demand(
        new.keys() <= {r[0] for r in node["ranges"]} and old.keys() <= {r[0] for r in ranges},
        "no coordinates",
    )
    yield from ((">=", ("*", 0, tree)) for tree in new.values())
    for name, low, high, low_open, high_open in node["ranges"]:
        if low is not None:
            yield ">" if low_open else ">=", minus(new.get(name, name), put(low, new))
        if high is not None:
            yield ">" if high_open else ">=", minus(put(high, new), new.get(name, name))
    yield from (("=", minus(put(old.get(r[0], r[0]), new), r[0])) for r in ranges)
    yield from (("=", minus(part, put(tree, new))) for part, tree in dict(node["known"]).items())


def _by_both(ranges: Any, sign: str, f: Any, node: Any, known: frozenset[Any]) -> None:
    demand(sign in (">=", "="), "what is 0 is not > 0")
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


TORN = ArithmeticError, AttributeError, LookupError, RuntimeError, StopIteration, TypeError, ValueError


def verify(problem: Any, proof: Any) -> None:
    """Demand that the proof proves the problem. Raises Refused."""
    try:
        ranges, relation, proof = frozen(problem["ranges"]), frozen(problem["relation"]), frozen(proof)
        for _, *ends, low_open, high_open in ranges:
            demand(type(low_open) is bool and type(high_open) is bool, "an end is open or it is not")
            for end in ends:
                formed(0 if end is None else end)
        for part in relation[1:] if relation[0] == "equivalent" else (relation,):
            for side in part[1:]:
                formed(side)
        if relation[0] == "increases":
            demand(relation[2] in {r[0] for r in ranges}, "growth with what is no symbol")
            demand(
                not any(relation[2] in names(end) for r in ranges for end in r[1:3]),
                "an end depends on the symbol",
            )
            check(ranges, ">", ("+", slope(*relation[1:]), ("*", 0, relation[1])), proof)
        elif relation[0] == "equivalent":
            (first, f), (second, g) = map(difference, relation[1:])
            demand(first == second, "relations of two kinds")
            check(ranges, ">", proof["ratio"], proof["positive"])
            check(ranges, "=", minus(f, ("*", proof["ratio"], g)), proof["same"])
        else:
            check(ranges, *difference(relation), proof)
    except TORN as error:
        raise Refused(f"the proof is torn: {error!r}") from error


def main(paths: list[str]) -> None:
    """Check every proof in files as they are stored, by hand. Raises Refused."""
    for path in paths:
        for key, entry in json.loads(Path(path).read_text(encoding="utf-8"))["proofs"].items():
            demand(digest(entry["problem"]) == key, f"{key} is the digest of another problem")
            verify(entry["problem"], entry["proof"])
            print("accepted", key[:12], json.dumps(entry["problem"]))


if __name__ == "__main__":
    main(sys.argv[1:])
