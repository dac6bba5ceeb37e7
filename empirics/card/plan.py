"""What a part of the study runs, in which order, and how its epochs and its number of models are chosen.

The rule was written on 2026-11-26, before the first run on a card.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.methods import DescentAscentConfig, GaConfig, GdaConfig, Method

AT_ONCE = 10
EPOCHS = (24, 16, 12, 8)
"""The paper's 24, or the most of these with which `ENOUGH` models of each kind fit; the last if none do."""
ENOUGH = 20
SHARE = 0.6
"""The share of the time for training: pretrained models, oracles and held-out oracles."""
MOST = 100

RATES = (1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 1e-2, 5e-2)
FROZEN_RATES = (1e-4, 1e-3, 1e-2)
GA_EPOCHS = (1, 3, 5, 7, 10)


@dataclass(frozen=True)
class Size:
    """How long each model is trained, how many there are of each kind, and the time that this was reckoned to take."""

    epochs: int
    n_models: int
    seconds: float


@dataclass(frozen=True)
class Trial:
    """One trajectory: a method on a forget set, and the epochs at which it is looked at."""

    forget_set: str
    method: Method
    epochs: tuple[int, ...]

    @property
    def name(self) -> str:
        """A name that says all of it, for keys of files."""
        given = self.method.model_dump(exclude={"kind"}, exclude_defaults=True)
        return " ".join(
            [self.method.kind, self.forget_set, *(f"{key}={value}" for key, value in given.items())]
        )


def size(seconds: float, per_epoch: float, kinds: int, epochs: Sequence[int] = EPOCHS) -> Size:
    """Return the size of a study for `seconds`, where one epoch of one model takes `per_epoch` of them.

    `kinds` counts the ensembles that are trained. There are 10 to 100 models of each.
    """
    for tried in epochs:
        each = AT_ONCE * kinds * tried * per_epoch
        blocks = math.floor(SHARE * seconds / each)
        if blocks * AT_ONCE >= ENOUGH:
            break
    blocks = min(max(blocks, 1), MOST // AT_ONCE)
    return Size(tried, blocks * AT_ONCE, blocks * each)


def recipe(epochs: int, batch_size: int = 512) -> TrainConfig:
    """Return the paper's recipe in so many epochs, its peak at the same share of them; bfloat16 for its float16."""
    return TrainConfig(
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=0.4,
        peak_epoch=epochs * 5 / 24,
        momentum=0.9,
        weight_decay=5e-4,
        precision="bfloat16",
    )


def ascents(sets: tuple[str, ...]) -> list[Trial]:
    """Return gradient ascent: the paper's rates, and some with frozen statistics."""
    configs = [GaConfig(learning_rate=rate) for rate in RATES]
    configs += [GaConfig(learning_rate=rate, batch_norm="frozen") for rate in FROZEN_RATES]
    return [Trial(name, config, GA_EPOCHS) for name in sets for config in configs]


def descents(sets: tuple[str, ...]) -> list[Trial]:
    """Return what passes over all retained points, the most telling first: as many are run as the time allows."""
    first, *others = sets
    gda = {
        (rate, norm): GdaConfig(learning_rate=rate, ascent_epochs=3, batch_norm=norm)
        for rate in (5e-3, 1e-3, 5e-4)
        for norm in ("running", "frozen")
    }
    at_once = DescentAscentConfig(learning_rate=5e-3)
    trials = [Trial(first, gda[5e-3, "running"], (3, 5)), Trial(first, at_once, (1, 3))]
    trials += [Trial(name, gda[5e-3, "running"], (3, 5)) for name in others]
    trials += [Trial(first, gda[5e-3, "frozen"], (3, 5))]
    trials += [Trial(name, at_once, (1, 3)) for name in others]
    trials += [Trial(first, DescentAscentConfig(learning_rate=5e-3, beta="samples"), (1, 3))]
    trials += [Trial(first, gda[rate, "running"], (3, 5)) for rate in (1e-3, 5e-4)]
    return trials
