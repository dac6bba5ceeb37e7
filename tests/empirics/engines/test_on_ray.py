"""Ray's workers on one machine: the same results as one process, whoever is killed."""

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from ascentcheck.empirics.engines import Cluster, Placement, on_ray, run_on_ray
from ascentcheck.empirics.study.drain import drain, workshop
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory.console import UserError

pytest.importorskip("ray")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are killed by number")


def holders(session):
    found = [session.store.holder(job.digest) for job in session.plan]
    return [process for _, process in filter(None, found)]


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def longer_study(study_of):
    """The file of a study whose first job takes seconds: long enough to be killed in."""
    return study_of(60)


@pytest.fixture(scope="module")
def of_one_process(longer_study, tmp_path_factory, contents):
    """What one process makes of the longer study."""
    session = open_session(longer_study, tmp_path_factory.mktemp("one") / "store")
    drain(workshop(session.study, session.dataset, session.store), session.plan)
    return contents(session)


@pytest.mark.usefixtures("ray_starts")
def test_a_worker_killed_in_mid_job_changes_nothing_whatever_the_environment_names(
    start, until, ended, longer_study, tmp_path, contents, of_one_process, assert_equal_contents, monkeypatch
):
    """A cluster that is gone, and a scheduler's temporary folder, whose path is too long for sockets."""
    folder = tmp_path / ("job_" * 20)
    folder.mkdir()
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:9")
    monkeypatch.setenv("TMPDIR", str(folder))
    session = open_session(longer_study, tmp_path / "store")
    run = start(longer_study, tmp_path / "store", "--engine", "ray", "--workers", 2)
    (victim,) = until(lambda: holders(session), run)
    os.kill(victim, signal.SIGKILL)
    out, err = ended(run)
    assert run.returncode == 0, err
    assert "11 jobs computed here" in out
    assert not alive(victim)
    assert_equal_contents(of_one_process, contents(session))


@pytest.mark.usefixtures("ray_starts")
def test_a_driver_that_dies_takes_its_workers_along_and_the_next_goes_on(
    start, until, ended, longer_study, tmp_path, contents, of_one_process, assert_equal_contents
):
    session = open_session(longer_study, tmp_path / "store")
    first = start(longer_study, tmp_path / "store", "--engine", "ray", "--workers", 2)
    until(lambda: session.store.committed(session.plan[0].digest) and holders(session), first)
    first.kill()
    until(lambda: not holders(session))
    kept = sum(session.store.get(job.digest) is not None for job in session.plan)
    assert 1 <= kept < 11
    second = start(longer_study, tmp_path / "store", "--engine", "ray", "--workers", 1)
    out, err = ended(second)
    assert second.returncode == 0, err
    assert f"{11 - kept} jobs computed here, {kept} by others" in out
    assert_equal_contents(of_one_process, contents(session))


@pytest.mark.usefixtures("ray_starts")
def test_an_interrupt_stops_the_workers_and_says_how_to_go_on(start, until, ended, slow_study, tmp_path):
    session = open_session(slow_study, tmp_path / "store")
    run = start(slow_study, tmp_path / "store", "--engine", "ray", "--workers", 1)
    (worker,) = until(lambda: holders(session), run)
    run.send_signal(signal.SIGINT)
    out, err = ended(run)
    assert (run.returncode, out) == (130, "")
    assert err.endswith("the same command goes on\n")
    until(lambda: not alive(worker))


class Slow:
    """Ray, of which no cluster comes up within Ray's own limit the first few times."""

    class exceptions:  # noqa: N801 - Ray's name
        pass

    def __init__(self, failing, why="The current node timed out during startup"):
        self.left, self.why, self.tried, self.stopped = failing, why, [], 0

    def init(self, **options):
        self.tried.append(options)
        self.left -= 1
        if self.left >= 0:
            raise Exception(self.why)

    def shutdown(self):
        self.stopped += 1


def test_a_cluster_that_is_slow_to_start_is_started_again():
    ray = Slow(2)
    with on_ray._connected(ray, Cluster(), Placement(workers=3)):
        assert ray.stopped == 2
    assert ray.stopped == 3
    assert [(one["address"], one["num_cpus"]) for one in ray.tried] == 3 * [("local", 3)]
    assert not Path(ray.tried[0]["_temp_dir"]).exists()


@pytest.mark.parametrize(
    ("failing", "why", "tries"), [(99, "The current node timed out", on_ray.STARTS), (1, "no\nmemory", 1)]
)
def test_a_cluster_that_does_not_start_is_one_plain_line(failing, why, tries):
    ray = Slow(failing, why)
    with pytest.raises(UserError) as refused, on_ray._connected(ray, Cluster(), Placement(workers=1)):
        pass
    assert str(refused.value) == f"--engine ray: no cluster can be started here: {' '.join(why.split())}"
    assert len(ray.tried) == tries


def test_workers_look_for_modules_first_where_this_process_does(tmp_path, monkeypatch):
    """Ray would add the current folder, in which any `torch.py` would be run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["/ours", *sys.path])
    for shown, expected in (([], ["/ours"]), ([""], ["/ours", str(tmp_path)])):
        monkeypatch.setattr(sys, "path", [*shown, *sys.path])
        config = on_ray._config()
        config._py_driver_sys_path.extend(["/ours", str(tmp_path)])
        assert list(config._get_proto_job_config().py_driver_sys_path) == expected


def test_an_address_from_the_environment_must_answer_too(session, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:9")
    assert "--address 127.0.0.1:9: does not answer" in refusal(session, "auto")


def test_a_temporary_folder_is_short_enough_for_sockets(tmp_path, monkeypatch):
    for name in ("x", "long" * 30):
        monkeypatch.setenv("RAY_TMPDIR", str(tmp_path / name))
        (tmp_path / name).mkdir()
        with on_ray._folder() as folder:
            assert (
                len(folder) + len("/session_2000-01-01_00-00-00_000000_4194304/sockets/plasma_store") <= 107
            )
            assert Path(folder).is_dir()
        assert not Path(folder).exists()


def refusal(session, address=None):
    with pytest.raises(UserError) as refused:
        run_on_ray(session, lambda what, share: None, Placement(workers=1), Cluster(address))
    return str(refused.value)


@pytest.fixture
def session(small_study, tmp_path):
    return open_session(small_study, tmp_path / "store")


def test_an_address_must_have_a_port_and_answer(session):
    assert "allowed are auto and HOST:PORT" in refusal(session, "ray://head:10001")
    assert "allowed are auto and HOST:PORT" in refusal(session, "head")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert f"127.0.0.1:{port}: does not answer" in refusal(session, f"127.0.0.1:{port}")


def test_without_ray_it_says_what_to_install(session, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert refusal(session) == '--engine ray needs the package ray: pip install "ascentcheck[cluster]"'


def test_a_job_whose_worker_always_dies_is_a_failure(session):
    import ray

    class Dying:
        exceptions = ray.exceptions

        def get(self, _):
            raise ray.exceptions.WorkerCrashedError

    job = session.plan[0]
    assert on_ray._outcome(Dying(), None, job, session, blocked=False) == on_ray.Done("failed")
    assert session.store.failure(job.digest).startswith("its worker died 4 times: WorkerCrashedError")


class FakeRay:
    """A cluster that has so many GPUs."""

    def __init__(self, gpus):
        self.gpus = gpus

    def cluster_resources(self):
        return {"CPU": 4.0, "GPU": self.gpus} if self.gpus else {"CPU": 4.0}


@pytest.mark.parametrize(
    ("there", "device", "asked", "share"),
    [
        (0, "auto", None, 0),
        (0, "cpu", None, 0),
        (2, "cpu", None, 0),
        (2, "auto", None, 1),
        (2, "cuda", 0.25, 0.25),
    ],
)
def test_the_share_of_a_gpu(there, device, asked, share):
    assert on_ray._gpus(FakeRay(there), Cluster(gpus=asked), device) == share


@pytest.mark.parametrize(("device", "asked"), [("cuda", None), ("auto", 0.5)])
def test_gpus_that_are_not_there(device, asked):
    with pytest.raises(UserError, match="the cluster has no GPU; use --device cpu"):
        on_ray._gpus(FakeRay(0), Cluster(gpus=asked), device)


def test_a_share_of_a_gpu_on_processors():
    with pytest.raises(UserError, match="--gpus-per-job: has no meaning with --device cpu"):
        on_ray._gpus(FakeRay(1), Cluster(gpus=0.5), "cpu")


def test_a_node_without_the_shared_disk(tmp_path):
    place = on_ray.Place(str(tmp_path / "absent"), "study.toml", "store", "cpu", None)
    with pytest.raises(UserError, match="must be on a disk that all nodes share"):
        on_ray.work(place, "0" * 64, 0)


def test_a_job_of_another_study_is_refused(small_study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = on_ray.Place(str(tmp_path), str(small_study), str(tmp_path / "store"), "cpu", None)
    with pytest.raises(UserError, match="differ from the driver's"):
        on_ray.work(place, "0" * 64, 0)


def test_a_job_that_needs_a_failed_one_is_blocked(tmp_path):
    place = on_ray.Place(str(tmp_path / "absent"), "study.toml", "store", "cpu", None)
    for outcome in ("failed", "blocked"):
        assert on_ray.work(place, "0" * 64, 0, on_ray.Done("computed"), on_ray.Done(outcome)) == on_ray.Done(
            "blocked"
        )
