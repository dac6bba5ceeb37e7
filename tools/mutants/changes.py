"""Where a module can be changed, and how: places and changes are cosmic-ray's, with two of our own."""

from __future__ import annotations

import ast
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

UNUSED = ("VariableReplacer", "VariableInserter", "RemoveDecorator", "ExceptionReplacer")
"""cosmic-ray's operators that need a name to work on, or change what decides nothing: a cache, an error's kind."""

IDLE = ('__name__ == "__main__"', "TYPE_CHECKING")
"""Conditions of what runs as a program only, or never."""

IDENTITY = tuple(
    f"{one}_{other}"
    for same, equal in (("Is", "Eq"), ("IsNot", "NotEq"))
    for one, other in ((same, equal), *((o, same) for o in ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")))
)


class Percent(Operator):
    """A number with a point or an exponent, 1% larger."""

    def mutation_positions(self, node: parso.tree.NodeOrLeaf) -> Iterator[tuple]:
        if node.type == "number" and isinstance(ast.literal_eval(node.value), float):
            yield node.start_pos, node.end_pos

    def mutate(self, node: parso.tree.NodeOrLeaf, index: int) -> parso.tree.NodeOrLeaf:
        return parso.python.tree.Number(repr(float(node.value) * 1.01), node.start_pos, prefix=node.prefix)

    @classmethod
    def examples(cls) -> tuple:
        return ()


class DropCall(Operator):
    """A call that is a statement, left out."""

    def mutation_positions(self, node: parso.tree.NodeOrLeaf) -> Iterator[tuple]:
        if node.type in ("atom_expr", "power") and node.parent.type == "simple_stmt":
            yield node.start_pos, node.end_pos

    def mutate(self, node: parso.tree.NodeOrLeaf, index: int) -> parso.tree.NodeOrLeaf:
        return parso.python.tree.Name("pass", node.start_pos, prefix=node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple:
        return ()


@dataclass(frozen=True)
class Place:
    """Where a module can be changed: first and last position, and the function or class that it is in, dotted."""

    module: str
    start: tuple[int, int]
    end: tuple[int, int]
    within: str

    def __str__(self) -> str:
        return f"{self.module}:{self.start[0]}"


@dataclass(frozen=True)
class Mutant:
    """A change at a place: the operator, the line before and after it, both stripped, and the changed source."""

    place: Place
    operator: str
    was: str
    becomes: str
    source: str

    def __str__(self) -> str:
        return f"{self.place}: {self.operator} in {self.place.within or 'the module'}: {self.becomes}"


@cache
def operators() -> dict[str, type[Operator]]:
    """Return the operators in use, without those between identity and equality, which differ by interning alone."""
    every = OperatorProvider()
    names = [name for name in every if name not in UNUSED and not name.endswith(IDENTITY)]
    return {**{name: every[name] for name in names}, "Percent": Percent, "DropCall": DropCall}


@cache
def places(module: str, source: str) -> dict[Place, list[tuple[str, int]]]:
    """Return the changes of a module, each an operator's name and its occurrence, by place and in its order."""
    found: dict[Place, list[tuple[str, int]]] = {}
    nodes = list(ast_nodes(parso.parse(source)))
    for name, operator in operators().items():
        occurrence = 0
        for node in nodes:
            for start, end in operator().mutation_positions(node):
                if not _left_alone(node):
                    place = Place(module, start, end, _within(node))
                    found.setdefault(place, []).append((name, occurrence))
                occurrence += 1
    return dict(sorted(found.items(), key=lambda item: (item[0].start, item[0].end)))


def _within(node: parso.tree.NodeOrLeaf) -> str:
    names = []
    while (node := node.parent) is not None:
        if node.type in ("funcdef", "classdef"):
            names.append(node.name.value)
    return ".".join(reversed(names))


def _left_alone(node: parso.tree.NodeOrLeaf) -> bool:
    """Whether a node is in an annotation, a text, a decorator, an error or what runs as a program only, or never."""
    if node.type == "if_stmt" and node.children[1].get_code().strip() in IDLE:
        return True
    while (above := node.parent) is not None:
        if above.type in ("fstring", "raise_stmt", "decorator"):
            return True
        if (
            above.type in ("annassign", "tfpdef")
            and node is above.children[1 if above.type == "annassign" else 2]
        ):
            return True
        if above.type == "funcdef" and node is above.annotation:
            return True
        node = above
        if node.type == "if_stmt" and node.children[1].get_code().strip() in IDLE:
            return True
    return False


def drawn(sources: Mapping[str, str], number: int, seed: str, at: Collection[str] = ()) -> list[Mutant]:
    """Return one change at each of so many places of all modules, drawn at random and in the order drawn.

    A place all of whose changes are no program, or the same one, is passed over. With `at`, those are returned that are at such
    places, each MODULE:LINE.
    """
    rng, found, count = random.Random(seed), [], 0
    every = [item for module in sorted(sources) for item in places(module, sources[module]).items()]
    for place, changes in rng.sample(every, len(every)):
        if count == number:
            break
        shuffled = rng.sample(changes, len(changes))
        asked = not at or str(place) in at
        if not asked and number >= len(every):  # making one takes long
            continue
        tries = (made(sources[place.module], place, *one) for one in shuffled)
        if mutant := next(filter(None, tries), None):
            count += 1
            found.extend([mutant] if asked else [])
    return found


def made(source: str, place: Place, operator: str, occurrence: int) -> Mutant | None:
    """Return a change, or None where it is no program or the same one."""
    changed = MutationVisitor.mutate_code(source, operators()[operator](), occurrence)
    try:
        same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return None
    line = place.start[0] - 1
    was, becomes = (text.splitlines()[line].strip() for text in (source, changed))
    return None if same else Mutant(place, operator, was, becomes, changed)
