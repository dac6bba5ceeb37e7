"""Predictors for networks, from pretrained members alone: how the per-sample gradients of forget and retain data are related.

All of a set's predictors but those of features are means over blocks of one matrix, K = G·Gᵀ with the per-sample gradients G of
the loss by all parameters, batch norm frozen. That is computed once for a member, by an ensemble of as many copies of it as
there are points, each with a batch of one. `network_curvature` has those that take more than means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from jaxtyping import Float, Float64, Int64
from sklearn.neighbors import NearestNeighbors

from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.dependence.network_curvature import curvatures, damped
from ascentcheck.empirics.dependence.predictors import NEIGHBOURS
from ascentcheck.empirics.ensemble import cross_entropy
from ascentcheck.empirics.models import Model, State

BLOCK = 256


@dataclass(frozen=True)
class NetworkPredictors:
    """What is known before unlearning, a mean over the members looked at; as in `predictors.Predictors`.

    Gradients are of the cross-entropy by all parameters; neighbours and `entanglement` are in the last layer's features.
    """

    gradient_cka: float
    gradient_cosine: float
    neighbour_agreement: float
    class_concentration: float
    entanglement: float
    forget_gradient: float
    forget_loss: float


@dataclass(frozen=True, eq=False)
class Looked:
    """A member at all training points: products of gradients [n, n], losses [n], features [n, f] and labels [n].

    `along` are the products of gradients with the weights [n], `squared` that of the weights with themselves.
    """

    products: Float64[np.ndarray, "n n"]
    along: Float64[np.ndarray, " n"]
    squared: float
    losses: Float64[np.ndarray, " n"]
    features: Float64[np.ndarray, "n f"]
    labels: Int64[np.ndarray, " n"]


def look(model: Model, pretrained: State, dataset: Dataset, member: int) -> Looked:
    """Return one member's per-sample gradients, as their products, with its losses and features."""
    one = pretrained.members(slice(member, member + 1))
    gradients, losses = [], []
    for index in torch.arange(len(dataset.train_y)).split(BLOCK):
        gradient, loss = _gradients(model, one, dataset, index)
        gradients.append(gradient)
        losses.append(loss)
    g = torch.cat(gradients)
    with torch.no_grad():
        features = model.features(one, dataset.ready(dataset.train_x))[0]
    weights = torch.cat([value[0].flatten() for value in one.parameters.values()])
    return Looked(
        (g @ g.T).double().numpy(),
        (g @ weights).double().numpy(),
        float(weights.double() @ weights.double()),
        torch.cat(losses).double().numpy(),
        features.double().numpy(),
        dataset.train_y.numpy(),
    )


def _gradients(
    model: Model, one: State, dataset: Dataset, index: Int64[torch.Tensor, " b"]
) -> tuple[Float[torch.Tensor, "b p"], Float[torch.Tensor, " b"]]:
    """Return the gradients and losses of some points, from copies of the member that see one point each."""

    def copies(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.expand(len(index), *tensor.shape[1:]).clone()

    parameters = {name: copies(value).requires_grad_() for name, value in one.parameters.items()}
    statistics = {name: copies(value) for name, value in one.statistics.items()}
    x, y = dataset.batch(index[:, None])
    loss = cross_entropy(model.forward(State(parameters, statistics), x, "eval")[0], y)
    found = torch.autograd.grad(loss.sum(), list(parameters.values()))
    return torch.cat([g.flatten(1) for g in found], dim=1), loss.detach()


def network_predictors(looked: Looked, forget: Int64[np.ndarray, " k"]) -> NetworkPredictors:
    """Return the predictors of one forget set at one member."""
    inside = np.zeros(len(looked.labels), dtype=bool)
    inside[forget] = True
    blocks = [
        looked.products[np.ix_(a, b)] for a, b in ((inside, inside), (~inside, ~inside), (inside, ~inside))
    ]
    (ff, rr, fr), (ff2, rr2, fr2) = ([float((b**power).mean()) for b in blocks] for power in (1, 2))
    f, r = looked.features[inside], looked.features[~inside]
    index = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(r))).fit(r)
    near = looked.labels[~inside][index.kneighbors(f, return_distance=False)]
    spread = sum(float(((part - part.mean(axis=0)) ** 2).sum(axis=1).mean()) for part in (f, r))
    apart = float(((f.mean(axis=0) - r.mean(axis=0)) ** 2).sum())
    return NetworkPredictors(
        gradient_cka=fr2 / np.sqrt(ff2 * rr2),
        gradient_cosine=fr / np.sqrt(ff * rr),
        neighbour_agreement=float((near == looked.labels[inside][:, None]).mean()),
        class_concentration=float(np.bincount(looked.labels[inside]).max() / inside.sum()),
        entanglement=4 * spread / apart if apart > 0 else float("inf"),
        forget_gradient=float(np.sqrt(ff)),
        forget_loss=float(looked.losses[inside].mean()),
    )


def mean_predictors(
    looked: Sequence[Looked], forget_sets: Sequence[Int64[np.ndarray, " k"]], ridge: float
) -> list[dict[str, float]]:
    """Return the predictors of every set by name, as means over members; `ridge` is the weight decay."""
    found: list[list[dict[str, float]]] = [[] for _ in forget_sets]
    for one in looked:
        for size in {len(forget) for forget in forget_sets}:
            ready = damped(one.products, one.along, one.squared, ridge, len(one.labels) - size)
            for forget, known in zip(forget_sets, found, strict=True):
                if len(forget) == size:
                    known.append(asdict(network_predictors(one, forget)) | asdict(curvatures(ready, forget)))
    return [{name: float(np.mean([one[name] for one in known])) for name in known[0]} for known in found]
