"""`plot_klom`: one's own methods in the plane of two splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.comparison import Comparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THRESHOLD = 0.05
"""Energies up to which the axes are linear."""


def plot_klom(compared: Comparison, x: str = "retain", y: str = "forget", ax: Axes | None = None) -> Axes:
    """Draw each method's energy score on split `y` against split `x`, with 95% intervals; perfect models are at (0, 0).

    Draws on `ax`, or on a new figure. Needs matplotlib. Raises ValueError for a split that was not compared.
    """
    for split in (x, y):
        if split not in compared.splits:
            raise ValueError(f"split {split!r} was not compared; there are {', '.join(compared.splits)}")
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(4.5, 3.5), layout="constrained")
    for method in compared.methods:
        across, up = compared[method, x], compared[method, y]
        ax.errorbar(
            across.energy,
            up.energy,
            xerr=_reach(across.energy, across.inference.interval),
            yerr=_reach(up.energy, up.inference.interval),
            fmt="o",
            markersize=4,
            linewidth=0.8,
            label=method,
        )
    ax.plot(0, 0, "D", color="black", markersize=5, label="oracles")
    ax.set_xscale("symlog", linthresh=THRESHOLD)
    ax.set_yscale("symlog", linthresh=THRESHOLD)
    ax.set_xlabel(f"energy on {x} points, spreads of the oracles")
    ax.set_ylabel(f"energy on {y} points")
    ax.legend(frameon=False, fontsize="small")
    return ax


def _reach(value: float, interval: tuple[float, float]) -> np.ndarray | None:
    low, high = interval
    return None if np.isnan(low) else np.maximum([[value - low], [high - value]], 0)
