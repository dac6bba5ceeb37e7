"""What each candidate for a score sees of a whole split, at equal level: power by simulation with margins that move together.

Oracles are normal with shared modes (or have heavy tails, where that is said), unlearned models alike but for a change. The
critical value of each candidate is the 95th percentile over `studies` simulated studies without a change, so all have the level
of 5%; a column `none` counts on further ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ascentcheck.empirics.klom.power import wilson
from ascentcheck.empirics.scores.candidates import CANDIDATES

N_MODELS = (20, 50, 100, 200)
STUDIES = 400
POINTS = 50
MODES = 25
COMMON = 0.1
SEED = 17

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def some_models(share: float, by: float) -> Change:
    """Return the change in which this share of the models, at least one, is below by so many standard deviations."""

    def change(margins: np.ndarray, _: np.random.Generator) -> np.ndarray:
        changed = margins.copy()
        changed[: max(round(share * len(margins)), 1)] -= by
        return changed

    return change


def some_points(share: float, by: float) -> Change:
    """Return the change in which all models are below by so many standard deviations, at this share of the points."""

    def change(margins: np.ndarray, _: np.random.Generator) -> np.ndarray:
        changed = margins.copy()
        changed[:, : round(share * margins.shape[1])] -= by
        return changed

    return change


def at_random(by: float) -> Change:
    """Return the change in which each point is shifted by so many standard deviations, up or down as a coin falls."""
    return lambda margins, draw: margins + by * draw.choice([-1.0, 1.0], size=margins.shape[1])


def two_kinds(by: float) -> Change:
    """Return the change in which half of the models are above and half below, means kept."""
    return lambda margins, _: margins + by * np.where(np.arange(len(margins)) % 2, 1.0, -1.0)[:, None]


def heavy_tails(margins: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Scale each model by its own factor, so that its margins have Student's law with 3 degrees of freedom, variance kept."""
    return margins * np.sqrt(1 / draw.chisquare(3, size=(len(margins), 1)))


def own_modes(margins: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Shuffle the models at each point: every margin keeps its law, and points no longer move together."""
    return draw.permuted(margins, axis=0)


CHANGES: dict[str, Change] = {
    "shift 0.1": lambda margins, _: margins - 0.1,
    "shift 0.3": lambda margins, _: margins - 0.3,
    "±0.2 by point": at_random(0.2),
    "1 at 5% of points": some_points(0.05, 1.0),
    "scale 1.2": lambda margins, _: 1.2 * margins,
    "scale 0.8": lambda margins, _: 0.8 * margins,
    "halves ±0.5": two_kinds(0.5),
    "t3 tails": heavy_tails,
    "half 1 below": some_models(0.5, 1.0),
    "10% 3 below": some_models(0.1, 3.0),
    "10% broken": some_models(0.1, 10.0),
    "2% broken": some_models(0.02, 10.0),
    "dependence": own_modes,
}
"""Sizes in standard deviations; *broken* models are 10 below."""
IN_HEAVY_TAILS = ("shift 0.3", "10% broken")
"""Changes tried on oracles with Student's law of 3 degrees of freedom, too."""


@dataclass(frozen=True)
class Seen:
    """The share of `studies` in which a candidate's score was above its critical value, with a 95% interval."""

    n_models: int
    candidate: str
    change: str
    studies: int
    power: float
    interval: tuple[float, float]


def compare(
    n_models: Sequence[int] = N_MODELS, studies: int = STUDIES, candidates: Sequence[str] = tuple(CANDIDATES)
) -> Iterator[Seen]:
    """Yield the power of each candidate at each N for each change, "none" first."""
    for n in n_models:
        columns = [("none", None, False), *((name, change, False) for name, change in CHANGES.items())]
        columns += [(f"{name}, t3 oracles", CHANGES[name], True) for name in IN_HEAVY_TAILS]
        critical = {
            heavy: np.quantile(_scores(n, studies, candidates, None, heavy, "critical"), 0.95, axis=0)
            for heavy in (False, True)
        }
        for name, change, heavy in columns:
            found = _scores(n, studies, candidates, change, heavy, name)
            for candidate, count in zip(candidates, (found > critical[heavy]).sum(axis=0), strict=True):
                yield Seen(n, candidate, name, studies, int(count) / studies, wilson(int(count), studies))


def _scores(
    n: int, studies: int, candidates: Sequence[str], change: Change | None, heavy: bool, name: str
) -> np.ndarray:
    """Return the scores [studies, candidates] of simulated studies."""
    draw = np.random.default_rng([SEED, n, heavy, *name.encode()])
    found = np.empty((studies, len(candidates)))
    for row in found:
        modes = draw.standard_normal((POINTS, MODES)) * np.arange(1, MODES + 1) ** -0.3
        modes *= np.sqrt((1 - COMMON) / (modes**2).sum(axis=1, keepdims=True))
        modes = np.column_stack([modes, np.full(POINTS, math.sqrt(COMMON))])
        oracle, unlearned = draw.standard_normal((2, n, MODES + 1)) @ modes.T
        if heavy:
            oracle, unlearned = heavy_tails(oracle, draw), heavy_tails(unlearned, draw)
        if change is not None:
            unlearned = change(unlearned, draw)
        row[:] = [CANDIDATES[candidate](oracle, unlearned) for candidate in candidates]
    return found


def as_table(found: Sequence[Seen]) -> str:
    """Return a Markdown table for each N: a row for each candidate, a column for each change."""
    changes = list(dict.fromkeys(one.change for one in found))
    lines = ["| N | candidate | " + " | ".join(changes) + " |", "|" + "---|" * (len(changes) + 2)]
    for n, candidate in dict.fromkeys((one.n_models, one.candidate) for one in found):
        row = [f"{s.power:.0%}" for s in found if (s.n_models, s.candidate) == (n, candidate)]
        lines.append(f"| {n} | {candidate} | " + " | ".join(row) + " |")
    reach = max((one.interval[1] - one.interval[0]) / 2 for one in found)
    return "\n".join(lines) + (
        f"\n\nShares of {found[0].studies:,} simulated studies each; 95% intervals reach at most {reach:.1%} either way.\n"
    )


@dataclass(frozen=True)
class Controls:
    """Margins [models, points] of one split of a study: oracles, held-out ones, and pretrained models."""

    name: str
    oracle: np.ndarray
    held_out: np.ndarray
    pretrained: np.ndarray


def on_networks(
    controls: Controls,
    n_models: Sequence[int] = (20, 50),
    studies: int = STUDIES,
    candidates: Sequence[str] = tuple(CANDIDATES),
) -> Iterator[Seen]:
    """Yield how often each candidate tells some of the pretrained models from some of the oracles, at equal level.

    The models of each study are drawn without replacement, the critical values from oracles against other oracles. Studies
    share models, so their shares vary by more than the intervals say.
    """
    oracles = np.concatenate([controls.oracle, controls.held_out]).astype(np.float64)
    pretrained = controls.pretrained.astype(np.float64)
    for n in n_models:
        draw = np.random.default_rng([SEED, n, *controls.name.encode()])
        null, found = np.empty((2, studies, len(candidates)))
        for study in range(studies):
            some = draw.choice(len(oracles), 2 * n, replace=False)
            first, other = oracles[some[:n]], oracles[some[n:]]
            started = pretrained[draw.choice(len(pretrained), n, replace=False)]
            null[study] = [CANDIDATES[name](first, other) for name in candidates]
            found[study] = [CANDIDATES[name](first, started) for name in candidates]
        counts = (found > np.quantile(null, 0.95, axis=0)).sum(axis=0)
        for name, count in zip(candidates, counts, strict=True):
            yield Seen(n, name, controls.name, studies, int(count) / studies, wilson(int(count), studies))
