"""Forget sets: which training points are to be unlearned.

`random` draws as the paper's published sets 1 to 3 were drawn, with numpy's legacy generator: 10, 100 and 1000
of 50,000 points with seeds 0, 1 and 2 are those sets. `neighbours` is a group of points that depend on each
other: one point and those nearest to it in what a pretrained network makes of them, or in pixels. `component` takes the
points with the highest and lowest projections on a principal component of the study's influence matrix, as the paper's sets
4 to 9. `class` is a part of a class, `ranked` are the points farthest out in their class or nearest to the boundary, `cluster`
is what is nearest to a centre of k-means, `copied` are points of which the data hold near-copies, and `mislabelled` those whose
labels the data make wrong. `file` reads a set in the published format.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from ascentcheck.empirics.config import Config, Count
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.influence import Projections, Reading, extreme
from ascentcheck.empirics.later import no_grad, torch
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import Model, State
from ascentcheck.empirics.npy import read_indices
from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64

    ForgetSet: TypeAlias = Int64[np.ndarray, " n"]

Name = Annotated[str, Field(min_length=1)]
Index = Annotated[int, Field(ge=0)]


class RandomConfig(Config):
    """`size` points drawn uniformly without replacement."""

    kind: Literal["random"]
    name: Name
    size: Count
    seed: Annotated[int, Field(ge=0, lt=2**32)]


class NeighboursConfig(Config):
    """The training point `point` and the `size` - 1 nearest to it, of its class alone with `same_class`.

    Near in `features` is near in the last layer of a pretrained network, in `pixels` near in the network's input.
    """

    kind: Literal["neighbours"]
    name: Name
    size: Count
    point: Index
    space: Literal["features", "pixels"] = "features"
    same_class: bool = False


class ComponentConfig(Config):
    """The `highest` and `lowest` projections on principal component number `component`, counted from 1.

    `reading` says what is projected: what influences a point's margin, `target`, or what the point influences,
    `source`; see `ascentcheck.empirics.influence.components`, also for the sign of a component.
    """

    kind: Literal["component"]
    name: Name
    component: Count
    highest: Annotated[int, Field(ge=0)] = 0
    lowest: Annotated[int, Field(ge=0)] = 0
    reading: Reading = "target"

    @property
    def size(self) -> int:
        """The number of points."""
        return self.highest + self.lowest

    @model_validator(mode="after")
    def _some(self) -> ComponentConfig:
        if self.size == 0:
            raise ValueError("highest and lowest are both 0: a set has at least one point")
        return self


class ClassConfig(Config):
    """`size` points of the class `label`, drawn uniformly without replacement."""

    kind: Literal["class"]
    name: Name
    label: Index
    size: Count
    seed: Index = 0


class RankedConfig(Config):
    """`size` points from place `skip` on in an order of all training points, or as many drawn of the first `among` of it.

    `by` is `outlier`, the farthest from the mean of their class in the network's input first, or `boundary`, the least
    margins of pretrained member 0 first. `seed` is that of the draw.
    """

    kind: Literal["ranked"]
    name: Name
    by: Literal["outlier", "boundary"]
    size: Count
    skip: Index = 0
    among: Count | None = None
    seed: Index = 0

    @model_validator(mode="after")
    def _enough(self) -> RankedConfig:
        if self.among is None and self.seed:
            raise ValueError("seed is that of a draw, which needs among: of how many first points it is made")
        if self.among is not None and (self.skip or self.among < self.size):
            raise ValueError(f"among {self.among}: must be at least size {self.size}, and has no skip")
        return self

    @property
    def last(self) -> int:
        """The number of points in the order that are looked at."""
        return self.skip + self.size if self.among is None else self.among


class ClusterConfig(Config):
    """The `size` points nearest to the centre `number`, from 0, of k-means with `clusters` centres in the network's input."""

    kind: Literal["cluster"]
    name: Name
    size: Count
    number: Index
    clusters: Annotated[int, Field(ge=2)] = 10

    @model_validator(mode="after")
    def _there(self) -> ClusterConfig:
        if self.number >= self.clusters:
            raise ValueError(f"number {self.number}: the clusters are 0 to {self.clusters - 1}")
        return self


class MarkedConfig(Config):
    """`copied`: of the points of which the data hold near-copies, `mislabelled`: of those whose labels the data make wrong.

    `size` is their number, or that of a part of them, drawn with `seed`.
    """

    kind: Literal["copied", "mislabelled"]
    name: Name
    size: Count
    seed: Index = 0


class FileConfig(Config):
    """The indices in the file `path`, `.npy`, `.npz` or `.pt`: integers, one-dimensional, each in range and there once.

    They are numbers in the whole training set where `[data]` takes a part of it. `size`, if given, must be their number, and
    lets a plan count them where the file is absent.
    """

    kind: Literal["file"]
    name: Name
    path: str
    size: Count | None = None


ForgetSetConfig = Annotated[
    RandomConfig
    | NeighboursConfig
    | ComponentConfig
    | ClassConfig
    | RankedConfig
    | ClusterConfig
    | MarkedConfig
    | FileConfig,
    Field(discriminator="kind"),
]


def make(
    config: ForgetSetConfig,
    dataset: Dataset,
    model: Model | None = None,
    pretrained: State | None = None,
    projections: Projections | None = None,
) -> ForgetSet:
    """Return the indices into the training set, sorted, each once; at least one point is left to retain.

    `model` and `pretrained` are needed where `needs_pretrained` says so, `projections` of the points for a component alone.
    Raises `UserError` where the set cannot be made on this data.
    """
    n = dataset.n_train
    if isinstance(config, FileConfig):
        return _read(config, dataset)
    check(config, dataset)
    if isinstance(config, RandomConfig):
        legacy = np.random.RandomState(config.seed)  # the published sets were drawn with it
        return np.sort(legacy.choice(n, config.size, replace=False)).astype(np.int64)
    if isinstance(config, ComponentConfig):
        if projections is None or config.component > len(projections[config.reading]):
            raise UserError(_wrong(config, f"component {config.component}", "has not been computed"))
        return extreme(projections[config.reading][config.component - 1], config.highest, config.lowest)
    if isinstance(config, ClassConfig):
        mine = np.flatnonzero(dataset.labels == config.label)
        return np.sort(np.random.default_rng(config.seed).choice(mine, config.size, replace=False))
    if isinstance(config, RankedConfig):
        order = np.argsort(_ranking(config, dataset, model, pretrained), kind="stable")
        if config.among is not None:
            return _drawn(order[: config.among], config.size, config.seed)
        return np.sort(order[config.skip : config.last])
    if isinstance(config, ClusterConfig):
        return np.sort(np.argsort(_from_centre(config, dataset), kind="stable")[: config.size])
    if isinstance(config, MarkedConfig):
        return _drawn(_marked(config, dataset), config.size, config.seed)
    distance = _distances(config, dataset, model, pretrained)
    if config.same_class:
        labels = dataset.labels
        distance[labels != labels[config.point]] = np.inf
    distance[config.point] = -1.0  # a twin of the point with a lower index must not displace it
    return np.sort(np.argsort(distance, kind="stable")[: config.size])  # ties to the lower index


def needs_pretrained(config: ForgetSetConfig) -> bool:
    """Whether the set is found by a pretrained network."""
    return isinstance(config, NeighboursConfig) or (
        isinstance(config, RankedConfig) and config.by == "boundary"
    )


def check(config: ForgetSetConfig, dataset: Dataset, data_absent: bool = False) -> None:
    """Raise UserError for a set of more points than there are, or of points that are not there.

    Where the data are absent, labels and marked points are not looked at.
    """
    n = dataset.n_train
    if isinstance(config, FileConfig):
        return
    if config.size >= n:
        raise UserError(
            _wrong(config, f"size {config.size}", f"the training set has {n} points: 1 to {n - 1}")
        )
    if isinstance(config, ClassConfig) and not data_absent:
        there = int((dataset.labels == config.label).sum())
        if config.size > there:
            raise UserError(_wrong(config, f"size {config.size}", f"class {config.label} has {there} points"))
    if isinstance(config, RankedConfig) and config.last > n:
        what = f"skip {config.skip}" if config.among is None else f"among {config.among}"
        raise UserError(_wrong(config, what, f"the training set has {n} points"))
    if isinstance(config, ClusterConfig) and config.clusters > n:
        raise UserError(_wrong(config, f"clusters {config.clusters}", f"the training set has {n} points"))
    if isinstance(config, MarkedConfig) and not data_absent:
        _marked(config, dataset)
    if not isinstance(config, NeighboursConfig):
        return
    if config.point >= n:
        raise UserError(_wrong(config, f"point {config.point}", f"the training points are 0 to {n - 1}"))
    alike = int((dataset.labels == dataset.labels[config.point]).sum())
    if config.same_class and config.size > alike:
        raise UserError(_wrong(config, f"size {config.size}", f"its class has {alike} points"))


@no_grad
def _distances(
    config: NeighboursConfig, dataset: Dataset, model: Model | None, pretrained: State | None
) -> Float64[np.ndarray, " n"]:
    """Return Euclidean distances from the point: of inputs, or of the features of pretrained member 0."""
    if config.space == "pixels":
        centre = dataset.ready(dataset.train_x[config.point]).double()
        parts = [
            torch.linalg.vector_norm((dataset.ready(x).double() - centre).flatten(1), dim=1)
            for x in dataset.train_x.split(256)
        ]
        return torch.cat(parts).cpu().numpy()
    model, first = _member_0(dataset, model, pretrained)
    features = torch.cat([model.features(first, dataset.ready(x))[0] for x in dataset.train_x.split(256)])
    features = features.double().cpu().numpy()
    return np.linalg.norm(features - features[config.point], axis=1)


def _member_0(dataset: Dataset, model: Model | None, pretrained: State | None) -> tuple[Model, State]:
    if model is None or pretrained is None:
        raise ValueError("the set is found by a pretrained network, and none is given")
    return model, pretrained.members(slice(0, 1)).to(dataset.device)


def _ranking(
    config: RankedConfig, dataset: Dataset, model: Model | None, pretrained: State | None
) -> Float64[np.ndarray, " n"]:
    """Return what the points are ordered by, least first: minus the distance from the class's mean, or the margin."""
    if config.by == "boundary":
        model, first = _member_0(dataset, model, pretrained)
        return margins(model, first, dataset.train_x, dataset.train_y, ready=dataset.ready)[0].astype(float)
    x, labels = _inputs(dataset), dataset.labels
    found = np.empty(len(x))
    for label in np.unique(labels):
        mine = labels == label
        found[mine] = -np.linalg.norm(x[mine] - x[mine].mean(axis=0), axis=1)
    return found


def _inputs(dataset: Dataset) -> Float64[np.ndarray, "n d"]:
    return dataset.ready(dataset.train_x).flatten(1).double().cpu().numpy()


def _from_centre(config: ClusterConfig, dataset: Dataset) -> Float64[np.ndarray, " n"]:
    """Return the distances from a centre of k-means, which starts from the same points each time."""
    from sklearn.cluster import KMeans

    found = KMeans(config.clusters, n_init=1, random_state=0).fit_transform(_inputs(dataset))
    return np.asarray(found[:, config.number])


def _marked(config: MarkedConfig, dataset: Dataset) -> ForgetSet:
    """Return the points of a kind that the data mark; at least as many as are asked for."""
    found = dataset.copied if config.kind == "copied" else dataset.mislabelled
    if found is None:
        lacking = "copies" if config.kind == "copied" else "mislabelled points"
        raise UserError(_wrong(config, f"kind {config.kind}", f"[data] has no {lacking}"))
    if config.size > len(found):
        does = "copies" if config.kind == "copied" else "mislabels"
        raise UserError(_wrong(config, f"size {config.size}", f"[data] {does} {len(found)} points"))
    return found.cpu().numpy().copy()


def _drawn(points: ForgetSet, size: int, seed: int) -> ForgetSet:
    """Return some of the points, drawn without replacement, sorted; all of them where as many are asked for."""
    if size == len(points):
        return np.sort(points)
    return np.sort(np.random.default_rng(seed).choice(points, size, replace=False))


def _read(config: FileConfig, dataset: Dataset) -> ForgetSet:
    path, numbers = Path(config.path), dataset.numbers
    try:
        array = read_indices(path, dataset.n_train if numbers is None else int(numbers.max()) + 1)
    except UserError as error:
        raise UserError(f"forget set {config.name}: {error}") from None
    if config.size is not None and len(array) != config.size:
        raise UserError(_wrong(config, str(path), f"has {len(array)} indices, and size says {config.size}"))
    if numbers is None:
        return array
    if len(left := np.setdiff1d(array, numbers.numpy())):
        raise UserError(
            _wrong(
                config,
                str(path),
                f"has index {left[0]}, which [data] leaves out; with the file in keep it is in",
            )
        )
    if len(array) == len(numbers):
        raise UserError(_wrong(config, str(path), f"has {len(array)} indices, which are all training points"))
    return np.searchsorted(numbers.numpy(), array)


def _wrong(config: ForgetSetConfig, what: str, why: str) -> str:
    return f"forget set {config.name}: {what}: {why}"
