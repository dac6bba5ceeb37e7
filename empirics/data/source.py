"""What a data set of one's own is: settings that load it."""

from __future__ import annotations

from abc import abstractmethod

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data.dataset import Dataset
from ascentcheck.empirics.later import torch
from ascentcheck.theory.console import UserError


class Source(Config):
    """Base of the data sets of plug-ins: a subclass adds its `kind`, its settings and its `load`."""

    kind: str

    @abstractmethod
    def load(self) -> Dataset:
        """Return the data set. Its digest is that of its content, and tells it from any other."""


def loaded(source: Source) -> Dataset:
    """Return the data set of a plug-in, checked. Raises UserError for what no network can take."""
    found = source.load()
    if not isinstance(found, Dataset):
        raise UserError(f"data {source.kind}: load() gave {type(found).__name__}; a Dataset is needed")
    for part, x, y in (
        ("training", found.train_x, found.train_y),
        ("validation", found.val_x, found.val_y),
    ):
        where = f"data {source.kind}: {part} points"
        stored = torch.float32 if found.scaling is None else torch.uint8
        if x.dtype != stored or x.shape[1:] != found.train_x.shape[1:] or x.ndim < 2:
            raise UserError(f"{where}: are {x.dtype} {list(x.shape)}; {stored} [points, *shape] is needed")
        if y.dtype != torch.int64 or y.shape != x.shape[:1] or not len(y):
            raise UserError(
                f"{where}: labels are {y.dtype} {list(y.shape)}; torch.int64 [{len(x)}] is needed"
            )
        if not (int(y.min()) >= 0 and int(y.max()) < found.n_classes):
            raise UserError(
                f"{where}: labels {int(y.min())} to {int(y.max())}; classes are 0 to {found.n_classes - 1}"
            )
        if x.is_floating_point() and not bool(x.isfinite().all()):
            raise UserError(f"{where}: hold inf or nan; finite numbers are needed")
    return found
