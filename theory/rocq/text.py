"""Trees of the kernel as terms of Rocq: shared parts get names, so that a file holds each part once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

from ascentcheck.theory.check.frame import minus

Tree: TypeAlias = Any
Fact: TypeAlias = tuple[str, Tree]
"""A sign (one of > >= = !=) and the tree that has it."""

_SIGNS = {">": "Positive", ">=": "NonNegative", "=": "IsZero", "!=": "NonZero"}
_HEADS = {
    "exp": "Exp",
    "log": "Log",
    "W0": "Lam0",
    "W-1": "Lam1",
    "X": "PairX",
    "Y": "PairY",
    "abs": "Absolute",
    "max": "Larger",
    "min": "Smaller",
}


class Text:
    """The lines of a file, and the names of the trees that it has defined."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[Tree, str] = {}
        self.lists: dict[tuple[Fact, ...], str] = {}
        self.symbols: dict[str, int] = {}

    def symbol(self, name: str) -> int:
        """Return the number by which a symbol goes."""
        return self.symbols.setdefault(name, len(self.symbols))

    def tree(self, of: Tree) -> str:
        """Return the term of a tree."""
        of = binary(of)
        if isinstance(of, int):
            return f"(Num ({of}) 1)"
        if isinstance(of, str) and not of.isidentifier():
            p, q = of.split("/")
            return f"(Num ({p}) {q})"
        if of not in self.names:
            body = self._body(of)
            self.names[of] = f"t{len(self.names)}"
            self.lines.append(f"Definition {self.names[of]} : tree := {body}.")
        return self.names[of]

    def _body(self, of: Tree) -> str:
        if isinstance(of, str):
            return f"Var {self.symbol(of)}"
        head, *parts = of
        if head == "^":
            return f"Pow {self.tree(parts[0])} ({parts[1]})"
        if head in ("+", "*"):
            return f"{'Add' if head == '+' else 'Mul'} {self.tree(parts[0])} {self.tree(parts[1])}"
        return " ".join((_HEADS[head], *map(self.tree, parts)))

    def sign(self, sign: str) -> str:
        """Return the name of a sign."""
        return _SIGNS[sign]

    def fact(self, fact: Fact) -> str:
        """Return the term of a fact."""
        return f"({_SIGNS[fact[0]]}, {self.tree(fact[1])})"

    def facts(self, facts: tuple[Fact, ...]) -> str:
        """Return the name of a list of facts."""
        if facts not in self.lists:
            body = "; ".join(map(self.fact, facts))
            self.lists[facts] = f"h{len(self.lists)}"
            self.lines.append(f"Definition {self.lists[facts]} : list fact := [{body}].")
        return self.lists[facts]


@lru_cache(maxsize=1 << 16)
def binary(of: Tree) -> Tree:
    """Return the tree with sums and products of two parts, grouped to the left, as `Text.tree` writes it."""
    if not isinstance(of, tuple):
        return of
    head, *parts = of
    if head == "^":
        return (head, binary(parts[0]), parts[1])
    parts = [binary(part) for part in parts]
    if head not in ("+", "*"):
        return (head, *parts)
    if not parts:
        return int(head == "*")
    result = parts[0]
    for part in parts[1:]:
        result = (head, result, part)
    return result


def range_facts(ranges: Any) -> tuple[Fact, ...]:
    """Return what ranges say, as facts."""
    facts: list[Fact] = []
    for name, low, high, low_open, high_open in ranges:
        if low is not None:
            facts.append((">" if low_open else ">=", minus(name, low)))
        if high is not None:
            facts.append((">" if high_open else ">=", minus(high, name)))
    return tuple(facts)
