"""`compare`: several methods on several splits at once, judged together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np

from ascentcheck.empirics.arrays import Arrayish, as_margins, as_splits, by_text, same_points
from ascentcheck.empirics.klom.estimators import check_estimator
from ascentcheck.empirics.klom.scoring import Score, score, warned
from ascentcheck.empirics.scores.cautions import doubtful
from ascentcheck.empirics.scores.inference import LEVEL, judged_together
from ascentcheck.theory.console import one_line

CONTROL = "held out"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scores by method and split. `adjusted` are their p-values by Holm's method: all true nulls stay below 5% together. Verdicts
    are by these.

    Held-out oracles have none: a control is no hypothesis about a method, and its own p-value decides.
    """

    scores: Mapping[tuple[str, str], Score]
    adjusted: Mapping[tuple[str, str], float]

    @property
    def cautions(self) -> list[str]:
        """Lines on models that are there twice, and on values that may be no margins."""
        return list(dict.fromkeys(line for one in self.scores.values() for line in one.cautions))

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
        """Return a record for each method and split; `p_adjusted` of held-out oracles is None."""
        return [
            {
                "method": method,
                "split": split,
                **one.to_dict(),
                "p_adjusted": self.adjusted.get((method, split)),
            }
            for (method, split), one in self.scores.items()
        ]

    def rows(self) -> list[tuple[str, ...]]:
        """Return a table: method, split, KLoM's p95 and its floor, energy with its interval, p-value, verdict.

        The p-value is adjusted; of held-out oracles it is their own, alone.
        """
        table = []
        for (method, split), one in self.scores.items():
            low, high = one.inference.interval
            reach = "" if np.isnan(low) else f" ({low:.3g} to {high:.3g})"
            p = self.adjusted.get((method, split))
            decides = one.inference.p_value if p is None else p
            missing = one.inference.missing(one.together)
            told = (
                "differ"
                if decides < LEVEL
                else f"nothing can be told: {missing}"
                if missing
                else "cannot be told"
            )
            table.append(
                (
                    one_line(method),
                    one_line(split),
                    f"{one.scored.result.p95:.3g}",
                    f"{one.scored.floor.p95:.3g}",
                    f"{one.energy:.3g}{reach}",
                    f"{decides:.2g}" + (" alone" if p is None else ""),
                    told,
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
    held_out: Arrayish | None = None,
    estimator: str = "paper",
    transposed: bool | None = None,
) -> Comparison:
    """Return the scores of several methods' models against oracles, margins [models, points], on each split.

    `splits` names masks [points] or indices, or is an array of text [points], the name of each point's split; without it all
    points are one split. Give the pretrained models as one of the methods ("do nothing"), to have them beside the rest;
    `held_out`, other oracles, are a row of their own, which counts for no adjustment. With `labels` all arrays may be logits
    [models, points, classes]. Warns and raises ValueError and TypeError as `klom` does.
    """
    check_estimator(estimator)
    if not isinstance(methods, Mapping):
        raise TypeError(f"methods: is {type(methods).__name__}; a mapping of names to margins is needed")
    if not methods:
        raise ValueError("methods: is empty; give margins by name")
    named = by_text(methods, "methods")
    if held_out is not None:
        if CONTROL in named:
            raise ValueError(f"methods: {CONTROL!r} is the name of held_out, which is given too")
        named[CONTROL] = held_out
    oracles = as_margins(oracle, "oracle", labels, transposed)
    samples = {name: as_margins(values, name, labels, transposed) for name, values in named.items()}
    for name, sample in samples.items():
        same_points({"the oracle": oracles, name: sample})
    found = compared(
        oracles,
        samples,
        as_splits(splits, oracles.shape[1]),
        estimator,
        CONTROL if held_out is not None else None,
    )
    warned(found.cautions)
    return found


def compared(
    oracles: np.ndarray,
    samples: Mapping[str, np.ndarray],
    splits: Mapping[str, np.ndarray],
    estimator: str,
    control: str | None,
) -> Comparison:
    """Return the scores of margins and splits that have been checked; `control` is the sample that counts for no adjustment."""
    cautions = {name: doubtful(oracles, {name: sample}) for name, sample in samples.items()}
    scores = {
        (method, split): score(oracles[:, at], samples[method][:, at], None, estimator, cautions[method])
        for method in samples
        for split, at in splits.items()
    }
    judged = [key for key in scores if key[0] != control]
    together = judged_together([scores[key].inference for key in judged])
    for key, one in zip(judged, together, strict=True):
        scores[key] = replace(scores[key], together=one)
    return Comparison(scores, {key: one.p_value for key, one in zip(judged, together, strict=True)})
