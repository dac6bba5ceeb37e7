"""`score`: KLoM of anyone's margins, from files, read without torch unless they are tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ascentcheck.empirics.arrays import TransposedError, as_margins
from ascentcheck.empirics.klom import estimators
from ascentcheck.empirics.klom.floor import NullFloor, null_floor
from ascentcheck.empirics.klom.summary import Klom, klom
from ascentcheck.empirics.npy import LABELS, WITH_MASKS, read_array
from ascentcheck.empirics.scores.cautions import doubtful
from ascentcheck.empirics.scores.diverged import check_unit
from ascentcheck.empirics.scores.inference import Inference, infer
from ascentcheck.theory.console import UserError


@dataclass(frozen=True)
class Layout:
    """How files are meant: `labels` [points] where they hold logits, `transposed` where models are the second axis."""

    labels: np.ndarray | None = None
    transposed: bool | None = None


def read_labels(path: Path) -> np.ndarray:
    """Return labels [points]; of a table its one column or row."""
    labels = read_array(path, LABELS)
    return labels.ravel() if labels.ndim == 2 and 1 in labels.shape else labels


def read_margins(path: Path, role: str, layout: Layout | None = None) -> np.ndarray:
    """Return margins [models, points] from a file of one array, as `ascentcheck.empirics.npy` reads it, or a folder of
    `id_X_epoch_Y.npy`, a model each.

    What is taken and what is refused is what `ascentcheck.empirics.arrays.as_margins` says. Raises UserError, in one line.
    """
    layout, named = layout or Layout(), f"{role} {path}"
    try:
        if path.is_dir() and any(path.glob("id_*_epoch_*.npy")):
            from ascentcheck.empirics.published.margins import read_model_folder

            return as_margins(read_model_folder(path), named, transposed=False)
        return as_margins(read_array(path, WITH_MASKS), named, layout.labels, layout.transposed)
    except UserError as error:
        raise UserError(f"{role} {error}") from None
    except TransposedError as error:
        raise UserError(
            f"{error.looks}: say --not-transposed if these are, --transposed if they are [points, models]"
        ) from None
    except (ValueError, TypeError) as error:
        raise UserError(str(error).replace("labels=[points]", "--labels")) from None


def check_estimator(name: str) -> None:
    """Raise UserError for a name that is no estimator."""
    try:
        estimators.check_estimator(name)
    except ValueError as error:
        raise UserError(f"--{error}") from None


@dataclass(frozen=True)
class Scored:
    """A score, its simulated null floor, the score of held-out oracles where there are any, and what `energy` infers."""

    result: Klom
    floor: NullFloor
    held_out: Klom | None = None
    inference: Inference | None = None


@dataclass(frozen=True, eq=False)
class Samples:
    """Margins [models, points] from files, the same points in all: of oracles, of models by their file, of other oracles."""

    oracle: np.ndarray
    unlearned: dict[str, np.ndarray]
    held_out: np.ndarray | None = None

    @property
    def cautions(self) -> list[str]:
        """Lines on models that are there twice, and on values that may be no margins."""
        others = {f"--unlearned {name}": sample for name, sample in self.unlearned.items()}
        if self.held_out is not None:
            others["--held-out"] = self.held_out
        return doubtful(self.oracle, others)

    def at(self, points: np.ndarray) -> Samples:
        """Return the samples at some points: indices, or a mask."""
        held_out = None if self.held_out is None else self.held_out[:, points]
        return Samples(self.oracle[:, points], {n: m[:, points] for n, m in self.unlearned.items()}, held_out)


def read_samples(
    oracle: Path, unlearned: Sequence[Path], held_out: Path | None = None, layout: Layout | None = None
) -> Samples:
    """Return the samples in those files. Raises UserError for bad input, and for different numbers of points."""
    first = read_margins(oracle, "--oracle", layout)

    def read(path: Path, role: str) -> np.ndarray:
        found = read_margins(path, role, layout)
        if found.shape[1] != first.shape[1]:
            raise UserError(
                f"--oracle {oracle} has {first.shape[1]} points and {role} {path} has {found.shape[1]}; "
                "the points must be the same, in the same order"
            )
        return found

    twice = [path for path in unlearned if unlearned.count(path) > 1]
    if twice:
        raise UserError(f"--unlearned {twice[0]}: is given twice")
    others = {str(path): read(path, "--unlearned") for path in unlearned}
    return Samples(first, others, None if held_out is None else read(held_out, "--held-out"))


def score_margins(
    oracle: np.ndarray, unlearned: np.ndarray, estimator: str, held_out: np.ndarray | None = None
) -> Scored:
    """Return the score of margins [models, points] beside the null floor. Raises UserError for bad input."""
    try:
        check_unit(oracle)
        result = klom(oracle, unlearned, estimator)
        control = None if held_out is None else klom(oracle, held_out, estimator)
        inference = infer(oracle, unlearned) if estimator == "energy" else None
    except ValueError as error:
        raise UserError(str(error)) from None
    return Scored(result, null_floor(len(oracle), len(unlearned), estimator), control, inference)


def as_json(scored: Scored) -> dict[str, object]:
    """Return what `published --json` prints and `score --json` begins with; a missing interval is null.

    `interval` is that of the headline: the mean by `energy`, p95 by the others.
    """
    result, floor, inference = scored.result, scored.floor, scored.inference
    simulated = f"{floor.points} simulated points of independent normal margins"
    record: dict[str, object] = {
        "estimator": result.estimator,
        "models": {"oracle": result.n_oracle, "unlearned": result.n_unlearned},
        "points": result.points,
        "p95": result.p95,
        "mean": result.mean,
        "null_p95": floor.p95,
        "diverged": {"oracle": result.diverged_oracle, "unlearned": result.diverged_unlearned},
        "undefined_points": result.undefined,
        "p95_interval": _present(result.interval),
        "null_p95_interval": list(floor.interval),
        "null_mean": floor.mean,
        "null_of": simulated,
        "null_mean_of": simulated,
        "unit": "nats" if inference is None else "spreads of the oracles",
        "interval": _present(result.interval if inference is None else inference.interval),
    }
    if inference is not None:
        record |= {
            "null_mean": 0.0,
            "null_mean_of": "U-statistics: mean 0 of two samples of one distribution",
            "p_value": inference.p_value,
            "detectable": None if np.isnan(inference.detectable) else inference.detectable,
        }
    if scored.held_out is not None:
        record["held_out"] = {
            "models": scored.held_out.n_unlearned,
            "p95": scored.held_out.p95,
            "p95_interval": _present(scored.held_out.interval),
            "mean": scored.held_out.mean,
        }
    return record


def _present(interval: tuple[float, float]) -> list[float] | None:
    return None if np.isnan(interval[0]) else list(interval)
