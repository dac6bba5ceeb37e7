"""Where results live: one folder per job, named by its digest; what is there is whole, or it is not used.

Arrays are written as `.npy` to a temporary name, flushed to the disk and renamed; `record.json` follows last, the
same way, with the sha256 of each array and its own (the records of older versions have none of their own). A folder
without a record is unfinished. One whose arrays or record do not match their checksums is damaged: it is reported and
computed again, never used. A claim is a lock that the operating system takes back when its process dies, however it dies,
so that no claim is ever stale. Reading a store writes nothing that is needed: one that is read-only, full or another
user's can be read.

    jobs/DIGEST/NAME.npy, record.json    locks/DIGEST    failed/DIGEST.json    values/KEY.json
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ascentcheck.empirics.locks import held, hold
from ascentcheck.theory.console import UserError
from ascentcheck.theory.disk import check_plain, flush_folder, opened, read_text, replacing

RECORD, OWN = "record.json", "sha256"
"""The file that makes a result count, and what it calls the checksum of all else in it."""


class StoreError(UserError):
    """The store cannot be written or read: the message says where and why."""


@dataclass(frozen=True)
class Result:
    """A finished job: its record, and where its arrays are."""

    folder: Path
    record: dict[str, Any]

    def array(self, name: str) -> np.ndarray:
        """Return one array, memory-mapped where the disk can. Raises KeyError for a name that is not there."""
        if name not in self.record["arrays"]:
            raise KeyError(f"{name} is not among {', '.join(self.record['arrays'])}")
        path = self.folder / f"{name}.npy"
        try:
            try:
                return np.load(path, mmap_mode="r", allow_pickle=False)
            except OSError as error:
                if error.errno not in (errno.ENODEV, errno.ENOSYS, errno.EINVAL):
                    raise
                return np.load(path, allow_pickle=False)
        except OSError as error:
            raise StoreError(f"{path}: cannot be read: {error.strerror or error}") from None
        except (
            ValueError,
            EOFError,
        ):  # changed since its checksum was compared, or stored so by an older version
            raise StoreError(f"{path}: is no whole array; remove {self.folder} and run again") from None

    def names(self) -> list[str]:
        """Return the names of the arrays."""
        return list(self.record["arrays"])


@dataclass(frozen=True)
class Glance:
    """What names in a store tell of jobs, by digest: `finished` have a record, `failed` a reason, `held` a living process.

    Nothing of a result is read: one that is damaged counts as finished.
    """

    finished: frozenset[str]
    failed: frozenset[str]
    held: Mapping[str, tuple[str, int] | None]


class Store:
    """Results of jobs in a folder on disk. Several processes may use it at once.

    Nothing is written before the first result. Raises StoreError where `root` is there and is no folder.
    """

    def __init__(self, root: Path) -> None:
        try:
            if not stat.S_ISDIR(root.stat().st_mode):
                raise StoreError(f"store {root}: is not a folder")
        except FileNotFoundError:
            pass
        except OSError as error:
            raise StoreError(f"store {root}: cannot be read: {error.strerror or error}") from None
        self.root = root
        self._sound: dict[str, tuple[int, int]] = {}

    def folder(self, digest: str) -> Path:
        """Return the folder of a job."""
        return self.root / "jobs" / digest

    def put(self, digest: str, arrays: Mapping[str, np.ndarray], record: Mapping[str, Any]) -> None:
        """Store the arrays of a job, then its record, which makes it count. Raises StoreError."""
        folder = self.folder(digest)
        attempts = 1 + self.failures(digest)
        self.discard(digest)
        with self._written():
            folder.mkdir(
                parents=True, exist_ok=True
            )  # NFS keeps a folder in which another process has a file open
            flush_folder(folder.parent)
            sums = {}
            for name, array in arrays.items():
                with replacing(folder / f"{name}.npy") as file:
                    summed = _Summed(file)
                    np.save(summed, array, allow_pickle=False)
                sums[name] = summed.sha256.hexdigest()
            whole = json.loads(_text({**record, "attempts": attempts, "arrays": sums}))  # as it is read
            with replacing(folder / RECORD) as file:
                file.write(_text({**whole, OWN: _sum(_text(whole))}).encode())
        with suppress(OSError):  # another user's, in a folder where each removes only their own
            self._failed(digest).unlink(missing_ok=True)

    def get(self, digest: str) -> Result | None:
        """Return a finished job's result, or None. The first look at it in a process checks every checksum.

        Raises StoreError where the user may not read it: it is neither missing nor damaged.
        """
        folder = self.folder(digest)
        try:
            state = (folder / RECORD).stat()
            record = json.loads(read_text(folder / RECORD))
            own, sums = record.pop(OWN, None), record["arrays"]
            if own is not None and own != _sum(_text(record)):
                return None
            stamp = (state.st_mtime_ns, state.st_ino)
            if self._sound.get(digest) != stamp:
                if any(_checksum(folder / f"{name}.npy") != known for name, known in sums.items()):
                    return None
                self._sound[digest] = stamp
        except PermissionError as error:
            raise StoreError(f"{error.filename}: cannot be read: {error.strerror}") from None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None
        return Result(folder, record)

    def discard(self, digest: str) -> None:
        """Remove a job's result, if there is one. Raises StoreError."""
        folder = self.folder(digest)
        with self._written():
            if folder.exists():
                (folder / RECORD).unlink(missing_ok=True)  # first: what is half removed must not look damaged
                shutil.rmtree(folder, ignore_errors=True)

    def committed(self, digest: str) -> bool:
        """Whether a job has a record, sound or not: a quick look, for progress only."""
        return os.path.exists(f"{self.root}/jobs/{digest}/{RECORD}")  # noqa: PTH110 - five times as fast as a Path

    def glance(self) -> Glance:
        """Return what is there without reading results: it takes as long for large ones as for small ones. Raises StoreError."""
        locks = (name for name in self._names("locks") if self.running(name))
        return Glance(
            frozenset(name for name in self._names("jobs") if self.committed(name)),
            frozenset(name.removesuffix(".json") for name in self._names("failed")),
            {name: self._named(name) for name in locks},
        )

    def _names(self, kind: str) -> list[str]:
        try:
            return os.listdir(self.root / kind)  # noqa: PTH208 - names alone
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise StoreError(f"store {self.root}: cannot be read: {error.strerror or error}") from None

    def damaged(self, digest: str) -> bool:
        """Whether a job has a record but not the result that it promises."""
        return self.committed(digest) and self.get(digest) is None

    @contextmanager
    def claim(self, digest: str) -> Iterator[bool]:
        """Hold a job for the time of a `with` block; False when another living process holds it. Raises StoreError."""
        with ExitStack() as stack:
            with self._written():
                path = self.root / "locks" / digest
                path.parent.mkdir(parents=True, exist_ok=True)
                check_plain(path)
                file = stack.enter_context(hold(path))
            if file is not None:
                with suppress(OSError):  # only people read it; a full disk is told when a result is put
                    file.truncate(0)
                    file.write(f"{platform.node()} {os.getpid()}".encode())
            yield file is not None

    def running(self, digest: str) -> bool:
        """Whether a living process holds the job. Looking may make a claim fail that comes at the same instant."""
        with suppress(OSError):
            return held(f"{self.root}/locks/{digest}")
        return False

    def holder(self, digest: str) -> tuple[str, int] | None:
        """Return the machine and the process that hold a job, or None where nobody does."""
        return self._named(digest) if self.running(digest) else None

    def _named(self, digest: str) -> tuple[str, int] | None:
        try:
            machine, process = read_text(self.root / "locks" / digest).rsplit(" ", 1)
            return machine, int(process)
        except (OSError, ValueError):  # between the lock and the name, or not of this version
            return None

    def fail(self, digest: str, reason: str) -> None:
        """Remember why a job failed, and how often it did."""
        times = 1 + self.failures(digest)
        with self._written():
            path = self._failed(digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as file:
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
            known = json.loads(read_text(self._failed(digest)))
            return str(known["reason"]), int(known["times"])
        except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError):
            return None, 0

    def remember(self, key: str, value: Mapping[str, Any]) -> bool:
        """Keep a small value under a key that says all that determines it.

        It can be computed again, so that a store that cannot be written is no error: False says that it is not kept.
        """
        path, text = self._value(key), json.dumps(value)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as file:
                file.write(json.dumps({"sha256": _sum(text), "value": text}).encode())
        except OSError:
            return False
        return True

    def recall(self, key: str) -> dict[str, Any] | None:
        """Return the value under a key, or None where there is none or its checksum is wrong."""
        try:
            known = json.loads(read_text(self._value(key)))
            return dict(json.loads(known["value"])) if known["sha256"] == _sum(known["value"]) else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def knows(self, key: str) -> bool:
        """Whether there is a value under a key, sound or not: a quick look."""
        return self._value(key).exists()

    def remembered(self, key: str, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the value under a key, computed and stored now where there is none."""
        known = self.recall(key)
        if known is None:
            known = compute()
            self.remember(key, known)
        return known

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


class _Summed:
    """A file that is written, with the checksum of what was meant to be in it.

    It is no file to numpy, which would write past Python's and not notice that a disk is full until it is closed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.sha256 = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return self.file.write(data)


def _text(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=1, sort_keys=True)


def _checksum(path: Path) -> str:
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
