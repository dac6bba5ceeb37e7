"""Cores that are ours, as schedulers and containers give them."""

import math
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ascentcheck.empirics.engines import Placement, local, run_locally
from ascentcheck.empirics.study.drain import Drained
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory import cores as module
from ascentcheck.theory.cores import _quota, _scheduled, cores

ONE = (
    "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); "
    "from ascentcheck.theory.cores import cores; print(cores())"
)


def test_nothing_counts_the_cores_of_the_machine():
    root = Path(__file__).parents[2]
    sources = (
        path
        for folder in ("theory", "empirics", "figures", "tools")
        for path in (root / folder).rglob("*.py")
    )
    counting = {
        p.relative_to(root).as_posix() for p in sources if "cpu_count" in p.read_text(encoding="utf-8")
    }
    assert counting == {"theory/cores.py"}


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_a_process_bound_to_one_core_has_one():
    assert subprocess.check_output([sys.executable, "-c", ONE], text=True) == "1\n"


def group(root, path, **files):
    folder = root / path
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text + "\n")


@pytest.mark.parametrize(
    ("own", "above", "least"),
    [
        ("max 100000", "max 100000", math.inf),
        ("150000 100000", "max 100000", 1.5),
        ("max 100000", "50000 100000", 0.5),
        ("400000 100000", "200000 100000", 2.0),
        ("nonsense", "max 100000", math.inf),
    ],
)
def test_quotas_of_the_second_version_hold_for_the_groups_below(tmp_path, own, above, least):
    (tmp_path / "cgroup").write_text("0::/slurm/job 7/step_0\n")
    group(tmp_path / "fs", "slurm/job 7", cpu__max=above)
    group(tmp_path / "fs", "slurm/job 7/step_0", cpu__max=own)
    assert _quota(tmp_path / "cgroup", tmp_path / "fs") == least


def test_a_container_sees_its_own_group_as_the_root(tmp_path):
    (tmp_path / "cgroup").write_text("0::/\n")
    group(tmp_path / "fs", ".", cpu__max="300000 100000")
    assert _quota(tmp_path / "cgroup", tmp_path / "fs") == 3.0


@pytest.mark.parametrize(("quota", "least"), [("-1", math.inf), ("250000", 2.5)])
def test_quotas_of_the_first_version(tmp_path, quota, least):
    (tmp_path / "cgroup").write_text("5:memory:/a\n4:cpu,cpuacct:/docker/a\n0::/\n")
    group(tmp_path / "fs/memory", "a", cpu__max="1 100000")
    group(tmp_path / "fs/cpu,cpuacct", "docker/a", cpu__cfs_quota_us=quota, cpu__cfs_period_us="100000")
    assert _quota(tmp_path / "cgroup", tmp_path / "fs") == least


def test_without_groups_there_is_no_quota(tmp_path):
    assert _quota(tmp_path / "none", tmp_path) == math.inf


@pytest.mark.parametrize(
    ("environment", "given"),
    [
        ({}, math.inf),
        ({"SLURM_CPUS_PER_TASK": "3", "SLURM_CPUS_ON_NODE": "64"}, 3),
        ({"SLURM_CPUS_ON_NODE": "8"}, 8),
        ({"NSLOTS": "4"}, 4),
        ({"SLURM_CPUS_PER_TASK": "", "NSLOTS": "0", "NCPUS": "x"}, math.inf),
    ],
)
def test_schedulers_say_how_many(environment, given):
    assert _scheduled(environment) == given


def test_the_least_counts_and_a_part_of_a_core_is_one(monkeypatch):
    monkeypatch.setattr(module, "_affinity", lambda: 8)
    monkeypatch.setattr(module, "_scheduled", lambda _: 6)
    for quota, wanted in ((math.inf, 6), (2.5, 3), (0.1, 1)):
        monkeypatch.setattr(module, "_quota", lambda *_, quota=quota: quota)
        assert cores() == wanted


def test_a_run_has_a_process_for_each_core_that_is_ours(small_study, tmp_path, monkeypatch):
    """This one and three helpers, which are not started here."""
    started, drained = [], Drained(computed=11)
    process = SimpleNamespace(poll=lambda: None, terminate=lambda: None, wait=lambda: 0)
    monkeypatch.setattr(local, "cores", lambda: 4)
    monkeypatch.setattr(
        local, "_helper", lambda *given: started.append(given) or local.Helper(process, None, tmp_path)
    )
    monkeypatch.setattr(local, "drain", lambda *_: drained)
    session = open_session(small_study, tmp_path / "store")
    assert run_locally(session, lambda *_: None, Placement(device="cpu")) is drained
    assert len(started) == 3
