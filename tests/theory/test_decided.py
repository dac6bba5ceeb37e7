"""Claims are shared between processes, neighbours together, and come back in order; errors come where they stand."""

import subprocess
import sys

import pytest

SCRIPT = """
import os, sys, time
from ascentcheck.theory import decided

{processors}
main = os.getpid()

def decide(name):
    {deed}
    return name, os.getpid()

found = []
try:
    for one in decided.on_all_processors(decide, list("abcdefgh")):
        found.append(one)
except Exception as error:
    print(type(error).__name__, error, end=" ")
print("".join(name for name, _ in found), len({{pid for _, pid in found}} - {{os.getpid()}}))
"""
NO_MEMORY = """
import _multiprocessing
decided.cores = lambda: 2
class Full:
    SEM_VALUE_MAX = 1
    def __init__(self, *given):
        raise OSError(30, "Read-only file system")
_multiprocessing.SemLock = Full
"""
CASES = {
    "all of them": (2, "time.sleep(0.05)", "abcdefgh 2"),
    "an odd number of processes": (3, "time.sleep(0.05)", "abcdefgh 3"),
    "the last comes first": (2, "time.sleep(0.2 * (name == 'a'))", "abcdefgh 2"),
    "one processor": (1, "pass", "abcdefgh 0"),
    "an error": (2, "assert name != 'e', 'e is wrong'", "AssertionError e is wrong abcd"),
    "a system without shared memory": (NO_MEMORY, "pass", "abcdefgh 0"),
    "bound to one core": ("os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])", "pass", "abcdefgh 0"),
}


@pytest.mark.parametrize(("processors", "deed", "said"), CASES.values(), ids=CASES)
def test_what_is_shared_comes_back(processors, deed, said):
    done = run(processors, deed)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(said)


def test_what_a_process_that_dies_leaves_is_decided_here():
    done = run(2, "name == 'c' and os.getpid() != main and os.kill(os.getpid(), 9)")
    assert (done.returncode, done.stdout.split()[0]) == (0, "abcdefgh")
    assert done.stderr == "theory: one of the processes was ended; this one decides the rest\n"


def run(processors, deed):
    if isinstance(processors, int):
        processors = f"decided.cores = lambda: {processors}"
    script = SCRIPT.format(processors=processors, deed=deed)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
