"""A study opened on its store: what every command and every figure starts from."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

from empirics import table
from empirics.data import Dataset, load
from empirics.engine import Drained, drain, workshop
from empirics.jobs import Job, jobs
from empirics.plan import estimate
from empirics.progress import Show
from empirics.store import Store
from empirics.study import Study, load_study

THREADS = 1
"""A second thread saves a third of the time on an idle machine, and beside a busy neighbour costs up to 16 times
as much: 5 epochs of 100 models took 1.5 s with one thread, and 1.0 or 24.9 s with two."""

PARENT = "ASCENTCHECK_PARENT"
"""The environment variable that tells a helper the process it works for."""


@dataclass(frozen=True, eq=False)
class Session:
    """A study, its data, its jobs and its store. `path` is the study's file."""

    path: Path
    study: Study
    dataset: Dataset
    plan: tuple[Job, ...]
    store: Store

    def run(self, show: Show, workers: int = 1) -> Drained:
        """Compute what is missing with `workers` processes, telling `show` how much of all passes is done."""
        torch.set_num_threads(THREADS)
        work = {job.digest: estimate(self.study, self.dataset, [job]).passes for job in self.plan}
        total, done = sum(work.values()), dict.fromkeys(work, 0.0)
        parent, finished = int(os.environ.get(PARENT, 0)), set[str]()

        def report(job: Job, share: float) -> None:
            if parent and os.getppid() != parent:
                raise KeyboardInterrupt  # a helper whose parent died stops too
            done[job.digest] = share * work[job.digest]
            for other in set(work) - finished:
                if self.store.committed(other):
                    done[other] = work[other]
                    finished.add(other)
            show(job.label, sum(done.values()) / total)

        command = [sys.executable, "-m", "empirics", "run", str(self.path), "--store", str(self.store.root)]
        helpers = [
            subprocess.Popen(
                [*command, "--workers", "1"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, PARENT: str(os.getpid())},
            )
            for _ in range(min(workers, len(self.missing())) - 1)
        ]
        try:
            return drain(workshop(self.study, self.dataset, self.store), self.plan, report)
        finally:
            for helper in helpers:
                helper.terminate()
            for helper in helpers:
                helper.wait()

    def missing(self) -> list[Job]:
        """Return the jobs without a result."""
        return [job for job in self.plan if self.store.get(job.digest) is None]

    def rows(self, show: Show | None = None, estimator: str | None = None) -> list[table.Row]:
        """Return the table's rows of everything that is done, by the study's estimator or another."""
        progress = None if show is None else (lambda done, total: show("scores", done / total))
        return table.load(self.study, self.plan, self.store, progress, estimator)


def open_session(study: Path, store: Path | None = None) -> Session:
    """Open a study on a store, by default build/store/NAME. Raises UserError for what cannot be used."""
    described = load_study(study)
    dataset = load(described.data)
    root = store if store is not None else Path("build") / "store" / described.name
    return Session(study, described, dataset, jobs(described, dataset), Store(root))
