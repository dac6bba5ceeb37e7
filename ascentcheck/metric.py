"""`Klom`, a metric of torchmetrics: margins or logits batch by batch, and the score at the end.

Needs torchmetrics, the extra `torchmetrics`. What is computed is `ascentcheck.klom`, on the CPU.
"""

from __future__ import annotations

from typing import Any

from ascentcheck.empirics.arrays import Arrayish, as_numpy, margins_from_logits
from ascentcheck.empirics.klom.estimators import check_estimator
from ascentcheck.empirics.klom.scoring import Score, klom
from ascentcheck.theory.console import named_extra

with named_extra("torchmetrics"):
    import torch
    from torch import Tensor
    from torchmetrics import Metric
    from torchmetrics.utilities import dim_zero_cat


class Klom(Metric):
    """Unlearned models against oracles over the points of all batches, on all processes.

    `update(oracle, unlearned)` takes margins [models, batch], or logits [models, batch, classes] with `labels` [batch].
    `compute()` returns scalars by name: `p95` and `mean` by the estimator with their floors `null_p95` and `null_mean`, and the
    `energy` score with its `p_value`. `score()` returns all of it as `ascentcheck.klom` does.
    """

    full_state_update = False
    is_differentiable = False
    higher_is_better = False

    oracle: list[Tensor]
    unlearned: list[Tensor]

    def __init__(self, estimator: str = "paper", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        check_estimator(estimator)
        self.estimator = estimator
        for name in ("oracle", "unlearned"):
            self.add_state(name, default=[], dist_reduce_fx="cat")

    def update(self, oracle: Arrayish, unlearned: Arrayish, labels: Arrayish | None = None) -> None:
        """Add a batch of points. Raises ValueError where the two have not the same number of points, or other numbers of models
        than batches before; TypeError for what holds no numbers.
        """
        if labels is not None:
            oracle, unlearned = (margins_from_logits(logits, labels) for logits in (oracle, unlearned))
        given = {"oracle": _tensor(oracle, "oracle"), "unlearned": _tensor(unlearned, "unlearned")}
        shapes = [list(batch.shape) for batch in given.values()]
        if any(len(shape) != 2 for shape in shapes) or shapes[0][1] != shapes[1][1]:
            raise ValueError(
                f"oracle {shapes[0]} and unlearned {shapes[1]}: margins [models, batch] of the same points are needed"
            )
        for name, batch in given.items():
            before = getattr(self, name)
            if before and before[0].shape[1] != len(batch):
                raise ValueError(
                    f"{name}: {len(batch)} models, and {before[0].shape[1]} in the batches before"
                )
        for name, batch in given.items():
            getattr(self, name).append(
                batch.T.to(self.device)
            )  # points first: processes are joined along them

    def score(self) -> Score:
        """Return the score of all that this process has seen, or all processes within `compute`.

        Raises ValueError where nothing has been seen.
        """
        if not len(self.oracle):
            raise ValueError("no batch has been seen; call update(oracle, unlearned) first")
        oracle, unlearned = (dim_zero_cat(part).T for part in (self.oracle, self.unlearned))
        return klom(oracle, unlearned, estimator=self.estimator, transposed=False)

    def compute(self) -> dict[str, Tensor]:
        """Return the score as scalars."""
        found = self.score()
        result, floor = found.scored.result, found.scored.floor
        values = {
            "p95": result.p95,
            "mean": result.mean,
            "null_p95": floor.p95,
            "null_mean": floor.mean,
            "energy": found.energy,
            "p_value": found.inference.p_value,
        }
        return {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}


def _tensor(values: Arrayish, role: str) -> Tensor:
    return values.detach() if isinstance(values, Tensor) else torch.from_numpy(as_numpy(values, role))
