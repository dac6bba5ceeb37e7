"""How many cores are ours: not those of the machine, but those that a scheduler or a container gives."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

SCHEDULERS = (
    "SLURM_CPUS_PER_TASK",
    "SLURM_CPUS_ON_NODE",
    "NSLOTS",
    "PBS_NUM_PPN",
    "NCPUS",
    "LSB_DJOB_NUMPROC",
)
"""What SLURM, Grid Engine, Torque, PBS and LSF say where they bind no process to its cores; the first that is set counts."""


def cores() -> int:
    """Return how many cores this process may use, at least 1: by its affinity, its control groups' quotas (a part of a
    core counts as one), and the scheduler's word.
    """
    given = _affinity(), _quota(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")), _scheduled(os.environ)
    return max(1, math.ceil(min(given)))


def _affinity() -> float:
    if hasattr(os, "process_cpu_count"):  # Python 3.13, where PYTHON_CPU_COUNT can set it
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _scheduled(environment: Mapping[str, str]) -> float:
    for name in SCHEDULERS:
        if (text := environment.get(name, "")).isascii() and text.isdecimal() and int(text) > 0:
            return int(text)
    return math.inf


def _quota(groups: Path, root: Path) -> float:
    """Return the least quota of the groups that `groups` lists and those above them, in cores; infinity without any."""
    found = [math.inf]
    with suppress(OSError, ValueError):
        for line in groups.read_text(encoding="utf-8").splitlines():
            _, controllers, place = line.split(":", 2)
            if controllers and "cpu" not in controllers.split(","):
                continue
            inner = PurePosixPath(place.lstrip("/"))
            found += [_share(root / controllers / above) for above in (inner, *inner.parents)]
    return min(found)


def _share(group: Path) -> float:
    """Return the quota of one group, of the second or the first version of control groups."""
    with suppress(OSError, ValueError):
        quota, period = (group / "cpu.max").read_text(encoding="utf-8").split()
        return int(quota) / int(period) if quota != "max" else math.inf
    with suppress(OSError, ValueError):
        quota, period = (
            (group / f"cpu.cfs_{name}_us").read_text(encoding="utf-8") for name in ("quota", "period")
        )
        return int(quota) / int(period) if int(quota) > 0 else math.inf
    return math.inf
