"""A study opened on its store: what every command and every figure starts from."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ascentcheck.empirics.data import Dataset, load, stand_in
from ascentcheck.empirics.npy import some
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.store import Store, StoreError
from ascentcheck.empirics.study import snapshots, table
from ascentcheck.empirics.study.job import Job
from ascentcheck.empirics.study.jobs import jobs
from ascentcheck.empirics.study.plugins import without_exit
from ascentcheck.empirics.study.settings import Study, load_study
from ascentcheck.empirics.telling import tell


@dataclass(frozen=True, eq=False)
class Session:
    """A study, its data, its jobs and its store. `path` is the study's file.

    With `data_absent` the data set has the right sizes and no content, which is enough to plan and not to run.
    """

    path: Path
    study: Study
    dataset: Dataset
    plan: tuple[Job, ...]
    store: Store
    data_absent: bool = False

    @property
    def title(self) -> str:
        """The study's name, with what a reader must be told of its data if there is such: what figures call it."""
        remark = self.dataset.remark
        return self.study.name if remark is None else f"{self.study.name}, of {self.dataset.described}"

    def missing(self) -> list[Job]:
        """Return the jobs without a result."""
        return [job for job in self.plan if self.store.get(job.digest) is None]

    def lacking(self) -> str | None:
        """Return a line that says which jobs have no result, whose rows a table then lacks; None where all have one."""
        missing = self.missing()
        if not missing:
            return None
        damaged = sum(self.store.committed(job.digest) for job in missing)
        how = f", {damaged} of them damaged" if damaged else ""
        failed = sum(self.store.failure(job.digest) is not None for job in missing)
        path = self.store.root / "failed"
        why = f"; {failed} failed when last tried, and {path} has why" if failed else ""
        return (
            f"{self.study.name}: {len(missing)} of {len(self.plan)} jobs have no result{how}, and what needs them is left "
            f"out: {some([job.label for job in missing])}; `run` {'tries' if failed else 'computes'} them{why}"
        )

    def tell_lacking(self) -> None:
        """Say on standard error what `lacking` says, if anything."""
        if (lacking := self.lacking()) is not None:
            tell(lacking)

    def rows(self, show: Show | None = None, estimator: str | None = None) -> list[table.Row]:
        """Return the table's rows of everything that is done, by the study's estimator or another."""
        progress = None if show is None else (lambda done, total: show("scores", done / total))
        return table.load(self.study, self.plan, self.store, progress, estimator)

    def score(self, show: Show | None = None) -> None:
        """Score everything that is done and not scored yet, sharing that with other processes of this study.

        Where the store cannot be written nothing would be kept, and nothing is done.
        """
        progress = None if show is None else (lambda n, total: show(f"scores {n} of {total}", n / total))
        with suppress(StoreError):
            snapshots.score(self.study, self.plan, self.store, progress)


def open_session(study: Path, store: Path | None = None, *, to_plan: bool = False) -> Session:
    """Open a study on a store, by default build/store/NAME; `to_plan`, also where its data are absent but of known size.

    Raises UserError for what cannot be used.
    """
    with without_exit(str(study)):
        described = load_study(study)
        absent = stand_in(described.data) if to_plan else None
        dataset = load(described.data) if absent is None else absent
        planned = jobs(described, dataset, data_absent=absent is not None)
    root = store if store is not None else Path("build") / "store" / described.name
    return Session(study, described, dataset, planned, Store(root), absent is not None)
