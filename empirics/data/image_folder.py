"""Images in a folder for each class: `train/CLASS/*` to train on and `test/CLASS/*` (or `val/CLASS/*`) to validate on.

Files are JPEG or PNG of any size. They are decoded once to `size` × `size` pixels, as is usual for photographs: the shorter
side is resized to 8/7 of that and the centre is cut out (see `image_decoding` and `image_cache`). The order is that of the
bytes of the classes' names, and in each class that of the files' names; classes are numbered in it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ascentcheck.empirics.data.class_folders import decoded, images, points, refuse, some
from ascentcheck.empirics.data.dataset import Dataset, Scaling
from ascentcheck.empirics.data.image_cache import Folder
from ascentcheck.empirics.data.subset import SubsetConfig, taken
from ascentcheck.theory.console import UserError

ENDINGS = (".jpeg", ".jpg", ".png")
PARTS = ("train", "test")
HELD_OUT = ("test", "val")
SCALING = Scaling(mean=(0.485, 0.456, 0.406), deviation=(0.229, 0.224, 0.225))
"""That of ImageNet, which is usual for photographs."""


class ImageFolderConfig(SubsetConfig):
    """`path` is the folder with `train` and `test` or `val`, and `cache` one for the decoded images, of this data set alone:
    3 · `size`² bytes for each. Where the cache is complete it is enough: `path` may be absent.

    `name` is what the data are called on pages and in figures. With `train_size`, training batches are resized to that.
    `corrupt` tells what becomes of files that cannot be decoded. With `check`, the cache is read through and its damaged
    parts are decoded again.
    """

    kind: Literal["image-folder"] = "image-folder"
    path: Annotated[str, Field(min_length=1)]
    cache: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] = "image-folder"
    size: Annotated[int, Field(ge=8, le=1024)] = 64
    train_size: Annotated[int, Field(ge=8, le=1024)] | None = None
    corrupt: Literal["refuse", "skip"] = "refuse"
    check: bool = False


def load_image_folder(config: ImageFolderConfig) -> Dataset:
    """Return the images as uint8 [n, 3, size, size] with the scaling SCALING, mapped to the cache's files, or a subset.

    Raises UserError, in one line, for a folder that is not laid out so; for files that cannot be decoded, all of them at
    once, unless they are to be skipped; and for a cache that cannot be written.
    """
    root, cache = Path(config.path), Path(config.cache)
    folders = {part: _folders(root, part) for part in PARTS} if root.exists() else {}
    if folders:
        _same_classes(root, *([folder.path.name for folder in folders[part]] for part in PARTS))
    manifests = decoded(root, cache, {part: part for part in PARTS}, folders, config.size, config.check)
    if config.corrupt == "refuse":
        refuse(root, manifests)
    train, test = (manifests[part] for part in PARTS)
    classes = list(dict.fromkeys(name for name, _ in train.folders))
    labels = {name: label for label, name in enumerate(classes)}
    identity = f"{config.name}/{classes}/{train.digest}/{test.digest}/{SCALING}/{config.train_size}"
    (train_x, train_y), (val_x, val_y) = (points(cache, part, labels) for part in (train, test))
    whole = Dataset(
        config.name,
        train_x,
        train_y,
        val_x,
        val_y,
        n_classes=len(classes),
        scaling=SCALING,
        train_size=config.train_size,
        content_digest=hashlib.sha256(identity.encode()).hexdigest(),
    )
    return taken(whole, config)


def _folders(root: Path, part: str) -> list[Folder]:
    """Return the classes of a part, each with its files."""
    base = root / part if part == "train" else _held_out(root)
    try:
        entries = [entry for entry in os.scandir(base) if not entry.name.startswith(".")]
        names = sorted((entry.name for entry in entries if entry.is_dir()), key=os.fsencode)
        if not names:
            flat = any(entry.name.lower().endswith(ENDINGS) for entry in entries)
            found = "image files and no folders of classes" if flat else "no folders of classes"
            raise UserError(
                f"{base}: holds {found}; a folder for each class is needed, as {part}/CLASS/*.png"
            )
        folders = [Folder(base / name, images(base / name, ENDINGS)) for name in names]
    except OSError as error:
        raise UserError(
            f"{error.filename or base}: cannot be read: {error.strerror or error}; "
            "the folder of a data set has train/CLASS/* and test/CLASS/* or val/CLASS/*"
        ) from None
    empty = [folder.path.name for folder in folders if not folder.files]
    if empty:
        raise UserError(f"{base}: classes without a JPEG or PNG file: {some(empty)}")
    return folders


def _held_out(root: Path) -> Path:
    there = [root / name for name in HELD_OUT if (root / name).exists()]
    if len(there) > 1:
        raise UserError(
            f"{root}: holds both {' and '.join(HELD_OUT)}; keep the one that is to be validated on"
        )
    return there[0] if there else root / HELD_OUT[0]


def _same_classes(root: Path, train: list[str], test: list[str]) -> None:
    if differ := sorted({*train} ^ {*test}, key=os.fsencode):
        raise UserError(f"{root}: classes that are in only one of training and validation: {some(differ)}")
    if len(train) < 2:
        raise UserError(f"{root}: has the one class {train[0]}; two are needed")
