"""N members of any module of PyTorch's: stacked by torch.func where that can be, one by one where it cannot.

The parameters and buffers of the members are tensors [N, ...], as those of every network here. Gains and shifts of
normalisation are named so, since a study may keep them from decaying. A module that draws random numbers as it runs, as
dropout does, is refused: members could not be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from ascentcheck.empirics.models.base import Mode, State, Statistics
from ascentcheck.empirics.randomness import streams
from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import Float

NORMS = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)
PROBE = 4
"""Points on which a module is tried."""


@dataclass(frozen=True, eq=False)
class Modules:
    """An ensemble of what `make` builds. `skeleton` has the structure alone; `stacked` says how it is computed."""

    make: Callable[[], nn.Module]
    shape: tuple[int, ...]
    skeleton: nn.Module
    stacked: bool

    def init(self, seeds: Sequence[int]) -> State:
        """Return fresh members on the CPU, drawn as the module draws them, member i from `seeds[i]` alone."""
        members = []
        for stream in streams(seeds, "initial weights"):
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(int(stream.integers(2**63)))
                members.append(self.make())
        parameters, buffers = stack_module_state(members)
        ours = {name: our for our, name in _names(self.skeleton)}
        return State(
            {ours[name]: value.detach() for name, value in parameters.items()},
            {name: value.detach() for name, value in buffers.items()},
        )

    def forward(self, state: State, x: Tensor, mode: Mode) -> tuple[Float[Tensor, "N B C"], Statistics]:
        """Return logits and running statistics."""
        logits, moved = self._called(state, x, mode)
        return logits, state.statistics if mode == "eval" else moved

    def features(self, state: State, x: Tensor) -> Float[Tensor, "N B F"]:
        """Return what the last `nn.Linear` sees, in mode `eval`. Raises UserError where there is none."""
        linear = [layer for layer in self.skeleton.modules() if isinstance(layer, nn.Linear)]
        if not linear:
            raise UserError(
                f"model {type(self.skeleton).__name__}: has no nn.Linear, of which features are the input"
            )
        return self._called(state, x, "eval", linear[-1])[0]

    def _called(
        self, state: State, x: Tensor, mode: Mode, watched: nn.Module | None = None
    ) -> tuple[Tensor, Statistics]:
        self.skeleton.train(mode == "train")
        theirs = dict(_names(self.skeleton))
        parameters = {theirs[name]: value for name, value in state.parameters.items()}

        def one(parameters: dict[str, Tensor], buffers: Statistics, x: Tensor) -> tuple[Tensor, Statistics]:
            moved = {name: value.clone() for name, value in buffers.items()}
            seen: list[Tensor] = []
            hook = watched and watched.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
            try:
                logits = functional_call(self.skeleton, {**parameters, **moved}, (x,))
            finally:
                if hook is not None:
                    hook.remove()
            return (seen[-1].flatten(1) if watched is not None else logits), moved

        each = x.ndim == len(self.shape) + 2
        if self.stacked:
            places = (0, 0, 0 if each else None)
            return vmap(one, in_dims=places, randomness="error")(parameters, state.statistics, x)
        alone = [
            one(
                {name: value[i] for name, value in parameters.items()},
                {name: value[i] for name, value in state.statistics.items()},
                x[i] if each else x,
            )
            for i in range(state.n_members)
        ]
        moved = {name: torch.stack([member[1][name] for member in alone]) for name in state.statistics}
        return torch.stack([member[0] for member in alone]), moved


def _names(module: nn.Module) -> Iterator[tuple[str, str]]:
    """Yield the names of a module's parameters, as they are called here and there."""
    norms = {f"{name}." if name else "" for name, part in module.named_modules() if isinstance(part, NORMS)}
    for name, _ in module.named_parameters():
        owner, _, last = name.rpartition(".")
        of_norm = (f"{owner}." if owner else "") in norms
        yield f"{ ({'weight': 'gain', 'bias': 'shift'}[last] if of_norm else 'parameter') }.{name}", name


def of_modules(make: Callable[[], nn.Module], shape: tuple[int, ...], n_classes: int, kind: str) -> Modules:
    """Return the ensemble of what `make` builds, after it has been tried on a few random points.

    Raises UserError for a module that fails on them, gives no logits [B, n_classes], or draws random numbers.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        alone = Modules(make, shape, make(), stacked=False)
        state = alone.init([0, 1])
        x = torch.randn(2, PROBE, *shape)
        before = torch.get_rng_state()
        try:
            expected = [alone.forward(state, x, mode) for mode in ("train", "eval")]
        except Exception as error:  # whatever another's module raises
            raise UserError(
                f"model {kind}: fails on points of shape {list(shape)}: {type(error).__name__}: {error}"
            ) from None
        if not torch.equal(before, torch.get_rng_state()):
            raise UserError(
                f"model {kind}: draws random numbers as it runs, as dropout does; members could not be repeated"
            )
    logits = expected[0][0]
    if logits.shape != (2, PROBE, n_classes) or not logits.is_floating_point():
        raise UserError(
            f"model {kind}: gives {list(logits.shape[1:])} for {PROBE} points; logits [{PROBE}, {n_classes}] are needed"
        )
    together = Modules(make, shape, alone.skeleton, stacked=True)
    return together if _agree(together, state, x, expected) else alone


def _agree(together: Modules, state: State, x: Tensor, expected: list[tuple[Tensor, Statistics]]) -> bool:
    """Return whether the stacked members do what they do one by one, gradients included."""
    try:
        for mode, (logits, moved) in zip(("train", "eval"), expected, strict=True):
            found, statistics = together.forward(state, x, mode)
            values = [(found, logits), *((statistics[name], value) for name, value in moved.items())]
            if not all(torch.allclose(one, other, rtol=1e-3, atol=1e-4) for one, other in values):
                return False
        tracked = State(
            {n: v.clone().requires_grad_() for n, v in state.parameters.items()}, state.statistics
        )
        together.forward(tracked, x, "train")[0].sum().backward()
    except Exception:  # what cannot be stacked fails in many ways
        return False
    return True
