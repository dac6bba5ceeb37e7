"""The folder of a run: what was done so far, written anew after each part of it, so that a stop loses nothing.

`record.json` says what ran where, how long it took, and what was not reached. `points.npz` has the chosen points:
`index` into the training set, or into the validation set where `split` says so. `margins-*.npz` hold an array
[models, points] of float16 for each ensemble; `scores.npz` KLoM [points] of each, by the paper's estimator.
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

RECORD = "record.json"


class Results:
    """A folder, and the record in it. An earlier record there is gone on with."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        found = folder / RECORD
        self.record: dict[str, Any] = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}
        self._began = time.time()

    def note(self, part: str, **what: Any) -> None:
        """Add to a part of the record and write it."""
        self.record.setdefault(part, {}).update(what)
        self._write(RECORD, json.dumps(self.record, indent=1).encode())

    def arrays(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a file of arrays."""
        partial = self.folder / f"{name}.partial.npz"
        np.savez_compressed(partial, **arrays)  # type: ignore[arg-type]
        partial.replace(self.folder / f"{name}.npz")

    def read(self, name: str) -> dict[str, np.ndarray]:
        """Return the arrays of a file; none where it is not there."""
        path = self.folder / f"{name}.npz"
        if not path.exists():
            return {}
        with np.load(path) as found:
            return {key: found[key] for key in found.files}

    def _write(self, name: str, content: bytes) -> None:
        partial = self.folder / f"{name}.partial"
        partial.write_bytes(content)
        partial.replace(self.folder / name)


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
