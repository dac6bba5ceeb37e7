"""Methods, networks and data sets of others, without a change of this package.

A `kind` of a study file that is none of the project's own is an import path, `"my_pkg.my_module:MyConfig"`, or the name of
an entry point in `ascentcheck.methods`, `ascentcheck.networks` or `ascentcheck.datasets`. Modules are looked for where
Python looks, and then in the study's folder.

What a method or a network computes depends on its code. So its `identity` goes into the digests of its jobs: the version
that it declares as `code_version`, or else a digest of its source: of all modules of its package, or of its one file.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.study.problems import unknown, validated
from ascentcheck.theory.console import UserError

OURS = "ascentcheck"
LIBRARIES = {OURS, "pydantic", "torch"}
"""Packages whose code is no part of a plug-in, beside the standard library."""


@dataclass(frozen=True)
class Family:
    """Settings of one sort: the union `own` of the project's, and the `base` and the entry points' `group` of others'."""

    own: Any
    base: type[Config]
    group: str

    @property
    def kinds(self) -> dict[str, type[Config]]:
        """The project's own, by their `kind`."""
        return {kind_of(one): one for one in get_args(get_args(self.own)[0])}

    def settings(self, table: object, where: str, folder: Path) -> Config:
        """Return the settings of a study's table. Raises UserError that begins with `where`."""
        kind = table.get("kind") if isinstance(table, Mapping) else None
        if not isinstance(kind, str) or kind in self.kinds:
            return validated(self.own, table, where)
        rest = {key: value for key, value in table.items() if key != "kind"}
        return validated(self.find(kind, where, folder), rest, where)

    def find(self, kind: str, where: str, folder: Path) -> type[Config]:
        """Return the class of a kind. Raises UserError, in one line, for one that there is not or that is of no use."""
        if kind in self.kinds:
            return self.kinds[kind]
        offered = {point.name: point for point in entry_points(group=self.group)}
        path = offered[kind].value if kind in offered else kind
        module, colon, name = path.partition(":")
        if not (colon and module and name):
            said = unknown("kind", kind, sorted([*self.kinds, *offered]))
            raise UserError(f"{where}: {said}, or an import path such as 'my_pkg.my_module:MyConfig'")
        found = _imported(module, name, f"{where}: kind {kind!r}", folder)
        if not (isinstance(found, type) and issubclass(found, self.base) and found is not self.base):
            raise UserError(f"{where}: kind {kind!r}: is no subclass of {_path(self.base)}")
        if kind_of(found) in (None, *(one for one, own in self.kinds.items() if own is not found)):
            raise UserError(
                f"{where}: kind {kind!r}: its own `kind` is {kind_of(found)!r}; a name of its own is needed, "
                "as in kind: Literal['mine'] = 'mine'"
            )
        return found


@contextmanager
def without_exit(where: str) -> Iterator[None]:
    """Make a UserError of an end of Python by code of others, which would end the run as if all had been done."""
    try:
        yield
    except SystemExit as stop:
        if ends_a_worker(stop):
            raise
        raise UserError(f"{where}: its code ends Python: SystemExit: {stop}") from None


def ends_a_worker(stop: BaseException) -> bool:
    """Whether Ray ends its worker so, at a SIGTERM, and no code of others does."""
    return hasattr(stop, "ray_terminate_msg")


def kind_of(settings: type[Config]) -> Any:
    """Return the `kind` of a class of settings, None where it has none."""
    field = settings.model_fields.get("kind")
    return field.default if field is not None and isinstance(field.default, str) else None


def _path(found: type) -> str:
    return f"{found.__module__}:{found.__qualname__}"


def _imported(module: str, name: str, where: str, folder: Path) -> Any:
    place = str(folder.resolve())
    if place not in sys.path:
        sys.path.append(place)
    try:
        found = import_module(module)
    except (Exception, SystemExit) as error:  # whatever another's module raises
        raise UserError(f"{where}: {module} cannot be imported: {type(error).__name__}: {error}") from None
    for part in name.split("."):
        if not hasattr(found, part):
            raise UserError(f"{where}: {module} has no {name}")
        found = getattr(found, part)
    return found


def identity(settings: Config) -> dict[str, str] | None:
    """Return what tells the code of a plug-in from any other; None for the project's own.

    Raises UserError for a class without a source file that declares no `code_version`.
    """
    kind = type(settings)
    if _top(kind) == OURS:
        return None
    if kind.code_version is not None:
        return {"class": _path(kind), "version": kind.code_version}
    content = hashlib.sha256()
    for path in sorted({path for one in kind.__mro__ for path in _sources(one)}):
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return {"class": _path(kind), "source": content.hexdigest()}


def _top(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _sources(kind: type) -> Iterator[Path]:
    """Yield the files of the package in which a class is, or its one module; none for libraries."""
    top = _top(kind)
    if top in LIBRARIES or top in sys.stdlib_module_names:
        return
    package, module = sys.modules.get(top), sys.modules.get(kind.__module__)
    if getattr(package, "__path__", None) and getattr(package, "__file__", None):
        yield from Path(package.__file__).parent.rglob("*.py")
    elif getattr(module, "__file__", None):
        yield Path(module.__file__)
    else:
        raise UserError(
            f"{_path(kind)}: has no source file, so that a change could not be told; declare its code_version"
        )
