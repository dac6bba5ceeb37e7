"""Near-copies of points that are to be forgotten, kept among those that are retained, by degrees.

For each point x that is to be forgotten some other training points u of its class are set aside. They stay in the data, and a
dose replaces some of them by μ + ε(x − μ) + √(1 − ε²)·(u − μ), with μ the mean of the class. Such a point is a new one, for
every ε its class's mean and variances are kept, and its correlation with x is ε. At ε = 0 nothing is changed, so that a dose
changes the dependence of forget and retain data and neither their numbers nor their classes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from ascentcheck.empirics.config import Config, Count, Share
from ascentcheck.empirics.data.dataset import Dataset
from ascentcheck.empirics.later import torch
from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import Float, Int64


class CopiesConfig(Config):
    """`points` random training points are to be forgotten, and for each `aside` others of its class are set aside.

    `per_point` of these, up to `aside`, are replaced by near-copies of `correlation` ε; with half a copy every second
    point has one. `draw` is the seed of both choices, which do not depend on the dose.
    """

    points: Count
    aside: Count = 4
    draw: Annotated[int, Field(ge=0)] = 0
    per_point: Annotated[float, Field(ge=0)] = 0.0
    correlation: Share = 0.0


@dataclass(frozen=True)
class Aside:
    """Indices of the points to be forgotten, sorted, and of those set aside for each: [f] and [f, k]."""

    forget: Int64[np.ndarray, " f"]
    beside: Int64[np.ndarray, "f k"]


def set_aside(
    labels: Int64[np.ndarray, " n"], points: int, per_point: int, draw: np.random.Generator
) -> Aside:
    """Return random points to forget and, for each, others of its class, no index twice.

    Raises UserError where a class has too few points.
    """
    order = draw.permutation(len(labels))
    if points >= len(labels):
        raise UserError(f"copies: points {points}: there are {len(labels)}")
    forget = np.sort(order[:points])
    left = order[points:]
    beside = np.empty((points, per_point), dtype=np.int64)
    for label in np.unique(labels[forget]):
        mine = np.flatnonzero(labels[forget] == label)
        pool = left[labels[left] == label]
        if len(pool) < mine.size * per_point:
            raise UserError(
                f"copies: class {label} has {len(pool)} points beside the {mine.size} to forget; "
                f"{mine.size * per_point} are needed"
            )
        beside[mine] = pool[: mine.size * per_point].reshape(mine.size, per_point)
    return Aside(forget, beside)


def with_copies(
    x: Float[np.ndarray, "n d"],
    labels: Int64[np.ndarray, " n"],
    aside: Aside,
    per_point: float,
    correlation: float,
) -> Float[np.ndarray, "n d"]:
    """Return the points with near-copies in the places of those set aside.

    Raises UserError for more copies of a point than there are places, or a number that is neither ½ nor whole.
    """
    found = x.copy()
    if per_point not in (0.5, *range(aside.beside.shape[1] + 1)):
        raise UserError(
            f"copies: per_point {per_point:g}: allowed are 0, 0.5 and whole numbers up to {aside.beside.shape[1]}"
        )
    step, count = (2, 1) if per_point == 0.5 else (1, int(per_point))
    for point, places in zip(aside.forget[::step], aside.beside[::step, :count], strict=True):
        centre = x[labels == labels[point]].mean(axis=0)
        kept = np.sqrt(1 - correlation**2) * (x[places] - centre)
        found[places] = centre + correlation * (x[point] - centre) + kept
    return found


def copied(whole: Dataset, config: CopiesConfig) -> Dataset:
    """Return the data set with the near-copies that `config` asks for, its points as a network sees them; `copied` are to forget.

    Its digest is that of the whole and of `config`. Raises UserError as `set_aside` and `with_copies` do.
    """
    labels = whole.train_y.numpy()
    aside = set_aside(
        labels, config.points, config.aside, np.random.default_rng([config.draw, config.points])
    )
    seen = {"train_x": whole.ready(whole.train_x), "val_x": whole.ready(whole.val_x)}
    flat = seen["train_x"].flatten(1).numpy().astype(np.float64)
    x = with_copies(flat, labels, aside, config.per_point, config.correlation).astype(np.float32)
    identity = hashlib.sha256(f"{whole.digest}/copies/{config.model_dump_json()}".encode())
    return replace(
        whole,
        train_x=torch.from_numpy(x).view_as(seen["train_x"]),
        val_x=seen["val_x"],
        scaling=None,
        copied=torch.from_numpy(aside.forget),
        content_digest=identity.hexdigest(),
    )
