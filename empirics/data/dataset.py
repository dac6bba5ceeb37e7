"""What a study knows of its data: points with labels, how they become a network's input, and a digest of them.

Small data are stored as what the network sees. Images are stored as bytes and standardised batch by batch on the
device, which takes a quarter of the memory and of the traffic; those that a device cannot hold stay in the host's
memory, or in a file that is mapped to it, and go over a batch at a time. A processor standardises a few images once: batch
by batch it takes a fifth of the time of training a small network.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ascentcheck.empirics.later import functional, torch

if TYPE_CHECKING:
    from jaxtyping import Float32, Int64, UInt8
    from torch import Tensor

UNOFFICIAL = "not the official files"

STANDARDISED_ONCE = 2**28
"""Bytes of float32 that images may take on a processor before they are standardised batch by batch."""


@dataclass(frozen=True)
class Scaling:
    """What is taken from, and what then divides, each channel of pixels / 255."""

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    def apply(self, pixels: UInt8[Tensor, "*batch C H W"]) -> Float32[Tensor, "*batch C H W"]:
        """Return standardised pixels."""
        mean, deviation = _on(pixels.device, self.mean, self.deviation)
        return pixels.to(torch.float32).div_(255).sub_(mean).div_(deviation)


@cache
def _on(device: torch.device, *channels: tuple[float, ...]) -> tuple[Float32[Tensor, "C 1 1"], ...]:
    """Return numbers for each channel, sent to the device once: sent with each batch, it would wait for them."""
    return tuple(torch.tensor(values, device=device).view(-1, 1, 1) for values in channels)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and validation points.

    `train_x` is [n_train, *shape] and `val_x` is [n_val, *shape], where `shape` is that of an image, [channels,
    height, width]: float32 as the network sees them, or uint8 with their `scaling`. With `train_size`, training
    batches are resized to that height and width; margins never are. `device` is where networks run. `digest` is the
    sha256 of names, shapes and contents, so that two data sets with equal digests give equal results;
    `content_digest` takes its place for data too large to be read at each start.

    `remark` is what a reader of any result must be told of the data beside their name. `numbers` are those of the training
    points in the whole set where these are a part of it. `copied` are those training points, sorted, of which others are
    near-copies, `mislabelled` those whose labels were made wrong. Points and labels may be given as arrays; they become
    tensors when somebody looks at them, so that what only plans, or reads results, needs no torch.
    """

    name: str
    train_x: Float32[Tensor, " n_train *shape"] | UInt8[Tensor, " n_train *shape"]
    train_y: Int64[Tensor, " n_train"]
    val_x: Float32[Tensor, " n_val *shape"] | UInt8[Tensor, " n_val *shape"]
    val_y: Int64[Tensor, " n_val"]
    n_classes: int
    scaling: Scaling | None = None
    train_size: int | None = None
    content_digest: str | None = None
    remark: str | None = None
    numbers: Int64[Tensor, " n_train"] | None = None
    copied: Int64[Tensor, " n_copied"] | None = None
    mislabelled: Int64[Tensor, " n_mislabelled"] | None = None
    device: torch.device = field(default_factory=lambda: None)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        later = {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        for name in (*later, *(["device"] if self.device is None else [])):
            object.__delattr__(self, name)
        object.__setattr__(self, "_later", later)
        object.__setattr__(self, "digest", self.content_digest or self._digest())

    def __getattr__(self, name: str) -> Any:
        """Make of an array the tensor that it is given for, and of no device the processor, at the first look."""
        later = vars(self).get("_later", {})
        if name not in later and name != "device":
            raise AttributeError(f"{type(self).__name__} has no {name}")
        value = torch.device("cpu") if name == "device" else torch.from_numpy(later.pop(name))
        object.__setattr__(self, name, value)
        return value

    def _as_it_is(self, name: str) -> Tensor | np.ndarray:
        return self._later[name] if name in self._later else vars(self)[name]

    @property
    def n_train(self) -> int:
        """The number of training points."""
        return len(self._as_it_is("train_y"))

    @property
    def n_validation(self) -> int:
        """The number of validation points."""
        return len(self._as_it_is("val_y"))

    @property
    def labels(self) -> Int64[np.ndarray, " n_train"]:
        """The labels of the training points."""
        found = self._as_it_is("train_y")
        return found if isinstance(found, np.ndarray) else found.numpy(force=True)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one point."""
        return tuple(self._as_it_is("train_x").shape[1:])

    @property
    def described(self) -> str:
        """The name, with the remark if there is one: what pages and figures call the data."""
        return self.name if self.remark is None else f"{self.name} ({self.remark})"

    @property
    def nbytes(self) -> int:
        """Bytes that the points take in memory."""
        return sum(x.numel() * x.element_size() for x in (self.train_x, self.val_x))

    def ready(self, x: Tensor) -> Float32[Tensor, "*batch *shape"]:
        """Return some of the stored points, [..., *shape], as the network sees them, on the device."""
        x = x.to(self.device, non_blocking=True)
        return x if self.scaling is None else self.scaling.apply(x)

    def batch(
        self, index: Int64[Tensor, "N b"]
    ) -> tuple[Float32[Tensor, "N b *shape"], Int64[Tensor, "N b"]]:
        """Return the training points and labels at `index`, a batch for each member, as training sees them."""
        flat = index.reshape(-1)
        x = self.ready(self.train_x.index_select(0, flat.to(self.train_x.device)))
        if self.train_size is not None:
            size = (self.train_size, self.train_size)
            x = functional.interpolate(x, size, mode="bilinear", antialias=True)
        y = self.train_y.index_select(0, flat.to(self.train_y.device))
        return x.unflatten(0, index.shape), y.view(index.shape)

    def to(self, device: torch.device) -> Dataset:
        """Return the data set for networks on `device`; its points move there if half of the free memory holds them.

        For a processor a few images become float32 as the network sees them, with the same digest.
        """
        fits = device.type != "cuda" or self.nbytes < torch.cuda.mem_get_info(device)[0] / 2
        points = {"train_x": self.train_x, "val_x": self.val_x}
        try:
            moved = {name: x.to(device) for name, x in points.items()} if fits else {}
        except torch.OutOfMemoryError:  # another worker of the same GPU took it meanwhile
            moved = {}
        scaling = self.scaling
        if device.type == "cpu" and scaling is not None and 4 * self.nbytes <= STANDARDISED_ONCE:
            moved, scaling = {name: scaling.apply(x) for name, x in points.items()}, None
        labels = {"train_y": self.train_y.to(device), "val_y": self.val_y.to(device)}
        return replace(self, **moved, **labels, scaling=scaling, device=device, content_digest=self.digest)

    def _digest(self) -> str:
        content = hashlib.sha256(f"{self.name}/{self.n_classes}".encode())
        if self.scaling is not None or self.train_size is not None:
            content.update(f"/{self.scaling}/{self.train_size}".encode())
        for name in ("train_x", "train_y", "val_x", "val_y"):
            points = self._as_it_is(name)
            array = points if isinstance(points, np.ndarray) else points.cpu().contiguous().numpy()
            content.update(f"/{array.dtype}{array.shape}".encode())
            content.update(array.tobytes())
        return content.hexdigest()
