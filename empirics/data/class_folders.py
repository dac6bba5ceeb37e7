"""What data sets of image files in a folder for each class have in common: their files, their cache, their labels."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ascentcheck.empirics.data.image_cache import Folder, build
from ascentcheck.empirics.data.image_manifest import Manifest, open_array, read_manifest
from ascentcheck.empirics.later import torch
from ascentcheck.empirics.telling import tell
from ascentcheck.theory.console import UserError

NAMED = 10


def images(folder: Path, endings: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the image files in a folder, in the order of their bytes.

    Raises OSError, and UserError for a name of an image that is of no plain file: a pipe would never end.
    """
    found = [
        path
        for path in folder.iterdir()
        if path.name.lower().endswith(tuple(endings)) and not path.name.startswith(".")
    ]
    for path in found:
        if not path.is_file():
            raise UserError(f"{path}: is not a plain file")
    return tuple(sorted((path.name for path in found), key=os.fsencode))


def decoded(
    root: Path,
    cache: Path,
    parts: Mapping[str, str],
    folders: Mapping[str, Sequence[Folder]],
    size: int,
    check: bool,
) -> dict[str, Manifest]:
    """Return the manifest of each part, decoded from its `folders`; where there are none, that of a complete cache.

    `parts` maps each part to its name in the cache. Raises UserError where neither will do.
    """
    if folders:
        return {part: build(cache, name, folders[part], size, check) for part, name in parts.items()}
    found = {part: read_manifest(cache, name) for part, name in parts.items()}
    complete = {part: manifest for part, manifest in found.items() if manifest is not None}
    if len(complete) < len(found):
        raise UserError(f"{root}: does not exist, and {cache} holds no complete cache of it")
    if (sizes := {manifest.size for manifest in complete.values()}) != {size}:
        raise UserError(
            f"{root}: does not exist, and {cache} holds images of {min(sizes)} pixels, not {size}"
        )
    if check:
        raise UserError(f"{root}: does not exist, so the cache cannot be checked and repaired")
    tell(f"{root}: does not exist; {cache} is used as it is")
    return complete


def refuse(root: Path, manifests: Mapping[str, Manifest]) -> None:
    """Raise UserError, with their names, if any file could not be decoded."""
    wrong = [
        f"{part}/{name} ({reason})" for part, manifest in manifests.items() for name, reason in manifest.wrong
    ]
    if wrong:
        files = "file" if len(wrong) == 1 else "files"
        raise UserError(
            f"{root}: {len(wrong):,} {files} cannot be decoded: {some(wrong)}; "
            'replace them, or set corrupt = "skip" (the others stay decoded)'
        )


def points(cache: Path, manifest: Manifest, labels: Mapping[str, int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images, uint8 [n, 3, size, size] mapped to memory, and their labels [n] by `labels` of each folder."""
    if not manifest.n:
        raise UserError(f"{cache / manifest.file}: no image could be decoded")
    ys, ns = zip(*((labels[folder], n) for folder, n in manifest.folders), strict=True)
    x = torch.from_numpy(open_array(cache, manifest))
    return x, torch.repeat_interleave(torch.tensor(ys), torch.tensor(ns))


def some(names: Sequence[str]) -> str:
    """Return the first ten of many names, and how many more there are."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
