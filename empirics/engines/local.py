"""The engine of one machine: this process and helpers of it, which share the work by draining one store.

On the processor there is a helper for each core; with GPUs each process has one of them to itself, or shares it with
others where more workers are asked for than there are GPUs. A helper ends with the process that started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping

import torch

from empirics.device import find_device
from empirics.engines.interrupts import terminated_like_interrupted
from empirics.engines.placement import THREADS, Placement
from empirics.progress import Show
from empirics.study.drain import Drained, Report, drain, workshop
from empirics.study.jobs import Job
from empirics.study.plan import estimate
from empirics.study.session import Session

PARENT = "ASCENTCHECK_PARENT"
"""The environment variable that tells a helper the process it works for."""

GPUS = "CUDA_VISIBLE_DEVICES"

LOOK = 1.0
"""Seconds between two looks at what others have committed: one takes 10 ms for 1,450 jobs, on a local disk."""


def run_locally(session: Session, show: Show, placement: Placement) -> Drained:
    """Compute what is missing, telling `show` how much of all passes is done.

    Raises KeyboardInterrupt for Ctrl-C and for SIGTERM: helpers are stopped, claims are free, and what is done is kept.
    Raises UserError for a device that is not there.
    """
    torch.set_num_threads(THREADS)
    device = find_device(placement.device)
    n_gpus = torch.cuda.device_count() if device.type == "cuda" else 0
    workers = placement.workers or n_gpus or os.cpu_count() or 1
    command = [sys.executable, "-m", "empirics", "run", str(session.path), "--store", str(session.store.root)]
    with terminated_like_interrupted():
        helpers = [
            subprocess.Popen(
                [*command, *placement.arguments()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **gpu_of(number, n_gpus, os.environ), PARENT: str(os.getpid())},
            )
            for number in range(1, min(workers, len(session.missing())))
        ]
        try:
            shop = workshop(session.study, session.dataset.to(device), session.store, placement.at_once)
            return drain(shop, session.plan, _report(session, show))
        finally:
            for helper in helpers:
                helper.terminate()
            for helper in helpers:
                helper.wait()


def gpu_of(worker: int, n_gpus: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the setting by which a worker sees one GPU of those that this process sees, in turn; none without GPUs."""
    if n_gpus == 0:
        return {}
    named = environment.get(GPUS)
    seen = named.split(",") if named else [str(i) for i in range(n_gpus)]
    return {GPUS: seen[worker % n_gpus]}


def _report(session: Session, show: Show) -> Report:
    """Return a report that adds what this process does to what the others have committed."""
    work = {job.digest: estimate(session.study, session.dataset, [job]).passes for job in session.plan}
    total, done = sum(work.values()), dict.fromkeys(work, 0.0)
    parent, left, looked = int(os.environ.get(PARENT, 0)), set(work), -LOOK

    def report(job: Job, share: float) -> None:
        nonlocal looked
        if parent and os.getppid() != parent:
            raise KeyboardInterrupt  # a helper whose parent died stops too
        done[job.digest] = share * work[job.digest]
        if time.monotonic() - looked >= LOOK:
            for other in [digest for digest in left if session.store.committed(digest)]:
                done[other] = work[other]
                left.remove(other)
            looked = time.monotonic()
        show(job.label, sum(done.values()) / total)

    return report
