"""The study that is disturbed, what an undisturbed run makes of it, and how a disturbed one is judged."""

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults import watch
from tests.faults.warm import command, here
from tests.small_study import study_text

METHODS = """
[[method]]
kind = "ga"
learning_rate = [1e-2, 1e30]
epochs = [1, 2]

[[method]]
kind = "rewind"
rewind_epochs = 1
epochs = [1]
"""
STUDY = study_text(METHODS, name="faults", n_models=2, hidden=4, epochs=1, peak_epoch=0.5, batch_size=128)
"""Seven jobs and fourteen scores, in pieces of one model: a quarter of a second of a processor."""

PROGRESS = re.compile(r"^[^\n]*: +\d+% [^\n]*\n", re.MULTILINE)
FAILED = re.compile(r"  [\w-]+[^:]*: .+ \(failed \d+ times\)")


class BrokenError(Exception):
    """An outcome that is neither the same table nor a plain message."""


@dataclass(frozen=True)
class Bench:
    """A folder with the study's file; what undisturbed runs gave: the table, and how often they touched their store."""

    folder: Path
    table: str
    touches: int
    seconds: float

    @property
    def study(self):
        return self.folder / "study.toml"

    def place(self, name):
        """Return a new folder for one try."""
        place = self.folder / name
        place.mkdir()
        return place

    def run(self, place, *more, prepare=None, workers=1):
        """Start a run of the study on the store of a try."""
        return command(_run(self.study, place, workers, *more), place, prepare)


def _run(study, place, workers, *more):
    options = "--workers", workers, "--device", "cpu", "--at-once", 1
    return ["run", study, "--store", place / "store", *options, *more]


def make(folder):
    """Return the bench of a folder, after undisturbed runs, by one process and by two, that must agree."""
    (folder / "study.toml").write_text(STUDY)
    found = Bench(folder, "", 0, 0.0)
    here(_run(found.study, found.place("here"), 1))  # what a first run imports and remembers, every fork has
    tables, touches, seconds = [], [], []
    for name, workers in (("one", 1), ("pair", 2)):
        place, count = found.place(name), folder / f"touches-{name}"
        began = time.monotonic()
        how = found.run(place, workers=workers, prepare=watch.counted(place / "store", count)).ended()
        seconds.append(time.monotonic() - began)
        if (how.status, PROGRESS.sub("", how.err)) != (0, ""):
            raise BrokenError(f"an undisturbed run: {how}")
        tables.append(table(found, place))
        touches.append(count.stat().st_size)
    if len(set(tables)) > 1 or tables[0].count("\n") != 1 + 3 * (2 + 2 * 2 + 1):
        raise BrokenError(f"undisturbed runs give {tables}")
    return Bench(folder, tables[0], touches[0], seconds[0])


def table(bench, place):
    """Return the table of a finished study. Raises BrokenError where the command says anything, or fails."""
    how = command(["table", bench.study, "--store", place / "store", "--csv"], place).ended()
    if (how.status, PROGRESS.sub("", how.err)) != (0, ""):
        raise BrokenError(f"table: {how}")
    return how.out


def told(how):
    """Return whether a command that gave no whole result says so plainly: a line for a user, or one for each failed job."""
    lines = PROGRESS.sub("", how.err).splitlines()
    if how.status == 2:
        return len(lines) == 1 and lines[0].startswith("empirics: ")
    if how.status == 1:
        return any(map(FAILED.fullmatch, lines)) and "Traceback" not in how.err
    return False


def judged(bench, place, how):
    """Return how a run ended, in a word, after one more run without the fault, which must give the undisturbed table.

    Raises BrokenError for what is neither.
    """
    if how.status == 0:
        if table(bench, place) != bench.table:
            raise BrokenError(f"another table after {how}")
        word = "equal"
    elif told(how):
        word = "told"
    else:
        raise BrokenError(f"{how}")
    healed(bench, place)
    return word


def healed(bench, place):
    """Run what is missing, undisturbed; the table must be the undisturbed one. The try's folder goes then."""
    how = bench.run(place).ended()
    if how.status or "Traceback" in how.err:
        raise BrokenError(f"a run after the fault: {how}")
    if (found := table(bench, place)) != bench.table:
        raise BrokenError(f"a run after the fault gives another table: {found}")
    shutil.rmtree(place)
