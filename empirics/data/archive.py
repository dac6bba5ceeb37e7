"""Named files from a `.tar.gz` or a folder, read into memory: nothing is unpacked, and no path in it is followed.

An archive is refused whole if it holds a name outside of itself, a link, a device, a sparse or repeated file, or if
it is larger than its reader allows.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from ascentcheck.theory.console import UserError

MAX_MEMBERS = 64


class _TooLargeError(Exception):
    """More bytes came out of an archive than its reader allows."""


class _Limited(io.RawIOBase):
    """A stream that fails once more than `limit` bytes were read from it."""

    def __init__(self, stream: gzip.GzipFile, limit: int) -> None:
        self.stream, self.left = stream, limit

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self.left + 1:
            size = self.left + 1
        data = self.stream.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise _TooLargeError
        return data


def read_files(path: Path, names: Collection[str], max_file: int, max_total: int) -> dict[str, bytes]:
    """Return the contents of those `names` that are in the folder or gzipped tar archive `path`.

    Names have the form `folder/file`; a folder may be the inner one itself. A file may hold `max_file` bytes, and
    an archive `max_total` bytes unpacked and 64 entries.

    Raises UserError for what is missing, damaged, cut short, too large, or unsafe.
    """
    if path.is_dir():
        return _from_folder(path, names, max_file)
    if not path.exists():
        raise UserError(f"{path}: no such file or folder; give the archive as it was downloaded, or unpacked")
    if not path.is_file():
        raise UserError(f"{path}: is neither a file nor a folder")
    try:
        with gzip.open(path) as unzipped:
            return _from_tar(path, unzipped, names, max_file, max_total)
    except _TooLargeError:
        raise UserError(f"{path}: unpacks to more than {max_total:,} bytes; it is refused") from None
    except (
        tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, OverflowError, RecursionError, ValueError,
    ) as error:  # fmt: skip
        plain = {RecursionError: "its headers are nested", OverflowError: "a header claims too much"}
        reason = plain.get(type(error), error)
        raise UserError(f"{path}: is damaged, cut short, or not a .tar.gz: {reason}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None


def _from_tar(
    path: Path, unzipped: gzip.GzipFile, names: Collection[str], max_file: int, max_total: int
) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    seen: set[str] = set()
    limited = _Limited(unzipped, max_total)
    with tarfile.open(fileobj=limited, mode="r|") as archive:
        for member in archive:
            place = PurePosixPath(member.name)
            where = f"{path}: {member.name!r}"
            if len(seen) >= MAX_MEMBERS:
                raise UserError(f"{path}: has more than {MAX_MEMBERS} entries; it is refused")
            if place.is_absolute() or ".." in place.parts or "\\" in member.name:
                raise UserError(f"{where} points outside of the archive; it is refused")
            if str(place) in seen:
                raise UserError(f"{where} is there twice; the archive is refused")
            seen.add(str(place))
            if member.isdir():
                continue
            if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse():
                raise UserError(f"{where} is a link, a device or a sparse file; the archive is refused")
            if member.size > max_file:
                raise UserError(f"{where} has {member.size:,} bytes; at most {max_file:,} are allowed")
            if str(place) in names:
                file = archive.extractfile(member)
                content = b"" if file is None else file.read()
                if len(content) != member.size:
                    raise UserError(f"{where} is cut short")
                found[str(place)] = content
    while limited.read(1 << 16):  # gzip's checksum is verified only when its last bytes are read
        pass
    return found


def _from_folder(folder: Path, names: Collection[str], max_file: int) -> dict[str, bytes]:
    found = {}
    for name in names:
        inner = PurePosixPath(name)
        candidates = [folder / inner] + (
            [folder / inner.name] if folder.resolve().name == inner.parts[0] else []
        )
        for file in candidates:
            if not file.exists():
                continue
            if not file.is_file():  # a pipe would never end
                raise UserError(f"{file}: is not a plain file")
            try:
                size = file.stat().st_size
                if size > max_file:
                    raise UserError(f"{file}: has {size:,} bytes; at most {max_file:,} are allowed")
                found[name] = file.read_bytes()
            except OSError as error:
                raise UserError(f"{file}: cannot be read: {error.strerror or error}") from None
            break
    return found
