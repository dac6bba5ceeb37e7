"""Figure 8: the null floor of KLoM against the number of models, simulated and by its law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ascentcheck.empirics.klom import null_floor
from ascentcheck.empirics.klom.floor_law import floor_law
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import style

TITLE = "How the null floor falls with the number of models"
NEEDS_STUDY = False
CLAIM = "klom-n"
N_MODELS = (20, 30, 50, 80, 100, 150, 200)
POINTS = 20_000


@dataclass(frozen=True)
class Floor:
    """The floor of an estimator at each N, in nats: (N, 95th percentile, low, high of its 95% interval)."""

    estimator: str
    points: tuple[tuple[int, float, float, float], ...]


@dataclass(frozen=True)
class Data:
    """The simulated floors; the law of the paper's as (N, floor, floor without empty cells)."""

    floors: tuple[Floor, ...]
    law: tuple[tuple[int, float, float], ...]


def data(rows: Sequence[Row] = ()) -> Data:
    """Return what is drawn; the study's table is not needed."""
    floors = tuple(
        Floor(
            estimator,
            tuple(
                (n, found.p95, *found.interval)
                for n in N_MODELS
                for found in (null_floor(n, n, estimator, POINTS),)
            ),
        )
        for estimator in ("paper", "robust")
    )
    laws = ((n, floor_law(n)) for n in N_MODELS)
    return Data(floors, tuple((n, law.p95, law.without_empty_cells_p95) for n, law in laws))


def draw(shown: Data) -> Figure:
    """Return the figure."""
    figure = Figure(figsize=(style.WIDTH, 3.2))
    at = figure.subplots()
    for floor, colour in zip(shown.floors, (style.BLUE, style.RED), strict=True):
        n, p95, low, high = zip(*floor.points, strict=True)
        reach = [
            [p - a for p, a in zip(p95, low, strict=True)],
            [b - p for p, b in zip(p95, high, strict=True)],
        ]
        at.errorbar(n, p95, reach, fmt="o", ms=4, color=colour, label=f"{floor.estimator}, simulated")
    n, law, filled = zip(*shown.law, strict=True)
    at.plot(n, law, color=style.BLUE, lw=1, label="paper, law of independent cells")
    at.plot(n, filled, color=style.BLUE, lw=1, ls="--", label="the same without empty cells")
    robust = shown.floors[1].points
    middle = next(point for point in robust if point[0] == 100)
    at.plot(n, [middle[1] * 100 / k for k in n], color=style.RED, lw=1, ls=":", label="proportional to 1/N")
    at.set(xscale="log", yscale="log", xlabel="N, models of each kind", ylabel="null floor (nats)")
    at.set_xticks(n, [str(k) for k in n])
    at.minorticks_off()
    at.legend()
    return figure


def caption(shown: Data) -> str:
    """Return what the figure shows, in words."""
    paper = {n: p95 for n, p95, _, _ in shown.floors[0].points}
    return (
        f"95th percentile over {POINTS:,} points of KLoM between two samples of one normal distribution, with 95% "
        "intervals (often smaller than the dot). The paper's estimator still falls from "
        f"{paper[80]:.2f} at N = 80 to {paper[100]:.2f} at 100 and {paper[200]:.2f} at 200. Line: the law of its score "
        "with independent Poisson cells; dashed: without cells that have oracles and no unlearned model in them, "
        "each of which costs a logarithm of the floor of 1e-5. The robust estimator's mean is 0; its floor falls as 1/N "
        "from N = 50 on."
    )
