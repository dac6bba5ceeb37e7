"""From the tables of the dependence study to correlations and shares: what predicts the outcomes, and what explains them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ascentcheck.empirics.dependence.ranks import (
    Correlation,
    Judged,
    halves,
    judged,
    partial_spearman,
)
from ascentcheck.empirics.dependence.shares import Shares, levels, shares, times
from ascentcheck.empirics.dependence.tables import FILES, Row, read
from ascentcheck.empirics.scores.whole_models import holm
from ascentcheck.theory.console import UserError

CKA = "gradient_cka"
DEPENDENCE = (
    CKA,
    "gradient_cosine",
    "neighbour_agreement",
    "class_concentration",
    "entanglement",
    "curvature_ratio",
)
"""The predictors that are the group of dependence in the rules."""
PREDICTORS = (
    *DEPENDENCE,
    "forget_gradient",
    "forget_loss",
    "memorisation",
    "memorisation_by_oracles",
    "effective_alpha",
    "effective_epsilon",
    "first_step_speed",
    "first_step_speed_by_influence",
)
AFTERWARDS = ("memorisation_by_oracles",)
"""What takes the set's own oracles: no model is offered it."""
KEPT = 2
"""Predictors of dependence that enter the shares: those with the largest correlations on the other half."""


@dataclass(frozen=True)
class Tables:
    """The rows of every table in a folder of results; a table that is not there has none. `doses` are by study."""

    linear_doses: list[Row]
    linear_apart: list[Row]
    linear_sets: list[Row]
    sets: list[Row]
    courses: list[Row]
    doses: dict[str, list[Row]]
    linear_sweep: list[Row] = field(default_factory=list)
    linear_held_out: list[Row] = field(default_factory=list)
    linear_points: list[Row] = field(default_factory=list)


def load(folder: Path) -> Tables:
    """Return the tables in a folder. Raises UserError for one that cannot be read, and for sets and courses of two runs."""
    found = Tables(
        read(folder / FILES.linear_doses),
        read(folder / FILES.linear_apart),
        read(folder / FILES.linear_sets),
        read(folder / FILES.sets),
        read(folder / FILES.courses),
        {path.stem.removeprefix("doses-"): read(path) for path in sorted(folder.glob("doses-*.csv"))},
        *(read(folder / name) for name in (FILES.linear_sweep, FILES.linear_held_out, FILES.linear_points)),
    )
    if apart := {row["name"] for row in found.sets} ^ {row["name"] for row in found.courses}:
        raise UserError(
            f"{folder}: {FILES.sets} and {FILES.courses} are not of one run: {min(map(str, apart))} is in one of them alone"
        )
    return found


@dataclass(frozen=True)
class Correlated:
    """A predictor against an outcome, over the sets of an arm; `p_holm` is corrected over all pairs of the arm."""

    arm: str
    predictor: str
    outcome: str
    correlation: Correlation
    p_holm: float


@dataclass(frozen=True)
class Chosen:
    """The model chosen on half of an arm's sets for one outcome, judged on the other half."""

    arm: str
    outcome: str
    judged: Judged


@dataclass(frozen=True, eq=False)
class Arm:
    """Sets with their predictors and outcomes: the log ratios nearest and at each setting fixed in advance."""

    name: str
    sets: list[Row]
    outcomes: dict[str, np.ndarray]

    @property
    def predictors(self) -> dict[str, np.ndarray]:
        """Each predictor that all sets have, by name."""
        return {
            name: np.array([row[name] for row in self.sets], dtype=float)
            for name in PREDICTORS
            if all(row.get(name) is not None for row in self.sets)
        }

    @property
    def fixed(self) -> list[str]:
        """The outcomes at settings fixed in advance."""
        return [name for name in self.outcomes if not is_nearest(name)]

    @property
    def first_half(self) -> np.ndarray:
        """Which sets a model is chosen on: half of each kind at each size."""
        return halves([f"{row['kind']} {row['size']:g}" for row in self.sets])

    def column(self, name: str) -> np.ndarray:
        """Return a column of the sets."""
        return np.array([row[name] for row in self.sets], dtype=float)


def linear_arms(tables: Tables) -> Iterator[Arm]:
    """Yield the sets in each linear setting; outcomes are `BETA PLACE`."""
    for setting in dict.fromkeys(row["setting"] for row in tables.linear_sets):
        rows = [row for row in tables.linear_sets if row["setting"] == setting]
        names = [key for key in rows[0] if key.startswith(("one ", "samples ")) and "weights" not in key]
        yield Arm(str(setting), rows, {name: np.array([row[name] for row in rows]) for name in names})


def setting_of(row: Row) -> str:
    """Return what a course's setting is called: method, rate, statistics, epochs."""
    return f"{row['method']} {row['learning_rate']:g} {row['batch_norm']} {row['epoch']:g}"


def network_arm(tables: Tables) -> Arm | None:
    """Return the sets of the networks at which every setting is done; outcomes are settings, and `METHOD STATISTICS nearest`.

    None where there are none.
    """
    settings = {setting_of(row) for row in tables.courses}
    done = Counter(row["name"] for row in tables.courses)
    sets = [row for row in tables.sets if done[row["name"]] == len(settings)]
    if not sets:
        return None
    index = {row["name"]: number for number, row in enumerate(sets)}
    outcomes: dict[str, np.ndarray] = {}
    for row in tables.courses:
        if row["name"] not in index:
            continue
        for name, least in ((setting_of(row), False), (f"{row['method']} {row['batch_norm']} nearest", True)):
            column = outcomes.setdefault(name, np.full(len(index), np.nan))
            at, ratio = index[row["name"]], float(row["ratio"])
            column[at] = np.fmin(column[at], ratio) if least else ratio
    return Arm("perceptrons", sets, outcomes)


def is_nearest(outcome: str) -> bool:
    """Whether an outcome takes the oracle to find."""
    return outcome.endswith("nearest")


def correlations(arm: Arm, outcomes: Sequence[str]) -> list[Correlated]:
    """Return each predictor's rank correlation with each outcome, partial for |F| and doing nothing's distance."""
    controls = [arm.column("size"), arm.column("nothing")]
    found = [
        (predictor, outcome, partial_spearman(x, arm.outcomes[outcome], controls))
        for predictor, x in arm.predictors.items()
        for outcome in outcomes
    ]
    defined = np.array([c.p for *_, c in found])
    corrected = np.full(len(defined), np.nan)
    there = np.isfinite(defined)
    corrected[there] = holm(defined[there])
    return [
        Correlated(arm.name, predictor, outcome, c, float(p))
        for (predictor, outcome, c), p in zip(found, corrected, strict=True)
    ]


def chosen(arm: Arm, outcomes: Sequence[str]) -> list[Chosen]:
    """Return the model of all predictors and |F| chosen on half of the sets for each outcome, judged on the other half."""
    known = {name: x for name, x in arm.predictors.items() if name not in AFTERWARDS}
    predictors = known | {"size": arm.column("size")}
    return [
        Chosen(arm.name, outcome, judged(predictors, arm.outcomes[outcome], arm.first_half))
        for outcome in outcomes
    ]


def network_shares(arm: Arm, courses: Sequence[Row]) -> Shares:
    """Return the shares of rate, epochs, statistics and the sets' properties in the log ratio of the networks' courses."""
    index = {row["name"]: number for number, row in enumerate(arm.sets)}
    courses = [row for row in courses if row["name"] in index]
    sets = np.array([index[row["name"]] for row in courses])
    strength = levels([f"{row['method']} {row['learning_rate']}" for row in courses])
    method = levels([row["method"] for row in courses])
    groups = {
        "learning rate": strength,
        "epochs": levels([f"{row['method']} {row['epoch']}" for row in courses]),
        "statistics": times(levels([row["batch_norm"] for row in courses]), method),
    }
    outcome = np.array([row["ratio"] for row in courses], dtype=float)
    return shares(groups | _of_sets(arm, sets, strength), outcome, sets, arm.first_half[sets])


def linear_shares(arm: Arm) -> Shares:
    """Return the shares of β with the time, and of the sets' properties, in the log ratio at fixed times and the end."""
    names = arm.fixed
    sets = np.tile(np.arange(len(arm.sets)), len(names))
    place = levels(np.repeat(names, len(arm.sets)).tolist())
    outcome = np.concatenate([arm.outcomes[name] for name in names])
    return shares({"β and time": place} | _of_sets(arm, sets, place), outcome, sets, arm.first_half[sets])


def _of_sets(arm: Arm, sets: np.ndarray, strength: np.ndarray) -> dict[str, np.ndarray]:
    """Return the groups of what sets differ in, as ranks, and times each level of a method's strength."""
    from scipy.stats import rankdata

    def column(values: np.ndarray) -> np.ndarray:
        rank = (rankdata(values) - 0.5) / len(values) - 0.5
        return np.asarray(rank[sets][:, None])

    known = arm.predictors
    overall = np.mean([arm.outcomes[name] for name in arm.fixed], axis=0)
    first = arm.first_half
    strong = sorted(
        (name for name in DEPENDENCE if name in known),
        key=lambda name: -abs(np.nan_to_num(partial_spearman(known[name][first], overall[first]).rho)),
    )
    groups = {
        "dependence": np.column_stack([column(known[name]) for name in strong[:KEPT]]),
        "forget gradient": column(known["forget_gradient"]),
        "loss on F": column(known["forget_loss"]),
        "|F|": column(arm.column("size")),
    }
    return {name: times(columns, strength) for name, columns in groups.items()}
