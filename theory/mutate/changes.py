"""To what one node of a module's source is changed: each change is its kind, its words and a function that makes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from fractions import Fraction

from ascentcheck.theory.mutate.neighbours import (
    COMPARISONS,
    NEIGHBOURS,
    NUMBERS,
    PREFIX,
    RELATIONS,
    VOCABULARY,
)
from ascentcheck.theory.mutate.tree import callee, parameters, target_of

Maker = Callable[[ast.AST], ast.AST]
"""Makes the changed node of a node."""
Change = tuple[str, str, Maker]
_NUMERIC_TEXT = re.compile(r"[+-]?\d+(\.\d+)?(/\d+)?")
FACTOR = Fraction(1_000_001, 1_000_000)


def changes_of(module: str, node: ast.AST, parents: list[ast.AST], known: set[str]) -> Iterator[Change]:
    """Yield every change of a node, which stands in `parents`; `known` are the names at the module's top."""
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


def _numbers(module: str, node: ast.Constant, parents: list[ast.AST]) -> Iterator[Change]:
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


def _symbols(node: ast.Name, parents: list[ast.AST], known: set[str]) -> Iterator[Change]:
    local = parameters(parents)
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


def _hypotheses(node: ast.Call) -> Iterator[Change]:
    name = callee(node)
    if name == "positive":
        for k in range(len(node.args)):
            yield "hypothesis", f"low_open of {k + 1} dropped", _with_low_end(k)
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


def _is_called(node: ast.Name, parents: list[ast.AST]) -> bool:
    return isinstance(parents[-1], ast.Call) and parents[-1].func is node


def _how(relation: str, other: str) -> str:
    return "turned" if {relation[0], other[0]} == {"g", "l"} else "loosened"


def _called(node: ast.Attribute, owner: str, names: Collection[str]) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == owner and node.attr in names


def _assigned(parents: list[ast.AST]) -> str:
    return target_of(parents[-1]) if isinstance(parents[-1], ast.Assign) else ""


def _constant(value: object) -> Maker:
    return lambda _: ast.parse(repr(value), mode="eval").body


def _scaled(value: int | float, kind: str) -> Maker:
    if kind == "float":
        return _constant(value * 1.000001)
    exact = Fraction(value) * FACTOR
    maker = f"{PREFIX}sympy.Rational" if kind == "sympy" else f"{PREFIX}fmpq"
    return _expression(f"{maker}({exact.numerator}, {exact.denominator})")


def _expression(text: str) -> Maker:
    return lambda _: ast.parse(f"({text})", mode="eval").body


def _attribute(name: str) -> Maker:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Attribute)
        node.attr = name
        return node

    return make


def _comparison(kind: type[ast.cmpop]) -> Maker:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Compare)
        node.ops = [kind()]
        return node

    return make


def _argument(k: int, text: str) -> Maker:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        node.args[k] = ast.parse(text, mode="eval").body
        return node

    return make


def _with_low_end(k: int) -> Maker:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        parts: list[ast.expr] = []
        for place, symbol in enumerate(node.args):
            one = ast.Call(node.func, [symbol], node.keywords)
            with_end = ast.Call(ast.Name(f"{PREFIX}Range", ast.Load()), [symbol], node.keywords)
            parts.append(with_end if place == k else ast.Starred(one, ast.Load()))
        return ast.Tuple(parts, ast.Load())

    return make


def _without_keyword(k: int) -> Maker:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        del node.keywords[k]
        return node

    return make


def _without_element(k: int) -> Maker:
    def make(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Tuple)
        del node.elts[k]
        return node

    return make
