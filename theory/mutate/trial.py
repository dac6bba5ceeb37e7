r"""Does `verify` object to a mutant? Decided in one process, with the changed module made anew and put back afterwards.

The claim of the changed module is decided first, as `verify` decides it, from stored proofs, up to the first problem; the
claims that import it are made anew and decided only where it does not object. What the kernel said of a proof, what a cover
proved and what a float form is worth are remembered while nothing that they rest on has changed.
"""

from __future__ import annotations

import signal
import sys
import time
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from multiprocessing import get_context

from ascentcheck.theory import listed
from ascentcheck.theory import verify as verifier
from ascentcheck.theory.check import certificate
from ascentcheck.theory.check.store import Proofs
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.mutate.places import Mutation, mutated
from ascentcheck.theory.mutate.sources import (
    ROOT,
    full_name,
    importers,
    in_order,
    modules,
    of_claim,
    packages,
    stem,
)

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
    concerned = {of_claim(m) for mutation in chosen for m in (mutation.module, *importers()[mutation.module])}
    for claim in listed.every():
        if claim.name.replace("-", "_") not in concerned:
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
    claim: Claim | None = None
    try:
        for claim in _changed(mutation):
            for problem in verifier.objections(claim, proofs):
                return KILLED, f"{claim.name}: {problem}"
    except TimeoutError:
        raise
    except Exception as error:
        return VOID if claim is None else CRASHED, f"{type(error).__name__}: {error}"
    return SURVIVED, ""


def _changed(mutation: Mutation) -> Iterator[Claim]:
    """Make the changed module anew, and yield its claim and those of the modules that import it, made anew as well."""
    order = [mutation.module, *(name for name in in_order() if name in importers()[mutation.module])]
    for name in order:
        _forget(name)
    made = types.ModuleType(full_name(mutation.module))
    made.__file__ = f"{mutation.module}.py (mutant)"
    made.__package__ = made.__name__.rpartition(".")[0]
    _put(mutation.module, made)
    exec(compile(mutated(mutation), made.__file__, "exec"), made.__dict__)
    yielded: set[str | None] = {None}
    for name in order:
        home = of_claim(name)
        if home not in yielded:
            yielded.add(home)
            yield import_module(full_name(str(home))).CLAIM


def _forget(name: str) -> None:
    """Take a module out of those that are imported, so that it is made anew when it is asked for."""
    sys.modules.pop(full_name(name), None)
    vars(import_module(f"{ROOT}.{packages()[name]}")).pop(stem(name), None)


def _put(name: str, module: types.ModuleType) -> None:
    sys.modules[full_name(name)] = module
    setattr(import_module(f"{ROOT}.{packages()[name]}"), stem(name), module)


@contextmanager
def _put_back() -> Iterator[None]:
    """Put all modules back at the end; what was imported on the way was made from the mutant, and goes."""
    true = {name: sys.modules.get(full_name(name)) for name in modules()}
    try:
        yield
    finally:
        for name, module in true.items():
            _forget(name)
            if module is not None:
                _put(name, module)


def reached(names: Iterable[str]) -> set[str]:
    """Return the modules of the named claims, their values, and what these import that belongs to no claim."""
    wanted = {m for m in modules() if of_claim(m) in {name.replace("-", "_") for name in names}}
    return wanted | {m for m in modules() if of_claim(m) is None and importers()[m] & wanted}


@lru_cache(maxsize=1)
def _remember() -> None:
    """Let the verifier look up what a cover has proved before."""
    certificate.check_stored = lru_cache(maxsize=256)(certificate.check_stored)
