"""Processes that drain one store: side by side, killed, interrupted, and told which GPU is theirs."""

import errno
import math
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from ascentcheck.empirics.device import described, find_device
from ascentcheck.empirics.engines import Placement, local, run_locally
from ascentcheck.empirics.engines.local import Helper, gpu_of, helped
from ascentcheck.empirics.study.drain import Drained, drain, workshop
from ascentcheck.empirics.study.plan import estimate
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory.console import UserError
from tests.small_study import study_text


def done(store):
    return list((Path(store) / "jobs").glob("*/record.json"))


def held(session):
    return [session.store.holder(job.digest) for job in session.plan if session.store.running(job.digest)]


def test_processes_killed_and_processes_side_by_side_give_the_same_results(
    start, until, ended, small_study, tmp_path, contents, expected, assert_equal_contents
):
    """A run killed on its way; then two runs at once, one of them with a helper; all as if by one process."""
    store = tmp_path / "shared"
    first = start(small_study, store, "--workers", 1)
    until(lambda: len(done(store)) >= 3 or first.poll() is not None)
    first.send_signal(signal.SIGKILL)
    first.wait()
    for process in [start(small_study, store, "--workers", workers) for workers in (2, 1)]:
        out, err = ended(process)
        assert (process.returncode, err) == (0, "")
        assert "0 failed" in out
    assert_equal_contents(expected, contents(open_session(small_study, store)))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_all_and_says_how_to_go_on(start, until, ended, slow_study, tmp_path, how):
    session = open_session(slow_study, tmp_path / "store")
    run = start(slow_study, tmp_path / "store", "--workers", 2)
    until(lambda: held(session), run)
    run.send_signal(how)
    out, err = ended(run)
    assert (run.returncode, out) == (130, "")
    assert (
        err
        == f"small: stopped with 0 of 11 jobs done, which are kept in {tmp_path / 'store'}; the same command goes on\n"
    )
    assert not held(session)


def test_a_helper_ends_with_the_process_that_started_it(start, until, slow_study, tmp_path):
    """Its parent is killed while both work; the helper must not go on alone."""
    parent = start(slow_study, tmp_path / "store", "--workers", 2)
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    if not children.exists():
        pytest.skip("the children of a process are listed on Linux only")
    locks = tmp_path / "store" / "locks"
    (helper,) = until(lambda: locks.exists() and any(locks.iterdir()) and children.read_text().split())
    parent.kill()
    until(lambda: not Path(f"/proc/{helper}").exists())


def test_progress_ends_at_all_that_was_planned(small_study, tmp_path):
    shares = []
    session = open_session(small_study, tmp_path / "store")
    drained = run_locally(
        session, lambda what, share: shares.append(share), Placement(workers=1, device="cpu")
    )
    assert drained.computed == 11
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_helpers_are_at_work_until_the_block_ends(small_study, tmp_path, monkeypatch):
    told = []
    process = SimpleNamespace(
        poll=lambda: None, terminate=lambda: told.append("stopped"), wait=lambda: told.append("waited for")
    )
    monkeypatch.setattr(
        local, "_helper", lambda *_: told.append("started") or Helper(process, None, tmp_path)
    )
    session = open_session(small_study, tmp_path / "store")
    with helped(session, Placement(workers=2, device="cpu")) as crew:
        assert told == ["started"]
        assert len(crew.helpers) == 1
    assert told == ["started", "stopped", "waited for"]


def test_members_at_once_are_those_asked_for(small_study, tmp_path):
    session = open_session(small_study, tmp_path / "store")
    run_locally(session, lambda what, share: None, Placement(workers=1, at_once=2))
    (pretrained, *_) = session.plan
    assert session.store.get(pretrained.digest).record["members_at_once"] == 2


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended by signal 9; the others"),
        ("raise MemoryError('no room')", "ended with status 1: MemoryError: no room; the others"),
        (
            "import sys; print('x: no', file=sys.stderr); sys.exit(2)",
            "ended with status 2: x: no; the others",
        ),
        (
            "import runpy; runpy.run_module('nowhere')",
            "ended with status 1: ImportError: No module named nowhere; the others",
        ),
        (
            "import sys; print('python: No module named x', file=sys.stderr); sys.exit(1)",
            "ended with status 1: python: No module named x; the others",
        ),
        (f"import sys; print('  ga: diverged', file=sys.stderr); sys.exit({local.JOBS_FAILED})", None),
        ("import sys; sys.exit(130)", None),
        ("pass", None),
    ],
)
def test_a_helper_that_is_lost_is_told_once(tmp_path, capsys, script, told):
    helper = local._helper([sys.executable, "-c", script], {"CUDA_VISIBLE_DEVICES": "7"}, tmp_path / "log")
    helper.process.wait()
    for _ in range(2):
        local.tell_of_lost([helper])
    assert capsys.readouterr().err == (f"a worker on GPU 7 {told} go on\n" if told else "")


def test_a_helper_that_has_drained_with_failures_says_so_by_a_status_of_its_own(monkeypatch):
    """Python itself ends with 1 for much else: what it cannot find, import or read."""
    assert local.status(Drained(computed=3)) == 0
    assert local.status(Drained(failed=1)) == 1
    monkeypatch.setenv(local.PARENT, "1")
    assert local.status(Drained(failed=1)) == local.JOBS_FAILED
    assert local.status(Drained(blocked=0, present=1)) == 0


@pytest.fixture
def helpers_of(monkeypatch):
    """Return a function that returns the command by which a session's helper is started."""

    def commands(session):
        started = []
        process = SimpleNamespace(poll=lambda: None, terminate=lambda: None, wait=lambda: None)
        with monkeypatch.context() as patch:
            patch.setattr(
                local, "_helper", lambda *given: started.append(given) or Helper(process, None, given[2])
            )
            with helped(session, Placement(workers=2, device="cpu")):
                return started[0][0]

    return commands


def test_a_helper_looks_for_modules_where_this_process_does_and_nowhere_else(
    helpers_of, tmp_path, monkeypatch
):
    """Its method lies where this process alone was told to look; in the current folder lies what nobody asked for."""
    mine, here = tmp_path / "mine", tmp_path / "here"
    mine.mkdir()
    here.mkdir()
    (mine / "of_a_helper.py").write_text(
        "from ascentcheck.empirics.methods.do_nothing import DoNothingConfig\nfrom typing import Literal\n"
        "class Mine(DoNothingConfig):\n    kind: Literal['mine'] = 'mine'\n"
    )
    for name in ("numpy", "torch", "runpy", "click"):
        (here / f"{name}.py").write_text("raise SystemExit('what lies in the current folder was run')")
    (here / "study.toml").write_text(study_text("[[method]]\nkind = 'of_a_helper:Mine'\nepochs = [1]\n"))
    monkeypatch.syspath_prepend(str(mine))
    session = open_session(here / "study.toml", tmp_path / "store")
    monkeypatch.chdir(here)
    monkeypatch.setenv("PYTHONPATH", "")
    done = subprocess.run(helpers_of(session), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not session.missing()


def test_a_helper_finds_the_package_where_this_process_was_shown_it_by_other_means():
    assert f"'stdlib', {str(local.ROOT)!a}]" in local._entry(["stdlib"])
    assert local._entry([str(local.ROOT)]).count(repr(str(local.ROOT))) == 1


def test_a_lost_helper_whose_words_are_gone_is_told_all_the_same(tmp_path, capsys):
    """Temporary folders are tidied while runs last for days."""
    helper = local._helper([sys.executable, "-c", "raise SystemExit('why')"], {}, tmp_path / "log")
    helper.process.wait()
    (tmp_path / "log").unlink()
    local.tell_of_lost([helper])
    assert capsys.readouterr().err == "a worker ended with status 1; the others go on\n"


def test_helpers_are_stopped_where_another_cannot_be_started(small_study, tmp_path, monkeypatch):
    told = []
    process = SimpleNamespace(
        poll=lambda: None, terminate=lambda: told.append("stopped"), wait=lambda: told.append("waited for")
    )

    def first_alone(command, gpu, log):
        if told:
            raise OSError(errno.EMFILE, "Too many open files")
        told.append("started")
        return Helper(process, None, log)

    monkeypatch.setattr(local, "_helper", first_alone)
    session = open_session(small_study, tmp_path / "store")
    with pytest.raises(OSError, match="Too many"), helped(session, Placement(workers=3, device="cpu")):
        pass
    assert told == ["started", "stopped", "waited for"]


@pytest.mark.parametrize(
    ("worker", "n_gpus", "environment", "expected"),
    [
        (1, 0, {}, {}),
        (0, 2, {}, {"CUDA_VISIBLE_DEVICES": "0"}),
        (3, 2, {}, {"CUDA_VISIBLE_DEVICES": "1"}),
        (1, 2, {"CUDA_VISIBLE_DEVICES": "5,7"}, {"CUDA_VISIBLE_DEVICES": "7"}),
        (2, 2, {"CUDA_VISIBLE_DEVICES": "GPU-a,GPU-b"}, {"CUDA_VISIBLE_DEVICES": "GPU-a"}),
    ],
)
def test_workers_take_gpus_in_turn(worker, n_gpus, environment, expected):
    assert gpu_of(worker, n_gpus, environment) == expected


def test_a_device_that_is_not_there(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert find_device("auto") == find_device("cpu") == torch.device("cpu")
    with pytest.raises(UserError, match="--device cuda: PyTorch sees no GPU"):
        find_device("cuda")


def test_a_device_that_is_there(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert find_device("auto") == find_device("cuda") == torch.device("cuda")
    assert find_device("cpu") == torch.device("cpu")


def test_a_record_names_the_card(monkeypatch):
    assert described(torch.device("cpu")) == "cpu"
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "A card")
    monkeypatch.setattr(torch.backends.cudnn, "version", lambda: 91000)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    assert described(torch.device("cuda")) == "cuda (A card, CUDA 13.0, cuDNN 91000)"


def test_what_others_commit_is_counted_now_and_then(small_study, tmp_path, monkeypatch):
    session = open_session(small_study, tmp_path / "store")
    mine, theirs, later = session.plan[0], *[job for job in session.plan if job.kind == "oracle"]
    seen = []
    monkeypatch.setattr(local, "LOOK", math.inf)
    report = local._report(session, lambda what, share: seen.append((what, share)))
    report(mine, 0.5)
    drain(workshop(session.study, session.dataset, session.store), [mine, theirs])
    report(mine, 0.5)
    assert seen[0] == seen[1]  # not yet time for another look
    monkeypatch.setattr(local, "LOOK", 0.0)
    report(mine, 1.0)
    work = {job: estimate(session.study, session.dataset, [job]).passes for job in session.plan}
    assert seen[2] == (mine.label, pytest.approx((work[mine] + work[theirs]) / sum(work.values())))
    report(later, 0.25)
    assert seen[3][1] - seen[2][1] == pytest.approx(0.25 * work[later] / sum(work.values()))
