"""Margins of a few models in both layouts in which they are published: one tensor for all models, and a file for each."""

import numpy as np
import torch

DRAW = np.random.default_rng(0)
TRAIN = DRAW.normal(size=(2, 6, 20)).astype(np.float32)  # [pretrained or oracles, models, points]
VAL = DRAW.normal(size=(2, 6, 8)).astype(np.float32)
FORGET = np.array([3, 7, 19])
RETAIN = np.setdiff1d(np.arange(20), FORGET)


def save(path, value, **options):
    """Write an array, a tensor or whatever torch saves, by the name of its file, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npy":
        np.save(path, value, **options)
    else:
        torch.save(value, path, **options)
    return path


def whole(root):
    """Write the layout with one tensor for all models."""
    places = "full_models/CIFAR10", "oracle_models/CIFAR10/only_margins/forget_set_2"
    for place, train, val in zip(places, TRAIN, VAL, strict=True):
        save(root / place / "train_margins_all.pt", torch.from_numpy(train))
        save(root / place / "val_margins_all.pt", torch.from_numpy(val))
    save(root / "forget_set_indices/CIFAR10/forget_set_2.npy", FORGET)


def by_model(root, names=range(6)):
    """Write the layout with a file for each model, whose numbers may have gaps."""
    parts = {
        "pretrain/forget_2": TRAIN[0][:, FORGET],
        "pretrain/retain": TRAIN[0],
        "pretrain/val": VAL[0],
        "oracle/forget_2/forget": TRAIN[1][:, FORGET],
        "oracle/forget_2/retain": TRAIN[1][:, RETAIN],
        "oracle/forget_2/val": VAL[1],
    }
    for place, rows in parts.items():
        for i, row in zip(names, rows, strict=True):
            save(root / "margins/cifar10" / place / f"resnet9/id_{i}_epoch_23.npy", row)
    save(root / "forget_sets/cifar10/forget_set_2.npy", FORGET[::-1])
