"""`score`: KLoM of anyone's margins, from two files, read without torch unless they are tensors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ascentcheck.empirics.klom.estimators import ESTIMATORS
from ascentcheck.empirics.klom.floor import NullFloor, null_floor
from ascentcheck.empirics.klom.summary import Klom, klom
from ascentcheck.empirics.npy import read_array, read_indices
from ascentcheck.theory.console import UserError


def read_margins(path: Path, role: str) -> np.ndarray:
    """Return margins [models, points] from a file of one array (`.npy`, `.npz` or `.pt`), or a folder of
    `id_X_epoch_Y.npy`, a model each.

    Raises UserError for a missing or damaged file, anything but a two-dimensional array of real numbers, fewer than
    two models, no points, or nan. Infinite margins are allowed: their model has diverged.
    """
    array = _read(path, role)
    if array.ndim != 2:
        raise UserError(f"{role} {path}: has shape {list(array.shape)}; [models, points] is needed")
    if array.shape[0] < 2:
        raise UserError(f"{role} {path}: has {array.shape[0]} model(s); at least 2 are needed")
    if array.shape[1] < 1:
        raise UserError(f"{role} {path}: has no points; at least 1 is needed")
    array = np.asarray(array, dtype=np.float64 if array.dtype.kind != "f" else None)
    broken = np.isnan(array)
    if broken.any():
        model, point = np.argwhere(broken)[0]
        raise UserError(
            f"{role} {path}: margin of model {model} at point {point} is nan; write a diverged model as inf"
        )
    return array


def _read(path: Path, role: str) -> np.ndarray:
    try:
        if path.is_dir() and any(path.glob("id_*_epoch_*.npy")):
            from ascentcheck.empirics.data.artefacts import read_model_folder

            return read_model_folder(path)
        return read_array(path)
    except UserError as error:
        raise UserError(f"{role} {error}") from None


def check_estimator(name: str) -> None:
    """Raise UserError for a name that is no estimator."""
    if name not in ESTIMATORS:
        raise UserError(f"--estimator {name!r} is unknown; allowed are {', '.join(ESTIMATORS)}")


def score_files(
    oracle: Path, unlearned: Path, estimator: str, points: Path | None = None, but: Path | None = None
) -> tuple[Klom, NullFloor]:
    """Return KLoM of two files of margins and the null floor of their sizes.

    With `points`, a `.npy` file of indices, at those points alone; with `but`, at all others. Raises UserError for bad
    input.
    """
    check_estimator(estimator)
    if points is not None and but is not None:
        raise UserError("--points and --all-but cannot be given together")
    first, second = read_margins(oracle, "--oracle"), read_margins(unlearned, "--unlearned")
    if first.shape[1] != second.shape[1]:
        raise UserError(
            f"--oracle {oracle} has {first.shape[1]} points and --unlearned {unlearned} has "
            f"{second.shape[1]}; the points must be the same, in the same order"
        )
    if (file := points or but) is not None:
        chosen = np.isin(np.arange(first.shape[1]), read_indices(file, first.shape[1]), invert=points is None)
        first, second = first[:, chosen], second[:, chosen]
    return score_margins(first, second, estimator)


def score_margins(oracle: np.ndarray, unlearned: np.ndarray, estimator: str) -> tuple[Klom, NullFloor]:
    """Return KLoM of margins [models, points] and the null floor of their sizes. Raises UserError for bad input."""
    try:
        result = klom(oracle, unlearned, estimator)
    except ValueError as error:
        raise UserError(str(error)) from None
    return result, null_floor(len(oracle), len(unlearned), estimator)


def as_json(result: Klom, floor: NullFloor) -> dict[str, object]:
    """Return the record that `score --json` prints; a missing interval is null."""
    low, high = result.interval
    return {
        "estimator": result.estimator,
        "models": {"oracle": result.n_oracle, "unlearned": result.n_unlearned},
        "points": result.points,
        "p95": result.p95,
        "mean": result.mean,
        "null_p95": floor.p95,
        "diverged": {"oracle": result.diverged_oracle, "unlearned": result.diverged_unlearned},
        "p95_interval": None if np.isnan(low) else [low, high],
        "null_p95_interval": list(floor.interval),
        "null_mean": floor.mean,
    }
