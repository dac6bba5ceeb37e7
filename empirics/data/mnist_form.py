"""Data sets of MNIST's form: four IDX files, images and labels to train on and to test on.

`fashion-mnist` is Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): 60,000 and 10,000 grey images of 28 × 28 pixels of
clothes in 10 classes. `idx` is any other set of that form, such as MNIST, KMNIST or EMNIST.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field

from ascentcheck.empirics.data.copies import CopiesConfig, copied
from ascentcheck.empirics.data.dataset import UNOFFICIAL, Dataset, Scaling
from ascentcheck.empirics.data.idx import read_idx, sha256
from ascentcheck.empirics.data.subset import SubsetConfig, taken
from ascentcheck.empirics.later import torch
from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import UInt8

PACKAGED = "/usr/share/datasets/fashion-mnist"
"""Where Debian's package dataset-fashion-mnist puts the four files."""

TRAIN, TESTS = "train", ("t10k", "test")
CONTENTS = {  # sha256 of the official files, unpacked
    "train images": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train labels": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "test images": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "test labels": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
FASHION_SHAPE, FASHION_CLASSES = (28, 28), 10
FASHION_SIZES = (60_000, 10_000)
FASHION_SCALING = Scaling(mean=(0.2860,), deviation=(0.3530,))
"""Mean and standard deviation of the training pixels."""


class FashionMnistConfig(SubsetConfig):
    """`path` is the folder with the four files, gzipped or not; where none is given, that of Debian's package
    dataset-fashion-mnist. `official = false` takes files of other contents, and every page and figure says so. `copies` puts
    near-copies among the training images.
    """

    kind: Literal["fashion-mnist"] = "fashion-mnist"
    path: Annotated[str, Field(min_length=1)] = PACKAGED
    official: bool = True
    copies: CopiesConfig | None = None


class IdxConfig(SubsetConfig):
    """`path` is the folder with the four files. `name` is what the data are called on pages and in figures.

    `prefix` stands before the files' names: EMNIST's are `emnist-letters-train-images-idx3-ubyte` and so on. EMNIST's
    images are stored with rows and columns exchanged, which `transposed` puts right.
    """

    kind: Literal["idx"] = "idx"
    path: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] = "idx"
    prefix: Annotated[str, Field(pattern=r"^[\w.-]*$")] = ""
    transposed: bool = False


Part: TypeAlias = "tuple[UInt8[np.ndarray, 'n H W'], UInt8[np.ndarray, ' n']]"


def load_fashion_mnist(config: FashionMnistConfig) -> Dataset:
    """Return Fashion-MNIST as uint8 [n, 1, 28, 28] with the scaling FASHION_SCALING, or a subset of it.

    Raises UserError, in one line, as `read_idx` does, for images without a label each, and for contents that are not the
    official ones where `official`.
    """
    folder = Path(config.path)
    if not folder.is_dir():
        raise UserError(
            f"{folder}: no such folder; install Debian's package dataset-fashion-mnist, or give the folder of the four files"
        )
    parts = _parts(folder, "")
    official = all(
        sha256(array) == CONTENTS[f"{part} {what}"]
        for part, arrays in zip(("train", "test"), parts, strict=True)
        for what, array in zip(("images", "labels"), arrays, strict=True)
    )
    if config.official and not official:
        raise UserError(
            f"{folder}: holds other contents than the official files of Fashion-MNIST; "
            'give those, or set official = false, or kind = "idx" for another data set'
        )
    for images, labels in parts:
        if images.shape[1:] != FASHION_SHAPE or labels.max() >= FASHION_CLASSES:
            raise UserError(
                f"{folder}: has images {list(images.shape[1:])} with labels to {labels.max()}; Fashion-MNIST has "
                f"{list(FASHION_SHAPE)} and 0..{FASHION_CLASSES - 1}"
            )
    whole = Dataset(
        "fashion-mnist",
        *_tensors(parts),
        n_classes=FASHION_CLASSES,
        scaling=FASHION_SCALING,
        remark=None if official else UNOFFICIAL,
    )
    part = taken(whole, config)
    return part if config.copies is None else copied(part, config.copies)


def load_idx(config: IdxConfig) -> Dataset:
    """Return the set as uint8 [n, 1, H, W], standardised by the mean and deviation of its training pixels.

    Its classes are the labels of the training images, in their order. Raises UserError, in one line, as `read_idx` does, for
    images without a label each or of two sizes, for a test label that no training image has, and for images of one grey.
    """
    folder = Path(config.path)
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; the four IDX files of a data set are needed")
    parts = _parts(folder, config.prefix)
    (train, labels), (test, test_labels) = parts
    if train.shape[1:] != test.shape[1:]:
        raise UserError(
            f"{folder}: has training images {list(train.shape[1:])} and test images {list(test.shape[1:])}"
        )
    kinds = np.unique(labels)
    if len(new := np.setdiff1d(test_labels, kinds)):
        raise UserError(f"{folder}: label {new[0]} of a test image is that of no training image")
    if len(kinds) < 2:
        raise UserError(f"{folder}: all training images have the label {kinds[0]}")
    images = [x.transpose(0, 2, 1) if config.transposed else x for x in (train, test)]
    numbered = [np.searchsorted(kinds, y) for y in (labels, test_labels)]
    tensors = _tensors([(x, y) for x, y in zip(images, numbered, strict=True)])
    whole = Dataset(config.name, *tensors, n_classes=len(kinds), scaling=_scaling(train, folder))
    return taken(whole, config)


def _scaling(images: UInt8[np.ndarray, "n H W"], folder: Path) -> Scaling:
    """Return mean and standard deviation of pixels / 255, from exact counts of the 256 greys."""
    counts = np.bincount(images.ravel(), minlength=256)
    greys = np.arange(256) / 255
    mean = float(counts @ greys) / images.size
    deviation = (float(counts @ (greys - mean) ** 2) / images.size) ** 0.5
    if np.count_nonzero(counts) < 2:
        raise UserError(f"{folder}: every pixel of the training images is {images.flat[0]}")
    return Scaling(mean=(round(mean, 4),), deviation=(max(round(deviation, 4), 1e-4),))


def _parts(folder: Path, prefix: str) -> tuple[Part, Part]:
    """Return images and labels of the training and of the test part. Raises UserError."""
    return _part(folder, prefix, (TRAIN,)), _part(folder, prefix, TESTS)


def _part(folder: Path, prefix: str, names: tuple[str, ...]) -> Part:
    image_file = _file(folder, [f"{prefix}{name}-images-idx3-ubyte" for name in names])
    label_file = _file(folder, [f"{prefix}{name}-labels-idx1-ubyte" for name in names])
    images, labels = read_idx(image_file, 3), read_idx(label_file, 1)
    if len(images) != len(labels):
        raise UserError(f"{image_file}: has {len(images):,} images, and {label_file} {len(labels):,} labels")
    return images, labels


def _file(folder: Path, stems: list[str]) -> Path:
    for stem in stems:
        for name in (stem, f"{stem}.gz"):
            if (folder / name).exists() or (folder / name).is_symlink():  # a link to nothing is told as such
                return folder / name
    raise UserError(f"{folder}: holds no {' or '.join(stems)}, with or without .gz")


def _tensors(parts: list[Part] | tuple[Part, Part]) -> list[torch.Tensor]:
    """Return training images [n, 1, H, W] and labels [n], and those to test on."""
    return [
        tensor
        for images, labels in parts
        for tensor in (
            torch.from_numpy(np.ascontiguousarray(images)[:, None]),
            torch.from_numpy(labels.astype(np.int64)),
        )
    ]
