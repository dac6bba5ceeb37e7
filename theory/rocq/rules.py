"""The rules of the kernel as theorems of `rocq/Rules.v`: for each kind of node, the lemmas that it is made into."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from ascentcheck.theory.check import kernel
from ascentcheck.theory.check.frame import (
    ONE,
    RING,
    Ratio,
    constant,
    minus,
    number,
    polynomial,
    put,
    slope,
)
from ascentcheck.theory.rocq.mirror import Mirror, Traced, polynomial_text, rational_text
from ascentcheck.theory.rocq.script import Known, Ranges, Script, equation_of, functions, lifted, real_branch
from ascentcheck.theory.rocq.text import Fact, Tree, binary, range_facts


def _sign(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    closed = [r for r in ranges if r[2] is not None and not r[4]]
    cases = list(itertools.product((False, True), repeat=len(closed)))
    leaves = node["cases"] or [{}] * len(cases)
    inner: dict[tuple[bool, ...], tuple[Any, str]] = {}
    for case, stored in zip(cases, leaves, strict=True):
        attained = {r[0]: is_high for r, is_high in zip(closed, case, strict=True)}
        here = h
        for r, is_high in zip(closed, case, strict=True):
            here = (("=", minus(r[0], r[2])) if is_high else (">", minus(r[2], r[0])), *here)
        frame = Traced(stored)
        extra = _place(script, ranges, here, attained, frame)
        for kind, tree, proof in stored.get("bounds", ()):
            value = frame.value(tree)
            k = next(k for k in frame.signs if value.top == RING.gen(k))
            lemma = lifted(script, h, here, script.check(ranges, kind, tree, proof, known), (kind, tree))
            frame.signs[k] = kind
            if binary(frame.defs[k]) != binary(tree):
                raise LookupError("a bound of a function in other words")
            extra.append(((kind, tree), lemma))
        for tree, kind, proof in stored.get("basis", ()):
            if kind == 1:
                lifted(script, h, here, script.check(ranges, ">=", tree, proof, known), (">=", tree))
        inner[case] = (here, leaf_sign(script, h, here, sign, f, frame, extra))

    def joined(case: tuple[bool, ...], here: Any) -> str:
        if len(case) == len(closed):
            return inner[case][1]
        r = closed[len(case)]
        yes, no = ("=", minus(r[0], r[2])), (">", minus(r[2], r[0]))
        first, second = joined((*case, True), (yes, *here)), joined((*case, False), (no, *here))
        low = script.need(here, (">=", minus(r[2], r[0])))
        return script.lemma(here, (sign, f), f"exact (cases M _ _ _ _ {first} {second} {low}).")

    return joined((), h)


def _place(
    script: Script, ranges: Ranges, here: Any, attained: dict[Any, bool], frame: Traced
) -> list[tuple[Fact, str]]:
    """Give each symbol its value by its range, as the kernel does; return the facts that it takes, with their lemmas."""
    extra = list[tuple[Fact, str]]()
    for name, low, high, low_open, _ in ranges:
        if attained.get(name):
            frame.values[name] = frame.value(high)
            frame.steps.append(("IsEqual", name, high))
        elif low is None:
            frame.values[name] = frame.new()
            frame.define(name, "IsVar", name)
        else:
            start, s = frame.value(low), ">" if low_open else ">="
            t = frame.new(s)
            index = len(frame.defs)
            if high is not None:
                between = ("*", minus(name, low), ("^", minus(high, name), -1))
                frame.defs.append(between)
                start, t = (
                    start * (constant(1) + t) ** -1,
                    frame.value(high) * t * (constant(1) + t) ** -1,
                )
                frame.steps.append(("IsBetween", index))
                rule = "between_positive" if low_open else "between_nonnegative"
                above, below = (s, minus(name, low)), (">", minus(high, name))
                parts = script.need(here, above), script.need(here, below)
                lemma = script.lemma(here, (s, between), f"exact ({rule} M _ _ _ _ {' '.join(parts)}).")
                extra += [((s, between), lemma), (below, parts[1])]
            else:
                frame.defs.append(minus(name, low))
                frame.steps.append(("IsOffset", index))
            frame.values[name] = start + t
    return extra


def lift_known(script: Script, h: Any, here: Any) -> None:
    """Have all that is proved from h known in a case as well, when it is asked for."""
    if here != h:
        for fact, lemma in list(script.facts.get(h, {}).items()):
            if fact not in script.facts.setdefault(here, {}) and fact not in {
                (s, binary(t)) for s, t in here
            }:
                script.pending.setdefault(here, {})[fact] = (h, lemma)


def leaf_sign(
    script: Script, h: Any, here: Any, sign: str, f: Tree, frame: Traced, extra: list[tuple[Fact, str]]
) -> str:
    """Write the arithmetic of a case of `sign`."""
    lift_known(script, h, here)
    ratio = frame.value(f)
    first, stored = frame.node.get("factors", (1, None))
    factors = [(polynomial(p), k) for p, k in stored or ()]
    if stored is None:
        factors = [(ratio.top, 1), (ratio.bottom, -1)]
    for index in frame.node.get("equations", ()):
        frame.value(equation_of(frame.atoms[index][3]))
    c, oriented = number(first), []
    strict = sign == ">"
    for p, k in factors:
        own = frame.sign(p, strict or k < 0)
        oriented.append((p * own if own else p, k))
        c = -c if own < 0 and k % 2 else c
    if ratio.top == 0:
        c, oriented = number(0), []
    mirror = Mirror()
    steps = script.leaf(frame, True, mirror)
    n, e = mirror.value(binary(f))
    tops, bottoms = ONE, ONE
    for p, k in oriented:
        power = ONE
        for _ in range(abs(k)):
            power = power * p
        tops, bottoms = (tops * power, bottoms) if k > 0 else (tops, bottoms * power)
    top = n * bottoms - RING.constant(c) * tops * mirror.den(e)
    difference = ratio + Ratio(RING.constant(-c) * tops, bottoms)
    scale = Ratio(top, difference.top) if difference.top != 0 else constant(1)
    equations = bool(frame.node.get("equations"))
    if equations:
        ending, facts = script.ending(here, frame, mirror, top, scale, e)
    else:
        ending, facts = "(Build_ending [] [])", []
    extra = extra + facts + script.basis_facts(here, frame) + script.inverse_facts(here, frame, mirror)
    listed, proof = script.gathered(here, extra)
    text = "; ".join(f"({polynomial_text(p)}, ({k})%Z)" for p, k in oriented)
    return script.lemma(
        here,
        (sign, f),
        f"apply (by_sign M _ {listed} {'true' if strict else 'false'} _ {script.built(steps, mirror)} {rational_text(c)}"
        f" [{text}] {ending}); [exact {proof}|vm_compute; reflexivity].",
    )


def total_text(script: Script, node: Any) -> tuple[str, Tree]:
    """Return the sum of products of a `combine` node as a term, and its tree as Rocq writes it."""
    terms = []
    whole: Tree = 0
    for c, powers in reversed(node["terms"]):
        product: Tree = 1
        shown = []
        for (_, g, _), k in reversed(list(zip(node["facts"], powers, strict=True))):
            if k:
                product = ("*", ("^", g, k), product)
                shown.append(f"({script.text.tree(g)}, ({k})%Z)")
        whole = ("+", ("*", c, product), whole)
        value = number(c)
        terms.append(f"(({int(value.p)})%Z, {int(value.q)}%positive, [{'; '.join(reversed(shown))}])")
    return f"[{'; '.join(reversed(terms))}]", whole


def _combine(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    frame = Traced(node)
    for part in ranges:
        frame.values[part[0]] = frame.new()
        frame.define(part[0], "IsVar", part[0])
    extra = list[tuple[Fact, str]]()
    for kind, tree, proof in node["facts"]:
        if kind:
            extra.append(((kind, tree), script.check(ranges, kind, tree, proof, known)))
    difference = kernel.total(frame, node) * constant(-1) + frame.value(f)
    for index in node.get("equations", ()):
        frame.value(equation_of(frame.atoms[index][3]))
    text, whole = total_text(script, node)
    mirror = Mirror()
    steps = script.leaf(frame, False, mirror)
    n, e = mirror.value(binary(minus(f, whole)))
    scale = Ratio(n, difference.top) if difference.top != 0 else constant(1)
    if node.get("equations"):
        ending, facts = script.ending(h, frame, mirror, n, scale, e)
    else:
        ending, facts = "(Build_ending [] [])", []
    extra += facts + script.basis_facts(h, frame) + script.inverse_facts(h, frame, mirror)
    for kind, tree, _ in node["facts"]:
        strict = kind == ">=" and script.facts.get(h, {}).get((">", binary(tree)))
        if strict:
            extra.append(((">", tree), strict))
    listed, proof = script.gathered(h, extra)
    leaf = script.built(steps, mirror)
    if sign == "=":
        rule = f"by_combination_zero M _ {listed} _ {text} {leaf} {ending}"
    else:
        rule = f"by_combination M _ {listed} {script.text.sign(sign)} _ {text} {leaf} {ending}"
    return script.lemma(
        h, (sign, f), f"apply ({rule}); [exact {proof}|vm_compute; reflexivity|vm_compute; reflexivity]."
    )


def _level(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    (head, a), level = node["term"], node["level"]
    upper = f == minus(level, (head, a))
    at = ("exp", level) if head == "log" else ("*", level, ("exp", level))
    branch = ""
    if head != "log" and (sign == "=" or upper == (head == "W0")):
        tree = ("+", level, 1) if head == "W0" else ("*", -1, ("+", level, 1))
        branch = script.check(ranges, ">=", tree, node["branch"], known)
    target = minus(a, at) if upper == (head == "W-1") else minus(at, a)
    target = minus(a, at) if upper == (head == "W-1") else minus(at, a)
    proof = script.check(ranges, sign, target, node["proof"], known)
    short = {"W0": "W0", "W-1": "Wm1", "log": "log"}[head]
    if sign == "=":
        if target != minus(a, at):
            proof = script.lemma(h, ("=", minus(a, at)), f"exact (swapped M _ _ _ {proof}).")
        result = script.lemma(
            h, ("=", minus((head, a), level)), f"exact ({short}_at M _ _ _ {branch} {proof})."
        )
        return script.lemma(h, ("=", f), f"exact (swapped M _ _ _ {result}).") if upper else result
    strict = "true" if sign == ">" else "false"
    real = script.need(h, (">", a)) if head == "log" else script.need(h, real_branch(a))
    if head == "W-1":
        real += f" {script.need(h, ('>', ('*', -1, a)))}"
    rule = f"{short}_{'under' if upper else 'over'} M _ _ _ {strict} {real} {branch} {proof}"
    return script.lemma(h, (sign, f), f"exact ({rule}).")


def _monotone(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    values = f[2] if f[0] == "*" else f
    (head, a), (_, b) = values[1], values[2][2]

    def monotone(x: Tree, y: Tree) -> str:
        """Return a proof that head(x) − head(y) has the sign of x − y (of y − x for W−1)."""
        if head == "exp":
            return "(exp_monotone M _ _ _)"
        if head == "log":
            return f"(log_monotone M _ _ _ {script.need(h, ('>', y))})"
        if head == "W0":
            return f"(W0_monotone M _ _ _ {script.need(h, real_branch(y))})"
        return (
            f"(Wm1_monotone M _ _ _ {script.need(h, real_branch(x))} {script.need(h, ('>', ('*', -1, y)))})"
        )

    pair = minus(b, a) if head == "W-1" else minus(a, b)
    if values == f:
        proof = script.check(ranges, sign, pair, node["proof"], known)
        which = {
            ">": "(or_introl eq_refl)",
            ">=": "(or_intror (or_introl eq_refl))",
            "=": "(or_intror (or_intror eq_refl))",
        }
        return script.lemma(
            h, (sign, f), f"exact (by_monotone M _ _ _ _ _ _ {which[sign]} {monotone(a, b)} {proof})."
        )
    proof = script.check(ranges, sign, ("^", pair, 2), node["proof"], known)
    strict = "true" if sign == ">" else "false"
    return script.lemma(
        h,
        (sign, f),
        f"exact (by_monotone_product M _ _ _ _ _ {strict} {monotone(a, b)} {monotone(b, a)} {proof}).",
    )


def _grows(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    symbol = node["symbol"]
    low, low_open = next((r[1], r[3]) for r in ranges if r[0] == symbol)
    closed, inner = (tuple((*r[:3], o, r[4]) if r[0] == symbol else r for r in ranges) for o in (False, True))
    rest = tuple(r for r in ranges if r[0] != symbol)
    hc, hi, hr = range_facts(closed), range_facts(inner), range_facts(rest)
    if low_open:
        script.check(closed, ">=", ("*", 0, f), node["closed"])
    at_low = put(f, {symbol: low})
    start = script.check(rest, ">=" if low_open else sign, at_low, node["low"])
    listed = f"(listed_all M {script.text.facts(h)} {script.text.facts(hr)} ltac:(vm_compute; reflexivity))"
    start = script.lemma(
        h,
        (">=" if low_open else sign, at_low),
        f"exact (weaken M _ {script.text.facts(hr)} _ {listed} {start}).",
    )
    for need in known:
        if (need[0], binary(need[1])) not in script.facts.get(hi, {}):
            weak(script, h, hi, need)
    kernel_slope = slope(f, symbol)
    slope_sign = sign if low_open else ">="
    strict_growth = low_open and sign == ">"
    needed = script.check(inner, slope_sign, kernel_slope, node["slope"], known)
    own_slope = rocq_slope(binary(f), symbol)
    equal = equal_by_arithmetic(script, hi, inner, own_slope, kernel_slope, f, hc)
    needed = script.lemma(hi, (slope_sign, own_slope), f"exact (by_equal M _ _ _ _ {equal} {needed}).")
    if slope_sign == ">" and not strict_growth:
        needed = script.lemma(hi, (">=", own_slope), f"exact (positive_nonnegative M _ _ {needed}).")
    given = [(n, script.need(hc, n)) for n in kernel.needs(f)]
    listed, proof = script.gathered(hc, given)
    k, low_text = script.text.symbol(symbol), script.text.tree(low)
    common = f"{k} {low_text} _ {script.text.facts(hi)} {script.text.facts(hc)} {listed}"
    checks = f"[vm_compute; reflexivity|vm_compute; reflexivity|vm_compute; reflexivity|exact {proof}|vm_compute; reflexivity"
    if strict_growth:
        above = script.need(h, (">", minus(symbol, low)))
        return script.lemma(
            h,
            (sign, f),
            f"apply (by_strict_growth M _ {common}); {checks}|exact {above}|exact {start}|exact {needed}].",
        )
    above = script.need(h, (">=", minus(symbol, low)))
    which = "or_introl" if sign == ">" else "or_intror"
    return script.lemma(
        h,
        (sign, f),
        f"apply (by_growth M _ {common} _ ({which} eq_refl)); {checks}|exact {above}|exact {start}|exact {needed}].",
    )


def weak(script: Script, h: Any, stronger: Any, need: Fact) -> str:
    """Write a fact that is proved from h on facts that say more: > for ≥."""
    found = script.need(h, need)
    if h == stronger:
        return found
    proof = "(gives_nil M _)"
    for fact in reversed(h):
        proof = f"(gives_cons M _ _ _ {script.need(stronger, fact)} {proof})"
    return script.lemma(stronger, need, f"exact (weaken M _ {script.text.facts(h)} _ {proof} {found}).")


def rocq_slope(tree: Tree, symbol: str) -> Tree:
    """Return the derivative as `slope` of rocq/Rules.v writes it."""
    if not isinstance(tree, tuple):
        return int(tree == symbol)
    head, first = tree[:2]
    if head == "+":
        return ("+", rocq_slope(first, symbol), rocq_slope(tree[2], symbol))
    if head == "*":
        return ("+", ("*", rocq_slope(first, symbol), tree[2]), ("*", first, rocq_slope(tree[2], symbol)))
    if head == "^":
        return ("*", ("*", tree[2], ("^", first, tree[2] - 1)), rocq_slope(first, symbol))
    if head == "exp":
        return ("*", tree, rocq_slope(first, symbol))
    if head == "log":
        return ("*", ("^", first, -1), rocq_slope(first, symbol))
    return 0


def equal_by_arithmetic(
    script: Script, h: Any, ranges: Ranges, f: Tree, g: Tree, source: Tree, closed: Any
) -> str:
    """Write that two trees are equal, each function in them a number of its own."""
    fact = ("=", minus(f, g))
    frame = Traced({})
    for part in ranges:
        frame.define(part[0], "IsVar", part[0])
    for tree in functions(binary(minus(f, g))):
        frame.define(tree, "IsVar", tree)
    for need in kernel.needs(source):
        weak(script, closed, h, need)
    mirror = Mirror()
    steps = script.leaf(frame, False, mirror)
    mirror.value(binary(fact[1]))
    listed, proof = script.gathered(h, script.inverse_facts(h, frame, mirror))
    return script.lemma(
        h,
        fact,
        f"apply (by_identity M _ {listed} _ {script.built(steps, mirror)} (Build_ending [] []));"
        f" [exact {proof}|vm_compute; reflexivity].",
    )


def _coordinates(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    new, old = dict(node["from"]), dict(node["to"])
    for (kind, tree), proof in zip(kernel.conditions(ranges, node), node["proofs"], strict=True):
        script.check(ranges, kind, tree, proof, known)
    inner = put(f, old | dict(node["known"]))
    lemma = script.check(node["ranges"], sign, inner, node["proof"])
    hn = range_facts(node["ranges"])
    first = "(gives_nil M _)"
    for s, t in reversed(hn):
        first = f"(gives_cons M _ _ _ {script.need(h, (s, put(t, new)))} {first})"
    pairs = [(part, put(tree, new)) for part, tree in node["known"]]
    for r in ranges:
        there = put(old.get(r[0], r[0]), new)
        pairs.append((r[0], there))
        if there == r[0]:
            script.lemma(h, ("=", minus(r[0], there)), "exact (itself M _ _).")
        elif not script.known(h, ("=", minus(r[0], there))):
            back = script.need(h, ("=", minus(there, r[0])))
            script.lemma(h, ("=", minus(r[0], there)), f"exact (swapped M _ _ _ {back}).")
    news = (
        "[" + "; ".join(f"({script.text.symbol(n)}%nat, {script.text.tree(t)})" for n, t in new.items()) + "]"
    )
    return script.lemma(
        h,
        (sign, f),
        f"apply (by_coordinates M _ {script.text.facts(hn)} {news} {script.pairs(pairs)} _ _ {script.text.tree(inner)});"
        f" [exact {first}|exact {script.gives_old(h, pairs)}|vm_compute; reflexivity|exact {lemma}].",
    )


def _both(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    first = script.check(ranges, ">=", f, node["proofs"][0], known)
    second = script.check(ranges, ">=", ("*", -1, f), node["proofs"][1], known)
    return script.lemma(h, (sign, f), f"exact (both M _ _ {first} {second}).")


def _minimum(script: Script, ranges: Ranges, h: Any, sign: str, f: Tree, node: Any, known: Known) -> str:
    real = " ".join(script.pair_real(h, ("X", *node["of"])))
    return script.lemma(h, (sign, f), f"exact (curvature_at_minimum M _ _ _ _ HM {real}).")


RULES: dict[str, Callable[..., str]] = {
    "sign": _sign, "combine": _combine, "level": _level, "monotone": _monotone, "grows": _grows,
    "coordinates": _coordinates, "both": _both, "minimum": _minimum,
}  # fmt: skip
