"""PyTorch, imported when something of it is first used: settings, plans, tables and findings do without, and start in a third of
the time. Modules that define classes of it, or that are nothing without it, import it themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    import torch
    from torch import nn as nn
    from torch.nn import functional as functional

    from ascentcheck.empirics.models import layers as layers

P, R = ParamSpec("P"), TypeVar("R")


class _Later(ModuleType):
    """A module by its name, imported at the first look at anything in it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


if not TYPE_CHECKING:
    torch, nn, functional = _Later("torch"), _Later("torch.nn"), _Later("torch.nn.functional")
    layers = _Later("ascentcheck.empirics.models.layers")


def no_grad(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that takes no gradients: `torch.no_grad` as a decorator, without importing torch before a call."""

    @wraps(function)
    def call(*args: P.args, **named: P.kwargs) -> R:
        with torch.no_grad():
            return function(*args, **named)

    return call
