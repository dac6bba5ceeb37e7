"""The engine of one machine: this process and helpers of it, which share the work by draining one store.

On the processor there is one process for each core that is ours; with GPUs each process has one of them to itself, or
shares it with others where more workers are asked for than there are GPUs. A helper ends with the process that started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import torch

import ascentcheck
from ascentcheck.empirics.device import find_device
from ascentcheck.empirics.engines.interrupts import terminated_like_interrupted
from ascentcheck.empirics.engines.placement import THREADS, Placement
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.study.drain import Drained, Report, drain, workshop
from ascentcheck.empirics.study.job import Job
from ascentcheck.empirics.study.plan import estimate
from ascentcheck.empirics.study.session import Session
from ascentcheck.empirics.telling import tell
from ascentcheck.theory.cores import cores

PARENT = "ASCENTCHECK_PARENT"
"""The environment variable that tells a helper the process it works for."""

JOBS_FAILED = 3
"""The status of a helper that has drained the store, though jobs failed: Python ends with 1 where it cannot even begin."""

ROOT = Path(ascentcheck.__file__).resolve().parents[1]
"""Where the package is, which a helper must find too, whatever folder or setting this process found it by."""

GPUS = "CUDA_VISIBLE_DEVICES"

LOOK = 1.0
"""Seconds between two looks at what others have committed: one takes 10 ms for 1,450 jobs, on a local disk."""


def run_locally(session: Session, show: Show, placement: Placement, *, scoring: bool = False) -> Drained:
    """Compute what is missing, telling `show` how much of all passes is done; with `scoring` then also the scores, shared.

    Raises KeyboardInterrupt for Ctrl-C and for SIGTERM: helpers are stopped, claims are free, and what is done is kept.
    Raises UserError for a device that is not there.
    """
    with helped(session, placement) as crew:
        return crew.run(show, scoring=scoring)


@dataclass(frozen=True)
class Crew:
    """This process and helpers that are at work already."""

    session: Session
    placement: Placement
    device: torch.device
    helpers: Sequence[Helper]

    def run(self, show: Show, *, scoring: bool = False) -> Drained:
        """Compute what is missing together with the helpers; see `run_locally`."""
        session = self.session
        data = session.dataset.to(self.device)
        shop = workshop(session.study, data, session.store, self.placement.at_once)
        drained = drain(shop, session.plan, _report(session, show, lambda: tell_of_lost(self.helpers)))
        if scoring:
            session.score(_unless_orphaned(show))
        return drained


@contextmanager
def helped(session: Session, placement: Placement) -> Iterator[Crew]:
    """Yield a crew whose helpers work from now on, on jobs and then on scores, and are stopped at the block's end.

    So this process may do something else before it joins them. Raises as `run_locally` does.
    """
    torch.set_num_threads(THREADS)
    device = find_device(placement.device)
    n_gpus = torch.cuda.device_count() if device.type == "cuda" else 0
    workers = placement.workers or n_gpus or cores()
    command = [sys.executable, "-P", "-c", _entry(sys.path), "run", str(session.path)]
    command += ["--store", str(session.store.root)]
    with terminated_like_interrupted(), tempfile.TemporaryDirectory() as logs:
        helpers: list[Helper] = []
        try:
            for number in range(1, min(workers, len(session.missing()))):
                gpu = gpu_of(number, n_gpus, os.environ)
                helpers.append(_helper([*command, *placement.arguments()], gpu, Path(logs, str(number))))
            yield Crew(session, placement, device, helpers)
        finally:
            try:
                tell_of_lost(helpers)
            finally:
                for helper in helpers:
                    helper.process.terminate()
                for helper in helpers:
                    helper.process.wait()


@dataclass
class Helper:
    """A process that drains the store too; `log` is where its error output goes."""

    process: subprocess.Popen[bytes]
    gpu: str | None
    log: Path
    told: bool = False


def _helper(command: list[str], gpu: dict[str, str], log: Path) -> Helper:
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**os.environ, **gpu, PARENT: str(os.getpid())},
        )
    return Helper(process, gpu.get(GPUS), log)


def _entry(paths: Sequence[str]) -> str:
    """Return the code of a helper, which looks for modules where this process does and in no other place.

    With `-m` the current folder would come first, and any `numpy.py` there would be run.
    """
    known = [*paths, *([] if str(ROOT) in paths else [str(ROOT)])]
    return (
        f"import sys; from runpy import run_module; sys.path[:] = {known!a}; "
        "run_module('ascentcheck.empirics', run_name='__main__', alter_sys=True)"
    )


def status(drained: Drained) -> int:
    """Return the exit status of the command `run`: 0, or where jobs failed 1, of a helper JOBS_FAILED."""
    if not drained.failed:
        return 0
    return JOBS_FAILED if PARENT in os.environ else 1


def tell_of_lost(helpers: Sequence[Helper]) -> None:
    """Say once of each helper that has ended before its time how it ended; what it was at, others take over."""
    for helper in helpers:
        code = helper.process.poll()
        if helper.told or code in (None, 0, 130, JOBS_FAILED):
            continue
        helper.told = True
        said = ""
        with suppress(OSError):  # whoever tidies temporary folders may have taken it
            said = helper.log.read_text(encoding="utf-8", errors="replace")
        how = f"by signal {-code}" if code < 0 else f"with status {code}"
        on = "" if helper.gpu is None else f" on GPU {helper.gpu}"
        last = ": " + lines[-1] if (lines := said.strip().splitlines()) else ""
        tell(f"a worker{on} ended {how}{last}; the others go on")


def gpu_of(worker: int, n_gpus: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the setting by which a worker sees one GPU of those that this process sees, in turn; none without GPUs."""
    if n_gpus == 0:
        return {}
    named = environment.get(GPUS)
    seen = named.split(",") if named else [str(i) for i in range(n_gpus)]
    return {GPUS: seen[worker % n_gpus]}


def _unless_orphaned(show: Show) -> Show:
    """Return a display that stops a helper whose parent has died."""
    parent = int(os.environ.get(PARENT, 0))

    def told(what: str, share: float) -> None:
        if parent and os.getppid() != parent:
            raise KeyboardInterrupt
        show(what, share)

    return told


def _report(session: Session, show: Show, look: Callable[[], None] = lambda: None) -> Report:
    """Return a report that adds what this process does to what the others have committed, and at times looks at them."""
    work = {job.digest: estimate(session.study, session.dataset, [job]).passes for job in session.plan}
    total, done = sum(work.values()), dict.fromkeys(work, 0.0)
    left, looked, told = set(work), -LOOK, _unless_orphaned(show)

    def report(job: Job, share: float) -> None:
        nonlocal looked
        done[job.digest] = share * work[job.digest]
        if time.monotonic() - looked >= LOOK:
            for other in [digest for digest in left if session.store.committed(digest)]:
                done[other] = work[other]
                left.remove(other)
            look()
            looked = time.monotonic()
        told(job.label, sum(done.values()) / total)

    return report
