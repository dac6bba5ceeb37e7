"""The modules whose source is changed, the names by which they are told apart, and which of them imports which.

A module of values is called as the claim beside which it lies; here it has its folder before its name: values/lemma_3.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from importlib import import_module
from pathlib import Path

THEORY = Path(__file__).resolve().parent.parent
ROOT = "ascentcheck.theory"
PACKAGES = ("claims", "values", "theorems", "solvers")
"""The packages whose modules are changed: the paper's claims, their values, the theorems beyond it, and what values are solved
with."""


@lru_cache(maxsize=1)
def packages() -> dict[str, str]:
    """Return for each module, shared ones included, the package in which it is. Raises ValueError for a name that two have."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((THEORY / package).glob("*.py")):
            name = f"values/{path.stem}" if package == "values" else path.stem
            if name in found:
                raise ValueError(f"two modules are called {name}")
            if path.stem != "__init__":
                found[name] = package
    return found


def modules() -> list[str]:
    """Return the names of all modules, shared ones included."""
    return sorted(packages())


def stem(module: str) -> str:
    """Return the name that a module's file has."""
    return module.rpartition("/")[2]


def source(module: str) -> str:
    """Return the source of a module."""
    return (THEORY / packages()[module] / f"{stem(module)}.py").read_text(encoding="utf-8")


def full_name(module: str) -> str:
    """Return the name by which a module is imported."""
    return f"{ROOT}.{packages()[module]}.{stem(module)}"


def of_claim(module: str) -> str | None:
    """Return the module that has the claim of a module, its own or that beside which it lies; None where it is shared."""
    home = stem(module)
    return home if home in packages() and hasattr(import_module(full_name(home)), "CLAIM") else None


@lru_cache(maxsize=1)
def imports() -> dict[str, set[str]]:
    """Return for each module those that it imports itself."""
    names = {full_name(module): module for module in modules()}
    found: dict[str, set[str]] = {module: set() for module in modules()}
    for module, own in found.items():
        for node in ast.walk(ast.parse(source(module))):
            if isinstance(node, ast.ImportFrom) and node.module:
                asked = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                own |= {names[name] for name in asked & set(names)}
    return found


@lru_cache(maxsize=1)
def importers() -> dict[str, set[str]]:
    """Return for each module all others that import it, directly or through others."""
    direct = imports()
    found = {name: {other for other in direct if name in direct[other]} for name in direct}
    for _ in found:
        found = {name: users.union(*(found[user] for user in users)) for name, users in found.items()}
    return found


@lru_cache(maxsize=1)
def in_order() -> list[str]:
    """Return all modules, each after those that it imports."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for other in sorted(imports()[name]):
                visit(other)
            order.append(name)

    for name in modules():
        visit(name)
    return order
