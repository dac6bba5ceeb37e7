"""Files that are replaced as a whole: whoever looks, and whenever a process dies, finds the old one or the new one."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

NO_SYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What disks answer that cannot be told to write now: network folders, and some of containers."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of `path` once all of it is on the disk. Raises OSError.

    Its own name is random: process numbers are shared by containers, and by machines with one disk.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            yield file
            force(file)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):  # the reason why it is to be removed says more
            temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def force(file: IO[Any]) -> None:
    """Wait until what was written is on the disk, where the disk can be told. Raises OSError."""
    file.flush()
    _sync(file.fileno(), NO_SYNC)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where folders can be opened and told. Raises OSError."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folder
        return
    try:
        _sync(descriptor, {*NO_SYNC, errno.EBADF, errno.EACCES, errno.EPERM})
    finally:
        os.close(descriptor)


def _sync(descriptor: int, without: set[int]) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in without:
            raise
