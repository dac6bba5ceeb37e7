"""A mutant's life: a fork that has the libraries loaded reads the module changed, and runs the tests. Nothing is written.

cosmic-ray's own runner starts Python anew for every mutant, which takes seconds, and writes it into the checkout.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import pickle
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import CodeType

from tools.mutants.changes import Mutant
from tools.mutants.reach import First, Reach, Watch

LOADED = (
    "numpy,scipy.stats,scipy.optimize,sympy,flint,pydantic,torch,rich.table,hypothesis,hypothesis.extra.numpy"
)
"""What is imported once, before any mutant: libraries of weight, none of the project's."""


def load(libraries: str) -> None:
    """Import what every mutant needs, names between commas, and set what its tests are told by the environment."""
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutants")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("pytest", *filter(None, libraries.split(","))):
        with suppress(ImportError):
            importlib.import_module(name)


def is_loaded(module: Path) -> bool:
    """Whether this process has read a module already, so that a fork would not read it changed."""
    files = [Path(m.__file__) for m in [*sys.modules.values()] if getattr(m, "__file__", None)]
    return module.resolve() in (file.resolve() for file in files)


def survives(source: str, module: Path, tests: Sequence[str], seconds: int) -> bool:
    """Whether the tests run and pass with that source in the place of the module, in so many seconds of a processor."""
    return os.waitpid(_started(source, module, tests, seconds, ()), 0)[1] == 0


def reach(source: str, module: Path, tests: Sequence[str], seconds: int) -> Reach | None:
    """Return what each test runs of a module of that source, or None where they do not pass, or none runs."""
    watch = Watch(str(module))
    with tempfile.TemporaryFile() as file:

        def tell() -> None:
            pickle.dump(watch.reach(), file)
            file.flush()

        child = _started(source, module, tests, seconds, (watch,), tell)
        if os.waitpid(child, 0)[1]:
            return None
        file.seek(0)
        return pickle.load(file)


def outcomes(
    mutants: Iterable[Mutant],
    tests: Mapping[str, Sequence[str]],
    reaches: Mapping[str, Reach],
    seconds: int,
    workers: int,
) -> Iterator[tuple[Mutant, bool]]:
    """Yield mutants and whether each survives, as they end; so many are tried at once."""
    running: dict[int, Mutant] = {}

    def ended() -> tuple[Mutant, bool]:
        child, status = os.wait()
        return running.pop(child), status == 0

    for mutant in mutants:
        if len(running) == workers:
            yield ended()
        module = mutant.place.module
        first = First(reaches[module].first(mutant.place.start[0]))
        running[_started(mutant.source, Path(module), tests[module], seconds, (first,))] = mutant
    while running:
        yield ended()


def _started(
    source: str,
    module: Path,
    tests: Sequence[str],
    seconds: int,
    plugins: Sequence[object],
    after: Callable[[], object] | None = None,
) -> int:
    """Start a fork that runs the tests, and then `after`; return its process number."""
    code = compile(source, str(module), "exec", dont_inherit=True)
    child = os.fork()
    if not child:
        status = 1
        try:
            status = _in_child(code, module, tests, seconds, plugins)
            if after is not None:
                after()
        finally:
            os._exit(status)
    return child


def _in_child(
    code: CodeType, module: Path, tests: Sequence[str], seconds: int, plugins: Sequence[object]
) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))  # one that never ends is killed
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1), os.dup2(sink, 2)
    true = importlib.machinery.SourceFileLoader.get_code

    def changed(self: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        own = Path(self.get_filename(name))
        return code if own.name == module.name and own.samefile(module) else true(self, name)

    importlib.machinery.SourceFileLoader.get_code = changed  # type: ignore[method-assign]
    import pytest

    given = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore", *tests]
    return int(pytest.main(given, plugins=list(plugins)))
