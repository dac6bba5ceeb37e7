"""What commands take beside click's own types: what cannot be used is refused before anything is computed or written."""

from __future__ import annotations

import math
import os
import stat
from pathlib import Path
from typing import Any

import click


class Finite(click.FloatRange):
    """A number of a range; click takes nan and infinity for one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number. Raises click.BadParameter for any other text."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


class _New(click.Path):
    """A path to write to, as `pathlib.Path`."""

    def __init__(self, *, folder: bool, parents: bool) -> None:
        super().__init__(path_type=Path)
        self.name = "folder" if folder else "file"
        self.folder, self.parents = folder, parents

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path. Raises click.BadParameter where nothing can be written there."""
        path = Path(value)
        problem = unwritable(path, self.folder, self.parents)
        if not os.fspath(value):
            problem = "is empty"
        if problem is not None:
            self.fail(f"{path}: {problem}", param, ctx)
        return path


class NewFile(_New):
    """A file to write. `parents`, where the command makes the folder that it is in."""

    def __init__(self, *, parents: bool = False) -> None:
        super().__init__(folder=False, parents=parents)


class NewFolder(_New):
    """A folder to write into, which is made where it is not there."""

    def __init__(self) -> None:
        super().__init__(folder=True, parents=True)


def unwritable(path: Path, folder: bool, parents: bool) -> str | None:
    """Return why no file, or no folder, can be written at a path, as the rest of a sentence; None where nothing forbids it."""
    try:
        here = path.stat()
    except FileNotFoundError:
        return _unmade(path, parents)
    except OSError as error:  # below a file, a name that is too long, links in a circle
        return f"cannot be written: {error.strerror}"
    if stat.S_ISDIR(here.st_mode) != folder:
        return "is a file; a folder is needed" if folder else "is a folder; a file is needed"
    if not os.access(path, os.W_OK):
        return "cannot be written: permission denied or read-only"
    if stat.S_ISREG(here.st_mode):  # a new file takes its place
        return _closed(Path(os.path.realpath(path)).parent)
    return None


def _unmade(path: Path, parents: bool) -> str | None:
    above = next(one for one in path.absolute().parents if one.exists())
    if above != path.absolute().parent and not parents:
        return f"the folder {path.absolute().parent} does not exist"
    if not above.is_dir():
        return f"{above} is not a folder"
    return _closed(above)


def _closed(folder: Path) -> str | None:
    return None if os.access(folder, os.W_OK | os.X_OK) else f"the folder {folder} cannot be written"
