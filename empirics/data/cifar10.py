"""CIFAR-10 (Krizhevsky, 2009): 50,000 training and 10,000 test images of 32 × 32 pixels in 10 classes.

Read from the official archive, in its binary or its Python version, as downloaded or unpacked, in the official order:
that of `data_batch_1` to `data_batch_5`, then `test_batch`. The Python version's pickles are read as data and never
executed. Both versions hold the same images in the same order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from ascentcheck.empirics.data.archive import read_files
from ascentcheck.empirics.data.dataset import UNOFFICIAL, Dataset, Scaling
from ascentcheck.empirics.data.plain_pickle import NotPlainError, read_plain
from ascentcheck.empirics.data.subset import SubsetConfig, taken
from ascentcheck.empirics.later import torch
from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import Int64, UInt8
    from torch import Tensor

ARCHIVES = {
    "cifar-10-python.tar.gz": "c58f30108f718f92721af3b95e74349a",
    "cifar-10-binary.tar.gz": "c32a1d4ab5d03f1284b67883e8d87530",
}
"""md5 of the archives, as https://www.cs.toronto.edu/~kriz/cifar.html gives them."""

BATCHES = (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")
PYTHON = tuple(f"cifar-10-batches-py/{name}" for name in BATCHES)
BINARY = tuple(f"cifar-10-batches-bin/{name}.bin" for name in BATCHES)
UNPACKED = dict(
    zip(
        PYTHON,
        (
            "c99cafc152244af753f735de768cd75f",
            "d4bba439e000b95fd0a9bffe97cbabec",
            "54ebc095f3ab1f0389bbae665268c751",
            "634d18415352ddfa80567beed471001a",
            "482c414d41f54cd18b22e5b47cb7c3cb",
            "40351d587109b95175f43aff81a1287e",
        ),
        strict=True,
    )
)
"""md5 of the Python version's files, as torchvision checks them; none is published for the binary version's."""

SHAPE, N_CLASSES = (3, 32, 32), 10
PIXELS = 3 * 32 * 32
SCALING = Scaling(mean=(0.4914, 0.4822, 0.4465), deviation=(0.2023, 0.1994, 0.201))
"""That of the paper's training script."""

MAX_FILE, MAX_TOTAL = 40_000_000, 250_000_000  # the official ones have 31 and 187 million bytes


class Cifar10Config(SubsetConfig):
    """`path` is the archive, or the folder it was unpacked to. `official = false` takes files whose md5 is not that of the
    official ones, such as a smaller set or one that was kept as JPEG, and every page and figure then says so, with
    `note` if it is given. The images' own digest is part of every result's key either way.
    """

    kind: Literal["cifar10"] = "cifar10"
    path: Annotated[str, Field(min_length=1)] = "data/cifar-10-binary.tar.gz"
    official: bool = True
    note: Annotated[str, Field(pattern=r"^[^\n\r]{1,80}$")] | None = None

    @model_validator(mode="after")
    def _nothing_to_say(self) -> Cifar10Config:
        if self.official and self.note is not None:
            raise ValueError("note says what files are that are not the official ones; official is true")
        return self


@dataclass(frozen=True, eq=False)
class Images:
    """Pixels [n, 3, 32, 32] in 0..255, channels red, green, blue, and labels [n] in 0..9."""

    x: UInt8[Tensor, "n 3 32 32"]
    y: Int64[Tensor, " n"]


def load_cifar10(config: Cifar10Config) -> Dataset:
    """Return CIFAR-10 with the scaling SCALING, or a subset. Raises UserError as `read_cifar10` and `taken` do."""
    path = Path(config.path)
    train, test = read_cifar10(path, config.official)
    known = config.official or (path.is_file() and _md5(path) in ARCHIVES.values())
    remark = None if known else ": ".join(filter(None, (UNOFFICIAL, config.note)))
    whole = Dataset(
        "cifar10", train.x, train.y, test.x, test.y, n_classes=N_CLASSES, scaling=SCALING, remark=remark
    )
    return taken(whole, config)


def read_cifar10(path: Path, official: bool = True) -> tuple[Images, Images]:
    """Return the training and the test images of an archive or folder, as they are stored.

    Raises UserError, in one line, for a file that is missing, damaged, not the official one where `official`, unsafe
    (a name outside of the archive, a link, a device, too large) or that holds anything but images and labels.
    """
    if official and path.is_file():
        _check_archive(path)
    files = read_files(path, {*PYTHON, *BINARY}, MAX_FILE, MAX_TOTAL)
    versions = [names for names in (BINARY, PYTHON) if any(name in files for name in names)]
    if not versions:
        raise UserError(f"{path}: holds no CIFAR-10; {PYTHON[0]} or {BINARY[0]} is needed")
    names = versions[0]
    for name in names:
        if name not in files:
            raise UserError(f"{path}: {name} is missing")
        if official and path.is_dir():
            _check_file(path, name, files[name])
    decode = _binary if names is BINARY else _python
    parts = [decode(files.pop(name), f"{path}: {name}") for name in names]
    pixels = [part[0].reshape(-1, *SHAPE) for part in parts]
    labels = [part[1] for part in parts]
    train = Images(_tensor(pixels[:5], np.uint8), _tensor(labels[:5], np.int64))
    return train, Images(_tensor(pixels[5:], np.uint8), _tensor(labels[5:], np.int64))


def _tensor(parts: list[np.ndarray], dtype: type[np.generic]) -> Tensor:
    return torch.from_numpy(np.concatenate(parts).astype(dtype, copy=False))


def _md5(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None


def _check_archive(path: Path) -> None:
    found = _md5(path)
    if found not in ARCHIVES.values():
        allowed = " or ".join(f"{md5} ({name})" for name, md5 in ARCHIVES.items())
        raise UserError(
            f"{path}: has md5 {found}, not that of an official archive, {allowed}; "
            "download it again, or set official = false"
        )


def _check_file(path: Path, name: str, content: bytes) -> None:
    if name not in UNPACKED:
        raise UserError(
            f"{path}: no md5 is published for the unpacked binary version; give cifar-10-binary.tar.gz, "
            "or set official = false"
        )
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != UNPACKED[name]:
        raise UserError(
            f"{path}: {name} has md5 {found}, not the official {UNPACKED[name]}; "
            "unpack the archive again, or set official = false"
        )


def _binary(content: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return pixels [n, 3072] and labels [n] of records of one label and 3,072 pixels each."""
    if not content or len(content) % (1 + PIXELS):
        raise UserError(f"{where}: has {len(content):,} bytes, no whole number of records of {1 + PIXELS:,}")
    records = np.frombuffer(content, np.uint8).reshape(-1, 1 + PIXELS)
    return records[:, 1:], _labels(records[:, 0], where)


def _python(content: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return pixels [n, 3072] and labels [n] of a pickled dictionary with `data` and `labels`."""
    try:
        batch = read_plain(content)
    except NotPlainError as error:
        raise UserError(f"{where}: {error}") from None
    if not isinstance(batch, dict) or not {"data", "labels"} <= batch.keys():
        raise UserError(f"{where}: is no dictionary with data and labels")
    pixels, labels = batch["data"], batch["labels"]
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.shape[1] != PIXELS or not len(pixels):
        raise UserError(f"{where}: data is not an array of uint8 [n, {PIXELS}]")
    if not isinstance(labels, list) or any(type(label) is not int for label in labels):
        raise UserError(f"{where}: labels is not a list of integers")
    if len(labels) != len(pixels):
        raise UserError(f"{where}: has {len(pixels)} images and {len(labels)} labels")
    return pixels, _labels(np.array(labels, dtype=object), where)


def _labels(labels: np.ndarray, where: str) -> np.ndarray:
    wrong = (labels < 0) | (labels >= N_CLASSES)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise UserError(f"{where}: label {labels[first]} of image {first} is not in 0..{N_CLASSES - 1}")
    return labels.astype(np.int64)
