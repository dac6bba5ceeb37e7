"""The study's table: KLoM of every configuration, snapshot, forget set and split, with its floor and its cost.

Only finished jobs have rows. Controls are rows as any other: `do-nothing` is the pretrained models as they are,
`held-out` a second set of oracles, which no method can beat but by chance. Scores are kept in the store, so that
a table is computed once.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ascentcheck.empirics.klom import null_floor
from ascentcheck.empirics.store import Store
from ascentcheck.empirics.study.job import Job
from ascentcheck.empirics.study.settings import Study
from ascentcheck.empirics.study.snapshots import SPLITS, Oracles, Snapshot, finished, scores
from ascentcheck.theory.console import UserError, writing
from ascentcheck.theory.disk import written

NOT_EXPORTED = ("shares",)


@dataclass(frozen=True)
class Row:
    """KLoM of one snapshot of one configuration on one split of one forget set.

    `p95` and `mean` are KLoM by `estimator`, in nats, and `null_p95` its floor: the p95 of held-out oracles, or a
    simulated one, as `null_of` says. `energy` is the mean energy score in spreads of the oracles with its 95% interval,
    `energy_even` and `energy_odd` those of the even and of the odd members, and `shares` each member's share in it, for
    paired differences (empty where margins are missing). `accuracy_error` is the standard error of `accuracy` over models.
    `cost` is passes over samples, forward and backward together, relative
    to those of training from scratch on R; `cost_forward` and `cost_backward` are the two apart, each relative to
    its own. `cost_public` is the formula of the public notebook, forward passes over
    (|F| + |R| + |validation|)·epochs. What a method takes from training that was done before is not charged: a
    checkpoint of pretraining to the rewind, held-out oracles to oracle matching. `accuracy` is the mean share of
    points with a positive margin against the log-sum-exp of the other classes, which is a lower bound of the usual
    accuracy.
    """

    study: str
    forget_set: str
    forget_size: int
    method: str
    learning_rate: float | None
    ascent_epochs: int | None
    forget_batch: int | None
    batch_norm: str | None
    epoch: int
    split: str
    estimator: str
    n_oracle: int
    n_unlearned: int
    points: int
    p95: float
    p95_low: float
    p95_high: float
    mean: float
    null_p95: float
    null_of: str
    energy: float
    energy_low: float
    energy_high: float
    energy_even: float
    energy_odd: float
    energy_odd_low: float
    energy_odd_high: float
    shares: tuple[float, ...]
    diverged_oracle: int
    diverged_unlearned: int
    cost: float
    cost_public: float
    cost_forward: float
    cost_backward: float
    accuracy: float
    accuracy_error: float
    hyperparameters: str
    job: str

    @property
    def below_floor(self) -> bool:
        """Whether the whole interval of p95 is below the null floor: an artefact, for no model beats an oracle.

        Of two samples of one distribution, 100 models each at 10 to 360 points, this is said in none of 440 cases
        where the points are independent, and in 17 of 440 where they move together.
        """
        return self.p95_high < self.null_p95

    def as_record(self) -> dict[str, str | int | float | bool | None]:
        """Return the columns of the exported table: the fields, then `below_floor`."""
        record = {name: getattr(self, name) for name in COLUMNS if name != "below_floor"}
        return {**record, "below_floor": self.below_floor}


def load(
    study: Study,
    plan: Sequence[Job],
    store: Store,
    progress: Callable[[int, int], None] | None = None,
    estimator: str | None = None,
) -> list[Row]:
    """Return the rows of all finished jobs, sets in the study's order, controls first.

    Scores are by the study's estimator unless another is named; `progress(done, total)` is called after each set. Raises
    UserError where a job forgot other points than the oracles did.
    """
    study = study if estimator is None else study.model_copy(update={"estimator": estimator})
    rows: list[Row] = []
    for number, (name, oracles, some) in enumerate(finished(study, plan, store), 1):
        if oracles is not None:
            found = [_rows(study, name, oracles, snapshot, store) for snapshot in some]
            rows += _with_floors([row for few in found for row in few])
        if progress is not None:
            progress(number, len(study.forget_sets))
    return rows


def _rows(study: Study, set_name: str, oracles: Oracles, snapshot: Snapshot, store: Store) -> list[Row]:
    known = scores(study.estimator, oracles, snapshot, store)
    forget_size = int(oracles.forget.sum())
    retrained = study.train.passed(oracles.n_train - forget_size) * study.train.epochs
    forward, backward = (retrained, retrained) if snapshot.method == "held-out" else snapshot.passes
    given = snapshot.settings
    return [
        Row(
            study=study.name,
            forget_set=set_name,
            forget_size=forget_size,
            method=snapshot.method,
            learning_rate=_number(given.get("learning_rate")),
            ascent_epochs=_whole(given.get("ascent_epochs")),
            forget_batch=_whole(given.get("forget_batch")),
            batch_norm=None if not given else str(given.get("batch_norm")),
            epoch=snapshot.epoch,
            split=split,
            estimator=study.estimator,
            null_p95=null_floor(known[split]["n_oracle"], known[split]["n_unlearned"], study.estimator).p95,
            null_of="simulated",
            cost=(forward + backward) / (2 * retrained),
            cost_forward=forward / retrained,
            cost_backward=backward / retrained,
            cost_public=forward / ((oracles.n_train + oracles.n_validation) * study.train.epochs),
            hyperparameters=json.dumps(given, sort_keys=True),
            job=snapshot.job,
            **{**known[split], "shares": tuple(known[split]["shares"])},
        )
        for split in SPLITS
    ]


def _with_floors(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a set with the scores of held-out oracles for floors, where there are any."""
    held_out = {row.split: row.p95 for row in rows if row.method == "held-out"}
    return [
        dataclasses.replace(row, null_p95=held_out[row.split], null_of="held-out")
        if row.method != "held-out" and held_out
        else row
        for row in rows
    ]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def as_csv(rows: Sequence[Row]) -> str:
    """Return the table as CSV, with a header; an absent value is an empty cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: "" if _absent(v) else v for k, v in row.as_record().items()})
    return out.getvalue()


def write_parquet(rows: Sequence[Row], path: Path) -> None:
    """Write the table as a Parquet file; an absent value is null.

    Raises UserError where pyarrow is not installed, or the file cannot be written.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError("--parquet needs pyarrow: pip install 'ascentcheck[parquet]'") from None
    types = {"str": pyarrow.string(), "int": pyarrow.int64(), "float": pyarrow.float64()}
    exported = [f for f in dataclasses.fields(Row) if f.name not in NOT_EXPORTED]
    fields = [(f.name, types[str(f.type).partition(" ")[0]]) for f in exported]
    schema = pyarrow.schema([*fields, ("below_floor", pyarrow.bool_())])
    records = [{k: None if _absent(v) else v for k, v in row.as_record().items()} for row in rows]
    with writing(path), written(path) as file:
        parquet.write_table(pyarrow.Table.from_pylist(records, schema), file)


COLUMNS = (*(f.name for f in dataclasses.fields(Row) if f.name not in NOT_EXPORTED), "below_floor")
"""The columns of the exported table."""


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
