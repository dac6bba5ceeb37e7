"""Proofs forged on demand, an attack on the kernel: each part of a proof is drawn when the kernel says what it must show.

python -m tests.theory.forge [RELATIONS [SEED]]
"""

import random
import sys
from collections import Counter
from unittest.mock import patch

from ascentcheck.theory.check import kernel
from ascentcheck.theory.check.frame import Refused, demand, minus, symbols
from tests.theory.attack import accepted, holds, problem, refuted

SAME = {"rule": "combine", "facts": (), "terms": ()}
SIGN = {"rule": "sign", "cases": None}
DEPTH, DRAWS, PATIENCE = 3, 4, 100
"""How many rules deep a proof is, how many nodes are drawn for a part of it, and for all parts of one proof."""
NUMBERS = (-1, 0, 1, 2, 5, "1/2")


class Sought(dict):
    """A part of a proof that is not drawn yet, so many rules above the last; what is found becomes its content."""

    def __init__(self, draw, depth):
        super().__init__(negative=draw.random() < 0.4)
        self.depth = depth


def parts(tree):
    """Yield the parts of a tree, itself first."""
    yield tree
    if isinstance(tree, tuple):
        for inner in tree[1:]:
            yield from parts(inner)


class Forger:
    """Draws what may be proofs of what the kernel asks for."""

    def __init__(self, draw):
        self.draw, self.left, self.check = draw, PATIENCE, kernel.check

    def seek(self, ranges, sign, f, node, known=frozenset()):
        """Stand in for `kernel.check`: where a part is sought, draw nodes until the kernel takes one. Raises Refused."""
        if not isinstance(node, Sought):
            return self.check(ranges, sign, f, node, known)
        free, put = kernel.fixed(ranges, f)
        for turn in range(DRAWS if node.depth > 0 else 1):
            self.left -= 1
            demand(self.left > 0, "not found")
            plain = (
                (SAME if sign == "=" else SIGN) if turn == 0 else self.node(free, sign, put, node.depth - 1)
            )
            bases = [element[0] for element in plain.get("basis", ())]
            asked = {need for tree in (put, *bases) for need in kernel.needs(tree)} - known
            found = {**plain, "defined": tuple(self.sought(node.depth - 1) for _ in asked)}
            if holds(ranges, sign, f, found, known):
                node.update(found)
                return None
        raise Refused("not found")

    def sought(self, depth):
        """Return a part that is yet to be found."""
        return Sought(self.draw, depth)

    def tree(self, f):
        """Return a part of a tree, or a number or formula of no use elsewhere."""
        part = self.draw.choice([*parts(f)])
        return self.draw.choice((part, part, ("*", -1, part), minus(part, 1), *NUMBERS[:3]))

    def node(self, ranges, sign, f, depth):
        """Return a node by a rule drawn at random; one in two changes the coordinates."""
        names = [r[0] for r in ranges] or ["x"]
        rule = self.draw.choice(
            ("same", "sign", "combine", "combine", "level", "monotone", "grows", "both", *["new"] * 6)
        )
        if rule in ("same", "sign"):
            return SAME if rule == "same" else SIGN
        if rule == "combine":
            fact = self.draw.choice((">", ">=", "=", "")), self.tree(f), self.sought(depth)
            return {
                **SAME,
                "facts": (fact,),
                "terms": ((self.draw.choice((1, -1, 2)), (self.draw.choice((1, 2, -1)),)),),
            }
        if rule == "level":
            level, term = (f[1], f[2][2]) if f[0] == "+" and len(f[2]) == 3 else (0, f)
            level, term = self.draw.choice(((level, term), (term, level)))
            return {
                "rule": rule,
                "term": term,
                "level": level,
                "branch": self.sought(depth),
                "proof": self.sought(depth),
            }
        if rule == "monotone":
            return {"rule": "monotone", "proof": self.sought(depth)}
        if rule == "grows":
            grown = {part: self.sought(depth) for part in ("closed", "low", "slope")}
            return {"rule": "grows", "symbol": self.draw.choice(names), **grown}
        if rule == "both":
            return {"rule": "both", "proofs": (self.sought(depth), self.sought(depth))}
        return self.coordinates(ranges, f, depth)

    def coordinates(self, ranges, f, depth):
        """Return a change of coordinates: symbols are kept, let go, made anew from others, or given a value or a new range."""
        new, made, old = [], [], []
        for name in sorted(symbols(f) | {"t"}):
            if self.draw.random() < 0.5:
                continue
            kept = [r for r in ranges if r[0] == name and self.draw.random() < 0.5]
            value = self.draw.choice((*NUMBERS, "x", "y"))
            point, wide = (
                (name, value, value, False, False),
                (name, self.draw.choice((None, 0)), None, True, True),
            )
            new += kept or [self.draw.choice((point, wide))]
            made += (
                [(name, self.draw.choice((value, value, self.tree(f))))] if self.draw.random() < 0.6 else []
            )
        for name, *_ in ranges:
            there = self.draw.choice([r[0] for r in new] or [0])
            old += [(name, self.draw.choice((there, minus(there, -1))))] if self.draw.random() < 0.15 else []
        known = [(self.tree(f), self.tree(f))] if self.draw.random() < 0.1 else []
        node = {
            "rule": "coordinates",
            "ranges": tuple(new),
            "to": tuple(old),
            "from": tuple(made),
            "known": tuple(known),
        }
        try:
            conditions = list(kernel.conditions(ranges, node))
        except (Refused, TypeError):
            return SIGN
        shown = tuple(self.sought(depth if kind != "=" else 1) for kind, _ in conditions)
        return {**node, "proofs": shown, "proof": self.sought(depth)}


def plain(draw, names):
    """Return a relation of a symbol, its logarithm, power or product, with a number."""
    x, y = draw.choice(names), draw.choice(names)
    left = draw.choice((x, x, ("log", x), ("^", x, 2), ("^", x, -1), ("*", x, y), ("+", x, y), ("W0", x)))
    return [draw.choice((">", ">=", "=")), *draw.sample((left, draw.choice(NUMBERS)), 2)]


def forged(asked, draw):
    """Return a proof that the kernel took for a problem part by part; None where none was drawn."""
    forger = Forger(draw)
    goal, proof = kernel.difference(kernel.frozen(asked["relation"])), Sought(draw, DEPTH)
    with patch.object(kernel, "check", forger.seek):
        found = holds(kernel.frozen(asked["ranges"]), *goal, proof)
    return kernel.frozen(proof) if found else None


def forge(count, seed):
    """Forge proofs of random relations; return counts by outcome and what was accepted although a point refutes it."""
    draw, outcomes, wrong = random.Random(seed), Counter(), []
    for turn in range(count):
        asked = problem(draw)
        if draw.random() < 0.5:  # what is plain enough that a rule decides it at a value
            asked["relation"] = plain(draw, [r[0] for r in asked["ranges"]])
        proof = forged(asked, draw)
        if proof is None:
            outcomes["refused"] += 1
            continue
        assert accepted(asked, proof), (asked, proof)
        outcomes["accepted"] += 1
        outcomes["by other coordinates"] += "'coordinates'" in repr(proof)
        point = refuted(asked, turn)
        if point is not None:
            wrong.append((asked, proof, point))
    return outcomes, wrong


if __name__ == "__main__":
    counts, broken = forge(*map(int, (sys.argv[1:] + ["2000", "0"][len(sys.argv) - 1 :])))
    print(dict(counts), f"{len(broken)} refuted at a point")
    for case in broken:
        print(*case, sep="\n  ")
    sys.exit(bool(broken))
