"""Living-17 (BREEDS; Santurkar, Tsipras and Madry, 2021): 68 classes of ImageNet in 17 kinds of animals.

Read from a folder of ImageNet as it is usually laid out, `train/nXXXXXXXX/*.JPEG` and `val/nXXXXXXXX/*.JPEG`, in a fixed
order: that of `living17.csv`, and in each folder that of the bytes of the files' names. Images are decoded once, to
224 × 224 pixels (see `image_decoding` and `image_cache`). Networks train on them resized to 160 × 160, and margins are
taken at 224 × 224, of training points as well.
"""

from __future__ import annotations

import csv
import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data.class_folders import decoded, images, points, refuse, some
from ascentcheck.empirics.data.dataset import Dataset, Scaling
from ascentcheck.empirics.data.image_cache import Folder
from ascentcheck.theory.console import UserError

N_CLASSES = 17
SCALING = Scaling(mean=(0.485, 0.456, 0.406), deviation=(0.229, 0.224, 0.225))
"""That of ImageNet, which is usual."""

LIVING17_SIZES = (88_400, 3_400)
"""68 × 1,300 training images, which is the most that a class has in ILSVRC-2012, and 68 × 50 validation images. What the
folder holds is what counts."""

ENDINGS = (".jpeg", ".jpg")
PARTS = ("train", "val")


class Living17Config(Config):
    """`path` is the folder with ImageNet's `train` and `val`, and `cache` one for 14 GB of decoded images. Where the cache
    is complete it is enough: `path` may be absent.

    `domains` are the subpopulations of BREEDS' random split: its source, its target, or all 68 classes. BREEDS asks how
    networks fare on the target after the source; the paper only names Living-17, with a class list of 68, hence `all`.
    `corrupt` tells what becomes of files that cannot be decoded. Images have `size` × `size` pixels, training batches
    `train_size` × `train_size`. With `check`, the cache is read through and its damaged parts are decoded again.
    """

    kind: Literal["living17"] = "living17"
    path: Annotated[str, Field(min_length=1)] = "data/imagenet"
    cache: Annotated[str, Field(min_length=1)] = "data/living17"
    domains: Literal["all", "source", "target"] = "all"
    corrupt: Literal["refuse", "skip"] = "refuse"
    size: Annotated[int, Field(ge=32, le=1024)] = 224
    train_size: Annotated[int, Field(ge=32, le=1024)] = 160
    check: bool = False


@dataclass(frozen=True)
class Member:
    """A class of ImageNet in Living-17: its label in 0..16, the name of that class, and its domain in BREEDS."""

    label: int
    kind: str
    wnid: str
    domain: str
    name: str


@cache
def members() -> tuple[Member, ...]:
    """Return the 68 classes, in their order."""
    with Path(__file__).with_name("living17.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tuple(Member(int(r["label"]), r["class"], r["wnid"], r["domain"], r["name"]) for r in rows)


def load_living17(config: Living17Config) -> Dataset:
    """Return Living-17 as uint8 [n, 3, size, size] with the scaling SCALING, mapped to the cache's files.

    Raises UserError, in one line, for a folder that is not laid out as ImageNet, with the classes that are missing; for
    files that cannot be decoded, all of them at once, unless they are to be skipped; and for a cache that cannot be
    written.
    """
    root, store = Path(config.path), Path(config.cache)
    chosen = [member for member in members() if config.domains in ("all", member.domain)]
    parts = {part: f"{config.domains}-{part}" for part in PARTS}
    folders = {part: _folders(root, part, chosen) for part in PARTS} if root.exists() else {}
    manifests = decoded(root, store, parts, folders, config.size, config.check)
    if config.corrupt == "refuse":
        refuse(root, manifests)
    train, val = (manifests[part] for part in PARTS)
    identity = f"living17/{train.digest}/{val.digest}/{SCALING}/{config.train_size}"
    labels = {member.wnid: member.label for member in members()}
    (train_x, train_y), (val_x, val_y) = (points(store, manifest, labels) for manifest in (train, val))
    return Dataset(
        "living17",
        train_x,
        train_y,
        val_x,
        val_y,
        n_classes=N_CLASSES,
        scaling=SCALING,
        train_size=config.train_size,
        content_digest=hashlib.sha256(identity.encode()).hexdigest(),
    )


def _folders(root: Path, part: str, chosen: list[Member]) -> list[Folder]:
    base = root / part
    try:
        entries = {entry.name for entry in os.scandir(base)}
        missing = [member.wnid for member in chosen if member.wnid not in entries]
        if len(missing) == len(chosen):
            flat = any(name.lower().endswith(ENDINGS) and not name.startswith(".") for name in entries)
            found = "image files and no folders of classes" if flat else "no folder of these classes"
            raise UserError(
                f"{base}: holds {found}; a folder for each class is needed, as {part}/{chosen[0].wnid}/*.JPEG"
            )
        if missing:
            raise UserError(f"{base}: classes are missing: {some(missing)}")
        folders = [Folder(base / member.wnid, images(base / member.wnid, ENDINGS)) for member in chosen]
    except OSError as error:
        raise UserError(
            f"{error.filename or base}: cannot be read: {error.strerror or error}; "
            f"ImageNet's folder has train/nXXXXXXXX/*.JPEG and val/nXXXXXXXX/*.JPEG"
        ) from None
    empty = [folder.path.name for folder in folders if not folder.files]
    if empty:
        raise UserError(f"{base}: classes without a JPEG file: {some(empty)}")
    return folders
