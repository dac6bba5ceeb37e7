"""Where results live: one folder per job, named by its digest; what is there is whole, or it is not used.

Arrays are written as `.npy` to a temporary name, flushed to the disk and renamed; `record.json` follows last, the
same way, with the sha256 of each array. A folder without a record is unfinished. One whose arrays do not match
their checksums is damaged: it is reported and computed again, never used. A claim is a lock that the operating
system takes back when its process dies, however it dies, so that no claim is ever stale.

    jobs/DIGEST/NAME.npy, record.json    locks/DIGEST    failed/DIGEST.json    values/KEY.json
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ascentcheck.theory.console import UserError

RECORD = "record.json"


class StoreError(UserError):
    """The store cannot be written: the message says where and why."""


@dataclass(frozen=True)
class Result:
    """A finished job: its record, and where its arrays are."""

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
    """Results of jobs in a folder on disk. Several processes may use it at once.

    Nothing is written before the first result. Raises StoreError where `root` is there and is no folder.
    """

    def __init__(self, root: Path) -> None:
        if root.exists() and not root.is_dir():
            raise StoreError(f"store {root}: is not a folder")
        self.root = root
        self._sound: dict[str, tuple[int, int]] = {}

    def folder(self, digest: str) -> Path:
        """Return the folder of a job."""
        return self.root / "jobs" / digest

    def put(self, digest: str, arrays: Mapping[str, np.ndarray], record: Mapping[str, Any]) -> None:
        """Store the arrays of a job, then its record, which makes it count. Raises StoreError."""
        folder = self.folder(digest)
        attempts = 1 + self.failures(digest)
        with self._written():
            (folder / RECORD).unlink(missing_ok=True)  # first: what is half removed must not look damaged
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _flush_folder(folder.parent)
            sums = {}
            for name, array in arrays.items():
                path = folder / f"{name}.npy"
                with _replacing(path) as file:
                    np.save(file, array, allow_pickle=False)
                sums[name] = _checksum(path)
            whole = {**record, "attempts": attempts, "arrays": sums}
            with _replacing(folder / RECORD) as file:
                file.write(json.dumps(whole, indent=1, sort_keys=True).encode())
            self._failed(digest).unlink(missing_ok=True)

    def get(self, digest: str) -> Result | None:
        """Return a finished job's result, or None. The first look at it in a process checks every checksum."""
        folder = self.folder(digest)
        try:
            state = (folder / RECORD).stat()
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            sums = record["arrays"]
            stamp = (state.st_mtime_ns, state.st_ino)
            if self._sound.get(digest) != stamp:
                if any(_checksum(folder / f"{name}.npy") != known for name, known in sums.items()):
                    return None
                self._sound[digest] = stamp
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return Result(folder, record)

    def discard(self, digest: str) -> None:
        """Remove a job's result, if there is one. Raises StoreError."""
        folder = self.folder(digest)
        if folder.exists():
            with self._written():
                (folder / RECORD).unlink(missing_ok=True)  # first: what is half removed must not look damaged
                shutil.rmtree(folder, ignore_errors=True)

    def committed(self, digest: str) -> bool:
        """Whether a job has a record, sound or not: a quick look, for progress only."""
        return (self.folder(digest) / RECORD).exists()

    def damaged(self, digest: str) -> bool:
        """Whether a job has a record but not the result that it promises."""
        return self.committed(digest) and self.get(digest) is None

    @contextmanager
    def claim(self, digest: str) -> Iterator[bool]:
        """Hold a job for the time of a `with` block; False when another living process holds it."""
        with self._written():
            path = self.root / "locks" / digest
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            with self._written():
                file.truncate(0)
                file.write(f"{platform.node()} {os.getpid()}")
                file.flush()
            yield True

    def running(self, digest: str) -> bool:
        """Whether a living process holds the job. Looking may make a claim fail that comes at the same instant."""
        try:
            with (self.root / "locks" / digest).open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def holder(self, digest: str) -> tuple[str, int] | None:
        """Return the machine and the process that hold a job, or None where nobody does."""
        if not self.running(digest):
            return None
        try:
            machine, process = (self.root / "locks" / digest).read_text(encoding="utf-8").rsplit(" ", 1)
            return machine, int(process)
        except (OSError, ValueError):  # between the lock and the name, or not of this version
            return None

    def fail(self, digest: str, reason: str) -> None:
        """Remember why a job failed, and how often it did."""
        times = 1 + self.failures(digest)
        with self._written():
            path = self._failed(digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            with _replacing(path) as file:
                text = {"reason": reason, "times": times, "at": time.time()}
                file.write(json.dumps(text).encode())

    def failure(self, digest: str) -> str | None:
        """Return why a job failed last, if it has not succeeded since."""
        return self._failure(digest)[0]

    def failures(self, digest: str) -> int:
        """Return how many times a job has failed since it last succeeded."""
        return self._failure(digest)[1]

    def _failure(self, digest: str) -> tuple[str | None, int]:
        try:
            known = json.loads(self._failed(digest).read_text(encoding="utf-8"))
            return str(known["reason"]), int(known["times"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, 0

    def remember(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep a small value under a key that says all that determines it. Raises StoreError."""
        with self._written():
            path = self._value(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            with _replacing(path) as file:
                text = json.dumps(value)
                file.write(json.dumps({"sha256": _sum(text), "value": text}).encode())

    def recall(self, key: str) -> dict[str, Any] | None:
        """Return the value under a key, or None where there is none or its checksum is wrong."""
        try:
            known = json.loads(self._value(key).read_text(encoding="utf-8"))
            return dict(json.loads(known["value"])) if known["sha256"] == _sum(known["value"]) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _failed(self, digest: str) -> Path:
        return self.root / "failed" / f"{digest}.json"

    def _value(self, key: str) -> Path:
        return self.root / "values" / f"{_sum(key)}.json"

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(f"store {self.root}: cannot be written: {error.strerror or error}") from None


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of `path` once all of it is on the disk."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
