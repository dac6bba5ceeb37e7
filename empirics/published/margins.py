"""Published margins of pretrained models and oracles on CIFAR-10, so that nothing has to be trained to score a method.

Two layouts are read, from their root folder:

`full_models/CIFAR10/{train,val}_margins_all.pt`, `oracle_models/CIFAR10/only_margins/forget_set_K/` with the same two
files, and `forget_set_indices/CIFAR10/forget_set_K.npy`: margins of all models [models, points], in the official
order, of which the indices are forgotten.

`margins/cifar10/oracle/forget_K/{retain,val,forget}/resnet9/id_X_epoch_Y.npy` and
`margins/cifar10/pretrain/{retain,val,forget_K}/resnet9/id_X_epoch_Y.npy`: margins [points] of one model each. A
pretrained model retains all training points there, so that those of `forget_sets/cifar10/forget_set_K.npy` are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ascentcheck.empirics.npy import read_array, read_indices
from ascentcheck.theory.console import UserError

MODEL_FILE = re.compile(r"id_(\d+)_epoch_(\d+)\.npy")


@dataclass(frozen=True, eq=False)
class Published:
    """Margins [models, points] of `pretrained` models and `oracles` of one forget set, by split.

    The points of a split are the same in both, in the same order.
    """

    pretrained: dict[str, np.ndarray]
    oracles: dict[str, np.ndarray]


def read_published(root: Path, forget_set: int) -> Published:
    """Return what is published under `root` for the forget set of that number, in either layout.

    Raises UserError where neither layout is there, or a file of it is missing or unusable.
    """
    if (root / "full_models").is_dir():
        return _whole(root, forget_set)
    if (root / "margins" / "cifar10").is_dir():
        return _by_model(root, forget_set)
    raise UserError(f"{root}: holds neither full_models/CIFAR10 nor margins/cifar10")


def read_model_folder(folder: Path) -> np.ndarray:
    """Return margins [models, points] of a folder of `id_X_epoch_Y.npy`, [points] each, in the order of X.

    Raises UserError for no such file, two epochs, two of one model, unequal lengths, or a damaged file.
    """
    try:
        named = [(m, file) for file in folder.iterdir() if (m := MODEL_FILE.fullmatch(file.name))]
    except OSError as error:
        raise UserError(f"{folder}: cannot be read: {error.strerror or error}") from None
    if not named:
        raise UserError(f"{folder}: holds no file id_X_epoch_Y.npy")
    epochs = sorted({int(match[2]) for match, _ in named})
    if len(epochs) > 1:
        raise UserError(f"{folder}: has models of epochs {epochs[0]} and {epochs[1]}; keep one epoch")
    rows: dict[int, np.ndarray] = {}
    for match, file in sorted(named, key=lambda found: (int(found[0][1]), found[1].name)):
        if int(match[1]) in rows:
            raise UserError(f"{folder}: has model {int(match[1])} twice")
        row = read_array(file)
        if row.ndim != 1 or row.dtype.kind != "f":
            raise UserError(
                f"{file}: holds {row.dtype} of shape {list(row.shape)}; margins [points] are needed"
            )
        first = next(iter(rows.values()), row)
        if row.shape != first.shape:
            raise UserError(f"{file}: has {len(row)} points, and other models have {len(first)}")
        rows[int(match[1])] = row
    return np.stack(list(rows.values()))


def _whole(root: Path, forget_set: int) -> Published:
    name = f"forget_set_{forget_set}"
    folders = root / "full_models" / "CIFAR10", root / "oracle_models" / "CIFAR10" / "only_margins" / name
    train, val = ([_matrix(f / f"{split}_margins_all.pt") for f in folders] for split in ("train", "val"))
    for parts, split in ((train, "train"), (val, "val")):
        _same_points(parts, folders[1] / f"{split}_margins_all.pt")
    forget = read_indices(root / "forget_set_indices" / "CIFAR10" / f"{name}.npy", train[0].shape[1])
    retain = np.setdiff1d(np.arange(train[0].shape[1]), forget)
    return Published(
        *(
            {"forget": inner[:, forget], "retain": inner[:, retain], "validation": outer}
            for inner, outer in zip(train, val, strict=True)
        )
    )


def _by_model(root: Path, forget_set: int) -> Published:
    margins, name = root / "margins" / "cifar10", f"forget_{forget_set}"
    places = {
        "forget": ("forget", name),
        "retain": ("retain", "retain"),
        "validation": ("val", "val"),
    }
    pretrained, oracles = {}, {}
    for split, (theirs, ours) in places.items():
        place = margins / "oracle" / name / theirs / "resnet9"
        oracles[split] = read_model_folder(place)
        pretrained[split] = read_model_folder(margins / "pretrain" / ours / "resnet9")
        whole = oracles["forget"].shape[1] + oracles[split].shape[1]
        if split == "retain" and pretrained[split].shape[1] == whole:
            indices = root / "forget_sets" / "cifar10" / f"forget_set_{forget_set}.npy"
            pretrained[split] = np.delete(pretrained[split], read_indices(indices, whole), axis=1)
        _same_points([pretrained[split], oracles[split]], place)
    return Published(pretrained, oracles)


def _matrix(path: Path) -> np.ndarray:
    from ascentcheck.empirics.tensor_file import read_tensor  # torch, which the other layout does without

    found = read_tensor(path)
    if found.ndim != 2 or found.dtype.kind != "f":
        raise UserError(
            f"{path}: holds {found.dtype} of shape {list(found.shape)}; [models, points] is needed"
        )
    return found


def _same_points(parts: list[np.ndarray], place: Path) -> None:
    first, second = (part.shape[1] for part in parts)
    if first != second:
        raise UserError(f"{place}: has {second} points, and the pretrained models have {first}")
