"""Outcomes as they come in, one on each line of a file, so that a run of an hour that was stopped goes on where it was.

A mutant is known by all of its source: what was tried of a module that has changed since is asked again. Tests are no part of
it: what was killed stays killed while tests are only added.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tools.mutants.changes import Mutant


class Log:
    """A file of outcomes; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        text = path.read_text(encoding="utf-8") if path and path.exists() else ""
        whole = text.split("\n")[:-1]  # what follows the last end of a line was not written to its end
        self.known: dict[str, bool] = {key: lived for key, lived, _ in map(json.loads, whole)}
        if path:
            path.write_text("".join(line + "\n" for line in whole), encoding="utf-8")

    def survived(self, mutant: Mutant) -> bool | None:
        """Return whether a mutant survived when it was tried, or None where it was not."""
        return self.known.get(_key(mutant))

    def keep(self, mutant: Mutant, survived: bool) -> None:
        """Write how a mutant ended."""
        if self.path:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([_key(mutant), survived, str(mutant)]) + "\n")


def _key(mutant: Mutant) -> str:
    return hashlib.sha256(f"{mutant.place.module}\n{mutant.source}".encode()).hexdigest()[:24]
