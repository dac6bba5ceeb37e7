"""A multilayer perceptron: linear, batch norm, relu for each hidden layer, then a linear head.

Members are one batched product per layer. A training step of 100 members of widths (64, 64) on batches of 16
takes about 3.4 ms on one core; see `benchmarks/bench_ensemble.py` for the same network in a loop over modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Literal

from ascentcheck.empirics.config import Config, Widths
from ascentcheck.empirics.later import layers
from ascentcheck.empirics.models.base import Mode, State, Statistics, initial_state

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class MlpConfig(Config):
    """`hidden` lists the widths of the hidden layers."""

    kind: Literal["mlp"] = "mlp"
    hidden: Widths = (64, 64)


@dataclass(frozen=True)
class Mlp:
    """An ensemble of multilayer perceptrons on flattened points; see `ascentcheck.empirics.models.base.Model`."""

    hidden: tuple[int, ...]
    shape: tuple[int, ...]
    n_classes: int

    def init(self, seeds: Sequence[int]) -> State:
        """Return fresh members on the CPU, drawn as `initial_state` says."""
        widths = (prod(self.shape), *self.hidden)
        return initial_state(seeds, [(width, before) for before, width in pairwise(widths)], self.n_classes)

    def forward(self, state: State, x: Tensor, mode: Mode) -> tuple[Float[Tensor, "N B C"], Statistics]:
        """Return logits and running statistics."""
        a, statistics = self._hidden(state, x, mode)
        return layers.head(a, state.parameters["head_weight"], state.parameters["head_bias"]), statistics

    def features(self, state: State, x: Tensor) -> Float[Tensor, "N B F"]:
        """Return the last hidden layer, after relu, in mode `eval`."""
        return self._hidden(state, x, "eval")[0]

    def _hidden(self, state: State, x: Tensor, mode: Mode) -> tuple[Tensor, Statistics]:
        p, old, statistics = state.parameters, state.statistics, {}
        a = x.flatten(-len(self.shape))
        if a.ndim == 2:
            a = a.expand(state.n_members, -1, -1)
        for i in range(len(self.hidden)):
            z = layers.linear(a, p[f"weight{i}"])
            a, statistics[f"mean{i}"], statistics[f"var{i}"] = layers.normalise_relu(
                z, p[f"gain{i}"], p[f"shift{i}"], old[f"mean{i}"], old[f"var{i}"], mode
            )
        return a, statistics
