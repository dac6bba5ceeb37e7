"""What a study knows of its data: two arrays of points with labels, and a digest of their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from jaxtyping import Float32, Int64
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and validation points, standardised, on one device.

    `train_x` is [n_train, *shape] and `val_x` is [n_val, *shape], where `shape` is that of an image,
    [channels, height, width]. `digest` is the sha256 of names, shapes and contents, so that two data sets
    with equal digests give equal results.
    """

    name: str
    train_x: Float32[Tensor, " n_train *shape"]
    train_y: Int64[Tensor, " n_train"]
    val_x: Float32[Tensor, " n_val *shape"]
    val_y: Int64[Tensor, " n_val"]
    n_classes: int
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        content = hashlib.sha256(f"{self.name}/{self.n_classes}".encode())
        for tensor in (self.train_x, self.train_y, self.val_x, self.val_y):
            array = tensor.cpu().contiguous().numpy()
            content.update(f"/{array.dtype}{array.shape}".encode())
            content.update(array.tobytes())
        object.__setattr__(self, "digest", content.hexdigest())

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one point."""
        return tuple(self.train_x.shape[1:])
