r"""Where a module of a claim or a theorem can be changed, and to what: one place of its source at a time, text apart.

A number is multiplied by 1 + 1e-6 and moved by ±1; a symbol is exchanged with those next to it in meaning (|R|, |F|, |D|;
α, ε, ε²; λ, 2λ; the two branches of W; x and y of the pair); a relation is turned and loosened; a hypothesis (an end of a
range, a condition on data sets) is dropped.

A place is named by structure, so that its name outlives other edits: module, enclosing names, kind, ordinal, change.
"""

from __future__ import annotations

import ast
import copy
import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

THEORY = Path(__file__).resolve().parent.parent
PACKAGES = ("claims", "theorems", "solvers")
"""The packages whose modules are changed: the paper's claims, the theorems beyond it, and what their values are solved with. No
name is in two."""
PREFIX = "_neighbour_"
"""Before the names that a mutant may need and its module has not imported."""
VOCABULARY = ("n_retain", "n_forget", "n_total", "alpha", "epsilon", "ridge")
NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "n_retain": ("n_forget", "n_total"),
    "n_forget": ("n_retain", "n_total"),
    "n_total": ("n_retain", "n_forget"),
    "alpha": ("epsilon", "epsilon**2"),
    "epsilon": ("alpha", "epsilon**2"),
    "ridge": ("2*ridge",),
    "W0": ("Wm1",),
    "Wm1": ("W0",),
    "own": ("cross",),
    "cross": ("own",),
    "margin_x": ("margin_y",),
    "margin_y": ("margin_x",),
    "margin_x_da": ("margin_y_da",),
    "margin_y_da": ("margin_x_da",),
    "x_pretrained": ("y_pretrained",),
    "y_pretrained": ("x_pretrained",),
    "x_da": ("y_da",),
    "y_da": ("x_da",),
    "x_retrained": ("y_retrained",),
    "y_retrained": ("x_retrained",),
    "pull_retain": ("pull_forget",),
    "pull_forget": ("pull_retain",),
    "z_pretrained": ("z_retrained",),
    "z_retrained": ("z_pretrained",),
    "z_da": ("z_pretrained",),
    "strength": ("strength_retrained",),
    "strength_retrained": ("strength",),
    "strength_da": ("strength_retrained",),
    "unit_pretrained": ("unit_retrained",),
    "unit_retrained": ("unit_forget",),
    "unit_forget": ("unit_retrained",),
    "retain": ("forget",),
    "forget": ("retain",),
    "beta": ("2*beta",),
    "w_pretrained": ("w_retrained",),
    "w_retrained": ("w_pretrained",),
    "retain_1": ("retain_2",),
    "retain_2": ("retain_1",),
    "forget_1": ("forget_2",),
    "forget_2": ("forget_1",),
    "alpha_1": ("alpha_2",),
    "alpha_2": ("alpha_3",),
    "alpha_3": ("alpha_2",),
    "slope_retain": ("slope_forget",),
    "slope_forget": ("slope_retain",),
    "squared_nothing": ("squared_da",),
    "squared_da": ("squared_nothing",),
    "distance_pretrained": ("distance_da",),
    "distance_da": ("distance_pretrained",),
    "pull_pretrained": ("pull_da",),
    "pull_da": ("pull_pretrained",),
    "turning": ("balance",),
    "balance": ("turning",),
}
RELATIONS = {"ge": ("le",), "gt": ("lt", "ge"), "le": ("ge",), "lt": ("gt", "le"), "eq": ("ge", "le")}
"""Each relation, turned and, where something weaker is left, loosened; of sympy's the same, with a capital."""
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.Lt, ast.GtE),
    ast.GtE: (ast.LtE, ast.Gt),
    ast.Lt: (ast.Gt, ast.LtE),
    ast.LtE: (ast.GtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
NUMBERS = {"pair_balls": "fmpq", "tails": "fmpq", "pair_floats": "float"}
"""Modules in which a number that is moved by 1e-6 has to be of another kind than sympy's."""
CHOICES = ("scale", "ulps", "digits", "most_bits", "inputs")
"""Keywords whose numbers are choices: where points are drawn, how exactly something is computed, and what is accepted."""
SENTENCES = ("as_printed", "repaired", "false_as_printed", "open_as_worded")
STEPS = (
    *SENTENCES,
    "Step",
    "Proposition",
    "Witness",
    "Necessity",
    "Erratum",
    "FloatForm",
    "Evaluation",
    "Quantity",
)
_NUMERIC_TEXT = re.compile(r"[+-]?\d+(\.\d+)?(/\d+)?")
FACTOR = Fraction(1_000_001, 1_000_000)


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


@lru_cache(maxsize=1)
def packages() -> dict[str, str]:
    """Return for each module of claims and theorems, shared ones included, the package in which it is."""
    return {
        path.stem: package
        for package in PACKAGES
        for path in sorted((THEORY / package).glob("*.py"))
        if path.stem != "__init__"
    }


def source(module: str) -> str:
    """Return the source of a module."""
    return (THEORY / packages()[module] / f"{module}.py").read_text(encoding="utf-8")


def modules() -> list[str]:
    """Return the names of all modules of claims and theorems, shared ones included."""
    return sorted(packages())


@cache
def mutations(module: str) -> tuple[Mutation, ...]:
    """Return every change of one module, in the order of its source."""
    return tuple(mutation for mutation, _ in _with_makers(module))


def _with_makers(module: str) -> Iterator[tuple[Mutation, Callable[[ast.AST], ast.AST]]]:
    tree = ast.parse(source(module))
    known = _bound(tree)
    counts: Counter[tuple[str, str]] = Counter()
    for index, (node, parents) in enumerate(_walk(tree)):
        if _is_text(node, parents):
            continue
        within = _within(parents)
        changes = list(_changes(module, node, parents, known))
        if not changes:
            continue
        kind = changes[0][0]
        counts[within, kind] += 1
        for kind, change, make in changes:
            what = f"{kind} {counts[within, kind]}"
            yield Mutation(module, within, what, change, index, getattr(node, "lineno", 0)), make


@lru_cache(maxsize=2)
def _makers(module: str) -> dict[Mutation, Callable[[ast.AST], ast.AST]]:
    return dict(_with_makers(module))


def mutated(mutation: Mutation) -> ast.Module:
    """Return the tree of the module with the change made."""
    tree = ast.parse(source(mutation.module))
    make = _makers(mutation.module)[mutation]
    node, parents = next(pair for k, pair in enumerate(_walk(tree)) if k == mutation.node)
    _replace(parents[-1], node, ast.copy_location(make(copy.deepcopy(node)), node))
    first = next(k for k, part in enumerate(tree.body) if not _is_docstring(part) and not _is_future(part))
    names = ", ".join(f"{name} as {PREFIX}{name}" for name in VOCABULARY)
    lambert = f"W0 as {PREFIX}W0, Wm1 as {PREFIX}Wm1"
    relations = ", ".join(f"{name} as {PREFIX}{name}" for name in RELATIONS)
    extra = ast.parse(
        f"from ascentcheck.theory.vocabulary import {names}\n"
        f"from ascentcheck.theory.expression import {lambert}\n"
        f"from ascentcheck.theory.kit import {relations}\n"
        f"import sympy as {PREFIX}sympy\nfrom flint import fmpq as {PREFIX}fmpq\n"
    )
    tree.body[first:first] = extra.body
    return ast.fix_missing_locations(tree)


def _changes(
    module: str, node: ast.AST, parents: list[ast.AST], known: set[str]
) -> Iterator[tuple[str, str, Callable[[ast.AST], ast.AST]]]:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _numbers(module, node, parents)
    elif (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and _NUMERIC_TEXT.fullmatch(node.value)
    ):
        value = Fraction(node.value)
        for word, moved in (
            ("times 1.000001", value * FACTOR),
            ("plus 1", value + 1),
            ("minus 1", value - 1),
        ):
            if moved != value:
                yield "number", word, _constant(str(moved))
    elif isinstance(node, ast.Name) and node.id in RELATIONS and _is_called(node, parents):
        for other in RELATIONS[node.id]:
            yield "relation", f"{_how(node.id, other)} to {other}", _expression(PREFIX + other)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _symbols(node, parents, known)
    elif isinstance(node, ast.Attribute) and _called(node, "sp", [name.title() for name in RELATIONS]):
        for other in RELATIONS[node.attr.lower()]:
            yield "relation", f"{_how(node.attr.lower(), other)} to {other}", _attribute(other.title())
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        for kind in COMPARISONS[type(node.ops[0])]:
            yield "comparison", f"to {kind.__name__}", _comparison(kind)
    elif isinstance(node, ast.Call):
        yield from _hypotheses(node)
    elif isinstance(node, ast.Tuple) and _assigned(parents) == "REALISABLE":
        for k in range(len(node.elts)):
            yield "hypothesis", f"condition {k + 1} dropped", _without_element(k)


def _numbers(
    module: str, node: ast.Constant, parents: list[ast.AST]
) -> Iterator[tuple[str, str, Callable[[ast.AST], ast.AST]]]:
    value = node.value
    assert isinstance(value, int | float)
    if value != 0:
        yield "number", "times 1.000001", _scaled(value, _kind(module, parents))
    yield "number", "plus 1", _constant(value + 1)
    yield "number", "minus 1", _constant(value - 1)


def _kind(module: str, parents: list[ast.AST]) -> str:
    """Return of which kind a moved number must be: 'sympy', 'fmpq' or 'float'."""
    for parent in reversed(parents):
        if isinstance(parent, ast.FunctionDef | ast.Lambda):
            text = ast.unparse(parent)
            if "np." in text or "Array" in text or isinstance(parent, ast.Lambda):
                return "float"
    return NUMBERS.get(module, "sympy")


def _symbols(
    node: ast.Name, parents: list[ast.AST], known: set[str]
) -> Iterator[tuple[str, str, Callable[[ast.AST], ast.AST]]]:
    local = _parameters(parents)
    for other in NEIGHBOURS.get(node.id, ()):
        bare = re.sub(r"\W.*|\d\*", "", other) if other[0] != "2" else other[2:]
        if node.id in local:
            if bare in local:
                yield "symbol", f"{node.id} to {other}", _expression(other)
        elif bare in (*VOCABULARY, "W0", "Wm1"):
            yield (
                "symbol",
                f"{node.id} to {other}",
                _expression(re.sub(r"\b([A-Za-z]\w*)", PREFIX + r"\1", other)),
            )
        elif bare in known:
            yield "symbol", f"{node.id} to {other}", _expression(other)


def _hypotheses(node: ast.Call) -> Iterator[tuple[str, str, Callable[[ast.AST], ast.AST]]]:
    name = _callee(node)
    if name not in ("Range", "restrict"):
        return
    for k in range(1, len(node.args)):
        if name == "Range":
            end = ("symbol", "low", "high", "low_open", "high_open")[k]
            free = {"low": "-sp.oo", "high": "sp.oo", "low_open": "False", "high_open": "False"}[end]
            if ast.unparse(node.args[k]) != free:
                yield "hypothesis", f"{end} dropped", _argument(k, free)
    for k, keyword in enumerate(node.keywords):
        if keyword.arg in ("low", "high", "low_open", "high_open"):
            yield "hypothesis", f"{keyword.arg} dropped", _without_keyword(k)


def _bound(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom | ast.Import):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                found |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def _walk(tree: ast.AST, parents: tuple[ast.AST, ...] = ()) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    for child in ast.iter_child_nodes(tree):
        yield child, [*parents, tree]
        yield from _walk(child, (*parents, tree))


def _replace(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for field, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, field, new)
        elif isinstance(value, list):
            setattr(parent, field, [new if part is old else part for part in value])


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_future(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_text(node: ast.AST, parents: list[ast.AST]) -> bool:
    """Whether the node belongs to text: imports, docstrings, annotations, formatted strings, keys of dictionaries."""
    chain = [*parents, node]
    for parent, child in itertools.pairwise(chain):
        if isinstance(parent, ast.Import | ast.ImportFrom | ast.JoinedStr) or _is_docstring(child):
            return True
        if isinstance(parent, ast.AnnAssign | ast.arg) and child is parent.annotation:
            return True
        if isinstance(parent, ast.FunctionDef) and (
            child is parent.returns or child in parent.decorator_list
        ):
            return True
        if isinstance(parent, ast.Dict) and child in parent.keys:
            return True
    return False


def _within(parents: list[ast.AST]) -> str:
    """Return the names of what encloses a place: what is assigned or defined, then the parts of a claim."""
    names: list[str] = []
    for parent, child in itertools.pairwise(parents):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            names.append(child.name)
        elif isinstance(child, ast.Assign | ast.AnnAssign) and not names:
            names.append(_target(child))
        elif isinstance(child, ast.keyword) and child.arg in CHOICES:
            names.append(child.arg)
        elif isinstance(child, ast.Call) and _callee(child) in STEPS:
            names.append(_part(child, parent))
    return "/".join(names) or "module"


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return ast.unparse(target).replace(" ", "").strip("()")


def _part(call: ast.Call, parent: ast.AST) -> str:
    if _callee(call) in SENTENCES and isinstance(call.args[0], ast.Constant):
        return f"Statement[{call.args[0].value!s}]"
    for keyword in call.keywords:
        if keyword.arg in ("name", "hypothesis") and isinstance(keyword.value, ast.Constant):
            return f"{_callee(call)}[{keyword.value.value!s}]"
    siblings = [
        c for c in ast.iter_child_nodes(parent) if isinstance(c, ast.Call) and _callee(c) == _callee(call)
    ]
    return f"{_callee(call)}[{siblings.index(call) + 1}]" if call in siblings else str(_callee(call))


def _callee(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is_called(node: ast.Name, parents: list[ast.AST]) -> bool:
    return isinstance(parents[-1], ast.Call) and parents[-1].func is node


def _how(relation: str, other: str) -> str:
    return "turned" if {relation[0], other[0]} == {"g", "l"} else "loosened"


def _called(node: ast.Attribute, owner: str, names: Collection[str]) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == owner and node.attr in names


def _assigned(parents: list[ast.AST]) -> str:
    return _target(parents[-1]) if isinstance(parents[-1], ast.Assign) else ""


def _parameters(parents: list[ast.AST]) -> set[str]:
    """Return the names that are local where the node stands."""
    found: set[str] = set()
    for parent in parents:
        if isinstance(parent, ast.FunctionDef | ast.Lambda):
            found |= {a.arg for a in [*parent.args.args, *parent.args.posonlyargs, *parent.args.kwonlyargs]}
            if isinstance(parent, ast.FunctionDef):
                found |= {
                    n.id for n in ast.walk(parent) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                }
    return found


def _constant(value: object) -> Callable[[ast.AST], ast.AST]:
    return lambda _: ast.parse(repr(value), mode="eval").body


def _scaled(value: int | float, kind: str) -> Callable[[ast.AST], ast.AST]:
    if kind == "float":
        return _constant(value * 1.000001)
    exact = Fraction(value) * FACTOR
    maker = f"{PREFIX}sympy.Rational" if kind == "sympy" else f"{PREFIX}fmpq"
    return _expression(f"{maker}({exact.numerator}, {exact.denominator})")


def _expression(text: str) -> Callable[[ast.AST], ast.AST]:
    return lambda _: ast.parse(f"({text})", mode="eval").body


def _attribute(name: str) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Attribute)
        node.attr = name
        return node

    return make


def _comparison(kind: type[ast.cmpop]) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Compare)
        node.ops = [kind()]
        return node

    return make


def _argument(k: int, text: str) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        node.args[k] = ast.parse(text, mode="eval").body
        return node

    return make


def _without_keyword(k: int) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        del node.keywords[k]
        return node

    return make


def _without_element(k: int) -> Callable[[ast.AST], ast.AST]:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Tuple)
        del node.elts[k]
        return node

    return make
