"""Splits of the points for `score`: a file for each, or one file for all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ascentcheck.empirics.arrays import as_split
from ascentcheck.empirics.npy import LABELS, TABLES, WITH_MASKS, read_array, read_arrays, read_indices
from ascentcheck.theory.console import UserError


def read_split(path: Path, points: int) -> np.ndarray:
    """Return the mask [points] of a file: a mask of booleans or of 0 and 1, or indices of some points, as a table too.

    Raises UserError for anything else.
    """
    found = read_array(path, WITH_MASKS)
    if found.dtype.kind == "b" or found.ndim == 2 or found.shape == (points,):
        return _mask(found, points, str(path))
    return np.isin(np.arange(points), read_indices(path, points))


def read_splits(one: Path | None, each: Sequence[str], points: int) -> dict[str, np.ndarray]:
    """Return masks [points] by name, of `each` NAME=FILE and of the file `one`.

    That is an archive of masks or indices by name, or one array of text [points], the name of each point's split; a table of
    it may have a header. Raises UserError for anything else, and for a name that is given twice.
    """
    found: dict[str, np.ndarray] = {}
    for text in each:
        name, separator, path = text.partition("=")
        if not (name and separator and path):
            raise UserError(f"--split {text!r}: NAME=FILE is needed")
        if name in found:
            raise UserError(f"--split {name}: is given twice")
        found[name] = read_split(Path(path), points)
    for name, mask in ({} if one is None else _of_file(one, points)).items():
        if name in found:
            raise UserError(f"--split {name}: is given twice")
        found[name] = mask
    return found


def _of_file(path: Path, points: int) -> dict[str, np.ndarray]:
    arrays = read_arrays(path, LABELS)
    texts = [array for array in arrays.values() if array.dtype.kind in "US"]
    if texts:
        (names, *others) = (*texts, *(array for array in arrays.values() if array.dtype.kind not in "US"))
        if path.suffix.lower() in TABLES and names.shape == (points + 1,):
            names = names[1:]
        if others or names.shape != (points,):
            raise UserError(
                f"{path}: holds text of shape {list(names.shape)}; one array [{points}] is needed, a name for each point"
            )
        return {str(name): names == name for name in np.unique(names)}
    return {name: _mask(array, points, f"{path}, {name}") for name, array in arrays.items()}


def _mask(array: np.ndarray, points: int, where: str) -> np.ndarray:
    array = array.ravel() if array.ndim == 2 and 1 in array.shape else array
    try:
        chosen = as_split(array, points, "of points")
    except (ValueError, TypeError) as error:
        raise UserError(f"{where}: {str(error).removeprefix('split of points: ')}") from None
    mask = np.zeros(points, dtype=bool)
    mask[chosen] = True
    return mask
