"""The folder of a run: what was done so far, written anew after each part of it, so that a stop loses nothing.

`record.json` says what ran where, how long it took, and what was not reached. `points.npz` has the chosen points:
`index` into the training set, or into the validation set where `split` says so. `margins-*.npz` hold an array
[models, points] of float16 for each ensemble; `table` scores them.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ascentcheck.empirics.npy import LABELS, read_arrays
from ascentcheck.theory.console import UserError, one_line
from ascentcheck.theory.disk import read_text, replacing

RECORD = "record.json"


class Results:
    """A folder, and the record in it. An earlier record there is gone on with."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.record = read_record(folder) if (folder / RECORD).exists() else {}
        self._began = time.time()

    def note(self, part: str, **what: Any) -> None:
        """Add to a part of the record and write it."""
        self.record.setdefault(part, {}).update(what)
        with replacing(self.folder / RECORD) as file:
            file.write(json.dumps(self.record, indent=1).encode())

    def arrays(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a file of arrays."""
        with replacing(self.folder / f"{name}.npz") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    def read(self, name: str) -> dict[str, np.ndarray]:
        """Return the arrays of a file; none where it is not there. Raises UserError where it cannot be used."""
        path = self.folder / f"{name}.npz"
        return read_arrays(path, LABELS) if path.exists() else {}


def read_record(folder: Path) -> dict[str, Any]:
    """Return the record of a run. Raises UserError where the folder holds none."""
    path = folder / RECORD
    try:
        found = json.loads(read_text(path))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: is not the record of a card's run: {one_line(str(error))}") from None
    if not isinstance(found, dict):
        raise UserError(f"{path}: is not the record of a card's run: it holds no object")
    return found


def commit() -> str:
    """Return the commit of the checkout, with a + where files differ from it; `ASCENTCHECK_COMMIT` where there is no git."""
    if (named := os.environ.get("ASCENTCHECK_COMMIT")) is not None:
        return named
    here = Path(__file__).parent
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=10"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()
