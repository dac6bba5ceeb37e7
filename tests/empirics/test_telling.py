"""What is told while work goes on: a stream that fails, was closed or is lost is no error of the work."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ascentcheck.empirics import progress
from ascentcheck.empirics.progress import shown
from ascentcheck.empirics.telling import tell
from tests.small_study import study_text

RUN = """
import sys
from ascentcheck.empirics import progress
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.study import drain
from ascentcheck.theory import console
progress.SILENCE = 0.0
if sys.argv.pop() == "fails":
    drain.compute = None
console.run(empirics, "empirics")
"""


class Failing(io.StringIO):
    """A stream that fails from the second thing on."""

    def __init__(self, number, terminal=False):
        super().__init__()
        self.number, self.terminal, self.tried = number, terminal, 0

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.tried += 1
        if self.tried > 1:
            raise OSError(self.number, os.strerror(self.number))
        return super().write(text)


@pytest.mark.parametrize("terminal", [False, True], ids=["lines", "bar"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE, errno.EIO], ids=errno.errorcode.get)
def test_progress_that_cannot_be_shown_is_not_and_raises_nothing(monkeypatch, number, terminal):
    stream = Failing(number, terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "SILENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    with shown("work") as show:
        for share in (0.0, 0.25, 0.5, 0.75):
            show("a part", share)
        tell("something beside")
    assert stream.tried > 1


def test_progress_where_standard_error_was_closed(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(progress, "SILENCE", 0.0)
    with shown("work") as show:
        show("a part", 0.5)
        show("a part", 0.6)


@pytest.fixture
def nobody():
    """A pipe whose reader has ended."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        yield pipe


@pytest.fixture
def status(tmp_path):
    """Return a function that runs a study of three jobs that tells all its progress, and returns its exit status."""

    def ran(how="works", **streams):
        path = tmp_path / "study.toml"
        path.write_text(study_text())
        words = ["run", str(path), "--store", str(tmp_path / "store"), "--workers", "1", "--device", "cpu"]
        return subprocess.run([sys.executable, "-c", RUN, *words, how], check=False, **streams).returncode

    return ran


def finished(folder):
    return len(list((folder / "store" / "jobs").glob("*/record.json")))


def test_a_run_goes_on_where_its_reader_has_ended(status, nobody, tmp_path):
    assert status(stdout=nobody, stderr=nobody) == 0
    assert finished(tmp_path) == 3


def test_the_status_tells_of_failed_jobs_where_its_reader_has_ended(status, nobody, tmp_path):
    assert status("fails", stdout=nobody, stderr=nobody) == 1
    assert finished(tmp_path) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_run_goes_on_where_the_disk_of_its_log_is_full(status, tmp_path):
    with Path("/dev/full").open("wb") as full:
        assert status(stdout=full, stderr=full) == 0
    assert finished(tmp_path) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are closed by number")
def test_a_run_goes_on_where_standard_error_was_closed(status, tmp_path):
    assert status(preexec_fn=lambda: os.close(2), stdout=subprocess.DEVNULL) == 0
    assert finished(tmp_path) == 3
