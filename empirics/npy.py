"""Arrays of numbers from the `.npy` files of others: no pickle is read, and torch is not needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Int

from ascentcheck.theory.console import UserError


def read_npy(path: Path) -> np.ndarray:
    """Return the array in a `.npy` file. Raises UserError where it is missing, damaged, or anything else."""
    try:
        with path.open("rb") as file:
            if file.read(4) == b"PK\x03\x04":
                raise UserError(f"{path}: is an archive of arrays; one .npy array is needed")
            file.seek(0)
            return np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UserError:
        raise
    except Exception:  # a damaged header raises errors of half a dozen kinds
        raise UserError(f"{path}: is not a .npy file of numbers") from None


def read_indices(path: Path, n: int) -> Int[np.ndarray, " k"]:
    """Return the sorted indices of a set among `n` points, some and not all. Raises UserError for anything else."""
    indices = read_npy(path)
    if indices.ndim != 1 or indices.dtype.kind not in "iu" or not 0 < len(indices) < n:
        raise UserError(
            f"{path}: holds {indices.dtype} of shape {list(indices.shape)}; indices of some of the {n} points are needed, "
            f"integers of shape [k], 0 < k < {n}"
        )
    if indices.min() < 0 or indices.max() >= n:
        raise UserError(f"{path}: has an index outside of 0..{n - 1}")
    if len(found := np.unique(indices)) < len(indices):
        raise UserError(f"{path}: has an index more than once")
    return found
