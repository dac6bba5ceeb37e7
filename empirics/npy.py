"""Arrays of numbers from the files of others: `.npy`, `.npz`, `.pt`, `.safetensors`, CSV and Parquet.

The one reader for all of them. A file's first bytes tell what it is, whatever its name; text is CSV where its name says so.
No pickle is run, nothing is unpacked, checksums are verified where the format has any, and what a file claims to hold is
compared with its size before memory is taken. torch is imported for tensors alone.
"""

from __future__ import annotations

import math
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import numpy as np

from ascentcheck.theory.console import UserError, one_line
from ascentcheck.theory.disk import opened

if TYPE_CHECKING:
    from jaxtyping import Int

PLAIN, RATIO = 2**26, 20
"""A compressed array may have PLAIN bytes, or RATIO times those of its file."""

OLD_TORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""How torch began its files before version 1.6: a magic number as a pickle."""

HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
    (3, 0): np.lib.format.read_array_header_2_0,
}
"""By version of the format. The third is the second with names of fields in UTF-8, which no array of numbers has."""


DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip
"""What Python's reader of archives raises where one is damaged."""

NUMBERS, WITH_MASKS, LABELS = "iuf", "iufb", "iufbUS"

FORMATS = ".npy, .npz, .pt, .safetensors, .csv or .parquet"

PARQUET = b"PAR1"
TABLES = (".csv", ".tsv")


class Unusable(Exception):  # noqa: N818 - never leaves the readers
    """What is wrong with a file, as the rest of a sentence that begins with its name."""


def read_array(path: Path, kinds: str = NUMBERS) -> np.ndarray:
    """Return the one array in a file: integers or real numbers of at most 64 bits, in this machine's byte order.

    `kinds` are numpy's letters of the kinds of types that are taken; LABELS are also booleans and text.

    Of tensors, bfloat16 and floats of 8 bits become float32, which is exact. The rows of a table are those of its array.
    Raises UserError, in one line, for a file that is missing, damaged, cut short or longer than its array, that holds
    anything else or several arrays, or claims more than it has; ModuleNotFoundError where a format's package is missing.
    """
    (array,) = _guarded(path, kinds, several=False).values()
    return array


def read_arrays(path: Path, kinds: str = NUMBERS) -> dict[str, np.ndarray]:
    """Return the arrays of a file by name, as `read_array` does for one; the name of a single one is the file's own."""
    return _guarded(path, kinds, several=True)


def _guarded(path: Path, kinds: str, several: bool) -> dict[str, np.ndarray]:
    try:
        return _arrays(path, kinds, several)
    except Unusable as error:
        raise UserError(f"{path}: {one_line(str(error))}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except DAMAGED:
        raise UserError(f"{path}: is damaged or cut short") from None
    except MemoryError:
        raise UserError(f"{path}: is too large for this machine's memory") from None


def _arrays(path: Path, kinds: str, several: bool) -> dict[str, np.ndarray]:
    with opened(path) as file:
        size = path.stat().st_size
        start = file.read(len(OLD_TORCH))
        file.seek(0)
        if start.startswith(np.lib.format.MAGIC_PREFIX):
            return {path.stem: _array(file, size, kinds)}
        if start.startswith(b"PK"):
            with zipfile.ZipFile(file) as parts:
                if not any(PurePosixPath(name).name == "data.pkl" for name in parts.namelist()):
                    return _in_archive(parts, size, kinds, several)
    read = _reader(path, start, size, "U" in kinds)
    if read is None:
        from ascentcheck.empirics.tensor_file import read_tensor

        return {path.stem: read_tensor(path, kinds)}
    found = read(path, several)
    for name, array in found.items():
        if (wrong := check_type(array.dtype, kinds)) is not None:
            raise Unusable(f"{name}: {wrong}" if len(found) > 1 else wrong)
    return found


def _reader(
    path: Path, start: bytes, size: int, words: bool
) -> Callable[[Path, bool], dict[str, np.ndarray]] | None:
    """Return what reads a file that is no array of numpy's; None where it is torch's. A table may be one column of `words`."""
    if start.startswith(b"PK") or start == OLD_TORCH:
        return None
    if start.startswith(PARQUET):
        from ascentcheck.empirics.tables import read_parquet

        return partial(read_parquet, words=words)
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") < size:
        from ascentcheck.empirics.safetensors_file import read_safetensors

        return read_safetensors
    if path.suffix.lower() in TABLES:
        from ascentcheck.empirics.tables import read_csv

        return partial(read_csv, words=words)
    raise Unusable(f"is not a file of numbers: {FORMATS}")


def check_type(dtype: np.dtype, kinds: str = NUMBERS) -> str | None:
    """Return what is wrong with an array's type, as the rest of a sentence, or None where it is a number's."""
    if dtype.kind not in kinds:
        return f"holds {dtype}; real numbers are needed"
    if dtype.itemsize > 8 and dtype.kind in NUMBERS:
        return f"holds {dtype}; numbers of at most 64 bits are needed"
    return None


def _array(file: IO[bytes], size: int, kinds: str = NUMBERS) -> np.ndarray:
    """Return the array in `.npy` form of which a file of `size` bytes consists."""
    try:
        shape, in_columns, dtype = HEADERS[np.lib.format.read_magic(file)](file)
        if any(n < 0 for n in shape):
            raise ValueError
    except Exception:  # a damaged header raises errors of half a dozen kinds
        raise Unusable("is not a .npy file of numbers: its header is damaged") from None
    if (wrong := check_type(dtype, kinds)) is not None:
        raise Unusable(wrong)
    wanted, there = math.prod(shape) * dtype.itemsize, size - file.tell()
    if there != wanted:
        kind = "cut short" if there < wanted else "longer than its array"
        raise Unusable(
            f"is {kind}: {dtype} of shape {list(shape)} has {wanted:,} bytes, and {there:,} are there"
        )
    raw = np.empty(wanted, np.uint8)
    if file.readinto(memoryview(raw)) != wanted:  # type: ignore[attr-defined]
        raise Unusable("is cut short")
    array = raw.view(dtype).reshape(shape, order="F" if in_columns else "C")
    return array.astype(dtype.newbyteorder("="), copy=False)


def _in_archive(parts: zipfile.ZipFile, size: int, kinds: str, several: bool) -> dict[str, np.ndarray]:
    names = [part.filename for part in parts.infolist()]
    if not names or (len(names) > 1 and not several) or not all(name.endswith(".npy") for name in names):
        raise Unusable(
            f"is an archive of {some(names)}; {'arrays are' if several else 'one array is'} needed"
        )
    if len(set(names)) < len(names):
        raise Unusable("has two arrays of one name")
    claimed = sum(part.file_size for part in parts.infolist())
    if claimed > most(size):
        raise Unusable(f"claims {claimed:,} bytes, more than {RATIO} times its size; it is refused")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts.infolist()):
        raise Unusable("is compressed as NumPy never does it, without bounds; it is refused")
    found = {}
    for part in parts.infolist():
        with parts.open(part) as inner:
            found[part.filename.removesuffix(".npy")] = _array(inner, part.file_size, kinds)
            if inner.read(1):  # the checksum is compared at the end
                raise Unusable("is longer than its array")
    return found


def most(size: int) -> int:
    """Return how many bytes a compressed file of `size` bytes may claim to hold."""
    return max(PLAIN, RATIO * size)


def some(names: list[str]) -> str:
    """Return the first of some names, for a message."""
    return ", ".join(map(one_line, names[:3])) + (", …" if len(names) > 3 else "") if names else "nothing"


def read_indices(path: Path, n: int) -> Int[np.ndarray, " k"]:
    """Return the sorted indices, int64, of a set among `n` points, some and not all. Raises UserError for anything else."""
    indices = read_array(path)
    if indices.ndim != 1 or indices.dtype.kind not in "iu" or not 0 < len(indices) < n:
        raise UserError(
            f"{path}: holds {indices.dtype} of shape {list(indices.shape)}; indices of some of the {n} points are needed, "
            f"integers of shape [k], 0 < k < {n}"
        )
    if indices.min() < 0 or indices.max() >= n:
        outside = indices[(indices < 0) | (indices >= n)][0]
        raise UserError(f"{path}: has an index outside of 0..{n - 1}: {outside}")
    values, counts = np.unique(indices, return_counts=True)
    if len(values) < len(indices):
        raise UserError(f"{path}: has an index more than once: {values[counts > 1][0]}")
    return values.astype(np.int64)
