"""`Klom`, a metric of torchmetrics: margins or logits batch by batch, and the score at the end.

Needs torchmetrics, the extra `torchmetrics`. What is computed is `ascentcheck.klom`, on the CPU.
"""

from __future__ import annotations

from typing import Any

from ascentcheck.arrays import margins_from_logits
from ascentcheck.scoring import Score, check_estimator, klom
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

    def update(self, oracle: Tensor, unlearned: Tensor, labels: Tensor | None = None) -> None:
        """Add a batch of points. Raises ValueError where the two have not the same number of points."""
        if labels is not None:
            oracle, unlearned = (
                torch.from_numpy(margins_from_logits(logits, labels)) for logits in (oracle, unlearned)
            )
        if oracle.ndim != 2 or unlearned.ndim != 2 or oracle.shape[1] != unlearned.shape[1]:
            raise ValueError(
                f"oracle {list(oracle.shape)} and unlearned {list(unlearned.shape)}: margins [models, batch] of the same "
                "points are needed"
            )
        self.oracle.append(oracle.detach().T.to(self.device))  # points first: processes are joined along them
        self.unlearned.append(unlearned.detach().T.to(self.device))

    def score(self) -> Score:
        """Return the score of all that this process has seen, or all processes within `compute`."""
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
