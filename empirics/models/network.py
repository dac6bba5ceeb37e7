"""What a network of one's own is: settings that build any module, of which there are then N."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.later import nn
from ascentcheck.empirics.models.base import Model


class Network(Config):
    """Base of the networks of plug-ins: a subclass adds its `kind`, its settings and its `build`."""

    mixed: ClassVar[bool] = False
    """Whether it may run under automatic mixed precision."""

    at_once: ClassVar[int | None] = None
    """How many members are computed at once unless a run says otherwise; all where None."""

    kind: str

    @abstractmethod
    def build(self, shape: tuple[int, ...], n_classes: int) -> nn.Module | Model:
        """Return a fresh module that maps points [B, *shape] to logits [B, n_classes], or a `Model` of N members.

        A module draws its weights from torch's generator, as those of `torch.nn` do. It is built once for each member.
        """
