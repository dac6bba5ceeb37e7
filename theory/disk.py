"""Files that are replaced as a whole, so that whoever looks, and whenever a process dies, finds the old one or the new one;
and files that are read, which nothing else than a file can keep waiting.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

NO_SYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What disks answer that cannot be told to write now: network folders, and some of containers."""
AT_ONCE = getattr(os, "O_NONBLOCK", 0)
"""Opens a pipe without waiting for who writes to it. Windows has none in folders."""
DEVICES = ("/dev/", "/proc/")
"""Where names are of what is open already, as `/dev/stdout` and `/dev/fd/63`: no file can take its place."""
GIVEN = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""Names of pipes that have a writer, as `<(command)` makes them in a shell: these end."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of `path` once all of it is on the disk. Raises OSError, which names `path`.

    Its own name is random: process numbers are shared by containers, and by machines with one disk.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            yield file
            force(file)
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):  # the reason why it is to be removed says more
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            error.filename, error.filename2 = str(path), None
        raise
    flush_folder(path.parent)


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of one that a user may have named, as `replacing` does. Raises OSError.

    A link stays, and so do the old file's permissions. A pipe or a device is written to as it is.
    """
    mode = None
    with suppress(FileNotFoundError):
        mode = path.stat().st_mode
    if (mode is not None and not stat.S_ISREG(mode)) or str(path.absolute()).startswith(DEVICES):
        with path.open("wb") as file:
            yield file
        return
    with replacing(Path(os.path.realpath(path))) as file:
        if mode is not None:
            with suppress(OSError):  # a disk without permissions
                Path(file.name).chmod(stat.S_IMODE(mode))
        yield file


def write_text(path: Path, text: str) -> None:
    """Put a text in the place of a file, as UTF-8. Raises OSError."""
    with written(path) as file:
        file.write(text.encode())


def opened(path: str | Path) -> BinaryIO:
    """Open a file to read. Raises OSError where it cannot be, or is no file: a pipe would be waited for without end."""
    return cast(BinaryIO, open(path, "rb", opener=plain))


def plain(path: str, flags: int) -> int:
    """Open a file, or a pipe that was GIVEN, as `os.open` does, for an `opener` of `open`. Raises OSError for anything else."""
    descriptor = os.open(path, flags | AT_ONCE, 0o666)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISFIFO(mode) and str(path).startswith(GIVEN):
            os.set_blocking(descriptor, True)
        else:
            _check(path, mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def check_plain(path: Path) -> None:
    """Raise OSError where something is at a path that is no plain file; what opens it to write would wait for a pipe's reader."""
    with suppress(FileNotFoundError):
        _check(str(path), path.stat().st_mode)


def _check(path: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "is no plain file", path)


def read_bytes(path: Path) -> bytes:
    """Return what is in a file. Raises OSError as `opened` does."""
    with opened(path) as file:
        return file.read()


def read_text(path: Path) -> str:
    """Return the text in a file of UTF-8, every end of a line as a newline. Raises OSError and UnicodeDecodeError."""
    return read_bytes(path).decode().replace("\r\n", "\n").replace("\r", "\n")


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
