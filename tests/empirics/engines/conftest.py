"""What the tests of engines share: the command `run` as a process of its own, and the results of one process."""

import subprocess
import sys
import time

import pytest

from ascentcheck.empirics.study.drain import drain, workshop
from ascentcheck.empirics.study.session import open_session


@pytest.fixture
def start():
    """Return a function that starts `python -m ascentcheck.empirics run` on the processor, whose results are compared bit by bit;
    what is left of it at the end is killed.
    """
    started = []

    def run(study, store, *more):
        command = [sys.executable, "-m", "ascentcheck.empirics", "run", str(study), "--store", str(store)]
        command += ["--device", "cpu"]
        process = subprocess.Popen(
            [*command, *map(str, more)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def expected(small_study, tmp_path_factory, contents):
    """What one process makes of the small study."""
    session = open_session(small_study, tmp_path_factory.mktemp("expected") / "store")
    drain(workshop(session.study, session.dataset, session.store), session.plan)
    return contents(session)


@pytest.fixture(scope="session")
def study_of(small_study, tmp_path_factory):
    """Return a function that writes the small study with more epochs of pretraining."""

    def write(epochs):
        path = tmp_path_factory.mktemp("longer") / "study.toml"
        longer = f"epochs = {epochs}, peak_epoch = 1"
        path.write_text(small_study.read_text().replace("epochs = 2, peak_epoch = 1", longer))
        return path

    return write


@pytest.fixture(scope="session")
def slow_study(study_of):
    """The file of a study whose first job takes minutes."""
    return study_of(50_000)


@pytest.fixture(scope="session")
def until():
    """Return a function that waits for a condition and returns what it gave; a process that ends before is a failure."""

    def wait(condition, process=None, seconds=60):
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert process is None or process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)
        return found

    return wait
