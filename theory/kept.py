"""JSON files that the project keeps, read with the care that files from outside have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ascentcheck.theory.console import UserError, one_line
from ascentcheck.theory.disk import read_text


class TornError(UserError, ValueError):
    """A file is not what was stored there: the message says which file, and what is wrong."""


def read(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file. Raises FileNotFoundError where there is no file, TornError where it is torn."""
    try:
        found = json.loads(read_text(path))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise TornError(f"{path} cannot be read: {one_line(str(error))}") from error
    if not isinstance(found, dict):
        raise TornError(f"{path} cannot be read: it holds no object")
    return found


def part(path: Path, found: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object that is a part of what a file holds, {} where it has none. Raises TornError for anything else."""
    inner = found.get(name, {})
    if not isinstance(inner, dict):
        raise TornError(f"{path} cannot be read: {name!r} is no object")
    return inner
