"""Where a module of a claim or a theorem can be changed, and to what: one place of its source at a time, text apart.

A number is multiplied by 1 + 1e-6 and moved by ±1; a symbol is exchanged with those next to it in meaning (|R|, |F|, |D|;
α, ε, ε²; λ, 2λ; the two branches of W; x and y of the pair); a relation is turned and loosened; a hypothesis (an end of a
range, a condition on data sets) is dropped.

A place is named by structure, so that its name outlives other edits: module, enclosing names, kind, ordinal, change.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from ascentcheck.theory.mutate.changes import Maker, changes_of
from ascentcheck.theory.mutate.neighbours import PREFIX, RELATIONS, VOCABULARY
from ascentcheck.theory.mutate.sources import source
from ascentcheck.theory.mutate.tree import bound, enclosing, is_docstring, is_future, is_text, replace, walk


@dataclass(frozen=True)
class Mutation:
    """One change at one place. `name` tells both; `node` counts the nodes of the module's tree up to the place."""

    module: str
    within: str
    what: str
    change: str
    node: int
    line: int

    @property
    def name(self) -> str:
        """The place and the change, on one line."""
        return f"{self.module}/{self.within}/{self.what} {self.change}"


@cache
def mutations(module: str) -> tuple[Mutation, ...]:
    """Return every change of one module, in the order of its source."""
    return tuple(mutation for mutation, _ in _with_makers(module))


def _with_makers(module: str) -> Iterator[tuple[Mutation, Maker]]:
    tree = ast.parse(source(module))
    known = bound(tree)
    counts: Counter[tuple[str, str]] = Counter()
    for index, (node, parents) in enumerate(walk(tree)):
        if is_text(node, parents):
            continue
        within = enclosing(parents)
        changes = list(changes_of(module, node, parents, known))
        if not changes:
            continue
        kind = changes[0][0]
        counts[within, kind] += 1
        for kind, change, make in changes:
            what = f"{kind} {counts[within, kind]}"
            yield Mutation(module, within, what, change, index, getattr(node, "lineno", 0)), make


@lru_cache(maxsize=2)
def _makers(module: str) -> dict[Mutation, Maker]:
    return dict(_with_makers(module))


def mutated(mutation: Mutation) -> ast.Module:
    """Return the tree of the module with the change made."""
    tree = ast.parse(source(mutation.module))
    make = _makers(mutation.module)[mutation]
    node, parents = next(pair for k, pair in enumerate(walk(tree)) if k == mutation.node)
    replace(parents[-1], node, ast.copy_location(make(copy.deepcopy(node)), node))
    first = next(k for k, part in enumerate(tree.body) if not is_docstring(part) and not is_future(part))
    names = ", ".join(f"{name} as {PREFIX}{name}" for name in VOCABULARY)
    lambert = f"W0 as {PREFIX}W0, Wm1 as {PREFIX}Wm1"
    relations = ", ".join(f"{name} as {PREFIX}{name}" for name in RELATIONS)
    extra = ast.parse(
        f"from ascentcheck.theory.vocabulary import {names}\n"
        f"from ascentcheck.theory.domain import Range as {PREFIX}Range\n"
        f"from ascentcheck.theory.expression import {lambert}\n"
        f"from ascentcheck.theory.relations import {relations}\n"
        f"import sympy as {PREFIX}sympy\nfrom flint import fmpq as {PREFIX}fmpq\n"
    )
    tree.body[first:first] = extra.body
    return ast.fix_missing_locations(tree)
