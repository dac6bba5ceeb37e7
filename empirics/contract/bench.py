"""The small study on which a method is tried: 200 digits, 25 of them to forget, three members, half-trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from ascentcheck.empirics.data import Dataset, DigitsConfig, load
from ascentcheck.empirics.ensemble import Checkpoint, TrainConfig, member_seeds, train
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.methods import Method, Resources, Snapshot, unlearn
from ascentcheck.empirics.models import Cnn, Mlp, Model, State

N, EPOCHS = 3, 4
FORGET = torch.arange(0, 200, 8)
RETAIN = torch.tensor([i for i in range(200) if i % 8])
TRAIN = TrainConfig(epochs=5, peak_epoch=1, batch_size=20)
MODELS: dict[str, Model] = {"mlp": Mlp((16, 12), (1, 8, 8), 10), "cnn": Cnn((3, 5), (1, 8, 8), 10)}


@dataclass(frozen=True, eq=False)
class Bench:
    """A network, its pretrained members, every checkpoint of pretraining by epoch, and the margins of its oracles."""

    model: Model
    data: Dataset
    checkpoints: dict[int, Checkpoint]
    wanted: Tensor

    @property
    def pretrained(self) -> State:
        """The members that methods start from."""
        return self.checkpoints[TRAIN.epochs].state

    def resources(self, method: Method) -> Resources:
        """Return what a method uses beside the pretrained members."""
        if method.uses == "oracles":
            return Resources(TRAIN, margins=self.wanted)
        if method.uses != "checkpoint":
            return Resources(TRAIN)
        return Resources(TRAIN, self.checkpoints[TRAIN.epochs - getattr(method, "rewind_epochs", 0)])

    def run(self, method: Method, epochs: Sequence[int] = (), seeds: Sequence[int] = ()) -> list[Snapshot]:
        """Return the members after each of the epochs, by default the last that the contract looks at."""
        given = self.model, self.data, RETAIN, FORGET, self.pretrained, method, seeds or SEEDS
        return list(unlearn(*given, epochs or (last(method),), self.resources(method)))


SEEDS = member_seeds(0, "unlearned", N)


def last(method: Method) -> int:
    """Return the last epoch that the contract looks at."""
    return int(min(EPOCHS, method.last_epoch()))


@cache
def bench(kind: str) -> Bench:
    """Return the bench with that kind of network, "mlp" or "cnn"."""
    digits, model = load(DigitsConfig()), MODELS[kind]
    some = digits.train_x[:200], digits.train_y[:200]
    data = Dataset("some", *some, digits.val_x, digits.val_y, n_classes=10)
    kept: dict[int, Checkpoint] = {}
    train(
        model,
        data,
        torch.arange(200),
        TRAIN,
        member_seeds(0, "pretrained", N),
        keep=lambda checkpoint: kept.update({checkpoint.epoch: checkpoint}),
        keep_at=range(TRAIN.epochs + 1),
    )
    oracles = train(model, data, RETAIN, TRAIN, member_seeds(0, "oracles", N))
    return Bench(model, data, kept, torch.from_numpy(margins(model, oracles, data.train_x, data.train_y)))


def example(kind: type[Method], **change: object) -> Method:
    """Return a method at its example, with some settings changed."""
    return kind.model_validate({**kind.example, **change})
