"""TRAK: influence from the gradients of a few trained models, where the data are too large for datamodels.

Park et al., 'TRAK: Attributing Model Behavior at Scale', arXiv 2303.14186, by its authors' package `traker`, an extra
of this project. A score [targets, sources] is in no unit; only its order and its components are used. There is no
measure of noise here: what tells a component from chance is that other models show it too.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.influence.components import READINGS, SelfInfluence, halvings, of_matrix
from ascentcheck.empirics.later import nn, no_grad, torch
from ascentcheck.empirics.margins import margin
from ascentcheck.empirics.models import Model, State
from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class TrakConfig(Config):
    """The first `checkpoints` pretrained models are used, 5 to 20 in practice; gradients are projected to `projection`
    dimensions, fewer than there are training points. `ridge` is added to the diagonal of the features' squares.
    `components`, `splits` and `self_influence` are as for datamodels; it is the checkpoints that are halved.
    """

    kind: Literal["trak"] = "trak"
    checkpoints: Annotated[int, Field(ge=2)] = 20
    projection: Count = 2048
    ridge: Annotated[float, Field(ge=0)] = 0.0
    batch: Count = 64
    components: Count = 4
    splits: Annotated[int, Field(ge=2)] = 10
    self_influence: SelfInfluence = "keep"


def estimate_trak(
    config: TrakConfig,
    model: Model,
    dataset: Dataset,
    pretrained: State,
    seed: int,
    progress: Callable[[float], None],
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the matrix of TRAK scores with what follows from it, and what to note in its record.

    Arrays as from datamodels, without those of noise and without an LDS. Raises UserError where the package is
    missing, or where there are not enough pretrained models, training points, or room on the disk for temporary files.
    """
    points, members = len(dataset.train_y), pretrained.n_members
    if config.checkpoints > members:
        raise UserError(f"[influence] checkpoints {config.checkpoints}: the study has {members} models")
    if config.projection >= points:
        raise UserError(f"[influence] projection {config.projection}: allowed is 1 to {points - 1}")
    _check_disk(config, points)
    numbers = range(config.checkpoints)
    with tempfile.TemporaryDirectory() as folder:
        scores = _Scores(config, model, dataset, pretrained, seed, folder)
        for number in numbers:
            scores.add(number)
            progress(0.6 * (number + 1) / config.checkpoints)
        whole = scores.of(numbers)
        arrays = {"influence": whole}
        for reading, found in of_matrix(whole, config.components, config.self_influence).items():
            arrays[f"projection_{reading}"] = found.projections
            arrays[f"singular_{reading}"] = found.singular_values
        kept: dict[str, list[np.ndarray]] = {reading: [] for reading in READINGS}
        for way, halves in enumerate(halvings(config.checkpoints, config.splits)):
            found_of = [
                of_matrix(scores.of(h.tolist()), config.components, config.self_influence) for h in halves
            ]
            for reading in READINGS:
                kept[reading].append(np.stack([one[reading].projections for one in found_of]))
            progress(0.6 + 0.4 * (way + 1) / config.splits)
    arrays |= {f"halves_{reading}": np.stack(pairs) for reading, pairs in kept.items()}
    return arrays, {
        "influence": {"models": config.checkpoints, "diverged": 0, "projection": config.projection}
    }


def _check_disk(config: TrakConfig, points: int) -> None:
    """Three arrays [points, projection] of each checkpoint and the scores [points, points]; a full disk kills TRAK."""
    needed = 4 * points * (3 * config.checkpoints * config.projection + points)
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            f"[influence] kind trak needs {needed / 1e9:.1f} GB in {folder}, where {free / 1e9:.1f} GB are free; set TMPDIR "
            "to a larger disk, or fewer checkpoints or a smaller projection"
        )


class _Scores:
    """TRAK's own objects around a folder, in which it keeps the features of each checkpoint."""

    def __init__(
        self, config: TrakConfig, model: Model, dataset: Dataset, pretrained: State, seed: int, folder: str
    ) -> None:
        try:
            import trak
        except ImportError:
            raise UserError(
                "[influence] kind trak needs the package traker: pip install 'ascentcheck[trak]'"
            ) from None
        self.config, self.data = config, dataset
        members = (pretrained.members(slice(i, i + 1)) for i in range(config.checkpoints))
        self.members = [member.to(dataset.device) for member in members]

        def traker() -> Any:
            return trak.TRAKer(
                model=_module(self.members[0]),
                task=None,
                train_set_size=len(dataset.train_y),
                save_dir=folder,
                device=str(dataset.device),
                gradient_computer=lambda **_: _Gradients(model),
                proj_dim=config.projection,
                projector_seed=seed % 2**31,
                use_half_precision=False,
                lambda_reg=config.ridge,
                logging_level=40,
            )

        self.traker = traker

    def add(self, number: int) -> None:
        """Store the features of one checkpoint, then its gradients at the targets."""
        member = _module(self.members[number]).state_dict()
        run = self.traker()
        run.load_checkpoint(member, model_id=number)
        for x, y in self._batches():
            run.featurize((x, y), num_samples=len(y))
        with _quiet():
            run.finalize_features(model_ids=[number])
        run = (
            self.traker()
        )  # on the CPU, finishing has thrown its projection away: a new one reads the folder
        run.start_scoring_checkpoint("train", member, number, num_targets=len(self.data.train_y))
        for x, y in self._batches():
            run.score((x, y), num_samples=len(y))

    def of(self, numbers: Sequence[int]) -> Float[np.ndarray, "targets sources"]:
        """Return the scores from some of the checkpoints."""
        with _quiet():
            found = self.traker().finalize_scores("train", model_ids=list(numbers))
        return np.ascontiguousarray(np.asarray(found).T, dtype=np.float32)

    def _batches(self) -> Iterable[tuple[Tensor, Tensor]]:
        size = self.config.batch
        points = map(self.data.ready, self.data.train_x.split(size))
        return zip(points, self.data.train_y.split(size), strict=True)


def _module(member: State) -> nn.Module:
    """Return a member as a module that only holds tensors: TRAK counts and loads them."""
    module = nn.Module()
    module.weights = nn.ParameterDict({k: nn.Parameter(v) for k, v in member.parameters.items()})
    for name, value in member.statistics.items():
        module.register_buffer(f"statistic_{name}", value)
    return module


def _member(module: nn.Module) -> State:
    """Return the member in such a module as an ensemble of one."""
    statistics = {
        name.removeprefix("statistic_"): value
        for name, value in module.named_buffers()
        if name.startswith("statistic_")
    }
    return State({k: v.detach() for k, v in module.weights.items()}, statistics)


class _Gradients:
    """Gradients of margins at single points: a point is a batch of one for a member of its own."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def load_model_params(self, module: nn.Module) -> None:
        """Take the weights of the checkpoint that has been loaded."""
        self.member = _member(module)

    def compute_per_sample_grad(self, batch: tuple[Tensor, Tensor]) -> Float[Tensor, "B parameters"]:
        """Return the gradient of each point's margin by all parameters of the member, in evaluation mode."""
        (x, y), copies = batch, len(batch[1])
        parameters = {
            k: v.expand(copies, *v.shape[1:]).clone().requires_grad_()
            for k, v in self.member.parameters.items()
        }
        statistics = {k: v.expand(copies, *v.shape[1:]) for k, v in self.member.statistics.items()}
        logits = self.model.forward(State(parameters, statistics), x[:, None], "eval")[0]
        gradients = torch.autograd.grad(margin(logits, y[:, None]).sum(), list(parameters.values()))
        return torch.cat([g.flatten(1) for g in gradients], dim=1)

    @no_grad
    def compute_loss_grad(self, batch: tuple[Tensor, Tensor]) -> Float[Tensor, "B 1"]:
        """Return 1 - p of the right class, by which the loss falls when the margin rises."""
        logits = self.model.forward(self.member, batch[0], "eval")[0]
        return torch.sigmoid(-margin(logits, batch[1][None]))[0][:, None]


def _quiet() -> contextlib.AbstractContextManager[object]:
    """Swallow the bars that TRAK draws on standard error."""
    return contextlib.redirect_stderr(io.StringIO())
