"""What people have, as arrays of numpy: lists, numpy, torch on any device and of any float type, JAX, CuPy.

Margins are [models, points], the same points in the same order for all samples. What looks like something else is
refused with a reason, and never scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from array_api_compat import is_array_api_obj, is_jax_array, is_torch_array, to_device

if TYPE_CHECKING:
    from jaxtyping import Float

Arrayish = Any
"""A nested list of numbers, or an array of any library that follows the array API standard."""


NUMBERS, LABELS = "fiub", "fiubUS"
"""Kinds of types, by numpy's letters: real numbers with booleans, and these with text."""
FEW = 3
"""Numbers that may all lie in 0 to 1 by chance: of margins of a spread of 2 or more, one of five does at most, and four do in
one array of 600."""
SUM = 0.02
"""How far from 1 the sum of probabilities may be: of bfloat16, with 8 bits."""


class TransposedError(ValueError):
    """Margins that look as if they were [points, models]: `looks` says why, in a line."""

    def __init__(self, looks: str) -> None:
        self.looks = looks
        super().__init__(
            f"{looks}: say transposed=False if these are, transposed=True if they are [points, models]"
        )


def as_numpy(values: Arrayish, role: str, kinds: str = NUMBERS) -> np.ndarray:
    """Return the values as an array of numpy, wherever they lie; half precision and bfloat16 as float32.

    A list or tuple of arrays, a model each, is taken as one array, and objects that are all real numbers (a frame's, fractions)
    as float64. `kinds` are numpy's letters of the kinds of types that are taken. Raises TypeError for what is no array of them,
    and ValueError for masked values.
    """
    if isinstance(values, list | tuple) and values and is_array_api_obj(values[0]) and values[0].ndim:
        values = [as_numpy(one, role, kinds) for one in values]
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(
            f"{role}: has masked values; write a diverged model as inf, and leave points out by splits"
        )
    if isinstance(values, np.ndarray):
        pass
    elif is_torch_array(values):
        values = _of_torch(values, role)
    elif is_array_api_obj(values):
        if not is_jax_array(values):  # which come to the CPU as they are read
            values = to_device(values, "cpu") if hasattr(values, "device") else values
        if "float16" in str(values.dtype):  # bfloat16 is no type of numpy's own
            values = values.astype("float32")
    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise TypeError(f"{role}: is no array of numbers: {reason}") from None
    if array.dtype.kind == "O" and "U" in kinds and all(isinstance(one, str) for one in array.flat):
        array = array.astype(str)
    elif array.dtype.kind == "O" and all(
        isinstance(one, Real) and not isinstance(one, bool | np.bool_) for one in array.flat
    ):
        array = array.astype(np.float64)
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    if array.dtype.kind not in kinds:
        text = " or text" if "U" in kinds else ""
        raise TypeError(f"{role}: holds {array.dtype}; real numbers{text} are needed")
    return array


def _of_torch(values: Any, role: str) -> np.ndarray:
    try:
        values = values.detach().to_dense().cpu().resolve_conj().resolve_neg()
        return (values.float() if values.is_floating_point() and values.itemsize < 4 else values).numpy()
    except (RuntimeError, TypeError) as error:  # one without data, or quantised
        raise TypeError(f"{role}: cannot be read as numbers: {' '.join(str(error).split())}") from None


def margins_from_logits(logits: Arrayish, labels: Arrayish) -> Float[np.ndarray, "models points"]:
    """Return the margins z_y − log Σ_{c≠y} exp z_c of logits [models, points, classes] with labels [points], in nats.

    Logits [points, classes] of a single model give [1, points]. A logit of +inf or nan gives nan or ±inf, which is passed
    on. Raises ValueError for shapes that do not fit, labels that are no classes, fewer than two classes, or probabilities: all
    in 0 to 1, with a sum of 1 over the classes.
    """
    z = as_numpy(logits, "logits").astype(np.float64)
    y = as_numpy(labels, "labels")
    z = z[None] if z.ndim == 2 else z
    if z.ndim != 3 or z.shape[2] < 2:
        raise ValueError(
            f"logits: have shape {list(z.shape)}; [models, points, classes] is needed, with 2 classes or more"
        )
    if y.shape != z.shape[1:2] or y.dtype.kind not in "iu":
        raise ValueError(
            f"labels: are {y.dtype} of shape {list(y.shape)}; integers [{z.shape[1]}] are needed, one a point"
        )
    if y.size and not (y.min() >= 0 and y.max() < z.shape[2]):
        raise ValueError(f"labels: {y.min()} to {y.max()}; the classes are 0 to {z.shape[2] - 1}")
    if z.size > FEW and z.min() >= 0 and z.max() <= 1 and np.abs(z.sum(axis=2) - 1).max() < SUM:
        raise ValueError(
            "logits: lie in 0 to 1 with a sum of 1 over the classes, as probabilities do; their logarithms are logits"
        )
    place = np.broadcast_to(y[None, :, None], (*z.shape[:2], 1))
    right = np.take_along_axis(z, place, axis=2)[..., 0]
    others = z.copy()
    np.put_along_axis(others, place, -np.inf, axis=2)
    top = others.max(axis=2, keepdims=True)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        return right - (top[..., 0] + np.log(np.exp(others - np.where(np.isfinite(top), top, 0)).sum(axis=2)))


def as_margins(
    values: Arrayish, role: str, labels: Arrayish | None = None, transposed: bool | None = None
) -> Float[np.ndarray, "models points"]:
    """Return margins [models, points]; with `labels`, of logits [models, points, classes].

    `transposed` says whether arrays are [points, models], or [points, models, classes]. Raises ValueError for anything that
    cannot be scored: nan, fewer than two models, no points, booleans, values that are all probabilities, and what looks
    transposed where `transposed` is not given: more models than points, or as many labels as models. TypeError for no numbers.
    """
    array = as_numpy(values, role)
    if transposed and array.ndim > 1:
        array = array.swapaxes(0, 1)
    of_logits = array.ndim == 3 and labels is not None
    if of_logits:
        array = margins_from_logits(array, labels)
    elif array.ndim == 3:
        raise ValueError(
            f"{role}: has shape {list(array.shape)}, as logits have; give labels=[points] with them"
        )
    if array.ndim != 2:
        raise ValueError(f"{role}: has shape {list(array.shape)}; [models, points] is needed")
    models, points = array.shape
    if labels is not None and (given := np.shape(as_numpy(labels, "labels", LABELS))) != (points,):
        if given == (models,) and transposed is None:
            raise TransposedError(
                f"{role}: has {models} models, {points} points and {models} labels, as a transposed array has"
            )
        raise ValueError(f"labels: have shape {list(given)}; [{points}] is needed, one a point")
    if array.dtype.kind == "b":
        raise ValueError(
            f"{role}: holds booleans, as correctness does; margins are real numbers, see margins_from_logits"
        )
    if models < 2 or points < 1:
        raise ValueError(
            f"{role}: has {models} model(s) and {points} point(s); at least 2 models and 1 point are needed"
        )
    if models > points and transposed is None and labels is None:
        raise TransposedError(
            f"{role}: has {models} models and {points} points, as a transposed array has; margins are [models, points]"
        )
    broken = np.isnan(array)
    if broken.any():
        model, point = np.argwhere(broken)[0]
        raise ValueError(
            f"{role}: margin of model {model} at point {point} is nan; write a diverged model as inf"
        )
    if not of_logits and array.size > FEW and array.min() >= 0 and array.max() <= 1:
        raise ValueError(
            f"{role}: all values lie in 0 to 1, as probabilities do; of a probability p the margin is log(p / (1 - p))"
        )
    return array.astype(np.float64 if array.dtype.kind != "f" else array.dtype, copy=False)


def as_split(chosen: Arrayish, points: int, name: str) -> np.ndarray:
    """Return the indices of a split: a mask [points] of booleans or of 0 and 1, or indices without repetition.

    Raises ValueError for anything else.
    """
    array = as_numpy(chosen, f"split {name}")
    if is_mask(array, points, f"split {name}"):
        array = np.flatnonzero(array)
    if array.ndim != 1 or array.dtype.kind not in "iu" or not len(array):
        raise ValueError(
            f"split {name}: is {array.dtype} of shape {list(array.shape)}; a mask [{points}] or indices of some points is needed"
        )
    if array.min() < 0 or array.max() >= points or len(np.unique(array)) < len(array):
        raise ValueError(f"split {name}: indices must be of 0 to {points - 1}, each once")
    return array


def is_mask(array: np.ndarray, points: int, role: str) -> bool:
    """Return whether an array is a mask [points]: of booleans, or of 0 and 1 that cannot be indices.

    Raises ValueError where 0 and 1 could be both, which they could of one point or two.
    """
    if array.shape != (points,) or array.dtype.kind not in "biu":
        return False
    if array.dtype.kind == "b":
        return True
    if not points or not np.isin(array, (0, 1)).all():
        return False
    if len(np.unique(array)) == points and array.max() < points:
        raise ValueError(
            f"{role}: {array.tolist()} of {points} point(s) may be a mask or indices; give a mask of booleans"
        )
    return True


def by_text(given: Mapping[Any, Any], role: str) -> dict[str, Any]:
    """Return what is given, by names as text. Raises ValueError where two names are one as text."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if str(name) in found:
            raise ValueError(f"{role}: the name {str(name)!r} is given twice")
        found[str(name)] = value
    return found


def as_splits(splits: Mapping[str, Arrayish] | Arrayish | None, points: int) -> dict[str, np.ndarray]:
    """Return indices by name: of masks or indices by name, or of text [points], each point's name; of None, all points.

    Raises ValueError for anything else.
    """
    if splits is None:
        return {"all": np.arange(points)}
    if isinstance(splits, Mapping):
        if not splits:
            raise ValueError("splits: is empty; give masks or indices by name")
        return {name: as_split(which, points, name) for name, which in by_text(splits, "splits").items()}
    names = as_numpy(splits, "splits", LABELS)
    if names.dtype.kind not in "US" or names.shape != (points,):
        raise ValueError(
            f"splits: is {names.dtype} of shape {list(names.shape)}; masks or indices by name, or text [{points}], is needed"
        )
    return {str(name): np.flatnonzero(names == name) for name in np.unique(names)}


def same_points(samples: Mapping[str, np.ndarray]) -> None:
    """Raise ValueError unless all samples have the same number of points."""
    (first, expected), *others = ((role, sample.shape[1]) for role, sample in samples.items())
    for role, found in others:
        if found != expected:
            raise ValueError(
                f"{first} has {expected} points and {role} has {found}; the points must be the same, in the same order"
            )
