"""The tensors of a `.safetensors` file, by the format's own package, which compares the header with the file's size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from ascentcheck.empirics.npy import Unusable, some

AS_NUMPY = {
    "BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "F16", "F32", "F64",
}  # fmt: skip
"""The types that NumPy has too; of the others torch makes float32, which is exact."""
NONE_SUCH = (AttributeError, TypeError, RuntimeError)
"""What is raised where torch has no such numbers, or does not convert them."""


def read_safetensors(path: Path, several: bool) -> dict[str, np.ndarray]:
    """Return the tensors by name. Raises Unusable for a damaged file, for none, and for several where one is wanted."""
    try:
        with safe_open(path, framework="numpy") as file:
            names = list(file.keys())
            if not names or (len(names) > 1 and not several):
                raise Unusable(
                    f"holds the tensors {some(names)}; {'some are' if several else 'one tensor is'} needed"
                )
            types = {name: file.get_slice(name).get_dtype() for name in names}
            found = {name: file.get_tensor(name) for name in names if types[name] in AS_NUMPY}
        return {name: found[name] if name in found else _by_torch(path, name, types[name]) for name in names}
    except SafetensorError:
        raise Unusable("is damaged, or not a .safetensors file") from None


def _by_torch(path: Path, name: str, kind: str) -> np.ndarray:
    try:
        with safe_open(path, framework="pt") as file:
            tensor = file.get_tensor(name)
        exact = tensor.float() if tensor.is_floating_point() else tensor
    except (SafetensorError, *NONE_SUCH):
        raise Unusable(f"holds {kind}, which cannot be read; save it as F32") from None
    if not tensor.is_floating_point():
        raise Unusable(f"holds {str(tensor.dtype).removeprefix('torch.')}; real numbers are needed")
    return exact.numpy()
