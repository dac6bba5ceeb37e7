"""Tables made by hand, in which it is known what became of the models."""

import json
import math
from dataclasses import replace

import pytest

from ascentcheck.empirics.data import DigitsConfig
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.forget_sets import ComponentConfig, RandomConfig
from ascentcheck.empirics.models import MlpConfig
from ascentcheck.empirics.study import Study
from ascentcheck.empirics.study.table import SPLITS, Row

STILL = (9.0, 0.05, 0.05)
"""Forget, validation and retain scores of doing nothing, in spreads: everything is left to be forgotten."""
ORACLES = (0.0, 0.0, 0.0)
N = 100
STUDENT = 1.9842169515086827
"""The 97.5% quantile with 99 degrees of freedom: shares of so many members give the interval that is asked for."""


def shares(split, spread):
    """Return shares with which a paired difference from doing nothing has that spread; retained points have none."""
    size = 0.0 if split == "retain" else spread / STUDENT * math.sqrt(N - 1)
    return tuple(size if member % 2 else -size for member in range(N))


@pytest.fixture(scope="session")
def row():
    """Return a function that makes three rows, one per split, from (forget, validation, retain)."""

    def make(
        name, method, key, place, epoch=1, spread=0.02, diverged=0, accuracy=0.97, cost=0.05, norm="running"
    ):
        forget, validation, retain = place
        values = dict(zip(("forget", "validation", "retain"), (forget, validation, retain), strict=True))
        return [
            Row(
                study="made", forget_set=name, forget_size=10, method=method,
                learning_rate=key if isinstance(key, float) else None, ascent_epochs=None, forget_batch=None,
                batch_norm=norm, epoch=epoch, split=split, estimator="paper", n_oracle=N, n_unlearned=N,
                points=100, p95=values[split], p95_low=values[split] - spread, p95_high=values[split] + spread,
                mean=values[split] / 2, null_p95=0.6, null_of="held-out",
                energy=values[split],
                energy_low=values[split] - spread, energy_high=values[split] + spread, energy_even=values[split],
                energy_odd=values[split], energy_odd_low=values[split] - spread,
                energy_odd_high=values[split] + spread, accuracy_error=0.0,
                shares=shares(split, 0.0 if method in ("do-nothing", "held-out") else spread), diverged_oracle=0,
                diverged_unlearned=diverged, cost=cost,
                cost_public=cost, cost_forward=cost, cost_backward=cost, accuracy=accuracy,
                hyperparameters=json.dumps({"batch_norm": norm, "learning_rate": key}),
                job=f"{name}/{method}/{key}/{norm}",
            )
            for split in SPLITS
        ]  # fmt: skip

    return make


@pytest.fixture(scope="session")
def table(row):
    """Return a function that makes a table from {set: {method: [places]}}; controls are added unless given."""

    def make(sets, **options):
        rows = []
        for name, methods in sets.items():
            for method, places in {"do-nothing": [STILL], "held-out": [ORACLES], **methods}.items():
                control = method in ("do-nothing", "held-out")
                for number, place in enumerate(places):
                    rows += row(
                        name, method, 0.1 * (number + 1), place, epoch=0 if control else 1,
                        **({} if control else options),
                    )  # fmt: skip
        return rows

    return make


@pytest.fixture(scope="session")
def study():
    """A study of the sets that the tables name."""
    return Study(
        name="made",
        data=DigitsConfig(),
        model=MlpConfig(),
        train=TrainConfig(),
        forget_sets=(
            RandomConfig(kind="random", name="random-100", size=100, seed=0),
            RandomConfig(kind="random", name="random-10", size=10, seed=0),
            ComponentConfig(kind="component", name="pc1", component=1, highest=10),
            ComponentConfig(kind="component", name="pc2", component=2, highest=10),
        ),
        trajectories=(),
    )


@pytest.fixture(scope="session")
def no_interval():
    """Return a function that takes the intervals out of a table, as with few models."""

    def take(rows):
        none = dict.fromkeys(("energy_low", "energy_high", "energy_odd_low", "energy_odd_high"), math.nan)
        return [replace(r, **none, shares=()) for r in rows]

    return take
