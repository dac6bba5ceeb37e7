"""`score`: KLoM of anyone's margins, from two files, read without torch unless they are tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ascentcheck.empirics.klom.estimators import ESTIMATORS
from ascentcheck.empirics.klom.floor import NullFloor, null_floor
from ascentcheck.empirics.klom.summary import Klom, klom
from ascentcheck.empirics.npy import read_array, read_indices
from ascentcheck.empirics.scores.inference import Inference, infer
from ascentcheck.empirics.scores.whole_models import holm
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


@dataclass(frozen=True)
class Scored:
    """A score, its simulated null floor, the score of held-out oracles where there are any, and what `energy` infers."""

    result: Klom
    floor: NullFloor
    held_out: Klom | None = None
    inference: Inference | None = None


def score_files(
    oracle: Path,
    unlearned: Path,
    estimator: str,
    points: Path | None = None,
    but: Path | None = None,
    held_out: Path | None = None,
) -> Scored:
    """Return the score of two files of margins beside the null floor, and that of a third file, of other oracles.

    With `points`, a `.npy` file of indices, at those points alone; with `but`, at all others. Raises UserError for bad
    input.
    """
    check_estimator(estimator)
    if points is not None and but is not None:
        raise UserError("--points and --all-but cannot be given together")
    samples = [read_margins(oracle, "--oracle"), read_margins(unlearned, "--unlearned")]
    if held_out is not None:
        samples.append(read_margins(held_out, "--held-out"))
    for name, path, sample in zip(
        ("--unlearned", "--held-out"), (unlearned, held_out), samples[1:], strict=False
    ):
        if sample.shape[1] != samples[0].shape[1]:
            raise UserError(
                f"--oracle {oracle} has {samples[0].shape[1]} points and {name} {path} has {sample.shape[1]}; "
                "the points must be the same, in the same order"
            )
    if (file := points or but) is not None:
        size = samples[0].shape[1]
        chosen = np.isin(np.arange(size), read_indices(file, size), invert=points is None)
        samples = [sample[:, chosen] for sample in samples]
    return score_margins(samples[0], samples[1], estimator, samples[2] if held_out is not None else None)


def score_margins(
    oracle: np.ndarray, unlearned: np.ndarray, estimator: str, held_out: np.ndarray | None = None
) -> Scored:
    """Return the score of margins [models, points] beside the null floor. Raises UserError for bad input."""
    try:
        result = klom(oracle, unlearned, estimator)
        control = None if held_out is None else klom(oracle, held_out, estimator)
        inference = infer(oracle, unlearned) if estimator == "energy" else None
    except ValueError as error:
        raise UserError(str(error)) from None
    return Scored(result, null_floor(len(oracle), len(unlearned), estimator), control, inference)


def as_json(scored: Scored) -> dict[str, object]:
    """Return the record that `score --json` prints; a missing interval is null. `interval` is that of the headline: the mean
    by `energy`, p95 by the others.
    """
    result, floor, inference = scored.result, scored.floor, scored.inference
    record: dict[str, object] = {
        "estimator": result.estimator,
        "models": {"oracle": result.n_oracle, "unlearned": result.n_unlearned},
        "points": result.points,
        "p95": result.p95,
        "mean": result.mean,
        "null_p95": floor.p95,
        "diverged": {"oracle": result.diverged_oracle, "unlearned": result.diverged_unlearned},
        "p95_interval": _present(result.interval),
        "null_p95_interval": list(floor.interval),
        "null_mean": floor.mean,
        "null_of": f"{floor.points} simulated points of independent normal margins",
        "unit": "nats" if inference is None else "spreads of the oracles",
        "interval": _present(result.interval if inference is None else inference.interval),
    }
    if inference is not None:
        record |= {
            "null_mean": 0.0,
            "null_of": "U-statistics: mean 0 of two samples of one distribution",
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


def side_by_side(paths: Sequence[Path], every: Sequence[Scored]) -> list[dict[str, object]]:
    """Return a record for each file; by `energy` each p-value also adjusted by Holm's method for the number of files."""
    records = [{"file": str(path), **as_json(scored)} for path, scored in zip(paths, every, strict=True)]
    found = [scored.inference.p_value for scored in every if scored.inference is not None]
    if found:
        for record, adjusted in zip(records, holm(np.array(found)), strict=True):
            record["p_value_holm"] = float(adjusted)
    return records


def as_lines(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a table for people of what `side_by_side` returns."""
    width = max(len(record["file"]) for record in records) + 2
    energy = "p_value_holm" in records[0]
    yield (
        f"{'':<{width}}{'mean' if energy else 'p95':>9}  {'95% interval':<20}" + f"{'p (Holm)':>10}" * energy
    )
    for record in records:
        interval = record["interval"]
        told = "" if interval is None else f"{interval[0]:.4f} to {interval[1]:.4f}"
        line = f"{record['file']:<{width}}{record['mean' if energy else 'p95']:>9.4f}  {told:<20}"
        yield line + (f"{record['p_value_holm']:>10.4f}" if energy else "")


def _present(interval: tuple[float, float]) -> list[float] | None:
    return None if np.isnan(interval[0]) else list(interval)
