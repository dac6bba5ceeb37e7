"""From a stored proof to a script: one lemma for each node, in the order in which they follow.

The kernel's rules are theorems of `rocq/Rules.v`; a node names the theorem, its lemmas and, for arithmetic, a certificate that
Rocq computes with. What is written here is not trusted: where it is wrong, Rocq refuses the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sympy as sp

from ascentcheck.theory.check import export, kernel, store
from ascentcheck.theory.check.exact import proof_of
from ascentcheck.theory.check.frame import (
    ONE,
    RING,
    Ratio,
    fixed,
    minus,
    names,
    number,
    polynomial,
    put,
)
from ascentcheck.theory.check.frame import pulls as kernel_pulls
from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.rocq.mirror import (
    Mirror,
    Traced,
    exponents_text,
    polynomial_text,
    rational_text,
)
from ascentcheck.theory.rocq.text import Fact, Text, Tree, binary, range_facts

Ranges = Any
Known = frozenset[Any]
E1 = ("exp", 1)


def real_branch(a: Tree) -> Fact:
    """Return the fact that W0 is real."""
    return ">=", ("+", ("*", E1, a), 1)


def equation_of(tree: Tree) -> Tree:
    """Return the tree that is 0 by the equation of a function's value, as `Frame.equations` evaluates it."""
    if tree[0] in ("X", "Y"):
        r, s, p, q = kernel_pulls(*tree[1:])
        left = ("+", ("*", p, r), ("*", q, s)) if tree[0] == "X" else ("+", ("*", q, r), ("*", p, s))
        return minus(left, tree)
    return minus(("exp", tree) if tree[0] == "log" else ("*", tree, ("exp", tree)), tree[1])


class Script:
    """Lemmas of one file. `facts` holds, for each list of facts, what is proved from it: fact to the name of its proof."""

    def __init__(self, text: Text, rules: Mapping[str, Callable[..., str]]) -> None:
        self.text, self.rules = text, rules
        self.count = 0
        self.facts: dict[tuple[Fact, ...], dict[Fact, str]] = {}
        self.pending: dict[tuple[Fact, ...], dict[Fact, tuple[tuple[Fact, ...], str]]] = {}
        self.ranges: dict[tuple[Fact, ...], Ranges] = {}
        self.on_pair = set[str]()
        """The lemmas that use what is known of the correlated pair."""

    # --- lemmas -------------------------------------------------------------------------------------------------
    def lemma(self, h: tuple[Fact, ...], fact: Fact, *proof: str) -> str:
        """Write a lemma with its proof (tactics), and return its name; an old one where there is one."""
        known = self.facts.setdefault(h, {})
        key = (fact[0], binary(fact[1]))
        if key in known:
            return known[key]
        statement = f"entails M {self.text.facts(h)} {self.text.fact(fact)}"
        self.count += 1
        name = f"n{self.count}"
        written = " ".join(proof)
        if "HM" in written or any(used in self.on_pair for used in re.findall(r"\bn\d+\b", written)):
            self.on_pair.add(name)
        self.text.lines.append(f"Lemma {name} : {statement}.\nProof. {' '.join(proof)} Qed.")
        known[key] = name
        return name

    def known(self, h: tuple[Fact, ...], fact: Fact) -> str | None:
        """Return the name of a proof of a fact, None where there is none: what is listed, or proved before, or weaker."""
        key = (fact[0], binary(fact[1]))
        found = self.facts.setdefault(h, {}).get(key)
        if found is not None:
            return found
        if any(key == (s, binary(t)) for s, t in h):
            return self.lemma(h, fact, "apply listed_ok; vm_compute; reflexivity.")
        if key in self.pending.get(h, {}):
            base, lemma = self.pending[h][key]
            return lifted(self, base, h, lemma, fact)
        if fact[0] in (">=", "!="):
            strict = self.known(h, (">", fact[1]))
            if strict:
                rule = "positive_nonnegative" if fact[0] == ">=" else "positive_nonzero"
                return self.lemma(h, fact, f"exact ({rule} M _ _ {strict}).")
        return None

    def need(self, h: tuple[Fact, ...], fact: Fact) -> str:
        """Return the name of a proof of a fact that must be known. Raises LookupError."""
        found = self.known(h, fact) or self.plain(h, fact)
        if found is None:
            raise LookupError(f"nothing proves {fact}")
        return found

    def plain(self, h: tuple[Fact, ...], fact: Fact) -> str | None:
        """Return a proof of a sign of a number, None where the tree is none."""
        sign, tree = fact
        if names(tree) & {"exp", "log", "W0", "W-1", "X", "Y"} or any(
            isinstance(n, str) and n.isidentifier() for n in names(tree)
        ):
            return None
        mirror = Mirror()
        value = mirror.value(binary(tree))[0]
        c = value.leading_coefficient() if value != 0 else number(0)
        if sign == "!=":
            negative = c < 0
            target = ("*", -1, tree) if negative else tree
            proof = self.plain(h, (">", target))
            return self.lemma(
                h, fact, f"exact ({'negative' if negative else 'positive'}_nonzero M _ _ {proof})."
            )
        strict = "true" if sign == ">" else "false"
        return self.lemma(
            h,
            fact,
            f"apply (by_sign M _ {self.text.facts(h)} {strict} _ (Build_leaf [] [] [] [] []) {rational_text(c)} []"
            " (Build_ending [] [])); [apply gives_refl|vm_compute; reflexivity].",
        )

    def gathered(self, h: tuple[Fact, ...], extra: list[tuple[Fact, str]]) -> tuple[str, str]:
        """Return the list of facts `extra` and h, and a proof that h gives it."""
        seen: dict[str, str] = {}
        for fact, proof in extra:
            seen.setdefault(self.text.fact(fact), proof)
        proof = f"(gives_refl M {self.text.facts(h)})"
        for name in reversed(seen.values()):
            proof = f"(gives_cons M _ _ _ {name} {proof})"
        listed = "".join(f"{fact} :: " for fact in seen)
        return f"({listed}{self.text.facts(h)})", proof

    # --- nodes --------------------------------------------------------------------------------------------------
    def check(self, ranges: Ranges, sign: str, f: Tree, node: Any, known: Known = frozenset()) -> str:
        """Write what a node shows, f > 0, ≥ 0 or = 0 on the ranges, and return its lemma; as `kernel.check` does."""
        node = node or {"rule": "sign", "cases": None}
        free, g = fixed(ranges, f)
        if len(free) != len(ranges):
            return self.substituted(ranges, free, sign, f, g, self.check(free, sign, g, node, known))
        h = range_facts(ranges)
        self.ranges[h] = ranges
        bases = [e[0] for part in (node, *(node.get("cases") or ())) for e in part.get("basis", ())]
        proofs, stages = iter(node.get("defined", ())), [known]
        for tree in (f, *bases):
            seen = set(stages[-1])
            for need in kernel.needs(tree):
                if need not in seen:
                    proof = next(proofs)
                    negative = need[0] == "!=" and proof and proof.get("negative")
                    target = ("*", -1, need[1]) if negative else need[1]
                    lemma = self.check(ranges, need[0].replace("!=", ">"), target, proof, frozenset(seen))
                    if need[0] == "!=":
                        rule = "negative_nonzero" if negative else "positive_nonzero"
                        self.lemma(h, need, f"exact ({rule} M _ _ {lemma}).")
                    seen.add(need)
            stages.append(frozenset(seen))
        return self.rules[node["rule"]](self, ranges, h, sign, f, node, stages[1])

    def substituted(self, ranges: Ranges, free: Ranges, sign: str, f: Tree, g: Tree, inner: str) -> str:
        """Write a lemma on ranges of which some are single points from that on the others, `inner`."""
        h, reduced = range_facts(ranges), range_facts(free)
        old: list[tuple[str, Tree]] = []
        name = "(gives_nil M _)"
        for symbol, low, high, low_open, high_open in ranges:
            values = dict(old)
            if low is None or low_open or high_open or put(low, values) != put(high, values):
                continue
            end = put(low, values)
            first = self.put_in(h, (">=", minus(symbol, low)), (">=", minus(symbol, end)), old, name)
            second = self.put_in(h, (">=", minus(high, symbol)), (">=", minus(end, symbol)), old, name)
            self.lemma(h, ("=", minus(symbol, end)), f"exact (one_point M _ _ _ {first} {second}).")
            old.append((symbol, end))
            name = self.gives_old(h, old)
        values = dict(old)
        proof = "(gives_nil M _)"
        for fact, (s, t) in reversed(list(zip(reduced, self.unreduced(ranges, free), strict=True))):
            proof = f"(gives_cons M _ _ _ {self.put_in(h, (s, t), fact, old, name)} {proof})"
        weak = self.lemma(h, (sign, g), f"exact (weaken M _ {self.text.facts(reduced)} _ {proof} {inner}).")
        if binary(f) == binary(g):
            return weak
        return self.lemma(
            h,
            (sign, f),
            f"apply (by_substitution M _ {self.pairs(old)} _ _ {self.text.tree(g)});"
            f" [exact {name}|vm_compute; reflexivity|exact {weak}].",
        )

    def unreduced(self, ranges: Ranges, free: Ranges) -> tuple[Fact, ...]:
        """Return the facts of the free ranges with the ends as they were."""
        kept = {r[0] for r in free}
        return range_facts(tuple(r for r in ranges if r[0] in kept))

    def pairs(self, old: Any) -> str:
        """Return pairs of trees as a term."""
        return "[" + "; ".join(f"({self.text.tree(a)}, {self.text.tree(b)})" for a, b in old) + "]"

    def gives_old(self, h: tuple[Fact, ...], old: Any) -> str:
        """Return a proof that h gives the equations of pairs."""
        proof = "(gives_nil M _)"
        for a, b in reversed(old):
            proof = f"(gives_cons M _ _ _ {self.need(h, ('=', minus(a, b)))} {proof})"
        return proof

    def put_in(self, h: tuple[Fact, ...], fact: Fact, result: Fact, old: Any, name: str) -> str:
        """Write a fact with equal formulas put in."""
        found = self.need(h, fact)
        if binary(fact[1]) == binary(result[1]):
            return found
        return self.lemma(
            h,
            result,
            f"apply (put_in M _ {self.pairs(old)} _ {self.text.tree(fact[1])});"
            f" [exact {name}|vm_compute; reflexivity|exact {found}].",
        )

    # --- arithmetic ---------------------------------------------------------------------------------------------
    def leaf(self, frame: Traced, signs: bool, mirror: Mirror) -> tuple[str, str, str]:
        """Return the certificate of the values of formulas."""
        steps, defs = [], [binary(d) for d in frame.defs]
        for step in frame.steps:
            plain = tuple(
                [(binary(b), k) for b, k in part] if isinstance(part, list) else binary(part) for part in step
            )
            mirror.run(plain, defs)
            steps.append(self.step(step))
        trees = "; ".join(self.text.tree(d) for d in frame.defs)
        known = "; ".join(
            {">": "More", ">=": "AtLeast", "": "Any"}[frame.signs[k] if signs else ""]
            for k in range(len(frame.defs))
        )
        return trees, known, "; ".join(steps)

    def step(self, step: tuple[Any, ...]) -> str:
        """Return a step as a term."""
        kind, first, *rest = step
        if kind in ("IsVar", "IsOffset", "IsBetween"):
            return f"{kind} {first}"
        if kind == "IsPower":
            powers = "; ".join(f"({self.text.tree(b)}, ({k})%Z)" for b, k in rest[0])
            return f"IsPower {self.text.tree(first)} [{powers}]"
        return " ".join((kind, *map(self.text.tree, (first, *rest))))

    def built(self, parts: tuple[str, str, str], mirror: Mirror) -> str:
        """Return the whole certificate, when all divisors are known."""
        dens = "; ".join(map(polynomial_text, mirror.dens))
        inverses = "; ".join(
            f"({self.text.tree(t)}, ({rational_text(c)}, {exponents_text(f)}))"
            for t, (c, f) in mirror.inverses.items()
        )
        trees, known, steps = parts
        return f"(Build_leaf [{trees}] [{known}] [{dens}] [{steps}] [{inverses}])"

    def ending(
        self, h: tuple[Fact, ...], frame: Traced, mirror: Mirror, top: Any, scale: Ratio, e: tuple[int, ...]
    ) -> tuple[str, list[tuple[Fact, str]]]:
        """Return the cofactors that show a numerator to be 0, and the equations in use.

        `top` is the numerator that Rocq has; `scale` is what it is more than that of the kernel, a polynomial.
        """
        equations, facts = [], list[tuple[Fact, str]]()
        parts = []
        for index, (cofactor, times) in zip(
            frame.node.get("equations", ()), frame.node.get("cofactors", ()), strict=True
        ):
            head, _, _, tree = frame.atoms[index]
            fact, proof = self.equation(h, head, tree)
            facts.append((fact, proof))
            n, d = mirror.value(binary(fact[1]))
            reduced = Ratio(n, mirror.den(d))
            parts.append((fact, polynomial(cofactor), times, reduced, n, d))
        m: tuple[int, ...] = ()
        divisors = ONE
        for _, _, times, reduced, _, d in parts:
            c, f = mirror.split((Ratio(reduced.bottom) ** times).top)
            m = _sum(m, _sum(d, f))
            divisors = divisors * mirror.den(d) * RING.constant(c)
        unit = ONE
        for _, _, times, reduced, _, _ in parts:
            c, _ = mirror.split((Ratio(reduced.bottom) ** times).top)
            unit = unit * RING.constant(1 / c)
        if scale.bottom != ONE:
            raise LookupError("the divisors of the two sides are not the same")
        for fact, cofactor, _, reduced, n, _ in parts:
            if n == 0:
                continue
            whole = Ratio(cofactor * scale.top * unit) * Ratio(reduced.top, n)
            for part in parts:
                whole = whole * Ratio(mirror.den(part[5]))
            if whole.bottom != ONE:
                raise LookupError("a cofactor is no polynomial")
            equations.append(f"({self.text.tree(fact[1])}, {polynomial_text(whole.top)})")
        return f"(Build_ending [{'; '.join(equations)}] {exponents_text(m)})", facts

    def equation(self, h: tuple[Fact, ...], head: str, tree: Tree) -> tuple[Fact, str]:
        """Return the equation of a function's value, and its proof."""
        a, fact = tree[1], ("=", equation_of(tree))
        if head in ("X", "Y"):
            rule = f"{head}_equation M _ _ _ _ HM {' '.join(self.pair_real(h, tree))}"
        elif head == "log":
            rule = f"log_equation M _ _ {self.need(h, ('>', a))}"
        else:
            rule = f"{'W0' if head == 'W0' else 'Wm1'}_equation M _ _ {self.need(h, real_branch(a))}"
            if head == "W-1":
                rule += f" {self.need(h, ('>', ('*', -1, a)))}"
        return fact, self.lemma(h, fact, f"exact ({rule}).")

    def pair_real(self, h: tuple[Fact, ...], tree: Tree) -> tuple[str, str, str]:
        """Return proofs of what X and Y ask for."""
        _, a, c, e = tree
        return (
            self.need(h, (">=", e)),
            self.need(h, (">", a)),
            self.need(h, (">", ("+", 1, ("*", E1, ("+", 1, ("^", e, 2)), c)))),
        )

    def inverse_facts(self, h: tuple[Fact, ...], frame: Traced, mirror: Mirror) -> list[tuple[Fact, str]]:
        """Return what must be known for the divisions of a leaf."""
        found = []
        for tree in mirror.inverses:
            if tree[0] == "exp" or tree in frame_betweens(frame):
                continue
            proof = self.known(h, ("!=", tree)) or self.plain(h, ("!=", tree)) or self.end(h, tree)
            found.append((("!=", tree), proof))
        return found

    def end(self, h: tuple[Fact, ...], tree: Tree) -> str:
        """Write that a divisor in an end of a range is not 0, by a proof that is searched for now. Raises LookupError."""
        base = next(h[k:] for k in range(len(h) + 1) if h[k:] in self.ranges)
        found = self.known(base, ("!=", tree))
        if found is None:
            ranges = on_which(self.ranges[base], tree)
            negative = searched(ranges, tree) is None
            target = ("*", -1, tree) if negative else tree
            node = searched(ranges, target)
            if node is None:
                raise LookupError(f"nothing proves {tree} != 0")
            proof = self.check(ranges, ">", target, node)
            rule = "negative" if negative else "positive"
            few = range_facts(ranges)
            found = self.lemma(few, ("!=", tree), f"exact ({rule}_nonzero M _ _ {proof}).")
            if few != base:
                listed = f"(listed_all M {self.text.facts(base)} {self.text.facts(few)} ltac:(vm_compute; reflexivity))"
                found = self.lemma(
                    base, ("!=", tree), f"exact (weaken M _ {self.text.facts(few)} _ {listed} {found})."
                )
        return lifted(self, base, h, found, ("!=", tree))

    def vanishing(self, h: tuple[Fact, ...], tree: Tree) -> str:
        """Write that a tree is 0 where its symbols are numbers, each function in it a number of its own."""
        frame = Traced({})
        for _, equation in h:
            frame.steps.append(("IsEqual", equation[1], equation[2][2]))
        for function in functions(binary(tree)):
            frame.define(function, "IsVar", function)
        mirror = Mirror()
        steps = self.leaf(frame, False, mirror)
        if mirror.value(binary(tree))[0] != 0:
            raise LookupError("a difference at a point is not 0 by arithmetic alone")
        return self.lemma(
            h,
            ("=", tree),
            f"apply (by_identity M _ {self.text.facts(h)} _ {self.built(steps, mirror)} (Build_ending [] []));"
            " [apply gives_refl|vm_compute; reflexivity].",
        )

    def basis_facts(self, h: tuple[Fact, ...], frame: Traced) -> list[tuple[Fact, str]]:
        """Return what is known of the variables of exponentials."""
        found = []
        for kind, tree in frame.extra:
            if kind == "one":
                fact, rule = (">=", minus(("exp", tree), 1)), f"exp_one M _ _ {self.need(h, ('>=', tree))}"
            elif kind == ">=":
                fact, rule = (">=", minus(("exp", tree), ("+", 1, tree))), "exp_linear M _ _"
            else:
                fact = (">", minus(("exp", tree), ("+", 1, tree)))
                rule = f"exp_linear_strict M _ _ {self.need(h, ('!=', tree))}"
            found.append((fact, self.lemma(h, fact, f"exact ({rule}).")))
        return found


def frame_betweens(frame: Traced) -> set[Tree]:
    """Return the coordinates of ranges with two ends, whose divisor 1 + t needs no fact."""
    return {binary(frame.defs[step[1]]) for step in frame.steps if step[0] == "IsBetween"}


def _sum(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    n = max(len(a), len(b))
    return tuple((a[k] if k < len(a) else 0) + (b[k] if k < len(b) else 0) for k in range(n))


def on_which(ranges: Ranges, tree: Tree) -> Ranges:
    """Return the ranges that a tree depends on, through their ends as well."""
    used = {n for n in names(tree) if isinstance(n, str)}
    for name, low, high, _, _ in reversed(ranges):
        if name in used:
            used |= {n for end in (low, high) if end is not None for n in names(end) if isinstance(n, str)}
    return tuple(r for r in ranges if r[0] in used)


@lru_cache(maxsize=256)
def searched(ranges: Ranges, target: Tree) -> Any:
    """Return a proof that a tree is > 0 on ranges, None where none is found."""
    relation = sp.Gt(export.expression(target), 0, evaluate=False)
    proof = proof_of(Proposition(relation, export.domain(ranges)))
    if proof is None or store.refusal(
        json.dumps({"ranges": ranges, "relation": (">", target, 0)}), json.dumps(proof)
    ):
        return None
    return kernel.frozen(proof)


def lifted(script: Script, h: Any, here: Any, lemma: str, fact: Fact) -> str:
    """Return a lemma with the further facts of a case before its own."""
    if here == h:
        return lemma
    proof = f"(gives_refl M {script.text.facts(h)})"
    for _ in range(len(here) - len(h)):
        proof = f"(gives_skip M _ _ _ {proof})"
    return script.lemma(here, fact, f"exact (weaken M _ {script.text.facts(h)} _ {proof} {lemma}).")


def functions(tree: Tree) -> list[Tree]:
    """Return the functions in a tree, inner ones first."""
    if not isinstance(tree, tuple):
        return []
    inner = [t for part in tree[1:] for t in functions(part)]
    return list(dict.fromkeys([*inner, tree] if tree[0] not in ("+", "*", "^") else inner))
