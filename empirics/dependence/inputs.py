"""Features, labels and a forget set as a linear problem; anything that cannot be used is told in one line."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from ascentcheck.empirics.arrays import LABELS, NUMBERS, as_numpy, is_mask
from ascentcheck.theory.console import UserError
from ascentcheck.theory.linear.losses import LOSSES
from ascentcheck.theory.linear.problem import LinearProblem

MOST_FEATURES = 4096
"""The solvers hold matrices [d, d]."""


def checked(features: Any, labels: Any, forget: Any, ridge: float, loss: str) -> LinearProblem:
    """Return the problem of `diagnose`'s arguments. Raises UserError for what cannot be used."""
    if loss not in LOSSES:
        raise UserError(f"loss {loss!r} is unknown; allowed are {', '.join(LOSSES)}")
    if not (isinstance(ridge, Real) and np.isfinite(float(ridge)) and ridge > 0):
        raise UserError(f"ridge {ridge!r} is out of range; a positive finite number is needed")
    x, y = array_of(features, "features"), array_of(labels, "labels", LABELS)
    if x.ndim != 2 or x.shape[0] < 2 or x.shape[1] < 1:
        raise UserError(
            f"features: have shape {list(x.shape)}; [samples, features] with at least 2 samples is needed"
        )
    if x.shape[1] > MOST_FEATURES:
        raise UserError(
            f"features: have {x.shape[1]} columns; at most {MOST_FEATURES} are allowed: project them first"
        )
    if y.shape != (len(x),):
        raise UserError(
            f"labels: have shape {list(y.shape)}; [{len(x)}] is needed, as there are {len(x)} samples"
        )
    _finite(x, "features")
    if not x.any():
        raise UserError("features: are all 0; there is nothing to learn from them")
    _finite(y, "labels")
    values = np.unique(y)
    if len(values) != 2:
        shown = ", ".join(str(v) for v in values[:5]) + (", …" if len(values) > 5 else "")
        raise UserError(
            f"labels: have {len(values)} different values ({shown}); exactly 2 are needed, the greater is y = +1"
        )
    which = _mask(array_of(forget, "forget"), len(x))
    if x.shape[1] > x.shape[0]:
        # All of it happens in the span of the samples: coordinates in an orthonormal basis of that change no distance.
        x = np.linalg.qr(x.T.astype(np.float64), mode="r").T
    signs = np.where(y == values[1], 1.0, -1.0)
    return LinearProblem(x, signs, which, LOSSES[loss], float(ridge))


def array_of(given: Any, name: str, kinds: str = NUMBERS) -> np.ndarray:
    """An array of real numbers (or of text, if it may be), from what `ascentcheck.empirics.arrays.as_numpy` takes."""
    try:
        array = as_numpy(given, name, kinds)
    except (TypeError, ValueError) as error:
        raise UserError(str(error)) from None
    return array.astype(np.float64) if array.dtype.kind == "f" and array.dtype.itemsize > 8 else array


def _finite(array: np.ndarray, name: str) -> None:
    """Refuse nan and inf, a block of rows at a time."""
    if array.dtype.kind != "f":
        return
    step = max(1, (1 << 22) // max(1, array[:1].size))
    for first in range(0, len(array), step):
        good = np.isfinite(array[first : first + step])
        if not good.all():
            place = tuple(int(i) for i in np.argwhere(~good)[0])
            value = array[first : first + step][place]
            where = [place[0] + first, *place[1:]]
            raise UserError(f"{name}: {value} at {where}; finite numbers are needed")


def _mask(forget: np.ndarray, n: int) -> np.ndarray:
    try:
        masks = is_mask(forget, n, "forget")
    except ValueError as error:
        raise UserError(str(error)) from None
    if masks:
        which = forget.astype(bool)
    elif forget.dtype.kind == "b":
        raise UserError(f"forget: is a mask of shape {list(forget.shape)}; [{n}] is needed")
    else:
        if forget.dtype.kind not in "iu" or forget.ndim != 1:
            raise UserError(
                f"forget: holds {forget.dtype} of shape {list(forget.shape)}; indices, integers of shape [k], are needed"
            )
        if len(forget) and (forget.min() < 0 or forget.max() >= n):
            raise UserError(f"forget: has an index outside of 0..{n - 1}")
        if len(np.unique(forget)) < len(forget):
            raise UserError("forget: has an index more than once")
        which = np.zeros(n, dtype=bool)
        which[forget] = True
    if not which.any() or which.all():
        raise UserError(f"forget: names {int(which.sum())} of {n} samples; some and not all are needed")
    return which
