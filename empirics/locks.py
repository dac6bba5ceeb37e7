"""Locks on files that the operating system takes back when their holder dies, however it dies.

A process that the holder forks has no part in them: it closes its copies, which would outlive the holder. That holds for forks
by Python, which are told of; a library's own `fork` without `exec` keeps the lock until both have ended.

On a disk without locks (NFS without its lock daemon, Lustre mounted without `flock`, many a folder of a container) Linux
gives the same by a name of its own, which the processes of one machine share that are in one network name space: there a
store must be used from one machine alone, which is said once. Containers have a network each unless they are told to
share one (`--network host`), and two of them do not exclude each other there.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import IO

from ascentcheck.empirics.telling import tell
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
    with _ours(lambda: path.open("ab", buffering=0)) as file:
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
    with _ours(lambda: open(path, "rb", buffering=0, opener=plain)) as file:
        lock = _lock(file, shared=True)
        if lock is None:
            return True
        with lock:
            return False


_OPEN: set[IO[bytes] | socket.socket] = set()
"""What holds or may hold a lock of this process."""
_FORKS = threading.RLock()
"""Held while something is opened or closed, so that no fork comes between that and `_OPEN`."""


@contextmanager
def _ours(opened: Callable[[], IO[bytes]]) -> Iterator[IO[bytes]]:
    """Open a file for this process and none that it forks."""
    with _FORKS:
        file = opened()
        _OPEN.add(file)
    try:
        yield file
    finally:
        _close(file)


def _close(one: IO[bytes] | socket.socket) -> None:
    with _FORKS:
        _OPEN.discard(one)
        one.close()


def _forked() -> None:
    """Close what is the parent's, in its child: the parent's own remain as they are."""
    global _FORKS
    _FORKS = threading.RLock()
    for one in _OPEN:
        one.close()
    _OPEN.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=lambda: _FORKS.acquire(), after_in_parent=lambda: _FORKS.release(), after_in_child=_forked
    )


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


def _named(file: IO[bytes]) -> AbstractContextManager[object] | None:
    """Take the machine's own name for a file, an abstract socket, which needs no disk; None where another has it."""
    found = os.fstat(file.fileno())
    with _FORKS:
        name = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        _OPEN.add(name)
    try:
        name.bind(f"\0ascentcheck/{found.st_dev}/{found.st_ino}")
    except OSError as error:
        _close(name)
        if error.errno != errno.EADDRINUSE:
            raise
        return None
    return _closed_after(name)


@contextmanager
def _closed_after(name: socket.socket) -> Iterator[None]:
    try:
        yield
    finally:
        _close(name)


@cache
def _tell(folder: str) -> None:
    tell(f"{folder}: this disk has no locks; use it from one machine at a time")
