"""Trials as they come in, one on each line of a file, so that a run of an hour that was stopped goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ascentcheck.theory import disk
from ascentcheck.theory.check.store import Proofs
from ascentcheck.theory.console import UserError
from ascentcheck.theory.index import sources
from ascentcheck.theory.mutate.places import Mutation
from ascentcheck.theory.mutate.trial import Trial


def known(path: Path, chosen: Sequence[Mutation], proofs: Proofs) -> list[Trial]:
    """Return the trials in a file that are of chosen mutants, and begin it where there is none.

    Raises UserError for a file of other sources or proofs, or one that is no such file.
    """
    head = [sources(), proofs.value]
    if not path.exists():
        disk.write_text(path, json.dumps(head) + "\n")
        return []
    first, *rest = disk.read_bytes(path).decode(errors="replace").split("\n")
    found = dict[str, tuple[str, str, float]]()
    try:
        same = json.loads(first) == head
        for line in rest[:-1]:  # what follows the last end of a line was not written to its end
            name, *outcome = json.loads(line)
            found[name] = tuple(outcome)
        trials = [Trial(mutation, *found[mutation.name]) for mutation in chosen if mutation.name in found]
    except (ValueError, TypeError) as error:
        raise UserError(f"{path} holds no trials: {error}") from error
    if not same:
        raise UserError(f"{path} has trials of other sources; remove it, or name another file")
    disk.write_text(path, "\n".join([first, *rest[:-1], ""]))
    return trials


def written(path: Path, trials: Iterable[Trial]) -> Iterator[Trial]:
    """Yield the trials, each of them after it was written to the file."""
    with path.open("a", encoding="utf-8") as file:
        for trial in trials:
            file.write(json.dumps([trial.mutation.name, trial.outcome, trial.said, trial.seconds]) + "\n")
            file.flush()
            yield trial
