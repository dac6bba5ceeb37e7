"""Where networks run: the processor, or a GPU if one is there."""

from __future__ import annotations

from typing import Literal

from ascentcheck.empirics.later import torch
from ascentcheck.theory.console import UserError

DeviceName = Literal["auto", "cpu", "cuda"]
Precision = Literal["float32", "bfloat16"]


def find_device(name: DeviceName) -> torch.device:
    """Return the device of that name; `auto` is a GPU where PyTorch sees one. Raises UserError where it sees none."""
    if name == "cuda" and not torch.cuda.is_available():
        built = "" if torch.backends.cuda.is_built() else "; this build of PyTorch is for the processor alone"
        raise UserError(f"--device cuda: PyTorch sees no GPU{built}; allowed are auto and cpu")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


def described(device: torch.device) -> str:
    """Return what a record says of a device: of a GPU its name and the versions of CUDA and cuDNN."""
    if device.type != "cuda":
        return str(device)
    name, cudnn = torch.cuda.get_device_name(device), torch.backends.cudnn.version()
    return f"cuda ({name}, CUDA {torch.version.cuda}, cuDNN {cudnn})"


def autocast(precision: Precision, device: torch.device) -> torch.autocast:
    """Return the context in which a network runs with that precision."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16")
