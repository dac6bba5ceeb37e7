"""The engine of a cluster: each job is a task of Ray, which knows what it needs and is retried where its worker dies.

Nothing but names and outcomes goes through Ray. Study, data and store are on a disk that all nodes share, under the
same paths; a task opens them once per worker process, claims its job in the store, computes and commits it. So a job that
is retried is written once, a driver that dies loses nothing that was committed, and workers of another engine may drain
the same store at the same time.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch

from ascentcheck.empirics.device import DeviceName, find_device
from ascentcheck.empirics.engines.interrupts import terminated_like_interrupted
from ascentcheck.empirics.engines.placement import THREADS, Placement
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.study.drain import POLL, Drained, Outcome, Workshop, attempt, workshop
from ascentcheck.empirics.study.job import Job
from ascentcheck.empirics.study.plan import estimate
from ascentcheck.empirics.study.session import Session, open_session
from ascentcheck.theory.console import UserError, one_line
from ascentcheck.theory.cores import cores

RETRIES = 3
"""How often a job is begun again whose worker died, before it counts as failed."""

TOKEN = "a cluster that asks for a token needs RAY_AUTH_MODE=token here too"

STARTS = 5
"""How often a cluster is started here that is not up within Ray's own limit of half a minute: a busy machine's is not."""

LONGEST = 30
"""Bytes of a temporary folder's path in which Ray's sockets have room."""

PATIENCE = 5.0
"""Seconds in which the cluster's address must answer."""

OBJECTS = 100 * 2**20
"""Bytes of the object store of a cluster that is started here: outcomes are all that goes through it."""


@dataclass(frozen=True)
class Cluster:
    """`address` is that of a running cluster, `auto` or HOST:PORT; without one a cluster is started here and stopped after,
    whatever clusters this machine or the environment (RAY_ADDRESS) may know of.

    `gpus` is the share of a GPU that each job takes, 0 < gpus ≤ 1: 1 by default where the cluster has GPUs.
    """

    address: str | None = None
    gpus: float | None = None


@dataclass(frozen=True)
class Place:
    """What a worker needs to open a study as the driver has it."""

    folder: str
    study: str
    store: str
    device: DeviceName
    at_once: int | None


@dataclass(frozen=True)
class Done:
    """What became of a job, and whether its stored result had been found damaged."""

    outcome: Outcome
    damaged: tuple[str, ...] = ()


def run_on_ray(session: Session, show: Show, placement: Placement, cluster: Cluster) -> Drained:
    """Compute what is missing with the workers of a cluster, telling `show` how much of all passes is done.

    `placement.workers` is the number of processors of a cluster that is started here. Raises KeyboardInterrupt for Ctrl-C
    and for SIGTERM: running jobs are cancelled, and what is done is kept. Raises UserError where Ray is not installed,
    where the address does not answer, where GPUs are asked for and there are none, and for what cannot be used on a node.
    """
    ray = _ray(cluster)
    with _connected(ray, cluster, placement), terminated_like_interrupted():
        gpus = _gpus(ray, cluster, placement.device)
        place = Place(
            folder=str(Path.cwd()),
            study=str(session.path),
            store=str(session.store.root),
            device="cuda" if gpus else "cpu",
            at_once=placement.at_once,
        )
        # A process that has used a GPU stays on it: with GPUs each job has a process of its own.
        task = ray.remote(
            num_cpus=1,
            num_gpus=gpus,
            max_retries=RETRIES,
            retry_exceptions=False,
            max_calls=1 if gpus else 0,
        )(work)
        return _driven(ray, task, place, session, show)


def work(place: Place, digest: str, failures: int, *needed: Done) -> Done:
    """Compute a job in a worker of the cluster, unless it is there, or one that it needs has failed.

    Raises UserError for what cannot be used on this node.
    """
    if any(one.outcome in ("failed", "blocked") for one in needed):
        return Done("blocked")
    shop, jobs = _opened(place)
    if digest not in jobs:
        raise UserError(
            f"{socket.gethostname()}: {place.study}, its data or the code differ from the driver's"
        )
    damaged: list[str] = []
    while (outcome := attempt(shop, jobs[digest], failures, None, damaged)) is None:
        time.sleep(POLL)
    return Done(outcome, tuple(damaged))


@cache
def _opened(place: Place) -> tuple[Workshop, dict[str, Job]]:
    torch.set_num_threads(THREADS)
    try:
        os.chdir(place.folder)
    except OSError:
        raise UserError(
            f"{socket.gethostname()}: {place.folder} is not there; study, data and store must be on a disk that all "
            "nodes share"
        ) from None
    session = open_session(Path(place.study), Path(place.store))
    data = session.dataset.to(find_device(place.device))
    shop = workshop(session.study, data, session.store, place.at_once)
    return shop, {job.digest: job for job in session.plan}


def _driven(ray: Any, task: Any, place: Place, session: Session, show: Show) -> Drained:
    """Submit the jobs and wait for all."""
    store = session.store
    passes = {job.digest: estimate(session.study, session.dataset, [job]).passes for job in session.plan}
    done: dict[str, Done] = {}
    waiting: dict[Any, Job] = {}
    order: dict[str, Any] = {}
    for job in session.plan:
        if store.get(job.digest) is not None:
            done[job.digest] = order[job.digest] = Done("present")
            continue
        ref = task.options(name=job.label).remote(
            place, job.digest, store.failures(job.digest), *(order[digest] for digest in job.needs)
        )
        order[job.digest], waiting[ref] = ref, job
    while waiting:
        ready, _ = ray.wait(list(waiting), num_returns=len(waiting), timeout=1.0)
        for ref in [
            ref for ref in waiting if ref in set(ready)
        ]:  # in the plan's order: causes before effects
            job = waiting.pop(ref)
            needs = [done[digest].outcome for digest in job.needs]
            done[job.digest] = _outcome(ray, ref, job, session, "failed" in needs or "blocked" in needs)
        finished = sum(passes[digest] for digest in done)
        show(f"{len(done)} of {len(session.plan)} jobs", finished / sum(passes.values()))
    damaged = tuple(label for one in done.values() for label in one.damaged)
    return Drained(**Counter(one.outcome for one in done.values()), damaged=damaged)


def _outcome(ray: Any, ref: Any, job: Job, session: Session, blocked: bool) -> Done:
    """Return what became of a job. Raises the worker's UserError; a worker that died too often is a failure."""
    if blocked:
        return Done("blocked")
    try:
        return ray.get(ref)
    except UserError as error:
        cause = getattr(error, "cause", error)
        raise UserError(str(cause)) from None
    except (
        ray.exceptions.WorkerCrashedError,
        ray.exceptions.OutOfMemoryError,
        ray.exceptions.NodeDiedError,
    ) as e:
        what = one_line(str(e))[:200]
        session.store.fail(job.digest, f"its worker died {RETRIES + 1} times: {type(e).__name__}: {what}")
        return Done("failed")


def _ray(cluster: Cluster) -> Any:
    """Return Ray. It reads these settings when it is imported."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if cluster.address is None and not {"ray", "RAY_AUTH_MODE"} & {*sys.modules, *os.environ}:
        # else Ray writes a token to the user's home; without any, others on this machine could give orders
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else a warning in every worker
    try:
        import ray
    except ImportError:
        raise UserError('--engine ray needs the package ray: pip install "ascentcheck[cluster]"') from None
    return ray


@contextlib.contextmanager
def _connected(ray: Any, cluster: Cluster, placement: Placement) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        if cluster.address is None:
            what = "--engine ray: no cluster can be started here"
            options = {
                "address": "local",  # else Ray joins RAY_ADDRESS, or any cluster that runs on this machine
                "num_cpus": placement.workers or cores(),
                "include_dashboard": False,
                "object_store_memory": OBJECTS,
                "_temp_dir": stack.enter_context(_folder()),
            }
        else:
            what = f"--address {cluster.address}"
            options = {"address": cluster.address}
            auto = cluster.address == "auto"
            _answering(os.environ.get("RAY_ADDRESS", "auto") if auto else cluster.address)
        tries = 1 if cluster.address is not None else STARTS
        while True:
            tries -= 1
            try:
                ray.init(**options, job_config=_config(), logging_level="error")
                break
            except Exception as error:  # a cluster that is slow to start raises no more than Exception
                ray.shutdown()
                if tries and "timed out" in str(error):
                    continue
                token = "" if cluster.address is None else f"; {TOKEN}"
                raise UserError(f"{what}: {one_line(str(error))[:300]}{token}") from None
        stack.callback(ray.shutdown)
        yield


class _Known(list[str]):
    """Folders in which workers look for modules first: of those that Ray adds, the ones where this process looks too."""

    def extend(self, folders: Iterable[str]) -> None:
        ours = {str(Path(path).absolute()) for path in sys.path}
        super().extend(folder for folder in folders if folder in ours)


def _config() -> Any:
    """Return what Ray tells workers of this driver, without the current folder, whose `torch.py` they would run."""
    from ray.job_config import JobConfig

    config = JobConfig()
    config._py_driver_sys_path = _Known()
    return config


@contextlib.contextmanager
def _folder() -> Iterator[str]:
    """Yield a folder for the files of a cluster that is started here, so that it has none in common with others.

    Sockets lie in it, and their paths may have 107 bytes, of which Ray takes up to 77: schedulers' temporary folders are
    often too long.
    """
    named = os.environ.get("RAY_TMPDIR") or tempfile.gettempdir()
    short = named if len(os.fsencode(named)) <= LONGEST else "/tmp"
    folder = tempfile.mkdtemp(prefix="r", dir=short)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answering(address: str) -> None:
    """Raise UserError where nothing listens at HOST:PORT; Ray itself would wait for minutes."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host:
        raise UserError(
            f"--address {address}: allowed are auto and HOST:PORT, as `ray start --head` prints it"
        )
    try:
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise UserError(f"--address {address}: does not answer: {one_line(str(error))}") from None


def _gpus(ray: Any, cluster: Cluster, device: DeviceName) -> float:
    """Return the share of a GPU that each job takes; 0 on processors."""
    there = ray.cluster_resources().get("GPU", 0)
    if device == "cpu" or (device == "auto" and cluster.gpus is None and not there):
        if cluster.gpus is not None:
            raise UserError("--gpus-per-job: has no meaning with --device cpu")
        return 0.0
    if not there:
        raise UserError("the cluster has no GPU; use --device cpu")
    return cluster.gpus or 1.0
