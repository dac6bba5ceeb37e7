"""Locks on files that the operating system takes back when their holder dies, however it dies.

On a disk without them (NFS without its lock daemon, Lustre mounted without `flock`, many a folder of a container) Linux
gives the same by a name of its own, which the processes of one machine share: there a store must be used from one machine
alone, which is said once.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import IO

from ascentcheck.theory.disk import plain

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
try:
    import msvcrt
except ImportError:
    msvcrt = None

NO_LOCKS = {
    errno.ENOLCK,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.EINVAL,
    errno.ENOTTY,
    errno.EPERM,
}
"""What disks answer that have no locks, and containers that forbid them."""
TAKEN = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}

LOCKED_BYTE = 1 << 30
"""Windows locks bytes, and nobody else can read those: one that no file here has."""


@contextmanager
def hold(path: Path) -> Iterator[IO[bytes] | None]:
    """Hold the lock of a file, which is made, for the time of a `with` block: the file, open to append to, unbuffered.

    None where another living process holds it. Raises OSError where the file cannot be opened, or nothing here has locks.
    """
    with path.open("ab", buffering=0) as file:
        lock = _lock(file)
        if lock is None:
            yield None
            return
        with lock:
            yield file


def held(path: str | Path) -> bool:
    """Whether a living process holds the lock. Looking may make a `hold` fail that comes at the same instant.

    Reading is enough, so that anyone can look. Raises OSError as `hold` does.
    """
    # a store has thousands, and a Path doubles the time
    with open(path, "rb", buffering=0, opener=plain) as file:
        lock = _lock(file, shared=True)
        if lock is None:
            return True
        with lock:
            return False


def _lock(file: IO[bytes], shared: bool = False) -> AbstractContextManager[object] | None:
    """Lock an open file until it is closed and what is returned is left; None where another has the lock."""
    try:
        if fcntl is not None:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        elif msvcrt is not None:
            file.seek(LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            raise OSError(errno.ENOSYS, "no locks on files")
        return nullcontext()
    except OSError as error:
        if error.errno in TAKEN:
            return None
        if error.errno not in NO_LOCKS or sys.platform != "linux":
            raise
    if not shared:
        _tell(str(Path(file.name).parent))
    return _named(file)


def _named(file: IO[bytes]) -> socket.socket | None:
    """Take the machine's own name for a file, an abstract socket, which needs no disk; None where another has it."""
    found = os.fstat(file.fileno())
    name = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        name.bind(f"\0ascentcheck/{found.st_dev}/{found.st_ino}")
    except OSError as error:
        name.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return None
    return name


@cache
def _tell(folder: str) -> None:
    print(f"{folder}: this disk has no locks; use it from one machine at a time", file=sys.stderr, flush=True)
