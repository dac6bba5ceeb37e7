r"""Does `verify` object to a mutant? Decided in one process, with the changed module made anew and put back afterwards.

The claim of the changed module is decided first, as `verify` decides it, from stored proofs, up to the first problem; the
claims that import it are made anew and decided only where it does not object. What the kernel said of a proof, what a cover
proved and what a float form is worth are remembered while nothing that they rest on has changed.
"""

from __future__ import annotations

import ast
import importlib
import signal
import sys
import time
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context

from ascentcheck.theory import claims, theorems
from ascentcheck.theory import verify as verifier
from ascentcheck.theory.check import certificate
from ascentcheck.theory.check.store import Proofs
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.mutate.places import PACKAGES, Mutation, modules, mutated, packages, source

ROOT = "ascentcheck.theory"
SECONDS = 60
"""After so much processor time a trial is given up."""
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
    seconds: float = 0.0


def try_all(chosen: Sequence[Mutation], jobs: int, proofs: Proofs = Proofs.STORED) -> Iterator[Trial]:
    """Yield the outcome of every mutant, module by module. Verifies the claims concerned first, which takes half a minute.

    With Proofs.EITHER a statement that is changed may be proved anew, which is slower, and objected to less.
    """
    prepare(chosen)
    by_module = sorted(chosen, key=lambda m: (m.module, m.node))
    try_one = partial(run, proofs=proofs)
    if jobs == 1:
        yield from map(try_one, by_module)
        return
    with get_context("fork").Pool(jobs) as pool:
        yield from pool.imap(try_one, by_module, chunksize=4)


def prepare(chosen: Sequence[Mutation]) -> None:
    """Verify the true claims that are to be changed, and remember. Raises RuntimeError where `verify` objects to one."""
    _remember()
    modules_ = {mutation.module for mutation in chosen}
    for claim in (*claims.CLAIMS, *theorems.THEOREMS):
        name = claim.name.replace("-", "_")
        if not any(name == module or name in importers()[module] for module in modules_):
            continue
        found = list(verifier.objections(claim))
        if found:
            raise RuntimeError(f"{claim.name} is not in order to begin with: {found[0]}")


def run(mutation: Mutation, proofs: Proofs = Proofs.STORED) -> Trial:
    """Try one mutant; the true modules are back in place afterwards."""
    start = time.process_time()

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, late)
    # again and again: raised in a destructor, it is told and dropped
    signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS)
    try:
        with _put_back():
            outcome, said = _outcome(mutation, proofs)
    except TimeoutError:
        outcome, said = LATE, f"no answer in {SECONDS} s"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Trial(mutation, outcome, said, time.process_time() - start)


def _outcome(mutation: Mutation, proofs: Proofs) -> tuple[str, str]:
    made = _changed(mutation)
    claim: Claim | None = None
    try:
        for module in made:
            claim = getattr(module, "CLAIM", None)
            for problem in verifier.objections(claim, proofs) if claim is not None else ():
                assert claim is not None
                return KILLED, f"{claim.name}: {problem}"
    except TimeoutError:
        raise
    except Exception as error:
        return VOID if claim is None else CRASHED, f"{type(error).__name__}: {error}"
    return SURVIVED, ""


def _changed(mutation: Mutation) -> Iterator[types.ModuleType]:
    """Make the changed module anew, and then, as they are asked for, those that import it, in order."""
    order = [mutation.module, *(name for name in _in_order() if name in importers()[mutation.module])]
    for name in order:
        sys.modules.pop(full_name(name), None)
    full = full_name(mutation.module)
    package = packages()[mutation.module]
    made = types.ModuleType(full)
    made.__file__ = f"{mutation.module}.py (mutant)"
    made.__package__ = f"{ROOT}.{package}"
    sys.modules[full] = made
    setattr(sys.modules[made.__package__], mutation.module, made)
    exec(compile(mutated(mutation), made.__file__, "exec"), made.__dict__)
    yield made
    for name in order[1:]:
        setattr(sys.modules[f"{ROOT}.{packages()[name]}"], name, importlib.import_module(full_name(name)))
        yield sys.modules[full_name(name)]


@contextmanager
def _put_back() -> Iterator[None]:
    """Put all modules back at the end; what was imported on the way was made from the mutant, and goes."""
    true = {name: sys.modules.get(full_name(name)) for name in modules()}
    try:
        yield
    finally:
        for name, module in true.items():
            package = sys.modules[f"{ROOT}.{packages()[name]}"]
            if module is not None:
                sys.modules[full_name(name)] = module
                setattr(package, name, module)
            elif sys.modules.pop(full_name(name), None) is not None:
                delattr(package, name)


def full_name(module: str) -> str:
    """Return the name by which a module is imported."""
    return f"{ROOT}.{packages()[module]}.{module}"


@lru_cache(maxsize=1)
def imports() -> dict[str, set[str]]:
    """Return for each module of claims and theorems those that it imports itself."""
    roots = {f"{ROOT}.{package}" for package in PACKAGES}
    found: dict[str, set[str]] = {name: set() for name in modules()}
    for name, own in found.items():
        for node in ast.walk(ast.parse(source(name))):
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if isinstance(node, ast.ImportFrom) and module in roots:
                own |= {alias.name for alias in node.names}
            elif module.rpartition(".")[0] in roots:
                own.add(module.rpartition(".")[2])
    return found


@lru_cache(maxsize=1)
def importers() -> dict[str, set[str]]:
    """Return for each module all others that import it, directly or through others."""
    direct = imports()
    found = {name: {other for other in direct if name in direct[other]} for name in direct}
    for _ in found:
        found = {name: users.union(*(found[user] for user in users)) for name, users in found.items()}
    return found


def reached(names: Iterable[str]) -> set[str]:
    """Return the modules of the named claims and what they import that is no claim itself."""
    wanted = {name.replace("-", "_") for name in names}
    helpers = {name for name in modules() if not hasattr(importlib.import_module(full_name(name)), "CLAIM")}
    return wanted | {name for name in helpers if importers()[name] & wanted}


@lru_cache(maxsize=1)
def _in_order() -> list[str]:
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


@lru_cache(maxsize=1)
def _remember() -> None:
    """Let the verifier look up what a cover has proved before."""
    certificate.check_stored = lru_cache(maxsize=256)(certificate.check_stored)
