"""Datamodels of a study: many models on random halves of the training points, and one regression for all margins.

Model i of those that are fitted has a subset of its own. The models that test the fit share subsets in groups, so
that the mean margin of a group has less of the noise of single models, and the noise can be measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from ascentcheck.empirics import ensemble
from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.influence import regression
from ascentcheck.empirics.influence.components import (
    READINGS,
    Components,
    Reading,
    SelfInfluence,
    halvings,
    of_matrix,
)
from ascentcheck.empirics.later import torch
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import Model
from ascentcheck.empirics.randomness import member_seeds, streams

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

RIDGES = tuple(float(r) for r in np.geomspace(1, 1e5, 26))
"""Strengths that are tried; one at either end being chosen is noted."""
Progress = Callable[[float], None]
Role = Literal["fit", "test"]


class DatamodelsConfig(Config):
    """`n_models` models are fitted, m in the literature; 3 to 5 times the number of training points is usual.

    `test_subsets` further subsets, with `test_repeats` models each, measure the LDS. `share` of the points is in
    each subset, the same number in all. Models are trained `batch` at once, each batch being a job of its own.
    `components` PCs are kept, and the models are halved in `splits` ways for the stability of the sets.
    `self_influence` says whether components see the matrix's diagonal: what a point does to its own margin is far
    more than what others do to it, so that with few points a component is one odd point; without, it is a group.
    """

    kind: Literal["datamodels"] = "datamodels"
    n_models: Annotated[int, Field(ge=10, le=1_000_000)] = 4000
    test_subsets: Annotated[int, Field(ge=3, le=10_000)] = 100
    test_repeats: Annotated[int, Field(ge=2, le=1_000)] = 5
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    batch: Count = 250
    components: Count = 4
    splits: Annotated[int, Field(ge=2)] = 10
    self_influence: SelfInfluence = "keep"


@dataclass(frozen=True)
class Part:
    """Models `start` to `stop` of those with one role: the members of one job."""

    role: Role
    start: int
    stop: int


def parts(config: DatamodelsConfig) -> tuple[Part, ...]:
    """Return the batches of a study's datamodels, those to fit first."""
    counts: tuple[tuple[Role, int], ...] = (
        ("fit", config.n_models),
        ("test", config.test_subsets * config.test_repeats),
    )
    return tuple(
        Part(role, start, min(start + config.batch, count))
        for role, count in counts
        for start in range(0, count, config.batch)
    )


def subset_size(config: DatamodelsConfig, n_train: int) -> int:
    """Return how many points are in each subset: the share rounded down, at least 1."""
    return max(int(config.share * n_train), 1)


def masks(config: DatamodelsConfig, part: Part, seed: int, n_train: int) -> Bool[np.ndarray, "models n"]:
    """Return which points each model of a part is trained on; a model's subset depends on its number alone."""
    each = 1 if part.role == "fit" else config.test_repeats
    numbers = range(part.start, part.stop)
    seeds = member_seeds(seed, f"datamodels/{part.role}/subset", -(-part.stop // each))
    chosen = np.zeros((len(numbers), n_train), dtype=bool)
    draws = streams([seeds[number // each] for number in numbers], "subset")
    for row, draw in zip(chosen, draws, strict=True):
        row[draw.permutation(n_train)[: subset_size(config, n_train)]] = True
    return chosen


def train_part(
    config: DatamodelsConfig,
    part: Part,
    model: Model,
    dataset: Dataset,
    train: TrainConfig,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, np.ndarray]:
    """Return the subsets [models, n] and margins at the training points [models, n] of a part's models."""
    chosen = masks(config, part, seed, len(dataset.train_y))
    seeds = member_seeds(seed, f"datamodels/{part.role}", part.stop)[part.start :]
    indices = torch.from_numpy(np.stack([np.flatnonzero(row) for row in chosen]))
    state = ensemble.train(model, dataset, indices, train, seeds, progress)
    return {
        "mask": chosen,
        "margin": margins(model, state, dataset.train_x, dataset.train_y, ready=dataset.ready),
    }


def estimate(
    config: DatamodelsConfig, trained: Sequence[tuple[Part, np.ndarray, np.ndarray]], progress: Progress
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the influence matrix with what follows from it, and what to note in its record.

    `trained` holds each part with its masks and margins. Models with a margin that is not finite are left out and
    counted; ValueError where too few remain. Arrays: `influence` [targets, sources]; `lds` [targets]; for each
    reading, `projection_READING` [components, n] and `singular_READING` [components]; `halves_READING`
    [splits, 2, components, n], projections from the two halves of the models; `noise_READING` in the same shape
    and `noise_singular_READING` [splits], the first ones, from noise: masks shuffled anew each time against what
    the datamodels of one half do not explain in the other. The record has the LDS also for shuffled masks, where it
    must be 0 within its interval.
    """

    def of(matrix: np.ndarray) -> dict[Reading, Components]:
        return of_matrix(matrix, config.components, config.self_influence)

    x, y, broken = _whole(trained, "fit")
    test = _test_means(config, trained)
    if min(len(x) // 10, len(test.masks) // 2) == 0:
        raise ValueError(f"{broken + test.broken} of the models on subsets diverged: too few are left")
    ridge, scores = regression.choose_ridge(x, y, RIDGES)
    progress(0.1)
    datamodels = regression.fit(x, y, ridge)
    predicted = datamodels.predict(test.masks)
    arrays = {"influence": datamodels.coefficients, "lds": regression.lds(predicted, test.means)}
    shuffled = regression.fit(x[np.random.default_rng(2).permutation(len(x))], y, ridge)
    for reading, whole in of(datamodels.coefficients).items():
        arrays[f"projection_{reading}"] = whole.projections
        arrays[f"singular_{reading}"] = whole.singular_values
    unexplained, draw = _unexplained(x, y, ridge), np.random.default_rng(3)
    kept: dict[str, list[np.ndarray]] = {}
    for number, halves in enumerate(halvings(len(x), config.splits)):
        again = x[draw.permutation(len(x))]
        for name, masks_used, margins_used in (("halves", x, y), ("noise", again, unexplained)):
            both = [regression.fit(masks_used[h], margins_used[h], ridge).coefficients for h in halves]
            found = [of(matrix) for matrix in both]
            for reading in READINGS:
                pair = np.stack([one[reading].projections for one in found])
                kept.setdefault(f"{name}_{reading}", []).append(pair)
        noise = regression.fit(again, unexplained, ridge).coefficients
        for reading, of_noise in of(noise).items():
            kept.setdefault(f"noise_singular_{reading}", []).append(of_noise.singular_values[0])
        progress(0.1 + 0.9 * (number + 1) / config.splits)
    arrays |= {name: np.stack(values) for name, values in kept.items()}
    notes = {
        "ridge": ridge,
        "ridge_scores": dict(zip(map(str, RIDGES), scores, strict=True)),
        "ridge_at_end": ridge in (RIDGES[0], RIDGES[-1]),
        "models": len(x),
        "diverged": broken + test.broken,
        "lds": asdict(regression.summary(predicted, test.means)),
        "lds_shuffled": asdict(regression.summary(shuffled.predict(test.masks), test.means)),
        "reliability": test.reliability,
    }
    return arrays, {"influence": notes}


def _unexplained(x: np.ndarray, y: np.ndarray, ridge: float) -> np.ndarray:
    """Return margins less what datamodels fitted on the other half of the models predict."""
    left = y.copy()
    (one, other), *_ = halvings(len(x), 1)
    odd = np.setdiff1d(np.arange(len(x)), np.concatenate([one, other]))
    for fitted, rest in ((one, np.concatenate([other, odd])), (other, one)):
        left[rest] -= regression.fit(x[fitted], y[fitted], ridge).predict(x[rest]).astype(y.dtype)
    return left


@dataclass(frozen=True, eq=False)
class _Test:
    """Held-out subsets with the mean margins of the models trained on them."""

    masks: Bool[np.ndarray, "subsets n"]
    means: Float[np.ndarray, "subsets n"]
    reliability: float
    broken: int


def _whole(
    trained: Sequence[tuple[Part, np.ndarray, np.ndarray]], role: Role
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return masks and margins of all sound models with a role, and how many are not sound."""
    x = np.concatenate([mask for part, mask, _ in trained if part.role == role])
    y = np.concatenate([margin for part, _, margin in trained if part.role == role])
    sound = np.isfinite(y).all(1)
    return x[sound], y[sound], int((~sound).sum())


def _test_means(config: DatamodelsConfig, trained: Sequence[tuple[Part, np.ndarray, np.ndarray]]) -> _Test:
    """Return means over the models of each test subset; a subset with a broken model is left out.

    `reliability` is the mean LDS between the means of one half of the repeats and of the other: what a perfect
    prediction could be expected to reach is about the root of that of the whole (Spearman and Brown).
    """
    order = [entry for entry in trained if entry[0].role == "test"]
    x = np.concatenate([mask for _, mask, _ in order])[:: config.test_repeats]
    y = np.concatenate([margin for *_, margin in order])
    y = y.reshape(config.test_subsets, config.test_repeats, -1)
    sound = np.isfinite(y).all((1, 2))
    half = config.test_repeats // 2
    first, second = y[sound][:, :half].mean(1), y[sound][:, half : 2 * half].mean(1)
    return _Test(
        x[sound],
        y[sound].mean(1),
        float(regression.lds(first, second).mean()),
        int((~np.isfinite(y).all(2)).sum()),
    )
