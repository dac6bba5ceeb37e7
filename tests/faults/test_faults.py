"""A sample of what disturbs a study, in a process of its own with one thread, which forks; all of it in the nightly run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import bench
from tests.faults.kinds import KINDS, SAMPLE
from tests.faults.warm import Ended

ROOT = Path(__file__).parents[2]
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
HANG = 7 * 3600 if NIGHTLY else 1800

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def python(tmp_path, *arguments):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop("PYTHONWARNINGS", None)
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG,
    )


@pytest.mark.parametrize("asked", KINDS if NIGHTLY else ["sample 1"])
def test_a_study_that_is_disturbed_gives_the_same_table_or_says_why_not(tmp_path, asked):
    """The sample has no Ray and no process begun anew: the tests of the engines kill these."""
    told = python(tmp_path, "tests.faults", *asked.split())
    assert told.returncode == 0, told.stdout + told.stderr
    lines = told.stdout.splitlines()
    assert len(lines) == (len(SAMPLE) if asked == "sample 1" else 1), told.stdout
    assert all(" 0 failures" in line or "left out" in line for line in lines)


@pytest.mark.parametrize(
    ("status", "err", "plain"),
    [
        (2, "empirics: store s: cannot be written: No space left on device\n", True),
        (2, "empirics: one\nand more\n", False),
        (2, "", False),
        (2, "s: cannot be written\n", False),
        (1, "  ga random learning_rate=0.01: MemoryError:  (failed 1 times)\n", True),
        (1, "Traceback (most recent call last):\n  ga x: y (failed 1 times)\nMemoryError\n", False),
        (1, "ga: failed\n", False),
        (0, "empirics: done\n", False),
        (-11, "empirics: x\n", False),
        (130, "faults: stopped with 1 of 7 jobs done\n", False),
    ],
)
def test_what_counts_as_a_plain_message(status, err, plain):
    assert bench.told(Ended(status, "", err)) is plain


if NIGHTLY:

    def test_faults_that_are_planted_are_seen(tmp_path):
        told = python(tmp_path, "tests.faults.planted")
        assert told.returncode == 0, told.stdout + told.stderr
