"""The single tensor in a `.pt` file, as `torch.save` writes it since version 1.6: an archive of parts with checksums.

It is read as weights only, and refused if a checksum is wrong, if it is compressed, or claims more than it has.
"""

from __future__ import annotations

import pickle
import warnings
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ascentcheck.empirics.npy import NUMBERS, OLD_TORCH, check_type
from ascentcheck.theory.console import UserError, one_line

BEFORE = "is a .pt file as torch wrote it before 1.6, without checksums; load and save it with a newer torch"
NUMPYS = (torch.float16, torch.float32, torch.float64)
"""The real numbers that NumPy has too."""


def read_tensor(path: Path, kinds: str = NUMBERS) -> np.ndarray:
    """Return the single tensor in a `.pt` file as an array of real numbers; bfloat16 and 8-bit floats become float32.

    `kinds` are as for `read_array`. Raises UserError for a file that is missing, damaged, compressed, or that holds
    anything but one dense tensor of numbers.
    """
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                old = file.read(len(OLD_TORCH)) == OLD_TORCH
            raise UserError(
                f"{path}: {BEFORE if old else 'is cut short, or not a .pt file as torch.save writes it'}"
            )
        _check_parts(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of old versions' formats
            held = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UserError:
        raise
    except pickle.UnpicklingError:
        raise UserError(f"{path}: holds something else than tensors; it is not run") from None
    except Exception:  # a damaged file raises errors of half a dozen kinds
        raise UserError(f"{path}: is damaged, or not a .pt file of a tensor") from None
    if not isinstance(held, Tensor):
        raise UserError(f"{path}: holds a {type(held).__name__}; one tensor is needed")
    if held.is_nested or held.layout != torch.strided or held.is_quantized or held.device.type != "cpu":
        raise UserError(f"{path}: holds a tensor that is sparse, nested, quantised or without content")
    if held.numel() * held.element_size() > path.stat().st_size:
        raise UserError(f"{path}: claims a tensor {list(held.shape)} larger than the file; it is refused")
    if held.is_complex():
        raise UserError(f"{path}: holds {_name(held)}; real numbers are needed")
    try:
        held = held.detach().resolve_neg()
        array = (held.float() if held.is_floating_point() and held.dtype not in NUMPYS else held).numpy()
    except (TypeError, RuntimeError):  # NumPy has no such numbers, or torch does not convert them
        raise UserError(f"{path}: holds {_name(held)}, which cannot be read; save it as float32") from None
    if (wrong := check_type(array.dtype, kinds)) is not None:
        raise UserError(f"{path}: {wrong}")
    return array


def _name(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _check_parts(path: Path) -> None:
    """Compare every part with its checksum. Raises UserError."""
    with zipfile.ZipFile(path) as parts:
        found = parts.infolist()
        if any(part.compress_type != zipfile.ZIP_STORED for part in found):
            raise UserError(f"{path}: is compressed, as torch.save never writes it; it is refused")
        if sum(part.file_size for part in found) > path.stat().st_size:
            raise UserError(f"{path}: claims parts larger than the file; it is refused")
        if (wrong := parts.testzip()) is not None:
            raise UserError(f"{path}: is damaged: the checksum of {one_line(wrong)} is wrong")
