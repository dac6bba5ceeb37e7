"""Change a module at one place at a time: do its tests object? The mutants of the code that decides.

    python -m tools.mutants empirics/scores/energy.py tests/empirics/scores/test_energy.py --sample 25 --seed a

Places and changes are cosmic-ray's, with two of our own. Its runner starts Python anew for every mutant and writes it into the
checkout; here each lives in a fork that has the libraries loaded and reads the module changed, and nothing is written. A control
that changes nothing must survive, and one that raises must not, else the tests say nothing. Survivors are printed.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.machinery
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

LOADED = "numpy,scipy.stats,scipy.optimize,sympy,flint,pydantic,torch,rich.table"
"""What is imported once, before any mutant: libraries of weight, none of the project's."""

UNUSED = ("VariableReplacer", "VariableInserter", "RemoveDecorator", "ExceptionReplacer")
"""cosmic-ray's operators that need a name to work on, or change what decides nothing: a cache, an error's kind."""

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
class Mutant:
    """A change of a module: the line and what it does, and the changed source."""

    line: int
    what: str
    source: str


def operators() -> dict[str, type[Operator]]:
    """Return the operators in use, without those between identity and equality, which differ by interning alone."""
    every = OperatorProvider()
    names = [name for name in every if name not in UNUSED and not name.endswith(IDENTITY)]
    return {**{name: every[name] for name in names}, "Percent": Percent, "DropCall": DropCall}


def places(source: str) -> dict[tuple, list[tuple[str, int]]]:
    """Return the changes of a module, each an operator's name and its occurrence, by place: first and last position."""
    found: dict[tuple, list[tuple[str, int]]] = {}
    nodes = list(ast_nodes(parso.parse(source)))
    for name, operator in operators().items():
        occurrence = 0
        for node in nodes:
            for place in operator().mutation_positions(node):
                if not _left_alone(node):
                    found.setdefault(place, []).append((name, occurrence))
                occurrence += 1
    return dict(sorted(found.items()))


def _left_alone(node: parso.tree.NodeOrLeaf) -> bool:
    """Whether a node is in an annotation, a text, a decorator, an error or what runs as a program only."""
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
        if node.type == "if_stmt" and "__name__" in node.children[1].get_code():
            return True
    return False


def drawn(source: str, number: int, seed: str) -> list[Mutant]:
    """Return one change at each of so many places, drawn at random; changes that are no program or the same one are none."""
    rng, found = random.Random(seed), []
    every = list(places(source).items())
    for place, changes in rng.sample(every, len(every)):
        for name, occurrence in rng.sample(changes, len(changes)):
            if len(found) < number and (mutant := _made(source, place, name, occurrence)):
                found.append(mutant)
                break
    return sorted(found, key=lambda m: m.line)


def _made(source: str, place: tuple, name: str, occurrence: int) -> Mutant | None:
    changed = MutationVisitor.mutate_code(source, operators()[name](), occurrence)
    try:
        same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return None
    (line, start), (last, _) = place
    written = changed.splitlines()[line - 1 : last][0].strip()
    return None if same else Mutant(line, f"{name} at {start}: {written}", changed)


def survives(source: str, path: Path, tests: list[str], seconds: int) -> bool:
    """Whether the tests run and pass with that source in the place of the module."""
    code = compile(source, str(path), "exec", dont_inherit=True)
    child = os.fork()
    if not child:
        os._exit(_in_child(code, path, tests, seconds))
    return os.waitpid(child, 0)[1] == 0


def _in_child(code: object, path: Path, tests: list[str], seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))  # one that never ends is killed
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1), os.dup2(sink, 2)
    true = importlib.machinery.SourceFileLoader.get_code

    def changed(self: importlib.machinery.SourceFileLoader, name: str) -> object:
        own = Path(self.get_filename(name))
        return code if own.name == path.name and own.samefile(path) else true(self, name)

    importlib.machinery.SourceFileLoader.get_code = changed
    import pytest

    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore", *tests]))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95% interval of a share."""
    z, p = 1.96, hits / n
    middle, reach = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def main(arguments: list[str] | None = None) -> int:
    """Try a sample; return 1 where a control is not what it must be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--sample", type=int, default=sys.maxsize, help="so many places; all by default")
    parser.add_argument("--seed", default="0")
    parser.add_argument(
        "--seconds", type=int, default=120, help="of a processor, after which a mutant never ends"
    )
    parser.add_argument(
        "--line", type=int, action="append", help="of the sample, what is on this line; may be repeated"
    )
    parser.add_argument("--loaded", default=LOADED, help="libraries that are imported once")
    given = parser.parse_args(arguments)
    source = given.module.read_text(encoding="utf-8")
    chosen = [
        m for m in drawn(source, given.sample, given.seed) if given.line is None or m.line in given.line
    ]
    if not chosen:
        return _stop(given.module, "there is nothing to change", 2)
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutants")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("pytest", *filter(None, given.loaded.split(","))):
        with suppress(ImportError):
            importlib.import_module(name)
    here = given.module.resolve()
    files = [Path(m.__file__) for m in [*sys.modules.values()] if getattr(m, "__file__", None)]
    if here in (file.resolve() for file in files):
        return _stop(given.module, f"is imported already by {given.loaded}", 2)

    def passes(changed: str) -> bool:
        return survives(changed, given.module, given.tests, given.seconds)

    if not passes(source + "\n_nobody_reads_this = 1 + 1\n"):
        return _stop(
            given.module, "the control does not survive: its tests fail, or none runs, without any change", 1
        )
    if passes(source + "\nraise AssertionError\n"):
        return _stop(given.module, "the control that raises survives: its tests do not read it", 1)
    began, left = time.monotonic(), 0
    for mutant in chosen:
        if passes(mutant.source):
            left += 1
            print(f"{given.module}:{mutant.line}: {mutant.what}", flush=True)
    killed, n = len(chosen) - left, len(chosen)
    low, high = wilson(killed, n)
    print(
        f"{given.module}: {killed} of {n} killed ({killed / n:.1%}; 95% interval {low:.1%} to {high:.1%}), at {n} of "
        f"{len(places(source))} places; seed {given.seed}; both controls as they must be; {time.monotonic() - began:.0f} s"
    )
    return 0


def _stop(module: Path, why: str, status: int) -> int:
    print(f"{module}: {why}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
