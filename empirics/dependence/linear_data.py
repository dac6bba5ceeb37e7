"""The bundled data as linear problems: two classes, standardised features and an intercept, of unit mean square length."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64
from sklearn import datasets

from ascentcheck.theory.linear.losses import LOSSES
from ascentcheck.theory.linear.problem import LinearProblem

Index = Int64[np.ndarray, " k"]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Features [n, d] with signs y = ±1, and the classes that near-copies keep: digits, or the signs themselves."""

    x: Float[np.ndarray, "n d"]
    signs: Float[np.ndarray, " n"]
    classes: Int64[np.ndarray, " n"]

    @property
    def digest(self) -> str:
        """A sha256 of all of it."""
        parts = (self.x, self.signs, self.classes)
        return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


@dataclass(frozen=True)
class Setting:
    """Which data, which loss, which ridge."""

    data: str
    loss: str
    ridge: float

    @property
    def label(self) -> str:
        """A short name for people."""
        return f"{self.data}, {self.loss}, λ = {self.ridge:g}"

    def problem(
        self, data: Labelled, forget: Bool[np.ndarray, " n"], x: Float[np.ndarray, "n d"] | None = None
    ) -> LinearProblem:
        """Return the problem of these data, or of `x` in place of their features."""
        return LinearProblem(data.x if x is None else x, data.signs, forget, LOSSES[self.loss], self.ridge)


SETTINGS = (
    Setting("digits-halves", "logistic", 1e-2),
    Setting("digits-halves", "logistic", 1e-3),
    Setting("digits-halves", "exponential", 1e-2),
    Setting("digits-one", "logistic", 1e-2),
    Setting("breast-cancer", "logistic", 1e-2),
    Setting("breast-cancer", "exponential", 1e-2),
)


FASHION = Setting("fashion-halves", "logistic", 1e-2)
FASHION_IMAGES = 2000


def bundled(name: str) -> Labelled:
    """Return `digits-halves` (5 to 9 against 0 to 4), `digits-one` (8 against the others), `breast-cancer` or `fashion-halves`.

    The last are images of Fashion-MNIST, the later five classes against the others, with 2 × 2 pixels averaged; its files must be
    there. Raises ValueError for another name, UserError for files that cannot be used.
    """
    if name == FASHION.data:
        return _fashion()
    if name == "breast-cancer":
        x, classes = datasets.load_breast_cancer(return_X_y=True)
        positive = classes == 1
    elif name in ("digits-halves", "digits-one"):
        x, classes = datasets.load_digits(return_X_y=True)
        positive = classes >= 5 if name == "digits-halves" else classes == 8
    else:
        raise ValueError(f"unknown data {name!r}")
    return Labelled(_scaled(x), np.where(positive, 1.0, -1.0), classes.astype(np.int64))


def _fashion() -> Labelled:
    from ascentcheck.empirics.data import FashionMnistConfig, load

    data = load(FashionMnistConfig(n_train=FASHION_IMAGES, n_validation=10))
    pixels = data.train_x.double().numpy().reshape(-1, 14, 2, 14, 2) / 255
    return halves(pixels.mean(axis=(2, 4)).reshape(len(pixels), -1), data.labels)


def halves(features: Float[np.ndarray, "n d"], classes: Int64[np.ndarray, " n"]) -> Labelled:
    """Return features of any kind with the later half of the classes against the others."""
    positive = classes > np.median(np.unique(classes))
    return Labelled(_scaled(features), np.where(positive, 1.0, -1.0), classes.astype(np.int64))


def _scaled(x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n e"]:
    """Return the features standardised, with an intercept, of unit mean square length."""
    x = x[:, x.std(axis=0) > 0]
    x = np.column_stack([(x - x.mean(axis=0)) / x.std(axis=0), np.ones(len(x))])
    return np.asarray(x / np.sqrt((x**2).sum(axis=1).mean()))


def mask(n: int, index: Index) -> Bool[np.ndarray, " n"]:
    """Return which of n points are among the indices."""
    found = np.zeros(n, dtype=bool)
    found[index] = True
    return found
