"""A mutant's life: a fork that has the libraries loaded reads the module changed, and runs the tests. Nothing is written.

cosmic-ray's own runner starts Python anew for every mutant, which takes seconds, and writes it into the checkout.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

LOADED = (
    "numpy,scipy.stats,scipy.optimize,sympy,flint,pydantic,torch,rich.table,hypothesis,hypothesis.extra.numpy"
)
"""What is imported once, before any mutant: libraries of weight, none of the project's."""


def load(libraries: str) -> None:
    """Import what every mutant needs, names between commas, and set what its tests are told by the environment."""
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutants")
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
    code = compile(source, str(module), "exec", dont_inherit=True)
    child = os.fork()
    if not child:
        os._exit(_in_child(code, module, tests, seconds))
    return os.waitpid(child, 0)[1] == 0


def _in_child(code: object, module: Path, tests: Sequence[str], seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))  # one that never ends is killed
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1), os.dup2(sink, 2)
    true = importlib.machinery.SourceFileLoader.get_code

    def changed(self: importlib.machinery.SourceFileLoader, name: str) -> object:
        own = Path(self.get_filename(name))
        return code if own.name == module.name and own.samefile(module) else true(self, name)

    importlib.machinery.SourceFileLoader.get_code = changed
    import pytest

    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore", *tests]))
