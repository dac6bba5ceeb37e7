"""The scores of a card's run, from the margins that its folder keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ascentcheck.empirics.card.results import Results, read_record
from ascentcheck.empirics.klom import klom
from ascentcheck.empirics.scores.diverged import diverged
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.inference import mean_interval

CONTROLS = ("do nothing", "held-out oracles")


@dataclass(frozen=True)
class Scored:
    """The energy score of an ensemble on a split: its mean over the points, with a 95% interval; and the paper's KLoM."""

    energy: float
    interval: tuple[float, float]
    p95: float


@dataclass(frozen=True)
class Row:
    """One ensemble of `n_models`, some of them `diverged`, against as many oracles of a forget set, on each split."""

    forget_set: str
    name: str
    epoch: int | None
    n_models: int
    diverged: int
    forget: Scored
    retain: Scored
    validation: Scored


@dataclass(frozen=True)
class Card:
    """A run: its folder, its record, and its rows."""

    folder: Path
    record: dict[str, Any]
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name of the hardware."""
        return str(self.record["run"]["device"]).removeprefix("cuda (").split(",")[0]


def read(folder: Path) -> Card:
    """Return a run. Raises UserError where the folder holds none."""
    record = read_record(folder)
    return Card(folder, record, tuple(_rows(folder, record)))


def _rows(folder: Path, record: dict[str, Any]) -> Iterator[Row]:
    results = Results(folder)
    trained, unlearned = results.read("margins-trained"), results.read("margins-unlearned")
    split = results.read("points").get("split", np.empty(0, str))
    for forget_set in record.get("study", {}).get("sets", {}):
        oracle = trained.get(f"oracle {forget_set}")
        if oracle is None:
            continue
        ensembles = {CONTROLS[0]: trained["pretrained"], CONTROLS[1]: trained[f"held-out {forget_set}"]}
        ensembles |= {name: array for name, array in unlearned.items() if forget_set in name.split()}
        for name, array in ensembles.items():
            n = min(len(oracle), len(array))
            words = [word for word in name.split() if word != forget_set]
            epoch = next(
                (int(word.removeprefix("epoch=")) for word in words if word.startswith("epoch=")), None
            )
            scored = (
                _scored(oracle[:n, split == part], array[:n, split == part])
                for part in (forget_set, "retain", "validation")
            )
            yield Row(
                forget_set,
                " ".join(w for w in words if not w.startswith("epoch=")),
                epoch,
                n,
                int(diverged(array[:n].astype(float)).sum()),
                *scored,
            )


def _scored(oracle: np.ndarray, other: np.ndarray) -> Scored:
    first, second = oracle.astype(float), other.astype(float)
    energy = float(energy_scores(first, second).mean())
    return Scored(energy, mean_interval(first, second), klom(first, second).p95)
