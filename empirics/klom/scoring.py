"""`klom`: one sample of models against oracles, by the paper's score and by the one that decides."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from ascentcheck.empirics.arrays import Arrayish, as_margins, same_points
from ascentcheck.empirics.klom import klom as klom_of
from ascentcheck.empirics.klom import null_floor
from ascentcheck.empirics.klom.estimators import check_estimator
from ascentcheck.empirics.klom.files import Scored, as_json
from ascentcheck.empirics.scores.cautions import Caution, doubtful
from ascentcheck.empirics.scores.diverged import check_unit
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.inference import Inference, Together, infer
from ascentcheck.empirics.scores.inference import floor as energy_floor


@dataclass(frozen=True, eq=False)
class Score:
    """Models against oracles at some points: KLoM with its null floor, and the energy score with what it infers.

    `scored.result` is by the estimator that was asked for; `energy` is the mean over points of the energy distance in spreads
    of the oracles, with `inference.interval` (95%), `inference.p_value` and `inference.detectable`; about 95% of as many
    further oracles would score below `energy_floor` (somewhat fewer with 5 to 10 oracles), which is nan where an oracle has
    diverged or there are fewer than 5. `cautions` are lines on models that are there twice and on values that may be no
    margins, and `together` is what `compare` makes of the p-value beside the others. All of it takes models for independent of
    each other, within a sample and across.
    """

    scored: Scored
    energy: float
    inference: Inference
    energy_floor: float
    cautions: tuple[str, ...] = ()
    together: Together | None = None

    @property
    def verdict(self) -> str:
        """One line: whether these models can be told from oracles."""
        return self.inference.verdict(self.energy, self.together)

    def to_dict(self) -> dict[str, Any]:
        """Return what `score --json` prints."""
        low, high = self.inference.interval
        return {
            **as_json(self.scored),
            "energy": {
                "mean": self.energy,
                "interval": None if np.isnan(low) else [low, high],
                "floor": None if np.isnan(self.energy_floor) else self.energy_floor,
                "p_value": self.inference.p_value,
                "detectable": None if np.isnan(self.inference.detectable) else self.inference.detectable,
            },
            "verdict": self.verdict,
            "cautions": list(self.cautions),
        }

    def rows(self) -> list[tuple[str, str]]:
        """Return what is shown of it, as names and values."""
        result, floor = self.scored.result, self.scored.floor
        control = self.scored.held_out
        held_out = (
            []
            if control is None
            else [
                (
                    "held out",
                    f"p95 {control.p95:.4g}{_reach(control.interval)}, mean {control.mean:.4g}: the floor",
                )
            ]
        )
        return [
            ("models", f"{result.n_oracle} oracles, {result.n_unlearned} unlearned, {result.points} points"),
            (
                f"p95, {result.estimator}",
                f"{result.p95:.4g}{_reach(result.interval)}, null floor {floor.p95:.4g}",
            ),
            (f"mean, {result.estimator}", f"{result.mean:.4g}, null {floor.mean:.4g}"),
            *held_out,
            *([("no score", result.gaps)] if result.gaps else []),
            ("diverged", f"{result.diverged_oracle} oracles, {result.diverged_unlearned} unlearned"),
            ("verdict", self.verdict),
        ]

    def __repr__(self) -> str:
        return "\n".join(f"{name:<14} {value}" for name, value in self.rows())

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in self.rows()
        )
        return f"<table>{cells}</table>"


def _reach(interval: tuple[float, float]) -> str:
    low, high = interval
    return "" if np.isnan(low) else f" ({low:.3g} to {high:.3g})"


def klom(
    oracle: Arrayish,
    unlearned: Arrayish,
    *,
    labels: Arrayish | None = None,
    held_out: Arrayish | None = None,
    estimator: str = "paper",
    transposed: bool | None = None,
) -> Score:
    """Return the score of unlearned models against oracles, margins [models, points] at the same points.

    With `labels` [points], both may be logits [models, points, classes]. `held_out` are other oracles, whose score is the
    floor to compare with; without them it is simulated. Arrays with more models than points are refused unless
    labels tell the points or `transposed` is given: False takes them as they are, True as [points, models].

    Warns with `Caution` where models are copies of others, or of oracles, and where the values look like losses or
    log-probabilities. Raises ValueError for what cannot be
    scored, in one line that says what is allowed, and TypeError for what holds no numbers.
    """
    check_estimator(estimator)
    given = {"oracle": oracle, "unlearned": unlearned} | ({} if held_out is None else {"held_out": held_out})
    samples = {role: as_margins(values, role, labels, transposed) for role, values in given.items()}
    same_points(samples)
    oracles = samples.pop("oracle")
    cautions = warned(doubtful(oracles, samples))
    return score(oracles, samples["unlearned"], samples.get("held_out"), estimator, cautions)


def warned(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the lines, each of which has been a warning to the caller of the caller."""
    for line in lines:
        warnings.warn(line, Caution, stacklevel=3)
    return tuple(lines)


def score(
    oracle: np.ndarray,
    unlearned: np.ndarray,
    held_out: np.ndarray | None = None,
    estimator: str = "paper",
    cautions: Sequence[str] = (),
) -> Score:
    """Return the score of margins that have been checked. Raises ValueError where those of oracles are in another unit."""
    check_unit(oracle)
    inference = infer(oracle, unlearned)
    result = klom_of(oracle, unlearned, estimator)
    energy = result.mean if estimator == "energy" else float(energy_scores(oracle, unlearned).mean())
    control = None if held_out is None else klom_of(oracle, held_out, estimator)
    scored = Scored(
        result,
        null_floor(len(oracle), len(unlearned), estimator),
        control,
        inference if estimator == "energy" else None,
    )
    return Score(scored, energy, inference, energy_floor(oracle, len(unlearned)), tuple(cautions))
