"""One model after the other: a method's own epochs on an ordinary module, stepped by PyTorch's optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ascentcheck.empirics.contract.bench import FORGET, RETAIN, Bench
from ascentcheck.empirics.ensemble import Checkpoint
from ascentcheck.empirics.methods import Batch, Method, Resources, Trajectory
from ascentcheck.empirics.models import Mlp, Model, State
from ascentcheck.empirics.step import Parts

if TYPE_CHECKING:
    from jaxtyping import Float


def as_module(model: Model, state: State, member: int) -> nn.Sequential:
    """Return one member of a perceptron or convolutional ensemble as a module."""
    layers: list[nn.Module] = [nn.Flatten()] if isinstance(model, Mlp) else []
    for i in range(len([name for name in state.parameters if name.startswith("gain")])):
        out, fan_in = state.parameters[f"weight{i}"][member].shape[:2]
        if isinstance(model, Mlp):
            layers += [nn.Linear(fan_in, out, bias=False), nn.BatchNorm1d(out), nn.ReLU()]
        else:
            stride = model.first_stride if i == 0 else 2
            size = model.first_kernel if i == 0 else 3
            convolution = nn.Conv2d(fan_in, out, size, stride, padding=size // 2, bias=False)
            layers += [convolution, nn.BatchNorm2d(out), nn.ReLU()]
    if not isinstance(model, Mlp):
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()] if model.head == "average" else [nn.Flatten()]
    module = nn.Sequential(*layers, nn.Linear(*state.parameters["head_weight"][member].T.shape))
    norms = [layer for layer in layers if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d)]
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), state.parameters.values(), strict=True):
            parameter.copy_(value[member])
        for i, norm in enumerate(norms):
            norm.running_mean.copy_(state.statistics[f"mean{i}"][member])
            norm.running_var.copy_(state.statistics[f"var{i}"][member])
    return module


class Plain(Trajectory):
    """The trajectory of one member alone, by a module of its own."""

    def __init__(self, bench: Bench, method: Method, member: int, seed: int) -> None:
        self.one = slice(member, member + 1)
        given = bench.resources(method)
        self._whole = given
        wanted = None if given.margins is None else given.margins[self.one]
        alone = Resources(given.train, given.checkpoint, wanted)
        pretrained = bench.pretrained.members(self.one)
        self.reference = as_module(bench.model, pretrained, 0).eval()
        super().__init__(bench.model, bench.data, RETAIN, FORGET, pretrained, method, [seed], alone)

    def _start(self, state: State, momentum: float, weight_decay: float | Sequence[float]) -> None:
        self.module = as_module(self.model, state, 0).train(self.mode == "train")
        decay = (
            [weight_decay] * len(list(self.module.parameters()))
            if isinstance(weight_decay, float)
            else weight_decay
        )
        groups = [
            {"params": [p], "weight_decay": each}
            for p, each in zip(self.module.parameters(), decay, strict=True)
        ]
        self.optimiser = torch.optim.SGD(groups, lr=1.0, momentum=momentum)
        names = list(state.parameters)
        self.parameters = dict(zip(names, self.module.parameters(), strict=True))

    def rewind(self, checkpoint: Checkpoint, momentum: float, weight_decay: float | Sequence[float]) -> None:
        """Go on from a checkpoint, with its velocities as the optimiser's."""
        self._start(checkpoint.state.members(self.one), momentum, weight_decay)
        for name, parameter in self.parameters.items() if momentum else ():
            velocity = checkpoint.velocities[name][self.one]
            self.optimiser.state[parameter]["momentum_buffer"] = velocity.clone().view_as(parameter)

    def logits(self, batch: Batch) -> Float[Tensor, "1 b C"]:
        """Return the module's logits."""
        return self.module(batch.x[0])[None]

    @torch.no_grad()
    def teacher(self, batch: Batch) -> Float[Tensor, "1 b C"]:
        """Return those of the pretrained member."""
        return self.reference(batch.x[0])[None]

    def step(self, parts: Parts, rate: float) -> None:
        """Step down the weighted sum of cross-entropies."""
        losses = []
        for index, weight in parts:
            x, y = self.dataset.batch(index)
            losses.append(weight * nn.functional.cross_entropy(self.module(x[0]), y[0]))
        self.descend(torch.stack(losses).sum()[None], rate)

    def descend(self, loss: Float[Tensor, " 1"], rate: float, clip: float | None = None) -> None:
        """Step down a loss."""
        self.optimiser.zero_grad()
        loss.sum().backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(self.module.parameters(), clip)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.step()

    @torch.no_grad()
    def perturb(self, deviation: float) -> None:
        """Add the member's noise to its parameters, in their order."""
        sizes = [p.numel() for p in self.module.parameters()]
        noise = self._noise(sum(sizes))[0].split(sizes)
        for parameter, drawn in zip(self.module.parameters(), noise, strict=True):
            parameter.add_(deviation * drawn.view_as(parameter))

    @torch.no_grad()
    def observe(self, batch: Batch) -> None:
        """Pass a batch forward."""
        self.module(batch.x[0])


def alone(bench: Bench, method: Method, member: int, seed: int, epochs: int) -> nn.Sequential:
    """Return a member's module after that many epochs of its own."""
    run = Plain(bench, method, member, seed)
    for number in range(1, epochs + 1):
        method.epoch(run, number)
    return run.module
