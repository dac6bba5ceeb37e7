"""Folders of image files, decoded once into one array of bytes that is mapped to memory.

A cache is two files for each part of a data set: the images, `PART-*.npy`, uint8 [n, 3, size, size], and a manifest,
`PART.json`. The files come in chunks of one folder each, and the manifest has for each chunk a fingerprint of its
files (names, sizes, times of change) and of the settings, the sha256 of its pixels, and the files that could not be
decoded, which have no place in the array. A chunk is written, forced to the disk and only then recorded, and the
manifest is replaced as a whole, so that whenever a build is killed, the next one goes on behind the last recorded
chunk. Whatever is taken over, from a killed build or from a cache whose files have changed, is read back and compared
with its sha256 first; a chunk that differs is decoded again.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import sys
import uuid
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import PIL
from jaxtyping import UInt8
from PIL import Image, features

from empirics.data.image_decoding import decode
from empirics.progress import shown
from theory.console import UserError

CHUNK = 256
HEADER = 128
VERSION = 1


@dataclass(frozen=True)
class Folder:
    """A folder of images and the names of its files, in order."""

    path: Path
    files: tuple[str, ...]


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
    manifest = _read(cache / f"{part}.json")
    if manifest is None:
        return None
    file = cache / manifest.file
    whole = file.is_file() and file.stat().st_size == HEADER + manifest.n * _bytes(manifest.size)
    return manifest if whole else None


def open_array(cache: Path, manifest: Manifest) -> UInt8[np.ndarray, "n 3 size size"]:
    """Return the images of a complete part, mapped to memory; what is written to them never reaches the file."""
    array: np.ndarray = np.load(cache / manifest.file, mmap_mode="c", allow_pickle=False)
    if array.shape != (manifest.n, 3, manifest.size, manifest.size) or array.dtype != np.uint8:
        raise UserError(f"{cache / manifest.file}: is not the array that its manifest describes")
    return array


def build(
    cache: Path,
    part: str,
    folders: Sequence[Folder],
    size: int,
    check: bool = False,
    workers: int | None = None,
) -> Manifest:
    """Return the manifest of the part's cache, after decoding whatever of it is missing or out of date.

    With `check`, a complete cache is read back as well and its damaged chunks are decoded again. Raises UserError where
    the cache cannot be written, with what it takes where the disk is too small. Another process that builds the same
    cache is waited for.
    """
    try:
        wanted = [(piece, _fingerprint(piece, size)) for folder in folders for piece in _pieces(folder)]
        complete = read_manifest(cache, part)
        if complete is not None and not check and _same(complete, wanted):
            return complete
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache / f"{part}.lock"):
            return _build(cache, part, wanted, size, check, workers or len(os.sched_getaffinity(0)))
    except OSError as error:
        raise UserError(f"{error.filename or cache}: {error.strerror or error}") from None


def _build(
    cache: Path, part: str, wanted: list[tuple[Folder, str]], size: int, check: bool, workers: int
) -> Manifest:
    final, partial = cache / f"{part}.json", cache / f"{part}.partial.json"
    complete, begun = read_manifest(cache, part), _read(partial)
    if complete is not None:
        same = _same(complete, wanted)
        if same and not (check and _damaged(cache, complete, part)):
            return complete
        what = "is damaged" if same else "is of other files or another size"
        print(f"{final}: {what}; what differs is decoded again", file=sys.stderr)
    if begun is None or begun.size != size or not (cache / begun.file).is_file():
        begun = Manifest(f"{part}-{uuid.uuid4().hex[:8]}.npy", size, ())
    _space(cache, begun, complete, sum(len(piece.files) for piece, _ in wanted))
    chunks = _Builder(cache, partial, begun, complete, workers).run(wanted, part)
    done = Manifest(begun.file, size, tuple(chunks))
    with (cache / done.file).open("r+b") as file:
        file.truncate(HEADER + done.n * _bytes(size))
        file.write(_header(done.n, size))
        _force(file)
    _write(partial, done)
    partial.replace(final)
    for old in cache.glob(f"{part}-*.npy"):
        if old.name != done.file:
            old.unlink()
    return done


@dataclass(frozen=True)
class _Builder:
    cache: Path
    partial: Path
    begun: Manifest
    complete: Manifest | None
    workers: int

    def run(self, wanted: list[tuple[Folder, str]], part: str) -> list[Chunk]:
        """Bring every chunk to its place, in order, and return them."""
        size, chunks, n = self.begun.size, [], 0
        resumed = _places(self.begun)
        older = _places(self.complete) if self.complete is not None and self.complete.size == size else {}
        total = sum(len(piece.files) for piece, _ in wanted)
        path = self.cache / self.begun.file
        path.touch()
        done = 0
        with path.open("r+b") as file, _decoders(self.workers) as pool, shown(f"decoding {part}") as show:
            for piece, fingerprint in wanted:
                chunk = self._kept(path, n, resumed.get(fingerprint))
                if chunk is None:
                    chunk, pixels = self._copied(older.get(fingerprint)) or self._decoded(
                        piece, fingerprint, pool
                    )
                    file.seek(HEADER + n * _bytes(size))
                    file.write(pixels)
                    _force(file)
                    chunks.append(chunk)
                    _write(self.partial, Manifest(self.begun.file, size, tuple(chunks)))
                else:
                    chunks.append(chunk)
                n += chunk.kept
                done += len(piece.files)
                show(f"{done:,} of {total:,} images", done / total)
        return chunks

    def _kept(self, path: Path, n: int, found: tuple[Chunk, int] | None) -> Chunk | None:
        """Return a chunk that an earlier build left at its place, image `n`, if it is undamaged."""
        if found is None or found[1] != n or _content(path, found, self.begun.size) is None:
            return None
        return found[0]

    def _copied(self, found: tuple[Chunk, int] | None) -> tuple[Chunk, bytes] | None:
        """Return a chunk of the cache that is to be replaced, and its pixels, if it is undamaged."""
        if found is None or self.complete is None:
            return None
        pixels = _content(self.cache / self.complete.file, found, self.begun.size)
        return None if pixels is None else (found[0], pixels)

    def _decoded(self, piece: Folder, fingerprint: str, pool: ThreadPoolExecutor) -> tuple[Chunk, bytes]:
        results = list(pool.map(lambda name: _attempt(piece.path / name, self.begun.size), piece.files))
        pixels = b"".join(result.tobytes() for result in results if not isinstance(result, str))
        wrong = tuple((name, r) for name, r in zip(piece.files, results, strict=True) if isinstance(r, str))
        kept = len(piece.files) - len(wrong)
        return Chunk(piece.path.name, fingerprint, kept, hashlib.sha256(pixels).hexdigest(), wrong), pixels


def _attempt(path: Path, size: int) -> np.ndarray | str:
    try:
        return decode(path, size)
    except ValueError as error:
        return str(error)


def _places(manifest: Manifest) -> dict[str, tuple[Chunk, int]]:
    """Return each chunk with the number of its first image, by fingerprint."""
    places, n = {}, 0
    for chunk in manifest.chunks:
        places[chunk.fingerprint] = (chunk, n)
        n += chunk.kept
    return places


def _content(path: Path, found: tuple[Chunk, int], size: int) -> bytes | None:
    """Return the pixels of a chunk, or None where they are not those that were recorded."""
    chunk, n = found
    try:
        with path.open("rb") as file:
            file.seek(HEADER + n * _bytes(size))
            pixels = file.read(chunk.kept * _bytes(size))
    except OSError:
        return None
    return pixels if hashlib.sha256(pixels).hexdigest() == chunk.sha256 else None


def _same(manifest: Manifest, wanted: list[tuple[Folder, str]]) -> bool:
    return [chunk.fingerprint for chunk in manifest.chunks] == [fingerprint for _, fingerprint in wanted]


def _damaged(cache: Path, manifest: Manifest, part: str) -> bool:
    found = _places(manifest).values()
    with shown(f"checking {part}") as show:
        for i, place in enumerate(found):
            show(f"chunk {i + 1} of {len(found)}", i / len(found))
            if _content(cache / manifest.file, place, manifest.size) is None:
                return True
    with (cache / manifest.file).open("rb") as header:
        return header.read(HEADER) != _header(manifest.n, manifest.size)


def _pieces(folder: Folder) -> Iterator[Folder]:
    for start in range(0, len(folder.files), CHUNK):
        yield Folder(folder.path, folder.files[start : start + CHUNK])


def _fingerprint(piece: Folder, size: int) -> str:
    content = hashlib.sha256(f"{VERSION}/{size}/{piece.path.name}".encode())
    for name in piece.files:
        stat = (piece.path / name).stat()
        content.update(f"/{stat.st_size}/{stat.st_mtime_ns}/".encode() + os.fsencode(name))
    return content.hexdigest()


def _space(cache: Path, begun: Manifest, complete: Manifest | None, n: int) -> None:
    path = cache / begun.file
    missing = n * _bytes(begun.size) - (path.stat().st_size if path.exists() else 0)
    free = shutil.disk_usage(cache).free
    if missing > free:
        old = " while the old cache is replaced" if complete is not None else ""
        raise UserError(
            f"{cache}: {missing / 1e9:,.1f} GB more are needed for the decoded images{old}, and {free / 1e9:,.1f} GB are free"
        )


def _bytes(size: int) -> int:
    return 3 * size * size


def _header(n: int, size: int) -> bytes:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (n, 3, size, size)}
    )
    if len(header.getvalue()) != HEADER:
        raise ValueError(f"an array's header has {len(header.getvalue())} bytes, not {HEADER}")
    return header.getvalue()


def _read(path: Path) -> Manifest | None:
    try:
        content: Any = json.loads(path.read_bytes())
        if content["version"] != VERSION:
            return None
        chunks = (
            Chunk(c["folder"], c["fingerprint"], c["kept"], c["sha256"], tuple((a, b) for a, b in c["wrong"]))
            for c in content["chunks"]
        )
        return Manifest(content["file"], content["size"], tuple(chunks))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise UserError(
            f"{path}: is no manifest of a cache; delete it to have the images decoded again"
        ) from None


def _write(path: Path, manifest: Manifest) -> None:
    decoder = f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}"
    content = {
        "version": VERSION,
        "file": manifest.file,
        "size": manifest.size,
        "decoder": decoder,
        "chunks": [vars(chunk) for chunk in manifest.chunks],
    }
    new = path.with_suffix(".new")
    with new.open("w") as file:
        json.dump(content, file)
        _force(file)
    new.replace(path)


def _force(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock `path`, which the system lets go when the process ends, however it ends."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{path.with_suffix('')}: another process builds it; waiting", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _decoders(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Yield threads to decode with, for which an image of too many pixels is an error and no mere warning."""
    pool = ThreadPoolExecutor(workers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about EXIF data, which is not used
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
