"""`compare`: several methods on several splits at once, judged together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from ascentcheck.arrays import Arrayish, as_margins, as_splits, same_points
from ascentcheck.empirics.scores.inference import LEVEL
from ascentcheck.empirics.scores.whole_models import holm
from ascentcheck.scoring import Score, check_estimator, score


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scores by method and split. `adjusted` are their p-values by Holm's method: all true nulls stay below 5% together."""

    scores: Mapping[tuple[str, str], Score]
    adjusted: Mapping[tuple[str, str], float]

    @property
    def methods(self) -> list[str]:
        """The methods, in the order in which they were given."""
        return list(dict.fromkeys(method for method, _ in self.scores))

    @property
    def splits(self) -> list[str]:
        """The splits, in the order in which they were given."""
        return list(dict.fromkeys(split for _, split in self.scores))

    def __getitem__(self, key: tuple[str, str]) -> Score:
        return self.scores[key]

    def to_dict(self) -> list[dict[str, Any]]:
        """Return a record for each method and split."""
        return [
            {"method": method, "split": split, **one.to_dict(), "p_adjusted": self.adjusted[method, split]}
            for (method, split), one in self.scores.items()
        ]

    def rows(self) -> list[tuple[str, ...]]:
        """Return a table: method, split, KLoM's p95 and its floor, energy with its interval, adjusted p-value, verdict."""
        table = []
        for (method, split), one in self.scores.items():
            low, high = one.inference.interval
            reach = "" if np.isnan(low) else f" ({low:.3g} to {high:.3g})"
            p = self.adjusted[method, split]
            table.append(
                (
                    method,
                    split,
                    f"{one.scored.result.p95:.3g}",
                    f"{one.scored.floor.p95:.3g}",
                    f"{one.energy:.3g}{reach}",
                    f"{p:.2g}",
                    "differ" if p < LEVEL else "cannot be told",
                )
            )
        return table

    HEAD = ("method", "split", "p95", "floor", "energy", "p, Holm", "from oracles")

    def __repr__(self) -> str:
        lines = [self.HEAD, *self.rows()]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.HEAD))]
        return "\n".join(
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows()
        )
        return f"<table><tr>{head}</tr>{body}</table>"


def compare(
    oracle: Arrayish,
    methods: Mapping[str, Arrayish],
    *,
    splits: Mapping[str, Arrayish] | Arrayish | None = None,
    labels: Arrayish | None = None,
    estimator: str = "paper",
    transposed: bool | None = None,
) -> Comparison:
    """Return the scores of several methods' models against oracles, margins [models, points], on each split.

    `splits` names masks [points] or indices, or is an array of text [points], the name of each point's split; without it all
    points are one split. Give the pretrained models as one of the methods ("do nothing") and other oracles as another
    ("held out"), to have them beside the rest. With `labels` all arrays may be logits [models, points, classes].
    Raises ValueError and TypeError as `klom` does.
    """
    check_estimator(estimator)
    if not isinstance(methods, Mapping):
        raise TypeError(f"methods: is {type(methods).__name__}; a mapping of names to margins is needed")
    if not methods:
        raise ValueError("methods: is empty; give margins by name")
    oracles = as_margins(oracle, "oracle", labels, transposed)
    samples = {
        str(name): as_margins(values, str(name), labels, transposed) for name, values in methods.items()
    }
    for name, sample in samples.items():
        same_points({"the oracle": oracles, name: sample})
    chosen = as_splits(splits, oracles.shape[1])
    scores = {
        (method, split): score(oracles[:, at], samples[method][:, at], None, estimator)
        for method in samples
        for split, at in chosen.items()
    }
    adjusted = holm(np.array([one.inference.p_value for one in scores.values()]))
    return Comparison(scores, dict(zip(scores, map(float, adjusted), strict=True)))
