"""Change a module at one place at a time: do its tests object? The mutants of the code that decides.

    python -m tools.mutants empirics/scores/energy.py tests/empirics/scores/test_energy.py --sample 40 --seed a

Each mutant lives in a process of its own, in which the module is read changed; nothing is written. A control that changes
nothing must survive, else the tests say nothing. Survivors are printed with their line. Standard library, and the tests' pytest.
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
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

LOADED = "numpy,scipy.stats,scipy.optimize,sympy,flint,pydantic,torch,rich.table"
"""What is imported once, before any mutant: libraries of weight, none of the project's."""

SWAPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A change: its line, what it is, and how it is made on the tree, at the node of that number in ast.walk's order."""

    line: int
    what: str
    node: int
    change: Callable[[ast.AST], ast.AST | None]

    def tree(self, source: str) -> ast.Module:
        """Return the changed tree."""
        tree = ast.parse(source)
        target = list(ast.walk(tree))[self.node]
        new = self.change(target)
        return _Replaced(target, new).visit(tree) if new is not None else tree


class _Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self.new, node) if node is self.old else self.generic_visit(node)


def mutants(source: str) -> list[Mutant]:
    """Return every change of a module, without its texts, annotations, and what runs as a program only."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    left = {id(inner) for node in nodes for part in _left_alone(node) for inner in ast.walk(part)}
    return [
        Mutant(node.lineno, f"{what}: {ast.unparse(node)[:60]}", number, change)
        for number, node in enumerate(nodes)
        if hasattr(node, "lineno") and id(node) not in left
        for what, change in _changes(node)
    ]


def _left_alone(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
        yield node.annotation
    if isinstance(node, ast.FunctionDef):
        yield from (*node.decorator_list, *([node.returns] if node.returns else []))
    if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
        yield node
    if isinstance(node, ast.JoinedStr | ast.Raise):
        yield node


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], ast.AST | None]]]:
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            for new in SWAPPED[type(op)]:
                yield (
                    f"{type(op).__name__} to {new.__name__}",
                    lambda n, p=place, o=new: n.ops.__setitem__(p, o()),
                )
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        for new in SWAPPED.get(type(node.op), ()):
            yield f"{type(node.op).__name__} to {new.__name__}", lambda n, o=new: setattr(n, "op", o())
    elif isinstance(node, ast.UnaryOp):
        yield f"{type(node.op).__name__} dropped", lambda n: n.operand
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "condition turned", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "call dropped", lambda n: ast.Pass()
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "turned", lambda n: ast.Constant(not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield "plus 1", lambda n: ast.Constant(n.value + 1)
        yield (
            "times 1.01" if isinstance(node.value, float) else "minus 1",
            lambda n: ast.Constant(n.value * 1.01 if isinstance(n.value, float) else n.value - 1),
        )


def survives(tree: ast.Module, path: Path, tests: list[str], seconds: int) -> bool:
    """Whether the tests pass with that tree in the place of the module. Raises RuntimeError where no test runs."""
    code = compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)
    child = os.fork()
    if not child:
        os._exit(_in_child(code, path, tests, seconds))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status in (3, 4, 5):  # pytest's own errors, and no tests
        raise RuntimeError(f"pytest ended with status {status} on {' '.join(tests)}")
    return status == 0


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
    """Try a sample; return 1 where the control is objected to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--sample", type=int, help="so many, drawn at random; all by default")
    parser.add_argument("--seed", default="0")
    parser.add_argument(
        "--seconds", type=int, default=120, help="of a processor, after which a mutant is one that never ends"
    )
    parser.add_argument(
        "--line", type=int, action="append", help="only what is on this line; may be repeated"
    )
    parser.add_argument("--loaded", default=LOADED, help="libraries that are imported once")
    given = parser.parse_args(arguments)
    source = given.module.read_text(encoding="utf-8")
    every = [m for m in mutants(source) if given.line is None or m.line in given.line]
    chosen = every
    if given.sample is not None and given.sample < len(every):
        chosen = random.Random(given.seed).sample(every, given.sample)
    if not chosen:
        print(f"{given.module}: there is nothing to change", file=sys.stderr)
        return 2
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutants")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("pytest", *filter(None, given.loaded.split(","))):
        with suppress(ImportError):
            importlib.import_module(name)
    here = given.module.resolve()
    if any(
        getattr(m, "__file__", None) and Path(m.__file__).resolve() == here for m in [*sys.modules.values()]
    ):
        print(f"{given.module}: is imported already by {given.loaded}", file=sys.stderr)
        return 2
    control = ast.parse(source)
    control.body.append(ast.parse("_nobody_reads_this = 1 + 1").body[0])
    if not survives(control, given.module, given.tests, given.seconds):
        print(
            f"{given.module}: the control does not survive: its tests fail without any change",
            file=sys.stderr,
        )
        return 1
    began, left = time.monotonic(), []
    for mutant in sorted(chosen, key=lambda m: m.line):
        if survives(mutant.tree(source), given.module, given.tests, given.seconds):
            left.append(mutant)
            print(f"{given.module}:{mutant.line}: {mutant.what}", flush=True)
    killed = len(chosen) - len(left)
    low, high = wilson(killed, len(chosen))
    print(
        f"{given.module}: {killed} of {len(chosen)} killed ({killed / len(chosen):.1%}; 95% interval {low:.1%} to {high:.1%}), "
        f"of {len(every)} places and changes; the control survives; {time.monotonic() - began:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
