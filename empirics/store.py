"""Where results live: one folder per job, named by its digest; what is there is whole, or it is not used.

Arrays are written as `.npy` to a temporary name, flushed to the disk and renamed; `record.json` follows last, the
same way, with the sha256 of each array. A folder without a record is unfinished; one whose arrays do not match
their checksums is reported, removed and computed again. A claim is a lock file held by an open file, which the
operating system gives up when its process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

RECORD = "record.json"


@dataclass(frozen=True)
class Result:
    """A finished job: its record, and where its arrays are. `array` reads one without copying it to memory."""

    folder: Path
    record: dict[str, Any]

    def array(self, name: str) -> np.ndarray:
        """Return one array, memory-mapped. Raises KeyError for a name that is not there."""
        if name not in self.record["arrays"]:
            raise KeyError(f"{name} is not among {', '.join(self.record['arrays'])}")
        return np.load(self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)

    def names(self) -> list[str]:
        """Return the names of the arrays."""
        return list(self.record["arrays"])


class Store:
    """Results of jobs in a folder on disk. Several processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sound: dict[str, float] = {}
        (root / "jobs").mkdir(parents=True, exist_ok=True)
        (root / "locks").mkdir(exist_ok=True)
        (root / "failed").mkdir(exist_ok=True)

    def folder(self, digest: str) -> Path:
        """Return the folder of a job."""
        return self.root / "jobs" / digest

    def put(self, digest: str, arrays: Mapping[str, np.ndarray], record: Mapping[str, Any]) -> None:
        """Store the arrays of a job, then its record, which makes it count."""
        folder = self.folder(digest)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sums = {}
        for name, array in arrays.items():
            path = folder / f"{name}.npy"
            with _replacing(path) as temporary, temporary.open("wb") as file:
                np.save(file, array, allow_pickle=False)
                _flush(file)
            sums[name] = _checksum(path)
        text = json.dumps({**record, "arrays": sums}, indent=1, sort_keys=True)
        with _replacing(folder / RECORD) as temporary, temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            _flush(file)
        (self.root / "failed" / digest).unlink(missing_ok=True)
        self._sound[digest] = (folder / RECORD).stat().st_mtime

    def get(self, digest: str) -> Result | None:
        """Return a finished job's result, or None. The first look at it in a process checks every checksum."""
        folder = self.folder(digest)
        try:
            stamp = (folder / RECORD).stat().st_mtime
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            sums = record["arrays"]
            if self._sound.get(digest) != stamp:
                if any(_checksum(folder / f"{name}.npy") != known for name, known in sums.items()):
                    return None
                self._sound[digest] = stamp
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return Result(folder, record)

    def damaged(self, digest: str) -> bool:
        """Whether a job has a record but not the result that it promises."""
        return (self.folder(digest) / RECORD).exists() and self.get(digest) is None

    @contextmanager
    def claim(self, digest: str) -> Iterator[bool]:
        """Hold a job for the time of a `with` block; False when another living process holds it."""
        with (self.root / "locks" / digest).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def running(self, digest: str) -> bool:
        """Whether a living process holds the job."""
        if not (self.root / "locks" / digest).exists():
            return False
        with self.claim(digest) as mine:
            return not mine

    def fail(self, digest: str, reason: str) -> None:
        """Remember why a job failed."""
        (self.root / "failed" / digest).write_text(reason, encoding="utf-8")

    def failure(self, digest: str) -> str | None:
        """Return why a job failed last, if it has not succeeded since."""
        path = self.root / "failed" / digest
        return path.read_text(encoding="utf-8") if path.exists() else None


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    yield temporary
    temporary.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
