r"""Does `verify` object to a mutant? Decided in a process of its own, forked from one that has verified the true claims.

The module that is changed and every claim module that imports it are made anew; then each claim among them is decided as
`verify` does it, without mutants, up to the first problem. What was proved of the true claims is remembered by its text
(relation, domain, coordinates, witness), so that only what the change has touched is proved again.
"""

from __future__ import annotations

import ast
import importlib
import signal
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from typing import Any

import sympy as sp

from ascentcheck.theory import claims as package
from ascentcheck.theory import verify as verifier
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.mutate.places import Mutation, modules, mutated, source

ROOT = package.__name__
SECONDS = 240
"""After this long a trial is given up."""
KILLED, CRASHED, VOID, LATE, SURVIVED = "killed", "crashed", "void", "late", "survived"


@dataclass(frozen=True)
class Trial:
    """What became of a mutant. `said` is the first objection, or what went wrong.

    killed: `verify` objects; crashed: it ends with an error; void: the module itself cannot be made, so that there is no
    mutant; late: no answer in time; survived: no objection.
    """

    mutation: Mutation
    outcome: str
    said: str


def try_all(chosen: Sequence[Mutation], jobs: int) -> Iterator[Trial]:
    """Yield the outcome of every mutant, in no order. Verifies all claims first, which takes a minute."""
    _remember()
    for claim in package.CLAIMS:
        found = list(problems(claim))
        if found:
            raise RuntimeError(f"{claim.name} is not in order to begin with: {found[0]}")
    with get_context("fork").Pool(jobs, maxtasksperchild=1) as pool:
        yield from pool.imap_unordered(run, chosen, chunksize=1)


def run(mutation: Mutation) -> Trial:
    """Try one mutant in this process, which must not be used for anything else afterwards."""

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        try:
            changed = _installed(mutation)
        except TimeoutError:
            raise
        except Exception as error:
            return Trial(mutation, VOID, f"{type(error).__name__}: {error}")
        _FORMULA.append(_in_function(mutation))
        try:
            for claim in changed:
                for problem in problems(claim):
                    return Trial(mutation, KILLED, f"{claim.name}: {problem}")
        except TimeoutError:
            raise
        except Exception as error:
            return Trial(mutation, CRASHED, f"{type(error).__name__}: {error}")
        return Trial(mutation, SURVIVED, "")
    except TimeoutError:
        return Trial(mutation, LATE, f"no answer in {SECONDS} s")
    finally:
        signal.alarm(0)


def problems(claim: Claim) -> Iterator[str]:
    """Yield what `verify` objects to in a claim, the cheap checks first."""
    yield from verifier.objections(claim)


def _installed(mutation: Mutation) -> list[Claim]:
    """Make the changed module and those that import it anew; return the claims among them, its own first."""
    order = [mutation.module, *(name for name in _in_order() if name in importers()[mutation.module])]
    for name in order:
        sys.modules.pop(f"{ROOT}.{name}", None)
    full = f"{ROOT}.{mutation.module}"
    made = types.ModuleType(full)
    made.__file__ = f"{mutation.module}.py (mutant)"
    made.__package__ = ROOT
    sys.modules[full] = made
    setattr(package, mutation.module, made)
    exec(compile(mutated(mutation), made.__file__, "exec"), made.__dict__)
    for name in order[1:]:
        setattr(package, name, importlib.import_module(f"{ROOT}.{name}"))
    return [
        sys.modules[f"{ROOT}.{name}"].CLAIM
        for name in order
        if hasattr(sys.modules[f"{ROOT}.{name}"], "CLAIM")
    ]


@lru_cache(maxsize=1)
def imports() -> dict[str, set[str]]:
    """Return for each claim module the claim modules that it imports itself."""
    found: dict[str, set[str]] = {}
    for name in modules():
        found[name] = set()
        for node in ast.walk(ast.parse(source(name))):
            if isinstance(node, ast.ImportFrom) and node.module == ROOT:
                found[name] |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{ROOT}."):
                found[name].add((node.module or "").removeprefix(f"{ROOT}."))
    return found


@lru_cache(maxsize=1)
def importers() -> dict[str, set[str]]:
    """Return for each claim module all others that import it, directly or through others."""
    direct = imports()
    found = {name: {other for other in direct if name in direct[other]} for name in direct}
    for _ in found:
        found = {name: users.union(*(found[user] for user in users)) for name, users in found.items()}
    return found


def reached(names: Iterable[str]) -> set[str]:
    """Return the modules of the named claims and what they import that is no claim itself."""
    wanted = {name.replace("-", "_") for name in names}
    helpers = {name for name in modules() if not hasattr(importlib.import_module(f"{ROOT}.{name}"), "CLAIM")}
    return wanted | {name for name in helpers if importers()[name] & wanted}


@lru_cache(maxsize=1)
def _in_order() -> list[str]:
    """Return the claim modules, each after those that it imports."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for other in sorted(imports()[name]):
                visit(other)
            order.append(name)

    for name in modules():
        visit(name)
    return order


_FORMULA: list[bool] = []
"""Holds True in a trial whose change stands in a function, so that functions' values are not taken from memory."""


def _in_function(mutation: Mutation) -> bool:
    tree = ast.parse(source(mutation.module))
    return any(
        isinstance(part, ast.FunctionDef) and part.lineno <= mutation.line <= (part.end_lineno or 0)
        for part in ast.walk(tree)
    )


def _remember() -> None:
    """Let the verifier look up what it has decided before, by text."""
    for name, key in (
        ("proof_level", lambda p, *_: (_text(p.relation), _text(p.domain), _text(p.by), p.certificate)),
        ("check_step", lambda s, *_: (s.says, s.rule, _text(s.asserts), _text(s.domain), _text(s.witness))),
        ("sample", lambda p, count: (_text(p.relation), _text(p.domain), count)),
    ):
        setattr(verifier, name, _remembered(getattr(verifier, name), key))
    for name, of_whom in (
        ("worst_error", lambda f: (f.name, _text(f.expression), _text(f.domain))),
        ("simulated", lambda claim: claim.name),
    ):
        setattr(verifier, name, _unless_in_function(getattr(verifier, name), of_whom))


def _remembered(function: Callable[..., Any], key: Callable[..., object]) -> Callable[..., Any]:
    known: dict[object, Any] = {}

    def look_up(*arguments: Any, **named: Any) -> Any:
        name = key(*arguments)
        if name not in known:
            known[name] = function(*arguments, **named)
        return known[name]

    return look_up


def _unless_in_function(function: Callable[..., Any], key: Callable[..., object]) -> Callable[..., Any]:
    remembered = _remembered(function, key)
    return lambda *arguments: (function if True in _FORMULA else remembered)(*arguments)


def _text(part: object) -> str:
    if isinstance(part, sp.Basic):
        return _srepr(part)
    if hasattr(part, "__dataclass_fields__"):
        return "|".join(
            _text(getattr(part, name)) for name in part.__dataclass_fields__ if name not in ("says", "words")
        )
    if isinstance(part, dict):
        return ",".join(f"{key}={value}" for key, value in part.items())
    if isinstance(part, tuple):
        return "(" + ";".join(_text(inner) for inner in part) + ")"
    return str(part)


@lru_cache(maxsize=1 << 16)
def _srepr(part: sp.Basic) -> str:
    return str(sp.srepr(part))
