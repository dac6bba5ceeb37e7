"""Folders of image files, decoded once into one array of bytes that is mapped to memory (see `image_manifest`).

The files come in chunks of one folder each. A chunk is written, forced to the disk and only then recorded, and the
manifest is replaced as a whole, so that whenever a build is killed, the next one goes on behind the last recorded
chunk. Whatever is taken over, from a killed build or from a cache whose files have changed, is read back and compared
with its sha256 first; a chunk that differs is decoded again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import uuid
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ascentcheck.empirics.data.image_decoding import decode
from ascentcheck.empirics.data.image_manifest import (
    HEADER,
    VERSION,
    Chunk,
    Manifest,
    array_header,
    image_bytes,
    read_any,
    read_manifest,
    write_manifest,
)
from ascentcheck.empirics.locks import hold
from ascentcheck.empirics.progress import shown
from ascentcheck.empirics.telling import tell
from ascentcheck.theory.console import UserError
from ascentcheck.theory.cores import cores
from ascentcheck.theory.disk import check_plain, force, opened

CHUNK = 256
POLL = 0.5
"""Seconds between two looks at a cache that another process builds."""


@dataclass(frozen=True)
class Folder:
    """A folder of images and the names of its files, in order."""

    path: Path
    files: tuple[str, ...]


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
            return _build(cache, part, wanted, size, check, workers or cores())
    except OSError as error:
        raise UserError(f"{error.filename or cache}: {error.strerror or error}") from None


def _build(
    cache: Path, part: str, wanted: list[tuple[Folder, str]], size: int, check: bool, workers: int
) -> Manifest:
    final, partial = cache / f"{part}.json", cache / f"{part}.partial.json"
    complete, begun = read_manifest(cache, part), read_any(partial)
    named = {manifest.file for manifest in (read_any(final), begun) if manifest is not None}
    if complete is not None:
        same = _same(complete, wanted)
        if same and not (check and _damaged(cache, complete, part)):
            return complete
        what = "is damaged" if same else "is of other files or another size"
        tell(f"{final}: {what}; what differs is decoded again")
    if begun is None or begun.size != size or not (cache / begun.file).is_file():
        begun = Manifest(f"{part}-{uuid.uuid4().hex[:8]}.npy", size, ())
    _space(cache, begun, complete, sum(len(piece.files) for piece, _ in wanted))
    chunks = _Builder(cache, partial, begun, complete, workers).run(wanted, part)
    done = Manifest(begun.file, size, tuple(chunks))
    with (cache / done.file).open("r+b") as file:
        file.truncate(HEADER + done.n * image_bytes(size))
        file.write(array_header(done.n, size))
        force(file)
    write_manifest(partial, done)
    partial.replace(final)
    for old in _left(cache, part, named - {done.file}):
        old.unlink()
    return done


def _left(cache: Path, part: str, named: set[str]) -> list[Path]:
    """Return what older builds left: arrays that a manifest named, and what those began that died. A user's files stay."""
    array = re.compile(rf"{re.escape(part)}-[0-9a-f]{{8}}\.npy")
    manifest = re.compile(rf"\.{re.escape(part)}(\.partial)?\.json\.[0-9a-f]{{16}}")
    return [
        path
        for path in cache.iterdir()
        if manifest.fullmatch(path.name)
        or (array.fullmatch(path.name) and (path.name in named or _headless(path)))
    ]


def _headless(path: Path) -> bool:
    """Whether an array has no header yet, which comes last."""
    try:
        with opened(path) as file:
            return not file.read(HEADER).strip(b"\0")
    except OSError:
        return False


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
                    file.seek(HEADER + n * image_bytes(size))
                    file.write(pixels)
                    force(file)
                    chunks.append(chunk)
                    write_manifest(self.partial, Manifest(self.begun.file, size, tuple(chunks)))
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
            file.seek(HEADER + n * image_bytes(size))
            pixels = file.read(chunk.kept * image_bytes(size))
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
    with (cache / manifest.file).open("rb") as file:
        return file.read(HEADER) != array_header(manifest.n, manifest.size)


def _pieces(folder: Folder) -> Iterator[Folder]:
    for start in range(0, len(folder.files), CHUNK):
        yield Folder(folder.path, folder.files[start : start + CHUNK])


def _fingerprint(piece: Folder, size: int) -> str:
    content = hashlib.sha256(f"{VERSION}/{size}/".encode() + os.fsencode(piece.path.name))
    for name in piece.files:
        stat = (piece.path / name).stat()
        content.update(f"/{stat.st_size}/{stat.st_mtime_ns}/".encode() + os.fsencode(name))
    return content.hexdigest()


def _space(cache: Path, begun: Manifest, complete: Manifest | None, n: int) -> None:
    path = cache / begun.file
    missing = n * image_bytes(begun.size) - (path.stat().st_size if path.exists() else 0)
    free = shutil.disk_usage(cache).free
    if missing > free:
        old = " while the old cache is replaced" if complete is not None else ""
        raise UserError(
            f"{cache}: {missing / 1e9:,.1f} GB more are needed for the decoded images{old}, and {free / 1e9:,.1f} GB are free"
        )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock `path`, which the system lets go when the process ends, however it ends."""
    told = False
    check_plain(path)
    while True:
        with hold(path) as file:
            if file is not None:
                yield
                return
        if not told:
            tell(f"{path.with_suffix('')}: another process builds it; waiting")
        told = True
        time.sleep(POLL)


@contextmanager
def _decoders(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Yield threads to decode with, for which an image of too many pixels is an error and no mere warning."""
    from PIL import Image

    pool = ThreadPoolExecutor(workers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about EXIF data, which is not used
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
