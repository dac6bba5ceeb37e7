"""IDX files, the form of MNIST: bytes in an array of named sizes, plain or gzipped.

A file starts with two zero bytes, 8 for 'unsigned bytes', the number of axes, and the size of each axis as four bytes,
big end first; the values follow and nothing after them. A header is believed only so far as the values are there.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import UInt8

UNSIGNED_BYTES = 8
GZIPPED = b"\x1f\x8b"
MAX_BYTES = 1_000_000_000
"""Of values in a file; the largest of the family (EMNIST by class) has 547 million."""
BLOCK = 1 << 20


def read_idx(path: Path, axes: int) -> UInt8[np.ndarray, "*sizes"]:
    """Return the array of bytes, with `axes` axes, in the IDX file `path`, gzipped or not.

    Raises UserError, in one line, for a file that is missing, not plain, cut short, longer than its header says, of other
    values or axes, or that would take more than MAX_BYTES.
    """
    try:
        if not path.is_file():  # a pipe would never end
            raise UserError(f"{path}: {'is not a plain file' if path.exists() else 'no such file'}")
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"{path}: has more than {MAX_BYTES:,} bytes; it is refused")
        with path.open("rb") as file:
            zipped = file.read(2) == GZIPPED
            file.seek(0)
            if not zipped:
                return _array(file, path, axes)
            with gzip.GzipFile(fileobj=file) as unzipped:
                return _array(unzipped, path, axes)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}: is damaged or cut short: {error}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None


def header(shape: Sequence[int]) -> bytes:
    """Return the first bytes of an IDX file of unsigned bytes with the sizes `shape`."""
    return bytes([0, 0, UNSIGNED_BYTES, len(shape)]) + np.array(shape, ">u4").tobytes()


def sha256(array: UInt8[np.ndarray, "*sizes"]) -> str:
    """Return the sha256 of the IDX file, unpacked, that holds `array`: a gzipped file's own depends on who packed it."""
    content = hashlib.sha256(header(array.shape))
    content.update(np.ascontiguousarray(array).data)
    return content.hexdigest()


def _array(file: IO[bytes], path: Path, axes: int) -> np.ndarray:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise UserError(f"{path}: is no IDX file: it begins with {magic.hex() or 'nothing'}")
    if magic[2] != UNSIGNED_BYTES or magic[3] != axes:
        raise UserError(
            f"{path}: holds values of type {magic[2]} along {magic[3]} axes; "
            f"unsigned bytes (type {UNSIGNED_BYTES}) along {axes} are needed"
        )
    sizes = file.read(4 * axes)
    if len(sizes) < 4 * axes:
        raise UserError(f"{path}: is cut short in its header")
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    size = prod(shape)
    if not 0 < size <= MAX_BYTES:
        raise UserError(f"{path}: its header claims {list(shape)} values; 1 to {MAX_BYTES:,} are allowed")
    content = bytearray()  # grows with what is there, never with what a header claims
    while len(content) <= size and (block := file.read(min(BLOCK, size + 1 - len(content)))):
        content += block
    if len(content) != size:
        found = f"only {len(content):,}" if len(content) < size else "more than these"
        raise UserError(f"{path}: its header claims {list(shape)}, {size:,} values, and there are {found}")
    return np.frombuffer(content, np.uint8).reshape(shape)
