"""What a cache of images holds: two files for each part, the array `PART-*.npy` and the manifest, `PART.json`.

The array is uint8 [n, 3, size, size]. The manifest has for each chunk of it a fingerprint of the files and settings that
it comes from, the sha256 of its pixels, and the files that could not be decoded, which have no place in the array.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ascentcheck.theory.console import UserError
from ascentcheck.theory.disk import read_bytes, replacing

if TYPE_CHECKING:
    from jaxtyping import UInt8

HEADER = 128
FILE = re.compile(r"[\w-]{1,100}-[0-9a-f]{8}\.npy")
VERSION = 1


@dataclass(frozen=True)
class Chunk:
    """Files next to each other in one folder; `wrong` are those that could not be decoded, with the reason."""

    folder: str
    fingerprint: str
    kept: int
    sha256: str
    wrong: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Manifest:
    """What the array `file` holds: the images of the chunks, one after the other, at `size` × `size`."""

    file: str
    size: int
    chunks: tuple[Chunk, ...]

    @property
    def n(self) -> int:
        """Images in the array."""
        return sum(chunk.kept for chunk in self.chunks)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Files left out, as folder/name, each with the reason."""
        return [(f"{chunk.folder}/{name}", reason) for chunk in self.chunks for name, reason in chunk.wrong]

    @property
    def folders(self) -> list[tuple[str, int]]:
        """Name of the folder and number of images, chunk by chunk."""
        return [(chunk.folder, chunk.kept) for chunk in self.chunks]

    @property
    def digest(self) -> str:
        """sha256 of the size, the pixels in their order, and the names of what was left out."""
        chunks = [(chunk.folder, chunk.kept, chunk.sha256) for chunk in self.chunks]
        names = [name for name, _ in self.wrong]
        return hashlib.sha256(json.dumps([VERSION, self.size, chunks, names]).encode()).hexdigest()


def read_manifest(cache: Path, part: str) -> Manifest | None:
    """Return the manifest of a part that is complete, its array in its whole length, or None."""
    manifest = read_any(cache / f"{part}.json")
    if manifest is None:
        return None
    file = cache / manifest.file
    whole = file.is_file() and file.stat().st_size == HEADER + manifest.n * image_bytes(manifest.size)
    return manifest if whole else None


def open_array(cache: Path, manifest: Manifest) -> UInt8[np.ndarray, "n 3 size size"]:
    """Return the images of a complete part, mapped to memory; what is written to them never reaches the file."""
    try:
        array: np.ndarray = np.load(cache / manifest.file, mmap_mode="c", allow_pickle=False)
    except (ValueError, EOFError):  # what is no array at all is not the one described either
        array = np.empty(0)
    if array.shape != (manifest.n, 3, manifest.size, manifest.size) or array.dtype != np.uint8:
        raise UserError(f"{cache / manifest.file}: is not the array that its manifest describes")
    return array


def image_bytes(size: int) -> int:
    """Return the bytes of one image."""
    return 3 * size * size


def array_header(n: int, size: int) -> bytes:
    """Return the first HEADER bytes of the array of `n` images."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (n, 3, size, size)}
    )
    if len(header.getvalue()) != HEADER:
        raise ValueError(f"an array's header has {len(header.getvalue())} bytes, not {HEADER}")
    return header.getvalue()


def read_any(path: Path) -> Manifest | None:
    """Return a manifest, of a complete part or not; None where there is none of this version. Raises UserError."""
    try:
        content: Any = json.loads(read_bytes(path))
        if content["version"] != VERSION:
            return None
        chunks = (
            Chunk(c["folder"], c["fingerprint"], c["kept"], c["sha256"], tuple((a, b) for a, b in c["wrong"]))
            for c in content["chunks"]
        )
        return _checked(Manifest(content["file"], content["size"], tuple(chunks)))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError(
            f"{path}: is no manifest of a cache; delete it to have the images decoded again"
        ) from None


def _checked(found: Manifest) -> Manifest:
    """Return a manifest whose parts are of the right types, and whose array is beside it. Raises ValueError."""
    named = isinstance(found.file, str) and FILE.fullmatch(found.file)
    numbers = [found.size, *(chunk.kept for chunk in found.chunks)]
    texts = [text for c in found.chunks for text in (c.folder, c.fingerprint, c.sha256)]
    texts += [text for c in found.chunks for pair in c.wrong for text in pair]
    right = all(type(n) is int and n >= 0 for n in numbers) and all(isinstance(text, str) for text in texts)
    if not (named and right):
        raise ValueError
    return found


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Replace the manifest at `path`, as a whole and forced to the disk."""
    import PIL
    from PIL import features

    decoder = f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}"
    content = {
        "version": VERSION,
        "file": manifest.file,
        "size": manifest.size,
        "decoder": decoder,
        "chunks": [vars(chunk) for chunk in manifest.chunks],
    }
    with replacing(path) as file:
        file.write(json.dumps(content).encode())
