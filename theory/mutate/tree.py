"""The tree of a module's source: its nodes in order, which of them are text, and the names of what encloses a place."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

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


def walk(tree: ast.AST, parents: tuple[ast.AST, ...] = ()) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    """Yield every node below one, each with those that it stands in, outermost first."""
    for child in ast.iter_child_nodes(tree):
        yield child, [*parents, tree]
        yield from walk(child, (*parents, tree))


def replace(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """Put one child of a node in the place of another."""
    for field, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, field, new)
        elif isinstance(value, list):
            setattr(parent, field, [new if part is old else part for part in value])


def is_docstring(node: ast.AST) -> bool:
    """Whether a node is a text that stands alone."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def is_future(node: ast.AST) -> bool:
    """Whether a node is an import from `__future__`."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def is_text(node: ast.AST, parents: list[ast.AST]) -> bool:
    """Whether the node belongs to text: imports, docstrings, annotations, formatted strings, keys of dictionaries."""
    chain = [*parents, node]
    for parent, child in itertools.pairwise(chain):
        if isinstance(parent, ast.Import | ast.ImportFrom | ast.JoinedStr) or is_docstring(child):
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


def enclosing(parents: list[ast.AST]) -> str:
    """Return the names of what encloses a place: what is assigned or defined, then the parts of a claim."""
    names: list[str] = []
    for parent, child in itertools.pairwise(parents):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            names.append(child.name)
        elif isinstance(child, ast.Assign | ast.AnnAssign) and not names:
            names.append(target_of(child))
        elif isinstance(child, ast.keyword) and child.arg in CHOICES:
            names.append(child.arg)
        elif isinstance(child, ast.Call) and callee(child) in STEPS:
            names.append(_part(child, parent))
    return "/".join(names) or "module"


def target_of(node: ast.Assign | ast.AnnAssign) -> str:
    """Return what is assigned to, as text."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return ast.unparse(target).replace(" ", "").strip("()")


def _part(call: ast.Call, parent: ast.AST) -> str:
    if callee(call) in SENTENCES and isinstance(call.args[0], ast.Constant):
        return f"Statement[{call.args[0].value!s}]"
    for keyword in call.keywords:
        if keyword.arg in ("name", "hypothesis") and isinstance(keyword.value, ast.Constant):
            return f"{callee(call)}[{keyword.value.value!s}]"
    siblings = [
        c for c in ast.iter_child_nodes(parent) if isinstance(c, ast.Call) and callee(c) == callee(call)
    ]
    return f"{callee(call)}[{siblings.index(call) + 1}]" if call in siblings else str(callee(call))


def callee(call: ast.Call) -> str:
    """Return the name of what is called, without what it is an attribute of."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def parameters(parents: list[ast.AST]) -> set[str]:
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


def bound(tree: ast.Module) -> set[str]:
    """Return the names that are bound at a module's top."""
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
