"""Networks: the ratio of every snapshot to doing nothing, with its interval over models, at each dose and on each set.

Jobs are those of an ordinary study, without held-out oracles, so that a run may be interrupted at any time and goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from ascentcheck.empirics.data import load
from ascentcheck.empirics.dependence.doses import Dose
from ascentcheck.empirics.dependence.ratio import HIGHEST, LOWEST, merit, with_each_left_out
from ascentcheck.empirics.engines import Placement, run_locally
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.scores.whole_models import distances
from ascentcheck.empirics.store import Store
from ascentcheck.empirics.study.job import HeldOut
from ascentcheck.empirics.study.jobs import jobs
from ascentcheck.empirics.study.session import Session, open_session
from ascentcheck.empirics.study.settings import Study, load_study
from ascentcheck.empirics.study.snapshots import Margins, margins_of
from ascentcheck.theory.console import UserError


@dataclass(frozen=True, eq=False)
class Course:
    """A snapshot of a method on a forget set, by N models.

    `log_ratio` [N + 1] is that of all models, then without each of them; `nothing` and `validation_rise` alike are the distance
    of doing nothing and the rise of the validation score above doing nothing's, in spreads.
    """

    forget_set: str
    method: str
    learning_rate: float
    batch_norm: str
    epoch: int
    log_ratio: Float[np.ndarray, " n_plus_1"]
    nothing: Float[np.ndarray, " n_plus_1"]
    validation_rise: Float[np.ndarray, " n_plus_1"]

    @property
    def setting(self) -> tuple[str, float, str, int]:
        """What is fixed in advance."""
        return self.method, self.learning_rate, self.batch_norm, self.epoch


def set_session(path: Path, store: Path | None) -> Session:
    """Return the session of a study without its held-out oracles."""
    session = open_session(path, store)
    return replace(session, plan=tuple(job for job in session.plan if not isinstance(job, HeldOut)))


DRAWN = ("copies", "mislabelled")
"""Tables of [data] that draw points, with the seed `draw`."""


def set_sessions(path: Path, store: Path | None, draws: int) -> Iterator[tuple[str, Session]]:
    """Yield the session of a study of sets with what its sets' names end in; one for each draw where its data draw points."""
    study = load_study(path)
    tables = [name for name in DRAWN if getattr(study.data, name, None) is not None]
    if not tables:
        yield "", set_session(path, store)
        return
    for draw in range(draws):
        change = {name: getattr(study.data, name).model_copy(update={"draw": draw}) for name in tables}
        data = study.data.model_copy(update=change)
        yield f"-{draw}", _session(path, study.model_copy(update={"data": data}), store)


def dose_session(path: Path, store: Path | None, draw: int, dose: Dose) -> Session:
    """Return the session of a study at a dose, for one draw of the points to forget; all are on one store.

    Raises UserError for a study whose data have no `copies`.
    """
    study = load_study(path)
    copies = getattr(study.data, "copies", None)
    if copies is None:
        raise UserError(f"{path}: [data] needs copies, which digits and fashion-mnist can have")
    change = {"per_point": dose.per_point, "correlation": dose.correlation, "draw": draw}
    data = study.data.model_copy(update={"copies": copies.model_copy(update=change)})
    return _session(path, study.model_copy(update={"data": data}), store)


def _session(path: Path, study: Study, store: Path | None) -> Session:
    """Return the session of a study that differs from the one in its file by its data."""
    dataset = load(study.data)
    plan = tuple(job for job in jobs(study, dataset) if not isinstance(job, HeldOut))
    root = store if store is not None else Path("build") / "store" / study.name
    return Session(path, study, dataset, plan, Store(root))


def run(session: Session, show: Show) -> int:
    """Compute what is missing in this process alone; return the number of jobs that failed."""
    return run_locally(session, show, Placement(1, "cpu")).failed


def courses(session: Session) -> Iterator[Course]:
    """Yield every snapshot that is done, of the sets whose oracles and pretrained models are."""
    nothing: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, oracle, found in margins_of(session.study, session.plan, session.store):
        scores = {
            split: with_each_left_out(distances(oracle[split], found.splits[split]))
            for split in ("forget", "validation")
        }
        distance = merit(scores["forget"], scores["validation"])
        if found.method == "do-nothing":
            nothing[name] = distance, scores["validation"]
            continue
        before, validation = nothing[name]
        yield _course(name, found, distance, before, scores["validation"] - validation)


def _course(name: str, found: Margins, distance: np.ndarray, before: np.ndarray, rise: np.ndarray) -> Course:
    given = json.loads(found.hyperparameters)
    ratio = np.clip(np.log(distance / before), LOWEST, HIGHEST)
    rate, norm = float(given["learning_rate"]), str(given["batch_norm"])
    return Course(name, found.method, rate, norm, found.epoch, ratio, before, rise)
